"""Which numbers does a page work out itself from released rows, such as a sum of rounded counts or the edge of a class?

They are noted while the pages are made, each with the page that it was worked out for, and stand in the file of figures
beside what was released.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Noted:
    """What was worked out: `of_pages` as (path of the page, how, number as printed); `waiting` for its page."""

    of_pages: set[tuple[str, str, str]] = field(default_factory=set)
    waiting: list[tuple[str, str]] = field(default_factory=list)


_noted: ContextVar[Noted | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[Noted]:
    """While it is open, what `worked_out` is told of is kept."""
    held = Noted()
    token = _noted.set(held)
    try:
        yield held
    finally:
        _noted.reset(token)


def worked_out(said: str, how: str) -> str:
    """`said`, noted as a number that a page works out from released rows, in the way that `how` says."""
    held = _noted.get()
    if held is not None:
        held.waiting.append((f"worked-out/{'-'.join(how.split())}", said))
    return said


def tallied(number: int) -> str:
    """How many rows a page shows of something, in figures."""
    return worked_out(f"{number:,}", "rows counted")


def belongs_to(path: str) -> None:
    """What was worked out since the page before was made belongs to this one: pages are made one after another."""
    held = _noted.get()
    if held is not None:
        held.of_pages |= {(path, how, said) for how, said in held.waiting}
        held.waiting.clear()
