"""What has a panel before it: of each force and line what is proposed, why, and what was decided on it before?

Read by the same functions as `assay grades`; nothing is worked out here. What was not told stays empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.grading.grade_proposals import OVERALL
from assay.grading.grading_rules import NOT_ENOUGH, rules
from assay.ingest.inspection_folder import open_inspection
from assay.reference import characteristics
from assay.workflows.judge.grading_stage import decisions, judged_tables, line_named, shown_grades

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Proposed:
    """One line of one force, or the whole force: `row` as `assay grades` has it, and the names of both."""

    row: Row
    force: str
    line: str

    @property
    def path(self) -> str:
        """Where it stands in the panel's room."""
        return f"/panel/{self.row['place_code']}/{self.row['line']}"

    @property
    def is_overall(self) -> bool:
        """Whether it is the whole force."""
        return bool(self.row["line"] == OVERALL)


def proposed(folder: Path, force_code: str = "") -> list[Proposed]:
    """Every proposal, or those of one force by its code; UsageError where nothing is proposed yet, or there is no such
    force."""
    names = {code: body.name for code, body in open_inspection(folder).request.bodies.items()}
    rows = shown_grades(folder, force_code).data["grades"]
    return [Proposed(row, names[row["place_code"]], line_named(row["line"]).name) for row in rows]


def by_force(found: Iterable[Proposed]) -> list[dict[str, Any]]:
    """A force a row: its whole, and how many of its lines are decided."""
    held: dict[str, list[Proposed]] = {}
    for one in found:
        held.setdefault(one.row["place_code"], []).append(one)
    return [{"code": code, "force": mine[0].force, "overall": next((one for one in mine if one.is_overall), None),
             "decided": sum(bool(one.row["decided"]) for one in mine), "of": len(mine)}
            for code, mine in held.items()]  # fmt: skip


def grades() -> tuple[str, ...]:
    """What can be decided, the best first."""
    return (*rules().names, NOT_ENOUGH)


def earlier(folder: Path, one: Proposed) -> list[dict[str, Any]]:
    """What was decided on it, the earliest first."""
    wanted = one.row["place_code"], one.row["line"]
    return [made for made in decisions(folder) if (made["place_code"], made["line"]) == wanted]


def version(folder: Path, one: Proposed) -> str:
    """What a page was written from: another proposal or another decision makes it another."""
    return f"{len(earlier(folder, one))}:{one.row['proposed']}"


def behind(folder: Path, one: Proposed) -> dict[str, Any]:
    """What stands behind a proposal: chances, characteristics, what is asked for, and what other rules would make."""
    tables = judged_tables(folder)
    code, line = one.row["place_code"], one.row["line"]

    def mine(name: str) -> list[dict[str, Any]]:
        return [row for row in tables[name].to_pylist() if row["place_code"] == code and row.get("line", line) == line]

    texts = {each.key: each.text for each in characteristics() if one.is_overall or each.line == line}
    told = {name: [row | {"text": texts[row["characteristic"]]} for row in mine(name) if row["characteristic"] in texts]
            for name in ("shown", "concerns")}  # fmt: skip
    sealed = [row["sealed"] for row in mine("grades_sealed") if row["sealed"] != row["proposed"]]
    moved = [row for row in mine("moved") if row["otherwise"] != row["proposed"]]
    return {**told, "chances": mine("grade_chances"), "moved": moved, "sealed": sealed[0] if sealed else ""}
