"""Which event does each notice to a victim answer?

The event that it names. If it names only a kind: the latest event of that kind on the crime that is not certainly
after it and that no earlier notice has answered; such a match is inferred. If it names neither it answers none, and
what is unanswered before it on that crime is not known (return contract, section 11.4).

Inferring is matching brackets: an event opens one, a notice closes the last one that is open. An event that is named
while its bracket is open leaves the row, as if it had never stood there.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside, stacked
from assay.facts.case_steps import stand_ins
from assay.facts.duty_clocks import NOTICE
from assay.facts.fact_inputs import Held, Keep, as_it_is

CASE = ("force_code", "crime_ref", "victim_ref", "kind")
NAMED_AT_MOST = 3
"""So many named events are taken out in turn, of one kind and victim, after a notice that may have been theirs."""
ANSWER = ("force_code", "victim_ref", "event_ref", "told", "told_last", "told_day", "inferred")


def notices(held: Held, steps: ibis.Table) -> ibis.Table:
    """Notices, with the event that each names; where that event was sent twice, the one that stands for both."""
    told = steps.filter(steps.kind == NOTICE).select(
        "force_code", "crime_ref", "victim_ref", "detail", "about_event_ref",
        notice_ref="step_ref", told="starts", told_last="starts_last", told_day="starts_day",
    )  # fmt: skip
    told = beside(told, stand_ins(held["events"]), ["force_code", "about_event_ref"])
    return told.mutate(about=ibis.coalesce(told.stands_for, told.about_event_ref)).drop("stands_for")


def answers(notices: ibis.Table, steps: ibis.Table, keep: Keep = as_it_is) -> ibis.Table:
    """One row for each notice and event that it answers: force_code, victim_ref, event_ref, told (three columns),
    inferred."""
    named = notices.filter(~notices.about.isnull() & ~notices.victim_ref.isnull())
    named = named.mutate(event_ref=named.about, inferred=ibis.literal(False)).select(*ANSWER)
    silent = notices.filter(notices.about.isnull() & ~notices.detail.isnull() & ~notices.victim_ref.isnull())
    return stacked([named, _inferred(silent, _events(silent, steps), named, keep)])


def murky(notices: ibis.Table) -> ibis.Table:
    """Notices that may answer an event and do not say for whom or which: force_code, crime_ref, victim_ref, event_ref
    and event_kind (each missing: any), told_last."""
    unclear = notices.victim_ref.isnull() | (notices.about.isnull() & notices.detail.isnull())
    found = notices.filter(unclear & ~notices.crime_ref.isnull())
    kind = ibis.cases((found.about.isnull(), found.detail))
    return found.select("force_code", "crime_ref", "victim_ref", "told_last", event_ref="about", event_kind=kind)


def _events(silent: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """The events that notices without a name may be about, once for each victim with such a notice."""
    wanted = silent.select("force_code", "crime_ref", "victim_ref", kind="detail").distinct()
    events = steps.select("force_code", "crime_ref", "kind", "starts", "starts_last", event_ref="step_ref").distinct()
    return wanted.join(events, ["force_code", "crime_ref", "kind"])


def _inferred(silent: ibis.Table, events: ibis.Table, named: ibis.Table, keep: Keep) -> ibis.Table:
    """Each notice that names a kind only, with the event whose bracket it closes."""
    notices = silent.mutate(kind=silent.detail)
    opened = keep("work_open", _open(events, notices, named))
    opened, contested = opened.filter(~opened.contested), opened.filter(opened.contested)
    for number in range(NAMED_AT_MOST):
        contested = keep(f"work_contested_{number}", _without_the_next_named(contested, notices))
    return _pairs(stacked([opened, contested]), notices)


def _without_the_next_named(events: ibis.Table, notices: ibis.Table) -> ibis.Table:
    """The events but for the first of each case to be named while no notice without a name had answered it."""
    wanted = notices.join(events.select(*CASE).distinct(), list(CASE))
    closed = _pairs(events, wanted).select("force_code", "victim_ref", "event_ref", closed_last="told_last")
    rows = beside(events, closed, ["force_code", "victim_ref", "event_ref"])
    to_go = ~rows.named_last.isnull() & ~(rows.closed_last < rows.named_last).fill_null(False)
    rows = rows.mutate(goes=ibis.cases((to_go, rows.named_last)))
    in_turn = ibis.window(
        group_by=[rows[name] for name in CASE],
        order_by=[rows.goes.isnull(), rows.goes, rows.starts, rows.starts_last, rows.event_ref],
    )
    rows = rows.mutate(place=ibis.row_number().over(in_turn))
    return rows.filter(rows.goes.isnull() | (rows.place > 0)).select(*events.columns)


def _pairs(events: ibis.Table, notices: ibis.Table) -> ibis.Table:
    """Events and the notices that close them."""
    marks = _with_level(stacked([_opened(events), _closed(notices)]))
    before = ibis.window(group_by=[marks[name] for name in (*CASE, "level")], order_by=_in_turn(marks))
    pairs = marks.mutate(event_ref=marks.mark_ref.lag().over(before))
    pairs = pairs.filter(pairs.closes & ~pairs.event_ref.isnull())
    times = notices.select("force_code", "victim_ref", "told", "told_last", "told_day", mark_ref="notice_ref")
    pairs = pairs.join(times, ["force_code", "victim_ref", "mark_ref"])
    return pairs.mutate(inferred=ibis.literal(True)).select(*ANSWER)


def _open(events: ibis.Table, notices: ibis.Table, named: ibis.Table) -> ibis.Table:
    """The events still unanswered when the first notice that may be theirs came: one that was named in an earlier
    notice is answered, and is nobody else's. `named_last`: when it was named later; `contested`: an event of the
    same case was."""
    later = events.join(notices.select(*CASE, notice_last="told_last"), list(CASE))
    later = later.filter(later.notice_last >= later.starts)
    first = later.group_by(*CASE, "event_ref").aggregate(first_notice=later.notice_last.min())
    told = named.group_by("force_code", "victim_ref", "event_ref").aggregate(named_last=named.told_last.min())
    rows = beside(events, first, [*CASE, "event_ref"])
    rows = beside(rows, told, ["force_code", "victim_ref", "event_ref"])
    answered = (rows.named_last <= rows.first_notice).fill_null(False)
    rows = rows.filter(~answered)
    case = ibis.window(group_by=[rows[name] for name in CASE])
    contested = rows.named_last.count().over(case) > 0
    return rows.select(*CASE, "event_ref", "starts", "starts_last", "named_last", contested=contested)


def _in_turn(marks: ibis.Table) -> list[ibis.Value]:
    """References come last: in a bundle they are codes, so no answer may rest on their order."""
    return [marks.moment, marks.closes, marks.other_end, marks.mark_ref]


def _opened(events: ibis.Table) -> ibis.Table:
    ends = {"moment": "starts", "other_end": "starts_last"}
    return events.select(*CASE, **ends, mark_ref="event_ref", closes=ibis.literal(False))


def _closed(notices: ibis.Table) -> ibis.Table:
    ends = {"moment": "told_last", "other_end": "told"}
    return notices.select(*CASE, **ends, mark_ref="notice_ref", closes=ibis.literal(True))


def _with_level(marks: ibis.Table) -> ibis.Table:
    """How many brackets are open where each mark stands: an event and the notice that closes it share a level.

    A notice with nothing open closes nothing, and is left out.
    """
    so_far = ibis.cumulative_window(group_by=[marks[name] for name in CASE], order_by=_in_turn(marks))
    marks = marks.mutate(depth=ibis.ifelse(marks.closes, -1, 1).sum().over(so_far))
    so_far = ibis.cumulative_window(group_by=[marks[name] for name in CASE], order_by=_in_turn(marks))
    marks = marks.mutate(lowest=ibis.least(marks.depth.min().over(so_far), 0))
    in_order = ibis.window(group_by=[marks[name] for name in CASE], order_by=_in_turn(marks))
    marks = marks.mutate(lowest_before=marks.lowest.lag().over(in_order).fill_null(0))
    marks = marks.filter(~marks.closes | (marks.depth >= marks.lowest_before))
    level = marks.depth - marks.lowest + marks.closes.cast("int64")
    return marks.mutate(level=level).select(*CASE, "mark_ref", "moment", "other_end", "closes", "level")
