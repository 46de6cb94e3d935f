"""Withdraw declared completeness where rows or values were set aside (rules R58 and R59).

A row that was set aside may record a step that then looks absent. So the completeness declaration is withdrawn for the
records that the row names, and for the whole table if half of it was lost. A value that was set aside is read as empty
but is not missing (return contract, section 10), so those cells are listed as well.
"""

from __future__ import annotations

from assay import contract
from assay.contract.validation_rules import rules
from assay.ingest.completeness_declarations import (
    harmless_rules,
    is_complete,
    is_kind_complete,
    lost_rows_sql,
)
from assay.ingest.sql_literals import sql_list, sql_string
from assay.ingest.staging_store import StagingStore

REFERENCE_COLUMNS = ("crime_ref", "person_ref", "missing_ref")
HOME_TABLES = {"crime_ref": "crimes", "missing_ref": "missing"}
"""Tables of accepted crimes and episodes. No other is queried, so nothing is withdrawn for another."""


def withdraw_completeness(store: StagingStore) -> None:
    """Withdraw declarations of completeness (R58, then R59), and fill the table `incomplete`.

    A value that was set aside gives its `column_name` and `record_ref`, the key of its row. For R58 both are empty, and
    `kind` is the kind of event: '' for a table other than events, and for an event whose kind cannot be read, because
    that event may have been of any kind. A row that names no record is only counted.
    """
    _record_values_set_aside(store)
    lost_counts = _lost_row_counts(store)
    for table in lost_counts:
        if table == "events" or is_complete(store, table):
            _withdraw_for_lost_rows(store, table)
    for table, rows in lost_counts.items():
        if rows >= store.query_number(f"select count(*) from {table}"):
            store.record_table_error("R59", table)
            store.mark_not_complete(table)


def _record_values_set_aside(store: StagingStore) -> None:
    """Record every value that was set aside in accepted rows with a key of one column."""
    effects = sql_list([rule.key for rule in rules().values() if rule.effect == "value"])
    for name, table in contract.tables().items():
        if store.is_supplied(name) and len(table.key) == 1:
            store.insert_query(
                "incomplete",
                f"select distinct {sql_string(name)} as table_name, '' as kind, f.column_name, "
                f"t.{table.key[0]} as record_ref from faults as f join {name} as t using (line) "
                f"where f.table_name = {sql_string(name)} and f.rule in {effects}",
            )


def _withdraw_for_lost_rows(store: StagingStore, table: str) -> None:
    kind = "''" if table != "events" else _kind_sql(store)
    columns = REFERENCE_COLUMNS if table != "events" else (*REFERENCE_COLUMNS, "kind")
    named_rows = (
        f"select line, {kind} as kind, "
        f"{', '.join(_accepted_reference_sql(store, table, name) for name in REFERENCE_COLUMNS)} "
        f"from ({lost_rows_sql(store, table, *columns)}) as r"
    )
    affected_rows = (
        f"select * from ({named_rows}) where kind is not null and coalesce({', '.join(REFERENCE_COLUMNS)}) is not null"
    )
    store.insert_query(
        "incomplete",
        (
            f"select distinct {sql_string(table)} as table_name, kind, {', '.join(REFERENCE_COLUMNS)} from "
            f"({affected_rows})"
        ),
    )
    store.record_errors("R58", table, "", f"select line from ({affected_rows})")


def _accepted_reference_sql(store: StagingStore, table: str, name: str) -> str:
    home_table = HOME_TABLES.get(name, table)
    if home_table == table or not store.is_supplied(home_table):
        return f"r.{name}"
    return f"case when r.{name} in (select {name} from {home_table}) then r.{name} end as {name}"


def _kind_sql(store: StagingStore) -> str:
    """Return SQL for the kind: itself if declared complete, NULL if not, '' if it cannot be read."""
    kinds = contract.event_kinds()
    complete_kinds = [kind for kind in kinds if is_kind_complete(store, kind)]
    if not complete_kinds:
        return "null"
    return (
        f"case when r.kind in {sql_list(complete_kinds)} then r.kind when r.kind in {sql_list(kinds)} then "
        f"null else '' end"
    )


def _lost_row_counts(store: StagingStore) -> dict[str, int]:
    """Return the number of rows lost for each supplied table that lost any, in contract order."""
    lost = f"select table_name, line from aside where rule not in {sql_list(harmless_rules(store))}"
    count_rows = store.query(f"select table_name, count(distinct line) as n from ({lost}) group by 1").to_pylist()
    lost_rows = {row["table_name"]: row["n"] for row in count_rows}
    return {table: lost_rows[table] for table in contract.tables() if table in lost_rows and store.is_supplied(table)}
