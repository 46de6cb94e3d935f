"""Write the contract as Frictionless Table Schemas, one for each table, and a data package.

The JSON is written from the same specification as the checks. What JSON cannot express (a day alone is an interval, an
empty cell may mean "not yet") is in the descriptions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay import contract
from assay.contract import FORCE_CODE, SPEC_VERSION, Column, Table

DAY_PATTERN = r"\d{4}-\d{2}-\d{2}"
CONTRACT = f"the data return contract of assay, specification {SPEC_VERSION} (docs/reference/data-return.md)"
SCHEMA_COMMENT = (
    f"Numbers refer to {CONTRACT}: 4.1 is a section of it, R50 one of its rules (section 10), Q28 a question and "
    "F1 a failure mode of the inspection that the column serves."
)
"""The meaning of the marks in descriptions, repeated in each schema."""
TIME_PATTERN = DAY_PATTERN + r"T\d{2}:\d{2}(:\d{2})?"
FIELD_TYPES: dict[str, dict[str, Any]] = {
    "ref": {"type": "string"},
    "code": {"type": "string"},
    "text": {"type": "string"},
    "yesno": {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
    "int": {"type": "integer"},
    "num": {"type": "number"},
    "date": {"type": "date", "format": "%Y-%m-%d"},
    "time": {"type": "datetime", "format": "%Y-%m-%dT%H:%M"},
    "when": {"type": "string"},
}
OPEN_LISTS = ("offence_code",)
"""Closed lists in addition to which other values of one pattern are accepted."""


def table_schema(name: str, tables: Mapping[str, Table] | None = None) -> dict[str, Any]:
    """Return the Table Schema of one table, with the requested columns only.

    `tables` are those of a request; without them, all tables that assay reads.
    """
    requested = contract.requested_tables() if tables is None else tables
    table = requested.get(name, contract.table(name))
    code = {
        "name": FORCE_CODE,
        "type": "string",
        "description": "The sender: the force_code of return.toml. Derived where the file has no such column, so it is "
        "part of no key: a package holds the rows of one force.",
    }
    schema: dict[str, Any] = {
        "$comment": SCHEMA_COMMENT,
        "fields": [code, *(_field(column, table) for column in table.requested_columns)],
        "missingValues": [""],
    }
    if all(table.column(part).required == "yes" for part in table.key):  # no part of a primary key may be empty
        schema["primaryKey"] = list(table.key)
    links = [_foreign_key(column, table) for column in table.requested_columns if column.refers in requested]
    return schema | ({"foreignKeys": links} if links else {})


def _field(column: Column, table: Table) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, **FIELD_TYPES[column.kind]}
    field["description"] = _description(column)
    constraints = _constraints(column, table)
    return field | ({"constraints": constraints} if constraints else {})


def _description(column: Column) -> str:
    phrases = [column.rule] if column.rule else []
    if column.kind == "when":
        phrases.append("a time YYYY-MM-DDTHH:MM, or a day YYYY-MM-DD, which is read as an interval")
    phrases.append(f"required: {column.required}")
    return "; ".join(phrases) + f". Used for: {column.used_for}."


def _constraints(column: Column, table: Table) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required == "yes":
        constraints["required"] = True
    if column.kind == "ref":
        constraints |= {"minLength": 1, "maxLength": 64}
    if column.pattern:
        constraints["pattern"] = column.pattern
    if column.kind == "when":
        constraints["pattern"] = f"{TIME_PATTERN}|{DAY_PATTERN}"
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    if column.maximum is not None:
        constraints["maximum"] = column.maximum
    if column.values and column.values not in OPEN_LISTS:
        constraints["enum"] = list(contract.list_values(column.values))
    if table.key == (column.name,):
        constraints["unique"] = True
    return constraints


def _foreign_key(column: Column, table: Table) -> dict[str, Any]:
    """Return the foreign key of a column. In Table Schema, a resource '' is the table itself."""
    key = contract.table(column.refers).key[0]
    reference = {"resource": "" if column.refers == table.name else column.refers, "fields": [key]}
    return {"fields": [column.name], "reference": reference}


def data_package(tables: Mapping[str, Table] | None = None) -> dict[str, Any]:
    """Return the data package: each requested table with its file name and schema."""
    requested = contract.requested_tables() if tables is None else tables
    return {
        "name": "data-return",
        "title": "The data return of a police force",
        "version": SPEC_VERSION,
        "description": SCHEMA_COMMENT,
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "title": table.purpose,
                "description": f"{table.row} In scope: {table.in_scope}",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": table_schema(name, requested),
            }
            for name, table in requested.items()
        ],
    }


def write_schemas(folder: Path, tables: Mapping[str, Table] | None = None) -> list[Path]:
    """Write `datapackage.json` and `schemas/NAME.json` for each requested table; return the paths."""
    (folder / "schemas").mkdir(parents=True, exist_ok=True)
    requested = contract.requested_tables() if tables is None else tables
    paths = [_write_json(folder / "datapackage.json", data_package(requested))]
    return paths + [
        _write_json(folder / "schemas" / f"{name}.json", table_schema(name, requested)) for name in requested
    ]


def _write_json(path: Path, content: dict[str, Any]) -> Path:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
