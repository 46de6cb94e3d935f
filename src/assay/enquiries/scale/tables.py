"""Which counts are followed, in which places, and what do their tables hold?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pyarrow as pa

from assay.enquiries.scale.trend import Series, level_of, level_rows, series_of, trend_rows
from assay.enquiries.scale.wane import FACTORS, assessed_series

TRENDS = pa.schema(
    [(name, pa.string()) for name in ("place_code", "offence_key", "series")]
    + [("years_apart", pa.int32())]
    + [(name, pa.string()) for name in ("latest_from", "latest_to", "earlier_from", "earlier_to")]
    + [(name, pa.float64()) for name in ("probability_fell", "probability_fell_5_percent", "change", "change_low", "change_high")]
    + [("breaks_between", pa.string()), ("across_break", pa.bool_()), ("refusal", pa.string()), ("explanation", pa.string())]
)
LEVELS = pa.schema(
    [("place_code", pa.string()), ("offence_key", pa.string()), ("financial_year", pa.string()), ("quarter", pa.int32())]
    + [(name, pa.float64()) for name in ("level", "level_low", "level_high")]
)


def followed(
    quarterly: Iterable[dict[str, Any]],
    assessed: Sequence[dict[str, Any]],
    *,
    default: str,
    title: Callable[[str], str],
) -> list[Series]:
    """England and Wales by every offence key, every other place by the default set, and the partner series.

    `title` puts an offence key into words.
    """
    by_series: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in quarterly:
        by_series.setdefault((row["place_code"], row["offence_key"]), []).append(row)
    wanted = [(place, key) for place, key in by_series if place != "EW44" and (place == "EW" or key == default)]
    offences = [series_of(by_series[pair], title(pair[1]), *pair) for pair in sorted(wanted)]
    partner = [assessed_series(assessed, factor) for factor in FACTORS]
    return [kept for kept in (one.published for one in [*offences, *partner]) if kept.counts]


def trends_and_levels(
    series: Sequence[Series], progress: Callable[[str, int, int], None]
) -> tuple[pa.Table, pa.Table]:
    """The tables `trends` and `levels` of these series (levels of offence series only)."""
    trends: list[dict[str, Any]] = []
    levels: list[dict[str, Any]] = []
    for done, one in enumerate(series):
        progress("Following each count over time", done, len(series))
        estimated = level_of(one)
        trends += trend_rows(one, estimated)
        levels += level_rows(one, estimated) if one.offence_key else []
    progress("Following each count over time", len(series), len(series))
    return pa.Table.from_pylist(trends, schema=TRENDS), pa.Table.from_pylist(levels, schema=LEVELS)
