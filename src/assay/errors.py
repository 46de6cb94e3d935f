"""What went wrong, who can mend it, and with which exit code does the program end?

AssayError                  1   something we did not foresee how to name better
├── UsageError              2   the command was asked for something it cannot do
├── SourceError             3   a file that was sent cannot be used
│   ├── UnknownForce        3   a force name that the register does not know
│   ├── UnknownLayout       3   no official table could be recognised in the file
│   └── ReturnRefused       3   a return as a whole cannot be taken in
├── DefinitionError         4   a data file or a definition of our own is wrong
├── EvidenceError           5   a receipt does not add up, or the ledger's chain is broken
├── DisclosureError         6   something was about to leave the building without permission
├── PurposeRefused          9   a table was about to be read for what, or after the day, that nobody declared
└── StorageError           10   a folder cannot be written: the disk is full, or it may only be read

An error is a letter to the person who can mend it: which file, which row, which rule, what to do next; and never the
content of a record.
"""

from __future__ import annotations

import errno
import sys
from pathlib import Path


class AssayError(Exception):
    """The root of the family; `exit_code` is what the command line ends with."""

    exit_code = 1


class UsageError(AssayError):
    """The command was asked for something it cannot do."""

    exit_code = 2


class SourceError(AssayError):
    """A file that was sent cannot be used as it is."""

    exit_code = 3


class UnknownForce(SourceError):
    """A force name that the register does not know: it is never guessed."""


class UnknownLayout(SourceError):
    """No official table could be recognised in the file."""


class ReturnRefused(SourceError):
    """A return as a whole cannot be taken in: its cover is wrong, or it clashes with one that was accepted."""


class DefinitionError(AssayError):
    """A data file or a definition of our own is wrong."""

    exit_code = 4


class EvidenceError(AssayError):
    """A receipt does not add up, or the ledger's chain is broken."""

    exit_code = 5


class DisclosureError(AssayError):
    """Something was about to leave the building without permission."""

    exit_code = 6


class PurposeRefused(AssayError):
    """A table was about to be read for a purpose, by a room or after a day that was not declared for it."""

    exit_code = 9


class StorageError(AssayError):
    """A folder cannot be written: the disk is full, or it may only be read."""

    exit_code = 10


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SPILLED = (
    "There is not room enough for what is laid aside while tables are read, in memory or in the folder for temporary "
    "files. What was finished before is kept as it was: make room, or set TMPDIR to a folder on a larger disk, and "
    "start the same command again."
)
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}


def storage_error(error: Exception) -> StorageError | None:
    """What the system or the store said of a disk, as a letter; None where it is about something else. It names no
    record. The store (DuckDB) has errors of its own for a disk that is full of what it laid aside, and for memory."""
    if not isinstance(error, OSError):
        duckdb = sys.modules.get("duckdb")
        spilled = duckdb and isinstance(error, (duckdb.IOException, duckdb.OutOfMemoryException))
        return StorageError(_SPILLED) if spilled else None
    where = Path(str(error.filename)).name if error.filename else ""
    place = f" ({where})" if where else ""
    kept = "What was finished before is kept as it was"
    if error.errno in _FULL:
        return StorageError(f"The disk is full{place}. {kept}: make room, and start the same command again.")
    if error.errno in _CLOSED:
        return StorageError(f"This may not be written or opened{place}. {kept}: ask its owner, or name another place.")
    return None
