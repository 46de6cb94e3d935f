"""The indicators, measures, case-file questions and tables that answer each of the fifty inspection questions.

A question without an answer is listed as such, so that the page shows every gap.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from assay import reference
from assay.errors import DefinitionError
from assay.indicators import Count, Form, Wait
from assay.indicators.catalogue.responses.published_outcomes import MEASURES as RESPONSES
from assay.indicators.catalogue.scale.published_scale_measures import MEASURES as SCALE
from assay.indicators.indicator_catalogue import forms
from assay.indicators.question_set_catalogue import question_sets

NUMBER = re.compile(r"Q\d+")
SUBJECT_LABELS: Mapping[str, str] = MappingProxyType({
    "crime": "case file",
    "child": "chronology",
    "document": "document",
    "suspect": "suspect's file",
    "group": "group's file",
    "note": "text",
    "interview": "interview",
    "focus_group": "focus group",
    "observation": "observation",
})  # fmt: skip
"""The subject of each question set, as the kind of its answers."""
ELSEWHERE = ("table", "command", "page")
NO_ANSWER = "Nothing answers it yet."


@dataclass(frozen=True)
class AnswerSource:
    """One source that answers an inspection question, wholly or in part: its kind, name and description."""

    question: str
    kind: str
    name: str
    description: str


@lru_cache
def answer_sources() -> Mapping[str, tuple[AnswerSource, ...]]:
    """Return, for each question Q1 to Q50, its answer sources in the order of display; () if there are none."""
    found: dict[str, list[AnswerSource]] = {entry.number: [] for entry in reference.questions()}
    for entry in (*_forms(), *_published(), *_case_files(), *_elsewhere()):
        if entry.question not in found:
            raise DefinitionError(
                f"{entry.kind} {entry.name} says that it answers {entry.question}, which is no question."
            )
        found[entry.question].append(entry)
    return MappingProxyType({number: tuple(sources) for number, sources in found.items()})


def _forms() -> Iterator[AnswerSource]:
    for form in forms():
        yield from (AnswerSource(number, _kind(form), form.key, form.title) for number in NUMBER.findall(form.asks))


def _kind(form: Form) -> str:
    return "wait" if isinstance(form, Wait) else "count" if isinstance(form, Count) else "indicator"


def _published() -> Iterator[AnswerSource]:
    for measure in (*SCALE, *RESPONSES):
        yield AnswerSource(measure.question, "published", measure.measure, measure.title)


def _case_files() -> Iterator[AnswerSource]:
    """Yield the case-file questions of each set that concern a question of the inspection."""
    for question_set in question_sets():
        for question in question_set.questions:
            for number in NUMBER.findall(question.asks):
                yield AnswerSource(
                    number, SUBJECT_LABELS[question_set.subject], f"{question_set.key}.{question.key}", question.text
                )


def _elsewhere() -> Iterator[AnswerSource]:
    text = files("assay.indicators").joinpath("answering.toml").read_text(encoding="utf-8")
    for row in tomllib.loads(text)["answer"]:
        if row["kind"] not in ELSEWHERE:
            raise DefinitionError(f"answering.toml, {row['question']}: kind is one of {', '.join(ELSEWHERE)}.")
        yield AnswerSource(**row)
