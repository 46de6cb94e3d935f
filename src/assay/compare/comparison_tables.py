"""Schemas of the comparison tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import pyarrow as pa

TEXT, WHOLE, NUMBER, FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


ALERT_STATUS_COLUMNS = ("alert_status", "alerted_since")
"""Status of an outlier alert (new, persists or ended), and the inspection or year since which it persists."""
ESTIMATE_COLUMNS = {
    "rank": WHOLE,
    "rank_low": WHOLE,
    "rank_high": WHOLE,
    "expected": NUMBER,
    "expected_low": NUMBER,
    "expected_high": NUMBER,
    "p_value": NUMBER,
    "q_value": NUMBER,
    "outlier_alert": FLAG,
    "direction": TEXT,
    **dict.fromkeys(ALERT_STATUS_COLUMNS, TEXT),
}
SHARES = _schema(
    measure=TEXT, place_code=TEXT, offence_key=TEXT, financial_year=TEXT, numerator=WHOLE, base=WHOLE,
    raw_share=NUMBER, share=NUMBER, share_low=NUMBER, share_high=NUMBER, **ESTIMATE_COLUMNS,
    pending_share=NUMBER, not_comparable=TEXT, edition=TEXT,
)  # fmt: skip
EXTREME_CASE_COLUMNS = [("p_of_few", pa.list_(NUMBER)), ("sides_of_few", pa.list_(TEXT))]
"""Columns that are passed to the combined tests of failure modes and then removed (`alert_disclosure`)."""
PROBABILITY_COLUMNS = ("p_beyond_lower", "p_beyond_higher", "p_below_standard")
"""Posterior probabilities that are passed to the watch list and then removed (`watch_list`)."""
INSIDE_COLUMNS = [*EXTREME_CASE_COLUMNS, *((name, NUMBER) for name in PROBABILITY_COLUMNS)]
"""Columns that no stage and no release holds."""
SHARES_INSIDE = pa.schema([*SHARES, *INSIDE_COLUMNS])
RATES = _schema(
    place_code=TEXT, offence_key=TEXT, financial_year=TEXT, offences=WHOLE, children=WHOLE,
    raw_per_1000=NUMBER, per_1000=NUMBER, per_1000_low=NUMBER, per_1000_high=NUMBER, **ESTIMATE_COLUMNS,
    not_comparable=TEXT, children_mid_year=WHOLE,
)  # fmt: skip
SPREAD = _schema(
    measure=TEXT, offence_key=TEXT, financial_year=TEXT, forces_compared=WHOLE, overall=NUMBER,
    between_force_sd=NUMBER, naive_forces=WHOLE, naive_outside_3_sigma=WHOLE, naive_outside_2_sigma=WHOLE,
    mean_z_squared=NUMBER, outliers=WHOLE,
)  # fmt: skip
CASE_MIX = _schema(
    measure=TEXT, place_code=TEXT, financial_year=TEXT, observed=NUMBER, expected=NUMBER, ratio=NUMBER,
    ratio_low=NUMBER, ratio_high=NUMBER, base=WHOLE,
)  # fmt: skip
FUNNEL = _schema(
    measure=TEXT, offence_key=TEXT, financial_year=TEXT, base=NUMBER, low=NUMBER, high=NUMBER, naive_low=NUMBER,
    naive_high=NUMBER,
)  # fmt: skip
SIMILAR = _schema(place_code=TEXT, similar_code=TEXT, nearness=WHOLE, distance=NUMBER, grouping=TEXT)

Rows: TypeAlias = pa.Table | Iterable[Mapping[str, Any]]


def as_rows(rows: Rows) -> list[dict[str, Any]]:
    """Return the rows of a table, or copies of the rows, as dictionaries that may be changed."""
    return list(rows.to_pylist()) if isinstance(rows, pa.Table) else [dict(row) for row in rows]


def as_table(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return the rows as a table with this schema; missing columns are null and others are left out."""
    return pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema=schema)


def group_rows_by(rows: Iterable[dict[str, Any]], *columns: str) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """Return the rows grouped by the values of these columns, groups in order of first appearance."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row[column] for column in columns), []).append(row)
    return groups
