"""Does this return fit with those of its sender that were accepted before?

Rule R02 of the return contract, section 2.7. A higher edition supersedes the earlier one as a whole; the earlier is
kept until it is withdrawn. A lower edition that arrives late is kept too, superseded from the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from assay.errors import ReturnRefused

FIRST, HIGHER, LOWER, AGAIN = "first", "supersedes", "superseded", "again"


class Cover(Protocol):
    """What of a cover decides which return holds."""

    @property
    def force_code(self) -> str:
        """The sender."""

    @property
    def edition(self) -> int:
        """1, 2, 3 ..."""

    @property
    def period_from(self) -> date:
        """First day."""

    @property
    def period_to(self) -> date:
        """First day after."""


@dataclass(frozen=True)
class Accepted:
    """A return that was accepted before; `files` is the hash of the content of each of its files by name."""

    force_code: str
    edition: int
    period_from: date
    period_to: date
    files: Mapping[str, str] = field(default_factory=dict)


def place_of(cover: Cover, files: Mapping[str, str], accepted: Iterable[Accepted]) -> str:
    """Where the return stands: 'first' of its period, 'supersedes', 'superseded', or the same sent 'again'.

    Refuses a period that overlaps another accepted one, and an accepted edition with other bytes (R02).
    """
    own = [one for one in accepted if one.force_code == cover.force_code]
    for one in own:
        _refuse_overlap(cover, one)
    same = [one for one in own if (one.period_from, one.period_to) == (cover.period_from, cover.period_to)]
    for one in same:
        if one.edition == cover.edition:
            _refuse_other_bytes(cover, files, one)
            return AGAIN
    if not same:
        return FIRST
    return HIGHER if cover.edition > max(one.edition for one in same) else LOWER


def holding(accepted: Iterable[Accepted]) -> tuple[Accepted, ...]:
    """The returns that count: of each sender and period the highest edition."""
    latest: dict[tuple[str, date, date], Accepted] = {}
    for one in sorted(accepted, key=lambda one: one.edition):
        latest[one.force_code, one.period_from, one.period_to] = one
    return tuple(latest.values())


def _refuse_overlap(cover: Cover, one: Accepted) -> None:
    equal = (one.period_from, one.period_to) == (cover.period_from, cover.period_to)
    if not equal and cover.period_from < one.period_to and one.period_from < cover.period_to:
        raise ReturnRefused(
            f"R02: the period {cover.period_from} to {cover.period_to} overlaps {one.period_from} to {one.period_to}, "
            f"which {cover.force_code} has already sent. Give the period of the request in return.toml, or ask for "
            "the accepted return to be withdrawn."
        )


def _refuse_other_bytes(cover: Cover, files: Mapping[str, str], one: Accepted) -> None:
    if dict(files) != dict(one.files):
        changed = sorted(name for name in {*files, *one.files} if files.get(name) != one.files.get(name))
        raise ReturnRefused(
            f"R02: edition {cover.edition} of {cover.force_code} was accepted with other content "
            f"({', '.join(changed)}). Raise edition in return.toml and send the whole return again."
        )
