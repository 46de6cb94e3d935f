"""What do we suppose of exploited children, and of the lists that see a part of them?

`hidden.toml` holds every value with its source. A world changes some of them by name; what makes no world is refused.
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

# In the order in which a child comes on them: a list feeds only those after it.
LISTS = ("police_crimes", "missing", "health", "education", "voluntary", "local_authority", "referral_mechanism")
PARTNERS = LISTS[2:]
TRAITS = ("in_care", "female", "10_12", "16_17", "seldom", "often")
VISIBILITY = ("unseen", "seldom", "sometimes", "often")
SLIPS = ("typing", "day_and_month", "no_date_of_birth", "old_postcode", "short_name")
AGES = tuple(str(years) for years in range(10, 18))
STRONGEST = 10  # log-odds beyond which chance is no chance

SHARES = ("of_missing", "female", "in_care", "slips", "no_postcode", "concern_cse")
SPREADS = ("spread", "yearly_spread", "chances_spread")
WEIGHTS = {"ages": AGES, "visibility": VISIBILITY, "slip_kinds": SLIPS}
BY_LIST = {"chances": tuple(name for name in PARTNERS if name != "local_authority"), "sent": PARTNERS}
Numbers = Mapping[str, float]


@dataclass(frozen=True)
class HiddenSettings:
    """Each value of `hidden.toml`, where its unit and its source stand; UsageError for what makes no world."""

    children_per_crime: float
    spread: float
    yearly: float
    yearly_spread: float
    most_seen: float
    of_missing: float
    female: float
    in_care: float
    ages: Numbers
    visibility: Numbers
    chances: Numbers
    chances_spread: float
    sent: Numbers
    effects: Mapping[str, Numbers]
    feeds: Mapping[str, Numbers]
    slips: float
    slip_kinds: Numbers
    no_postcode: float
    concern_cse: float

    def __post_init__(self) -> None:
        _numbers(self)
        _shares(self)
        _by_list(self)
        _log_odds(self)

    @property
    def not_unseen(self) -> float:
        """The share of exploited children whom some list might see."""
        return 1 - self.visibility["unseen"]


def hidden_settings(changes: Mapping[str, Any] | None = None) -> HiddenSettings:
    """The values of `hidden.toml`, with some changed by name; within a table only what is named changes."""
    values = dict(_file())
    for name, change in (changes or {}).items():
        if name not in values:
            raise _refused(name, f"is no setting; the settings are {', '.join(values)}")
        values[name] = _changed(name, values[name], change)
    return HiddenSettings(**values)


def _changed(name: str, value: Any, change: Any) -> Any:
    if isinstance(value, Mapping) != isinstance(change, Mapping):
        raise _refused(name, "is a table of numbers" if isinstance(value, Mapping) else "is one number")
    if not isinstance(value, Mapping):
        return change
    inner = {key: _changed(f"{name}.{key}", value[key], new) if key in value else new for key, new in change.items()}
    return {**value, **inner}


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Any]:
    told = tomllib.loads(files("assay.synthetic").joinpath("hidden.toml").read_text(encoding="utf-8"))
    return {name: entry["value"] for name, entry in told.items()}


def _refused(name: str, why: str) -> UsageError:
    return UsageError(f"Hidden children: `{name}` {why}.")


def _numbers(held: HiddenSettings) -> None:
    """Every value is a number; a table holds numbers or tables of numbers."""
    for field in fields(held):
        for name, value in _flat(field.name, getattr(held, field.name)):
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise _refused(name, "must be a number")


def _flat(name: str, value: Any) -> list[tuple[str, Any]]:
    if not isinstance(value, Mapping):
        return [(name, value)]
    return [pair for key, inner in value.items() for pair in _flat(f"{name}.{key}", inner)]


def _shares(held: HiddenSettings) -> None:
    for name in SHARES:
        if not 0 <= getattr(held, name) <= 1:
            raise _refused(name, "is a share and lies between 0 and 1")
    for name in SPREADS:
        if not 0 <= getattr(held, name) <= 2:
            raise _refused(name, "is a spread and lies between 0 and 2")
    for name in ("children_per_crime", "yearly"):
        if not 0 < getattr(held, name) <= 100:
            raise _refused(name, "must be above 0 and at most 100")
    for name, known in WEIGHTS.items():
        weights = getattr(held, name)
        if set(weights) != set(known) or min(weights.values()) < 0 or sum(weights.values()) <= 0:
            raise _refused(name, f"needs a weight of 0 or more for each of {', '.join(known)}, and one above 0")
    if abs(sum(held.visibility.values()) - 1) > 1e-9:
        raise _refused("visibility", "holds shares, which must add up to 1")
    if not 0 < held.most_seen < held.not_unseen:
        raise _refused("most_seen", "must be above 0 and below the share of children who are not unseen")


def _by_list(held: HiddenSettings) -> None:
    for name, known in BY_LIST.items():
        shares = getattr(held, name)
        if set(shares) != set(known) or not all(0 <= share <= 1 for share in shares.values()):
            raise _refused(name, f"needs a share between 0 and 1 for each of {', '.join(known)}")
    if not all(0 < chance < 1 for chance in held.chances.values()):
        raise _refused("chances", "must each be above 0 and below 1")


def _log_odds(held: HiddenSettings) -> None:
    for trait, effects in held.effects.items():
        if trait not in TRAITS or not set(effects) <= set(LISTS):
            known = f"a trait ({', '.join(TRAITS)}) and lists ({', '.join(LISTS)})"
            raise _refused(f"effects.{trait}", f"must name {known}")
    for giver, takers in held.feeds.items():
        after = LISTS[LISTS.index(giver) + 1 :] if giver in LISTS else ()
        if not set(takers) <= set(after) & set(PARTNERS):
            raise _refused(f"feeds.{giver}", f"may feed only partners' lists after it in the order {', '.join(LISTS)}")
    for name, value in [*_flat("effects", held.effects), *_flat("feeds", held.feeds)]:
        if abs(value) > STRONGEST:
            raise _refused(name, f"is a log-odds and lies between {-STRONGEST} and {STRONGEST}")
