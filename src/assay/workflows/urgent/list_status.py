"""How does an urgent list stand, and how often was each rule right?

A rule was right where the force had known and acted, or acts now. What cannot be traced tells nothing. Precision is of
the entries that people confirmed: what was set aside before is shown beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assay.stats.binomial_intervals import wilson
from assay.wording import counted
from assay.workflows.urgent.rule_coverage import IN_FULL, RuleCoverage
from assay.workflows.urgent.urgent_register import ANSWERED, ASIDE, CONFIRMED, LOST, PROPOSED, SENT, Entry, Register
from assay.workflows.urgent.urgent_rules import RULES

RIGHT, WRONG = ("known", "acted"), "wrong"
Tally = tuple[int, int, int]
"""Right, wrong, set aside."""


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
    """How the lists of some bodies stand. `not_looked_at`: bodies with an accepted edition that no rule was run on.
    `rules`: body and coverage of each rule that was not asked in full; `undecided`: how many records no rule could
    decide."""

    states: tuple[tuple[str, int], ...]
    overdue: tuple[tuple[str, Entry], ...]
    precision: tuple[Precision, ...]
    not_looked_at: tuple[str, ...] = ()
    rules: tuple[tuple[str, RuleCoverage], ...] = ()
    undecided: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {
            "states": dict(self.states),
            "overdue": [{"body": body, "entry": one.key} for body, one in self.overdue],
            "precision": [vars(one) for one in self.precision],
            "not_looked_at": list(self.not_looked_at),
            "rules": [{"body": body, **vars(one)} for body, one in self.rules],
            "undecided": self.undecided,
        }

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        states = ", ".join(f"{number} {state}" for state, number in self.states if number) or "no entry"
        late = [f"  {body}, {one.key}: sent to {one.to}, due {one.due}" for body, one in self.overdue]
        late = [f"{counted(len(late), 'entry is', 'entries are')} overdue, and to be escalated:", *late] if late else []
        unseen = f"Not looked at yet: {', '.join(self.not_looked_at)}. See: assay urgent find --all"
        blind = [f"  {body}, {one.said}" for body, one in self.rules]
        blind = ["Rules that were not asked in full:", *blind] if blind else []
        are = counted(self.undecided, "record is", "records are")
        undecided = [f"{are} neither proposed nor ruled out, because something is not known."] if self.undecided else []
        return [f"The list stands at: {states}.", *undecided, *late, *blind, *([unseen] if self.not_looked_at else []),
                "How often each rule was right, closed lists and open ones together:",
                *(f"  {one.said}" for one in self.precision)]  # fmt: skip


def standing(
    registers: Iterable[Register],
    now: datetime,
    closed: Mapping[str, Tally] | None = None,
    not_looked_at: tuple[str, ...] = (),
) -> Standing:
    """How these lists stand at this time; `closed`: by rule, what is kept of lists that are closed."""
    held = tuple(registers)
    entries = [one for register in held for one in register.entries]
    states = Counter(one.state for one in entries)
    told = tallies(entries)
    before = closed or {}
    return Standing(
        states=tuple((state, states[state]) for state in (PROPOSED, LOST, CONFIRMED, ASIDE, SENT, ANSWERED)),
        overdue=tuple((register.body, one) for register in held for one in register.entries if one.overdue(now)),
        precision=tuple(_precision(key, told[key], before.get(key, (0, 0, 0))) for key in RULES),
        not_looked_at=not_looked_at,
        rules=tuple((register.body, one) for register in held for one in register.rules if one.answer != IN_FULL),
        undecided=sum(len(register.undecided) for register in held),
    )


def tallies(entries: Iterable[Entry]) -> dict[str, Tally]:
    """By rule: how many entries were right, wrong, and set aside by the reader."""
    held = list(entries)
    by_rule = {key: [one for one in held if one.rule == key] for key in RULES}
    return {
        key: (sum(one.answer in RIGHT for one in mine), sum(one.answer == WRONG for one in mine),
              sum(one.state == ASIDE for one in mine))
        for key, mine in by_rule.items()
    }  # fmt: skip


def _precision(rule: str, now: Tally, before: Tally) -> Precision:
    right, wrong, aside = (one + other for one, other in zip(now, before, strict=True))
    if not right + wrong:
        return Precision(rule, 0, 0, None, None, None, aside)
    low, high = wilson(right, right + wrong)
    return Precision(rule, right, wrong, right / (right + wrong), low, high, aside)
