"""What is recorded of victims and suspects, field by field and month by month; and where it is not, what reason stands?

Counted, never filled in. "Not known" is a field that a force did not send, or a value set aside on receipt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.engine.expressions import Expressions
from assay.engine.portable_expressions import stacked
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


def fields_recorded(facts: Mapping[str, ibis.Table], engine: Expressions) -> dict[str, pa.Table]:
    """The tables of `SCHEMAS`: all bodies together by month, each body over the whole period."""
    rows = engine.run(_counted(facts["described"])).to_pylist()
    first = next(iter(FIELDS.values()))
    one_field = [row for row in rows if row["field"] == first]
    people = [key | {"people": n, "hidden": ""} for key, n in _summed(one_field, "role")]
    told = [key | {"people": n, "hidden": ""} for key, n in _summed(rows, "role", "field", "state")]
    return {
        "people_described": pa.Table.from_pylist(people, schema=PEOPLE),
        "fields_recorded": pa.Table.from_pylist(told, schema=FORM),
    }


def _counted(described: ibis.Table) -> ibis.Table:
    ours = described.in_base & ~described.cancelled.fill_null(False) & ~described.transferred.fill_null(False)
    identified = (described.role == "victim") | ~described.known_as.isin(("nothing_known", "described")).fill_null(
        False
    )
    rows = described.filter((ours & identified).fill_null(False))
    return stacked([_of_field(rows, field, name) for field, name in FIELDS.items()])


def _of_field(rows: ibis.Table, field: str, name: str) -> ibis.Table:
    import ibis

    recorded, reason = rows[f"{field}_recorded"], rows[f"{field}_reason"]
    state = ibis.cases(
        (recorded.isnull(), NOT_KNOWN),
        (recorded, RECORDED),
        *((reason == code, words) for code, words in REASONS.items()),
        else_=NO_REASON,
    )
    told = rows.select("role", "force_code", field=ibis.literal(name), state=state, month=rows.recorded_month)
    return told.group_by("role", "field", "state", "force_code", "month").aggregate(people=told.count())


def _summed(rows: list[Row], *names: str) -> Iterator[tuple[Row, int]]:
    """All bodies together: by month and over all; each body: over all."""
    found: dict[tuple[str, ...], int] = {}
    for row in rows:
        own = tuple(row[name] for name in names)
        for where in ((EVERYWHERE, row["month"]), (EVERYWHERE, ALL_MONTHS), (row["force_code"], ALL_MONTHS)):
            key = (*own, *where)
            found[key] = found.get(key, 0) + row["people"]
    for key, people in sorted(found.items()):
        yield dict(zip((*names, "place_code", "month"), key, strict=True)), people
