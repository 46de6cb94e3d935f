"""How well do proposed grades recover the true quality of forces, compared with file reading and a league table?

Forces are sampled with known true shares, and counts from these. The true grade applies the same rules to the true
shares. Forces without a proposed grade are counted as neither right nor wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from assay.compare.comparability import MIN_RECORDS
from assay.grading.force_evidence import (
    FORCE_RECORD,
    POLICE,
    EvidenceTables,
    counts_by_level,
    relevant_indicators,
)
from assay.grading.force_proposals import propose_grades
from assay.grading.grade_proposals import OVERALL, Proposal
from assay.grading.grading_rules import Rules, rules
from assay.indicators import ALL, Indicator
from assay.indicators.indicator_catalogue import COMPARED_ONLY, indicators, is_shown_only
from assay.reference import characteristics
from assay.stats.hierarchical_posterior import FEWEST_UNITS
from assay.stats.missing_data_bounds import beta_population
from assay.stats.posterior_summary import OUTLIER_PRIOR
from assay.stats.share_posteriors import share_posterior
from assay.synthetic.simulation.peer_methods import FILES_READ, FORCES_READ

ASSAY, TODAY, LEAGUE = "assay", f"{FILES_READ} files in {FORCES_READ} forces", "league table"
METHODS = (ASSAY, TODAY, LEAGUE)
FORCE_SD, MEASURE_SD = 0.8, 0.5
"""Standard deviations of log odds between forces: a common effect, and an effect for each measure."""
MEAN_LOG_ODDS = 1.3
"""Log odds of a measure in the median force: 79%."""


@dataclass(frozen=True)
class SimulatedCountry:
    """One simulated country: its counts, the true share of each indicator in each force, and the forces' true grades
    and quality.

    `counts`: met, not met and not known, in the better direction, as are the shares. `quality`: the share of
    characteristics truly shown.
    """

    forces: tuple[str, ...]
    true: Mapping[str, Mapping[str, float]]
    counts: Mapping[str, Mapping[str, tuple[int, int, int]]]
    quality: Mapping[str, float]
    grade: Mapping[str, str]
    true_states: Mapping[tuple[str, str], bool]


@dataclass(frozen=True)
class MethodGrades:
    """The result of one method: a grade for each graded force, and a score that ranks forces."""

    grade: Mapping[str, str]
    score: Mapping[str, float]


@dataclass(frozen=True)
class GradeScore:
    """Accuracy of one method: forces graded, exactly right, within one grade, and the rank correlation with quality."""

    method: str
    forces: int
    graded: int
    right: int
    within_one: int
    rank_correlation: float


def graded_indicators() -> list[Indicator]:
    """Return the indicators that count towards a force's overall grade."""
    return [form for form in indicators()
            if form.holder == POLICE and form.better != "neither" and form.key not in COMPARED_ONLY
            and not is_shown_only(form) and form.record != "force"]  # fmt: skip


def simulate_country(seed: int, *, forces: int = 44, records: float = 60.0) -> SimulatedCountry:
    """Simulate a country of `forces`, with about `records` records of each indicator in a force of median size."""
    random, grade_rules = np.random.default_rng(seed), rules()
    codes = tuple(f"INV{number:02d}" for number in range(1, forces + 1))
    middle = {form.key: random.normal(MEAN_LOG_ODDS, 0.8) for form in graded_indicators()}
    true: dict[str, dict[str, float]] = {}
    counts: dict[str, dict[str, tuple[int, int, int]]] = {}
    for code in codes:
        quality, size = random.normal(0, FORCE_SD), records * np.exp(random.normal(0, 0.7))
        logits = {key: log_odds + quality + random.normal(0, MEASURE_SD) for key, log_odds in middle.items()}
        true[code] = {key: float(special.expit(log_odds)) for key, log_odds in logits.items()}
        counts[code] = {key: _count(random, share, size) for key, share in true[code].items()}
    state_by_force = characteristic_truths(true, graded_indicators(), grade_rules)
    quality_by_force = {
        code: float(np.mean([is_shown for (place, _), is_shown in state_by_force.items() if place == code]))
        for code in codes
    }
    grade = {code: true_grade(share, grade_rules) for code, share in quality_by_force.items()}
    return SimulatedCountry(codes, true, counts, quality_by_force, grade, state_by_force)


