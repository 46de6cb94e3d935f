"""List the assumptions of this inspection, the checks that were made, and what each found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from assay.engine.provenance import EventKind, read_receipt
from assay.engine.provenance.stage_folders import list_stages
from assay.ingest.inspection_folder import Inspection
from assay.reference.inspection_assumptions import assumptions
from assay.wording import count_phrase
from assay.workflows.judge.grading_stage import read_decisions
from assay.workflows.judge.inspection_plan import read_editions
from assay.workflows.release.accuracy_points import read_answers

TEXT = pa.string()
ASSUMPTIONS = pa.schema([(name, TEXT) for name in ("assumption", "topic", "text", "quality", "impact", "checked_by")])
LOG = pa.schema([("place", pa.int64()), ("check", TEXT), ("found", TEXT)])


def assumptions_table() -> pa.Table:
    """Return the register of assumptions."""
    rows = [
        {
            "assumption": assumption.key,
            "topic": assumption.topic,
            "text": assumption.text,
            "quality": assumption.quality,
            "impact": assumption.impact,
            "checked_by": assumption.checked_by,
        }
        for assumption in assumptions()
    ]
    return pa.Table.from_pylist(rows, ASSUMPTIONS)


def log_table(inspection: Inspection) -> pa.Table:
    """Return the checks of this inspection with their results; no row is about a record."""
    rows = [
        {"place": number, "check": check, "found": found}
        for number, (check, found) in enumerate(_checks(inspection), 1)
    ]
    return pa.Table.from_pylist(rows, LOG)


def _checks(inspection: Inspection) -> Iterator[tuple[str, str]]:
    folder, entries = inspection.folder, inspection.ledger.entries()
    yield "Does every row of every return stand somewhere?", _row_check(folder)
    kinds: dict[str, int] = {}
    for entry in entries:
        kinds[entry.kind] = kinds.get(entry.kind, 0) + 1
    refused, superseded = (kinds.get(kind.key, 0) for kind in (EventKind.RETURN_REFUSED, EventKind.RETURN_SUPERSEDED))
    yield "Were returns refused or sent again?", f"{refused} refused; {superseded} replaced by a later edition."
    yield "Was the plan sealed before the first return?", _plan_check(folder)
    yield "Do case files marked twice agree?", _agreement_check(folder)
    yield "Did forces answer the points on them?", _answer_check(folder)
    yield "Did the panel move proposals?", _decision_check(folder)
    by_hand = kinds.get(EventKind.MANUAL.key, 0)
    yield "Was anything done outside the program?", f"{count_phrase(by_hand, 'entry', 'entries')} of it in the ledger."
    broken = inspection.ledger.chain_errors()
    yield "Is the ledger's chain whole?", "It is." if not broken else f"It is not: {len(broken)} breaks."


def _row_check(folder: Path) -> str:
    receipts = [receipt for stage in list_stages(folder) if stage.startswith("returns/")
                and (receipt := read_receipt(folder, stage))]  # fmt: skip
    return (
        f"In {count_phrase(len(receipts), 'return')} what came is what was passed on and what was set aside, by reason."
    )


def _plan_check(folder: Path) -> str:
    sealed_editions = read_editions(folder)
    if not sealed_editions:
        return "No plan was sealed."
    order = "before" if sealed_editions[0].returns_before == 0 else "after"
    return f"It was sealed {order} the first return; {count_phrase(len(sealed_editions) - 1, 'later edition')}."


def _agreement_check(folder: Path) -> str:
    samples = sum(stage.startswith("casefiles/samples/") for stage in list_stages(folder))
    return f"{count_phrase(samples, 'sample')} drawn; agreement is printed with each by assay casefiles results."


def _answer_check(folder: Path) -> str:
    answers = read_answers(folder)
    disputed = sum(row["answer"] == "disputed" for rows in answers.values() for row in rows)
    return f"{count_phrase(len(answers), 'force')} answered; {count_phrase(disputed, 'point')} disputed."


def _decision_check(folder: Path) -> str:
    panel_decisions = read_decisions(folder)
    moved = sum(item.decided != item.proposed for item in panel_decisions)
    return f"{count_phrase(len(panel_decisions), 'decision')}, of which {moved} moved a grade, each with a reason."
