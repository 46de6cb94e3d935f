"""Is anybody else at work in this folder, what did a stopped run leave behind, and does the clock go forward?

Whoever writes many stages holds the folder for that time. What is written in it is open to no more people than the
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
from assay.engine.provenance.stage_folders import REPLACED, UNFINISHED
from assay.engine.provenance.write_lock import taking_turns
from assay.errors import EvidenceError, UsageError

try:
    import fcntl
except ImportError:  # a system without file locks: one run at a time is then the caller's care
    fcntl = None  # type: ignore[assignment]

LEDGER, LOCK = "ledger.jsonl", ".lock"
"""An empty file; whoever holds it is at work. It stays when the work is done, or was killed, and holds nobody up."""
ALLOWED = timedelta(hours=1)
"""How far one machine's clock may be behind another's that wrote in the same ledger."""
PAUSE_SECONDS = 0.1
_MINE = threading.local()
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


@contextmanager
def alone(folder: Path, patience_seconds: float = 0.0) -> Iterator[None]:
    """Hold the folder of an inspection while its stages are written; UsageError if another process or thread holds it,
    and still does after so many seconds.

    EvidenceError if the clock is before the last line of the ledger, or the ledger differs from what was signed. At the
    end the head of the ledger is signed, if the user has a private key. A folder without a ledger contains no
    inspection, and nothing is locked.
    """
    place = folder.resolve()
    held: set[Path] = _MINE.__dict__.setdefault("held", set())
    if place in held or not (place / LEDGER).is_file():
        yield
        return
    before = os.umask(0o777 & ~place.stat().st_mode)
    try:
        with (place / LOCK).open("ab") as file:
            _hold(file.fileno(), folder, patience_seconds)
            held.add(place)
            try:
                ledger = Ledger(place / LEDGER)
                _refuse_earlier(ledger)
                require_unaltered(ledger)
                with taking_turns(ledger.path):  # else the partial file of a process that is signing would be removed
                    put_right(place)
                yield
                sign_head(ledger)
            finally:
                held.discard(place)
    finally:
        os.umask(before)


def one_at_a_time(work: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """A verb whose first argument, `folder`, is that of an inspection: the folder is held until the work is done."""

    @functools.wraps(work)
    def held(*given: Given.args, **named: Given.kwargs) -> Answer:
        folder = named["folder"] if "folder" in named else given[0]
        with alone(Path(str(folder))):
            return work(*given, **named)

    return held


def put_right(folder: Path) -> None:
    """Clear away what a stopped process left: a stage half written goes, one that was being replaced comes back."""
    for found in sorted(folder.rglob(f"{REPLACED}*")):
        place = found.with_name(found.name.removeprefix(REPLACED))
        if found.is_dir() and not place.exists():
            found.rename(place)
    for found in [path for mark in (REPLACED, UNFINISHED) for path in folder.rglob(f"{mark}*")]:
        shutil.rmtree(found, ignore_errors=True) if found.is_dir() else found.unlink(missing_ok=True)


def _hold(file: int, folder: Path, patience_seconds: float) -> None:
    until = time.monotonic() + patience_seconds
    while not _holds(file):
        if time.monotonic() < until:
            time.sleep(PAUSE_SECONDS)
            continue
        raise UsageError(
            f"Somebody else is at work in {folder}, and two at once would write over one another. Wait until the other "
            "command has ended, and start this one again. Nothing was changed."
        )


def _holds(file: int) -> bool:
    if not fcntl:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _refuse_earlier(ledger: Ledger) -> None:
    entries = ledger.entries()
    last = datetime.fromisoformat(entries[-1].at) if entries else None
    now = datetime.now(UTC)
    if last and now < last - ALLOWED:
        raise EvidenceError(
            f"The clock of this machine says {now:%Y-%m-%d %H:%M} (UTC), and the last line of the ledger was written "
            f"{last:%Y-%m-%d %H:%M}: last days and the order of events would no longer hold. Set the clock, and start "
            "again. Nothing was changed."
        )
