"""Export the code lists and the data dictionary."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from assay.errors import DefinitionError
from assay.reference.reference_data import read_rows

COLUMNS = ("file", "column", "meaning", "unit", "evidence", "source")


@lru_cache
def _dictionary() -> tuple[tuple[tuple[str, str], ...], ...]:
    return tuple(tuple(row.items()) for row in read_rows("dictionary", COLUMNS))


def data_dictionary() -> list[dict[str, str]]:
    """One row for each column of each data file of the commission: file, column, meaning, unit."""
    return [dict(row) for row in _dictionary()]


def code_lists() -> dict[str, list[dict[str, str]]]:
    """Return each data file by name as rows of text; refuse a file without a description."""
    folder = files("assay.reference").joinpath("data")
    names = sorted(file.name.removesuffix(".csv") for file in folder.iterdir() if file.name.endswith(".csv"))
    columns_by_file: dict[str, tuple[str, ...]] = {"dictionary": COLUMNS}
    for row in data_dictionary():
        columns_by_file[row["file"]] = (*columns_by_file.get(row["file"], ()), row["column"])
    mismatches = set(names) ^ set(columns_by_file)
    if mismatches:
        raise DefinitionError(f"dictionary.csv and the data files differ on: {', '.join(sorted(mismatches))}.")
    return {name: read_rows(name, columns_by_file[name]) for name in names}
