"""Record the numbers that a page derives from released rows, such as sums of rounded counts or class limits.

They are recorded while the pages are rendered, each with its page, and are listed in the figure register beside the
released figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class DerivedNumbers:
    """Numbers that pages derive: `page_numbers` as (page path, method, number); `pending` are on no page yet."""

    page_numbers: set[tuple[str, str, str]] = field(default_factory=set)
    pending: list[tuple[str, str]] = field(default_factory=list)


_recorder: ContextVar[DerivedNumbers | None] = ContextVar("noted", default=None)


@contextmanager
def record_derived_numbers() -> Iterator[DerivedNumbers]:
    """Context manager that records every number passed to `derived_number`."""
    recorder = DerivedNumbers()
    token = _recorder.set(recorder)
    try:
        yield recorder
    finally:
        _recorder.reset(token)


def derived_number(text: str, method: str) -> str:
    """Return `text`, recorded as a number that a page derives from released rows by `method`."""
    recorder = _recorder.get()
    if recorder is not None:
        recorder.pending.append((f"worked-out/{'-'.join(method.split())}", text))
    return text


def row_count(number: int) -> str:
    """Return a number of rows as text, recorded as a derived number."""
    return derived_number(f"{number:,}", "rows counted")


def assign_to_page(path: str) -> None:
    """Assign the numbers recorded since the last page to this page; pages are rendered one after another."""
    recorder = _recorder.get()
    if recorder is not None:
        recorder.page_numbers |= {(path, method, text) for method, text in recorder.pending}
        recorder.pending.clear()
