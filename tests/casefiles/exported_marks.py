"""What stands on filled-in sheets, as ODK Central and Kobo export it once it was answered on tablets instead."""

import csv
from pathlib import Path

from openpyxl import load_workbook

from assay.casefiles.xlsform import form_identity, survey
from assay.contract.question_sets import NOT_ENOUGH, CountQuestion, QuestionSet

ODK = {"SubmissionDate": "2026-03-02T10:00:00.000Z", "SubmitterName": "Tablet 4", "ReviewState": "", "FormVersion": "1"}
KOBO = {
    "_submission_time": "2026-03-02T10:00:00",
    "_validation_status": "",
    "_submitted_by": "tablet_4",
    "__version__": "v1",
}


def answered_on(sheet: Path) -> dict[tuple[str, str], dict[str, tuple[str, str]]]:
    """By file: question -> answer and reason, from a sheet that was filled in."""
    found: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    for row in load_workbook(sheet)["Marks"].iter_rows(min_row=2, values_only=True):
        _, force, ref, _, question, _, answer, reason, *_ = row
        found.setdefault((force, ref), {})[question] = (str(answer or ""), reason or "")
    return found


def line(
    questions: QuestionSet, marker: str, file: tuple[str, str], answers: dict[str, tuple[str, str]]
) -> dict[str, str]:
    """One submission, by the names of the form."""
    fields = form_identity(questions) | {"force_code": file[0], "subject_ref": file[1], "marker_code": marker}
    for file_answers in questions.questions:
        answer, reason = answers[file_answers.key]
        fields |= {file_answers.key: answer, f"{file_answers.key}_reason": reason}
        if isinstance(file_answers, CountQuestion):
            unasked = file_answers.part_of and answers[file_answers.part_of][0] == NOT_ENOUGH
            kind = "" if unasked else answer if answer == NOT_ENOUGH else "number"
            fields |= {file_answers.key: answer if answer.isdigit() else "", f"{file_answers.key}_told": kind}
    return fields


def lines(questions: QuestionSet, sheets: dict[str, Path]) -> list[dict[str, str]]:
    """Every submission of every marker."""
    return [
        line(questions, code, *file_answers)
        for code, path in sheets.items()
        for file_answers in answered_on(path).items()
    ]


def columns(questions: QuestionSet, separator: str) -> dict[str, str]:
    """Every name of the form, and its column with the group that it stands in before it."""
    found, group = {}, ""
    for kind, name, *_ in survey(questions):
        if kind == "begin_group":
            group = f"{name}{separator}"
        elif name:
            found[name] = f"{group}{name}"
    return found


def as_odk(path: Path, questions: QuestionSet, rows: list[dict[str, str]]) -> Path:
    """As ODK Central exports it: commas, groups before a hyphen, KEY at the end."""
    heads = columns(questions, "-")
    records = [[*ODK.values(), *(row.get(name, "") for name in heads), f"uuid:{n}"] for n, row in enumerate(rows)]
    return _write_table(path, ",", "utf-8", [[*ODK, *heads.values(), "KEY"], *records])


def as_kobo(path: Path, questions: QuestionSet, rows: list[dict[str, str]]) -> Path:
    """As Kobo exports it: semicolons, groups before a stroke, _uuid."""
    heads = columns(questions, "/")
    records = [[*(row.get(name, "") for name in heads), str(n), f"u{n}", *KOBO.values()] for n, row in enumerate(rows)]
    return _write_table(path, ";", "utf-8-sig", [[*heads.values(), "_id", "_uuid", *KOBO], *records])


def _write_table(path: Path, delimiter: str, encoding: str, rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path
