"""Causes of concern, areas for improvement and promising practice that are proposed to the panel.

Every cause of concern has a recommendation. It is accelerated, so that it does not wait for the report, if the
immediate safety of a child depends on it. All of them are proposals that a panel accepts or rejects.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from assay.errors import DefinitionError
from assay.grading.characteristic_evidence import RECORDS
from assay.grading.characteristic_levels import CharacteristicLevel
from assay.grading.grading_rules import Rules
from assay.reference import characteristics

CONCERN, ACCELERATED = "cause of concern", "accelerated cause of concern"
IMPROVE, PROMISING = "area for improvement", "promising practice"
KINDS = (ACCELERATED, CONCERN, IMPROVE, PROMISING)
TABLE = pa.schema(
    [(n, pa.string()) for n in ("place_code", "characteristic", "kind", "says", "recommendation", "test", "rests_on")]
)


@lru_cache
def recommended_actions() -> Mapping[str, str]:
    """Return the recommended action for each characteristic; raise DefinitionError if one is missing."""
    actions: dict[str, str] = tomllib.loads(
        files("assay.grading").joinpath("recommended.toml").read_text(encoding="utf-8")
    )
    lacking = set(characteristics().keys) ^ set(actions)
    if lacking:
        raise DefinitionError(f"recommended.toml and the characteristics differ in {', '.join(sorted(lacking))}.")
    return actions


def concerns_table(levels: Iterable[CharacteristicLevel], rules: Rules) -> pa.Table:
    """Return one row for each force and characteristic with a proposed concern, improvement or promising practice."""
    rows = [row for level in levels if (row := _row(level, rules))]
    return pa.Table.from_pylist(rows, TABLE)


def kind_of(level: CharacteristicLevel, rules: Rules) -> str:
    """Return the proposed kind (one of `KINDS`) for a characteristic, or ''."""
    state = level.state(rules)
    if level.probability is not None and 1 - level.probability >= rules.concern_probability:
        is_below_floor = level.below_floor >= rules.concern_probability
        return (ACCELERATED if level.key in rules.accelerated else CONCERN) if is_below_floor else IMPROVE
    if state in ("not shown", "at odds"):
        return IMPROVE
    return (
        PROMISING
        if state == "shown"
        and {part.outlier_direction for part in level.evidence.parts if part.outlier_direction} == {"better"}
        else ""
    )


def _row(level: CharacteristicLevel, rules: Rules) -> dict[str, Any] | None:
    kind = kind_of(level, rules)
    if not kind:
        return None
    has_recommendation = kind != PROMISING
    tests = " ".join(part.key for part in level.evidence.parts if part.kind == RECORDS) if has_recommendation else ""
    return {
        "place_code": level.evidence.place,
        "characteristic": level.key,
        "kind": kind,
        "says": " ".join(_concern_sentences(level, kind, rules)),
        "recommendation": recommended_actions()[level.key] if has_recommendation else "",
        "test": tests,
        "rests_on": " ".join(part.key for part in level.evidence.parts),
    }


def _concern_sentences(level: CharacteristicLevel, kind: str, rules: Rules) -> Iterator[str]:
    text = level.evidence.characteristic.text
    if kind == PROMISING:
        titles = "; ".join(part.title for part in level.evidence.parts if part.outlier_direction)
        yield f"{text} It is shown, and the force does better than the others lead one to expect: {titles}."
    elif level.state(rules) == "at odds":
        yield f"{text} The records show it, and people who were asked say otherwise."
    else:
        yield f"This is not shown: {text}"
    if kind in (CONCERN, ACCELERATED):
        yield "Some of what it rests on lies below half of what is wanted."
