"""Which passages of a text do the language tools mark, and in whose voice do they stand?

Rules alone, the same as `assay read --rules-only`: each passage names its rule, so that a person can see why. They are
shown after a reader's own first answer, so that the tools do not lead the reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from assay.text import Entry, Reader
from assay.workbench.models import Step
from assay.workflows.reading.text_readers import reader


@dataclass(frozen=True)
class Piece:
    """A piece of a text in order; `why`: of a marked passage what was decided of it, else ''."""

    text: str
    why: str = ""


@cache
def _reader() -> Reader:
    return reader()


def passages(step: Step) -> list[Piece]:
    """The text of a step in pieces, the marked passages among them."""
    role = step.by_role.replace(" ", "_")
    found = _reader().read([step.text], [Entry(role, "")], signs=False)[0].passages
    pieces, at = [], 0
    for one in found:
        if one.start < at:
            continue  # it lies within the one before
        pieces.append(Piece(step.text[at : one.start]))
        said = f"{one.category.replace('_', ' ')}, {one.voice.replace('_', ' ')}: {one.rule.replace('_', ' ')}"
        pieces.append(Piece(step.text[one.start : one.end], said))
        at = one.end
    return [piece for piece in (*pieces, Piece(step.text[at:])) if piece.text]
