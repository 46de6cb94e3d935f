"""Check the hash chain and the content of audit ratings (rules R55 and R56).

A rating may be superseded, never changed: `chain_hash` is the SHA-256 of the previous rating and of this one, in file
order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from assay.ingest import london_time
from assay.ingest.completeness_declarations import raw_columns
from assay.ingest.sql_literals import sql_list
from assay.ingest.staging_store import StagingStore

GRADES = ("good", "requires_improvement", "inadequate")
OVERALL_SUFFIX = "overall"
"""Suffix of the key of an overall question, which is answered by a grade; others are answered by `mark_answer`."""

HASHED_COLUMNS = (
    "mark_ref", "subject_kind", "subject_ref", "question_set", "question_set_version", "question", "answer", "reason",
    "marker_code", "marker_kind", "marking_round", "sealed_at", "supersedes_mark_ref",
)  # fmt: skip
"""Columns of a rating that enter its hash, in this order."""
NULL_IF_ABSENT = ("reason", "supersedes_mark_ref")
"""Columns that may be empty in every rating, so a file without one of them is hashed with null in its place."""
CHAIN_NOT_CHECKED = "marks: the chain of hashes was not checked, because the file has no column {columns}. {correction}"
SEND_ALL_COLUMNS = "Export the marks again with every column that was sealed, if the system holds them."

_INVALID_RATINGS_SQL = f"""
select m.line from marks as m left join marks as old on m.supersedes_mark_ref = old.mark_ref
where m.marker_kind = 'inspector'
   or (m.answer in {sql_list(GRADES)}) <> regexp_matches(m.question, '(^|[^a-z]){OVERALL_SUFFIX}$')
   or (m.supersedes_mark_ref is not null and (
        old.mark_ref is null or old.mark_ref = m.mark_ref
        or old.subject_kind is distinct from m.subject_kind or old.subject_ref is distinct from m.subject_ref
        or old.question is distinct from m.question))
"""


def check(store: StagingStore) -> None:
    """Check the hash chain of audit ratings (R56) and then, if it is unbroken, their content (R55)."""
    if not _is_chain_unbroken(store):
        store.refuse_table("R56", "marks")
        return
    # A rating that supersedes one that was just set aside now supersedes an unknown rating.
    while store.set_rows_aside("R55", "marks", "", _INVALID_RATINGS_SQL):
        pass


def unchecked_chain_remark(store: StagingStore) -> str:
    """Return a remark if the hash chain of a file of ratings could not be checked; otherwise ''."""
    absent = _absent_columns(store) if store.is_supplied("marks") else ()
    if not absent or not store.query_number("select count(chain_hash) from marks"):
        return ""
    return CHAIN_NOT_CHECKED.format(columns=", ".join(absent), correction=SEND_ALL_COLUMNS)


def _absent_columns(store: StagingStore) -> tuple[str, ...]:
    """Return the columns without which no hash can be computed.

    A column that the mapping fixes is not in the file and has a value in each row, so it is not absent.
    """
    not_in_file = [name for name in HASHED_COLUMNS if name not in {*raw_columns(store, "marks"), *NULL_IF_ABSENT}]
    if not not_in_file:
        return ()
    n_filled = store.query_row(f"select {', '.join(f'count({name}) as {name}' for name in not_in_file)} from marks")
    return tuple(name for name in not_in_file if not n_filled[name])


def chain_hash(previous_hash: str, mark: Mapping[str, object]) -> str:
    """Return the hash of a rating and its predecessor's hash ('' for the first), as 64 hexadecimal digits.

    `sealed_at` is local time in Europe/London, as in the file; an empty cell is null.
    """
    cells = [mark.get(name) for name in HASHED_COLUMNS]
    text = json.dumps([previous_hash, *cells], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _is_chain_unbroken(store: StagingStore) -> bool:
    """Return False if the hash of a row does not follow from the row before.

    Beside a row that was set aside, and where a column is absent without which no hash can be computed, this is not
    known.
    """
    if _absent_columns(store):
        return True
    marks = store.query("select * from marks order by line").to_pylist()
    lost_lines = store.query("select line from aside where table_name = 'marks'")["line"].to_pylist()
    previous_hash, has_gap = "", False
    for mark in _in_order(marks, lost_lines):
        if mark is None:
            has_gap = True
            continue
        if mark["chain_hash"] and not has_gap and mark["chain_hash"] != chain_hash(previous_hash, _as_sent(mark)):
            return False
        previous_hash, has_gap = str(mark["chain_hash"] or ""), not mark["chain_hash"]
    return True


def _in_order(marks: Iterable[dict[str, object]], lost_lines: Iterable[int]) -> list[dict[str, object] | None]:
    rows: list[tuple[object, dict[str, object] | None]] = [(mark["line"], mark) for mark in marks]
    rows += [(line, None) for line in lost_lines]
    return [mark for _, mark in sorted(rows, key=lambda row: str(row[0]).zfill(20))]


def _as_sent(mark: Mapping[str, object]) -> dict[str, object]:
    sealed = mark["sealed_at"]
    if isinstance(sealed, datetime):
        return {**mark, "sealed_at": london_time.local_time(sealed).strftime("%Y-%m-%dT%H:%M")}
    return dict(mark)
