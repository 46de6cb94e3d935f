"""Why is a grade proposed: what speaks for it and what against, what would change it, and what is not known?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from assay.grading.characteristic_evidence import RECORDS, Part
from assay.grading.characteristic_levels import Shown, level_of
from assay.grading.grade_proposals import OVERALL, Proposal, line_of
from assay.grading.grading_rules import Rules
from assay.indicators.evidence_strands import AGREE, BY_KEY
from assay.wording import listed

MOST = 3
"""Titles of parts that are said of one characteristic; the page of the characteristic has all."""


def of(one: Proposal, rules: Rules) -> dict[str, str]:
    """The reasons as sentences; '' where there is nothing to say."""
    by_state: dict[str, list[Shown]] = {}
    for held in one.held:
        by_state.setdefault(held.state(rules), []).append(held)
    say = _texts if one.line == OVERALL else partial(_said, rules=rules)
    return {
        "speaks_for": say(by_state.get("shown", [])),
        "speaks_against": " ".join(filter(None, (say(by_state.get("not shown", [])),
                                                 _at_odds(by_state.get("at odds", []))))),
        "would_change": _would_change(one, rules),
        "not_known": _not_known(one.line, by_state.get("not known", []), by_state.get("open", [])),
        "voices": without_voices(one, rules),
        "certainty": _certainty(one),
    }  # fmt: skip


def without_voices(one: Proposal, rules: Rules) -> str:
    """The sentence that a grade on attitudes or the care of victims carries where no victim was heard."""
    mine = [held for held in one.held if held.key in rules.needs_voices]
    unheard = [held for held in mine if not held.of.victims_heard]
    return rules.without_voices if unheard else ""


def _said(held: Iterable[Shown], rules: Rules) -> str:
    return " ".join(f"{one.of.characteristic.text} {_rests(one, rules)}" for one in held)


def _rests(one: Shown, rules: Rules) -> str:
    """'Most of all by: Crimes recorded in 24 hours; Case files.'"""
    order = -1 if one.state(rules) == "shown" else 1
    parts = sorted(one.of.parts, key=lambda part: order * _mean(one, part, rules))
    return f"Most of all by: {'; '.join(_titled(part) for part in parts[:MOST])}."


def _mean(one: Shown, part: Part, rules: Rules) -> float:
    return float(np.mean(level_of(one.of.place, part, rules))) if part.has_level else 0.0


def _titled(part: Part) -> str:
    if part.kind != RECORDS:
        return f"{part.title} {'agree' if part.verdict == AGREE else 'disagree'}"
    title = f"{part.title} (the fewer the better)" if part.fewer else part.title
    return f"{title}, {part.apart} than the other forces lead one to expect" if part.apart else title


def _at_odds(held: Iterable[Shown]) -> str:
    return " ".join(f"{one.of.characteristic.text} The records say so; {_people(one)} say otherwise." for one in held)


def _people(one: Shown) -> str:
    return listed([BY_KEY[kind].said for kind in one.of.contradicted_by])


def _not_known(line: str, unknown: Sequence[Shown], either: Sequence[Shown]) -> str:
    """What would tell is said of each line; over all of them it would be said twice, and be too long to read."""
    told = [f"Nothing that counts tells of: {_would_tell(one)}" for one in unknown if line != OVERALL]
    told += [f"Nothing that counts tells of: {_texts(unknown)}"] if unknown and line == OVERALL else []
    told += [f"It may be either way: {_texts(either)}"] if either else []
    return " ".join(told)


def _would_tell(one: Shown) -> str:
    """The characteristic, and what would tell of it if it had been sent, or if more of its records told."""
    asked = "; ".join(one.of.silent[:MOST])
    return f"{one.of.characteristic.text}{f' It would be told by: {asked}.' if asked else ''}"


def _texts(held: Iterable[Shown]) -> str:
    return " ".join(one.of.characteristic.text for one in held)


def _would_change(one: Proposal, rules: Rules) -> str:
    """For each characteristic of a line, the grade that would be proposed if it were certain, one way or the other."""
    if one.line == OVERALL or not one.is_made:
        return ""
    said = []
    for at, held in enumerate(one.held):
        for shown, words in ((True, "were shown"), (False, "were not shown")):
            other = line_of(one.place, one.line, _with(one.held, at, shown), rules)
            if other.is_made and other.grade != one.grade:
                said.append(f"{other.grade} if this {words}: {held.of.characteristic.text}")
    return " ".join(f"It would be {words}" for words in said)


def _with(held: Sequence[Shown], at: int, shown: bool) -> list[Shown]:
    """The same with one characteristic certain."""
    draws = next((one.draws for one in held if one.draws is not None), np.ones(1, dtype=bool))
    sure = replace(held[at], probability=float(shown), draws=np.full(len(draws), shown))
    return [sure if place == at else one for place, one in enumerate(held)]


def _certainty(one: Proposal) -> str:
    """'Under these rules: good 82 in 100, adequate 18 in 100.'"""
    told = [f"{name} {_in_100(part)}" for name, part in one.probability.items() if part >= 0.01]
    return f"Under these rules: {', '.join(told)}." if told else ""


def _in_100(probability: float) -> str:
    return "over 99 in 100" if probability > 0.995 else f"{round(100 * probability)} in 100"