def _count(random: np.random.Generator, share: float, size: float) -> tuple[int, int, int]:
    whole = int(random.poisson(size * np.exp(random.normal(0, 0.6))))
    unknown = int(random.binomial(whole, random.beta(1, 15)))
    met = int(random.binomial(whole - unknown, share))
    return met, whole - unknown - met, unknown


def characteristic_truths(
    true: Mapping[str, Mapping[str, float]], forms: Sequence[Indicator], grade_rules: Rules
) -> dict[tuple[str, str], bool]:
    """Return whether each characteristic is truly shown in each force.

    That is so if its standards reach the line, none is below the floor, and no share lies beyond those of the other
    forces (`Rules.beyond`, by the mean and the standard deviation of the true shares of the others). The force itself
    is left out: a force far beyond the others would widen the spread that it is compared with, and of twelve forces
    hardly any could ever lie beyond it.

    Parameters
    ----------
    true
        By force and indicator the true share, in the better direction.
    """
    found: dict[tuple[str, str], bool] = {}
    for characteristic in characteristics():
        relevant = relevant_indicators(forms, characteristic, grade_rules)
        compared = [form.key for form in relevant if form.record != FORCE_RECORD]
        limits_by_force = _beyond_limits(true, compared, grade_rules)
        levels = {form.key for form in relevant if counts_by_level(form, grade_rules)}
        for force, shares in true.items():
            limits = limits_by_force[force]
            standards = {key: shares[key] for key in levels if key in shares}
            known = [key for key in compared if key in shares and key in limits]
            if standards or known:
                is_met = not standards or float(np.mean(list(standards.values()))) >= grade_rules.line
                is_low = any(share < grade_rules.floor for key, share in standards.items() if key in compared)
                is_beyond = any(shares[key] < limits[key] for key in known)
                found[force, characteristic.key] = is_met and not is_low and not is_beyond
    return found


def _beyond_limits(
    true: Mapping[str, Mapping[str, float]], keys: Sequence[str], grade_rules: Rules
) -> dict[str, dict[str, float]]:
    """Return, by force and measure, the share below which the force lies beyond the others."""
    found: dict[str, dict[str, float]] = {force: {} for force in true}
    for key in keys:
        shares = {force: by_key[key] for force, by_key in true.items() if key in by_key}
        for force in shares:
            other_shares = [share for other, share in shares.items() if other != force]
            population = (
                beta_population(float(np.mean(other_shares)), float(np.std(other_shares)))
                if len(other_shares) > 1
                else None
            )
            if population is not None:
                found[force][key] = float(stats.beta.ppf(grade_rules.beyond / len(keys), *population))
    return found


def true_grade(share: float, grade_rules: Rules) -> str:
    """Return the grade that the rules give for a share of characteristics truly shown."""
    return next(
        grade.name for grade in grade_rules.grades if share >= grade.minimum_share - 1e-9 and not grade.requires_alert
    )


def proposed_grades(country: SimulatedCountry) -> tuple[MethodGrades, list[Proposal]]:
    """Return the overall grades that the rules propose, and every proposal."""
    forms = tuple(graded_indicators())
    rows = [_ladder(form, code, *country.counts[code][form.key]) for code in country.forces for form in forms]
    proposals = propose_grades(EvidenceTables(rows, (), (), (), _spread(country)), forms, country.forces, rules())
    overall_proposals = [proposal for proposal in proposals if proposal.line == OVERALL]
    grade = {proposal.place: proposal.grade for proposal in overall_proposals if proposal.has_grade}
    return MethodGrades(
        grade, {proposal.place: proposal.expected for proposal in overall_proposals if proposal.expected is not None}
    ), proposals


def _spread(country: SimulatedCountry) -> list[dict[str, object]]:
    """Return the between-force variation of each indicator, from the comparison model."""
    found: list[dict[str, object]] = []
    for form in graded_indicators():
        force_counts = [country.counts[code][form.key] for code in country.forces]
        met_and_base = [(met, met + no) for met, no, _ in force_counts if met + no >= MIN_RECORDS]
        if len(met_and_base) >= FEWEST_UNITS:
            posterior = share_posterior(*zip(*met_and_base, strict=True), outlier_prior=OUTLIER_PRIOR)
            overall = posterior.overall.mean
            found.append({"indicator": form.key, "between_force_sd": posterior.between_unit_sd.mean,
                          "overall": 1 - overall if form.better == "lower" else overall})  # fmt: skip
    return found


