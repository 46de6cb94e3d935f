"""How does a question set go into a form on a telephone or tablet (XLSForm, for ODK and Kobo)?

Sheets `survey`, `choices` and `settings` (xlsform.org). Labels stand in English, and in Welsh where a question has been
translated; the columns are there from the first day. A question that needs a reason asks for it where the answer calls
for one.
"""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from assay.measure.question_sets import GRADES, MARKS, Question, QuestionSet

ENGLISH, WELSH = "label::English (en)", "label::Welsh (cy)"
SURVEY = ("type", "name", ENGLISH, WELSH, "hint::English (en)", "hint::Welsh (cy)", "required", "relevant")
CHOICES = ("list_name", "name", ENGLISH, WELSH)
SETTINGS = ("form_title", "form_id", "version", "default_language", "checksum")
FILE = (("force_code", "Force"), ("subject_ref", "Reference of the file"), ("marker_code", "Your code"))
WORDS = {
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
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
        for name, head, rows in (
            ("survey", SURVEY, survey(asked)),
            ("choices", CHOICES, choices()),
            ("settings", SETTINGS, [_settings(asked)]),
        ):
            page = book.add_worksheet(name)
            for line, row in enumerate((head, *rows)):
                page.write_row(line, 0, row)


def survey(asked: QuestionSet) -> list[Row]:
    """The rows of `survey`: who marks which file, then every question with its reason."""
    rows: list[Row] = [("text", name, label, "", "", "", "yes", "") for name, label in FILE]
    stage = ""
    for one in asked.questions:
        if one.stage != stage:
            rows += [("end_group", *[""] * 7)] if stage else []
            rows.append(("begin_group", f"stage_{_name(one.stage)}_{len(rows)}", one.stage.capitalize(), *[""] * 5))
            stage = one.stage
        rows += _question(one)
    return [*rows, ("end_group", *[""] * 7)]


def choices() -> list[Row]:
    """The rows of `choices`: the answers, and the grades."""
    listed = (("mark_answer", MARKS), ("grade", GRADES))
    return [(name, value, WORDS[value], "") for name, values in listed for value in values]


def _question(one: Question) -> list[Row]:
    kind = "select_one grade" if one.graded else "select_one mark_answer"
    needs = [answer for answer in one.answers if one.needs_reason(answer)]
    rows: list[Row] = [(kind, one.key, one.text, one.welsh, one.guidance, "", "yes", "")]
    if needs:
        relevant = " or ".join(f"${{{one.key}}} = '{answer}'" for answer in needs)
        rows.append(("text", f"{one.key}_reason", "Why? Name no person.", "", "", "", "yes", relevant))
    return rows


def _settings(asked: QuestionSet) -> Row:
    return (asked.title, asked.key, asked.version, "English (en)", asked.checksum)


def _name(stage: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in stage.lower())
