"""Read an empty outcome as "none assigned yet" if the extract has no other value for that.

A contract return writes NOA while no outcome is assigned. Record systems have a word of their own, or leave the cell
empty. If a column of outcomes holds no such word, the crimes that are still investigated can only be those with an
empty cell. If it holds one, an empty cell is not known: whoever filled the column had a word for "not yet" and did not
write it. An empty cell is not known either if at least as many cells hold words that could not be read, because one of
these may be the word. The split plan settles this where every filled cell is an outcome (`empty_means`); here a few
cells that could not be read are allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.extracts.crime_changes import END_DATES
from assay.ingest.extracts.extract_model import ExtractTable, Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.listed_facts import expanded_sheet
from assay.reference.outcome_codes import RETURN_PENDING
from assay.wording import count_phrase
from assay.workflows.check.extract_contents import CRIMES

OUTCOME = "outcome_code"


def with_pending_outcomes(
    sheets: Sequence[Sheet], plan: SplitPlan, tables: Mapping[str, ExtractTable]
) -> tuple[Mapping[str, ExtractTable], str]:
    """Return the tables with NOA for crimes without an outcome, and a sentence about it; '' if nothing changes."""
    crimes = tables.get(CRIMES)
    if crimes is None or OUTCOME not in crimes.rows.column_names:
        return tables, ""
    outcomes = crimes.rows[OUTCOME]
    has_word = RETURN_PENDING in pc.unique(outcomes).to_pylist()
    if outcomes.null_count == len(outcomes) or has_word:
        return tables, ""
    is_pending = _is_pending(sheets, plan, crimes.rows)
    count = pc.sum(is_pending).as_py() or 0
    if count <= _unread_outcomes(crimes):
        return tables, ""
    values = pc.if_else(is_pending, RETURN_PENDING, outcomes)
    rows = crimes.rows.set_column(crimes.rows.column_names.index(OUTCOME), OUTCOME, values)
    sentence = (
        "No word for an outcome that is not assigned yet stands in the column of outcomes. An empty outcome without a "
        f"date was therefore read as not yet assigned ({count_phrase(count, 'crime')})."
    )
    return {**tables, CRIMES: replace(crimes, rows=rows)}, sentence


def _unread_outcomes(crimes: ExtractTable) -> int:
    return sum(count for (column, _), count in crimes.not_understood.items() if column == OUTCOME)


def _is_pending(sheets: Sequence[Sheet], plan: SplitPlan, crimes: pa.Table) -> pa.ChunkedArray:
    """Return True for each crime whose cell of the outcome is empty, and that has not ended."""
    is_pending = pc.is_null(crimes[OUTCOME])
    for name in END_DATES:
        if name in crimes.column_names:
            is_pending = pc.and_(is_pending, pc.is_null(crimes[name]))
    filled = pa.array(sorted(set(_crimes_with_filled_outcome(sheets, plan))), pa.string())
    return pc.and_(is_pending, pc.invert(pc.is_in(crimes["crime_ref"], value_set=filled)))


def _crimes_with_filled_outcome(sheets: Sequence[Sheet], plan: SplitPlan) -> Iterator[str]:
    """Yield the references of crimes whose cell of the outcome is filled, whether it could be read or not."""
    by_name = {(sheet.file, sheet.name): expanded_sheet(sheet) for sheet in sheets}
    for part in plan.parts:
        if part.table == CRIMES and OUTCOME in part.columns and (part.file, part.sheet) in by_name:
            yield from _filled_references(by_name[part.file, part.sheet], part)


def _filled_references(sheet: Sheet, part: SplitPart) -> Iterator[str]:
    key = part.columns.get("crime_ref")
    headings = sheet.cells.column_names
    if key is None or key.heading not in headings or part.columns[OUTCOME].heading not in headings:
        return
    filled = sheet.cells.filter(pc.is_valid(sheet.cells[part.columns[OUTCOME].heading]))
    for reference in pc.unique(filled[key.heading]).to_pylist():
        if reference is not None:
            yield reference.strip()
