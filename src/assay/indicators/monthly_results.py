"""Number of records that met each indicator, by month, force and kind of offence.

Input for comparisons over time, not for release. A crime has a month and a kind of offence; an assessment, a spell on a
list or a missing episode has a month only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from assay.engine.expressions import ExpressionEngine
from assay.engine.portable_expressions import count_where, month_text, union_all
from assay.indicators import MET, NOT_MET, Indicator

if TYPE_CHECKING:
    import ibis

TEXT, WHOLE = pa.string(), pa.int64()
MONTHLY = pa.schema([("indicator", TEXT), ("force_code", TEXT), ("month", TEXT), ("offence_family", TEXT),
                     ("met", WHOLE), ("base", WHOLE)])  # fmt: skip

DATED: Mapping[str, str] = {
    "assessment": "assessed_day",
    "exploited_child": "known_day",
    "list_spell": "ended_day",
    "missing_episode": "started_day",
}
"""Records without a single crime, with the column of the day that dates them: assessments and protection."""


def crime_indicators(indicators: Sequence[Indicator], facts: Mapping[str, ibis.Table]) -> tuple[Indicator, ...]:
    """Return the response indicators whose records belong to a crime, which gives them a month and an offence kind."""
    return tuple(
        indicator
        for indicator in indicators
        if indicator.line == "responses" and "crime_ref" in facts[indicator.record].columns
    )


def dated_indicators(indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """Return the indicators of responses and assessments whose records have a date (`DATED`)."""
    return tuple(
        indicator
        for indicator in indicators
        if indicator.line in ("responses", "assessments") and indicator.record in DATED
    )


def monthly(
    indicators: Sequence[Indicator], facts: Mapping[str, ibis.Table], engine: ExpressionEngine, answers: pa.Table
) -> pa.Table:
    """Return the number of records that met each indicator, by month, force and kind of offence (`MONTHLY`).

    Records of `crime_indicators` belong to the month in which their crime was recorded, those of `dated_indicators` to
    the month of their own day.
    """
    selected = (*crime_indicators(indicators, facts), *dated_indicators(indicators))
    if not selected:
        return MONTHLY.empty_table()
    form_table = pa.table(
        {
            "indicator": [indicator.key for indicator in selected],
            "record": [indicator.record for indicator in selected],
        },
        schema=pa.schema([("indicator", TEXT), ("record", TEXT)]),
    )
    answer_rows = engine.table("monthly_answers", answers.select(["indicator", "force_code", "record_ref", "answer"]))
    answer_rows = answer_rows.join(engine.table("monthly_forms", form_table), "indicator")
    kinds = dict.fromkeys(indicator.record for indicator in selected)
    record_months = union_all([_months_of(name, facts) for name in kinds])
    joined_rows = answer_rows.join(record_months, ["record", "force_code", "record_ref"])
    joined_rows = joined_rows.filter(joined_rows.answer.isin((MET, NOT_MET)) & ~joined_rows.month.isnull())
    joined_rows = joined_rows.mutate(offence_family=joined_rows.offence_family.fill_null(""))
    counts = joined_rows.group_by("indicator", "force_code", "month", "offence_family").aggregate(
        met=count_where(joined_rows, joined_rows.answer == MET), base=joined_rows.count()
    )
    return engine.run(counts).cast(MONTHLY)


def _months_of(name: str, facts: Mapping[str, ibis.Table]) -> ibis.Table:
    """Return the month and kind of offence of each record of a fact table: force_code, record_ref, record, ..."""
    import ibis

    rows = facts[name]
    if name in DATED:
        month = month_text(rows[DATED[name]])
        return rows.select("force_code", "record_ref", record=ibis.literal(name), offence_family=ibis.literal(""),
                           month=month)  # fmt: skip
    crimes = facts["crime"].select("force_code", "crime_ref", "offence_family", month="recorded_month")
    joined_rows = crimes_of(name, rows).join(crimes, ["force_code", "crime_ref"])
    return joined_rows.select("force_code", "record_ref", "record", "offence_family", "month")


def crimes_of(name: str, rows: ibis.Table) -> ibis.Table:
    """Return force_code, record_ref, crime_ref and `record` (the table) of each record of a fact table."""
    import ibis

    return rows.select("force_code", "record_ref", "crime_ref", record=ibis.literal(name)).filter(
        ~rows.crime_ref.isnull()
    )
