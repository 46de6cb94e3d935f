"""Receive evidence from senders other than forces: accounts of victims and survivors, documents, and lessons of
reviews.

Each sender's folder becomes its own stage, `others/<sender>/edition_<n>`, with the letter to that sender. A later
edition supersedes an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay import contract, feedback, indicators, ingest, privacy, reference
from assay.contract import question_sets
from assay.engine.provenance import RECEIVED_PREFIX, EventKind, destroy_stage, file_hash, read_receipt, with_folder_lock
from assay.engine.provenance.stage_folders import list_stages
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import ReturnRefused, SourceError, UsageError
from assay.facts.inspection_run import InspectionRun
from assay.feedback.other_sender_letter import sender_letter_csv, sender_letter_html
from assay.indicators.document_checklists import checklists
from assay.indicators.fieldwork_question_sets import fieldwork_sets
from assay.indicators.voice_statements import voices
from assay.ingest import other_senders
from assay.ingest.inspection_folder import Inspection, open_inspection, refuse_retired
from assay.ingest.other_sender_tables import accepted_rows, accepted_stages, current_stages
from assay.ingest.other_senders import MANIFEST_FILE, SenderSubmission, read_sender_manifest, read_submission
from assay.ingest.stage_names import OTHER_SENDERS, PLUGIN_FINDINGS, TRIANGULATION, VOICES
from assay.ingest.table_permission import is_in_any_truth_folder
from assay.progress import Progress, no_progress
from assay.wording import count_phrase
from assay.workflows.plugins.installed_plugins import installed_plugins
from assay.workflows.retire.retirement import DestructionResult

NONE_PREFIX = "none of "
"""Settings of a provenance record: a table of a plug-in of which the sender declares that it has no record."""
INTAKE_PACKAGES = (reference, ingest, contract, feedback, privacy, indicators, question_sets)
DEPENDENT_STAGES = (VOICES, TRIANGULATION, "casefiles/codings")
"""Stages made from submissions of senders, and destroyed with them."""
WITHDRAWAL_RULE = "Withdrawn by its sender."


@dataclass(frozen=True)
class SenderResult:
    """The result of receiving one sender's folder."""

    name: str
    sender: str
    edition: int
    accepted: int
    set_aside: int
    refused: tuple[str, ...]
    letter: Path | None
    refusal: str = ""

    def sentence(self) -> str:
        """Return the result in a sentence."""
        if self.refusal:
            return f"{self.name}: refused. {self.refusal}"
        tables = f"; tables refused: {', '.join(self.refused)}" if self.refused else ""
        rows = f"{count_phrase(self.accepted, 'row')} accepted, {self.set_aside:,} set aside"
        return f"{self.sender}, edition {self.edition}: {rows}{tables}"


@dataclass(frozen=True)
class SenderIntakeResult:
    """The results of receiving the folders of several senders."""

    folder: Path
    senders: tuple[SenderResult, ...]

    @property
    def all_usable(self) -> bool:
        """Return True if every folder was accepted, with at least one usable row in each."""
        return all(result.accepted and not result.refusal for result in self.senders)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        rows = [{**vars(result), "letter": str(result.letter) if result.letter else None} for result in self.senders]
        return {"folder": str(self.folder), "senders": rows}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        accepted = [result for result in self.senders if not result.refusal]
        text_lines = [f"Accepted: {len(accepted)} of {count_phrase(len(self.senders), 'sender')}."]
        text_lines += [f"  {result.sentence()}" for result in self.senders]
        if accepted:
            text_lines.append(f"The letter to each sender is in {self.folder / OTHER_SENDERS}, for that sender only.")
        return text_lines


@with_folder_lock
def receive_evidence(folder: Path, paths: Sequence[Path], *, progress: Progress = no_progress) -> SenderIntakeResult:
    """Receive every folder with a `sent.toml`; a refused folder does not stop the others."""
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    if any(is_in_any_truth_folder(folder, path) for path in paths):
        raise UsageError("The known truth of synthetic forces is never accepted.")
    folders = list(_find_folders(paths))
    links = {path for path in folders if path.is_symlink()} - set(paths)
    runner, results = StageRunner(folder), []
    runner.load_receipts(OTHER_SENDERS)
    for number, path in enumerate(folders, start=1):
        progress(f"Receiving sender {number} of {len(folders)}", 0, 0)
        results.append(_take_in_sender(inspection, runner, path, path in links))
    return SenderIntakeResult(folder, tuple(results))


@with_folder_lock
def withdraw_sender(folder: Path, sender: str, edition: int | None = None) -> DestructionResult:
    """Destroy all that a sender supplied, or one edition of it, and the stage outputs computed from it.

    The report and the released tables stay unchanged until the inspection is run again.
    """
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    withdrawn_stages = [
        stage
        for stage, holder, number in accepted_stages(folder)
        if holder.casefold() == sender.casefold() and edition in (None, number)
    ]
    if not withdrawn_stages:
        raise UsageError(f"The inspection holds nothing that {sender!r} sent in that edition.")
    for stage in withdrawn_stages:
        sender_code, number = stage.split("/")[1:]
        inspection.ledger.append(
            EventKind.RETURN_WITHDRAWN, body=sender_code, edition=int(number.removeprefix("edition_"))
        )
    is_last = not {
        stage for stage, holder, _ in accepted_stages(folder) if holder.casefold() == sender.casefold()
    } - set(withdrawn_stages)
    dependent_stages = [
        stage_name
        for stage_name in list_stages(folder)
        if stage_name in DEPENDENT_STAGES
        or stage_name.startswith(f"{PLUGIN_FINDINGS}/")
        or (is_last and _depends_on_sender(stage_name, sender))
    ]
    files = sum(
        destroy_stage(folder, stage, inspection.ledger, rule=WITHDRAWAL_RULE)
        for stage in (*dependent_stages, *withdrawn_stages)
    )
    advice = f"Earlier releases stay unchanged. To make a release without it: assay inspect run {folder}"
    return DestructionResult(
        folder,
        f"{sender}: {count_phrase(len(withdrawn_stages), 'edition')} taken back.",
        files,
        (*dependent_stages, *withdrawn_stages),
        advice,
    )


