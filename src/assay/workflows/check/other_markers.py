"""Which markers of an extract are not flags of the contract, such as markers of domestic abuse, online or hate crime?

No question is asked of them, so they are not among the flags. They are markers by kind, so that a force that compares
the counts with its own finds every marker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl
import pyarrow as pa

from assay.ingest.extracts.column_settlement import MIN_PROBABILITY_USED
from assay.ingest.extracts.extract_model import ANY_CELL, ColumnMeaning, Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.reference_spelling import as_spelled
from assay.ingest.extracts.split_tables import split_extract
from assay.ingest.extracts.value_kinds_dates import find_date_form
from assay.ingest.extracts.value_kinds_flags import (
    other_marker_kind,
    other_marker_of_heading,
    read_flag_column,
    split_keywords,
)
from assay.workflows.check.extract_contents import FLAGS, is_answer_column

CRIME, FLAG = "crime_ref", "flag"


def count_other_markers(sheets: Sequence[Sheet], plan: SplitPlan, crime_refs: pa.Array) -> dict[str, int]:
    """Return the number of crimes with each kind of marker, in the order of the kinds.

    Parameters
    ----------
    crime_refs
        The crimes that count.
    """
    parts = (*_parts_of_names(plan), *_parts_of_answers(sheets, plan))
    if not parts:
        return {}
    rows = split_extract(sheets, SplitPlan(parts))[FLAGS].rows
    if not rows.num_rows or CRIME not in rows.column_names:
        return {}
    columns = {"crime": as_spelled(rows[CRIME], crime_refs), "kind": pl.Series(rows[FLAG])}
    frame = pl.DataFrame(columns, schema={"crime": pl.String, "kind": pl.String}).unique()
    markers = frame.filter(pl.col("crime").is_in(pl.Series(crime_refs).implode()))
    return dict(markers.group_by("kind").len().sort("kind").iter_rows())


def other_marker_headings(sheets: Sequence[Sheet], plan: SplitPlan) -> frozenset[tuple[str, str, str]]:
    """Return file, sheet and heading of the columns that are used only to count other markers."""
    headings = {
        (part.file, part.sheet, heading)
        for part in _parts_of_answers(sheets, plan)
        for heading in (*part.only_where, *([part.columns[FLAG].heading] if FLAG in part.columns else []))
    }
    return frozenset(headings)


def _parts_of_names(plan: SplitPlan) -> Iterator[SplitPart]:
    """Yield the parts that read names of flags of crimes, each with the kinds of other markers in place of flags."""
    for part in plan.parts:
        meaning = part.columns.get(FLAG)
        if part.table != FLAGS or meaning is None or CRIME not in part.columns or is_answer_column(meaning):
            continue
        # A cell of several keywords is divided, so that a marker beside a flag counts as well.
        words = {
            word: "" if value else other_marker_kind(word)
            for word, value in meaning.values.items()
            if len(split_keywords(word)) < 2
        }
        if any(words.values()):
            columns = {CRIME: part.columns[CRIME], FLAG: replace(meaning, values=words)}
            yield replace(part, columns=columns, otherwise={})


def _parts_of_answers(sheets: Sequence[Sheet], plan: SplitPlan) -> Iterator[SplitPart]:
    """Yield a part for each unused column whose heading names another marker: its cells say yes or no, or are dates."""
    keys = {(part.file, part.sheet): part for part in plan.parts if CRIME in part.columns}
    used = {(part.file, part.sheet, meaning.heading) for part in plan.parts for meaning in part.columns.values()}
    for sheet in sheets:
        owner = keys.get((sheet.file, sheet.name))
        for heading in sheet.cells.column_names if owner else []:
            kind = other_marker_of_heading(heading)
            if not kind or owner is None or (sheet.file, sheet.name, heading) in used:
                continue
            texts = [text for text in sheet.cells[heading].unique().to_pylist() if text is not None]
            answers = read_flag_column(texts, kind)
            part = SplitPart(
                sheet.file, sheet.name, FLAGS, {CRIME: owner.columns[CRIME]}, lookups=owner.lookups,
                carried_down=owner.carried_down,
            )  # fmt: skip
            if texts and None not in answers:
                values = {text: answer or "" for text, answer in zip(texts, answers, strict=True)}
                meaning = ColumnMeaning(heading, FLAGS, FLAG, MIN_PROBABILITY_USED, values=values)
                yield replace(part, columns={**part.columns, FLAG: meaning})
            elif texts and find_date_form(texts, True).share >= MIN_PROBABILITY_USED:
                yield replace(part, fixed={FLAG: kind}, only_where={heading: (ANY_CELL,)})
