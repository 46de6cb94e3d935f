"""A force whose headings mean nothing to a stranger, and a few of its records written twice by hand."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

Lines = Iterable[Sequence[str]]

CONTRACT_COLUMNS = ("crime_ref", "recorded_at", "outcome_code", "contact_offence")
EXPORT_HEADINGS = ("Granite", "Basalt", "Slate", "Chalk")
OUTCOMES = (("Amber", "16"), ("Beech", "18"), ("Cedar", "14"))
MARKS = (("Ja", "yes"), ("Nee", "no"))


def contract_rows(count: int) -> list[tuple[str, ...]]:
    """Records in the format of the contract: outcomes alternate, and every second crime is a contact offence."""
    return [(f"C{n}", f"2026-02-{n + 1:02d}T09:{n:02d}", OUTCOMES[n % 3][1], MARKS[n % 2][1]) for n in range(count)]


def export_rows(count: int, form: str = "{day:02d}.{month:02d}.2026 09:{minute:02d}") -> list[tuple[str, ...]]:
    """The same records in words of their own, the day as in `form`."""
    return [
        (f"C{n}", form.format(day=n + 1, month=2, minute=n), OUTCOMES[n % 3][0], MARKS[n % 2][0]) for n in range(count)
    ]


def lay(path: Path, head: Sequence[str], lines: Lines) -> Path:
    """A CSV, in a folder that is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *lines])
    return path


def example(
    folder: Path,
    own_lines: Lines,
    yours: Lines,
    head: Sequence[str] = CONTRACT_COLUMNS,
    headings: Sequence[str] = EXPORT_HEADINGS,
) -> Path:
    """A folder with crimes written twice."""
    lay(folder / "like" / "ours" / "crimes.csv", head, own_lines)
    lay(folder / "like" / "theirs" / "Q7.csv", headings, yours)
    return folder / "like"


def export(folder: Path, lines: Lines, headings: Sequence[str] = EXPORT_HEADINGS, name: str = "Q7.csv") -> Path:
    """A folder with the whole export."""
    lay(folder / "export" / name, headings, lines)
    return folder / "export"
