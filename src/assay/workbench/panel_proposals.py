"""The proposals before the panel: reasons, evidence and earlier decisions for each force and theme.

They are read by the functions of `assay grade show`; nothing is computed here. A value that is not known stays empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.grading.grade_proposals import OVERALL
from assay.grading.grading_rules import NOT_ENOUGH, rules
from assay.grading.panel_decisions import Decision
from assay.ingest.inspection_folder import open_inspection
from assay.reference import characteristics
from assay.workflows.judge.grading_stage import (
    find_theme,
    grading_tables,
    pending_decision,
    read_decisions,
    show_grades,
    strongest_reasons,
)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Proposal:
    """The proposal on one theme of one force, or on the whole force."""

    row: Row
    force: str
    line: str

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return f"/panel/{self.row['place_code']}/{self.row['line']}"

    @property
    def is_overall(self) -> bool:
        """Return True if the proposal is about the whole force."""
        return bool(self.row["line"] == OVERALL)


def read_proposals(folder: Path, force_code: str = "") -> list[Proposal]:
    """Return every proposal, or those of one force; UsageError before anything is proposed."""
    names = {code: organisation.name for code, organisation in open_inspection(folder).request.organisations.items()}
    rows = show_grades(folder, force_code).data["grades"]
    return [Proposal(row, names[row["place_code"]], find_theme(row["line"]).name) for row in rows]


def group_by_force(proposals: Iterable[Proposal]) -> list[dict[str, Any]]:
    """Return one row for each force: its overall proposal, and how many of its themes are decided."""
    proposals_by_force: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        proposals_by_force.setdefault(proposal.row["place_code"], []).append(proposal)
    return [
        {
            "code": code,
            "force": force_proposals[0].force,
            "overall": next((proposal for proposal in force_proposals if proposal.is_overall), None),
            "decided": sum(bool(proposal.row["decided"]) for proposal in force_proposals),
            "of": len(force_proposals),
        }
        for code, force_proposals in proposals_by_force.items()
    ]


def allowed_grades() -> tuple[str, ...]:
    """Return the grades that the panel can choose, best first."""
    return (*rules().grade_names, NOT_ENOUGH)


def previous_decisions(folder: Path, proposal: Proposal) -> list[Decision]:
    """Return the previous decisions on a proposal, the earliest first."""
    force_and_theme = proposal.row["place_code"], proposal.row["line"]
    return [decision for decision in read_decisions(folder) if decision.key == force_and_theme]


def proposal_version(folder: Path, proposal: Proposal) -> str:
    """Return a version hash of a proposal page, which changes with the proposal and with each decision."""
    waiting = open_decision(folder, proposal)
    version = f"{len(previous_decisions(folder, proposal))}:{proposal.row['proposed']}"
    return f"{version}:{waiting.awaited}" if waiting else version


def open_decision(folder: Path, proposal: Proposal) -> Decision | None:
    """Return a decision that one person made and a second must still confirm, or None."""
    return pending_decision(folder, proposal.row["place_code"], proposal.row["line"])


def proposal_evidence(folder: Path, proposal: Proposal) -> dict[str, Any]:
    """Return the evidence for a proposal: probabilities, characteristics, concerns, and grades under other rules."""
    tables = grading_tables(folder)
    code, line = proposal.row["place_code"], proposal.row["line"]

    def force_rows(name: str) -> list[dict[str, Any]]:
        return [row for row in tables[name].to_pylist() if row["place_code"] == code and row.get("line", line) == line]

    texts = {
        characteristic.key: characteristic.text
        for characteristic in characteristics()
        if proposal.is_overall or characteristic.line == line
    }
    characteristic_rows = {
        name: [
            row | {"text": texts[row["characteristic"]]} for row in force_rows(name) if row["characteristic"] in texts
        ]
        for name in ("characteristic_states", "concerns")
    }
    differing_sealed = [row["sealed"] for row in force_rows("sealed_grades") if row["sealed"] != row["proposed"]]
    changed_rows = [row for row in force_rows("grade_sensitivity") if row["otherwise"] != row["proposed"]]
    return {
        **characteristic_rows,
        "strongest": strongest_reasons(folder, code, line),
        "chances": force_rows("grade_chances"),
        "moved": changed_rows,
        "sealed": differing_sealed[0] if differing_sealed else "",
    }
