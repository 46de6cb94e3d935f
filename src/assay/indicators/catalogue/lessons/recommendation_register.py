"""The register of past recommendations: owner, deadline, and the test of whether each was carried out."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from assay.errors import DefinitionError
from assay.indicators.evidence_sources import BY_KEY
from assay.reference import Recommendation, characteristics, recommendations

POLICE, JOINT_OWNERS, OTHER_ORGANISATIONS = "police", "both", "others"
TEXT = pa.string()
TABLE = pa.schema(
    [(name, TEXT) for name in ("recommendation", "report", "number", "owner", "owed_by", "text", "deadline")]
    + [(name, TEXT) for name in ("last_status", "last_status_on", "test", "source")]
    + [("text_read", pa.bool_()), ("place", pa.int64())]
)
NO_TEST = "No measure, file or document tests it yet."


@dataclass(frozen=True)
class Test:
    """The test of one recommendation.

    `owed_by`: who can apply it. `indicators`: what would show it in practice. `evidence`: the sources of evidence that
    would show it. `characteristic`: the characteristic of good whose documents would show it.
    """

    owed_by: str
    indicators: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    characteristic: str = ""


@dataclass(frozen=True)
class Report:
    """A report after which practice may have changed, and its publication day."""

    key: str
    published_on: date
    source: str


@dataclass(frozen=True)
class Lesson:
    """One past recommendation, and the test of whether it was carried out."""

    recommendation: Recommendation
    test: Test

    @property
    def key(self) -> str:
        """The key of the recommendation."""
        return self.recommendation.key

    @property
    def text_read(self) -> bool:
        """True if the text of the recommendation was read in a source; otherwise it is listed but not tested."""
        return self.recommendation.text_read


@lru_cache
def _test_file() -> dict[str, Any]:
    return tomllib.loads(
        files("assay.indicators.catalogue.lessons.data").joinpath("tests.toml").read_text(encoding="utf-8")
    )


@lru_cache
def lessons() -> tuple[Lesson, ...]:
    """Return every past recommendation with its test; DefinitionError if a recommendation or test is missing."""
    entries = {key: entry for key, entry in _test_file().items() if isinstance(entry, dict)}
    unmatched_keys = set(entries) ^ set(recommendations().keys)
    if unmatched_keys:
        raise DefinitionError(f"tests.toml and recommendations.csv differ in {', '.join(sorted(unmatched_keys))}.")
    return tuple(Lesson(entry, _test(entry.key, entries[entry.key])) for entry in recommendations())


@lru_cache
def reports() -> tuple[Report, ...]:
    """Return the reports after which practice may have changed, the earliest first."""
    return tuple(Report(**entry) for entry in _test_file()["reports"])


def _test(key: str, fields: dict[str, Any]) -> Test:
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    test = Test(**fields)
    if test.owed_by not in (POLICE, JOINT_OWNERS, OTHER_ORGANISATIONS) or set(test.evidence) - set(BY_KEY):
        raise DefinitionError(f"tests.toml, {key}: owed_by, or a source of evidence, is not known.")
    if test.characteristic:
        characteristics().get(test.characteristic)
    return test


def register_table(titles: dict[str, str]) -> pa.Table:
    """Return the register of past recommendations as a table; raise DefinitionError for an unknown indicator."""
    return pa.Table.from_pylist(
        [_row(position, lesson, titles) for position, lesson in enumerate(lessons(), start=1)], TABLE
    )


def _row(position: int, lesson: Lesson, titles: dict[str, str]) -> dict[str, Any]:
    strange = [key for key in lesson.test.indicators if key not in titles]
    if strange:
        raise DefinitionError(f"tests.toml, {lesson.key}: there is no indicator {strange[0]}.")
    recommendation, test_names = lesson.recommendation, [titles[key] for key in lesson.test.indicators]
    test_names += [BY_KEY[kind].name for kind in lesson.test.evidence]
    return {
        "recommendation": lesson.key,
        "report": recommendation.report,
        "number": recommendation.number,
        "owner": recommendation.owner,
        "owed_by": lesson.test.owed_by,
        "text": recommendation.text,
        "deadline": recommendation.deadline,
        "last_status": recommendation.status,
        "last_status_on": recommendation.status_on,
        "test": "; ".join(test_names) or NO_TEST,
        "source": recommendation.source,
        "text_read": lesson.text_read,
        "place": position,
    }
