"""Month by month, force by force and kind of offence by kind: how many records met each indicator?

For the inspection's own people: what a comparison over time is made of. A crime has a month and a kind of offence; what
was done for a child (an assessment, a spell on a list, a missing episode) has a month alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from assay.engine.expressions import Expressions
from assay.engine.portable_expressions import month_of, number_where, stacked
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
"""Records that belong to no one crime, with the day whose month is theirs: of assessments and of protection."""


def results(indicators: Sequence[Indicator], facts: Mapping[str, ibis.Table]) -> tuple[Indicator, ...]:
    """The indicators of responses whose records belong to a crime, which has a month and a kind of offence."""
    return tuple(
        one for one in indicators if one.line == "responses" and "crime_ref" in facts[one.record].columns
    )  # fmt: skip


def of_children(indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """The indicators of responses and assessments whose records are in `DATED`."""
    return tuple(one for one in indicators if one.line in ("responses", "assessments") and one.record in DATED)


def monthly(
    indicators: Sequence[Indicator], facts: Mapping[str, ibis.Table], engine: Expressions, answers: pa.Table
) -> pa.Table:
    """The table `MONTHLY` of the indicators of `results`, whose records belong to the month in which their crime was
    recorded, and of `of_children`, to the month of their own day."""
    asked = (*results(indicators, facts), *of_children(indicators))
    if not asked:
        return MONTHLY.empty_table()
    told = pa.table({"indicator": [one.key for one in asked], "record": [one.record for one in asked]},
                    schema=pa.schema([("indicator", TEXT), ("record", TEXT)]))  # fmt: skip
    given = engine.table("monthly_answers", answers.select(["indicator", "force_code", "record_ref", "answer"]))
    given = given.join(engine.table("monthly_forms", told), "indicator")
    kinds = dict.fromkeys(one.record for one in asked)
    whose = stacked([_months_of(name, facts) for name in kinds])
    both = given.join(whose, ["record", "force_code", "record_ref"])
    both = both.filter(both.answer.isin((MET, NOT_MET)) & ~both.month.isnull())
    both = both.mutate(offence_family=both.offence_family.fill_null(""))
    counted = both.group_by("indicator", "force_code", "month", "offence_family").aggregate(
        met=number_where(both, both.answer == MET), base=both.count()
    )
    return engine.run(counted).cast(MONTHLY)


def _months_of(name: str, facts: Mapping[str, ibis.Table]) -> ibis.Table:
    """The month and kind of offence of each record of a table of facts: force_code, record_ref, record, ..."""
    import ibis

    rows = facts[name]
    if name in DATED:
        month = month_of(rows[DATED[name]])
        return rows.select("force_code", "record_ref", record=ibis.literal(name), offence_family=ibis.literal(""),
                           month=month)  # fmt: skip
    crimes = facts["crime"].select("force_code", "crime_ref", "offence_family", month="recorded_month")
    both = crimes_of(name, rows).join(crimes, ["force_code", "crime_ref"])
    return both.select("force_code", "record_ref", "record", "offence_family", "month")


def crimes_of(name: str, rows: ibis.Table) -> ibis.Table:
    """The crime of each record of a table of facts: force_code, record_ref, crime_ref and `record`, the table."""
    import ibis

    return rows.select("force_code", "record_ref", "crime_ref", record=ibis.literal(name)).filter(
        ~rows.crime_ref.isnull()
    )
