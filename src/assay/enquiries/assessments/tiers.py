"""What came after an assessment, tier by tier: is the order of the tiers that of later harm, everywhere and for all?

A tier is a way to order work. What is asked here is whether the children in higher tiers were more often the victims
of a crime reported within 180 days; it gives no child a chance of anything. A tier that is followed by less harm may
have protected: the order can be right and look wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.commission.risk_tools import TIERS
from assay.engine.expressions import Expressions
from assay.engine.values import beside, number_where
from assay.estimation.ordering import order

if TYPE_CHECKING:
    import ibis

TEXT, WHOLE, NUMBER = pa.string(), pa.int64(), pa.float64()
SPLITS: Mapping[str, str] = {
    "sex": "sex_group",
    "age at the offence": "age_band",
    "ethnicity, as they define it": "ethnicity_self_group",
    "care": "care_status_group",
}
EVERYBODY = "everybody"
TIERS_FORM = pa.schema([("tool", TEXT), ("tier", TEXT), ("place_code", TEXT), ("harmed", WHOLE), ("not_harmed", WHOLE),
                        ("share", NUMBER), ("hidden", TEXT)])  # fmt: skip
ORDER_FORM = pa.schema([("tool", TEXT), ("split", TEXT), ("people", TEXT), ("harmed", WHOLE), ("not_harmed", WHOLE),
                        ("in_100_pairs", NUMBER), ("low", NUMBER), ("high", NUMBER), ("hidden", TEXT)])  # fmt: skip
SCHEMAS = {"tiers": TIERS_FORM, "tier_order": ORDER_FORM}
Rows = list[dict[str, Any]]


def tiers(facts: Mapping[str, ibis.Table], engine: Expressions) -> dict[str, pa.Table]:
    """The tables of `SCHEMAS`, of assessments of the period that were followed for 180 days, and known."""
    rows = engine.run(_counted(facts)).to_pylist()
    return {
        "tiers": pa.Table.from_pylist(list(_by_place(rows)), schema=TIERS_FORM),
        "tier_order": pa.Table.from_pylist(list(_orders(rows)), schema=ORDER_FORM),
    }


def _counted(facts: Mapping[str, ibis.Table]) -> ibis.Table:
    people = facts["described"].filter(facts["described"].role == "victim")
    of_child = people.group_by("force_code", "person_id").aggregate(**{c: people[c].min() for c in SPLITS.values()})
    rows = beside(facts["assessment"], of_child, ["force_code", "person_id"])
    told = rows.followed_180 & rows.in_base & ~rows.harm_in_180.isnull() & ~rows.band.isnull() & ~rows.tool.isnull()
    rows = rows.filter(told.fill_null(False))
    rows = rows.mutate(**{c: rows[c].fill_null("not known") for c in SPLITS.values()})
    return rows.group_by("tool", "band", "force_code", *SPLITS.values()).aggregate(
        harmed=number_where(rows, rows.harm_in_180), not_harmed=number_where(rows, ~rows.harm_in_180)
    )


def _by_place(rows: Rows) -> Iterator[dict[str, Any]]:
    for tool in sorted({row["tool"] for row in rows}):
        places = sorted({row["force_code"] for row in rows if row["tool"] == tool})
        for place in ("ALL", *places):
            for tier in TIERS:
                mine = [
                    r for r in rows if r["tool"] == tool and r["band"] == tier and place in ("ALL", r["force_code"])
                ]
                harmed, others = (sum(row[name] for row in mine) for name in ("harmed", "not_harmed"))
                if harmed + others:
                    yield {"tool": tool, "tier": tier, "place_code": place, "harmed": harmed, "not_harmed": others,
                           "share": harmed / (harmed + others), "hidden": ""}  # fmt: skip


def _orders(rows: Rows) -> Iterator[dict[str, Any]]:
    for tool in sorted({row["tool"] for row in rows}):
        mine = [row for row in rows if row["tool"] == tool]
        yield _order(tool, EVERYBODY, EVERYBODY, mine)
        for split, column in (*SPLITS.items(), ("force", "force_code")):
            for people in sorted({row[column] for row in mine}):
                yield _order(tool, split, people, [row for row in mine if row[column] == people])


def _order(tool: str, split: str, people: str, rows: Rows) -> dict[str, Any]:
    by_tier = [
        [sum(row[name] for row in rows if row["band"] == tier) for tier in TIERS] for name in ("harmed", "not_harmed")
    ]
    found = order(*by_tier)
    told = {"tool": tool, "split": split, "people": people, "harmed": sum(by_tier[0]), "not_harmed": sum(by_tier[1]),
            "hidden": ""}  # fmt: skip
    if found is None:
        return told
    return told | {"in_100_pairs": 100 * found.value, "low": 100 * found.low, "high": 100 * found.high}
