"""What was taken in from a return: its tables, what was laid aside, and how the whole adds up?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import contract
from assay.ingest.return_manifest import Cover
from assay.ingest.staging_store import Desk
from assay.ingest.table_reader import Came
from assay.privacy.separated_identifiers import Lazily

TEXT, NUMBER, DAY, MINUTE, YES = pa.string(), pa.int64(), pa.date32(), pa.timestamp("us"), pa.bool_()


def _schema(text: str) -> pa.Schema:
    kinds = {"": TEXT, "int": NUMBER, "date": DAY, "time": MINUTE, "yes": YES, "num": pa.float64()}
    fields = (word.partition(":") for word in ("force_code " + text).split())
    return pa.schema([(name, kinds[kind]) for name, _, kind in fields])


BESIDE = {
    "returns": _schema(
        "request edition:int period_from:date period_to:date history_from:date extracted_at:time spec_version"
    ),
    "covers": _schema(
        "table_name supplied reason complete:yes covers_from:date covers_to:date extracted_at:time midnight searchable "
        "system hours_spent:num rows_stated:int used:yes"
    ),
    "kinds": _schema("kind supplied:yes complete:yes"),
    "columns": _schema("table_name column_name in_file:yes reason"),
    "incomplete": _schema("table_name kind crime_ref person_ref missing_ref column_name record_ref"),
    "faults": _schema("table_name file line:int column_name rule"),
    "aside": _schema("table_name file line:int column_name rule record"),
    "counted": _schema("table_name file records:int rows_stated:int accepted:int set_aside:int refused_rule"),
    "unmapped": _schema("table_name column_name word rows:int words:int nearest"),
    "completeness": _schema(
        "table_name column_name month rows:int filled:int missing:int value_set_aside:int with_reason:int"
    ),
    "scanned": _schema(
        "crime_ref offence_code recorded_at:time recorded_at_last:time recorded_at_day:date state reason signs:int "
        "list_version scanner_version"
    ),
    "signs": _schema("crime_ref sign phrases:int"),
    "forms": _schema("title place:int printed"),
}
"""The tables that a received return has beside the 28, with their columns."""


class ReturnTables(Lazily):
    """The tables of a return by name, each fetched from the desk when it is asked for and not held in memory."""

    def __init__(self, desk: Desk, makers: Mapping[str, Callable[[], pa.Table]]) -> None:
        super().__init__(makers)
        self._desk = desk

    def write_parquet(self, name: str, path: Path) -> None:
        """Write one of the 28 tables to a file without holding it in memory; the columns are those of `[name]`."""
        self._desk.write_parquet(f"select * from {name}{in_order(self._desk, name)}", path)


def in_order(desk: Desk, name: str) -> str:
    """The words that order a table by line, or '' where it lies in order already: a sort of millions is dear."""
    back = desk.number(f"select count(*) from (select line < lag(line) over () as back from {name}) where back")
    return " order by line" if back else ""


@dataclass(frozen=True)
class Received:
    """A return that was taken in. `stands` says whether it is the first of its period or supersedes another.

    `remarks` are sentences to the sender about the cover, the mapping, tables that were refused, and names that
    nobody knows. `statements` is the SQL that was run. `close` clears the desk on which the tables lie.
    """

    cover: Cover
    tables: ReturnTables
    stands: str
    remarks: tuple[str, ...]
    statements: tuple[str, ...]
    close: Callable[[], None]

    @property
    def fault_counts(self) -> Mapping[tuple[str, str], int]:
        """How many faults under each (rule, table)."""
        faults = self.tables["faults"].select(["rule", "table_name"])
        return Counter(zip(faults["rule"].to_pylist(), faults["table_name"].to_pylist(), strict=True))


Rows = list[dict[str, Any]]


def table_of(desk: Desk, name: str, rows: Rows) -> pa.Table:
    """Rows as one of the tables beside the 28."""
    return pa.Table.from_pylist([{"force_code": desk.cover.force_code, **row} for row in rows], schema=BESIDE[name])


def noted(desk: Desk, came: Mapping[str, Came]) -> pa.Table:
    """The faults, in the order of table, line, column and rule: never what a cell holds."""
    return desk.run(
        f"select '{desk.cover.force_code}' as force_code, table_name, {_file(came)} as file, {_line(came)} as line, "
        "column_name, rule from faults order by table_name, line nulls first, column_name, rule"
    ).cast(BESIDE["faults"])


def laid_aside(desk: Desk, came: Mapping[str, Came]) -> pa.Table:
    """The rows laid aside, each with the text of its record as JSON, for the inspection folder alone."""
    unread = [
        {"table_name": name, "line": line, "text": text}
        for name, one in came.items()
        for line, text in one.unread.items()
    ]
    schema = pa.schema([("table_name", TEXT), ("line", NUMBER), ("text", TEXT)])
    desk.hold("unread", pa.Table.from_pylist(unread, schema=schema))
    texts = ["select table_name, line, to_json({'record': text})::varchar as record from unread"]
    texts += [
        f"select '{name}' as table_name, r.line, to_json(r)::varchar as record from (select * from raw_{name} where "
        f"line in (select line from aside where table_name = '{name}')) as r"
        for name in desk.run("select distinct table_name from aside order by 1")["table_name"].to_pylist()
        if desk.supplied(name)
    ]
    return desk.run(
        f"select '{desk.cover.force_code}' as force_code, a.table_name, {_file(came, 'a.')} as file, "
        f"{_line(came, 'a.')} as line, a.column_name, a.rule, t.record from aside as a "
        f"left join ({' union all '.join(texts)}) as t on a.table_name = t.table_name and a.line = t.line "
        "order by a.table_name, a.line"
    ).cast(BESIDE["aside"])


def _file(came: Mapping[str, Came], prefix: str = "") -> str:
    whens = " ".join(f"when '{name}' then '{one.file.replace(chr(39), chr(39) * 2)}'" for name, one in came.items())
    return f"case {prefix}table_name {whens} end"


def _line(came: Mapping[str, Came], prefix: str = "") -> str:
    whens = [f"when '{name}' then {prefix}line // {one.spread}" for name, one in came.items() if one.spread > 1]
    return f"case {prefix}table_name {' '.join(whens)} else {prefix}line end" if whens else f"{prefix}line"


def typed_rows(desk: Desk, name: str, spread: int) -> pa.Table:
    """One of the 28 tables, in the order of its lines."""
    line = f" replace (line // {spread} as line)" if spread > 1 else ""
    return desk.run(f"select *{line} from {name}{in_order(desk, name)}").cast(contract.typed_schema(name))
