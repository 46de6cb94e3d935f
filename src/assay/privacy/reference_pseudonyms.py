"""Replace the references in the tables of a return by pseudonyms.

Every reference and person number becomes a pseudonym of its force, its kind and itself. Crime numbers use the key that
all senders of a request share, so that a crime transferred between forces can still be linked and a case file
requested; all other references also use the sender's own share, if it added one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from assay import contract
from assay.privacy import Pseudonymiser

CRIME_KIND, PERSON_KIND = "crimes", "persons"
KIND_BY_COLUMN = {
    "crime_ref": CRIME_KIND, "person_ref": PERSON_KIND, "missing_ref": "missing", "author_key": "authors",
    "marker_code": "markers",
}  # fmt: skip
REGISTER_KIND = "names of ours"
REGISTER_COLUMNS = frozenset(
    {("claims", "about_key"), ("marks", "question_set"), ("marks", "question_set_version"), ("marks", "question")}
)
"""Columns that should name an entry of an assay register: an indicator, a recommendation, a question, a set of
questions. Known names are kept; anything else becomes a pseudonym, the same for every sender."""
ITEM_NUMBER = re.compile(r"[A-Za-z]{0,3}[-_.]?[0-9]{1,4}[a-z]?")
"""Pattern of an item or question number, which no name, date or telephone number matches."""
ITEM_COLUMN = ("assessment_items", "item_code")
KIND_BY_SUBJECT = {
    "crime": CRIME_KIND,
    "child": PERSON_KIND,
    "suspect": PERSON_KIND,
    "group": "groups",
    "report": "reports",
    "note": "notes",
}


@dataclass(frozen=True)
class Pseudonymisers:
    """The two pseudonymisers of a force: `shared` for crime numbers, `private` for all other references."""

    force_code: str
    shared: Pseudonymiser
    private: Pseudonymiser

    def for_kind(self, kind: str) -> Pseudonymiser:
        """Return the pseudonymiser for a kind of reference."""
        return self.shared if kind == CRIME_KIND else self.private


def reference_kind(table: contract.Table, column: contract.Column) -> str:
    """Return the kind of reference in a column; '' if it is not pseudonymised."""
    if column.kind != "ref" or (table.name, column.name) in REGISTER_COLUMNS:
        return ""
    if column.refers or column.name in KIND_BY_COLUMN:
        return column.refers or KIND_BY_COLUMN[column.name]
    return table.name


def pseudonymise_table(
    name: str, rows: pa.Table, pseudonymisers: Pseudonymisers, known_names: Collection[str] = ()
) -> pa.Table:
    """Return a table with its references pseudonymised, except the register names in `known_names`."""
    table = contract.table(name)
    for column in table.columns:
        kind = reference_kind(table, column)
        if kind and column.name in rows.column_names:
            if column.name == "other_force_crime_ref":
                codes = _other_force_pseudonyms(rows, pseudonymisers)
            elif column.name == "subject_ref":
                codes = _subject_pseudonyms(rows, pseudonymisers)
            else:
                codes = pseudonymisers.for_kind(kind).pseudonymise_column(
                    pseudonymisers.force_code, kind, rows[column.name]
                )
            rows = _replace_column(rows, column.name, codes)
        elif (name, column.name) in {*REGISTER_COLUMNS, ITEM_COLUMN} and column.name in rows.column_names:
            rows = _replace_column(
                rows, column.name, _pseudonymise_unknown_names(rows[column.name], pseudonymisers, known_names)
            )
    return rows


def _pseudonymise_unknown_names(
    values: pa.ChunkedArray, pseudonymisers: Pseudonymisers, known_names: Collection[str]
) -> pa.Array:
    """Return values with known names and item numbers unchanged and everything else pseudonymised."""
    plain_values = {
        value
        for value in values.unique().to_pylist()
        if value and (value in known_names or ITEM_NUMBER.fullmatch(value))
    }
    replaced = [
        value if value is None or value in plain_values else pseudonymisers.shared.pseudonym("", REGISTER_KIND, value)
        for value in values.to_pylist()
    ]
    return pa.array(replaced, pa.string())


def pseudonymise_incomplete(rows: pa.Table, pseudonymisers: Pseudonymisers) -> pa.Table:
    """Pseudonymise the table `incomplete`, whose record_ref is the key of a row of another table."""
    for name in ("crime_ref", "person_ref", "missing_ref"):
        rows = _replace_column(
            rows,
            name,
            pseudonymisers.for_kind(KIND_BY_COLUMN[name]).pseudonymise_column(
                pseudonymisers.force_code, KIND_BY_COLUMN[name], rows[name]
            ),
        )
    pairs = zip(rows["table_name"].to_pylist(), rows["record_ref"].to_pylist(), strict=True)
    codes = [
        None if reference is None else _record_pseudonym(table, reference, pseudonymisers) for table, reference in pairs
    ]
    return _replace_column(rows, "record_ref", pa.array(codes, pa.string()))


def pseudonymise_scan(rows: pa.Table, pseudonymisers: Pseudonymisers) -> pa.Table:
    """Pseudonymise the crime references of a table of summary scan results."""
    return _replace_column(
        rows,
        "crime_ref",
        pseudonymisers.for_kind(CRIME_KIND).pseudonymise_column(
            pseudonymisers.force_code, CRIME_KIND, rows["crime_ref"]
        ),
    )


def _record_pseudonym(table: str, reference: str, pseudonymisers: Pseudonymisers) -> str:
    spec = contract.table(table)
    kind = reference_kind(spec, spec.column(spec.key[0]))
    return pseudonymisers.for_kind(kind).pseudonym(pseudonymisers.force_code, kind, reference) if kind else reference


def _other_force_pseudonyms(rows: pa.Table, pseudonymisers: Pseudonymisers) -> pa.Array:
    """Return the crime number of the other force with the pseudonym that the other force gives it."""
    owners = pc.coalesce(rows["transferred_to_force"], rows["received_from_force"], pa.scalar("", pa.string()))
    pairs = zip(owners.to_pylist(), rows["other_force_crime_ref"].to_pylist(), strict=True)
    return pa.array(
        [reference and pseudonymisers.shared.pseudonym(owner, CRIME_KIND, reference) for owner, reference in pairs],
        pa.string(),
    )


def _subject_pseudonyms(rows: pa.Table, pseudonymisers: Pseudonymisers) -> pa.Array:
    pairs = zip(rows["subject_kind"].to_pylist(), rows["subject_ref"].to_pylist(), strict=True)
    kinds = ((KIND_BY_SUBJECT.get(subject, "subjects"), reference) for subject, reference in pairs)
    return pa.array(
        [
            reference and pseudonymisers.for_kind(kind).pseudonym(pseudonymisers.force_code, kind, reference)
            for kind, reference in kinds
        ],
        pa.string(),
    )


def _replace_column(rows: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), rows.schema.field(name), values)
