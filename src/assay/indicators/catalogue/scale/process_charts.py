"""Is a force's quarterly count doing what it has been doing, or has something changed?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from assay.indicators.catalogue.scale.published_trends import Series, steps_of
from assay.stats.process_control import process

PROCESS = pa.schema(
    [
        ("place_code", pa.string()),
        ("offence_key", pa.string()),
        ("financial_year", pa.string()),
        ("quarter", pa.int64()),
        ("offences", pa.int64()),
        ("centre", pa.float64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
        ("phase", pa.int64()),
        ("signal", pa.string()),
    ]
)
WORDS = pa.schema([(name, pa.string()) for name in ("place_code", "offence_key", "words")])


def charts(series: Sequence[Series]) -> tuple[pa.Table, pa.Table]:
    """The tables `process` (one row a quarter) and `process_words` (one row a series) of XmR charts.

    A new phase starts where a usable break is registered.
    """
    points: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    for one in series:
        made = process(one.counts, [str(time) for time in one.times], breaks=steps_of(one))
        place = {"place_code": one.place_code, "offence_key": one.offence_key}
        words.append(place | {"words": made.words})
        for time, count, point in zip(one.times, one.counts, made.points, strict=True):
            when = {"financial_year": time.financial_year, "quarter": time.number, "offences": count}
            points.append(place | when | {k: v for k, v in asdict(point).items() if k != "count"})
    return pa.Table.from_pylist(points, schema=PROCESS), pa.Table.from_pylist(words, schema=WORDS)
