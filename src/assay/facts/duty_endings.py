"""Which event ended each clock, and when?

The earliest end that is not certainly before the start. Each end of its interval is the earliest of its kind. If
every end lies certainly before the start, the pair contradicts itself and answers "not known" (rules R41 to R45).
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside, stacked
from assay.facts import victim_notices
from assay.facts.duty_clocks import NOTICE
from assay.facts.fact_inputs import Held, Keep, as_it_is
from assay.facts.owed_duties import thing_of

END = ("force_code", "end_event", "level", "thing", "end_starts", "end_last", "end_day", "end_inferred")
DUTY = ["force_code", "record_ref"]


def with_endings(
    held: Held,
    duties: ibis.Table,
    clocks: ibis.Table,
    steps: ibis.Table,
    keep: Keep = as_it_is,
) -> ibis.Table:
    """The duties with `ended` (three columns), `inferred`, `only_before` (ends, all before the start) and
    `murky` (an end of this kind on the crime that does not say whose it is)."""
    told = keep("work_notices", victim_notices.notices(held, steps))
    ends = stacked([_ends(clocks, steps), keep("work_told", _answers(told, steps, keep))])
    both = duties.select(*DUTY, "end_event", "level", "thing", "starts", "grace_seconds").join(
        ends, ["force_code", "end_event", "level", "thing"]
    )
    after = _not_before(both.end_last, both.starts, both.grace_seconds)
    found = both.group_by(DUTY).aggregate(
        ended=both.end_starts.min(where=after),
        ended_last=both.end_last.min(where=after),
        ended_day=both.end_day.min(where=after),
        named=(after & ~both.end_inferred).any(),
        before=(~after).any(),
    )
    rows = beside(duties, found, DUTY)
    rows = beside(rows, _murky(duties, clocks, steps, told), DUTY)
    there = ~rows.ended.isnull()
    return rows.mutate(
        inferred=there & ~rows.named.fill_null(False),
        only_before=~there & rows.before.fill_null(False),
        murky=rows.murky.fill_null(False),
    ).drop("named", "before")


def _not_before(last: ibis.Value, starts: ibis.Value, grace_seconds: ibis.Value) -> ibis.Value:
    """False only if an end is certainly before its start, by more than the grace."""
    return (last.epoch_seconds() >= starts.epoch_seconds() - grace_seconds).fill_null(True)


def _ends(clocks: ibis.Table, steps: ibis.Table) -> ibis.Table:
    levels = clocks.filter(clocks.level != "notice").select("end_event", "level").distinct()
    ends = steps.rename(end_event="kind").join(levels, ["end_event"])
    ends = ends.mutate(thing=thing_of(ends)).filter(lambda t: ~t.thing.isnull() & ~t.starts.isnull())
    return ends.select(
        "force_code", "end_event", "level", "thing", end_starts="starts", end_last="starts_last",
        end_day="starts_day", end_inferred=ibis.literal(False),
    ).select(*END)  # fmt: skip


def _answers(told: ibis.Table, steps: ibis.Table, keep: Keep) -> ibis.Table:
    told = victim_notices.answers(told, steps, keep)
    return told.select(
        "force_code", end_event=ibis.literal(NOTICE), level=ibis.literal("notice"),
        thing=told.victim_ref + "|" + told.event_ref, end_starts=told.told, end_last=told.told_last,
        end_day=told.told_day, end_inferred=told.inferred,
    ).select(*END)  # fmt: skip


def _murky(duties: ibis.Table, clocks: ibis.Table, steps: ibis.Table, told: ibis.Table) -> ibis.Table:
    """Duties on whose crime an end stands that does not say for whom, and may be theirs."""
    of_roles = [_of_nobody(clocks, steps, role) for role in ("victim", "suspect")]
    ends = stacked([*of_roles, _notices_of_nobody(told)])
    shared = ["end_event", "level", "crime_ref"]
    both = duties.select(*DUTY, *shared, "party_ref", "step_ref", "start_event", "starts")
    both = both.join(ends, ["force_code", *shared])
    may_be = (both.end_last >= both.starts).fill_null(True)
    same = (both.event_ref.isnull() | (both.event_ref == both.step_ref)) & (
        both.event_kind.isnull() | (both.event_kind == both.start_event)
    )
    theirs = both.to_ref.isnull() | (both.to_ref == both.party_ref)
    return both.filter(may_be & same & theirs).select(*DUTY).distinct().mutate(murky=ibis.literal(True))


UNCLEAR = ("force_code", "end_event", "level", "crime_ref", "end_last", "to_ref", "event_ref", "event_kind")


def _of_nobody(clocks: ibis.Table, steps: ibis.Table, role: str) -> ibis.Table:
    ends = clocks.filter(clocks.level == role).select("end_event", "level").distinct()
    found = steps.rename(end_event="kind").join(ends, ["end_event"])
    found = found.filter(found[f"{role}_ref"].isnull() & ~found.crime_ref.isnull() & ~found.starts.isnull())
    nothing = ibis.null("string")
    return found.select(
        "force_code", "end_event", "level", "crime_ref", end_last="starts_last", to_ref=nothing, event_ref=nothing,
        event_kind=nothing,
    ).select(*UNCLEAR)  # fmt: skip


def _notices_of_nobody(told: ibis.Table) -> ibis.Table:
    found = victim_notices.murky(told)
    return found.select(
        "force_code", "crime_ref", "event_ref", "event_kind", end_event=ibis.literal(NOTICE),
        level=ibis.literal("notice"), end_last=found.told_last, to_ref=found.victim_ref,
    ).select(*UNCLEAR)  # fmt: skip
