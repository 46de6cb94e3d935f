"""How does an inspection end, and what is left when a force takes its return back?

Content is destroyed; what stays names nobody: the request, the receipts with their hashes and counts, the ledger, and
what was released. So anybody can still see that the released figures are those that were made, and from what they were
made, and when that was destroyed, and under which rule.
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
from assay.engine.provenance import EventKind, destroy, file_hash, one_at_a_time
from assay.engine.provenance.folder_lock import LEDGER
from assay.engine.provenance.ledger import Entry
from assay.engine.provenance.remaining_references import (
    References,
    RemainingReferences,
    collect_references,
    search_files,
)
from assay.engine.provenance.stage_folders import RECEIPT, TABLE, UNFINISHED, left_over, names_in, stages_in
from assay.engine.provenance.verification import CODES_KEY, LOOSE, SOUGHT
from assay.errors import UsageError
from assay.ingest import other_senders, summary_scan
from assay.ingest.accepted_returns import RETURN, all_held, holding, part_of
from assay.ingest.inspection_folder import Inspection, is_retired, note_declarations, open_inspection, refuse_retired
from assay.ingest.stage_names import ANSWERED, DECIDED, OTHERS, RELEASED
from assay.privacy import separated_identifiers
from assay.reference.processing_declarations import Declaration
from assay.wording import counted
from assay.workflows.urgent import urgent_register as urgent_lists
from assay.workflows.urgent.list_closure import DEALT_WITH, close_lists, refuse_open

NAMING = ("incomplete", "people", "ages_then", "things", *summary_scan.LEFT)
"""Tables beside those of a return that name its records."""
MADE_OF_DUE = "Made from tables whose last day has passed."
WITHDRAWN = "Withdrawn by its sender."
RETIRED = "The inspection was retired."
BETWEEN = "; "
Beside = Callable[[References], Iterable[RemainingReferences]]
MOST_PLACES = 20
STOPPED = (
    "An earlier retirement was stopped after it had destroyed some of the tables. Their references are gone, so that "
    "what is left could not be searched for them."
)


@dataclass(frozen=True)
class Ended:
    """What was destroyed, and what to know now."""

    folder: Path
    what: str
    files: int
    stages: tuple[str, ...]
    next: str

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {"folder": str(self.folder), "what": self.what, "files": self.files, "stages": list(self.stages)}

    @property
    def complete(self) -> bool:
        """Return True if nothing was left that should have gone."""
        return True

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        gone = f"{counted(self.files, 'file')} in {counted(len(self.stages), 'stage')} were destroyed."
        return [
            self.what,
            gone if self.files else "Nothing was left to destroy.",
            "Copies elsewhere (backups, the files as they were sent) are in the hands of whoever keeps them.",
            self.next,
        ]


@dataclass(frozen=True)
class Retired(Ended):
    """The same of a whole inspection. `sought`: the references that were destroyed and looked for in what is left;
    `left`: the files in which some still stand; `unknown`: why it cannot be told whether some do."""

    sought: References = field(default_factory=lambda: References(()))
    left: tuple[RemainingReferences, ...] = ()
    unknown: str = ""

    @property
    def complete(self) -> bool:
        """Return True if no reference is left, as far as can be told."""
        return not self.left and not self.unknown

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        left = [{"place": file.path, "references": file.count} for file in self.left]
        told = {"complete": self.complete, "references_sought": len(self.sought), "references_left": left}
        return super().as_dict() | told | ({"unknown": self.unknown} if self.unknown else {})

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal; never a reference."""
        said = super().in_words()
        if self.left:
            places = [f"  - {one.sentence}" for one in self.left[:MOST_PLACES]]
            more = len(self.left) - MOST_PLACES
            said = [
                f"The content is destroyed, but references to records are left, or may be, in "
                f"{counted(len(self.left), 'file')}:",
                *places,
                *([f"  and {more} more (all of them with --json)"] if more > 0 else []),
                "They were written by hand, or by an earlier version of the program. Take them out of these files, or "
                "delete the files; assay verify names what no longer agrees then.",
                *said[1:],
            ]
        elif len(self.sought):
            sought = counted(len(self.sought), "destroyed reference was", "destroyed references were")
            said.insert(2, f"{sought} looked for in every file that is left: none was found.")
        return [*said, self.unknown] if self.unknown else said


