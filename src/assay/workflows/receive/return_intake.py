"""Receive returns and bundles: an accepted or a rejected return each, and the letter to its sender.

Each return is read separately, so that a bad one never stops the others. Accepted rows, rows set aside and the letter
become a stage of their own, `returns/<force>/edition_<n>`. Identities are stored separately in
`identities/<force>/edition_<n>`, and free texts in `texts/<force>/edition_<n>`. An earlier edition stays until it is
withdrawn.
"""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq

from assay import contract, engine, feedback, ingest, privacy, reference, text
from assay.contract import separated_columns
from assay.engine.provenance import RECEIVED_PREFIX, EventKind, Receipt, file_hash, with_folder_lock
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import ReturnRefused, SourceError, UsageError
from assay.feedback.force_return_letter import write_letter
from assay.feedback.scan_summary import ScanSummary
from assay.ingest import return_editions, summary_scan
from assay.ingest.accepted_returns import (
    all_accepted_returns,
    letter_path,
    part_stage,
    previous_letter_path,
    return_stage,
)
from assay.ingest.accepted_tables import ReceivedReturn
from assay.ingest.changed_files import explain_changed_files
from assay.ingest.column_mapping import read_mapping
from assay.ingest.inspection_folder import SETTINGS_FILE as INSPECTION_FILE
from assay.ingest.inspection_folder import Inspection, open_inspection, record_declarations, refuse_retired
from assay.ingest.other_senders import MANIFEST_FILE as SENDER_FILE
from assay.ingest.return_editions import ReturnEdition, edition_status
from assay.ingest.return_manifest import MANIFEST_FILE as RETURN_FILE
from assay.ingest.return_manifest import read_return_section
from assay.ingest.return_prefetch import PrefetchedReturn, ReturnPrefetcher, prefetch_returns
from assay.ingest.return_validation import read_force_manifest, validate_return
from assay.ingest.table_permission import is_in_any_truth_folder, is_part_allowed
from assay.ingest.table_reader import files_by_contract_name
from assay.privacy import RequestKeys, separated_identifiers
from assay.privacy.bundle_manifest import MANIFEST_FILE as MANIFEST
from assay.privacy.bundle_manifest import bundle_file_hashes
from assay.progress import Progress, no_progress
from assay.wording import count_phrase, join_words
from assay.workflows.receive.bundle_reader import Bundle, is_bundle

RULE = re.compile(r"R\d\d")
MAX_NAMED = 5
"""Refused tables that a sentence names."""
CRIMES = "crimes"
VISITS = "visits.csv"
"""The fieldwork plan, which may be beside returns; `assay fieldwork plan` takes it in."""


@dataclass(frozen=True)
class ReturnResult:
    """The result of receiving one return."""

    name: str
    force_code: str
    edition: int
    accepted: int
    set_aside: int
    errors: int
    letter: Path | None
    refusal: str = ""
    tables_refused: tuple[str, ...] = ()
    note: str = ""

    @property
    def lacks_crimes(self) -> bool:
        """Return True if the table of crimes, on which most others depend, was refused."""
        return any(refused.startswith(f"{CRIMES} ") for refused in self.tables_refused)

    def sentence(self) -> str:
        """Return the result in a sentence."""
        if self.refusal:
            return f"{self.name}: refused. {self.refusal}"
        counts = f"{count_phrase(self.accepted, 'row')} accepted, {self.set_aside:,} set aside"
        refused = f"; tables refused: {', '.join(self.tables_refused)}" if self.tables_refused else ""
        listed = f"{count_phrase(self.errors, 'error')} listed"
        note = f". {self.note}" if self.note else ""
        return f"{self.force_code}, edition {self.edition}: {counts}, {listed}{refused}{note}"


