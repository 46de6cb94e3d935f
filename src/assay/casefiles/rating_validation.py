"""Validate ratings from sheets and tablet exports: accept the valid answers, and report an error for each other one.

No row is lost and nothing is guessed: an invalid row gives an error with its place, the rule and the next step, but not
its content; all other rows count. An empty answer is not an error: the question is still open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from assay.casefiles.rating_sheets import STEPS
from assay.contract.question_sets import CountQuestion, ListQuestion, Question, QuestionSet
from assay.text.personal_details import details_warning
from assay.wording import count_phrase

File = tuple[str, str]
NO_REFERENCES: Mapping[File, Collection[str]] = MappingProxyType({})


@dataclass(frozen=True)
class Row:
    """The answer to one question of one file, as it was sent, with the text of the question.

    `cells` names the cell of each part: `subject_ref`, `question`, `text`, `answer` and `reason`.
    """

    file: File
    question: str
    text: str
    answer: str
    reason: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class RatedAnswer:
    """One valid answer to one question of one file, and the cells of the answer and its reason."""

    file: File
    question: str
    answer: str
    reason: str
    cell: str
    reason_cell: str = field(default="", compare=False)


@dataclass(frozen=True)
class RatingError:
    """What is wrong with one answer of a rater, by the cell of the sheet or the field of the page, and what to do."""

    cell: str
    message: str


@dataclass(frozen=True)
class ValidatedSheet:
    """The validated answers of one rater: question set, open questions, errors, and the files that have an answer."""

    path: Path
    marker: str
    answers: tuple[RatedAnswer, ...]
    open: int
    errors: tuple[RatingError, ...]
    files: frozenset[File] = frozenset()


class RatingValidator:
    """Validates the rows of one rater, one row at a time."""

    def __init__(
        self, instrument: QuestionSet, files: Collection[File], listed: Mapping[File, Collection[str]] = NO_REFERENCES
    ) -> None:
        self.instrument, self.files, self.listed = instrument, set(files), listed
        self.answers: list[RatedAnswer] = []
        self.errors: list[RatingError] = []
        self.open = 0
        self.seen: dict[tuple[File, str], str] = {}

    def add_row(self, row: Row) -> None:
        """Validate one row, and store it as an answer, an open question or an error."""
        wrong = self._wrong_row(row)
        self.seen.setdefault((row.file, row.question), row.cells["answer"])
        if wrong:
            self.errors.append(wrong)
            return
        if not row.answer:
            self.open += 1
            if row.reason:
                message = "there is a reason but no answer. Give an answer, or delete the reason."
                self.errors.append(RatingError(row.cells["answer"], message))
            return
        question = self.instrument.question(row.question)
        assert question is not None  # _wrong_row has seen to that
        if isinstance(question, ListQuestion) and row.answer not in question.answers:
            references, n_unknown = question.parse_references(row.answer, self.listed.get(row.file, ()))
            wrong, answer = _wrong_list(row, question, references, n_unknown), ", ".join(references)
        else:
            wrong, answer = _wrong_answer(row, question), question.parse_answer(row.answer) or row.answer
        wrong = wrong or _wrong_reason(row)
        if wrong:
            self.errors.append(wrong)
        else:
            self.answers.append(
                RatedAnswer(row.file, question.key, answer, row.reason, row.cells["answer"], row.cells["reason"])
            )

    def _wrong_row(self, row: Row) -> RatingError | None:
        question = self.instrument.question(row.question)
        if row.file not in self.files:
            return RatingError(row.cells["subject_ref"], NOT_GIVEN)
        if question is None:
            message = (
                f"{self.instrument.key} {self.instrument.version} has no such question. Restore the key of "
                "the question."
            )
            return RatingError(row.cells["question"], message)
        if row.text != question.text:
            return RatingError(
                row.cells["text"],
                "the text of the question was changed, so the rating does not count. Ask for a new sheet.",
            )
        first = self.seen.get((row.file, question.key))
        if first:
            message = f"this question of this file occurs twice; first in {first}. Delete one of the two rows."
            return RatingError(row.cells["question"], message)
        return None

    def consistent(self) -> tuple[RatedAnswer, ...]:
        """Return the consistent answers; if a part exceeds its whole in a file, the answer becomes an error instead."""
        inconsistent: list[RatedAnswer] = []
        by_file = {(answer.file, answer.question): answer for answer in self.answers}
        for part, whole in self.instrument.ratios:
            for answer in [
                answer for answer in self.answers if answer.question == part.key and answer.answer.isdigit()
            ]:
                error, excluded_answers = _wrong_part(part, answer, by_file.get((answer.file, whole.key)))
                self.errors += [error] if error else []
                inconsistent += excluded_answers
        return tuple(answer for answer in self.answers if answer not in inconsistent)


NOT_GIVEN = "this file was not assigned to this rater, so the row is set aside."


def _wrong_answer(row: Row, question: Question) -> RatingError | None:
    if question.parse_answer(row.answer) is None:
        problem = "not" if isinstance(question, CountQuestion) else "none of"
        return RatingError(row.cells["answer"], f"the answer is {problem} {question.answer_hint}.")
    if question.needs_reason(row.answer) and not row.reason:
        return RatingError(row.cells["reason"], "this answer needs a reason. Write one.")
    return None


def _wrong_reason(row: Row) -> RatingError | None:
    """Return an error if a reason contains personal details: they could not be removed from a stored rating."""
    warning = details_warning(row.reason)
    if not warning:
        return None
    return RatingError(
        row.cells["reason"], f"{warning[:1].lower()}{warning[1:]} Until then this answer does not count."
    )


def _wrong_list(row: Row, question: ListQuestion, references: Sequence[str], n_unknown: int) -> RatingError | None:
    """Return an error in a list, without its content."""
    if n_unknown:
        references_text = (
            f"{count_phrase(n_unknown, 'reference does', 'references do')} not match any of the "
            f"{question.lists} of this file."
        )
        message = f"{references_text} Take them from {STEPS}, column about; or write {' or '.join(question.answers)}."
        return RatingError(row.cells["answer"], message)
    return None if references else RatingError(row.cells["answer"], f"the answer is none of {question.answer_hint}.")


def _wrong_part(
    part: CountQuestion, answer: RatedAnswer, whole: RatedAnswer | None
) -> tuple[RatingError | None, list[RatedAnswer]]:
    """Return an error if a number is above its whole, and the answers that do not count because of it."""
    if whole is None or not whole.answer.isdigit():
        message = f"this counts a part of {part.part_of}, which has no valid number. Correct that answer first."
        return RatingError(answer.cell, message), [answer]
    if int(answer.answer) > int(whole.answer):
        message = (
            f"this is more than {part.part_of}, {whole.cell}, its whole. Correct one of them; until then "
            "neither counts."
        )
        return RatingError(answer.cell, message), [answer, whole]
    if int(answer.answer) < int(whole.answer) and not answer.reason:
        message = f"fewer than {part.part_of}, {whole.cell}, needs a reason. Write one."
        return RatingError(answer.reason_cell, message), [answer]
    return None, []
