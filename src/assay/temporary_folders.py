"""Temporary folders: only their user can open them, and they are deleted however the process ends.

What a process writes for a while lies in one folder of its own (`process_folder`). It is deleted at the end of the
process: after a normal end, an error, Ctrl+C and, where `exit_on_signals` was called, a signal that ends the program.
A process that is killed (SIGKILL), or a machine that loses power, deletes nothing: the next process of the same user
deletes what such a process left.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import util
from pathlib import Path
from types import FrameType
from typing import NoReturn

try:
    import fcntl
except ImportError:  # pragma: no cover - another system
    CAN_LOCK = False
else:
    CAN_LOCK = True

PREFIX = "assay-run-"
"""First part of the name of every temporary folder in the temporary directory of the system."""
ENDING_SIGNALS = ("SIGTERM", "SIGHUP")
"""Signals that by default end a process at once, without the end of any `with` block."""
_received_signals: list[int] = []


def process_folder() -> Path:
    """Return the temporary folder of this process, which is deleted when the process ends.

    A forked process has a folder of its own.
    """
    return _process_folder(os.getpid())


@lru_cache(maxsize=1)
def _process_folder(process: int) -> Path:
    folder = _new_folder(Path(_system_folder()), PREFIX)
    # Also runs at the end of a process that `multiprocessing` started, where `atexit` does not; never in a forked one.
    util.Finalize(None, folder.delete, exitpriority=0)
    return folder.path


@lru_cache(maxsize=1)
def _system_folder() -> str:
    """Return the temporary directory of the system, read before `use_for_temporary_files` changes it."""
    return tempfile.gettempdir()


def new_temporary_folder(prefix: str) -> Path:
    """Return a new folder in the folder of this process."""
    return Path(tempfile.mkdtemp(prefix=prefix, dir=process_folder()))


@contextmanager
def temporary_folder(parent: Path | None = None, prefix: str = "work-") -> Iterator[Path]:
    """Create a folder that is deleted at the end of the block.

    Parameters
    ----------
    parent
        The folder in which it is created, for files that must be on the same disk; without it, the folder of this
        process.
    prefix
        The first part of its name. In `parent`, folders with this prefix that a killed process left are deleted first.
    """
    folder = _new_folder(parent or process_folder(), prefix)
    try:
        yield folder.path
    finally:
        folder.delete()


def use_for_temporary_files() -> None:
    """Let libraries in this process write their temporary files to its folder as well."""
    # Without a directory that can be written, the command that needs one says so.
    with suppress(OSError):
        tempfile.tempdir = str(process_folder())


def delete_process_folder() -> None:
    """Delete the folder of this process now, before another program replaces it, which would delete nothing."""
    if _process_folder.cache_info().currsize:
        shutil.rmtree(process_folder(), ignore_errors=True)
        _process_folder.cache_clear()
        tempfile.tempdir = None


def exit_on_signals() -> None:
    """End the process as after an error when a signal asks for its end, so that its temporary folder is deleted."""
    for name in (*ENDING_SIGNALS, "SIGINT"):
        number = getattr(signal, name, None)
        # A program that was started to outlive its terminal (nohup) ignores the hang-up.
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _raise_on_signal)


def signal_exit_code() -> int | None:
    """Return the exit code for the signal that asked this process to end; None if there was none.

    DuckDB turns the exception that a signal raises into an error of its own, so the error does not tell.
    """
    return 128 + _received_signals[0] if _received_signals else None


def _raise_on_signal(number: int, _frame: FrameType | None) -> NoReturn:
    _received_signals.append(number)
    for name in ENDING_SIGNALS:  # another one would interrupt the deletion
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)


@dataclass(frozen=True)
class _LockedFolder:
    """A folder that is locked as long as its process lives."""

    path: Path
    lock: int | None

    def delete(self) -> None:
        """Delete the folder, then release its lock."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self.lock is not None:
            os.close(self.lock)


def _new_folder(parent: Path, prefix: str) -> _LockedFolder:
    _delete_abandoned_folders(parent, prefix)
    # It gets its name when it is locked: until then another process would take it for abandoned.
    unlocked = Path(tempfile.mkdtemp(prefix=f".{prefix}", dir=parent))
    lock = _lock(unlocked)
    return _LockedFolder(unlocked.rename(unlocked.with_name(unlocked.name[1:])), lock)


def _delete_abandoned_folders(parent: Path, prefix: str) -> None:
    """Delete the folders of this user with this prefix whose process has ended."""
    if not CAN_LOCK:
        return  # nothing tells whether the process of a folder has ended
    for path in parent.glob(f"{prefix}*"):
        if _is_own_folder(path) and (lock := _lock(path)) is not None:
            _LockedFolder(path, lock).delete()


def _is_own_folder(path: Path) -> bool:
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()


def _lock(path: Path) -> int | None:
    """Lock a folder until the process ends; None if another process holds it, or the system cannot lock."""
    if not CAN_LOCK:
        return None
    try:
        number = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        return None
    return number
