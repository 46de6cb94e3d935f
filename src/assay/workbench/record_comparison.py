"""Compare the records of a possible match field by field, for the review of pairs.

Identities are read for the purpose of linkage when a page is opened, from their separate store; nothing is stored here.
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
from assay.ingest.accepted_returns import current_returns, part_stage
from assay.ingest.inspection_folder import Inspection, open_inspection
from assay.ingest.table_permission import ReadPermission
from assay.linkage.probabilistic_linkage import level_column

COMPARED_FIELDS = {
    "names": ("names", "second forename"), "date_of_birth": ("date of birth",), "sex": ("sex",),
    "postcode": ("postcode",), "phone": ("telephone",), "number": ("force's number",), "record": (),
}  # fmt: skip
"""The rows of the page, each with the linkage comparisons that concern it."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class FieldComparison:
    """One row: the field, the values of both sides, and how they differ."""

    key: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    comparison: str


def compare_clusters(folder: Path, cluster: str, other_cluster: str) -> list[FieldComparison]:
    """Return the rows of a pair; empty if linkage no longer finds it likely."""
    pairs = _read_rows(folder / "persons" / "pairs.parquet", "knot", [cluster])
    pair = next((row for row in pairs if row["other_knot"] == other_cluster), None)
    if pair is None:
        return []
    inspection = open_inspection(folder)
    first_values, second_values = (_cluster_values(inspection, name) for name in (cluster, other_cluster))
    return [
        FieldComparison(
            key,
            first_values[key],
            second_values[key],
            "; ".join(
                str(pair[level_column(level_name)]) for level_name in comparisons if pair.get(level_column(level_name))
            ),
        )
        for key, comparisons in COMPARED_FIELDS.items()
    ]


def _cluster_values(inspection: Inspection, cluster: str) -> dict[str, tuple[str, ...]]:
    """Return every value of the records of a cluster, each once, in order."""
    values_by_field: dict[str, dict[str, None]] = {key: {} for key in COMPARED_FIELDS}
    for entry in _read_rows(inspection.folder / "persons" / "tied.parquet", "knot", [cluster]):
        for row in _entry_identities(inspection, entry):
            names = " ".join(filter(None, (row.get("forenames"), row.get("surname"))))
            record = f"{entry['force_code']} {entry['ref']}"
            record = _("%(ref)s, on a partner's list") % {"ref": record} if entry["on_list"] else record
            number = f"{entry['force_code']} {row['person_ref']}" if row.get("person_ref") else ""
            entry_values = {**row, "names": names, "number": number, "record": record}
            for key, values in values_by_field.items():
                if (value := entry_values.get(key)) not in (None, ""):
                    values[f"{value.day} {value:%B %Y}" if isinstance(value, date) else str(value)] = None
    return {key: tuple(values) for key, values in values_by_field.items()}


def _entry_identities(inspection: Inspection, entry: Row) -> Iterable[dict[str, Any]]:
    """Return one row for an entry, with its identity and sex, and one more for each other name."""
    table, key = ("agencies", "entry_ref") if entry["on_list"] else ("involvements", "involvement_ref")
    for accepted in (
        accepted_return
        for accepted_return in current_returns(inspection)
        if accepted_return.force_code == entry["force_code"]
    ):
        identities_folder = inspection.folder / part_stage(IDENTITIES, accepted.stage)
        paths = [
            identities_folder / f"{table}.parquet",
            *([] if entry["on_list"] else [identities_folder / "aliases.parquet"]),
        ]
        ReadPermission(inspection, date.today()).require(IDENTITIES, "linkage", paths, "the review of pairs")
        record_rows = _read_rows(inspection.folder / accepted.stage / f"{table}.parquet", key, [entry["ref"]])
        identity_rows = [row for path in paths for row in _read_rows(path, key, [entry["ref"]])]
        record_values = {name: record_rows[0].get(name) for name in ("sex", "person_ref")} if record_rows else {}
        yield from ({**record_values, **row} for row in identity_rows)


def _read_rows(path: Path, column: str, values: list[str]) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    found: list[dict[str, Any]] = pq.read_table(path, filters=[(column, "in", values)]).to_pylist()
    return found
