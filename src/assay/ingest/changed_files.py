"""Explain an error of a reader by a file that changed while it was read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assay.errors import SourceError, UsageError


@contextmanager
def explain_changed_files(folder: Path) -> Iterator[None]:
    """Raise SourceError in place of an unexpected error if a file of the folder changed in the block.

    Readers open a file several times: to detect its encoding, to scan it and to load it. What they raise if it changes
    in between differs, and may quote a cell.
    """
    before = _fingerprints(folder)
    try:
        yield
    except (SourceError, UsageError):
        raise
    except Exception:
        if _fingerprints(folder) == before:
            raise
        raise SourceError(
            "A file changed while it was read (R01), so nothing of it is used. Wait until all files are written, and "
            "start the same command again."
        ) from None


def _fingerprints(folder: Path) -> frozenset[tuple[str, int, int]]:
    """Return name, size and time of change of every file in a folder; empty if there is no such folder."""
    found = set()
    for path in folder.glob("*"):
        try:
            status = path.stat()
        except OSError:  # it was removed, or is a link to nothing
            continue
        found.add((path.name, status.st_size, status.st_mtime_ns))
    return frozenset(found)
