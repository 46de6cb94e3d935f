"""Select the published time series of each place, and compute the tables `trends` and `levels`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay.facts.financial_quarters import Quarter, make_quarter
from assay.indicators.catalogue.scale.published_trend_findings import FACTORS, assessed_series
from assay.indicators.catalogue.scale.published_trends import (
    Series,
    estimate_level,
    level_rows,
    offence_series,
    trend_rows,
)
from assay.sdc.released_rows.published_rows import ChildrenInNeedRow

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


def select_series(
    quarterly: pa.Table,
    assessed: Sequence[ChildrenInNeedRow],
    *,
    default: str,
    title: Callable[[str], str],
) -> list[Series]:
    """Return the published series to analyse: offences recorded by police, and assessments by partners.

    England and Wales has every offence key, other places the default set. `quarterly` is the table of
    `facts.recorded_quarterly`; `title` returns the title of an offence key.
    """
    counts = _by_place_and_key(quarterly)
    place_keys = sorted((place, key) for place, key in counts if place != "EW44" and (place == "EW" or key == default))
    offences = [_place_series(counts, place, key, title(key)) for place, key in place_keys]
    partner = [assessed_series(assessed, factor) for factor in FACTORS]
    return [series for series in (candidate.published for candidate in [*offences, *partner]) if series.counts]


def quarterly_series(quarterly: pa.Table, place_code: str, offence_key: str, title: str) -> Series:
    """Return the published quarters of one place and offence key; empty if nothing was published."""
    counts = _by_place_and_key(quarterly.filter(pc.field("place_code") == place_code))
    if (place_code, offence_key) not in counts:
        return Series(title, place_code, offence_key, (), Quarter(0), ())
    return _place_series(counts, place_code, offence_key, title).published


def _by_place_and_key(quarterly: pa.Table) -> Counts:
    counts: Counts = {}
    for row in quarterly.to_pylist():
        time = make_quarter(row["financial_year"], row["quarter"])
        counts.setdefault((row["place_code"], row["offence_key"]), {})[time] = row["offences"]
    return counts


def _place_series(counts: Counts, place: str, key: str, title: str) -> Series:
    parts = {code: count for (code_place, code), count in counts.items() if code_place == place}
    return offence_series(counts[place, key], title, place, key, parts)


def trends_and_levels(series: Sequence[Series], progress: Callable[[str, int, int], None]) -> tuple[pa.Table, pa.Table]:
    """Return the tables `trends` and `levels` of these series (levels of offence series only)."""
    trends: list[dict[str, Any]] = []
    levels: list[dict[str, Any]] = []
    for done, single_series in enumerate(series):
        progress("Following each count over time", done, len(series))
        estimated = estimate_level(single_series)
        trends += trend_rows(single_series, estimated)
        levels += level_rows(single_series, estimated) if single_series.offence_key else []
    progress("Following each count over time", len(series), len(series))
    return pa.Table.from_pylist(trends, schema=TRENDS), pa.Table.from_pylist(levels, schema=LEVELS)
