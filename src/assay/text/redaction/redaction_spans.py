"""Spans of a text to redact, and what replaces them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Range of an original text to redact, with its placeholder and kind."""

    start: int
    end: int
    replacement: str
    kind: str


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """Merge overlapping spans; a merged span has the placeholder and kind of its first."""
    merged: list[Span] = []
    for current in sorted(spans, key=lambda span: span.start):  # stable: of two with the same start, the first given
        if merged and current.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = Span(last.start, max(last.end, current.end), last.replacement, last.kind)
        elif current.start < current.end:
            merged.append(current)
    return merged
