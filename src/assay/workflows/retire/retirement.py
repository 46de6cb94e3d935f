"""Retire an inspection, withdraw a return, or destroy tables whose last permitted day has passed.

Content is destroyed. What stays names nobody: the request, the provenance records with their hashes and counts, the
ledger, and the released tables. So anybody can still verify that the released figures are those that were made, from
what they were made, and when and under which rule that was destroyed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assay import contract
from assay.contract import separated_columns
from assay.engine.provenance import EventKind, destroy_stage, file_hash, with_folder_lock
from assay.engine.provenance.folder_lock import LEDGER
from assay.engine.provenance.ledger import LedgerEntry
from assay.engine.provenance.remaining_references import (
    References,
    RemainingReferences,
    collect_references,
    search_files,
)
from assay.engine.provenance.stage_folders import (
    RECEIPT,
    TABLE_SUFFIX,
    UNFINISHED_PREFIX,
    is_partial_output,
    list_files,
    list_stages,
)
from assay.engine.provenance.verification import CODES_KEY, FILES_WITHOUT_STAGE, PENDING_REFERENCES
from assay.errors import UsageError
from assay.ingest import other_senders, summary_scan
from assay.ingest.accepted_returns import RETURN_FILE, all_accepted_returns, current_returns, part_stage
from assay.ingest.inspection_folder import Inspection, is_retired, open_inspection, record_declarations, refuse_retired
from assay.ingest.stage_names import DECISION_STAGES, OTHER_SENDERS, RELEASED_STAGES, RETAINED_STAGES
from assay.privacy import separated_identifiers
from assay.reference.processing_declarations import Declaration
from assay.wording import count_phrase
from assay.workflows.urgent import urgent_register as urgent_lists
from assay.workflows.urgent.list_closure import DEALT_WITH, close_lists, refuse_open

IDENTIFYING_TABLES = ("incomplete", "people", "ages_then", "things", *summary_scan.SCAN_TABLES)
"""Additional tables of a return that name its records."""
DERIVED_RULE = "Derived from tables past their last day."
WITHDRAWAL_RULE = "Withdrawn by its sender."
RETIREMENT_RULE = "The inspection was retired."
PLACE_SEPARATOR = "; "
ExternalDestroyer = Callable[[References], Iterable[RemainingReferences]]
MAX_LINES = 20
INTERRUPTED = (
    "An earlier retirement was interrupted after it had destroyed some tables. Their references are "
    "gone, so the remaining files could not be searched for them."
)


@dataclass(frozen=True)
class DestructionResult:
    """The result of a destruction: what was destroyed, and the next step."""

    folder: Path
    summary: str
    files: int
    stages: tuple[str, ...]
    next: str

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {"folder": str(self.folder), "what": self.summary, "files": self.files, "stages": list(self.stages)}

    @property
    def complete(self) -> bool:
        """Return True if nothing was left that should have been destroyed."""
        return True

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        destruction_text = (
            f"{count_phrase(self.files, 'file')} in {count_phrase(len(self.stages), 'stage')} were destroyed."
        )
        return [
            self.summary,
            destruction_text if self.files else "There was nothing left to destroy.",
            "Copies elsewhere (backups, the original files) are not destroyed. Whoever keeps them must destroy them.",
            self.next,
        ]


@dataclass(frozen=True)
class RetirementResult(DestructionResult):
    """The result of a retirement: what was destroyed, and what the search for remaining references found.

    `sought`: the references that were destroyed and searched for; `remaining`: the files in which some still occur;
    `search_limit`: why the search cannot answer this, or ''.
    """

    sought: References = field(default_factory=lambda: References(()))
    remaining: tuple[RemainingReferences, ...] = ()
    search_limit: str = ""

    @property
    def complete(self) -> bool:
        """Return True if the search could look everywhere and found no remaining reference."""
        return not self.remaining and not self.search_limit

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        remaining_files = [{"place": file.path, "references": file.count} for file in self.remaining]
        search_result = {
            "complete": self.complete,
            "references_sought": len(self.sought),
            "references_left": remaining_files,
        }
        return super().as_dict() | search_result | ({"unknown": self.search_limit} if self.search_limit else {})

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal; it contains no record references."""
        text_lines = super().summary_lines()
        if self.remaining:
            places = [f"  - {file.sentence}" for file in self.remaining[:MAX_LINES]]
            more_count = len(self.remaining) - MAX_LINES
            text_lines = [
                f"The content is destroyed, but references to records remain, or may remain, in "
                f"{count_phrase(len(self.remaining), 'file')}:",
                *places,
                *([f"  and {more_count} more (all of them with --json)"] if more_count > 0 else []),
                "They were written by hand, or by an earlier version of the program. Remove them from these "
                "files, or delete the files. assay inspect verify then lists the differences.",
                *text_lines[1:],
            ]
        elif len(self.sought):
            sought = count_phrase(len(self.sought), "destroyed reference was", "destroyed references were")
            text_lines.insert(2, f"{sought} searched for in every remaining file: none was found.")
        return [*text_lines, self.search_limit] if self.search_limit else text_lines