def _depends_on_sender(stage: str, sender: str) -> bool:
    """Return True if a stage lists the readers of this sender's documents, or holds ratings of them."""
    folder_name, _, stage_path = stage.partition("/")
    part, _, assignment = stage_path.partition("/")
    key, _, questions = assignment.partition("/")
    is_dependent = folder_name == "casefiles" and part in ("given", "marks") and questions in checklists()
    return is_dependent and key.casefold() == sender.casefold()


def run_voices_stage(run: InspectionRun) -> None:
    """Stage: combine what victims and survivors say, as supplied by all senders."""
    run.stage_runner.load_receipts(OTHER_SENDERS)
    stages = [stage for _, stage in sorted(current_stages(run.folder).items())]

    def make() -> StageOutput:
        rows = accepted_rows(run.folder)
        tables_of_rows: Mapping[str, Any] = rows
        voice_tables = [
            name for name in other_senders.tables() if name.startswith(("voice", "advocates", "complaints"))
        ]
        row_count = sum(len(tables_of_rows[name]) for name in voice_tables)
        tables = voices(rows)
        return StageOutput(tables, row_count, sum(table.num_rows for table in tables.values()))

    inputs = run.stage_runner.outputs_of(*stages)
    run.stage_runner.run_stage(
        VOICES,
        make,
        packages=(reference, ingest, contract, feedback, privacy, indicators, question_sets),
        inputs=inputs,
        settings=run.request_settings,
    )


def _find_folders(paths: Sequence[Path]) -> Iterator[Path]:
    for source in paths:
        if not source.is_dir():
            raise UsageError(f"{source} is not a folder. Name a folder that holds a {MANIFEST_FILE}.")
        inner = sorted(path for path in source.iterdir() if path.is_dir())
        if (source / MANIFEST_FILE).is_file() or not inner:
            yield source
        else:
            yield from (path for path in inner if path.is_symlink())  # to be refused: a link may lead anywhere
            yield from _find_folders([path for path in inner if not path.is_symlink()])


def _take_in_sender(inspection: Inspection, runner: StageRunner, folder: Path, is_link: bool) -> SenderResult:
    try:
        if is_link:
            raise ReturnRefused(f"V01: a link to a folder is not followed. {other_senders.rules()['V01'].correction}")
        return _accept_sender(inspection, runner, folder)
    except SourceError as error:
        rule = str(error).partition(":")[0]
        inspection.ledger.append(EventKind.OTHER_REFUSED, rule=rule if rule in other_senders.rules() else "V01")
        return SenderResult(folder.name, "", 0, 0, 0, (), None, str(error))


def _accept_sender(inspection: Inspection, runner: StageRunner, folder: Path) -> SenderResult:
    manifest = read_sender_manifest(folder, inspection.request)
    stage = f"{OTHER_SENDERS}/{manifest.sender}/edition_{manifest.edition}"
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and not path.is_symlink()]
    hashes = {f"{RECEIVED_PREFIX}{path.name}": file_hash(path) for path in files}
    previous_receipt = read_receipt(inspection.folder, stage)
    if (
        previous_receipt is not None
        and {k: v for k, v in previous_receipt.inputs.items() if k.startswith(RECEIVED_PREFIX)} != hashes
    ):
        raise ReturnRefused(f"V02: edition {manifest.edition} of {manifest.sender} was accepted before with "
                            f"other content. {other_senders.rules()['V02'].correction}")  # fmt: skip
    question_sets = {**checklists(), **fieldwork_sets()}
    plugins = installed_plugins(inspection.folder)
    tables = {name: table for entry in plugins for name, table in entry.tables.items()}
    intake = read_submission(folder, inspection.request, question_sets, tables)
    organisation = inspection.request.organisations.get(manifest.sender)
    output = _intake_output(intake, organisation.name if organisation else "")
    checksums = {f"checklist {key}": entry.checksum for key, entry in question_sets.items()}
    plugin_settings = {
        name: setting for entry in plugins if entry.tables for name, setting in entry.receipt_settings.items()
    }
    settings = {"request": inspection.request.to_toml(), **checksums, **plugin_settings}
    settings |= {f"{NONE_PREFIX}{name}": "known" for name in manifest.empty_tables}
    runner.run_stage(stage, lambda: output, packages=INTAKE_PACKAGES, inputs=hashes, settings=settings)
    if stage not in runner.cached_stages:
        inspection.ledger.append(EventKind.OTHER_ACCEPTED, sender=manifest.sender, edition=manifest.edition)
    refused_tables = tuple(sorted({entry.table for entry in intake.errors if entry.line == 0}))
    letter = inspection.folder / stage / "letter.html"
    return SenderResult(
        folder.name,
        manifest.sender,
        manifest.edition,
        output.rows_out,
        sum(intake.set_aside_counts.values()),
        refused_tables,
        letter,
    )


def _intake_output(intake: SenderSubmission, name: str) -> StageOutput:
    accepted = sum(len(rows) for rows in intake.rows.values())
    return StageOutput(
        tables=intake.tables,
        rows_in=sum(intake.records.values()),
        rows_out=accepted,
        set_aside=dict(intake.set_aside_counts),
        files={"letter.html": sender_letter_html(intake, name), "letter.csv": sender_letter_csv(intake)},
    )
