"""Decide whether a return is its sender's first, a correction of an accepted return, or the same again (rule R02).

A higher edition supersedes the earlier one as a whole; the earlier one stays until it is withdrawn (return contract,
section 2.7). A lower edition that arrives late stays too, superseded from the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from assay.errors import ReturnRefused

FIRST_EDITION, SUPERSEDING_EDITION, SUPERSEDED_EDITION, REPEATED_EDITION = "first", "supersedes", "superseded", "again"


class EditionManifest(Protocol):
    """The fields of a manifest that identify the edition of a return."""

    @property
    def force_code(self) -> str:
        """Return the code of the sender."""

    @property
    def edition(self) -> int:
        """Return the number of the edition, from 1."""

    @property
    def period_from(self) -> date:
        """Return the first day of the return's period."""

    @property
    def period_to(self) -> date:
        """Return the day after the last day of the return's period."""


@dataclass(frozen=True)
class ReturnEdition:
    """One accepted edition of a return; `files` holds the content hash of each file."""

    force_code: str
    edition: int
    period_from: date
    period_to: date
    files: Mapping[str, str] = field(default_factory=dict)


def edition_status(
    manifest: EditionManifest, files: Mapping[str, str], accepted_editions: Iterable[ReturnEdition]
) -> str:
    """Return how a return relates to accepted ones: 'first', 'supersedes', 'superseded' or 'again' (identical).

    Raises
    ------
    ReturnRefused
        For a period that overlaps another accepted one, and for an accepted edition with other bytes (R02).
    """
    force_editions = [accepted for accepted in accepted_editions if accepted.force_code == manifest.force_code]
    for accepted in force_editions:
        _refuse_overlap(manifest, accepted)
    period_editions = [
        accepted
        for accepted in force_editions
        if (accepted.period_from, accepted.period_to) == (manifest.period_from, manifest.period_to)
    ]
    for accepted in period_editions:
        if accepted.edition == manifest.edition:
            _refuse_other_bytes(manifest, files, accepted)
            return REPEATED_EDITION
    if not period_editions:
        return FIRST_EDITION
    return (
        SUPERSEDING_EDITION
        if manifest.edition > max(accepted.edition for accepted in period_editions)
        else SUPERSEDED_EDITION
    )


def current_editions(editions: Iterable[ReturnEdition]) -> tuple[ReturnEdition, ...]:
    """Return the current editions: the highest for each sender and period."""
    latest: dict[tuple[str, date, date], ReturnEdition] = {}
    for edition in sorted(editions, key=lambda edition: edition.edition):
        latest[edition.force_code, edition.period_from, edition.period_to] = edition
    return tuple(latest.values())


def _refuse_overlap(manifest: EditionManifest, accepted: ReturnEdition) -> None:
    is_same_period = (accepted.period_from, accepted.period_to) == (manifest.period_from, manifest.period_to)
    if not is_same_period and manifest.period_from < accepted.period_to and accepted.period_from < manifest.period_to:
        raise ReturnRefused(
            f"R02: the period {manifest.period_from} to {manifest.period_to} overlaps {accepted.period_from} "
            f"to {accepted.period_to}, which {manifest.force_code} has already sent. Give the period of the "
            "request in return.toml, or ask for the accepted return to be withdrawn."
        )


def _refuse_other_bytes(manifest: EditionManifest, files: Mapping[str, str], accepted_edition: ReturnEdition) -> None:
    if dict(files) != dict(accepted_edition.files):
        changed = sorted(
            name for name in {*files, *accepted_edition.files} if files.get(name) != accepted_edition.files.get(name)
        )
        raise ReturnRefused(
            f"R02: edition {manifest.edition} of {manifest.force_code} was accepted with other content "
            f"({', '.join(changed)}). Raise edition in return.toml and send the whole return again."
        )
