"""Which definition catches which child and which crime, and how many are caught by one alone?

Every pattern of definitions is counted for all forces together. Patterns that hold few are counted together under one
name, so that none of them points to anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.indicators.catalogue.scale.distinct_counts import CHILDREN, CRIMES, definitions

if TYPE_CHECKING:
    import ibis

    from assay.engine.expressions import Expressions

REST = "other patterns"
MADE_OF_OTHERS = ("flagged_or_titled_cse",)
"""Definitions that are two others together: in a pattern they would say nothing more."""
SCHEMA = pa.schema([("counted", pa.string()), ("pattern", pa.string()), ("number", pa.int64())])


def shown() -> tuple[str, ...]:
    """The definitions that a pattern is made of."""
    return tuple(key for key in definitions() if key not in MADE_OF_OTHERS)


def patterns(engine: Expressions, crimes: ibis.Table, children: ibis.Table) -> pa.Table:
    """The table of `SCHEMA`, from `distinct.taken_in` and `distinct.people`: keys of definitions with '+' between."""
    rows = [*_patterns(engine, crimes, CRIMES), *_patterns(engine, _of_children(children), CHILDREN)]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _of_children(children: ibis.Table) -> ibis.Table:
    """A child is caught by a definition that takes in any crime against them, in whichever force."""
    names = [f"in_{key}" for key in shown()]
    return children.group_by("person_id").aggregate(**{name: children[name].any() for name in names})


def _patterns(engine: Expressions, rows: ibis.Table, counted: str) -> list[dict[str, Any]]:
    names = [f"in_{key}" for key in shown()]
    told = engine.run(rows.group_by(names).aggregate(number=rows.count())).to_pylist()
    found = [("+".join(key for key in shown() if row[f"in_{key}"]), row["number"]) for row in told]
    return [{"counted": counted, "pattern": pattern, "number": number} for pattern, number in found if pattern]


def folded(table: pa.Table, fewest: int) -> pa.Table:
    """The same with every pattern of fewer than `fewest` counted as `REST`; where the rest is still few, the next
    smallest patterns join it, and where nothing is left to join it the rest is left out."""
    kept: list[dict[str, Any]] = []
    for counted in dict.fromkeys(table["counted"].to_pylist()):
        rows = [row for row in table.to_pylist() if row["counted"] == counted]
        kept += _folded(sorted(rows, key=lambda row: (-row["number"], row["pattern"])), counted, fewest)
    return pa.Table.from_pylist(kept, schema=SCHEMA)


def _folded(rows: list[dict[str, Any]], counted: str, fewest: int) -> list[dict[str, Any]]:
    shown, rest = list(rows), 0
    while shown and (shown[-1]["number"] < fewest or 0 < rest < fewest):
        rest += shown.pop()["number"]
    return shown + ([{"counted": counted, "pattern": REST, "number": rest}] if rest >= fewest else [])
