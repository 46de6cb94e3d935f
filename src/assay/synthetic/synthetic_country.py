"""Which invented forces are there, how large, how good, and in which was what planted?"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from assay.errors import UsageError
from assay.reference import Body
from assay.synthetic.calibration import LEAST, figure, mixes, shapes
from assay.synthetic.failing_parameters import failings
from assay.synthetic.local_time import DAY, PERIOD_TO, day
from assay.synthetic.random_stream import Chance
from assay.synthetic.world_settings import ANNOUNCED, NATIONAL_SUMMARIES, Change, Nuisances, Operation, Where, World

CHILDREN_SHARE = 0.21  # children under 18 in the population, England and Wales, mid-2020
WATCHED = ("recorded_in_24h", "notice_in_time", "needs_assessment", "return_interview_72h")
"""What is done better as soon as somebody watches."""


@dataclass(frozen=True)
class Turn:
    """From a day on, a rate of one force is higher or lower by so much (points, -1 to 1)."""

    starts: dt.date
    key: str
    points: float


@dataclass(frozen=True)
class Force:
    """What is true of one body: how many crimes it records in the period, how it works, and what was planted.

    `other_crimes`: crimes of other kinds a year, each with a summary; 0 for as many as are in scope.
    """

    body: Body
    crimes: int
    rates: Mapping[str, float]
    failings: tuple[str, ...]
    nuisances: Nuisances = field(default_factory=Nuisances)
    turns: tuple[Turn, ...] = ()
    operation: tuple[dt.date, Operation] | None = None
    unentered: bool = False
    cleaned: bool = False
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    hidden: Mapping[str, Any] = field(default_factory=dict)
    other_crimes: int = 0

    @property
    def code(self) -> str:
        """The force code of the body."""
        return self.body.code

    @property
    def welsh(self) -> bool:
        """Whether the body lies in Wales."""
        return self.body.country == "Wales"

    def rate(self, key: str, when: dt.date | None = None) -> float:
        """The share at which something happens here, on a day if the day matters."""
        value = self.rates[key] if key in self.rates else figure(key)
        mine = [turn.points for turn in self.turns if turn.key == key and when is not None and turn.starts <= day(when)]
        return min(max(value + sum(mine), LEAST), 1 - LEAST) if mine else value

    def mix(self, key: str) -> Mapping[str, float]:
        """The mix of a kind, with what this force has more or less of."""
        mix, weights = mixes()[key], self.weights.get(key)
        return {name: share * weights.get(name, 1.0) for name, share in mix.items()} if weights else mix


@lru_cache(maxsize=1)
def names() -> dict[str, Any]:
    """The lists of invented names."""
    return tomllib.loads(files("assay.synthetic").joinpath("names.toml").read_text(encoding="utf-8"))


def country(world: World, seed: int) -> list[Force]:
    """The bodies with their truths, in order of code; the last is the transport body if there are more than ten.

    UsageError if the world names a force that this country does not have.
    """
    chance, forces = Chance(seed, "country"), world.forces
    sizes = _sizes(forces, world.nuisances.size_spread, chance.stream("sizes"))

    def chosen(where: Where, *path: object) -> set[int]:
        return _chosen(where, forces, chance.stream(*path))

    planted = {plant.failing: chosen(plant.where, "planted", plant.failing) for plant in world.plants}
    changed = [chosen(one.where, "changed", place) for place, one in enumerate(world.nuisances.changes)]
    working = [chosen(one.where, "work", place) for place, one in enumerate(world.nuisances.operations)]
    unentered = chosen(world.nuisances.unentered, "unentered")
    cleaned = chosen(world.nuisances.cleaned_words, "cleaned")
    made = []
    for number, size in enumerate(sizes, start=1):
        crimes = max(8, round(size * world.crimes_per_force)) * world.years
        strengths = {plant.failing: plant.strength for plant in world.plants if number in planted[plant.failing]}
        rates = _rates(strengths, world.nuisances.between_forces, chance.stream("rates", number))
        changes = [one for one, where in zip(world.nuisances.changes, changed, strict=True) if number in where]
        worked = [one for one, where in zip(world.nuisances.operations, working, strict=True) if number in where]
        draw = chance.stream("operation", number)
        made.append(
            Force(
                body=_body(number, forces, crimes // world.years, chance.stream("body", number)),
                crimes=crimes,
                rates=rates,
                failings=tuple(key for key in failings() if key in strengths),
                nuisances=world.nuisances,
                turns=tuple(_turns(changes, strengths.get("only_when_watched", 0.0))),
                operation=(_some_day(world, worked[0], draw), worked[0]) if worked else None,
                unentered=number in unentered,
                cleaned=number in cleaned,
                hidden=world.hidden,
                other_crimes=_other_crimes(world, size),
                weights=_weights(world, chance.stream("mix", number)),
            )
        )
    return made


def chosen_codes(where: Where, forces: int, chance: Chance) -> frozenset[str]:
    """The codes of the forces that are meant."""
    return frozenset(f"INV{number:02d}" for number in _chosen(where, forces, chance))


def _chosen(where: Where, forces: int, chance: Chance) -> set[int]:
    """The numbers of the forces that are meant; the transport body is never drawn."""
    for code in where.forces:
        if int(code[3:]) > forces:
            raise UsageError(f"The world names {code}, and the invented country ends with INV{forces:02d}.")
    places = list(range(1, forces + (forces <= 10)))
    number = max(1, round(forces * where.share)) if where.share else where.number
    return {int(code[3:]) for code in where.forces} or set(chance.some(places, number))


def _some_day(world: World, operation: Operation, chance: Chance) -> dt.date:
    days = (PERIOD_TO - world.period_from).days
    return world.period_from + chance.whole(0, max(days - operation.days, 0)) * DAY


def _sizes(forces: int, spread: float, chance: Chance) -> list[float]:
    """Sizes with a mean of one: most bodies near it, one far above, unless all are alike."""
    drawn = [chance.lognormal(1.0, spread) for _ in range(forces)]
    if forces > 10 and spread:
        drawn[0], drawn[-1] = 4.5, 0.4
    mean = sum(drawn) / forces
    return [size / mean for size in drawn]


def _rates(strengths: Mapping[str, float], between: float, chance: Chance) -> dict[str, float]:
    """What is drawn for this force; a figure without a spread is the country's, unless a failing moves it."""
    found = {}
    for key, shape in shapes().items():
        strength = strengths.get(shape.planted, 0.0)
        if shape.spread or strength:
            value = shape.moved(strength) if strength else shape.value
            found[key] = round(chance.stream(key).shifted(value, shape.spread * between), 4)
    return found


