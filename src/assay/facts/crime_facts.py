"""Facts of each crime: victims, suspects, flags, outcome, and days from the report to each step."""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, days_between, left_join
from assay.facts.crime_endings import CRIME, add_crime_endings
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_supply_indicators, crime_gaps, extraction_days
from assay.facts.involved_persons import ADULT_WHEN_REPORTED, CHILD_WHEN_REPORTED

IDENTIFIED = "suspect_identified"
FLAGS = {"cse_flagged": "cse", "csa_flagged": "csa", "group_flagged": "group_cse"}
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "crime_ref", "scope_reason", "in_base", "offence_code",
    "offence_family", "cse_titled", "report_day", "recorded_day", "recorded_month", "cancelled", "transferred",
    "closed", "outcome_code", "outcome_family", "charged", "pending", "victims", "suspects", "suspects_named",
    IDENTIFIED, "child_at_offence", "when_reported", "cse_flagged", "csa_flagged", "group_flagged", "suspect_count",
    "contact_offence", "report_day_known", "days_to_charged", "days_to_closed", "days_to_cancelled", "days_seen",
    "ends_known",
)  # fmt: skip


def crime_facts(tables: Tables, base: ibis.Table, persons: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Return the table `crime`, with `COLUMNS`: one row for each crime.

    Days are whole local days from the day of the report; missing if the event has not happened by extraction.
    `days_to_cancelled`: until the crime was cancelled or another force accepted it. `suspect_count`: the larger of the
    number of recorded suspects and the number that the victim or a witness stated. If no victim or suspect of the crime
    is recorded as a person, the numbers in the crime record are used.
    """
    rows = left_join(base, _person_counts(_add_own_charge(persons, tables)), CRIME)
    rows = add_supply_indicators(rows, tables, "involvements_sent", "involvements_complete", "flags_complete")
    rows = left_join(rows, crime_gaps(tables), CRIME)
    rows = left_join(rows, _crime_flags(tables), CRIME)
    rows = left_join(rows, _identified_by_event(steps), CRIME)
    rows = add_crime_endings(rows, steps, tables)
    rows = _add_person_facts(rows)
    rows = _add_flags(rows)
    return _add_days(rows, tables).mutate(record_ref=rows.crime_ref).select(*COLUMNS)


def _add_own_charge(persons: ibis.Table, tables: Tables) -> ibis.Table:
    """Persons with `own_charge`: their own outcome on this crime is a charge."""
    codes = tables["outcomes"].select(suspect_outcome_code="code", own_charge="charged")
    return left_join(persons, codes, ["suspect_outcome_code"])


def _person_counts(persons: ibis.Table) -> ibis.Table:
    """Counts of a crime's persons by part and by what is known of them."""
    rows = persons.filter(~persons.crime_ref.isnull())
    victim, suspect = rows.role == "victim", rows.role == "suspect"
    return rows.group_by(CRIME).aggregate(
        victim_rows=rows.person_id.nunique(where=victim),
        suspect_rows=rows.person_id.nunique(where=suspect),
        named_rows=rows.person_id.nunique(where=suspect & (rows.suspect_known_as == "named")),
        suspect_charged_row=(suspect & rows.own_charge).fill_null(False).any(),
        unsure_rows=suspect.cast("int64").sum(where=rows.suspect_known_as.isnull()),
        any_child=(victim & rows.child_at_offence).fill_null(False).any(),
        any_age_unknown=(victim & rows.child_at_offence.isnull()).any(),
        any_child_then=(victim & (rows.when_reported == CHILD_WHEN_REPORTED)).fill_null(False).any(),
        any_then_unknown=(victim & rows.when_reported.isnull()).any(),
    )


def _add_person_facts(rows: ibis.Table) -> ibis.Table:
    is_complete = rows.involvements_complete.fill_null(False) & ~rows.people_holes.fill_null(False)
    is_supplied = rows.involvements_sent.fill_null(False)
    counts = {
        name: ibis.cases((is_supplied, rows[f"{row_kind}_rows"].fill_null(0)))
        for name, row_kind in (("victims", "victim"), ("suspects", "suspect"), ("suspects_named", "named"))
    }
    rows = rows.mutate(**counts, people_whole=is_complete)
    rows = rows.mutate(
        victims=_number_on_record(rows.victims, rows.victims_on_record),
        suspects_counted=_number_on_record(rows.suspects, rows.suspects_on_record),
    )
    has_victim = (rows.victim_rows > 0).fill_null(False)
    has_every_age = has_victim & ~rows.any_age_unknown & rows.people_whole
    has_every_report_age = has_victim & ~rows.any_then_unknown
    return rows.mutate(
        suspect_count=ibis.greatest(rows.suspects_counted, rows.suspect_count_stated),
        suspect_identified=_is_suspect_identified(rows),
        child_at_offence=any_true(rows.any_child, has_every_age),
        when_reported=ibis.cases(
            (rows.any_child_then, CHILD_WHEN_REPORTED), (has_every_report_age, ADULT_WHEN_REPORTED)
        ),
    )


def _number_on_record(found: ibis.Value, on_record: ibis.Value) -> ibis.Value:
    """Return how many people were found; what the crime record says where none was."""
    return ibis.ifelse(found.fill_null(0) == 0, ibis.coalesce(on_record, found), found)


def _identified_by_event(steps: ibis.Table) -> ibis.Table:
    found = steps.filter((steps.kind == IDENTIFIED) & ~steps.crime_ref.isnull())
    return found.select(*CRIME).distinct().mutate(identified_event=ibis.literal(True))


def _is_suspect_identified(rows: ibis.Table) -> ibis.Value:
    """Return True if a suspect is named or an event says so, and False if all suspects are recorded and none is named.

    If no suspect is recorded, the answer in the crime record counts. Not known if the outcome says that a suspect was
    identified and none is named (rule R51).
    """
    has_no_suspect = rows.suspects.fill_null(0) == 0
    is_identified = (rows.suspects_named > 0).fill_null(False) | rows.identified_event.fill_null(False)
    is_identified = is_identified | (has_no_suspect & rows.identified_on_record).fill_null(False)
    outcome_contradicts = rows.outcome_identified.fill_null(False)
    is_denied = (has_no_suspect & ~rows.identified_on_record).fill_null(False)
    is_nobody_named = rows.people_whole & (rows.unsure_rows.fill_null(0) == 0)
    is_nobody_identified = (is_nobody_named | is_denied) & ~outcome_contradicts & ~rows.outcome_code_aside
    return any_true(is_identified, is_nobody_identified)


def _crime_flags(tables: Tables) -> ibis.Table:
    """Return which flags a crime has or had."""
    flags = tables["flags"].filter(~tables["flags"].crime_ref.isnull())
    return flags.group_by(CRIME).aggregate(
        **{f"any_{name}": (flags.flag == flag).any() for name, flag in FLAGS.items()}
    )


def _add_flags(rows: ibis.Table) -> ibis.Table:
    is_absence_certain = rows.flags_complete.fill_null(False) & ~rows.flag_holes.fill_null(False)
    return rows.mutate(**{name: any_true(rows[f"any_{name}"], is_absence_certain) for name in FLAGS})


def _add_days(rows: ibis.Table, tables: Tables) -> ibis.Table:
    """Return days from the report to each ending. An ending on a day before the report is not known (rules R41, R43).

    The endings of a wait are in `crimes` and in `events`, so follow-up ends at the earlier of their extractions; later
    entries of the other table had not happened by then.
    """
    rows = left_join(rows, extraction_days(tables, "crimes", "events"), ["force_code"])
    days = {
        name: days_between(rows.report_day, rows[day])
        for name, day in (
            ("days_to_charged", "charged_day"),
            ("days_to_closed", "closed_day"),
            ("days_to_cancelled", "left_day"),
            ("days_seen", "extracted_day"),
        )
    }
    rows = rows.mutate(**days, report_day_known=~rows.report_day.isnull())
    in_order = ibis.literal(True)
    for name in days:
        in_order = in_order & (rows[name] >= 0).fill_null(True)
    are_endings_known = _are_endings_known(rows)
    rows = rows.mutate(ends_known=in_order & are_endings_known)
    days_seen = rows.days_seen
    return rows.mutate(
        **{name: ibis.cases(((rows[name] >= 0) & (rows[name] <= days_seen), rows[name])) for name in days}
    )


def _are_endings_known(rows: ibis.Table) -> ibis.Value:
    """Return True if it is known whether each ending happened, and on which day."""
    are_endings_stated = (
        ~rows.charged.isnull() & ~rows.closed.isnull() & ~rows.cancelled.isnull() & ~rows.transferred.isnull()
    )
    are_endings_dated = (
        (~rows.charged | ~rows.charged_day.isnull())
        & (~rows.closed | ~rows.closed_day.isnull())
        & (~rows.transferred | ~rows.left_day.isnull())
    )
    return are_endings_stated & are_endings_dated.fill_null(False)
