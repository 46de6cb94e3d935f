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


def line(asked: QuestionSet, marker: str, file: tuple[str, str], answers: dict[str, tuple[str, str]]) -> dict[str, str]:
    """One submission, by the names of the form."""
    told = form_identity(asked) | {"force_code": file[0], "subject_ref": file[1], "marker_code": marker}
    for one in asked.questions:
        answer, reason = answers[one.key]
        told |= {one.key: answer, f"{one.key}_reason": reason}
        if isinstance(one, CountQuestion):
            unasked = one.part_of and answers[one.part_of][0] == NOT_ENOUGH
            tells = "" if unasked else answer if answer == NOT_ENOUGH else "number"
            told |= {one.key: answer if answer.isdigit() else "", f"{one.key}_told": tells}
    return told


def lines(asked: QuestionSet, sheets: dict[str, Path]) -> list[dict[str, str]]:
    """Every submission of every marker."""
    return [line(asked, code, *one) for code, path in sheets.items() for one in answered_on(path).items()]


def columns(asked: QuestionSet, between: str) -> dict[str, str]:
    """Every name of the form, and its column with the group that it stands in before it."""
    found, group = {}, ""
    for kind, name, *_ in survey(asked):
        if kind == "begin_group":
            group = f"{name}{between}"
        elif name:
            found[name] = f"{group}{name}"
    return found


def as_odk(path: Path, asked: QuestionSet, rows: list[dict[str, str]]) -> Path:
    """As ODK Central exports it: commas, groups before a hyphen, KEY at the end."""
    heads = columns(asked, "-")
    body = [[*ODK.values(), *(row.get(name, "") for name in heads), f"uuid:{n}"] for n, row in enumerate(rows)]
    return _written(path, ",", "utf-8", [[*ODK, *heads.values(), "KEY"], *body])


def as_kobo(path: Path, asked: QuestionSet, rows: list[dict[str, str]]) -> Path:
    """As Kobo exports it: semicolons, groups before a stroke, _uuid."""
    heads = columns(asked, "/")
    body = [[*(row.get(name, "") for name in heads), str(n), f"u{n}", *KOBO.values()] for n, row in enumerate(rows)]
    return _written(path, ";", "utf-8-sig", [[*heads.values(), "_id", "_uuid", *KOBO], *body])


def _written(path: Path, delimiter: str, encoding: str, rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path
