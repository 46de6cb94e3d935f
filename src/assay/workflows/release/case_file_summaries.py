"""Summarise case files for the report: ratings, and the estimated share of all records.

Samples are treated one at a time: a share refers to the records that the sample design names, weighted by the inclusion
probability of each file. Texts are summarised in `text_summaries`. Where there is no figure, a fixed sentence without a
count gives the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay.casefiles.file_allocation import design_of, missing_of, sample_ratings
from assay.casefiles.file_sampling import replace_missing, strata_of
from assay.casefiles.rater_agreement import question_agreement
from assay.casefiles.ratings import inspector_ratings
from assay.casefiles.sample_designs import TEXTS, Design
from assay.casefiles.sample_results import NO_EVIDENCE, Result, is_met, results
from assay.grading.inspection_evidence import rated_samples
from assay.indicators.question_set_catalogue import question_set
from assay.sdc import declared_tables
from assay.stats.interval_estimates import IntervalEstimate

EMPTY_STRATUM = "From at least one stratum no file is marked yet, so it could hold anything."
TOO_FEW = "The files that told are too few for a figure with its interval."
NO_KNOWN_FILE = "No file told: nothing can be said."
HUNDREDTHS = 100
Row = dict[str, Any]
STAGES_READ = ("samples", "given", "marks")
"""The folders of case file stages that are read."""
NAMES = ("case_samples", "case_questions", "case_files")


def case_tables(folder: Path) -> dict[str, pa.Table]:
    """Return `case_samples`, `case_questions` and `case_files` as declared for release.

    Raises
    ------
    EvidenceError
        If the hash chain of ratings is broken.
    """
    rows: dict[str, list[Row]] = {name: [] for name in NAMES}
    for key, questions in rated_samples(folder):
        design = design_of(folder, key)
        if not {design.subject, design.records} & set(TEXTS):
            rows["case_samples"].append(_sample_row(folder, key, design, questions))
            rows["case_questions"] += _question_rows(folder, key, questions)
            rows["case_files"] += [_result_row(key, questions, result) for result in results(folder, key, questions)]
    return {name: _table(name, table_rows) for name, table_rows in rows.items()}


def _sample_row(folder: Path, key: str, design: Design, questions: str) -> Row:
    questionnaire = question_set(questions)
    replacements = replace_missing(folder, key, missing_of(folder, key, questions))
    rated_files = {
        (rating["force_code"], rating["subject_ref"])
        for rating in inspector_ratings(sample_ratings(folder, key, questions))
    }
    return {
        "sample": key, "question_set": questions, "title": design.title, "asked": questionnaire.title,
        "subject": questionnaire.subject.replace("_", " "), "records": sum(size for _, size in strata_of(folder, key)),
        "drawn": len(replacements.files), "marked": len(rated_files), "not_found": len(replacements.missing),
    }  # fmt: skip


def _question_rows(folder: Path, key: str, questions: str) -> Iterator[Row]:
    """Yield every question with a word answer, with the chance-corrected agreement of two raters."""
    agreements = {agreement.question: agreement for agreement in question_agreement(folder, key, questions)}
    for number, question in enumerate(question_set(questions).questions, start=1):
        if question.has_ladder_answer:
            double_rated = agreements[question.key]
            yield {
                "sample": key, "question_set": questions, "question": question.key, "place": number,
                "text": question.text, "stage": question.stage, "asks": question.asks.replace("|", " "),
                "best": question.answers[0], "read_twice": double_rated.files,
                **_complete_figure("agreement", ("", "_low", "_high"), double_rated.ac2, HUNDREDTHS),
            }  # fmt: skip


def _complete_figure(
    name: str, suffixes: Sequence[str], answer: IntervalEstimate, factor: float = 1
) -> dict[str, float | None]:
    """Return a figure and its limits under these names; without limits there is no figure either."""
    figure = (answer.value, answer.low, answer.high)
    values = [None if None in figure or value is None else factor * value for value in figure]
    return {f"{name}{end}": value for end, value in zip(suffixes, values, strict=True)}


def _result_row(key: str, questions: str, result: Result) -> Row:
    """Return the result of one place for one question."""
    met = sum(number for answer, number in result.answers.items() if is_met(answer))
    figure = _complete_figure("", ("share", "low", "high"), result.share)
    return {
        "sample": key, "question_set": questions, "question": result.question.key, "place_code": result.place,
        "told": result.base, "met": met, "unmet": result.base - met, **figure,
        **dict.fromkeys(("of_files_lowest", "of_files_highest"), met / result.base if result.base else None),
        "why": _missing_reason(result.share.words) if figure["share"] is None else "",
    }  # fmt: skip


def _missing_reason(words: str) -> str:
    if words == NO_EVIDENCE:
        return NO_KNOWN_FILE
    return EMPTY_STRATUM if "no file is marked" in words else TOO_FEW


def _table(name: str, rows: list[Row]) -> pa.Table:
    """Return the rows as the table is declared; disclosure control records what it suppresses."""
    form = declared_tables()[name]
    schema = pa.schema([field for field in form.schema if field.name != "hidden"])
    return pa.Table.from_pylist(rows, schema)
