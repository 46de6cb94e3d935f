"""Read the settings file of a synthetic world, with a clear error for every invalid setting."""

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
    ETHNICITY_PATTERNS,
    MAX_FORCES,
    MAX_STRENGTH,
    Change,
    InjectedFailing,
    Nuisances,
    Operation,
    Where,
    World,
)

EARLIER_TABLES = {"plants": "injected"}
"""Tables of a settings file that was written for an earlier version, with their present names."""
WEIGHTED_MIXES = ("offence", "suspects")
"""The mixes that a world can reweight."""
DATED_RATES = (
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
"""The rates that can change over time."""
MAX_DAYS = 60


def worlds() -> tuple[str, ...]:
    """Return the keys of the built-in settings of synthetic countries."""
    found = files("assay.synthetic").joinpath("settings").iterdir()
    return tuple(sorted(Path(entry.name).stem for entry in found if entry.name.endswith(".toml")))


def read_world(name: str | Path) -> World:
    """Return a world by its key, or from a settings file; UsageError for invalid settings."""
    if str(name) in worlds():
        key, text = str(name), files("assay.synthetic").joinpath(f"settings/{name}.toml").read_text(encoding="utf-8")
    elif Path(name).is_file():
        key, text = Path(name).stem, Path(name).read_text(encoding="utf-8")
    else:
        raise UsageError(f"There is no world {str(name)!r}, and no such file. There are: {', '.join(worlds())}.")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name} is not TOML: {error}.") from error
    return _Reading(str(name)).world(key, _with_present_names(str(name), content))


