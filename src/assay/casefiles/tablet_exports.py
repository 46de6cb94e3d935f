"""Read a tablet export: the ratings of each rater, and the validation error of each wrong line.

One export has the answers of many raters, one line per file. Every line names its question set; its sample follows from
the assignments. `rating_validation` validates the answers, as it does those of sheets.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.casefiles.form_exports import NUMBER, Export, find_option, read_csv
from assay.casefiles.rating_validation import NOT_GIVEN, File, RatingError, RatingValidator, Row, ValidatedSheet
from assay.casefiles.xlsform import HAS_NUMBER_SUFFIX, NUMBER_GIVEN, REASON, WORDS, column_names, form_identity
from assay.contract.question_sets import NOT_ENOUGH, CountQuestion, Question, QuestionSet
from assay.errors import SourceError, UsageError
from assay.indicators.question_set_catalogue import question_set

AssignedFiles = Mapping[str, Mapping[File, tuple[str, ...]]]
"""By rater and file, the samples and plans from which the rater was assigned it."""
Listed = Mapping[File, Collection[str]]
"""By file, the references that a list may name."""
Values = Mapping[str, str]


@dataclass(frozen=True)
class TabletExport:
    """The content of an export: question set, answers by rater and sample, and invalid lines."""

    instrument: QuestionSet
    reads: Mapping[str, tuple[ValidatedSheet, ...]]
    errors: tuple[RatingError, ...]


def is_export(path: Path) -> bool:
    """Return True if the suffix of a path is that of an export."""
    return path.suffix.casefold() == ".csv"


def read_export(
    path: Path, assigned_files: Callable[[QuestionSet], AssignedFiles], listed: Callable[[str, QuestionSet], Listed]
) -> TabletExport:
    """Read and validate an export; raise SourceError if it cannot be used as a whole.

    `assigned_files` are the assignments of the question set, `listed` the references that lists may name, by file.
    """
    export = read_csv(path)
    instrument = _question_set_of(export)
    found = _Lines(instrument, assigned_files(instrument), lambda sample: listed(sample, instrument))
    for line, values in export.answer_lines(column_names(instrument)):
        found.add_line(line, values)
    found.validate()
    reads: dict[str, tuple[ValidatedSheet, ...]] = {}
    for (sample, rater), validator in found.checked.items():
        answers, files = validator.consistent(), frozenset(file for file, _ in validator.seen)
        read = ValidatedSheet(path, rater, answers, validator.open, tuple(validator.errors), files)
        reads[sample] = (*reads.get(sample, ()), read)
    return TabletExport(instrument, reads, tuple(found.errors))


def _question_set_of(export: Export) -> QuestionSet:
    """Return the question set of the first line that names one."""
    for _, values in export.answer_lines(["question_set"]):
        try:
            return question_set(values["question_set"])
        except UsageError:
            continue
    raise SourceError(f"{export.path.name}, question_set: no line names a question set. Export all columns.")


class _Lines:
    """The usable lines of an export, by rater and file."""

    def __init__(self, instrument: QuestionSet, assigned_files: AssignedFiles, listed: Callable[[str], Listed]) -> None:
        self.instrument, self.assigned_files, self.listed = instrument, assigned_files, listed
        self.errors: list[RatingError] = []
        self.checked: dict[tuple[str, str], RatingValidator] = {}
        self.lines_by_file: dict[tuple[str, File], list[tuple[int, Values]]] = {}

    def add_line(self, line: int, values: Values) -> None:
        """Add one line; it is an error if the rater was not assigned the file."""
        rater, file = values["marker_code"], (values["force_code"], values["subject_ref"])
        wrong = self._wrong(values, rater, file)
        if wrong:
            self.errors.append(RatingError(_cell_name(line, wrong[0]), wrong[1]))
        else:
            self.lines_by_file.setdefault((rater, file), []).append((line, values))

    def validate(self) -> None:
        """Validate every answer after all lines were added; lines that contradict each other do not count."""
        for (rater, file), lines in self.lines_by_file.items():
            first, values = lines[0]
            if any(_answers(other) != _answers(values) for _, other in lines):
                self.errors += _contradicting([line for line, _ in lines])
                continue
            (sample,) = self.assigned_files[rater][file]
            files = [file_key for file_key, samples in self.assigned_files[rater].items() if sample in samples]
            checking = self.checked.setdefault(
                (sample, rater), RatingValidator(self.instrument, files, self.listed(sample))
            )
            for question in self.instrument.questions:
                checking.add_row(_row(first, file, question, values))

    def _wrong(self, values: Values, rater: str, file: File) -> tuple[str, str] | None:
        """Return the column and the message of an error that concerns a whole line."""
        other = next((name for name, value in form_identity(self.instrument).items() if values[name] != value), "")
        if other:
            problem = f"it was answered with another version than {self.instrument.key} {self.instrument.version}."
            return other, f"{problem} Send out a new form."
        if rater not in self.assigned_files:
            return "marker_code", "no file with these questions was assigned to this rater, so the line is set aside."
        samples = self.assigned_files[rater].get(file, ())
        if not samples:
            return "subject_ref", NOT_GIVEN
        if len(samples) > 1:
            return "subject_ref", f"this file is in several samples: {', '.join(samples)}. Name one with --of KEY."
        return None


def _row(line: int, file: File, question: Question, values: Values) -> Row:
    """Return a question and its answer in the format of a sheet."""
    key, reason = question.key, f"{question.key}{REASON}"
    column, answer = (
        _count_answer(question, values) if isinstance(question, CountQuestion) else (key, _answer_value(values[key]))
    )
    places = {"subject_ref": "subject_ref", "question": key, "text": key, "answer": column, "reason": reason}
    cells = {name: _cell_name(line, place) for name, place in places.items()}
    return Row(file, key, question.text, answer, values.get(reason, ""), cells)


def _count_answer(question: CountQuestion, values: Values) -> tuple[str, str]:
    """Return the column and the answer of a number question: a number, or that the file gives none.

    The form does not ask for a part if the file does not give the whole; the part then has the same answer.
    """
    flag_name = f"{question.key}{HAS_NUMBER_SUFFIX}"
    answer = _answer_value(values[flag_name])
    if (
        not answer
        and question.part_of
        and _answer_value(values[f"{question.part_of}{HAS_NUMBER_SUFFIX}"]) == NOT_ENOUGH
    ):
        answer = NOT_ENOUGH
    return (question.key, values[question.key]) if answer in ("", NUMBER_GIVEN) else (flag_name, answer)


def _answer_value(text: str) -> str:
    """Return the value of an answer that may be exported as a label; an unknown answer is returned as it is."""
    return find_option(WORDS, text) or text


def _answers(values: Values) -> dict[str, str]:
    return {name: value for name, value in values.items() if name != NUMBER}


def _contradicting(lines: list[int]) -> Iterator[RatingError]:
    for line in lines:
        other_lines = ", ".join(str(other) for other in lines if other != line)
        problem = (
            f"this rater gave other answers to this file on line {other_lines}. Delete one of the lines; "
            "until then none counts."
        )
        yield RatingError(_cell_name(line, "subject_ref"), problem)


def _cell_name(line: int, column: str) -> str:
    return f"line {line}, {column}"