@with_folder_lock
def withdraw(
    folder: Path, force_code: str, *, edition: int | None = None, rule: str = WITHDRAWAL_RULE
) -> DestructionResult:
    """Destroy a force's returns, or one edition of them, with every stage output made from them and its urgent list.

    The report and the released tables stay unchanged until the inspection is run again.
    """
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    record_declarations(inspection)
    editions_here = _return_stages(inspection, force_code)
    withdrawn = {number: stages for number, stages in editions_here.items() if edition in (None, number)}
    if not withdrawn:
        raise UsageError(_no_edition_text(inspection, force_code, editions_here))
    code = next(iter(withdrawn.values()))[0].split("/")[1]
    is_current = any(
        accepted_return.force_code == code and accepted_return.return_edition.edition in withdrawn
        for accepted_return in current_returns(inspection)
    )
    for number in withdrawn:
        inspection.ledger.append(EventKind.RETURN_WITHDRAWN, body=code, edition=number)
    derived_stages = [
        stage for stage in list_stages(folder) if not _is_supplied_stage(stage) and not _is_kept(stage, RETAINED_STAGES)
    ]
    # Destroy derived stages first and the return last, so that an interrupted withdrawal can be repeated.
    stages = [
        *(derived_stages if is_current else []),
        *(stage for edition_stages in withdrawn.values() for stage in edition_stages),
    ]
    files = close_lists(folder, inspection.ledger, why=rule, force_code=code, editions=withdrawn)
    other_forces = _forces_named_by_code(inspection) & _remaining_forces(inspection, code, withdrawn)
    # The key resolves entries of every force in the ledger, so it is destroyed only with the last of their returns.
    if not other_forces:
        files += destroy_stage(folder, ".", inspection.ledger, rule=rule, names=(CODES_KEY,))
    files += _destroy(inspection, stages, rule)
    remaining_editions = sorted(set(editions_here) - set(withdrawn))
    edition_text = (
        f"Edition {remaining_editions[-1]} of {code} is now the current edition. " if remaining_editions else ""
    )
    return DestructionResult(
        folder,
        f"{code}: {count_phrase(len(withdrawn), 'edition')} withdrawn.",
        files,
        tuple(stages),
        (
            f"{edition_text}Earlier releases stay unchanged. "
            f"{_rerun_advice(inspection)}{_key_note(folder, other_forces)}"
        ),
    )


def _forces_named_by_code(inspection: Inspection) -> frozenset[str]:
    """Return the forces for which the ledger holds a code of an entry or of a record in a closed urgent list."""
    return frozenset(str(entry.about["body"]) for entry in inspection.ledger.entries() if _holds_codes(entry))


def _holds_codes(entry: LedgerEntry) -> bool:
    display_kinds = (EventKind.TEXT_UNLOCKED.key, EventKind.VERDICT_SHOWN.key)
    return entry.kind in display_kinds or (
        entry.kind == EventKind.URGENT_CLOSED.key and bool(entry.about.get(DEALT_WITH))
    )


