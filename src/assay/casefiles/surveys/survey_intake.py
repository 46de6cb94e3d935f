"""Accept survey answers, weight them where there is a frame, and store the results (`surveys/<key>`)."""

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
from assay.casefiles.surveys.survey_results import ALL, Response, SurveyResult, responses, results
from assay.engine.provenance import file_hash, read_stage, with_folder_lock
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.ingest.inspection_folder import Inspection, open_inspection, refuse_retired
from assay.wording import count_phrase, percent, percent_interval

STAGE_FOLDER = "surveys"
TEXT, NUMBER, SHARE = pa.string(), pa.int64(), pa.float64()
RESULTS = pa.schema(
    [(name, TEXT) for name in ("place_code", "question", "option")]
    + [(name, NUMBER) for name in ("people", "answered")]
    + [(name, SHARE) for name in ("share", "low", "high", "lowest", "highest")]
    + [("why", TEXT)]
)
ERRORS = pa.schema([("line", NUMBER), ("column_name", TEXT), ("rule", TEXT)])
MOST_LINES = 60


@dataclass(frozen=True)
class SurveyIntake:
    """The result of a survey: response by cell, estimates, and validation errors."""

    questionnaire: Questionnaire
    answers: int
    received: int
    errors: tuple[tuple[int, str, str], ...]
    response: tuple[Response, ...]
    results: tuple[SurveyResult, ...]

    @property
    def has_frame(self) -> bool:
        """True if the sampling frame, and so the number of members, is known."""
        return any(cell.members is not None for cell in self.response)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready values."""
        cells = [{"cell": item.cell, "members": item.members, "answered": item.answered, "rate": item.rate,
                  "weight": item.weight} for item in self.response]  # fmt: skip
        errors = [{"line": line, "column": column, "rule": rule} for line, column, rule in self.errors]
        summary = {
            "questionnaire": self.questionnaire.key,
            "came": self.received,
            "counted": self.answers,
            "errors": errors,
        }
        return {**summary, "response": cells, "results": [vars(item) for item in self.results]}

    def summary_lines(self) -> list[str]:
        """Return the result as lines for a terminal."""
        counts = count_phrase(self.answers, "answer counts", "answers count")
        lines = [f"{self.questionnaire.title}: {counts} of {self.received:,} that came."]
        members = sum(item.members or 0 for item in self.response)
        if members:
            lines.append(f"Response: {self.answers:,} of {members:,}, {percent(self.answers / members)}.")
            lines.append("Shares assume that those who did not answer are like those who did in the same cell.")
        lines += [f"  line {line}{f', {column}' if column else ''}: {rule}. {RULES[rule]}"
                 for line, column, rule in self.errors[:MOST_LINES]]  # fmt: skip
        for question in self.questionnaire.questions:
            lines += ["", question.text]
            question_results = [item for item in self.results if item.question == question.key and item.place == ALL]
            lines += [f"  {question.options[item.option]}: {_words(item)}" for item in question_results]
            lines += [f"  {why}" for why in dict.fromkeys(item.why for item in question_results if item.why)]
        return lines


def form_for(folder: Path, name: str, out: Path) -> Questionnaire:
    """Write a questionnaire as an XLSForm, with the forces of the inspection to choose from."""
    questionnaire = read_questionnaire(name)
    write_form(out, questionnaire, _forces(open_inspection(folder)))
    return questionnaire


@with_folder_lock
def accept_answers(folder: Path, name: str, export: Path, frame: Path | None = None) -> SurveyIntake:
    """Accept answers, weight them if there is a frame, and store response and results in the inspection."""
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    questionnaire, forces = read_questionnaire(name), _forces(inspection)
    found = read_answers(export, questionnaire, tuple(forces))
    known = read_frame(frame, questionnaire, forces) if frame else None
    response, survey_results = responses(questionnaire, found.rows, known), results(questionnaire, found.rows, known)
    _store_survey(folder, questionnaire, found, response, survey_results, [path for path in (export, frame) if path])
    errors = tuple((error.line, error.column, error.rule) for error in found.errors)
    return SurveyIntake(questionnaire, len(found.rows), found.received, errors, tuple(response), tuple(survey_results))


def stored_results(folder: Path, key: str) -> tuple[SurveyResult, ...]:
    """Return the stored results of a survey; empty if no answers were received."""
    if not (folder / STAGE_FOLDER / key / "results.parquet").is_file():
        return ()
    rows = read_stage(folder, f"{STAGE_FOLDER}/{key}", "results").to_pylist()
    return tuple(SurveyResult(place=row.pop("place_code"), **row) for row in rows)


def _forces(inspection: Inspection) -> dict[str, str]:
    """Return the forces that an answer can be about, without national organisations."""
    return {
        code: organisation.name
        for code, organisation in inspection.request.organisations.items()
        if not organisation.is_national
    }


def _store_survey(
    folder: Path,
    questionnaire: Questionnaire,
    found: Answers,
    response: Sequence[Response],
    survey_results: Sequence[SurveyResult],
    sent_files: Sequence[Path],
) -> None:
    """Store the survey as a stage. Answers are stored by cell and option, never person by person."""
    runner = StageRunner(folder)
    cells = [
        dict(zip(questionnaire.cell_names, item.cell, strict=True))
        | {"members": item.members, "answered": item.answered, "weight": item.weight}
        for item in response
    ]
    cell_schema = pa.schema(
        [(name, TEXT) for name in questionnaire.cell_names]
        + [("members", NUMBER), ("answered", NUMBER), ("weight", SHARE)]
    )
    rows = [
        {**{k: v for k, v in vars(item).items() if k != "place"}, "place_code": item.place} for item in survey_results
    ]
    errors = [{"line": item.line, "column_name": item.column, "rule": item.rule} for item in found.errors]
    tables = {
        "response": pa.Table.from_pylist(cells, cell_schema),
        "results": pa.Table.from_pylist(rows, RESULTS),
        "faults": pa.Table.from_pylist(errors, ERRORS),
    }
    output = StageOutput(tables, found.received, len(found.rows), dict(found.set_aside))
    inputs = dict(runner.record_received_file(path.name, file_hash(path)) for path in sent_files)
    settings = {"questionnaire": questionnaire.checksum, "version": questionnaire.version, "cells": FORCE}
    runner.run_stage(
        f"{STAGE_FOLDER}/{questionnaire.key}",
        lambda: output,
        packages=(surveys, stats),
        inputs=inputs,
        settings=settings,
    )


def _words(result: SurveyResult) -> str:
    if result.share is None or result.low is None or result.high is None:
        return f"{result.people:,} of {result.answered:,} who answered"
    could = percent_interval(result.lowest or 0.0, result.highest or 0.0, 0)
    return (
        f"{percent(result.share)} ({percent_interval(result.low, result.high)}); it could be {could}, "
        f"whatever the others would say"
    )
