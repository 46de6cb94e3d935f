"""Map a function over batches in several processes, and release memory afterwards."""

from __future__ import annotations

import ctypes
import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import pyarrow as pa

Batch = TypeVar("Batch")
Found = TypeVar("Found")
BATCHES_PER_PROCESS = 3
"""Maximum number of submitted batches for each process."""


def available_processors() -> int:
    """Return the number of processors available to this process, which may be fewer than those of the machine."""
    from joblib import cpu_count

    return int(cpu_count())


def map_batches(
    batches: Iterable[Batch], make_function: Callable[[], Callable[[Batch], Found]], processes: int = 1
) -> Iterator[Found]:
    """Yield the result of each batch in order, computed in several processes.

    `make_function` creates the function once in each process. Batches are drawn as results are consumed, so that only a
    few are pending; the processes end with the last result. A daemonic process (of a `multiprocessing.Pool`) may have
    no children, and computes all batches itself.
    """
    if processes < 2 or multiprocessing.current_process().daemon:
        function = make_function()
        yield from (function(batch) for batch in batches)
        return
    from joblib.externals.loky import ProcessPoolExecutor

    pending: deque[Any] = deque()
    with ProcessPoolExecutor(processes, initializer=_initialise_worker, initargs=(make_function,)) as pool:
        for batch in batches:
            if len(pending) == processes * BATCHES_PER_PROCESS:
                yield pending.popleft().result()
            pending.append(pool.submit(_apply_worker_function, batch))
        while pending:
            yield pending.popleft().result()


def release_memory() -> None:
    """Return memory that is no longer used to the operating system."""
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # only glibc has it
        if trim is not None:
            trim(0)


_worker_function: Callable[[Any], Any] | None = None


def _initialise_worker(make_function: Callable[[], Callable[[Any], Any]]) -> None:
    global _worker_function
    _worker_function = make_function()


def _apply_worker_function(batch: Any) -> Any:
    assert _worker_function is not None
    return _worker_function(batch)