def _turns(changes: Sequence[Change], watched: float) -> Iterator[Turn]:
    """Rates that change on a day; what is good only when watched is worse before that day."""
    for key in WATCHED if watched else ():
        shape = shapes()[key]
        poor = replace(shape, worse="lower").moved(watched) - shape.value
        yield Turn(dt.date.min, key, poor)
        yield Turn(ANNOUNCED, key, -poor)
    for change in changes:
        for key, points in change.points.items():
            yield Turn(change.starts, key, points)


def _other_crimes(world: World, size: float) -> int:
    return round(NATIONAL_SUMMARIES * world.scale * size / world.forces) if world.summaries else 0


def _weights(world: World, chance: Chance) -> dict[str, Mapping[str, float]]:
    """How much more or less of each kind there is in this force than in the plain country."""
    spread, found = world.nuisances.case_mix_spread, dict(world.weights)
    if spread:
        of_world = found.get("offence", {})
        found["offence"] = {key: of_world.get(key, 1.0) * chance.lognormal(1.0, spread) for key in mixes()["offence"]}
    return found


def _body(number: int, forces: int, crimes: int, chance: Chance) -> Body:
    code = f"INV{number:02d}"
    if number == forces and forces > 10:
        name = f"{names()['transport']} (invented)"
        return Body(code, name, _slug(name), "transport", "", None, None, None, None)
    welsh = _is_welsh(number, forces)
    name = f"{_territory(number, forces, welsh)} (invented)"
    rate = figure("crimes_per_1000_children") * chance.lognormal(1.0, 0.3)
    children = round(1000 * crimes / rate)
    column, row = (number - 1) % 7 + 1, (number - 1) // 7 + 1
    people = round(children / CHILDREN_SHARE)
    return Body(code, name, _slug(name), "territorial", "Wales" if welsh else "England", children, people, column, row)


def _is_welsh(number: int, forces: int) -> bool:
    """Four of 43 territorial forces lie in Wales: those before the transport body; of ten or fewer, one."""
    return forces - 5 <= number - 1 < forces - 1 if forces > 10 else number == forces > 3


def _territory(number: int, forces: int, welsh: bool) -> str:
    if welsh:
        return str(names()["welsh_territories"][number - (forces - 4) if forces > 10 else 0])
    first = (number - 1) % len(names()["territories"])
    again = (number - 1) // len(names()["territories"])
    return str(names()["territories"][first]) + (" East" if again == 1 else " West" if again else "")


def _slug(name: str) -> str:
    return name.removesuffix(" (invented)").lower().replace(" ", "-")
