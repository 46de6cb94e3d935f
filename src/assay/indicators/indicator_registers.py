"""Register tables of the indicators, their examples, the waiting times and the definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from assay import reference
from assay.contract.need_descriptions import need_phrases
from assay.indicators import EXCLUDED, Count, Form, Indicator, Wait, example_row
from assay.indicators.exclusion_reasons import plain_label
from assay.indicators.form_sentences import RECORDS, condition_sentence, exclusion_sentences, population_sentence
from assay.indicators.indicator_wording import join_words
from assay.reference.time_standards import BREACH, UNLESS_EXTENDED

_FORM = ("title", "question", "why", "line", "asks")
INDICATORS = (
    "indicator", *_FORM, "record", "population", "excluding", "met", "better", "standard", "holder", "graded", "limits",
    "assumptions", "needs",
)  # fmt: skip
WAITS = ("wait", *_FORM, "starts", "ends", "competing", "limits", "assumptions", "holder", "graded")
EXAMPLES = ("indicator", "example", "facts", "answer", "reason")
DEFINITIONS = ("count", "definition", "title", "words", "source")
_TYPES = {"graded": pa.bool_(), "example": pa.int64()}


def registers(forms: Iterable[Form]) -> dict[str, pa.Table]:
    """Return the registers `indicators`, `indicator_examples`, `waits` and `definitions_used`, in the given order."""
    form_list = tuple(forms)
    indicators = [form for form in form_list if isinstance(form, Indicator)]
    return {
        "indicators": _table(INDICATORS, map(_indicator, indicators)),
        "indicator_examples": _table(EXAMPLES, (row for form in indicators for row in _examples(form))),
        "waits": _table(WAITS, (_wait(form) for form in form_list if isinstance(form, Wait))),
        "definitions_used": _table(
            DEFINITIONS, (row for form in form_list if isinstance(form, Count) for row in _definitions(form))
        ),
    }


BREACH_TEXT = {
    BREACH: " Over it is a breach, not lateness.",
    UNLESS_EXTENDED: " Over it is a breach unless it was extended, which no return says.",
}


def standard_words(key: str) -> str:
    """Describe a dated standard in a sentence: its name, limit and source, and whether it was verified there."""
    standard = reference.standards().get(key)
    limit = (
        f": {standard.limit} {plain_label(standard.unit)}{'' if standard.limit == 1 else 's'}" if standard.limit else ""
    )
    verified = "" if standard.status == "verified" else " Not verified: not read in its source."
    past = BREACH_TEXT.get(standard.over_run, "")
    return f"{standard.name}{limit}.{past} {standard.source.rstrip('.') or 'No source'}.{verified}"


def _indicator(form: Indicator) -> dict[str, Any]:
    return {
        **_common_columns(form),
        "indicator": form.key,
        "record": RECORDS[form.record],
        "population": population_sentence(form),
        "excluding": exclusion_sentences(form),
        "met": condition_sentence(form),
        "better": form.better,
        "standard": " ".join(standard_words(key) for key in form.standard),
        "holder": form.holder,
        "graded": form.graded,
        "needs": _needs(form),
    }


def _wait(form: Wait) -> dict[str, Any]:
    return {
        **_common_columns(form),
        "wait": form.key,
        "starts": f"{form.start} (of {population_sentence(form)[:1].lower()}{population_sentence(form)[1:]})",
        "ends": form.ends[0],
        "competing": join_words([label for label, _ in form.competing]),
        "holder": form.holder,
        "graded": form.graded,
    }


def _common_columns(form: Form) -> dict[str, Any]:
    return {name: getattr(form, name) for name in (*_FORM, "limits", "assumptions")}


def _needs(form: Form) -> str:
    return f"A force must have sent {join_words(list(need_phrases(form.needs)))}." if form.needs else ""


def _examples(form: Indicator) -> Iterator[dict[str, Any]]:
    for number, (row, stated) in enumerate(form.examples, start=1):
        answer, _, reason = stated.partition(": ")
        facts = "; ".join(
            f"{plain_label(name)}: {_value_text(value)}" for name, value in example_row(form, row).items()
        )
        yield {
            "indicator": form.key,
            "example": number,
            "facts": facts,
            "answer": answer,
            "reason": plain_label(reason) if answer == EXCLUDED else "",
        }


def _value_text(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "not known", True: "yes", False: "no"}[value]
    return str(value)


def _definitions(form: Count) -> Iterator[dict[str, Any]]:
    for key, (title, words) in form.breakdown_titles.items():
        text = f"{words} (As a condition: {form.definitions[key]}.)"
        yield {"count": form.key, "definition": key, "title": title, "words": text, "source": "Our own breakdown"}
    for key in () if form.breakdown_titles else form.definitions:
        predicate = reference.predicates().get(key)
        words = " ".join(
            part for part in (predicate.words, predicate.note, f"(As a condition: {predicate.condition}.)") if part
        )
        yield {
            "count": form.key, "definition": key, "title": predicate.title, "words": words,
            "source": f"Definition {predicate.definition}: {reference.definitions().get(predicate.definition).source}",
        }  # fmt: skip


def _table(names: tuple[str, ...], rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    schema = pa.schema([(name, _TYPES.get(name, pa.string())) for name in names])
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
