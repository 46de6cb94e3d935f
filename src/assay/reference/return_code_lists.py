"""Closed lists of the return contract: values and meanings.

The short lists are in return_lists.csv (return contract, sections 2.3, 9.2 and 9.3). Lists with their own data file
(section 9.1) are read from it, so that each code is defined once.
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
from assay.reference.organisations import real_organisations
from assay.reference.outcome_codes import return_outcomes
from assay.reference.reference_data import read_rows
from assay.reference.risk_tools import risk_tools

COLUMNS = ("list", "value", "meaning", "evidence", "source")
SYNTHETIC_FORCE_CODES = tuple(f"INV{number:02d}" for number in range(1, 100))
OTHER_ORGANISATION = "OTHER"

Values = tuple[tuple[str, str], ...]


@lru_cache
def return_lists() -> Mapping[str, Values]:
    """Return every closed list by name, as (value, meaning) in order; `meaning` may be ''."""
    values_by_list: dict[str, list[tuple[str, str]]] = {}
    for row in read_rows("return_lists", COLUMNS):
        values_by_list.setdefault(row["list"], []).append((row["value"], row["meaning"]))
    lists = {name: tuple(values) for name, values in values_by_list.items()}
    duplicates = sorted(set(lists) & set(REGISTER_LISTS))
    if duplicates:
        raise DefinitionError(f"return_lists.csv holds lists that have another home: {', '.join(duplicates)}.")
    lists.update({name: tuple(make_values()) for name, make_values in REGISTER_LISTS.items()})
    for name, values in lists.items():
        if len({value.casefold() for value, _ in values}) != len(values):
            raise DefinitionError(f"The list {name} of the return contract holds a value twice.")
    return MappingProxyType(lists)


def list_values(name: str) -> tuple[str, ...]:
    """Return the values of a closed list; DefinitionError for an unknown list."""
    try:
        return tuple(value for value, _ in return_lists()[name])
    except KeyError:
        raise DefinitionError(f"The return contract has no closed list {name!r}.") from None


def _force_codes() -> Iterable[tuple[str, str]]:
    yield from ((organisation.code, organisation.name) for organisation in real_organisations())
    yield from ((code, "a synthetic force, never in a real inspection") for code in SYNTHETIC_FORCE_CODES)


def _other_forces() -> Iterable[tuple[str, str]]:
    yield from _force_codes()
    yield OTHER_ORGANISATION, "an organisation not in this list; only as the other force of a transfer"


def _offence_codes() -> Iterable[tuple[str, str]]:
    name_by_code = {offence.code: offence.name for offence in child_offences()}
    yield from name_by_code.items()
    yield from ((offence.code, offence.name) for offence in offences() if offence.code not in name_by_code)


def _ethnicity_codes(*schemes: str) -> Iterable[tuple[str, str]]:
    return ((ethnicity.code, ethnicity.label) for ethnicity in ethnicities() if ethnicity.scheme in schemes)


def _event_kinds() -> Iterable[tuple[str, str]]:
    return ((kind.key, kind.meaning) for kind in event_kinds() if kind.sent_in_events)


def _reported_kinds() -> Iterable[tuple[str, str]]:
    return ((kind.key, kind.meaning) for kind in event_kinds().by_subject("crime", "victim", "suspect"))


REGISTER_LISTS: Mapping[str, Callable[[], Iterable[tuple[str, str]]]] = MappingProxyType({
    "force_code": _force_codes,
    "other_force": _other_forces,
    "event_kind": _event_kinds,
    "reported_kind": _reported_kinds,
    "offence_code": _offence_codes,
    "outcome_code": lambda: ((member.code, member.label) for member in return_outcomes()),
    "ethnicity_self": lambda: _ethnicity_codes("SDE18+1", "SDE16+1", "GROUP"),
    "ethnicity_officer": lambda: _ethnicity_codes("IC", "IC GROUP"),
    "order_code": lambda: ((member.code, member.name) for member in orders() if member.in_return),
    "risk_tool": lambda: ((member.tool, member.name) for member in risk_tools()),
    "definition": lambda: ((member.key, member.term) for member in definitions()),
    "local_authority": lambda: ((member.code, member.name) for member in authorities()),
})  # fmt: skip
