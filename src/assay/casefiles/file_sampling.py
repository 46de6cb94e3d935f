"""Draw a stratified sample of files from an inspection, and store it with its provenance record.

draw_sample(folder, path)               writes casefiles/samples/KEY: `strata`, `files` (sampled and reserve), and
                                        `scores` of all records if the design uses a score
replace_missing(folder, key, missing)   returns the files to read if some could not be found
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from assay import casefiles, indicators
from assay.casefiles import group_files, watched_forces
from assay.casefiles.sample_designs import Design, read_design
from assay.casefiles.sample_drawing import SAMPLED, FilesToRead, SampledFile, draw, replace_missing_files
from assay.casefiles.sample_subjects import FOUND
from assay.casefiles.sampling_frames import build_frame, strata_in_order
from assay.contract import question_sets
from assay.engine.provenance import file_hash, read_receipt, read_stage, with_folder_lock
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import UsageError
from assay.indicators.indicator_catalogue import find_form
from assay.wording import count_phrase, join_words

STAGE_FOLDER, SAMPLES, DESIGN = "casefiles", "casefiles/samples", "design.toml"
FILES = pa.schema(
    [(name, pa.string()) for name in ("force_code", "subject_ref", "stratum")]
    + [("place", pa.int64()), ("status", pa.string())]
    + [(name, pa.string()) for name in ("chance", "chance_of_force")]
    + [("of_stratum", pa.int64())]
)
"""`chance` (within the stratum) and `chance_of_force` are fractions as text: '7/120'."""
SCORES = pa.schema([*list(FILES)[:3], ("score", pa.float64())])
"""Scores of all records of the frame, if the design uses a score; null if a record has none."""
STRATA = pa.schema([("stratum", pa.string()), ("records", pa.int64()), ("drawn", pa.int64()), ("reserve", pa.int64())])


@dataclass(frozen=True)
class Sample:
    """A sample: its design, the counts of every stratum, and the records that were set aside."""

    folder: Path
    design: Design
    strata: tuple[tuple[str, int, int, int], ...]
    set_aside: dict[str, int]

    @property
    def files(self) -> int:
        """Number of sampled files."""
        return sum(n_sampled for _, _, n_sampled, _ in self.strata)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready values."""
        rows = [dict(zip(STRATA.names, row, strict=True)) for row in self.strata]
        return {"folder": str(self.folder), "key": self.design.key, "files": self.files, "strata": rows}

    def summary_lines(self) -> list[str]:
        """Return the result as lines for a terminal."""
        whole = sum(records for _, records, _, _ in self.strata)
        lines = [
            f"{self.design.title}: {count_phrase(self.files, 'file')} drawn from {count_phrase(whole, 'record')}.",
            "",
        ]
        lines += [
            f"  {name}: {n_sampled} of {records}" + (f", {reserve} in reserve" if reserve else "")
            for name, records, n_sampled, reserve in self.strata
        ]
        if self.set_aside:
            lines += [
                "",
                f"Not in the frame: {join_words([f'{rows} {reason}' for reason, rows in self.set_aside.items()])}.",
            ]
        return [*lines, "", f"In {self.folder}. The same seed draws the same files: {self.design.seed!r}."]


@with_folder_lock
def draw_sample(folder: Path, path: Path) -> Sample:
    """Draw the sample of a design file, once: it is not drawn again when further returns arrive.

    Raises UsageError if the inspection has not been run, nothing can be drawn, or the name belongs to another design.
    """
    design = read_design(path)
    for stage in frame_stages(design):
        if not (folder / stage).is_dir():
            raise UsageError(
                f"{folder} has no {stage} yet, so there is nothing to draw from. Run: assay inspect run {folder}"
            )
    place = folder / SAMPLES / design.key
    if not (place / DESIGN).is_file():
        _draw(folder, path, design)
    elif (place / DESIGN).read_bytes() != path.read_bytes():
        raise UsageError(
            f"{place} was drawn with another design of this name. Files that are being read are not drawn again. "
            "Give the new design another name."
        )
    receipt = read_receipt(folder, f"{SAMPLES}/{design.key}")
    strata = tuple(tuple(row.values()) for row in read_stage(folder, f"{SAMPLES}/{design.key}", "strata").to_pylist())
    order = strata_in_order(design, [name for name, *_ in strata])
    return Sample(
        folder=place,
        design=design,
        strata=tuple(sorted(strata, key=lambda row: order.index(row[0]))),
        set_aside=dict(receipt.set_aside) if receipt else {},
    )


def frame_stages(design: Design) -> tuple[str, ...]:
    """Return the names of the stages whose tables are needed to build the sampling frame of a design."""
    base_stages = ("readings",) if design.reads_texts else ("records", "enquiries")
    if design.watch:
        base_stages = (*base_stages, watched_forces.STAGE)
    asks_of_groups = bool(design.indicator) and find_form(design.indicator).record == FOUND
    if asks_of_groups or set(design.columns) & set(group_files.COLUMNS):
        return tuple(dict.fromkeys((*base_stages, "records", group_files.STAGE)))
    return base_stages


