"""Which answer does every record give to every indicator, and how many gave each, force by force?

    with Expressions() as engine:
        found = measured(forms(), facts, engine, returned, bodies)

One statement a form. On every run the answers of each indicator are added up and held against the rows of its table
(EvidenceError). A force that did not send what a form needs has no counts, but a sentence that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.expressions import Expressions
from assay.errors import EvidenceError
from assay.indicators import (
    ALL,
    EVERYWHERE,
    OUTSIDE,
    Count,
    Form,
    Indicator,
    Wait,
    adds_up,
    answers,
    definition_counts,
    definition_rows,
    ladder,
    ladder_rows,
    left_out_rows,
    records_of,
    wait_counts,
)
from assay.indicators.exclusion_reasons import in_words
from assay.indicators.indicator_answerability import Sent, not_askable
from assay.indicators.time_to_event import CURVES, MEDIANS, MEDIANS_APART, curve_rows, median_rows
from assay.reference import Body

if TYPE_CHECKING:
    import ibis

TEXT, WHOLE, NUMBER = pa.string(), pa.int64(), pa.float64()
_COUNTS = ("records", "outside", "left_out", "not_known_if_counted", "met", "not_met", "not_known")


def _form(*texts: str, **others: pa.DataType) -> pa.Schema:
    return pa.schema([(name, TEXT) for name in texts] + list(others.items()))


ANSWERS = _form("indicator", "force_code", "record_ref", "answer", "reason")
LADDERS = _form(
    "indicator", "place_code", "when_reported", **dict.fromkeys(_COUNTS, WHOLE), share=NUMBER, share_lowest=NUMBER,
    share_highest=NUMBER, not_askable=TEXT, hidden=TEXT,
)  # fmt: skip
LEFT_OUT = _form("indicator", "place_code", "reason", records=WHOLE, hidden=TEXT)
WAIT_COUNTS = _form("wait", "force_code", "split", "answer", "reason", days=WHOLE, ending=TEXT, records=WHOLE)
COUNTS = _form("count", "definition", "place_code", records=WHOLE, not_known=WHOLE, not_askable=TEXT, hidden=TEXT)
SCHEMAS: Mapping[str, pa.Schema] = {
    "answers": ANSWERS,
    "ladders": LADDERS,
    "left_out": LEFT_OUT,
    "wait_counts": WAIT_COUNTS,
    "wait_curves": CURVES,
    "wait_medians": MEDIANS,
    "wait_medians_apart": MEDIANS_APART,
    "counts": COUNTS,
}
"""What `measured` makes. `answers` and `wait_counts` are for the inspection's own people; the rest may be released."""
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class _Asked:
    """What every form is asked with."""

    engine: Expressions
    facts: Mapping[str, ibis.Table]
    sent: Sent
    bodies: Mapping[str, Body]
    places: tuple[str, ...]
    totals: dict[str, pa.Table] = field(default_factory=dict)

    def rows_of(self, record: str) -> pa.Table:
        """How many rows each force has in a table of facts, counted once."""
        if record not in self.totals:
            self.totals[record] = self.engine.run(records_of(self.facts[record]))
        return self.totals[record]

    def unrated(self) -> tuple[str, ...]:
        """Bodies of which counts are shown, and no share."""
        return tuple(code for code in self.places if code in self.bodies and not self.bodies[code].rated)


