"""How does a questionnaire go into a form on a telephone, tablet or web page (XLSForm, for ODK and Kobo)?

Nobody is asked for a name. Whoever does not agree is asked nothing more. Every answer carries the questionnaire's
checksum, so that answers to other words are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assay.casefiles.surveys.questionnaire_forms import FORCE, Asked, Questionnaire
from assay.casefiles.xlsform import CHOICES, ENGLISH, SETTINGS, WELSH, Row, write_book

SURVEY = ("type", "name", ENGLISH, WELSH, "required", "relevant", "calculation", "line")
CONSENT = "May what you answer be used, together with what others answer, in the inspection? Nobody is named."
AGREED = "${consent} = 'yes'"
YES_NO = {"yes": "Yes", "no": "No"}


def write_form(path: Path, asked: Questionnaire, forces: Mapping[str, str]) -> None:
    """Write a questionnaire as an XLSForm (.xlsx); `forces`: code -> name of those that may be chosen."""
    write_book(
        path,
        (
            ("survey", SURVEY, survey(asked)),
            ("choices", CHOICES, choices(asked, forces)),
            ("settings", (*SETTINGS, "asked_of"), [_settings(asked)]),
        ),
    )


def survey(asked: Questionnaire) -> list[Row]:
    """The rows of `survey`."""
    rows: list[Row] = [("calculate", "checksum", "", "", "", "", f"'{asked.checksum}'", "")]
    rows.append(("select_one yes_no", "consent", CONSENT, "", "yes", "", "", ""))
    rows.append((f"select_one {FORCE}", FORCE, "Which force do you work for or with?", "", "yes", AGREED, "", ""))
    rows += [_row(one, "yes") for one in asked.cells]
    return [*rows, *(_row(one, "") for one in asked.questions)]


def choices(asked: Questionnaire, forces: Mapping[str, str]) -> list[Row]:
    """The rows of `choices`: every list once."""
    lists = {"yes_no": YES_NO, FORCE: forces, **{one.key: one.options for one in (*asked.cells, *asked.questions)}}
    return [(name, value, words, "") for name, options in lists.items() for value, words in options.items()]


def _settings(asked: Questionnaire) -> Row:
    return (asked.title, asked.key, asked.version, "English (en)", asked.checksum, asked.asked_of)


def _row(one: Asked, required: str) -> Row:
    return (f"select_one {one.key}", one.key, one.text, one.welsh, required, AGREED, "", one.line)
