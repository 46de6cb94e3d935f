"""End events of duties: which event ended each clock, and when.

The earliest end that is not certainly before the start; both bounds of its interval are the earliest of their kind. If
every end lies certainly before the start, the records are contradictory and the duty is not known (rules R41 to
R45).
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import left_join, union_all
from assay.facts import victim_notices
from assay.facts.duty_clocks import NOTICE
from assay.facts.fact_inputs import Materialise, Tables, keep_lazy
from assay.facts.owed_duties import subject_reference

END = ("force_code", "end_event", "level", "thing", "end_starts", "end_last", "end_day", "end_inferred")
DUTY = ["force_code", "record_ref"]


def add_duty_endings(
    tables: Tables,
    duties: ibis.Table,
    clocks: ibis.Table,
    steps: ibis.Table,
    materialise: Materialise = keep_lazy,
) -> ibis.Table:
    """Return the duties with `ended` (three columns), `inferred`, `only_before` (ends, all before the start) and
    `unclear_notices` (an end of this kind on the crime that does not say whose it is)."""
    notices = materialise("work_notices", victim_notices.collect_notices(tables, steps))
    ends = union_all([_step_ends(clocks, steps), materialise("work_told", _notice_ends(notices, steps, materialise))])
    duty_ends = duties.select(*DUTY, "end_event", "level", "thing", "starts", "grace_seconds").join(
        ends, ["force_code", "end_event", "level", "thing"]
    )
    is_not_before = _not_before(duty_ends.end_last, duty_ends.starts, duty_ends.grace_seconds)
    endings = duty_ends.group_by(DUTY).aggregate(
        ended=duty_ends.end_starts.min(where=is_not_before),
        ended_last=duty_ends.end_last.min(where=is_not_before),
        ended_day=duty_ends.end_day.min(where=is_not_before),
        named=(is_not_before & ~duty_ends.end_inferred).any(),
        before=(~is_not_before).any(),
    )
    rows = left_join(duties, endings, DUTY)
    rows = left_join(rows, _duties_with_unclear_ends(duties, clocks, steps, notices), DUTY)
    has_end = ~rows.ended.isnull()
    return rows.mutate(
        inferred=has_end & ~rows.named.fill_null(False),
        only_before=~has_end & rows.before.fill_null(False),
        murky=rows.murky.fill_null(False),
    ).drop("named", "before")


def _not_before(last: ibis.Value, starts: ibis.Value, grace_seconds: ibis.Value) -> ibis.Value:
    """Return False only if an end is certainly before its start, by more than the grace period."""
    return (last.epoch_seconds() >= starts.epoch_seconds() - grace_seconds).fill_null(True)


def _step_ends(clocks: ibis.Table, steps: ibis.Table) -> ibis.Table:
    levels = clocks.filter(clocks.level != "notice").select("end_event", "level").distinct()
    ends = steps.rename(end_event="kind").join(levels, ["end_event"])
    ends = ends.mutate(thing=subject_reference(ends)).filter(
        lambda table: ~table.thing.isnull() & ~table.starts.isnull()
    )
    return ends.select(
        "force_code", "end_event", "level", "thing", end_starts="starts", end_last="starts_last",
        end_day="starts_day", end_inferred=ibis.literal(False),
    ).select(*END)  # fmt: skip


def _notice_ends(notices: ibis.Table, steps: ibis.Table, materialise: Materialise) -> ibis.Table:
    notices = victim_notices.match_notices(notices, steps, materialise)
    return notices.select(
        "force_code", end_event=ibis.literal(NOTICE), level=ibis.literal("notice"),
        thing=notices.victim_ref + "|" + notices.event_ref, end_starts=notices.told, end_last=notices.told_last,
        end_day=notices.told_day, end_inferred=notices.inferred,
    ).select(*END)  # fmt: skip


def _duties_with_unclear_ends(
    duties: ibis.Table, clocks: ibis.Table, steps: ibis.Table, notices: ibis.Table
) -> ibis.Table:
    """Return the duties whose crime has an end event that does not say for whom, and may be theirs."""
    ends_by_role = [_ends_without_party(clocks, steps, role) for role in ("victim", "suspect")]
    ends = union_all([*ends_by_role, _notices_without_party(notices)])
    shared_columns = ["end_event", "level", "crime_ref"]
    pairs = duties.select(*DUTY, *shared_columns, "party_ref", "step_ref", "start_event", "starts")
    pairs = pairs.join(ends, ["force_code", *shared_columns])
    may_be_end = (pairs.end_last >= pairs.starts).fill_null(True)
    is_same_event = (pairs.event_ref.isnull() | (pairs.event_ref == pairs.step_ref)) & (
        pairs.event_kind.isnull() | (pairs.event_kind == pairs.start_event)
    )
    may_be_party = pairs.to_ref.isnull() | (pairs.to_ref == pairs.party_ref)
    return (
        pairs.filter(may_be_end & is_same_event & may_be_party)
        .select(*DUTY)
        .distinct()
        .mutate(murky=ibis.literal(True))
    )


UNCLEAR = ("force_code", "end_event", "level", "crime_ref", "end_last", "to_ref", "event_ref", "event_kind")


def _ends_without_party(clocks: ibis.Table, steps: ibis.Table, role: str) -> ibis.Table:
    ends = clocks.filter(clocks.level == role).select("end_event", "level").distinct()
    matching_ends = steps.rename(end_event="kind").join(ends, ["end_event"])
    matching_ends = matching_ends.filter(
        matching_ends[f"{role}_ref"].isnull() & ~matching_ends.crime_ref.isnull() & ~matching_ends.starts.isnull()
    )
    missing_text = ibis.null("string")
    return matching_ends.select(
        "force_code",
        "end_event",
        "level",
        "crime_ref",
        end_last="starts_last",
        to_ref=missing_text,
        event_ref=missing_text,
        event_kind=missing_text,
    ).select(*UNCLEAR)


def _notices_without_party(notices: ibis.Table) -> ibis.Table:
    unclear = victim_notices.unclear_notices(notices)
    return unclear.select(
        "force_code", "crime_ref", "event_ref", "event_kind", end_event=ibis.literal(NOTICE),
        level=ibis.literal("notice"), end_last=unclear.told_last, to_ref=unclear.victim_ref,
    ).select(*UNCLEAR)  # fmt: skip
