"""Capture probabilities: how likely each list records an exploited child, with heterogeneity and dependence of lists.

A child has covariates (kind): an age band, a sex, in care or not, and visibility. Lists are sampled in sequence: the
probability depends on the kind, and is raised or lowered by referral from an earlier list. So lists depend on one
another in two ways, by unobserved heterogeneity and by referral; capture histories are not assumed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from assay.synthetic.hidden_settings import VISIBILITY, HiddenSettings
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_people import Person

BANDS = {"10_12": ("10", "11", "12"), "13_15": ("13", "14", "15"), "16_17": ("16", "17")}
NEVER_CAPTURED = -40.0  # a level at which no child is recorded
Lists = tuple[str, ...]  # the lists that record a child, in order
Weighted = Sequence[tuple[float, float]]  # log-odds and weight


class Kind(NamedTuple):
    """A kind of exploited child: the covariates that change the capture probabilities."""

    band: str
    female: bool
    in_care: bool
    visibility: str

    @property
    def traits(self) -> Lists:
        """The keys of the effects that apply to children of this kind."""
        care, sex = ("in_care",) if self.in_care else (), ("female",) if self.female else ()
        return (self.band, self.visibility, *care, *sex)


@dataclass(frozen=True)
class Child:
    """One exploited child in one year; `person` is None where no record of the force names the child."""

    key: str
    kind: Kind
    lists: Lists
    person: Person | None = None


@dataclass(frozen=True)
class CaptureModel:
    """The capture model of one force and year: the log-odds that each list records a child, before effects and
    referrals."""

    settings: HiddenSettings
    levels: Mapping[str, float]
    _probabilities: dict[tuple[str, Kind, Lists], float] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def probability(self, list_name: str, kind: Kind, lists: Lists = ()) -> float:
        """Return the probability that a list records a child of this kind who is already on the given lists."""
        key = (list_name, kind, lists)
        if key not in self._probabilities:
            odds = self.levels[list_name] + log_odds(self.settings, list_name, kind, lists)
            self._probabilities[key] = 0.0 if kind.visibility == "unseen" else expit(odds)
        return self._probabilities[key]

    def capture(self, kind: Kind, lists: Lists, list_names: Iterable[str], stream: RandomStream) -> Lists:
        """Return the lists that record a child, sampled one list after another, because a list may refer the child
        to later ones."""
        for list_name in list_names:
            if stream.happens(self.probability(list_name, kind, lists)):
                lists = (*lists, list_name)
        return lists


def log_odds(settings: HiddenSettings, name: str, kind: Kind, lists: Lists = ()) -> float:
    """Return the change in the log-odds of a list for a child of this kind who is already on the given lists."""
    effects = sum(settings.effects.get(trait, {}).get(name, 0.0) for trait in kind.traits)
    return effects + sum(settings.feeds.get(giver, {}).get(name, 0.0) for giver in lists)


def expit(odds: float) -> float:
    """Return the probability of these log-odds."""
    return 1 / (1 + math.exp(-odds))


def solve_level(weighted_odds: Weighted, target: float) -> float:
    """Return the constant that must be added to these log-odds so that the mean probability equals `target`.

    Rounded, so that the last digit of a machine's logarithms changes nothing.
    """
    total = math.fsum(weight for _, weight in weighted_odds)
    if target <= 0 or total <= 0:
        return NEVER_CAPTURED
    low, high = NEVER_CAPTURED, -NEVER_CAPTURED
    for _ in range(50):
        middle = (low + high) / 2
        mean = math.fsum(weight * expit(odds + middle) for odds, weight in weighted_odds) / total
        low, high = (middle, high) if mean < target else (low, middle)
    return round(low, 9)


def kinds(settings: HiddenSettings) -> list[tuple[Kind, float]]:
    """Return every kind of child with its share of all exploited children; the shares add up to 1."""
    whole = sum(settings.ages.values())
    bands = {band: sum(settings.ages[years] for years in ages) / whole for band, ages in BANDS.items()}
    sexes = {True: settings.female, False: 1 - settings.female}
    care = {True: settings.in_care, False: 1 - settings.in_care}
    combinations = product(bands, sexes, care, VISIBILITY)
    return [(kind, bands[kind.band] * sexes[kind.female] * care[kind.in_care] * settings.visibility[kind.visibility])
            for kind in (Kind(*traits) for traits in combinations)]  # fmt: skip
