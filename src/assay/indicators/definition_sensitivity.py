"""How would each indicator be answered if only the crimes that one definition takes in were counted?

A definition is a parameter. The answers of all records are there; here they are counted once more for the records that
belong to crimes which a definition takes in for certain, and for what was reported while the victim was a child. A
record that belongs to no crime is counted under every definition, as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay import reference
from assay.engine.portable_expressions import stacked
from assay.indicators import ALL, EVERYWHERE, Indicator, Tally
from assay.indicators.conditions import Condition
from assay.indicators.indicator_answers import LADDERS

if TYPE_CHECKING:
    import ibis

    from assay.engine.expressions import Expressions

OF_CRIMES = ("flagged_or_titled_cse", "flagged_csa", "child_by_code", "contact_by_several")
"""The definitions of a crime that are tried: what forces mark, what the code alone tells, and what two or more did."""
AS_CHILD = "child when reported"
TEXT = pa.string()
TRIED = pa.schema([("choice", TEXT), ("says", TEXT), *LADDERS])
"""A ladder of everyone together under each choice; `says`: the choice in words."""
Row = dict[str, Any]


def redefined(
    forms: Sequence[Indicator],
    facts: Mapping[str, ibis.Table],
    engine: Expressions,
    answers: pa.Table,
    ladders: pa.Table,
) -> pa.Table:
    """The table of `TRIED`: every row of `ladders` once for each definition that is tried.

    `answers` are those of every record, from `measured`; `facts` lie in `engine`.
    """
    every = ladders.to_pylist()
    whole = [row for row in every if row["when_reported"] == ALL]
    counted = _counted([form for form in forms if "crime_ref" in facts[form.record].columns], facts, engine, answers)
    rows = list(_reported_as_children(every, whole))
    for key in OF_CRIMES:
        title = reference.predicates().get(key).title
        says = f"Only crimes under the definition: {title[:1].lower()}{title[1:]}"
        rows += [{**_under(row, counted, key), "choice": f"definition {key}", "says": says} for row in whole]
    return pa.Table.from_pylist(rows, TRIED)


def _reported_as_children(every: Sequence[Row], whole: Sequence[Row]) -> Iterator[Row]:
    """Where answers are counted apart by age when reported, only what was reported while the victim was a child."""
    apart = {(row["indicator"], row["place_code"]): row for row in every if row["when_reported"] == AS_CHILD}
    for row in whole:
        told = apart.get((row["indicator"], row["place_code"]), row) | {"when_reported": ALL}
        yield told | {"choice": "reported as a child", "says": "Only what was reported while the victim was a child"}


def _counted(
    forms: Sequence[Indicator], facts: Mapping[str, ibis.Table], engine: Expressions, answers: pa.Table
) -> dict[tuple[str, str], dict[str, Counter[str]]]:
    """By indicator and place, of the forms asked of something that belongs to a crime: answers by definition."""
    found: dict[tuple[str, str], dict[str, Counter[str]]] = {
        (form.key, ""): {key: Counter() for key in OF_CRIMES} for form in forms
    }
    if not forms:
        return found
    for row in engine.run(_by_answer(forms, facts, engine, answers)).to_pylist():
        for place in (row["force_code"], EVERYWHERE):
            held = found.setdefault((row["indicator"], place), {key: Counter() for key in OF_CRIMES})
            for key in OF_CRIMES:
                held[key][row["answer"]] += row[key]
    return found


def _by_answer(
    forms: Sequence[Indicator], facts: Mapping[str, ibis.Table], engine: Expressions, answers: pa.Table
) -> ibis.Table:
    import ibis

    crime = facts["crime"]
    inside = {key: Condition(reference.predicates().get(key).condition).ibis(crime) for key in OF_CRIMES}
    crimes = engine.keep("redefined_crimes", crime.select(
        "force_code", "crime_ref", **{key: told.fill_null(False) for key, told in inside.items()}))  # fmt: skip
    of = stacked([
        facts[record].filter(~facts[record].crime_ref.isnull()).select(
            "force_code", "record_ref", "crime_ref", record=ibis.literal(record))
        for record in dict.fromkeys(form.record for form in forms)
    ])  # fmt: skip
    asked = pa.table({"indicator": [form.key for form in forms], "record": [form.record for form in forms]},
                     schema=pa.schema([("indicator", pa.string()), ("record", pa.string())]))  # fmt: skip
    rows = engine.table("redefined_answers", answers.select(["indicator", "force_code", "record_ref", "answer"]))
    rows = rows.join(engine.table("redefined_forms", asked), "indicator")
    rows = rows.join(of, ["record", "force_code", "record_ref"]).join(crimes, ["force_code", "crime_ref"])
    return rows.group_by("indicator", "force_code", "answer").aggregate(
        **{key: rows.count(where=rows[key]) for key in OF_CRIMES}
    )


def _under(row: Row, counted: Mapping[tuple[str, str], Mapping[str, Counter[str]]], key: str) -> Row:
    """The same row with the answers of the records that a definition takes in."""
    if row["not_askable"] or (row["indicator"], "") not in counted:
        return row
    told = Tally.of(counted.get((row["indicator"], row["place_code"]), {}).get(key, Counter())).as_row()
    if row["share"] is None:
        told |= {"share": None, "share_lowest": None, "share_highest": None}
    return row | told
