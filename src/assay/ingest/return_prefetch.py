"""Read the next return on a second thread while the previous one is written.

DuckDB does nearly all of the work and releases the interpreter lock, so a second thread halves the time for many small
returns. A prefetched return is used only if its files are unchanged. An error in prefetching is ignored; the regular
reading reports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assay.ingest.accepted_tables import ReceivedReturn

Hashes = Mapping[str, str]


@dataclass(frozen=True)
class PrefetchedReturn:
    """A return that was read ahead, with the hashes of its files before it was read."""

    hashes: Hashes
    received: ReceivedReturn


class ReturnPrefetcher:
    """Reads returns on a second thread, by folder."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._futures: dict[Path, Future[PrefetchedReturn | None]] = {}

    def submit(self, folder: Path, read: Callable[[], PrefetchedReturn]) -> None:
        """Start to read the return in this folder on the second thread."""
        self._futures[folder] = self._pool.submit(_read_or_none, read)

    def take(self, folder: Path, hashes: Hashes) -> ReceivedReturn | None:
        """Return the prefetched return if its files are unchanged; None if it must be read now."""
        prefetched = self._futures.pop(folder).result() if folder in self._futures else None
        if prefetched is None or prefetched.hashes == hashes:
            return prefetched.received if prefetched else None
        prefetched.received.close()
        return None

    def clear(self) -> None:
        """Close all prefetched returns that were not taken."""
        for folder in list(self._futures):
            if prefetched := self._futures.pop(folder).result():
                prefetched.received.close()


def _read_or_none(read: Callable[[], PrefetchedReturn]) -> PrefetchedReturn | None:
    try:
        return read()
    except Exception:  # when it is the return's turn, it is read again, and that tells why
        return None


@contextmanager
def prefetch_returns() -> Iterator[ReturnPrefetcher]:
    """Context manager that provides a prefetcher while returns are received, and clears it at the end."""
    with ThreadPoolExecutor(1, thread_name_prefix="assay-ahead") as pool:
        prefetcher = ReturnPrefetcher(pool)
        try:
            yield prefetcher
        finally:
            prefetcher.clear()
