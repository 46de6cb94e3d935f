"""Are only crimes of one force and kind compared, without a claim beyond that?"""

import pytest

from assay.compare.stratified_comparison import CAUSATION_CAVEAT, compare_within_strata

TITLES = {"told": "Told of the arrest"}


def answers(force, kind, sort, met, base, sorted_by="specialist team"):
    return {"sorted_by": sorted_by, "indicator": "told", "force_code": force, "kind": kind, "sort": sort, "met": met,
            "base": base}  # fmt: skip


HARD = (answers("A", "hard", "yes", 20, 100), answers("A", "hard", "no", 2, 10))
EASY = (answers("A", "easy", "yes", 8, 10), answers("A", "easy", "no", 80, 100))


def test_a_team_with_the_harder_cases_is_not_said_to_do_worse():
    [row] = compare_within_strata([*HARD, *EASY], TITLES).to_pylist()
    assert row["plain_points"] == round(100 * (28 / 110 - 82 / 110))  # -49: it has the hard ones
    assert row["points"] == 0  # 20 in 100 of the hard and 80 in 100 of the easy, on both sides
    assert "no difference is shown" in row["sentence"]


def test_a_difference_within_one_kind_is_said_to_go_with_the_team_and_not_to_come_of_it():
    [row] = compare_within_strata(
        [answers("A", "k", "yes", 90, 100), answers("A", "k", "no", 40, 100)], TITLES
    ).to_pylist()
    assert row["points"] == 50
    assert row["sentence"].startswith("Specialist team went with 50 percentage points more on 'told of the arrest'")
    assert row["sentence"].endswith(CAUSATION_CAVEAT)


def test_crimes_of_another_force_are_nobodys_like():
    rows = [answers("A", "k", "yes", 90, 100), answers("B", "k", "no", 40, 100)]
    [row] = compare_within_strata(rows, TITLES).to_pylist()
    assert (row["points"], row["forces"]) == (None, 0)
    assert "too few similar crimes" in row["sentence"]


@pytest.mark.parametrize(("met", "expected"), [(4, False), (7, False), (8, True)])
def test_a_sentence_never_tells_a_count_that_is_hidden(met, expected):
    rows = [answers("A", "k", "yes", met, 100), answers("A", "k", "no", 50, 100)]
    assert (compare_within_strata(rows, TITLES).to_pylist()[0]["points"] is not None) is expected


def test_records_of_which_it_is_not_known_are_outliers():
    rows = [*HARD, answers("A", "hard", "not known", 3, 7)]
    [row] = compare_within_strata(rows, TITLES).to_pylist()
    assert (row["not_known"], row["met"] + row["not_met"], row["others_met"] + row["others_not_met"]) == (7, 100, 10)
