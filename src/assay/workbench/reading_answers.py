"""What stands answered of a file by one reader, and does it hold by the rules of sheets and tablets?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assay.casefiles.rating_validation import Answered, Checking, Read, Row
from assay.contract.question_sets import QuestionSet
from assay.indicators.question_set_catalogue import question_set
from assay.workbench.models import Answer, Reading

REASON = "-reason"
CELLS = ("subject_ref", "question", "text", "answer")


def asked_of(reading: Reading) -> QuestionSet:
    """The questions of a reading."""
    return question_set(reading.file.sample.questions)


def standing(reading: Reading) -> dict[str, Answer]:
    """The last answer to each question that was ever answered; an empty one was taken back."""
    return {one.question: one for one in reading.answers.all()}


def read_alone(reading: Reading) -> Read:
    """What counts of what one reader answered, what is still open, and what is wrong."""
    answers = {key: (one.answer, one.reason) for key, one in standing(reading).items()}
    return checked(reading, asked_of(reading), answers)


def checked(reading: Reading, asked: QuestionSet, answers: Mapping[str, tuple[str, str]]) -> Read:
    """Answers to a file, judged as if they stood on a sheet; a fault names its question."""
    pair = reading.file.pair
    found = Checking(asked, [pair], {pair: reading.file.listed})
    for one in asked.questions:
        answer, reason = answers.get(one.key, ("", ""))
        at = {**dict.fromkeys(CELLS, one.key), "reason": f"{one.key}{REASON}"}
        found.take(Row(pair, one.key, one.text, answer, reason, at))
    kept: tuple[Answered, ...] = found.consistent()
    return Read(Path(), reading.account.code, kept, found.open, tuple(found.faults), frozenset({pair}))
