"""Read a CSV export of ODK Central or Kobo: its lines, and the column of each question.

A column name can have its groups as a prefix (`about/trained`, `about-trained`), and an answer can be the value or the
label of the option. Other columns (sender, device) are not read.
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
"""Columns that identify a submission; the first that exists is used: ODK, ODK in a group, Kobo."""


@dataclass(frozen=True)
class Export:
    """An export of a survey tool: its header and its lines."""

    path: Path
    head: tuple[str, ...]
    lines: tuple[Mapping[str, str], ...]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return the column of each question, by question name without its group prefix."""
        plain: dict[str, str] = {}
        for name in self.head:
            plain.setdefault(re.split(r"[/-]", name.strip())[-1] if name not in IDS else name, name)
        return plain

    def columns(self, question_names: Iterable[str]) -> dict[str, str]:
        """Return the column name of each question and of the file number; raise SourceError if one is missing."""
        question_names, number = list(question_names), next((name for name in IDS if name in self.names), "")
        lacking = [name for name in question_names if name not in self.names] + (
            [] if number else [f"one of {', '.join(IDS)}"]
        )
        if lacking:
            problem = f"has no column {', '.join(lacking)}. Export all columns, with values or labels."
            raise SourceError(f"{self.path.name} {problem}")
        return {NUMBER: self.names[number], **{name: self.names[name] for name in question_names}}

    def answer_lines(self, question_names: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield every line with its line number (the first after the header is 2) and its values by question name."""
        columns = self.columns(question_names)
        for number, line in enumerate(self.lines, start=2):
            yield number, {name: line[place].strip() for name, place in columns.items()}


def read_csv(path: Path) -> Export:
    """Read the CSV export of a survey tool (ODK or Kobo); raise SourceError if it is not valid CSV."""
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


def find_option(options: Mapping[str, str], text: str) -> str:
    """Return the answer option whose value or label equals the text; '' if there is none."""
    folded = text.casefold()
    return next((value for value, words in options.items() if folded in (value.casefold(), words.casefold())), "")


def _delimiter(path: Path) -> str:
    """Return the delimiter: Kobo exports with semicolons, ODK with commas."""
    with path.open(encoding="utf-8-sig") as file:
        head = file.readline()
    return ";" if head.count(";") > head.count(",") else ","
