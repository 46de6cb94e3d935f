"""Which published figures does the project carry, so that a stranger can run it on real ones at once?

Small tables in `carried/`, made by `extraction.extract` from files that our own readers read: recorded crime
by quarter, outcomes of two years, children in need. Only the child sexual offence codes are carried, and
`all-sexual`, the sum of the whole group of sexual offences. A blank is a figure that was not published, never
a zero; zeros are written out.
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
from assay.ingest.official_statistics.newest_edition import YEAR
from assay.ingest.official_statistics.statistics_intake import TABLES, FileRead, Received, empty

ALL_SEXUAL = "all-sexual"
SEXUAL = "Sexual offences"
NOT_PUBLISHED = "a figure that was not published"
SOURCES = "sources.csv"
INFERRED = "code recovered by inference"


def carried() -> Received:
    """The carried figures in the tables that `read` gives.

    Outcomes are of whole years (`quarter` is missing, and so is `in_quarter`); children in need are England
    and force areas (`level` 'national' or 'force'). Raises DefinitionError when a carried file is not what
    `extract` wrote.
    """
    return _carried()


@lru_cache
def _carried() -> Received:
    folder = files(__package__) / "carried"
    sources = _rows(folder, SOURCES)
    read = {
        "recorded": _recorded(folder),
        "outcomes": _outcomes(folder),
        "children_in_need": _children(folder),
    }
    tables = {kind: _labelled(rows, sources, kind) for kind, rows in read.items()}
    receipts = tuple(_receipt(folder, one, tables) for one in sources)
    return Received(receipts, (), {**tables, "flagged": empty("flagged"), "population": empty("population")})


def _rows(folder: Traversable, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / name).read_text("utf-8").splitlines()))


def _number(text: str) -> int | None:
    return int(text) if text else None


def _recorded(folder: Traversable) -> list[dict[str, object]]:
    return [
        {
            "financial_year": row["financial_year"], "quarter": quarter, "force_code": row["place_code"],
            "offence_code": row["offence_code"], **_named(row["offence_code"]),
            "offences": _number(row[f"q{quarter}"]),
        }
        for row in _rows(folder, "recorded.csv")
        for quarter in (1, 2, 3, 4)
    ]  # fmt: skip


def _named(code: str) -> dict[str, str]:
    if code == ALL_SEXUAL:
        return {"offence_name": "All sexual offences", "offence_group": SEXUAL}
    offence = reference.offences().get(code)
    return {"offence_name": offence.name, "offence_group": offence.group}


def _outcomes(folder: Traversable) -> list[dict[str, object]]:
    keys = ("place_code", "offence_code", "financial_year")
    return [
        {
            "financial_year": row["financial_year"], "quarter": None, "force_code": row["place_code"],
            "offence_code": row["offence_code"], "outcome_code": code, "of_recorded": _number(row[code]),
            "in_quarter": None,
        }
        for row in _rows(folder, "outcomes.csv")
        for code in row
        if code not in keys
    ]  # fmt: skip


def _children(folder: Traversable) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for row in _rows(folder, "children_in_need.csv"):
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


def _labelled(rows: list[dict[str, object]], sources: list[dict[str, str]], kind: str) -> pa.Table:
    """The rows with the source and edition of their year; rows whose figure was not published are left
    out."""
    about = {year: one for one in sources if one["table"] == kind for year in _years(one["period"])}
    count = {"recorded": "offences", "outcomes": "of_recorded"}.get(kind)
    labelled = []
    for row in rows:
        if count and row[count] is None:
            continue
        one = about.get(str(row[YEAR[kind]]))
        if one is None:
            raise DefinitionError(f"carried/{kind}.csv has a year that {SOURCES} does not name. Run `extract` again.")
        inferred = one["mark"] == INFERRED
        labelled.append({**row, "source": _title(one), "edition": one["edition"], "code_inferred": inferred})
    return pa.Table.from_pylist(labelled, schema=TABLES[kind])


def _title(source: dict[str, str]) -> str:
    return f"{source['publisher']}, {source['title']}"


def _years(period: str) -> list[str]:
    """Every year of '2012/13 to 2025/26' or '2018 to 2025', as the tables write them."""
    first, _, last = period.partition(" to ")
    starts = range(int(first[:4]), int((last or first)[:4]) + 1)
    return [f"{year}/{(year + 1) % 100:02d}" if "/" in first else str(year) for year in starts]


def _receipt(folder: Traversable, source: dict[str, str], tables: dict[str, pa.Table]) -> FileRead:
    """What was read of one source: its cells in the carried file, and those that are blank."""
    kind, years = source["table"], set(_years(source["period"]))
    data = (folder / f"{kind}.csv").read_bytes()
    rows = [row for row in _rows(folder, f"{kind}.csv") if row[YEAR[kind]] in years]
    keys = {"place_code", "offence_code", "financial_year"}
    cells = [[row[name] for name in row if name not in keys] for row in rows] if kind != "children_in_need" else rows
    taken = sum(len(row) for row in cells) if kind != "children_in_need" else len(rows)
    table = tables[kind]
    passed = sum(1 for year in table[YEAR[kind]].to_pylist() if str(year) in years)
    aside = {NOT_PUBLISHED: taken - passed} if taken != passed else {}
    note = f"carried with the project; {source['mark']}".removesuffix("; ")
    return FileRead(
        _title(source), hashlib.sha256(data).hexdigest(), len(data), "text", kind, source["edition"], (),
        taken, passed, aside, note,
    )  # fmt: skip
