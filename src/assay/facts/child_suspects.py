"""Children suspected of offences while they were exploited, and whether their exploitation was considered first.

The window of exploitation of a child who was a victim or bears a flag, as one force's records show it: from the first
known sign to a year after the last (`AFTER_DAYS`: our own choice). Signs are a crime against them as a child, its
report, a flag, a missing episode, and a referral of a partner: a crime is often recorded long after exploitation began.
An offence of which they are suspected lies within the window by its first possible day, else by the day of its report.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, days_between, left_join, union_all
from assay.facts.crime_base import BASE_REASONS
from assay.facts.crime_endings import CRIME
from assay.facts.event_parties import entries_on_crimes
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_supply_indicators, crime_gaps
from assay.facts.known_children import exploitation_flags_by_child
from assay.facts.list_spells import signs_of_risk
from assay.linkage.offence_dates import offence_days

AFTER_DAYS = 365
CONSIDERED, REFERRED = "exploitation_considered", "nrm_referral_made"
PERSON = ["force_code", "person_id"]
MAIN_ENTRY_KEY = ["force_code", "stands_for"]
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "crime_ref", "person_id", "child_at_offence",
    "cancelled", "transferred", "offence_family", "outcome_family", "pending", "victim_then", "known_as_victim",
    "considered_first",
)  # fmt: skip


def child_suspects(
    tables: Tables, persons: ibis.Table, crimes: tuple[ibis.Table, ibis.Table], episodes: ibis.Table, steps: ibis.Table
) -> ibis.Table:
    """Return the table `child_suspect`: one row for each suspect of a crime, except those who were certainly adults.

    The columns are `COLUMNS`. `in_base`: the crime, of any kind, was recorded in the period. `victim_then`: the offence
    is in the child's window of exploitation. `known_as_victim`: in addition, by the day of the decision a crime against
    the child had been reported or a flag had been set. `outcome_family`: from the suspect's own outcome, otherwise from
    that of the crime. `considered_first`: by the day of the decision there is a record that the child's exploitation
    was considered, or that they were referred as a possible victim of slavery. `crimes`: base and facts of crimes.
    """
    base, crime = crimes
    rows = _suspects(tables, persons, base, crime)
    rows = left_join(rows, _exploitation_windows(tables, persons, crimes, episodes), PERSON)
    rows = left_join(rows, _considered_days(steps), MAIN_ENTRY_KEY)
    rows = left_join(rows, _crimes_with_unclear_consideration(steps), CRIME)
    rows = left_join(rows, _referral_days(rows, steps), MAIN_ENTRY_KEY)
    rows = left_join(rows, crime_gaps(tables), CRIME)
    rows = add_supply_indicators(rows, tables, f"no_{CONSIDERED}_is_no", "involvements_complete", "flags_complete")
    is_known = days_between(rows.first_reported, rows.decided_day) >= 0
    return rows.mutate(
        record_ref=rows.involvement_ref,
        in_base=rows.in_period,
        victim_then=_was_victim_at_offence(rows),
        considered_first=_considered_first(rows),
        known_as_victim=ibis.cases((_is_no_victim(rows), False), else_=is_known),
    ).select(*COLUMNS)


def _suspects(tables: Tables, persons: ibis.Table, base: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Return each suspect of a crime once, without adults, with the time and outcome of the crime."""
    rows = entries_on_crimes(persons, "suspect")
    rows = rows.filter((rows.involvement_ref == rows.stands_for) & rows.child_at_offence.fill_null(True))
    rows = left_join(rows, crime.select(*CRIME, "pending", of_crime="outcome_family"), CRIME)
    codes = tables["outcomes"].select(suspect_outcome_code="code", of_suspect="family", open_still="closed")
    rows = left_join(rows, codes, ["suspect_outcome_code"])
    rows = left_join(rows, base.select(*CRIME, "outcome_at_day", "closed_at_day"), CRIME)
    rows = left_join(rows, offence_days(tables).select(*CRIME, "first_day"), CRIME)
    return rows.mutate(
        pending=ibis.coalesce(~rows.open_still, rows.pending),
        outcome_family=ibis.coalesce(rows.of_suspect, rows.of_crime),
        happened=ibis.coalesce(rows.first_day, rows.report_day),
        decided_day=ibis.coalesce(rows.outcome_at_day, rows.closed_at_day),
    )


