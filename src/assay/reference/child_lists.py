"""Which lists hold exploited children, whose are they, and which feeds which?

Whoever knows two lists can say how they depend on one another; no overlap can. Here it is said once for all forces, by
pair, with its sign and its reason, so that an estimate says which way it leans.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.reference_data import Register, answer, read

COLUMNS = ("key", "name", "whose", "sure", "note", "evidence", "source")
PAIR_COLUMNS = ("key", "first", "second", "sign", "reason", "evidence", "source")
POLICE, PARTNER = "police", "partner"
SIGNS = ("positive", "negative", "none", "not_known")


@dataclass(frozen=True)
class ChildList:
    """One list: `whose` is "police" or "partner"; `sure`: nobody is on it who is not exploited, so far as its keeper
    can say. Of a list that is not sure, an estimate is also made without it."""

    key: str
    name: str
    whose: str
    sure: bool
    note: str
    evidence: str
    source: str


@dataclass(frozen=True)
class ListDependence:
    """How two lists depend on one another, beyond what the children on them are like."""

    key: str
    first: str
    second: str
    sign: str
    reason: str
    evidence: str
    source: str


class ChildLists(Register[ChildList]):
    """The lists, those of the police first, then partners' in the order in which they are asked for."""

    what = "list of children"

    def of(self, whose: str) -> tuple[str, ...]:
        """The keys of the police's lists, or of partners'."""
        return tuple(one.key for one in self.all if one.whose == whose)


class ListDependences(Register[ListDependence]):
    """What is said of pairs of lists."""

    what = "pair of lists"

    def among(self, lists: Collection[str]) -> tuple[ListDependence, ...]:
        """Those of which both lists are among these."""
        return tuple(one for one in self.all if one.first in lists and one.second in lists)


@lru_cache
def child_lists() -> ChildLists:
    """Every kind of list that may hold an exploited child."""
    return ChildLists([_list(row) for row in read("child_lists", COLUMNS)])


@lru_cache
def list_dependences() -> ListDependences:
    """What is said of pairs of lists; refuses an unknown list or sign, and a pair without a reason."""
    return ListDependences([_pair(row) for row in read("list_dependences", PAIR_COLUMNS)])


def _list(row: dict[str, str]) -> ChildList:
    if row["whose"] not in (POLICE, PARTNER):
        raise DefinitionError(f"child_lists.csv, {row['key']}: `whose` is {POLICE} or {PARTNER}.")
    told = {name: row[name] for name in COLUMNS if name != "sure"}
    return ChildList(**told, sure=bool(answer(row, "sure")))


def _pair(row: dict[str, str]) -> ListDependence:
    for name in ("first", "second"):
        child_lists().get(row[name])
    if row["sign"] not in SIGNS or not row["reason"]:
        raise DefinitionError(
            f"list_dependences.csv, {row['key']}: the sign is one of {', '.join(SIGNS)}, and there is a reason."
        )
    return ListDependence(**row)
