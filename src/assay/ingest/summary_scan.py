"""Scan crime summaries for signs of exploitation that were not flagged.

Every accepted summary is scanned, empty, or not scanned for a reason: the three add up. The output holds which signs
occur in a summary and by how many different phrases each: no text, no position, no length. A sign is a reason for a
person to read the summary, and never a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from assay import contract
from assay.contract.separated_columns import TEXTS
from assay.ingest.accepted_tables import RETURN_TABLE_SCHEMAS
from assay.reference import Declarations, sign_phrases, signs
from assay.text import SCANNER_VERSION, Phrase, Scanner

SUMMARIES, TEXT = "summaries", "text"
READ_COLUMNS = (TEXT, "offence_code", "recorded_at")
"""The columns of a summary that are read: its text, and the columns by which its signs are counted."""
PURPOSE = "texts"
SCANNED, EMPTY, NOT_READ = "scanned", "empty", "not read"
NO_SUMMARIES = "none_came"
NOT_DECLARED, SCAN_SKIPPED, NOT_SENT = "not_declared", "left_out", "not_sent"
REASONS = {
    NOT_DECLARED: "searching summaries and texts is not declared, or its last day has passed",
    SCAN_SKIPPED: "the bundle was made without the scan",
    NOT_SENT: "their text was not sent",
}
SCAN_TABLES = ("scanned", "signs")
"""The additional tables of a return."""
BATCH_SIZE = 100_000
"""Texts scanned in one block, so that a large return is not in memory twice."""


def is_search_allowed(declarations: Declarations | None, today: date | None = None) -> bool:
    """Return True if summaries and texts are declared for searching, and searching is still permitted today."""
    if declarations is None:
        return True
    needed_declarations = [declarations.get(name) for name in (SUMMARIES, TEXTS)]
    return all(
        declaration
        and PURPOSE in declaration.purposes
        and not declaration.errors()
        and not (today and declaration.expiry_sentence(today))
        for declaration in needed_declarations
    )


def scan_summaries(rows: pa.Table, refusal: str = "") -> dict[str, pa.Table]:
    """Return `scanned`, one row for each summary, and `signs`, one row for each sign found (`RETURN_TABLE_SCHEMAS`).

    Parameters
    ----------
    rows
        The accepted summaries.
    refusal
        A key of `REASONS` if their texts may not be read; then none is.
    """
    if refusal:
        rows = rows.set_column(rows.column_names.index(TEXT), TEXT, pa.nulls(rows.num_rows, pa.string()))
    found = _sign_counts(rows[TEXT])
    has_text = pc.is_valid(rows[TEXT])
    state = pc.if_else(has_text, SCANNED, NOT_READ if refusal else EMPTY)
    sign_counts = np.bincount(found["row"].to_numpy(), minlength=rows.num_rows)
    new_columns = {
        "state": state,
        "reason": _constant_column(refusal, rows),
        "signs": pc.if_else(has_text, pa.array(sign_counts, pa.int64()), pa.scalar(None, pa.int64())),
        "list_version": _constant_column(None if refusal else sign_phrases().version, rows),
        "scanner_version": _constant_column(None if refusal else SCANNER_VERSION, rows),
    }
    sign_columns = {"sign": found["sign"].to_arrow(), "phrases": found["phrases"].to_arrow()}
    crimes = rows.select([contract.FORCE_CODE, "crime_ref"]).take(found["row"].to_arrow())
    return {"scanned": _scan_table("scanned", rows, new_columns), "signs": _scan_table("signs", crimes, sign_columns)}


def scan_outcome(rows: pa.Table) -> str:
    """Return the outcome of a scan of summaries: scanned, no summaries, or the reason why they were not scanned."""
    reasons = sorted(set(rows["reason"].to_pylist()) - {""})
    return " ".join(reasons) or (SCANNED if rows.num_rows else NO_SUMMARIES)


def scan_without_findings(tables: Mapping[str, pa.Table], refusal: str) -> dict[str, pa.Table]:
    """Return the scan tables of a bundle with the findings removed, because its texts may not be searched."""
    rows = tables["scanned"]
    return scan_summaries(rows.append_column(TEXT, pa.nulls(rows.num_rows, pa.string())), refusal)


def _sign_counts(texts: pa.ChunkedArray) -> pl.DataFrame:
    """Return a row for each text and sign: `row`, `sign`, `phrases` (number of different ones), in order."""
    sign_by_key = {phrase.key: phrase.sign for phrase in sign_phrases()}
    order = {key: position for position, key in enumerate(signs().keys)}
    blocks = [_phrase_hits(texts.slice(first, BATCH_SIZE), first) for first in range(0, max(len(texts), 1), BATCH_SIZE)]
    hits = pl.concat(blocks).with_columns(sign=pl.col("key").replace_strict(sign_by_key, return_dtype=pl.String))
    counts = hits.group_by("row", "sign").agg(phrases=pl.len().cast(pl.Int64))
    return counts.sort("row", pl.col("sign").replace_strict(order, return_dtype=pl.Int64))


def _phrase_hits(texts: pa.ChunkedArray, first_row: int) -> pl.DataFrame:
    """Return which phrases occur in which of these texts, each once; their rows begin with `first_row`."""
    hits = _scanner().hits(texts)
    return hits.select(row=pl.col("record").cast(pl.Int64) + first_row, key="key").unique()


@lru_cache(maxsize=1)
def _scanner() -> Scanner:
    return Scanner(Phrase(phrase.key, phrase.forms) for phrase in sign_phrases())


def _constant_column(word: str | None, rows: pa.Table) -> pa.Array:
    return pa.array([word] * rows.num_rows, pa.string())


def _scan_table(name: str, rows: pa.Table, new_columns: Mapping[str, pa.Array | pa.ChunkedArray]) -> pa.Table:
    """Return an additional table, from the given columns or else from its rows."""
    schema = RETURN_TABLE_SCHEMAS[name]
    return pa.table(
        {column: new_columns[column] if column in new_columns else rows[column] for column in schema.names}
    ).cast(schema)
