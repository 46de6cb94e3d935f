"""What does the report say of case files: what was asked, how many told, and what that makes of all records?

One sample at a time: a share is of the records that its design names, weighed by the chance of each file. Texts are
told elsewhere (`told_texts`). Why there is no figure is said in words of our own, which hold no count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay.casefiles.file_allocation import design_of, marks_of, missing_of
from assay.casefiles.file_sampling import replace_missing, strata_of
from assay.casefiles.rater_agreement import agreement
from assay.casefiles.ratings import of_inspectors
from assay.casefiles.sample_designs import TEXTS, Design
from assay.casefiles.sample_results import NOTHING_TOLD, Result, results, was_met
from assay.grading.strand_evidence import samples_marked
from assay.indicators.question_set_catalogue import question_set
from assay.sdc import declared_tables
from assay.stats.interval_estimates import Answer

SILENT = "From at least one stratum no file is marked yet, so it could hold anything."
TOO_FEW = "The files that told are too few for a figure with its interval."
NO_FILE = "No file told: nothing can be said."
HUNDREDTHS = 100
Row = dict[str, Any]
READ = ("samples", "given", "marks")
"""The rooms of case files that are read."""
NAMES = ("case_samples", "case_questions", "case_files")


def case_tables(folder: Path) -> dict[str, pa.Table]:
    """`case_samples`, `case_questions` and `case_files`, as disclosure declares them; EvidenceError where the chain of
    marks is broken."""
    rows: dict[str, list[Row]] = {name: [] for name in NAMES}
    for key, questions in samples_marked(folder):
        design = design_of(folder, key)
        if not {design.subject, design.records} & set(TEXTS):
            rows["case_samples"].append(_sample(folder, key, design, questions))
            rows["case_questions"] += _questions(folder, key, questions)
            rows["case_files"] += [_told(key, questions, one) for one in results(folder, key, questions)]
    return {name: _table(name, held) for name, held in rows.items()}


def _sample(folder: Path, key: str, design: Design, questions: str) -> Row:
    asked = question_set(questions)
    found = replace_missing(folder, key, missing_of(folder, key, questions))
    marked = {(one["force_code"], one["subject_ref"]) for one in of_inspectors(marks_of(folder, key, questions))}
    return {
        "sample": key, "question_set": questions, "title": design.title, "asked": asked.title,
        "subject": asked.subject.replace("_", " "), "records": sum(size for _, size in strata_of(folder, key)),
        "drawn": len(found.files), "marked": len(marked), "not_found": len(found.missing),
    }  # fmt: skip


def _questions(folder: Path, key: str, questions: str) -> Iterator[Row]:
    """Every question that is answered in words, with how far two who read one file agreed beyond chance."""
    agreed = {one.question: one for one in agreement(folder, key, questions)}
    for place, question in enumerate(question_set(questions).questions, start=1):
        if question.in_words:
            two = agreed[question.key]
            yield {
                "sample": key, "question_set": questions, "question": question.key, "place": place,
                "text": question.text, "stage": question.stage, "asks": question.asks.replace("|", " "),
                "best": question.answers[0], "read_twice": two.files,
                **_whole("agreement", ("", "_low", "_high"), two.ac2, HUNDREDTHS),
            }  # fmt: skip


def _whole(name: str, ends: Sequence[str], answer: Answer, times: float = 1) -> dict[str, float | None]:
    """A figure and its limits under these names; without limits there is no figure either."""
    figure = (answer.value, answer.low, answer.high)
    told = [None if None in figure or value is None else times * value for value in figure]
    return {f"{name}{end}": value for end, value in zip(ends, told, strict=True)}


def _told(key: str, questions: str, one: Result) -> Row:
    """What the files of one place say to one question."""
    met = sum(number for answer, number in one.answers.items() if was_met(answer))
    figure = _whole("", ("share", "low", "high"), one.share)
    return {
        "sample": key, "question_set": questions, "question": one.question.key, "place_code": one.place,
        "told": one.base, "met": met, "unmet": one.base - met, **figure,
        **dict.fromkeys(("of_files_lowest", "of_files_highest"), met / one.base if one.base else None),
        "why": _why(one.share.words) if figure["share"] is None else "",
    }  # fmt: skip


def _why(words: str) -> str:
    if words == NOTHING_TOLD:
        return NO_FILE
    return SILENT if "no file is marked" in words else TOO_FEW


def _table(name: str, rows: list[Row]) -> pa.Table:
    """The rows as the table is declared; disclosure itself notes what it hides."""
    form = declared_tables()[name]
    schema = pa.schema([field for field in form.schema if field.name != "hidden"])
    return pa.Table.from_pylist(rows, schema)
