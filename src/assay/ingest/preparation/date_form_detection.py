"""In which form are the dates of a file written, and do its cells tell that for certain?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assay.ingest.preparation.cell_shapes import CLOCKS, CLOCKS_WITH_ZONE, ISO_DAY, ISO_TIMES, MOSTLY, Dates, Shape


@dataclass(frozen=True)
class Forms:
    """The forms of a day and of a time, '' where there is none or the contract's own will do. `sure` unless no cell
    tells whether the day or the month comes first; `others` are columns in another form, which no mapping can read;
    `gone` is a form that a person wrote and that the cells fit no longer."""

    day: str = ""
    time: str = ""
    sure: bool = True
    others: tuple[str, ...] = ()
    gone: str = ""

    def in_words(self) -> str:
        """The form, and whether it is a guess; '' where the contract's own will do."""
        form = self.day or self.time
        return f"dates {'' if self.sure else 'perhaps '}{form}" if form else ""


def forms_of(columns: Mapping[str, Shape], written: Sequence[str]) -> Forms:
    """The forms of the columns of dates of a file, by our name; `written` are those that a person wrote, day and time.

    What was written is kept if as many columns fit it as fit what their cells say by themselves.
    """
    filled = {name: shape for name, shape in columns.items() if shape.filled}
    found = _found({name: shape.dates for name, shape in filled.items()})
    if not any(written):
        return found
    day, time = _completed(filled, *written)
    others = tuple(sorted(name for name, shape in filled.items() if shape.share_in(day, time) < MOSTLY))
    if len(others) <= len(found.others):
        return Forms(day, time, True, others)
    return replace(found, gone=" or ".join(form for form in written if form))


def _completed(columns: Mapping[str, Shape], day: str, time: str) -> tuple[str, str]:
    """A form of days with the form of times that goes with it, if a person wrote the one and cells are in the other."""
    if day and not time:
        times = [day + clock for clock in (*CLOCKS, *CLOCKS_WITH_ZONE)]
        seen = {form: sum(one.share_in(form) for one in columns.values()) for form in times}
        best = max(seen, key=lambda form: seen[form])
        return day, best if seen[best] else ""
    alone = time.partition("HH")[0].rstrip(" T")
    return day or (alone if any(one.share_in(alone) for one in columns.values()) else ""), time


def _found(dates: Mapping[str, Dates]) -> Forms:
    """The forms that most columns are in."""
    plain = Counter(one.order for one in dates.values() if one.order)
    if not plain:
        return Forms(others=tuple(sorted(dates)))
    order = plain.most_common(1)[0][0]
    # A column that may be read with either order goes with the rest.
    same = {name: one for name, one in dates.items() if one.order == order or one.open_order}
    times = Counter(one.time for one in same.values() if one.time and one.order == order)
    time = times.most_common(1)[0][0] if times else ""
    other = {name for name, one in same.items() if one.time and one.order == order and one.time != time}
    others = tuple(sorted(other | (set(dates) - set(same))))
    if order == ISO_DAY and time in ("", *ISO_TIMES) and not other - {n for n in other if dates[n].time in ISO_TIMES}:
        return Forms(others=tuple(name for name in others if name not in other))
    return Forms(order, time, not all(one.open_order for one in dates.values()), others)
