"""Sampling frames: the records from which files are drawn, with the stratum of each.

A frame has one row per subject of a force: force_code, subject_ref, stratum, and size for sampling by size. A record
that cannot be placed (for example because it is not known whether it belongs to the frame) is set aside with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from assay.casefiles.group_files import add_group_columns
from assay.casefiles.sample_designs import FOUND_GROUPS, Design
from assay.casefiles.sample_subjects import selected_subjects, uses_detected_groups
from assay.casefiles.watched_forces import add_watch_column
from assay.errors import DefinitionError, UsageError
from assay.indicators import NOT_KNOWN, Condition

if TYPE_CHECKING:
    from assay.engine.expressions import ExpressionEngine

FACTS = {
    "crime": "records/crime", "child": "records/victim", "suspect": "records/suspect", "group": "records/group",
    "note": "readings/notes", "summaries": "readings/summaries", FOUND_GROUPS: "records/found_group",
}  # fmt: skip
"""Where the facts of each subject lie; of texts, what was found in them."""
REFS = {
    "crime": "crime_ref", "child": "person_id", "suspect": "person_id", "group": "group_ref", "note": "note_ref",
    FOUND_GROUPS: "record_ref", "summaries": "crime_ref",
}  # fmt: skip
"""The column by which a subject is one: a person is one within a force, on however many crimes."""
REQUIRED_FACT = {"child": "child_at_offence", "suspect": "named"}
"""The fact that a record must have to be one of a subject."""
OUTSIDE, CONDITION_UNKNOWN = (
    "for which the condition does not hold",
    "for which it is not known whether the condition holds",
)
NO_REF, OTHER_ANSWER, NO_SIZE = "without a reference", "with another answer", "without a size"
DUPLICATE = "of a subject that is in the frame already"
SEPARATOR = " / "
SUBJECT = ("force_code", "subject_ref")


@dataclass(frozen=True)
class Frame:
    """A sampling frame: the records that can be sampled, with their strata.

    Parameters
    ----------
    units
        force_code, subject_ref, stratum, size (1 for equal probabilities) and score (if the design uses one), by key.
    set_aside
        Number of records that are not in the frame, by reason.
    records
        Number of all records.
    """

    units: pa.Table
    set_aside: Mapping[str, int]
    records: int
    sql: tuple[str, ...] = ()


def build_frame(folder: Path, design: Design, scores: pa.Table | None = None) -> Frame:
    """Build the sampling frame of a design from the fact tables of an inspection.

    `scores` are those of a file (`file_sampling.read_scores`), if the facts have none.
    """
    from assay.engine.expressions import ExpressionEngine

    if uses_detected_groups(design):
        design = replace(design, records=FOUND_GROUPS)
    with ExpressionEngine() as at_work:
        facts = at_work.table("facts", folder / f"{FACTS[design.frame_source]}.parquet")
        if scores is not None:
            facts = _with_scores(design, facts, at_work.table("scores", scores))
        facts = add_group_columns(facts, design.columns, at_work, folder)
        facts = add_watch_column(facts, design, at_work, folder)
        _check_columns(design, facts.columns)
        placed = _frame_rows(design, facts, at_work, folder)
        rows = at_work.run(placed)
        sql = at_work.statements
    frame_rows = rows.filter(pc.equal(rows["why"], ""))
    set_aside = {
        count["values"]: count["counts"] for count in pc.value_counts(rows["why"]).to_pylist() if count["values"]
    }
    if design.score:
        _check_scores(design, frame_rows[design.score])
    units = _units(design, frame_rows)
    if units.num_rows < frame_rows.num_rows:
        set_aside[DUPLICATE] = frame_rows.num_rows - units.num_rows
    return Frame(units, set_aside, rows.num_rows, sql)


SCHEMA = pa.schema([
    *((name, pa.string()) for name in ("force_code", "subject_ref", "stratum")), ("size", pa.int64()),
    ("score", pa.float64()),
])  # fmt: skip


def _with_scores(design: Design, facts: Any, scores: Any) -> Any:
    """Return the facts with the score of each subject as a column; null if the file has none."""
    if design.score in facts.columns:
        raise UsageError(f"Design {design.key}: the facts have a column {design.score}. Call the score otherwise.")
    scores = scores.rename(scored_force="force_code", scored_ref="subject_ref", **{design.score: "score"})
    join_keys = [facts.force_code == scores.scored_force, facts[REFS[design.frame_source]] == scores.scored_ref]
    return facts.left_join(scores, join_keys).drop("scored_force", "scored_ref")


def _check_columns(design: Design, columns: tuple[str, ...]) -> None:
    required = [*design.strata, *([design.sized_by] if design.sized_by else []), REFS[design.frame_source]]
    for name in required:
        if name not in columns:
            raise UsageError(
                f"Design {design.key}: the facts of a {design.subject} have no column {name}. They have "
                f"{', '.join(sorted(columns))}."
            )


def _frame_rows(design: Design, facts: Any, at_work: ExpressionEngine, folder: Path) -> Any:
    """Return each record with the columns of the design, and `why` it is not in the frame ('' if it is)."""
    import ibis

    records = facts.filter(facts[REQUIRED_FACT[design.subject]]) if design.subject in REQUIRED_FACT else facts
    try:
        inside = Condition(design.where).ibis(records)
    except DefinitionError as error:
        raise UsageError(f"Design {design.key}: {error}") from None
    ref = records[REFS[design.frame_source]]
    rungs = [(ref.isnull(), NO_REF), (inside.isnull(), CONDITION_UNKNOWN), (~inside, OUTSIDE)]
    if design.sized_by:
        rungs.append((records[design.sized_by].isnull() | (records[design.sized_by] < 1), NO_SIZE))
    if design.indicator:
        answered = selected_subjects(design, at_work, folder, date.today())
        records = records.mutate(subject_ref=ref, why=ibis.cases(*rungs, else_=""))
        selected = answered.mutate(chosen=ibis.literal(True))
        joined = records.left_join(
            selected, [records.force_code == selected.force_code, records.subject_ref == selected.asked_ref]
        )
        off = (joined.why == "") & joined.chosen.isnull()
        joined = joined.mutate(why=ibis.ifelse(off, OTHER_ANSWER, joined.why))
        return joined.select("force_code", "subject_ref", "why", **_read(design, joined))
    records = records.mutate(subject_ref=ref, why=ibis.cases(*rungs, else_=""))
    return records.select("force_code", "subject_ref", "why", **_read(design, records))


def _read(design: Design, table: Any) -> dict[str, Any]:
    names = [*design.strata, *([design.sized_by] if design.sized_by else [])]
    return {name: table[name] for name in dict.fromkeys(names) if name != "force_code"}


def _units(design: Design, rows: pa.Table) -> pa.Table:
    """Return one row per subject: its first record by stratum, or the record with the highest score."""
    labels = [_stratum_labels(design, name, rows[name]) for name in design.strata] or [pa.repeat("", rows.num_rows)]
    sizes = rows[design.sized_by].cast(pa.int64(), safe=False) if design.sized_by else pa.repeat(1, rows.num_rows)
    scores = rows[design.score].cast(pa.float64()) if design.score else pa.nulls(rows.num_rows, pa.float64())
    units = pl.DataFrame({
        "force_code": pl.from_arrow(rows["force_code"]), "subject_ref": pl.from_arrow(rows["subject_ref"]),
        "stratum": pl.from_arrow(pc.binary_join_element_wise(*labels, SEPARATOR)), "size": pl.from_arrow(sizes),
        "score": pl.from_arrow(scores),
    })  # fmt: skip
    highest_first = [False, False, True, False, False]
    ordered = units.sort(*SUBJECT, "score", "stratum", "size", descending=highest_first, nulls_last=True)
    return ordered.unique(SUBJECT, keep="first", maintain_order=True).to_arrow().cast(SCHEMA)


def _check_scores(design: Design, scores: pa.ChunkedArray) -> None:
    """Raise UsageError if a score is neither missing nor a number from 0 to 1."""
    scores_present = scores.drop_null()
    kind = scores_present.type
    if len(scores_present):
        is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        values = scores_present.cast(pa.float64()).to_numpy() if is_number else np.array([np.nan])
        if not ((values >= 0) & (values <= 1)).all():
            raise UsageError(f"Design {design.key}: {design.score} is not a score: a score must lie between 0 and 1.")


def bands_of(design: Design, name: str) -> list[str]:
    """Return the names of the bands of a column, from the lowest to 'not known'."""
    cuts = [f"{name} up to {cut:g}" for cut in design.bands[name]]
    return [*cuts, f"{name} above {design.bands[name][-1]:g}", f"{name}: {NOT_KNOWN}"]


def strata_in_order(design: Design, strata: Iterable[str]) -> list[str]:
    """Return strata in reading order: bands from the lowest, others alphabetically."""

    def key(stratum: str) -> list[tuple[int, str]]:
        parts = zip(design.strata, stratum.split(SEPARATOR), strict=True)
        return [(bands_of(design, name).index(part) if name in design.bands else 0, part) for name, part in parts]

    return sorted(strata, key=key)


def _stratum_labels(design: Design, name: str, column: pa.ChunkedArray) -> pa.Array:
    """Return a column as labels of strata; each distinct value is formatted once."""
    found = column.combine_chunks().dictionary_encode()
    words = pa.array([_value(design, name, value) for value in found.dictionary.to_pylist()], pa.string())
    return words.take(found.indices).fill_null(_value(design, name, None))


def _value(design: Design, name: str, value: Any) -> str:
    """Return a value as a label of strata; a missing value is a label of its own."""
    if value is None:
        return f"{name}: {NOT_KNOWN}"
    if name in design.bands:
        place: int = sum(value > cut for cut in design.bands[name])
        return bands_of(design, name)[place]
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if name == "force_code" else f"{name} {text}"
