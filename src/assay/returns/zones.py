"""What wall time in London is a time that carries its own zone, as SQL?

A mapping says by its form of times that cells end in Z, +01:00, +0100, GMT or the like. Such a cell names an instant;
the return holds wall times of Europe/London, so the instant is put there by the pinned rules of the clock
(`clock_days`), and every later step is the same as for any other cell. A cell without a zone under such a form is no
time: whether it is London's or universal, nobody said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assay.returns.sql import quoted

MINUTE = "%Y-%m-%dT%H:%M:%S"
_PARTS_OF_A_SECOND = r"(\d:\d{2}:\d{2})[.,]\d+"
_SPELLED_OUT = (
    (_PARTS_OF_A_SECOND, r"\1"),
    (r"\s*(Z|z|UTC|GMT)$", "+00:00"),
    (r"\s*BST$", "+01:00"),
    (r"\s+([+-]\d{2}(:?\d{2})?)$", r"\1"),
    (r"(:\d{2})([+-]\d{2})$", r"\1\2:00"),
)
"""What is looked for in a cell and what is put in its place, so that its zone is in the one form that is read."""


_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def names_another_clock(heading: str) -> bool:
    """Whether a heading says that its times are universal time, which in summer is an hour behind London's."""
    return bool(re.search(r"\b(utc|gmt|zulu)\b", _HUMPS.sub(" ", heading).replace("_", " ").casefold()))


def spelled_out(cell: str) -> str:
    """A cell without parts of a second, and with its zone in the one form that is read."""
    for looked_for, put in _SPELLED_OUT:
        cell = re.sub(looked_for, put, cell)
    return cell


def _spelled_out_sql(text: str, changes: Sequence[tuple[str, str]]) -> str:
    for looked_for, put in changes:
        text = f"regexp_replace({text}, {quoted(looked_for)}, {quoted(put)})"
    return text


def time_alone(text: str, form: str) -> str:
    """SQL for a time without a zone, in the form of the contract; NULL if it is no such time."""
    told = _spelled_out_sql(text, _SPELLED_OUT[:1]) if "%S" in form else text
    return f"strftime(try_strptime({told}, {quoted(form)}), '{MINUTE}')"


def wall_time(text: str, form: str) -> str:
    """SQL for the wall time of a cell that carries a zone, in the form of the contract; NULL if it is no such time."""
    instant = f"make_timestamp(epoch_us(try_strptime({_spelled_out_sql(text, _SPELLED_OUT)}, {quoted(form)})))"
    # From the minute of universal time at which the clock changes, the later distance holds.
    minute, change = "hour(i.instant) * 60 + minute(i.instant)", "d.gap - d.early"
    distance = f"case when {minute} >= {change} then d.late else d.early end"
    return (
        f"(select strftime(i.instant + to_minutes({distance}), '{MINUTE}') from (select {instant} as instant) as i "
        "join clock_days as d on d.day = i.instant::date)"
    )
