"""What is an inspection on disk: whose request, in which format, and which returns does it hold?

inspection.toml    the format's version, the request (period, history, who is asked), and what is declared of each table
returns/           one folder a body and edition; the rooms of the stream beside it
ledger.jsonl       what was done, and when
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from assay import contract
from assay.contract.separated_columns import PARTS
from assay.engine.engine_location import HERE, Where, where_of
from assay.engine.provenance import EventKind, Ledger, file_hash, sign_head
from assay.engine.provenance.ledger import FIRST
from assay.errors import UsageError
from assay.ingest.return_manifest import did_you_mean
from assay.reference.data_requests import Request, read_request
from assay.reference.processing_declarations import (
    SECTION,
    Declaration,
    Declarations,
    declarations_text,
    read_declarations,
)

FORMAT_VERSION = "1"
COVER = "inspection.toml"
SENT_ROOMS = ("returns", *PARTS)
"""Where what forces sent lies, in the folder of an inspection."""
PRIVATE = 0o700
"""Only its owner opens the folder of an inspection, until the owner lets others: its mode decides for all in it."""


@dataclass(frozen=True)
class Inspection:
    """The folder of an inspection, the request that it answers, what is declared of each table, and the engine on
    which it runs: DuckDB, or Spark where one machine is outgrown."""

    folder: Path
    request: Request
    declared: Mapping[str, Declaration] = field(default_factory=dict)
    where: Where = HERE

    @property
    def ledger(self) -> Ledger:
        """What was done in it."""
        return Ledger(self.folder / "ledger.jsonl")


def make_inspection(folder: Path, request: Request, declared: Declarations) -> Inspection:
    """An empty inspection in `folder` (made if it is not there); refuses a folder that holds other files.

    Made again for the same request, it is left as it is: what is declared of its tables may have been changed there.
    Where nothing is declared yet, what is declared now is written into it.
    """
    if (folder / COVER).exists():
        there = open_inspection(folder)
        if there.request != request:
            raise UsageError(f"{folder} holds an inspection of another request. Name another folder.")
        return there if there.declared or not declared else _declare_now(there, declared)
    text = f'format_version = "{FORMAT_VERSION}"\n\n{request.to_toml()}\n{declarations_text(declared)}'
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} holds other files. Name a new folder; it is made if it is not there.")
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    (folder / COVER).write_text(text, encoding="utf-8", newline="\n")
    inspection = Inspection(folder, request, declared)
    _note_made(inspection)
    sign_head(inspection.ledger)
    return inspection


def _note_made(inspection: Inspection) -> None:
    inspection.ledger.append(
        EventKind.INSPECTION_MADE,
        request=inspection.request.key,
        format_version=FORMAT_VERSION,
        settings=file_hash(inspection.folder / COVER),
    )


def make_for(folder: Path, request: Path) -> Inspection:
    """An empty inspection of a request in a file, with what is declared there."""
    return make_inspection(folder, read_request(request), declared_in(request))


def declared_in(path: Path) -> Declarations:
    """What a file declares, by table; UsageError where a section is of no table that the contract knows."""
    declared, known = read_declarations(path), (*contract.tables(), *PARTS)
    strangers = [name for name in declared if name not in known]
    if strangers:
        raise UsageError(
            f"{path}, [{SECTION}.{strangers[0]}]: this is neither a table of the contract nor {' or '.join(PARTS)}."
            f"{did_you_mean(strangers[0], known)} Name the section after what it declares."
        )
    return declared


def _declare_now(inspection: Inspection, declared: Declarations) -> Inspection:
    """Add the sections of what is declared, whole or not at all."""
    cover = inspection.folder / COVER
    unfinished = cover.with_name(f".unfinished-{COVER}")
    text = cover.read_text(encoding="utf-8").rstrip("\n")
    unfinished.write_text(f"{text}\n\n{declarations_text(declared)}", encoding="utf-8", newline="\n")
    unfinished.replace(cover)
    made = replace(inspection, declared=declared)
    note_declarations(made)
    return made


def note_declarations(inspection: Inspection) -> None:
    """Enter in the ledger what is declared of the tables, and the hash of the file of settings, if either is not what
    stood there last."""
    declared = hashlib.sha256(declarations_text(inspection.declared).encode()).hexdigest()
    settings = file_hash(inspection.folder / COVER)
    entries = inspection.ledger.entries()
    before = [e.about["hash"] for e in entries if e.kind == EventKind.DECLARED.key]
    noted = [e.about["settings"] for e in entries if e.about.get("settings")]
    if before[-1:] != [declared] or noted[-1:] != [settings]:
        inspection.ledger.append(EventKind.DECLARED, tables=len(inspection.declared), hash=declared, settings=settings)


def open_inspection(folder: Path) -> Inspection:
    """The inspection in `folder`; UsageError if there is none, if it is of a format that this version does not know,
    or declares what is no table."""
    cover = folder / COVER
    if not cover.is_file():
        raise UsageError(f"{folder} is not the folder of an inspection: it has no {COVER}. Make one with: assay new")
    try:
        told = tomllib.loads(cover.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise UsageError(f"{cover} cannot be read as TOML. Put back the file that assay new wrote.") from None
    found = told.get("format_version")
    if found != FORMAT_VERSION:
        raise UsageError(other_format(cover, found))
    where = where_of(told, folder, str(cover), SENT_ROOMS)
    inspection = Inspection(folder, read_request(cover), declared_in(cover), where)
    if inspection.ledger.head == FIRST:
        # Stopped between the cover and its first line: the line is written now.
        _note_made(inspection)
        sign_head(inspection.ledger)
    return inspection


def is_retired(inspection: Inspection) -> bool:
    """Whether the inspection came to its end."""
    return any(entry.kind == EventKind.RETIRED.key for entry in inspection.ledger.entries())


def refuse_retired(inspection: Inspection) -> None:
    """UsageError if the inspection came to its end: nothing is taken in, and nothing run."""
    for entry in inspection.ledger.entries():
        if entry.kind == EventKind.RETIRED.key:
            raise UsageError(
                f"{inspection.folder} was retired on {entry.at[:10]}: its content is destroyed, and nothing more is "
                f"taken in or run. Its released figures can still be checked: assay verify {inspection.folder}"
            )


def other_format(cover: Path, found: object) -> str:
    """The sentence for a folder whose format is not that of this version: what to do."""
    earlier = isinstance(found, str) and found.isdecimal() and 0 < int(found) < int(FORMAT_VERSION)
    says = f"{cover} is of format {found!r}, and this version of assay knows format {FORMAT_VERSION}."
    if earlier:
        return f"{says} Bring it up to date: assay upgrade {cover.parent}"
    return f"{says} Use the version that made it, or a later one."
