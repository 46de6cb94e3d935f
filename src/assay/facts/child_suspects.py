"""Which children are suspected of an offence while they are being exploited, and was that considered first?

The window of exploitation of a child, as one force's records show it: from the first day of the first crime against
them as a child to a year after the last day of the last one (`AFTER_DAYS`: our own choice). An offence of which they
are suspected lies within it by its first possible day, else by the day of its report.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside, days_between
from assay.facts.crime_base import BASE_REASONS
from assay.facts.crime_endings import CRIME
from assay.facts.event_parties import on_crimes
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import crimes_with_holes, with_answers
from assay.linkage.offence_dates import offence_days

AFTER_DAYS = 365
CONSIDERED, REFERRED = "exploitation_considered", "nrm_referral_made"
PERSON = ["force_code", "person_id"]
OWN = ["force_code", "stands_for"]
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "crime_ref", "person_id", "child_at_offence",
    "cancelled", "transferred", "offence_family", "outcome_family", "pending", "victim_then", "known_as_victim",
    "considered_first",
)  # fmt: skip


def child_suspects(
    held: Held, persons: ibis.Table, base: ibis.Table, crime: ibis.Table, steps: ibis.Table
) -> ibis.Table:
    """The table `child_suspect`, with `COLUMNS`: one row a person and crime, unless they were certainly grown up.

    `in_base`: the crime was recorded in the period, whatever it is. `victim_then`: the offence lies in their window of
    exploitation. `known_as_victim`: and a crime against them had been reported by the day of the decision.
    `outcome_family`: of what stands against them, else of the crime. `considered_first`: that their own exploitation
    was considered, or they were referred as a possible victim of slavery, stands on a day up to that of the decision.
    """
    rows = _suspects(held, persons, base, crime)
    rows = beside(rows, _windows(held, persons, base), PERSON)
    rows = beside(rows, _considered(steps), OWN)
    rows = beside(rows, _considered_of_nobody(steps), CRIME)
    rows = beside(rows, _referred(rows, steps), OWN)
    rows = beside(rows, crimes_with_holes(held), CRIME)
    rows = with_answers(rows, held, f"no_{CONSIDERED}_is_no", "involvements_complete")
    known = days_between(rows.first_reported, rows.decided_day) >= 0
    return rows.mutate(
        record_ref=rows.involvement_ref,
        in_base=rows.in_period,
        victim_then=_victim_then(rows),
        considered_first=_considered_first(rows),
        known_as_victim=ibis.cases((rows.window_first.isnull() & rows.involvements_complete, False), else_=known),
    ).select(*COLUMNS)


def _suspects(held: Held, persons: ibis.Table, base: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Each suspect of a crime once, but those who were grown up, with when it happened, what came of it and when."""
    rows = on_crimes(persons, "suspect")
    rows = rows.filter((rows.involvement_ref == rows.stands_for) & rows.child_at_offence.fill_null(True))
    rows = beside(rows, crime.select(*CRIME, "pending", of_crime="outcome_family"), CRIME)
    codes = held["outcomes"].select(suspect_outcome_code="code", of_suspect="family", open_still="closed")
    rows = beside(rows, codes, ["suspect_outcome_code"])
    rows = beside(rows, base.select(*CRIME, "outcome_at_day", "closed_at_day"), CRIME)
    rows = beside(rows, offence_days(held).select(*CRIME, "first_day"), CRIME)
    return rows.mutate(
        pending=ibis.coalesce(~rows.open_still, rows.pending),
        outcome_family=ibis.coalesce(rows.of_suspect, rows.of_crime),
        happened=ibis.coalesce(rows.first_day, rows.report_day),
        decided_day=ibis.coalesce(rows.outcome_at_day, rows.closed_at_day),
    )


def _windows(held: Held, persons: ibis.Table, base: ibis.Table) -> ibis.Table:
    """One row a person and force: window_first, window_last (of the last offence), first_reported."""
    rows = on_crimes(persons, "victim")
    rows = beside(rows, base.select(*CRIME, "scope_reason"), CRIME)
    rows = beside(rows, offence_days(held).select(*CRIME, "first_day", "last_day"), CRIME)
    rows = rows.filter(
        rows.child_at_offence.fill_null(False)
        & rows.scope_reason.isin(BASE_REASONS).fill_null(False)
        & ~rows.cancelled.fill_null(False)
        & ~rows.person_id.isnull()
    )
    return rows.group_by(PERSON).aggregate(
        window_first=ibis.coalesce(rows.first_day, rows.report_day).min(),
        window_last=ibis.coalesce(rows.last_day, rows.report_day).max(),
        first_reported=rows.report_day.min(),
    )


