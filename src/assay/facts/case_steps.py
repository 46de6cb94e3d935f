"""What was done, when, and on which crime, person or episode: every step in one form, wherever a return keeps it?

Most steps stand in `events`. Others have their home in a column of another table (return contract, section 8), and
some are worked out from several (`worked_out`). Two events that differ in their reference and the time of entry only
are one step (rule R46): the smaller reference stands for both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis

from assay.engine.portable_expressions import beside, stacked
from assay.facts.event_parties import with_party, with_party_wherever
from assay.facts.fact_inputs import Held, Keep, as_it_is

COLUMNS = (
    "force_code", "kind", "step_ref", "starts", "starts_last", "starts_day", "crime_ref", "involvement_ref",
    "person_ref", "missing_ref", "report_ref", "row_ref", "detail", "by_role", "about_event_ref",
)  # fmt: skip
STEP = (*COLUMNS, "victim_ref", "suspect_ref")
Test = Callable[[ibis.Table], ibis.Value]


@dataclass(frozen=True)
class Home:
    """A kind of step that is a column of another table: `key` its reference there, `only` which rows are meant."""

    kind: str
    table: str
    column: str
    key: str
    only: Test | None = None


def _to(*agencies: str) -> Test:
    return lambda rows: (rows.direction == "out") & rows.agency_kind.isin(agencies)


def _order(code: str) -> Test:
    return lambda rows: rows.order_code == code


HOMES = (
    Home("crime_recorded", "crimes", "recorded_at", "crime_ref"),
    Home("outcome_assigned", "crimes", "outcome_at", "crime_ref"),
    Home("crime_closed", "crimes", "closed_at", "crime_ref"),
    Home("crime_cancelled", "crimes", "cancelled_at", "crime_ref"),
    Home("n100_recorded", "reports", "n100_at", "report_ref"),
    Home("support_referral_made", "referrals", "made_at", "referral_ref", _to("victim_support")),
    Home("vcs_referral", "referrals", "made_at", "referral_ref", _to("victim_contact_scheme")),
    Home("referral_received", "referrals", "made_at", "referral_ref", _to("local_authority")),
    Home("la_decision", "referrals", "answered_at", "referral_ref", _to("local_authority")),
    Home("nrm_referral_made", "referrals", "made_at", "referral_ref", _to("nrm", "nrm_devolved")),
    Home("rg_decision", "referrals", "answered_at", "referral_ref", _to("nrm")),
    Home("devolved_decision", "referrals", "answered_at", "referral_ref", _to("nrm_devolved")),
    Home("hearing_outcome", "court", "happened_at", "court_ref"),
    Home("sentence_passed", "court", "happened_at", "court_ref", lambda rows: rows.stage == "sentence"),
    Home("police_protection_started", "orders", "made_at", "order_ref", _order("PPP")),
    Home("police_protection_ended", "orders", "ended_at", "order_ref", _order("PPP")),
    Home("epo_made", "orders", "made_at", "order_ref", _order("EPO")),
    Home("epo_ended", "orders", "ended_at", "order_ref", _order("EPO")),
    Home("missing_started", "missing", "started_at", "missing_ref"),
    Home("child_returned_from_missing", "missing", "ended_at", "missing_ref"),
)
"""Homes that a clock or a fact reads. A referral is a step here only if it went to the body that the clock is about."""
VICTIM_KINDS_ELSEWHERE = ("support_referral_made", "vcs_referral")
REFERENCES = ("crime_ref", "involvement_ref", "person_ref", "missing_ref", "report_ref")


def steps(
    held: Held, victims: ibis.Table, suspects: ibis.Table, kinds: tuple[str, ...], keep: Keep = as_it_is
) -> ibis.Table:
    """Every step of these kinds: kind, step_ref, starts (three columns), what it names, `victim_ref`, `suspect_ref`.

    `victims` and `suspects` are the parties of crimes. `row_ref` is the row of another table that the step is.
    """
    events = once(held["events"].filter(held["events"].kind.isin(kinds)))
    abouts = held["event_kinds"].select(kind="key", about="about")
    events = keep("work_events", beside(events, abouts, ["kind"]))
    elsewhere = [_from_home(held, home) for home in HOMES if home.kind in kinds]
    to_victims = [one for home, one in zip(_wanted(kinds), elsewhere, strict=True) if _names_victim(home)]
    others = [one for home, one in zip(_wanted(kinds), elsewhere, strict=True) if not _names_victim(home)]
    of_victims = with_party(_of(events, "victim"), victims)
    of_suspects = with_party(_of(events, "suspect"), suspects)
    neither = [events.filter(~events.about.isin(("victim", "suspect"))).select(*COLUMNS), *others]
    parts = [
        _as_steps(of_victims, victim="party_ref"),
        _as_steps(of_suspects, suspect="party_ref"),
        *[_as_steps(one) for one in neither],
        *[_as_steps(with_party_wherever(one, victims), victim="party_ref") for one in to_victims],
    ]
    return stacked(parts)


def once(events: ibis.Table) -> ibis.Table:
    """Events as steps, each once (rule R46)."""
    counted = events.group_by(once_keys(events)).aggregate(step_ref=events.event_ref.min())
    return counted.select(
        *[name for name in COLUMNS if name in counted.columns],
        starts=counted.happened_at,
        starts_last=counted.happened_at_last,
        starts_day=counted.happened_at_day,
        report_ref=ibis.null("string"),
        row_ref=ibis.null("string"),
    ).select(*COLUMNS)


def once_keys(events: ibis.Table) -> list[str]:
    """The columns in which two events that are one step agree."""
    return [name for name in events.columns if name not in _MAY_DIFFER]


def stand_ins(events: ibis.Table) -> ibis.Table:
    """Of events that were sent twice (rule R46): each reference, as `about_event_ref`, and the smallest of them."""
    same = once_keys(events)
    twice = events.group_by(same).aggregate(stands_for=events.event_ref.min(), number=events.count())
    twice = twice.filter(twice.number > 1).drop("number").rename({f"{name}_": name for name in same})
    plain = ("force_code", "kind", "happened_at")
    alike = [events[name] == twice[f"{name}_"] for name in plain]
    alike += [events[name].identical_to(twice[f"{name}_"]) for name in same if name not in plain]
    both = events.join(twice, alike)
    return both.select("force_code", about_event_ref="event_ref", stands_for="stands_for")


_MAY_DIFFER = ("event_ref", "entered_at", "entered_at_last", "entered_at_day", "line")


def _wanted(kinds: tuple[str, ...]) -> list[Home]:
    return [home for home in HOMES if home.kind in kinds]


def _names_victim(home: Home) -> bool:
    return home.kind in VICTIM_KINDS_ELSEWHERE


def _of(events: ibis.Table, about: str) -> ibis.Table:
    return events.filter(events.about == about).select(*COLUMNS)


def _from_home(held: Held, home: Home) -> ibis.Table:
    rows = held[home.table]
    rows = rows.filter(~rows[home.column].isnull())
    if home.only is not None:
        rows = rows.filter(home.only(rows))
    return rows.select(
        "force_code",
        kind=ibis.literal(home.kind),
        step_ref=rows[home.key],
        starts=rows[home.column],
        starts_last=rows[f"{home.column}_last"],
        starts_day=rows[f"{home.column}_day"],
        **{name: rows[name] if name in rows.columns else ibis.null("string") for name in REFERENCES},
        row_ref=rows[home.key],
        detail=ibis.null("string"),
        by_role=ibis.null("string"),
        about_event_ref=ibis.null("string"),
    ).select(*COLUMNS)


def _as_steps(rows: ibis.Table, victim: str = "", suspect: str = "") -> ibis.Table:
    nobody = ibis.null("string")
    return rows.select(
        *COLUMNS,
        victim_ref=rows[victim] if victim else nobody,
        suspect_ref=rows[suspect] if suspect else nobody,
    )
