"""Explain each finding in a text, for a terminal or a page: passage, speaker, and the rule that classified it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from assay.indicators.catalogue.attitudes.attitude_lexicon import lexicon
from assay.report.internal_page import render_internal_page
from assay.text import VOICES, Answer, Passage
from assay.text.attitude_reader import IN_OTHER_WORDS

BLAMES_TEXT = "holds words that blame the child, in the police's own voice"
RULES = {
    "own_words": "nothing in the sentence attributes the words to anyone but the writer",
    "view_adopted": "another person's view, which the writer adopts",
    "another_sense": "the words have another meaning here",
    "what_it_needs_is_not_there": "the sentence lacks the words that would make it a judgement",
    "entry_fields": "the fields of the entry say whose words it holds",
    "printed_by_a_form": "a label or a line that a form prints",
    "a_question": "it is asked",
    "quoted_in_the_first_person": "a quotation in the first person",
    "quoted_and_nobody_named": "a quotation without a named speaker",
    "scored_by_the_classifier": "no listed term; the classifier's score alone",
    "about_suspect": "it is about a suspect",
    "about_adult": "it is about an adult, not the child",
    "about_officer": "it is about an officer",
    "about_thing": "it is about a thing or a place",
}
"""Texts of the rules that are not cues; a cue has its own text (`cues.toml`)."""


@dataclass(frozen=True)
class TextReading:
    """One text and what the rules and models found in it."""

    text: str
    answer: Answer

    def as_dict(self) -> dict[str, Any]:
        """Return the answer, and each passage with its position, for other programs."""
        passages = [
            {
                "start": passage.start,
                "end": passage.end,
                "words": self.text[passage.start : passage.end],
                "term": passage.term,
                "category": passage.category,
                "voice": passage.voice,
                "rule": passage.rule,
                "counts": passage.counts,
                "evidence": [list(span) for span in passage.evidence],
                "source": passage.source,
            }
            for passage in self.answer.passages
        ]
        return {**self.answer.as_dict(), "passages": passages}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        return [
            *self.verdict_lines(),
            *(line for passage in self.answer.passages for line in self._passage_lines(passage)),
        ]

    def verdict_lines(self) -> list[str]:
        """Return the lines about the text as a whole."""
        answer = self.answer
        if answer.blaming is None:
            return [answer.note]
        blames = BLAMES_TEXT if answer.blaming else "is not found to blame the child"
        signs_text = "holds signs of exploitation" if answer.unflagged else "holds no sufficient signs of exploitation"
        sentences = [
            f"The text {blames} (score {answer.blaming_score:.2f}).",
            f"It {signs_text} (score {answer.unflagged_score:.2f}).",
            "Both are reasons for a person to read the text. They decide nothing.",
        ]
        return [*sentences, answer.note] if answer.note else sentences

    def _passage_lines(self, passage: Passage) -> Iterator[str]:
        yield ""
        yield (
            f'{"COUNTS    " if passage.counts else "not counted"} "{one_line(self.text[passage.start : passage.end])}"'
        )
        yield f"    {category_title(passage)}"
        yield f"    {passage.voice}: {rule_text(passage.rule)}"
        for start, end in passage.evidence:
            yield f'    leans on "{one_line(self.text[start:end])}"'
        if passage.source:
            yield f"    read in: {passage.source}"


def category_title(passage: Passage) -> str:
    """Return the title of a passage's category."""
    listed = lexicon().categories
    return (
        "Found by the model, not by a listed term" if passage.category == IN_OTHER_WORDS else listed[passage.category]
    )


def rule_text(rule: str) -> str:
    """Return a sentence on what a rule decides."""
    from assay.text.context.voice_cues import known_cues

    cue = known_cues().by_key.get(rule.removesuffix("_above"))
    rule_sentence = cue.meaning if cue else RULES[rule]
    return (
        f"{rule_sentence}, in the line above"
        if rule.endswith("_above") and cue and rule not in known_cues().by_key
        else rule_sentence
    )


def voice_text(passage: Passage) -> str:
    """Return what the speaker category of a passage means, as a phrase."""
    return VOICES[passage.voice]


def one_line(words: str) -> str:
    """Return a text on one line, with single spaces."""
    return " ".join(words.split())


# Write an internal page of one text with its findings marked.


def write_text_page(reading: TextReading, out: Path) -> Path:
    """Write the page; create its folder if needed."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text_page(reading), encoding="utf-8", newline="\n")
    return out


def text_page(reading: TextReading) -> str:
    """Return the page of a text as HTML; it contains its style sheet and loads nothing."""
    rows = [_row(reading, number) for number in range(len(reading.answer.passages))]
    context = {"verdict": reading.verdict_lines(), "text": _marked_text(reading), "rows": rows}
    return render_internal_page("assay.workflows.reading", "read.html", (), context)


def _row(reading: TextReading, number: int) -> dict[str, Any]:
    passage = reading.answer.passages[number]
    return {
        "number": number + 1,
        "words": one_line(reading.text[passage.start : passage.end]),
        "category": category_title(passage),
        "counts": passage.counts,
        "voice": voice_text(passage),
        "why": rule_text(passage.rule),
        "evidence": [one_line(reading.text[start:end]) for start, end in passage.evidence],
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
