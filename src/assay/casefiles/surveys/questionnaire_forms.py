"""What is asked of staff or partners, with which options, and by which cells are the answers weighed?"""

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
"""The first cell of every questionnaire: of which force somebody speaks."""
RESERVED = (FORCE, "consent", "checksum")


@dataclass(frozen=True)
class Asked:
    """One question (or cell): its options as value -> words; `line` of enquiry, '' of a cell; Welsh, or ''."""

    key: str
    text: str
    options: Mapping[str, str]
    line: str = ""
    welsh: str = ""


@dataclass(frozen=True)
class Questionnaire:
    """Questions that are asked together; `cells` are those by which answers are weighed, besides the force."""

    key: str
    version: str
    title: str
    asked_of: str
    cells: tuple[Asked, ...]
    questions: tuple[Asked, ...]

    @cached_property
    def checksum(self) -> str:
        """SHA-256 (64 hexadecimal digits) of every word of it: one changed word is another questionnaire."""
        told = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def cell_names(self) -> tuple[str, ...]:
        """The columns of a cell: the force, then the others."""
        return (FORCE, *(one.key for one in self.cells))


def built_in() -> tuple[str, ...]:
    """The questionnaires that come with the program."""
    home = files("assay.casefiles.surveys").joinpath("questionnaires")
    return tuple(sorted(one.name.removesuffix(".toml") for one in home.iterdir() if one.name.endswith(".toml")))


def read_questionnaire(name: str) -> Questionnaire:
    """A questionnaire that comes with the program, or one in a TOML file or an XLSForm; UsageError or SourceError, a
    sentence."""
    made = _from_form(Path(name)) if name.lower().endswith(".xlsx") else _from_toml(name)
    wrong = _wrong(made)
    if wrong:
        raise SourceError(f"{name}: {wrong}")
    return made


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
        there = ", ".join(built_in())
        raise UsageError(f"{name} is no questionnaire: there are {there}, or name a TOML file or an XLSForm (.xlsx).")
    try:
        told = tomllib.loads(text)
        return Questionnaire(
            told["key"], str(told["version"]), told["title"], told["asked_of"],
            tuple(Asked(one["key"], one["text"], one["options"], "", one.get("welsh", "")) for one in told["cells"]),
            tuple(_question(one, told["scales"]) for one in told["questions"]),
        )  # fmt: skip
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SourceError(f"{name} is no questionnaire: {type(error).__name__} at {error}. See the two that come with "
                          "the program.") from None  # fmt: skip


def _question(one: Mapping[str, Any], scales: Mapping[str, Mapping[str, str]]) -> Asked:
    return Asked(one["key"], one["text"], scales[one["scale"]], one["line"], one.get("welsh", ""))


def _wrong(made: Questionnaire) -> str:
    """What is wrong with it, in a sentence, or ''."""
    every = (*made.cells, *made.questions)
    keys = [one.key for one in every]
    if not made.questions or not KEY.fullmatch(made.key):
        return "it needs a key of small letters, digits and underscores, and at least one question."
    for one in every:
        values = [one.key, *one.options]
        if any(not KEY.fullmatch(value) for value in values) or one.key in RESERVED or keys.count(one.key) > 1:
            return f"{one.key}: keys and options are small letters, digits and underscores, each question its own."
        if len(one.options) < 2:
            return f"{one.key}: a question has at least two options."
    unknown = [one.key for one in made.questions if not reference.lines().knows(one.line)]
    return f"{unknown[0]}: its line is no line of enquiry." if unknown else ""
