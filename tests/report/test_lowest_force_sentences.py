"""Does the page of an indicator begin with the force that ranks worst, and with how sure that is?"""

import pytest

from assay.report.pages.inspection.lowest_force_sentences import PROBABLY_BELOW, lowest_forces
from report.force_rows import CODE, NEIGHBOUR, estimate_row, evidence_row, finding_row, ladder_row, measure, world

LOW = measure("told_of_arrest", 0.3, low=0.22, high=0.4, base=115, expected=0.77, band=(0.62, 0.9), standard="against",
              estimate=(0.23, 0.4))  # fmt: skip
HIGH = measure("told_of_arrest", 0.8, low=0.7, high=0.9, base=70, expected=0.7, band=(0.56, 0.92), standard="for")
FIGURE = "Alder ranks lowest: 30% of 115 notices owed (95% interval 22% to 40%)."
OUTSIDE = "Alder lies outside the range that the other forces predict."
TARGET = "Standard: all notices owed; missed if probably below 75%. Missed in 1 of the 2 forces tested; met in 1."
EXPECTED = "Expected from the other forces: between 62% and 90%."
BROKEN = "Alder: almost certainly fewer than half of notices owed meet the standard."


def sentences(low=LOW, high=HIGH, ranks=(2, 1), withheld=(), **changed):
    """The first sentences of the page with two forces; `changed` holds other values of the indicator."""
    rows = [(low, CODE, ranks[0]), (high, NEIGHBOUR, ranks[1])]
    estimates = [
        estimate_row(item, code) | {"rank": rank, "rank_low": rank, "rank_high": rank} for item, code, rank in rows
    ]
    tables = {
        "ladders": [ladder_row(item, code) for item, code, _ in rows],
        "force_estimates": estimates,
        "findings": [finding_row(item, code) for item, code, _ in rows],
        "evidence": [evidence_row(item, code) for item, code, _ in rows],
    }
    site = world([LOW], withheld, indicator_spread=[{"indicator": "told_of_arrest", "forces_compared": 2}], **tables)
    found = lowest_forces(site, site.indicators[0] | changed)
    return " ".join(filter(None, (found.lead, *found.remarks)))


def test_the_first_sentence_names_the_lowest_force_with_its_figure():
    text = sentences()
    assert text.startswith(f"{FIGURE} {TARGET} {BROKEN} {PROBABLY_BELOW} {OUTSIDE} {EXPECTED}")


def test_a_share_outside_the_prediction_without_an_alert_is_explained():
    assert OUTSIDE in sentences()
    assert "With so many comparisons, that alone is not enough for an outlier alert." in sentences()
    assert "outside the range" not in sentences(LOW | {"band": (0.2, 0.9)})


def test_an_outlier_is_said_to_be_almost_certainly_worse_and_not_explained_away():
    text = sentences(LOW | {"outlier_alert": True, "direction": "lower"})
    assert "Almost certainly worse than the other forces." in text
    assert EXPECTED in text
    assert "not enough for an outlier alert" not in text


def test_a_standard_broken_more_often_than_kept_is_said_in_the_same_place():
    assert BROKEN in sentences()
    assert "Alder misses the standard." in sentences(LOW | {"high": 0.55})
    assert "standard" not in sentences(LOW | {"standard": "for"})


@pytest.mark.parametrize("hidden", [{"withheld": (CODE,)}, {"low": LOW | {"share": None}}, {"ranks": (None, 1)}])
def test_no_force_is_ranked_by_a_figure_that_is_not_shown(hidden):
    """One of two forces is left, and one force has no lowest."""
    text = sentences(**hidden)
    assert "ranks" not in text
    assert "30% of" not in text or "share" not in hidden


def test_the_highest_is_named_where_lower_is_better_and_none_where_neither_is():
    assert sentences(better="lower").startswith("Birch ranks highest: 80% of 70 notices owed")
    assert "ranks" not in sentences(better="neither")


def test_forces_that_share_the_lowest_rank_are_both_named():
    text = sentences(ranks=(2, 2))
    assert "Alder ranks joint lowest: 30%" in text
    assert "Birch ranks joint lowest: 80%" in text


def test_a_force_too_uncertain_to_say_is_counted_as_such_and_the_counts_add_up():
    text = sentences(high=HIGH | {"standard": "neither"})
    assert "Missed in 1 of the 2 forces tested; too uncertain in 1." in text
    assert "Too uncertain to say whether it is met: Birch." in text
    assert "Missed in none of the 2 forces tested; met in 2." in sentences(LOW | {"standard": "for"})


def test_every_sentence_has_at_most_25_words():
    assert max(len(sentence.split()) for sentence in sentences().split(". ")) <= 25


def test_a_force_that_is_not_tested_is_named_with_the_reason():
    assert "Not tested: " not in sentences()
    rows = [evidence_row(LOW), evidence_row(HIGH, NEIGHBOUR)]
    unjudged = {"place_code": "INV03", "direction": "neither", "counts": "", "not_counted": "its count is suppressed"}
    places = [{"place_code": code, "slug": name.lower(), "name": name, "kind": "territorial"}
              for code, name in ((CODE, "Alder"), (NEIGHBOUR, "Birch"), ("INV03", "Cedar"))]  # fmt: skip
    site = world([LOW], places=places, evidence=[*rows, rows[0] | unjudged],
                 ladders=[ladder_row(LOW), ladder_row(HIGH, NEIGHBOUR)])  # fmt: skip
    remarks = lowest_forces(site, site.indicators[0]).remarks
    assert "Not tested: Cedar, because its count is suppressed." in remarks
