"""Read the published figures that are bundled with the project.

The small tables in `carried/` (recorded crime by quarter, outcomes of two years, children in need, and tables about an
area) are written by `bundled_extraction.extract_bundle`. Those of crime hold only the child sexual offence codes, and
`all-sexual`, the sum of the whole group of sexual offences. A blank is a figure that was not published, never a zero;
zeros are written out.
"""

from __future__ import annotations

import csv
import hashlib
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import pyarrow as pa

from assay import reference
from assay.errors import DefinitionError
from assay.ingest.official_statistics.bundled_local_tables import read_local_table
from assay.ingest.official_statistics.local_tables import LOCAL_TABLES
from assay.ingest.official_statistics.newest_edition import YEAR_COLUMN
from assay.ingest.official_statistics.statistics_intake import TABLES, ReceivedStatistics, StatisticsFile, empty_table

ALL_SEXUAL = "all-sexual"
SEXUAL_OFFENCES = "Sexual offences"
NOT_PUBLISHED = "a figure that was not published"
SOURCES_FILE = "sources.csv"
INFERRED_MARK = (
    "offence codes recovered by inference; the copy had lost them, and each was matched to the one offence with the "
    "same counts in every force and quarter"
)


def read_bundle() -> ReceivedStatistics:
    """Return the bundled figures in the same tables as `read_statistics`.

    Outcomes are of whole years (`quarter` is missing, and so is `in_quarter`); children in need are of England and
    force areas (`level` 'national' or 'force').

    Raises
    ------
    DefinitionError
        If a bundled file is not what `extract_bundle` wrote.
    """
    return _read_bundle()


@lru_cache
def _read_bundle() -> ReceivedStatistics:
    folder = files(__package__) / "carried"
    sources = _csv_rows(folder, SOURCES_FILE)
    rows_by_kind = {
        "recorded": _recorded_rows(folder),
        "outcomes": _outcome_rows(folder),
        "children_in_need": _children_rows(folder),
    }
    tables = {kind: _label_rows(rows, sources, kind) for kind, rows in rows_by_kind.items()}
    receipts = [_source_file(folder, source, tables) for source in sources if source["table"] in tables]
    for source in sources:
        if source["table"] in LOCAL_TABLES:
            tables[source["table"]], receipt = read_local_table(folder, source, source_title(source))
            receipts.append(receipt)
    return ReceivedStatistics(
        tuple(receipts), (), {kind: tables[kind] if kind in tables else empty_table(kind) for kind in TABLES}
    )


def _csv_rows(folder: Traversable, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / name).read_text("utf-8").splitlines()))


def _number(text: str) -> int | None:
    return int(text) if text else None


def _recorded_rows(folder: Traversable) -> list[dict[str, object]]:
    return [
        {
            "financial_year": row["financial_year"], "quarter": quarter, "force_code": row["place_code"],
            "offence_code": row["offence_code"], **_offence_columns(row["offence_code"]),
            "offences": _number(row[f"q{quarter}"]),
        }
        for row in _csv_rows(folder, "recorded.csv")
        for quarter in (1, 2, 3, 4)
    ]  # fmt: skip


def _offence_columns(code: str) -> dict[str, str]:
    if code == ALL_SEXUAL:
        return {"offence_name": "All sexual offences", "offence_group": SEXUAL_OFFENCES}
    offence = reference.offences().get(code)
    return {"offence_name": offence.name, "offence_group": offence.group}


def _outcome_rows(folder: Traversable) -> list[dict[str, object]]:
    keys = ("place_code", "offence_code", "financial_year")
    return [
        {
            "financial_year": row["financial_year"], "quarter": None, "force_code": row["place_code"],
            "offence_code": row["offence_code"], "outcome_code": code, "of_recorded": _number(row[code]),
            "in_quarter": None,
        }
        for row in _csv_rows(folder, "outcomes.csv")
        for code in row
        if code not in keys
    ]  # fmt: skip


def _children_rows(folder: Traversable) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for row in _csv_rows(folder, "children_in_need.csv"):
        numbers = {name: _number(row[name]) for name in ("episodes", "areas", "areas_known", "episodes_known")}
        national = row["area_code"] == "E"
        name = "England" if national else reference.forces().get(row["area_code"]).name
        rows.append(
            {
                **row,
                **numbers,
                "year": int(row["year"]),
                "area_name": name,
                "level": "national" if national else "force",
            }
        )
    return rows


def _label_rows(rows: list[dict[str, object]], sources: list[dict[str, str]], kind: str) -> pa.Table:
    """Return the rows with source and edition of their year, without rows whose figure was not published."""
    source_by_year = {
        year: source for source in sources if source["table"] == kind for year in _years(source["period"])
    }
    count = {"recorded": "offences", "outcomes": "of_recorded"}.get(kind)
    labelled = []
    for row in rows:
        if count and row[count] is None:
            continue
        source = source_by_year.get(str(row[YEAR_COLUMN[kind]]))
        if source is None:
            raise DefinitionError(
                f"carried/{kind}.csv has a year that {SOURCES_FILE} does not name. Run `extract` again."
            )
        is_inferred = source["mark"] == INFERRED_MARK
        labelled.append(
            {**row, "source": source_title(source), "edition": source["edition"], "code_inferred": is_inferred}
        )
    return pa.Table.from_pylist(labelled, schema=TABLES[kind])


def source_title(source: dict[str, str]) -> str:
    """Return the publisher and title of a source, in the form in which reports name its file."""
    return f"{source['publisher']}, {source['title']}"


def _years(period: str) -> list[str]:
    """Return every year of '2012/13 to 2025/26' or '2018 to 2025', as the tables write them."""
    first, _, last = period.partition(" to ")
    starts = range(int(first[:4]), int((last or first)[:4]) + 1)
    return [f"{year}/{(year + 1) % 100:02d}" if "/" in first else str(year) for year in starts]


def _source_file(folder: Traversable, source: dict[str, str], tables: dict[str, pa.Table]) -> StatisticsFile:
    """Return what was read of one source: its cells in the bundled file, and the blank ones."""
    kind, years = source["table"], set(_years(source["period"]))
    data = (folder / f"{kind}.csv").read_bytes()
    rows = [row for row in _csv_rows(folder, f"{kind}.csv") if row[YEAR_COLUMN[kind]] in years]
    keys = {"place_code", "offence_code", "financial_year"}
    cells = [[row[name] for name in row if name not in keys] for row in rows] if kind != "children_in_need" else rows
    row_count = sum(len(row) for row in cells) if kind != "children_in_need" else len(rows)
    table = tables[kind]
    passed_count = sum(1 for year in table[YEAR_COLUMN[kind]].to_pylist() if str(year) in years)
    set_aside = {NOT_PUBLISHED: row_count - passed_count} if row_count != passed_count else {}
    note = f"carried with the project; {source['mark']}".removesuffix("; ")
    return StatisticsFile(
        source_title(source), hashlib.sha256(data).hexdigest(), len(data), "text", kind, source["edition"], (),
        row_count, passed_count, set_aside, note,
    )  # fmt: skip
