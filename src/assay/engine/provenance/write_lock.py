"""Exclusive lock on one file, across threads and processes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - another system
    fcntl = None  # type: ignore[assignment]

_thread_state = threading.local()


@contextmanager
def lock_file(path: Path) -> Iterator[None]:
    """Hold a file that is there until the end; threads and other programs that ask for it wait.

    Whoever holds it already goes on. Where the system knows no such lock, nobody waits.
    """
    locked_paths: set[Path] = _thread_state.__dict__.setdefault("held", set())
    key = path.resolve()
    if key in locked_paths or fcntl is None:
        yield
        return
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        locked_paths.add(key)
        try:
            yield
        finally:
            locked_paths.remove(key)
