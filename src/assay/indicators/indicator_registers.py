"""What is asked, as tables: the indicators, their examples, the waits, and the definitions that are counted under?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from assay import reference
from assay.contract.contract_words import named
from assay.indicators import LEFT_OUT, Count, Form, Indicator, Wait, example_row
from assay.indicators.exclusion_reasons import in_words
from assay.indicators.form_sentences import RECORDS, counted, left_out, met_when
from assay.indicators.indicator_wording import listed
from assay.reference.time_standards import BREACH, UNLESS_EXTENDED

_FORM = ("title", "question", "why", "line", "asks")
INDICATORS = (
    "indicator", *_FORM, "record", "population", "excluding", "met", "better", "standard", "holder", "graded", "limits",
    "leans_on", "needs",
)  # fmt: skip
WAITS = ("wait", *_FORM, "starts", "ends", "competing", "limits", "leans_on", "holder", "graded")
EXAMPLES = ("indicator", "example", "facts", "answer", "reason")
DEFINITIONS = ("count", "definition", "title", "words", "source")
_TYPES = {"graded": pa.bool_(), "example": pa.int64()}


def registers(forms: Iterable[Form]) -> dict[str, pa.Table]:
    """The tables `indicators`, `indicator_examples`, `waits` and `definitions_used` of these forms, in their order."""
    held = tuple(forms)
    asked = [form for form in held if isinstance(form, Indicator)]
    return {
        "indicators": _table(INDICATORS, map(_indicator, asked)),
        "indicator_examples": _table(EXAMPLES, (row for form in asked for row in _examples(form))),
        "waits": _table(WAITS, (_wait(form) for form in held if isinstance(form, Wait))),
        "definitions_used": _table(
            DEFINITIONS, (row for form in held if isinstance(form, Count) for row in _definitions(form))
        ),
    }


OVER_IT = {
    BREACH: " Over it is a breach, not lateness.",
    UNLESS_EXTENDED: " Over it is a breach unless it was extended, which no return says.",
}


def standard_words(key: str) -> str:
    """A dated standard in a sentence: its name, limit and source, and whether it was read there."""
    one = reference.standards().get(key)
    limit = f": {one.limit} {in_words(one.unit)}{'' if one.limit == 1 else 's'}" if one.limit else ""
    verified = "" if one.status == "verified" else " Not verified: not read in its source."
    past = OVER_IT.get(one.over_run, "")
    return f"{one.name}{limit}.{past} {one.source.rstrip('.') or 'No source'}.{verified}"


def _indicator(form: Indicator) -> dict[str, Any]:
    return {
        **_said(form),
        "indicator": form.key,
        "record": RECORDS[form.record],
        "population": counted(form),
        "excluding": left_out(form),
        "met": met_when(form),
        "better": form.better,
        "standard": " ".join(standard_words(key) for key in form.standard),
        "holder": form.holder,
        "graded": form.graded,
        "needs": _needs(form),
    }


def _wait(form: Wait) -> dict[str, Any]:
    return {
        **_said(form),
        "wait": form.key,
        "starts": f"{form.start} (of {counted(form)[:1].lower()}{counted(form)[1:]})",
        "ends": form.ends[0],
        "competing": listed([label for label, _ in form.competing]),
        "holder": form.holder,
        "graded": form.graded,
    }


def _said(form: Form) -> dict[str, Any]:
    return {name: getattr(form, name) for name in (*_FORM, "limits", "leans_on")}


def _needs(form: Form) -> str:
    return f"A force must have sent {listed(list(named(form.needs)))}." if form.needs else ""


def _examples(form: Indicator) -> Iterator[dict[str, Any]]:
    for number, (row, stated) in enumerate(form.examples, start=1):
        answer, _, reason = stated.partition(": ")
        facts = "; ".join(f"{in_words(name)}: {_shown(value)}" for name, value in example_row(form, row).items())
        yield {
            "indicator": form.key,
            "example": number,
            "facts": facts,
            "answer": answer,
            "reason": in_words(reason) if answer == LEFT_OUT else "",
        }


def _shown(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "not known", True: "yes", False: "no"}[value]
    return str(value)


def _definitions(form: Count) -> Iterator[dict[str, Any]]:
    for key, (title, words) in form.told.items():
        said = f"{words} (As a condition: {form.definitions[key]}.)"
        yield {"count": form.key, "definition": key, "title": title, "words": said, "source": "Our own breakdown"}
    for key in () if form.told else form.definitions:
        one = reference.predicates().get(key)
        words = " ".join(part for part in (one.words, one.note, f"(As a condition: {one.condition}.)") if part)
        yield {
            "count": form.key, "definition": key, "title": one.title, "words": words,
            "source": f"Definition {one.definition}: {reference.definitions().get(one.definition).source}",
        }  # fmt: skip


def _table(names: tuple[str, ...], rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    schema = pa.schema([(name, _TYPES.get(name, pa.string())) for name in names])
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
