"""Was a force called for this before, and how much of the chance of a false call has a later inspection still left?

Whoever inspects again and again calls somebody by chance in the end. The first inspection may name one in twenty
falsely; all later ones together another one in twenty, of which each has a smaller part than the one before it
(alpha-spending, as in Lan and DeMets, Biometrika 70, 1983, 659-663). The false among all that are ever named are never
a larger part than those of each inspection among its own, added up: so over all time one name in ten may be false, of
measures by themselves and of those taken together. A call that stands is not tested anew: it is named as standing,
since when, for as long as the records still show it; where it cannot be looked at it is kept for the next inspection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FALSE_DISCOVERY = 0.05
"""So large a part of what is named may be named by chance."""
NAMED_UP_TO = 0.02
"""What is named of some measures by themselves has a q-value up to this: very small p-values are smaller than they say
(decisions 0147 and 0150)."""
BESIDE_UP_TO, TOGETHER_UP_TO = 0.005, 0.03
"""Where failures of the past are also asked, each as one question: up to which q-value a measure is named by itself,
and a failure (decision 0153)."""
STILL = 0.05
"""A call stands while a force that is like the others would be as far out, to that side, no more often than this."""
NEW, STANDS, GONE = "new", "stands", "no longer shown"
Key = tuple[str, str]


@dataclass(frozen=True)
class Call:
    """A call that an earlier inspection made: on which side of what the others lead one to expect, how probable it is
    that it is false, and the period of whose records it was made."""

    direction: str
    q_value: float
    since: str


@dataclass(frozen=True)
class Before:
    """The inspections that were there before: how many, and by measure and place the calls that stood at the end."""

    number: int = 0
    calls: Mapping[Key, Call] = field(default_factory=dict)

    def level(self, up_to: float = NAMED_UP_TO) -> float:
        """Up to which q-value the next inspection names, where the first names up to `up_to`."""
        return up_to / max(1, self.number * (self.number + 1))


FIRST = Before()


def is_same(call: Call | None, side: str) -> bool:
    """Whether a force that lies on this side was called for it before."""
    return call is not None and call.direction == side


def with_call(row: Mapping[str, Any], call: Call | None) -> dict[str, Any]:
    """The columns that say what became of calls: `called`, `called_since`, and for one that stands its q-value.

    `row`: a row of which `unusual`, `direction`, `side`, `p_value` and `q_value` are known.
    """
    if call is None:
        return {"called": NEW if row["unusual"] else "", "called_since": ""}
    if row["p_value"] is None:  # nobody can tell: it neither stands nor is it gone
        return {"called": "", "called_since": ""}
    if not is_same(call, row["side"]):
        return {"called": NEW if row["unusual"] else GONE, "called_since": "" if row["unusual"] else call.since}
    if row["p_value"] > STILL:
        return {"called": GONE, "called_since": call.since}
    return {"called": STANDS, "called_since": call.since, "unusual": True, "direction": call.direction,
            "q_value": call.q_value}  # fmt: skip


def named_once(rows: Iterable[dict[str, Any]], *key: str) -> None:
    """Write on rows of several years which call is new and which one stood in the year before, by `key`."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in key), []).append(row)
    for held in groups.values():
        _in_order(sorted(held, key=lambda row: str(row["financial_year"])))


def _in_order(years: Sequence[dict[str, Any]]) -> None:
    since, side = "", ""
    for row in years:
        named = row["direction"] if row["unusual"] else ""
        since = (since if named == side else row["financial_year"]) if named else ""
        row |= {"called": (STANDS if since != row["financial_year"] else NEW) if named else "",
                "called_since": since if since != row["financial_year"] else ""}  # fmt: skip
        side = named
