"""Evaluate an indicator on one record in plain Python: a second implementation of the answer ladders, for tests.

It is slow, and serves to check the engines and to evaluate the examples on cards.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.errors import DefinitionError
from assay.indicators.answer_ladder import EXCLUDED, MET, NOT_MET, OUTSIDE, UNKNOWN_IF_COUNTED
from assay.indicators.conditions import Condition, unknown_column
from assay.indicators.indicator_forms import NOT_KNOWN, Count, Indicator, Wait
from assay.indicators.wait_tallies import (
    AFTER_LAST_SEEN,
    BEFORE_ITS_START,
    INCLUDED,
    NO_START,
    NOT_FOLLOWED,
    STILL_WAITING,
)

Row = Mapping[str, object]


def plain_answer(indicator: Indicator, row: Row) -> tuple[str, str]:
    """Return (answer, reason) of one record; the reason is "" unless the record is excluded."""
    top = _top(indicator, row)
    if top is not None:
        return top
    met = Condition(indicator.met).plain(row)
    return {True: MET, False: NOT_MET, None: NOT_KNOWN}[met], ""


def plain_wait(wait: Wait, row: Row) -> tuple[str, str, int | None, str]:
    """Return (answer, reason, days, ending) of one record; days and ending only if the answer is "counted"."""
    top = _top(wait, row)
    if top is not None:
        return *top, None, ""
    seen = _days(row, wait.seen)
    if Condition(wait.known).plain(row) is not True:
        return NOT_KNOWN, NOT_FOLLOWED, None, ""
    if seen is None:
        return NOT_KNOWN, NO_START, None, ""
    observed_endings = [(days, label) for label, column in wait.endings if (days := _days(row, column)) is not None]
    if any(days < 0 for days, _ in observed_endings) or seen < 0:
        return NOT_KNOWN, BEFORE_ITS_START, None, ""
    if any(days > seen for days, _ in observed_endings):
        return NOT_KNOWN, AFTER_LAST_SEEN, None, ""
    # min keeps the first of equals: the ending that comes first in the form.
    days, ending = min(observed_endings, key=lambda item: item[0], default=(seen, STILL_WAITING))
    return INCLUDED, "", days, ending


def plain_count(count: Count, row: Row) -> dict[str, bool | None]:
    """Return, by key of each definition, whether it includes this record; None if unknown."""
    inside = Condition(count.population).plain(row)
    if inside is False:
        return dict.fromkeys(count.definitions, False)
    found = {key: Condition(text).plain(row) for key, text in count.definitions.items()}
    return {key: answer if inside or answer is False else None for key, answer in found.items()}


def _top(form: Indicator | Wait, row: Row) -> tuple[str, str] | None:
    inside = Condition(form.population).plain(row)
    if inside is False:
        return OUTSIDE, ""
    excluded = {reason: Condition(text).plain(row) for reason, text in form.excluding.items()}
    for reason, answer in excluded.items():
        if answer:
            return EXCLUDED, reason
    return (UNKNOWN_IF_COUNTED, "") if inside is None or None in excluded.values() else None


def _days(row: Row, column: str) -> int | None:
    if column not in row:
        raise DefinitionError(unknown_column(column, row))
    days = row[column]
    if days is not None and (isinstance(days, bool) or not isinstance(days, int)):
        raise DefinitionError(f"The column {column} must hold whole days.")
    return days
