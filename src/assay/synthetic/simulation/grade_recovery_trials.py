"""How well do proposed grades recover true quality in countries simulated record by record?

Failings are injected in some forces, the returns are loaded and run like real ones, and grades are proposed from the
tables after disclosure control. The truth of a force comes from repeated draws of its records: the share of each
indicator in the other draws combined, and the grade of these shares under the rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from assay.grading.force_evidence import POLICE, EvidenceTables
from assay.grading.force_proposals import propose_grades
from assay.grading.grade_proposals import OVERALL, Proposal
from assay.grading.grading_rules import rules
from assay.indicators import ALL, EVERYWHERE, Indicator
from assay.indicators.indicator_catalogue import COMPARED_ONLY, indicators, is_shown_only
from assay.sdc import apply_policy, policy
from assay.synthetic.simulation.grade_recovery import MethodGrades, SimulatedCountry, characteristic_truths, true_grade
from assay.synthetic.simulation.statement_replay import SqlStatements
from assay.synthetic.simulation.trial_runs import generate_country
from assay.synthetic.simulation.trial_worlds import TrialWorld
from assay.temporary_folders import temporary_folder

READ = ("ladders", "force_estimates", "indicator_spread", "combined_tests")
MIN_TRUE_RECORDS = 30
"""Fewest records in the other draws combined for a true share."""
Counts = tuple[int, int, int]


def score_country(
    statements: SqlStatements, world: TrialWorld, draws: int
) -> tuple[SimulatedCountry, MethodGrades, list[Proposal]]:
    """Score the grades from one draw of a country's records; the truth is estimated from the country's other draws."""
    with temporary_folder() as folder:
        returned, request, _, _ = generate_country(folder, world)
    places = tuple(code for code, organisation in sorted(request.organisations.items()) if not organisation.is_national)
    tables = statements.run(returned, request.organisations)
    first_tables = {name: tables[name] for name in READ}
    other_ladders = [_ladders(statements, replace(world, repeat=number)) for number in range(1, draws + 1)]
    proposals = _proposed(first_tables, places)
    overall_proposals = [proposal for proposal in proposals if proposal.line == OVERALL]
    found = MethodGrades(
        {proposal.place: proposal.grade for proposal in overall_proposals if proposal.has_grade},
        {proposal.place: proposal.expected for proposal in overall_proposals if proposal.expected is not None},
    )
    return _true_country(first_tables["ladders"], other_ladders, places), found, proposals


def _ladders(statements: SqlStatements, world: TrialWorld) -> pa.Table:
    with temporary_folder() as folder:
        returned, request, _, _ = generate_country(folder, world)
    return statements.run(returned, request.organisations)["ladders"]


def _proposed(tables: Mapping[str, pa.Table], places: Sequence[str]) -> list[Proposal]:
    """Return the proposals from the tables as they would be released."""
    safe = apply_policy(tables, policy("record level"))
    ladders, estimate_rows, spread, tests = (safe[name].to_pylist() for name in READ)
    evidence = EvidenceTables(ladders, estimate_rows, (), (), spread, (), tests)
    return propose_grades(evidence, indicators(), places, rules())


def _true_country(first: pa.Table, other_ladders: Iterable[pa.Table], places: Sequence[str]) -> SimulatedCountry:
    """Return the truth of every force, and the counts of the first draw."""
    summed = _sum_ladders(other_ladders)
    counts = {place: {key: value for key, value in counts_by_indicator.items() if place in places}
              for place, counts_by_indicator in _sum_ladders([first]).items()}  # fmt: skip
    true = {
        place: {
            key: met / (met + no) for key, (met, no, _) in summed[place].items() if _has_enough_records(key, met + no)
        }
        for place in places
    }
    states = characteristic_truths(true, tuple(indicator_by_key().values()), rules())
    quality = {
        place: float(np.mean([value for (other_place, _), value in states.items() if other_place == place]))
        for place in places
    }
    grade = {place: true_grade(share, rules()) for place, share in quality.items()}
    return SimulatedCountry(tuple(places), true, {place: counts[place] for place in places}, quality, grade, states)


def indicator_by_key() -> Mapping[str, Indicator]:
    """Return the indicators that count towards a force's overall grade, by key, with single-record indicators."""
    return {form.key: form for form in indicators()
            if form.holder == POLICE and form.better != "neither" and form.key not in COMPARED_ONLY
            and not is_shown_only(form)}  # fmt: skip


def _has_enough_records(key: str, records: int) -> bool:
    return records >= (1 if indicator_by_key()[key].record == "force" else MIN_TRUE_RECORDS)


def _sum_ladders(tables: Iterable[pa.Table]) -> dict[str, dict[str, Counts]]:
    """Sum met, not met and not known over the ladders by force and indicator, in the better direction."""
    found: dict[str, dict[str, Counter[str]]] = {}
    for row in (row for table in tables for row in table.to_pylist()):
        is_total = row["when_reported"] == ALL and row["place_code"] != EVERYWHERE and not row["not_askable"]
        if is_total and row["indicator"] in indicator_by_key():
            indicator_counter = found.setdefault(row["place_code"], {}).setdefault(row["indicator"], Counter())
            indicator_counter.update(
                {name: row[name] for name in ("met", "not_met", "not_known", "not_known_if_counted")}
            )
    return {
        place: {key: _wanted_counts(key, answer_counts) for key, answer_counts in indicator_counter.items()}
        for place, indicator_counter in found.items()
    }


def _wanted_counts(key: str, answer_counts: Mapping[str, int]) -> Counts:
    met, no = answer_counts["met"], answer_counts["not_met"]
    unknown = answer_counts["not_known"] + answer_counts["not_known_if_counted"]
    return (no, met, unknown) if indicator_by_key()[key].better == "lower" else (met, no, unknown)
