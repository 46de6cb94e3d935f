"""Recognise an official file by its hash, and decide if a file is older or newer than the newest known edition.

The register (`official_files.csv`) holds the SHA-256 of the files of the Home Office as of July 2026, and of the public
copies from which the bundled figures come. Hashes came from a public manifest of the downloads. A file of the same name
with another hash is another edition, or a copy that was saved again.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from assay.ingest.official_statistics.statistics_editions import MONTH_NAMES, Edition


@dataclass(frozen=True)
class OfficialFile:
    """One known file: its statistic, first and last financial year, edition (a date or a month) and SHA-256."""

    statistic: str
    first_year: str
    last_year: str
    name: str
    status: str
    """'official', or 'public copy' of an official file."""
    edition: str
    size_bytes: str
    sha256: str
    address: str
    evidence: str
    source: str
    checked_on: str

    @property
    def edition_text(self) -> str:
        """The edition as text: '24 July 2024', or 'about January 2020' where it was inferred."""
        parts = [int(part) for part in self.edition.split("-")]
        month = f"{MONTH_NAMES[parts[1] - 1]} {parts[0]}"
        return f"{parts[2]} {month}" if len(parts) > 2 else f"about {month}"

    def holds_year(self, year: str) -> bool:
        """Return True if the file holds this financial year."""
        return self.first_year <= year <= self.last_year


@lru_cache
def official_files() -> tuple[OfficialFile, ...]:
    """Return every official file in the register."""
    text = (files(__package__) / "official_files.csv").read_text("utf-8")
    return tuple(OfficialFile(**row) for row in csv.DictReader(text.splitlines()))


def newest_official(statistic: str, years: Iterable[str]) -> OfficialFile | None:
    """Return the newest official file of a statistic that covers the latest of these years; None if none is known."""
    last_year = max(years, default="")
    known = [
        file
        for file in official_files()
        if file.statistic == statistic and file.status == "official" and file.holds_year(last_year)
    ]
    return max(known, key=lambda file: file.edition, default=None)


def edition_note(sha256: str, edition: Edition, statistic: str, years: Iterable[str]) -> str:
    """Return the register's note on a file; '' if it has no official file of this statistic and year.

    Parameters
    ----------
    sha256
        Hash of the file as received.
    edition
        The edition that the file, its name or the user states.
    statistic, years
        What the file holds.
    """
    newest = newest_official(statistic, years)
    if newest is None:
        return ""
    known = next((file for file in official_files() if file.sha256 == sha256), None)
    if known is not None:
        return _recognised(known, newest)
    start = "Its hash is not in the register of official files"
    end = f"the newest official edition that it knows is {newest.name} of {newest.edition_text}"
    order = _order(edition, newest)
    if order:
        return f"{start}. By its date the file is {order}: {end}."
    return f"{start}, and the file states no date of publication, so its age is not known: {end}."


def _recognised(known: OfficialFile, newest: OfficialFile) -> str:
    status = "the official file" if known.status == "official" else "a public copy of the official file"
    start = f"Recognised by its hash as {status}, edition {known.edition_text}"
    if known == newest:
        return f"{start}: the newest that the register knows (checked on {_day(known.checked_on)})."
    return f"{start}: older than {newest.name} of {newest.edition_text}, the newest official edition known."


def _order(edition: Edition, newest: OfficialFile) -> str:
    """Return how a stated day of publication compares with the newest edition; '' if the file states none."""
    if edition.evidence != "published":
        return ""
    if edition.rank == newest.edition:
        return "of the same day as the newest edition known, but not the same file"
    return "newer than any edition known" if edition.rank > newest.edition else "older than the newest edition known"


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"
