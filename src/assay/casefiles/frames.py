"""From which records can files be drawn, and of which kind is each?

A frame has one row a subject of one force: force_code, subject_ref, stratum, and size where chances go by size. Who
cannot be placed is set aside by reason, never dropped: it may be that the record does not say whether it belongs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.casefiles.asked import asked_subjects, asks_of_found_groups
from assay.casefiles.designs import FOUND_GROUPS, Design
from assay.casefiles.grouped import with_found_groups
from assay.errors import DefinitionError, UsageError
from assay.measure import NOT_KNOWN, Condition

if TYPE_CHECKING:
    from assay.engine.expressions import Expressions

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
ALSO = {"child": "child_at_offence", "suspect": "named"}
"""What makes a record one of a subject at all."""
OUTSIDE, UNSAID = "where the condition is not so", "where it is not known whether the condition is so"
NO_REF, OTHER_ANSWER, NO_SIZE = "without a reference", "with another answer", "without a size"
AGAIN = "of a subject that is there already"
BETWEEN = " / "


@dataclass(frozen=True)
class Frame:
    """`units`: force_code, subject_ref, stratum, size (1 where chances are equal), score (where the design names one),
    in the order of the keys; `aside`: records of the facts that are not in it, by reason; `records`: how many there
    were."""

    units: pa.Table
    aside: Mapping[str, int]
    records: int
    sql: tuple[str, ...] = ()


def frame_of(folder: Path, design: Design, scores: pa.Table | None = None) -> Frame:
    """The frame of a design in a folder of an inspection that was run; UsageError for a column or fact it lacks.
    `scores`: those of a file (`scoring`), where the facts have none."""
    from assay.engine.expressions import Expressions

    if asks_of_found_groups(design):
        design = replace(design, records=FOUND_GROUPS)
    with Expressions() as at_work:
        facts = at_work.table("facts", folder / f"{FACTS[design.of]}.parquet")
        if scores is not None:
            facts = _with_scores(design, facts, at_work.table("scores", scores))
        facts = with_found_groups(facts, design.columns, at_work, folder)
        _columns_there(design, facts.columns)
        placed = _placed(design, facts, at_work, folder)
        rows = at_work.run(placed)
        sql = at_work.statements
    why = rows.column("why").to_pylist()
    aside = {reason: why.count(reason) for reason in dict.fromkeys(why) if reason}
    kept = [row for row in rows.to_pylist() if not row["why"]]
    _scores_may_be(design, kept)
    units = _units(design, kept)
    if len(units) < len(kept):
        aside[AGAIN] = len(kept) - len(units)
    return Frame(pa.Table.from_pylist(units, SCHEMA), aside, rows.num_rows, sql)


SCHEMA = pa.schema([
    *((name, pa.string()) for name in ("force_code", "subject_ref", "stratum")), ("size", pa.int64()),
    ("score", pa.float64()),
])  # fmt: skip


def _with_scores(design: Design, facts: Any, scores: Any) -> Any:
    """The facts with the score of each subject as a column; without a value where the file has none."""
    if design.score in facts.columns:
        raise UsageError(f"Design {design.key}: the facts have a column {design.score}. Call the score otherwise.")
    scores = scores.rename(scored_force="force_code", scored_ref="subject_ref", **{design.score: "score"})
    of = [facts.force_code == scores.scored_force, facts[REFS[design.of]] == scores.scored_ref]
    return facts.left_join(scores, of).drop("scored_force", "scored_ref")


def _columns_there(design: Design, columns: tuple[str, ...]) -> None:
    wanted = [*design.strata, *([design.sized_by] if design.sized_by else []), REFS[design.of]]
    for name in wanted:
        if name not in columns:
            raise UsageError(
                f"Design {design.key}: the facts of a {design.subject} have no column {name}. They have "
                f"{', '.join(sorted(columns))}."
            )


def _placed(design: Design, facts: Any, at_work: Expressions, folder: Path) -> Any:
    """Each record with the columns that the design reads, and `why` it is not in the frame ('' if it is)."""
    import ibis

    held = facts.filter(facts[ALSO[design.subject]]) if design.subject in ALSO else facts
    try:
        inside = Condition(design.where).ibis(held)
    except DefinitionError as error:
        raise UsageError(f"Design {design.key}: {error}") from None
    ref = held[REFS[design.of]]
    rungs = [(ref.isnull(), NO_REF), (inside.isnull(), UNSAID), (~inside, OUTSIDE)]
    if design.sized_by:
        rungs.append((held[design.sized_by].isnull() | (held[design.sized_by] < 1), NO_SIZE))
    if design.indicator:
        answered = asked_subjects(design, at_work, folder, date.today())
        held = held.mutate(subject_ref=ref, why=ibis.cases(*rungs, else_=""))
        chosen = answered.mutate(chosen=ibis.literal(True))
        joined = held.left_join(chosen, [held.force_code == chosen.force_code, held.subject_ref == chosen.asked_ref])
        off = (joined.why == "") & joined.chosen.isnull()
        joined = joined.mutate(why=ibis.ifelse(off, OTHER_ANSWER, joined.why))
        return joined.select("force_code", "subject_ref", "why", **_read(design, joined))
    held = held.mutate(subject_ref=ref, why=ibis.cases(*rungs, else_=""))
    return held.select("force_code", "subject_ref", "why", **_read(design, held))


def _read(design: Design, table: Any) -> dict[str, Any]:
    names = [*design.strata, *([design.sized_by] if design.sized_by else [])]
    return {name: table[name] for name in dict.fromkeys(names) if name != "force_code"}


def _units(design: Design, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row a subject. Its first record by stratum says of which kind it is; with a score, the record that has the
    highest. Size and score are those of that record."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        size = int(row[design.sized_by]) if design.sized_by else 1
        unit = {"force_code": row["force_code"], "subject_ref": row["subject_ref"], "size": size}
        unit["stratum"] = BETWEEN.join(_value(design, name, row[name]) for name in design.strata)
        unit["score"] = row[design.score] if design.score else None
        key = (unit["force_code"], unit["subject_ref"])
        found[key] = min(found.get(key, unit), unit, key=_first)
    return [found[key] for key in sorted(found)]


def _first(unit: Mapping[str, Any]) -> tuple[float, str, int]:
    return -1.0 * (-1.0 if unit["score"] is None else unit["score"]), unit["stratum"], unit["size"]


def _scores_may_be(design: Design, rows: Sequence[Mapping[str, Any]]) -> None:
    """UsageError where what a design calls a score is none: a number from 0 to 1, or missing."""
    for value in (row[design.score] for row in rows if design.score):
        if value is not None and (isinstance(value, bool | str) or not 0 <= value <= 1):
            raise UsageError(f"Design {design.key}: {design.score} is no score: a score lies between 0 and 1.")


def bands_of(design: Design, name: str) -> list[str]:
    """What the bands of a column are called, from the lowest up; what is not known comes last."""
    cuts = [f"{name} up to {cut:g}" for cut in design.bands[name]]
    return [*cuts, f"{name} above {design.bands[name][-1]:g}", f"{name}: {NOT_KNOWN}"]


def strata_in_order(design: Design, strata: Iterable[str]) -> list[str]:
    """Strata as a person reads them: by the bands from the lowest up, and by all else as it is written."""

    def key(stratum: str) -> list[tuple[int, str]]:
        parts = zip(design.strata, stratum.split(BETWEEN), strict=True)
        return [(bands_of(design, name).index(part) if name in design.bands else 0, part) for name, part in parts]

    return sorted(strata, key=key)


def _value(design: Design, name: str, value: Any) -> str:
    """A value of a column as a stratum says it; what is missing is a kind of its own."""
    if value is None:
        return f"{name}: {NOT_KNOWN}"
    if name in design.bands:
        place: int = sum(value > cut for cut in design.bands[name])
        return bands_of(design, name)[place]
    told = str(value).lower() if isinstance(value, bool) else str(value)
    return told if name == "force_code" else f"{name} {told}"
