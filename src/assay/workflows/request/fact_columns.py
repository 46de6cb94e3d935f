"""Find which columns of the return the facts and record linkage read, by evaluating their expressions.

The expressions are evaluated over tables without rows. A fact that repeats a column of the return unchanged reads it
only if a form needs that fact.
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
from assay.engine.column_lineage import SourceColumn, source_columns, unchanged_source_column
from assay.engine.portable_expressions import left_join
from assay.facts.fact_inputs import build_lookup_tables
from assay.facts.fact_tables import derive_fact_tables
from assay.indicators import Form, columns_read
from assay.indicators.conditions import column_types, kind_of_type
from assay.indicators.indicator_catalogue import forms
from assay.ingest.accepted_tables import RETURN_TABLE_SCHEMAS
from assay.linkage import IDENTITY_TABLES, INPUT_TABLES, event_ages, find_shared_identifiers, involvement_ages
from assay.linkage.groups import involvement_ties
from assay.linkage.linkage_records import DERIVED_COLUMNS, alias_names, linkage_entries
from assay.linkage.person_ages import ENTRY
from assay.privacy import separated_identifiers
from assay.reference import Organisation, real_organisations

IDENTIFIER_SCHEMA = {"force_code": "string", "link_ref": "string", "thing_kind": "string", "thing_id": "string"}
PEOPLE_SCHEMA = {"force_code": "string", "involvement_ref": "string", "person_id": "string"}
LIST_ENTRY_SCHEMA = {"force_code": "string", "entry_ref": "string", "person_id": "string"}
LINKAGE = "linkage"
Found = dict[SourceColumn, set[str]]


@cache
def contract_columns() -> Mapping[SourceColumn, SourceColumn]:
    """Return each typed field of the return, with the contract column from which it is read.

    The identities of involvements are stored separately from them, and come from the same file.
    """
    fields = {
        (name, field): (name, column.name)
        for name, table in contract.tables().items()
        for column in table.columns
        for field in column.field_names
    }
    identity_fields = {
        (identity_table, name): (table, name)
        for table, identity_table in IDENTITY_TABLES.items()
        for name in _identities(table).columns
    }
    return fields | {
        field: contract_column for field, contract_column in identity_fields.items() if contract_column in fields
    }


def facts_of_form(form: Form) -> tuple[str, ...]:
    """Return the facts that an indicator, waiting time or count uses, such as 'crime.charged'."""
    return tuple(f"{form.record}.{name}" for name in columns_read(form))


@dataclass(frozen=True)
class FactColumn:
    """One column of a fact table.

    It has a type in words, the column of the return that it repeats unchanged ('': it is derived), and the tables of
    the return on which it rests.
    """

    table: str
    name: str
    kind: str
    sent_as: str
    tables: tuple[str, ...]


@cache
def fact_columns() -> tuple[FactColumn, ...]:
    """Return every column of every fact table that a condition can read."""
    columns_by_field = contract_columns()
    found = []
    for name, table in _fact_expressions().items():
        for column, kind in column_types(table).items():
            contract_column = columns_by_field.get(unchanged_source_column(table, column) or ("", ""))
            source_tables = {
                columns_by_field[base][0] for base in source_columns(table, [column]) if base in columns_by_field
            }
            found.append(
                FactColumn(
                    name, column, kind_of_type(kind), ".".join(contract_column or ()), tuple(sorted(source_tables))
                )
            )
    return tuple(found)


def fact_readers() -> Found:
    """Return, for each contract column, the facts that are computed from it, such as 'fact crime.charged'.

    "fact duty" alone: the column decides which duties there are, or what is read of all of them.
    """
    facts_in_forms = {name for form in forms() for name in facts_of_form(form)}
    found: Found = defaultdict(set)
    for name, table in _fact_expressions().items():
        row_columns = source_columns(table)
        _add_reader(found, row_columns, f"fact {name}")
        for column in table.columns:
            if f"{name}.{column}" in facts_in_forms or unchanged_source_column(table, column) not in contract_columns():
                _add_reader(found, source_columns(table, [column]) - row_columns, f"fact {name}.{column}")
    return found


@cache
def _fact_expressions() -> Mapping[str, ibis.Table]:
    """Return the expression of every fact; they are the same for all forms."""
    return derive_fact_tables(_empty_tables())


def linkage_readers() -> Found:
    """Return the columns that record linkage compares.

    Ages show which entries cannot be one person; the facts request the columns behind them for their own sake.
    """
    found: Found = defaultdict(set)
    empty_tables = {
        **{name: _return_table(name) for name in INPUT_TABLES},
        **_identity_tables(),
        "incomplete": _completeness_table("incomplete"),
    }
    linked = linkage_entries(empty_tables)
    compared = [name for name in linked.columns if name not in DERIVED_COLUMNS]
    for table, columns in ((linked, compared), (alias_names(empty_tables), ("entry", "forenames", "surname"))):
        _add_reader(found, source_columns(table, columns), LINKAGE)
    shared = find_shared_identifiers(empty_tables)
    _add_reader(found, source_columns(shared, shared.columns), LINKAGE)
    return found


def _add_reader(found: Found, columns: Iterable[SourceColumn], reader: str) -> None:
    known = contract_columns()
    for column in columns:
        if column in known:
            found[known[column]].add(reader)


def _empty_tables() -> Mapping[str, ibis.Table]:
    """Return every table that facts read, without rows."""
    return_tables = {name: _return_table(name) for name in contract.tables()}
    side_tables = {name: _table(name, schema) for name, schema in RETURN_TABLE_SCHEMAS.items()}
    organisations: tuple[Organisation, ...] = real_organisations().all
    lookup_tables = {name: _table(name, rows.schema) for name, rows in build_lookup_tables(organisations).items()}
    empty_tables = {**return_tables, **side_tables, **lookup_tables}
    side_tables = {**empty_tables, **_identity_tables()}
    # Linkage reads the identifying columns; the facts about age read the columns of age.
    people_found = left_join(ibis.table(PEOPLE_SCHEMA, name="people"), involvement_ages(side_tables), ENTRY)
    empty_tables |= {"people": people_found, "ages_then": event_ages(side_tables)}
    empty_tables |= {"list_people": ibis.table(LIST_ENTRY_SCHEMA, name="list_people")}
    return empty_tables | _groups(empty_tables)


def _groups(empty_tables: dict[str, ibis.Table]) -> dict[str, ibis.Table]:
    """Return stand-ins for the groups, which depend on every column of a tie."""
    group_ties = involvement_ties(empty_tables | {"things": ibis.table(IDENTIFIER_SCHEMA, name="things")})
    tie_columns = {"tied_by": "tie", "group_ref": "thing_id"}
    return {
        "found_persons": group_ties.select(**tie_columns, part_ref="person_id", person_id="person_id"),
        "found_crimes": group_ties.select(**tie_columns, force_code="force_code", crime_ref="crime_ref"),
    }


def _return_table(name: str) -> ibis.Table:
    """Return a table of the return as the facts read it, without separated columns."""
    return _table(
        name, separated_identifiers.drop_separated_columns(name, contract.typed_schema(name).empty_table()).schema
    )


def _identity_tables() -> dict[str, ibis.Table]:
    return {identity_table: _identities(table) for table, identity_table in IDENTITY_TABLES.items()}


def _identities(table: str) -> ibis.Table:
    rows = contract.typed_schema(table).empty_table()
    return _table(
        IDENTITY_TABLES[table],
        separated_identifiers.select_separated_columns(separated_columns.IDENTITIES, table, rows).schema,
    )


def _completeness_table(name: str) -> ibis.Table:
    return _table(name, RETURN_TABLE_SCHEMAS[name])


def _table(name: str, schema: pa.Schema) -> ibis.Table:
    return ibis.table(ibis.Schema.from_pyarrow(schema), name=name)
