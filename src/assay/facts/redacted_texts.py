"""What do the texts of one return say, without who the people of their cases are?

Every text is searched for everybody of its case, as the same return knows them: names, other names, telephones,
addresses, references and days of birth. A text of which something would be left is not handed out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import count
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.contract.separated_columns import IDENTITIES, TEXT_COLUMNS, TEXTS
from assay.errors import DisclosureError
from assay.ingest.accepted_returns import Held, part_of
from assay.ingest.inspection_folder import Inspection
from assay.ingest.table_permission import Permission
from assay.linkage.nicknames import openings, stands_for
from assay.text.redaction import Known, Person, leaks, redact

REFS = {"notes": "note_ref", "summaries": "crime_ref", "assessments": "assessment_ref"}
"""By table that has texts: the column that names a row."""
TIES = ("crime_ref", "report_ref", "missing_ref", "person_ref")
AROUND = {"missing_ref": ("missing", "person_ref"), "report_ref": ("report_crimes", "crime_ref")}
"""What a row is tied to by way of another table: of a missing episode its child, of a report its crimes."""
Row = Mapping[str, Any]


class Texts:
    """The texts of the return that a body sent, as far as they may be read today; PurposeRefused where they may not."""

    def __init__(self, inspection: Inspection, held: Held, today: date, *, table: str = "", why: str) -> None:
        self._folder, self._held = inspection.folder, held
        texts = [self._folder / part_of(TEXTS, held.stage) / f"{name}.parquet" for name in ([table] if table else REFS)]
        people = sorted((self._folder / part_of(IDENTITIES, held.stage)).glob("*.parquet"))
        self.people_held = any(path.stem == "involvements" for path in people)
        permission = Permission(inspection, today)
        permission.ask(TEXTS, "samples", texts, why)
        if people:
            permission.ask(IDENTITIES, "linkage", people, why)

        @cache
        def read(stage: str, name: str) -> pa.Table | None:
            path = self._folder / stage / f"{name}.parquet"
            return pq.read_table(path) if path.is_file() else None

        self._read = read

    def row(self, table: str, reference: str) -> Row | None:
        """A row of a table that has texts, without its text."""
        return next(iter(self._rows(self._held.stage, table, REFS[table], [reference])), None)

    def as_sent(self, table: str, reference: str) -> str | None:
        """A text as it was sent, with its names; None where there is none."""
        rows = self._rows(part_of(TEXTS, self._held.stage), table, REFS[table], [reference])
        text = rows[0][TEXT_COLUMNS[table][0]] if rows else None
        return None if text is None else str(text)

    def without_names(self, table: str, row: Row) -> str | None:
        """The text of a row without who the people of its case are; None where there is none. DisclosureError where
        something of them would be left in it, or nobody can know."""
        text = self.as_sent(table, row[REFS[table]])
        if text is None:
            return None
        if not self.people_held:
            raise DisclosureError("The text is not shown: who its people are is not held, so no name can be taken out.")
        known = self._known(row)
        left = redact(text, known).text
        if still := leaks(left, known):
            kinds = ", ".join(sorted(still))
            raise DisclosureError(
                f"The text is not shown: after redaction it still seems to hold {kinds}. Tell the maintainers."
            )
        return left

    def _known(self, row: Row) -> Known:
        """Everybody of a row's case, as the return knows them."""
        ties = {tie: {row[tie]} for tie in TIES if row.get(tie)}
        for tie, (table, to) in AROUND.items():
            further = self._rows(self._held.stage, table, tie, sorted(ties.get(tie, ())))
            ties.setdefault(to, set()).update(one[to] for one in further if one[to])
        involved = {
            one["involvement_ref"]: one
            for tie, values in ties.items()
            for one in self._rows(self._held.stage, "involvements", tie, sorted(values))
        }
        persons = sorted({one["person_ref"] for one in involved.values() if one.get("person_ref")})
        same = self._rows(self._held.stage, "involvements", "person_ref", persons)
        involved |= {one["involvement_ref"]: one for one in same}
        told = self._identities("involvements", list(involved))
        aliases = self._identities("aliases", list(involved))
        return Known(_people(involved, told, aliases), _short_forms(told + aliases))

    def _identities(self, table: str, references: Sequence[str]) -> list[dict[str, Any]]:
        return self._rows(part_of(IDENTITIES, self._held.stage), table, "involvement_ref", references)

    def _rows(self, stage: str, table: str, column: str, values: Sequence[str]) -> list[dict[str, Any]]:
        rows = self._read(stage, table) if values else None
        if rows is None or column not in rows.column_names:
            return []
        asked = pa.array(values, rows[column].type)
        found: list[dict[str, Any]] = rows.filter(pc.is_in(rows[column], value_set=asked)).to_pylist()
        return found


def _people(involved: dict[str, Any], told: list[dict[str, Any]], aliases: list[dict[str, Any]]) -> Iterator[Person]:
    """One person for each nominal number, and for each involvement without one."""
    grouped: dict[str, list[str]] = {}
    for reference, row in sorted(involved.items()):
        grouped.setdefault(row.get("person_ref") or f"- {reference}", []).append(reference)
    numbers: dict[str, count[int]] = {}
    for person, references in grouped.items():
        rows = [row for row in told if row["involvement_ref"] in references]
        named = rows + [row for row in aliases if row["involvement_ref"] in references]
        role = next((involved[one]["role"] for one in references if involved[one]["role"] != "nominal"), "person")
        yield Person(
            role=role,
            number=next(numbers.setdefault(role, count(1))),
            names=tuple(name for row in named if (name := f"{row['forenames'] or ''} {row['surname'] or ''}".strip())),
            phones=tuple(row["phone"] for row in rows if row["phone"]),
            addresses=tuple(row["postcode"] for row in rows if row["postcode"]),
            numbers=(*references, *((person,) if not person.startswith("- ") else ())),
            born_on=next((row["date_of_birth"] for row in rows if isinstance(row["date_of_birth"], date)), None),
        )


def _short_forms(rows: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """The short forms of the forenames in these rows."""
    names = {name.lower() for row in rows for name in (row["forenames"] or "").split()}
    short = {name: [one for one, of in stands_for().items() if name in of] for name in names}
    begun = {name: [f"{opening}{end}" for opening in openings(name) for end in ("ie", "y")] for name in names}
    return {name: [*short[name], *begun[name]] for name in names}