def measured(
    forms: Sequence[Form],
    facts: Mapping[str, ibis.Table],
    engine: Expressions,
    returned: Mapping[str, pa.Table],
    bodies: Mapping[str, Body],
    *,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> dict[str, pa.Table]:
    """The tables of `SCHEMAS`, from facts that lie in `engine`.

    `returned`: the tables `covers`, `kinds` and `columns`, what each return declared, of every force together; `bodies`
    by code. The places are the forces of `covers`, and 'ALL': every force of which the form could be asked.
    """
    places = tuple(sorted(set(returned["covers"]["force_code"].to_pylist())))
    asked = _Asked(engine, facts, Sent.of(returned), bodies, places)
    made: dict[str, list[pa.Table]] = {name: [schema.empty_table()] for name, schema in SCHEMAS.items()}
    for number, form in enumerate(forms):
        progress("Asking every record", number, len(forms))
        for name, rows in _ask(form, asked).items():
            made[name].append(rows if isinstance(rows, pa.Table) else as_table(rows, SCHEMAS[name]))
    progress("Asking every record", len(forms), len(forms))
    return {name: pa.concat_tables(parts) for name, parts in made.items()}


def _ask(form: Form, asked: _Asked) -> dict[str, Rows | pa.Table]:
    if isinstance(form, Indicator):
        return _indicator(form, asked)
    if isinstance(form, Wait):
        return _wait(form, asked)
    assert isinstance(form, Count)
    return {"counts": _count(form, asked)}


def _indicator(form: Indicator, asked: _Asked) -> dict[str, Rows | pa.Table]:
    counted = asked.engine.run(ladder(form, asked.facts[form.record]))
    adds_up(form, counted, asked.rows_of(form.record))
    barred = not_askable(form, asked.sent, asked.places)
    kept, places = _askable(counted, barred, asked.places)
    return {
        "answers": _answers(form, asked),
        "ladders": rows_of_ladder(form, counted, barred, asked.places, asked.unrated()),
        "left_out": _but_barred(_left_out(form, kept, places), barred),
    }


def rows_of_ladder(
    form: Indicator, counted: pa.Table, barred: Mapping[str, str], places: Sequence[str], unrated: Sequence[str]
) -> Rows:
    """The rows of `ladders`, from the answer to `ladder`: `barred` says why a force cannot be asked, `unrated` bodies
    have counts and no share."""
    kept, asked = _askable(counted, barred, places)
    rows = _but_barred(cast(Rows, ladder_rows(form, kept, asked).to_pylist()), barred)
    for row in rows:
        if row["place_code"] in unrated:
            row |= {"share": None, "share_lowest": None, "share_highest": None}
    return rows + [
        {"indicator": form.key, "place_code": place, "when_reported": ALL, "not_askable": why}
        for place, why in barred.items()
    ]


def _answers(form: Indicator, asked: _Asked) -> pa.Table:
    """The answer of every record that is not outside: the trail behind each figure. Of a nation there are millions."""
    import ibis

    told = answers(form, asked.facts[form.record])
    told = told.filter(told.answer != OUTSIDE).select(
        indicator=ibis.literal(form.key),
        force_code=told.force_code,
        record_ref=told.record_ref,
        answer=told.answer,
        reason=told.reason,
    )
    return asked.engine.run(told).select(ANSWERS.names).cast(ANSWERS)


def _left_out(form: Indicator | Wait, kept: pa.Table, places: Iterable[str]) -> Rows:
    rows = left_out_rows(cast(Indicator, form), kept, places).to_pylist()
    return [row | {"reason": in_words(row["reason"])} for row in rows]


def _wait(form: Wait, asked: _Asked) -> dict[str, Rows | pa.Table]:
    counted = asked.engine.run(wait_counts(form, asked.facts[form.record]))
    adds_up(form, counted, asked.rows_of(form.record))
    barred = not_askable(form, asked.sent, asked.places)
    kept, places = _askable(counted, barred, asked.places)
    medians, apart = median_rows(form, kept, places, asked.unrated())
    curves = curve_rows(form, kept, [place for place in places if place not in asked.unrated()])
    cannot = [{"wait": form.key, "place_code": place, "not_askable": why} for place, why in barred.items()]
    return {
        "wait_counts": _named(form, counted),
        "wait_curves": _but_barred(curves, barred),
        "wait_medians": _but_barred(medians, barred) + cannot,
        "wait_medians_apart": _but_barred(apart, barred),
        "left_out": _but_barred(_left_out(form, kept, places), barred),
    }


def _named(form: Wait, counted: pa.Table) -> pa.Table:
    names = pa.array([form.key] * counted.num_rows, TEXT)
    return counted.add_column(0, "wait", names).select(WAIT_COUNTS.names).cast(WAIT_COUNTS)


def _count(form: Count, asked: _Asked) -> Rows:
    counted = asked.engine.run(definition_counts(form, asked.facts[form.record]))
    rows = definition_rows(form, counted).to_pylist()
    _definitions_add_up(form, rows, asked.rows_of(form.record))
    barred = not_askable(form, asked.sent, asked.places)
    found: Rows = []
    for definition in form.definitions:
        mine = [row for row in rows if row["definition"] == definition and row["force_code"] not in barred]
        by_place = {row["force_code"]: (row["records"], row["not_known"]) for row in mine}
        by_place = {place: by_place.get(place, (0, 0)) for place in asked.places if place not in barred}
        by_place[EVERYWHERE] = tuple(map(sum, zip((0, 0), *by_place.values(), strict=True)))  # type: ignore[assignment]
        key = {"count": form.key, "definition": definition}
        found += [
            key | {"place_code": place, "records": records, "not_known": unknown}
            for place, (records, unknown) in by_place.items()
            if place not in barred
        ]
        found += [key | {"place_code": place, "not_askable": why} for place, why in barred.items()]
    return found


def _definitions_add_up(form: Count, rows: Rows, records: pa.Table) -> None:
    there = {row["force_code"]: row["records"] for row in records.to_pylist()}
    for row in rows:
        found = row["records"] + row["not_known"] + row["not_found"] + row["outside"]
        if found != there.get(row["force_code"], 0) or min(row["not_found"], row["outside"]) < 0:
            raise EvidenceError(
                f"{form.key}, {row['definition']}: the records of {row['force_code']} add up to {found}, but its table "
                f"of {form.record} holds {there.get(row['force_code'], 0)}."
            )


def _askable(counted: pa.Table, barred: Mapping[str, str], places: Sequence[str]) -> tuple[pa.Table, tuple[str, ...]]:
    """The counts of the forces that can be asked, and those forces."""
    out = pc.is_in(counted["force_code"], pa.array(list(barred), TEXT))
    return counted.filter(pc.invert(out)), tuple(place for place in places if place not in barred)


def _but_barred(rows: Rows, barred: Mapping[str, str]) -> Rows:
    """The rows without those of places that cannot be asked: of no force is all together a sum of nothing, not zero."""
    return [row for row in rows if row["place_code"] not in barred]


def as_table(rows: Rows, schema: pa.Schema) -> pa.Table:
    """Rows with every column of the schema; what a row does not say is missing, but texts that explain are empty."""
    empty = {name: "" for name in ("not_askable", "hidden") if name in schema.names}
    return pa.Table.from_pylist([{**dict.fromkeys(schema.names), **empty, **row} for row in rows], schema=schema)
