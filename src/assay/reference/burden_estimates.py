"""Initial estimates of the hours that each table of a first return costs a force."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.reference_data import Register, read_rows

COLUMNS = ("table", "low", "likely", "high", "work", "evidence", "source")


@dataclass(frozen=True)
class Burden:
    """Hours of work for one table: 80% of forces need between `low` and `high`, and the median is `likely`.

    `work` describes the task.
    """

    table: str
    low: float
    likely: float
    high: float
    work: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """Name of the table of the data return."""
        return self.table

    @property
    def hours(self) -> tuple[float, float, float]:
        """The estimates (low, likely, high)."""
        return self.low, self.likely, self.high


class Burdens(Register[Burden]):
    """The hours for each table, in the order of the contract."""

    member_name = "table with an estimate of its hours"


@lru_cache
def burdens() -> Burdens:
    """Return the estimates; DefinitionError unless hours are positive and low, likely and high increase."""
    return Burdens([_burden(row) for row in read_rows("burden", COLUMNS)])


def _burden(row: dict[str, str]) -> Burden:
    hours = {name: float(row[name]) for name in ("low", "likely", "high")}
    if not 0 < hours["low"] < hours["likely"] < hours["high"]:
        raise DefinitionError(f"burden.csv, {row['table']}: low, likely and high must rise, from above 0.")
    return Burden(**{**row, **hours})  # type: ignore[arg-type]
