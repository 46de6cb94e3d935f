"""May an absent row or value be read as "it did not happen"?

What the cover promises of a table or a kind of event, less what rule R59 took back.
"""

from __future__ import annotations

from assay.ingest.staging_store import Desk


def complete(desk: Desk, table: str) -> bool:
    """True if the table is here and its sender says that every row in scope is in the file."""
    said = desk.cover.table(table).complete is True
    return said and desk.supplied(table) and table not in desk.not_complete


def kind_complete(desk: Desk, kind: str) -> bool:
    """True if this kind of event is supplied and complete; a kind that the cover does not list is not."""
    return desk.supplied("events") and desk.cover.kinds.get(kind) is True


def in_file(desk: Desk, table: str, column: str) -> bool:
    """True if the sender's file of this table has the column, by its own name or a mapped one."""
    return column in raw_columns(desk, table)


def raw_columns(desk: Desk, table: str) -> frozenset[str]:
    """The columns of the file of a table, as they are named after mapping."""
    return desk.columns(f"raw_{table}")


def lost(desk: Desk, table: str, *columns: str) -> str:
    """A question: line and the named columns, as text, of each row of the table that was set aside and is lost.

    A row sent twice, of which one copy was kept (R12), is not lost. A column that the file lacks, or a cell that cannot
    be a reference, is NULL.
    """
    held = raw_columns(desk, table)
    chosen = [_as_reference(name) if name in held else f"null::varchar as {name}" for name in columns]
    return (
        f"select {', '.join(['r.line', *chosen])} from raw_{table} as r where r.line in "
        f"(select line from aside where table_name = '{table}' and rule <> 'R12')"
        if held
        else f"select {', '.join(['null::bigint as line', *chosen])} where false"
    )


def _as_reference(name: str) -> str:
    text = f"trim(regexp_replace(cast(r.{name} as varchar), '\\p{{Cf}}', '', 'g'))"
    return f"case when length({text}) between 1 and 64 then {text} end as {name}"
