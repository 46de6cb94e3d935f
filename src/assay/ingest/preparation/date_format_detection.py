"""Detect the date and time formats of a file, and whether they are certain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assay.ingest.date_formats import CLOCKS, CLOCKS_WITH_ZONE, ISO_DAY, ISO_TIMES
from assay.ingest.preparation.cell_shapes import MIN_FIT_SHARE, ColumnShape, DateShape


@dataclass(frozen=True)
class DateForms:
    """The date and time formats used in a file; '' if it has none, or they are those of the contract.

    `is_sure` unless no cell shows whether the day or the month comes first. `deviating_columns` are in another format,
    which no mapping can read. `obsolete_form` is a format that a person wrote and that the cells no longer fit.
    """

    day: str = ""
    time: str = ""
    is_sure: bool = True
    deviating_columns: tuple[str, ...] = ()
    obsolete_form: str = ""

    def text(self) -> str:
        """Return the date format, and whether it is a guess; '' if the dates are in the contract's own format."""
        form = self.day or self.time
        return f"dates {'' if self.is_sure else 'perhaps '}{form}" if form else ""


def detect_date_forms(columns: Mapping[str, ColumnShape], previous_forms: Sequence[str]) -> DateForms:
    """Return the formats of the date columns of a file.

    A previous format stays if as many columns fit it as fit the format that their cells suggest.
    """
    filled = {name: shape for name, shape in columns.items() if shape.filled}
    found = _most_common_forms({name: shape.dates for name, shape in filled.items()})
    if not any(previous_forms):
        return found
    day, time = _complete_forms(filled, *previous_forms)
    deviating = tuple(
        sorted(name for name, shape in filled.items() if shape.date_form_share(day, time) < MIN_FIT_SHARE)
    )
    if len(deviating) <= len(found.deviating_columns):
        return DateForms(day, time, True, deviating)
    return replace(found, obsolete_form=" or ".join(form for form in previous_forms if form))


def _complete_forms(columns: Mapping[str, ColumnShape], day: str, time: str) -> tuple[str, str]:
    """Return the form of days with the form of times that goes with it, where a person wrote only one of them."""
    if day and not time:
        times = [day + clock for clock in (*CLOCKS, *CLOCKS_WITH_ZONE)]
        seen = {form: sum(shape.date_form_share(form) for shape in columns.values()) for form in times}
        best = max(seen, key=lambda form: seen[form])
        return day, best if seen[best] else ""
    day_form = time.partition("HH")[0].rstrip(" T")
    return day or (day_form if any(shape.date_form_share(day_form) for shape in columns.values()) else ""), time


def _most_common_forms(dates: Mapping[str, DateShape]) -> DateForms:
    """Return the forms of most columns."""
    order_counts = Counter(shape.day_form for shape in dates.values() if shape.day_form)
    if not order_counts:
        return DateForms(deviating_columns=tuple(sorted(dates)))
    order = order_counts.most_common(1)[0][0]
    # A column that fits either order follows the other columns.
    same_order = {name: shape for name, shape in dates.items() if shape.day_form == order or shape.is_order_ambiguous}
    times = Counter(shape.time for shape in same_order.values() if shape.time and shape.day_form == order)
    time = times.most_common(1)[0][0] if times else ""
    other_times = {
        name for name, shape in same_order.items() if shape.time and shape.day_form == order and shape.time != time
    }
    deviating = tuple(sorted(other_times | (set(dates) - set(same_order))))
    if (
        order == ISO_DAY
        and time in ("", *ISO_TIMES)
        and not other_times - {n for n in other_times if dates[n].time in ISO_TIMES}
    ):
        return DateForms(deviating_columns=tuple(name for name in deviating if name not in other_times))
    return DateForms(order, time, not all(shape.is_order_ambiguous for shape in dates.values()), deviating)
