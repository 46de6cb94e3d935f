"""The settings of a synthetic world: size, injected failings, and disturbances of the data that are not failings.

A world is a settings file (`settings/NAME.toml`, or a file of one's own). An `InjectedFailing` lies in some forces at a
strength: 1 is serious, the larger of 20 points and four standard deviations between forces. A *nuisance* is
not a failing: it makes failings hard to distinguish from chance, size, or recording practice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from assay.errors import UsageError
from assay.synthetic.local_time import PERIOD_TO, birthday
from assay.synthetic.network_settings import NetworkSettings

MAX_FORCES = 99  # the contract reserves INV01 to INV99 for synthetic forces
NATIONAL_CRIMES = 115_000
"""A year, England and Wales: 115,489 child sexual abuse crimes in 2023 (VKPP/Hydrant)."""
NATIONAL_SUMMARIES = 6_700_000
"""A year: crimes of every kind recorded in England and Wales, each with a short summary."""
MAX_STRENGTH = 4.0
MAX_YEARS_LATER = 8
ETHNICITY_PATTERNS = ("random", "reluctance", "over_policing")
ANNOUNCED = dt.date(2026, 1, 15)
"""The day on which the inspection is announced."""


@dataclass(frozen=True)
class Where:
    """A selection of forces: listed by code, or a random sample (`number`, or `share` of all, at least one)."""

    number: int = 0
    forces: tuple[str, ...] = ()
    share: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.number or self.forces or self.share)


@dataclass(frozen=True)
class InjectedFailing:
    """A failing to inject into some forces, at a given strength."""

    failing: str
    where: Where
    strength: float = 1.0


@dataclass(frozen=True)
class Change:
    """A neutral change of some rates by `points` (0 to 1) from a date on: the work becomes neither better nor worse."""

    starts: dt.date
    points: Mapping[str, float]
    where: Where


@dataclass(frozen=True)
class Operation:
    """A police operation that finds this share of a force's crimes within `days`."""

    days: int
    share: float
    where: Where


@dataclass(frozen=True)
class Nuisances:
    """Disturbances of the data that are not failings; a share lies between 0 and 1, and a disturbance that is not set
    is absent.

    `size_spread`, `case_mix_spread`: standard deviations on the log scale; `between_forces`: factor on the ordinary
    spread of every rate; `follow_up_days`: maximum difference between extraction days; `unentered_days`: crimes of the
    last days of the period are not yet entered; `sent_twice`: share of rows; `ethnicity_if_charged`: log odds by which
    ethnicity is recorded more often of a suspect who is charged; `ethnicity`: how missingness depends on it;
    `spelling_slips`, `swapped_birthdays`: shares of rows of a person; `sends_lists`: every force sends the lists of its
    partners, whatever else is missing.
    """

    size_spread: float = 0.5
    case_mix_spread: float = 0.0
    between_forces: float = 1.0
    follow_up_days: int = 12
    unentered_days: int = 0
    unentered: Where = Where()
    sent_twice: float = 0.0
    ethnicity_if_charged: float = 0.0
    ethnicity: str = "random"
    spelling_slips: float = 0.0
    swapped_birthdays: float = 0.0
    sends_everything: bool = False
    sends_lists: bool = False
    first_tier: Where = Where()
    cleaned_words: Where = Where()
    changes: tuple[Change, ...] = ()
    operations: tuple[Operation, ...] = ()


@dataclass(frozen=True)
class World:
    """One synthetic world; `crimes_per_force` is the mean number of crimes per force and year.

    `weights`: relative weights of the kinds of a mix (by key); `hidden`: settings of the hidden population; `networks`:
    of offender networks; `summaries`: whether a summary of every crime of any kind is sent; `read_years_later`: years
    by which extraction is later than usual, so that nearly everything has ended.
    """

    key: str
    title: str
    why: str = ""
    forces: int = 44
    crimes_per_force: int = 60
    years: int = 1
    read_years_later: int = 0
    injected: tuple[InjectedFailing, ...] = ()
    nuisances: Nuisances = Nuisances()
    summaries: bool = False
    hidden: Mapping[str, Any] = field(default_factory=dict)
    networks: NetworkSettings = field(default_factory=NetworkSettings)
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 1 <= self.forces <= MAX_FORCES or self.crimes_per_force < 1:
            raise UsageError(f"A synthetic country has 1 to {MAX_FORCES} forces and at least 1 crime a force.")
        if not 1 <= self.years <= 5:
            raise UsageError("A synthetic country has a period of 1 to 5 years.")
        if not 0 <= self.read_years_later <= MAX_YEARS_LATER:
            raise UsageError(f"A synthetic country is read 0 to {MAX_YEARS_LATER} years later than usual.")

    @property
    def period_from(self) -> dt.date:
        """The first day of the period."""
        return birthday(PERIOD_TO, -self.years)

    @property
    def scale(self) -> float:
        """The size of the country as a share of the nation."""
        return self.crimes_per_force * self.forces / NATIONAL_CRIMES

    def sized(
        self,
        *,
        forces: int | None = None,
        crimes: int | None = None,
        scale: float | None = None,
        years: int | None = None,
    ) -> World:
        """Return the world in another size: other numbers of forces, crimes or years, or a share of the nation."""
        forces = self.forces if forces is None else forces
        if years is not None:
            return replace(self, years=years).sized(forces=forces, crimes=crimes, scale=scale)
        if scale is not None:
            if crimes is not None:
                raise UsageError("Say --scale or --crimes, not both.")
            if not 0 < scale <= 2:
                raise UsageError("A scale lies above 0 and at most at 2; 1 is a nation: 115,000 crimes a year.")
            return replace(self, forces=forces, crimes_per_force=max(1, round(scale * NATIONAL_CRIMES / forces)))
        return replace(self, forces=forces, crimes_per_force=self.crimes_per_force if crimes is None else crimes)