@dataclass(frozen=True)
class IntakeResult:
    """The results of receiving several returns."""

    folder: Path
    returns: tuple[ReturnResult, ...]
    repeated: tuple[str, ...] = ()
    """Paths of returns that were named more than once, or are a copy of another one; each return counts once."""

    @property
    def refused(self) -> tuple[ReturnResult, ...]:
        """Return the refused returns."""
        return tuple(result for result in self.returns if result.refusal)

    @property
    def all_usable(self) -> bool:
        """Return True if every return was accepted, with at least one usable row and its crimes in each."""
        return all(result.accepted and not result.refusal and not result.lacks_crimes for result in self.returns)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        rows = [{**vars(result), "letter": str(result.letter) if result.letter else None} for result in self.returns]
        return {"folder": str(self.folder), "returns": rows, "repeated": list(self.repeated)}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        accepted = [result for result in self.returns if not result.refusal]
        without_crimes = [result for result in accepted if result.lacks_crimes]
        n_accepted = len(accepted) - len(without_crimes)
        text_lines = [f"Accepted: {n_accepted} of {count_phrase(len(self.returns), 'return')}."]
        text_lines += [_without_crimes_sentence(result) for result in without_crimes]
        text_lines += [f"{path} is the same return again, and counts once." for path in self.repeated]
        text_lines += [f"  {result.sentence()}" for result in (*accepted, *self.refused)]
        if any(result.letter for result in accepted):
            text_lines.append(f"The letter to each sender is in {self.folder / 'returns'}, for that sender only.")
        text_lines += [
            f"No row of {result.force_code} can be used. Its sender corrects what the letter lists, and sends it again "
            f"as edition {result.edition + 1}."
            for result in accepted
            if not result.accepted
        ]
        if any(result.accepted for result in accepted):
            text_lines.append(f"Next: assay inspect run {self.folder}")
            text_lines.append(
                f"To find urgent cases in every new return before the run: assay urgent find {self.folder} --all"
            )
        return text_lines


def _without_crimes_sentence(result: ReturnResult) -> str:
    return (
        f"The crimes of {result.force_code} could not be read, so only its other tables can be used. Its sender "
        f"corrects what the letter lists, and sends it again as edition {result.edition + 1}."
    )


@with_folder_lock
def receive_returns(
    folder: Path,
    paths: Sequence[Path],
    *,
    keys: RequestKeys | None = None,
    in_draft: bool = False,
    scan: bool = True,
    today: date | None = None,
    progress: Progress = no_progress,
) -> IntakeResult:
    """Receive every return in `paths` (returns, bundles or folders of them); a refused one does not stop the others.

    Parameters
    ----------
    keys
        Keys for the encrypted parts of a bundle; a part past its last day on the day `today` stays encrypted.
    in_draft
        A force tries its own return, so the same edition with other content replaces the previous one.
    scan
        If False, the summaries of full returns are not scanned.
    """
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    record_declarations(inspection)
    for path in paths:
        if (path / SENDER_FILE).is_file():
            raise UsageError(
                f"{path} holds voices or documents. Receive them with: assay inspect receive-evidence {folder} {path}"
            )
        if is_in_any_truth_folder(folder, path):
            raise UsageError(f"{path} is the known truth of synthetic forces, not a return, and is never accepted.")
    found = [path for path in _find_returns(paths) if not is_in_any_truth_folder(folder, path)]
    links = {path for path in found if path.is_symlink()} - set(paths)
    folders, repeated = _distinct_folders(found, links)
    results = []
    with prefetch_returns() as prefetch:
        intake = _Intake(inspection, StageRunner(folder), keys, today or date.today(), in_draft, scan, prefetch)
        for number, path in enumerate(folders, start=1):
            progress(f"Receiving return {number} of {len(folders)}", 0, 0)
            if number < len(folders) and folders[number] not in links:
                _prefetch_next(intake, path, folders[number])
            results.append(_take_in_return(intake, path, path in links))
    copies = _copies(folders, results)
    distinct = [result for path, result in zip(folders, results, strict=True) if path not in copies]
    return IntakeResult(folder, tuple(distinct), tuple(map(str, (*repeated, *copies))))


def _distinct_folders(found: Sequence[Path], links: Collection[Path]) -> tuple[list[Path], list[Path]]:
    """Return each folder once, and the paths that lead to one of them again; a link is refused, not followed."""
    first: dict[Path, Path] = {}
    repeated: list[Path] = []
    for path in found:
        folder = path.absolute() if path in links else path.resolve()
        if folder in first:
            repeated.append(path)
        else:
            first[folder] = path
    return list(first.values()), repeated


