"""The forces of a synthetic country: sizes, rates and injected failings."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from assay.errors import UsageError
from assay.reference import Organisation
from assay.synthetic.calibration import MIN_SHARE, calibration_figures, figure_value, mixes
from assay.synthetic.failing_parameters import failings
from assay.synthetic.local_time import DAY, PERIOD_TO, day
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.world_settings import ANNOUNCED, NATIONAL_SUMMARIES, Change, Nuisances, Operation, Where, World

CHILDREN_SHARE = 0.21  # children under 18 in the population, England and Wales, mid-2020
WATCHED_RATES = ("recorded_in_24h", "notice_in_time", "needs_assessment", "return_interview_72h")
"""The rates that improve under observation."""


@dataclass(frozen=True)
class RateChange:
    """A change of one rate of a force by -1 to 1, from a date on."""

    starts: dt.date
    key: str
    points: float


@dataclass(frozen=True)
class SyntheticForce:
    """The truth about one force: its crimes in the period, its rates, and its injected failings.

    `other_crimes`: yearly crimes of other kinds, each with a summary; 0 for as many as are in scope.
    """

    organisation: Organisation
    crimes: int
    rates: Mapping[str, float]
    failings: tuple[str, ...]
    nuisances: Nuisances = field(default_factory=Nuisances)
    rate_changes: tuple[RateChange, ...] = ()
    operation: tuple[dt.date, Operation] | None = None
    unentered: bool = False
    cleaned: bool = False
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    hidden: Mapping[str, Any] = field(default_factory=dict)
    other_crimes: int = 0

    @property
    def code(self) -> str:
        """The force code."""
        return self.organisation.code

    @property
    def welsh(self) -> bool:
        """True if the force is in Wales."""
        return self.organisation.country == "Wales"

    def rate(self, key: str, when: dt.date | None = None) -> float:
        """Return a rate of the force; if the rate changes over time, its value on this date."""
        value = self.rates[key] if key in self.rates else figure_value(key)
        changes = [
            turn.points
            for turn in self.rate_changes
            if turn.key == key and when is not None and turn.starts <= day(when)
        ]
        return min(max(value + sum(changes), MIN_SHARE), 1 - MIN_SHARE) if changes else value

    def mix(self, key: str) -> Mapping[str, float]:
        """Return a mix (shares by value) with the weights of this force."""
        mix, weights = mixes()[key], self.weights.get(key)
        return {name: share * weights.get(name, 1.0) for name, share in mix.items()} if weights else mix


@lru_cache(maxsize=1)
def name_lists() -> dict[str, Any]:
    """Return the lists of synthetic names."""
    return tomllib.loads(files("assay.synthetic").joinpath("names.toml").read_text(encoding="utf-8"))


def generate_forces(world: World, seed: int) -> list[SyntheticForce]:
    """Return the forces with their truth, by code; the transport police is last if there are more than ten.

    UsageError if the world names an unknown force.
    """
    stream, forces = RandomStream(seed, "country"), world.forces
    sizes = _sizes(forces, world.nuisances.size_spread, stream.substream("sizes"))

    def force_numbers(where: Where, *path: object) -> set[int]:
        return _force_numbers(where, forces, stream.substream(*path))

    numbers_by_failing = {
        injection.failing: force_numbers(injection.where, "planted", injection.failing) for injection in world.injected
    }
    changed = [force_numbers(item.where, "changed", place) for place, item in enumerate(world.nuisances.changes)]
    working = [force_numbers(item.where, "work", place) for place, item in enumerate(world.nuisances.operations)]
    unentered = force_numbers(world.nuisances.unentered, "unentered")
    cleaned = force_numbers(world.nuisances.cleaned_words, "cleaned")
    generated = []
    for number, size in enumerate(sizes, start=1):
        crimes = max(8, round(size * world.crimes_per_force)) * world.years
        strengths = {
            injection.failing: injection.strength
            for injection in world.injected
            if number in numbers_by_failing[injection.failing]
        }
        rates = _rates(strengths, world.nuisances.between_forces, stream.substream("rates", number))
        changes = [item for item, where in zip(world.nuisances.changes, changed, strict=True) if number in where]
        worked = [item for item, where in zip(world.nuisances.operations, working, strict=True) if number in where]
        draw = stream.substream("operation", number)
        generated.append(
            SyntheticForce(
                organisation=_organisation(number, forces, crimes // world.years, stream.substream("body", number)),
                crimes=crimes,
                rates=rates,
                failings=tuple(key for key in failings() if key in strengths),
                nuisances=world.nuisances,
                rate_changes=tuple(_rate_changes(changes, strengths.get("only_when_watched", 0.0))),
                operation=(_some_day(world, worked[0], draw), worked[0]) if worked else None,
                unentered=number in unentered,
                cleaned=number in cleaned,
                hidden=world.hidden,
                other_crimes=_other_crimes(world, size),
                weights=_weights(world, stream.substream("mix", number)),
            )
        )
    return generated


def chosen_codes(where: Where, forces: int, stream: RandomStream) -> frozenset[str]:
    """Return the codes of the selected forces."""
    return frozenset(f"INV{number:02d}" for number in _force_numbers(where, forces, stream))


def _force_numbers(where: Where, forces: int, stream: RandomStream) -> set[int]:
    """Return the numbers of the selected forces; the transport police is never sampled."""
    for code in where.forces:
        if int(code[3:]) > forces:
            raise UsageError(f"The world names {code}, and the synthetic country ends with INV{forces:02d}.")
    places = list(range(1, forces + (forces <= 10)))
    number = max(1, round(forces * where.share)) if where.share else where.number
    return {int(code[3:]) for code in where.forces} or set(stream.sample(places, number))


def _some_day(world: World, operation: Operation, stream: RandomStream) -> dt.date:
    days = (PERIOD_TO - world.period_from).days
    return world.period_from + stream.integer(0, max(days - operation.days, 0)) * DAY


def _sizes(forces: int, spread: float, stream: RandomStream) -> list[float]:
    """Return sizes with a mean of one: most forces near it, one far above, unless all are equal."""
    sizes = [stream.lognormal(1.0, spread) for _ in range(forces)]
    if forces > 10 and spread:
        sizes[0], sizes[-1] = 4.5, 0.4
    mean = sum(sizes) / forces
    return [size / mean for size in sizes]


def _rates(strengths: Mapping[str, float], spread_factor: float, stream: RandomStream) -> dict[str, float]:
    """Sample the rates of a force; a figure without a spread is the country's, unless a failing moves it."""
    found = {}
    for key, shape in calibration_figures().items():
        strength = strengths.get(shape.injected, 0.0)
        if shape.spread or strength:
            value = shape.value_with_failing(strength) if strength else shape.value
            found[key] = round(stream.substream(key).logit_normal(value, shape.spread * spread_factor), 4)
    return found