def _exploitation_windows(
    tables: Tables, persons: ibis.Table, crimes: tuple[ibis.Table, ibis.Table], episodes: ibis.Table
) -> ibis.Table:
    """Return one row for each person and force: window_first, window_last (of the last sign), first_reported."""
    base, crime = crimes
    offences = _days_against_children(tables, persons, base)
    flag_rows = exploitation_flags_by_child(tables, persons, crime, episodes)
    flags = flag_rows.select(*PERSON, first_day="day", last_day="day", known_day="day")
    exploited = union_all([offences, flags])
    children = exploited.group_by(PERSON).aggregate(
        opened=exploited.first_day.min(), closed=exploited.last_day.max(), first_reported=exploited.known_day.min()
    )
    sign_rows = signs_of_risk(tables, persons, crime, episodes)
    signs = sign_rows.group_by(PERSON).aggregate(sign_first=sign_rows.day.min(), sign_last=sign_rows.day.max())
    rows = left_join(children, signs, PERSON)
    return rows.select(
        *PERSON,
        "first_reported",
        window_first=ibis.least(rows.opened, ibis.coalesce(rows.sign_first, rows.opened)),
        window_last=ibis.greatest(rows.closed, ibis.coalesce(rows.sign_last, rows.closed)),
    )


def _days_against_children(tables: Tables, persons: ibis.Table, base: ibis.Table) -> ibis.Table:
    """Return one row for each crime against a child: first_day, last_day, and the day of its report (known_day)."""
    rows = entries_on_crimes(persons, "victim")
    rows = left_join(rows, base.select(*CRIME, "scope_reason"), CRIME)
    rows = left_join(rows, offence_days(tables).select(*CRIME, "first_day", "last_day"), CRIME)
    rows = rows.filter(
        rows.child_at_offence.fill_null(False)
        & rows.scope_reason.isin(BASE_REASONS).fill_null(False)
        & ~rows.cancelled.fill_null(False)
        & ~rows.person_id.isnull()
    )
    return rows.select(
        *PERSON,
        first_day=ibis.coalesce(rows.first_day, rows.report_day),
        last_day=ibis.coalesce(rows.last_day, rows.report_day),
        known_day=rows.report_day,
    )


def _was_victim_at_offence(rows: ibis.Table) -> ibis.Value:
    """Return whether the offence is in the window of exploitation; missing if a day, person or table is."""
    is_in_window = (days_between(rows.window_first, rows.happened) >= 0) & (
        days_between(rows.window_last, rows.happened) <= AFTER_DAYS
    )
    return ibis.cases((_is_no_victim(rows), False), (~rows.window_first.isnull(), is_in_window))


def _is_no_victim(rows: ibis.Table) -> ibis.Value:
    is_no_victim = rows.window_first.isnull() & ~rows.person_id.isnull() & rows.involvements_complete
    return (is_no_victim & rows.flags_complete).fill_null(False)


def _considered_days(steps: ibis.Table) -> ibis.Table:
    considered_steps = steps.filter((steps.kind == CONSIDERED) & ~steps.suspect_ref.isnull())
    considered_steps = considered_steps.select("force_code", "starts_day", stands_for="suspect_ref")
    return considered_steps.group_by(MAIN_ENTRY_KEY).aggregate(considered_day=considered_steps.starts_day.min())


def _crimes_with_unclear_consideration(steps: ibis.Table) -> ibis.Table:
    """Return the crimes with a consideration of exploitation that names no suspect."""
    unclear_steps = steps.filter((steps.kind == CONSIDERED) & steps.suspect_ref.isnull() & ~steps.crime_ref.isnull())
    return unclear_steps.select(*CRIME).distinct().mutate(unclear=ibis.literal(True))