def _ladder(form: Indicator, code: str, met: int, not_met: int, unknown: int) -> dict[str, object]:
    if form.better == "lower":
        met, not_met = not_met, met
    return {"indicator": form.key, "place_code": code, "when_reported": ALL, "not_askable": "", "suppressed_cells": "",
            "met": met, "not_met": not_met, "not_known": unknown, "not_known_if_counted": 0}  # fmt: skip


def league_table(country: SimulatedCountry) -> MethodGrades:
    """Grade forces by their mean raw share of indicators met, in five groups of equal size."""
    score = {code: float(np.mean([met / (met + no) for met, no, _ in country.counts[code].values() if met + no]))
             for code in country.forces}  # fmt: skip
    order, names = sorted(score, key=lambda code: -score[code]), rules().grade_names
    return MethodGrades({code: names[place * len(names) // len(order)] for place, code in enumerate(order)}, score)


def file_reading_grades(country: SimulatedCountry, seed: int) -> MethodGrades:
    """Grade a few forces from sampled files: a file shows a characteristic or not, and the grade rules are the same."""
    random, grade_rules = np.random.default_rng([seed, 52]), rules()
    read = [str(code) for code in random.choice(country.forces, FORCES_READ, replace=False)]
    score = {}
    for place, code in enumerate(read):
        files = FILES_READ // FORCES_READ + (place < FILES_READ % FORCES_READ)
        shares = [random.binomial(files, mean) / files for mean in _means(country.true[code])]
        score[code] = float(np.mean([share >= grade_rules.line for share in shares]))
    return MethodGrades({code: true_grade(share, grade_rules) for code, share in score.items()}, score)


def _means(true: Mapping[str, float]) -> list[float]:
    shares_by_characteristic = ([true[form.key] for form in graded_indicators()
               if form.key in true and set(characteristic.questions) & set(form.asks.replace("|", " ").split())]
              for characteristic in characteristics())  # fmt: skip
    return [float(np.mean(shares)) for shares in shares_by_characteristic if shares]


def score_method(method: str, found: Sequence[MethodGrades], countries: Sequence[SimulatedCountry]) -> GradeScore:
    """Score one method over several countries; the rank correlation is averaged over countries."""
    names, pairs, by_country = rules().grade_names, [], []
    for method_grades, country in zip(found, countries, strict=True):
        pairs += [(names.index(grade), names.index(country.grade[code])) for code, grade in method_grades.grade.items()]
        codes = sorted(method_grades.score)
        scores, qualities = ([values[first] for first in codes] for values in (method_grades.score, country.quality))
        by_country.append(stats.spearmanr(scores, qualities)[0])
    differences = [abs(first - second) for first, second in pairs]
    return GradeScore(
        method, sum(len(country.forces) for country in countries), len(pairs), differences.count(0),
        sum(steps <= 1 for steps in differences), float(np.nanmean(by_country)),
    )  # fmt: skip


def calibration(
    proposals_by_country: Sequence[Sequence[Proposal]], countries: Sequence[SimulatedCountry]
) -> list[tuple[str, int, float, float]]:
    """Return the number of statements, mean stated probability and share that is true, by tenth of the stated
    probability."""
    pairs = [(characteristic.probability, country.true_states[characteristic.evidence.place, characteristic.key])
             for proposals, country in zip(proposals_by_country, countries, strict=True)
             for proposal in proposals if proposal.line == OVERALL
             for characteristic in proposal.levels if characteristic.probability is not None]  # fmt: skip
    found = []
    for tenth in range(10):
        tenth_pairs = [
            (stated, true) for stated, true in pairs if tenth / 10 <= stated < (tenth + 1) / 10 + (tenth == 9)
        ]
        if tenth_pairs:
            found.append(
                (
                    f"{tenth * 10} to {tenth * 10 + 10}%",
                    len(tenth_pairs),
                    float(np.mean([stated for stated, _ in tenth_pairs])),
                    float(np.mean([true for _, true in tenth_pairs])),
                )
            )
    return found
