"""Run one synthetic country up to its proposed grades, and score the grades against the injected failings.

Only the stages that grades need are run: record linkage by exact keys, facts, indicators, the comparison of forces,
disclosure control and the proposals. There are no case files, texts, claims or voices, so that grades rest on records
alone. `grade_figures` combines several countries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.compare.expected_failings import expected_failings
from assay.grading.coherence import contradictions
from assay.grading.force_evidence import EvidenceTables
from assay.grading.force_proposals import proposal_tables
from assay.grading.grade_proposals import OVERALL
from assay.grading.grading_rules import NOT_ENOUGH, rules
from assay.indicators.failure_mode_measures import MEASURES_OF_MODE
from assay.indicators.indicator_catalogue import indicators
from assay.reference import characteristics
from assay.sdc import apply_policy, policy
from assay.stats.binomial_intervals import wilson
from assay.synthetic.simulation.alert_comparison import force_counts
from assay.synthetic.simulation.report_scores import (
    FailingInReport,
    ReportContents,
    ReportScore,
    denied_characteristics,
    is_worse_than_good,
    score_report,
)
from assay.synthetic.simulation.statement_replay import SqlStatements
from assay.synthetic.simulation.trial_runs import generate_country
from assay.synthetic.simulation.trial_worlds import TrialWorld
from assay.synthetic.simulation.truth_folder import Truth
from assay.temporary_folders import temporary_folder
from assay.workflows.briefing.force_brief import alerted_keys

READ = ("ladders", "force_estimates", "indicator_spread", "combined_tests")
SERIOUS, MIN_RECORDS = 0.7, 30
"""A failing of this strength or more, on so many records or more, must not be graded good."""
BANDS = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0)
"""Limits of the bands of stated probability."""
RESAMPLES = 500
"""Number of bootstrap samples of forces for the interval of the share of ordered pairs."""

ROUNDING = 1e-9
"""Sums of strengths that are equal may differ by so much."""

BurdensAndScores = NDArray[np.float64]
"""One row for each force: its burden and its score."""


@dataclass(frozen=True)
class GradedCountry:
    """The results of one country after grading.

    Parameters
    ----------
    score
        The score of grades, concerns and briefs; no front page is written.
    burdens
        By force, the sum of the strengths of its failings.
    scores
        By force, the mean share of characteristics that is shown; None without an overall proposal.
    contradictions
        The sentences of the gate.
    stated
        For each force and characteristic the stated probability that it is shown, and whether a failing denies it.
    themes_with_data, themes_graded
        Number of (force, theme) pairs with evidence that counts, and of those with a grade.
    has_disclosure_control
        Whether the grades rest on released counts; False for exact counts, None where it was not recorded.
    expected_failings
        By compared force, the expected number of failings, by which the watch list orders forces (exact counts).
    """

    world: TrialWorld
    score: ReportScore
    burdens: Mapping[str, float]
    scores: Mapping[str, float | None]
    contradictions: tuple[str, ...]
    stated: tuple[tuple[float, bool], ...]
    themes_with_data: int
    themes_graded: int
    has_disclosure_control: bool | None = None
    expected_failings: Mapping[str, float] | None = None

    @property
    def watch_scores(self) -> Mapping[str, float | None]:
        """By force, minus the expected number of failings: the lowest value stands first on the watch list."""
        return {place: -number for place, number in (self.expected_failings or {}).items()}


def matching_countries(
    countries: Iterable[GradedCountry], worlds: Collection[TrialWorld], *, has_disclosure_control: bool
) -> list[GradedCountry]:
    """Return the graded countries of these worlds whose grades rest on the same kind of counts."""
    return [
        country
        for country in countries
        if country.world in worlds and country.has_disclosure_control is has_disclosure_control
    ]


@dataclass(frozen=True)
class Proportion:
    """A count out of a total, with its 95% interval."""

    count: float
    base: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share; NaN if there is nothing to count."""
        return self.count / self.base if self.base else float("nan")

    def __str__(self) -> str:
        if not self.base:
            return "none to count"
        return f"{self.share:.0%} ({self.count:g} of {self.base}; 95% interval {self.low:.0%} to {self.high:.0%})"


