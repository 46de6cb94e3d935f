"""Derive values that record systems do not export: a row's reference, a note's format, a summary's date.

A reference is derived from the natural key of its row (`natural_key` in the contract), so that the same row has the
same reference in the next edition, whatever the order of the rows. Identifiers of persons are in no natural key: a hash
of a name could be tested against a list of names.
"""

from __future__ import annotations

from assay import contract
from assay.contract import Table
from assay.ingest.staging_store import StagingStore

PREFIX, N_DIGITS = "d", 16
"""A derived reference is `d` and 16 hexadecimal digits: among ten million rows, two alike are very unlikely (3e-6)."""
TYPED_KINDS = ("code", "yesno")
"""Kinds of column whose value is in one spelling only after it was read; of others the text is used."""


def derive_keys(store: StagingStore, table: Table, texts: str) -> None:
    """Give each accepted row without a reference one that is derived from its natural key.

    Rows that share a natural key and differ elsewhere are numbered in the order of their contents. Rows that are equal
    in every column get the same reference, so that R12 keeps one of them.

    Parameters
    ----------
    store
        The staging store that holds the typed rows of the table.
    table
        The specification of the table.
    texts
        SQL for the text of all its cells.
    """
    if not table.natural_key:
        return
    reference = table.key[0]
    if not store.query_number(f"select count(*) from {table.name} where {reference} is null"):
        return
    store.store_query("derived_keys", _derived_keys_sql(table, texts))
    store.store_query(
        table.name,
        f"select t.* replace (coalesce(t.{reference}, d.reference) as {reference}) "
        f"from {table.name} as t left join derived_keys as d using (line)",
    )


def _derived_keys_sql(table: Table, texts: str) -> str:
    parts = [
        f"a.{name}" if table.column(name).kind in TYPED_KINDS else f"c.{name}::varchar" for name in table.natural_key
    ]
    natural = ", ".join(f"coalesce({part}::varchar, '')" for part in parts)
    cells = ", ".join(f"c.{name}" for name in table.column_names)
    digits = f"'{PREFIX}' || left(sha256(row_key), {N_DIGITS})"
    number = "case when place > 1 then '-' || place else '' end" if len(table.key) == 1 else "''"
    return (
        f"select line, {digits} || {number} as reference from (select line, row_key, "
        "dense_rank() over (partition by row_key order by content) as place from ("
        f"select a.line, row({natural})::varchar as row_key, row({cells})::varchar as content "
        f"from {table.name} as a join ({texts}) as c using (line) where a.{table.key[0]} is null))"
    )


def derive_note_forms(store: StagingStore) -> None:
    """Set the column `form` of notes to 'text' where it is missing and the note has a text."""
    missing = "form is null and text is not null"
    if store.query_number(f"select count(*) from notes where {missing}"):
        store.store_query(
            "notes", f"select * replace (case when {missing} then 'text' else form end as form) from notes"
        )


FROM_CRIME = ("offence_code", "recorded_at", "recorded_at_last", "recorded_at_day")
"""Fields of a summary that are those of its crime."""


def fill_summaries_from_crimes(store: StagingStore) -> None:
    """Fill a summary's missing offence code or recorded date from its crime, if the return contains that crime."""
    missing = "offence_code is null or recorded_at is null"
    if not store.is_supplied("crimes") or not store.query_number(f"select count(*) from summaries where {missing}"):
        return
    values = ", ".join(
        f"case when s.{'offence_code' if name == 'offence_code' else 'recorded_at'} is null then c.{name} "
        f"else s.{name} end as {name}"
        for name in FROM_CRIME
    )
    store.store_query(
        "summaries", f"select s.* replace ({values}) from summaries as s left join crimes as c using (crime_ref)"
    )


def derive_values(store: StagingStore, table: Table, texts: str) -> None:
    """Derive references and values that the sender did not send, in the accepted rows of a table."""
    derive_keys(store, table, texts)
    if table is contract.table("notes"):
        derive_note_forms(store)
