"""Small returns for tests: only what a test says is filled, everything else is as a force with nothing more to say."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from ibis.expr.operations import DatabaseTable

from assay.contract import table, tables, typed_schema
from assay.facts.fact_inputs import build_lookup_tables
from assay.facts.fact_tables import derive_fact_tables
from assay.linkage import match_persons_exactly
from assay.linkage.groups import detect_groups, involvement_ties
from assay.privacy.separated_identifiers import drop_separated_columns, select_separated_columns
from assay.reference.event_kinds import event_kinds
from assay.reference.organisations import Organisation

FORCE, ELSEWHERE = "INV01", "INV02"
ORGANISATIONS = (
    Organisation(FORCE, "Fernshire", "fernshire", "territorial", "England"),
    Organisation(ELSEWHERE, "Glanford", "glanford", "territorial", "Wales"),
    Organisation("BTP", "British Transport Police", "btp", "transport", ""),
)
LONDON = ZoneInfo("Europe/London")
EXTRACTED = "2026-08-03T06:00"
PERIOD = (dt.date(2026, 4, 1), dt.date(2026, 7, 1))
MINUTE = dt.timedelta(minutes=1)
Row = Mapping[str, Any]
WRITTEN_ROWS: dict[tuple[Any, ...], tuple[list[tuple[str, Any]], Mapping[str, Any]]] = {}
NAMES_READ: dict[Any, frozenset[str]] = {}
MATCHED_PERSONS: dict[tuple[Any, ...], Mapping[str, Any]] = {}
TIES: dict[tuple[Any, ...], Any] = {}
"""The expressions of persons and of their ties, which depend on names and columns alone, as those of facts do."""

TEXT, YES, DAY, TIME = pa.string(), pa.bool_(), pa.date32(), pa.timestamp("us")
MANIFEST_SCHEMAS = {
    "returns": {"force_code": TEXT, "request": TEXT, "edition": pa.int64(), "period_from": DAY, "period_to": DAY,
                "history_from": DAY, "extracted_at": TIME, "spec_version": TEXT},
    "covers": {"force_code": TEXT, "table_name": TEXT, "supplied": TEXT, "reason": TEXT, "complete": YES,
               "covers_from": DAY, "covers_to": DAY, "extracted_at": TIME, "midnight": TEXT, "searchable": TEXT,
               "system": TEXT, "hours_spent": pa.float64(), "rows_stated": pa.int64(), "used": YES},
    "kinds": {"force_code": TEXT, "kind": TEXT, "supplied": YES, "complete": YES},
    "columns": {"force_code": TEXT, "table_name": TEXT, "column_name": TEXT, "in_file": YES, "reason": TEXT},
    "incomplete": {"force_code": TEXT, "table_name": TEXT, "kind": TEXT, "crime_ref": TEXT, "person_ref": TEXT,
                   "missing_ref": TEXT, "column_name": TEXT, "record_ref": TEXT},
}  # fmt: skip


def minute(text: str) -> dt.datetime:
    """A local time in London as UTC without a zone."""
    local = dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)
    return local.astimezone(dt.UTC).replace(tzinfo=None)


def when(name: str, value: str) -> dict[str, Any]:
    """The three columns of a `when`: '2026-04-08T08:30', or a day alone."""
    day = dt.date.fromisoformat(value[:10])
    if len(value) > 10:
        return {name: minute(value), f"{name}_last": minute(value), f"{name}_day": day}
    after = minute(f"{day + dt.timedelta(1)}T00:00")
    return {name: minute(f"{day}T00:00"), f"{name}_last": after - MINUTE, f"{name}_day": day}


def typed(name: str, rows: Sequence[Row]) -> pa.Table:
    """A table of the contract from rows that say only what matters; dates and times as text."""
    schema = typed_schema(name)
    full = [_typed_row(name, row, line) for line, row in enumerate(rows, start=2)]
    return pa.table({field.name: [row.get(field.name) for row in full] for field in schema}, schema=schema)


def _typed_row(name: str, row: Row, line: int) -> dict[str, Any]:
    values: dict[str, Any] = {"force_code": FORCE, "line": line}
    for column, value in row.items():
        kind = "ref" if column in ("force_code", "line") else table(name).column(column).kind
        if kind == "when" and value is not None:
            values |= when(column, value)
        elif kind == "date" and isinstance(value, str):
            values[column] = dt.date.fromisoformat(value)
        else:
            values[column] = value
    return values


class Return:
    """What forces sent: `Return(crimes=[...], events=[...])`.

    A table that is named is whole and complete; the others were not supplied. Event kinds: each kind in `kinds`
    with its own complete. `absent_columns`: columns that are not in the file, as "table.column". `history_from`: the first day
    of the history.
    """

    def __init__(
        self,
        *,
        kinds: Mapping[str, bool] | None = None,
        not_complete: Sequence[str] = (),
        absent_columns: Sequence[str] = (),
        incomplete: Sequence[Row] = (),
        forces: Sequence[str] = (FORCE,),
        extracted: str = EXTRACTED,
        manifest_rows: Mapping[str, Row] | None = None,
        history_from: dt.date = PERIOD[0],
        **rows_by_table: Sequence[Row],
    ) -> None:
        self.rows_by_table, self.kinds, self.forces, self.extracted = rows_by_table, kinds or {}, forces, extracted
        self.not_complete, self.absent_columns, self.incomplete = not_complete, absent_columns, incomplete
        self.manifest_rows, self.history_from = manifest_rows or {}, history_from

    def tables(self) -> dict[str, pa.Table]:
        """All that `facts.fact_tables` reads, but for people."""
        typed_tables = {name: typed(name, self.rows_by_table.get(name, ())) for name in tables()}
        manifest_tables = {
            "returns": [self._return(force) for force in self.forces],
            "covers": [self._manifest_row(force, name) for force in self.forces for name in tables()],
            "kinds": [row for force in self.forces for row in self._kinds(force)],
            "columns": [
                {"force_code": force, "table_name": name.split(".")[0], "column_name": name.split(".")[1],
                 "in_file": False}
                for force in self.forces for name in self.absent_columns
            ],
            "incomplete": [{"force_code": FORCE, **row} for row in self.incomplete],
        }  # fmt: skip
        found = {
            name: pa.table({column: [row.get(column) for row in rows] for column in MANIFEST_SCHEMAS[name]},
                           schema=pa.schema(list(MANIFEST_SCHEMAS[name].items())))
            for name, rows in manifest_tables.items()
        }  # fmt: skip
        return {**typed_tables, **found, **build_lookup_tables(ORGANISATIONS)}

    def _return(self, force: str) -> dict[str, Any]:
        return {"force_code": force, "request": "TRIAL", "edition": 1, "period_from": PERIOD[0],
                "period_to": PERIOD[1], "history_from": self.history_from, "extracted_at": minute(self.extracted),
                "spec_version": "1.0"}  # fmt: skip

    def _manifest_row(self, force: str, name: str) -> dict[str, Any]:
        was_sent = name in self.rows_by_table
        complete = (name not in self.not_complete) if was_sent else None
        return {"force_code": force, "table_name": name, "supplied": "whole" if was_sent else "none",
                "complete": complete, "used": was_sent, **self.manifest_rows.get(name, {})}  # fmt: skip

    def _kinds(self, force: str) -> list[dict[str, Any]]:
        rows = []
        for kind in event_kinds():
            home = kind.home.partition(".")[0]
            if kind.home == "events":
                supplied, complete = kind.key in self.kinds, self.kinds.get(kind.key)
            elif "." in kind.home:
                supplied = home in self.rows_by_table
                complete = (home not in self.not_complete) if supplied else None
            else:
                continue
            rows.append({"force_code": force, "kind": kind.key, "supplied": supplied, "complete": complete})
        return rows


def tables_held(engine: Any, table_map: Mapping[str, pa.Table]) -> dict[str, Any]:
    """The tables as the facts read them: what tells who a person is was read by the room of persons, and by no other."""
    identities = engine.table(
        "identities", select_separated_columns("identities", "involvements", table_map["involvements"])
    )
    engine_tables = {name: engine.table(name, drop_separated_columns(name, rows)) for name, rows in table_map.items()}
    links = engine.table("link_identities", select_separated_columns("identities", "links", table_map["links"]))
    lists = engine.table(
        "identities_agencies", select_separated_columns("identities", "agencies", table_map["agencies"])
    )
    sources = {**engine_tables, "identities": identities, "link_identities": links, "identities_agencies": lists}
    key = expression_key(engine, sources)
    if key not in MATCHED_PERSONS:
        MATCHED_PERSONS[key] = match_persons_exactly(sources)
    engine_tables |= {name: engine.create_table(name, rows) for name, rows in MATCHED_PERSONS[key].items()}
    if key not in TIES:
        TIES[key] = involvement_ties(engine_tables)
    groups = detect_groups(engine.run(TIES[key]))
    return engine_tables | {name: engine.table(name, rows) for name, rows in groups.items()}


def expression_key(engine: Any, table_map: Mapping[str, Any]) -> tuple[Any, ...]:
    """All on which expressions depend: the engine, and the names and columns of the tables that it holds."""
    return (engine.engine, *sorted((name, rows.get_name(), rows.schema()) for name, rows in table_map.items()))


def facts_on(engine: Any, table_map: Mapping[str, Any], fact_names: Sequence[str] = ()) -> Mapping[str, Any]:
    """The facts on tables that an engine holds. They depend on names and columns alone, so they are written once a
    process, which takes seconds, and asked again of every tables of those names and columns. Of the tables that several
    facts share, those are made that the named facts read; without names, all."""
    key = expression_key(engine, table_map)
    if key not in WRITTEN_ROWS:
        steps: list[tuple[str, Any]] = []

        def keep(name: str, step: Any) -> Any:
            steps.append((name, step))
            return engine.create_table(name, step)

        WRITTEN_ROWS[key] = steps, derive_fact_tables(table_map, keep)
        return WRITTEN_ROWS[key][1]
    steps, found = WRITTEN_ROWS[key]
    for name, step in steps_read(steps, [found[name] for name in (fact_names or found)]):
        engine.create_table(name, step)
    return found


def steps_read(steps: Sequence[tuple[str, Any]], facts: Sequence[Any]) -> list[tuple[str, Any]]:
    """The steps that these facts read, directly or through other steps, in their order."""
    read = set().union(*map(table_names, facts))
    needed = []
    for name, step in reversed(steps):
        if name in read:
            needed.append((name, step))
            read |= table_names(step)
    return needed[::-1]


def table_names(expression: Any) -> frozenset[str]:
    """The names of the tables that an expression reads; each expression is searched once."""
    operation = expression.op()
    if operation not in NAMES_READ:
        NAMES_READ[operation] = frozenset(table.name for table in operation.find(DatabaseTable))
    return NAMES_READ[operation]


def facts_of(engine: Any, data: Return, *fact_names: str) -> dict[str, list[dict[str, Any]]]:
    """The fact tables of a return as rows, worked out on an open `ExpressionEngine`."""
    found = facts_on(engine, tables_held(engine, data.tables()), fact_names)
    return {name: engine.run(found[name]).to_pylist() for name in (fact_names or found)}


def only_row(rows: Sequence[Row], **expected: Any) -> Row:
    """The only row with these values."""
    found = [row for row in rows if all(row[name] == value for name, value in expected.items())]
    assert len(found) == 1, f"{len(found)} rows for {expected}"
    return found[0]
