"""Which columns of the return do the facts read, and the comparison that finds out who is the same person?

Worked out from the expressions themselves, over tables without a row. A fact that is a column of the return carried
along unchanged reads it only if a form asks for that fact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import ibis
import pyarrow as pa

from assay import contract
from assay.contract import separated_columns
from assay.engine.column_lineage import Base, carried, columns_behind
from assay.engine.portable_expressions import beside
from assay.facts.fact_inputs import lookups
from assay.facts.fact_tables import facts
from assay.indicators import Form, columns_read
from assay.indicators.conditions import column_types, kind_of_type
from assay.indicators.indicator_catalogue import forms
from assay.ingest.accepted_tables import BESIDE
from assay.linkage import IDENTITIES, READ, ages, ages_then, things
from assay.linkage.groups import ties
from assay.linkage.linkage_records import ALREADY_KNOWN, entries, other_names
from assay.linkage.person_ages import ENTRY
from assay.privacy import separated_identifiers
from assay.reference import Body, bodies

THINGS = {"force_code": "string", "link_ref": "string", "thing_kind": "string", "thing_id": "string"}
PEOPLE = {"force_code": "string", "involvement_ref": "string", "person_id": "string"}
LISTED = {"force_code": "string", "entry_ref": "string", "person_id": "string"}
LINKAGE = "linkage"
Found = dict[Base, set[str]]


@cache
def homes() -> Mapping[Base, Base]:
    """Each typed field of the return, and the column of the contract that it comes from (three fields for a `when`).

    The identities of involvements are kept apart from them, and come from the same file.
    """
    found = {
        (name, field): (name, column.name)
        for name, table in contract.tables().items()
        for column in table.columns
        for field in column.names
    }
    of_identities = {
        (held, name): (table, name) for table, held in IDENTITIES.items() for name in _identities(table).columns
    }
    return found | {field: home for field, home in of_identities.items() if home in found}


def facts_used(form: Form) -> tuple[str, ...]:
    """The facts that a form reads, as "crime.charged"."""
    return tuple(f"{form.record}.{name}" for name in columns_read(form))


@dataclass(frozen=True)
class FactColumn:
    """One column of a table of facts: its type in words, the column of the return that it repeats unchanged ('': it is
    worked out), and the tables of the return on which it rests."""

    table: str
    name: str
    kind: str
    sent_as: str
    tables: tuple[str, ...]


@cache
def fact_columns() -> tuple[FactColumn, ...]:
    """Every column of every table of facts that a condition can read, table by table."""
    known = homes()
    found = []
    for name, table in _facts().items():
        for column, kind in column_types(table).items():
            home = known.get(carried(table, column) or ("", ""))
            behind = {known[base][0] for base in columns_behind(table, [column]) if base in known}
            found.append(FactColumn(name, column, kind_of_type(kind), ".".join(home or ()), tuple(sorted(behind))))
    return tuple(found)


def read_by_facts() -> Found:
    """Of each column of the contract the facts that read it: "fact crime.charged".

    "fact duty" alone: the column decides which duties there are, or what is read of all of them.
    """
    used = {name for form in forms() for name in facts_used(form)}
    found: Found = defaultdict(set)
    for name, table in _facts().items():
        of_rows = columns_behind(table)
        _note(found, of_rows, f"fact {name}")
        for column in table.columns:
            if f"{name}.{column}" in used or carried(table, column) not in homes():
                _note(found, columns_behind(table, [column]) - of_rows, f"fact {name}.{column}")
    return found


@cache
def _facts() -> Mapping[str, ibis.Table]:
    """The expression of every fact; which forms there are changes none."""
    return facts(_nothing_held())


def read_by_linkage() -> Found:
    """The columns that are compared to find out who is the same person.

    Ages say which entries cannot be one person; the columns behind them are asked for their own sake, by the facts.
    """
    found: Found = defaultdict(set)
    held = {**{name: _of_return(name) for name in READ}, **_identities_held(), "incomplete": _beside("incomplete")}
    linked = entries(held)
    compared = [name for name in linked.columns if name not in ALREADY_KNOWN]
    for table, columns in ((linked, compared), (other_names(held), ("entry", "forenames", "surname"))):
        _note(found, columns_behind(table, columns), LINKAGE)
    shared = things(held)
    _note(found, columns_behind(shared, shared.columns), LINKAGE)
    return found


def _note(found: Found, columns: Iterable[Base], reader: str) -> None:
    known = homes()
    for column in columns:
        if column in known:
            found[known[column]].add(reader)


def _nothing_held() -> Mapping[str, ibis.Table]:
    """Every table that facts read, without a row."""
    of_returns = {name: _of_return(name) for name in contract.tables()}
    told = {name: _table(name, schema) for name, schema in BESIDE.items()}
    asked: tuple[Body, ...] = bodies().all
    ours = {name: _table(name, rows.schema) for name, rows in lookups(asked).items()}
    held = {**of_returns, **told, **ours}
    told = {**held, **_identities_held()}
    # Who is the same person is what linkage reads; how old they were is read by the facts that say so.
    people_found = beside(ibis.table(PEOPLE, name="people"), ages(told), ENTRY)
    held |= {"people": people_found, "ages_then": ages_then(told)}
    held |= {"list_people": ibis.table(LISTED, name="list_people")}
    return held | _groups(held)


def _groups(held: dict[str, ibis.Table]) -> dict[str, ibis.Table]:
    """Stand-ins for the groups: which they are is decided by every column of a tie."""
    tied = ties(held | {"things": ibis.table(THINGS, name="things")})
    whole = {"tied_by": "tie", "group_ref": "thing_id"}
    return {
        "found_persons": tied.select(**whole, part_ref="person_id", person_id="person_id"),
        "found_crimes": tied.select(**whole, force_code="force_code", crime_ref="crime_ref"),
    }


def _of_return(name: str) -> ibis.Table:
    """A table of the return as the facts find it: what is kept apart is not in it."""
    return _table(name, separated_identifiers.apart_from(name, contract.typed_schema(name).empty_table()).schema)


def _identities_held() -> dict[str, ibis.Table]:
    return {held: _identities(table) for table, held in IDENTITIES.items()}


def _identities(table: str) -> ibis.Table:
    rows = contract.typed_schema(table).empty_table()
    return _table(IDENTITIES[table], separated_identifiers.apart_of(separated_columns.IDENTITIES, table, rows).schema)


def _beside(name: str) -> ibis.Table:
    return _table(name, BESIDE[name])


def _table(name: str, schema: pa.Schema) -> ibis.Table:
    return ibis.table(ibis.Schema.from_pyarrow(schema), name=name)
