"""Validate one rater's answers on a case file, with the same rules as for rating sheets and tablet exports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assay.casefiles.rating_validation import RatedAnswer, RatingValidator, Row, ValidatedSheet
from assay.contract.question_sets import QuestionSet
from assay.indicators.question_set_catalogue import question_set
from assay.workbench.models import Answer, Reading

REASON = "-reason"
CELLS = ("subject_ref", "question", "text", "answer")


def reading_questions(reading: Reading) -> QuestionSet:
    """Return the questions of a reading."""
    return question_set(reading.file.sample.questions)


def current_answers(reading: Reading) -> dict[str, Answer]:
    """Return the last answer to each question; an empty answer was undone."""
    return {answer.question: answer for answer in reading.answers.all()}


def validate_single_reading(reading: Reading) -> ValidatedSheet:
    """Return the current answers of one reader, the open questions, and the errors."""
    answers = {
        key: (given_answer.answer, given_answer.reason) for key, given_answer in current_answers(reading).items()
    }
    return check_answers(reading, reading_questions(reading), answers)


def check_answers(
    reading: Reading, questionnaire: QuestionSet, answers: Mapping[str, tuple[str, str]]
) -> ValidatedSheet:
    """Validate answers to a file as if they were on a sheet; an error names its question."""
    pair = reading.file.pair
    checking = RatingValidator(questionnaire, [pair], {pair: reading.file.listed})
    for question in questionnaire.questions:
        answer, reason = answers.get(question.key, ("", ""))
        cells = {**dict.fromkeys(CELLS, question.key), "reason": f"{question.key}{REASON}"}
        checking.add_row(Row(pair, question.key, question.text, answer, reason, cells))
    consistent: tuple[RatedAnswer, ...] = checking.consistent()
    return ValidatedSheet(
        Path(), reading.account.code, consistent, checking.open, tuple(checking.errors), frozenset({pair})
    )
