"""Which answers count, and what is wrong with the others, wherever they came from: a sheet, or an export of a tablet?

Nothing is lost and nothing guessed: a row that cannot be taken is told by its place, the rule and what to do, never by
what stands in it; every other row counts. An empty answer is no fault: that question is not marked yet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from assay.casefiles.rating_sheets import STEPS
from assay.contract.question_sets import CountQuestion, ListQuestion, Question, QuestionSet
from assay.text.personal_details import what_to_take_out
from assay.wording import counted

File = tuple[str, str]
NOBODY: Mapping[File, Collection[str]] = MappingProxyType({})


@dataclass(frozen=True)
class Row:
    """What came as the answer to one question of one file, with the question's words, and in which cell each part of it
    stands: `subject_ref`, `question`, `text`, `answer`, `reason`."""

    file: File
    question: str
    text: str
    answer: str
    reason: str
    at: Mapping[str, str]


@dataclass(frozen=True)
class Answered:
    """One answer to one question of one file, and the cells in which it and its reason stand."""

    file: File
    question: str
    answer: str
    reason: str
    cell: str
    reason_cell: str = field(default="", compare=False)


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell, and what to do."""

    cell: str
    says: str


@dataclass(frozen=True)
class Read:
    """What one marker answered, as it came: by which set, how many questions are not marked yet, the faults, and of
    which files anything came."""

    path: Path
    marker: str
    answers: tuple[Answered, ...]
    open: int
    faults: tuple[Fault, ...]
    files: frozenset[File] = frozenset()


class Checking:
    """The rows of one marker, one after another; `files`: those that the marker was given; `listed`: of each file, the
    references that a list may name."""

    def __init__(
        self, asked: QuestionSet, files: Collection[File], listed: Mapping[File, Collection[str]] = NOBODY
    ) -> None:
        self.asked, self.files, self.listed = asked, set(files), listed
        self.answers: list[Answered] = []
        self.faults: list[Fault] = []
        self.open = 0
        self.seen: dict[tuple[File, str], str] = {}

    def take(self, row: Row) -> None:
        """One row: an answer, a question that is still open, or a fault."""
        wrong = self._wrong_row(row)
        self.seen.setdefault((row.file, row.question), row.at["answer"])
        if wrong:
            self.faults.append(wrong)
            return
        if not row.answer:
            self.open += 1
            if row.reason:
                said = "a reason stands here and no answer. Answer, or take the reason out."
                self.faults.append(Fault(row.at["answer"], said))
            return
        question = self.asked.question(row.question)
        assert question is not None  # _wrong_row has seen to that
        if isinstance(question, ListQuestion) and row.answer not in question.answers:
            named, strangers = question.listed(row.answer, self.listed.get(row.file, ()))
            wrong, answer = _wrong_list(row, question, named, strangers), ", ".join(named)
        else:
            wrong, answer = _wrong_answer(row, question), question.answer(row.answer) or row.answer
        wrong = wrong or _wrong_reason(row)
        if wrong:
            self.faults.append(wrong)
        else:
            self.answers.append(
                Answered(row.file, question.key, answer, row.reason, row.at["answer"], row.at["reason"])
            )

    def _wrong_row(self, row: Row) -> Fault | None:
        question = self.asked.question(row.question)
        if row.file not in self.files:
            return Fault(row.at["subject_ref"], NOT_GIVEN)
        if question is None:
            said = f"no such question is in {self.asked.key} {self.asked.version}. Put it back."
            return Fault(row.at["question"], said)
        if row.text != question.text:
            return Fault(row.at["text"], "the question was changed. What was marked by other words does not count.")
        first = self.seen.get((row.file, question.key))
        if first:
            said = f"this question of this file stands there already: {first}. Keep one of them."
            return Fault(row.at["question"], said)
        return None

    def consistent(self) -> tuple[Answered, ...]:
        """The answers, without numbers of one file that cannot both be; those are faults."""
        gone: list[Answered] = []
        by_file = {(one.file, one.question): one for one in self.answers}
        for part, whole in self.asked.ratios:
            for one in [one for one in self.answers if one.question == part.key and one.answer.isdigit()]:
                fault, aside = _wrong_part(part, one, by_file.get((one.file, whole.key)))
                self.faults += [fault] if fault else []
                gone += aside
        return tuple(one for one in self.answers if one not in gone)


NOT_GIVEN = "this file was not given to this marker. Its row is set aside."


def _wrong_answer(row: Row, question: Question) -> Fault | None:
    if question.answer(row.answer) is None:
        said = "not" if isinstance(question, CountQuestion) else "none of"
        return Fault(row.at["answer"], f"the answer is {said} {question.may_be}.")
    if question.needs_reason(row.answer) and not row.reason:
        return Fault(row.at["reason"], "this answer stands only with a reason. Write it.")
    return None


def _wrong_reason(row: Row) -> Fault | None:
    """A reason that names somebody or holds a detail of a person: once it is sealed, nobody can take it out."""
    said = what_to_take_out(row.reason)
    if not said:
        return None
    return Fault(row.at["reason"], f"{said[:1].lower()}{said[1:]} Until then this answer does not count.")


def _wrong_list(row: Row, question: ListQuestion, named: Sequence[str], strangers: int) -> Fault | None:
    """What is wrong with a list; it is never told what stands there."""
    if strangers:
        those = f"{counted(strangers, 'reference is', 'references are')} of none of the {question.lists} of this file."
        said = f"{those} Take them from {STEPS}, column about; or write {' or '.join(question.answers)}."
        return Fault(row.at["answer"], said)
    return None if named else Fault(row.at["answer"], f"the answer is none of {question.may_be}.")


def _wrong_part(part: CountQuestion, one: Answered, whole: Answered | None) -> tuple[Fault | None, list[Answered]]:
    """What is wrong with a number beside the one that it is a part of, and the answers that do not count for it."""
    if whole is None or not whole.answer.isdigit():
        said = f"this counts a part of {part.part_of}, which has no number that counts. Mend that answer first."
        return Fault(one.cell, said), [one]
    if int(one.answer) > int(whole.answer):
        said = f"this is more than {part.part_of}, {whole.cell}, its whole. Until one is mended neither counts."
        return Fault(one.cell, said), [one, whole]
    if int(one.answer) < int(whole.answer) and not one.reason:
        said = f"fewer than {part.part_of}, {whole.cell}, stands only with a reason. Write it."
        return Fault(one.reason_cell, said), [one]
    return None, []
