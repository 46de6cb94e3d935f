"""Which world does a settings file describe, and what is wrong with one that describes none?"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn

from assay.errors import UsageError
from assay.synthetic.calibration import mixes
from assay.synthetic.failing_parameters import failings
from assay.synthetic.hidden_settings import hidden_settings
from assay.synthetic.local_time import PERIOD_TO
from assay.synthetic.network_settings import NetworkSettings
from assay.synthetic.world_settings import (
    BY_ETHNICITY,
    MOST_BODIES,
    STRONGEST,
    Change,
    Nuisances,
    Operation,
    Plant,
    Where,
    World,
)

WEIGHTED = ("offence", "suspects")
"""The mixes of which a world may have more or less of a kind."""
DATED = (
    "recorded_in_24h",
    "notice_in_time",
    "notice_never",
    "needs_assessment",
    "return_interview_72h",
    "flag_sensitivity",
    "flag_wrongly",
    "flag_on_cse_code",
    "ethnicity_self_recorded",
    "ethnicity_officer_recorded",
    "closed_before_asking",
    "blaming",
    "early_advice",
    "trigger_plan",
    "child_referred",
)
"""The rates that can change on a day."""
MOST_DAYS = 60


def worlds() -> tuple[str, ...]:
    """The keys of the worlds that come with the program."""
    found = files("assay.synthetic").joinpath("settings").iterdir()
    return tuple(sorted(Path(one.name).stem for one in found if one.name.endswith(".toml")))


def read_world(name: str | Path) -> World:
    """A world by its key, or from a file of one's own; UsageError, a sentence, for settings that make no world."""
    if str(name) in worlds():
        key, text = str(name), files("assay.synthetic").joinpath(f"settings/{name}.toml").read_text(encoding="utf-8")
    elif Path(name).is_file():
        key, text = Path(name).stem, Path(name).read_text(encoding="utf-8")
    else:
        raise UsageError(f"There is no world {str(name)!r}, and no such file. There are: {', '.join(worlds())}.")
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name} is not TOML: {error}.") from error
    return _Reading(str(name)).world(key, told)


