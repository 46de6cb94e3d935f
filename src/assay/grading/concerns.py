"""Where is there cause for concern, what should be asked for, and from whom can others learn?

A cause of concern never stands without a recommendation. One on which a child's safety hangs at once is accelerated: it
does not wait for the report. All of them are proposals: a panel makes them its own, or does not.
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
from assay.grading.characteristic_levels import Shown
from assay.grading.grading_rules import Rules
from assay.reference import characteristics

CONCERN, ACCELERATED = "cause of concern", "accelerated cause of concern"
IMPROVE, PROMISING = "area for improvement", "promising practice"
KINDS = (ACCELERATED, CONCERN, IMPROVE, PROMISING)
TABLE = pa.schema(
    [(n, pa.string()) for n in ("place_code", "characteristic", "kind", "says", "recommendation", "test", "rests_on")]
)


@lru_cache
def recommended() -> Mapping[str, str]:
    """What is asked for where a characteristic is not shown, by characteristic; DefinitionError where one has none."""
    told: dict[str, str] = tomllib.loads(
        files("assay.grading").joinpath("recommended.toml").read_text(encoding="utf-8")
    )
    lacking = set(characteristics().keys) ^ set(told)
    if lacking:
        raise DefinitionError(f"recommended.toml and the characteristics differ in {', '.join(sorted(lacking))}.")
    return told


def table(held: Iterable[Shown], rules: Rules) -> pa.Table:
    """One row a force and characteristic of which one of `KINDS` is proposed."""
    rows = [row for one in held if (row := _row(one, rules))]
    return pa.Table.from_pylist(rows, TABLE)


def kind_of(one: Shown, rules: Rules) -> str:
    """One of `KINDS`, or ''."""
    state = one.state(rules)
    if one.probability is not None and 1 - one.probability >= rules.concern_probability:
        deep = one.below_floor >= rules.concern_probability
        return (ACCELERATED if one.key in rules.accelerated else CONCERN) if deep else IMPROVE
    if state in ("not shown", "at odds"):
        return IMPROVE
    return PROMISING if state == "shown" and {part.apart for part in one.of.parts if part.apart} == {"better"} else ""


def _row(one: Shown, rules: Rules) -> dict[str, Any] | None:
    kind = kind_of(one, rules)
    if not kind:
        return None
    asked = kind != PROMISING
    tests = " ".join(part.key for part in one.of.parts if part.kind == RECORDS) if asked else ""
    return {
        "place_code": one.of.place, "characteristic": one.key, "kind": kind, "says": " ".join(_says(one, kind, rules)),
        "recommendation": recommended()[one.key] if asked else "", "test": tests,
        "rests_on": " ".join(part.key for part in one.of.parts),
    }  # fmt: skip


def _says(one: Shown, kind: str, rules: Rules) -> Iterator[str]:
    text = one.of.characteristic.text
    if kind == PROMISING:
        titles = "; ".join(part.title for part in one.of.parts if part.apart)
        yield f"{text} It is shown, and the force does better than the others lead one to expect: {titles}."
    elif one.state(rules) == "at odds":
        yield f"{text} The records show it, and people who were asked say otherwise."
    else:
        yield f"This is not shown: {text}"
    if kind in (CONCERN, ACCELERATED):
        yield "Some of what it rests on lies below half of what is wanted."
