"""Questionnaires for staff or partners: questions, options, and the cells by which answers are weighted."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from assay import reference
from assay.errors import SourceError, UsageError

KEY = re.compile(r"[a-z][a-z0-9_]{1,40}")
FORCE = "force_code"
"""The first cell of every questionnaire: the force that an answer is about."""
RESERVED = (FORCE, "consent", "checksum")


@dataclass(frozen=True)
class SurveyQuestion:
    """A question of a survey, or a weighting cell: a group, such as a rank, by which answers are weighted.

    Parameters
    ----------
    key
        The key of the question or weighting cell.
    text
        The wording.
    options
        The label of each permitted value.
    line
        The inspection theme of a question; '' for a weighting cell.
    welsh
        The wording in Welsh; '' if there is none.
    """

    key: str
    text: str
    options: Mapping[str, str]
    line: str = ""
    welsh: str = ""


@dataclass(frozen=True)
class Questionnaire:
    """A questionnaire: its questions, and `cells`, the groups other than the force by which answers are weighted."""

    key: str
    version: str
    title: str
    asked_of: str
    cells: tuple[SurveyQuestion, ...]
    questions: tuple[SurveyQuestion, ...]

    @cached_property
    def checksum(self) -> str:
        """SHA-256 (64 hexadecimal digits) of all texts: a questionnaire with another wording has another checksum."""
        encoded = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(encoded.encode()).hexdigest()

    @property
    def cell_names(self) -> tuple[str, ...]:
        """The columns that identify a weighting cell: the force, then those of `cells`."""
        return (FORCE, *(cell.key for cell in self.cells))


def built_in() -> tuple[str, ...]:
    """Return the built-in questionnaires."""
    home = files("assay.casefiles.surveys").joinpath("questionnaires")
    return tuple(sorted(path.name.removesuffix(".toml") for path in home.iterdir() if path.name.endswith(".toml")))


def read_questionnaire(name: str) -> Questionnaire:
    """Return a built-in questionnaire, or one from a TOML file or an XLSForm.

    Raises UsageError or SourceError, with a sentence.
    """
    questionnaire = _from_form(Path(name)) if name.lower().endswith(".xlsx") else _from_toml(name)
    wrong = _wrong(questionnaire)
    if wrong:
        raise SourceError(f"{name}: {wrong}")
    return questionnaire


def _from_form(path: Path) -> Questionnaire:
    from assay.casefiles.surveys.xlsform_reader import read_form

    if not path.is_file():
        raise UsageError(f"{path} is not there.")
    try:
        return read_form(path)
    except SourceError as error:
        raise SourceError(f"{path.name}: {error}") from None


def _from_toml(name: str) -> Questionnaire:
    if name in built_in():
        text = files("assay.casefiles.surveys").joinpath("questionnaires", f"{name}.toml").read_text(encoding="utf-8")
    elif Path(name).is_file():
        text = Path(name).read_text(encoding="utf-8-sig")
    else:
        known_names = ", ".join(built_in())
        raise UsageError(
            f"{name} is no questionnaire: there are {known_names}, or name a TOML file or an XLSForm (.xlsx)."
        )
    try:
        data = tomllib.loads(text)
        return Questionnaire(
            data["key"],
            str(data["version"]),
            data["title"],
            data["asked_of"],
            tuple(
                SurveyQuestion(entry["key"], entry["text"], entry["options"], "", entry.get("welsh", ""))
                for entry in data["cells"]
            ),
            tuple(_question(entry, data["scales"]) for entry in data["questions"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SourceError(f"{name} is no questionnaire: {type(error).__name__} at {error}. See the two that come with "
                          "the program.") from None  # fmt: skip


def _question(entry: Mapping[str, Any], scales: Mapping[str, Mapping[str, str]]) -> SurveyQuestion:
    return SurveyQuestion(entry["key"], entry["text"], scales[entry["scale"]], entry["line"], entry.get("welsh", ""))


def _wrong(questionnaire: Questionnaire) -> str:
    """Return the error of a questionnaire as a sentence, or ''."""
    all_questions = (*questionnaire.cells, *questionnaire.questions)
    keys = [question.key for question in all_questions]
    if not questionnaire.questions or not KEY.fullmatch(questionnaire.key):
        return "it needs a key of lower-case letters, digits and underscores, and at least one question."
    for question in all_questions:
        values = [question.key, *question.options]
        if (
            any(not KEY.fullmatch(value) for value in values)
            or question.key in RESERVED
            or keys.count(question.key) > 1
        ):
            return (
                f"{question.key}: keys and options must be lower-case letters, digits and underscores, and "
                "each key must occur once."
            )
        if len(question.options) < 2:
            return f"{question.key}: a question needs at least two options."
    unknown = [
        question.key for question in questionnaire.questions if not reference.inspection_themes().knows(question.line)
    ]
    return f"{unknown[0]}: its line is not the key of an inspection theme." if unknown else ""
