"""Which forces does a method call unusual, on which measure and in which direction?

Our own calls stand in `comparison/standing.parquet`, and those on a failure mode, of which all measures are taken
together, in `comparison/taken_together.parquet`. Of a measure of which each force has one record, a force is called by
that record itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from assay.compare.comparability import OTHER_KIND, is_total
from assay.compare.outlier_alerts import side_of
from assay.synthetic.simulation.injected_failings import TOGETHER, measures

CLAIMS, WATCHED = "claims_contradicted", "better_after_notice"
"""What the stage of lessons says of a force, beside its measures."""
KEPT_UP_TO = 0.2
"""Up to which q-value it is kept who might be called, were the level another."""
Row = Mapping[str, Any]


class Call(NamedTuple):
    """A force is called unusual on a measure: lower or higher than expected; or on a failure mode: taken together."""

    place: str
    measure: str
    direction: str


class Named(NamedTuple):
    """A force that is called on a measure or a failure mode, or would be up to this q-value."""

    measure: str
    place: str
    direction: str
    q_value: float


class Counted(NamedTuple):
    """What a force's records answered to a measure."""

    place: str
    measure: str
    met: int
    base: int


def our_calls(standing: Iterable[Row], together: Iterable[Row] = ()) -> frozenset[Call]:
    """What the comparison says: unusual on a measure by itself, or on a failure mode, its measures taken together, with
    false discoveries held at 5%; and the forces whose one record is not met."""
    rows = [row for row in standing if not is_total(row["place_code"])]
    unusual = [Call(row["place_code"], row["indicator"], row["direction"]) for row in rows if row["unusual"]]
    modes = [Call(row["place_code"], row["failure_mode"], TOGETHER) for row in together if row["unusual"]]
    return frozenset(unusual) | frozenset(modes) | own_calls(rows)


def named(standing: Iterable[Row], together: Iterable[Row], up_to: float = KEPT_UP_TO) -> tuple[Named, ...]:
    """Who is called on what, and who would be up to this q-value: enough to score a country under another level."""
    rows = [row for row in standing if not is_total(row["place_code"]) and _is_near(row, up_to)]
    sides = (side_of(row["met"] / row["base"], row["expected"]) for row in rows)
    single = [Named(row["indicator"], row["place_code"], side, row["q_value"])
              for row, side in zip(rows, sides, strict=True)]  # fmt: skip
    modes = [row for row in together if _is_near(row, up_to)]
    return (*single, *(Named(row["failure_mode"], row["place_code"], TOGETHER, row["q_value"]) for row in modes))


def _is_near(row: Row, up_to: float) -> bool:
    return row["q_value"] is not None and row["q_value"] <= up_to


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
