"""What came in a folder of voices, documents or lessons: which rows can be used, and which not, by which rule?

A bad row never stops the others, a bad table never another table. What is set aside is counted by table, line and rule,
and its content is kept nowhere: a quotation that was refused is gone.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from assay.contract.question_sets import QuestionSet
from assay.ingest.other_senders.other_cells import NotAValue, Value, says_none, value_of
from assay.ingest.other_senders.other_row_checks import check
from assay.ingest.other_senders.other_table_spec import Column, Table, rules, tables
from assay.ingest.other_senders.sender_manifest import COVER, Cover, read_cover, refused
from assay.reference import Request

Row = dict[str, Value]
LARGEST, MOST_RECORDS = 20_000_000, 100_000
"""Bytes of a table, and records in it: every voice and every document of a country are a tenth of that."""


@dataclass(frozen=True)
class Fault:
    """One rule that was broken: in which table and line (0: the table as a whole), in which column or ''."""

    table: str
    line: int
    column: str
    rule: str

    @property
    def sets_aside(self) -> bool:
        """Whether a row of its own was set aside by it."""
        return self.line > 0 and rules()[self.rule].effect == "row"


@dataclass(frozen=True)
class Taken:
    """What was taken in: the cover, the accepted rows by table, records by table, faults, files that nobody knows; and
    the forms of all tables that might be sent."""

    cover: Cover
    rows: Mapping[str, list[Row]]
    records: Mapping[str, int]
    faults: tuple[Fault, ...]
    strangers: tuple[str, ...]
    aside: Mapping[str, Mapping[int, str]]
    forms: Mapping[str, Table]

    @cached_property
    def tables(self) -> Mapping[str, pa.Table]:
        """The accepted rows as typed tables, one for each that may be sent, empty where nothing came."""
        told = {name: [{"sender": self.cover.sender, **row} for row in self.rows.get(name, ())] for name in self.forms}
        return {name: pa.Table.from_pylist(told[name], schema=one.schema) for name, one in self.forms.items()}

    @property
    def set_aside(self) -> Mapping[str, int]:
        """Rows set aside, by rule."""
        return Counter(rule for lines in self.aside.values() for rule in lines.values())


def take(
    folder: Path, request: Request, asked: Mapping[str, QuestionSet], added: Mapping[str, Table] | None = None
) -> Taken:
    """Read a folder; ReturnRefused (V01) where its cover does not say what it must, and nothing else stops it.

    `asked`: the question sets for documents and for fieldwork, by key. `added`: tables that plug-ins add.
    """
    forms = {**tables(), **(added or {})}
    cover = read_cover(folder, request)
    desk = Desk(cover, tuple(request.bodies))
    known = {f"{name}.csv": name for name in forms}
    there: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.name.casefold() in known or (path.is_file() and path.name != COVER):
            there.setdefault(known.get(path.name.casefold(), ""), []).append(path)
    strangers = [path.name for path in there.pop("", ())]
    for name, paths in there.items():
        desk.read(paths, forms[name])
    _refuse_none(cover, added or {}, desk.records)
    check(desk, asked)
    faults = sorted(set(desk.faults), key=lambda one: (list(forms).index(one.table), one.line, one.rule, one.column))
    return Taken(cover, desk.rows, desk.records, tuple(faults), tuple(strangers), desk.aside, forms)


class Desk:
    """Where the tables of one folder lie while they are read: rows by table, what was wrong, what was set aside."""

    def __init__(self, cover: Cover, places: Collection[str]) -> None:
        self.cover, self.places = cover, places
        self.rows: dict[str, list[Row]] = {}
        self.records: dict[str, int] = {}
        self.faults: list[Fault] = []
        self.aside: dict[str, dict[int, str]] = {}

    def fault(self, rule: str, table: str, line: int = 0, column: str = "") -> None:
        """Tell that a rule was broken."""
        self.faults.append(Fault(table, line, column, rule))

    def set_aside(self, rule: str, table: str, column: str, lines: Collection[object]) -> bool:
        """Set the accepted rows of these lines aside under a rule; whether there was any."""
        gone = [row for row in self.rows.get(table, ()) if row["file_line"] in lines]
        for row in gone:
            self.fault(rule, table, int(str(row["file_line"])), column)
            self.aside.setdefault(table, {})[int(str(row["file_line"]))] = rule
        if gone:
            self.rows[table] = [row for row in self.rows[table] if row["file_line"] not in lines]
        return bool(gone)

    def read(self, paths: Sequence[Path], table: Table) -> None:
        """Read what came for a table, which is one file: cells, needed columns, and keys."""
        if self.cover.sender_kind not in table.senders:
            return self.fault("V03", table.name)
        try:
            head, records = _cells_of(paths)
        except (UnicodeDecodeError, csv.Error, OSError):
            return self.fault("V04", table.name)
        if not any(head) or len(set(head)) < len(head):
            return self.fault("V04", table.name)
        lacking = [column.name for column in table.columns if column.name not in head]
        for name in lacking:
            self.fault("V05", table.name, column=name)
        if lacking:
            return None
        self._take(table, head, records)
        self._keys(table)
        return None

    def _take(self, table: Table, head: list[str], records: list[tuple[int, list[str]]]) -> None:
        self.records[table.name] = len(records)
        self.rows[table.name] = []
        for line, cells in records:
            if len(cells) != len(head):
                self.fault("V06", table.name, line)
                self.aside.setdefault(table.name, {})[line] = "V06"
                continue
            row: Row = dict.fromkeys((column.name for column in table.columns), None) | {"file_line": line}
            if self._cells(table, row, dict(zip(head, cells, strict=True))):
                self.rows[table.name].append(row)

    def _cells(self, table: Table, row: Row, told: Mapping[str, str]) -> bool:
        """Type every cell; tell every fault, and set the row aside under the first that stands in a needed column.
        Whether the row can be used."""
        line, aside = int(str(row["file_line"])), ""
        for column in table.columns:
            broken = ""
            try:
                row[column.name] = value_of(column, told[column.name], self.places)
                if column.none:
                    row[column.none_name] = _known_none(column, told[column.name], row[column.name])
                broken = "V08" if column.required == "yes" and row[column.name] is None else ""
            except NotAValue:
                broken = "V09"
            if broken:
                self.fault(broken, table.name, line, column.name)
                aside = aside or (broken if column.required == "yes" else "")
        if aside:
            self.aside.setdefault(table.name, {})[line] = aside
        return not aside

    def _keys(self, table: Table) -> None:
        keys = Counter(tuple(row[name] for name in table.key) for row in self.rows[table.name])
        twice = {row["file_line"] for row in self.rows[table.name] if keys[tuple(row[name] for name in table.key)] > 1}
        self.set_aside("V07", table.name, table.key[0], twice)


def _known_none(column: Column, text: str, value: Value) -> bool | None:
    """Whether the sender says that there is none; None where the cell says neither that nor a value."""
    return says_none(column, text) or (None if value is None else False)


def _refuse_none(cover: Cover, added: Collection[str], records: Mapping[str, int]) -> None:
    """ReturnRefused where the cover says none of a table that no plug-in adds, or of which rows came."""
    if strangers := sorted(set(cover.none) - set(added)):
        raise refused(f"none names {', '.join(strangers)}, which is no table that a plug-in adds")
    if full := sorted(name for name in cover.none if records.get(name)):
        raise refused(f"none names {', '.join(full)}, and rows of it came")


def _cells_of(paths: Sequence[Path]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header of a CSV, and each record that holds something with its number; csv.Error for two files, for a link,
    which may lead anywhere, and before more is read than anybody has to send."""
    if len(paths) > 1 or paths[0].is_symlink() or paths[0].stat().st_size > LARGEST:
        raise csv.Error
    records = []
    with paths[0].open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        head = [name.strip().casefold() for name in next(reader, [])]
        for line, cells in enumerate(reader, start=2):
            if any(cells):
                records.append((line, cells))
            if len(records) > MOST_RECORDS:
                raise csv.Error
    return head, records
