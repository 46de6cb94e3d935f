"""Reasons for a proposed grade: for, against, what would change it, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from assay.grading.characteristic_evidence import RECORDS, Part
from assay.grading.characteristic_levels import CharacteristicLevel, level_of
from assay.grading.grade_proposals import OVERALL, Proposal, line_proposal
from assay.grading.grading_rules import Rules
from assay.indicators.evidence_sources import AGREE, BY_KEY
from assay.wording import join_words

MAX_TITLES = 3
"""Largest number of titles for one characteristic; the page of the characteristic has all."""


def reason_sentences(proposal: Proposal, rules: Rules) -> dict[str, str]:
    """Return the reasons of a proposal as sentences by column of `grades`; '' if there is none."""
    by_state: dict[str, list[CharacteristicLevel]] = {}
    for level in proposal.levels:
        by_state.setdefault(level.state(rules), []).append(level)
    write = _characteristic_texts if proposal.line == OVERALL else partial(_level_sentences, rules=rules)
    return {
        "speaks_for": write(by_state.get("shown", [])),
        "speaks_against": " ".join(filter(None, (write(by_state.get("not shown", [])),
                                                 _contradiction_sentences(by_state.get("at odds", []))))),
        "would_change": _change_sentences(proposal, rules),
        "not_known": _not_known(proposal.line, by_state.get("not known", []), by_state.get("open", [])),
        "voices": missing_voices_sentence(proposal, rules),
        "certainty": _probability_sentence(proposal),
    }  # fmt: skip


def missing_voices_sentence(proposal: Proposal, rules: Rules) -> str:
    """Return the sentence that is required if no victim was heard on attitudes or the care of victims."""
    affected = [level for level in proposal.levels if level.key in rules.needs_voices]
    without_victims = [level for level in affected if not level.evidence.has_victim_voices]
    return rules.without_voices if without_victims else ""


def _level_sentences(levels: Iterable[CharacteristicLevel], rules: Rules) -> str:
    return " ".join(f"{level.evidence.characteristic.text} {_basis_sentence(level, rules)}" for level in levels)


def _basis_sentence(level: CharacteristicLevel, rules: Rules) -> str:
    """Return the parts with most influence: 'Most of all by: Crimes recorded in 24 hours; Case files.'"""
    order = -1 if level.state(rules) == "shown" else 1
    parts = sorted(level.evidence.parts, key=lambda part: order * _mean_level(level, part, rules))
    return f"Most of all by: {'; '.join(_part_title(part) for part in parts[:MAX_TITLES])}."


def _mean_level(level: CharacteristicLevel, part: Part, rules: Rules) -> float:
    return float(np.mean(level_of(level.evidence.place, part, rules))) if part.has_level else 0.0


def _part_title(part: Part) -> str:
    if part.kind != RECORDS:
        return f"{part.title} {'agree' if part.verdict == AGREE else 'disagree'}"
    title = f"{part.title} (the fewer the better)" if part.fewer else part.title
    return (
        f"{title}, {part.outlier_direction} than the other forces lead one to expect"
        if part.outlier_direction
        else title
    )


def _contradiction_sentences(levels: Iterable[CharacteristicLevel]) -> str:
    return " ".join(
        f"{level.evidence.characteristic.text} The records say so; {_contradicting_sources(level)} say otherwise."
        for level in levels
    )


def _contradicting_sources(level: CharacteristicLevel) -> str:
    return join_words([BY_KEY[kind].label for kind in level.evidence.contradicted_by])


def _not_known(
    line: str, unknown_levels: Sequence[CharacteristicLevel], open_levels: Sequence[CharacteristicLevel]
) -> str:
    """Return the sentences on what is not known; overall without the missing evidence, which each theme lists."""
    sentences = [
        f"Nothing that counts tells of: {_missing_evidence_sentence(level)}"
        for level in unknown_levels
        if line != OVERALL
    ]
    sentences += (
        [f"Nothing that counts tells of: {_characteristic_texts(unknown_levels)}"]
        if unknown_levels and line == OVERALL
        else []
    )
    sentences += [f"It may be either way: {_characteristic_texts(open_levels)}"] if open_levels else []
    return " ".join(sentences)


def _missing_evidence_sentence(level: CharacteristicLevel) -> str:
    """Return the characteristic with the evidence that is missing for it."""
    titles = "; ".join(level.evidence.unknown_titles[:MAX_TITLES])
    return f"{level.evidence.characteristic.text}{f' It would be told by: {titles}.' if titles else ''}"


def _characteristic_texts(levels: Iterable[CharacteristicLevel]) -> str:
    return " ".join(level.evidence.characteristic.text for level in levels)


def _change_sentences(proposal: Proposal, rules: Rules) -> str:
    """Return which grade would be proposed if each characteristic were certainly shown, or not shown."""
    if proposal.line == OVERALL or not proposal.has_grade:
        return ""
    changes = []
    for index, level in enumerate(proposal.levels):
        for is_shown, words in ((True, "were shown"), (False, "were not shown")):
            changed_proposal = line_proposal(
                proposal.place, proposal.line, _with_certain_level(proposal.levels, index, is_shown), rules
            )
            if changed_proposal.has_grade and changed_proposal.grade != proposal.grade:
                changes.append(f"{changed_proposal.grade} if this {words}: {level.evidence.characteristic.text}")
    return " ".join(f"It would be {words}" for words in changes)


def _with_certain_level(levels: Sequence[CharacteristicLevel], index: int, is_shown: bool) -> list[CharacteristicLevel]:
    """Return the levels with one characteristic made certain."""
    draws = next((level.draws for level in levels if level.draws is not None), np.ones(1, dtype=bool))
    certain_level = replace(levels[index], probability=float(is_shown), draws=np.full(len(draws), is_shown))
    return [certain_level if position == index else level for position, level in enumerate(levels)]


def _probability_sentence(proposal: Proposal) -> str:
    """Return the probabilities of the grades: 'Under these rules: good 82 in 100, adequate 18 in 100.'"""
    parts = [
        f"{name} {_per_100_text(probability)}"
        for name, probability in proposal.probability.items()
        if probability >= 0.01
    ]
    return f"Under these rules: {', '.join(parts)}." if parts else ""


def _per_100_text(probability: float) -> str:
    return "over 99 in 100" if probability > 0.995 else f"{round(100 * probability)} in 100"
