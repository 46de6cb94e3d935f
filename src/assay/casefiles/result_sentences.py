"""How is an answer of the marks put into words, with its interval or the reason why there is none?"""

from __future__ import annotations

import re

from assay.stats.interval_estimates import Answer
from assay.wording import percent, percents

INTERVAL = re.compile(r"-?[0-9.]+%? to -?[0-9.]+%?")


def said(answer: Answer) -> str:
    """'62% (51% to 72%)', or why there is no figure."""
    if answer.value is None:
        return answer.words or "not known"
    if answer.low is None or answer.high is None:
        return f"{percent(answer.value, 0)} ({answer.words or 'no interval'})"
    if answer.low == answer.high:
        return f"{percent(answer.value, 0)} (all were read)"
    return f"{percent(answer.value, 0)} ({percents(answer.low, answer.high, 0)})"


def said_plain(answer: Answer) -> str:
    """'0.71 (0.52 to 0.84)', or why there is no figure."""
    if answer.value is None:
        return answer.words or "not known"
    if answer.low is None or answer.high is None:
        return f"{answer.value:z.2f}"
    return f"{answer.value:z.2f} ({answer.low:z.2f} to {answer.high:z.2f})"


def span(bounds: Answer) -> str:
    """What is possible, from limit to limit."""
    return "not known" if bounds.low is None or bounds.high is None else percents(bounds.low, bounds.high, 0)


def on_page(words: str) -> str:
    """The same words, so that no line breaks within an interval."""
    return INTERVAL.sub(lambda found: found[0].replace(" ", "\u00a0"), words)
