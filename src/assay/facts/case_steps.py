"""Steps of cases (what was done, when, for whom) in one schema, from events and other tables.

Most steps are rows of `events`. Others are columns of another table (return contract, section 8), and some are inferred
from several (`inferred_steps`). Two events that differ in their reference and the time of entry only are one step (rule
R46): the smaller reference represents both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis

from assay.engine.portable_expressions import left_join, union_all
from assay.facts.event_parties import add_party, add_party_on_any_crime
from assay.facts.fact_inputs import Materialise, Tables, keep_lazy

COLUMNS = (
    "force_code", "kind", "step_ref", "starts", "starts_last", "starts_day", "crime_ref", "involvement_ref",
    "person_ref", "missing_ref", "report_ref", "row_ref", "detail", "by_role", "about_event_ref",
)  # fmt: skip
STEP = (*COLUMNS, "victim_ref", "suspect_ref")
RowFilter = Callable[[ibis.Table], ibis.Value]


@dataclass(frozen=True)
class StepSource:
    """A kind of step that is recorded in a column of another table, with the table's key; `row_filter` selects rows."""

    kind: str
    table: str
    column: str
    key: str
    row_filter: RowFilter | None = None


def _outward_referral(*agencies: str) -> RowFilter:
    return lambda rows: (rows.direction == "out") & rows.agency_kind.isin(agencies)


def _order_of_code(code: str) -> RowFilter:
    return lambda rows: rows.order_code == code


STEP_SOURCES = (
    StepSource("crime_recorded", "crimes", "recorded_at", "crime_ref"),
    StepSource("outcome_assigned", "crimes", "outcome_at", "crime_ref"),
    StepSource("crime_closed", "crimes", "closed_at", "crime_ref"),
    StepSource("crime_cancelled", "crimes", "cancelled_at", "crime_ref"),
    StepSource("n100_recorded", "reports", "n100_at", "report_ref"),
    StepSource("support_referral_made", "referrals", "made_at", "referral_ref", _outward_referral("victim_support")),
    StepSource("vcs_referral", "referrals", "made_at", "referral_ref", _outward_referral("victim_contact_scheme")),
    StepSource("referral_received", "referrals", "made_at", "referral_ref", _outward_referral("local_authority")),
    StepSource("la_decision", "referrals", "answered_at", "referral_ref", _outward_referral("local_authority")),
    StepSource("nrm_referral_made", "referrals", "made_at", "referral_ref", _outward_referral("nrm", "nrm_devolved")),
    StepSource("rg_decision", "referrals", "answered_at", "referral_ref", _outward_referral("nrm")),
    StepSource("devolved_decision", "referrals", "answered_at", "referral_ref", _outward_referral("nrm_devolved")),
    StepSource("hearing_outcome", "court", "happened_at", "court_ref"),
    StepSource("sentence_passed", "court", "happened_at", "court_ref", lambda rows: rows.stage == "sentence"),
    StepSource("police_protection_started", "orders", "made_at", "order_ref", _order_of_code("PPP")),
    StepSource("police_protection_ended", "orders", "ended_at", "order_ref", _order_of_code("PPP")),
    StepSource("epo_made", "orders", "made_at", "order_ref", _order_of_code("EPO")),
    StepSource("epo_ended", "orders", "ended_at", "order_ref", _order_of_code("EPO")),
    StepSource("missing_started", "missing", "started_at", "missing_ref"),
    StepSource("child_returned_from_missing", "missing", "ended_at", "missing_ref"),
)
"""The columns that clocks and facts read as steps. A referral counts only if it went to the organisation of the
clock."""
VICTIM_KINDS_ELSEWHERE = ("support_referral_made", "vcs_referral")
REFERENCES = ("crime_ref", "involvement_ref", "person_ref", "missing_ref", "report_ref")


