"""Trace a grade to the records behind it, and a record to the grades that it affects.

The output is for the inspection team only: records are named by their references.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from assay.casefiles.file_allocation import sample_ratings
from assay.engine.provenance import read_stage
from assay.errors import UsageError
from assay.grading.force_evidence import CLAIMS, CONTRADICTED, LESSONS
from assay.grading.grade_proposals import OVERALL
from assay.grading.inspection_evidence import rated_samples
from assay.indicators import MET, NOT_MET, Indicator
from assay.indicators.indicator_catalogue import indicators
from assay.reference import characteristics, failure_modes
from assay.wording import count_phrase
from assay.workflows.judge.answer_cards import MAX_LINES, CommandResult, find_force_code, open_run_inspection
from assay.workflows.judge.grading_stage import find_theme, grading_tables

Row = Mapping[str, Any]
OTHER_EVIDENCE = {LESSONS: "past recommendations", CLAIMS: "what the force says of itself"}
MAX_REFERENCES = 5
"""Maximum number of references printed for each indicator; all with --json, or by: assay inspect show."""


def trace_grade(folder: Path, force: str, line: str) -> CommandResult:
    """Return the path from the grade of a theme to its characteristics, their indicators and the records."""
    inspection = open_run_inspection(folder)
    code, theme = find_force_code(inspection.request, force), find_theme(line)
    tables = grading_tables(folder)
    grade = next(row for row in tables["grades"].to_pylist() if (row["place_code"], row["line"]) == (code, theme.key))
    titles = {form.key: form for form in indicators()}
    text_lines = [
        f"{inspection.request.organisations[code].name}, {theme.name}: {grade['decided'] or grade['proposed']}"
    ]
    data = []
    characteristic_rows = {
        row["characteristic"]: row for row in tables["characteristic_states"].to_pylist() if row["place_code"] == code
    }
    for characteristic in characteristics():
        if theme.key not in (OVERALL, characteristic.line):
            continue
        row = characteristic_rows[characteristic.key]
        text_lines.append(f"  {characteristic.text} {row['state'].capitalize()}.")
        for key in (row["evidence_keys"] or "").split():
            refs = adverse_evidence(folder, titles, key, code)
            name = titles[key].title if key in titles else _other_name(key)
            text_lines.append(f"    {key}: {name}: {_reference_list(refs)}")
            data.append({"characteristic": characteristic.key, "evidence_keys": key, "records": refs})
    return CommandResult(
        tuple(text_lines), {"place_code": code, "line": theme.key, "grade": dict(grade), "steps": data}
    )


def _other_name(key: str) -> str:
    """Return the name of evidence that is no indicator: a combined test by what its failure mode says."""
    if failure_modes().knows(key):
        return f"combined test of its measures: {failure_modes().get(key).text.rstrip('.')}"
    return OTHER_EVIDENCE.get(key, key)


def trace_record(folder: Path, record: str, force: str = "") -> CommandResult:
    """Return the grades that a record affects, through its answers and the characteristics that these test.

    A reference identifies a record only together with its force.

    Raises
    ------
    UsageError
        If several forces use the reference and none is named, or no indicator was evaluated for such a record.
    """
    record_answers = _record_answers(folder, record, find_force_code(open_run_inspection(folder).request, force))
    tables = grading_tables(folder)
    grades = {(row["place_code"], row["line"]): row for row in tables["grades"].to_pylist()}
    lines = {characteristic.key: characteristic.line for characteristic in characteristics()}
    kinds = {form.key: form.record for form in indicators()}
    found = [
        (row, characteristic_row)
        for row in record_answers
        for characteristic_row in tables["characteristic_states"].to_pylist()
        if _rests_on_indicator(characteristic_row, row)
    ]
    text_lines = [
        (
            f"{row['force_code']}  {row['indicator']} ({kinds[row['indicator']]}): {row['answer']}; "
            f"{characteristic_row['characteristic']} is {characteristic_row['state']}; "
            f"{lines[characteristic_row['characteristic']]}: "
            f"{grades[row['force_code'], lines[characteristic_row['characteristic']]]['proposed']}"
        )
        for row, characteristic_row in found
    ]
    columns = ("force_code", "indicator", "answer")
    data = [
        {name: row[name] for name in columns}
        | {
            "record": kinds[row["indicator"]],
            "characteristic": characteristic_row["characteristic"],
            "line": lines[characteristic_row["characteristic"]],
        }
        for row, characteristic_row in found
    ]
    header = (
        f"{record}: it bears on {count_phrase(len(found), 'characteristic')} by "
        f"{count_phrase(len(record_answers), 'answer')}."
    )
    return CommandResult((header, *text_lines[:MAX_LINES]), {"record": record, "bears_on": data})


def _record_answers(folder: Path, record: str, code: str) -> list[dict[str, Any]]:
    """Return the answers of the record with that reference, all of one force."""
    answers = read_stage(folder, "enquiries", "answers")
    found: list[dict[str, Any]] = answers.filter(pc.equal(answers["record_ref"], record)).to_pylist()
    force_answers = [row for row in found if code in ("", row["force_code"])]
    forces = sorted({row["force_code"] for row in force_answers})
    if not forces:
        raise UsageError(
            f"No indicator was asked of a record with this reference{f' of {code}' if code else ''}. "
            "Look at the reference, as the force sent it, and at the force."
        )
    if len(forces) > 1:
        raise UsageError(
            f"{len(forces)} forces ({', '.join(forces)}) use this reference, each for a record of its own. "
            f"Name the force: assay grade trace {folder} FORCE --record REF"
        )
    return force_answers


def _rests_on_indicator(characteristic_row: Row, answer_row: Row) -> bool:
    """Return True if a characteristic in a force rests on the indicator of an answer there."""
    return (
        characteristic_row["place_code"] == answer_row["force_code"]
        and answer_row["indicator"] in (characteristic_row["evidence_keys"] or "").split()
    )


def adverse_evidence(folder: Path, titles: Mapping[str, Indicator], key: str, code: str) -> list[str]:
    """Return the evidence against the force in records, past recommendations, its claims or rated files."""
    if key in titles:
        return _adverse_records(folder, titles[key].better, key, code)
    if key not in OTHER_EVIDENCE:
        return _rated_files(folder, code) if key == "files" else []
    table, column = ("lessons_applied", "recommendation") if key == LESSONS else ("claim_tests", "key")
    rows = [row for row in read_stage(folder, "lessons", table).to_pylist() if row["place_code"] == code]
    adverse_rows = [row for row in rows if row.get("status") == "not applied" or row.get("verdict") == CONTRADICTED]
    return [str(row[column]) for row in adverse_rows]


def _adverse_records(folder: Path, better: str, indicator: str, code: str) -> list[str]:
    """Return the records with an adverse answer to an indicator in the force."""
    answers = read_stage(folder, "enquiries", "answers")
    adverse_answer = MET if better == "lower" else NOT_MET
    mask = pc.and_(pc.equal(answers["indicator"], indicator), pc.equal(answers["force_code"], code))
    adverse_answers = answers.filter(pc.and_(mask, pc.equal(answers["answer"], adverse_answer)))
    refs: list[str] = adverse_answers["record_ref"].to_pylist()
    return refs


def _rated_files(folder: Path, code: str) -> list[str]:
    """Return the rated case files of this force."""
    return sorted(set(_rated_file_refs(folder, code)))


def _rated_file_refs(folder: Path, code: str) -> Iterator[str]:
    for sample, question_set in rated_samples(folder):
        marks = sample_ratings(folder, sample, question_set)
        yield from (str(mark["subject_ref"]) for mark in marks if mark["force_code"] == code)


def _reference_list(refs: Sequence[str]) -> str:
    more = f" and {len(refs) - MAX_REFERENCES:,} more" if len(refs) > MAX_REFERENCES else ""
    return f"{', '.join(refs[:MAX_REFERENCES])}{more}" if refs else "no record against it"
