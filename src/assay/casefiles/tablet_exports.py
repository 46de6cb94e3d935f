"""What stands in an export of a form on telephones or tablets: which marks, and what is wrong on which line, in which
column?

One file holds the answers of many markers, a line a file that was read. Every line says by which words it was answered;
of which sample it is shows by who was given what. Answers are judged by `checking`, as those of a sheet are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.casefiles.form_exports import NUMBER, Export, option, read_csv
from assay.casefiles.rating_validation import NOT_GIVEN, Checking, Fault, File, Read, Row
from assay.casefiles.xlsform import REASON, TELLS, TOLD, WORDS, known, names
from assay.contract.question_sets import NOT_ENOUGH, CountQuestion, Question, QuestionSet
from assay.errors import SourceError, UsageError
from assay.indicators.question_set_catalogue import question_set

Given = Mapping[str, Mapping[File, tuple[str, ...]]]
"""By marker and file, the samples and lists from which that marker was given it."""
Listed = Mapping[File, Collection[str]]
"""Of each file of a sample, the references that a list may name."""
Told = Mapping[str, str]


@dataclass(frozen=True)
class Exported:
    """What came in one export: by which set, what each marker answered of each sample, and lines that are nobody's."""

    asked: QuestionSet
    reads: Mapping[str, tuple[Read, ...]]
    faults: tuple[Fault, ...]


def is_export(path: Path) -> bool:
    """Whether a file is an export, by the end of its name."""
    return path.suffix.casefold() == ".csv"


def read_export(
    path: Path, given: Callable[[QuestionSet], Given], listed: Callable[[str, QuestionSet], Listed]
) -> Exported:
    """The marks in an export; SourceError where it cannot be used as a whole. `given`: who was given what of a set;
    `listed`: whom lists may name in the files of a sample."""
    export = read_csv(path)
    asked = _asked(export)
    found = _Lines(asked, given(asked), lambda sample: listed(sample, asked))
    for line, told in export.told(names(asked)):
        found.take(line, told)
    found.judge()
    reads: dict[str, tuple[Read, ...]] = {}
    for (sample, marker), one in found.checked.items():
        kept, files = one.consistent(), frozenset(file for file, _ in one.seen)
        read = Read(path, marker, kept, one.open, tuple(one.faults), files)
        reads[sample] = (*reads.get(sample, ()), read)
    return Exported(asked, reads, tuple(found.faults))


def _asked(export: Export) -> QuestionSet:
    """The question set that the export answers, by the first line that names one."""
    for _, told in export.told(["question_set"]):
        try:
            return question_set(told["question_set"])
        except UsageError:
            continue
    raise SourceError(f"{export.path.name}, question_set: no line names a question set. Export all columns.")


class _Lines:
    """The lines of one export: those that can be used, by whose they are and of which file."""

    def __init__(self, asked: QuestionSet, given: Given, listed: Callable[[str], Listed]) -> None:
        self.asked, self.given, self.listed = asked, given, listed
        self.faults: list[Fault] = []
        self.checked: dict[tuple[str, str], Checking] = {}
        self.held: dict[tuple[str, File], list[tuple[int, Told]]] = {}

    def take(self, line: int, told: Told) -> None:
        """One line: of a file that this marker was given, or a fault."""
        marker, file = told["marker_code"], (told["force_code"], told["subject_ref"])
        wrong = self._wrong(told, marker, file)
        if wrong:
            self.faults.append(Fault(_at(line, wrong[0]), wrong[1]))
        else:
            self.held.setdefault((marker, file), []).append((line, told))

    def judge(self) -> None:
        """Judge every answer, once all lines are there: of lines that contradict one another none counts."""
        for (marker, file), lines in self.held.items():
            first, told = lines[0]
            if any(_answers(other) != _answers(told) for _, other in lines):
                self.faults += _contradicting([line for line, _ in lines])
                continue
            (sample,) = self.given[marker][file]
            files = [one for one, samples in self.given[marker].items() if sample in samples]
            checking = self.checked.setdefault((sample, marker), Checking(self.asked, files, self.listed(sample)))
            for question in self.asked.questions:
                checking.take(_row(first, file, question, told))

    def _wrong(self, told: Told, marker: str, file: File) -> tuple[str, str] | None:
        """In which column something is wrong with a whole line, and what."""
        other = next((name for name, value in known(self.asked).items() if told[name] != value), "")
        if other:
            said = f"it was answered by other words than those of {self.asked.key} {self.asked.version}."
            return other, f"{said} Send out the form anew."
        if marker not in self.given:
            return "marker_code", "no file of these questions was given to this marker. Its line is set aside."
        samples = self.given[marker].get(file, ())
        if not samples:
            return "subject_ref", NOT_GIVEN
        if len(samples) > 1:
            return "subject_ref", f"this file stands on several: {', '.join(samples)}. Say of which it is: --of KEY."
        return None


def _row(line: int, file: File, question: Question, told: Told) -> Row:
    """A question and its answer, in the form that a sheet has it too."""
    key, reason = question.key, f"{question.key}{REASON}"
    column, answer = _counted(question, told) if isinstance(question, CountQuestion) else (key, _said(told[key]))
    places = {"subject_ref": "subject_ref", "question": key, "text": key, "answer": column, "reason": reason}
    at = {name: _at(line, place) for name, place in places.items()}
    return Row(file, key, question.text, answer, told.get(reason, ""), at)


def _counted(question: CountQuestion, told: Told) -> tuple[str, str]:
    """In which column the answer to a number stands, and the answer: a number, or that the file does not tell. A part
    is not asked for where the file does not tell the whole: then it does not tell the part either."""
    tells = f"{question.key}{TELLS}"
    said = _said(told[tells])
    if not said and question.part_of and _said(told[f"{question.part_of}{TELLS}"]) == NOT_ENOUGH:
        said = NOT_ENOUGH
    return (question.key, told[question.key]) if said in ("", TOLD) else (tells, said)


def _said(text: str) -> str:
    """An answer by its value, also where its words were exported; as it came where it is none."""
    return option(WORDS, text) or text


def _answers(told: Told) -> dict[str, str]:
    return {name: value for name, value in told.items() if name != NUMBER}


def _contradicting(lines: list[int]) -> Iterator[Fault]:
    for line in lines:
        others = ", ".join(str(other) for other in lines if other != line)
        said = f"this marker answered this file otherwise on line {others}. Keep one of them; until then none counts."
        yield Fault(_at(line, "subject_ref"), said)


def _at(line: int, column: str) -> str:
    return f"line {line}, {column}"
