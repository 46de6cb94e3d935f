"""Texts of one return, with the identities of the persons in the case redacted.

Every text is searched for all persons of its case by the identifiers in the same return: names, other names,
telephones, addresses, references and dates of birth. A text that would still hold one is not returned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import count
from typing import Any, TypedDict, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.contract.separated_columns import IDENTITIES, TEXT_COLUMNS, TEXTS
from assay.errors import DisclosureError
from assay.ingest.accepted_returns import AcceptedReturn, part_stage
from assay.ingest.inspection_folder import Inspection
from assay.ingest.table_permission import ReadPermission
from assay.linkage.nicknames import full_forms, name_prefixes
from assay.text.redaction import KnownPeople, Person, leaks, redact

REFERENCE_COLUMNS = {"notes": "note_ref", "summaries": "crime_ref", "assessments": "assessment_ref"}
"""The key column of each table with texts."""
CASE_COLUMNS = ("crime_ref", "report_ref", "missing_ref", "person_ref")
INDIRECT_CASE_COLUMNS = {"missing_ref": ("missing", "person_ref"), "report_ref": ("report_crimes", "crime_ref")}
"""Columns that link a row to its case through another table: a missing episode by its child, a report by its crimes."""


class TextRow(TypedDict, total=False):
    """A row of a table that has texts, without its text: the columns of its case, and what kind of text it is."""

    note_ref: str
    crime_ref: str | None
    assessment_ref: str
    report_ref: str | None
    missing_ref: str | None
    person_ref: str | None
    author_role: str | None
    entry_type: str | None
    form: str | None


class RedactedTexts:
    """The texts of one accepted return; raises PurposeRefused if they may not be read today."""

    def __init__(
        self, inspection: Inspection, accepted_return: AcceptedReturn, today: date, *, table: str = "", reason: str
    ) -> None:
        self._folder, self._accepted_return = inspection.folder, accepted_return
        texts = [
            self._folder / part_stage(TEXTS, accepted_return.stage) / f"{name}.parquet"
            for name in ([table] if table else REFERENCE_COLUMNS)
        ]
        people = sorted((self._folder / part_stage(IDENTITIES, accepted_return.stage)).glob("*.parquet"))
        self.has_identities = any(path.stem == "involvements" for path in people)
        permission = ReadPermission(inspection, today)
        permission.require(TEXTS, "samples", texts, reason)
        if people:
            permission.require(IDENTITIES, "linkage", people, reason)

        @cache
        def read(stage: str, name: str) -> pa.Table | None:
            path = self._folder / stage / f"{name}.parquet"
            return pq.read_table(path) if path.is_file() else None

        self._read_table = read

    def row(self, table: str, reference: str) -> TextRow | None:
        """Return a row of a table that has texts, without its text."""
        rows = self._rows(self._accepted_return.stage, table, REFERENCE_COLUMNS[table], [reference])
        return cast(TextRow, rows[0]) if rows else None

    def original_text(self, table: str, reference: str) -> str | None:
        """Return a text as supplied, with names; None if there is no text."""
        rows = self._rows(part_stage(TEXTS, self._accepted_return.stage), table, REFERENCE_COLUMNS[table], [reference])
        text = rows[0][TEXT_COLUMNS[table][0]] if rows else None
        return None if text is None else str(text)

    def redacted_text(self, table: str, row: TextRow) -> str | None:
        """Return the text of a row with the identities of its case redacted; None if there is no text.

        DisclosureError if an identity would remain in it, or this cannot be checked.
        """
        columns: Mapping[str, Any] = row
        text = self.original_text(table, columns[REFERENCE_COLUMNS[table]])
        if text is None:
            return None
        if not self.has_identities:
            raise DisclosureError("The text is not shown: who its people are is not held, so no name can be taken out.")
        identities = self._case_identities(columns)
        redaction = redact(text, identities).text
        if leaked_kinds := leaks(redaction, identities):
            kinds = ", ".join(sorted(leaked_kinds))
            raise DisclosureError(
                f"The text is not shown: after redaction it still seems to hold {kinds}. Tell the maintainers."
            )
        return redaction

    def _case_identities(self, row: Mapping[str, Any]) -> KnownPeople:
        """Return the identities of all persons in a row's case."""
        case_values = {column: {row[column]} for column in CASE_COLUMNS if row.get(column)}
        for column, (table, target_column) in INDIRECT_CASE_COLUMNS.items():
            related_rows = self._rows(self._accepted_return.stage, table, column, sorted(case_values.get(column, ())))
            case_values.setdefault(target_column, set()).update(
                involvement[target_column] for involvement in related_rows if involvement[target_column]
            )
        involved = {
            involvement["involvement_ref"]: involvement
            for column, values in case_values.items()
            for involvement in self._rows(self._accepted_return.stage, "involvements", column, sorted(values))
        }
        persons = sorted(
            {involvement["person_ref"] for involvement in involved.values() if involvement.get("person_ref")}
        )
        person_involvements = self._rows(self._accepted_return.stage, "involvements", "person_ref", persons)
        involved |= {involvement["involvement_ref"]: involvement for involvement in person_involvements}
        identity_rows = self._identities("involvements", list(involved))
        aliases = self._identities("aliases", list(involved))
        return KnownPeople(_people(involved, identity_rows, aliases), _short_forms(identity_rows + aliases))

    def _identities(self, table: str, references: Sequence[str]) -> list[dict[str, Any]]:
        return self._rows(part_stage(IDENTITIES, self._accepted_return.stage), table, "involvement_ref", references)

    def _rows(self, stage: str, table: str, column: str, values: Sequence[str]) -> list[dict[str, Any]]:
        rows = self._read_table(stage, table) if values else None
        if rows is None or column not in rows.column_names:
            return []
        value_array = pa.array(values, rows[column].type)
        row_list: list[dict[str, Any]] = rows.filter(pc.is_in(rows[column], value_set=value_array)).to_pylist()
        return row_list


