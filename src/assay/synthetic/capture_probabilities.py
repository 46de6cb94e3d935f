"""Which lists see which exploited child?

A child is of a kind: an age band, a sex, in care or not, and how easily anybody notices. Lists come one after
another; each sees a child by its kind, and the likelier (or less likely) the child if a list before it told. So the
lists depend on one another in two ways, by kinds that nobody records and by referral, and no table of totals by
pattern was supposed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from assay.synthetic.hidden_settings import VISIBILITY, HiddenSettings
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_people import Person

BANDS = {"10_12": ("10", "11", "12"), "13_15": ("13", "14", "15"), "16_17": ("16", "17")}
NEVER = -40.0  # a level at which nobody is seen
On = tuple[str, ...]  # the lists a child stands on, in their order
Weighted = Sequence[tuple[float, float]]  # log-odds and weight


class Kind(NamedTuple):
    """What is true of a child, so far as it changes who sees the child."""

    band: str
    female: bool
    in_care: bool
    visibility: str

    @property
    def traits(self) -> On:
        """The keys of its effects."""
        care, sex = ("in_care",) if self.in_care else (), ("female",) if self.female else ()
        return (self.band, self.visibility, *care, *sex)


@dataclass(frozen=True)
class Child:
    """One exploited child in one year; `person` is None where no record of the force names the child."""

    key: str
    kind: Kind
    on: On
    person: Person | None = None


@dataclass(frozen=True)
class Sight:
    """How the lists see in one force and year: the level of each list, in log-odds, before effects and feeds."""

    settings: HiddenSettings
    levels: Mapping[str, float]
    _chances: dict[tuple[str, Kind, On], float] = field(default_factory=dict, init=False, repr=False, compare=False)

    def chance(self, name: str, kind: Kind, on: On = ()) -> float:
        """The chance that the list sees a child of this kind who stands on those before it."""
        key = (name, kind, on)
        if key not in self._chances:
            odds = self.levels[name] + log_odds(self.settings, name, kind, on)
            self._chances[key] = 0.0 if kind.visibility == "unseen" else expit(odds)
        return self._chances[key]

    def follow(self, kind: Kind, on: On, names: Iterable[str], chance: Chance) -> On:
        """The lists a child comes to stand on, passing by these one after another."""
        for name in names:
            if chance.happens(self.chance(name, kind, on)):
                on = (*on, name)
        return on


def log_odds(settings: HiddenSettings, name: str, kind: Kind, on: On = ()) -> float:
    """What kind and lists before add to the level of a list."""
    effects = sum(settings.effects.get(trait, {}).get(name, 0.0) for trait in kind.traits)
    return effects + sum(settings.feeds.get(giver, {}).get(name, 0.0) for giver in on)


def expit(odds: float) -> float:
    """The chance of these log-odds."""
    return 1 / (1 + math.exp(-odds))


def level(of: Weighted, wanted: float) -> float:
    """What must be added to these log-odds, so that the mean chance is the one wanted.

    Rounded, so that the last digit of a machine's logarithms changes nothing.
    """
    total = math.fsum(weight for _, weight in of)
    if wanted <= 0 or total <= 0:
        return NEVER
    low, high = NEVER, -NEVER
    for _ in range(50):
        middle = (low + high) / 2
        mean = math.fsum(weight * expit(odds + middle) for odds, weight in of) / total
        low, high = (middle, high) if mean < wanted else (low, middle)
    return round(low, 9)


def kinds(settings: HiddenSettings) -> list[tuple[Kind, float]]:
    """Every kind with its share of all exploited children; the shares add up to 1."""
    whole = sum(settings.ages.values())
    bands = {band: sum(settings.ages[years] for years in ages) / whole for band, ages in BANDS.items()}
    sexes = {True: settings.female, False: 1 - settings.female}
    care = {True: settings.in_care, False: 1 - settings.in_care}
    every = product(bands, sexes, care, VISIBILITY)
    return [(kind, bands[kind.band] * sexes[kind.female] * care[kind.in_care] * settings.visibility[kind.visibility])
            for kind in (Kind(*traits) for traits in every)]  # fmt: skip
