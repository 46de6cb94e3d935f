"""Lock of the inspection folder: one writing process at a time, and repair after an interrupted one.

A command that writes stages holds the lock while it runs. Files written meanwhile get no more permissions than the
folder itself.
"""

from __future__ import annotations

import functools
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

from assay.engine.provenance.ledger import Ledger
from assay.engine.provenance.ledger_signatures import require_unaltered, sign_head
from assay.engine.provenance.stage_folders import REPLACED_PREFIX, UNFINISHED_PREFIX
from assay.engine.provenance.write_lock import lock_file
from assay.errors import EvidenceError, UsageError

try:
    import fcntl
except ImportError:  # a system without file locks: the caller must ensure that only one process writes
    fcntl = None  # type: ignore[assignment]

LEDGER, LOCK = "ledger.jsonl", ".lock"
"""The lock is an empty file. It stays after the work is done or killed, and then blocks nobody."""
CLOCK_TOLERANCE = timedelta(hours=1)
"""Maximum difference of the clocks of two machines that write into the same ledger."""
PAUSE_SECONDS = 0.1
_thread_state = threading.local()
Params = ParamSpec("Params")
Answer = TypeVar("Answer")


@contextmanager
def lock_folder(folder: Path, patience_seconds: float = 0.0) -> Iterator[None]:
    """Lock the folder of an inspection while its stages are written; UsageError if it is locked.

    EvidenceError if the clock is before the last line of the ledger, or the ledger differs from what was signed. At the
    end the head of the ledger is signed, if the user has a private key. A folder without a ledger contains no
    inspection, and nothing is locked.
    """
    resolved = folder.resolve()
    locked_folders: set[Path] = _thread_state.__dict__.setdefault("locked", set())
    if resolved in locked_folders or not (resolved / LEDGER).is_file():
        yield
        return
    old_umask = os.umask(0o777 & ~resolved.stat().st_mode)
    try:
        with (resolved / LOCK).open("ab") as file:
            _acquire(file.fileno(), folder, patience_seconds)
            locked_folders.add(resolved)
            try:
                ledger = Ledger(resolved / LEDGER)
                _check_clock(ledger)
                require_unaltered(ledger)
                with lock_file(ledger.path):  # otherwise the partial file of a signing process would be removed
                    repair_folder(resolved)
                yield
                sign_head(ledger)
            finally:
                locked_folders.discard(resolved)
    finally:
        os.umask(old_umask)


def with_folder_lock(work: Callable[Params, Answer]) -> Callable[Params, Answer]:
    """Decorator: lock the folder (first argument) while the function runs."""

    @functools.wraps(work)
    def locked_work(*args: Params.args, **kwargs: Params.kwargs) -> Answer:
        folder = kwargs["folder"] if "folder" in kwargs else args[0]
        with lock_folder(Path(str(folder))):
            return work(*args, **kwargs)

    return locked_work


def repair_folder(folder: Path) -> None:
    """Repair the folder after an interrupted process: remove partial outputs and restore replaced ones."""
    for leftover in sorted(folder.rglob(f"{REPLACED_PREFIX}*")):
        original = leftover.with_name(leftover.name.removeprefix(REPLACED_PREFIX))
        if leftover.is_dir() and not original.exists():
            leftover.rename(original)
    for leftover in [path for prefix in (REPLACED_PREFIX, UNFINISHED_PREFIX) for path in folder.rglob(f"{prefix}*")]:
        shutil.rmtree(leftover, ignore_errors=True) if leftover.is_dir() else leftover.unlink(missing_ok=True)


def _acquire(file: int, folder: Path, patience_seconds: float) -> None:
    deadline = time.monotonic() + patience_seconds
    while not _try_acquire(file):
        if time.monotonic() < deadline:
            time.sleep(PAUSE_SECONDS)
            continue
        raise UsageError(
            f"Somebody else is at work in {folder}, and two at once would write over one another. Wait until the other "
            "command has ended, and start this one again. Nothing was changed."
        )


def _try_acquire(file: int) -> bool:
    if not fcntl:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _check_clock(ledger: Ledger) -> None:
    entries = ledger.entries()
    last = datetime.fromisoformat(entries[-1].at) if entries else None
    now = datetime.now(UTC)
    if last and now < last - CLOCK_TOLERANCE:
        raise EvidenceError(
            f"The clock of this machine says {now:%Y-%m-%d %H:%M} (UTC), and the last line of the ledger was written "
            f"{last:%Y-%m-%d %H:%M}: last days and the order of events would no longer hold. Set the clock, and start "
            "again. Nothing was changed."
        )
