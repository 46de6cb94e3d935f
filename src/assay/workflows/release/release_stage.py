"""Which tables may leave the building, and which report is made of them?

Every stage here is asked by its key before anything is prepared for it (decision 0184).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import report, sdc
from assay.engine import provenance
from assay.engine.provenance import EventKind, Receipt, read_stage
from assay.engine.provenance.content_hashes import file_hash
from assay.engine.provenance.stage_folders import TABLE
from assay.engine.stage_runner import Made, what_it_rests_on
from assay.facts.inspection_run import Run
from assay.ingest.stage_names import DECIDED as SETTLED
from assay.ingest.stage_names import JUDGEMENT
from assay.sdc import (
    EarlierEdition,
    Policy,
    cells_changed,
    changes,
    declared_tables,
    policy,
    release,
    restore_released,
    with_changes,
)
from assay.workflows.judge.grading_stage import judged_tables
from assay.workflows.judge.proposed_grades import judge_forces
from assay.workflows.release import release_editions
from assay.workflows.release.assurance_log import assumptions_table
from assay.workflows.release.prepared_tables import PreparedTables
from assay.workflows.release.release_clearance import cleared
from assay.workflows.release.release_inputs import (
    POLICY,
    ROOMS,
    RestsOn,
    counts_rest_on,
    declared_only,
    hashes_as_settings,
    tables_of_the_folder,
)
from assay.workflows.release.suppression_stage import cache_suppressions, keep_cached_suppressions
from assay.workflows.run.lessons_stage import STAGE as LESSONS
from assay.workflows.run.lessons_stage import hold_lessons

RELEASED = "disclosure"
CHANGED = "changed"
"""The stage that holds the log of what was changed; nothing of it leaves."""
LEARNED = ("lessons_register", "lessons_applied", "claims_tested", "practice_changed")


class Release:
    """The release of one run: its seal, the receipt of its stage, and its tables, read when they are first needed."""

    def __init__(self, run: Run, seal: str, made: sdc.Released | None) -> None:
        self.seal = seal
        self.receipt: Receipt = run.book.receipts[RELEASED]
        self._run, self._made = run, made

    @property
    def edition(self) -> str:
        """The edition of the figures."""
        return _edition(self._run)

    @cached_property
    def released(self) -> sdc.Released:
        """The tables that left; restored from the stage if this run did not make them."""
        if self._made is not None:
            return self._made
        return restore_released(
            self._run.folder, RELEASED, policy=policy(POLICY), ledger_head=self.seal, edition=self.edition
        )


def release_tables(run: Run) -> Release:
    """What may leave, as the stage of its name holds it; made anew only if something that it rests on changed."""
    chosen, prepared = policy(POLICY), PreparedTables(run)
    seal, sealed = run.book.seal, provenance.stages_listed(run.book.receipts)
    counts = counts_rest_on(run)
    counts_key = Receipt(stage=release_editions.COUNTED, taken=0, passed_on=0, **_rests_on(counts)).key
    editions = release_editions.before_by_receipts(run.folder, counts_key)
    if editions is None:
        editions = prepared.editions[0]
    for stage in editions:
        run.book.know(stage)
    control = counts.also(run.book.outputs_of(*editions))
    hold_lessons(run, prepared, control)
    judge_forces(run, prepared, control)
    beside = tables_of_the_folder(run)
    settled = (stage for room in SETTLED for stage in run.book.know(room))
    own = control.also(run.book.outputs_of(LESSONS, JUDGEMENT, *settled), **hashes_as_settings(beside))

    @cache
    def tables() -> dict[str, pa.Table]:
        return _to_release(run, prepared) | beside

    made: list[sdc.Released] = []

    def make() -> Made:
        released = release(tables(), policy=chosen, ledger_head=seal, edition=_edition(run), earlier=prepared.earlier)
        made.append(released)
        run.book.note_release(chosen.name, len(tables()), seal, sealed)
        taken = sum(table.num_rows for table in tables().values())
        passed_on = sum(table.num_rows for table in released.tables.values())
        held_back = {"rows that would give a hidden count away": taken - passed_on}
        return Made(dict(released.tables), taken, passed_on, held_back)

    def log() -> Made:
        return _log(tables(), chosen, prepared.earlier)

    inputs, settings = own.inputs, own.settings
    done = run.book.stage(RELEASED, make, rooms=ROOMS, inputs=inputs, settings=settings, in_ledger=True)
    number = sum(name.endswith(TABLE) for name in done.outputs)
    run.book.note_release(chosen.name, number, seal, sealed)  # the seal may change where no released table does
    run.book.stage(CHANGED, log, rooms=ROOMS, inputs=inputs, settings=settings)
    run.book.stage(release_editions.COUNTED, lambda: _counted(tables()), rooms=ROOMS, inputs=inputs,
                   settings={**settings, release_editions.COUNTS_KEY: counts_key})  # fmt: skip
    if prepared.suppressions_used:
        cache_suppressions(run)
    else:
        keep_cached_suppressions(run)
    return Release(run, seal, made[0] if made else None)


def _rests_on(what: RestsOn) -> dict[str, Any]:
    return what_it_rests_on(ROOMS, what.inputs, what.settings)


def _edition(run: Run) -> str:
    return f"returns to request {run.inspection.request.key}"


def _to_release(run: Run, prepared: PreparedTables) -> dict[str, pa.Table]:
    """The tables that a release is made of, without those of `tables_of_the_folder`."""
    judged = judged_tables(run.folder) | {"assumptions": assumptions_table()}
    learned = {name: read_stage(run.folder, LESSONS, name) for name in LEARNED}
    judged |= {name: declared_only(name, table) for name, table in learned.items()}
    return prepared.exact | {"findings": prepared.findings, "strands": prepared.strands} | judged


def _counted(tables: dict[str, pa.Table]) -> Made:
    """The figures as they were counted, for us alone: what a later edition must not give away of this one."""
    exact = release_editions.of_records(tables)
    rows = sum(table.num_rows for table in exact.values())
    return Made(exact, rows, rows)


def _log(tables: dict[str, pa.Table], chosen: Policy, earlier: Sequence[EarlierEdition]) -> Made:
    """What was done to the figures and why, for the inspection's own people: it stands apart from what leaves. Its
    receipt counts cells, by what was done to them."""
    safe, kept = with_changes(tables, chosen, earlier=earlier)
    log = changes(safe, kept, chosen, tables)
    forms = declared_tables()
    protected = {name: sum(one.protect for one in forms[name].columns) for name in tables}
    taken = sum(columns * safe[name].num_rows for name, columns in protected.items())
    empty = cells_changed(log)
    return Made({"changes": log}, taken, taken - sum(empty.values()), empty)


def write_report(run: Run, release: Release, again: report.Reissue | None = None) -> Receipt:
    """The report of what was released; kept if it would be the same. `again`: it names what changed since."""
    rows, said = release.receipt.passed_on, cleared(run.inspection, release.seal)

    def fill(folder: Path) -> object:
        return report.write(release.released, folder, progress=run.progress, cleared=said, with_pdf=True, again=again)

    inputs = run.book.outputs_of("disclosure")
    settings = {"seal": release.seal, "policy": POLICY, "wording": str(said.wording or "not reviewed")}
    if again:
        earlier = file_hash(again.earlier)
        settings |= {"earlier": earlier, "reason": again.reason}
        run.inspection.ledger.append(EventKind.REISSUED, reason=again.reason, earlier=earlier)
    settings |= {f"page of {body}": str(yes) for body, yes in sorted(said.pages.items())}

    def make() -> Made:
        return Made({}, rows, rows, fill=fill)

    return run.book.stage("report", make, rooms=(report,), inputs=inputs, settings=settings)
