"""What stands on a marking sheet that came back: which marks, and what is wrong in which cell?

Nothing is lost and nothing guessed: a row that cannot be taken is told by its cell, the rule and what to do, never by
what stands in it; every other row counts. An empty answer is no fault: that question is not marked yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from assay.casefiles.sheets import ABOUT, ANSWER, MARK_COLUMNS, MARKS, STEPS
from assay.errors import SourceError
from assay.measure.question_sets import CountQuestion, ListQuestion, Question, QuestionSet
from assay.wording import counted

REASON = MARK_COLUMNS.index("reason")
KEPT = ("force_code", "subject_ref", "question", "text")
File = tuple[str, str]
NOBODY: Mapping[File, Collection[str]] = MappingProxyType({})


@dataclass(frozen=True)
class Answered:
    """One answer to one question of one file, and the cell in which it stands."""

    file: File
    question: str
    answer: str
    reason: str
    cell: str


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell, and what to do."""

    cell: str
    says: str


@dataclass(frozen=True)
class Read:
    """A sheet as it came: whose, by which set, its answers, how many questions are not marked yet, and its faults."""

    path: Path
    marker: str
    answers: tuple[Answered, ...]
    open: int
    faults: tuple[Fault, ...]


def about_of(path: Path) -> dict[str, str]:
    """What `About` says: sample, question_set, version, checksum, marker_code. SourceError where there is none."""
    rows = cells(path, ABOUT)
    return {row[0]: row[1] for row in rows[1:] if len(row) > 1 and row[0] and row[0] != "how"}


def read_sheet(
    path: Path, asked: QuestionSet, files: Collection[File], listed: Mapping[File, Collection[str]] = NOBODY
) -> Read:
    """The marks on a sheet of these files by this question set; SourceError where it is no such sheet as a whole.

    `files`: those that its marker was given; `listed`: of each file, the references that a list may name.
    """
    about = about_of(path)
    if (about.get("question_set"), about.get("version")) != (asked.key, asked.version):
        raise SourceError(f"{path.name}, About: it was written for another question set or version than {asked.key}.")
    if about.get("checksum") != asked.checksum:
        raise SourceError(f"{path.name}, About: the checksum is not that of {asked.key}. Ask for the sheet anew.")
    rows = cells(path, MARKS)
    if not rows or tuple(rows[0][: len(MARK_COLUMNS)]) != MARK_COLUMNS:
        raise SourceError(f"{path.name}, {MARKS}!A1: the header is not that of a marking sheet. Put it back as it was.")
    found = _Reading(asked, set(files), listed)
    for line, row in enumerate(rows[1:], start=2):
        found.take(line, [*row, *[""] * (len(MARK_COLUMNS) - len(row))])
    kept = tuple(found.consistent())
    return Read(path, about.get("marker_code", ""), kept, found.open, tuple(found.all_faults()))


