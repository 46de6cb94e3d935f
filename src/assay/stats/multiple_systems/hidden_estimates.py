"""Estimate of one method: population, interval, model and warnings, or the reason why there is no estimate."""

from dataclasses import dataclass, replace

LEVEL = 0.95


@dataclass(frozen=True)
class HiddenEstimate:
    """Estimate of the population by one method, or the reason why there is no estimate.

    Parameters
    ----------
    seen
        Persons on at least one list.
    population, low, high
        Seen and hidden persons together, and the 95% interval; None if `refusal` gives a reason.
    interval
        How the interval was computed.
    model
        The fitted model, in the names of the lists.
    warnings
        Sentences to be read with the estimate.
    quantiles
        Further quantiles, as (level, population).
    fingerprint
        Hash of the capture table.
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
        """Estimated number of persons on no list."""
        return None if self.population is None else self.population - self.seen

    def quantile(self, level: float) -> float:
        """Return a stored quantile; KeyError if that level was not computed."""
        return dict(self.quantiles)[level]

    def with_warnings(self, *sentences: str) -> "HiddenEstimate":
        """Return the estimate with further warnings; empty sentences are ignored."""
        return replace(self, warnings=(*self.warnings, *(s for s in sentences if s)))

    def __str__(self) -> str:
        """Return one line that always includes the interval."""
        if self.population is None:
            return f"{self.method}: no estimate. {self.refusal}"
        limits = "no interval" if self.low is None or self.high is None else f"{self.low:,.0f} to {self.high:,.0f}"
        return f"{self.method}: {limits} (middle {self.population:,.0f}; {self.seen:,} seen)"