class _Reading:
    """One settings file, read with a sentence for whatever makes no world."""

    def __init__(self, name: str) -> None:
        self.name = name

    def world(self, key: str, told: Mapping[str, Any]) -> World:
        own = {"title", "why", "forces", "crimes_per_force", "years", "plants", "nuisances", "hidden", "weights"}
        own |= {"networks"}
        self.known("the file", told, own)
        if "title" not in told:
            self.refuse('say what this world is: title = "..."')
        forces, crimes, years = (
            self.whole(name, told.get(name, default))
            for name, default in (("forces", 44), ("crimes_per_force", 60), ("years", 1))
        )
        nuisances = self.nuisances(told.get("nuisances", {}))
        if bool(nuisances.unentered) != bool(nuisances.unentered_days):
            self.refuse("nuisances.unentered says where, and unentered_days how many days: say both or neither")
        made = World(key, str(told["title"]), str(told.get("why", "")), forces, crimes, years, nuisances=nuisances)
        self.tables(told, "plants", "hidden", "weights", "networks")
        plants = tuple(self.plant(name, one, made.forces) for name, one in told.get("plants", {}).items())
        if "plants" in told and not plants:
            self.refuse("[plants] plants nothing; leave it out for a world in which nothing is wrong")
        for change in nuisances.changes:
            if not made.period_from < change.starts < PERIOD_TO:
                self.refuse(f"a change on {change.starts} lies outside the period {made.period_from} to {PERIOD_TO}")
        hidden_settings(told.get("hidden", {}))  # refuses what is no setting
        weights = {key: self.weights(key, one) for key, one in told.get("weights", {}).items()}
        found = self.networks(told.get("networks", {}))
        return replace(made, plants=plants, hidden=told.get("hidden", {}), weights=weights, networks=found)

    def networks(self, told: Mapping[str, Any]) -> NetworkSettings:
        self.known("networks", told, {one.name for one in fields(NetworkSettings)})
        return NetworkSettings(**told)

    def weights(self, key: str, told: Mapping[str, Any]) -> dict[str, float]:
        if key not in WEIGHTED:
            self.refuse(f"weights.{key} is no mix that can be weighted; there are: {', '.join(WEIGHTED)}")
        self.known(f"weights.{key}", told, set(mixes()[key]))
        return {name: self.number(f"weights.{key}.{name}", value, most=100.0) for name, value in told.items()}

    def tables(self, told: Mapping[str, Any], *names: str) -> None:
        for name in names:
            if not isinstance(told.get(name, {}), Mapping):
                self.refuse(f"{name} is a table: write [{name}]")

    def plant(self, key: str, told: Mapping[str, Any], forces: int) -> Plant:
        if key not in failings():
            self.refuse(f"nothing called {key!r} can be planted; there are: {', '.join(failings())}")
        self.known(f"plants.{key}", told, {"strength", "in", "forces", "of_all"})
        where = self.where(f"plants.{key}", told, forces, "strength")
        if not where:
            self.refuse(f'plants.{key} is planted in no force; say in = 3, or forces = ["INV01"]')
        strength = self.number(f"plants.{key}.strength", told.get("strength", 1.0), most=STRONGEST)
        if strength == 0:
            self.refuse(f"plants.{key}.strength is 0, which plants nothing")
        return Plant(key, where, strength)

    def nuisances(self, told: Mapping[str, Any]) -> Nuisances:
        known = {one.name: one for one in fields(Nuisances)}
        self.known("nuisances", told, set(known))
        return Nuisances(**{name: self.nuisance(name, value) for name, value in told.items()})

    def nuisance(self, name: str, value: Any) -> Any:
        place, default = f"nuisances.{name}", getattr(Nuisances(), name)
        if name in ("changes", "operations"):
            if not isinstance(value, list):
                self.refuse(f"{place} is a list: write [[{place}]]")
            return tuple((self.change if name == "changes" else self.operation)(place, one) for one in value)
        if isinstance(default, Where):
            return self.where(place, value, MOST_BODIES)
        if name == "ethnicity" and value not in BY_ETHNICITY:
            self.refuse(f"{place} is one of {', '.join(BY_ETHNICITY)}")
        if isinstance(default, bool) and not isinstance(value, bool):
            self.refuse(f"{place} is true or false")
        if isinstance(default, bool | str):
            return value
        if isinstance(default, int):
            number = self.whole(place, value)
            if number > MOST_DAYS:
                self.refuse(f"{place} is at most {MOST_DAYS} days")
            return number
        share = name in ("sent_twice", "spelling_slips", "swapped_birthdays")
        return self.number(place, value, most=1.0 if share else 10.0)

    def change(self, place: str, told: Mapping[str, Any]) -> Change:
        self.known(place, told, {"starts", "points", "in", "forces", "of_all"})
        if type(told.get("starts")) is not dt.date:
            self.refuse(f"{place} has no day; say starts = 2025-10-01")
        points = told.get("points", {})
        if not isinstance(points, Mapping):
            self.refuse(f"{place}.points is a table of rates, such as {{ flag_sensitivity = 0.2 }}")
        for key, by in points.items():
            if key not in DATED:
                self.refuse(f"{place} moves {key!r}, which is no rate that can change on a day: {', '.join(DATED)}")
            if not isinstance(by, int | float) or not -1 <= by <= 1:
                self.refuse(f"{place}.points.{key} lies between -1 and 1")
        if not points:
            self.refuse(f"{place} moves nothing; say points = {{ flag_sensitivity = 0.2 }}")
        return Change(told["starts"], points, self.somewhere(place, told))

    def operation(self, place: str, told: Mapping[str, Any]) -> Operation:
        self.known(place, told, {"days", "share", "in", "forces", "of_all"})
        days, share = self.whole(place, told.get("days", 0)), self.number(place, told.get("share", 0), most=1.0)
        if not days or not share:
            self.refuse(f"{place} needs days = 21 and share = 0.2")
        if days > 365:
            self.refuse(f"{place}.days is at most 365: an operation lies in the period")
        return Operation(days, share, self.somewhere(place, told))

    def somewhere(self, place: str, told: Mapping[str, Any]) -> Where:
        """The forces that are meant, which must be some."""
        where = self.where(place, told, MOST_BODIES, "starts", "points", "days", "share")
        if not where:
            self.refuse(f'{place} holds in no force; say in = 3, of_all = 0.1, or forces = ["INV01"]')
        return where

    def where(self, place: str, told: Mapping[str, Any], most: int, *besides: str) -> Where:
        self.known(place, told, {"in", "forces", "of_all", *besides})
        named, number = told.get("forces", []), told.get("in", 0)
        if not isinstance(named, list):
            self.refuse(f'{place}.forces is a list of codes, such as ["INV01"]')
        share = self.number(f"{place}.of_all", told.get("of_all", 0), most=1.0)
        if sum(map(bool, (named, number, share))) > 1:
            self.refuse(f"{place} says in which forces twice; say one of in, of_all and forces")
        codes = {f"INV{one:02d}" for one in range(1, most + 1)}
        for code in named:
            if code not in codes:
                self.refuse(f"{place} names {code!r}; the forces are INV01 to INV{most:02d}")
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= most:
            self.refuse(f"{place}.in is a whole number of forces, 0 to {most}")
        return Where(number, tuple(named), share)

    def whole(self, place: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.refuse(f"{place} is a whole number, and not below 0")
        return int(value)

    def number(self, place: str, value: Any, *, most: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
            self.refuse(f"{place} lies between 0 and {most:g}")
        return float(value)

    def known(self, place: str, told: Any, names: set[str]) -> None:
        if not isinstance(told, Mapping):
            self.refuse(f"{place} is a table of settings")
        for name in told:
            if name not in names:
                self.refuse(f"{place} knows no {name!r}; it knows {', '.join(sorted(names))}")

    def refuse(self, why: str) -> NoReturn:
        raise UsageError(f"{self.name}: {why}.")
