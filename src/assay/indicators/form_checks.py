"""Validate an indicator's definition before it is signed: does it parse, fit its table, and pass every example?

All validation errors of a form are collected and reported together, each with the correction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from assay.errors import DefinitionError
from assay.indicators.answer_ladder import ANSWERS, EXCLUDED, MET, NOT_MET
from assay.indicators.conditions import Condition, kind_of_type, unknown_column
from assay.indicators.indicator_forms import (
    BETTER,
    NOT_KNOWN,
    SPLITS,
    Count,
    Form,
    Indicator,
    Row,
    Wait,
    columns_read,
    conditions,
)
from assay.indicators.plain_evaluator import plain_answer, plain_count, plain_wait
from assay.indicators.wait_tallies import INCLUDED, STILL_WAITING

KEY = re.compile(r"[a-z][a-z0-9_]*")
Columns = Mapping[str, type]


def check_form(form: Form, columns: Columns) -> None:
    """Raise DefinitionError with all validation errors of an indicator, waiting time or count.

    `columns`: name and Python type (str, bool, int, float, date, datetime) of each column of the table `form.record`.
    """
    errors = [*_words(form), *_conditions(form, columns), *_columns(form, columns)]
    if not errors:
        errors = list(_examples(form, columns))
    if errors:
        raise DefinitionError(f"{form.key}: " + " ".join(errors))


def example_row(form: Form, row: Row) -> dict[str, object]:
    """Return the row of an example, with missing values for the columns that it does not mention."""
    return dict.fromkeys(columns_read(form)) | dict(row)


def example_answer(form: Indicator | Wait, row: Row) -> str:
    """Return the answer that an indicator, waiting time or count gives for one row, in the notation of examples."""
    full = example_row(form, row)
    if isinstance(form, Indicator):
        answer, reason = plain_answer(form, full)
    else:
        answer, reason, _, ending = plain_wait(form, full)
        answer = ending if answer == INCLUDED else answer
    return f"{answer}: {reason}" if answer == EXCLUDED else answer


def _words(form: Form) -> Iterator[str]:
    if not KEY.fullmatch(form.key):
        yield "Its key must be small letters, digits and underscores."
    for name in ("title", "why", "line", "asks", "record", "limits", "assumptions"):
        if not getattr(form, name).strip():
            yield f"It says nothing under {name!r}: write the sentence."
    if not form.question.rstrip().endswith("?"):
        yield "Its question must be a question, and end with a question mark."
    if isinstance(form, Indicator | Wait):
        yield from (f"The reason {r!r} must be a short key." for r in form.excluding if not KEY.fullmatch(r))
        if form.better not in BETTER:
            yield f"'better' must be one of {', '.join(BETTER)}."
        if form.split and form.split not in SPLITS:
            yield f"It cannot be split by {form.split!r}: choose one of {', '.join(SPLITS)}."
    if isinstance(form, Wait):
        labels = [label for label, _ in form.endings]
        if len(set(labels)) < len(labels) or {*labels} & {STILL_WAITING, *ANSWERS}:
            yield "Its endings need labels of their own, none twice and none the name of an answer."


def _conditions(form: Form, columns: Columns) -> Iterator[str]:
    for place, text in conditions(form).items():
        try:
            Condition(text).check(columns)
        except DefinitionError as error:
            yield f"({place}) {error}"


def _columns(form: Form, columns: Columns) -> Iterator[str]:
    required_kinds = {}
    if isinstance(form, Indicator | Wait) and form.split:
        required_kinds[form.split] = "text"
    if isinstance(form, Wait):
        required_kinds |= {column: "number" for _, column in form.endings} | {form.seen: "number"}
    for name, kind in required_kinds.items():
        if name not in columns:
            yield unknown_column(name, columns)
        elif kind_of_type(columns[name]) != kind:
            yield f"The column {name} must be a {kind}."


def _examples(form: Form, columns: Columns) -> Iterator[str]:
    examples = getattr(form, "examples", ())
    for number, (row, _) in enumerate(examples, start=1):
        yield from (f"In example {number}: {unknown_column(name, columns)}" for name in row if name not in columns)
    if isinstance(form, Indicator | Wait):
        yield from _answer_errors(form)
    elif isinstance(form, Count):
        yield from _definition_errors(form)


def _answer_errors(form: Indicator | Wait) -> Iterator[str]:
    for number, (row, stated) in enumerate(form.examples, start=1):
        computed = example_answer(form, row)
        if stated not in (computed, computed.split(":")[0]):
            yield f"Example {number} is stated as {stated!r} but gives {computed!r}: correct one of them."
    if isinstance(form, Indicator):
        missing_answers = [
            answer for answer in (MET, NOT_MET, NOT_KNOWN) if answer not in {s for _, s in form.examples}
        ]
        if missing_answers:
            yield (
                f"It needs an example of each of met, not met and not known; without one: {', '.join(missing_answers)}."
            )


def _definition_errors(form: Count) -> Iterator[str]:
    for number, (row, stated) in enumerate(form.examples, start=1):
        computed = {key for key, found in plain_count(form, example_row(form, row)).items() if found}
        if computed != set(stated):
            yield f"Example {number} is stated as found by {sorted(stated)} but is found by {sorted(computed)}."
