"""Cache the secondary suppressions of a run in the stage `suppressions`.

It is a cache. It holds no count and is safe to delete. A run takes it up only if its files are those of its receipt,
the ledger holds that receipt, and the code is the same.
"""

from __future__ import annotations

import assay
from assay import sdc
from assay.engine import provenance
from assay.engine.provenance import Receipt, content_hash, current_stage, read_receipt, read_stage
from assay.engine.stage_runner import StageOutput
from assay.facts.inspection_run import InspectionRun
from assay.sdc import cached_suppressions, restore_suppressions, start_recording

STAGE = "suppressions"
SOURCE_PACKAGES = (sdc,)


def restore_cached_suppressions(run: InspectionRun) -> None:
    """Restore the suppressions of the previous run, and record from now on which are used."""
    start_recording()
    if _usable(run):
        restore_suppressions(read_stage(run.folder, STAGE, STAGE))


def keep_cached_suppressions(run: InspectionRun) -> None:
    """Leave the stage unchanged: a run that prepared no table used no suppressions, but the next run may need them.

    If the stage was deleted or damaged, an empty one is written, so that the folder verifies. A later run that prepares
    tables computes the suppressions again.
    """
    receipt = _usable(run)
    if receipt:
        run.stage_runner.record_cached_stage(receipt)
    else:
        start_recording()
        cache_suppressions(run)


def _usable(run: InspectionRun) -> Receipt | None:
    """Return the provenance record of the stage if files, ledger and code show that it is current."""
    receipt = read_receipt(run.folder, STAGE)
    if receipt is None or not run.inspection.ledger.has_written(STAGE, receipt.hash):
        return None
    dependencies = {"inputs": receipt.inputs, "settings": receipt.settings, "code_version": assay.__version__}
    return current_stage(run.folder, STAGE, **dependencies, sources=provenance.sources_hash(SOURCE_PACKAGES))


def cache_suppressions(run: InspectionRun) -> None:
    """Write the suppressions that this run used to the stage `suppressions`."""
    used = cached_suppressions()
    run.stage_runner.run_stage(
        STAGE,
        lambda: StageOutput({STAGE: used}, used.num_rows, used.num_rows),
        packages=SOURCE_PACKAGES,
        inputs={},
        settings={"suppressions": content_hash(used)},
    )