def _copies(folders: Sequence[Path], results: Sequence[ReturnResult]) -> list[Path]:
    """Return the folders that hold an edition that another folder of the same command holds, too."""
    editions: set[tuple[str, int]] = set()
    copies: list[Path] = []
    for path, result in zip(folders, results, strict=True):
        edition = (result.force_code, result.edition)
        if not result.refusal and edition in editions:
            copies.append(path)
        editions.add(edition)
    return copies


def _prefetch_next(intake: _Intake, folder: Path, next_folder: Path) -> None:
    """Begin to read the next return if it is new and of another sender.

    For the same sender it is not known yet which editions are accepted.
    """
    if is_bundle(folder) or is_bundle(next_folder) or intake.in_draft:
        return
    try:
        current_manifest, next_manifest = (
            read_force_manifest(return_folder, intake.inspection.request) for return_folder in (folder, next_folder)
        )
    except (SourceError, OSError):
        return  # its turn tells why
    read_before = (intake.inspection.folder / return_stage(next_manifest.force_code, next_manifest.edition)).exists()
    if read_before or current_manifest.force_code == next_manifest.force_code:
        return
    accepted_editions = [accepted.return_edition for accepted in all_accepted_returns(intake.inspection)]
    intake.prefetch.submit(
        next_folder, lambda: _read(intake, next_folder, _file_hashes(next_folder), accepted_editions)
    )


def _read(
    intake: _Intake, folder: Path, hashes: Mapping[str, str], accepted_editions: Sequence[ReturnEdition]
) -> PrefetchedReturn:
    inspection = intake.inspection
    declared, today = inspection.declarations, intake.today
    received = validate_return(
        folder,
        inspection.request,
        accepted_editions=accepted_editions,
        files=hashes,
        declarations=declared,
        today=today,
        scan=intake.scan,
    )
    return PrefetchedReturn(hashes, received)


def _find_returns(paths: Sequence[Path]) -> Iterator[Path]:
    for source in paths:
        if not source.is_dir():
            raise UsageError(f"{source} is not a folder. Name a folder that holds a {RETURN_FILE}.")
        if (source / SENDER_FILE).is_file() or (source / VISITS).is_file():
            continue  # taken in by assay inspect receive-evidence and assay fieldwork plan
        # A self-audit may be beside a return: skip the folder of an inspection.
        inner = _inner_folders(source)
        if (source / RETURN_FILE).exists() or is_bundle(source) or not inner:
            yield source
        else:
            yield from (path for path in inner if path.is_symlink())  # to be refused: a link may lead anywhere
            yield from _find_returns([path for path in inner if not path.is_symlink()])


def _inner_folders(source: Path) -> list[Path]:
    """Return the folders in a folder that may be returns; none if it cannot be opened, so that it is refused itself."""
    try:
        return sorted(path for path in source.iterdir() if path.is_dir() and not (path / INSPECTION_FILE).is_file())
    except OSError:
        return []


@dataclass(frozen=True)
class _Intake:
    """The state of an intake.

    It holds the inspection, its stage runner, the keys of encrypted parts, the day, whether this is a draft, whether
    summaries are scanned, and prefetched returns.
    """

    inspection: Inspection
    runner: StageRunner
    keys: RequestKeys | None
    today: date
    in_draft: bool
    scan: bool
    prefetch: ReturnPrefetcher


@dataclass(frozen=True)
class _Arrival:
    """One return or bundle: its sender, how it becomes a stage, its separated parts, and what stays encrypted.

    `refusal` reads the return and says why none of it can be used; '' if something can.
    """

    manifest: return_editions.EditionManifest
    make_output: Callable[[], StageOutput]
    part: Callable[[str], Mapping[str, pa.Table]]
    sealed: tuple[str, ...] = ()
    note: str = ""
    refusal: Callable[[], str] = lambda: ""


