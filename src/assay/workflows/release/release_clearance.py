"""Record and read who cleared the page of a force, and who reviewed the wording of the report.

A clearance holds for the figures that were seen. If they change, the page waits again.
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
from assay.reference.data_requests import SYNTHETIC
from assay.report.release_approvals import RELEASE_QUESTIONS, Approval, ReleaseApprovals
from assay.wording import join_words


@dataclass(frozen=True)
class Clearance:
    """A clearance that was recorded in the ledger, and the next step."""

    folder: Path
    sentence: str

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {"folder": str(self.folder), "what": self.sentence}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        return [self.sentence, f"To write the report with it: assay inspect run {self.folder}"]


def clear_page(folder: Path, force: str, reviewer: str, yes: Sequence[str], day: date) -> Clearance:
    """Record that a reviewer answered yes to every question on a force's page; UsageError if any is open."""
    inspection = open_inspection(folder)
    organisation = inspection.request.organisations.get(force) or next(
        (
            candidate
            for candidate in inspection.request.organisations.values()
            if force.casefold() in (candidate.name.casefold(), candidate.slug)
        ),
        None,
    )
    if organisation is None:
        raise UsageError(f"This inspection includes no force called {force!r}.")
    if unknown := [key for key in yes if key not in RELEASE_QUESTIONS]:
        raise UsageError(f"The list does not ask for {unknown[0]!r}. It asks for: {', '.join(RELEASE_QUESTIONS)}.")
    if open_questions := [f"{key}: {question}" for key, question in RELEASE_QUESTIONS.items() if key not in yes]:
        raise UsageError(
            "\n".join([f"The page of {organisation.name} waits. Still to be answered with --yes:", *open_questions])
        )
    _require_name(reviewer)
    seal = _last_release_hash(inspection)
    inspection.ledger.append(
        EventKind.PAGE_CLEARED,
        who=reviewer,
        body=organisation.code,
        answers=" ".join(RELEASE_QUESTIONS),
        on=day.isoformat(),
        seal=seal,
    )
    return Clearance(
        folder,
        (
            f"The page of {organisation.name} may be released: {reviewer} said yes to "
            f"{join_words(list(RELEASE_QUESTIONS))}."
        ),
    )


def record_wording_review(folder: Path, reviewer: str, day: date) -> Clearance:
    """Record that survivors' representatives reviewed the wording of the report."""
    inspection = open_inspection(folder)
    _require_name(reviewer)
    inspection.ledger.append(EventKind.WORDING_REVIEWED, who=reviewer, on=day.isoformat())
    return Clearance(folder, f"The wording was reviewed by {reviewer} on {day.day} {day:%B %Y}.")


def read_clearances(inspection: Inspection, seal: str) -> ReleaseApprovals:
    """Return the clearances given for the figures with this ledger head hash; synthetic forces need none."""
    wording, pages = None, {}
    for entry in inspection.ledger.entries():
        if entry.kind == EventKind.WORDING_REVIEWED.key:
            wording = _approval(entry.about)
        elif entry.kind == EventKind.PAGE_CLEARED.key and entry.about["seal"] == seal:
            pages[str(entry.about["body"])] = _approval(entry.about)
    if inspection.request.register == SYNTHETIC:
        return ReleaseApprovals(wording, pages, is_synthetic=True)
    return ReleaseApprovals(wording, pages, frozenset(inspection.request.organisations) - frozenset(pages))


def _approval(event_details: Any) -> Approval:
    return Approval(str(event_details["who"]), date.fromisoformat(str(event_details["on"])))


def _require_name(reviewer: str) -> None:
    if not reviewer.strip():
        raise UsageError("Say who said yes: --by, a name, a post or a group.")


def _last_release_hash(inspection: Inspection) -> str:
    seals = [str(entry.about["seal"]) for entry in inspection.ledger.entries() if entry.kind == EventKind.RELEASED.key]
    if not seals:
        raise UsageError(
            f"Nothing was released yet, so no page can be looked at. First: assay inspect run {inspection.folder}"
        )
    return seals[-1]
