"""One text on a page, with what was found marked where it stands: for the inspection's own people."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from assay.report.internal_page import inside_page
from assay.workflows.reading import reading_summaries
from assay.workflows.reading.reading_summaries import Told


def write_page(read: Told, out: Path) -> Path:
    """Write the page; the folder is made if it is not there."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page(read), encoding="utf-8", newline="\n")
    return out


def page(read: Told) -> str:
    """The page as HTML; it carries its style and loads nothing."""
    rows = [_row(read, number) for number in range(len(read.answer.passages))]
    told = {"verdict": read.verdict(), "text": _marked(read), "rows": rows}
    return inside_page("assay.workflows.reading", "read.html", (), told)


def _row(read: Told, number: int) -> dict[str, Any]:
    passage = read.answer.passages[number]
    return {
        "number": number + 1,
        "words": reading_summaries.shown(read.text[passage.start : passage.end]),
        "category": reading_summaries.category(passage),
        "counts": passage.counts,
        "voice": reading_summaries.voice(passage),
        "why": reading_summaries.why(passage.rule),
        "evidence": [reading_summaries.shown(read.text[start:end]) for start, end in passage.evidence],
        "source": passage.source,
    }


def _marked(read: Told) -> Markup:
    """The text with each passage and each piece of evidence marked; passages may lie upon one another."""
    passages = read.answer.passages
    evidence = [place for passage in passages for place in passage.evidence]
    places = [(0, len(read.text)), *((passage.start, passage.end) for passage in passages), *evidence]
    edges = sorted({edge for place in places for edge in place})
    parts: list[Markup] = []
    for start, end in pairwise(edges):
        words = escape(read.text[start:end])
        over = [number for number, passage in enumerate(passages) if passage.start <= start and end <= passage.end]
        if over:
            kind = "counts" if any(passages[number].counts for number in over) else "passed"
            names = ", ".join(str(number + 1) for number in over)
            first = any(passages[number].start == start for number in over)
            label = Markup("<sup>{}</sup>").format(names) if first else Markup("")
            words = Markup('<mark class="{}">{}{}</mark>').format(kind, words, label)
        elif any(first <= start and end <= after for first, after in evidence):
            words = Markup('<span class="evidence">{}</span>').format(words)
        parts.append(words)
    return Markup("").join(parts)
