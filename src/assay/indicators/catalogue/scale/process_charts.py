"""XmR process charts of each force's quarterly counts: is a change more than ordinary variation?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from assay.indicators.catalogue.scale.published_trends import Series, break_positions
from assay.stats.process_control import control_chart

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
    """Return the tables `control_chart` (one row for each quarter) and `process_words` (one row for each series) of XmR
    charts.

    A new phase starts where a usable break is registered.
    """
    points: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    for single_series in series:
        chart = control_chart(
            single_series.counts, [str(time) for time in single_series.times], breaks=break_positions(single_series)
        )
        place = {"place_code": single_series.place_code, "offence_key": single_series.offence_key}
        words.append(place | {"words": chart.words})
        for time, count, point in zip(single_series.times, single_series.counts, chart.points, strict=True):
            when = {"financial_year": time.financial_year, "quarter": time.number, "offences": count}
            points.append(place | when | {k: v for k, v in asdict(point).items() if k != "count"})
    return pa.Table.from_pylist(points, schema=PROCESS), pa.Table.from_pylist(words, schema=WORDS)
