"""Format an estimate with its interval as text, or state the reason why there is none."""

from __future__ import annotations

import re

from assay.stats.interval_estimates import IntervalEstimate
from assay.wording import percent, percent_interval

INTERVAL = re.compile(r"-?[0-9.]+%? to -?[0-9.]+%?")


def answer_text(answer: IntervalEstimate) -> str:
    """Return an estimate of a share as text, such as '62% (51% to 72%)', or the reason why there is none."""
    if answer.value is None:
        return answer.words or "not known"
    if answer.low is None or answer.high is None:
        return f"{percent(answer.value, 0)} ({answer.words or 'no interval'})"
    if answer.low == answer.high:
        return f"{percent(answer.value, 0)} (all were read)"
    return f"{percent(answer.value, 0)} ({percent_interval(answer.low, answer.high, 0)})"


def plain_answer_text(answer: IntervalEstimate) -> str:
    """Return an estimate that is no share as text, such as '0.71 (0.52 to 0.84)', or the reason why there is none."""
    if answer.value is None:
        return answer.words or "not known"
    if answer.low is None or answer.high is None:
        return f"{answer.value:z.2f}"
    return f"{answer.value:z.2f} ({answer.low:z.2f} to {answer.high:z.2f})"


def range_text(bounds: IntervalEstimate) -> str:
    """Return the lower and upper bound as text."""
    return "not known" if bounds.low is None or bounds.high is None else percent_interval(bounds.low, bounds.high, 0)


def keep_interval_together(words: str) -> str:
    """Return the text with spaces that do not break within an interval."""
    return INTERVAL.sub(lambda found: found[0].replace(" ", "\u00a0"), words)