def _people(
    involved: dict[str, Any], identity_rows: list[dict[str, Any]], aliases: list[dict[str, Any]]
) -> Iterator[Person]:
    """One person for each nominal number, and for each involvement without one."""
    references_by_person: dict[str, list[str]] = {}
    for reference, row in sorted(involved.items()):
        references_by_person.setdefault(row.get("person_ref") or f"- {reference}", []).append(reference)
    numbers: dict[str, count[int]] = {}
    for person, references in references_by_person.items():
        rows = [row for row in identity_rows if row["involvement_ref"] in references]
        name_rows = rows + [row for row in aliases if row["involvement_ref"] in references]
        role = next(
            (
                involved[involvement_ref]["role"]
                for involvement_ref in references
                if involved[involvement_ref]["role"] != "nominal"
            ),
            "person",
        )
        yield Person(
            role=role,
            number=next(numbers.setdefault(role, count(1))),
            names=tuple(
                name for row in name_rows if (name := f"{row['forenames'] or ''} {row['surname'] or ''}".strip())
            ),
            phones=tuple(row["phone"] for row in rows if row["phone"]),
            addresses=tuple(row["postcode"] for row in rows if row["postcode"]),
            numbers=(*references, *((person,) if not person.startswith("- ") else ())),
            born_on=next((row["date_of_birth"] for row in rows if isinstance(row["date_of_birth"], date)), None),
        )


def _short_forms(rows: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """The short forms of the forenames in these rows."""
    names = {name.lower() for row in rows for name in (row["forenames"] or "").split()}
    listed_forms = {
        name: [short_form for short_form, full_names in full_forms().items() if name in full_names] for name in names
    }
    prefix_forms = {
        name: [f"{opening}{ending}" for opening in name_prefixes(name) for ending in ("ie", "y")] for name in names
    }
    return {name: [*listed_forms[name], *prefix_forms[name]] for name in names}
