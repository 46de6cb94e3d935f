"""Mark the passages of a text that the language rules find.

Only rules are used, as in `assay text read --rules-only`: each passage names its rule, so that a person can see the
reason. Passages are shown after a reader's own first answer, so that the tools do not bias the reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from assay.text import Entry, Reader
from assay.workbench.models import Step
from assay.workflows.reading.text_readers import build_reader


@dataclass(frozen=True)
class Piece:
    """A piece of a text in order; `why`: for a marked passage the reason, else ''."""

    text: str
    why: str = ""


@cache
def _reader() -> Reader:
    return build_reader()


def text_pieces(step: Step) -> list[Piece]:
    """Return the text of a step in pieces, with the marked passages among them."""
    role = step.by_role.replace(" ", "_")
    passages_found = _reader().read([step.text], [Entry(role, "")], signs=False)[0].passages
    pieces, position = [], 0
    for passage in passages_found:
        if passage.start < position:
            continue  # it lies within the one before
        pieces.append(Piece(step.text[position : passage.start]))
        explanation = (
            f"{passage.category.replace('_', ' ')}, {passage.voice.replace('_', ' ')}: {passage.rule.replace('_', ' ')}"
        )
        pieces.append(Piece(step.text[passage.start : passage.end], explanation))
        position = passage.end
    return [piece for piece in (*pieces, Piece(step.text[position:])) if piece.text]
