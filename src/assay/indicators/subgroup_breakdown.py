"""Subgroup breakdown: answers by sex, age, ethnicity, disability, care and nationality of victims and suspects.

Not for release. Every record is in exactly one group of each characteristic: "more than one" if its persons differ,
"not known" if it is missing for somebody, and "nobody is described" if no entry shows whom it is about (see
`record_persons`). So the groups add up to the answers. Forms that cannot be broken down are listed with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.expressions import ExpressionEngine
from assay.engine.portable_expressions import count_where, union_all
from assay.errors import EvidenceError
from assay.indicators import (
    EXCLUDED,
    INCLUDED,
    MET,
    NOT_KNOWN,
    NOT_MET,
    UNKNOWN_IF_COUNTED,
    Count,
    Form,
    Indicator,
    Wait,
    wait_counts,
)
from assay.indicators.indicator_answers import statement_sources
from assay.indicators.record_persons import SUSPECT, VICTIM, RecordPersons, person_keys

if TYPE_CHECKING:
    import ibis

AGE = "age at the offence"
CHARACTERISTICS: Mapping[str, str] = {
    "sex": "sex_group",
    AGE: "age_band",
    "ethnicity, as they define it": "ethnicity_self_group",
    "ethnicity, as an officer saw it": "ethnicity_officer_group",
    "disability": "disability_group",
    "care": "care_status_group",
    "nationality": "nationality_group",
}
SUSPECT_CHARACTERISTICS = (
    "sex", AGE, "ethnicity, as they define it", "ethnicity, as an officer saw it", "nationality",
)  # fmt: skip
SEPARATOR = "\t"
"""Separator of the groups of a record in a combined label; it occurs in no code or group name."""
ABOUT_RECORDING = "Q27"
"""Indicators on the recording of a characteristic are not broken down by it."""
TEXT, WHOLE = pa.string(), pa.int64()
KEYS = ("side", "characteristic", "people", "force_code", "offence_family")
BREAKDOWN = pa.schema([("indicator", TEXT), *((name, TEXT) for name in KEYS),
                    *((name, WHOLE) for name in ("met", "not_met", "not_known", "excluded"))])  # fmt: skip
WAIT_BREAKDOWN = pa.schema([("wait", TEXT), *((name, TEXT) for name in KEYS), ("days", WHOLE), ("ending", TEXT),
                          ("records", WHOLE)])  # fmt: skip
NOT_BROKEN_DOWN = pa.schema([("form", TEXT), ("reason", TEXT)])
BREAKDOWN_TABLE, ANSWER_ROWS, FORM_ROWS = "parted", "parted_answers", "parted_forms"
SCHEMAS = {BREAKDOWN_TABLE: BREAKDOWN, "parted_waits": WAIT_BREAKDOWN, "without_breakdown": NOT_BROKEN_DOWN}
RECORDS_WITHOUT_PEOPLE = ("force", "found_group", "group", "sent_table")
ON_RECORDING = "It asks whether a characteristic is written down, and so is not asked by it."
ABOUT_ORGANISATIONS = "A record of it is a force, a group or a table, and no person."
NO_CRIME = "A record of it is a suspect and no crime, so no victim stands on it."
NO_NAME = "Its records name neither a person nor a crime."


def break_down(
    forms: Sequence[Form], facts: Mapping[str, ibis.Table], engine: ExpressionEngine, answers: pa.Table
) -> dict[str, pa.Table]:
    """Break answers and waiting times down by characteristics of victims and suspects: the tables of `SCHEMAS`.

    `answers`: the answer of every record, from `evaluate_indicators`; `facts` are tables of `engine`.
    """
    forms = [form for form in forms if not isinstance(form, Count)]
    left = {"without_breakdown": forms_not_broken_down(forms, facts)}
    selected = [form for form in forms if _reason_not_broken_down(form, facts) in ("", NO_CRIME)]
    if not selected:
        return {name: schema.empty_table() for name, schema in SCHEMAS.items()} | left
    indicators = [form for form in selected if isinstance(form, Indicator)]
    waits = [form for form in selected if isinstance(form, Wait)]
    answer_rows = answers.select(["indicator", "force_code", "record_ref", "answer"])
    tables = {**facts, ANSWER_ROWS: engine.table(ANSWER_ROWS, answer_rows)}
    tables[FORM_ROWS] = engine.table(FORM_ROWS, _form_rows(indicators))

    def derive(tables: Mapping[str, ibis.Table]) -> dict[str, ibis.Table]:
        groups = RecordPersons(tables, engine)
        answer_counts = _count_answers(indicators, tables, engine, groups)
        records = dict.fromkeys(form.record for form in waits)
        labelled = {record: _group_labels(record, engine, groups) for record in records}
        counts = {f"wait {form.key}": _count_wait(form, tables[form.record], labelled[form.record]) for form in waits}
        return {BREAKDOWN_TABLE: answer_counts, **counts}

    tables_by_name = engine.run_plan(f"{selected!r} {statement_sources()}", tables, derive)
    wait_rows = [_with_names(form, tables_by_name[f"wait {form.key}"]) for form in waits]
    return {
        BREAKDOWN_TABLE: tables_by_name[BREAKDOWN_TABLE].select(BREAKDOWN.names).cast(BREAKDOWN),
        "parted_waits": pa.concat_tables([WAIT_BREAKDOWN.empty_table(), *wait_rows]),
        **left,
    }


def _form_rows(forms: Sequence[Indicator]) -> pa.Table:
    columns = {"indicator": [form.key for form in forms], "record": [form.record for form in forms]}
    return pa.table(columns, schema=pa.schema([("indicator", TEXT), ("record", TEXT)]))


def forms_not_broken_down(forms: Sequence[Form], facts: Mapping[str, ibis.Table]) -> pa.Table:
    """Return the table `without_breakdown`: indicators and waits that cannot be broken down by group, with reasons."""
    form_rows = [
        {"form": form.key, "reason": reason} for form in forms if (reason := _reason_not_broken_down(form, facts))
    ]
    return pa.Table.from_pylist(form_rows, schema=NOT_BROKEN_DOWN)


def _reason_not_broken_down(form: Form, facts: Mapping[str, ibis.Table]) -> str:
    if form.record in RECORDS_WITHOUT_PEOPLE:
        return ABOUT_ORGANISATIONS
    if form.asks.startswith(ABOUT_RECORDING):
        return ON_RECORDING
    rows = facts[form.record]
    if person_keys(rows, form.record, VICTIM):
        return ""
    return NO_CRIME if person_keys(rows, form.record, SUSPECT) else NO_NAME


def _count_answers(
    forms: Sequence[Indicator], tables: Mapping[str, ibis.Table], engine: ExpressionEngine, groups: RecordPersons
) -> ibis.Table:
    answer_rows = tables[ANSWER_ROWS].join(tables[FORM_ROWS], "indicator")
    records = dict.fromkeys(form.record for form in forms)
    record_people = engine.create_table("parted_who", union_all([groups.people(record) for record in records]))
    joined_rows = engine.create_table(
        "parted_both", answer_rows.join(record_people, ["record", "force_code", "record_ref"])
    )
    return union_all([_count_by_characteristic(joined_rows, name) for name in CHARACTERISTICS])


def _count_by_characteristic(joined_rows: ibis.Table, characteristic: str) -> ibis.Table:
    import ibis

    rows = joined_rows if characteristic in SUSPECT_CHARACTERISTICS else joined_rows.filter(joined_rows.side == VICTIM)
    rows = rows.mutate(people=rows[CHARACTERISTICS[characteristic]], characteristic=ibis.literal(characteristic))
    unknown = rows.answer.isin((NOT_KNOWN, UNKNOWN_IF_COUNTED))
    return rows.group_by("indicator", *KEYS).aggregate(
        met=count_where(rows, rows.answer == MET),
        not_met=count_where(rows, rows.answer == NOT_MET),
        not_known=count_where(rows, unknown),
        excluded=count_where(rows, rows.answer == EXCLUDED),
    )


def _group_labels(record: str, engine: ExpressionEngine, groups: RecordPersons) -> ibis.Table:
    """Return all groups of every record in one label, once for each side: force_code, record_ref, label."""
    record_people = groups.people(record)
    label = record_people.side + SEPARATOR + record_people.offence_family
    for column in CHARACTERISTICS.values():
        label = label + SEPARATOR + record_people[column]
    return engine.create_table(f"parted_labels_{record}", record_people.select("force_code", "record_ref", label=label))


def _count_wait(form: Wait, rows: ibis.Table, labelled: ibis.Table) -> ibis.Table:
    """Count days and endings of one wait by group, with the same code as the wait itself."""
    split = replace(form, split="when_reported")  # the split column of the wait holds the groups here
    joined_rows = join_people(rows, labelled)
    return wait_counts(split, joined_rows.mutate(when_reported=joined_rows.label))


def join_people(rows: ibis.Table, record_people: ibis.Table) -> ibis.Table:
    """Join the records with their persons: one row for each record, and side (victims or suspects)."""
    joined = rows.join(record_people, ["force_code", "record_ref"], rname="{name}_of_who")
    return joined.drop(*[name for name in joined.columns if name.endswith("_of_who")])


def _with_names(form: Wait, counts: pa.Table) -> pa.Table:
    """Split counts by combined label into counts by group of each characteristic."""
    rows = pl.DataFrame(pl.from_arrow(counts)).filter(pl.col("answer") == INCLUDED)
    groups = pl.col("split").str.split_exact(SEPARATOR, len(CHARACTERISTICS) + 1)
    rows = rows.with_columns(groups.struct.rename_fields(["side", "offence_family", *CHARACTERISTICS])).unnest("split")
    if rows.select(*CHARACTERISTICS).null_count().sum_horizontal().sum():
        raise EvidenceError(f"{form.key}: a record stands in no group of some characteristic.")
    parts = [
        (rows if characteristic in SUSPECT_CHARACTERISTICS else rows.filter(pl.col("side") == VICTIM))
        .group_by("side", pl.col(characteristic).alias("people"), "force_code", "offence_family", "days", "ending")
        .agg(pl.col("records").sum())
        .with_columns(wait=pl.lit(form.key), characteristic=pl.lit(characteristic))
        for characteristic in CHARACTERISTICS
    ]
    all_parts = pl.concat(parts).sort(*KEYS, "days", "ending")
    return all_parts.select(WAIT_BREAKDOWN.names).to_arrow().cast(WAIT_BREAKDOWN)


def unanswerable_pairs(ladders: pa.Table, name: str = "indicator") -> set[tuple[str, str]]:
    """Return the pairs (indicator, force) that are not answerable, from the table `ladders` or `wait_medians`."""
    return {(row[name], row["place_code"]) for row in ladders.to_pylist() if row["not_askable"]}


def drop_unanswerable(rows: pa.Table, name: str, unanswerable: set[tuple[str, str]]) -> pa.Table:
    """Drop the rows of pairs (indicator, force) that are not answerable; EvidenceError if a row lacks either."""
    row_keys = pc.binary_join_element_wise(rows[name], rows["force_code"], SEPARATOR)
    if row_keys.null_count:
        raise EvidenceError(f"Of {row_keys.null_count} rows it is not known of which {name} and force they are.")
    return rows.filter(
        pc.invert(pc.is_in(row_keys, pa.array([SEPARATOR.join(pair) for pair in sorted(unanswerable)], TEXT)))
    )
