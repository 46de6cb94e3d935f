"""How does a question set go into a form on a telephone or tablet (XLSForm, for ODK and Kobo)?

Sheets `survey`, `choices` and `settings` (xlsform.org). Labels stand in English, and in Welsh where a question has been
translated; the columns are there from the first day. Every answer carries which set it answers, with version and
checksum, so that its export can be taken in (`tablets`). A question that needs a reason asks for it where the answer
calls for one. A whole number is asked for once the file is said to tell it; the form refuses a part above its whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from assay.contract.question_sets import GRADES, MARKS, NOT_ENOUGH, CountQuestion, ListQuestion, Question, QuestionSet

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
TOLD = "number"
TELLS, REASON = "_told", "_reason"
"""What follows the key of a question in the names beside it: whether the file tells a number, and the reason."""
WORDS = {
    TOLD: "It tells: a number",
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


def write_xlsform(path: Path, asked: QuestionSet) -> None:
    """Write a question set as an XLSForm (.xlsx)."""
    sheets = (
        ("survey", SURVEY, survey(asked)), ("choices", CHOICES, choices()), ("settings", SETTINGS, [_settings(asked)]),
    )  # fmt: skip
    write_book(path, sheets)


def write_book(path: Path, sheets: Iterable[tuple[str, Row, Sequence[Row]]]) -> None:
    """Write the sheets of an XLSForm, each with its name, its header and its rows."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
        for name, head, rows in sheets:
            page = book.add_worksheet(name)
            for line, row in enumerate((head, *rows)):
                page.write_row(line, 0, row)


def survey(asked: QuestionSet) -> list[Row]:
    """The rows of `survey`: the set, who marks which file, then every question with its reason."""
    rows = [_row("calculate", name, calculation=f"'{value}'") for name, value in known(asked).items()]
    rows += [_row("text", name, label, required="yes") for name, label in FILE]
    stage = ""
    for one in asked.questions:
        if one.stage != stage:
            rows += [_row("end_group")] if stage else []
            rows.append(_row("begin_group", f"stage_{_name(one.stage)}_{len(rows)}", one.stage.capitalize()))
            stage = one.stage
        rows += _counting(one) if isinstance(one, CountQuestion) else _question(one)
    return [*rows, _row("end_group")]


def known(asked: QuestionSet) -> dict[str, str]:
    """What every answer carries unasked: which words it answers."""
    return {"question_set": asked.key, "question_set_version": asked.version, "checksum": asked.checksum}


def names(asked: QuestionSet) -> list[str]:
    """Every name under which the form holds something: a column each where answers are exported."""
    return [row[1] for row in survey(asked) if row[1] and row[0] != "begin_group"]


def choices() -> list[Row]:
    """The rows of `choices`: the answers, and the grades."""
    listed = (("mark_answer", MARKS), ("grade", GRADES), ("told", (TOLD, NOT_ENOUGH)))
    return [(name, value, WORDS[value], "") for name, values in listed for value in values]


def _question(one: Question) -> list[Row]:
    if isinstance(one, ListQuestion):
        hint = f"{one.guidance} Answer with {one.may_be}."
        return [_row("text", one.key, one.text, one.welsh, hint, required="yes")]
    kind = "select_one grade" if one.graded else "select_one mark_answer"
    needs = [answer for answer in one.answers if one.needs_reason(answer)]
    rows = [_row(kind, one.key, one.text, one.welsh, one.guidance, required="yes")]
    if needs:
        relevant = " or ".join(f"${{{one.key}}} = '{answer}'" for answer in needs)
        rows.append(_reason(one, relevant))
    return rows


def _counting(one: CountQuestion) -> list[Row]:
    """Whether the file tells it, then the number; of a part only where the whole has one, and never above it."""
    tells, told, whole = f"{one.key}{TELLS}", f"${{{one.key}_told}} = '{TOLD}'", f"${{{one.part_of}}}"
    before = f"${{{one.part_of}_told}} = '{TOLD}'" if one.part_of else ""
    limit, says = (f". >= 0 and . <= {whole}", "A part of the number above: 0 or more, and not more than that.")
    if not one.part_of:
        limit, says = ". >= 0", "A whole number, 0 or more."
    rows = [
        _row("select_one told", tells, "Does the file tell the answer to the next question?", required="yes",
             relevant=before),
        _row("integer", one.key, one.text, one.welsh, one.guidance, required="yes",
             relevant=f"{before} and {told}" if before else told, constraint=limit, message=says),
    ]  # fmt: skip
    return [*rows, _reason(one, f"{told} and ${{{one.key}}} < {whole}")] if one.part_of else rows


def _reason(one: Question, relevant: str) -> Row:
    return _row("text", f"{one.key}{REASON}", "Why? Name no person.", required="yes", relevant=relevant)


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
    """A row of `survey`, in the order of its columns."""
    return (kind, name, english, welsh, hint, "", required, relevant, constraint, message, "", calculation)


def _settings(asked: QuestionSet) -> Row:
    return (asked.title, asked.key, asked.version, "English (en)", asked.checksum)


def _name(stage: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in stage.lower())
