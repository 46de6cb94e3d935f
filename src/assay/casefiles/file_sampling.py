"""How is a sample of files drawn from an inspection, kept with its evidence, and told before anybody travels?

draw_files(folder, design)    casefiles/samples/KEY: `strata` (a row each), `files` (drawn, then the reserve), and
                              `scores` of all records where the design is by one
replace_missing(folder, key, missing)   which files are read once some could not be found
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from assay import casefiles, indicators
from assay.casefiles import group_files
from assay.casefiles.answering_records import FOUND
from assay.casefiles.record_scores import read_scores
from assay.casefiles.sample_designs import Design, read_design
from assay.casefiles.sample_drawing import DRAWN, Chosen, Opened, draw, opened
from assay.casefiles.sampling_frames import frame_of, strata_in_order
from assay.contract import question_sets
from assay.engine.provenance import file_hash, one_at_a_time, read_receipt, read_stage
from assay.engine.stage_runner import Book, Made
from assay.errors import UsageError
from assay.indicators.indicator_catalogue import form
from assay.wording import counted, listed

ROOM, SAMPLES, DESIGN = "casefiles", "casefiles/samples", "design.toml"
FILES = pa.schema(
    [(name, pa.string()) for name in ("force_code", "subject_ref", "stratum")]
    + [("place", pa.int64()), ("status", pa.string())]
    + [(name, pa.string()) for name in ("chance", "chance_of_force")]
    + [("of_stratum", pa.int64())]
)
"""`chance` within its stratum and `chance_of_force` are written as fractions: '7/120'."""
SCORES = pa.schema([*list(FILES)[:3], ("score", pa.float64())])
"""Of every record of the frame, where the design is by a score; without a value where a record has none."""
STRATA = pa.schema([("stratum", pa.string()), ("records", pa.int64()), ("drawn", pa.int64()), ("reserve", pa.int64())])


@dataclass(frozen=True)
class Sample:
    """What was drawn: the design, every stratum, and how many files."""

    folder: Path
    design: Design
    strata: tuple[tuple[str, int, int, int], ...]
    aside: dict[str, int]

    @property
    def files(self) -> int:
        """How many files are to be read."""
        return sum(drawn for _, _, drawn, _ in self.strata)

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        rows = [dict(zip(STRATA.names, row, strict=True)) for row in self.strata]
        return {"folder": str(self.folder), "key": self.design.key, "files": self.files, "strata": rows}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        whole = sum(records for _, records, _, _ in self.strata)
        said = [f"{self.design.title}: {counted(self.files, 'file')} drawn from {counted(whole, 'record')}.", ""]
        said += [
            f"  {name}: {drawn} of {records}" + (f", {reserve} in reserve" if reserve else "")
            for name, records, drawn, reserve in self.strata
        ]
        if self.aside:
            said += ["", f"Not in the frame: {listed([f'{rows} {reason}' for reason, rows in self.aside.items()])}."]
        return [*said, "", f"In {self.folder}. The same seed draws the same files: {self.design.seed!r}."]


@one_at_a_time
def draw_files(folder: Path, path: Path) -> Sample:
    """Draw the files of the design in a file. What was drawn stays drawn, whatever returns come later.

    UsageError where the inspection was not run, nothing can be drawn, or another design of that name was drawn.
    """
    design = read_design(path)
    for stage in made_from(design):
        if not (folder / stage).is_dir():
            raise UsageError(f"{folder} has no {stage} yet, so there is nothing to draw from: assay run {folder}")
    place = folder / SAMPLES / design.key
    if not (place / DESIGN).is_file():
        _draw(folder, path, design)
    elif (place / DESIGN).read_bytes() != path.read_bytes():
        raise UsageError(
            f"{place} was drawn by another design of this name. Files that are being read are not drawn again: give "
            "the new design another name."
        )
    receipt = read_receipt(folder, f"{SAMPLES}/{design.key}")
    strata = tuple(tuple(row.values()) for row in read_stage(folder, f"{SAMPLES}/{design.key}", "strata").to_pylist())
    order = strata_in_order(design, [name for name, *_ in strata])
    return Sample(
        folder=place,
        design=design,
        strata=tuple(sorted(strata, key=lambda row: order.index(row[0]))),
        aside=dict(receipt.set_aside) if receipt else {},
    )


def made_from(design: Design) -> tuple[str, ...]:
    """The stages that the frame of a design is made of."""
    own = ("readings",) if design.of_texts else ("records", "enquiries")
    asks_of_groups = bool(design.indicator) and form(design.indicator).record == FOUND
    if asks_of_groups or set(design.columns) & set(group_files.COLUMNS):
        return tuple(dict.fromkeys((*own, "records", group_files.STAGE)))
    return own


def _draw(folder: Path, path: Path, design: Design) -> None:
    book = Book(folder)
    scores = path.parent / design.scores if design.scores else None
    sent = dict([book.sent(scores.name, file_hash(scores))]) if scores and scores.is_file() else {}

    def make() -> Made:
        frame = frame_of(folder, design, read_scores(scores) if scores else None)
        chosen = draw(design, frame.units)
        made = {"files": _files(chosen), "strata": _strata(frame.units, chosen)}
        if design.score:
            made["scores"] = frame.units.select(SCORES.names)
        left = frame.units.num_rows - len(chosen)
        aside = {**frame.aside, **({"in the frame and in no reserve": left} if left else {})}
        return Made(made, frame.records, len(chosen), aside, frame.sql, {DESIGN: path.read_bytes()})

    for stage in made_from(design):
        book.know(stage)
    book.stage(
        f"{SAMPLES}/{design.key}",
        make,
        rooms=(casefiles, indicators, question_sets),
        inputs={**book.outputs_of(*made_from(design)), **sent},
        settings={"design": path.read_text(encoding="utf-8")},
    )


def files_of(folder: Path, key: str) -> list[Chosen]:
    """The files of a sample and its reserve; UsageError if it was not drawn."""
    if not (folder / SAMPLES / key / "files.parquet").is_file():
        raise UsageError(f"{folder} holds no sample {key}. Draw it first: assay sample {folder} {key}.toml")
    rows = read_stage(folder, f"{SAMPLES}/{key}", "files").to_pylist()
    return [Chosen(**{**row, **{name: Fraction(row[name]) for name in ("chance", "chance_of_force")}}) for row in rows]


def strata_of(folder: Path, key: str) -> list[tuple[str, int]]:
    """Every stratum of a sample and how many records it has; UsageError if it was not drawn."""
    files_of(folder, key)
    rows = read_stage(folder, f"{SAMPLES}/{key}", "strata").to_pylist()
    return [(row["stratum"], row["records"]) for row in rows]


def scores_of(folder: Path, key: str) -> pl.DataFrame:
    """Every record of a sample that was drawn by a score: its force_code and subject_ref, its stratum, its score."""
    return pl.DataFrame(pl.from_arrow(read_stage(folder, f"{SAMPLES}/{key}", "scores")))


def replace_missing(folder: Path, key: str, missing: Sequence[tuple[str, str]]) -> Opened:
    """Which files are read, once those named could not be found."""
    return opened(files_of(folder, key), set(missing))


def _files(chosen: Sequence[Chosen]) -> pa.Table:
    rows = [{name: getattr(one, name) for name in FILES.names} for one in chosen]
    return pa.Table.from_pylist(
        [{**row, "chance": str(row["chance"]), "chance_of_force": str(row["chance_of_force"])} for row in rows], FILES
    )


def _strata(units: pa.Table, chosen: Sequence[Chosen]) -> pa.Table:
    """Every stratum that has a record or a file; in two stages, the forces that were drawn and those that were not."""
    held = {one["values"]: one["counts"] for one in pc.value_counts(units["stratum"]).to_pylist()}
    mine: dict[str, list[Chosen]] = {}
    for one in chosen:
        mine.setdefault(one.stratum, []).append(one)
    rows = []
    for name in sorted({*held, *mine}):
        files = mine.get(name, [])
        drawn = sum(one.status == DRAWN for one in files)
        records = files[0].of_stratum if files else held[name]
        rows.append({"stratum": name, "records": records, "drawn": drawn, "reserve": len(files) - drawn})
    return pa.Table.from_pylist(rows, STRATA)
