"""How was this inspection checked: what is assumed, which checks were made, and what did each find?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay.engine.provenance import EventKind, read_receipt
from assay.engine.provenance.stage_folders import stages_in
from assay.ingest.inspection_folder import Inspection
from assay.reference.inspection_assumptions import assumptions
from assay.wording import counted
from assay.workflows.judge.grading_stage import decisions
from assay.workflows.judge.inspection_plan import editions
from assay.workflows.release.accuracy_points import answers_kept

TEXT = pa.string()
ASSUMPTIONS = pa.schema([(name, TEXT) for name in ("assumption", "about", "text", "quality", "impact", "checked_by")])
LOG = pa.schema([("place", pa.int64()), ("check", TEXT), ("found", TEXT)])


def assumptions_table() -> pa.Table:
    """The register of assumptions."""
    rows = [{"assumption": one.key, **{name: getattr(one, name) for name in ASSUMPTIONS.names[1:]}}
            for one in assumptions()]  # fmt: skip
    return pa.Table.from_pylist(rows, ASSUMPTIONS)


def log_table(inspection: Inspection) -> pa.Table:
    """What was checked in this inspection, with what was found; nothing of a record."""
    rows = [{"place": at, "check": check, "found": found} for at, (check, found) in enumerate(_checks(inspection), 1)]
    return pa.Table.from_pylist(rows, LOG)


def _checks(inspection: Inspection) -> Iterator[tuple[str, str]]:
    folder, entries = inspection.folder, inspection.ledger.entries()
    yield "Does every row of every return stand somewhere?", _rows(folder)
    kinds: dict[str, int] = {}
    for entry in entries:
        kinds[entry.kind] = kinds.get(entry.kind, 0) + 1
    refused, superseded = (kinds.get(kind.key, 0) for kind in (EventKind.RETURN_REFUSED, EventKind.RETURN_SUPERSEDED))
    yield "Were returns refused or sent again?", f"{refused} refused; {superseded} replaced by a later edition."
    yield "Was the plan sealed before the first return?", _plan(folder)
    yield "Do case files marked twice agree?", _twice(folder)
    yield "Did forces answer the points on them?", _answers(folder)
    yield "Did the panel move proposals?", _moved(folder)
    by_hand = kinds.get(EventKind.MANUAL.key, 0)
    yield "Was anything done outside the program?", f"{counted(by_hand, 'entry', 'entries')} of it in the ledger."
    broken = inspection.ledger.broken_at()
    yield "Is the ledger's chain whole?", "It is." if not broken else f"It is not: {len(broken)} breaks."


def _rows(folder: Path) -> str:
    receipts = [receipt for stage in stages_in(folder) if stage.startswith("returns/")
                and (receipt := read_receipt(folder, stage))]  # fmt: skip
    return f"In {counted(len(receipts), 'return')} what came is what was passed on and what was set aside, by reason."


def _plan(folder: Path) -> str:
    held = editions(folder)
    if not held:
        return "No plan was sealed."
    when = "before" if held[0].returns_before == 0 else "after"
    return f"It was sealed {when} the first return; {counted(len(held) - 1, 'later edition')}."


def _twice(folder: Path) -> str:
    samples = sum(stage.startswith("casefiles/samples/") for stage in stages_in(folder))
    return f"{counted(samples, 'sample')} drawn; agreement is printed with each by assay casefiles results."


def _answers(folder: Path) -> str:
    held: dict[str, list[dict[str, Any]]] = answers_kept(folder)
    disputed = sum(row["answer"] == "disputed" for rows in held.values() for row in rows)
    return f"{counted(len(held), 'force')} answered; {counted(disputed, 'point')} disputed."


def _moved(folder: Path) -> str:
    made = decisions(folder)
    moved = sum(row["decided"] != row["proposed"] for row in made)
    return f"{counted(len(made), 'decision')}, of which {moved} moved a grade, each with a reason."
