"""Match each notice that informed a victim with the event that it was about, such as an arrest.

A notice matches the event that it names. If it names only a kind, it matches the latest event of that kind on the crime
that is not certainly after it and has no earlier notice; such a match is inferred. If it names neither it matches none,
and unmatched events before it on that crime are not known (return contract, section 11.4).

Inference is bracket matching: an event opens a bracket, a notice closes the last open one. An event that a notice names
while its bracket is open is removed from the sequence.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import left_join, union_all
from assay.facts.case_steps import duplicate_event_refs
from assay.facts.duty_clocks import NOTICE
from assay.facts.fact_inputs import Materialise, Tables, keep_lazy

CASE = ("force_code", "crime_ref", "victim_ref", "kind")
MAXIMUM_NAMED_EVENTS = 3
"""Largest number of named events of one kind and victim that are removed in turn, after a notice that may be theirs."""
ANSWER = ("force_code", "victim_ref", "event_ref", "informed", "informed_last", "informed_day", "inferred")


def collect_notices(tables: Tables, steps: ibis.Table) -> ibis.Table:
    """Return the notices to victims, with the event that each names; duplicate events count as one event."""
    notice_rows = steps.filter(steps.kind == NOTICE).select(
        "force_code", "crime_ref", "victim_ref", "detail", "about_event_ref",
        notice_ref="step_ref", informed="starts", informed_last="starts_last", informed_day="starts_day",
    )  # fmt: skip
    notice_rows = left_join(notice_rows, duplicate_event_refs(tables["events"]), ["force_code", "about_event_ref"])
    return notice_rows.mutate(about=ibis.coalesce(notice_rows.stands_for, notice_rows.about_event_ref)).drop(
        "stands_for"
    )


def match_notices(notices: ibis.Table, steps: ibis.Table, materialise: Materialise = keep_lazy) -> ibis.Table:
    """Match notices to victims with the events they are about: by reference, or inferred from the kind of event."""
    direct_matches = notices.filter(~notices.about.isnull() & ~notices.victim_ref.isnull())
    direct_matches = direct_matches.mutate(event_ref=direct_matches.about, inferred=ibis.literal(False)).select(*ANSWER)
    kind_only_notices = notices.filter(notices.about.isnull() & ~notices.detail.isnull() & ~notices.victim_ref.isnull())
    return union_all(
        [
            direct_matches,
            _infer_matches(kind_only_notices, _candidate_events(kind_only_notices, steps), direct_matches, materialise),
        ]
    )


def unclear_notices(notices: ibis.Table) -> ibis.Table:
    """Return the notices that do not say which victim was informed, or about which event."""
    is_unclear = notices.victim_ref.isnull() | (notices.about.isnull() & notices.detail.isnull())
    unclear_rows = notices.filter(is_unclear & ~notices.crime_ref.isnull())
    kind = ibis.cases((unclear_rows.about.isnull(), unclear_rows.detail))
    return unclear_rows.select(
        "force_code", "crime_ref", "victim_ref", "informed_last", event_ref="about", event_kind=kind
    )


def _candidate_events(kind_only_notices: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Return the events that notices without a reference may be about, once for each victim with such a notice."""
    notice_cases = kind_only_notices.select("force_code", "crime_ref", "victim_ref", kind="detail").distinct()
    events = steps.select("force_code", "crime_ref", "kind", "starts", "starts_last", event_ref="step_ref").distinct()
    return notice_cases.join(events, ["force_code", "crime_ref", "kind"])


def _infer_matches(
    kind_only_notices: ibis.Table, events: ibis.Table, direct_matches: ibis.Table, materialise: Materialise
) -> ibis.Table:
    """Return each notice that names only a kind, with the event whose bracket it closes."""
    notices = kind_only_notices.mutate(kind=kind_only_notices.detail)
    open_events = materialise("work_open", _open_events(events, notices, direct_matches))
    open_events, contested = open_events.filter(~open_events.contested), open_events.filter(open_events.contested)
    for number in range(MAXIMUM_NAMED_EVENTS):
        contested = materialise(f"work_contested_{number}", _drop_first_named_event(contested, notices))
    return _match_brackets(union_all([open_events, contested]), notices)


