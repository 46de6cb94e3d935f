"""The same look at many batches, in several processes, in the order of the batches; and memory that is given back."""

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
IN_FLIGHT = 3
"""Batches that wait for each process."""


def cores() -> int:
    """How many processes this one may have at work: the processors that it was given, not those of the machine."""
    from joblib import cpu_count

    return int(cpu_count())


def streamed(
    batches: Iterable[Batch], begin: Callable[[], Callable[[Batch], Found]], processes: int = 1
) -> Iterator[Found]:
    """What is found in each batch, in their order. `begin` makes what looks, once in each process. Batches are drawn as
    their answers are taken, so that no more than a few wait; the processes end with the last answer. A process that may
    have no children (of a `multiprocessing.Pool`) looks at all of them itself."""
    if processes < 2 or multiprocessing.current_process().daemon:
        look = begin()
        yield from (look(batch) for batch in batches)
        return
    from joblib.externals.loky import ProcessPoolExecutor

    waiting: deque[Any] = deque()
    with ProcessPoolExecutor(processes, initializer=_begin, initargs=(begin,)) as pool:
        for batch in batches:
            if len(waiting) == processes * IN_FLIGHT:
                yield waiting.popleft().result()
            waiting.append(pool.submit(_look, batch))
        while waiting:
            yield waiting.popleft().result()


def give_back() -> None:
    """Let the machine have what nothing holds any more: libraries keep what a large table took, for the next one."""
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc; other libraries have none
        if trim is not None:
            trim(0)


_held: Callable[[Any], Any] | None = None


def _begin(begin: Callable[[], Callable[[Any], Any]]) -> None:
    global _held
    _held = begin()


def _look(batch: Any) -> Any:
    assert _held is not None
    return _held(batch)
