"""Write a question set as an XLSForm for ODK and Kobo.

Worksheets `survey`, `choices` and `settings` (xlsform.org). Labels are in English, and in Welsh for translated
questions. Every answer has the question set with version and checksum, so that `tablet_exports` can read its export. A
reason is asked for if the answer requires one. The form asks for a number only after the rater says that the file gives
it, and the form refuses a part above its whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from assay.contract.question_sets import ANSWERS, GRADES, NOT_ENOUGH, CountQuestion, ListQuestion, Question, QuestionSet

ENGLISH, WELSH = "label::English (en)", "label::Welsh (cy)"
SURVEY = (
    "type", "name", ENGLISH, WELSH, "hint::English (en)", "hint::Welsh (cy)", "required", "relevant", "constraint",
    "constraint_message::English (en)", "constraint_message::Welsh (cy)", "calculation",
)  # fmt: skip
CHOICES = ("list_name", "name", ENGLISH, WELSH)
SETTINGS = ("form_title", "form_id", "version", "default_language", "checksum")
FILE = (
    ("force_code", "Force, by its code as on your sheet"),
    ("subject_ref", "Reference, as on your sheet"),
    ("marker_code", "Your code"),
)
NUMBER_GIVEN = "number"
HAS_NUMBER_SUFFIX, REASON = "_told", "_reason"
"""Suffixes of the columns beside a question: whether the file tells the number, and the reason."""
WORDS = {
    NUMBER_GIVEN: "The file gives the number",
    "met": "Met",
    "partly_met": "Partly met",
    "not_met": "Not met",
    "not_enough_evidence": "Not enough evidence",
    "not_applicable": "Not applicable",
    "good": "Good",
    "requires_improvement": "Requires improvement",
    "inadequate": "Inadequate",
}
Row = tuple[str, ...]


def write_xlsform(path: Path, instrument: QuestionSet) -> None:
    """Write a question set as an XLSForm (.xlsx)."""
    sheets = (
        ("survey", SURVEY, survey(instrument)),
        ("choices", CHOICES, choices()),
        ("settings", SETTINGS, [_settings(instrument)]),
    )
    write_book(path, sheets)


def write_book(path: Path, sheets: Iterable[tuple[str, Row, Sequence[Row]]]) -> None:
    """Write the worksheets of an XLSForm: name, header and rows."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False}) as workbook:
        for name, head, rows in sheets:
            page = workbook.add_worksheet(name)
            for line, row in enumerate((head, *rows)):
                page.write_row(line, 0, row)


def survey(instrument: QuestionSet) -> list[Row]:
    """Return the rows of the worksheet `survey`: question set, rater, file, and every question with its reason."""
    rows = [_row("calculate", name, calculation=f"'{value}'") for name, value in form_identity(instrument).items()]
    rows += [_row("text", name, label, required="yes") for name, label in FILE]
    stage = ""
    for question in instrument.questions:
        if question.stage != stage:
            rows += [_row("end_group")] if stage else []
            rows.append(_row("begin_group", f"stage_{_name(question.stage)}_{len(rows)}", question.stage.capitalize()))
            stage = question.stage
        rows += _count_question(question) if isinstance(question, CountQuestion) else _question(question)
    return [*rows, _row("end_group")]


def form_identity(instrument: QuestionSet) -> dict[str, str]:
    """Return the hidden form fields that record in every answer which question set was used."""
    return {"question_set": instrument.key, "question_set_version": instrument.version, "checksum": instrument.checksum}


def column_names(instrument: QuestionSet) -> list[str]:
    """Return the names of all columns of the export."""
    return [row[1] for row in survey(instrument) if row[1] and row[0] != "begin_group"]


def choices() -> list[Row]:
    """Return the rows of the worksheet `choices`: the permitted answers and grades."""
    listed = (("mark_answer", ANSWERS), ("grade", GRADES), ("told", (NUMBER_GIVEN, NOT_ENOUGH)))
    return [(name, value, WORDS[value], "") for name, values in listed for value in values]


def _question(question: Question) -> list[Row]:
    if isinstance(question, ListQuestion):
        hint = f"{question.guidance} Answer with {question.answer_hint}."
        return [_row("text", question.key, question.text, question.welsh, hint, required="yes")]
    kind = "select_one grade" if question.is_graded else "select_one mark_answer"
    needs = [answer for answer in question.answers if question.needs_reason(answer)]
    rows = [_row(kind, question.key, question.text, question.welsh, question.guidance, required="yes")]
    if needs:
        relevant = " or ".join(f"${{{question.key}}} = '{answer}'" for answer in needs)
        rows.append(_reason(question, relevant))
    return rows


def _count_question(question: CountQuestion) -> list[Row]:
    """Return the rows of a number question: whether the file gives it, then the number, at most its whole."""
    flag_name, has_number, whole = (
        f"{question.key}{HAS_NUMBER_SUFFIX}",
        f"${{{question.key}_told}} = '{NUMBER_GIVEN}'",
        f"${{{question.part_of}}}",
    )
    before = f"${{{question.part_of}_told}} = '{NUMBER_GIVEN}'" if question.part_of else ""
    limit, message = (f". >= 0 and . <= {whole}", "A part of the number above: 0 or more, and at most that number.")
    if not question.part_of:
        limit, message = ". >= 0", "A whole number, 0 or more."
    rows = [
        _row("select_one told", flag_name, "Does the file answer the next question?", required="yes",
             relevant=before),
        _row("integer", question.key, question.text, question.welsh, question.guidance, required="yes",
             relevant=f"{before} and {has_number}" if before else has_number, constraint=limit, message=message),
    ]  # fmt: skip
    return [*rows, _reason(question, f"{has_number} and ${{{question.key}}} < {whole}")] if question.part_of else rows


def _reason(question: Question, relevant: str) -> Row:
    return _row("text", f"{question.key}{REASON}", "Reason (name no person)", required="yes", relevant=relevant)


def _row(
    kind: str,
    name: str = "",
    english: str = "",
    welsh: str = "",
    hint: str = "",
    *,
    required: str = "",
    relevant: str = "",
    constraint: str = "",
    message: str = "",
    calculation: str = "",
) -> Row:
    """Return a row of `survey` in the order of its columns."""
    return (kind, name, english, welsh, hint, "", required, relevant, constraint, message, "", calculation)


def _settings(instrument: QuestionSet) -> Row:
    return (instrument.title, instrument.key, instrument.version, "English (en)", instrument.checksum)


def _name(stage: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in stage.lower())
