"""How often does the range that is said hold the children that there are, how wide is it, and does it know a fall?

Lists are put together as they truly are: who stands on which list is known, and only lists that were sent are used. So
what is judged is the estimate, not the linkage. Beside the range stand the limits of each single method: a wide range
is no merit, so the median width is printed beside the share that holds.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from statistics import median

from assay.indicators.catalogue.scale.hidden.hidden_changes import changes
from assay.indicators.catalogue.scale.hidden.hidden_range import BENT, Said, said
from assay.indicators.catalogue.scale.hidden.list_overlap import COUNTS, Lists, years_of
from assay.reference import Request, list_dependences, read_request
from assay.synthetic.simulation.trial_summaries import Share
from assay.synthetic.simulation.trial_tables import markdown

COLUMNS = {
    "on_police_crimes": "police_crimes",
    "on_local_authority": "local_authority",
    "on_health": "health",
    "on_nrm": "referral_mechanism",
    "on_voluntary": "voluntary",
    "on_education": "education",
}
SENT_ALWAYS = "police_crimes"
PROMISED = 0.93
SURE = 0.9
BINS = ((0.0, 0.1), (0.1, 0.4), (0.4, 0.6), (0.6, 0.9), (0.9, 1.0))
Feeds = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Judged:
    """One place and year: the true number, the range (None: nothing was estimated), the limits of each method, and how
    many stand on a list (`seen`)."""

    place: str
    year: int
    truth: int
    low: float | None
    high: float | None
    refusal: str
    declared_right: bool
    methods: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    seen: int = 0


@dataclass(frozen=True)
class Told:
    """What was said of two years: the probability that there are fewer, and whether there are; None where there are as
    many."""

    probability_fewer: float
    fewer: bool | None


@dataclass(frozen=True)
class World:
    """One country: every place and year, and every change."""

    name: str
    judged: tuple[Judged, ...]
    told: tuple[Told, ...]


def try_hidden(name: str, folder: Path, feeds: Feeds) -> World:
    """Judge a country that was invented into `folder`; `feeds`: which list truly feeds which, by log-odds."""
    request = read_request(folder / "request.toml")
    truth = {
        (r["force_code"], int(r["year"])): int(r["children"]) for r in _rows(folder / "truth" / "hidden_totals.csv")
    }
    found = [said(one) for one in _lists(folder, request)]
    judged = tuple(_judged(one, truth[one.lists.place, one.lists.year or 0], feeds) for one in found)
    told = tuple(
        Told(
            one.probability_fewer,
            fewer_than_before(truth[one.place, one.earlier.year or 0], truth[one.place, one.later.year or 0]),
        )
        for one in changes(found)
        if one.probability_fewer is not None
    )
    return World(name, judged, told)


def fewer_than_before(earlier: int, later: int) -> bool | None:
    """Whether there are fewer; None where there are as many."""
    return None if earlier == later else later < earlier


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _lists(folder: Path, request: Request) -> list[Lists]:
    by_year: dict[tuple[str, int], list[dict[str, str]]] = defaultdict(list)
    for row in _rows(folder / "truth" / "hidden.csv"):
        by_year[row["force_code"], int(row["year"])].append(row)
    years = years_of(request)
    made = []
    for (place, year), rows in sorted(by_year.items()):
        sent = folder / "returns" / place / "agencies.csv"
        there = {row["list_kind"] for row in _rows(sent)} if sent.is_file() else set()
        used = {column: key for column, key in COLUMNS.items() if key == SENT_ALWAYS or key in there}
        patterns = Counter(frozenset(key for column, key in used.items() if row[column] == "yes") for row in rows)
        del patterns[frozenset()]
        kinds = {key: key for key in used.values()}
        made.append(Lists(place, years[year - 1], year, COUNTS, "", "CSE_2017", kinds, patterns))
    return made


def _judged(one: Said, truth: int, feeds: Feeds) -> Judged:
    limits: dict[str, tuple[float, float]] = {}
    for told in one.methods:
        if told.low is not None and told.high is not None:
            limits[_plain(told.method)] = (told.low, told.high)
    right = declared_right(one.lists.lists, feeds)
    seen = sum(one.lists.patterns.values())
    return Judged(one.lists.place, one.lists.year or 0, truth, one.low, one.high, one.refusal, right, limits, seen)


def _plain(method: str) -> str:
    """A method by its name, without how many models it went through."""
    return "averaged by BIC" if method.startswith("averaged over") else method


def declared_right(lists: Iterable[str], feeds: Feeds) -> bool:
    """Whether every dependence that was declared among these lists has the sign that it truly has; a pair of which
    nothing was declared, or that it is not known, is not wrong."""
    true = {(giver, taker): odds for giver, takers in feeds.items() for taker, odds in takers.items()}
    for pair in list_dependences().among(set(lists)):
        odds = true.get((pair.first, pair.second), 0.0) or true.get((pair.second, pair.first), 0.0)
        if pair.sign in ("positive", "negative") and (odds > 0) != (pair.sign == "positive"):
            return False
    return True


def tables(worlds: Sequence[World]) -> str:
    """Everything that was measured, as printed."""
    every = [one for world in worlds for one in world.judged]
    right = [one for one in every if one.declared_right and one.low is not None]
    kept = Share(sum(map(held, right)), len(right))
    verdict = "kept" if kept.share is not None and kept.share >= PROMISED else "not kept"
    lines = [
        "# How well the range of hidden children holds",
        "",
        "Shares are given as: percent (95% interval left by the number of trials; number of trials). Width is that of "
        "the range over the true number of children.",
        "",
        f"The range holds the truth in at least 93 of 100 where dependence was declared with the right sign: "
        f"{verdict}, {kept.in_words()}.",
        "",
        "## By world",
        "",
        *markdown(("world", "signs right", "estimated", "held", "median width"), _by_world(worlds)),
        "",
        "## Beside each method alone",
        "",
        *markdown(("method", "estimated", "held", "median width"), _by_method(every)),
        "",
        "## How far each method lies off, where lists lean on one another and where they do not",
        "",
        f"Of the hidden alone: the geometric middle of a method's limits less those on a list, over the true number of "
        f"hidden; the median over places and years. The range allows for {1 / BENT:g} to {BENT:g} times what they say.",
        "",
        *markdown(("world", *(names := _methods(every))), [_off(name, worlds, names) for name in _names(worlds)]),
        "",
        "## Why nothing was estimated",
        "",
        *markdown(("reason", "places and years"), _refusals(every)),
        "",
        "## Fewer than before: what was said, and what is so",
        "",
        *markdown(("said probability of fewer", "mean said", "there are fewer"), _calibrated(worlds)),
        "",
        _where_as_many(worlds),
    ]
    return "\n".join(lines) + "\n"


def held(one: Judged) -> bool:
    """Whether the range holds the truth."""
    return one.low is not None and one.high is not None and one.low <= one.truth <= one.high


def _of(world: World, right: bool) -> list[Judged]:
    return [one for one in world.judged if one.declared_right is right]


def _row(world: World, right: bool) -> tuple[str, ...]:
    mine = _of(world, right)
    said_of = [one for one in mine if one.low is not None and one.high is not None]
    width = (
        f"{median((float(one.high or 0) - float(one.low or 0)) / one.truth for one in said_of):.2f}"
        if said_of
        else "none"
    )
    estimated = f"{len(said_of)} of {len(mine)}"
    return (
        world.name,
        "yes" if right else "no",
        estimated,
        Share(sum(map(held, said_of)), len(said_of)).in_words(),
        width,
    )


def _by_method(every: Sequence[Judged]) -> list[tuple[str, ...]]:
    said_of = [one for one in every if one.low is not None and one.high is not None]
    limits: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    for one in said_of:
        limits["the range that is said"].append((float(one.low or 0), float(one.high or 0), one.truth))
        for method, (low, high) in one.methods.items():
            limits[method].append((low, high, one.truth))
    return [
        (
            method,
            str(len(mine)),
            Share(sum(low <= truth <= high for low, high, truth in mine), len(mine)).in_words(),
            f"{median((high - low) / truth for low, high, truth in mine):.2f}",
        )
        for method, mine in limits.items()
    ]


def _by_world(worlds: Sequence[World]) -> list[tuple[str, ...]]:
    return [_row(world, right) for world in worlds for right in (True, False) if _of(world, right)]


def _names(worlds: Sequence[World]) -> list[str]:
    return list(dict.fromkeys(world.name for world in worlds))


def _methods(every: Sequence[Judged]) -> list[str]:
    """Those that were asked of all lists."""
    return [one for one in dict.fromkeys(name for one in every for name in one.methods) if "," not in one]


def _off(name: str, worlds: Sequence[World], methods: Sequence[str]) -> tuple[str, ...]:
    mine = [one for world in worlds if world.name == name for one in world.judged]
    told = (
        [
            (sqrt(limits[0] * limits[1]) - one.seen) / (one.truth - one.seen)
            for one in mine
            if (limits := one.methods.get(method)) and one.truth > one.seen
        ]
        for method in methods
    )
    return (name, *(f"{median(held):.2f}" if held else "none" for held in told))


def _refusals(every: Sequence[Judged]) -> list[tuple[str, ...]]:
    counts = Counter(one.refusal for one in every if one.refusal)
    return [(why, str(number)) for why, number in counts.most_common()]


def _calibrated(worlds: Sequence[World]) -> list[tuple[str, ...]]:
    told = [one for world in worlds for one in world.told if one.fewer is not None]
    rows: list[tuple[str, ...]] = []
    for low, high in BINS:
        mine = [one for one in told if low <= one.probability_fewer < high or (high == 1.0 == one.probability_fewer)]
        if mine:
            mean = sum(one.probability_fewer for one in mine) / len(mine)
            fewer = Share(sum(one.fewer is True for one in mine), len(mine))
            rows.append((f"{low:.0%} to {high:.0%}", f"{mean:.0%}", fewer.in_words()))
    return rows


def _where_as_many(worlds: Sequence[World]) -> str:
    """How often a direction was said surely where there are as many as before."""
    told = [one.probability_fewer for world in worlds for one in world.told if one.fewer is None]
    sure = sum(max(one, 1 - one) >= SURE for one in told)
    held = f"{sure} of {len(told)}"
    return f"Where there are as many as before, one direction was said with nine in ten or more in {held}."
