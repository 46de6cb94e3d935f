"""The stage `suppressions`: secondary suppressions of this run, so that the next one does not compute them again.

It is a cache. It holds no count and is safe to delete. A run takes it up only if its files are those of its receipt,
the ledger holds that receipt, and the code is the same.
"""

from __future__ import annotations

import assay
from assay import disclosure, evidence
from assay.disclosure import cached_suppressions, restore_suppressions, start_recording
from assay.evidence import EventKind, content_hash, current_stage, read_receipt, read_stage
from assay.inspection.book import Made
from assay.inspection.run import Run

STAGE = "suppressions"
ROOMS = (disclosure,)


def restore_cached_suppressions(run: Run) -> None:
    """Take up the suppressions of the run before, and note from now on which are used."""
    start_recording()
    receipt = read_receipt(run.folder, STAGE)
    if receipt is None or receipt.hash not in _hashes_in_ledger(run):
        return
    rests_on = {"inputs": receipt.inputs, "settings": receipt.settings, "code_version": assay.__version__}
    if current_stage(run.folder, STAGE, **rests_on, sources=evidence.sources_hash(ROOMS)):
        restore_suppressions(read_stage(run.folder, STAGE, STAGE))


def _hashes_in_ledger(run: Run) -> set[str]:
    """The hashes of every receipt of this stage that a run wrote."""
    written = (entry for entry in run.inspection.ledger.entries() if entry.kind == EventKind.STAGE_WRITTEN.key)
    return {str(entry.about["receipt"]) for entry in written if entry.about["stage"] == STAGE}


def cache_suppressions(run: Run) -> None:
    """Write the suppressions that this run used."""
    used = cached_suppressions()
    run.book.stage(
        STAGE,
        lambda: Made({STAGE: used}, used.num_rows, used.num_rows),
        rooms=ROOMS,
        inputs={},
        settings={"suppressions": content_hash(used)},
    )
