"""The tables on the scale of exploitation for release, before disclosure control.

Each figure is in one table only, so that a suppressed figure cannot be read from another table. Probabilities are
rounded to hundredths and are never 0 or 1, because no model is that certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay.indicators.catalogue.scale import distinct_counts, scale_parts, series_statements
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
from assay.indicators.catalogue.scale.small_year_suppression import (
    estimate_from_rounded_years,
    suppress_claims,
    suppress_small_years,
)

READ = ("distinct_counts", "overlaps", "flag_counts", "trends", "claims", "accuracy", "parts")
"""The stage tables that are read here."""
STATEMENTS = pa.schema([("place_code", pa.string()), ("statement", pa.string())])
Row = dict[str, Any]


def release_tables(tables: Mapping[str, pa.Table], *, minimum: int, base: int) -> dict[str, pa.Table]:
    """Return the scale tables in the form that disclosure control (`sdc`) declares.

    Patterns of fewer than `minimum` records are combined. A change to or from a year of fewer, but not of none, is left
    out; other changes between two whole years are computed from counts rounded to `base`.
    """
    exact_trends = tables["trends"].to_pylist()
    shown_trends = suppress_small_years(exact_trends, minimum)
    estimated_trends = [estimate_from_rounded_years(row, base) for row in shown_trends]
    trends = [_rounded(row) for row in estimated_trends]
    trends_table = pa.Table.from_pylist(trends, schema=tables["trends"].schema)
    shown_claims = suppress_claims(tables["claims"].to_pylist(), exact_trends, estimated_trends)
    claims = pa.Table.from_pylist([_hundredths(row) for row in shown_claims], schema=tables["claims"].schema)
    whole = pc.equal(tables["distinct_counts"]["split"], distinct_counts.ALL)
    return {
        "distinct_counts": tables["distinct_counts"].filter(whole),
        "distinct_counts_by_group": tables["distinct_counts"].filter(pc.invert(whole)),
        "definition_overlaps": distinct_counts.fold_rare_patterns(tables["overlaps"], minimum),
        "flag_counts": tables["flag_counts"],
        "scale_trends": trends_table,
        "scale_statements": pa.Table.from_pylist(_statements(trends), schema=STATEMENTS),
        "scale_claims": claims,
        "recording_accuracy": _accuracy(tables["accuracy"]),
        "scale_parts": _parts(tables["parts"]),
    }


def trend_summary(rows: Iterable[Row]) -> tuple[int | None, dict[str, float | None]]:
    """Return the span in years over which the series of one place are compared, and the probability that each fell."""
    place_rows = list(rows)
    by_kind = {kind: [row for row in place_rows if row["kind"] == kind] for kind in KINDS}
    leads = (headline(by_kind[kind]) for kind in (RECORDED, MARKED, PARTNERS))
    years = next((row["years_apart"] for row in leads if row and not row["refusal"]), None)
    found: dict[str, float | None] = {}
    for kind, kind_rows in by_kind.items():
        row = headline(kind_rows) if kind in (UNRECORDED, UNFLAGGED, HIDDEN) else _row_of_span(kind_rows, years)
        found[kind] = row["probability_fell"] if row else None
    return years, found


def _row_of_span(rows: Iterable[Row], years: int | None) -> Row | None:
    return next((row for row in rows if row["years_apart"] == years), None)


def _statements(trends: Sequence[Row]) -> list[Row]:
    places = dict.fromkeys(row["place_code"] for row in trends)
    summaries = {place: trend_summary(row for row in trends if row["place_code"] == place) for place in places}
    return [{"place_code": place, "statement": series_statements.combine_series(*summaries[place])} for place in places]


def _rounded(row: Row) -> Row:
    ends = {name: None if row[name] is None else round(row[name], 2) for name in ("change_low", "change_high")}
    return _hundredths(row) | ends


def _hundredths(row: Row) -> Row:
    probability_fell = row["probability_fell"]
    return row | {
        "probability_fell": None if probability_fell is None else min(max(round(probability_fell, 2), 0.01), 0.99)
    }


def _accuracy(table: pa.Table) -> pa.Table:
    wrong = pc.subtract(table["should_be"], table["correctly"])
    return table.append_column("not_correctly", wrong)


def _parts(table: pa.Table) -> pa.Table:
    """Drop the row of children in flagged crimes, because their number is in `distinct_counts`."""
    rows = [
        row | (dict.fromkeys(("number", "low", "high")) if row["part"] == scale_parts.MARKED else {})
        for row in table.to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=scale_parts.SCHEMA)
