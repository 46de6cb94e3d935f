"""What did each past recommendation ask of whom, by when, and by which test would one see that it was done?"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from assay.errors import DefinitionError
from assay.indicators.evidence_strands import BY_KEY
from assay.reference import Recommendation, characteristics, recommendations

POLICE, BOTH, OTHERS = "police", "both", "others"
VERIFIED = ("seen", "seen-secondary")
"""Grades of evidence for a text that somebody read in a source; what is recalled, or was not found, is not tested."""
TEXT = pa.string()
TABLE = pa.schema(
    [(name, TEXT) for name in ("recommendation", "report", "number", "owner", "owed_by", "text", "deadline")]
    + [(name, TEXT) for name in ("last_status", "last_status_on", "test", "source")]
    + [("text_read", pa.bool_()), ("place", pa.int64())]
)
NO_TEST = "No measure, file or document tests it yet."


@dataclass(frozen=True)
class Test:
    """How one recommendation is tested: whose it is, the indicators, the strands, and the characteristic of good."""

    of: str
    indicators: tuple[str, ...] = ()
    strands: tuple[str, ...] = ()
    characteristic: str = ""


@dataclass(frozen=True)
class Report:
    """A report after which practice may have changed, and the day on which it came out."""

    key: str
    on: date
    source: str


@dataclass(frozen=True)
class Lesson:
    """One past recommendation with its test."""

    recommendation: Recommendation
    test: Test

    @property
    def key(self) -> str:
        """The recommendation's."""
        return self.recommendation.key

    @property
    def text_read(self) -> bool:
        """Whether its text was read in a source; without that it is listed and never tested."""
        return self.recommendation.evidence in VERIFIED


@lru_cache
def _told() -> dict[str, Any]:
    return tomllib.loads(
        files("assay.indicators.catalogue.lessons.data").joinpath("tests.toml").read_text(encoding="utf-8")
    )


@lru_cache
def lessons() -> tuple[Lesson, ...]:
    """Every past recommendation; DefinitionError where one has no entry, or an entry is of nothing that is known."""
    told = {key: one for key, one in _told().items() if isinstance(one, dict)}
    apart = set(told) ^ set(recommendations().keys)
    if apart:
        raise DefinitionError(f"tests.toml and recommendations.csv differ in {', '.join(sorted(apart))}.")
    return tuple(Lesson(one, _test(one.key, told[one.key])) for one in recommendations())


@lru_cache
def reports() -> tuple[Report, ...]:
    """The reports after which practice may have changed, the earliest first."""
    return tuple(Report(**one) for one in _told()["reports"])


def _test(key: str, told: dict[str, Any]) -> Test:
    told = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    made = Test(**told)
    if made.of not in (POLICE, BOTH, OTHERS) or set(made.strands) - set(BY_KEY):
        raise DefinitionError(f"tests.toml, {key}: whose it is, or a strand, is not known.")
    if made.characteristic:
        characteristics().get(made.characteristic)
    return made


def register_table(titles: dict[str, str]) -> pa.Table:
    """The register; `titles` of indicators by key. DefinitionError for an indicator that is not there."""
    return pa.Table.from_pylist([_row(at, one, titles) for at, one in enumerate(lessons(), start=1)], TABLE)


def _row(at: int, one: Lesson, titles: dict[str, str]) -> dict[str, Any]:
    strange = [key for key in one.test.indicators if key not in titles]
    if strange:
        raise DefinitionError(f"tests.toml, {one.key}: there is no indicator {strange[0]}.")
    said, asked = one.recommendation, [titles[key] for key in one.test.indicators]
    asked += [BY_KEY[kind].name for kind in one.test.strands]
    return {
        "recommendation": one.key, "report": said.report, "number": said.number, "owner": said.owner,
        "owed_by": one.test.of, "text": said.text, "deadline": said.deadline, "last_status": said.status,
        "last_status_on": said.status_on, "test": "; ".join(asked) or NO_TEST, "source": said.source,
        "text_read": one.text_read, "place": at,
    }  # fmt: skip
