"""Draft the section for the table `flags`, where a file of crimes has flag columns and no file holds flags alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.contract import FORCE_CODE
from assay.ingest.flag_cells import FLAGS
from assay.ingest.preparation.mapping_draft import (
    TableDraft,
    file_format_lines,
    toml_string,
    unknown_word_lines,
    yes_no_lines,
)

HEAD = (
    "# {file} has columns that may hold flags. If they do, remove each '# ' below, and state in return.toml\n"
    '# that flags are supplied. A cell that says no, or nothing, is not a flag; a word mapped to "" is left out.'
)


def flag_section_text(tables: Sequence[TableDraft], requested_tables: Sequence[str]) -> str:
    """Return a draft `flags` section as comments for a person to accept; '' if there is nothing to draft.

    Parameters
    ----------
    tables
        The tables that are drafted.
    requested_tables
        Names of the tables that the request asks for.
    """
    if FLAGS not in requested_tables or any(table.name == FLAGS for table in tables):
        return ""
    table = table_with_flag_columns(tables)
    if table is None:
        return ""
    lines = (f"# {line}" if line else "" for line in _section(table))
    return "\n".join(("", HEAD.format(file=table.proposal.export.file), *lines)) + "\n"


def table_with_flag_columns(tables: Sequence[TableDraft]) -> TableDraft | None:
    """Return the first table whose file has flag columns and a crime number."""
    return next((table for table in tables if table.flag_columns and "crime_ref" in table.proposal.matches), None)


def _section(table: TableDraft) -> Iterator[str]:
    yield f"[tables.{FLAGS}]"
    yield from file_format_lines(table.proposal.export)
    yield f"fixed.{FORCE_CODE} = {toml_string(table.force_code)}"
    yield from ("", f"[tables.{FLAGS}.columns]")
    yield f"crime_ref = {toml_string(table.proposal.matches['crime_ref'].heading)}"
    if table.flag_columns.list_heading:
        yield f"flag = {toml_string(table.flag_columns.list_heading)}"
    if table.flag_columns.yes_no_flags:
        yield from ("", f"[tables.{FLAGS}.wide]", *yes_no_lines(table))
    values = table.flag_columns.list_values
    if values.translations or values.unmapped or values.hidden_words:
        yield from ("", f"[tables.{FLAGS}.values.flag]")
        yield from (f"{toml_string(word)} = {toml_string(flag)}" for word, flag in values.translations.items())
        yield from unknown_word_lines("flag", values)
