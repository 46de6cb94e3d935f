"""Investigation steps of each crime: waiting times, including those of device examinations, and steps not taken before
the case closed.

One row is one crime. The first step of each kind after the report counts; its absence is known only if all such steps
are sent. A step on a day before the report is not known, because the records are contradictory (rules R41, R43).
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, days_between, left_join
from assay.facts.case_steps import duplicate_event_refs
from assay.facts.crime_endings import CRIME
from assay.facts.detected_groups import REFERRED_TO_REVIEW, is_closed_without_action
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import absence_means_no, add_supply_indicators, crime_gaps, extraction_days
from assay.facts.wait_limits import ended_otherwise, limit_columns

ARREST_OR_INTERVIEW = ("suspect_arrested", "suspect_interviewed_under_caution")
LINE_RAISED, LINE_CLOSED = "line_of_enquiry_raised", "line_of_enquiry_closed"
REVIEW, PLAN = "supervisor_review", "investigation_plan_set"
WAIT_KINDS = {
    "account": ("account_taken", "abe_interview_done"),
    "arrest": ("suspect_arrested",),
    "advice": ("early_advice_requested",),
    "file": ("file_submitted",),
}
"""The kinds of step that end each wait; the first of them counts."""
CLOSURE_CHECKS = {
    "met": ARREST_OR_INTERVIEW,
    "review": (REVIEW,),
    "plan": (PLAN,),
    "lines": (LINE_CLOSED,),
    "referral": (REFERRED_TO_REVIEW,),
}
"""Checks on a closed crime: was the step taken before closure, and was the closed case referred to a review?"""
KINDS = (
    *dict.fromkeys(kind for kinds in (*WAIT_KINDS.values(), *CLOSURE_CHECKS.values()) for kind in kinds),
    LINE_RAISED,
)
SPECIALIST_TEAMS = ("exploitation", "child_abuse", "sexual_offences", "online_abuse", "public_protection_other")
RECENT_DAYS = 91
PEOPLE_TABLE = ("table involvements",)
CRIME_COLUMNS = (
    "country", "in_period", "in_base", "cancelled", "transferred", "closed", "charged", "outcome_family",
    "offence_family", "when_reported", "cse_flagged", "report_day_known", "days_to_charged", "days_to_closed",
    "days_to_cancelled", "days_seen", "ends_known",
)  # fmt: skip
COLUMNS = (
    "force_code", "record_ref", "crime_ref", *CRIME_COLUMNS, "named_suspect", "recent_and_open", "closed_no_further",
    *(name for key in WAIT_KINDS for name in (f"days_to_{key}", f"{key}_known")), "days_to_closed_uncharged",
    "early_advice", "suspect_met_first", "reviewed", "planned", "line_raised", "lines_ended", "referred_for_review",
    "several_suspects",
    "lead_trained", "team_kind", "specialist_team",
)  # fmt: skip


def investigation_facts(tables: Tables, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Return the table `investigation`, with `COLUMNS`: one row for each crime.

    `suspect_met_first`, `reviewed`, `planned` and `lines_ended` refer to crimes closed with no further action, on or
    before the day of closing. `lines_ended`: every line of enquiry raised by then had ended. `referred_for_review`:
    such a crime was referred to a review of closed group cases, at any time. `several_suspects`: two or more, known or
    not. `recent_and_open`: reported within 13 weeks of extraction, and not known to be closed. `team_kind`: of the team
    that has the crime, or had it at closing.
    """
    rows = crime.select(*CRIME, *CRIME_COLUMNS, "suspects_named", "suspect_count")
    rows = rows.mutate(closed_no_further=is_closed_without_action(rows))
    crime_details = tables["crimes"].select(*CRIME, "investigating_team", "lead_trained")
    rows = left_join(rows, crime_details, CRIME)
    kind_groups = {**WAIT_KINDS, **CLOSURE_CHECKS}
    rows = add_supply_indicators(
        rows,
        tables,
        "involvements_complete",
        *sorted({f"no_{kind}_is_no" for kinds in kind_groups.values() for kind in kinds}),
    )
    gap_kinds = {f"{key}_holes": kinds for key, kinds in kind_groups.items()} | {"people_holes": PEOPLE_TABLE}
    rows = left_join(rows, crime_gaps(tables, gap_kinds), CRIME)
    rows = left_join(rows, _days_to_first_steps(crime, steps), CRIME)
    rows = left_join(rows, _lines_of_enquiry(tables, crime, steps), CRIME)
    absent = {key: absence_means_no(rows, key, kinds) for key, kinds in kind_groups.items()}
    day_facts = {f"days_to_{key}": _observed_days(rows, f"{key}_days") for key in WAIT_KINDS}
    known_facts = {f"{key}_known": absent[key] & rows.ends_known & ~(rows[f"{key}_days"] < 0).fill_null(False)
             for key in WAIT_KINDS}  # fmt: skip
    closed_without_action = rows.closed_no_further
    check_facts = {
        name: ibis.cases((closed_without_action, any_true(rows[f"{key}_days"] <= rows.days_to_closed, absent[key])))
        for name, key in (("suspect_met_first", "met"), ("reviewed", "review"), ("planned", "plan"))
    }
    return rows.mutate(
        **day_facts,
        **known_facts,
        **check_facts,
        record_ref=rows.crime_ref,
        named_suspect=rows.suspects_named > 0,
        recent_and_open=(rows.days_seen < RECENT_DAYS) & ~rows.closed.fill_null(False),
        days_to_closed_uncharged=ibis.cases((~rows.charged, rows.days_to_closed)),
        early_advice=any_true(~rows.advice_days.isnull(), absent["advice"]),
        several_suspects=_has_several_suspects(rows),
        line_raised=rows.lines_raised.fill_null(0) > 0,
        lines_ended=ibis.cases(
            (~closed_without_action.fill_null(False), None),
            (rows.lines_open.fill_null(0) == 0, True),
            (absent["lines"], False),
        ),
        referred_for_review=ibis.cases(
            (closed_without_action, any_true(~rows.referral_days.isnull(), absent["referral"]))
        ),
        team_kind=rows.investigating_team,
        specialist_team=rows.investigating_team.isin(SPECIALIST_TEAMS),
    ).select(*COLUMNS)