def _drop_first_named_event(events: ibis.Table, notices: ibis.Table) -> ibis.Table:
    """Remove the first event of each case that a notice names while no notice without a reference had answered it."""
    case_notices = notices.join(events.select(*CASE).distinct(), list(CASE))
    closing_notices = _match_brackets(events, case_notices).select(
        "force_code", "victim_ref", "event_ref", closed_last="informed_last"
    )
    rows = left_join(events, closing_notices, ["force_code", "victim_ref", "event_ref"])
    is_dropped = ~rows.named_last.isnull() & ~(rows.closed_last < rows.named_last).fill_null(False)
    rows = rows.mutate(goes=ibis.cases((is_dropped, rows.named_last)))
    event_order = ibis.window(
        group_by=[rows[name] for name in CASE],
        order_by=[rows.goes.isnull(), rows.goes, rows.starts, rows.starts_last, rows.event_ref],
    )
    rows = rows.mutate(place=ibis.row_number().over(event_order))
    return rows.filter(rows.goes.isnull() | (rows.place > 0)).select(*events.columns)


def _match_brackets(events: ibis.Table, notices: ibis.Table) -> ibis.Table:
    """Return the events and the notices that close them."""
    brackets = _add_level(union_all([_opening_brackets(events), _closing_brackets(notices)]))
    bracket_window = ibis.window(
        group_by=[brackets[name] for name in (*CASE, "level")], order_by=_bracket_order(brackets)
    )
    pairs = brackets.mutate(event_ref=brackets.mark_ref.lag().over(bracket_window))
    pairs = pairs.filter(pairs.closes & ~pairs.event_ref.isnull())
    times = notices.select(
        "force_code", "victim_ref", "informed", "informed_last", "informed_day", mark_ref="notice_ref"
    )
    pairs = pairs.join(times, ["force_code", "victim_ref", "mark_ref"])
    return pairs.mutate(inferred=ibis.literal(True)).select(*ANSWER)


def _open_events(events: ibis.Table, notices: ibis.Table, direct_matches: ibis.Table) -> ibis.Table:
    """Return the events without an answer when the first possible notice came.

    An event that an earlier notice names is answered. `named_last`: when a later notice named it. `contested`: a later
    notice named an event of the same case.
    """
    later_notices = events.join(notices.select(*CASE, notice_last="informed_last"), list(CASE))
    later_notices = later_notices.filter(later_notices.notice_last >= later_notices.starts)
    first_notices = later_notices.group_by(*CASE, "event_ref").aggregate(first_notice=later_notices.notice_last.min())
    last_named = direct_matches.group_by("force_code", "victim_ref", "event_ref").aggregate(
        named_last=direct_matches.informed_last.min()
    )
    rows = left_join(events, first_notices, [*CASE, "event_ref"])
    rows = left_join(rows, last_named, ["force_code", "victim_ref", "event_ref"])
    is_answered = (rows.named_last <= rows.first_notice).fill_null(False)
    rows = rows.filter(~is_answered)
    case = ibis.window(group_by=[rows[name] for name in CASE])
    contested = rows.named_last.count().over(case) > 0
    return rows.select(*CASE, "event_ref", "starts", "starts_last", "named_last", contested=contested)


def _bracket_order(brackets: ibis.Table) -> list[ibis.Value]:
    """Return the sort order, with references last: in a bundle they are codes, so that no result may depend on their
    order."""
    return [brackets.moment, brackets.closes, brackets.other_end, brackets.mark_ref]


def _opening_brackets(events: ibis.Table) -> ibis.Table:
    ends = {"moment": "starts", "other_end": "starts_last"}
    return events.select(*CASE, **ends, mark_ref="event_ref", closes=ibis.literal(False))


def _closing_brackets(notices: ibis.Table) -> ibis.Table:
    ends = {"moment": "informed_last", "other_end": "informed"}
    return notices.select(*CASE, **ends, mark_ref="notice_ref", closes=ibis.literal(True))


def _add_level(brackets: ibis.Table) -> ibis.Table:
    """Add the number of open brackets: an event and the notice that closes it share a level.

    A notice without an open event matches nothing, and is left out.
    """
    running_window = ibis.cumulative_window(
        group_by=[brackets[name] for name in CASE], order_by=_bracket_order(brackets)
    )
    brackets = brackets.mutate(depth=ibis.ifelse(brackets.closes, -1, 1).sum().over(running_window))
    running_window = ibis.cumulative_window(
        group_by=[brackets[name] for name in CASE], order_by=_bracket_order(brackets)
    )
    brackets = brackets.mutate(lowest=ibis.least(brackets.depth.min().over(running_window), 0))
    bracket_window = ibis.window(group_by=[brackets[name] for name in CASE], order_by=_bracket_order(brackets))
    brackets = brackets.mutate(lowest_before=brackets.lowest.lag().over(bracket_window).fill_null(0))
    brackets = brackets.filter(~brackets.closes | (brackets.depth >= brackets.lowest_before))
    level = brackets.depth - brackets.lowest + brackets.closes.cast("int64")
    return brackets.mutate(level=level).select(*CASE, "mark_ref", "moment", "other_end", "closes", "level")