def _take_in_return(intake: _Intake, folder: Path, is_link: bool) -> ReturnResult:
    try:
        if is_link:
            raise ReturnRefused("A link to a folder is not followed (R01). Name the folder itself, or copy it here.")
        with explain_changed_files(folder):
            return _accept(intake, folder)
    except SourceError as error:
        return _refused(intake, folder, str(error))
    except UNREADABLE as error:
        if isinstance(error, OSError) and not _is_of_sender(error, folder):
            raise
        # What a reader says of a damaged file may quote a cell: only the name of the file is passed on.
        return _refused(intake, folder, _unreadable_sentence(error))


UNREADABLE = (OSError, UnicodeError, EOFError, zipfile.BadZipFile, zlib.error, pa.ArrowInvalid, ElementTree.ParseError)
"""What readers raise for a file that cannot be opened, or is damaged in a way that no rule describes."""


def _is_of_sender(error: OSError, folder: Path) -> bool:
    """Return True if an error of the operating system is about a file of the return, and not of the inspection."""
    return bool(error.filename) and Path(os.fsdecode(error.filename)).is_relative_to(folder)


def _unreadable_sentence(error: Exception) -> str:
    filename = error.filename if isinstance(error, OSError) else None
    name = Path(os.fsdecode(filename)).name if filename else "A file of it"
    return (
        f"{name} cannot be read (R04), so nothing of the return was accepted. Ask for permission to open it, or for a "
        "new copy, and receive it again."
    )


def _refused(intake: _Intake, folder: Path, sentence: str) -> ReturnResult:
    """Record that a return was refused, and return the result."""
    rule = RULE.search(sentence)
    name = _refused_sender(intake.inspection, folder)
    intake.inspection.ledger.append(EventKind.RETURN_REFUSED, name=name, rule=rule[0] if rule else "R01")
    return ReturnResult(folder.name, "", 0, 0, 0, 0, None, sentence)


def _refused_sender(inspection: Inspection, folder: Path) -> str:
    """Return the sender of a refused return if it can be known; a folder name may hold anything and is not quoted."""
    try:
        code = str(read_return_section(folder).get("force_code", "")) if not is_bundle(folder) else ""
    except (SourceError, OSError):
        code = ""
    unknown = f"not known ({hashlib.sha256(folder.name.encode()).hexdigest()[:8]})"
    return code if code in inspection.request.organisations else unknown


