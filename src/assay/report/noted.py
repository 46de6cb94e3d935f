"""Which numbers does a page work out itself from released rows, such as a sum of rounded counts or the edge of a class?

They are noted while the pages are made, and stand in the file of figures beside what was released.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from assay.report.words import slug

_noted: ContextVar[dict[str, str] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[dict[str, str]]:
    """While it is open, what `worked_out` is told of is kept: by id, the number as printed."""
    held: dict[str, str] = {}
    token = _noted.set(held)
    try:
        yield held
    finally:
        _noted.reset(token)


def worked_out(said: str, how: str) -> str:
    """`said`, noted as a number that a page works out from released rows, in the way that `how` says."""
    held = _noted.get()
    if held is not None:
        held[f"worked-out/{slug(how)}/{said}"] = said
    return said
