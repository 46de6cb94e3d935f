"""What is an inspection on disk: whose request, in which format, and which returns does it hold?

inspection.toml    the format's version and the request: period, history, who is asked
returns/           one folder a body and edition; the rooms of the stream beside it
ledger.jsonl       what was done, and when
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from assay.commission.requests import Request, read_request
from assay.errors import UsageError
from assay.evidence import EventKind, Ledger
from assay.evidence.ledger import FIRST

FORMAT_VERSION = "1"
COVER = "inspection.toml"


@dataclass(frozen=True)
class Inspection:
    """The folder of an inspection and the request that it answers."""

    folder: Path
    request: Request

    @property
    def ledger(self) -> Ledger:
        """What was done in it."""
        return Ledger(self.folder / "ledger.jsonl")


def make_inspection(folder: Path, request: Request) -> Inspection:
    """An empty inspection in `folder` (made if it is not there); refuses a folder that holds other files.

    Made again for the same request, it is left as it is.
    """
    text = f'format_version = "{FORMAT_VERSION}"\n\n{request.to_toml()}'
    if (folder / COVER).exists():
        if (folder / COVER).read_text(encoding="utf-8") != text:
            raise UsageError(f"{folder} holds an inspection of another request. Name another folder.")
        return open_inspection(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} holds other files. Name a new folder; it is made if it is not there.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / COVER).write_text(text, encoding="utf-8", newline="\n")
    inspection = Inspection(folder, request)
    inspection.ledger.append(EventKind.INSPECTION_MADE, request=request.key, format_version=FORMAT_VERSION)
    return inspection


def open_inspection(folder: Path) -> Inspection:
    """The inspection in `folder`; UsageError if there is none, or one of a format that this version does not know."""
    cover = folder / COVER
    if not cover.is_file():
        raise UsageError(f"{folder} is not the folder of an inspection: it has no {COVER}. Make one with: assay new")
    try:
        told = tomllib.loads(cover.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise UsageError(f"{cover} cannot be read as TOML. Put back the file that assay new wrote.") from None
    found = told.get("format_version")
    if found != FORMAT_VERSION:
        raise UsageError(
            f"{cover} is of format {found!r}, and this version of assay knows format {FORMAT_VERSION}. "
            "Use the version that made it, or make a new inspection and receive the returns again."
        )
    inspection = Inspection(folder, read_request(cover))
    if inspection.ledger.head == FIRST:
        # Stopped between the cover and its first line: the line is written now.
        inspection.ledger.append(
            EventKind.INSPECTION_MADE, request=inspection.request.key, format_version=FORMAT_VERSION
        )
    return inspection