@one_at_a_time
def withdraw(folder: Path, body: str, *, edition: int | None = None, rule: str = WITHDRAWN) -> Ended:
    """Destroy the content of a body's returns, or of one edition, of every stage that read them, and of the urgent list
    that was made from them, whatever state it is in.

    The report and the released tables stay as they were made, until the inspection is run again.
    """
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    note_declarations(inspection)
    there = _stages_of(inspection, body)
    chosen = {number: stages for number, stages in there.items() if edition in (None, number)}
    if not chosen:
        raise UsageError(_nothing_of(inspection, body, there))
    code = next(iter(chosen.values()))[0].split("/")[1]
    counting = any(one.body == code and one.accepted.edition in chosen for one in holding(inspection))
    for number in chosen:
        inspection.ledger.append(EventKind.RETURN_WITHDRAWN, body=code, edition=number)
    read_it = [stage for stage in stages_in(folder) if not _sent(stage) and not _stays(stage, ANSWERED)]
    # What was made from a return goes first, the return itself last: stopped half-way, it can be taken back again.
    stages = [*(read_it if counting else []), *(stage for own in chosen.values() for stage in own)]
    files = close_lists(folder, inspection.ledger, why=rule, body=code, editions=chosen)
    others = _named_by_code(inspection) & _bodies_left(inspection, code, chosen)
    if not others:
        files += destroy(folder, ".", inspection.ledger, rule=rule, names=(CODES_KEY,))
    files += _destroy(inspection, stages, rule)
    left = sorted(set(there) - set(chosen))
    now = f"Edition {left[-1]} of {code} counts now. " if left else ""
    return Ended(
        folder,
        f"{code}: {counted(len(chosen), 'edition')} withdrawn.",
        files,
        tuple(stages),
        f"{now}What was released before stays as it was made. {_how_to_go_on(inspection)}{_why_kept(folder, others)}",
    )


def _named_by_code(inspection: Inspection) -> frozenset[str]:
    """The bodies of which the ledger names an entry, or a record that a closed urgent list dealt with, by a code."""
    return frozenset(str(entry.about["body"]) for entry in inspection.ledger.entries() if _holds_codes(entry))


def _holds_codes(entry: Entry) -> bool:
    shown = (EventKind.TEXT_UNLOCKED.key, EventKind.VERDICT_SHOWN.key)
    return entry.kind in shown or (entry.kind == EventKind.URGENT_CLOSED.key and bool(entry.about.get(DEALT_WITH)))


def _bodies_left(inspection: Inspection, code: str, editions: Collection[int]) -> frozenset[str]:
    """The bodies that still have a return here once these editions of `code` are gone."""
    held = all_held(inspection)
    return frozenset(one.body for one in held if one.body != code or one.accepted.edition not in editions)


def _why_kept(folder: Path, others: Collection[str]) -> str:
    """Why the key of the codes of entries is still here; '' where it is not."""
    if not (folder / CODES_KEY).is_file():
        return ""
    return (
        f" {CODES_KEY} stays: by it the ledger tells which entries of {', '.join(sorted(others))} were read or "
        "dealt with. Whoever holds it and knows references of the return that was withdrawn can still find its codes. "
        "It is destroyed with the last such return, or when the inspection is retired."
    )


@one_at_a_time
def retire(folder: Path, *, rule: str = RETIRED, beside: Beside = lambda _: ()) -> Retired:
    """Destroy every content of an inspection, and its urgent lists; receipts, ledger, request and what is out stay.

    What stays is searched for every reference that was destroyed: `Retired.left` names the files in which some still
    stand. UsageError while an urgent list is open: somebody has yet to read an entry, or a force to answer it.

    `beside` destroys what lies beside the folder (a workbench), searches what is left of it for these references, and
    returns what it found. The references lie in a file of the folder until that is done: a retirement that was stopped
    at any moment searches everything again when it is called again.
    """
    inspection = open_inspection(folder)
    refuse_open(folder, urgent_lists.every(folder))
    before = inspection.ledger.entries()
    found = _references_of(inspection)
    sought = References(found)
    again = _note_sought(folder, found)
    if not is_retired(inspection):
        inspection.ledger.append(EventKind.RETIRED, rule=rule)
    files = close_lists(folder, inspection.ledger, why=rule)
    stages = [stage for stage in stages_in(folder) if not _stays(stage)]
    files += _destroy(inspection, stages, rule) + _sweep(inspection, rule)
    left, unknown = _search(inspection, sought, before, whole=again)
    left = (*left, *beside(sought))
    (folder / SOUGHT).unlink(missing_ok=True)
    return Retired(
        folder,
        f"{inspection.request.key} is retired.",
        files,
        tuple(stages),
        f"What was destroyed, when and under which rule, and whether the released figures hold: assay verify {folder}",
        sought,
        left,
        unknown,
    )


