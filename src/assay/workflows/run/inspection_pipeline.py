"""Run the pipeline of an inspection of returns: stages, release and report.

A stage whose inputs, settings and code are unchanged is cached, so a run that was interrupted continues where it
stopped.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assay import contract, report
from assay.contract import separated_columns
from assay.engine import provenance
from assay.facts.inspection_run import InspectionRun
from assay.linkage.person_assignment import MAIN
from assay.progress import Progress, no_progress
from assay.report.closing_page import ClosingPage
from assay.report.key_findings import KEY_FINDINGS_FILE
from assay.report.pdf import Pdfs
from assay.report.release_approvals import DRAFT
from assay.text.personal_details import refuse_personal_details
from assay.wording import count_phrase
from assay.workflows.plugins.plugin_inspection import evaluate_plugins
from assay.workflows.release.release_stage import Release, release_tables, write_report
from assay.workflows.run.pipeline_stages import MULTI_FORCE_STAGES, STAGES

SHOWN_FINDINGS = 3
"""How many key findings are printed at a terminal; the front page has all."""


@dataclass(frozen=True)
class RunResult:
    """The result of a run: what was made, which stages were cached, and which page to open."""

    folder: Path
    index: Path
    returns: int
    requested: int
    records: int
    pages: int
    letters: int
    cached_stages: tuple[str, ...]
    seal: str
    headline: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in vars(self).items()}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        cached_text = (
            [f"Not computed again, because nothing changed: {', '.join(self.cached_stages)}."]
            if self.cached_stages
            else []
        )
        return [
            f"{self.returns} of {count_phrase(self.requested, 'force')} sent a return; "
            f"{count_phrase(self.records, 'record was', 'records were')} read.",
            *cached_text,
            *self._letter_lines(),
            f"The letter to each force about its data: {self.folder / 'returns'}, letter.html in each return.",
            *(["Key findings:"] if self.headline else []),
            *(f"  {number}. {sentence}" for number, sentence in enumerate(self.headline, start=1)),
            f"{count_phrase(self.pages, 'page')}. Open this one first:",
            f"  {self.index}",
            f"To check every figure: assay inspect verify {self.folder}",
        ]

    def _letter_lines(self) -> list[str]:
        if not self.letters:
            return []
        force_text = count_phrase(self.letters, "force sent", "forces sent")
        return [
            f"{force_text} crimes that another force does not know: a letter to each is in {self.folder / 'records'}."
        ]


@provenance.with_folder_lock
def run_inspection(
    folder: Path,
    *,
    persons: str = MAIN,
    progress: Progress = no_progress,
    today: date | None = None,
    draft: Path | None = None,
    reissue: report.Reissue | None = None,
    pdfs: Pdfs = Pdfs.NONE,
    closing_page: ClosingPage | None = None,
) -> RunResult:
    """Run the pipeline on the returns in `folder`.

    Parameters
    ----------
    persons
        The threshold or draw of record linkage ("low", "main", "high", "exact", "draw 1").
    today
        Decides which last days have passed.
    draft
        A folder for a draft in which no page waits for clearance; it is no part of the inspection.
    reissue
        Name what changed since the prior release.
    pdfs
        Which PDFs are set, after the report can be read.
    closing_page
        The last page of a report on synthetic forces.

    Raises
    ------
    UsageError
        If there are no returns.
    PurposeRefused
        If a stage would read a table outside its declaration.
    """
    if reissue:
        refuse_personal_details("The reason", reissue.reason)
    run = run_stages(folder, persons=persons, progress=progress, today=today)
    release = release_tables(run)
    if draft is not None:
        report.write_report(release.released, draft, approvals=DRAFT)
    report_receipt = write_report(run, release, reissue, pdfs, closing_page)
    evaluate_plugins(run)
    run.stage_runner.end_run()
    return _run_result(run, release, report_receipt)


def run_stages(
    folder: Path,
    *,
    compare_forces: bool = True,
    persons: str = MAIN,
    progress: Progress = no_progress,
    today: date | None = None,
) -> InspectionRun:
    """Run the stages up to the release, and return the run with its stage runner still open.

    With `compare_forces=False` the stages in `MULTI_FORCE_STAGES` are left out: a single force has nothing to be
    compared with, and no other sender supplies evidence on it.
    """
    run = InspectionRun(folder, progress, today or date.today(), persons)
    run.permission.require_for_facts(
        run.accepted_returns
    )  # before anything is written: a run that is refused leaves no trace
    run.stage_runner.begin_run()
    for part in ("returns", *separated_columns.PARTS):
        run.stage_runner.watch_stages(part)
    for words, stage in STAGES:
        if compare_forces or stage not in MULTI_FORCE_STAGES:
            progress(words, 0, 0)
            stage(run)
    return run


def _run_result(run: InspectionRun, release: Release, report_receipt: provenance.Receipt) -> RunResult:
    sentences = json.loads((run.folder / "report" / KEY_FINDINGS_FILE).read_text(encoding="utf-8"))
    return RunResult(
        folder=run.folder,
        index=run.folder / "report" / "index.html",
        returns=len(run.accepted_returns),
        requested=len(run.inspection.request.organisations),
        records=run.count_rows(*(path for name in contract.tables() for path in run.table_files(name))),
        pages=sum(name.endswith(".html") for name in report_receipt.outputs),
        letters=sum(name.endswith(".html") for name in run.stage_runner.receipts["records"].outputs),
        cached_stages=tuple(run.stage_runner.cached_stages),
        seal=release.seal,
        headline=tuple(sentences[:SHOWN_FINDINGS]),
    )
