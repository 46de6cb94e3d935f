"""Does a panel see what would change a proposal, also where an alert caps it, and also overall?"""

from dataclasses import replace

import numpy as np
from test_grade_proposals import NO_TABLES, RULES, sure

from assay.grading.grade_proposals import line_proposal, overall_proposal
from assay.grading.proposal_reasons import reason_sentences
from assay.indicators.evidence_sources import DISAGREE
from assay.reference import characteristics, inspection_themes

FORCE = "INV01"
BY_THEME = {key: [item for item in characteristics() if item.line == key] for key in inspection_themes().keys}


def alerted(level):
    """The characteristic with a true alert for the worse in every draw."""
    every_draw = np.ones(RULES.draws, dtype=bool)
    return replace(level, probability=0.0, draws=~every_draw, failed=every_draw, alerted=every_draw)


def certainly_shown(characteristic):
    level = sure(characteristic, 1.0)
    no_draw = np.zeros(RULES.draws, dtype=bool)
    return replace(level, draws=~no_draw, failed=no_draw)


def would_change(proposal):
    return reason_sentences(proposal, RULES, NO_TABLES)["would_change"]


def test_a_theme_that_an_alert_caps_would_be_better_if_that_characteristic_were_shown():
    first, *rest = BY_THEME["responses"]
    proposal = line_proposal(FORCE, "responses", [alerted(certainly_shown(first)), *map(certainly_shown, rest)], RULES)
    assert proposal.grade == RULES.capped
    assert f"The grade would be good if this were shown: {first.text}" in would_change(proposal)


def overall(failing_theme):
    lines = []
    for theme, items in BY_THEME.items():
        levels = [certainly_shown(item) for item in items]
        lines.append(line_proposal(FORCE, theme, [*map(alerted, levels)] if theme == failing_theme else levels, RULES))
    return overall_proposal(FORCE, lines, RULES)


def test_overall_it_says_which_theme_would_change_the_grade_and_to_what():
    found = would_change(overall("responses"))
    names = {theme.key: theme.name for theme in inspection_themes()}
    assert f"if all known characteristics of {names['responses']} were shown" in found
    assert "The grade would be good" in found


def test_overall_where_all_is_shown_it_says_which_theme_would_make_it_worse():
    assert "if none of the known characteristics of" in would_change(overall(""))


def certainly_not_shown(characteristic):
    level = certainly_shown(characteristic)
    return replace(level, probability=0.0, draws=np.zeros(RULES.draws, dtype=bool))


def contradicted(level):
    """The characteristic with victims who say otherwise."""
    return replace(level, evidence=replace(level.evidence, voice_verdicts={"victims": DISAGREE}))


def test_a_characteristic_that_victims_contradict_would_count_if_it_were_certainly_shown():
    """One of three others is shown: with this one it would be two of four."""
    first, second, *rest = BY_THEME["responses"][:4]
    levels = [contradicted(certainly_shown(first)), certainly_shown(second), *map(certainly_not_shown, rest)]
    proposal = line_proposal(FORCE, "responses", levels, RULES)
    assert proposal.grade == "requires improvement"
    assert f"The grade would be adequate if this were shown: {first.text}" in would_change(proposal)


def test_overall_a_contradicted_characteristic_is_not_known_and_so_is_made_neither_shown_nor_not_shown():
    """All that is known of the theme is shown, so the grade cannot rise by its being shown."""
    only_contradicted = {"responses"}
    lines = []
    for theme, items in BY_THEME.items():
        levels = [certainly_shown(item) for item in items]
        levels = [contradicted(level) for level in levels] if theme in only_contradicted else levels
        lines.append(line_proposal(FORCE, theme, levels, RULES))
    name = next(theme.name for theme in inspection_themes() if theme.key == "responses")
    assert f"every known characteristic of {name}" not in would_change(overall_proposal(FORCE, lines, RULES))
