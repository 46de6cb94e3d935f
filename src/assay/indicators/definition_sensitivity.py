"""Sensitivity to definitions: each indicator evaluated on the crimes that one definition includes.

The answers of all records are counted again for the records of crimes that a definition certainly includes, and for
crimes reported while the victim was a child. A record without a crime is counted under every definition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay import reference
from assay.engine.portable_expressions import union_all
from assay.indicators import ALL, EVERYWHERE, Indicator, Tally
from assay.indicators.conditions import Condition
from assay.indicators.indicator_answers import LADDERS

if TYPE_CHECKING:
    import ibis

    from assay.engine.expressions import ExpressionEngine

TESTED_DEFINITIONS = ("flagged_or_titled_cse", "flagged_csa", "child_by_code", "contact_by_several")
"""The definitions to test: flagged by the force, by offence code alone, and group offending."""
CHILD_WHEN_REPORTED = "child when reported"
TEXT = pa.string()
SENSITIVITY = pa.schema([("choice", TEXT), ("says", TEXT), *LADDERS])
"""Schema: the ladder of all forces combined under each definition; `says`: the definition in words."""
Row = dict[str, Any]


def sensitivity_to_definitions(
    forms: Sequence[Indicator],
    facts: Mapping[str, ibis.Table],
    engine: ExpressionEngine,
    answers: pa.Table,
    ladders: pa.Table,
) -> pa.Table:
    """Return the table `SENSITIVITY`: the rows of `ladders` recomputed under each tested definition of exploitation.

    `answers`: the answer of every record, from `evaluate_indicators`; `facts` are tables of `engine`.
    """
    all_rows = ladders.to_pylist()
    whole = [row for row in all_rows if row["when_reported"] == ALL]
    answer_counts = _count_by_definition(
        [form for form in forms if "crime_ref" in facts[form.record].columns], facts, engine, answers
    )
    rows = list(_reported_as_children(all_rows, whole))
    for key in TESTED_DEFINITIONS:
        title = reference.predicates().get(key).title
        description = f"Only crimes under the definition: {title[:1].lower()}{title[1:]}"
        rows += [
            {**_row_under_definition(row, answer_counts, key), "choice": f"definition {key}", "says": description}
            for row in whole
        ]
    return pa.Table.from_pylist(rows, SENSITIVITY)


def _reported_as_children(all_rows: Sequence[Row], whole: Sequence[Row]) -> Iterator[Row]:
    """Return the rows of crimes reported while the victim was a child, where answers are split by age when reported."""
    child_rows = {
        (row["indicator"], row["place_code"]): row for row in all_rows if row["when_reported"] == CHILD_WHEN_REPORTED
    }
    for row in whole:
        child_row = child_rows.get((row["indicator"], row["place_code"]), row) | {"when_reported": ALL}
        yield child_row | {
            "choice": "reported as a child",
            "says": "Only what was reported while the victim was a child",
        }


def _count_by_definition(
    forms: Sequence[Indicator], facts: Mapping[str, ibis.Table], engine: ExpressionEngine, answers: pa.Table
) -> dict[tuple[str, str], dict[str, Counter[str]]]:
    """Return answer counts by definition, for each indicator and place, for forms whose records belong to a crime."""
    found: dict[tuple[str, str], dict[str, Counter[str]]] = {
        (form.key, ""): {key: Counter() for key in TESTED_DEFINITIONS} for form in forms
    }
    if not forms:
        return found
    for row in engine.run(_by_answer(forms, facts, engine, answers)).to_pylist():
        for place in (row["force_code"], EVERYWHERE):
            counts = found.setdefault((row["indicator"], place), {key: Counter() for key in TESTED_DEFINITIONS})
            for key in TESTED_DEFINITIONS:
                counts[key][row["answer"]] += row[key]
    return found


def _by_answer(
    forms: Sequence[Indicator], facts: Mapping[str, ibis.Table], engine: ExpressionEngine, answers: pa.Table
) -> ibis.Table:
    import ibis

    crime = facts["crime"]
    inside = {key: Condition(reference.predicates().get(key).condition).ibis(crime) for key in TESTED_DEFINITIONS}
    crimes = engine.create_table(
        "redefined_crimes",
        crime.select(
            "force_code", "crime_ref", **{key: condition.fill_null(False) for key, condition in inside.items()}
        ),
    )
    record_crimes = union_all([
        facts[record].filter(~facts[record].crime_ref.isnull()).select(
            "force_code", "record_ref", "crime_ref", record=ibis.literal(record))
        for record in dict.fromkeys(form.record for form in forms)
    ])  # fmt: skip
    form_table = pa.table({"indicator": [form.key for form in forms], "record": [form.record for form in forms]},
                     schema=pa.schema([("indicator", pa.string()), ("record", pa.string())]))  # fmt: skip
    rows = engine.table("redefined_answers", answers.select(["indicator", "force_code", "record_ref", "answer"]))
    rows = rows.join(engine.table("redefined_forms", form_table), "indicator")
    rows = rows.join(record_crimes, ["record", "force_code", "record_ref"]).join(crimes, ["force_code", "crime_ref"])
    return rows.group_by("indicator", "force_code", "answer").aggregate(
        **{key: rows.count(where=rows[key]) for key in TESTED_DEFINITIONS}
    )


def _row_under_definition(
    row: Row, answer_counts: Mapping[tuple[str, str], Mapping[str, Counter[str]]], key: str
) -> Row:
    """Return the row with the answers of the records that a definition includes."""
    if row["not_askable"] or (row["indicator"], "") not in answer_counts:
        return row
    tally_columns = Tally.from_counts(
        answer_counts.get((row["indicator"], row["place_code"]), {}).get(key, Counter())
    ).as_row()
    if row["share"] is None:
        tally_columns |= {"share": None, "share_lowest": None, "share_highest": None}
    return row | tally_columns