def _victim_then(rows: ibis.Table) -> ibis.Value:
    """Not known where a day is missing, where nobody knows who the suspect is, or where victims may not be sent."""
    inside = (days_between(rows.window_first, rows.happened) >= 0) & (
        days_between(rows.window_last, rows.happened) <= AFTER_DAYS
    )
    never = rows.window_first.isnull() & ~rows.person_id.isnull() & rows.involvements_complete
    return ibis.cases((never.fill_null(False), False), (~rows.window_first.isnull(), inside))


def _considered(steps: ibis.Table) -> ibis.Table:
    told = steps.filter((steps.kind == CONSIDERED) & ~steps.suspect_ref.isnull())
    told = told.select("force_code", "starts_day", stands_for="suspect_ref")
    return told.group_by(OWN).aggregate(considered_day=told.starts_day.min())


def _considered_of_nobody(steps: ibis.Table) -> ibis.Table:
    """Crimes on which it was considered of somebody whom the step does not name."""
    told = steps.filter((steps.kind == CONSIDERED) & steps.suspect_ref.isnull() & ~steps.crime_ref.isnull())
    return told.select(*CRIME).distinct().mutate(unclear=ibis.literal(True))


def _referred(rows: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """The first day, from the report of the offence on, on which the suspect was referred as a possible victim."""
    told = steps.filter((steps.kind == REFERRED) & ~steps.person_ref.isnull())
    told = told.select("force_code", "person_ref", referred="starts_day")
    both = rows.select(*OWN, "person_ref", "report_day").join(told, ["force_code", "person_ref"])
    both = both.filter(both.referred >= both.report_day)
    return both.group_by(OWN).aggregate(referred_day=both.referred.min())


def _considered_first(rows: ibis.Table) -> ibis.Value:
    first = ibis.least(rows.considered_day, rows.referred_day)
    absent = rows[f"no_{CONSIDERED}_is_no"] & ~rows.considered_holes.fill_null(False) & ~rows.unclear.fill_null(False)
    return ibis.cases((first.isnull(), any_true(first.isnull() & False, absent)), else_=first <= rows.decided_day)


def victims_as_children(held: Held, persons: ibis.Table, suspects: ibis.Table) -> ibis.Table:
    """The table `victim_as_child`: one row a force and person who was, as a child, victim of a crime of the base.
    `suspect_too`: in the period a crime was recorded of which they are suspected within their window;
    `unconsidered`: and of such a crime it was decided without their exploitation being considered first."""
    rows = on_crimes(persons, "victim")
    mine = rows.child_at_offence.fill_null(False) & rows.in_base.fill_null(False) & ~rows.cancelled.fill_null(False)
    rows = rows.filter(mine & ~rows.person_id.isnull())
    found = suspects.filter(suspects.in_period.fill_null(False) & ~suspects.person_id.isnull())
    found = found.filter(~found.cancelled.fill_null(False))
    theirs = found.victim_then & found.child_at_offence
    may_be = found.victim_then.fill_null(True) & found.child_at_offence.fill_null(True)
    unconsidered = ~found.considered_first & ~found.pending & found.known_as_victim
    found = found.group_by(PERSON).aggregate(
        any_suspect=theirs.fill_null(False).any(),
        any_unconsidered=(theirs & unconsidered).fill_null(False).any(),
        unsure=may_be.any(),
        unsure_considered=(may_be & unconsidered.fill_null(True)).any(),
    )
    children = beside(rows.group_by(PERSON).aggregate(country=rows.country.min()), found, PERSON)
    children = with_answers(children, held, "involvements_complete")
    whole = children.involvements_complete
    return children.select(
        "force_code",
        "country",
        "person_id",
        record_ref=children.person_id,
        in_period=ibis.literal(True),
        in_base=ibis.literal(True),
        suspect_too=any_true(children.any_suspect, whole & ~children.unsure.fill_null(False)),
        unconsidered=any_true(children.any_unconsidered, whole & ~children.unsure_considered.fill_null(False)),
    )
