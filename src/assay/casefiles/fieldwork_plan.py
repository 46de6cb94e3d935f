"""The plan of fieldwork: interviews, groups and observations, selected on purpose and not at random.

A plan is a CSV file with the columns of `COLUMNS`; people are roles of the closed list `role`. A validation error gives
the line and the column, never the content of the cell, and all other rows count. The selection is purposive, so answers
are counted and no rate is estimated.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import casefiles, indicators
from assay.contract import question_sets
from assay.engine.provenance import file_hash, read_stage, with_folder_lock
from assay.engine.provenance.stage_folders import list_stages
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import UsageError
from assay.indicators.fieldwork_question_sets import KINDS
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.other_sender_tables import current_stages
from assay.ingest.other_senders.other_table_spec import ALL_FORCES
from assay.reference.return_code_lists import list_values
from assay.wording import count_phrase

PLANNED = "casefiles/planned"
COLUMNS = ("fieldwork_ref", "subject_kind", "force_code", "role", "held_on")
REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
SCHEMA = pa.schema([*((name, pa.string()) for name in COLUMNS[:-1]), ("held_on", pa.date32())])
NOT_RANDOM = (
    "The people asked were chosen, not randomly sampled, so no rate of a force can be estimated: answers are counted, "
    "and represent only those who gave them."
)


@dataclass(frozen=True)
class PlannedFieldwork:
    """One interview, focus group or observation; `held_on` is None until a date is set."""

    fieldwork_ref: str
    subject_kind: str
    force_code: str
    role: str
    held_on: date | None

    @property
    def pair(self) -> tuple[str, str]:
        """The key (force code, reference) that identifies the visit on sheets and in ratings."""
        return self.force_code, self.fieldwork_ref


@dataclass(frozen=True)
class Plan:
    """An accepted plan: its visits, and validation errors by line and column."""

    key: str
    planned: tuple[PlannedFieldwork, ...]
    errors: tuple[tuple[int, str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        errors = [{"line": line, "column": column, "says": message} for line, column, message in self.errors]
        return {"key": self.key, "planned": {kind: self._count_kind(kind) for kind in KINDS}, "errors": errors}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        kinds = [count_phrase(self._count_kind(kind), kind.replace("_", " ")) for kind in KINDS]
        lines = [f"{self.key}: {', '.join(kinds)}."]
        if self.errors:
            lines += ["", f"{count_phrase(len(self.errors), 'error')}; every other row was accepted:"]
        return [*lines, *(f"  line {line}, {column}: {message}" for line, column, message in self.errors)]

    def _count_kind(self, kind: str) -> int:
        return sum(item.subject_kind == kind for item in self.planned)


@with_folder_lock
def accept_plan(folder: Path, path: Path) -> Plan:
    """Accept a fieldwork plan; a plan with the same key (the name of its file) replaces the earlier one."""
    inspection, key = open_inspection(folder), path.stem
    if not KEY.fullmatch(key):
        raise UsageError(
            f"{path.name}: its name may contain letters, digits, hyphens and underscores, and must begin with a "
            "letter. Rename it."
        )
    if (folder / "casefiles" / "samples" / key).is_dir():
        raise UsageError(f"{key} is the name of a sample. Give the list another name.")
    if key in current_stages(folder):
        raise UsageError(f"{key} is the name of a sender. Give the list another name.")
    rows = _rows(path)
    errors = list(_validation_errors(rows, (ALL_FORCES, *inspection.request.organisations)))
    invalid_lines = {line for line, _, _ in errors}
    planned = tuple(_planned(row) for line, row in rows if line not in invalid_lines)
    missing_rows = _assigned_references(folder, key) - {(*item.pair, item.subject_kind) for item in planned}
    if missing_rows:
        raise UsageError(
            f"{path.name} lacks {count_phrase(len(missing_rows), 'row')} that were given out already. Add them again."
        )
    _store_plan(folder, key, path, planned, len(rows))
    return Plan(key, planned, tuple(errors))


def is_planned(folder: Path, key: str) -> bool:
    """Return True if this key names an accepted plan."""
    return (folder / PLANNED / key / "planned.parquet").is_file()


def planned_of(folder: Path, key: str, kind: str) -> list[PlannedFieldwork]:
    """Return the visits of one kind in a plan."""
    rows = read_stage(folder, f"{PLANNED}/{key}", "planned").to_pylist()
    return [PlannedFieldwork(**row) for row in rows if row["subject_kind"] == kind]


def all_planned(folder: Path) -> list[PlannedFieldwork]:
    """Return the visits of all plans."""
    keys = list_stages(folder / PLANNED)
    return [item for key in keys for kind in KINDS for item in planned_of(folder, key, kind)]


def _rows(path: Path) -> list[tuple[int, Mapping[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, restval="")
            lacking = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if lacking:
                raise UsageError(f"{path.name} lacks {', '.join(lacking)}. Its columns are {', '.join(COLUMNS)}.")
            rows = [(reader.line_num, {name: (row[name] or "").strip() for name in COLUMNS}) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise UsageError(f"{path} cannot be read as CSV in UTF-8.") from None
    return [(line, row) for line, row in rows if any(row.values())]


def _validation_errors(
    rows: list[tuple[int, Mapping[str, str]]], force_codes: Collection[str]
) -> Iterator[tuple[int, str, str]]:
    refs = [row["fieldwork_ref"] for _, row in rows]
    roles = list_values("role")
    for line, row in rows:
        if not REF.fullmatch(row["fieldwork_ref"]):
            yield line, "fieldwork_ref", "1 to 40 letters, digits, hyphens and underscores; never a name."
        elif refs.count(row["fieldwork_ref"]) > 1:
            yield line, "fieldwork_ref", "the reference occurs twice. Give each row its own reference."
        if row["subject_kind"] not in KINDS:
            yield line, "subject_kind", f"one of {', '.join(KINDS)}."
        if row["force_code"] not in force_codes:
            yield line, "force_code", f"give the code of a force in the request, or {ALL_FORCES}."
        if row["role"] not in roles:
            yield line, "role", f"give a role, never a name. One of {', '.join(roles)}."
        if row["held_on"] and _day(row["held_on"]) is None:
            yield line, "held_on", "give a day such as 2026-04-01, or leave it empty until it is set."


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _planned(row: Mapping[str, str]) -> PlannedFieldwork:
    return PlannedFieldwork(
        row["fieldwork_ref"], row["subject_kind"], row["force_code"], row["role"], _day(row["held_on"])
    )


def _assigned_references(folder: Path, key: str) -> set[tuple[str, str, str]]:
    """Return (force, reference, kind) of every visit on a sheet, for any question set."""
    place = f"casefiles/given/{key}"
    tables = [read_stage(folder, f"{place}/{questions}", "assigned") for questions in list_stages(folder / place)]
    return {(row["force_code"], row["subject_ref"], row["stratum"]) for table in tables for row in table.to_pylist()}


def _store_plan(folder: Path, key: str, path: Path, planned: tuple[PlannedFieldwork, ...], rows: int) -> None:
    runner = StageRunner(folder)
    set_aside = {"a cell that cannot be used": rows - len(planned)}
    table = pa.Table.from_pylist([vars(item) for item in planned], SCHEMA)
    runner.run_stage(
        f"{PLANNED}/{key}",
        lambda: StageOutput({"planned": table}, rows, len(planned), set_aside),
        packages=(casefiles, indicators, question_sets),
        inputs=dict([runner.record_received_file(path.name, file_hash(path))]),
    )