@dataclass(frozen=True)
class GradeFigures:
    """The summary figures of several graded countries, by which grades are judged."""

    not_good: Proportion
    clean_good: Proportion
    graded: Proportion
    ordered: Proportion
    watch_ordered: Proportion
    contradictions: int


def run_graded_country(
    statements: SqlStatements, world: TrialWorld, *, has_disclosure_control: bool = True
) -> GradedCountry:
    """Generate one country, run the stages that grades need, and score its grades against the injected failings.

    Disclosure control takes most of the time; without it, grades rest on exact counts.
    """
    with temporary_folder() as folder:
        returned, request, truth, _ = generate_country(folder, world)
    places = [code for code, organisation in sorted(request.organisations.items()) if not organisation.is_national]
    exact = statements.run(returned, request.organisations)
    read = {name: exact[name] for name in READ}
    released = apply_policy(read, policy("record level")) if has_disclosure_control else read
    graded = grade_country(world, truth, places, exact["force_estimates"], released)
    order = expected_failings(
        exact["combined_tests"].to_pylist(), exact["force_estimates"].to_pylist(), indicators(), MEASURES_OF_MODE
    )
    return replace(
        graded,
        has_disclosure_control=has_disclosure_control,
        expected_failings={item.place_code: item.expected for item in order},
    )


def grade_country(
    world: TrialWorld, truth: Truth, places: Sequence[str], estimates: pa.Table, released: Mapping[str, pa.Table]
) -> GradedCountry:
    """Propose grades from released tables, and score them; `estimates` has the exact numbers of records."""
    grade_rules = replace(rules(), alternatives=())
    ladders, estimate_rows, spread, tests = (released[name].to_pylist() for name in READ)
    evidence = EvidenceTables(ladders, estimate_rows, (), (), spread, (), tests)
    tables = proposal_tables(evidence, indicators(), places, grade_rules)
    rows = {name: tables[name].to_pylist() for name in ("grades", "concerns", "evidence", "characteristic_states")}
    contents = ReportContents(
        rows["grades"],
        rows["concerns"],
        rows["evidence"],
        {place: alerted_keys(evidence, place) for place in places},
        characteristic_states=rows["characteristic_states"],
    )
    records = {(item.place, item.measure): item.base for item in force_counts(estimates.to_pylist())}
    with_data, graded = _graded_themes(rows["grades"], rows["evidence"])
    return GradedCountry(
        world,
        score_report(contents, truth, records),
        {place: sum(truth.strength.get(key, 0.0) for key in truth.failings_of_force(place)) for place in places},
        {row["place_code"]: row["expected_share"] for row in rows["grades"] if row["line"] == OVERALL},
        tuple(contradictions({**released, **tables}, grade_rules)),
        tuple(_stated(rows["characteristic_states"], truth)),
        with_data,
        graded,
    )


