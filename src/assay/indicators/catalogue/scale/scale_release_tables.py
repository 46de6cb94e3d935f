"""In which form may the scale leave the building? Before disclosure hides and rounds it.

A figure stands in one table only, so that what is kept back in one place cannot be read in another. Probabilities go in
hundredths and never reach none or all: a model is not that sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay.indicators.catalogue.scale import definition_overlaps, distinct_counts, scale_parts, series_statements
from assay.indicators.catalogue.scale.record_series import (
    HIDDEN,
    KINDS,
    MARKED,
    PARTNERS,
    RECORDED,
    UNFLAGGED,
    UNRECORDED,
    headline,
)

READ = ("distinct", "overlaps", "flag_counts", "trends", "claims", "accuracy", "parts")
"""The tables of the stage that are read here."""
STATEMENTS = pa.schema([("place_code", pa.string()), ("statement", pa.string())])
Row = dict[str, Any]


def to_release(made: Mapping[str, pa.Table], *, fewest: int) -> dict[str, pa.Table]:
    """The tables as `disclosure` declares them; patterns of fewer than `fewest` are counted together."""
    trends = [_rounded(row) for row in made["trends"].to_pylist()]
    of_trends = pa.Table.from_pylist(trends, schema=made["trends"].schema)
    claims = pa.Table.from_pylist(
        [_hundredths(row) for row in made["claims"].to_pylist()], schema=made["claims"].schema
    )
    whole = pc.equal(made["distinct"]["split"], distinct_counts.ALL)
    return {
        "distinct": made["distinct"].filter(whole),
        "distinct_parts": made["distinct"].filter(pc.invert(whole)),
        "definition_overlaps": definition_overlaps.folded(made["overlaps"], fewest),
        "flag_counts": made["flag_counts"],
        "scale_trends": of_trends,
        "scale_statements": pa.Table.from_pylist(_statements(trends), schema=STATEMENTS),
        "scale_claims": claims,
        "recording_accuracy": _accuracy(made["accuracy"]),
        "scale_parts": _parts(made["parts"]),
    }


def told(rows: Iterable[Row]) -> tuple[int | None, dict[str, float | None]]:
    """Of one place: over how many years the series are set side by side (None: none can be), and the probability that
    each fell over them. What is estimated elsewhere has a span of its own, and is taken as it came."""
    held = list(rows)
    of_kind = {kind: [row for row in held if row["kind"] == kind] for kind in KINDS}
    leads = (headline(of_kind[kind]) for kind in (RECORDED, MARKED, PARTNERS))
    years = next((row["years_apart"] for row in leads if row and not row["refusal"]), None)
    found: dict[str, float | None] = {}
    for kind, mine in of_kind.items():
        row = headline(mine) if kind in (UNRECORDED, UNFLAGGED, HIDDEN) else _over(mine, years)
        found[kind] = row["probability_fell"] if row else None
    return years, found


def _over(rows: Iterable[Row], years: int | None) -> Row | None:
    return next((row for row in rows if row["years_apart"] == years), None)


def _statements(trends: Sequence[Row]) -> list[Row]:
    places = dict.fromkeys(row["place_code"] for row in trends)
    mine = {place: told(row for row in trends if row["place_code"] == place) for place in places}
    return [{"place_code": place, "statement": series_statements.together(*mine[place])} for place in places]


def _rounded(row: Row) -> Row:
    ends = {name: None if row[name] is None else round(row[name], 2) for name in ("change_low", "change_high")}
    return _hundredths(row) | ends


def _hundredths(row: Row) -> Row:
    fell = row["probability_fell"]
    return row | {"probability_fell": None if fell is None else min(max(round(fell, 2), 0.01), 0.99)}


def _accuracy(table: pa.Table) -> pa.Table:
    wrong = pc.subtract(table["should_be"], table["correctly"])
    return table.append_column("not_correctly", wrong)


def _parts(table: pa.Table) -> pa.Table:
    """Without the marked children: their number stands in `distinct`."""
    rows = [
        row | (dict.fromkeys(("number", "low", "high")) if row["part"] == scale_parts.MARKED else {})
        for row in table.to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=scale_parts.SCHEMA)
