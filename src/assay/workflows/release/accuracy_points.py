"""What does a force say to each point that the report will make of it, before anybody else reads it?

`assay points` writes every sentence on one force, numbered, from what disclosure let out. The force answers each:
accepted, or disputed with a reason. Its answers are kept with the evidence; a point left empty is not accepted.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import sdc
from assay.engine.provenance import EventKind, file_hash, one_at_a_time, read_stage
from assay.engine.provenance.stage_folders import stages_in
from assay.engine.safe_files.spreadsheet_cells import bare, write_csv
from assay.engine.stage_runner import Book, Made
from assay.errors import SourceError, UsageError
from assay.ingest.inspection_folder import Inspection, open_inspection, refuse_retired
from assay.ingest.stage_names import ACCURACY
from assay.text.personal_details import what_to_take_out
from assay.wording import counted
from assay.workflows.judge.answer_cards import Told, code_of

COLUMNS = ("point", "about", "sentence", "answer", "why")
ACCEPTED, DISPUTED, OPEN = "accepted", "disputed", ""
ANSWERS = pa.schema([("place_code", pa.string())] + [(name, pa.string()) for name in COLUMNS])
SUMMED = pa.schema(
    [("place_code", pa.string())] + [(name, pa.int64()) for name in ("points", "accepted", "disputed", "not_answered")]
)
Row = Mapping[str, Any]


def points_of(folder: Path, code: str) -> list[dict[str, str]]:
    """Every point on one force, in the order of the report; UsageError where nothing was released yet."""
    if not (folder / "disclosure" / "findings.parquet").is_file():
        raise UsageError(f"Nothing of {folder} was released yet: assay run {folder}")
    told = [pair for name in ("grades", "concerns", "lessons_applied", "claims_tested", "findings")
            for row in _rows(folder, name, code) if (pair := _point(name, row))]  # fmt: skip
    return [{"point": str(number), "about": about, "sentence": sentence, "answer": "", "why": ""}
            for number, (about, sentence) in enumerate(told, start=1)]  # fmt: skip


def _rows(folder: Path, name: str, code: str) -> Iterator[Row]:
    if (folder / "disclosure" / f"{name}.parquet").is_file():
        yield from (row for row in read_stage(folder, "disclosure", name).to_pylist() if row["place_code"] == code)


def _point(name: str, row: Row) -> tuple[str, str] | None:
    if name == "grades":
        reasons = " ".join(filter(None, (row["speaks_for"], row["speaks_against"], row["why_none"])))
        return f"grade {row['line']}", f"{row['decided'] or row['proposed']}. {reasons}".strip()
    if name == "concerns":
        return f"{row['kind']} {row['characteristic']}", row["says"]
    if name == "lessons_applied":
        return (f"lesson {row['recommendation']}", f"{row['status']}. {row['why']}") if row["rests_on"] else None
    if name == "claims_tested":
        return f"claim {row['number']}", f"{row['says']} {row['evidence']}"
    return f"finding {row['key']}", row["sentence"]


def write_points(folder: Path, force: str, to: Path) -> Told:
    """Write the points on one force to a CSV file, for that force alone."""
    inspection = open_inspection(folder)
    code = code_of(inspection.request, force)
    if not code:
        raise UsageError("Points are of one force. Name it by code or name.")
    points = points_of(folder, code)
    to.parent.mkdir(parents=True, exist_ok=True)
    write_csv(to, COLUMNS, ([point[name] for name in COLUMNS] for point in points))
    name = inspection.request.bodies[code].name
    return Told((f"{counted(len(points), 'point')} on {name}, in {to}: for {name} only.",
                 f"In the column 'answer': {ACCEPTED} or {DISPUTED}; whoever disputes says why. Then: assay answered"),
                {"points": len(points), "file": str(to), "place_code": code})  # fmt: skip


@one_at_a_time
def take_answers(folder: Path, force: str, path: Path) -> Told:
    """Keep what a force answered; SourceError, with the line, for a file that is not the one that was sent."""
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    code = code_of(inspection.request, force)
    if not code:
        raise UsageError("Answers are of one force. Name it by code or name.")
    rows = _read(path, {row["point"]: row["sentence"] for row in points_of(folder, code)})
    _write(inspection, code, path, rows)
    found = Counter(row["answer"] for row in rows)
    told = {"points": len(rows), "accepted": found[ACCEPTED], "disputed": found[DISPUTED], "not_answered": found[OPEN]}
    name = inspection.request.bodies[code].name
    words = f"{found[ACCEPTED]} accepted, {found[DISPUTED]} disputed, {found[OPEN]} not answered"
    disputed = [f"  {row['point']} ({row['about']})" for row in rows if row["answer"] == DISPUTED]
    return Told((f"{name}, {counted(len(rows), 'point')}: {words}.", *disputed), told | {"place_code": code})


def _read(path: Path, asked: Mapping[str, str]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError):
        raise SourceError(f"{path.name} cannot be read. Send the CSV file that came, as UTF-8.") from None
    found = {}
    for line, row in enumerate(rows, start=2):
        point, answer = (row.get("point") or "").strip(), (row.get("answer") or "").strip().casefold()
        row["sentence"] = bare(row.get("sentence") or "")
        if asked.get(point) != row["sentence"] or point in found:
            raise SourceError(f"{path.name}, row {line}: this point is not as it was sent, or stands there twice.")
        if answer not in (ACCEPTED, DISPUTED, OPEN):
            raise SourceError(f"{path.name}, row {line}: the answer is {ACCEPTED}, {DISPUTED}, or empty.")
        if answer == DISPUTED and not (row.get("why") or "").strip():
            raise SourceError(f"{path.name}, row {line}: say why the point is disputed, in the column 'why'.")
        if wrong := what_to_take_out(row.get("why") or ""):
            raise SourceError(f"{path.name}, row {line}, why: {wrong} Nothing was kept.")
        found[point] = {name: (row.get(name) or "").strip() for name in COLUMNS} | {"answer": answer}
    lacking = [point for point in asked if point not in found]
    if lacking:
        raise SourceError(f"{path.name} lacks point {lacking[0]}. Leave every row in, and the answer empty.")
    return list(found.values())


def _write(inspection: Inspection, code: str, path: Path, rows: list[dict[str, str]]) -> None:
    folder, book = inspection.folder, Book(inspection.folder)
    number = sum(stage.startswith(f"{ACCURACY}/{code}/") for stage in stages_in(folder)) + 1
    table = pa.Table.from_pylist([{"place_code": code, **row} for row in rows], ANSWERS)
    sent = book.sent(path.name, file_hash(path))
    inspection.ledger.append(EventKind.FACTS_ANSWERED, body=code, edition=number, points=len(rows))
    book.stage(f"{ACCURACY}/{code}/edition_{number}", lambda: Made({"answers": table}, len(rows), len(rows)),
               rooms=(sdc,), inputs=dict([sent]), settings={"edition": number})  # fmt: skip


def answers_kept(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """By force: its last answers."""
    held = sorted((stage for stage in stages_in(folder) if stage.startswith(f"{ACCURACY}/")),
                  key=lambda stage: int(stage.rpartition("_")[2]))  # fmt: skip
    return {stage.split("/")[1]: read_stage(folder, stage, "answers").to_pylist() for stage in held}


def accuracy_table(folder: Path) -> pa.Table:
    """For the report: how many points each force accepted, disputed, and left open. Its words stay inside."""
    rows = []
    for code, answers in sorted(answers_kept(folder).items()):
        found = Counter(row["answer"] for row in answers)
        rows.append({"place_code": code, "points": len(answers), "accepted": found[ACCEPTED],
                     "disputed": found[DISPUTED], "not_answered": found[OPEN]})  # fmt: skip
    return pa.Table.from_pylist(rows, SUMMED)
