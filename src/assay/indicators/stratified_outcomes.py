"""Of crimes that are alike, how did those fare that a specialist team had, and the suspects of groups beside lone ones?

For the inspection's own people: what a comparison of like with like is made of. A record takes from its crime what it
is sorted by: whether a specialist team had it, or whether it has two or more suspects; and what makes crimes alike: the
kind of offence, whether a victim was a child when it was reported, whether a suspect is named, whether exploitation is
marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from assay.engine.expressions import Expressions
from assay.engine.portable_expressions import beside, number_where, stacked
from assay.indicators import MET, NOT_MET, Indicator
from assay.indicators.monthly_results import crimes_of, results

if TYPE_CHECKING:
    import ibis

TEXT, WHOLE = pa.string(), pa.int64()
SPECIALIST, SEVERAL = "specialist team", "two or more suspects"
CRIME = ("force_code", "crime_ref")
OF_SUSPECTS = ("pursuit", "prosecution")
"""The records of which each is one suspect: a group is held against lone suspects suspect by suspect."""
YES, NO, UNKNOWN = "yes", "no", "not known"
ALIKE = pa.schema([("sorted_by", TEXT), ("indicator", TEXT), ("force_code", TEXT), ("kind", TEXT), ("sort", TEXT),
                   ("met", WHOLE), ("base", WHOLE)])  # fmt: skip


def alike(
    indicators: Sequence[Indicator], facts: Mapping[str, ibis.Table], engine: Expressions, answers: pa.Table
) -> pa.Table:
    """The table `ALIKE`: answers that tell, by force, `kind` (crimes of one kind are alike), and `sort` ("yes", "no" or
    "not known") of what they are sorted by."""
    asked = results(indicators, facts)
    if not asked:
        return ALIKE.empty_table()
    told = pa.table({"indicator": [one.key for one in asked], "record": [one.record for one in asked]},
                    schema=pa.schema([("indicator", TEXT), ("record", TEXT)]))  # fmt: skip
    given = engine.table("alike_answers", answers.select(["indicator", "force_code", "record_ref", "answer"]))
    given = given.join(engine.table("alike_forms", told), "indicator")
    crimes = engine.keep("alike_crimes", _crimes(facts))
    whose = stacked([crimes_of(name, facts[name]) for name in dict.fromkeys(form.record for form in asked)])
    both = given.join(whose, ["record", "force_code", "record_ref"]).join(crimes, list(CRIME))
    both = engine.keep("alike_both", both.filter(both.answer.isin((MET, NOT_MET))))
    of_suspects = both.filter(both.record.isin(OF_SUSPECTS))
    parts = [_counted(both, SPECIALIST, "specialist"), _counted(of_suspects, SEVERAL, "several")]
    return engine.run(stacked(parts)).cast(ALIKE)


def _crimes(facts: Mapping[str, ibis.Table]) -> ibis.Table:
    """One row a crime: what it is sorted by, and its kind."""
    rows = facts["crime"].select(
        *CRIME, "offence_family", "when_reported", "suspect_count", "cse_flagged", "cse_titled"
    )
    teams = facts["investigation"].select(*CRIME, "specialist_team", "named_suspect")
    rows = beside(rows, teams, list(CRIME))
    parts = [
        rows.offence_family.fill_null(""),
        rows.when_reported.fill_null(UNKNOWN),
        _said(rows.named_suspect),
        _said(rows.cse_flagged | rows.cse_titled),
    ]
    kind = parts[0]
    for part in parts[1:]:
        kind = kind + "; " + part
    return rows.select(*CRIME, specialist=_said(rows.specialist_team), several=_said(rows.suspect_count > 1), kind=kind)


def _said(value: ibis.Value) -> ibis.Value:
    import ibis

    return ibis.cases((value, YES), (~value, NO), else_=UNKNOWN)


def _counted(rows: ibis.Table, sorted_by: str, column: str) -> ibis.Table:
    import ibis

    rows = rows.mutate(sorted_by=ibis.literal(sorted_by), sort=rows[column])
    return rows.group_by("sorted_by", "indicator", "force_code", "kind", "sort").aggregate(
        met=number_where(rows, rows.answer == MET), base=rows.count()
    )
