"""Code lists as tables for joins with the records of a return, and their export with the data dictionary."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

import pyarrow as pa

from assay.errors import DefinitionError
from assay.reference.child_offences import child_offences
from assay.reference.ethnicity_codes import ethnicities
from assay.reference.event_kinds import event_kinds
from assay.reference.organisations import Organisation, organisations_table
from assay.reference.outcome_codes import return_outcomes_table
from assay.reference.reference_data import read_rows
from assay.reference.time_standards import standards


def code_tables(organisations: Iterable[Organisation]) -> dict[str, pa.Table]:
    """Return the lookup tables for facts: standards, offences, outcomes, event_kinds, ethnicities, organisations."""
    return {
        "standards": standards().table(),
        "offences": child_offences().table(),
        "outcomes": return_outcomes_table(),
        "ethnicities": ethnicities().table(),
        "event_kinds": event_kinds().table(),
        "organisations": organisations_table(organisations),
    }


# Export the code lists and the data dictionary.

COLUMNS = ("file", "column", "meaning", "unit", "evidence", "source")


@lru_cache
def _dictionary() -> tuple[tuple[tuple[str, str], ...], ...]:
    return tuple(tuple(row.items()) for row in read_rows("dictionary", COLUMNS))


def data_dictionary() -> list[dict[str, str]]:
    """Return one row for each column of each reference data file: file, column, meaning, unit."""
    return [dict(row) for row in _dictionary()]


def code_lists() -> dict[str, list[dict[str, str]]]:
    """Return each data file by name, as rows of text; DefinitionError for a file without a description."""
    folder = files("assay.reference").joinpath("data")
    names = sorted(file.name.removesuffix(".csv") for file in folder.iterdir() if file.name.endswith(".csv"))
    columns_by_file: dict[str, tuple[str, ...]] = {"dictionary": COLUMNS}
    for row in data_dictionary():
        columns_by_file[row["file"]] = (*columns_by_file.get(row["file"], ()), row["column"])
    mismatches = set(names) ^ set(columns_by_file)
    if mismatches:
        raise DefinitionError(f"dictionary.csv and the data files differ on: {', '.join(sorted(mismatches))}.")
    return {name: read_rows(name, columns_by_file[name]) for name in names}
