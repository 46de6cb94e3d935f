"""The support note and contacts shown on every page.

`support.toml` holds the contacts, with the source of each and the day on which it was checked.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True)
class Contact:
    """One support contact: its name, how to reach it, for whom it is, and its web page."""

    name: str
    reach: str
    for_whom: str
    source: str


@dataclass(frozen=True)
class Support:
    """The support information of a report: the note on every page, the contacts in order, and how they were checked."""

    note: str
    checked: date
    checked_how: str
    contacts: tuple[Contact, ...]

    @property
    def checked_on(self) -> str:
        """The day on which the contacts were checked: '27 November 2026'."""
        return f"{self.checked.day} {self.checked:%B %Y}"


@lru_cache
def support() -> Support:
    """Return the note and the contacts for England and Wales."""
    data = tomllib.loads(files("assay.report").joinpath("support.toml").read_text(encoding="utf-8"))
    contacts = tuple(Contact(**entry) for entry in data["contact"])
    return Support(data["note"], date.fromisoformat(data["checked"]), data["checked_how"], contacts)
