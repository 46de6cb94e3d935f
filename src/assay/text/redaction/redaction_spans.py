"""What is taken out of a text, where, and what stands there instead?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A stretch of a text as it stood, what stands for it, and what kind of thing it was."""

    start: int
    end: int
    says: str
    kind: str


def apart(spans: Iterable[Span]) -> list[Span]:
    """Spans that share no character, in order: whatever any of them covers is covered. Of spans that lie upon one
    another the first told says what stands there."""
    kept: list[Span] = []
    for one in sorted(spans, key=lambda span: span.start):  # stable: of two that begin alike, the first told
        if kept and one.start < kept[-1].end:
            last = kept[-1]
            kept[-1] = Span(last.start, max(last.end, one.end), last.says, last.kind)
        elif one.start < one.end:
            kept.append(one)
    return kept
