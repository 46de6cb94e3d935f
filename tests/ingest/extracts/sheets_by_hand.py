"""Small sheets and the meanings of their columns, written by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from assay.ingest.extracts.extract_model import ExtractTable, Sheet
from assay.ingest.extracts.split_plan import plan_from_candidates
from assay.ingest.extracts.split_tables import split_extract

ROLES = {"VIC": "victim", "Victim": "victim", "SUS": "suspect", "Suspect": "suspect", "Witness": "witness"}
FLAGS = {"CSE": "cse", "CSA": "csa", "CCE": "cce", "Alcohol": ""}
OFFENCES = {"19C": "19C", "Rape": "19C", "20A": "20A"}


@dataclass(frozen=True)
class Guess:
    """A candidate, as the recognition of columns gives it."""

    heading: str
    table: str
    column: str
    role: str = ""
    block: int = 0
    kind: str = ""
    probability: float = 0.99
    reasons: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    form: str = ""


def sheet(text: str, file: str = "extract.csv", name: str = "") -> Sheet:
    """A sheet from lines whose cells stand between bars; an empty cell is null."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    columns = {
        heading: pa.array([row[place] or None for row in rows[1:]], pa.string())
        for place, heading in enumerate(rows[0])
    }
    return Sheet(file, name, pa.table(columns), pa.array(range(2, len(rows) + 1), pa.int64()))


def guess(heading: str, meaning: str, **more) -> Guess:
    """A sure candidate; the meaning is table.column."""
    table, column = meaning.split(".")
    known = {"flag": FLAGS, "offence_code": OFFENCES, "role": ROLES}.get(column, {})
    form = "DD/MM/YYYY" if column.endswith(("_at", "_from", "_on", "_birth")) else ""
    return Guess(heading, table, column, **{"values": known, "form": form, **more})


def guesses(*pairs: str, **more) -> list[Guess]:
    """Sure candidates from 'heading = table.column'."""
    return [guess(*(side.strip() for side in pair.split("=")), **more) for pair in pairs]


def split(*inputs: tuple[Sheet, list[Guess]]) -> dict[str, ExtractTable]:
    """The tables of the return."""
    sheets = [sheet_given for sheet_given, _ in inputs]
    return split_extract(sheets, plan(*inputs))


def plan(*inputs: tuple[Sheet, list[Guess]]):
    """The split plan."""
    return plan_from_candidates(
        [sheet for sheet, _ in inputs], {(sheet.file, sheet.name): candidates for sheet, candidates in inputs}
    )


def column(table: ExtractTable, name: str) -> list:
    """The values of a column in the order of rows."""
    return table.rows[name].to_pylist()


def adds_up(tables: Mapping[str, ExtractTable]) -> bool:
    """Whether every record of every table is accepted, merged or set aside."""
    return all(
        table.records == table.rows.num_rows + table.merged + sum(table.set_aside.values()) for table in tables.values()
    )
