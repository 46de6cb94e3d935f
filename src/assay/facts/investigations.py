"""What was done on each crime, how soon, and what was still undone when it was closed?

One row a crime. The first of each kind of step since the report counts; that it has not come is known only where every
such step is sent. A step on a day before the report is not known: the days contradict each other (rules R41, R43).
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside, days_between
from assay.facts.case_steps import stand_ins
from assay.facts.crime_endings import CRIME
from assay.facts.detected_groups import SENT_ON, closed_no_further
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import crimes_with_holes, silence_is_no, with_answers

MET = ("suspect_arrested", "suspect_interviewed_under_caution")
RAISED, ENDED = "line_of_enquiry_raised", "line_of_enquiry_closed"
REVIEW, PLAN = "supervisor_review", "investigation_plan_set"
FIRSTS = {
    "account": ("account_taken", "abe_interview_done"),
    "arrest": ("suspect_arrested",),
    "advice": ("early_advice_requested",),
    "file": ("file_submitted",),
}
"""What a wait runs to, and the kinds of step that are it: the first of them."""
DONE = {"met": MET, "review": (REVIEW,), "plan": (PLAN,), "lines": (ENDED,), "referral": (SENT_ON,)}
"""What is asked of a crime that was closed: was it done by then? And was the closed case referred to a review?"""
KINDS = (*dict.fromkeys(kind for kinds in (*FIRSTS.values(), *DONE.values()) for kind in kinds), RAISED)
SPECIALIST_TEAMS = ("exploitation", "child_abuse", "sexual_offences", "online_abuse", "public_protection_other")
WEEKS_13 = 91
OF_CRIME = (
    "country", "in_period", "in_base", "cancelled", "transferred", "closed", "charged", "outcome_family",
    "offence_family", "when_reported", "cse_flagged", "report_day_known", "days_to_charged", "days_to_closed",
    "days_to_cancelled", "days_seen", "ends_known",
)  # fmt: skip
COLUMNS = (
    "force_code", "record_ref", "crime_ref", *OF_CRIME, "named_suspect", "recent_and_open", "closed_no_further",
    *(name for key in FIRSTS for name in (f"days_to_{key}", f"{key}_known")), "days_to_closed_uncharged",
    "early_advice", "suspect_met_first", "reviewed", "planned", "line_raised", "lines_ended", "referred_for_review",
    "lead_trained", "team_kind", "specialist_team",
)  # fmt: skip


def investigations(held: Held, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """The table `investigation`, with `COLUMNS`: one row a crime.

    `suspect_met_first`, `reviewed`, `planned`, `lines_ended`: on or before the day of closing, of a crime that was
    closed with no further action. `lines_ended`: every line of enquiry that was raised by then had an end by then, in
    whichever way. `referred_for_review`: such a crime was referred to a review of closed group cases, whenever.
    `recent_and_open`: reported within 13 weeks of the day of extraction, and not known to be closed.
    `team_kind`: of the team that holds the crime, or held it when it was closed.
    """
    rows = crime.select(*CRIME, *OF_CRIME, "suspects_named")
    rows = rows.mutate(closed_no_further=closed_no_further(rows))
    sent = held["crimes"].select(*CRIME, "investigating_team", "lead_trained")
    rows = beside(rows, sent, CRIME)
    groups = {**FIRSTS, **DONE}
    rows = with_answers(rows, held, *sorted({f"no_{kind}_is_no" for kinds in groups.values() for kind in kinds}))
    rows = beside(rows, crimes_with_holes(held, {f"{key}_holes": kinds for key, kinds in groups.items()}), CRIME)
    rows = beside(rows, _days(crime, steps), CRIME)
    rows = beside(rows, _lines(held, crime, steps), CRIME)
    silent = {key: silence_is_no(rows, key, kinds) for key, kinds in groups.items()}
    found = {f"days_to_{key}": _in_order(rows, f"{key}_days") for key in FIRSTS}
    known = {f"{key}_known": silent[key] & rows.ends_known & ~(rows[f"{key}_days"] < 0).fill_null(False)
             for key in FIRSTS}  # fmt: skip
    nothing_after = rows.closed_no_further
    done = {
        name: ibis.cases((nothing_after, any_true(rows[f"{key}_days"] <= rows.days_to_closed, silent[key])))
        for name, key in (("suspect_met_first", "met"), ("reviewed", "review"), ("planned", "plan"))
    }
    return rows.mutate(
        **found,
        **known,
        **done,
        record_ref=rows.crime_ref,
        named_suspect=rows.suspects_named > 0,
        recent_and_open=(rows.days_seen < WEEKS_13) & ~rows.closed.fill_null(False),
        days_to_closed_uncharged=ibis.cases((~rows.charged, rows.days_to_closed)),
        early_advice=any_true(~rows.advice_days.isnull(), silent["advice"]),
        line_raised=rows.lines_raised.fill_null(0) > 0,
        lines_ended=ibis.cases(
            (~nothing_after.fill_null(False), None),
            (rows.lines_open.fill_null(0) == 0, True),
            (silent["lines"], False),
        ),
        referred_for_review=ibis.cases((nothing_after, any_true(~rows.referral_days.isnull(), silent["referral"]))),
        team_kind=rows.investigating_team,
        specialist_team=rows.investigating_team.isin(SPECIALIST_TEAMS),
    ).select(*COLUMNS)


def _in_order(rows: ibis.Table, name: str) -> ibis.Value:
    return ibis.cases(((rows[name] >= 0) & (rows[name] <= rows.days_seen), rows[name]))


def _days(crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """One row a crime with such a step: days from the report to the first of each."""
    told = steps.filter(steps.kind.isin(KINDS) & ~steps.crime_ref.isnull()).select(*CRIME, "kind", "starts_day")
    both = told.join(crime.select(*CRIME, "report_day"), CRIME)
    both = both.mutate(days=days_between(both.report_day, both.starts_day))
    return both.group_by(CRIME).aggregate(
        **{f"{key}_days": both.days.min(where=both.kind.isin(kinds)) for key, kinds in {**FIRSTS, **DONE}.items()},
    )


def _lines(held: Held, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """One row a crime with lines of enquiry raised by its closing: how many, and how many had no end by then.
    A line that was sent twice is one, and is ended by whichever of its references an end names."""
    raised = steps.filter((steps.kind == RAISED) & ~steps.crime_ref.isnull())
    raised = raised.select(*CRIME, line_ref="step_ref", raised_day="starts_day")
    ended = steps.filter((steps.kind == ENDED) & ~steps.about_event_ref.isnull())
    twice = stand_ins(held["events"].filter(held["events"].kind == RAISED))
    ended = beside(ended, twice, ["force_code", "about_event_ref"])
    line = ibis.coalesce(ended.stands_for, ended.about_event_ref)
    ended = ended.group_by("force_code", line_ref=line).aggregate(ended_day=ended.starts_day.min())
    rows = beside(raised, ended, ["force_code", "line_ref"])
    rows = rows.join(crime.select(*CRIME, "report_day", "days_to_closed"), CRIME)
    since = {name: days_between(rows.report_day, rows[f"{name}_day"]) for name in ("raised", "ended")}
    rows = rows.mutate(**{f"{name}_days": days for name, days in since.items()})
    by_then = (rows.raised_days <= rows.days_to_closed).fill_null(True)
    done = (rows.ended_days <= rows.days_to_closed).fill_null(False)
    return rows.group_by(CRIME).aggregate(
        lines_raised=by_then.cast("int64").sum(), lines_open=(by_then & ~done).cast("int64").sum()
    )
