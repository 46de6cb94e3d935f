"""From a file of answers to results that stand in the inspection with their evidence: `surveys/<key>`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import stats
from assay.casefiles import surveys
from assay.casefiles.surveys.questionnaire_forms import FORCE, Questionnaire, read_questionnaire
from assay.casefiles.surveys.survey_exports import RULES, Answers, read_answers
from assay.casefiles.surveys.survey_forms import write_form
from assay.casefiles.surveys.survey_frames import read_frame
from assay.casefiles.surveys.survey_results import ALL, Response, Result, responses, results
from assay.engine.provenance import file_hash, one_at_a_time, read_stage
from assay.engine.stage_runner import Book, Made
from assay.errors import UsageError
from assay.ingest.inspection_folder import Inspection, open_inspection, refuse_retired
from assay.wording import counted, percent, percents

ROOM = "surveys"
TEXT, NUMBER, SHARE = pa.string(), pa.int64(), pa.float64()
RESULTS = pa.schema(
    [(name, TEXT) for name in ("place_code", "question", "option")]
    + [(name, NUMBER) for name in ("people", "answered")]
    + [(name, SHARE) for name in ("share", "low", "high", "lowest", "highest")]
    + [("why", TEXT)]
)
FAULTS = pa.schema([("line", NUMBER), ("column_name", TEXT), ("rule", TEXT)])
MOST_LINES = 60


@dataclass(frozen=True)
class Surveyed:
    """What a survey says: response by cell, results, and what could not be used."""

    asked: Questionnaire
    answers: int
    came: int
    faults: tuple[tuple[int, str, str], ...]
    response: tuple[Response, ...]
    results: tuple[Result, ...]

    @property
    def has_frame(self) -> bool:
        """Whether anybody knows how many could have answered."""
        return any(one.members is not None for one in self.response)

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        cells = [{"cell": one.cell, "members": one.members, "answered": one.answered, "rate": one.rate,
                  "weight": one.weight} for one in self.response]  # fmt: skip
        faults = [{"line": line, "column": column, "rule": rule} for line, column, rule in self.faults]
        told = {"questionnaire": self.asked.key, "came": self.came, "counted": self.answers, "faults": faults}
        return {**told, "response": cells, "results": [vars(one) for one in self.results]}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        counts = counted(self.answers, "answer counts", "answers count")
        said = [f"{self.asked.title}: {counts} of {self.came:,} that came."]
        members = sum(one.members or 0 for one in self.response)
        if members:
            said.append(f"Response: {self.answers:,} of {members:,}, {percent(self.answers / members)}.")
            said.append("Shares lean on those who did not answer being like those who did in the same cell.")
        said += [f"  line {line}{f', {column}' if column else ''}: {rule}. {RULES[rule]}"
                 for line, column, rule in self.faults[:MOST_LINES]]  # fmt: skip
        for question in self.asked.questions:
            said += ["", question.text]
            mine = [one for one in self.results if one.question == question.key and one.place == ALL]
            said += [f"  {question.options[one.option]}: {_words(one)}" for one in mine]
            said += [f"  {why}" for why in dict.fromkeys(one.why for one in mine if one.why)]
        return said


def form_for(folder: Path, name: str, out: Path) -> Questionnaire:
    """Write a questionnaire as an XLSForm, with the bodies of the inspection to choose from."""
    asked = read_questionnaire(name)
    write_form(out, asked, _forces(open_inspection(folder)))
    return asked


@one_at_a_time
def take_answers(folder: Path, name: str, export: Path, frame: Path | None = None) -> Surveyed:
    """Read answers, weigh them where there is a frame, and keep response and results in the inspection."""
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    asked, forces = read_questionnaire(name), _forces(inspection)
    found = read_answers(export, asked, tuple(forces))
    known = read_frame(frame, asked, forces) if frame else None
    response, told = responses(asked, found.rows, known), results(asked, found.rows, known)
    _keep(folder, asked, found, response, told, [path for path in (export, frame) if path])
    faults = tuple((one.line, one.column, one.rule) for one in found.faults)
    return Surveyed(asked, len(found.rows), found.came, faults, tuple(response), tuple(told))


def kept_results(folder: Path, key: str) -> list[dict[str, Any]]:
    """The results of a survey as they were kept; UsageError where there are none."""
    if not (folder / ROOM / key / "results.parquet").is_file():
        raise UsageError(f"{folder} holds no answers to {key}. Take them in: assay survey answers {folder} {key} FILE")
    rows: list[dict[str, Any]] = read_stage(folder, f"{ROOM}/{key}", "results").to_pylist()
    return rows


def _forces(inspection: Inspection) -> dict[str, str]:
    """The bodies that somebody may speak of: forces, not the national bodies."""
    return {code: body.name for code, body in inspection.request.bodies.items() if not body.national}


def _keep(
    folder: Path, asked: Questionnaire, found: Answers, response: Sequence[Response], told: Sequence[Result],
    sent: Sequence[Path],
) -> None:  # fmt: skip
    """Write the stage. Answers are kept by cell and option, never person by person."""
    book = Book(folder)
    cells = [dict(zip(asked.cell_names, one.cell, strict=True)) | {"members": one.members, "answered": one.answered,
             "weight": one.weight} for one in response]  # fmt: skip
    of_cells = pa.schema(
        [(name, TEXT) for name in asked.cell_names] + [("members", NUMBER), ("answered", NUMBER), ("weight", SHARE)]
    )
    rows = [{**{k: v for k, v in vars(one).items() if k != "place"}, "place_code": one.place} for one in told]
    faults = [{"line": one.line, "column_name": one.column, "rule": one.rule} for one in found.faults]
    tables = {
        "response": pa.Table.from_pylist(cells, of_cells),
        "results": pa.Table.from_pylist(rows, RESULTS),
        "faults": pa.Table.from_pylist(faults, FAULTS),
    }
    made = Made(tables, found.came, len(found.rows), dict(found.aside))
    inputs = dict(book.sent(path.name, file_hash(path)) for path in sent)
    settings = {"questionnaire": asked.checksum, "version": asked.version, "cells": FORCE}
    book.stage(f"{ROOM}/{asked.key}", lambda: made, rooms=(surveys, stats), inputs=inputs, settings=settings)


def _words(one: Result) -> str:
    if one.share is None or one.low is None or one.high is None:
        return f"{one.people:,} of {one.answered:,} who answered"
    could = percents(one.lowest or 0.0, one.highest or 0.0, 0)
    return f"{percent(one.share)} ({percents(one.low, one.high)}); it could be {could}, whatever the others would say"