def _referral_days(rows: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """The first day, from the report of the offence on, on which the suspect was referred as a possible victim."""
    referral_steps = steps.filter((steps.kind == REFERRED) & ~steps.person_ref.isnull())
    referral_steps = referral_steps.select("force_code", "person_ref", referred="starts_day")
    later_referrals = rows.select(*MAIN_ENTRY_KEY, "person_ref", "report_day").join(
        referral_steps, ["force_code", "person_ref"]
    )
    later_referrals = later_referrals.filter(later_referrals.referred >= later_referrals.report_day)
    return later_referrals.group_by(MAIN_ENTRY_KEY).aggregate(referred_day=later_referrals.referred.min())


def _considered_first(rows: ibis.Table) -> ibis.Value:
    first = ibis.least(rows.considered_day, rows.referred_day)
    is_absent = (
        rows[f"no_{CONSIDERED}_is_no"] & ~rows.considered_holes.fill_null(False) & ~rows.unclear.fill_null(False)
    )
    return ibis.cases((first.isnull(), any_true(first.isnull() & False, is_absent)), else_=first <= rows.decided_day)


def victims_as_children(
    tables: Tables, persons: ibis.Table, crime: ibis.Table, flags: ibis.Table, suspects: ibis.Table
) -> ibis.Table:
    """Return the table `victim_as_child`: one row for each force and child who was a victim or flagged as exploited.

    A child has a row if a crime of the base was committed against them, or if their exploitation was flagged in the
    period. `marked`: a flag was in force in the period, or a crime against them with the flag or title of exploitation
    was recorded in it; flags that were not sent are not known. `suspect_too`: in the period a crime was recorded of
    which the child is suspected within their window of exploitation. `unconsidered`: such a crime was decided without
    considering their exploitation first. `flags` is the table `flag`.
    """
    rows = _victims_and_marked(persons, crime, flags)
    suspected = suspects.filter(suspects.in_period.fill_null(False) & ~suspects.person_id.isnull())
    suspected = suspected.filter(~suspected.cancelled.fill_null(False))
    is_suspect = suspected.victim_then & suspected.child_at_offence
    may_be_suspect = suspected.victim_then.fill_null(True) & suspected.child_at_offence.fill_null(True)
    unconsidered = ~suspected.considered_first & ~suspected.pending & suspected.known_as_victim
    suspected = suspected.group_by(PERSON).aggregate(
        any_suspect=is_suspect.fill_null(False).any(),
        any_unconsidered=(is_suspect & unconsidered).fill_null(False).any(),
        unsure=may_be_suspect.any(),
        unsure_considered=(may_be_suspect & unconsidered.fill_null(True)).any(),
    )
    children = left_join(
        rows.group_by(PERSON).aggregate(country=rows.country.min(), marked=rows.marked.any()), suspected, PERSON
    )
    children = add_supply_indicators(children, tables, "involvements_complete")
    is_complete = children.involvements_complete
    return children.select(
        "force_code",
        "country",
        "person_id",
        "marked",
        record_ref=children.person_id,
        in_period=ibis.literal(True),
        in_base=ibis.literal(True),
        suspect_too=any_true(children.any_suspect, is_complete & ~children.unsure.fill_null(False)),
        unconsidered=any_true(children.any_unconsidered, is_complete & ~children.unsure_considered.fill_null(False)),
    )


def _victims_and_marked(persons: ibis.Table, crime: ibis.Table, flags: ibis.Table) -> ibis.Table:
    """Return one row for each victim of a crime of the base as a child, and for each flag in force in the period.

    The columns are force_code, person_id, country and marked.
    """
    rows = entries_on_crimes(persons, "victim")
    is_included = (
        rows.child_at_offence.fill_null(False) & rows.in_base.fill_null(False) & ~rows.cancelled.fill_null(False)
    )
    rows = rows.filter(is_included & ~rows.person_id.isnull()).select(*PERSON, "crime_ref", "country")
    mark = (crime.cse_flagged | crime.group_flagged | crime.cse_titled).fill_null(False)
    rows = left_join(rows, crime.select(*CRIME, marked=mark), CRIME)
    victims = rows.select(*PERSON, "country", marked=rows.marked.fill_null(False))
    child_flags = flags.filter(flags.in_base.fill_null(False) & ~flags.person_id.isnull())
    return union_all([victims, child_flags.select(*PERSON, "country", marked=ibis.literal(True))])
