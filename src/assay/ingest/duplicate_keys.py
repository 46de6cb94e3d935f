"""Find rows with duplicate keys: equal rows (R12) and conflicting rows (R13).

Of rows that are equal in every column, the first stays. Of rows that differ, none is used, because nothing shows which
one is right.
"""

from __future__ import annotations

from assay.contract import Table
from assay.ingest.staging_store import StagingStore


def set_duplicate_keys_aside(store: StagingStore, table: Table, texts: str) -> None:
    """Apply R12 and R13 to the accepted rows of a table; `texts` is SQL for all its cells."""
    key = ", ".join(table.key)
    # A hash of the key first: a list of ten million keys would not fit where ten million numbers do.
    duplicate_count = store.store_query(
        "twin_hashes",
        f"select h from (select hash({key}) as h from {table.name}) group by h having count(*) > 1",
    )
    if not duplicate_count:
        return
    cells = ", ".join(table.column_names)
    store.store_query(
        "twins",
        f"select line, {key}, content, first_line, same from (select line, {key}, content, "
        f"min(line) over one_key as first_line, min(content) over one_key = max(content) over one_key as same, "
        f"count(*) over one_key as together from (select a.line, {', '.join(f'a.{name}' for name in table.key)}, "
        f"c.content from {table.name} as a join (select line, row({cells})::varchar as content "
        f"from ({texts})) as c using (line) "
        f"where hash({', '.join(f'a.{name}' for name in table.key)}) in (select h from twin_hashes)) "
        f"window one_key as (partition by {key})) where together > 1",
    )
    first = table.key[0]
    store.set_rows_aside("R12", table.name, first, "select line from twins where same and line > first_line")
    store.set_rows_aside("R13", table.name, first, "select line from twins where not same")
