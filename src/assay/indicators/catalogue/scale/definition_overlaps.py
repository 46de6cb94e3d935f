"""Overlap of the definitions: which combinations capture which children and crimes.

Every pattern of definitions is counted for all forces together. Rare patterns are combined, so that none identifies a
person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.indicators.catalogue.scale.distinct_counts import CHILDREN, CRIMES, definitions

if TYPE_CHECKING:
    import ibis

    from assay.engine.expressions import ExpressionEngine

REST = "other patterns"
COMPOSITE_DEFINITIONS = ("flagged_or_titled_cse",)
"""Definitions that combine two others, and add nothing to a pattern."""
SCHEMA = pa.schema([("counted", pa.string()), ("pattern", pa.string()), ("number", pa.int64())])


def pattern_definitions() -> tuple[str, ...]:
    """Return the definitions that patterns are made of."""
    return tuple(key for key in definitions() if key not in COMPOSITE_DEFINITIONS)


def patterns(engine: ExpressionEngine, crimes: ibis.Table, children: ibis.Table) -> pa.Table:
    """Return the table of `SCHEMA`, from `distinct_counts.included_crimes` and `distinct_counts.select_people`: keys of
    definitions with '+' between."""
    rows = [*_patterns(engine, crimes, CRIMES), *_patterns(engine, _child_rows(children), CHILDREN)]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _child_rows(children: ibis.Table) -> ibis.Table:
    """Return one row for each child: a definition includes a child if it includes any crime against them, in any
    force."""
    names = [f"in_{key}" for key in pattern_definitions()]
    return children.group_by("person_id").aggregate(**{name: children[name].any() for name in names})


def _patterns(engine: ExpressionEngine, rows: ibis.Table, unit: str) -> list[dict[str, Any]]:
    names = [f"in_{key}" for key in pattern_definitions()]
    counts = engine.run(rows.group_by(names).aggregate(number=rows.count())).to_pylist()
    found = [("+".join(key for key in pattern_definitions() if row[f"in_{key}"]), row["number"]) for row in counts]
    return [{"counted": unit, "pattern": pattern, "number": number} for pattern, number in found if pattern]


def fold_rare_patterns(table: pa.Table, minimum: int) -> pa.Table:
    """Combine every pattern of fewer than the minimum into `REST`; while the rest is small, add the next pattern."""
    output_rows: list[dict[str, Any]] = []
    for unit in dict.fromkeys(table["counted"].to_pylist()):
        rows = [row for row in table.to_pylist() if row["counted"] == unit]
        output_rows += _fold_rows(sorted(rows, key=lambda row: (-row["number"], row["pattern"])), unit, minimum)
    return pa.Table.from_pylist(output_rows, schema=SCHEMA)


def _fold_rows(rows: list[dict[str, Any]], unit: str, minimum: int) -> list[dict[str, Any]]:
    frequent_rows, rest = list(rows), 0
    while frequent_rows and (frequent_rows[-1]["number"] < minimum or 0 < rest < minimum):
        rest += frequent_rows.pop()["number"]
    return frequent_rows + ([{"counted": unit, "pattern": REST, "number": rest}] if rest >= minimum else [])
