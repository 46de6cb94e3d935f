"""The overall grade is never better than the grades of most themes, and says why it stops where it does."""

from dataclasses import replace

import numpy as np
import pytest
from judged import FORCE

from assay.grading.characteristic_levels import CharacteristicLevel
from assay.grading.force_evidence import CharacteristicEvidence, EvidenceItem
from assay.grading.grade_proposals import line_proposal, overall_proposal
from assay.grading.grading_rules import rules
from assay.grading.rule_sentences import rules_table
from assay.reference import characteristics

pytestmark = pytest.mark.quick

RULES = rules()
VERSION_3 = replace(RULES, overall_by_most_themes=False)
ITEMS = (EvidenceItem("records", "some", "Some measure"),)


def theme(key, *draws):
    """The proposal of a theme: for each characteristic whether it is shown, or the draws in which it is shown."""
    items = [item for item in characteristics() if item.line == key]
    levels = [
        CharacteristicLevel(
            CharacteristicEvidence(FORCE, item, ITEMS, {}, ()),
            float(np.mean(item_draws)),
            draws=np.resize(np.asarray(item_draws, dtype=bool), 100),
        )
        for item, item_draws in zip(items, draws, strict=True)
    ]
    return line_proposal(FORCE, key, levels, RULES)


GOOD = [theme("attitudes", 1, 1, 1), theme("assessments", 1, 1, 1, 1)]
ADEQUATE = [theme("scale", 1, 0), theme("responses", 1, 1, 1, 1, 1, 0, 0), theme("data-quality", 1, 0)]


def test_overall_is_not_good_where_three_of_five_themes_are_adequate():
    # 14 of 18 characteristics are shown, 78%: good by the characteristics of all themes together.
    assert [item.grade for item in GOOD + ADEQUATE] == ["good"] * 2 + ["adequate"] * 3
    proposal = overall_proposal(FORCE, GOOD + ADEQUATE, RULES)
    assert (proposal.grade, proposal.probability["adequate"]) == ("adequate", 1.0)
    assert proposal.limit == (
        "It stops at adequate because 3 of 5 graded themes are no better; by its characteristics alone it would be good."
    )


def test_overall_may_be_good_where_half_of_the_themes_are_good():
    # 13 of 16 are shown, 81%, and two of four themes are good.
    proposal = overall_proposal(FORCE, GOOD + ADEQUATE[:2], RULES)
    assert (proposal.grade, proposal.limit) == ("good", "")


def test_rules_sealed_before_version_4_grade_as_they_did():
    proposal = overall_proposal(FORCE, GOOD + ADEQUATE, VERSION_3)
    assert (proposal.grade, proposal.limit) == ("good", "")


def test_overall_is_no_better_than_most_themes_also_where_their_draws_differ():
    # Each theme is good in 40 of 100 draws; in 60 draws two of the three are good at once.
    draws = np.arange(100)
    first, second, third = draws < 40, (draws < 20) | ((draws >= 40) & (draws < 60)), (draws >= 20) & (draws < 60)
    themes = [
        theme("scale", np.ones(100), first),
        theme("data-quality", np.ones(100), second),
        theme("lessons", np.ones(100), third),
    ]
    assert [item.grade for item in themes] == ["adequate"] * 3
    proposal = overall_proposal(FORCE, themes, RULES)
    assert proposal.grade == "adequate"
    assert "3 of 3 graded themes are no better" in proposal.limit


def test_a_theme_says_why_it_is_capped():
    levels = [replace(item, doubtful=np.ones(100, dtype=bool)) for item in GOOD[0].levels]
    proposal = line_proposal(FORCE, "attitudes", levels, RULES)
    assert proposal.grade == "adequate"
    assert proposal.limit.startswith("It stops at adequate because duties in law of a characteristic are not met")


def test_the_rules_say_that_half_of_the_characteristics_must_be_known():
    sentences = {row["about"]: row["rule"] for row in rules_table(RULES).to_pylist()}
    assert "fewer than 50% of its characteristics known" in sentences["Not enough evidence"]
    assert "at least half of the graded themes reach" in sentences["Proposed"]
    version_3 = {row["about"]: row["rule"] for row in rules_table(VERSION_3).to_pylist()}
    assert "graded themes reach" not in version_3["Proposed"]
