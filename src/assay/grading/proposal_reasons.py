"""Reasons for a proposed grade: for, against, what would change it, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from assay.grading.characteristic_levels import CharacteristicLevel
from assay.grading.evidence_sentences import (
    FAILING_HEAD,
    characteristic_wordings,
    item_sentences,
    met_head,
    strongest_items,
)
from assay.grading.force_evidence import ADVERSE, COMBINED_TEST, FAVOURABLE, FEW_APPLIED, TEST, EvidenceTables
from assay.grading.grade_proposals import OVERALL, Proposal, countable_levels, line_proposal, overall_proposal
from assay.grading.grading_rules import Rules
from assay.indicators.evidence_sources import BY_KEY
from assay.reference import inspection_themes
from assay.wording import count_phrase, join_words

CAP_DRAWS = ("failed", "alerted", "doubtful")
"""The draws of a level in which a grade is capped."""
MAX_FIGURES = 3
"""Largest number of figures for one characteristic; the page of the force has all."""


def reason_sentences(proposal: Proposal, rules: Rules, tables: EvidenceTables) -> dict[str, str]:
    """Return the reasons of a proposal as sentences by column of `grades`; '' if there is none."""
    by_state: dict[str, list[CharacteristicLevel]] = {}
    for level in proposal.levels:
        by_state.setdefault(level.state(rules), []).append(level)
    limit = 0 if proposal.line == OVERALL else MAX_FIGURES
    adverse_sentences = [_not_met_sentence(level, tables, limit) for level in by_state.get("not shown", [])]
    adverse_sentences += [_partly_against_sentence(level, tables, limit) for level in by_state.get("open", [])]
    adverse_sentences.append(_contradiction_sentences(by_state.get("at odds", [])))
    certainty = (_basis_sentence(proposal), _probability_sentence(proposal))
    return {
        "speaks_for": " ".join(_met_sentence(level, tables, limit) for level in by_state.get("shown", [])),
        "speaks_against": " ".join(filter(None, adverse_sentences)),
        "would_change": _change_sentences(proposal, rules),
        "not_known": _not_known(proposal.line, by_state.get("not known", []), by_state.get("open", []), tables),
        "voices": missing_voices_sentence(proposal, rules),
        "certainty": " ".join(filter(None, certainty)),
    }


def _met_sentence(level: CharacteristicLevel, tables: EvidenceTables, limit: int) -> str:
    figures = item_sentences(strongest_items(level.evidence, FAVOURABLE, limit), tables)
    return f"{met_head(level.evidence)}: {' '.join(filter(None, (characteristic_wordings()[level.key].met, figures)))}"


def _not_met_sentence(level: CharacteristicLevel, tables: EvidenceTables, limit: int) -> str:
    figures = item_sentences(strongest_items(level.evidence, ADVERSE, limit), tables)
    return f"{FAILING_HEAD}: {' '.join(filter(None, (characteristic_wordings()[level.key].not_met, figures)))}"


def _partly_against_sentence(level: CharacteristicLevel, tables: EvidenceTables, limit: int) -> str:
    """Return what speaks against a characteristic that may be either way; '' if nothing does."""
    items = strongest_items(level.evidence, ADVERSE, limit)
    return f"Not sure: {level.evidence.characteristic.text} {item_sentences(items, tables)}" if items else ""


def _basis_sentence(proposal: Proposal) -> str:
    """Return on how much a grade rests, and how: 'It rests on 9 pieces of evidence: 2 by a standard ...'"""
    items = {item.key: item for level in proposal.levels for item in level.evidence.items}.values()
    if not items or not proposal.has_grade:
        return ""
    standards = sum(item.has_level and item.is_share_of_records for item in items)
    compared = sum(item.is_compared and not item.has_level for item in items)
    alerts, tests = (sum(item.kind == kind for item in items) for kind in (COMBINED_TEST, TEST))
    other_count = len(items) - standards - compared - alerts - tests
    parts = (
        (standards, "by a standard"),
        (compared, "by comparison with the other forces"),
        (alerts, "by the alert of a combined test"),
        (tests, "by a test of a failing"),
        (other_count, "by other evidence"),
    )
    texts = [f"{number} {words}" for number, words in parts if number]
    known = f"{proposal.known} of {count_phrase(proposal.characteristics, 'characteristic')}"
    return f"It rests on {count_phrase(len(items), 'piece')} of evidence for {known}: {join_words(texts)}."


def missing_voices_sentence(proposal: Proposal, rules: Rules) -> str:
    """Return the sentence that a proposal needs if no victim was heard on attitudes or the care of victims."""
    affected = [level for level in proposal.levels if level.key in rules.needs_voices]
    without_victims = [level for level in affected if not level.evidence.has_victim_voices]
    return rules.without_voices if without_victims else ""


def _contradiction_sentences(levels: Iterable[CharacteristicLevel]) -> str:
    return " ".join(
        f"{level.evidence.characteristic.text} The records say so; {_contradicting_sources(level)} say otherwise."
        for level in levels
    )


def _contradicting_sources(level: CharacteristicLevel) -> str:
    return join_words([BY_KEY[kind].label for kind in level.evidence.contradicted_by])


def _not_known(
    line: str,
    unknown_levels: Sequence[CharacteristicLevel],
    open_levels: Sequence[CharacteristicLevel],
    tables: EvidenceTables,
) -> str:
    """Return the sentences on what is not known; overall without the missing evidence, which each theme lists."""
    sentences = [_missing_evidence_sentence(level, tables) for level in unknown_levels if line != OVERALL]
    sentences += [f"No evidence: {_characteristic_texts(unknown_levels)}"] if unknown_levels and line == OVERALL else []
    sentences += [f"It may be either way: {_characteristic_texts(open_levels)}"] if open_levels else []
    return " ".join(sentences)


def _missing_evidence_sentence(level: CharacteristicLevel, tables: EvidenceTables) -> str:
    """Return the characteristic with the evidence that is missing for it, or that is not enough."""
    few_applied = [item for item in level.evidence.other_items if item.not_counted == FEW_APPLIED]
    if few_applied:
        return f"Not enough evidence: {level.evidence.characteristic.text} {item_sentences(few_applied, tables)}"
    titles = "; ".join(level.evidence.unknown_titles[:MAX_FIGURES])
    return f"No evidence: {level.evidence.characteristic.text}{f' It would be shown by: {titles}.' if titles else ''}"


def _characteristic_texts(levels: Iterable[CharacteristicLevel]) -> str:
    return " ".join(level.evidence.characteristic.text for level in levels)


def _change_sentences(proposal: Proposal, rules: Rules) -> str:
    """Return which grade would be proposed if each characteristic were certainly shown, or not shown."""
    if not proposal.has_grade:
        return ""
    if proposal.line == OVERALL:
        return _overall_change_sentences(proposal, rules)
    changes = []
    for index, level in enumerate(proposal.levels):
        for is_shown, words in ((True, "were shown"), (False, "were not shown")):
            changed_proposal = line_proposal(
                proposal.place, proposal.line, _with_certain_level(proposal.levels, index, is_shown), rules
            )
            if changed_proposal.has_grade and changed_proposal.grade != proposal.grade:
                changes.append(f"{changed_proposal.grade} if this {words}: {level.evidence.characteristic.text}")
    return " ".join(f"The grade would be {change}" for change in changes)


def _overall_change_sentences(proposal: Proposal, rules: Rules) -> str:
    """Return which overall grade would be proposed if all known characteristics of one theme were shown, or not."""
    by_theme: dict[str, list[CharacteristicLevel]] = {}
    for level in proposal.levels:
        by_theme.setdefault(level.evidence.characteristic.line, []).append(level)
    lines = {theme: line_proposal(proposal.place, theme, levels, rules) for theme, levels in by_theme.items()}
    changes = []
    for theme, levels in by_theme.items():
        for is_shown, words in ((True, "all known characteristics"), (False, "none of the known characteristics")):
            countable = {level.key for level in countable_levels(levels, rules)}
            certain = [_certain_level(level, levels, is_shown) if level.key in countable else level for level in levels]
            changed_lines = lines | {theme: line_proposal(proposal.place, theme, certain, rules)}
            changed = overall_proposal(proposal.place, list(changed_lines.values()), rules)
            if changed.has_grade and changed.grade != proposal.grade:
                changes.append(f"{changed.grade} if {words} of {inspection_themes().get(theme).name} were shown.")
    return " ".join(f"The grade would be {change}" for change in changes)


def _with_certain_level(levels: Sequence[CharacteristicLevel], index: int, is_shown: bool) -> list[CharacteristicLevel]:
    """Return the levels with one characteristic made certain."""
    certain_level = _certain_level(levels[index], levels, is_shown)
    return [certain_level if position == index else level for position, level in enumerate(levels)]


def _certain_level(
    level: CharacteristicLevel, levels: Sequence[CharacteristicLevel], is_shown: bool
) -> CharacteristicLevel:
    """Return a level made certain. Where it is shown, no alert and no broken standard of it caps a grade.

    Nobody contradicts what is certain: otherwise a level that is shown would be at odds and would not count.
    """
    draws = next((item.draws for item in levels if item.draws is not None), np.ones(1, dtype=bool))
    caps = (
        {name: np.zeros_like(cap) for name in CAP_DRAWS if (cap := getattr(level, name)) is not None}
        if is_shown
        else {}
    )
    items = tuple(item for item in level.evidence.items if item.kind != TEST or not is_shown)
    evidence = replace(level.evidence, voice_verdicts={}, items=items)
    return replace(level, evidence=evidence, probability=float(is_shown), draws=np.full(len(draws), is_shown), **caps)


def _probability_sentence(proposal: Proposal) -> str:
    """Return the probabilities of the grades: 'Under these rules: good 82%, adequate 18%.'"""
    parts = [
        f"{name} {_percent_text(probability)}"
        for name, probability in proposal.probability.items()
        if probability >= 0.01
    ]
    return f"Under these rules: {', '.join(parts)}." if parts else ""


def _percent_text(probability: float) -> str:
    return "over 99%" if probability > 0.995 else f"{round(100 * probability)}%"
