"""Which counts are followed, in which places, and what do their tables hold?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pyarrow as pa

from assay.facts.financial_quarters import Quarter, quarter
from assay.indicators.catalogue.scale.published_trends import Series, level_of, level_rows, series_of, trend_rows
from assay.indicators.catalogue.scale.wane_findings import FACTORS, assessed_series

TRENDS = pa.schema(
    [(name, pa.string()) for name in ("place_code", "offence_key", "series")]
    + [("years_apart", pa.int32())]
    + [(name, pa.string()) for name in ("latest_from", "latest_to", "earlier_from", "earlier_to")]
    + [
        (name, pa.float64())
        for name in ("probability_fell", "probability_fell_5_percent", "change", "change_low", "change_high")
    ]
    + [
        ("breaks_between", pa.string()),
        ("across_break", pa.bool_()),
        ("refusal", pa.string()),
        ("explanation", pa.string()),
    ]
)
LEVELS = pa.schema(
    [
        ("place_code", pa.string()),
        ("offence_key", pa.string()),
        ("financial_year", pa.string()),
        ("quarter", pa.int32()),
    ]
    + [(name, pa.float64()) for name in ("level", "level_low", "level_high")]
)

Counts = dict[tuple[str, str], dict[Quarter, int | None]]


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
    counts = _by_place_and_key(quarterly)
    wanted = sorted((place, key) for place, key in counts if place != "EW44" and (place == "EW" or key == default))
    offences = [_one(counts, place, key, title(key)) for place, key in wanted]
    partner = [assessed_series(assessed, factor) for factor in FACTORS]
    return [kept for kept in (one.published for one in [*offences, *partner]) if kept.counts]


def quarterly_series(quarterly: Iterable[dict[str, Any]], place_code: str, offence_key: str, title: str) -> Series:
    """The published quarters of one place and offence key; no counts where nothing was published."""
    counts = _by_place_and_key(row for row in quarterly if row["place_code"] == place_code)
    if (place_code, offence_key) not in counts:
        return Series(title, place_code, offence_key, (), Quarter(0), ())
    return _one(counts, place_code, offence_key, title).published


def _by_place_and_key(quarterly: Iterable[dict[str, Any]]) -> Counts:
    counts: Counts = {}
    for row in quarterly:
        time = quarter(row["financial_year"], row["quarter"])
        counts.setdefault((row["place_code"], row["offence_key"]), {})[time] = row["offences"]
    return counts


def _one(counts: Counts, place: str, key: str, title: str) -> Series:
    parts = {code: count for (at, code), count in counts.items() if at == place}
    return series_of(counts[place, key], title, place, key, parts)


def trends_and_levels(series: Sequence[Series], progress: Callable[[str, int, int], None]) -> tuple[pa.Table, pa.Table]:
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