def _rate_changes(changes: Sequence[Change], watched: float) -> Iterator[RateChange]:
    """Return the rate changes of a force; rates that improve under observation are worse before that day."""
    for key in WATCHED_RATES if watched else ():
        shape = calibration_figures()[key]
        poor = replace(shape, worse="lower").value_with_failing(watched) - shape.value
        yield RateChange(dt.date.min, key, poor)
        yield RateChange(ANNOUNCED, key, -poor)
    for change in changes:
        for key, points in change.points.items():
            yield RateChange(change.starts, key, points)


def _other_crimes(world: World, size: float) -> int:
    return round(NATIONAL_SUMMARIES * world.scale * size / world.forces) if world.summaries else 0


def _weights(world: World, stream: RandomStream) -> dict[str, Mapping[str, float]]:
    """Return the weights of each kind in this force, relative to the plain country."""
    spread, found = world.nuisances.case_mix_spread, dict(world.weights)
    if spread:
        offence_weights = found.get("offence", {})
        found["offence"] = {
            key: offence_weights.get(key, 1.0) * stream.lognormal(1.0, spread) for key in mixes()["offence"]
        }
    return found


def _organisation(number: int, forces: int, crimes: int, stream: RandomStream) -> Organisation:
    code = f"INV{number:02d}"
    if number == forces and forces > 10:
        name = f"{name_lists()['transport']} (synthetic)"
        return Organisation(code, name, _slug(name), "transport", "", None, None, None, None)
    welsh = _is_welsh(number, forces)
    name = f"{_territory(number, forces, welsh)} (synthetic)"
    rate = figure_value("crimes_per_1000_children") * stream.lognormal(1.0, 0.3)
    children = round(1000 * crimes / rate)
    column, row = (number - 1) % 7 + 1, (number - 1) // 7 + 1
    people = round(children / CHILDREN_SHARE)
    return Organisation(
        code, name, _slug(name), "territorial", "Wales" if welsh else "England", children, people, column, row
    )


def _is_welsh(number: int, forces: int) -> bool:
    """Return True for the Welsh forces: the last four of 43 territorial forces, or one of ten or fewer."""
    return forces - 5 <= number - 1 < forces - 1 if forces > 10 else number == forces > 3


def _territory(number: int, forces: int, welsh: bool) -> str:
    if welsh:
        return str(name_lists()["welsh_territories"][number - (forces - 4) if forces > 10 else 0])
    first = (number - 1) % len(name_lists()["territories"])
    round_number = (number - 1) // len(name_lists()["territories"])
    return str(name_lists()["territories"][first]) + (" East" if round_number == 1 else " West" if round_number else "")


def _slug(name: str) -> str:
    return name.removesuffix(" (synthetic)").lower().replace(" ", "-")
