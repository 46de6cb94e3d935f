"""Write an internal page of one text with its findings marked."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from assay.report.internal_page import render_internal_page
from assay.workflows.reading import reading_summaries
from assay.workflows.reading.reading_summaries import TextReading


def write_text_page(reading: TextReading, out: Path) -> Path:
    """Write the page; create its folder if needed."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text_page(reading), encoding="utf-8", newline="\n")
    return out


def text_page(reading: TextReading) -> str:
    """Return the page as HTML; it holds its style and loads nothing."""
    rows = [_row(reading, number) for number in range(len(reading.answer.passages))]
    context = {"verdict": reading.verdict_lines(), "text": _marked_text(reading), "rows": rows}
    return render_internal_page("assay.workflows.reading", "read.html", (), context)


def _row(reading: TextReading, number: int) -> dict[str, Any]:
    passage = reading.answer.passages[number]
    return {
        "number": number + 1,
        "words": reading_summaries.one_line(reading.text[passage.start : passage.end]),
        "category": reading_summaries.category_title(passage),
        "counts": passage.counts,
        "voice": reading_summaries.voice_text(passage),
        "why": reading_summaries.rule_text(passage.rule),
        "evidence": [reading_summaries.one_line(reading.text[start:end]) for start, end in passage.evidence],
        "source": passage.source,
    }


def _marked_text(reading: TextReading) -> Markup:
    """Return the text with each passage and each piece of evidence marked; passages may overlap."""
    passages = reading.answer.passages
    evidence = [span for passage in passages for span in passage.evidence]
    spans = [(0, len(reading.text)), *((passage.start, passage.end) for passage in passages), *evidence]
    edges = sorted({edge for span in spans for edge in span})
    parts: list[Markup] = []
    for start, end in pairwise(edges):
        words = escape(reading.text[start:end])
        passage_numbers = [
            number for number, passage in enumerate(passages) if passage.start <= start and end <= passage.end
        ]
        if passage_numbers:
            kind = "counts" if any(passages[number].counts for number in passage_numbers) else "passed"
            names = ", ".join(str(number + 1) for number in passage_numbers)
            first = any(passages[number].start == start for number in passage_numbers)
            label = Markup("<sup>{}</sup>").format(names) if first else Markup("")
            words = Markup('<mark class="{}">{}{}</mark>').format(kind, words, label)
        elif any(first <= start and end <= after for first, after in evidence):
            words = Markup('<span class="evidence">{}</span>').format(words)
        parts.append(words)
    return Markup("").join(parts)
