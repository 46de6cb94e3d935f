"""How does an urgent list stand, and how often was each rule right?

A rule was right where the force had known and acted, or acts now. What cannot be traced tells nothing. Precision is of
the entries that people confirmed: what was set aside before is shown beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assay.estimation.intervals import wilson
from assay.urgent.register import ANSWERED, ASIDE, CONFIRMED, PROPOSED, SENT, Entry, Register
from assay.urgent.rules import RULES
from assay.wording import counted

RIGHT, WRONG = ("known", "acted"), "wrong"


@dataclass(frozen=True)
class Precision:
    """Of one rule: how many answers said right, how many wrong, the share with its 95% interval (None: no answer that
    tells), and how many entries a reader had set aside before they left."""

    rule: str
    right: int
    wrong: int
    share: float | None
    low: float | None
    high: float | None
    set_aside: int

    @property
    def said(self) -> str:
        """In words."""
        if self.share is None:
            told = "no answer tells yet"
        else:
            told = (
                f"right in {self.right} of {self.right + self.wrong} that tell "
                f"({round(100 * (self.low or 0))} to {round(100 * (self.high or 0))} in 100)"
            )
        return f"{self.rule}: {told}; {self.set_aside} set aside by the reader"


@dataclass(frozen=True)
class Standing:
    """How the lists of some bodies stand."""

    states: tuple[tuple[str, int], ...]
    overdue: tuple[Entry, ...]
    precision: tuple[Precision, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {
            "states": dict(self.states),
            "overdue": [one.key for one in self.overdue],
            "precision": [vars(one) for one in self.precision],
        }

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        states = ", ".join(f"{number} {state}" for state, number in self.states if number) or "no entry"
        late = [f"  {one.key}: sent to {one.to}, due {one.due}" for one in self.overdue]
        late = [f"{counted(len(late), 'entry is', 'entries are')} overdue, and to be escalated:", *late] if late else []
        return [f"The list stands at: {states}.", *late, "How often each rule was right:",
                *(f"  {one.said}" for one in self.precision)]  # fmt: skip


def standing(registers: Iterable[Register], now: datetime) -> Standing:
    """How these lists stand at this time."""
    entries = [one for register in registers for one in register.entries]
    states = Counter(one.state for one in entries)
    return Standing(
        states=tuple((state, states[state]) for state in (PROPOSED, CONFIRMED, ASIDE, SENT, ANSWERED)),
        overdue=tuple(one for one in entries if one.overdue(now)),
        precision=tuple(_precision(key, [one for one in entries if one.rule == key]) for key in RULES),
    )


def _precision(rule: str, entries: list[Entry]) -> Precision:
    right = sum(one.answer in RIGHT for one in entries)
    wrong = sum(one.answer == WRONG for one in entries)
    aside = sum(one.state == ASIDE for one in entries)
    if not right + wrong:
        return Precision(rule, 0, 0, None, None, None, aside)
    low, high = wilson(right, right + wrong)
    return Precision(rule, right, wrong, right / (right + wrong), low, high, aside)