class _Reading:
    """The rows of one sheet, one after another."""

    def __init__(
        self, asked: QuestionSet, files: Collection[File], listed: Mapping[File, Collection[str]]
    ) -> None:
        self.asked, self.files, self.listed = asked, files, listed
        self.answers: list[Answered] = []
        self.faults: list[Fault] = []
        self.open = 0
        self.last = 1
        self.seen: dict[tuple[File, str], str] = {}

    def take(self, line: int, row: Sequence[str]) -> None:
        """One row: an answer, a question that is still open, or a fault."""
        if not any(cell.strip() for cell in row):
            return
        self.last = line
        told = {name: row[MARK_COLUMNS.index(name)].strip() for name in KEPT}
        file, cell = (told["force_code"], told["subject_ref"]), f"{MARKS}!{_letter(ANSWER)}{line}"
        wrong = self._wrong_row(line, file, told)
        self.seen.setdefault((file, told["question"]), cell)
        if wrong:
            self.faults.append(wrong)
            return
        answer, reason = row[ANSWER].strip(), row[REASON].strip()
        if not answer:
            self.open += 1
            if reason:
                self.faults.append(Fault(cell, "a reason stands here and no answer. Answer, or take the reason out."))
            return
        question = self.asked.question(told["question"])
        assert question is not None  # _wrong_row has seen to that
        if isinstance(question, ListQuestion) and answer not in question.answers:
            named, strangers = question.listed(answer, self.listed.get(file, ()))
            wrong, answer = _wrong_list(cell, question, named, strangers), ", ".join(named)
        else:
            wrong, answer = _wrong_answer(line, question, answer, reason), question.answer(answer) or answer
        if wrong:
            self.faults.append(wrong)
        else:
            self.answers.append(Answered(file, question.key, answer, reason, cell))

    def _wrong_row(self, line: int, file: File, told: Mapping[str, str]) -> Fault | None:
        at = {name: f"{MARKS}!{_letter(MARK_COLUMNS.index(name))}{line}" for name in KEPT}
        question = self.asked.question(told["question"])
        if file not in self.files:
            return Fault(at["subject_ref"], "this file was not given to this marker. Its row is set aside.")
        if question is None:
            return Fault(at["question"], f"no such question is in {self.asked.key} {self.asked.version}. Put it back.")
        if told["text"] != question.text:
            return Fault(at["text"], "the question was changed. What was marked by other words does not count.")
        first = self.seen.get((file, question.key))
        if first:
            return Fault(at["question"], f"this question of this file stands there already: {first}. Keep one of them.")
        return None

    def consistent(self) -> list[Answered]:
        """The answers, without numbers of one file that cannot both be; those are faults."""
        gone: list[Answered] = []
        by_file = {(one.file, one.question): one for one in self.answers}
        for part, whole in self.asked.ratios:
            for one in [one for one in self.answers if one.question == part.key and one.answer.isdigit()]:
                fault, aside = _wrong_part(part, one, by_file.get((one.file, whole.key)))
                self.faults += [fault] if fault else []
                gone += aside
        return [one for one in self.answers if one not in gone]

    def all_faults(self) -> Iterator[Fault]:
        """Every fault of a row, then the rows that are gone."""
        yield from self.faults
        for file in sorted(self.files):
            for question in self.asked.questions:
                if (file, question.key) not in self.seen:
                    said = f"the row of {' '.join(file)}, {question.key} is gone. Put it back, or ask for a new sheet."
                    yield Fault(f"{MARKS}!A{self.last + 1}", said)


def _wrong_answer(line: int, question: Question, answer: str, reason: str) -> Fault | None:
    if question.answer(answer) is None:
        said = "not" if isinstance(question, CountQuestion) else "none of"
        return Fault(f"{MARKS}!{_letter(ANSWER)}{line}", f"the answer is {said} {question.may_be}.")
    if question.needs_reason(answer) and not reason:
        return Fault(f"{MARKS}!{_letter(REASON)}{line}", "this answer stands only with a reason. Write it.")
    return None


def _wrong_list(cell: str, question: ListQuestion, named: Sequence[str], strangers: int) -> Fault | None:
    """What is wrong with a list; it is never told what stands there."""
    if strangers:
        those = f"{counted(strangers, 'reference is', 'references are')} of none of the {question.lists} of this file."
        return Fault(cell, f"{those} Take them from {STEPS}, column about; or write {' or '.join(question.answers)}.")
    return None if named else Fault(cell, f"the answer is none of {question.may_be}.")


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
        return Fault(one.cell.replace(f"!{_letter(ANSWER)}", f"!{_letter(REASON)}"), said), [one]
    return None, []


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def cells(path: Path, name: str) -> list[list[str]]:
    """The cells of a sheet as text; SourceError where the file or the sheet cannot be read."""
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
    except (fastexcel.FastExcelError, OSError):
        said = f"{path.name} cannot be read as a workbook. Save it as .xlsx or .ods, and send it again."
        raise SourceError(said) from None
    if name not in book.sheet_names:
        raise SourceError(f"{path.name} has no sheet {name}. Put it back, or ask for the sheet anew.")
    frame = book.load_sheet(name, header_row=None, dtypes="string").to_arrow()
    columns = [[value or "" for value in column.to_pylist()] for column in frame.columns]
    return [list(row) for row in zip(*columns, strict=True)]
