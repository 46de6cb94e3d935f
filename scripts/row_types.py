"""Write the Python types (`TypedDict`) of the rows of released tables, and of tables from other senders.

The declarations are `src/assay/sdc/tables.toml` and `src/assay/ingest/other_senders/tables`. A test fails if one of
them has changed and this script has not been run.
"""

import subprocess
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from assay.ingest import other_senders
from assay.sdc import Column, declared_tables
from assay.sdc.released_rows import row_type_name

PACKAGE = Path(__file__).parent.parent / "src" / "assay"
RELEASED_MODULES = {
    "recorded": ("published_rows", "Rows of the tables computed from published statistics."),
    "inspection_summary": ("indicator_rows", "Rows of the tables of indicators, waits, counts, scale and returns."),
    "voice_collections": ("people_rows", "Rows of the tables of voices, disparities, suspects, risk tiers and texts."),
    "case_samples": ("grading_rows", "Rows of the tables of case files, hidden victims, grades and lessons."),
    "published_tables": ("added_table_rows", "Rows of the tables that a mapping adds to the published statistics."),
}
"""By the first table of each module in the order of declaration: the name of the module, and its first line."""
SOURCE = "Written by `scripts/row_types.py` from {}; change the declaration, not this file."
KIND_TYPES = {"count": "int", "whole": "int", "number": "float", "share": "float", "flag": "bool"}
ARROW_TYPES = {pa.bool_(): "bool", pa.int64(): "int", pa.float64(): "float", pa.date32(): "date"}


def released_type(column: Column) -> str:
    """Return the Python type of a released column, with `| None` if its cells may be empty or suppressed."""
    kind = KIND_TYPES.get(column.kind, "str")
    return f"{kind} | None" if column.empty or column.protect else kind


def sender_types(table: other_senders.Table) -> dict[str, str]:
    """Return the Python type of each stored column of another sender's table, with `| None` if cells may be empty."""
    required = {column.name for column in table.columns if column.required == "yes"} | {"sender", "file_line"}
    kinds = {field.name: ARROW_TYPES.get(field.type, "str") for field in table.schema}
    return {name: kind if name in required else f"{kind} | None" for name, kind in kinds.items()}


def _type_lines(name: str, row: str, columns: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the lines of a row type. Columns are strings, because stored names are not names of variables."""
    sentence = row.removeprefix("One row is ").split(". ")[0].rstrip(".")
    text = textwrap.fill(f"A row of `{name}`: {sentence[:1].lower()}{sentence[1:]}.", 110)
    yield from ("", f'{row_type_name(name)} = TypedDict("{row_type_name(name)}", {{')
    yield from (f'    "{column}": {kind},' for column, kind in columns)
    yield from ("})  # fmt: skip", f'"""{text}"""')


def released_modules() -> dict[str, str]:
    """Return the source text of each module of `assay.sdc.released_rows`, by name."""
    lines_by_module: dict[str, list[str]] = {}
    name = ""
    for table in declared_tables().values():
        if table.name in RELEASED_MODULES:
            name, first_line = RELEASED_MODULES[table.name]
            source = SOURCE.format("`tables.toml`")
            lines_by_module[name] = [f'"""{first_line}', "", source, '"""', "", "from typing import TypedDict"]
        columns = [(column.name, released_type(column)) for column in table.columns]
        lines_by_module[name] += _type_lines(table.name, table.row, columns)
    return {name: "\n".join(lines) + "\n" for name, lines in lines_by_module.items()}


def sender_module() -> str:
    """Return the source text of the row types of other senders' tables."""
    tables = other_senders.tables()
    first_line = '"""Rows of the accepted tables of senders other than forces.'
    lines = [first_line, "", SOURCE.format("`tables`"), '"""', ""]
    lines += ["from datetime import date", "from typing import TypedDict"]
    for name, table in tables.items():
        lines += _type_lines(name, table.row, sender_types(table).items())
    lines += ["", "", "class SenderTables(TypedDict):", '    """The accepted rows of all senders, by table."""', ""]
    lines += [f"    {name}: list[{row_type_name(name)}]" for name in tables]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    released, senders = PACKAGE / "sdc" / "released_rows", PACKAGE / "ingest" / "other_senders" / "sender_rows.py"
    for name, text in released_modules().items():
        (released / f"{name}.py").write_text(text, encoding="utf-8")
    senders.write_text(sender_module(), encoding="utf-8")
    subprocess.run(["ruff", "format", "--quiet", str(released), str(senders)], check=True)
