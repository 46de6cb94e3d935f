"""Completeness of each characteristic of victims and suspects by month, with the reason where it is missing.

Missing values are counted, never imputed. "Not known" is a field that a force did not send, or a value that was set
aside on receipt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.engine.expressions import ExpressionEngine
from assay.engine.portable_expressions import union_all
from assay.indicators import EVERYWHERE, NOT_KNOWN

if TYPE_CHECKING:
    import ibis

FIELDS: Mapping[str, str] = {
    "sex": "sex",
    "ethnicity_self": "ethnicity, as they define it",
    "ethnicity_officer": "ethnicity, as an officer saw it",
    "disability": "disability",
    "care_status": "care",
    "nationality": "nationality",
}
RECORDED, NO_REASON = "recorded", "empty, no reason given"
REASONS: Mapping[str, str] = {
    "NOT_ASKED": "empty: not asked, or the record does not say",
    "REFUSED": "empty: declined",
    "NOT_UNDERSTOOD": "empty: unable to answer",
    "SYSTEM": "empty: no such field in the system",
    "NOT_MET": "empty: a suspect never identified or met",
}
STATES = (RECORDED, *REASONS.values(), NO_REASON, NOT_KNOWN)
ALL_MONTHS = "all"
TEXT, WHOLE = pa.string(), pa.int64()
PEOPLE = pa.schema([("role", TEXT), ("place_code", TEXT), ("month", TEXT), ("people", WHOLE), ("hidden", TEXT)])
FORM = pa.schema([("role", TEXT), ("field", TEXT), ("place_code", TEXT), ("month", TEXT), ("state", TEXT),
                  ("people", WHOLE), ("hidden", TEXT)])  # fmt: skip
SCHEMAS = {"people_described": PEOPLE, "fields_recorded": FORM}
Row = dict[str, Any]


def fields_recorded(facts: Mapping[str, ibis.Table], engine: ExpressionEngine) -> dict[str, pa.Table]:
    """Return the tables of `SCHEMAS`: all forces combined by month, and each force over the whole period."""
    rows = engine.run(_count_fields(facts["described"])).to_pylist()
    first = next(iter(FIELDS.values()))
    first_field_rows = [row for row in rows if row["field"] == first]
    people = [key | {"people": n, "hidden": ""} for key, n in _sum_by_place(first_field_rows, "role")]
    state_rows = [key | {"people": n, "hidden": ""} for key, n in _sum_by_place(rows, "role", "field", "state")]
    return {
        "people_described": pa.Table.from_pylist(people, schema=PEOPLE),
        "fields_recorded": pa.Table.from_pylist(state_rows, schema=FORM),
    }


def _count_fields(described: ibis.Table) -> ibis.Table:
    counted_crimes = described.in_base & ~described.cancelled.fill_null(False) & ~described.transferred.fill_null(False)
    identified = (described.role == "victim") | ~described.known_as.isin(("nothing_known", "described")).fill_null(
        False
    )
    rows = described.filter((counted_crimes & identified).fill_null(False))
    return union_all([_field_states(rows, field, name) for field, name in FIELDS.items()])


def _field_states(rows: ibis.Table, field: str, name: str) -> ibis.Table:
    import ibis

    recorded, reason = rows[f"{field}_recorded"], rows[f"{field}_reason"]
    state = ibis.cases(
        (recorded.isnull(), NOT_KNOWN),
        (recorded, RECORDED),
        *((reason == code, words) for code, words in REASONS.items()),
        else_=NO_REASON,
    )
    states = rows.select("role", "force_code", field=ibis.literal(name), state=state, month=rows.recorded_month)
    return states.group_by("role", "field", "state", "force_code", "month").aggregate(people=states.count())


def _sum_by_place(rows: list[Row], *names: str) -> Iterator[tuple[Row, int]]:
    """Sum counts: all forces combined by month and in total; each force in total."""
    found: dict[tuple[str, ...], int] = {}
    for row in rows:
        values = tuple(row[name] for name in names)
        for place_and_month in ((EVERYWHERE, row["month"]), (EVERYWHERE, ALL_MONTHS), (row["force_code"], ALL_MONTHS)):
            key = (*values, *place_and_month)
            found[key] = found.get(key, 0) + row["people"]
    for key, people in sorted(found.items()):
        yield dict(zip((*names, "place_code", "month"), key, strict=True)), people
