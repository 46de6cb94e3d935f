"""Which columns does each rule of the return look at, and what for?

Rules R27 to R59, from the statements that they ask of the desk. R10 to R26 look at every column alike, and R60 looks
into texts only to tell that they must be redacted: none of these is a reason to ask for a column.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import pyarrow as pa

from assay import contract
from assay.engine.column_lineage import Base
from assay.engine.sql_columns import Schema, columns_of_statement
from assay.ingest import (
    cross_field_checks,
    rating_chain_checks,
    reference_checks,
    time_order_checks,
    transferred_crimes,
)
from assay.ingest.accepted_tables import BESIDE
from assay.ingest.return_manifest import Cover, TableCover
from assay.ingest.staging_store import NOTED, SQL_TYPES, Desk
from assay.workflows.request.fact_columns import homes

OF_WHOLE_ROWS = ("R46",)
"""Rules that set whole rows beside one another: they look at whatever there is, as R12 and R13 do."""


@dataclass(frozen=True)
class Look:
    """One look of a rule: what it tells of (`column` '' for the whole row), and every column that it looks at."""

    rule: str
    table: str
    column: str
    columns: frozenset[Base]


def looks() -> tuple[Look, ...]:
    """Every look of every rule, in the order in which rules are applied."""
    desk = _Listening()
    try:
        reference_checks.check(desk)
        time_order_checks.check(desk)
        cross_field_checks.check(desk, group_history=True)
    finally:
        desk.close()
    heard = [one for one in dict.fromkeys(desk.heard) if one[0] not in OF_WHOLE_ROWS]
    return tuple(Look(rule, table, column, _columns(sql, desk.kept)) for rule, table, column, sql in heard) + _others()


def _others() -> tuple[Look, ...]:
    """R52 is asked of all returns together, and R56 works out a hash: neither is a statement of the desk."""
    chain = frozenset(("marks", name) for name in (*rating_chain_checks.CHAINED, "chain_hash"))
    moved = _columns(transferred_crimes.ORPHANS, {})
    return Look("R52", "crimes", "", moved), Look("R56", "marks", "", chain)


def _columns(sql: str, kept: dict[str, str]) -> frozenset[Base]:
    known = homes()
    read = columns_of_statement(sql, _schema(), kept)
    plain = ((table.removeprefix("raw_"), column) for table, column in read)
    return frozenset(known[one] for one in plain if one in known)


@lru_cache
def _schema() -> Schema:
    """The tables that lie on a desk, and what each file held."""
    arrow = {name: contract.typed_schema(name) for name in contract.tables()} | BESIDE | {"aside": NOTED}
    typed = {name: {field.name: SQL_TYPES[field.type] for field in schema} for name, schema in arrow.items()}
    texts = {name: dict.fromkeys(table.names, "varchar") for name, table in contract.tables().items()}
    return typed | {f"raw_{name}": {"line": "bigint", **columns} for name, columns in texts.items()}


class _Listening(Desk):
    """A desk without a row, on which everything was supplied and is complete: it hears what rules ask."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, str, str]] = []
        self.kept: dict[str, str] = {}
        super().__init__(_cover(), threads=1)
        for name, table in contract.tables().items():
            columns = {"line": pa.array([], pa.int64()), **{one: pa.array([], pa.string()) for one in table.names}}
            self.hold(f"raw_{name}", pa.table(columns))
            self.accept(name, f"select * from {name}")
        self.kept.clear()

    def keep(self, name: str, sql: str) -> int:
        if name not in contract.tables():
            self.kept[name] = sql
        return super().keep(name, sql)

    def fault(self, rule: str, table: str, column: str, lines_sql: str) -> int:
        self.heard.append((rule, table, column, lines_sql))
        return 0

    set_aside = empty_value = fault


def _cover() -> Cover:
    whole = {name: TableCover(name, supplied="whole", reason="", complete=True) for name in contract.tables()}
    day = date(2026, 4, 1)
    return Cover(
        spec_version=contract.SPEC_VERSION, request="", force_code="INV01", period_from=day, period_to=day,
        history_from=day, extracted_at=datetime(2026, 4, 1), edition=1, contact_post="", tables=whole,
        kinds=dict.fromkeys(contract.event_kinds(), True),
    )  # fmt: skip
