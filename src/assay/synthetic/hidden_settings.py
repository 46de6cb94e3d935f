"""Parameters of the population of exploited children, and of the lists that record some of them.

`hidden.toml` holds every value with its source. A world changes some of them by name; invalid values are errors.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any

from assay.errors import UsageError

# In the order of capture: a list feeds only those after it.
LISTS = ("police_crimes", "missing", "health", "education", "voluntary", "local_authority", "referral_mechanism")
PARTNERS = LISTS[2:]
TRAITS = ("in_care", "female", "10_12", "16_17", "seldom", "often")
VISIBILITY = ("unseen", "seldom", "sometimes", "often")
ENTRY_ERRORS = ("typing", "day_and_month", "no_date_of_birth", "old_postcode", "short_name")
AGES = tuple(str(years) for years in range(10, 18))
MAX_LOG_ODDS = 10  # log-odds beyond which a probability is practically 0 or 1

SHARES = ("exploited_of_missing", "female", "in_care", "slips", "no_postcode", "concern_cse")
SPREADS = ("spread", "yearly_spread", "capture_spread")
WEIGHTS = {"ages": AGES, "visibility": VISIBILITY, "slip_kinds": ENTRY_ERRORS}
BY_LIST = {
    "capture_probabilities": tuple(name for name in PARTNERS if name != "local_authority"),
    "supply_probabilities": PARTNERS,
}
Numbers = Mapping[str, float]


@dataclass(frozen=True)
class HiddenSettings:
    """The values of `hidden.toml`, which has their units and sources; UsageError for invalid values."""

    children_per_crime: float
    spread: float
    yearly: float
    yearly_spread: float
    most_seen: float
    exploited_of_missing: float
    female: float
    in_care: float
    ages: Numbers
    visibility: Numbers
    capture_probabilities: Numbers
    capture_spread: float
    supply_probabilities: Numbers
    effects: Mapping[str, Numbers]
    feeds: Mapping[str, Numbers]
    slips: float
    slip_kinds: Numbers
    no_postcode: float
    concern_cse: float

    def __post_init__(self) -> None:
        _check_numbers(self)
        _check_shares(self)
        _check_list_shares(self)
        _check_log_odds(self)

    @property
    def not_unseen(self) -> float:
        """The share of exploited children whom at least one list might record."""
        return 1 - self.visibility["unseen"]


def hidden_settings(changes: Mapping[str, Any] | None = None) -> HiddenSettings:
    """Return the values of `hidden.toml`, some replaced by name; in a table only the named entries are replaced."""
    values = dict(_file())
    for name, change in (changes or {}).items():
        if name not in values:
            raise _settings_error(name, f"is no setting; the settings are {', '.join(values)}")
        values[name] = _changed(name, values[name], change)
    return HiddenSettings(**values)


def _changed(name: str, value: Any, change: Any) -> Any:
    if isinstance(value, Mapping) != isinstance(change, Mapping):
        raise _settings_error(name, "is a table of numbers" if isinstance(value, Mapping) else "is one number")
    if not isinstance(value, Mapping):
        return change
    inner = {key: _changed(f"{name}.{key}", value[key], new) if key in value else new for key, new in change.items()}
    return {**value, **inner}


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Any]:
    entries = tomllib.loads(files("assay.synthetic").joinpath("hidden.toml").read_text(encoding="utf-8"))
    return {name: entry["value"] for name, entry in entries.items()}


def _settings_error(name: str, why: str) -> UsageError:
    return UsageError(f"Hidden children: `{name}` {why}.")


def _check_numbers(settings: HiddenSettings) -> None:
    """Check that every value is a number, or a table of numbers."""
    for field in fields(settings):
        for name, value in _flat(field.name, getattr(settings, field.name)):
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise _settings_error(name, "must be a number")


def _flat(name: str, value: Any) -> list[tuple[str, Any]]:
    if not isinstance(value, Mapping):
        return [(name, value)]
    return [pair for key, inner in value.items() for pair in _flat(f"{name}.{key}", inner)]


def _check_shares(settings: HiddenSettings) -> None:
    for name in SHARES:
        if not 0 <= getattr(settings, name) <= 1:
            raise _settings_error(name, "is a share and lies between 0 and 1")
    for name in SPREADS:
        if not 0 <= getattr(settings, name) <= 2:
            raise _settings_error(name, "is a spread and lies between 0 and 2")
    for name in ("children_per_crime", "yearly"):
        if not 0 < getattr(settings, name) <= 100:
            raise _settings_error(name, "must be above 0 and at most 100")
    for name, known in WEIGHTS.items():
        weights = getattr(settings, name)
        if set(weights) != set(known) or min(weights.values()) < 0 or sum(weights.values()) <= 0:
            raise _settings_error(name, f"needs a weight of 0 or more for each of {', '.join(known)}, and one above 0")
    if abs(sum(settings.visibility.values()) - 1) > 1e-9:
        raise _settings_error("visibility", "holds shares, which must add up to 1")
    if not 0 < settings.most_seen < settings.not_unseen:
        raise _settings_error("most_seen", "must be above 0 and below the share of children who are not unseen")


def _check_list_shares(settings: HiddenSettings) -> None:
    for name, known in BY_LIST.items():
        shares = getattr(settings, name)
        if set(shares) != set(known) or not all(0 <= share <= 1 for share in shares.values()):
            raise _settings_error(name, f"needs a share between 0 and 1 for each of {', '.join(known)}")
    if not all(0 < probability < 1 for probability in settings.capture_probabilities.values()):
        raise _settings_error("capture_probabilities", "must each be above 0 and below 1")


def _check_log_odds(settings: HiddenSettings) -> None:
    for trait, effects in settings.effects.items():
        if trait not in TRAITS or not set(effects) <= set(LISTS):
            known = f"a trait ({', '.join(TRAITS)}) and lists ({', '.join(LISTS)})"
            raise _settings_error(f"effects.{trait}", f"must name {known}")
    for giver, takers in settings.feeds.items():
        later_lists = LISTS[LISTS.index(giver) + 1 :] if giver in LISTS else ()
        if not set(takers) <= set(later_lists) & set(PARTNERS):
            raise _settings_error(
                f"feeds.{giver}", f"may feed only partners' lists after it in the order {', '.join(LISTS)}"
            )
    for name, value in [*_flat("effects", settings.effects), *_flat("feeds", settings.feeds)]:
        if abs(value) > MAX_LOG_ODDS:
            raise _settings_error(name, f"is a log-odds and lies between {-MAX_LOG_ODDS} and {MAX_LOG_ODDS}")