def _file_hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every file, by its contract or bundle name."""
    if is_bundle(folder):
        return {MANIFEST: file_hash(folder / MANIFEST), **bundle_file_hashes(folder)}
    return {
        name: file_hash(path) for name, path in sorted(files_by_contract_name(folder, read_mapping(folder)).items())
    }


def _refuse_changed(folder: Path, hashes: Mapping[str, str]) -> None:
    """Refuse a return whose files changed after their hashes were taken and before they were read."""
    if _file_hashes(folder) != hashes:
        raise ReturnRefused(
            "A file changed while it was read (R01), so the return was not accepted. Wait until all files are "
            "written, then receive it again."
        )


def _accept(intake: _Intake, folder: Path) -> ReturnResult:
    inspection, runner = intake.inspection, intake.runner
    hashes = _file_hashes(folder)
    accepted_editions = [accepted.return_edition for accepted in all_accepted_returns(inspection)]
    with ExitStack() as until_written:
        read_arrival = _read_bundle_arrival if is_bundle(folder) else _read_return_arrival
        arrival = read_arrival(intake, folder, hashes, accepted_editions, until_written)
        manifest = arrival.manifest
        stage = return_stage(manifest.force_code, manifest.edition)
        is_new = not intake.in_draft and not (inspection.folder / stage).exists()
        if is_new and (refusal := arrival.refusal()):
            raise ReturnRefused(refusal)
        receipt = _write_stages(intake, stage, hashes, arrival)
    if stage not in runner.cached_stages:
        _record_acceptance(inspection, manifest.force_code, manifest.edition, accepted_editions)
    return ReturnResult(
        name=folder.name,
        force_code=manifest.force_code,
        edition=manifest.edition,
        accepted=receipt.passed_on,
        set_aside=sum(receipt.set_aside.values()),
        errors=pq.read_metadata(inspection.folder / stage / "faults.parquet").num_rows,
        letter=letter_path(inspection, stage),
        tables_refused=_refused_tables(inspection.folder / stage / "counted.parquet"),
        note=". ".join(filter(None, (arrival.note, _not_scanned_text(inspection.folder / stage)))),
    )


def _read_return_arrival(
    intake: _Intake,
    folder: Path,
    hashes: Mapping[str, str],
    accepted_editions: Sequence[ReturnEdition],
    until_written: ExitStack,
) -> _Arrival:
    """Read a return in the sender's form: every cell is checked here."""
    inspection = intake.inspection
    manifest = read_force_manifest(folder, inspection.request)
    if intake.in_draft:
        accepted_editions = [
            accepted
            for accepted in accepted_editions
            if (accepted.force_code, accepted.edition) != (manifest.force_code, manifest.edition)
        ]
    _refuse_other_form(manifest, accepted_editions, bundle=False)
    # Refuses an edition that was accepted with other bytes.
    edition_status(manifest, hashes, accepted_editions)
    previous_letter = previous_letter_path(inspection, manifest.force_code, manifest.edition, in_draft=intake.in_draft)

    @cache
    def received() -> ReceivedReturn:
        received_return = (
            intake.prefetch.take(folder, hashes) or _read(intake, folder, hashes, accepted_editions).received
        )
        until_written.callback(received_return.close)
        _refuse_changed(folder, hashes)
        return received_return

    def part(name: str) -> Mapping[str, pa.Table]:
        tables = received().tables
        found = (
            separated_identifiers.identity_tables(tables)
            if name == separated_columns.IDENTITIES
            else separated_identifiers.text_tables(tables)
        )
        return found if is_part_allowed(inspection, name, intake.today) else separated_identifiers.empty_tables(found)

    name = inspection.request.organisations[manifest.force_code].name
    return _Arrival(
        manifest,
        lambda: _return_output(received(), previous_letter, name),
        part,
        refusal=lambda: _unusable_sentence(received().tables["counted"].to_pylist()),
    )


def _unusable_sentence(count_rows: Sequence[Mapping[str, Any]]) -> str:
    """Return that every table of a return is refused, with the rule of each; '' if one is not."""
    supplied = [row for row in count_rows if row["file"] or row["refused_rule"]]
    if not supplied or any(not row["refused_rule"] for row in supplied):
        return ""
    names = [f"{row['file'] or row['table_name']} ({row['refused_rule']})" for row in supplied]
    refused = [*names[:MAX_NAMED], *([f"{len(names) - MAX_NAMED} more"] if len(names) > MAX_NAMED else [])]
    return (
        f"No table of it can be used, so it takes no edition number: {join_words(refused)}. Its sender runs "
        "assay self-audit on it, whose letter lists what to correct, and sends the same edition again."
    )


def _read_bundle_arrival(
    intake: _Intake,
    folder: Path,
    hashes: Mapping[str, str],
    accepted_editions: Sequence[ReturnEdition],
    until_written: ExitStack,
) -> _Arrival:
    """Read a bundle, whose cells were checked where it was made."""
    bundle = Bundle(folder, intake.inspection, intake.keys, intake.today)
    _refuse_other_form(bundle.manifest, accepted_editions, bundle=True)
    edition_status(bundle.manifest, hashes, accepted_editions)
    tables = bundle.tables()  # before anything is written: a bundle that is refused leaves nothing
    parts = {name: bundle.open_part(name) for name in separated_columns.PARTS if name not in bundle.sealed_parts()}

    def make_output() -> StageOutput:
        _refuse_changed(folder, hashes)
        return StageOutput(tables=tables, **_row_counts(tables))

    return _Arrival(bundle.manifest, make_output, parts.__getitem__, bundle.sealed_parts(), bundle.sealed_note())


