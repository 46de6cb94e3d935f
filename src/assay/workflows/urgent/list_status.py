"""Report the status of urgent lists, and the precision of each rule (Wilson interval).

A rule was right if the force had known and acted, or acts now. A record that cannot be traced does not count either
way. Precision is the share among entries that people confirmed; entries set aside before are shown beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assay.stats.binomial_intervals import wilson
from assay.wording import count_phrase
from assay.workflows.urgent.rule_coverage import IN_FULL, RuleCoverage
from assay.workflows.urgent.urgent_register import (
    ANSWERED,
    CONFIRMED,
    LOST,
    PROPOSED,
    SENT_STATE,
    SET_ASIDE,
    Entry,
    Register,
)
from assay.workflows.urgent.urgent_rules import RULES

RIGHT_ANSWERS, WRONG_ANSWER = ("known", "acted"), "wrong"
Tally = tuple[int, int, int]
"""Right, wrong, set aside."""


@dataclass(frozen=True)
class Precision:
    """The precision of one urgent rule: the share of its entries that were right.

    It holds the number of answers that said right and wrong, the share with its 95% interval (None without a decisive
    answer), and the number of entries that a reader set aside before sending.
    """

    rule: str
    right: int
    wrong: int
    share: float | None
    low: float | None
    high: float | None
    set_aside: int

    @property
    def sentence(self) -> str:
        """Return the precision in words."""
        if self.share is None:
            precision_text = "no answer yet"
        else:
            precision_text = (
                f"right in {self.right} of {self.right + self.wrong} answers "
                f"({round(100 * (self.low or 0))}% to {round(100 * (self.high or 0))}%)"
            )
        return f"{self.rule}: {precision_text}; {self.set_aside} set aside by the reader"


@dataclass(frozen=True)
class ListStatus:
    """The status of the urgent lists of some forces.

    `not_looked_at`: forces with an accepted edition on which no rule was run; `rules`: force and coverage of each rule
    that was not applied in full; `undecided`: number of records that no rule could decide.
    """

    states: tuple[tuple[str, int], ...]
    overdue: tuple[tuple[str, Entry], ...]
    precision: tuple[Precision, ...]
    not_searched: tuple[str, ...] = ()
    rules: tuple[tuple[str, RuleCoverage], ...] = ()
    undecided: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {
            "states": dict(self.states),
            "overdue": [{"body": force_code, "entry": item.key} for force_code, item in self.overdue],
            "precision": [vars(item) for item in self.precision],
            "not_looked_at": list(self.not_searched),
            "rules": [{"body": force_code, **vars(item)} for force_code, item in self.rules],
            "undecided": self.undecided,
        }

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        states = ", ".join(f"{number} {state}" for state, number in self.states if number) or "no entry"
        late = [f"  {force_code}, {item.key}: sent to {item.to}, due {item.due}" for force_code, item in self.overdue]
        late = (
            [f"{count_phrase(len(late), 'entry is', 'entries are')} overdue, and to be escalated:", *late]
            if late
            else []
        )
        unsearched_text = f"Not searched yet: {', '.join(self.not_searched)}. See: assay urgent find --all"
        partial_rules = [f"  {force_code}, {item.sentence}" for force_code, item in self.rules]
        partial_rules = ["Rules that were applied only in part:", *partial_rules] if partial_rules else []
        subject = count_phrase(self.undecided, "record is", "records are")
        undecided = (
            [f"{subject} neither proposed nor ruled out, because something is not known."] if self.undecided else []
        )
        return [
            f"Entries by state: {states}.",
            *undecided,
            *late,
            *partial_rules,
            *([unsearched_text] if self.not_searched else []),
            "Precision of each rule, over closed and open lists:",
            *(f"  {item.sentence}" for item in self.precision),
        ]


def list_status(
    registers: Iterable[Register],
    now: datetime,
    closed: Mapping[str, Tally] | None = None,
    not_searched: tuple[str, ...] = (),
) -> ListStatus:
    """Return the status of these urgent lists at a given time."""
    all_registers = tuple(registers)
    entries = [item for register in all_registers for item in register.entries]
    states = Counter(item.state for item in entries)
    tally_by_rule = tallies(entries)
    closed_tallies = closed or {}
    return ListStatus(
        states=tuple((state, states[state]) for state in (PROPOSED, LOST, CONFIRMED, SET_ASIDE, SENT_STATE, ANSWERED)),
        overdue=tuple(
            (register.body, item) for register in all_registers for item in register.entries if item.overdue(now)
        ),
        precision=tuple(_precision(key, tally_by_rule[key], closed_tallies.get(key, (0, 0, 0))) for key in RULES),
        not_searched=not_searched,
        rules=tuple(
            (register.body, item) for register in all_registers for item in register.rules if item.answer != IN_FULL
        ),
        undecided=sum(len(register.undecided) for register in all_registers),
    )


def tallies(entries: Iterable[Entry]) -> dict[str, Tally]:
    """Return by rule how many entries were right, wrong, and set aside by the reader."""
    entry_list = list(entries)
    by_rule = {key: [entry for entry in entry_list if entry.rule == key] for key in RULES}
    return {
        key: (
            sum(entry.answer in RIGHT_ANSWERS for entry in rule_entries),
            sum(entry.answer == WRONG_ANSWER for entry in rule_entries),
            sum(entry.state == SET_ASIDE for entry in rule_entries),
        )
        for key, rule_entries in by_rule.items()
    }


def _precision(rule: str, open_tally: Tally, closed_tally: Tally) -> Precision:
    right, wrong, set_aside = (
        open_count + closed_count for open_count, closed_count in zip(open_tally, closed_tally, strict=True)
    )
    if not right + wrong:
        return Precision(rule, 0, 0, None, None, None, set_aside)
    low, high = wilson(right, right + wrong)
    return Precision(rule, right, wrong, right / (right + wrong), low, high, set_aside)
