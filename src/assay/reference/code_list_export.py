"""How does somebody else take our code lists away, and what does each column mean?"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from assay.errors import DefinitionError
from assay.reference.reference_data import read

COLUMNS = ("file", "column", "meaning", "unit", "evidence", "source")


@lru_cache
def _dictionary() -> tuple[tuple[tuple[str, str], ...], ...]:
    return tuple(tuple(row.items()) for row in read("dictionary", COLUMNS))


def dictionary() -> list[dict[str, str]]:
    """One row for each column of each data file of the commission: file, column, meaning, unit."""
    return [dict(row) for row in _dictionary()]


def code_lists() -> dict[str, list[dict[str, str]]]:
    """Every data file of the commission by name, as rows of text; refuses a file that nobody described."""
    folder = files("assay.reference").joinpath("data")
    names = sorted(file.name.removesuffix(".csv") for file in folder.iterdir() if file.name.endswith(".csv"))
    described: dict[str, tuple[str, ...]] = {"dictionary": COLUMNS}
    for row in dictionary():
        described[row["file"]] = (*described.get(row["file"], ()), row["column"])
    strangers = set(names) ^ set(described)
    if strangers:
        raise DefinitionError(f"dictionary.csv and the data files differ on: {', '.join(sorted(strangers))}.")
    return {name: read(name, described[name]) for name in names}
