"""Draft the section for the table `flags`, where a file of crimes has flag columns and no file holds flags alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.contract import FORCE_CODE
from assay.ingest.flag_cells import FLAGS
from assay.ingest.preparation.mapping_draft import Written, how_written, quoted, unknown_words, yes_no_lines

HEAD = (
    "# {file} has columns that may hold flags. If they do, remove each '# ' below, and say in return.toml\n"
    '# that flags are supplied. A cell that says no, or nothing, is not a flag; a word mapped to "" is left out.'
)


def draft(tables: Sequence[Written], wanted: Sequence[str]) -> str:
    """Return the section as comments that a person can accept; '' if there is nothing to draft.

    Parameters
    ----------
    tables
        The tables that are drafted.
    wanted
        Names of the tables that the request asks for.
    """
    if FLAGS not in wanted or any(table.name == FLAGS for table in tables):
        return ""
    table = table_with_flag_columns(tables)
    if table is None:
        return ""
    lines = (f"# {line}" if line else "" for line in _section(table))
    return "\n".join(("", HEAD.format(file=table.proposal.export.file), *lines)) + "\n"


def table_with_flag_columns(tables: Sequence[Written]) -> Written | None:
    """Return the first table whose file has flag columns and a crime number."""
    return next((table for table in tables if table.flag_columns and "crime_ref" in table.proposal.matches), None)


def _section(table: Written) -> Iterator[str]:
    yield f"[tables.{FLAGS}]"
    yield from how_written(table.proposal.export)
    yield f"fixed.{FORCE_CODE} = {quoted(table.force_code)}"
    yield from ("", f"[tables.{FLAGS}.columns]")
    yield f"crime_ref = {quoted(table.proposal.matches['crime_ref'].heading)}"
    if table.flag_columns.list_heading:
        yield f"flag = {quoted(table.flag_columns.list_heading)}"
    if table.flag_columns.yes_no:
        yield from ("", f"[tables.{FLAGS}.wide]", *yes_no_lines(table))
    values = table.flag_columns.list_values
    if values.translated or values.unmapped or values.hidden:
        yield from ("", f"[tables.{FLAGS}.values.flag]")
        yield from (f"{quoted(word)} = {quoted(flag)}" for word, flag in values.translated.items())
        yield from unknown_words("flag", values)
