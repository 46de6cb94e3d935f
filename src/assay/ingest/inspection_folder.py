"""Create and open the folder of an inspection.

inspection.toml    version of the format, the request (period, history, forces), and the declarations of each table
returns/           one folder for each force and edition; the stages of the pipeline are beside it
ledger.jsonl       what was done, and when
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assay import contract
from assay.contract.separated_columns import PARTS
from assay.engine.engine_location import LOCAL_ENGINE, EngineLocation, parse_engine_location
from assay.engine.provenance import EventKind, Ledger, file_hash, sign_head
from assay.engine.provenance.ledger import NO_PREVIOUS_HASH
from assay.errors import UsageError
from assay.ingest.return_manifest import did_you_mean
from assay.reference.data_requests import DataRequest, read_request
from assay.reference.processing_declarations import (
    SECTION,
    Declaration,
    Declarations,
    declarations_text,
    read_declarations,
)

FORMAT_VERSION = "1"
SETTINGS_FILE = "inspection.toml"
SENT_STAGES = ("returns", *PARTS)
"""The folder of received returns in the folder of an inspection."""
PANEL_SECTION, PANEL_PERSONS = "panel", "persons"
"""Section and key of inspection.toml: how many persons a decision of the panel needs."""
PRIVATE_MODE = 0o700
"""Mode of the folder of an inspection: only its owner may open it, and all in it, until the owner permits others."""


@dataclass(frozen=True)
class Inspection:
    """An inspection: its folder, request, table declarations and engine (DuckDB or Spark).

    `panel_persons`: 2 if a second person confirms every decision of the panel, otherwise 1.
    """

    folder: Path
    request: DataRequest
    declarations: Mapping[str, Declaration] = field(default_factory=dict)
    engine_location: EngineLocation = LOCAL_ENGINE
    panel_persons: int = 1

    @property
    def ledger(self) -> Ledger:
        """Return the ledger of the inspection."""
        return Ledger(self.folder / "ledger.jsonl")


def create_inspection(folder: Path, request: DataRequest, declarations: Declarations) -> Inspection:
    """Create an inspection in an empty or new folder; reopen it if it answers the same request.

    An existing folder for the same request stays as it is, because its declarations may have been edited. Only where it
    declares nothing yet are the given declarations added.
    """
    if (folder / SETTINGS_FILE).exists():
        existing = open_inspection(folder)
        if existing.request != request:
            raise UsageError(f"{folder} holds an inspection for another request. Name another folder.")
        return existing if existing.declarations or not declarations else _add_declarations(existing, declarations)
    text = f'format_version = "{FORMAT_VERSION}"\n\n{request.to_toml()}\n{declarations_text(declarations)}'
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} holds other files. Name a new folder; it is created if it does not exist.")
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_MODE)
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8", newline="\n")
    inspection = Inspection(folder, request, declarations)
    _record_creation(inspection)
    sign_head(inspection.ledger)
    return inspection


def _record_creation(inspection: Inspection) -> None:
    inspection.ledger.append(
        EventKind.INSPECTION_MADE,
        request=inspection.request.key,
        format_version=FORMAT_VERSION,
        settings=file_hash(inspection.folder / SETTINGS_FILE),
    )


def new_inspection(folder: Path, request: Path) -> Inspection:
    """Create an inspection for a request file, with the declarations in it."""
    return create_inspection(folder, read_request(request), read_table_declarations(request))


def read_table_declarations(path: Path) -> Declarations:
    """Return the declarations in a file by table; raise UsageError for an unknown table."""
    declarations, known = read_declarations(path), (*contract.tables(), *PARTS)
    unknown_names = [name for name in declarations if name not in known]
    if unknown_names:
        raise UsageError(
            f"{path}, [{SECTION}.{unknown_names[0]}]: this is neither a table of the contract nor {' or '.join(PARTS)}."
            f"{did_you_mean(unknown_names[0], known)} Name the section after what it declares."
        )
    return declarations


def _add_declarations(inspection: Inspection, declarations: Declarations) -> Inspection:
    """Add the sections of the declarations, all of them or none."""
    settings_path = inspection.folder / SETTINGS_FILE
    unfinished = settings_path.with_name(f".unfinished-{SETTINGS_FILE}")
    text = settings_path.read_text(encoding="utf-8").rstrip("\n")
    unfinished.write_text(f"{text}\n\n{declarations_text(declarations)}", encoding="utf-8", newline="\n")
    unfinished.replace(settings_path)
    changed = replace(inspection, declarations=declarations)
    record_declarations(changed)
    return changed


def record_declarations(inspection: Inspection) -> None:
    """Record in the ledger the hashes of declarations and settings, if either changed."""
    declarations_hash = hashlib.sha256(declarations_text(inspection.declarations).encode()).hexdigest()
    settings_hash = file_hash(inspection.folder / SETTINGS_FILE)
    entries = inspection.ledger.entries()
    recorded_hashes = [e.about["hash"] for e in entries if e.kind == EventKind.DECLARED.key]
    recorded_settings = [e.about["settings"] for e in entries if e.about.get("settings")]
    if recorded_hashes[-1:] != [declarations_hash] or recorded_settings[-1:] != [settings_hash]:
        inspection.ledger.append(
            EventKind.DECLARED, tables=len(inspection.declarations), hash=declarations_hash, settings=settings_hash
        )


def open_inspection(folder: Path) -> Inspection:
    """Open the inspection in `folder`; raise UsageError if there is none or its format is unknown."""
    settings_path = folder / SETTINGS_FILE
    if not settings_path.is_file():
        raise UsageError(
            f"{folder} is not the folder of an inspection: it has no {SETTINGS_FILE}. Create one: assay inspect new"
        )
    try:
        settings = tomllib.loads(settings_path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise UsageError(f"{settings_path} is not valid TOML. Restore the file that assay inspect new wrote.") from None
    format_version = settings.get("format_version")
    if format_version != FORMAT_VERSION:
        raise UsageError(wrong_format_sentence(settings_path, format_version))
    engine_location = parse_engine_location(settings, folder, str(settings_path), SENT_STAGES)
    inspection = Inspection(
        folder,
        read_request(settings_path),
        read_table_declarations(settings_path),
        engine_location,
        _panel_persons(settings, settings_path),
    )
    if inspection.ledger.head == NO_PREVIOUS_HASH:
        # It was interrupted between inspection.toml and the first ledger entry: write the entry now.
        _record_creation(inspection)
        sign_head(inspection.ledger)
    return inspection


def _panel_persons(settings: Mapping[str, Any], settings_path: Path) -> int:
    """Return how many persons a decision of the panel needs; UsageError for anything but 1 and 2."""
    section = settings.get(PANEL_SECTION, {})
    persons = section.get(PANEL_PERSONS, 1) if isinstance(section, Mapping) else None
    if type(persons) is not int or persons not in (1, 2) or set(section) - {PANEL_PERSONS}:
        raise UsageError(
            f"{settings_path}, [{PANEL_SECTION}]: write {PANEL_PERSONS} = 1 where one person decides, or "
            f"{PANEL_PERSONS} = 2 where a second person confirms each decision."
        )
    return persons


def is_retired(inspection: Inspection) -> bool:
    """Return True if the inspection has been retired (its content destroyed)."""
    return any(entry.kind == EventKind.RETIRED.key for entry in inspection.ledger.entries())


def refuse_retired(inspection: Inspection) -> None:
    """Raise UsageError if the inspection has been retired."""
    for entry in inspection.ledger.entries():
        if entry.kind == EventKind.RETIRED.key:
            raise UsageError(
                f"{inspection.folder} was retired on {entry.at[:10]}: its content is destroyed, so it can no "
                f"longer receive returns or be run. Its released figures can still be checked: assay inspect "
                f"verify {inspection.folder}"
            )


def wrong_format_sentence(settings_path: Path, format_version: object) -> str:
    """Return the sentence that says what to do with a folder of another format."""
    is_older = (
        isinstance(format_version, str) and format_version.isdecimal() and 0 < int(format_version) < int(FORMAT_VERSION)
    )
    sentence = (
        f"{settings_path} is of format {format_version!r}, and this version of assay knows format {FORMAT_VERSION}."
    )
    if is_older:
        return f"{sentence} Upgrade it: assay inspect upgrade {settings_path.parent}"
    return f"{sentence} Use the version that made it, or a later one."
