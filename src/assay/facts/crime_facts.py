"""What is known of each crime: how many were in it, was a suspect identified, how it ended, and after how many days?"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside, days_between
from assay.facts.crime_endings import CRIME, with_endings
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import crimes_with_holes, extracted_day_of, with_answers
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


def crimes(held: Held, base: ibis.Table, persons: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """The table `crime`, with `COLUMNS`: one row a crime.

    Days are whole local days from the day of the report; missing if it has not happened by extraction.
    `days_to_cancelled`: until it was cancelled or another force accepted it. `suspect_count`: the most of those found
    and those that the victim or a witness spoke of.
    """
    rows = beside(base, _people(_with_own_outcome(persons, held)), CRIME)
    rows = with_answers(rows, held, "involvements_sent", "involvements_complete", "flags_complete")
    rows = beside(rows, crimes_with_holes(held), CRIME)
    rows = beside(rows, _marked(held), CRIME)
    rows = beside(rows, _identified(steps), CRIME)
    rows = with_endings(rows, steps, held)
    rows = _with_people(rows)
    rows = _with_flags(rows)
    return _with_days(rows, held).mutate(record_ref=rows.crime_ref).select(*COLUMNS)


def _with_own_outcome(persons: ibis.Table, held: Held) -> ibis.Table:
    """Persons with `own_charge`: the outcome that stands against them on this crime is a charge."""
    codes = held["outcomes"].select(suspect_outcome_code="code", own_charge="charged")
    return beside(persons, codes, ["suspect_outcome_code"])


def _people(persons: ibis.Table) -> ibis.Table:
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


def _with_people(rows: ibis.Table) -> ibis.Table:
    whole = rows.involvements_complete.fill_null(False) & ~rows.people_holes.fill_null(False)
    sent = rows.involvements_sent.fill_null(False)
    counts = {
        name: ibis.cases((sent, rows[f"{counted}_rows"].fill_null(0)))
        for name, counted in (("victims", "victim"), ("suspects", "suspect"), ("suspects_named", "named"))
    }
    rows = rows.mutate(**counts, people_whole=whole)
    has_victim = rows.victims > 0
    every_age = has_victim & ~rows.any_age_unknown & rows.people_whole
    every_then = has_victim & ~rows.any_then_unknown
    return rows.mutate(
        suspect_count=ibis.greatest(rows.suspects, rows.suspect_count_stated),
        suspect_identified=_suspect_identified(rows),
        child_at_offence=any_true(rows.any_child, every_age),
        when_reported=ibis.cases((rows.any_child_then, CHILD_WHEN_REPORTED), (every_then, ADULT_WHEN_REPORTED)),
    )


def _identified(steps: ibis.Table) -> ibis.Table:
    found = steps.filter((steps.kind == IDENTIFIED) & ~steps.crime_ref.isnull())
    return found.select(*CRIME).distinct().mutate(identified_event=ibis.literal(True))


def _suspect_identified(rows: ibis.Table) -> ibis.Value:
    """True if a suspect is named or an event says so. False if every suspect is on the list and none is named.

    Not known where the outcome that stands says that one was identified and none is named (rule R51).
    """
    named = (rows.suspects_named > 0).fill_null(False) | rows.identified_event.fill_null(False)
    said_otherwise = rows.outcome_identified.fill_null(False)
    nobody = rows.people_whole & (rows.unsure_rows.fill_null(0) == 0) & ~said_otherwise & ~rows.outcome_code_aside
    return any_true(named, nobody)


def _marked(held: Held) -> ibis.Table:
    """Which marks a crime bears or ever bore."""
    flags = held["flags"].filter(~held["flags"].crime_ref.isnull())
    return flags.group_by(CRIME).aggregate(
        **{f"any_{name}": (flags.flag == flag).any() for name, flag in FLAGS.items()}
    )


def _with_flags(rows: ibis.Table) -> ibis.Table:
    no_mark_is_no = rows.flags_complete.fill_null(False) & ~rows.flag_holes.fill_null(False)
    return rows.mutate(**{name: any_true(rows[f"any_{name}"], no_mark_is_no) for name in FLAGS})


def _with_days(rows: ibis.Table, held: Held) -> ibis.Table:
    """Days from the report to each ending. An ending on a day before the report is not known (rules R41, R43).

    What ends a wait stands in `crimes` and in `events`: it is seen up to the earlier of their extractions. What the
    other table tells of later days had not happened by then.
    """
    rows = beside(rows, extracted_day_of(held, "crimes", "events"), ["force_code"])
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
    answered = _answered(rows)
    rows = rows.mutate(ends_known=in_order & answered)
    seen = rows.days_seen
    return rows.mutate(**{name: ibis.cases(((rows[name] >= 0) & (rows[name] <= seen), rows[name])) for name in days})


def _answered(rows: ibis.Table) -> ibis.Value:
    """Is it known of every ending whether it came, and if it came on which day?"""
    told = ~rows.charged.isnull() & ~rows.closed.isnull() & ~rows.cancelled.isnull() & ~rows.transferred.isnull()
    dated = (
        (~rows.charged | ~rows.charged_day.isnull())
        & (~rows.closed | ~rows.closed_day.isnull())
        & (~rows.transferred | ~rows.left_day.isnull())
    )
    return told & dated.fill_null(False)
