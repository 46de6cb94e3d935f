"""Evaluate every indicator, waiting time and count on every record, and count the answers by force.

    with Expressions() as engine:
        found = evaluate_indicators(forms(), facts, engine, returned, organisations)

One statement for each form. On every run the answers of each indicator are checked against the number of rows of its
table (EvidenceError). A force that did not send the needs of a form has a reason instead of counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pyarrow as pa
import pyarrow.compute as pc

from assay import facts as records
from assay import indicators, linkage, reference
from assay.engine.expressions import ExpressionEngine
from assay.engine.provenance import sources_hash
from assay.errors import EvidenceError
from assay.indicators import (
    ALL,
    EVERYWHERE,
    OUTSIDE,
    Count,
    Form,
    Indicator,
    Wait,
    add_answers,
    check_totals,
    count_records,
    count_rungs,
    definition_counts,
    definition_rows,
    exclusion_rows,
    ladder_rows,
    wait_counts,
)
from assay.indicators.exclusion_reasons import plain_label
from assay.indicators.indicator_answerability import SubmittedData, unanswerable_places
from assay.indicators.time_to_event import CURVES, MEDIANS, SPLIT_MEDIANS, curve_rows, median_rows
from assay.reference import Organisation
from assay.sdc.released_rows.indicator_rows import LaddersRow

if TYPE_CHECKING:
    import ibis

TEXT, WHOLE, NUMBER = pa.string(), pa.int64(), pa.float64()
_COUNTS = ("records", "outside", "excluded", "not_known_if_counted", "met", "not_met", "not_known")


def _form(*texts: str, **numeric_columns: pa.DataType) -> pa.Schema:
    return pa.schema([(name, TEXT) for name in texts] + list(numeric_columns.items()))


ANSWERS = _form("indicator", "force_code", "record_ref", "answer", "reason")
LADDERS = _form(
    "indicator", "place_code", "when_reported", **dict.fromkeys(_COUNTS, WHOLE), share=NUMBER, share_lowest=NUMBER,
    share_highest=NUMBER, not_askable=TEXT, suppressed_cells=TEXT,
)  # fmt: skip
EXCLUSIONS = _form("indicator", "place_code", "reason", records=WHOLE, suppressed_cells=TEXT)
WAIT_COUNTS = _form("wait", "force_code", "split", "answer", "reason", days=WHOLE, ending=TEXT, records=WHOLE)
COUNTS = _form(
    "count", "definition", "place_code", records=WHOLE, not_known=WHOLE, not_askable=TEXT, suppressed_cells=TEXT
)
SCHEMAS: Mapping[str, pa.Schema] = {
    "answers": ANSWERS,
    "ladders": LADDERS,
    "excluded_records": EXCLUSIONS,
    "wait_counts": WAIT_COUNTS,
    "wait_curves": CURVES,
    "wait_medians": MEDIANS,
    "wait_medians_by_report": SPLIT_MEDIANS,
    "counts_by_definition": COUNTS,
}
"""The schemas of the tables of `evaluate_indicators`. Record-level answers and `wait_counts` stay within the inspection
team; the others may be released."""
Rows = list[dict[str, Any]]
AnyRow = TypeVar("AnyRow", bound=Mapping[str, Any])
AnyForm = TypeVar("AnyForm", bound=Form)


@dataclass(frozen=True)
class _EvaluationContext:
    """The inputs for the evaluation of a form."""

    engine: ExpressionEngine
    facts: Mapping[str, ibis.Table]
    submitted_data: SubmittedData
    organisations: Mapping[str, Organisation]
    places: tuple[str, ...]
    totals: dict[str, pa.Table] = field(default_factory=dict)

    def run(self, form: AnyForm, make: Callable[[AnyForm, ibis.Table], ibis.Table]) -> pa.Table:
        """Return the rows of an expression on the records of a form, whose statement is kept on disk."""
        code = f"{make.__qualname__} {form!r} {statement_sources()}"
        tables = self.engine.run_plan(
            code, {form.record: self.facts[form.record]}, lambda facts: {"rows": make(form, facts[form.record])}
        )
        return tables["rows"]

    def record_counts(self, record: str) -> pa.Table:
        """Return the number of rows of each force in a fact table, cached."""
        if record not in self.totals:
            self.totals[record] = self.engine.run(count_records(self.facts[record]))
        return self.totals[record]

    def unrated(self) -> tuple[str, ...]:
        """Organisations with counts but no shares."""
        return tuple(code for code in self.places if code in self.organisations and not self.organisations[code].rated)


STATEMENT_SOURCES = (reference, linkage, records, indicators)
"""The packages with the expressions of the indicators."""


def statement_sources() -> str:
    """Return the hash of the code and data on which the indicators' SQL depends (`ExpressionEngine.run_plan`)."""
    return sources_hash(STATEMENT_SOURCES)


