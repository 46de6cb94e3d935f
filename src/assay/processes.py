"""The same look at many batches, in several processes, in the order of the batches."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeVar

Batch = TypeVar("Batch")
Found = TypeVar("Found")
IN_FLIGHT = 3
"""Batches that wait for each process."""


def streamed(
    batches: Iterable[Batch], begin: Callable[[], Callable[[Batch], Found]], processes: int = 1
) -> Iterator[Found]:
    """What is found in each batch, in their order. `begin` makes what looks, once in each process: something that can
    be sent to one, a function of a module or a `functools.partial` of it."""
    if processes < 2:
        look = begin()
        yield from (look(batch) for batch in batches)
        return
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    sent = pickle.dumps(begin)
    side_by_side = Parallel(processes, return_as="generator", batch_size=1, pre_dispatch=f"{IN_FLIGHT}*n_jobs")
    try:
        yield from side_by_side(delayed(_looked)(sent, batch) for batch in batches)
    finally:
        get_reusable_executor().shutdown(wait=True)  # what they hold goes back at once, and no process stays behind


def _looked(sent: bytes, batch: Any) -> Any:
    return _begun(sent)(batch)


@lru_cache(maxsize=1)
def _begun(sent: bytes) -> Callable[[Any], Any]:
    begin: Callable[[], Callable[[Any], Any]] = pickle.loads(sent)
    return begin()
