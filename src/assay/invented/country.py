"""Which invented forces are there, how large, how good, and in which was what planted?"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from assay.commission import Body
from assay.invented.calibration import Shape, figure, shapes
from assay.invented.chance import Chance

FAILINGS = ("late_recording", "flags_missing", "ethnicity_missing", "late_notices")
PLANTED_IN = 3 / 44  # the share of bodies in which each failing is planted, at least one body
CHILDREN_SHARE = 0.21  # children under 18 in the population, England and Wales, mid-2020
MOST_BODIES = 99  # the contract keeps INV01 to INV99 for invented forces


@dataclass(frozen=True)
class Force:
    """What is true of one body: how many crimes it records in the period, how it works, and what was planted."""

    body: Body
    crimes: int
    rates: Mapping[str, float]
    failings: tuple[str, ...]

    @property
    def code(self) -> str:
        """The force code of the body."""
        return self.body.code

    @property
    def welsh(self) -> bool:
        """Whether the body lies in Wales."""
        return self.body.country == "Wales"

    def rate(self, key: str) -> float:
        """The share at which something happens here."""
        return self.rates[key] if key in self.rates else figure(key)


@lru_cache(maxsize=1)
def names() -> dict[str, Any]:
    """The lists of invented names."""
    return tomllib.loads(files("assay.invented").joinpath("names.toml").read_text(encoding="utf-8"))


def country(forces: int, crimes_per_force: int, seed: int) -> list[Force]:
    """The bodies with their truths, in order of code; the last is the transport body if there are more than ten."""
    chance = Chance(seed, "country")
    sizes = _sizes(forces, chance.stream("sizes"))
    planted = _planted(forces, chance.stream("planted"))
    made = []
    for number, size in enumerate(sizes, start=1):
        crimes = max(8, round(size * crimes_per_force))
        failings = tuple(key for key in FAILINGS if number in planted[key])
        body = _body(number, forces, crimes, chance.stream("body", number))
        made.append(Force(body, crimes, _rates(failings, chance.stream("rates", number)), failings))
    return made


def _sizes(forces: int, chance: Chance) -> list[float]:
    """Sizes with a mean of one: most bodies near it, one far above."""
    drawn = [chance.lognormal(1.0, 0.5) for _ in range(forces)]
    if forces > 10:
        drawn[0], drawn[-1] = 4.5, 0.4
    mean = sum(drawn) / forces
    return [size / mean for size in drawn]


def _planted(forces: int, chance: Chance) -> dict[str, set[int]]:
    """For each failing the numbers of the bodies that have it; the transport body has none."""
    places = list(range(1, forces + (forces <= 10)))
    each = max(1, round(forces * PLANTED_IN))
    return {key: set(chance.stream(key).some(places, each)) for key in FAILINGS}


def _rates(failings: tuple[str, ...], chance: Chance) -> dict[str, float]:
    return {key: _rate(shape, failings, chance.stream(key)) for key, shape in shapes().items() if shape.spread}


def _rate(shape: Shape, failings: tuple[str, ...], chance: Chance) -> float:
    planted = shape.failing if shape.planted in failings else None
    return round(chance.shifted(shape.value if planted is None else planted, shape.spread), 4)


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
