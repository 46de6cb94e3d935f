"""Of statements that a series fell, how many are right, by how surely they were made?"""

import pytest

from assay.synthetic.simulation.trend_statements import calibration_bins, compare_statements, false_certainty

TRUTH = """
[forces.INV01]
turns = [{ starts = 2025-04-01, key = "flag_sensitivity", points = -0.2000 }]
[forces.INV02]
turns = [{ starts = 2025-04-01, key = "flag_sensitivity", points = 0.2000 }]
[forces.INV03]
turns = [{ starts = 2025-04-01, key = "recorded_in_24h", points = 0.1000 }]
"""
TOTALS = "force_code,year,children\nINV01,1,50\nINV01,2,40\nINV02,1,50\nINV02,2,50\n"


def row(place, kind, fall_probability, years=1):
    return {"place_code": place, "kind": kind, "probability_fell": fall_probability, "years_apart": years}


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    folder = tmp_path_factory.mktemp("truth")
    (folder / "truth.toml").write_text(TRUTH)
    (folder / "hidden_totals.csv").write_text(TOTALS)
    return folder


def test_marking_that_turned_down_makes_a_fall_and_a_force_where_nothing_of_it_turned_has_no_direction(truth):
    rows = [row("INV01", "marked", 0.95), row("INV02", "marked", 0.95), row("INV03", "marked", 0.95)]
    assert [(statement.truly_fell, statement.is_right) for statement in compare_statements(rows, truth)] == [
        (True, True),
        (False, False),
        (None, False),
    ]


def test_the_hidden_fell_where_there_were_fewer_and_has_no_direction_where_their_number_stayed(truth):
    rows = [row("INV01", "hidden", 0.3), row("INV02", "hidden", 0.3)]
    assert [
        (compare_statement.truly_fell, compare_statement.stated_probability)
        for compare_statement in compare_statements(rows, truth)
    ] == [
        (True, 0.7),
        (None, 0.7),
    ]


def test_what_cannot_be_told_all_together_and_another_span_are_no_statements(truth):
    rows = [
        row("INV01", "marked", None),
        row("ALL", "marked", 0.9),
        row("INV01", "marked", 0.9, years=3),
        row("INV01", "partners", 0.9),
    ]
    assert compare_statements(rows, truth) == []


def test_ten_statements_of_eight_in_ten_of_which_eight_are_right(truth):
    rows = [row("INV01", "marked", 0.85)] * 8 + [row("INV01", "marked", 0.15)] * 2
    (bin_kept,) = calibration_bins(compare_statements(rows, truth))
    assert (bin_kept.low, bin_kept.high, bin_kept.number, bin_kept.right) == (0.8, 0.9, 10, 8)
    assert bin_kept.right_low < 0.8 < bin_kept.right_high


def test_a_sure_statement_where_nothing_changed_is_counted(truth):
    rows = [row("INV03", "recorded", p) for p in (0.95, 0.05, 0.5, 0.6)]
    assert false_certainty(compare_statements(rows, truth)) == (2, 4)
