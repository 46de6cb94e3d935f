"""Whose records gave which answers: by sex, age, ethnicity, disability, care and nationality of victims and suspects?

For the inspection's own people. Every record stands in one group of each characteristic: where its people differ it is
"more than one", and where it is not written down for somebody "not known". So the groups add up to the answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.engine.expressions import Expressions
from assay.engine.values import beside, number_where, stacked
from assay.measure import (
    COUNTED,
    LEFT_OUT,
    MET,
    NOT_KNOWN,
    NOT_MET,
    UNKNOWN_IF_COUNTED,
    Form,
    Indicator,
    Wait,
    wait_counts,
)

if TYPE_CHECKING:
    import ibis

VICTIM, SUSPECT = "victim", "suspect"
CHARACTERISTICS: Mapping[str, str] = {
    "sex": "sex_group",
    "age at the offence": "age_band",
    "ethnicity, as they define it": "ethnicity_self_group",
    "ethnicity, as an officer saw it": "ethnicity_officer_group",
    "disability": "disability_group",
    "care": "care_status_group",
    "nationality": "nationality_group",
}
OF_SUSPECTS = (
    "sex", "age at the offence", "ethnicity, as they define it", "ethnicity, as an officer saw it", "nationality",
)  # fmt: skip
SEVERAL = "more than one"
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
SCHEMAS = {"parted": PARTED, "parted_waits": PARTED_WAITS}
NOT_OF_PEOPLE = ("force", "found_group", "group")


def parted(
    forms: Sequence[Form], facts: Mapping[str, ibis.Table], engine: Expressions, answers: pa.Table
) -> dict[str, pa.Table]:
    """The tables of `SCHEMAS`. `answers`: those of every record, from `measured`; `facts` lie in `engine`."""
    asked = [form for form in forms if _is_asked(form, facts)]
    if not asked:
        return {name: schema.empty_table() for name, schema in SCHEMAS.items()}
    groups = _Groups(facts, engine)
    indicators = [form for form in asked if isinstance(form, Indicator)]
    rows = engine.run(_of_answers(indicators, facts, engine, answers, groups))
    waits = [_of_wait(form, facts, engine, groups) for form in asked if isinstance(form, Wait)]
    return {
        "parted": rows.select(PARTED.names).cast(PARTED),
        "parted_waits": pa.concat_tables([PARTED_WAITS.empty_table(), *waits]),
    }


def _is_asked(form: Form, facts: Mapping[str, ibis.Table]) -> bool:
    of_people = form.record not in NOT_OF_PEOPLE and {"involvement_ref", "crime_ref", "person_id"} & set(
        facts[form.record].columns
    )
    return bool(of_people) and not form.asks.startswith(ABOUT_RECORDING) and isinstance(form, Indicator | Wait)


class _Groups:
    """Who the people of an entry, a crime or a person are, one row each."""

    def __init__(self, facts: Mapping[str, ibis.Table], engine: Expressions) -> None:
        self._facts, self._engine = facts, engine
        self._held: dict[tuple[str, str], ibis.Table] = {}

    def of(self, key: str, side: str) -> ibis.Table:
        """force_code, `key` (involvement_ref, crime_ref or person_id), and a column a characteristic."""
        if (key, side) not in self._held:
            rows = self._facts["described"]
            rows = rows.filter((rows.role == side) & ~rows[key].isnull())
            found = rows.group_by("force_code", key).aggregate(**{c: _one(rows[c]) for c in CHARACTERISTICS.values()})
            self._held[key, side] = self._engine.keep(f"parted_{key}_{side}", found)
        return self._held[key, side]

    def who(self, record: str) -> ibis.Table:
        """Every record of a table of facts, once for its victims and once for its suspects, with their groups."""
        rows = self._facts[record]
        return stacked([self._with(record, rows, side) for side in (VICTIM, SUSPECT) if _key(rows, record, side)])

    def _with(self, record: str, rows: ibis.Table, side: str) -> ibis.Table:
        import ibis

        key = _key(rows, record, side)
        own = rows.select(
            "force_code", "record_ref", key, *(["offence_family"] if "offence_family" in rows.columns else [])
        )
        if "offence_family" not in rows.columns:
            own = own.mutate(offence_family=ibis.literal(""))
        told = beside(own, self.of(key, side), ["force_code", key])
        return told.select(
            "force_code",
            "record_ref",
            record=ibis.literal(record),
            side=ibis.literal(side),
            offence_family=told.offence_family.fill_null(""),
            **{c: told[c].fill_null(NOT_KNOWN) for c in CHARACTERISTICS.values()},
        )


def _key(rows: ibis.Table, record: str, side: str) -> str:
    """By which column the people of one side are found; '' where a record has none."""
    own = SUSPECT if record.startswith(("suspect", "pursuit", "prosecution")) else VICTIM
    if side == own:
        return next((key for key in ("involvement_ref", "person_id", "crime_ref") if key in rows.columns), "")
    return "crime_ref" if "crime_ref" in rows.columns else ""


def _one(column: ibis.Value) -> ibis.Value:
    """The group that all share; "more than one"; or missing, where it is missing for somebody."""
    import ibis

    return ibis.cases((column.isnull().any(), ibis.null("string")), (column.min() == column.max(), column.min()),
                      else_=SEVERAL)  # fmt: skip


def _of_answers(
    forms: Sequence[Indicator],
    facts: Mapping[str, ibis.Table],
    engine: Expressions,
    answers: pa.Table,
    groups: _Groups,
) -> ibis.Table:
    told = pa.table({"indicator": [form.key for form in forms], "record": [form.record for form in forms]},
                    schema=pa.schema([("indicator", TEXT), ("record", TEXT)]))  # fmt: skip
    given = engine.table("parted_answers", answers.select(["indicator", "force_code", "record_ref", "answer"]))
    given = given.join(engine.table("parted_forms", told), "indicator")
    records = dict.fromkeys(form.record for form in forms)
    who = engine.keep("parted_who", stacked([groups.who(record) for record in records]))
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


def _of_wait(form: Wait, facts: Mapping[str, ibis.Table], engine: Expressions, groups: _Groups) -> pa.Table:
    """The days and endings of one wait, group by group: the wait itself is counted by the same words as ever."""
    split = replace(form, split="when_reported")  # the one column that a wait is split by holds the groups here
    who = groups.who(form.record).drop("record", "offence_family")
    rows = facts[form.record]
    family = {} if "offence_family" in rows.columns else {"offence_family": _nothing()}
    both = beside_all(rows.mutate(**family), who)
    told = both.side + BETWEEN + both.offence_family.fill_null("")
    for column in CHARACTERISTICS.values():
        told = told + BETWEEN + both[column]
    return _with_names(form, engine.run(wait_counts(split, both.mutate(when_reported=told))))


def _nothing() -> Any:
    import ibis

    return ibis.literal("")


def beside_all(rows: ibis.Table, who: ibis.Table) -> ibis.Table:
    """Every record with its people, once a side."""
    joined = rows.join(who, ["force_code", "record_ref"], rname="{name}_of_who")
    return joined.drop(*[name for name in joined.columns if name.endswith("_of_who")])


def _with_names(form: Wait, counted: pa.Table) -> pa.Table:
    """The groups of each characteristic, from counts of all of them at once."""
    found: Counter[tuple[str, ...]] = Counter()
    for row in counted.to_pylist():
        if row["answer"] == COUNTED:
            side, family, *groups = row["split"].split(BETWEEN)
            for characteristic, people in zip(CHARACTERISTICS, groups, strict=True):
                if side == VICTIM or characteristic in OF_SUSPECTS:
                    key = (side, characteristic, people, row["force_code"], family, row["days"], row["ending"])
                    found[key] += row["records"]
    names = ("wait", *KEYS, "days", "ending", "records")
    rows = [dict(zip(names, (form.key, *key, records), strict=True)) for key, records in sorted(found.items())]
    return pa.Table.from_pylist(rows, schema=PARTED_WAITS)


def barred_of(ladders: pa.Table, name: str = "indicator") -> set[tuple[str, str]]:
    """(form, force) of which it cannot be asked, from `ladders` or `wait_medians`."""
    return {(row[name], row["place_code"]) for row in ladders.to_pylist() if row["not_askable"]}


def without(rows: Iterable[Mapping[str, Any]], name: str, barred: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """The rows of forms and forces that could be asked."""
    return [dict(row) for row in rows if (row[name], row["force_code"]) not in barred]
