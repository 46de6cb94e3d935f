"""Which summaries hold signs of exploitation that nobody flagged, which hold none, and which were not read, and why?

Every accepted summary is scanned, empty, or not read for a reason: the three add up. What is kept says which signs
stand in a summary, and by how many different phrases each: no text, no place in it, no length. A sign is a reason for
a person to read the summary, and never a finding.
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
from assay.ingest.accepted_tables import BESIDE
from assay.reference import Declarations, sign_phrases, signs
from assay.text import SCANNER_VERSION, Phrase, Scanner

SUMMARIES, TEXT = "summaries", "text"
READ = (TEXT, "offence_code", "recorded_at")
"""The columns of a summary that are read: its text, and what is kept beside what was found, to count it by."""
PURPOSE = "texts"
SCANNED, EMPTY, NOT_READ = "scanned", "empty", "not read"
NONE_CAME = "none_came"
NOT_DECLARED, LEFT_OUT, NOT_SENT = "not_declared", "left_out", "not_sent"
REASONS = {
    NOT_DECLARED: "summaries and texts are not declared for searching, or a last day has passed",
    LEFT_OUT: "the scan was left out where the bundle was made",
    NOT_SENT: "their text was not sent",
}
LEFT = ("scanned", "signs")
"""The tables that are left beside a return."""
AT_ONCE = 100_000
"""Texts looked at at once, so that a large return does not lie in memory twice."""


def may_be_searched(declared: Declarations | None, today: date | None = None) -> bool:
    """Whether summaries may be scanned: they and texts are declared for it, wholly, and no last day has passed."""
    if declared is None:
        return True
    asked = [declared.get(name) for name in (SUMMARIES, TEXTS)]
    return all(
        one and PURPOSE in one.purposes and not one.faults() and not (today and one.passed(today)) for one in asked
    )


def scan(rows: pa.Table, why_not: str = "") -> dict[str, pa.Table]:
    """`scanned`, one row a summary, and `signs`, one row a sign that stands in it; as in `BESIDE`.

    `rows`: the accepted summaries. `why_not`: a key of `REASONS` if their texts may not be read; then none is.
    """
    if why_not:
        rows = rows.set_column(rows.column_names.index(TEXT), TEXT, pa.nulls(rows.num_rows, pa.string()))
    found = _found(rows[TEXT])
    held = pc.is_valid(rows[TEXT])
    state = pc.if_else(held, SCANNED, NOT_READ if why_not else EMPTY)
    per_summary = np.bincount(found["row"].to_numpy(), minlength=rows.num_rows)
    told = {
        "state": state,
        "reason": _always(why_not, rows),
        "signs": pc.if_else(held, pa.array(per_summary, pa.int64()), pa.scalar(None, pa.int64())),
        "list_version": _always(None if why_not else sign_phrases().version, rows),
        "scanner_version": _always(None if why_not else SCANNER_VERSION, rows),
    }
    of_signs = {"sign": found["sign"].to_arrow(), "phrases": found["phrases"].to_arrow()}
    crimes = rows.select([contract.FORCE_CODE, "crime_ref"]).take(found["row"].to_arrow())
    return {"scanned": _beside("scanned", rows, told), "signs": _beside("signs", crimes, of_signs)}


def outcome(rows: pa.Table) -> str:
    """What became of the summaries of a return in a word, by its table `scanned`: scanned, none came, or why not."""
    reasons = sorted(set(rows["reason"].to_pylist()) - {""})
    return " ".join(reasons) or (SCANNED if rows.num_rows else NONE_CAME)


def unread(tables: Mapping[str, pa.Table], why_not: str) -> dict[str, pa.Table]:
    """The same tables of a bundle with nothing kept of what was found."""
    rows = tables["scanned"]
    return scan(rows.append_column(TEXT, pa.nulls(rows.num_rows, pa.string())), why_not)


def _found(texts: pa.ChunkedArray) -> pl.DataFrame:
    """One row a text and sign: `row`, `sign`, `phrases` (how many different ones), in the order of texts and signs."""
    of_sign = {one.key: one.sign for one in sign_phrases()}
    order = {key: place for place, key in enumerate(signs().keys)}
    blocks = [_hits(texts.slice(first, AT_ONCE), first) for first in range(0, max(len(texts), 1), AT_ONCE)]
    told = pl.concat(blocks).with_columns(sign=pl.col("key").replace_strict(of_sign, return_dtype=pl.String))
    together = told.group_by("row", "sign").agg(phrases=pl.len().cast(pl.Int64))
    return together.sort("row", pl.col("sign").replace_strict(order, return_dtype=pl.Int64))


def _hits(texts: pa.ChunkedArray, first: int) -> pl.DataFrame:
    """Which phrases stand in which of these texts, whose rows begin with `first`: each once."""
    hits = _scanner().hits(texts)
    return hits.select(row=pl.col("record").cast(pl.Int64) + first, key="key").unique()


@lru_cache(maxsize=1)
def _scanner() -> Scanner:
    return Scanner(Phrase(one.key, one.forms) for one in sign_phrases())


def _always(word: str | None, rows: pa.Table) -> pa.Array:
    return pa.array([word] * rows.num_rows, pa.string())


def _beside(name: str, rows: pa.Table, told: Mapping[str, pa.Array | pa.ChunkedArray]) -> pa.Table:
    """A table beside the 28, from what is told and else from its rows."""
    schema = BESIDE[name]
    return pa.table({one: told[one] if one in told else rows[one] for one in schema.names}).cast(schema)
