"""Stratified comparison of outcomes: specialist teams with other teams, and suspects in groups with lone suspects.

Input for stratified comparisons, not for release. Each record has the group of its crime (specialist team or not; two
or more suspects or one) and its stratum: the kind of offence, whether a victim was a child when it was reported,
whether a suspect is named, and whether exploitation is flagged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from assay.engine.expressions import ExpressionEngine
from assay.engine.portable_expressions import count_where, left_join, union_all
from assay.indicators import MET, NOT_MET, Indicator
from assay.indicators.monthly_results import crime_indicators, crimes_of

if TYPE_CHECKING:
    import ibis

TEXT, WHOLE = pa.string(), pa.int64()
SPECIALIST, MULTIPLE_SUSPECTS = "specialist team", "two or more suspects"
CRIME = ("force_code", "crime_ref")
SUSPECT_RECORDS = ("pursuit", "prosecution")
"""Records that are one suspect each: group suspects are compared with lone suspects by suspect."""
YES, NO, UNKNOWN = "yes", "no", "not known"
STRATIFIED_OUTCOMES = pa.schema(
    [
        ("sorted_by", TEXT),
        ("indicator", TEXT),
        ("force_code", TEXT),
        ("kind", TEXT),
        ("sort", TEXT),
        ("met", WHOLE),
        ("base", WHOLE),
    ]
)


def compare_strata(
    indicators: Sequence[Indicator], facts: Mapping[str, ibis.Table], engine: ExpressionEngine, answers: pa.Table
) -> pa.Table:
    """Count answers by force, stratum and group, so that crimes of one stratum can be compared between groups."""
    selected = crime_indicators(indicators, facts)
    if not selected:
        return STRATIFIED_OUTCOMES.empty_table()
    form_table = pa.table(
        {
            "indicator": [indicator.key for indicator in selected],
            "record": [indicator.record for indicator in selected],
        },
        schema=pa.schema([("indicator", TEXT), ("record", TEXT)]),
    )
    answer_rows = engine.table("alike_answers", answers.select(["indicator", "force_code", "record_ref", "answer"]))
    answer_rows = answer_rows.join(engine.table("alike_forms", form_table), "indicator")
    crimes = engine.create_table("alike_crimes", _crimes(facts))
    record_crimes = union_all(
        [crimes_of(name, facts[name]) for name in dict.fromkeys(form.record for form in selected)]
    )
    joined_rows = answer_rows.join(record_crimes, ["record", "force_code", "record_ref"]).join(crimes, list(CRIME))
    joined_rows = engine.create_table("alike_both", joined_rows.filter(joined_rows.answer.isin((MET, NOT_MET))))
    suspect_rows = joined_rows.filter(joined_rows.record.isin(SUSPECT_RECORDS))
    parts = [
        _count_strata(joined_rows, SPECIALIST, "specialist"),
        _count_strata(suspect_rows, MULTIPLE_SUSPECTS, "several"),
    ]
    return engine.run(union_all(parts)).cast(STRATIFIED_OUTCOMES)


def _crimes(facts: Mapping[str, ibis.Table]) -> ibis.Table:
    """Return one row for each crime: its groups and its stratum."""
    rows = facts["crime"].select(
        *CRIME, "offence_family", "when_reported", "suspect_count", "cse_flagged", "cse_titled"
    )
    teams = facts["investigation"].select(*CRIME, "specialist_team", "named_suspect")
    rows = left_join(rows, teams, list(CRIME))
    parts = [
        rows.offence_family.fill_null(""),
        rows.when_reported.fill_null(UNKNOWN),
        _yes_no(rows.named_suspect),
        _yes_no(rows.cse_flagged | rows.cse_titled),
    ]
    kind = parts[0]
    for part in parts[1:]:
        kind = kind + "; " + part
    return rows.select(
        *CRIME, specialist=_yes_no(rows.specialist_team), several=_yes_no(rows.suspect_count > 1), kind=kind
    )


def _yes_no(value: ibis.Value) -> ibis.Value:
    import ibis

    return ibis.cases((value, YES), (~value, NO), else_=UNKNOWN)


def _count_strata(rows: ibis.Table, sorted_by: str, column: str) -> ibis.Table:
    import ibis

    rows = rows.mutate(sorted_by=ibis.literal(sorted_by), sort=rows[column])
    return rows.group_by("sorted_by", "indicator", "force_code", "kind", "sort").aggregate(
        met=count_where(rows, rows.answer == MET), base=rows.count()
    )
