"""The card of an indicator, for an expert to sign: question, population, exclusions and limits.

key, title, question, why
counted       the record and its population
left out      each reason
met           the condition, the standard and whose duty it is
limits        what it cannot tell, what it leans on, what it needs
examples      rows and the answer each must get
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from assay.indicators.form_checks import example_row
from assay.indicators.indicator_forms import Count, Form, Indicator, Wait

WIDTH = 100
Words = Mapping[str, str]


def card(form: Form, standards: Words | None = None) -> str:
    """Return the card as plain text. `standards`: the sentence of each dated standard by key, if available."""
    parts = card_dict(form, standards)
    head = f"{parts.pop('title')} ({parts.pop('key')})"
    examples = parts.pop("examples")
    lines = [head, "=" * len(head), ""]
    for name, value in parts.items():
        lines += _entry(name, value)
    if examples:
        lines += ["", "Examples (a dash: the record does not say)", *_table_lines(examples)]
    return "\n".join(lines) + "\n"


def card_dict(form: Form, standards: Words | None = None) -> dict[str, Any]:
    """Return the card as a dict of texts or lists of texts by entry; `examples` as rows."""
    parts: dict[str, Any] = {
        "key": form.key,
        "title": form.title,
        "question": form.question,
        "why": form.why,
        "answers": f"the commission's line '{form.line}', question {form.asks}",
        "counted": f"each {form.record} of which this is true: {form.population}",
    }
    parts |= _specific_entries(form, standards or {})
    parts |= {"cannot tell": form.limits, "assumptions": form.assumptions}
    parts |= {"needs": ", ".join(form.needs)} if form.needs else {}
    return parts | {"examples": _example_rows(form)}


def _specific_entries(form: Form, standards: Words) -> dict[str, Any]:
    """Yield the entries for this kind of form only."""
    if isinstance(form, Count):
        return {"definitions": [f"{key}: {text}" for key, text in form.definitions.items()]}
    assert isinstance(form, Indicator | Wait)
    entries: dict[str, Any] = {"left out": [f"{reason}: {text}" for reason, text in form.excluding.items()] or "nobody"}
    if isinstance(form, Indicator):
        entries["met when"] = form.met
    else:
        entries |= {"from": form.start, "until": form.ends[0]}
        entries["other endings"] = [label for label, _ in form.competing] or "none"
        entries["followed when"] = form.known
    entries["standard"] = [standards.get(key, key) for key in form.standard] or "none is set"
    entries["duty of"] = form.holder
    entries["grades a force"] = "yes" if form.graded and form.holder == "police" else "no: shown only"
    entries["better"] = form.better
    entries |= {"shown apart by": form.split} if form.split else {}
    return entries


def _example_rows(form: Form) -> list[dict[str, object]]:
    """Return each example as a row of all columns in the examples, with its expected answer."""
    examples = getattr(form, "examples", ())
    column_names = {name for row, _ in examples for name in row}
    return [
        {name: value for name, value in example_row(form, row).items() if name in column_names}
        | {"answer": _answer_text(answer)}
        for row, answer in examples
    ]


def _answer_text(answer: str | tuple[str, ...]) -> str:
    """Format an expected answer; for a count, the definitions that include the record."""
    return answer if isinstance(answer, str) else ", ".join(answer) or "found by none"


def _entry(name: str, value: str | list[str]) -> list[str]:
    """Return the lines of an entry: its name, with its texts wrapped beside it."""
    texts = value if isinstance(value, list) else [value]
    lines = []
    for number, text in enumerate(texts):
        label = f"{name.capitalize():<15}" if number == 0 else " " * 15
        lines += textwrap.wrap(text, WIDTH, initial_indent=label, subsequent_indent=" " * 15, break_long_words=False)
    return lines


def _table_lines(rows: list[dict[str, object]]) -> list[str]:
    """Return the lines of the example table; a table wider than the card is written example by example."""
    cells = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    if sum(widths) + 2 * len(widths) > WIDTH:
        return [line for number, row in enumerate(rows, start=1) for line in _example_lines(number, row)]
    return ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in cells]


def _example_lines(number: int, row: dict[str, object]) -> list[str]:
    """Return one example as a sentence: the answer, then the values of its record."""
    values_text = ", ".join(f"{name} {_cell(value)}" for name, value in row.items() if name != "answer")
    text = f"{number}. {row['answer']}: {values_text}"
    return textwrap.wrap(text, WIDTH, subsequent_indent="   ", break_long_words=False, break_on_hyphens=False)


def _cell(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "-", True: "yes", False: "no"}[value]
    return str(value)
