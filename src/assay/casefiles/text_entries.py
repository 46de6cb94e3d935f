"""Single texts as files of a sample: each entry with its time and role, and the command that shows it without names.

A sheet has no text, only the command that shows it. For an entry the later entries on the same record are listed too,
because one of them may challenge it; for a summary nothing else, and no flags.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from assay.casefiles.case_timeline import Step
from assay.casefiles.sample_designs import SUMMARIES

OPTION = {SUMMARIES: "--summary"}
RECORDS = ("crime_ref", "report_ref", "missing_ref")
File = tuple[str, str]


def entries(folder: Path, source: str, files: Collection[File]) -> list[Step]:
    """Return single texts as steps of files, in order of time; `source` is 'note' or 'summaries'."""
    steps = _summaries(folder, files) if source == SUMMARIES else _notes(folder, files)
    return sorted(steps, key=lambda step: (step.force_code, step.subject_ref, step.when, step.description))


def read_command(source: str, ref: str, code: str) -> str:
    """Return the command line that shows a text without names."""
    return f"assay text read FOLDER {OPTION.get(source, '--note')} {ref} --force {code}"


def _summaries(folder: Path, files: Collection[File]) -> Iterator[Step]:
    rows = pl.read_parquet(
        folder / "readings" / "summaries.parquet", columns=["force_code", "crime_ref", "recorded_at"]
    )
    for row in _select_files(rows, "crime_ref", files).iter_rows(named=True):
        code, ref = row["force_code"], row["crime_ref"]
        read = read_command(SUMMARIES, ref, code)
        yield Step(code, ref, _time_text(row["recorded_at"]), "summary of the crime", read, "", code)


def _notes(folder: Path, files: Collection[File]) -> Iterator[Step]:
    columns = ["force_code", "note_ref", *RECORDS, "entry_at", "author_role", "entry_type"]
    all_notes = pl.read_parquet(folder / "readings" / "notes.parquet", columns=columns)
    selected = _select_files(all_notes, "note_ref", files)
    for row in selected.iter_rows(named=True):
        yield _entry(row, row["note_ref"], "the entry to be rated")
    for record in RECORDS:
        record_times = selected.select("force_code", record, asked="note_ref", since="entry_at").drop_nulls()
        later = all_notes.join(record_times, on=["force_code", record]).filter(
            (pl.col("entry_at") >= pl.col("since")) & (pl.col("note_ref") != pl.col("asked"))
        )
        for row in later.iter_rows(named=True):
            yield _entry(row, row["asked"], "a later entry on the same record")


def _entry(row: Mapping[str, Any], ref: str, label: str) -> Step:
    code, kind = row["force_code"], (row["entry_type"] or "kind not known").replace("_", " ")
    role = (row["author_role"] or "").replace("_", " ")
    return Step(
        code,
        ref,
        _time_text(row["entry_at"]),
        f"{label}: {kind}",
        read_command("note", row["note_ref"], code),
        role,
        code,
    )


def _select_files(rows: pl.DataFrame, key: str, files: Collection[File]) -> pl.DataFrame:
    file_table = pl.DataFrame(sorted(files), schema={"force_code": pl.String, key: pl.String}, orient="row")
    return rows.join(file_table, on=["force_code", key], how="semi")


def _time_text(when: Any) -> str:
    return f"{when:%Y-%m-%d %H:%M}" if when else ""