def _graded_themes(grades: Sequence[Mapping[str, Any]], evidence: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Return the number of (force, theme) pairs with evidence that counts, and of those with a grade."""
    themes = {item.key: item.line for item in characteristics()}
    with_data = {(row["place_code"], themes[row["characteristic"]]) for row in evidence if row["counts"]}
    graded = {(row["place_code"], row["line"]) for row in grades if row["proposed"] != NOT_ENOUGH}
    return len(with_data), len(with_data & graded)


def _stated(level_rows: Sequence[Mapping[str, Any]], truth: Truth) -> list[tuple[float, bool]]:
    denied = {
        (place, key)
        for failing, places in truth.injected.items()
        for place in places
        for key in denied_characteristics(failing)
    }
    return [
        (row["probability"], (row["place_code"], row["characteristic"]) in denied)
        for row in level_rows
        if row["probability"] is not None
    ]


def grade_figures(countries: Sequence[GradedCountry]) -> GradeFigures:
    """Return the figures of all countries together."""
    serious = serious_failings(countries)
    clean = [item for country in countries for item in country.score.clean_themes if item.has_data]
    with_data = sum(country.themes_with_data for country in countries)
    return GradeFigures(
        proportion(sum(is_worse_than_good(item.grade) for item in serious), len(serious)),
        proportion(sum(item.is_good for item in clean), len(clean)),
        proportion(sum(country.themes_graded for country in countries), with_data),
        ordered_pairs(countries),
        ordered_pairs(countries, by_watch_list=True),
        sum(len(country.contradictions) for country in countries),
    )


def serious_failings(countries: Sequence[GradedCountry]) -> list[FailingInReport]:
    """Return the failings with which a force must not be graded good: strong, on enough records, and a police duty."""
    found = [item for country in countries for item in country.score.failings if item.strength >= SERIOUS]
    return [item for item in found if item.records >= MIN_RECORDS and item.is_police_duty]


def proportion(count: int, base: int) -> Proportion:
    """Return a share with Wilson's interval."""
    return Proportion(count, base, *wilson(count, base))


def ordered_pairs(
    countries: Sequence[GradedCountry], min_difference: float = 0.0, *, by_watch_list: bool = False
) -> Proportion:
    """Return the share of pairs of forces with a different weight of failings that the scores rank correctly.

    With `min_difference`, only pairs whose burdens differ by at least so much. The scores are those of the grades, or
    with `by_watch_list` those of the watch list.

    Equal scores count as half. Pairs share forces, so the interval is a bootstrap of the forces of each country.
    """
    forces = [
        _burdens_and_scores(country.burdens, country.watch_scores if by_watch_list else country.scores)
        for country in countries
    ]
    right, pairs = _sum_ordered(forces, min_difference)
    random = np.random.default_rng(len(countries))
    samples = ([values[random.integers(len(values), size=len(values))] for values in forces if len(values)]
               for _ in range(RESAMPLES))  # fmt: skip
    shares = [
        found / number for found, number in (_sum_ordered(sample, min_difference) for sample in samples) if number
    ]
    low, high = np.quantile(shares, [0.025, 0.975]) if shares else (0.0, 1.0)
    return Proportion(right, pairs, float(low), float(high))


def _sum_ordered(forces: Sequence[BurdensAndScores], min_difference: float) -> tuple[float, int]:
    counts = [_count_ordered(values, min_difference) for values in forces]
    return sum(right for right, _ in counts), sum(pairs for _, pairs in counts)


def _burdens_and_scores(burdens: Mapping[str, float], scores: Mapping[str, float | None]) -> BurdensAndScores:
    rows = [(burdens[place], score) for place, score in scores.items() if score is not None and place in burdens]
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def _count_ordered(values: BurdensAndScores, min_difference: float) -> tuple[float, int]:
    """Return the pairs in the right order (the greater burden has the lower score), and all with unequal burden."""
    first, second = np.triu_indices(len(values), k=1)
    burden, score = (values[first, column] - values[second, column] for column in (0, 1))
    agreement = np.sign(burden) * np.sign(-score)
    is_unequal = (burden != 0) & (np.abs(burden) >= min_difference - ROUNDING)
    return float(((agreement[is_unequal] + 1) / 2).sum()), int(is_unequal.sum())


def stated_bands(countries: Sequence[GradedCountry]) -> list[tuple[str, int, float, float]]:
    """Return, by band of stated probability: its name, characteristics, mean probability, and the share without a
    failing."""
    pairs = [pair for country in countries for pair in country.stated]
    found = []
    for low, high in pairwise(BANDS):
        inside = [pair for pair in pairs if low <= pair[0] < high or pair[0] == high == BANDS[-1]]
        if inside:
            stated, clean = np.mean([(probability, not is_denied) for probability, is_denied in inside], axis=0)
            found.append((f"{low:.0%} to {high:.0%}", len(inside), float(stated), float(clean)))
    return found
