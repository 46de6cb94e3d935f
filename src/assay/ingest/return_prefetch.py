"""How is the next return read while the one before it is still being written?

Reading is nearly all work of the store, which leaves Python's lock, so one thread beside halves the time that many
small returns take. What was read ahead is used only if the files are still those that were read; whatever goes wrong in
reading ahead is left to the reading in turn, which tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assay.errors import SourceError
from assay.ingest.accepted_tables import Received

Hashes = Mapping[str, str]


@dataclass(frozen=True)
class Read:
    """A return as it was read, and the hash of each file before that."""

    hashes: Hashes
    received: Received


class Ahead:
    """What is being read on a thread beside, by the folder in which it lies."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._begun: dict[Path, Future[Read | None]] = {}

    def begin(self, place: Path, read: Callable[[], Read]) -> None:
        """Begin to read a return whose turn comes next."""
        self._begun[place] = self._pool.submit(_quietly, read)

    def take(self, place: Path, hashes: Hashes) -> Received | None:
        """What was read of a return whose files have these hashes; None if it has to be read now."""
        read = self._begun.pop(place).result() if place in self._begun else None
        if read is None or read.hashes == hashes:
            return read.received if read else None
        read.received.close()
        return None

    def clear(self) -> None:
        """Clear away what was read and nobody took."""
        for place in list(self._begun):
            if read := self._begun.pop(place).result():
                read.received.close()


def _quietly(read: Callable[[], Read]) -> Read | None:
    try:
        return read()
    except SourceError:
        return None


@contextmanager
def reading_ahead() -> Iterator[Ahead]:
    """A thread that reads ahead, for as long as returns are taken in."""
    with ThreadPoolExecutor(1, thread_name_prefix="assay-ahead") as pool:
        ahead = Ahead(pool)
        try:
            yield ahead
        finally:
            ahead.clear()
