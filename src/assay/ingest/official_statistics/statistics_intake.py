"""Tables of the official statistics, with counts of rows read, passed on and set aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from assay.errors import EvidenceError
from assay.ingest.official_statistics.local_tables import LOCAL_TABLES
from assay.ingest.official_statistics.statistics_revisions import Revision
from assay.ingest.validation_errors import ValidationError

TABLES: dict[str, pa.Schema] = {
    "recorded": pa.schema(
        [
            ("edition", pa.string()),
            ("source", pa.string()),
            ("financial_year", pa.string()),
            ("quarter", pa.int32()),
            ("force_code", pa.string()),
            ("offence_code", pa.string()),
            ("offence_name", pa.string()),
            ("offence_group", pa.string()),
            ("offences", pa.int64()),
        ]
    ),
    "outcomes": pa.schema(
        [
            ("edition", pa.string()),
            ("source", pa.string()),
            ("financial_year", pa.string()),
            ("quarter", pa.int32()),
            ("force_code", pa.string()),
            ("offence_code", pa.string()),
            ("outcome_code", pa.string()),
            ("of_recorded", pa.int64()),
            ("in_quarter", pa.int64()),
            ("code_inferred", pa.bool_()),
        ]
    ),
    "children_in_need": pa.schema(
        [
            ("source", pa.string()),
            ("year", pa.int32()),
            ("area_code", pa.string()),
            ("area_name", pa.string()),
            ("level", pa.string()),
            ("factor", pa.string()),
            ("episodes", pa.int64()),
            ("marker", pa.string()),
            ("areas", pa.int32()),
            ("areas_known", pa.int32()),
            ("episodes_known", pa.int64()),
        ]
    ),
    "population": pa.schema(
        [
            ("source", pa.string()),
            ("mid_year", pa.int32()),
            ("area_code", pa.string()),
            ("level", pa.string()),
            ("population", pa.int64()),
        ]
    ),
    **LOCAL_TABLES,
}


@dataclass(frozen=True)
class StatisticsFile:
    """One file that was read, with its row counts.

    `row_count` counts rows of its tables (for children in need: cells of the requested factors).

    Raises
    ------
    EvidenceError
        If `row_count` is not the sum of rows passed on and set aside: a row was lost.
    """

    name: str
    sha256: str
    bytes: int
    container: str
    return_kind: str
    edition: str
    sheets: tuple[str, ...]
    row_count: int
    passed_on: int
    set_aside: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    edition_note: str = ""
    """What the register of official files says of this file: recognised, older or newer; '' if it holds none such."""
    header_note: str = ""
    """Which headers are known from the publisher's guidance alone; '' if files with all of them were read."""

    def __post_init__(self) -> None:
        set_aside_count = sum(self.set_aside.values())
        if self.row_count != self.passed_on + set_aside_count:
            raise EvidenceError(
                f"{self.name}: {self.row_count} rows came in, {self.passed_on} were passed on and {set_aside_count} "
                "set aside. These must add up. Nothing was kept; please report this with the file's name and edition."
            )


@dataclass(frozen=True)
class ReceivedStatistics:
    """All files read, all validation errors, the tables of every return, and the revisions by newer editions."""

    files: tuple[StatisticsFile, ...]
    errors: tuple[ValidationError, ...]
    tables: dict[str, pa.Table]
    revisions: tuple[Revision, ...] = ()


def empty_table(kind: str) -> pa.Table:
    """Return the empty table of a statistic for which there is no file."""
    return TABLES[kind].empty_table()


def validation_error_table(errors: Iterable[ValidationError]) -> pa.Table:
    """Return the validation errors as a table; equal errors at one place are one row, counted in `times`."""
    times: dict[tuple[str, str, int | None, str, str, str], int] = {}
    for error in errors:
        key = (error.source, error.table, error.line or None, error.column, error.rule, error.correction)
        times[key] = times.get(key, 0) + error.times
    names = ("source", "sheet", "row", "column", "rule", "what_to_do")
    columns = {name: [key[i] for key in times] for i, name in enumerate(names)}
    schema = pa.schema(
        [(name, pa.int64() if name == "row" else pa.string()) for name in names] + [("times", pa.int64())]
    )
    return pa.table({**columns, "times": list(times.values())}, schema=schema)
