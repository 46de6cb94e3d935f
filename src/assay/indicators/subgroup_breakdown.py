"""Whose records gave which answers: by sex, age, ethnicity, disability, care and nationality of victims and suspects?

For the inspection's own people. Every record stands in one group of each characteristic: where its people differ it is
"more than one", where it is not written down for somebody "not known", and where no entry says who it is about "nobody
is described" (see `whose`). So the groups add up to the answers. A form that cannot be parted is named, with why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.expressions import Expressions
from assay.engine.portable_expressions import number_where, stacked
from assay.errors import EvidenceError
from assay.indicators import (
    COUNTED,
    LEFT_OUT,
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
from assay.indicators.persons_of_records import SUSPECT, VICTIM, Whose, keys

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
OF_SUSPECTS = (
    "sex", AGE, "ethnicity, as they define it", "ethnicity, as an officer saw it", "nationality",
)  # fmt: skip
BETWEEN = "\t"
"""Stands between the groups of a record where all are counted at once; it is in no code and no name of a group."""
ABOUT_RECORDING = "Q27"
"""Whether a characteristic is written down is not asked by that characteristic."""
TEXT, WHOLE = pa.string(), pa.int64()
KEYS = ("side", "characteristic", "people", "force_code", "offence_family")
PARTED = pa.schema([("indicator", TEXT), *((name, TEXT) for name in KEYS),
                    *((name, WHOLE) for name in ("met", "not_met", "not_known", "left_out"))])  # fmt: skip
PARTED_WAITS = pa.schema([("wait", TEXT), *((name, TEXT) for name in KEYS), ("days", WHOLE), ("ending", TEXT),
                          ("records", WHOLE)])  # fmt: skip
NOT_PARTED = pa.schema([("form", TEXT), ("reason", TEXT)])
SCHEMAS = {"parted": PARTED, "parted_waits": PARTED_WAITS, "not_parted": NOT_PARTED}
NOT_OF_PEOPLE = ("force", "found_group", "group", "sent_table")
ON_RECORDING = "It asks whether a characteristic is written down, and so is not asked by it."
ON_BODIES = "A record of it is a force, a group or a table, and no person."
NO_CRIME = "A record of it is a suspect and no crime, so no victim stands on it."
NO_NAME = "Its records name neither a person nor a crime."


def parted(
    forms: Sequence[Form], facts: Mapping[str, ibis.Table], engine: Expressions, answers: pa.Table
) -> dict[str, pa.Table]:
    """The tables of `SCHEMAS`. `answers`: those of every record, from `measured`; `facts` lie in `engine`."""
    forms = [form for form in forms if not isinstance(form, Count)]
    left = {"not_parted": left_of(forms, facts)}
    asked = [form for form in forms if _why_not(form, facts) in ("", NO_CRIME)]
    if not asked:
        return {name: schema.empty_table() for name, schema in SCHEMAS.items()} | left
    groups = Whose(facts, engine)
    indicators = [form for form in asked if isinstance(form, Indicator)]
    rows = engine.run(_of_answers(indicators, facts, engine, answers, groups))
    of_waits = [form for form in asked if isinstance(form, Wait)]
    labelled = {record: _labelled(record, engine, groups) for record in dict.fromkeys(form.record for form in of_waits)}
    waits = [_of_wait(form, facts, engine, labelled[form.record]) for form in of_waits]
    return {
        "parted": rows.select(PARTED.names).cast(PARTED),
        "parted_waits": pa.concat_tables([PARTED_WAITS.empty_table(), *waits]),
        **left,
    }


def left_of(forms: Sequence[Form], facts: Mapping[str, ibis.Table]) -> pa.Table:
    """The forms that cannot be parted by who the victims are, with why: the table `not_parted`."""
    told = [{"form": form.key, "reason": reason} for form in forms if (reason := _why_not(form, facts))]
    return pa.Table.from_pylist(told, schema=NOT_PARTED)


def _why_not(form: Form, facts: Mapping[str, ibis.Table]) -> str:
    if form.record in NOT_OF_PEOPLE:
        return ON_BODIES
    if form.asks.startswith(ABOUT_RECORDING):
        return ON_RECORDING
    rows = facts[form.record]
    if keys(rows, form.record, VICTIM):
        return ""
    return NO_CRIME if keys(rows, form.record, SUSPECT) else NO_NAME


def _of_answers(
    forms: Sequence[Indicator],
    facts: Mapping[str, ibis.Table],
    engine: Expressions,
    answers: pa.Table,
    groups: Whose,
) -> ibis.Table:
    told = pa.table({"indicator": [form.key for form in forms], "record": [form.record for form in forms]},
                    schema=pa.schema([("indicator", TEXT), ("record", TEXT)]))  # fmt: skip
    given = engine.table("parted_answers", answers.select(["indicator", "force_code", "record_ref", "answer"]))
    given = given.join(engine.table("parted_forms", told), "indicator")
    records = dict.fromkeys(form.record for form in forms)
    who = engine.keep("parted_who", stacked([groups.people(record) for record in records]))
    both = engine.keep("parted_both", given.join(who, ["record", "force_code", "record_ref"]))
    return stacked([_counted(both, name) for name in CHARACTERISTICS])


def _counted(both: ibis.Table, characteristic: str) -> ibis.Table:
    import ibis

    rows = both if characteristic in OF_SUSPECTS else both.filter(both.side == VICTIM)
    rows = rows.mutate(people=rows[CHARACTERISTICS[characteristic]], characteristic=ibis.literal(characteristic))
    unknown = rows.answer.isin((NOT_KNOWN, UNKNOWN_IF_COUNTED))
    return rows.group_by("indicator", *KEYS).aggregate(
        met=number_where(rows, rows.answer == MET),
        not_met=number_where(rows, rows.answer == NOT_MET),
        not_known=number_where(rows, unknown),
        left_out=number_where(rows, rows.answer == LEFT_OUT),
    )


def _labelled(record: str, engine: Expressions, groups: Whose) -> ibis.Table:
    """Of every record of a kind, once a side, all its groups in one text: force_code, record_ref, label."""
    who = groups.people(record)
    label = who.side + BETWEEN + who.offence_family
    for column in CHARACTERISTICS.values():
        label = label + BETWEEN + who[column]
    return engine.keep(f"parted_labels_{record}", who.select("force_code", "record_ref", label=label))


def _of_wait(form: Wait, facts: Mapping[str, ibis.Table], engine: Expressions, labelled: ibis.Table) -> pa.Table:
    """The days and endings of one wait, group by group: the wait itself is counted by the same words as ever."""
    split = replace(form, split="when_reported")  # the one column that a wait is split by holds the groups here
    both = beside_all(facts[form.record], labelled)
    return _with_names(form, engine.run(wait_counts(split, both.mutate(when_reported=both.label)), in_order=False))


def beside_all(rows: ibis.Table, who: ibis.Table) -> ibis.Table:
    """Every record with its people, once a side."""
    joined = rows.join(who, ["force_code", "record_ref"], rname="{name}_of_who")
    return joined.drop(*[name for name in joined.columns if name.endswith("_of_who")])


def _with_names(form: Wait, counted: pa.Table) -> pa.Table:
    """The groups of each characteristic, from counts of all of them at once."""
    rows = pl.DataFrame(pl.from_arrow(counted)).filter(pl.col("answer") == COUNTED)
    groups = pl.col("split").str.split_exact(BETWEEN, len(CHARACTERISTICS) + 1)
    rows = rows.with_columns(groups.struct.rename_fields(["side", "offence_family", *CHARACTERISTICS])).unnest("split")
    if rows.select(*CHARACTERISTICS).null_count().sum_horizontal().sum():
        raise EvidenceError(f"{form.key}: a record stands in no group of some characteristic.")
    parts = [
        (rows if characteristic in OF_SUSPECTS else rows.filter(pl.col("side") == VICTIM))
        .group_by("side", pl.col(characteristic).alias("people"), "force_code", "offence_family", "days", "ending")
        .agg(pl.col("records").sum())
        .with_columns(wait=pl.lit(form.key), characteristic=pl.lit(characteristic))
        for characteristic in CHARACTERISTICS
    ]
    every = pl.concat(parts).sort(*KEYS, "days", "ending")
    return every.select(PARTED_WAITS.names).to_arrow().cast(PARTED_WAITS)


def barred_of(ladders: pa.Table, name: str = "indicator") -> set[tuple[str, str]]:
    """(form, force) of which it cannot be asked, from `ladders` or `wait_medians`."""
    return {(row[name], row["place_code"]) for row in ladders.to_pylist() if row["not_askable"]}


def without(rows: pa.Table, name: str, barred: set[tuple[str, str]]) -> pa.Table:
    """The rows of forms and forces that could be asked; `EvidenceError` where it is not known whose a row is."""
    if not barred:
        return rows
    whose = pc.binary_join_element_wise(rows[name], rows["force_code"], BETWEEN)
    if whose.null_count:
        raise EvidenceError(f"Of {whose.null_count} rows it is not known of which {name} and force they are.")
    return rows.filter(pc.invert(pc.is_in(whose, pa.array([BETWEEN.join(one) for one in sorted(barred)], TEXT))))
