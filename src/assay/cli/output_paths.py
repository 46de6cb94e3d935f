"""The option `--out`: every command that writes a file or folder checks it before its work begins."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import typer

from assay.errors import FULL_DISK, StorageError, UsageError, storage_error


def out_folder(description: str) -> Any:
    """Return the option `--out` of a command that writes a folder."""
    return typer.Option("--out", help=description, callback=require_folder)


def out_file(description: str) -> Any:
    """Return the option `--out` of a command that writes one file."""
    return typer.Option("--out", help=description, callback=require_file)


def require_folder(folder: Path | None) -> Path | None:
    """Return the folder; raise an error if it is a file, or if files cannot be created in it."""
    if folder is None:
        return None
    _refuse_impossible_path(folder)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Name a folder; it is created if it does not exist.")
    _require_writable(folder, folder)
    return folder


def require_file(file: Path | None) -> Path | None:
    """Return the path of a file; raise an error if it is a folder, or if it cannot be created."""
    if file is None:
        return None
    _refuse_impossible_path(file)
    if file.is_dir():
        raise UsageError(f"{file} is a folder. Name a file, such as {file / 'NAME'}.")
    if not file.parent.exists():
        raise UsageError(f"The folder {file.parent} does not exist. Create it, or name a file in another folder.")
    _require_writable(file, file.parent)
    return file


def _refuse_impossible_path(out: Path) -> None:
    """Raise an error for a path that no file can have, and for a link that leads nowhere."""
    try:
        leads_nowhere = out.is_symlink() and not out.exists()
    except OSError:  # a name that is too long
        raise UsageError("--out: no file can have this path. Name a shorter one.") from None
    if leads_nowhere:
        raise UsageError(f"{out} is a link to a place that does not exist. Name another place.")


def _require_writable(out: Path, folder: Path) -> None:
    """Raise an error unless a temporary file can be created; permissions alone do not tell."""
    existing = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not existing.is_dir():
        raise UsageError(f"{out} cannot be created, because {existing} is a file. Name another place.")
    try:
        with TemporaryFile(dir=existing) as probe:
            probe.write(b"assay")
            probe.flush()
    except OSError as error:
        refused = StorageError(f"{out} cannot be written. Name a folder in which you may write.")
        raise (storage_error(error) if error.errno in FULL_DISK else None) or refused from None
