"""Lists that may hold exploited children, and the dependence between pairs of lists.

Dependence between two lists cannot be estimated from their overlap; it needs knowledge of the lists. It is declared
here for all forces, by pair, with its sign and reason, so that an estimate can state the direction of its bias.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.reference_data import Register, parse_answer, read_rows

COLUMNS = ("key", "name", "owner", "sure", "note", "evidence", "source")
PAIR_COLUMNS = ("key", "first", "second", "sign", "reason", "evidence", "source")
POLICE, PARTNER = "police", "partner"
SIGNS = ("positive", "negative", "none", "not_known")


@dataclass(frozen=True)
class ChildList:
    """One kind of list (of the police or a partner) on which an exploited child may be.

    `owner` is "police" or "partner"; `sure` is True if the owner states that every child on the list belongs there.
    """

    key: str
    name: str
    owner: str
    sure: bool
    note: str
    evidence: str
    source: str


@dataclass(frozen=True)
class ListDependence:
    """Statistical dependence between two lists, given the characteristics of the children on them."""

    key: str
    first: str
    second: str
    sign: str
    reason: str
    evidence: str
    source: str


class ChildLists(Register[ChildList]):
    """The lists: police lists first, then partner lists in the order of the request."""

    member_name = "list of children"

    def keys_by_owner(self, owner: str) -> tuple[str, ...]:
        """Return the keys of the lists of the police or of partners."""
        return tuple(child_list.key for child_list in self.all if child_list.owner == owner)


class ListDependences(Register[ListDependence]):
    """The dependences between pairs of lists."""

    member_name = "pair of lists"

    def within_lists(self, lists: Collection[str]) -> tuple[ListDependence, ...]:
        """Return the dependences between two of these lists."""
        return tuple(pair for pair in self.all if pair.first in lists and pair.second in lists)


@lru_cache
def child_lists() -> ChildLists:
    """Return every kind of list that may hold an exploited child."""
    return ChildLists([_list(row) for row in read_rows("child_lists", COLUMNS)])


@lru_cache
def list_dependences() -> ListDependences:
    """Return the dependences; DefinitionError for an unknown list or sign, or a pair without a reason."""
    return ListDependences([_pair(row) for row in read_rows("list_dependences", PAIR_COLUMNS)])


def _list(row: dict[str, str]) -> ChildList:
    if row["owner"] not in (POLICE, PARTNER):
        raise DefinitionError(f"child_lists.csv, {row['key']}: `owner` is {POLICE} or {PARTNER}.")
    fields = {name: row[name] for name in COLUMNS if name != "sure"}
    return ChildList(**fields, sure=bool(parse_answer(row, "sure")))


def _pair(row: dict[str, str]) -> ListDependence:
    for name in ("first", "second"):
        child_lists().get(row[name])
    if row["sign"] not in SIGNS or not row["reason"]:
        raise DefinitionError(
            f"list_dependences.csv, {row['key']}: the sign is one of {', '.join(SIGNS)}, and there is a reason."
        )
    return ListDependence(**row)
