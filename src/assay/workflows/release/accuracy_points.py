"""Let a force check each point of the report about it, before anybody else reads the report.

`assay grade accuracy-points` writes every sentence about one force, numbered, from the released tables. The force
answers each: accepted, or disputed with a reason. Its answers are stored with the evidence; a point without an answer
is not accepted.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypedDict

import pyarrow as pa

from assay import sdc
from assay.engine.provenance import EventKind, file_hash, read_stage, with_folder_lock
from assay.engine.provenance.stage_folders import list_stages
from assay.engine.row_schemas import arrow_schema
from assay.engine.safe_files.spreadsheet_cells import unguard_cell, write_csv
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import SourceError, UsageError
from assay.ingest.inspection_folder import Inspection, open_inspection, refuse_retired
from assay.ingest.stage_names import ACCURACY
from assay.text.personal_details import details_warning
from assay.wording import count_phrase
from assay.workflows.judge.answer_cards import CommandResult, find_force_code
from assay.workflows.release.release_editions import read_released_table

COLUMNS = ("point", "about", "sentence", "answer", "why")
ACCEPTED, DISPUTED, OPEN = "accepted", "disputed", ""
SUMMARY_SCHEMA = pa.schema(
    [("place_code", pa.string())] + [(name, pa.int64()) for name in ("points", "accepted", "disputed", "not_answered")]
)
Row = Mapping[str, Any]


PointAnswerRow = TypedDict("PointAnswerRow", {
    "place_code": str,
    "point": str,
    "about": str,
    "sentence": str,
    "answer": str,
    "why": str,
})  # fmt: skip
"""The answer of a force to one point: accepted, disputed with a reason, or open; columns have their stored names."""
ANSWER_SCHEMA = arrow_schema(PointAnswerRow)


def accuracy_points(folder: Path, code: str) -> list[dict[str, str]]:
    """Return every point that the report makes about one force, in its order; UsageError before the release."""
    if not (folder / "disclosure" / "findings.parquet").is_file():
        raise UsageError(f"Nothing of {folder} was released yet: assay inspect run {folder}")
    points = [pair for name in ("grades", "concerns", "lessons_applied", "claim_tests", "findings")
            for row in _rows(folder, name, code) if (pair := _point_text(name, row))]  # fmt: skip
    return [{"point": str(number), "about": subject, "sentence": sentence, "answer": "", "why": ""}
            for number, (subject, sentence) in enumerate(points, start=1)]  # fmt: skip


def _rows(folder: Path, name: str, code: str) -> Iterator[Row]:
    table = read_released_table(folder, name)
    yield from (row for row in table.to_pylist() if row["place_code"] == code) if table is not None else ()


def _point_text(name: str, row: Row) -> tuple[str, str] | None:
    if name == "grades":
        reasons = " ".join(filter(None, (row["speaks_for"], row["speaks_against"], row["why_none"])))
        return f"grade {row['line']}", f"{row['decided'] or row['proposed']}. {reasons}".strip()
    if name == "concerns":
        return f"{row['kind']} {row['characteristic']}", row["statement"]
    if name == "lessons_applied":
        return (f"lesson {row['recommendation']}", f"{row['status']}. {row['why']}") if row["evidence_keys"] else None
    if name == "claim_tests":
        return f"claim {row['number']}", f"{row['statement']} {row['evidence']}"
    return f"finding {row['key']}", row["sentence"]


def write_points(folder: Path, force: str, csv_path: Path) -> CommandResult:
    """Write the points about one force to a CSV file, for that force alone."""
    inspection = open_inspection(folder)
    code = find_force_code(inspection.request, force)
    if not code:
        raise UsageError("Points are of one force. Name it by code or name.")
    points = accuracy_points(folder, code)
    csv_path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(csv_path, COLUMNS, ([point[name] for name in COLUMNS] for point in points))
    name = inspection.request.organisations[code].name
    return CommandResult((f"{count_phrase(len(points), 'point')} on {name}, in {csv_path}: for {name} only.",
                 f"In the column 'answer': {ACCEPTED} or {DISPUTED}; whoever disputes says why. Then: "
                 "assay grade accuracy-answers"),
                {"points": len(points), "file": str(csv_path), "place_code": code})  # fmt: skip


@with_folder_lock
def take_answers(folder: Path, force: str, path: Path) -> CommandResult:
    """Store the answers of a force; SourceError with the line if the file does not match the one sent to the force."""
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    code = find_force_code(inspection.request, force)
    if not code:
        raise UsageError("Answers are of one force. Name it by code or name.")
    rows = _read_answer_file(path, {row["point"]: row["sentence"] for row in accuracy_points(folder, code)})
    _write_answers(inspection, code, path, rows)
    answer_counts = Counter(row["answer"] for row in rows)
    counts = {
        "points": len(rows),
        "accepted": answer_counts[ACCEPTED],
        "disputed": answer_counts[DISPUTED],
        "not_answered": answer_counts[OPEN],
    }
    name = inspection.request.organisations[code].name
    count_text = (
        f"{answer_counts[ACCEPTED]} accepted, {answer_counts[DISPUTED]} disputed, {answer_counts[OPEN]} not answered"
    )
    disputed = [f"  {row['point']} ({row['about']})" for row in rows if row["answer"] == DISPUTED]
    return CommandResult(
        (f"{name}, {count_phrase(len(rows), 'point')}: {count_text}.", *disputed), counts | {"place_code": code}
    )


def _read_answer_file(path: Path, sentences: Mapping[str, str]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError):
        raise SourceError(f"{path.name} cannot be read. Send the CSV file that came, as UTF-8.") from None
    answers = {}
    for line, row in enumerate(rows, start=2):
        point, answer = (row.get("point") or "").strip(), (row.get("answer") or "").strip().casefold()
        row["sentence"] = unguard_cell(row.get("sentence") or "")
        if sentences.get(point) != row["sentence"] or point in answers:
            raise SourceError(f"{path.name}, row {line}: this point is not as it was sent, or stands there twice.")
        if answer not in (ACCEPTED, DISPUTED, OPEN):
            raise SourceError(f"{path.name}, row {line}: the answer is {ACCEPTED}, {DISPUTED}, or empty.")
        if answer == DISPUTED and not (row.get("why") or "").strip():
            raise SourceError(f"{path.name}, row {line}: say why the point is disputed, in the column 'why'.")
        if error := details_warning(row.get("why") or ""):
            raise SourceError(f"{path.name}, row {line}, why: {error} Nothing was kept.")
        answers[point] = {name: (row.get(name) or "").strip() for name in COLUMNS} | {"answer": answer}
    lacking = [point for point in sentences if point not in answers]
    if lacking:
        raise SourceError(f"{path.name} lacks point {lacking[0]}. Leave every row in, and the answer empty.")
    return list(answers.values())


def _write_answers(inspection: Inspection, code: str, path: Path, rows: list[dict[str, str]]) -> None:
    folder, runner = inspection.folder, StageRunner(inspection.folder)
    number = sum(stage.startswith(f"{ACCURACY}/{code}/") for stage in list_stages(folder)) + 1
    table = pa.Table.from_pylist([{"place_code": code, **row} for row in rows], ANSWER_SCHEMA)
    input_hash = runner.record_received_file(path.name, file_hash(path))
    inspection.ledger.append(EventKind.FACTS_ANSWERED, body=code, edition=number, points=len(rows))
    runner.run_stage(
        f"{ACCURACY}/{code}/edition_{number}",
        lambda: StageOutput({"answers": table}, len(rows), len(rows)),
        packages=(sdc,),
        inputs=dict([input_hash]),
        settings={"edition": number},
    )


def read_answers(folder: Path) -> dict[str, list[PointAnswerRow]]:
    """Return the latest answers of each force."""
    answer_stages = sorted((stage for stage in list_stages(folder) if stage.startswith(f"{ACCURACY}/")),
                  key=lambda stage: int(stage.rpartition("_")[2]))  # fmt: skip
    return {stage.split("/")[1]: read_stage(folder, stage, "answers").to_pylist() for stage in answer_stages}


def accuracy_table(folder: Path) -> pa.Table:
    """Return the number of points that each force accepted, disputed and left open, as a table for the report."""
    rows = []
    for code, answers in sorted(read_answers(folder).items()):
        answer_counts = Counter(row["answer"] for row in answers)
        rows.append({"place_code": code, "points": len(answers), "accepted": answer_counts[ACCEPTED],
                     "disputed": answer_counts[DISPUTED], "not_answered": answer_counts[OPEN]})  # fmt: skip
    return pa.Table.from_pylist(rows, SUMMARY_SCHEMA)
