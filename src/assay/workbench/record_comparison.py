"""What do the records of two knots say of who they are about, side by side, and how do they differ, in words?

Read for the purpose of linkage, when a page is opened, from where identities are kept; nothing of it is kept here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from assay.contract.separated_columns import IDENTITIES
from assay.ingest.accepted_returns import holding, part_of
from assay.ingest.inspection_folder import Inspection, open_inspection
from assay.ingest.table_permission import Permission
from assay.linkage.probabilistic_linkage import level_of

COMPARED = {
    "names": ("names", "second forename"), "date_of_birth": ("date of birth",), "sex": ("sex",),
    "postcode": ("postcode",), "phone": ("telephone",), "number": ("force's number",), "record": (),
}  # fmt: skip
"""What stands in a row of the page, and which comparisons of linkage speak of it."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Beside:
    """One row: what it is, what either side says, each value once, and how they differ."""

    key: str
    one: tuple[str, ...]
    other: tuple[str, ...]
    says: str


def side_by_side(folder: Path, knot: str, other: str) -> list[Beside]:
    """The rows of a pair; empty where linkage no longer finds it likely. PurposeRefused where identities may not be
    read today."""
    pairs = _rows(folder / "persons" / "pairs.parquet", "knot", [knot])
    pair = next((row for row in pairs if row["other_knot"] == other), None)
    if pair is None:
        return []
    inspection = open_inspection(folder)
    one, two = (_told(inspection, name) for name in (knot, other))
    return [
        Beside(key, one[key], two[key], "; ".join(str(pair[level_of(of)]) for of in compared if pair.get(level_of(of))))
        for key, compared in COMPARED.items()
    ]


def _told(inspection: Inspection, knot: str) -> dict[str, tuple[str, ...]]:
    """Every value that the records of a knot hold, each once, in order."""
    found: dict[str, dict[str, None]] = {key: {} for key in COMPARED}
    for entry in _rows(inspection.folder / "persons" / "tied.parquet", "knot", [knot]):
        for row in _of_entry(inspection, entry):
            names = " ".join(filter(None, (row.get("forenames"), row.get("surname"))))
            record = f"{entry['force_code']} {entry['ref']}"
            record = _("%(ref)s, on a partner's list") % {"ref": record} if entry["on_list"] else record
            number = f"{entry['force_code']} {row['person_ref']}" if row.get("person_ref") else ""
            said = {**row, "names": names, "number": number, "record": record}
            for key, values in found.items():
                if (value := said.get(key)) not in (None, ""):
                    values[f"{value.day} {value:%B %Y}" if isinstance(value, date) else str(value)] = None
    return {key: tuple(values) for key, values in found.items()}


def _of_entry(inspection: Inspection, entry: Row) -> Iterable[dict[str, Any]]:
    """One row for an entry, with its identity and its sex; one more for each other name."""
    table, key = ("agencies", "entry_ref") if entry["on_list"] else ("involvements", "involvement_ref")
    for held in (one for one in holding(inspection) if one.body == entry["force_code"]):
        apart = inspection.folder / part_of(IDENTITIES, held.stage)
        paths = [apart / f"{table}.parquet", *([] if entry["on_list"] else [apart / "aliases.parquet"])]
        Permission(inspection, date.today()).ask(IDENTITIES, "linkage", paths, "the review of pairs")
        told = _rows(inspection.folder / held.stage / f"{table}.parquet", key, [entry["ref"]])
        known = [row for path in paths for row in _rows(path, key, [entry["ref"]])]
        more = {name: told[0].get(name) for name in ("sex", "person_ref")} if told else {}
        yield from ({**more, **row} for row in known)


def _rows(path: Path, column: str, values: list[str]) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    found: list[dict[str, Any]] = pq.read_table(path, filters=[(column, "in", values)]).to_pylist()
    return found
