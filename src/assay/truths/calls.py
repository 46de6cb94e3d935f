"""Which forces does a method call unusual, on which measure and in which direction?

Our own calls stand in `comparison/standing.parquet`. Of a measure of which each force has one record, a force is
called by that record itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from assay.comparison.comparable import OTHER_KIND, is_total
from assay.truths.failings import measures

CLAIMS, WATCHED = "claims_contradicted", "better_after_notice"
"""What the stage of lessons says of a force, beside its measures."""
Row = Mapping[str, Any]


class Call(NamedTuple):
    """A force is called unusual on a measure: lower or higher than expected."""

    place: str
    measure: str
    direction: str


class Counted(NamedTuple):
    """What a force's records answered to a measure."""

    place: str
    measure: str
    met: int
    base: int


def our_calls(standing: Iterable[Row]) -> frozenset[Call]:
    """What the comparison says: unusual at a false discovery of 5%; and the forces whose one record is not met."""
    rows = [row for row in standing if not is_total(row["place_code"])]
    unusual = [Call(row["place_code"], row["indicator"], row["direction"]) for row in rows if row["unusual"]]
    return frozenset(unusual) | own_calls(rows)


def own_calls(standing: Iterable[Row]) -> frozenset[Call]:
    """The forces whose one record of a measure is not met: whoever reads that record sees it."""
    return frozenset(Call(row["place_code"], row["indicator"], "lower") for row in standing if _not_met(row))


def alarms(calls: Iterable[Call]) -> frozenset[Call]:
    """The calls that rest on a comparison: not those of a record that speaks for itself."""
    return frozenset(call for call in calls if not _one_each(call.measure))


def counted(standing: Iterable[Row]) -> list[Counted]:
    """The counts of every force that polices an area, for each measure that can be compared."""
    rows = [row for row in standing if row["base"] and not is_total(row["place_code"])]
    return [
        Counted(row["place_code"], row["indicator"], row["met"], row["base"])
        for row in rows
        if row["not_comparable"] != OTHER_KIND and not _one_each(row["indicator"])
    ]


def _not_met(row: Row) -> bool:
    return _one_each(row["indicator"]) and row["not_met"] == 1


def _one_each(measure: str) -> bool:
    return measure == CLAIMS or (measure in measures() and measures()[measure].one_each)
