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
        "It stops at adequate because 3 of 5 graded themes are no better. By its characteristics alone it would be good."
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
    assert proposal.limit == (
        "It stops at adequate because duties in law are not met, on \u2018Children are written of without blame, and words "
        "of blame are challenged\u2019 and on 2 other characteristics. By its characteristics alone it would be good."
    )


def test_a_theme_that_two_reasons_cap_only_together_names_both():
    # Each reason holds in 40 of 100 draws, so neither moves the median alone; together they hold in 80.
    failed, doubtful = np.arange(100) < 40, np.arange(100) >= 60
    levels = [replace(item, failed=failed, doubtful=doubtful) for item in GOOD[0].levels]
    proposal = line_proposal(FORCE, "attitudes", levels, RULES)
    assert proposal.grade == "adequate"
    assert proposal.limit.startswith(
        "It stops at adequate because the force lies beyond the other forces, on \u2018Children are written of without "
        "blame, and words of blame are challenged\u2019 and because duties in law are not met, on "
    )


def test_overall_names_the_theme_and_the_characteristic_that_cap_the_grade():
    alerted = np.arange(100) < 90
    levels = [replace(item, alerted=alerted if item.key == "risk_judged" else None) for item in GOOD[1].levels]
    proposal = overall_proposal(FORCE, [GOOD[0], replace(GOOD[1], levels=tuple(levels))], RULES)
    assert proposal.limit == (
        "It stops at adequate because fewer than half of the records meet a standard in Assessments, on "
        "\u2018Harm is called harm, the level of risk follows the child, and nobody is taken off a list too soon\u2019. By its "
        "characteristics alone it would be good."
    )


def test_overall_names_the_inadequate_theme_that_caps_the_grade():
    proposal = overall_proposal(FORCE, [*GOOD, theme("data-quality", 0, 0)], VERSION_3)
    assert proposal.limit.startswith("It stops at requires improvement because Data quality is inadequate.")


def test_the_rules_say_that_half_of_the_characteristics_must_be_known():
    sentences = {row["subject"]: row["rule"] for row in rules_table(RULES).to_pylist()}
    assert "fewer than 50% of its characteristics known" in sentences["Not enough evidence"]
    assert "at least half of the graded themes reach" in sentences["Proposed"]
    version_3 = {row["subject"]: row["rule"] for row in rules_table(VERSION_3).to_pylist()}
    assert "graded themes reach" not in version_3["Proposed"]
