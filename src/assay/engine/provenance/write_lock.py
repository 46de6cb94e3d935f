"""Who writes now, where two may want to at once, so that neither loses what the other wrote?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - another system
    fcntl = None  # type: ignore[assignment]

_MINE = threading.local()


@contextmanager
def taking_turns(path: Path) -> Iterator[None]:
    """Hold a file that is there until the end; threads and other programs that ask for it wait.

    Whoever holds it already goes on. Where the system knows no such lock, nobody waits.
    """
    held: set[Path] = _MINE.__dict__.setdefault("held", set())
    key = path.resolve()
    if key in held or fcntl is None:
        yield
        return
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        held.add(key)
        try:
            yield
        finally:
            held.remove(key)
