"""A small return of a force: a folder with a manifest and files, and the result of receiving it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assay import contract
from assay.ingest.accepted_tables import ReceivedReturn
from assay.ingest.return_validation import validate_return
from assay.reference import DataRequest, Organisation

ORGANISATIONS = {
    code: Organisation(code, f"Force {code}", code.lower(), "territorial", "England") for code in ("INV01", "INV02")
}
REQUEST = DataRequest(
    "TRIAL", "A trial", date(2026, 1, 1), date(2026, 7, 1), date(2025, 1, 1), False, "invented", ORGANISATIONS
)  # fmt: skip
RETURN = {
    "spec_version": '"2.1"',
    "request": '"TRIAL"',
    "force_code": '"INV01"',
    "period_from": "2026-01-01",
    "period_to": "2026-07-01",
    "history_from": "2025-01-01",
    "extracted_at": '"2026-08-03T06:00"',
    "edition": "1",
    "contact_post": '"Data officer"',
}
NEEDED = {
    "crimes": {"scope_reason": "core_offence", "offence_code": "19D", "recorded_at": "2026-02-02T09:00"},
    "reports": {"received_at": "2026-02-02T08:00"},
    "involvements": {"role": "victim", "crime_ref": "C1"},
    "events": {"kind": "victim_contacted", "happened_at": "2026-02-03T10:00"},
    "notes": {"entry_at": "2026-02-03T10:00", "form": "text"},
    "missing": {"started_at": "2026-02-03T10:00"},
    "assessments": {"person_ref": "N1", "assessed_at": "2026-02-03"},
    "marks": {"subject_kind": "crime", "subject_ref": "C1", "question_set": "S", "question_set_version": "1",
              "question": "Q33", "answer": "met", "marker_code": "M", "marker_kind": "force_auditor",
              "marking_round": "first", "sealed_at": "2026-05-01T10:00"},
}  # fmt: skip


@dataclass
class SmallReturn:
    """A return in a folder. `rows`, `text` or `data` lay a table's file; `manifest` and `kinds` change what is said."""

    folder: Path
    return_keys: dict[str, str] = field(default_factory=lambda: dict(RETURN))
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def rows(self, table: str, *rows: dict[str, Any], **manifest: str) -> SmallReturn:
        """A CSV with every column of the table; what a row leaves out is filled in if needed, else empty."""
        names = contract.table(table).column_names
        key = contract.table(table).key[0]
        lines = [",".join(("force_code", *names))]
        for number, row in enumerate(rows, start=1):
            full = {"force_code": "INV01", key: f"{key[0].upper()}{number}"} | NEEDED.get(table, {}) | row
            lines.append(",".join(quoted(full.get(name, "")) for name in ("force_code", *names)))
        return self.text(table, "\n".join(lines) + "\n", len(rows), **manifest)

    def text(self, table: str, text: str, count: int | None = None, **manifest: str) -> SmallReturn:
        """A CSV as it stands."""
        return self.data(f"{table}.csv", text.encode(), count, **manifest)

    def data(self, name: str, data: bytes, count: int | None = None, **manifest: str) -> SmallReturn:
        """A file as it stands."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / name).write_bytes(data)
        table = Path(name).stem
        table_fields = {
            "supplied": '"whole"',
            "complete": '"yes"',
            "system": '"S"',
            "searchable": '"yes"',
            "query": '"q"',
        }
        self.tables[table] = table_fields | {"rows": str(1 if count is None else count)} | manifest
        return self

    def toml(self) -> str:
        """The manifest."""
        parts = [("return", self.return_keys), *((f"tables.{name}", keys) for name, keys in self.tables.items())]
        parts += [("tables.events.kinds", self.kinds)] if self.kinds else []
        return "\n".join(
            f"[{name}]\n" + "\n".join(f"{key} = {value}" for key, value in fields.items() if value) + "\n"
            for name, fields in parts
        )

    def received(self, **options: Any) -> ReceivedReturn:
        """The result of receiving it."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "return.toml").write_text(self.toml(), encoding="utf-8")
        return validate_return(self.folder, REQUEST, threads=1, **options)


def quoted(value: Any) -> str:
    """A cell as CSV."""
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\n\r') else text


def errors(received: ReceivedReturn, table: str) -> set[tuple[str, str, int | None]]:
    """(rule, column, line) of every error of a table, but for columns that the file lacks."""
    rows = received.tables["faults"].to_pylist()
    return {
        (row["rule"], row["column_name"], row["line"])
        for row in rows
        if row["table_name"] == table and row["rule"] != "R08"
    }


def own_errors(received: ReceivedReturn, table: str) -> set[tuple[str, str, int | None]]:
    """The same, of the rules of folder, file and cell alone (R01 to R26)."""
    return {error for error in errors(received, table) if error[0] <= "R26"}


def rows_set_aside(received: ReceivedReturn, table: str) -> dict[int, str]:
    """Line -> the reason why the row was set aside."""
    return {row["line"]: row["rule"] for row in received.tables["aside"].to_pylist() if row["table_name"] == table}


def count(received: ReceivedReturn, table: str) -> dict[str, Any]:
    """How the records of a table add up."""
    return next(row for row in received.tables["counted"].to_pylist() if row["table_name"] == table)
