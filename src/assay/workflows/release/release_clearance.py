"""Who said yes before a page went out, as the ledger holds it: to a page on a force, and to the words of the report?

A yes to a page belongs to the figures that were seen: when they change, the page waits again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assay.engine.provenance import EventKind
from assay.errors import UsageError
from assay.ingest.inspection_folder import Inspection, open_inspection
from assay.report.release_approvals import LIST, Cleared, Yes
from assay.wording import listed

INVENTED = "invented"


@dataclass(frozen=True)
class Said:
    """What was written into the ledger, and what to do next."""

    folder: Path
    what: str

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {"folder": str(self.folder), "what": self.what}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        return [self.what, f"To write the report with it: assay run {self.folder}"]


def clear_page(folder: Path, force: str, by: str, yes: Sequence[str], on: date) -> Said:
    """Write down that `by` answered the whole list of a force's page with yes; UsageError if anything is left open."""
    inspection = open_inspection(folder)
    body = inspection.request.bodies.get(force) or next(
        (one for one in inspection.request.bodies.values() if force.casefold() in (one.name.casefold(), one.slug)), None
    )
    if body is None:
        raise UsageError(f"The inspection asks no body called {force!r}.")
    if unknown := [key for key in yes if key not in LIST]:
        raise UsageError(f"The list does not ask for {unknown[0]!r}. It asks for: {', '.join(LIST)}.")
    if left := [f"{key}: {asked}" for key, asked in LIST.items() if key not in yes]:
        raise UsageError("\n".join([f"The page of {body.name} waits. Still to be answered with --yes:", *left]))
    _refuse_nobody(by)
    seal = _last_seal(inspection)
    inspection.ledger.append(
        EventKind.PAGE_CLEARED, who=by, body=body.code, answers=" ".join(LIST), on=on.isoformat(), seal=seal
    )
    return Said(folder, f"The page of {body.name} may be released: {by} said yes to {listed(list(LIST))}.")


def wording_reviewed(folder: Path, by: str, on: date) -> Said:
    """Write down that survivors' representatives read the words of the report."""
    inspection = open_inspection(folder)
    _refuse_nobody(by)
    inspection.ledger.append(EventKind.WORDING_REVIEWED, who=by, on=on.isoformat())
    return Said(folder, f"The wording was reviewed by {by} on {on.day} {on:%B %Y}.")


def cleared(inspection: Inspection, seal: str) -> Cleared:
    """What was said of the figures under this seal; of invented forces nobody needs to say it."""
    wording, pages = None, {}
    for entry in inspection.ledger.entries():
        if entry.kind == EventKind.WORDING_REVIEWED.key:
            wording = _yes(entry.about)
        elif entry.kind == EventKind.PAGE_CLEARED.key and entry.about["seal"] == seal:
            pages[str(entry.about["body"])] = _yes(entry.about)
    if inspection.request.register == INVENTED:
        return Cleared(wording, pages, invented=True)
    return Cleared(wording, pages, frozenset(inspection.request.bodies) - frozenset(pages))


def _yes(about: Any) -> Yes:
    return Yes(str(about["who"]), date.fromisoformat(str(about["on"])))


def _refuse_nobody(by: str) -> None:
    if not by.strip():
        raise UsageError("Say who said yes: --by, a name, a post or a group.")


def _last_seal(inspection: Inspection) -> str:
    seals = [str(e.about["seal"]) for e in inspection.ledger.entries() if e.kind == EventKind.RELEASED.key]
    if not seals:
        raise UsageError(f"Nothing was released yet, so no page can be looked at. First: assay run {inspection.folder}")
    return seals[-1]
