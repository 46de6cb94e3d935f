"""Over everything compared in one run, which forces are unusual, with few of them named by chance?"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from assay.comparison.forms import grouped
from assay.comparison.rates import MEASURE as RATE
from assay.estimation.discoveries import q_values
from assay.estimation.grid import Floats

FALSE_DISCOVERY = 0.05


def hold_false_discovery(tables: Sequence[pa.Table]) -> list[pa.Table]:
    """The same tables of shares and rates with `q_value`, `unusual` and `direction` filled in.

    The false discovery rate is held at 5% over all rows of all tables that have a p-value: give it everything
    that one run compares (every measure, offence, year and place, shares and rates), at once.
    """
    p = [np.array(table["p_value"].to_pylist(), dtype=float) for table in tables]
    q = q_values(np.concatenate(p)) if p else np.array([])
    ends = np.cumsum([len(part) for part in p])[:-1]
    return [_filled(table, part) for table, part in zip(tables, np.split(q, ends), strict=True)]


def count_unusual(spread: pa.Table, tables: Sequence[pa.Table]) -> pa.Table:
    """`spread` with the number of unusual forces for each measure, offence and year."""
    found: dict[tuple[str, str, str], int] = {}
    for table in tables:
        rows = [row if "measure" in row else row | {"measure": RATE} for row in table.to_pylist()]
        for key, group in grouped(rows, "measure", "offence_key", "financial_year").items():
            found[key] = found.get(key, 0) + sum(bool(row["unusual"]) for row in group)
    keys = zip(*(spread[column].to_pylist() for column in ("measure", "offence_key", "financial_year")), strict=True)
    return _replaced(spread, "unusual", [found.get(key, 0) for key in keys])


def _filled(table: pa.Table, q: Floats) -> pa.Table:
    unusual = [bool(value <= FALSE_DISCOVERY) for value in q]
    raw = table["raw_share" if "raw_share" in table.column_names else "raw_per_1000"].to_pylist()
    expected = table["expected"].to_pylist()
    direction = [
        ("higher" if own > other else "lower") if named else ""
        for named, own, other in zip(unusual, raw, expected, strict=True)
    ]
    table = _replaced(table, "q_value", [None if np.isnan(value) else float(value) for value in q])
    return _replaced(_replaced(table, "unusual", unusual), "direction", direction)


def _replaced(table: pa.Table, column: str, values: Sequence[object]) -> pa.Table:
    place = table.column_names.index(column)
    field = table.schema.field(column)
    return table.set_column(place, field, pa.array(values, type=field.type))