def collect_steps(
    tables: Tables,
    victims: ibis.Table,
    suspects: ibis.Table,
    kinds: tuple[str, ...],
    materialise: Materialise = keep_lazy,
) -> ibis.Table:
    """Return every step of these kinds, from events and other tables.

    The columns are kind, step_ref, starts (three columns), the references in the step, `victim_ref`, `suspect_ref`, and
    `row_ref`, the row of another table that records the step. `victims` and `suspects` are the parties of crimes.
    """
    events = deduplicate_events(tables["events"].filter(tables["events"].kind.isin(kinds)))
    event_subjects = tables["event_kinds"].select(kind="key", about="subject")
    events = materialise("work_events", left_join(events, event_subjects, ["kind"]))
    source_rows = [_source_steps(tables, source) for source in STEP_SOURCES if source.kind in kinds]
    victim_source_rows = [
        step_rows
        for source, step_rows in zip(_sources_of_kinds(kinds), source_rows, strict=True)
        if _names_victim(source)
    ]
    other_rows = [
        step_rows
        for source, step_rows in zip(_sources_of_kinds(kinds), source_rows, strict=True)
        if not _names_victim(source)
    ]
    victim_events = add_party(_events_about(events, "victim"), victims)
    suspect_events = add_party(_events_about(events, "suspect"), suspects)
    further_rows = [events.filter(~events.about.isin(("victim", "suspect"))).select(*COLUMNS), *other_rows]
    parts = [
        _step_rows(victim_events, victim="party_ref"),
        _step_rows(suspect_events, suspect="party_ref"),
        *[_step_rows(step_rows) for step_rows in further_rows],
        *[
            _step_rows(add_party_on_any_crime(step_rows, victims), victim="party_ref")
            for step_rows in victim_source_rows
        ],
    ]
    return union_all(parts)


def deduplicate_events(events: ibis.Table) -> ibis.Table:
    """Return events as steps, without duplicates (rule R46)."""
    distinct_events = events.group_by(event_identity_columns(events)).aggregate(step_ref=events.event_ref.min())
    return distinct_events.select(
        *[name for name in COLUMNS if name in distinct_events.columns],
        starts=distinct_events.happened_at,
        starts_last=distinct_events.happened_at_last,
        starts_day=distinct_events.happened_at_day,
        report_ref=ibis.null("string"),
        row_ref=ibis.null("string"),
    ).select(*COLUMNS)


def event_identity_columns(events: ibis.Table) -> list[str]:
    """Return the columns in which duplicate events agree."""
    return [name for name in events.columns if name not in _NON_IDENTITY_COLUMNS]


def duplicate_event_refs(events: ibis.Table) -> ibis.Table:
    """Return the reference of each duplicate event (rule R46), with the smallest reference among its duplicates."""
    identity_columns = event_identity_columns(events)
    duplicates = events.group_by(identity_columns).aggregate(stands_for=events.event_ref.min(), number=events.count())
    duplicates = (
        duplicates.filter(duplicates.number > 1).drop("number").rename({f"{name}_": name for name in identity_columns})
    )
    required_columns = ("force_code", "kind", "happened_at")
    conditions = [events[name] == duplicates[f"{name}_"] for name in required_columns]
    conditions += [
        events[name].identical_to(duplicates[f"{name}_"]) for name in identity_columns if name not in required_columns
    ]
    pairs = events.join(duplicates, conditions)
    return pairs.select("force_code", about_event_ref="event_ref", stands_for="stands_for")


_NON_IDENTITY_COLUMNS = ("event_ref", "entered_at", "entered_at_last", "entered_at_day", "line")


def _sources_of_kinds(kinds: tuple[str, ...]) -> list[StepSource]:
    return [source for source in STEP_SOURCES if source.kind in kinds]


def _names_victim(source: StepSource) -> bool:
    return source.kind in VICTIM_KINDS_ELSEWHERE


def _events_about(events: ibis.Table, subject: str) -> ibis.Table:
    return events.filter(events.about == subject).select(*COLUMNS)


def _source_steps(tables: Tables, source: StepSource) -> ibis.Table:
    rows = tables[source.table]
    rows = rows.filter(~rows[source.column].isnull())
    if source.row_filter is not None:
        rows = rows.filter(source.row_filter(rows))
    return rows.select(
        "force_code",
        kind=ibis.literal(source.kind),
        step_ref=rows[source.key],
        starts=rows[source.column],
        starts_last=rows[f"{source.column}_last"],
        starts_day=rows[f"{source.column}_day"],
        **{name: rows[name] if name in rows.columns else ibis.null("string") for name in REFERENCES},
        row_ref=rows[source.key],
        detail=ibis.null("string"),
        by_role=ibis.null("string"),
        about_event_ref=ibis.null("string"),
    ).select(*COLUMNS)


def _step_rows(rows: ibis.Table, victim: str = "", suspect: str = "") -> ibis.Table:
    missing_ref = ibis.null("string")
    return rows.select(
        *COLUMNS,
        victim_ref=rows[victim] if victim else missing_ref,
        suspect_ref=rows[suspect] if suspect else missing_ref,
    )
