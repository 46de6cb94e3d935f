"""Is a range judged by whether it holds the truth, apart where the declared signs are wrong, with its width beside?"""

from assay.synthetic.simulation.hidden_coverage import (
    ChangeResult,
    RangeResult,
    WorldResult,
    coverage_tables,
    covers_truth,
    fewer_than_before,
    has_right_signs,
)


def judged(low, high, *, right=True, truth=100, refusal=""):
    return RangeResult("INV01", 1, truth, low, high, refusal, right, {"stepwise": (90.0, 95.0)} if low else {})


def test_a_declared_sign_is_right_if_the_list_truly_feeds_the_other_and_a_pair_of_which_nothing_is_known_is_not_wrong():
    pair = {"police_crimes", "local_authority"}
    assert has_right_signs(pair, {"police_crimes": {"local_authority": 1.0}})
    assert not has_right_signs(pair, {"police_crimes": {"local_authority": -1.0}})
    assert not has_right_signs(pair, {})
    assert has_right_signs({"police_crimes", "voluntary"}, {"police_crimes": {"voluntary": -0.4}})


def test_as_many_as_before_is_neither_fewer_nor_more():
    assert [fewer_than_before(100, later) for later in (99, 100, 101)] == [True, None, False]


def test_how_far_a_method_lies_off_is_told_of_the_hidden_alone():
    """Seen 20 of 120: 100 hidden. Limits 60 and 135: their middle, 90, less 20 is 70 of the 100."""
    world = WorldResult("lean", (RangeResult("INV01", 1, 120, 50, 250, "", True, {"stepwise": (60.0, 135.0)}, 20),), ())
    assert "| lean | 0.70 |" in coverage_tables([world])


def test_the_promise_counts_ranges_where_the_signs_are_right_and_prints_each_method_s_width_beside():
    """One of two ranges holds 100; where the signs are wrong none counts. Widths: 200 and 20 over 100, median 1.10."""
    world = WorldResult("w", (judged(50, 250), judged(110, 130), judged(120, 130, right=False), judged(None, None, refusal="No.")),
                  (ChangeResult(0.8, True), ChangeResult(0.85, True), ChangeResult(0.7, False), ChangeResult(0.95, None), ChangeResult(0.2, None)))  # fmt: skip
    tables = coverage_tables([world])
    assert "not kept, 50%" in tables
    assert "| w | yes | 2 of 3 | 50%" in tables
    assert "1.10" in tables
    assert "| stepwise | 3 | 0%" in tables
    assert "| No. | 1 |" in tables
    assert "| 60% to 90% | 78% | 67%" in tables
    assert "as many as before, one direction was said with nine in ten or more in 1 of 2." in tables
    assert covers_truth(judged(100, 100))
