"""Estimate of one method: population, interval, model and warnings, or a refusal."""

from dataclasses import dataclass, replace

LEVEL = 0.95


@dataclass(frozen=True)
class HiddenEstimate:
    """What one method says of one table.

    `seen`: persons on at least one list. `population`: seen and hidden together; `low` and `high`: its 95% interval.
    All three are None where `refusal` says why there is no estimate. `interval`: how the interval was made. `model`:
    what was fitted, in the names of the lists. `warnings`: sentences to be read with the figure. `quantiles`: further
    limits, (level, population). `fingerprint`: of the table it was made from.
    """

    method: str
    seen: int
    population: float | None = None
    low: float | None = None
    high: float | None = None
    interval: str = ""
    model: str = ""
    warnings: tuple[str, ...] = ()
    refusal: str = ""
    quantiles: tuple[tuple[float, float], ...] = ()
    fingerprint: str = ""

    @property
    def hidden(self) -> float | None:
        """Persons on no list."""
        return None if self.population is None else self.population - self.seen

    def quantile(self, level: float) -> float:
        """One of the limits that were worked out; a KeyError for another."""
        return dict(self.quantiles)[level]

    def with_warnings(self, *sentences: str) -> "HiddenEstimate":
        """The same with more to be read beside it."""
        return replace(self, warnings=(*self.warnings, *(s for s in sentences if s)))

    def __str__(self) -> str:
        """One line, never without the interval."""
        if self.population is None:
            return f"{self.method}: no estimate. {self.refusal}"
        limits = "no interval" if self.low is None or self.high is None else f"{self.low:,.0f} to {self.high:,.0f}"
        return f"{self.method}: {limits} (middle {self.population:,.0f}; {self.seen:,} seen)"
