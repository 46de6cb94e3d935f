"""When is a range of hidden children too wide to be of use, and which partner list would narrow it most?

A range of all children, on a list or on none, is too wide to be of use if its upper end is more than three times its
lower end. A further list narrows it by the more, the larger its capture probability: that follows from the variance of
the estimate from independent lists (Darroch, Biometrika 45, 1958, 343-359). The capture probability of a list that was
not sent is taken from the places that sent it: the part of the children on other lists who are on it too. A list that
is declared to feed, or to be fed by, one of those sent is requested later, because dependence widens a range.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from statistics import median

from assay.indicators.catalogue.scale.hidden.list_overlap import ListSet
from assay.reference import child_lists, list_dependences
from assay.stats.multiple_systems.ensemble import MAXIMUM_RANGE_RATIO
from assay.stats.multiple_systems.list_screening import DependenceSign

REQUEST_ORDER = ("local_authority", "health", "referral_mechanism", "education", "voluntary")
"""Partners' lists in the order of requests."""
TOO_WIDE_RATIO = MAXIMUM_RANGE_RATIO
TOO_WIDE = (
    "The range of all children, on a list or on none, is too wide to be of use. Its upper end is more than "
    f"{TOO_WIDE_RATIO:.0f} times its lower end."
)
NO_FURTHER_LIST = "No further list: more children on several of those that came would be needed."


def is_too_wide(low: float, high: float) -> bool:
    """Return True if the upper end of a range of all children is more than `TOO_WIDE_RATIO` times its lower end."""
    return high > TOO_WIDE_RATIO * low


def missing_kinds(list_set: ListSet) -> list[str]:
    """Return the kinds of partner lists that were not sent, in the order of requests."""
    kinds = {list_set.kinds[key] for key in list_set.lists}
    return [key for key in REQUEST_ORDER if key not in kinds]


def recapture_shares(list_sets: Iterable[ListSet], window: tuple[date, date]) -> dict[str, float]:
    """Return, by kind of list, the share of children on other lists whom it also records (median over places)."""
    shares: dict[str, list[float]] = {}
    for list_set in list_sets:
        for kind in REQUEST_ORDER if list_set.window == window else ():
            keys = frozenset(key for key in list_set.lists if list_set.kinds[key] == kind)
            other_lists = frozenset(list_set.lists) - keys
            other_list_count = list_set.children(other_lists)
            if keys and other_list_count:
                on_list_too = other_list_count - list_set.children(other_lists, keys)
                shares.setdefault(kind, []).append(on_list_too / other_list_count)
    return {kind: median(values) for kind, values in shares.items()}


def narrowing_order(list_set: ListSet, shares: Mapping[str, float]) -> list[str]:
    """Return the missing kinds of lists, the one that would narrow the range most first.

    A kind that no place sent has no known capture probability: it follows those that have one, in the order of
    requests.
    """
    sent_kinds = {list_set.kinds[key] for key in list_set.lists}

    def key(kind: str) -> tuple[bool, bool, float]:
        return _depends_on(kind, sent_kinds), kind not in shares, -shares.get(kind, 0.0)

    return sorted(missing_kinds(list_set), key=key)


def _depends_on(kind: str, sent_kinds: set[str]) -> bool:
    """Return True if the list is declared to depend positively on one of those that were sent."""
    return any(
        kind in (pair.first, pair.second) and {pair.first, pair.second} & sent_kinds - {kind}
        for pair in list_dependences()
        if DependenceSign[pair.sign.upper()] is DependenceSign.POSITIVE
    )


def narrowing_sentence(list_set: ListSet, shares: Mapping[str, float]) -> str:
    """Return the sentence on the list that would narrow the range most.

    It names lists and no figure, because the shares are of other places and exact.
    """
    order = narrowing_order(list_set, shares)
    if not order:
        return NO_FURTHER_LIST
    first, *rest = (child_lists().get(kind).name for kind in order)
    reason = (
        "judged by the places that sent one"
        if order[0] in shares
        else "judged by the order of requests, since no place sent one"
    )
    later = f" Then: {', '.join(rest)}." if rest else ""
    return f"The list that would narrow it most: {first}, {reason}.{later}"


def request_sentence(kinds: Sequence[str]) -> str:
    """Return the sentence that says which partner lists to request next, in the order of `kinds`."""
    names = [child_lists().get(kind).name for kind in kinds]
    if not names:
        return NO_FURTHER_LIST
    first = f"Ask first for {names[0]}."
    return f"{first} Then ask for {', '.join(names[1:])}." if names[1:] else first