def _remaining_forces(inspection: Inspection, code: str, editions: Collection[int]) -> frozenset[str]:
    """Return the forces that still have a return once these editions of `code` are destroyed."""
    accepted = all_accepted_returns(inspection)
    return frozenset(
        accepted_return.force_code
        for accepted_return in accepted
        if accepted_return.force_code != code or accepted_return.return_edition.edition not in editions
    )


def _key_note(folder: Path, other_forces: Collection[str]) -> str:
    """Return why the key of the entry codes still exists; '' if it does not."""
    if not (folder / CODES_KEY).is_file():
        return ""
    return (
        f" {CODES_KEY} stays: it links codes in the ledger to entries of {', '.join(sorted(other_forces))}. "
        "With it and the references of the withdrawn return, the codes of that return can still be found. It is "
        "destroyed with the last such return, or when the inspection is retired."
    )


@with_folder_lock
def retire(
    folder: Path, *, rule: str = RETIREMENT_RULE, destroy_external: ExternalDestroyer = lambda _: ()
) -> RetirementResult:
    """Destroy all content of an inspection and its urgent lists; provenance, ledger, request and releases stay.

    What stays is searched for every destroyed reference: `RetirementResult.remaining` names the files in which some
    still occur. During a retirement the references are in a file of the folder, so that an interrupted retirement
    searches everything again when it is repeated.

    Parameters
    ----------
    destroy_external
        Destroys what is beside the folder (a workbench), searches the rest of it for these references, and returns the
        findings.

    Raises
    ------
    UsageError
        While an urgent list is open: a person has yet to read an entry, or a force to answer it.
    """
    inspection = open_inspection(folder)
    refuse_open(folder, urgent_lists.all_registers(folder))
    entries = inspection.ledger.entries()
    references = _references_of(inspection)
    sought = References(references)
    # Write them down before any is destroyed: after an interruption the tables can no longer provide them.
    was_interrupted = _write_sought(folder, references)
    if not is_retired(inspection):
        inspection.ledger.append(EventKind.RETIRED, rule=rule)
    files = close_lists(folder, inspection.ledger, why=rule)
    stages = [stage for stage in list_stages(folder) if not _is_kept(stage)]
    files += _destroy(inspection, stages, rule) + _destroy_unreceipted(inspection, rule)
    remaining, search_limit = _search(inspection, sought, entries, is_complete=was_interrupted)
    remaining = (*remaining, *destroy_external(sought))
    (folder / PENDING_REFERENCES).unlink(missing_ok=True)
    return RetirementResult(
        folder,
        f"{inspection.request.key} is retired.",
        files,
        tuple(stages),
        f"To see what was destroyed, when and why, and to check the released figures: assay inspect verify {folder}",
        sought,
        remaining,
        search_limit,
    )


def _references_of(inspection: Inspection) -> frozenset[str]:
    """Return every reference in the tables to destroy, and those that an interrupted retirement recorded.

    Names of tables and codes of forces are no references.
    """
    folder = inspection.folder
    paths = [folder / name for name in list_files(folder) if name.endswith(TABLE_SUFFIX) and not _is_kept(name)]
    known = (*contract.tables(), *other_senders.tables(), *separated_columns.PARTS, *inspection.request.organisations)
    known_names = {word.casefold() for word in known}
    tables = {reference for reference in collect_references(paths) if reference.strip().casefold() not in known_names}
    return frozenset(tables | _read_sought(inspection.folder))


