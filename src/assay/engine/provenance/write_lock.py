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
    """Lock an existing file while the context is open; meanwhile other threads and processes wait.

    The lock is reentrant within a thread. On a system without file locks it does nothing.
    """
    locked_paths: set[Path] = _thread_state.__dict__.setdefault("locked", set())
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
