"""How well do proposed grades find the true quality of forces, beside what is done today and beside a league table?

Forces are drawn whose every true share is known, and counts from them. The true grade is what the same rules make of
the true shares. A grade that is not proposed is neither right nor wrong, and is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from assay.compare.comparability import FEWEST_RECORDS
from assay.grading.characteristic_evidence import POLICE, Tables
from assay.grading.force_proposals import judge
from assay.grading.grade_proposals import OVERALL, Proposal
from assay.grading.grading_rules import Rules, rules
from assay.indicators import ALL, Indicator
from assay.indicators.indicator_catalogue import COMPARED_ONLY, indicators, shown_only
from assay.reference import characteristics
from assay.stats.hierarchical_posterior import FEWEST_UNITS
from assay.stats.posterior_summary import OUTLYING
from assay.stats.share_posteriors import share_posterior
from assay.synthetic.simulation.peer_methods import FILES_READ, FORCES_READ

OURS, TODAY, LEAGUE = "assay", f"{FILES_READ} files in {FORCES_READ} forces", "league table"
METHODS = (OURS, TODAY, LEAGUE)
BETWEEN, OWN = 0.8, 0.5
"""How far forces differ in all they do, and in single things besides (standard deviations of log odds)."""
MIDDLE = 1.3
"""Log odds of a measure in the middle force: 79 in 100."""


@dataclass(frozen=True)
class Drawn:
    """One country: by force the true share of each indicator (as wanted), its counts, and the true grade and quality.

    `counts`: met, not met, not known, on the wanted side. `quality`: the share of characteristics truly shown.
    """

    forces: tuple[str, ...]
    true: Mapping[str, Mapping[str, float]]
    counts: Mapping[str, Mapping[str, tuple[int, int, int]]]
    quality: Mapping[str, float]
    grade: Mapping[str, str]
    shown: Mapping[tuple[str, str], bool]


@dataclass(frozen=True)
class Found:
    """What one method gives: a grade by force (those that it grades), and a score by force that ranks them."""

    grade: Mapping[str, str]
    score: Mapping[str, float]


@dataclass(frozen=True)
class Score:
    """How one method did: forces graded, of these right and within one grade, and the rank correlation with quality."""

    method: str
    forces: int
    graded: int
    right: int
    within_one: int
    rank_correlation: float


def bearing() -> list[Indicator]:
    """The indicators that make a level of a force."""
    return [form for form in indicators()
            if form.holder == POLICE and form.better != "neither" and form.key not in COMPARED_ONLY
            and not shown_only(form) and form.record != "force"]  # fmt: skip


def drawn(seed: int, *, forces: int = 44, records: float = 60.0) -> Drawn:
    """A country of `forces`, with so many records of a kind in the middle force."""
    random, chosen = np.random.default_rng(seed), rules()
    codes = tuple(f"INV{number:02d}" for number in range(1, forces + 1))
    middle = {form.key: random.normal(MIDDLE, 0.8) for form in bearing()}
    true: dict[str, dict[str, float]] = {}
    counts: dict[str, dict[str, tuple[int, int, int]]] = {}
    for code in codes:
        quality, size = random.normal(0, BETWEEN), records * np.exp(random.normal(0, 0.7))
        logits = {key: at + quality + random.normal(0, OWN) for key, at in middle.items()}
        true[code] = {key: float(special.expit(at)) for key, at in logits.items()}
        counts[code] = {key: _count(random, share, size) for key, share in true[code].items()}
    held = {(code, key): is_shown for code in codes for key, is_shown in _truly_shown(true[code], chosen).items()}
    quality_of = {code: float(np.mean([held[code, key] for key in _truly_shown(true[code], chosen)])) for code in codes}
    grade = {code: grade_of(share, chosen) for code, share in quality_of.items()}
    return Drawn(codes, true, counts, quality_of, grade, held)


def _count(random: np.random.Generator, share: float, size: float) -> tuple[int, int, int]:
    whole = int(random.poisson(size * np.exp(random.normal(0, 0.6))))
    unknown = int(random.binomial(whole, random.beta(1, 15)))
    met = int(random.binomial(whole - unknown, share))
    return met, whole - unknown - met, unknown


def _truly_shown(true: Mapping[str, float], chosen: Rules) -> dict[str, bool]:
    """By characteristic that any indicator bears on: whether the true shares come to the line, and none is too low."""
    found = {}
    for one in characteristics():
        wanted = set(one.questions)
        mine = [true[form.key] for form in bearing() if wanted & set(form.asks.replace("|", " ").split())]
        if mine:
            found[one.key] = bool(np.mean(mine) >= chosen.line and min(mine) >= chosen.floor)
    return found


def grade_of(share: float, chosen: Rules) -> str:
    """What the rules make of the share of characteristics that are truly shown."""
    return next(one.name for one in chosen.grades if share >= one.least - 1e-9 and not one.apart)


def proposed(country: Drawn) -> tuple[Found, list[Proposal]]:
    """What the rules propose overall, and every proposal."""
    forms = tuple(bearing())
    rows = [_ladder(form, code, *country.counts[code][form.key]) for code in country.forces for form in forms]
    made = judge(Tables(rows, (), (), (), _spread(country)), forms, country.forces, rules())
    whole = [one for one in made if one.line == OVERALL]
    grade = {one.place: one.grade for one in whole if one.is_made}
    return Found(grade, {one.place: one.expected for one in whole if one.expected is not None}), made


def _spread(country: Drawn) -> list[dict[str, object]]:
    """How forces differ on each indicator, by the model by which they are compared."""
    found: list[dict[str, object]] = []
    for form in bearing():
        held = [country.counts[code][form.key] for code in country.forces]
        told = [(met, met + no) for met, no, _ in held if met + no >= FEWEST_RECORDS]
        if len(told) >= FEWEST_UNITS:
            posterior = share_posterior(*zip(*told, strict=True), outlying=OUTLYING)
            overall = posterior.overall.mean
            found.append({"indicator": form.key, "between_force_sd": posterior.between_unit_sd.mean,
                          "overall": 1 - overall if form.better == "lower" else overall})  # fmt: skip
    return found


def _ladder(form: Indicator, code: str, met: int, not_met: int, unknown: int) -> dict[str, object]:
    if form.better == "lower":
        met, not_met = not_met, met
    return {"indicator": form.key, "place_code": code, "when_reported": ALL, "not_askable": "", "hidden": "",
            "met": met, "not_met": not_met, "not_known": unknown, "not_known_if_counted": 0}  # fmt: skip


def league_table(country: Drawn) -> Found:
    """Forces in the order of their mean raw share; the grades are five groups of the same size."""
    score = {code: float(np.mean([met / (met + no) for met, no, _ in country.counts[code].values() if met + no]))
             for code in country.forces}  # fmt: skip
    order, names = sorted(score, key=lambda code: -score[code]), rules().names
    return Found({code: names[place * len(names) // len(order)] for place, code in enumerate(order)}, score)


def today(country: Drawn, seed: int) -> Found:
    """Files read in a few forces: each file shows each characteristic or does not; the same grades are made of that."""
    random, chosen = np.random.default_rng([seed, 52]), rules()
    read = [str(code) for code in random.choice(country.forces, FORCES_READ, replace=False)]
    score = {}
    for place, code in enumerate(read):
        files = FILES_READ // FORCES_READ + (place < FILES_READ % FORCES_READ)
        shares = [random.binomial(files, mean) / files for mean in _means(country.true[code])]
        score[code] = float(np.mean([share >= chosen.line for share in shares]))
    return Found({code: grade_of(share, chosen) for code, share in score.items()}, score)


def _means(true: Mapping[str, float]) -> list[float]:
    by_one = ([true[form.key] for form in bearing()
               if form.key in true and set(one.questions) & set(form.asks.replace("|", " ").split())]
              for one in characteristics())  # fmt: skip
    return [float(np.mean(mine)) for mine in by_one if mine]


def scored(method: str, found: Sequence[Found], countries: Sequence[Drawn]) -> Score:
    """One method over several countries; the rank correlation is of the forces that it scores, on average."""
    names, pairs, by_country = rules().names, [], []
    for mine, country in zip(found, countries, strict=True):
        pairs += [(names.index(grade), names.index(country.grade[code])) for code, grade in mine.grade.items()]
        codes = sorted(mine.score)
        scores, qualities = ([held[one] for one in codes] for held in (mine.score, country.quality))
        by_country.append(stats.spearmanr(scores, qualities)[0])
    apart = [abs(one - other) for one, other in pairs]
    return Score(
        method, sum(len(country.forces) for country in countries), len(pairs), apart.count(0),
        sum(steps <= 1 for steps in apart), float(np.nanmean(by_country)),
    )  # fmt: skip


def calibration(made: Sequence[Sequence[Proposal]], countries: Sequence[Drawn]) -> list[tuple[str, int, float, float]]:
    """By tenth of the stated probability that a characteristic is shown: how many, the mean stated, the share true."""
    pairs = [(held.probability, country.shown[held.of.place, held.key])
             for proposals, country in zip(made, countries, strict=True)
             for one in proposals if one.line == OVERALL
             for held in one.held if held.probability is not None]  # fmt: skip
    found = []
    for at in range(10):
        mine = [(said, true) for said, true in pairs if at / 10 <= said < (at + 1) / 10 + (at == 9)]
        if mine:
            found.append((f"{at * 10} to {at * 10 + 10}%", len(mine), float(np.mean([said for said, _ in mine])),
                          float(np.mean([true for _, true in mine]))))  # fmt: skip
    return found
