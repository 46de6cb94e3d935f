"""Rules that decide whether a force shows a characteristic, and which grade is proposed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from assay.errors import DefinitionError
from assay.indicators.evidence_sources import BY_KEY
from assay.reference import characteristics

NOT_ENOUGH = "not enough evidence"


@dataclass(frozen=True)
class Grade:
    """One grade: name, minimum share of characteristics shown, and whether it requires a positive outlier alert."""

    name: str
    minimum_share: float
    requires_alert: bool = False


@dataclass(frozen=True)
class Alternative:
    """An alternative to the rules for sensitivity analysis, with its description."""

    key: str
    description: str
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Rules:
    """The grading rules, as read from `rules.toml`, which explains each of them.

    Rules with a default may be missing in a plan from before they existed; the default is how version 1 graded.
    `prior`, `unknown_met` and `duties_alone` are set only by alternatives.
    """

    version: str
    draws: int
    line: float
    floor: float
    fewest_records: int
    strand_right: float
    like_others: bool
    outlying: float
    unknown_worth: float
    strands_counted: tuple[str, ...]
    documents_counted: tuple[str, ...]
    strands_heard: tuple[str, ...]
    shown_from: float
    not_shown_up_to: float
    known_share: float
    fewest_known: int
    middle: float
    most_grades: int
    fewest_lines: int
    needs_voices: tuple[str, ...]
    without_voices: str
    capped: str
    grades: tuple[Grade, ...]
    concern_probability: float
    accelerated: tuple[str, ...]
    alternatives: tuple[Alternative, ...] = ()
    claims_of_trend: tuple[str, ...] = ()
    claims_of_figures: tuple[str, ...] = ()
    fewest_claims: int = 3
    levels_of_all: bool = True
    compared: bool = False
    beyond: float = 0.025
    capped_overall: str = ""
    overall_by_most_themes: bool = False
    capped_doubtful: str = ""
    test_level: float = 0.0
    most_concerns: int = 1000
    national_share: float = 1.0
    lessons_from: float = 0.0
    prior: tuple[float, float] = (1.0, 1.0)
    unknown_met: float | None = None
    duties_alone: bool = False

    @property
    def grade_names(self) -> tuple[str, ...]:
        """The names of the grades, the best first."""
        return tuple(grade.name for grade in self.grades)

    def with_alternative(self, alternative: Alternative) -> Rules:
        """Return these rules with one alternative applied."""
        return replace(self, **alternative.changes)


def read_rules(text: str) -> Rules:
    """Parse rules; raise DefinitionError if they contradict each other or use an unknown name."""
    document: dict[str, Any] = tomllib.loads(text)
    concern = document.pop("concern")
    grades = tuple(Grade(row["name"], row["least"], row.get("apart", False)) for row in document.pop("grades"))
    alternatives = tuple(_alternative(entry) for entry in document.pop("alternatives", ()))
    result = Rules(
        **{key: _frozen(value) for key, value in document.items()},
        grades=grades,
        concern_probability=concern["probability"],
        accelerated=tuple(concern.pop("accelerated")),
        **{name: value for name, value in concern.items() if name != "probability"},
        alternatives=alternatives,
    )
    _check(result)
    return result


def rules_text() -> str:
    """Return the text of the default rules, which a plan stores."""
    return files("assay.grading").joinpath("rules.toml").read_text(encoding="utf-8")


@lru_cache
def rules() -> Rules:
    """Return the default rules for grades."""
    return read_rules(rules_text())


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _alternative(entry: dict[str, Any]) -> Alternative:
    changes = {key: _frozen(value) for key, value in entry.items() if key not in ("key", "says")}
    unknown = set(changes) - {field.name for field in fields(Rules)}
    if unknown or not changes:
        raise DefinitionError(f"rules.toml, alternative {entry['key']!r}: it changes {sorted(unknown) or 'nothing'}.")
    return Alternative(entry["key"], entry["says"], changes)


def _check(checked_rules: Rules) -> None:
    min_shares = [grade.minimum_share for grade in checked_rules.grades]
    if min_shares != sorted(min_shares, reverse=True) or min_shares[-1] != 0:
        raise DefinitionError("rules.toml: the grades stand from the best down, and the last asks for nothing.")
    if not checked_rules.not_shown_up_to < checked_rules.shown_from:
        raise DefinitionError("rules.toml: what is not shown must be less probable than what is shown.")
    caps = {checked_rules.capped, checked_rules.capped_overall, checked_rules.capped_doubtful} - {""}
    if unknown_grades := caps - set(checked_rules.grade_names):
        raise DefinitionError(f"rules.toml: there is no grade {min(unknown_grades)!r}.")
    claims = checked_rules.claims_of_trend + checked_rules.claims_of_figures
    for key in (*checked_rules.needs_voices, *checked_rules.accelerated, *checked_rules.documents_counted, *claims):
        characteristics().get(key)
    unknown_sources = {*checked_rules.strands_counted, *checked_rules.strands_heard} - set(BY_KEY)
    if unknown_sources:
        raise DefinitionError(f"rules.toml: there is no source of evidence {', '.join(sorted(unknown_sources))}.")
