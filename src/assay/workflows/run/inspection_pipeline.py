"""In which order does an inspection of returns run, and what does each stage leave behind?

answerability, persons, records, enquiries, comparison, disclosure, report. A stage whose inputs, settings and code have
not changed is kept as it stands, so a run that was killed goes on where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assay import contract, report
from assay.contract import separated_columns
from assay.engine import provenance
from assay.facts.inspection_run import Run
from assay.indicators import EVERYWHERE
from assay.linkage.person_assignment import MAIN
from assay.progress import Progress, silent
from assay.report.release_approvals import DRAFT
from assay.text.personal_details import refuse_personal_details
from assay.wording import counted
from assay.workflows.plugins.plugin_inspection import ask_what_was_added
from assay.workflows.release.release_stage import RELEASED, Release, release_tables, write_report
from assay.workflows.run.pipeline_stages import OF_MANY, STAGES

HEADLINES = ("recorded_in_24_hours", "told_of_arrest", "charged_of_closed")


@dataclass(frozen=True)
class Ran:
    """What a run made, what it kept, and which page to open."""

    folder: Path
    index: Path
    returns: int
    asked: int
    records: int
    pages: int
    letters: int
    kept: tuple[str, ...]
    seal: str
    headline: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in vars(self).items()}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        kept = [f"Kept, since nothing changed: {', '.join(self.kept)}."] if self.kept else []
        return [
            f"Returns came from {self.returns} of {counted(self.asked, 'body', 'bodies')}; "
            f"{counted(self.records, 'record was', 'records were')} read.",
            *self.headline,
            *self._letters(),
            *kept,
            f"{counted(self.pages, 'page')}. Open this one first:",
            f"  {self.index}",
            f"To check every figure: assay verify {self.folder}",
        ]

    def _letters(self) -> list[str]:
        if not self.letters:
            return []
        told = counted(self.letters, "force sent", "forces sent")
        return [f"{told} crimes that another force does not know: a letter to each lies in {self.folder / 'records'}."]


@provenance.one_at_a_time
def run_stream(
    folder: Path,
    *,
    persons: str = MAIN,
    progress: Progress = silent,
    today: date | None = None,
    draft: Path | None = None,
    again: report.Reissue | None = None,
) -> Ran:
    """Run the stream on the returns that `folder` holds; raises UsageError if it holds none.

    `persons`: the threshold or the draw by which entries are one person ("low", "main", "high", "exact", "draw 1").
    PurposeRefused if a stage would read a table outside what is declared for it; `today` decides which days have
    passed. `draft`: a folder for a draft in which no page is held back; it is no part of the inspection. `again`: what
    changed since the edition before is named.
    """
    if again:
        refuse_personal_details("The reason", again.reason)
    run = begin_run(folder, persons=persons, progress=progress, today=today)
    release = release_tables(run)
    if draft is not None:
        report.write(release.released, draft, cleared=DRAFT)
    written = write_report(run, release, again)
    ask_what_was_added(run)
    run.book.close()
    return _ran(run, release, written)


def begin_run(
    folder: Path,
    *,
    compared: bool = True,
    persons: str = MAIN,
    progress: Progress = silent,
    today: date | None = None,
) -> Run:
    """A run whose every record has answered, and whose book is still open: whoever begins it closes the book.

    `compared=False` leaves out what only an inspection of forces does: of one force alone there is nothing to set
    beside it, and nobody sends a force what people say of it.
    """
    run = Run(folder, progress, today or date.today(), persons)
    run.permission.ask_for_facts(run.held)  # before anything is written: a run that is refused leaves no trace
    run.book.begin()
    for part in ("returns", *separated_columns.PARTS):
        run.book.watch(part)
    for words, stage in STAGES:
        if compared or stage not in OF_MANY:
            progress(words, 0, 0)
            stage(run)
    return run


def _ran(run: Run, release: Release, written: provenance.Receipt) -> Ran:
    findings = provenance.read_stage(run.folder, RELEASED, "findings").to_pylist()
    national = {row["measure"]: row["sentence"] for row in findings if row["place_code"] == EVERYWHERE}
    return Ran(
        folder=run.folder,
        index=run.folder / "report" / "index.html",
        returns=len(run.held),
        asked=len(run.inspection.request.bodies),
        records=run.size(*(path for name in contract.tables() for path in run.files(name))),
        pages=sum(name.endswith(".html") for name in written.outputs),
        letters=sum(name.endswith(".html") for name in run.book.receipts["records"].outputs),
        kept=tuple(run.book.kept),
        seal=release.seal,
        headline=tuple(national[key] for key in HEADLINES if key in national),
    )
