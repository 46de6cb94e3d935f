"""The errors of assay, with their exit codes.

AssayError                  1   any other error
├── UsageError              2   the command cannot do what was requested
├── SourceError             3   a received file cannot be used
│   ├── UnknownForce        3   a force name that the register does not know
│   ├── UnknownLayout       3   no official table could be recognised in the file
│   └── ReturnRefused       3   a return as a whole cannot be accepted
├── DefinitionError         4   a data file or a definition of our own is wrong
├── EvidenceError           5   a provenance record does not add up, or the ledger's chain is broken
├── DisclosureError         6   something would have been released without permission
├── PurposeRefused          9   a table would have been read for an undeclared purpose, or after its last day
├── StorageError           10   a folder cannot be written: the disk is full, or it may only be read
└── MachineError           11   the machine prevents it: memory, threads, or a missing library

An error message is for the person who can correct the error: which file, which row, which rule, what to do next; and
never the content of a record.
"""

from __future__ import annotations

import errno
import re
import sys
from collections.abc import Iterator
from pathlib import Path


class AssayError(Exception):
    """The base class of all errors of assay; `exit_code` is the exit code of the command."""

    exit_code = 1


class UsageError(AssayError):
    """The command cannot do what was requested."""

    exit_code = 2


class SourceError(AssayError):
    """A received file cannot be used as it is."""

    exit_code = 3


class UnknownForce(SourceError):
    """A force name that is not in the register; it is never matched by guessing."""


class UnknownLayout(SourceError):
    """A file in which no known official table could be recognised."""


class ReturnRefused(SourceError):
    """A return as a whole cannot be accepted: its manifest is invalid, or it conflicts with an accepted return."""


class DefinitionError(AssayError):
    """A data file or definition of the program, or of a plug-in, is wrong."""

    exit_code = 4


class EvidenceError(AssayError):
    """A provenance record does not add up, or the ledger's chain is broken."""

    exit_code = 5


class DisclosureError(AssayError):
    """Data would have been released without permission."""

    exit_code = 6


class PurposeRefused(AssayError):
    """A table would have been read for a purpose, or after a day, that was not declared for it."""

    exit_code = 9


class StorageError(AssayError):
    """A folder cannot be written: the disk is full, or it may only be read."""

    exit_code = 10


class MachineError(AssayError):
    """The machine cannot run the command: it lacks memory or threads, or a library cannot be loaded."""

    exit_code = 11


FULL_DISK = {errno.ENOSPC, errno.EDQUOT}
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}
_PRESERVED = "What was finished before is kept as it was"
_SPILLED = (
    "There is not enough space for temporary data while tables are read, in memory or in the folder for temporary "
    f"files. {_PRESERVED}: make room, or set TMPDIR to a folder on a larger disk, and start the same command again."
)
_TOO_LONG = (
    "this account may write no file as long as that (a limit on the size of files; the disk need not be full). "
    f"{_PRESERVED}: raise the limit (ulimit -f unlimited), and start the same command again."
)
MEMORY = (
    f"There is not memory enough for this. {_PRESERVED}: close other programs or take a larger machine; if the memory "
    "of this account is limited, raise the limit (ulimit -v unlimited), and start the same command again."
)
_THREADS = (
    f"The system lets this account start no more processes or threads. {_PRESERVED}: end what else runs under this "
    "account, or raise the limit (ulimit -u), and start the same command again."
)
_SAYS_TOO_LONG = re.compile(r"file too large|file size limit", re.IGNORECASE)
_SAYS_MEMORY = re.compile(
    r"bad_alloc|out of memory|(cannot|failed to|could not) allocate|memory allocation of|failed to map segment",
    re.IGNORECASE,
)
_SAYS_THREADS = re.compile(
    r"can't start new thread|resource temporarily unavailable|(start|spawn|create)\w* .{0,20}thread", re.IGNORECASE
)
_SHARED = re.compile(r"[\w.+-]+\.(?:so|dylib|dll|pyd)(?:\.\d+)*")


def storage_error(error: BaseException) -> StorageError | None:
    """Return the StorageError for an error of the operating system or DuckDB that storage caused; None for others."""
    if not isinstance(error, OSError):
        duckdb = sys.modules.get("duckdb")
        if not duckdb or not isinstance(error, (duckdb.IOException, duckdb.OutOfMemoryException)):
            return None
        too_long = _SAYS_TOO_LONG.search(str(error))
        return StorageError(f"A file would grow too long: {_TOO_LONG}" if too_long else _SPILLED)
    where = Path(str(error.filename)).name if error.filename else ""
    place = f" ({where})" if where else ""
    if error.errno == errno.EFBIG or _SAYS_TOO_LONG.search(str(error)):
        return StorageError(f"A file would grow too long{place}: {_TOO_LONG}")
    if error.errno in FULL_DISK:
        return StorageError(f"The disk is full{place}. {_PRESERVED}: make room, and start the same command again.")
    if error.errno in _CLOSED:
        return StorageError(
            f"This may not be written or opened{place}. {_PRESERVED}: ask its owner, or name another place."
        )
    return None


def machine_error(error: BaseException) -> AssayError | None:
    """Return the error to report if disk, memory, threads or a library were lacking; None for another cause.

    Libraries wrap system errors in their own, so every error in the chain is examined. Only the kind of an error and a
    few fixed words decide, and none of its text is repeated, because it may quote a cell.
    """
    chain = list(_error_chain(error))
    if any(_is_memory(chained_error) for chained_error in chain) and (
        space_is_limited() or storage_error(error) is None
    ):
        return MachineError(MEMORY)
    if any(_is_threads(chained_error) for chained_error in chain):
        # A thread needs address space: if that is limited, it is the likely cause.
        return MachineError(MEMORY if space_is_limited() else _THREADS)
    known_error = next((known_error for chained_error in chain if (known_error := storage_error(chained_error))), None)
    missing = error if isinstance(error, ImportError) else error.__cause__
    return (
        MachineError(_import_failure_text(missing))
        if known_error is None and isinstance(missing, ImportError)
        else known_error
    )


def _error_chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, and those that it was raised from or while they were handled."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _is_memory(error: BaseException) -> bool:
    is_memory_error = isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM)
    # A library written in C that got no memory may fail without saying why.
    is_silent_failure = isinstance(error, SystemError) and space_is_limited()
    return is_memory_error or is_silent_failure or bool(_SAYS_MEMORY.search(str(error)))


def _is_threads(error: BaseException) -> bool:
    return (isinstance(error, OSError) and error.errno == errno.EAGAIN) or bool(_SAYS_THREADS.search(str(error)))


def space_is_limited() -> bool:
    """Return True if the memory of this process is limited (ulimit -v, ulimit -d)."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return False
    limits = (resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA))
    return any(limit != resource.RLIM_INFINITY for limit in limits)


def _import_failure_text(error: ImportError) -> str:
    library = _SHARED.search(str(error))
    name = (error.name or "").partition(".")[0] or (library[0] if library else "a library")
    return (
        f"{name} cannot be loaded, and this needs it: it is not installed here, or is not whole. {_PRESERVED}: "
        f"install it "
        f"(pip install --force-reinstall {name if error.name else 'assay'}), and start the same command again."
    )
