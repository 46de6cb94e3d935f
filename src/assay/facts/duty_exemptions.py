"""Exemptions from police duties: the crime was cancelled, or the child declined the interview, within the time limit.

An event after the time allowed gives no exemption, because the duty was owed until then.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import day_number, left_join, seconds_between
from assay.facts.fact_inputs import Tables
from assay.facts.time_limits import is_within_limit

DECLINED = "return_interview_declined"
INTERVIEWS = ("return_interview_completed", "return_interview_offered")


def add_exemptions(rows: ibis.Table, tables: Tables, steps: ibis.Table) -> ibis.Table:
    """Add to the duties whether the crime was cancelled, or the interview declined, within the time limit.

    The duties need `cancelled` of their crime and the columns of `limits`. `crime_cancelled`: the crime was certainly
    cancelled within the time allowed and before the duty was done; without a time limit, at any time before extraction;
    missing if the cancellation is not known. `declined`: the interview was not held, and there is a refusal that was
    not certainly too late; no refusal means no, even if a force does not send refusals; missing for all other clocks.
    """
    rows = left_join(rows, _cancellation_days(tables), ["force_code", "crime_ref"])
    rows = left_join(rows, _refusals(steps), ["force_code", "missing_ref"])
    days = tables["calendar"]
    rows = left_join(rows, days.select(cancelled_day="day", cancelled_index="working_day_index"), ["cancelled_day"])
    rows = left_join(rows, days.select(refused_day="day", refused_index="working_day_index"), ["refused_day"])
    return rows.mutate(crime_cancelled=_was_cancelled(rows), declined=_was_declined(rows))


def _cancellation_days(tables: Tables) -> ibis.Table:
    return tables["crimes"].select(
        "force_code", "crime_ref", cancelled_last="cancelled_at_last", cancelled_day="cancelled_at_day"
    )


def _refusals(steps: ibis.Table) -> ibis.Table:
    """The first refusal of each missing episode."""
    refusal_steps = steps.filter((steps.kind == DECLINED) & ~steps.missing_ref.isnull())
    return refusal_steps.group_by("force_code", "missing_ref").aggregate(
        refusals=refusal_steps.count(), refused=refusal_steps.starts.min(), refused_day=refusal_steps.starts_day.min()
    )


def _was_cancelled(rows: ibis.Table) -> ibis.Value:
    seconds = seconds_between(rows.starts, rows.cancelled_last)
    allowed = is_within_limit(
        rows, seconds, rows.cancelled_index, day_number(rows.cancelled_day), rows.limit_number
    ).fill_null(False)
    not_done_before = rows.ended.isnull() | (rows.cancelled_last <= rows.ended).fill_null(False)
    return ibis.cases(
        (rows.limit_number.isnull(), rows.cancelled),
        (rows.cancelled, allowed & not_done_before),
        (~rows.cancelled, False),
    )


def _was_declined(rows: ibis.Table) -> ibis.Value:
    seconds = seconds_between(rows.starts_last, rows.refused)
    not_too_late = is_within_limit(
        rows, seconds, rows.refused_index, day_number(rows.refused_day), rows.limit_number
    ).fill_null(True)
    on_record = rows.refusals.fill_null(0) > 0
    return ibis.cases((rows.end_event.isin(INTERVIEWS), rows.ended.isnull() & on_record & not_too_late))