def _read_sought(folder: Path) -> set[str]:
    path = folder / PENDING_REFERENCES
    return set(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else set()


def _write_sought(folder: Path, references: Collection[str]) -> bool:
    """Write the references to a file, completely or not at all, before the first is destroyed.

    Returns True if an earlier retirement had recorded them already.
    """
    path, was_noted = folder / PENDING_REFERENCES, (folder / PENDING_REFERENCES).is_file()
    if references:
        unfinished = path.with_name(f"{UNFINISHED_PREFIX}{path.name}")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(sorted(references), file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    return was_noted


def _search(
    inspection: Inspection, sought: References, entries: Sequence[LedgerEntry], *, is_complete: bool
) -> tuple[tuple[RemainingReferences, ...], str]:
    """Search for remaining references, and record the result in the ledger.

    Returns the files with remaining references, and why the answer is not known if an earlier retirement was
    interrupted after it had destroyed some of them. `is_complete`: that retirement had recorded all of them.
    """
    kinds = [entry.kind for entry in entries]
    previous_searches = [entry for entry in entries if entry.kind == EventKind.REFERENCES_SOUGHT.key]
    if not len(sought) and previous_searches:
        return _unchanged_places(inspection.folder, str(previous_searches[-1].about.get("places") or "")), ""
    remaining = tuple(file for file in search_files(inspection.folder, sought) if file.path != PENDING_REFERENCES)
    places = PLACE_SEPARATOR.join(
        f"{file.path} {file.count} {file_hash(inspection.folder / file.path)}" for file in remaining
    )
    inspection.ledger.append(
        EventKind.REFERENCES_SOUGHT,
        references=len(sought),
        files=len(list_files(inspection.folder)),
        left=len(remaining),
        places=places,
    )
    stopped = EventKind.RETIRED.key in kinds and not previous_searches and not is_complete
    return remaining, INTERRUPTED if stopped else ""


def _unchanged_places(folder: Path, places: str) -> tuple[RemainingReferences, ...]:
    """Return the files that an earlier search named and that are unchanged, because it cannot be repeated."""
    parts = (place.rsplit(" ", 2) for place in places.split(PLACE_SEPARATOR) if place)
    return tuple(
        RemainingReferences(name, int(number))
        for name, number, old_hash in parts
        if (folder / name).is_file() and (name == LEDGER or file_hash(folder / name) == old_hash)
    )


@with_folder_lock
def destroy_due(folder: Path, *, today: date | None = None) -> DestructionResult:
    """Destroy every table and part whose last permitted day has passed on the date `today`.

    With a table of returns, the stages that hold records made from it and the urgent lists are destroyed too.
    """
    inspection, day = open_inspection(folder), today or date.today()
    record_declarations(inspection)
    due = {name: declaration for name, declaration in inspection.declarations.items() if day > declaration.destroy_by}
    stages = {stage: _due_files(stage, due) for stage in list_stages(folder) if _is_return_stage(stage)}
    ledger = inspection.ledger
    files = _destroy(inspection, (), "")
    for stage, names in stages.items():
        for rule, file_names in names.items():
            files += destroy_stage(folder, stage, ledger, rule=rule, names=file_names)
    touched = [stage for stage, names in stages.items() if names]
    if any(name not in separated_columns.PARTS for name in due):
        derived_stages = [
            stage
            for stage in list_stages(folder)
            if not _is_supplied_stage(stage) and not _is_kept(stage, RETAINED_STAGES)
        ]
        files += close_lists(folder, ledger, why=DERIVED_RULE) + _destroy(inspection, derived_stages, DERIVED_RULE)
        touched += derived_stages
    summary = f"{count_phrase(len(due), 'table or part is', 'tables and parts are')} past the last day."
    return DestructionResult(
        folder, summary, files, tuple(touched), f"To see what was destroyed: assay inspect verify {folder}"
    )


def _is_kept(stage: str, settled: tuple[str, ...] = DECISION_STAGES) -> bool:
    """Return True if a stage, or a file in it, holds a release or people's decisions."""
    return stage.split("/")[0] in (*RELEASED_STAGES, *settled)


def _due_files(stage: str, due: Mapping[str, Declaration]) -> dict[str, list[str] | None]:
    """Return by rule which files of a stage of a return are due; None for all of them."""
    part = stage.partition("/")[0]
    if part in due:
        return {f"Its last day was {due[part].destroy_by}.": None}
    tables = [name for name in due if name not in separated_columns.PARTS]
    if part in separated_columns.PARTS:
        # The text of rows set aside may be of any table, and may hold long texts.
        records = (
            [f"{separated_identifiers.SET_ASIDE_TABLE}.parquet"] if part == separated_columns.IDENTITIES and due else []
        )
        return {DERIVED_RULE: records + [f"{name}.parquet" for name in tables]} if records else {}
    found: dict[str, list[str] | None] = {}
    for day in sorted({due[name].destroy_by for name in tables}):
        found[f"Its last day was {day}."] = [f"{n}.parquet" for n in tables if due[n].destroy_by == day]
    return found | ({DERIVED_RULE: [f"{name}.parquet" for name in IDENTIFYING_TABLES]} if tables else {})


def _return_stages(inspection: Inspection, force_code: str) -> dict[int, list[str]]:
    """Return by edition the stages of a force's return that still hold data, `returns/` last.

    Editions that were never completely accepted are included.
    """
    found: dict[int, list[str]] = {}
    for part in (*separated_columns.PARTS, "returns"):
        for stage in list_stages(inspection.folder):
            parts = stage.split("/")
            holds = [name for name in list_files(inspection.folder / stage) if name != RECEIPT]
            if len(parts) == 3 and parts[0] == part and parts[1].casefold() == force_code.casefold() and holds:
                found.setdefault(int(parts[2].removeprefix("edition_")), []).append(stage)
    return found


def _rerun_advice(inspection: Inspection) -> str:
    """Return whether the remaining figures can be counted again."""
    unlinkable_forces = [
        accepted_return.force_code
        for accepted_return in current_returns(inspection)
        if not (
            inspection.folder / part_stage(separated_columns.IDENTITIES, accepted_return.stage) / "involvements.parquet"
        ).is_file()
        and not (inspection.folder / accepted_return.stage / "people.parquet").is_file()
    ]
    if unlinkable_forces:
        return f"The report cannot be made again: the identities of {unlinkable_forces[0]} are destroyed."
    return f"To make the report without this return: assay inspect run {inspection.folder}"


def _destroy(inspection: Inspection, stages: Iterable[str], rule: str) -> int:
    for path in sorted(inspection.folder.rglob("*")):
        if path.is_dir() and is_partial_output(path.name):
            shutil.rmtree(path)
    ledger, folder = inspection.ledger, inspection.folder
    return sum(destroy_stage(folder, stage, ledger, rule=rule, last=RETURN_FILE) for stage in stages)


def _destroy_unreceipted(inspection: Inspection, rule: str) -> int:
    """Destroy files without a provenance record: of stages that lost theirs, or put there by a person."""
    kept_names = {*FILES_WITHOUT_STAGE} - {CODES_KEY}
    names_by_folder: dict[str, list[str]] = {}
    for name in list_files(inspection.folder):
        folder_name, _, file = name.rpartition("/")
        if name not in kept_names and file != RECEIPT and not _is_kept(name):
            names_by_folder.setdefault(folder_name or ".", []).append(file)
    return sum(
        destroy_stage(inspection.folder, folder_name, inspection.ledger, rule=rule, names=files)
        for folder_name, files in names_by_folder.items()
    )


def _is_return_stage(stage: str) -> bool:
    return stage.partition("/")[0] in ("returns", *separated_columns.PARTS)


def _is_supplied_stage(stage: str) -> bool:
    """Return True if a stage holds a submission, so that it was made from no other return."""
    return _is_return_stage(stage) or stage.partition("/")[0] == OTHER_SENDERS


def _no_edition_text(inspection: Inspection, force_code: str, editions_here: Mapping[int, list[str]]) -> str:
    if editions_here:
        editions = ", ".join(str(number) for number in sorted(editions_here))
        return f"{force_code} has no such edition here. Editions: {editions}."
    force_codes = sorted({accepted_return.force_code for accepted_return in all_accepted_returns(inspection)})
    return f"The inspection holds no return of {force_code!r}. It holds those of: {', '.join(force_codes) or 'nobody'}."
