"""What stands in a CSV as ODK Central or Kobo export it: its lines, and which column bears which question?

A column may bear the groups it stands in before its name (`about/trained`, `about-trained`), and an answer may be the
option's value or its words. Columns that nobody asks for (who sent it, from which device) are not read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assay.errors import SourceError

NUMBER = "KEY"
IDS = (NUMBER, "instanceID", "_uuid", "_id")
"""By which column an answer is known, the first that is there: ODK, ODK in a group, Kobo."""


@dataclass(frozen=True)
class Export:
    """A file of answers: its header, and its lines as they came."""

    path: Path
    head: tuple[str, ...]
    lines: tuple[Mapping[str, str], ...]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """By the name of a question, without the groups before it, the column that bears it."""
        plain: dict[str, str] = {}
        for name in self.head:
            plain.setdefault(re.split(r"[/-]", name.strip())[-1] if name not in IDS else name, name)
        return plain

    def columns(self, wanted: Iterable[str]) -> dict[str, str]:
        """Each name that is wanted, and NUMBER, with the column that bears it; SourceError where one is not there."""
        wanted, number = list(wanted), next((name for name in IDS if name in self.names), "")
        lacking = [name for name in wanted if name not in self.names] + ([] if number else [f"one of {', '.join(IDS)}"])
        if lacking:
            said = f"has no column {', '.join(lacking)}. Export all columns, with values or labels."
            raise SourceError(f"{self.path.name} {said}")
        return {NUMBER: self.names[number], **{name: self.names[name] for name in wanted}}

    def told(self, wanted: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
        """Every line with its number, 2 for the first under the header, as name -> what stands there."""
        columns = self.columns(wanted)
        for number, line in enumerate(self.lines, start=2):
            yield number, {name: line[place].strip() for name, place in columns.items()}


def read_csv(path: Path) -> Export:
    """Read a file of answers; SourceError where it cannot be read as CSV."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter=_delimiter(path), restval="", strict=True)
            lines = tuple(
                {key: value or "" for key, value in row.items() if isinstance(key, str) and not isinstance(value, list)}
                for row in reader
            )
            return Export(path, tuple(reader.fieldnames or ()), lines)
    except (OSError, UnicodeDecodeError, csv.Error):
        raise SourceError(f"{path.name} cannot be read as CSV in UTF-8. Export it again from ODK or Kobo.") from None


def option(options: Mapping[str, str], text: str) -> str:
    """The option that a text names by its value or its words; '' for none."""
    wanted = text.casefold()
    return next((value for value, words in options.items() if wanted in (value.casefold(), words.casefold())), "")


def _delimiter(path: Path) -> str:
    """Kobo exports with semicolons, ODK with commas."""
    with path.open(encoding="utf-8-sig") as file:
        head = file.readline()
    return ";" if head.count(";") > head.count(",") else ","
