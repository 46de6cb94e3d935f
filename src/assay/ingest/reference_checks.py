"""Check references between rows (rules R27 to R40).

A row that names a crime, report, episode or other record that was not accepted is set aside, and then every row that
depends on it. Tables are visited parents first, so one pass is enough. A reference to a table that was not supplied, or
was refused, is not checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pyarrow as pa

from assay.ingest.completeness_declarations import has_column
from assay.ingest.sql_literals import sql_list
from assay.ingest.staging_store import StagingStore
from assay.reference import event_kinds

HOME_TABLES = {
    "crime_ref": "crimes",
    "report_ref": "reports",
    "missing_ref": "missing",
    "exhibit_ref": "exhibits",
    "assessment_ref": "assessments",
    "involvement_ref": "involvements",
    "group_ref": "groups",
    "profile_ref": "profiles",
}
"""The table that holds the record which a reference names."""

REQUIRED_REFERENCES: dict[str, tuple[str, ...]] = {
    "involvements": ("crime_ref", "report_ref", "missing_ref"),
    "report_crimes": ("report_ref", "crime_ref"),
    "flags": ("crime_ref", "missing_ref"),
    "exhibits": ("crime_ref",),
    "events": ("crime_ref", "missing_ref", "exhibit_ref", "involvement_ref"),
    "assessment_items": ("assessment_ref",),
    "aliases": ("involvement_ref",),
    "group_members": ("group_ref",),
    "profile_sources": ("profile_ref",),
    "court": ("crime_ref",),
    "notes": ("crime_ref", "report_ref", "missing_ref"),
    "links": ("crime_ref",),
}
"""R27, parents first: a row that refers to no accepted record is set aside."""

OPTIONAL_REFERENCES: dict[str, tuple[str, ...]] = {
    "orders": ("crime_ref",),
    "referrals": ("crime_ref", "report_ref", "missing_ref"),
}
"""R28: the row stays without the reference."""

PERSON_REFERENCE_TABLES = (
    "flags", "events", "missing", "assessments", "orders", "referrals", "notes", "registers", "links",
    "group_members", "court",
)  # fmt: skip

_RECORD_REFERENCE_COUNT = (
    "(crime_ref is not null)::int + (report_ref is not null)::int + (missing_ref is not null)::int"
)
WRONG_REFERENCE_COUNT = {
    "involvements": f"({_RECORD_REFERENCE_COUNT}) > 1 or (role = 'nominal') <> (({_RECORD_REFERENCE_COUNT}) = 0)",
    "flags": "(crime_ref is not null)::int + (person_ref is not null)::int + (missing_ref is not null)::int <> 1",
    "notes": "coalesce(crime_ref, report_ref, missing_ref, person_ref) is null",
    "links": "crime_ref is null and person_ref is null",
}
"""R31: how many of its references a row fills."""

MISSING_SUBJECT = {
    "crime": "crime_ref is null",
    "victim": "crime_ref is null",
    "suspect": "crime_ref is null",
    "child": "person_ref is null and involvement_ref is null",
    "missing": "missing_ref is null",
    "exhibit": "exhibit_ref is null",
    "any": "crime_ref is null and person_ref is null and missing_ref is null",
}
"""R32: what an event lacks, by what its kind is about."""

KINDS_WITH_DUE_DAY = ("suspect_bailed", "bail_extended", "safeguarding_action_agreed", "line_of_enquiry_raised")
KINDS_WITH_DETAIL = ("line_of_enquiry_raised", "line_of_enquiry_closed", "charge_decision", "cps_triage_result",
                "missing_regraded", "transfer_offered", "transfer_accepted", "transfer_refused")  # fmt: skip
CLOSING_KINDS = ("line_of_enquiry_closed", "safeguarding_action_done")
ROLES_BY_SUBJECT = {"victim": ("victim", "witness"), "suspect": ("suspect",)}

REFERENCES = "references"
"""Name in the store of the checks that are applied again after other rules."""
EVENT_KINDS = "event_kinds"
"""Name in the store of the kinds of event."""
KIND_SCHEMA = pa.schema([(name, pa.string()) for name in ("kind", "about", "home", "detail_list")])

INAPPLICABLE_COLUMNS = (
    ("involvements", "suspect_known_as", "role <> 'suspect'"),
    ("involvements", "relationship", "role <> 'suspect'"),
    ("involvements", "suspect_outcome_code", "role <> 'suspect'"),
    ("involvements", "drives_for_hire", "role <> 'suspect'"),
    ("involvements", "licensing_told", "role <> 'suspect'"),
    ("referrals", "duty_report", "direction <> 'in'"),
    ("referrals", "online_report", "direction <> 'in'"),
    ("referrals", "safeguarding_followed", "direction <> 'in'"),
    ("involvements", "enhanced_rights", "role <> 'victim'"),
    ("crimes", "cancel_ground", "cancelled_at is null"),
    ("crimes", "cancelled_by_role", "cancelled_at is null"),
    ("assessments", "override_reason_given", "override is distinct from true"),
    ("orders", "person_ref", "served_on in ('place', 'vehicle')"),
    ("events", "due_on", f"kind not in {sql_list(KINDS_WITH_DUE_DAY)}"),
)
"""R36: a column, and the rows in which it does not apply."""


def check(store: StagingStore) -> None:
    """Apply the rules R27 to R40 on references between rows."""
    check_references(store)
    _check_person_references(store)
    _empty_inapplicable_columns(store)
    if store.is_supplied("events"):
        _check_events(store)
    if store.is_supplied("involvements"):
        _check_victim_counts(store)
        _check_person_numbers(store)


def check_references(store: StagingStore) -> None:
    """Apply R27, R28 and R30 to R33; apply them again only after a row or a value was set aside, also by themselves."""
    if store.is_unchanged_since(REFERENCES):
        return
    store.mark_unchanged(REFERENCES)
    _check_all_references(store)


def _check_all_references(store: StagingStore) -> None:
    for table, columns in REQUIRED_REFERENCES.items():
        if not store.is_supplied(table):
            continue
        for column in columns:
            for lines in _dangling_reference_queries(store, table, column):
                store.set_rows_aside("R27", table, column, lines)
        if table in WRONG_REFERENCE_COUNT:
            store.set_rows_aside("R31", table, "", f"select line from {table} where {WRONG_REFERENCE_COUNT[table]}")
        if table == "events":
            _check_event_kinds(store)
    for table, columns in OPTIONAL_REFERENCES.items():
        for column in columns if store.is_supplied(table) else ():
            for lines in _dangling_reference_queries(store, table, column):
                store.set_values_aside("R28", table, column, lines)
    if store.is_supplied("events"):
        store.set_values_aside("R30", "events", "about_event_ref", UNRELATED_EVENTS_SQL)


def _dangling_reference_queries(store: StagingStore, table: str, column: str) -> Iterator[str]:
    home_table = HOME_TABLES[column]
    if store.is_supplied(home_table):
        yield (
            f"select named.line from {table} as named anti join {home_table} as home on named.{column} = home.{column} "
            f"where named.{column} is not null"
        )


@cache
def _event_kind_rows() -> pa.Table:
    """Return the kinds of event as rows, built once for all returns of a process."""
    rows = [(kind.key, kind.subject, kind.home, kind.detail_list or None) for kind in event_kinds().all]
    return pa.table([pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)], schema=KIND_SCHEMA)


def _check_event_kinds(store: StagingStore) -> None:
    # Later checks join the kinds as well. As a table they are parsed once for each return, not with each statement.
    store.store_rows_once(EVENT_KINDS, _event_kind_rows())
    conditions = " or ".join(
        f"(kinds.about = '{subject}' and {condition})" for subject, condition in MISSING_SUBJECT.items()
    )
    joined = f"select line from events join {EVENT_KINDS} as kinds using (kind)"
    store.set_rows_aside("R32", "events", "", f"{joined} where kinds.home = 'events' and ({conditions})")
    store.set_rows_aside("R33", "events", "kind", f"{joined} where kinds.home <> 'events'")


# Related if crime, child or episode is the same; unrelated only where one of them is known of both and none agrees.
UNRELATED_EVENTS_SQL = """
with known as (
    select e.*, coalesce(e.person_ref, i.person_ref) as of_person
    from events as e left join involvements as i on e.involvement_ref = i.involvement_ref)