def evaluate_indicators(
    forms: Sequence[Form],
    facts: Mapping[str, ibis.Table],
    engine: ExpressionEngine,
    returned: Mapping[str, pa.Table],
    organisations: Mapping[str, Organisation],
    *,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> dict[str, pa.Table]:
    """Evaluate indicators, waiting times and counts on every record; return the answers as tables (`SCHEMAS`).

    `returned`: the tables `covers`, `kinds` and `columns` of all returns; `organisations` by code. Places are the
    forces of `covers`, and 'ALL': all forces for which the form is answerable.
    """
    places = tuple(sorted(set(returned["covers"]["force_code"].to_pylist())))
    context = _EvaluationContext(engine, facts, SubmittedData.from_returns(returned), organisations, places)
    tables: dict[str, list[pa.Table]] = {name: [schema.empty_table()] for name, schema in SCHEMAS.items()}
    for number, form in enumerate(forms):
        progress("Evaluating indicators", number, len(forms))
        for name, rows in _evaluate(form, context).items():
            tables[name].append(rows if isinstance(rows, pa.Table) else as_table(rows, SCHEMAS[name]))
    progress("Evaluating indicators", len(forms), len(forms))
    return {name: pa.concat_tables(parts) for name, parts in tables.items()}


def _evaluate(form: Form, context: _EvaluationContext) -> dict[str, Sequence[Mapping[str, Any]] | pa.Table]:
    if isinstance(form, Indicator):
        return _indicator(form, context)
    if isinstance(form, Wait):
        return _wait(form, context)
    assert isinstance(form, Count)
    return {"counts_by_definition": _count(form, context)}


def _indicator(form: Indicator, context: _EvaluationContext) -> dict[str, Sequence[Mapping[str, Any]] | pa.Table]:
    rung_counts = context.run(form, count_rungs)
    check_totals(form, rung_counts, context.record_counts(form.record))
    unanswerable = unanswerable_places(form, context.submitted_data, context.places)
    askable_counts, places = _askable(rung_counts, unanswerable, context.places)
    return {
        "answers": _answers(form, context),
        "ladders": ladder_table_rows(
            form,
            rung_counts,
            unanswerable,
            context.places,
            context.unrated(),
            incomplete_places(form, context.submitted_data, context.places),
        ),
        "excluded_records": _drop_unanswerable(_exclusion_rows(form, askable_counts, places), unanswerable),
    }


def ladder_table_rows(
    form: Indicator,
    rung_counts: pa.Table,
    unanswerable: Mapping[str, str],
    places: Sequence[str],
    unrated: Sequence[str],
    incomplete: Collection[str] = (),
) -> list[LaddersRow]:
    """Return the counts of each answer to an indicator in each place, as rows of the table `ladders`.

    A ladder is the ordered list of possible answers; a record has the first that is true for it (`answer_ladder`).

    `unanswerable`: the reason for each force without an answerable form; `unrated`: organisations with counts and no
    share. `incomplete`: forces that did not send everything that the form needs (`is_one_sided`).
    """
    askable_counts, askable_places = _askable(rung_counts, unanswerable, places)
    answerable: list[LaddersRow] = ladder_rows(form, askable_counts, askable_places).to_pylist()
    rows = _drop_unanswerable(answerable, unanswerable)
    for row in rows:
        if row["place_code"] in unrated:
            row["share"] = row["share_lowest"] = row["share_highest"] = None
        elif row["place_code"] in incomplete and is_one_sided(row):
            row["share"] = None  # its bounds stay
    return rows + [_unanswerable_row(form, place, why) for place, why in unanswerable.items()]


def _unanswerable_row(form: Indicator, place: str, why: str) -> LaddersRow:
    key = {"indicator": form.key, "place_code": place, "when_reported": ALL}
    return cast(LaddersRow, dict.fromkeys(LADDERS.names) | key | {"not_askable": why, "suppressed_cells": ""})


def incomplete_places(form: Indicator, submitted_data: SubmittedData, places: Iterable[str]) -> tuple[str, ...]:
    """Return the forces that sent a table or kind of event that the indicator needs without declaring it complete."""
    return tuple(place for place in places if submitted_data.has_incomplete_need(form, place))


def is_one_sided(row: LaddersRow) -> bool:
    """Return True if some answers are not known and all known ones are equal, so that no share can be given.

    Where a list is not complete, what is on it can be known and what is not on it cannot: then only one answer can be
    known, so the share of the known ones says nothing. The bounds still hold.
    """
    unknown = (row["not_known"] or 0) + (row["not_known_if_counted"] or 0)
    return (row["met"] == 0) != (row["not_met"] == 0) and unknown > 0


def _answers(form: Indicator, context: _EvaluationContext) -> pa.Table:
    """Return the answer of every record in the population: the evidence for each figure."""
    return context.run(form, _record_answers).select(ANSWERS.names).cast(ANSWERS)


def _record_answers(form: Indicator, facts: ibis.Table) -> ibis.Table:
    import ibis

    record_answers = add_answers(form, facts)
    return record_answers.filter(record_answers.answer != OUTSIDE).select(
        indicator=ibis.literal(form.key),
        force_code=record_answers.force_code,
        record_ref=record_answers.record_ref,
        answer=record_answers.answer,
        reason=record_answers.reason,
    )


def _exclusion_rows(form: Indicator | Wait, askable_counts: pa.Table, places: Iterable[str]) -> Rows:
    rows = exclusion_rows(cast(Indicator, form), askable_counts, places).to_pylist()
    return [row | {"reason": plain_label(row["reason"])} for row in rows]


def _wait(form: Wait, context: _EvaluationContext) -> dict[str, Sequence[Mapping[str, Any]] | pa.Table]:
    wait_rung_counts = context.run(form, wait_counts)
    check_totals(form, wait_rung_counts, context.record_counts(form.record))
    unanswerable = unanswerable_places(form, context.submitted_data, context.places)
    askable_counts, places = _askable(wait_rung_counts, unanswerable, context.places)
    medians, split_medians = median_rows(form, askable_counts, places, context.unrated())
    curves = curve_rows(form, askable_counts, [place for place in places if place not in context.unrated()])
    cannot = [{"wait": form.key, "place_code": place, "not_askable": why} for place, why in unanswerable.items()]
    return {
        "wait_counts": _add_wait_name(form, wait_rung_counts),
        "wait_curves": _drop_unanswerable(curves, unanswerable),
        "wait_medians": [*_drop_unanswerable(medians, unanswerable), *cannot],
        "wait_medians_by_report": _drop_unanswerable(split_medians, unanswerable),
        "excluded_records": _drop_unanswerable(_exclusion_rows(form, askable_counts, places), unanswerable),
    }


def _add_wait_name(form: Wait, wait_rung_counts: pa.Table) -> pa.Table:
    names = pa.array([form.key] * wait_rung_counts.num_rows, TEXT)
    return wait_rung_counts.add_column(0, "wait", names).select(WAIT_COUNTS.names).cast(WAIT_COUNTS)


def _count(form: Count, context: _EvaluationContext) -> Rows:
    counts = context.run(form, definition_counts)
    rows = definition_rows(form, counts).to_pylist()
    _check_definition_totals(form, rows, context.record_counts(form.record))
    unanswerable = unanswerable_places(form, context.submitted_data, context.places)
    found: Rows = []
    for definition in form.definitions:
        definition_records = [
            row for row in rows if row["definition"] == definition and row["force_code"] not in unanswerable
        ]
        by_place = {row["force_code"]: (row["records"], row["not_known"]) for row in definition_records}
        by_place = {place: by_place.get(place, (0, 0)) for place in context.places if place not in unanswerable}
        by_place[EVERYWHERE] = tuple(map(sum, zip((0, 0), *by_place.values(), strict=True)))  # type: ignore[assignment]
        key = {"count": form.key, "definition": definition}
        found += [
            key | {"place_code": place, "records": records, "not_known": unknown}
            for place, (records, unknown) in by_place.items()
            if place not in unanswerable
        ]
        found += [key | {"place_code": place, "not_askable": why} for place, why in unanswerable.items()]
    return found


def _check_definition_totals(form: Count, rows: Rows, records: pa.Table) -> None:
    expected_counts = {row["force_code"]: row["records"] for row in records.to_pylist()}
    for row in rows:
        found = row["records"] + row["not_known"] + row["not_found"] + row["outside"]
        if found != expected_counts.get(row["force_code"], 0) or min(row["not_found"], row["outside"]) < 0:
            raise EvidenceError(
                f"{form.key}, {row['definition']}: the records of {row['force_code']} add up to {found}, but its table "
                f"of {form.record} holds {expected_counts.get(row['force_code'], 0)}."
            )


def _askable(
    rung_counts: pa.Table, unanswerable: Mapping[str, str], places: Sequence[str]
) -> tuple[pa.Table, tuple[str, ...]]:
    """Return the counts of the forces for which the form is answerable, and those forces."""
    if rung_counts["force_code"].null_count:
        raise EvidenceError("Some records are counted without a force, so it is not known whether they are answerable.")
    out = pc.is_in(rung_counts["force_code"], pa.array(list(unanswerable), TEXT))
    return rung_counts.filter(pc.invert(out)), tuple(place for place in places if place not in unanswerable)


def _drop_unanswerable(rows: Sequence[AnyRow], unanswerable: Mapping[str, str]) -> list[AnyRow]:
    """Return the rows without unanswerable places; a total over no force is not zero and is dropped too."""
    return [row for row in rows if row["place_code"] not in unanswerable]


def as_table(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return the rows as a table with every column of the schema; missing keys are null, explanatory texts are ''."""
    empty = {name: "" for name in ("not_askable", "suppressed_cells") if name in schema.names}
    return pa.Table.from_pylist([{**dict.fromkeys(schema.names), **empty, **row} for row in rows], schema=schema)
