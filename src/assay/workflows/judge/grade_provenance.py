"""From a grade to the records that it rests on, in two steps; and from a record back to the grades.

For the inspection's own people: records are named by their references.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from assay.casefiles.file_allocation import marks_of
from assay.engine.provenance import read_stage
from assay.errors import UsageError
from assay.grading.characteristic_evidence import CLAIMS, CONTRADICTED, LESSONS
from assay.grading.grade_proposals import OVERALL
from assay.grading.strand_evidence import samples_marked
from assay.indicators import MET, NOT_MET, Indicator
from assay.indicators.indicator_catalogue import indicators
from assay.reference import characteristics
from assay.wording import counted
from assay.workflows.judge.answer_cards import MOST_LINES, Told, code_of, run_inspection
from assay.workflows.judge.grading_stage import judged_tables, line_named

Row = Mapping[str, Any]
OTHERS = {LESSONS: "past recommendations", CLAIMS: "what the force says of itself"}
FEW = 5
"""References that are said of each indicator; all of them with --json, or by: assay show."""


def traced(folder: Path, force: str, line: str) -> Told:
    """Step by step: the grade of a line, the characteristics it is made of, and the indicators with their records."""
    inspection = run_inspection(folder)
    code, asked = code_of(inspection.request, force), line_named(line)
    tables = judged_tables(folder)
    grade = next(row for row in tables["grades"].to_pylist() if (row["place_code"], row["line"]) == (code, asked.key))
    titles = {form.key: form for form in indicators()}
    words, data = [f"{inspection.request.bodies[code].name}, {asked.name}: {grade['decided'] or grade['proposed']}"], []
    shown = {row["characteristic"]: row for row in tables["shown"].to_pylist() if row["place_code"] == code}
    for one in characteristics():
        if asked.key not in (OVERALL, one.line):
            continue
        row = shown[one.key]
        words.append(f"  {one.text} {row['state'].capitalize()}.")
        for key in (row["rests_on"] or "").split():
            refs = against(folder, titles, key, code)
            name = titles[key].title if key in titles else OTHERS.get(key, key)
            words.append(f"    {key}: {name}: {_first(refs)}")
            data.append({"characteristic": one.key, "rests_on": key, "records": refs})
    return Told(tuple(words), {"place_code": code, "line": asked.key, "grade": dict(grade), "steps": data})


def traced_back(folder: Path, record: str, force: str = "") -> Told:
    """The grades that a record bears on: its answers, the characteristics that these serve, and the grades of them.

    A reference means a record only together with its force: UsageError where several forces use it and none is named,
    or where no indicator was asked of such a record.
    """
    mine = _answers_of(folder, record, code_of(run_inspection(folder).request, force))
    tables = judged_tables(folder)
    grades = {(row["place_code"], row["line"]): row for row in tables["grades"].to_pylist()}
    lines = {one.key: one.line for one in characteristics()}
    kinds = {form.key: form.record for form in indicators()}
    found = [(row, one) for row in mine for one in tables["shown"].to_pylist() if _rests(one, row)]
    words = [
        f"{row['force_code']}  {row['indicator']} ({kinds[row['indicator']]}): {row['answer']}; "
        f"{one['characteristic']} is {one['state']}; "
        f"{lines[one['characteristic']]}: {grades[row['force_code'], lines[one['characteristic']]]['proposed']}"
        for row, one in found
    ]
    kept = ("force_code", "indicator", "answer")
    data = [{name: row[name] for name in kept} | {"record": kinds[row["indicator"]],
             "characteristic": one["characteristic"], "line": lines[one["characteristic"]]}
            for row, one in found]  # fmt: skip
    head = f"{record}: it bears on {counted(len(found), 'characteristic')} by {counted(len(mine), 'answer')}."
    return Told((head, *words[:MOST_LINES]), {"record": record, "bears_on": data})


def _answers_of(folder: Path, record: str, code: str) -> list[dict[str, Any]]:
    """The answers of the record with that reference, all of one force."""
    answers = read_stage(folder, "enquiries", "answers")
    found: list[dict[str, Any]] = answers.filter(pc.equal(answers["record_ref"], record)).to_pylist()
    mine = [row for row in found if code in ("", row["force_code"])]
    forces = sorted({row["force_code"] for row in mine})
    if not forces:
        raise UsageError(
            f"No indicator was asked of a record with this reference{f' of {code}' if code else ''}. "
            "Look at the reference, as the force sent it, and at the force."
        )
    if len(forces) > 1:
        raise UsageError(
            f"{len(forces)} forces ({', '.join(forces)}) use this reference, each for a record of its own. "
            f"Name the force: assay trace {folder} FORCE --record REF"
        )
    return mine


def _rests(one: Row, row: Row) -> bool:
    """Whether a characteristic in a force rests on the indicator of an answer there."""
    return one["place_code"] == row["force_code"] and row["indicator"] in (one["rests_on"] or "").split()


def against(folder: Path, titles: Mapping[str, Indicator], key: str, code: str) -> list[str]:
    """What speaks against the force on a part: records, recommendations, its own statements, or the files marked."""
    if key in titles:
        return _not_met(folder, titles[key].better, key, code)
    if key not in OTHERS:
        return _files(folder, code) if key == "files" else []
    table, column = ("lessons_applied", "recommendation") if key == LESSONS else ("claims_tested", "key")
    rows = [row for row in read_stage(folder, "lessons", table).to_pylist() if row["place_code"] == code]
    kept = [row for row in rows if row.get("status") == "not applied" or row.get("verdict") == CONTRADICTED]
    return [str(row[column]) for row in kept]


def _not_met(folder: Path, better: str, indicator: str, code: str) -> list[str]:
    """The records that speak against the force on an indicator."""
    answers = read_stage(folder, "enquiries", "answers")
    against = MET if better == "lower" else NOT_MET
    wanted = pc.and_(pc.equal(answers["indicator"], indicator), pc.equal(answers["force_code"], code))
    kept = answers.filter(pc.and_(wanted, pc.equal(answers["answer"], against)))
    refs: list[str] = kept["record_ref"].to_pylist()
    return refs


def _files(folder: Path, code: str) -> list[str]:
    """The case files of this force that were marked."""
    return sorted(set(_marked(folder, code)))


def _marked(folder: Path, code: str) -> Iterator[str]:
    for sample, asked in samples_marked(folder):
        marks = marks_of(folder, sample, asked)
        yield from (str(mark["subject_ref"]) for mark in marks if mark["force_code"] == code)


def _first(refs: Sequence[str]) -> str:
    more = f" and {len(refs) - FEW:,} more" if len(refs) > FEW else ""
    return f"{', '.join(refs[:FEW])}{more}" if refs else "no record against it"