def _with_present_names(name: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
    for earlier_name, table in EARLIER_TABLES.items():
        if earlier_name in content and table in content:
            raise UsageError(f"{name} has [{earlier_name}] and [{table}], which are one table. Write it as [{table}].")
    return {EARLIER_TABLES.get(table, table): value for table, value in content.items()}


def earlier_table_notices(name: str | Path) -> tuple[str, ...]:
    """Return a sentence for each table of a settings file that has the name of an earlier version."""
    if str(name) in worlds() or not Path(name).is_file():
        return ()
    tables = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    return tuple(
        f"{name}: [{earlier_name}] is now called [{table}]. It was read; please rename it."
        for earlier_name, table in EARLIER_TABLES.items()
        if earlier_name in tables
    )


class _Reading:
    """Reads one settings file, with an error sentence for invalid settings."""

    def __init__(self, name: str) -> None:
        self.name = name

    def world(self, key: str, content: Mapping[str, Any]) -> World:
        keys = {"title", "why", "forces", "crimes_per_force", "years", "injected", "nuisances", "hidden", "weights"}
        keys |= {"networks"}
        self.check_keys("the file", content, keys)
        if "title" not in content:
            self.refuse('say what this world is: title = "..."')
        forces, crimes, years = (
            self.integer(name, content.get(name, default))
            for name, default in (("forces", 44), ("crimes_per_force", 60), ("years", 1))
        )
        nuisances = self.nuisances(content.get("nuisances", {}))
        if bool(nuisances.unentered) != bool(nuisances.unentered_days):
            self.refuse("nuisances.unentered says where, and unentered_days how many days: say both or neither")
        base_world = World(
            key, str(content["title"]), str(content.get("why", "")), forces, crimes, years, nuisances=nuisances
        )
        self.tables(content, "injected", "hidden", "weights", "networks")
        injected = tuple(
            self.injected_failing(name, value, base_world.forces) for name, value in content.get("injected", {}).items()
        )
        if "injected" in content and not injected:
            self.refuse("[injected] injects nothing; leave it out for a world in which nothing is wrong")
        for change in nuisances.changes:
            if not base_world.period_from < change.starts < PERIOD_TO:
                self.refuse(
                    f"a change on {change.starts} lies outside the period {base_world.period_from} to {PERIOD_TO}"
                )
        hidden_settings(content.get("hidden", {}))  # raises an error for an unknown setting
        weights = {key: self.weights(key, value) for key, value in content.get("weights", {}).items()}
        found = self.networks(content.get("networks", {}))
        return replace(base_world, injected=injected, hidden=content.get("hidden", {}), weights=weights, networks=found)

    def networks(self, content: Mapping[str, Any]) -> NetworkSettings:
        self.check_keys("networks", content, {setting.name for setting in fields(NetworkSettings)})
        return NetworkSettings(**content)

    def weights(self, key: str, content: Mapping[str, Any]) -> dict[str, float]:
        if key not in WEIGHTED_MIXES:
            self.refuse(f"weights.{key} is no mix that can be weighted; there are: {', '.join(WEIGHTED_MIXES)}")
        self.check_keys(f"weights.{key}", content, set(mixes()[key]))
        return {name: self.number(f"weights.{key}.{name}", value, maximum=100.0) for name, value in content.items()}

    def tables(self, content: Mapping[str, Any], *names: str) -> None:
        for name in names:
            if not isinstance(content.get(name, {}), Mapping):
                self.refuse(f"{name} is a table: write [{name}]")

    def injected_failing(self, key: str, content: Mapping[str, Any], forces: int) -> InjectedFailing:
        if key not in failings():
            self.refuse(f"no failing is called {key!r}; there are: {', '.join(failings())}")
        self.check_keys(f"injected.{key}", content, {"strength", "in", "forces", "of_all"})
        where = self.where(f"injected.{key}", content, forces, "strength")
        if not where:
            self.refuse(f'injected.{key} is injected in no force; say in = 3, or forces = ["INV01"]')
        strength = self.number(f"injected.{key}.strength", content.get("strength", 1.0), maximum=MAX_STRENGTH)
        if strength == 0:
            self.refuse(f"injected.{key}.strength is 0, which injects nothing")
        return InjectedFailing(key, where, strength)

    def nuisances(self, content: Mapping[str, Any]) -> Nuisances:
        known = {setting.name: setting for setting in fields(Nuisances)}
        self.check_keys("nuisances", content, set(known))
        return Nuisances(**{name: self.nuisance(name, value) for name, value in content.items()})

    def nuisance(self, name: str, value: Any) -> Any:
        place, default = f"nuisances.{name}", getattr(Nuisances(), name)
        if name in ("changes", "operations"):
            if not isinstance(value, list):
                self.refuse(f"{place} is a list: write [[{place}]]")
            return tuple((self.change if name == "changes" else self.operation)(place, item) for item in value)
        if isinstance(default, Where):
            return self.where(place, value, MAX_FORCES)
        if name == "ethnicity" and value not in ETHNICITY_PATTERNS:
            self.refuse(f"{place} is one of {', '.join(ETHNICITY_PATTERNS)}")
        if isinstance(default, bool) and not isinstance(value, bool):
            self.refuse(f"{place} is true or false")
        if isinstance(default, bool | str):
            return value
        if isinstance(default, int):
            number = self.integer(place, value)
            if number > MAX_DAYS:
                self.refuse(f"{place} is at most {MAX_DAYS} days")
            return number
        share = name in ("sent_twice", "spelling_slips", "swapped_birthdays")
        return self.number(place, value, maximum=1.0 if share else 10.0)

    def change(self, place: str, content: Mapping[str, Any]) -> Change:
        self.check_keys(place, content, {"starts", "points", "in", "forces", "of_all"})
        if type(content.get("starts")) is not dt.date:
            self.refuse(f"{place} has no day; say starts = 2025-10-01")
        points = content.get("points", {})
        if not isinstance(points, Mapping):
            self.refuse(f"{place}.points is a table of rates, such as {{ flag_sensitivity = 0.2 }}")
        for key, step in points.items():
            if key not in DATED_RATES:
                self.refuse(
                    f"{place} moves {key!r}, which is no rate that can change on a day: {', '.join(DATED_RATES)}"
                )
            if not isinstance(step, int | float) or not -1 <= step <= 1:
                self.refuse(f"{place}.points.{key} lies between -1 and 1")
        if not points:
            self.refuse(f"{place} moves nothing; say points = {{ flag_sensitivity = 0.2 }}")
        return Change(content["starts"], points, self.nonempty_where(place, content))

    def operation(self, place: str, content: Mapping[str, Any]) -> Operation:
        self.check_keys(place, content, {"days", "share", "in", "forces", "of_all"})
        days, share = (
            self.integer(place, content.get("days", 0)),
            self.number(place, content.get("share", 0), maximum=1.0),
        )
        if not days or not share:
            self.refuse(f"{place} needs days = 21 and share = 0.2")
        if days > 365:
            self.refuse(f"{place}.days is at most 365: an operation lies in the period")
        return Operation(days, share, self.nonempty_where(place, content))

    def nonempty_where(self, place: str, content: Mapping[str, Any]) -> Where:
        """Return the selected forces, which must not be empty."""
        where = self.where(place, content, MAX_FORCES, "starts", "points", "days", "share")
        if not where:
            self.refuse(f'{place} holds in no force; say in = 3, of_all = 0.1, or forces = ["INV01"]')
        return where

    def where(self, place: str, content: Mapping[str, Any], maximum: int, *besides: str) -> Where:
        self.check_keys(place, content, {"in", "forces", "of_all", *besides})
        force_codes, number = content.get("forces", []), content.get("in", 0)
        if not isinstance(force_codes, list):
            self.refuse(f'{place}.forces is a list of codes, such as ["INV01"]')
        share = self.number(f"{place}.of_all", content.get("of_all", 0), maximum=1.0)
        if sum(map(bool, (force_codes, number, share))) > 1:
            self.refuse(f"{place} says in which forces twice; say one of in, of_all and forces")
        codes = {f"INV{number_of_force:02d}" for number_of_force in range(1, maximum + 1)}
        for code in force_codes:
            if code not in codes:
                self.refuse(f"{place} names {code!r}; the forces are INV01 to INV{maximum:02d}")
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= maximum:
            self.refuse(f"{place}.in is a whole number of forces, 0 to {maximum}")
        return Where(number, tuple(force_codes), share)

    def integer(self, place: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.refuse(f"{place} is a whole number, and not below 0")
        return int(value)

    def number(self, place: str, value: Any, *, maximum: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= maximum:
            self.refuse(f"{place} lies between 0 and {maximum:g}")
        return float(value)

    def check_keys(self, place: str, content: Any, names: set[str]) -> None:
        if not isinstance(content, Mapping):
            self.refuse(f"{place} is a table of settings")
        for name in content:
            if name not in names:
                self.refuse(f"{place} knows no {name!r}; it knows {', '.join(sorted(names))}")

    def refuse(self, problem: str) -> NoReturn:
        raise UsageError(f"{self.name}: {problem}.")
