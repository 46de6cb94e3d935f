"""Which values may a coded cell of a return hold, and what does each mean?

The short lists stand in return_lists.csv (return contract, sections 2.3, 9.2 and 9.3). The lists that are kept as
data of their own (section 9.1) are read from there, so that no code has two homes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from assay.errors import DefinitionError
from assay.reference.child_offences import child_offences
from assay.reference.civil_orders import orders
from assay.reference.ethnicity_codes import ethnicities
from assay.reference.event_kinds import event_kinds
from assay.reference.exploitation_definitions import definitions
from assay.reference.local_authorities import authorities
from assay.reference.offence_register import offences
from assay.reference.organisations import bodies
from assay.reference.outcome_codes import return_outcomes
from assay.reference.reference_data import read
from assay.reference.risk_tools import risk_tools

COLUMNS = ("list", "value", "meaning", "evidence", "source")
INVENTED_CODES = tuple(f"INV{number:02d}" for number in range(1, 100))
OTHER_BODY = "OTHER"

Values = tuple[tuple[str, str], ...]


@lru_cache
def return_lists() -> Mapping[str, Values]:
    """Every closed list by name, as (value, meaning) in order; `meaning` is '' where the value says it."""
    short: dict[str, list[tuple[str, str]]] = {}
    for row in read("return_lists", COLUMNS):
        short.setdefault(row["list"], []).append((row["value"], row["meaning"]))
    lists = {name: tuple(values) for name, values in short.items()}
    both = sorted(set(lists) & set(KEPT_AS_DATA))
    if both:
        raise DefinitionError(f"return_lists.csv holds lists that have another home: {', '.join(both)}.")
    lists.update({name: tuple(kept()) for name, kept in KEPT_AS_DATA.items()})
    for name, values in lists.items():
        if len({value.casefold() for value, _ in values}) != len(values):
            raise DefinitionError(f"The list {name} of the return contract holds a value twice.")
    return MappingProxyType(lists)


def list_values(name: str) -> tuple[str, ...]:
    """The values of a closed list in their own spelling; refuses a list that nobody wrote."""
    try:
        return tuple(value for value, _ in return_lists()[name])
    except KeyError:
        raise DefinitionError(f"The return contract has no closed list {name!r}.") from None


def _force_codes() -> Iterable[tuple[str, str]]:
    yield from ((body.code, body.name) for body in bodies())
    yield from ((code, "an invented force, never in a real inspection") for code in INVENTED_CODES)


def _other_forces() -> Iterable[tuple[str, str]]:
    yield from _force_codes()
    yield OTHER_BODY, "a body not in this list; only as the other force of a transfer"


def _offence_codes() -> Iterable[tuple[str, str]]:
    named = {one.code: one.name for one in child_offences()}
    yield from named.items()
    yield from ((one.code, one.name) for one in offences() if one.code not in named)


def _ethnicity(*schemes: str) -> Iterable[tuple[str, str]]:
    return ((one.code, one.label) for one in ethnicities() if one.scheme in schemes)


def _sent_kinds() -> Iterable[tuple[str, str]]:
    return ((kind.key, kind.meaning) for kind in event_kinds() if kind.sent_in_events)


def _reported_kinds() -> Iterable[tuple[str, str]]:
    return ((kind.key, kind.meaning) for kind in event_kinds().about("crime", "victim", "suspect"))


KEPT_AS_DATA: Mapping[str, Callable[[], Iterable[tuple[str, str]]]] = MappingProxyType({
    "force_code": _force_codes,
    "other_force": _other_forces,
    "event_kind": _sent_kinds,
    "reported_kind": _reported_kinds,
    "offence_code": _offence_codes,
    "outcome_code": lambda: ((one.code, one.label) for one in return_outcomes()),
    "ethnicity_self": lambda: _ethnicity("SDE18+1", "SDE16+1"),
    "ethnicity_officer": lambda: _ethnicity("IC"),
    "order_code": lambda: ((one.code, one.name) for one in orders() if one.in_return),
    "risk_tool": lambda: ((one.tool, one.name) for one in risk_tools()),
    "definition": lambda: ((one.key, one.term) for one in definitions()),
    "local_authority": lambda: ((one.code, one.name) for one in authorities()),
})  # fmt: skip