def _refuse_other_form(
    manifest: return_editions.EditionManifest, accepted_editions: Sequence[ReturnEdition], *, bundle: bool
) -> None:
    """Refuse an edition that was accepted before in the other form."""
    for accepted in accepted_editions:
        is_same_edition = (accepted.force_code, accepted.edition) == (manifest.force_code, manifest.edition)
        if is_same_edition and (MANIFEST in accepted.files) != bundle:
            raise ReturnRefused(
                f"R02: edition {accepted.edition} of {accepted.force_code} was accepted as a "
                f"{'full return' if bundle else 'bundle'}. Withdraw it first (assay inspect withdraw-return), or "
                "send the next edition."
            )


def _write_stages(intake: _Intake, stage: str, hashes: Mapping[str, str], arrival: _Arrival) -> Receipt:
    """Write the three parts of a return, the main part last: its presence marks the return as complete."""
    dependencies: dict[str, Any] = {
        "packages": (reference, ingest, contract, feedback, privacy, engine, text),
        "inputs": {f"{RECEIVED_PREFIX}{name}": value for name, value in hashes.items()},
        "settings": {"request": intake.inspection.request.to_toml(), **_declaration_settings(intake)},
    }
    for name in separated_columns.PARTS:
        if name not in arrival.sealed:
            intake.runner.run_stage(part_stage(name, stage), partial(_part_output, arrival, name), **dependencies)
    return intake.runner.run_stage(stage, arrival.make_output, **dependencies)


def _declaration_settings(intake: _Intake) -> dict[str, str | bool]:
    """Return the declarations on which the acceptance of rows depends.

    Days are left out, so that they can be set later without reading again.
    """
    declared = intake.inspection.declarations
    found: dict[str, str | bool] = {
        f"declared {name}": "not whole"
        if declaration.errors() or declaration.expiry_sentence(intake.today)
        else declaration.window
        for name, declaration in declared.items()
    }
    return found | {"summaries scanned": intake.scan and summary_scan.is_search_allowed(declared, intake.today)}


def _part_output(arrival: _Arrival, part: str) -> StageOutput:
    tables = arrival.part(part)
    part_tables = {name: tables[name] for name in tables}
    rows = sum(table.num_rows for table in part_tables.values())
    return StageOutput(part_tables, rows, rows)


def _not_scanned_text(stage: Path) -> str:
    """Return how many summaries were not scanned, and why, in a sentence; '' if all were."""
    return ScanSummary(
        *(pq.read_table(stage / f"{name}.parquet") for name in summary_scan.SCAN_TABLES)
    ).unread_sentence()


def _refused_tables(path: Path) -> tuple[str, ...]:
    rows = pq.read_table(path).to_pylist()
    return tuple(f"{row['table_name']} ({row['refused_rule']})" for row in rows if row["refused_rule"])


def _record_acceptance(
    inspection: Inspection, force_code: str, edition: int, accepted_editions: Sequence[ReturnEdition]
) -> None:
    inspection.ledger.append(EventKind.RETURN_ACCEPTED, body=force_code, edition=edition)
    for accepted in accepted_editions:
        if accepted.force_code == force_code and accepted.edition < edition:
            inspection.ledger.append(EventKind.RETURN_SUPERSEDED, body=force_code, edition=accepted.edition)


def _return_output(received: ReceivedReturn, previous_letter: Path | None, name: str) -> StageOutput:
    sender_letter = write_letter(received, previous_letter, name=name)
    return StageOutput(
        tables=separated_identifiers.tables_without_identifiers(received.tables),
        sql=received.statements,
        files={"letter.html": sender_letter.html(), "letter.csv": sender_letter.csv()},
        **_row_counts(received.tables),
    )


def _row_counts(tables: Mapping[str, pa.Table]) -> dict[str, Any]:
    """Return the number of records received, accepted, and set aside by rule."""
    count_rows = tables["counted"].to_pylist()
    set_aside = Counter(tables["aside"]["rule"].to_pylist())
    for row in count_rows:
        if row["refused_rule"]:
            set_aside[f"{row['refused_rule']}: the table was refused"] += (row["records"] or 0) - (row["accepted"] or 0)
    return {
        "rows_in": sum(row["records"] or 0 for row in count_rows),
        "rows_out": sum(row["accepted"] or 0 for row in count_rows),
        "set_aside": set_aside,
    }
