"""Over everything compared in one run, which forces are unusual, with few of them named by chance?"""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.compare.comparison_tables import grouped
from assay.compare.previous_alerts import FALSE_DISCOVERY, FIRST, NAMED_UP_TO, Before, is_same
from assay.compare.rate_comparison import MEASURE as RATE
from assay.stats.false_discovery import q_values
from assay.stats.posterior_grid import Floats

__all__ = ["FALSE_DISCOVERY", "count_unusual", "hold_false_discovery", "p_asked", "side_of", "sides", "weight_of"]
WORSE, BETTER_SIDE = 1.8, 0.2
"""What is looked for is what is worse: of the chance that is allowed, that side has nine parts and the other one.
Together they are what two sides without a good one have."""


def hold_false_discovery(
    tables: Sequence[pa.Table],
    better: Mapping[str, str] | None = None,
    before: Before = FIRST,
    up_to: float = NAMED_UP_TO,
) -> list[pa.Table]:
    """The same tables of shares and rates with `q_value`, `unusual` and `direction` filled in.

    The false discovery rate is to be held at 5% (how far it is: decision 0150) over all rows with a p-value: give it
    everything that one run compares (every measure, offence, year and place, shares and rates), at once. `better`: by
    measure "higher" or "lower" where one side is the good one. Each p-value is of two sides, and stands for two
    questions, one a side, weighted by `WORSE` and `BETTER_SIDE`, or alike (Genovese, Roeder and Wasserman, Biometrika
    93, 2006, 509-524). `before`: those that were there before; what one of them called on the same side is not tested
    again, and this one holds what is left to it (`previous_alerts.py`). `up_to`: the q-value up to which a first one
    names.
    """
    p = [p_asked(table, better or {}, before) for table in tables]
    q = q_values(np.concatenate(p)) if p else np.array([])
    ends = np.cumsum([len(part) for part in p])[:-1]
    return [_filled(table, part, before.level(up_to)) for table, part in zip(tables, np.split(q, ends), strict=True)]


def p_asked(table: pa.Table, better: Mapping[str, str], before: Before) -> Floats:
    """The p-values among which false discovery is held, weighted; NaN where none is asked."""
    return np.where(_called_before(table, before), np.nan, _weighted(table, better))


def count_unusual(spread: pa.Table, tables: Sequence[pa.Table]) -> pa.Table:
    """`spread` with the number of unusual forces for each measure, offence and year."""
    found: dict[tuple[str, str, str], int] = {}
    for table in tables:
        rows = [row if "measure" in row else row | {"measure": RATE} for row in table.to_pylist()]
        for key, group in grouped(rows, "measure", "offence_key", "financial_year").items():
            found[key] = found.get(key, 0) + sum(bool(row["unusual"]) for row in group)
    keys = zip(*(spread[column].to_pylist() for column in ("measure", "offence_key", "financial_year")), strict=True)
    return _replaced(spread, "unusual", [found.get(key, 0) for key in keys])


def _called_before(table: pa.Table, before: Before) -> NDArray[np.bool_]:
    """Which rows an earlier inspection called, on the side on which they lie now."""
    if not before.calls:
        return np.zeros(table.num_rows, dtype=bool)
    keys = zip(table["measure"].to_pylist(), table["place_code"].to_pylist(), sides(table), strict=True)
    return np.array([is_same(before.calls.get((measure, place)), side) for measure, place, side in keys], dtype=bool)


def _filled(table: pa.Table, q: Floats, level: float) -> pa.Table:
    unusual = [bool(value <= level) for value in q]
    direction = [side if named else "" for named, side in zip(unusual, sides(table), strict=True)]
    table = _replaced(table, "q_value", [None if np.isnan(value) else float(value) for value in q])
    return _replaced(_replaced(table, "unusual", unusual), "direction", direction)


def sides(table: pa.Table) -> list[str]:
    """On which side of what the others lead one to expect each row lies; '' where it was not compared."""
    raw = table["raw_share" if "raw_share" in table.column_names else "raw_per_1000"].to_pylist()
    pairs = zip(raw, table["expected"].to_pylist(), strict=True)
    return ["" if own is None or other is None else side_of(own, other) for own, other in pairs]


def side_of(own: float, expected: float) -> str:
    """On which side a figure lies of what the others lead one to expect."""
    return "higher" if own > expected else "lower"


def _weighted(table: pa.Table, better: Mapping[str, str]) -> Floats:
    """The p-value of each row, divided by the weight of the side on which the row lies."""
    measures = table["measure"].to_pylist() if "measure" in table.column_names else [RATE] * table.num_rows
    pairs = zip(measures, sides(table), strict=True)
    weights = [weight_of(better.get(measure, ""), side) for measure, side in pairs]
    p = np.array(table["p_value"].to_pylist(), dtype=float)
    return np.asarray(np.minimum(p / np.array(weights), 1.0))


def weight_of(good: str, side: str) -> float:
    """How much more than evenly a side is asked after: 1 where there is no good one."""
    if not good or not side:
        return 1.0
    return BETTER_SIDE if good == side else WORSE


def _replaced(table: pa.Table, column: str, values: Sequence[object]) -> pa.Table:
    place = table.column_names.index(column)
    field = table.schema.field(column)
    return table.set_column(place, field, pa.array(values, type=field.type))