def _has_several_suspects(rows: ibis.Table) -> ibis.Value:
    """Return True if two or more suspects are recorded or stated; False only if every person was sent."""
    are_people_complete = rows.involvements_complete.fill_null(False) & ~rows.people_holes.fill_null(False)
    return any_true(rows.suspect_count > 1, are_people_complete & (rows.suspect_count <= 1).fill_null(False))


def _observed_days(rows: ibis.Table, name: str) -> ibis.Value:
    return ibis.cases(((rows[name] >= 0) & (rows[name] <= rows.days_seen), rows[name]))


def _days_to_first_steps(crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Return one row for each crime with such a step: days from the report to the first of each."""
    step_days = steps.filter(steps.kind.isin(KINDS) & ~steps.crime_ref.isnull()).select(*CRIME, "kind", "starts_day")
    dated_steps = step_days.join(crime.select(*CRIME, "report_day"), CRIME)
    dated_steps = dated_steps.mutate(days=days_between(dated_steps.report_day, dated_steps.starts_day))
    return dated_steps.group_by(CRIME).aggregate(
        **{
            f"{key}_days": dated_steps.days.min(where=dated_steps.kind.isin(kinds))
            for key, kinds in {**WAIT_KINDS, **CLOSURE_CHECKS}.items()
        },
    )


def _lines_of_enquiry(tables: Tables, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Return for each crime the number of lines of enquiry raised by its closing, and of those without an end by then.

    A line that was sent twice counts once, and ends if an end names any of its references.
    """
    raised_lines = steps.filter((steps.kind == LINE_RAISED) & ~steps.crime_ref.isnull())
    raised_lines = raised_lines.select(*CRIME, line_ref="step_ref", raised_day="starts_day")
    closed_lines = steps.filter((steps.kind == LINE_CLOSED) & ~steps.about_event_ref.isnull())
    duplicates = duplicate_event_refs(tables["events"].filter(tables["events"].kind == LINE_RAISED))
    closed_lines = left_join(closed_lines, duplicates, ["force_code", "about_event_ref"])
    line = ibis.coalesce(closed_lines.stands_for, closed_lines.about_event_ref)
    closed_lines = closed_lines.group_by("force_code", line_ref=line).aggregate(ended_day=closed_lines.starts_day.min())
    rows = left_join(raised_lines, closed_lines, ["force_code", "line_ref"])
    rows = rows.join(crime.select(*CRIME, "report_day", "days_to_closed"), CRIME)
    days_since_report = {name: days_between(rows.report_day, rows[f"{name}_day"]) for name in ("raised", "ended")}
    rows = rows.mutate(**{f"{name}_days": days for name, days in days_since_report.items()})
    is_raised_by_closing = (rows.raised_days <= rows.days_to_closed).fill_null(True)
    is_ended_by_closing = (rows.ended_days <= rows.days_to_closed).fill_null(False)
    return rows.group_by(CRIME).aggregate(
        lines_raised=is_raised_by_closing.cast("int64").sum(),
        lines_open=(is_raised_by_closing & ~is_ended_by_closing).cast("int64").sum(),
    )


# Days that seized devices wait for examination.
#
# One row for each item taken in a crime. From the day it was taken to the day the results reached the investigator; the
# crime may be closed first.

SEIZED, EXAMINED = "device_seized", "device_examined"
ITEM = ["force_code", "exhibit_ref"]
LIMITS_DAYS = (180, 365)
"""Half a year and a year: `indicators.OPEN_ON` gives the share still open on the same days."""
DEVICE_COLUMNS = (
    "force_code", "record_ref", "exhibit_ref", "crime_ref", "country", "in_period", "in_base", "cancelled",
    "when_reported", "item_kind", "taken_from", "days_to_examined", "days_to_closed", "days_seen", "examined_known",
    *(f"{name}_{limit}" for limit in LIMITS_DAYS for name in ("examined_in", "examined_followed", "closed_first")),
)  # fmt: skip


def device_facts(tables: Tables, crime: ibis.Table) -> ibis.Table:
    """Return the table `device`, with `DEVICE_COLUMNS`: one row for each exhibit.

    Days are from the day of seizure; not known if that day was not sent or the item came back before.
    `closed_first_365`: the crime was closed within 365 days, before the item was examined.
    """
    crime_columns = crime.select(*CRIME, "country", "in_period", "in_base", "cancelled", "when_reported", "report_day",
                            "ends_known", closed_since_report="days_to_closed")  # fmt: skip
    rows = left_join(tables["exhibits"], crime_columns, CRIME)
    rows = left_join(rows, _device_days(tables), ITEM)
    rows = add_supply_indicators(rows, tables, f"no_{EXAMINED}_is_no")
    rows = left_join(rows, crime_gaps(tables, {"examined_holes": (EXAMINED,)}), CRIME)
    rows = left_join(rows, extraction_days(tables, "events"), ["force_code"])
    days_to_examined = days_between(rows.taken_day, rows.examined_day)
    days_to_closed = rows.closed_since_report - days_between(rows.report_day, rows.taken_day)
    days_seen = days_between(rows.taken_day, rows.extracted_day)
    in_order = (days_to_examined >= 0).fill_null(True) & (days_to_closed >= 0).fill_null(True)
    is_absence_certain = rows[f"no_{EXAMINED}_is_no"] & ~rows.examined_holes.fill_null(False) & rows.ends_known
    rows = rows.mutate(
        record_ref=rows.exhibit_ref,
        days_to_examined=ibis.cases(((days_to_examined >= 0) & (days_to_examined <= days_seen), days_to_examined)),
        days_to_closed=ibis.cases(((days_to_closed >= 0) & (days_to_closed <= days_seen), days_to_closed)),
        days_seen=days_seen,
        examined_known=(is_absence_certain & in_order).fill_null(False),
    )
    return rows.mutate(**_limit_facts(rows)).select(*DEVICE_COLUMNS)


def _limit_facts(rows: ibis.Table) -> dict[str, ibis.Value]:
    facts: dict[str, ibis.Value] = {}
    for limit in LIMITS_DAYS:
        facts |= limit_columns("examined", limit, rows.days_to_examined, rows.days_seen, rows.examined_known)
        facts[f"closed_first_{limit}"] = ended_otherwise(
            limit, rows.days_to_examined, rows.days_to_closed, rows.ends_known
        )
    return facts


def _device_days(tables: Tables) -> ibis.Table:
    """Return one row for each item: the first day on which it was taken, and on which it had been examined."""
    device_events = tables["events"].filter(tables["events"].kind.isin((SEIZED, EXAMINED)))
    return device_events.group_by(ITEM).aggregate(
        taken_day=device_events.happened_at_day.min(where=device_events.kind == SEIZED),
        examined_day=device_events.happened_at_day.min(where=device_events.kind == EXAMINED),
    )
