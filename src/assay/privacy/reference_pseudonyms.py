"""Which references of a return become codes, so that it says as much and names nothing that a system can look up?

Every reference and number of a person becomes the code of its body, its kind and itself. Crime numbers are coded with
the key that all senders of a request share, so that a crime that moved from one force to another can still be tied,
and a case file asked for; everything else with the sender's own share as well, where it added one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from assay import contract
from assay.privacy import Coder

CRIMES, PERSONS = "crimes", "persons"
NAMED = {
    "crime_ref": CRIMES, "person_ref": PERSONS, "missing_ref": "missing", "author_key": "authors",
    "marker_code": "markers",
}  # fmt: skip
OURS = "names of ours"
NAMES_OF_OURS = frozenset(
    {("claims", "about_key"), ("marks", "question_set"), ("marks", "question_set_version"), ("marks", "question")}
)
"""References that should name something of ours: an indicator, a recommendation, a question, a set of questions. What
is such a name stays; anything else becomes a code, the same for every sender."""
A_NUMBER = re.compile(r"[A-Za-z]{0,3}[-_.]?[0-9]{1,4}[a-z]?")
"""What the number of an item or a question looks like, and no name, date or telephone number does."""
ITEMS = ("assessment_items", "item_code")
OF_SUBJECTS = {
    "crime": CRIMES, "child": PERSONS, "suspect": PERSONS, "group": "groups", "report": "reports", "note": "notes",
}  # fmt: skip


@dataclass(frozen=True)
class Coders:
    """The two keys of one body's codes: `common` for crime numbers, `own` for everything else."""

    body: str
    common: Coder
    own: Coder

    def of(self, kind: str) -> Coder:
        """Which of the two codes a reference of this kind."""
        return self.common if kind == CRIMES else self.own


def kind_of(table: contract.Table, column: contract.Column) -> str:
    """What a column refers to, or '' if it is no reference that is coded."""
    if column.kind != "ref" or (table.name, column.name) in NAMES_OF_OURS:
        return ""
    if column.refers or column.name in NAMED:
        return column.refers or NAMED[column.name]
    return table.name


def with_codes(name: str, rows: pa.Table, coders: Coders, known: Collection[str] = ()) -> pa.Table:
    """A table of a return with codes in the place of references. `known`: the names of ours that may stay."""
    table = contract.table(name)
    for column in table.columns:
        kind = kind_of(table, column)
        if kind and column.name in rows.column_names:
            if column.name == "other_force_crime_ref":
                codes = _of_other_forces(rows, coders)
            elif column.name == "subject_ref":
                codes = _of_subjects(rows, coders)
            else:
                codes = coders.of(kind).column(coders.body, kind, rows[column.name])
            rows = _with(rows, column.name, codes)
        elif (name, column.name) in {*NAMES_OF_OURS, ITEMS} and column.name in rows.column_names:
            rows = _with(rows, column.name, _numbers_or_codes(rows[column.name], coders, known))
    return rows


def _numbers_or_codes(values: pa.ChunkedArray, coders: Coders, known: Collection[str]) -> pa.Array:
    """Names of ours and plain numbers as they stand; anything else, which may be anything, as a code."""
    stay = {one for one in values.unique().to_pylist() if one and (one in known or A_NUMBER.fullmatch(one))}
    told = [one if one is None or one in stay else coders.common.code("", OURS, one) for one in values.to_pylist()]
    return pa.array(told, pa.string())


def incomplete_with_codes(rows: pa.Table, coders: Coders) -> pa.Table:
    """The table `incomplete`, whose record_ref is the key of a row of another table."""
    for name in ("crime_ref", "person_ref", "missing_ref"):
        rows = _with(rows, name, coders.of(NAMED[name]).column(coders.body, NAMED[name], rows[name]))
    told = zip(rows["table_name"].to_pylist(), rows["record_ref"].to_pylist(), strict=True)
    codes = [None if reference is None else _key_of(table, reference, coders) for table, reference in told]
    return _with(rows, "record_ref", pa.array(codes, pa.string()))


def scan_with_codes(rows: pa.Table, coders: Coders) -> pa.Table:
    """A table of what was found in summaries, with codes for their crimes."""
    return _with(rows, "crime_ref", coders.of(CRIMES).column(coders.body, CRIMES, rows["crime_ref"]))


def _key_of(table: str, reference: str, coders: Coders) -> str:
    key = contract.table(table)
    kind = kind_of(key, key.column(key.key[0]))
    return coders.of(kind).code(coders.body, kind, reference) if kind else reference


def _of_other_forces(rows: pa.Table, coders: Coders) -> pa.Array:
    """The other force's number, coded as that force codes it."""
    owners = pc.coalesce(rows["transferred_to_force"], rows["received_from_force"], pa.scalar("", pa.string()))
    told = zip(owners.to_pylist(), rows["other_force_crime_ref"].to_pylist(), strict=True)
    return pa.array([one and coders.common.code(owner, CRIMES, one) for owner, one in told], pa.string())


def _of_subjects(rows: pa.Table, coders: Coders) -> pa.Array:
    told = zip(rows["subject_kind"].to_pylist(), rows["subject_ref"].to_pylist(), strict=True)
    kinds = ((OF_SUBJECTS.get(subject, "subjects"), one) for subject, one in told)
    return pa.array([one and coders.of(kind).code(coders.body, kind, one) for kind, one in kinds], pa.string())


def _with(rows: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), rows.schema.field(name), values)