def _references_of(inspection: Inspection) -> frozenset[str]:
    """Every reference in the tables that will be destroyed, and those that a stopped retirement noted; names of tables
    and codes of bodies are none."""
    folder = inspection.folder
    paths = [folder / name for name in names_in(folder) if name.endswith(TABLE) and not _stays(name)]
    known = (*contract.tables(), *other_senders.tables(), *separated_columns.PARTS, *inspection.request.bodies)
    without = {word.casefold() for word in known}
    tables = {one for one in collect_references(paths) if one.strip().casefold() not in without}
    return frozenset(tables | _noted(inspection.folder))


def _noted(folder: Path) -> set[str]:
    path = folder / SOUGHT
    return set(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else set()


def _note_sought(folder: Path, found: Collection[str]) -> bool:
    """Write the references down, whole or not at all, before the first is destroyed; whether an earlier retirement had
    noted them already."""
    path, again = folder / SOUGHT, (folder / SOUGHT).is_file()
    if found:
        unfinished = path.with_name(f"{UNFINISHED}{path.name}")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(sorted(found), file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    return again


def _search(
    inspection: Inspection, sought: References, before: Sequence[Entry], *, whole: bool
) -> tuple[tuple[RemainingReferences, ...], str]:
    """What is left of the references, noted in the ledger; and why it cannot be told, where an earlier retirement was
    stopped after it had destroyed some of them. `whole`: it had noted all of them."""
    kinds = [entry.kind for entry in before]
    done = [entry for entry in before if entry.kind == EventKind.REFERENCES_SOUGHT.key]
    if not len(sought) and done:
        return _still_left(inspection.folder, str(done[-1].about.get("places") or "")), ""
    found = tuple(file for file in search_files(inspection.folder, sought) if file.path != SOUGHT)
    places = BETWEEN.join(f"{file.path} {file.count} {file_hash(inspection.folder / file.path)}" for file in found)
    inspection.ledger.append(
        EventKind.REFERENCES_SOUGHT,
        references=len(sought),
        files=len(names_in(inspection.folder)),
        left=len(found),
        places=places,
    )
    stopped = EventKind.RETIRED.key in kinds and not done and not whole
    return found, STOPPED if stopped else ""


def _still_left(folder: Path, places: str) -> tuple[RemainingReferences, ...]:
    """Of the places that an earlier search named: those whose file is there unchanged, since it cannot be repeated."""
    parts = (place.rsplit(" ", 2) for place in places.split(BETWEEN) if place)
    return tuple(
        RemainingReferences(name, int(number))
        for name, number, was in parts
        if (folder / name).is_file() and (name == LEDGER or file_hash(folder / name) == was)
    )


@one_at_a_time
def destroy_due(folder: Path, *, today: date | None = None) -> Ended:
    """Destroy every table and part whose last day has passed on the day `today`; the rest stays.

    Where a table of returns goes, the stages that hold records made from it go too, and so do the urgent lists.
    """
    inspection, day = open_inspection(folder), today or date.today()
    note_declarations(inspection)
    due = {name: one for name, one in inspection.declared.items() if day > one.destroy_by}
    stages = {stage: _due_of(stage, due) for stage in stages_in(folder) if _of_a_return(stage)}
    ledger = inspection.ledger
    files = _destroy(inspection, (), "")
    for stage, names in stages.items():
        for rule, mine in names.items():
            files += destroy(folder, stage, ledger, rule=rule, names=mine)
    touched = [stage for stage, names in stages.items() if names]
    if any(name not in separated_columns.PARTS for name in due):
        made = [stage for stage in stages_in(folder) if not _sent(stage) and not _stays(stage, ANSWERED)]
        files += close_lists(folder, ledger, why=MADE_OF_DUE) + _destroy(inspection, made, MADE_OF_DUE)
        touched += made
    what = f"{counted(len(due), 'table or part is', 'tables and parts are')} past the last day."
    return Ended(folder, what, files, tuple(touched), f"To see what is gone: assay verify {folder}")


def _stays(stage: str, settled: tuple[str, ...] = DECIDED) -> bool:
    """Whether a stage, or a file in it, holds what was let out, or what people settled."""
    return stage.split("/")[0] in (*RELEASED, *settled)


def _due_of(stage: str, due: Mapping[str, Declaration]) -> dict[str, list[str] | None]:
    """By rule: which files of a stage of a return are due; None for all of them."""
    part = stage.partition("/")[0]
    if part in due:
        return {f"Its last day was {due[part].destroy_by}.": None}
    tables = [name for name in due if name not in separated_columns.PARTS]
    if part in separated_columns.PARTS:
        # The text of rows set aside may be of any table, and may hold long texts.
        records = [f"{separated_identifiers.ASIDE}.parquet"] if part == separated_columns.IDENTITIES and due else []
        return {MADE_OF_DUE: records + [f"{name}.parquet" for name in tables]} if records else {}
    found: dict[str, list[str] | None] = {}
    for day in sorted({due[name].destroy_by for name in tables}):
        found[f"Its last day was {day}."] = [f"{n}.parquet" for n in tables if due[n].destroy_by == day]
    return found | ({MADE_OF_DUE: [f"{name}.parquet" for name in NAMING]} if tables else {})


def _stages_of(inspection: Inspection, body: str) -> dict[int, list[str]]:
    """By edition: the stages of a body's return that still hold something, `returns/` last; also of one that was never
    wholly taken in."""
    found: dict[int, list[str]] = {}
    for part in (*separated_columns.PARTS, "returns"):
        for stage in stages_in(inspection.folder):
            words = stage.split("/")
            holds = [name for name in names_in(inspection.folder / stage) if name != RECEIPT]
            if len(words) == 3 and words[0] == part and words[1].casefold() == body.casefold() and holds:
                found.setdefault(int(words[2].removeprefix("edition_")), []).append(stage)
    return found


def _how_to_go_on(inspection: Inspection) -> str:
    """Whether what is left can be counted anew."""
    lost = [
        one.body
        for one in holding(inspection)
        if not (inspection.folder / part_of(separated_columns.IDENTITIES, one.stage) / "involvements.parquet").is_file()
        and not (inspection.folder / one.stage / "people.parquet").is_file()
    ]
    if lost:
        return f"It cannot be made anew: the identities of {lost[0]} are destroyed."
    return f"To make it without this return: assay run {inspection.folder}"


def _destroy(inspection: Inspection, stages: Iterable[str], rule: str) -> int:
    for path in sorted(inspection.folder.rglob("*")):
        if path.is_dir() and left_over(path.name):
            shutil.rmtree(path)
    ledger, folder = inspection.ledger, inspection.folder
    return sum(destroy(folder, stage, ledger, rule=rule, last=RETURN) for stage in stages)


def _sweep(inspection: Inspection, rule: str) -> int:
    """Destroy what no receipt speaks of: files of stages that lost theirs, or that somebody put there."""
    stay = {*LOOSE} - {CODES_KEY}
    found: dict[str, list[str]] = {}
    for name in names_in(inspection.folder):
        room, _, file = name.rpartition("/")
        if name not in stay and file != RECEIPT and not _stays(name):
            found.setdefault(room or ".", []).append(file)
    return sum(
        destroy(inspection.folder, room, inspection.ledger, rule=rule, names=files) for room, files in found.items()
    )


def _of_a_return(stage: str) -> bool:
    return stage.partition("/")[0] in ("returns", *separated_columns.PARTS)


def _sent(stage: str) -> bool:
    """Whether a stage holds what somebody sent, so that it was made from no return of another."""
    return _of_a_return(stage) or stage.partition("/")[0] == OTHERS


def _nothing_of(inspection: Inspection, body: str, there: Mapping[int, list[str]]) -> str:
    if there:
        editions = ", ".join(str(number) for number in sorted(there))
        return f"{body} has no such edition here. There is: {editions}."
    held = sorted({one.body for one in all_held(inspection)})
    return f"The inspection holds no return of {body!r}. It holds those of: {', '.join(held) or 'nobody'}."