select e.line from known as e left join known as a on e.about_event_ref = a.event_ref
where e.about_event_ref is not null and (
    a.event_ref is null or a.event_ref = e.event_ref or (
        not coalesce(e.crime_ref = a.crime_ref, false)
        and not coalesce(e.of_person = a.of_person, false)
        and not coalesce(e.missing_ref = a.missing_ref, false)
        and (e.crime_ref <> a.crime_ref or e.of_person <> a.of_person)))
"""


def _check_person_references(store: StagingStore) -> None:
    if not store.is_supplied("involvements"):
        return
    for table in PERSON_REFERENCE_TABLES:
        if store.is_supplied(table):
            store.record_errors(
                "R29", table, "person_ref",
                f"select named.line from {table} as named anti join involvements as known "
                "on named.person_ref = known.person_ref where named.person_ref is not null",
            )  # fmt: skip


def _empty_inapplicable_columns(store: StagingStore) -> None:
    for table, column, condition in INAPPLICABLE_COLUMNS:
        if store.is_supplied(table):
            store.set_values_aside(
                "R36", table, column, f"select line from {table} where {column} is not null and {condition}"
            )
    if store.is_supplied("events"):
        store.set_values_aside(
            "R36", "events", "detail",
            f"select line from events join {EVENT_KINDS} as kinds using (kind) "
            "where kinds.detail_list is null and detail is not null",
        )  # fmt: skip


def _check_events(store: StagingStore) -> None:
    if store.is_supplied("involvements"):
        for subject, roles in ROLES_BY_SUBJECT.items():
            _check_event_person(store, subject, roles)
    query = "select line from events where {0} is null and kind in {1}"
    for rule, column, kinds in (("R37", "detail", KINDS_WITH_DETAIL), ("R38", "about_event_ref", CLOSING_KINDS)):
        if has_column(store, "events", column):  # a column that was not sent is told once, under R08
            store.record_errors(rule, "events", column, query.format(column, sql_list(kinds)))


def _check_event_person(store: StagingStore, subject: str, roles: tuple[str, ...]) -> None:
    subject_events = f"events as e join {EVENT_KINDS} as kinds on e.kind = kinds.kind and kinds.about = '{subject}'"
    no_person = "e.person_ref is null and e.involvement_ref is null"
    store.record_errors(
        "R34", "events", "person_ref",
        f"with several as ({person_counts_sql(subject)}) select e.line from {subject_events} "
        f"left join several as s on e.crime_ref = s.crime_ref where {no_person} and coalesce(s.persons, 0) <> 1",
    )  # fmt: skip
    store.record_errors(
        "R35", "events", "person_ref",
        f"select e.line from {subject_events} where not ({no_person}) and not exists (select 1 from involvements as i "
        f"where i.crime_ref = e.crime_ref and i.role in {sql_list(roles)} "
        "and coalesce(i.involvement_ref = e.involvement_ref, i.person_ref = e.person_ref))",
    )  # fmt: skip


def person_counts_sql(role: str) -> str:
    """Return SQL that counts the persons with a role on each crime."""
    return (
        "select crime_ref, count(distinct coalesce('p' || person_ref, 'i' || involvement_ref)) as persons "
        f"from involvements where role = '{role}' and crime_ref is not null group by crime_ref"
    )


def _check_victim_counts(store: StagingStore) -> None:
    """Apply R39 to the crime if it has no victim, or to the victims' own rows if it has several."""
    if store.is_supplied("crimes"):
        store.record_errors(
            "R39", "crimes", "crime_ref",
            "select c.line from crimes as c anti join (select crime_ref from involvements where role = 'victim') as v "
            "on c.crime_ref = v.crime_ref",
        )  # fmt: skip
    store.record_errors(
        "R39", "involvements", "crime_ref",
        f"with victims as ({person_counts_sql('victim')}) select i.line from involvements as i "
        "join victims as v on i.crime_ref = v.crime_ref where i.role = 'victim' and v.persons > 1",
    )  # fmt: skip


def _check_person_numbers(store: StagingStore) -> None:
    for column, condition in (
        ("date_of_birth", "max(date_of_birth) > min(date_of_birth) + interval 1 year"),
        ("sex", "count(distinct sex) > 1"),
    ):
        store.record_errors(
            "R40", "involvements", column,
            f"select line from involvements where {column} is not null and person_ref in (select person_ref "
            f"from involvements where person_ref is not null group by person_ref having {condition})",
        )  # fmt: skip
