"""Write a questionnaire as an XLSForm for ODK and Kobo.

The form asks for no name. People who do not consent are asked nothing more. Every answer has the checksum of the
questionnaire, so that answers to another wording are detected.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assay.casefiles.surveys.questionnaire_forms import FORCE, Questionnaire, SurveyQuestion
from assay.casefiles.xlsform import CHOICES, ENGLISH, SETTINGS, WELSH, Row, write_book

SURVEY = ("type", "name", ENGLISH, WELSH, "required", "relevant", "calculation", "line")
CONSENT = "May what you answer be used, together with what others answer, in the inspection? Nobody is named."
AGREED = "${consent} = 'yes'"
YES_NO = {"yes": "Yes", "no": "No"}


def write_form(path: Path, questionnaire: Questionnaire, forces: Mapping[str, str]) -> None:
    """Write a questionnaire as an XLSForm (.xlsx); `forces` are the names of the forces to choose from, by code."""
    write_book(
        path,
        (
            ("survey", SURVEY, survey(questionnaire)),
            ("choices", CHOICES, choices(questionnaire, forces)),
            ("settings", (*SETTINGS, "asked_of"), [_settings(questionnaire)]),
        ),
    )


def survey(questionnaire: Questionnaire) -> list[Row]:
    """Return the rows of the XLSForm worksheet `survey`."""
    rows: list[Row] = [("calculate", "checksum", "", "", "", "", f"'{questionnaire.checksum}'", "")]
    rows.append(("select_one yes_no", "consent", CONSENT, "", "yes", "", "", ""))
    rows.append((f"select_one {FORCE}", FORCE, "Which force do you work for or with?", "", "yes", AGREED, "", ""))
    rows += [_row(question, "yes") for question in questionnaire.cells]
    return [*rows, *(_row(question, "") for question in questionnaire.questions)]


def choices(questionnaire: Questionnaire, forces: Mapping[str, str]) -> list[Row]:
    """Return the rows of the XLSForm worksheet `choices`, each list once."""
    lists = {
        "yes_no": YES_NO,
        FORCE: forces,
        **{question.key: question.options for question in (*questionnaire.cells, *questionnaire.questions)},
    }
    return [(name, value, words, "") for name, options in lists.items() for value, words in options.items()]


def _settings(questionnaire: Questionnaire) -> Row:
    return (
        questionnaire.title,
        questionnaire.key,
        questionnaire.version,
        "English (en)",
        questionnaire.checksum,
        questionnaire.asked_of,
    )


def _row(question: SurveyQuestion, required: str) -> Row:
    return (
        f"select_one {question.key}",
        question.key,
        question.text,
        question.welsh,
        required,
        AGREED,
        "",
        question.line,
    )
