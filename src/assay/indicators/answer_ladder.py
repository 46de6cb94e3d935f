"""Assign each record its answer to an indicator: the first answer, in a fixed order, whose condition is true.

    outside                 the record is not in the population
    left out                an exclusion is true; the first such reason is kept
    not known if counted    population or exclusion cannot be decided from the record
    met, not met            according to the condition
    not known               the condition cannot be decided from the record

Every record is on exactly one rung, so *outside* and the five answers add up to the table. Everything here is an Ibis
expression; one statement evaluates an indicator, or counts a wait, for all forces and splits at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assay.errors import DefinitionError, UsageError
from assay.indicators.conditions import Condition, unknown_column
from assay.indicators.indicator_forms import NOT_KNOWN, SPLITS, Indicator, Wait

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir

OUTSIDE, EXCLUDED, UNKNOWN_IF_COUNTED = "outside", "left out", "not known if counted"
MET, NOT_MET = "met", "not met"
ANSWERS = (OUTSIDE, EXCLUDED, UNKNOWN_IF_COUNTED, MET, NOT_MET, NOT_KNOWN)
ALL = "all"  # the split of a form without one
Rung = tuple[str, str]  # answer, reason


def count_column(answer: str) -> str:
    """Return the column with the number of records that have the answer: "not_met" for "not met"."""
    return "excluded" if answer == EXCLUDED else answer.replace(" ", "_")


def add_answers(indicator: Indicator, table: ibis.Table) -> ibis.Table:
    """Return the table with two more columns: `answer` (one of ANSWERS) and `reason` (key of the exclusion, or "")."""
    return add_rung_names(table.mutate(rung=rung_number(indicator, table)), rungs(indicator))


def count_rungs(indicator: Indicator, table: ibis.Table) -> ibis.Table:
    """Count the records by answer of the ladder: force_code, split, answer, reason, records.

    A record whose split is missing is counted under "not known". Rungs without a record have no row.
    """
    record_rungs = table.select(
        force_code=table.force_code, split=split_column(indicator, table), rung=rung_number(indicator, table)
    )
    rung_counts = record_rungs.group_by("force_code", "split", "rung").aggregate(records=record_rungs.count())
    return add_rung_names(rung_counts, rungs(indicator))[["force_code", "split", "answer", "reason", "records"]]


def count_records(table: ibis.Table) -> ibis.Table:
    """Count the records of each force in a table; the answer counts of every indicator must add up to this number."""
    return table.group_by("force_code").aggregate(records=table.count())


def select_cases(indicator: Indicator, table: ibis.Table, force_code: str, answer: str, reason: str = "") -> ibis.Table:
    """Return the records of one force with a given answer (and reason, if excluded): the evidence for a figure."""
    if answer not in ANSWERS:
        raise UsageError(f"No record can have the answer {answer!r}: choose one of {', '.join(ANSWERS)}.")
    found = add_answers(indicator, table.filter(table.force_code == force_code))
    selected = found.filter(found.answer == answer)
    return selected.filter(selected.reason == reason) if reason else selected


def rungs(form: Indicator | Wait) -> tuple[Rung, ...]:
    """Return each (answer, reason) of an answer ladder in the order tested; for a waiting time, up to 'counted'."""
    top = ((OUTSIDE, ""), *((EXCLUDED, reason) for reason in form.excluding), (UNKNOWN_IF_COUNTED, ""))
    return (*top, (MET, ""), (NOT_MET, ""), (NOT_KNOWN, "")) if isinstance(form, Indicator) else top


def rung_number(indicator: Indicator, table: ibis.Table) -> ir.IntegerValue:
    """Return, for each record, the index (from 0, as in `rungs`) of the first answer whose condition is true."""
    import ibis

    met = Condition(indicator.met).ibis(table)
    branches = counting_rungs(indicator, table)
    first = len(branches)
    branches += [(met, ibis.literal(first)), (~met, ibis.literal(first + 1))]
    return ibis.cases(*branches, else_=ibis.literal(first + 2))


def counting_rungs(form: Indicator | Wait, table: ibis.Table) -> list[tuple[Any, Any]]:
    """Return the first steps of an answer ladder, which decide whether a record counts, as branches of SQL CASE.

    These are outside, left out, and not known if counted.
    """
    import ibis

    population = Condition(form.population).ibis(table)
    excluded = [Condition(text).ibis(table) for text in form.excluding.values()]
    unknown = population.isnull()
    for condition in excluded:
        unknown = unknown | condition.isnull()
    tests = [~population, *excluded, unknown]
    return [(test, ibis.literal(place)) for place, test in enumerate(tests)]


def add_rung_names(table: ibis.Table, steps: Sequence[Rung]) -> ibis.Table:
    """Replace the index of the answer by the name of the answer and the reason for exclusion."""
    import ibis

    answer = ibis.cases(*((table.rung == place, name) for place, (name, _) in enumerate(steps)))
    reasons = [(table.rung == place, reason) for place, (_, reason) in enumerate(steps) if reason]
    reason = ibis.cases(*reasons, else_="") if reasons else ibis.literal("")
    return table.mutate(answer=answer, reason=reason).drop("rung")


def split_column(form: Indicator | Wait, table: ibis.Table) -> ir.StringValue:
    """Return the group of each record in the split: its value, 'not known' if missing, or 'all' without a split."""
    import ibis

    if not form.split:
        return ibis.literal(ALL)
    if form.split not in SPLITS:
        raise DefinitionError(f"{form.key} cannot be split by {form.split!r}: choose one of {', '.join(SPLITS)}.")
    if form.split not in table.columns:
        raise DefinitionError(f"In the split of {form.key}: {unknown_column(form.split, table.columns)}")
    return table[form.split].coalesce(ibis.literal(NOT_KNOWN))