def _draw(folder: Path, path: Path, design: Design) -> None:
    runner = StageRunner(folder)
    scores = path.parent / design.scores if design.scores else None
    sent_inputs = (
        dict([runner.record_received_file(scores.name, file_hash(scores))]) if scores and scores.is_file() else {}
    )

    def make() -> StageOutput:
        frame = build_frame(folder, design, read_scores(scores) if scores else None)
        sampled_files = draw(design, frame.units)
        tables = {"files": _files(sampled_files), "strata": _strata(frame.units, sampled_files)}
        if design.score:
            tables["scores"] = frame.units.select(SCORES.names)
        not_sampled = frame.units.num_rows - len(sampled_files)
        set_aside = {**frame.set_aside, **({"in the frame and in no reserve": not_sampled} if not_sampled else {})}
        return StageOutput(tables, frame.records, len(sampled_files), set_aside, frame.sql, {DESIGN: path.read_bytes()})

    for stage in frame_stages(design):
        runner.load_receipts(stage)
    runner.run_stage(
        f"{SAMPLES}/{design.key}",
        make,
        packages=(casefiles, indicators, question_sets),
        inputs={**runner.outputs_of(*frame_stages(design)), **sent_inputs},
        settings={"design": path.read_text(encoding="utf-8")},
    )


def files_of(folder: Path, key: str) -> list[SampledFile]:
    """Return the files of a sample and its reserve; raise UsageError if it was not drawn."""
    if not (folder / SAMPLES / key / "files.parquet").is_file():
        raise UsageError(f"{folder} holds no sample {key}. Draw it first: assay casefile sample {folder} {key}.toml")
    rows = read_stage(folder, f"{SAMPLES}/{key}", "files").to_pylist()
    return [
        SampledFile(**{**row, **{name: Fraction(row[name]) for name in ("chance", "chance_of_force")}}) for row in rows
    ]


def strata_of(folder: Path, key: str) -> list[tuple[str, int]]:
    """Return every stratum of a sample with its number of records; raise UsageError if it was not drawn."""
    files_of(folder, key)
    rows = read_stage(folder, f"{SAMPLES}/{key}", "strata").to_pylist()
    return [(row["stratum"], row["records"]) for row in rows]


def scores_of(folder: Path, key: str) -> pl.DataFrame:
    """Return force_code, subject_ref, stratum and score of every record in the frame of a sample drawn by score."""
    return pl.DataFrame(pl.from_arrow(read_stage(folder, f"{SAMPLES}/{key}", "scores")))


def replace_missing(folder: Path, key: str, missing: Sequence[tuple[str, str]]) -> FilesToRead:
    """Return the files to read after files that could not be found are replaced from the reserve."""
    return replace_missing_files(files_of(folder, key), set(missing))


def _files(sampled_files: Sequence[SampledFile]) -> pa.Table:
    rows = [{name: getattr(sampled_file, name) for name in FILES.names} for sampled_file in sampled_files]
    return pa.Table.from_pylist(
        [{**row, "chance": str(row["chance"]), "chance_of_force": str(row["chance_of_force"])} for row in rows], FILES
    )


def _strata(units: pa.Table, sampled_files: Sequence[SampledFile]) -> pa.Table:
    """Return one row per stratum with a record or a file; in two stages, sampled forces and all others."""
    frame_sizes = {item["values"]: item["counts"] for item in pc.value_counts(units["stratum"]).to_pylist()}
    files_by_stratum: dict[str, list[SampledFile]] = {}
    for item in sampled_files:
        files_by_stratum.setdefault(item.stratum, []).append(item)
    rows = []
    for name in sorted({*frame_sizes, *files_by_stratum}):
        files = files_by_stratum.get(name, [])
        n_sampled = sum(item.status == SAMPLED for item in files)
        records = files[0].of_stratum if files else frame_sizes[name]
        rows.append({"stratum": name, "records": records, "drawn": n_sampled, "reserve": len(files) - n_sampled})
    return pa.Table.from_pylist(rows, STRATA)


# Read a file of scores, one for each record, for a sample that is drawn by score.
#
# A CSV file with the columns force_code, subject_ref and score (0 to 1, or empty), one row per record. A record that
# the file lacks has no score, which is a band of its own; a row of an unknown record has no effect.


COLUMNS = ("force_code", "subject_ref", "score")
SCHEMA = pa.schema([("force_code", pa.string()), ("subject_ref", pa.string()), ("score", pa.float64())])


def read_scores(path: Path) -> pa.Table:
    """Return the scores of a file; raise UsageError, with the line, for an invalid score."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, restval="")
            lacking = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if lacking:
                raise UsageError(f"{path.name} lacks {', '.join(lacking)}. Its columns are {', '.join(COLUMNS)}.")
            rows = [(reader.line_num, {name: (row[name] or "").strip() for name in COLUMNS}) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise UsageError(f"{path} cannot be read as CSV in UTF-8.") from None
    seen: set[tuple[str, str]] = set()
    for line, row in rows:
        subject = (row["force_code"], row["subject_ref"])
        if subject in seen:
            raise UsageError(f"{path.name}, line {line}: this record occurs twice. Delete one of the two lines.")
        seen.add(subject)
    scores = [_score(path, line, row["score"]) for line, row in rows]
    references = {name: [row[name] for _, row in rows] for name in COLUMNS[:2]}
    return pa.table({**references, "score": scores}, SCHEMA)


def _score(path: Path, line: int, text: str) -> float | None:
    try:
        score = float(text) if text else None
    except ValueError:
        score = -1.0
    if score is not None and not 0 <= score <= 1:
        raise UsageError(f"{path.name}, line {line}: a score must lie between 0 and 1, or be empty.")
    return score
