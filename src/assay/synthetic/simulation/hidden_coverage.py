"""Coverage and width of the capture-recapture range for hidden children, and calibration of the estimated changes.

Lists are linked by the truth, and only lists that were sent are used, so that the estimate is evaluated and not the
linkage. The limits of each single method are reported too. Coverage is given with the median width, because a wide
range is no merit.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from statistics import median

from assay.indicators.catalogue.scale.hidden.hidden_changes import compare_all_years
from assay.indicators.catalogue.scale.hidden.hidden_range import MAX_BIAS, HiddenRange, estimate_hidden_range
from assay.indicators.catalogue.scale.hidden.list_overlap import COUNTS, ListSet, period_years
from assay.reference import DataRequest, list_dependences, read_request
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
ALWAYS_SENT = "police_crimes"
TARGET_COVERAGE = 0.93
HIGH_PROBABILITY = 0.9
BINS = ((0.0, 0.1), (0.1, 0.4), (0.4, 0.6), (0.6, 0.9), (0.9, 1.0))
Feeds = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class RangeResult:
    """The estimated range for one place and year (None: no estimate), and the true number.

    It also has the limits of each method, and the number of children on any list (`seen`).
    """

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
class ChangeResult:
    """The comparison of two years: the probability of a fall, and whether there was one; None if the numbers are
    equal."""

    probability_fewer: float
    fewer: bool | None


@dataclass(frozen=True)
class WorldResult:
    """The results of one country: every place and year, and every change."""

    name: str
    ranges: tuple[RangeResult, ...]
    changes: tuple[ChangeResult, ...]


def score_hidden(name: str, folder: Path, feeds: Feeds) -> WorldResult:
    """Score the estimates for a synthetic country in `folder`; `feeds`: the true referrals between lists, in
    log-odds."""
    request = read_request(folder / "request.toml")
    truth = {
        (r["force_code"], int(r["year"])): int(r["children"]) for r in _rows(folder / "truth" / "hidden_totals.csv")
    }
    estimates = [estimate_hidden_range(estimate) for estimate in _lists(folder, request)]
    range_results = tuple(
        _range_result(estimate, truth[estimate.lists.place, estimate.lists.year or 0], feeds) for estimate in estimates
    )
    change_results = tuple(
        ChangeResult(
            estimate.probability_fewer,
            fewer_than_before(
                truth[estimate.place, estimate.previous.year or 0], truth[estimate.place, estimate.later.year or 0]
            ),
        )
        for estimate in compare_all_years(estimates)
        if estimate.probability_fewer is not None
    )
    return WorldResult(name, range_results, change_results)


def fewer_than_before(before: int, after: int) -> bool | None:
    """Return True if a number is smaller than the previous number; None if the numbers are equal."""
    return None if before == after else after < before


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _lists(folder: Path, request: DataRequest) -> list[ListSet]:
    by_year: dict[tuple[str, int], list[dict[str, str]]] = defaultdict(list)
    for row in _rows(folder / "truth" / "hidden.csv"):
        by_year[row["force_code"], int(row["year"])].append(row)
    years = period_years(request)
    lists = []
    for (place, year), rows in sorted(by_year.items()):
        path = folder / "returns" / place / "agencies.csv"
        sent_kinds = {row["list_kind"] for row in _rows(path)} if path.is_file() else set()
        used = {column: key for column, key in COLUMNS.items() if key == ALWAYS_SENT or key in sent_kinds}
        patterns = Counter(frozenset(key for column, key in used.items() if row[column] == "yes") for row in rows)
        del patterns[frozenset()]
        kinds = {key: key for key in used.values()}
        lists.append(ListSet(place, years[year - 1], year, COUNTS, "", "CSE_2017", kinds, patterns))
    return lists


def _range_result(estimate: HiddenRange, truth: int, feeds: Feeds) -> RangeResult:
    limits: dict[str, tuple[float, float]] = {}
    for method_estimate in estimate.methods:
        if method_estimate.low is not None and method_estimate.high is not None:
            limits[_method_name(method_estimate.method)] = (method_estimate.low, method_estimate.high)
    right = has_right_signs(estimate.lists.lists, feeds)
    seen = sum(estimate.lists.patterns.values())
    return RangeResult(
        estimate.lists.place,
        estimate.lists.year or 0,
        truth,
        estimate.low,
        estimate.high,
        estimate.refusal,
        right,
        limits,
        seen,
    )


def _method_name(method: str) -> str:
    """Return the name of a method without its number of models."""
    return "averaged by BIC" if method.startswith("averaged over") else method


def has_right_signs(lists: Iterable[str], feeds: Feeds) -> bool:
    """Return True if every dependence declared between these lists has the sign of the true dependence.

    Undeclared or unknown pairs are not wrong.
    """
    true = {(giver, taker): odds for giver, takers in feeds.items() for taker, odds in takers.items()}
    for pair in list_dependences().within_lists(set(lists)):
        odds = true.get((pair.first, pair.second), 0.0) or true.get((pair.second, pair.first), 0.0)
        if pair.sign in ("positive", "negative") and (odds > 0) != (pair.sign == "positive"):
            return False
    return True


def coverage_tables(worlds: Sequence[WorldResult]) -> str:
    """Return the coverage of hidden ranges as a Markdown page."""
    all_results = [result for world in worlds for result in world.ranges]
    right_results = [result for result in all_results if result.declared_right and result.low is not None]
    coverage = Share(sum(map(covers_truth, right_results)), len(right_results))
    verdict = "kept" if coverage.share is not None and coverage.share >= TARGET_COVERAGE else "not kept"
    lines = [
        "# Coverage of the range for the number of hidden children",
        "",
        "In simulated countries the true number of exploited children is known. This page shows how often the "
        "estimated range contains it. Each share has its 95% simulation interval and the number of trials in brackets; "
        "the relative width of a range is its width divided by the true number.",
        "",
        f"The range holds the truth in at least 93 of 100 where dependence was declared with the right sign: "
        f"{verdict}, {coverage.text()}.",
        "",
        "## By world",
        "",
        *markdown(("world", "signs right", "estimated", "held", "median width"), _world_rows(worlds)),
        "",
        "## Beside each method alone",
        "",
        *markdown(("method", "estimated", "held", "median width"), _method_rows(all_results)),
        "",
        "## How far each method lies off, where lists lean on one another and where they do not",
        "",
        (
            f"Of the hidden alone: the geometric middle of a method's limits less those on a list, over the "
            f"true number of "
            f"hidden; the median over places and years. The range allows for {1 / MAX_BIAS:g} to {MAX_BIAS:g} times "
            f"what they say."
        ),
        "",
        *markdown(
            ("world", *(names := _methods(all_results))), [_error_row(name, worlds, names) for name in _names(worlds)]
        ),
        "",
        "## Why nothing was estimated",
        "",
        *markdown(("reason", "places and years"), _refusals(all_results)),
        "",
        "## Fewer than before: what was said, and what is so",
        "",
        *markdown(("said probability of fewer", "mean said", "there are fewer"), _calibration_rows(worlds)),
        "",
        _no_change_sentence(worlds),
    ]
    return "\n".join(lines) + "\n"


def covers_truth(result: RangeResult) -> bool:
    """Return True if the estimated range contains the true number."""
    return result.low is not None and result.high is not None and result.low <= result.truth <= result.high


def _results_by_sign(world: WorldResult, right: bool) -> list[RangeResult]:
    return [result for result in world.ranges if result.declared_right is right]


def _world_row(world: WorldResult, right: bool) -> tuple[str, ...]:
    results = _results_by_sign(world, right)
    estimated_results = [result for result in results if result.low is not None and result.high is not None]
    widths = [(float(result.high or 0) - float(result.low or 0)) / result.truth for result in estimated_results]
    width = f"{median(widths):.2f}" if widths else "none"
    estimated = f"{len(estimated_results)} of {len(results)}"
    return (
        world.name,
        "yes" if right else "no",
        estimated,
        Share(sum(map(covers_truth, estimated_results)), len(estimated_results)).text(),
        width,
    )


def _method_rows(all_results: Sequence[RangeResult]) -> list[tuple[str, ...]]:
    estimated_results = [result for result in all_results if result.low is not None and result.high is not None]
    limits: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    for result in estimated_results:
        limits["the range that is said"].append((float(result.low or 0), float(result.high or 0), result.truth))
        for method, (low, high) in result.methods.items():
            limits[method].append((low, high, result.truth))
    return [
        (
            method,
            str(len(method_limits)),
            Share(sum(low <= truth <= high for low, high, truth in method_limits), len(method_limits)).text(),
            f"{median((high - low) / truth for low, high, truth in method_limits):.2f}",
        )
        for method, method_limits in limits.items()
    ]


def _world_rows(worlds: Sequence[WorldResult]) -> list[tuple[str, ...]]:
    return [_world_row(world, right) for world in worlds for right in (True, False) if _results_by_sign(world, right)]


def _names(worlds: Sequence[WorldResult]) -> list[str]:
    return list(dict.fromkeys(world.name for world in worlds))


def _methods(all_results: Sequence[RangeResult]) -> list[str]:
    """Return the methods that were applied to all lists."""
    return [item for item in dict.fromkeys(name for item in all_results for name in item.methods) if "," not in item]


def _error_row(name: str, worlds: Sequence[WorldResult], methods: Sequence[str]) -> tuple[str, ...]:
    results = [result for world in worlds if world.name == name for result in world.ranges]
    errors_by_method = (
        [
            (sqrt(limits[0] * limits[1]) - result.seen) / (result.truth - result.seen)
            for result in results
            if (limits := result.methods.get(method)) and result.truth > result.seen
        ]
        for method in methods
    )
    return (name, *(f"{median(errors):.2f}" if errors else "none" for errors in errors_by_method))


def _refusals(all_results: Sequence[RangeResult]) -> list[tuple[str, ...]]:
    counts = Counter(result.refusal for result in all_results if result.refusal)
    return [(why, str(number)) for why, number in counts.most_common()]


def _calibration_rows(worlds: Sequence[WorldResult]) -> list[tuple[str, ...]]:
    change_results = [change for world in worlds for change in world.changes if change.fewer is not None]
    rows: list[tuple[str, ...]] = []
    for low, high in BINS:
        bin_changes = [
            change
            for change in change_results
            if low <= change.probability_fewer < high or (high == 1.0 == change.probability_fewer)
        ]
        if bin_changes:
            mean = sum(change.probability_fewer for change in bin_changes) / len(bin_changes)
            fewer = Share(sum(change.fewer is True for change in bin_changes), len(bin_changes))
            rows.append((f"{low:.0%} to {high:.0%}", f"{mean:.0%}", fewer.text()))
    return rows


def _no_change_sentence(worlds: Sequence[WorldResult]) -> str:
    """Say how often a direction was stated with certainty although the numbers are equal."""
    probabilities = [item.probability_fewer for world in worlds for item in world.changes if item.fewer is None]
    sure_count = sum(max(item, 1 - item) >= HIGH_PROBABILITY for item in probabilities)
    count_text = f"{sure_count} of {len(probabilities)}"
    return f"Where there are as many as before, one direction was said with nine in ten or more in {count_text}."
