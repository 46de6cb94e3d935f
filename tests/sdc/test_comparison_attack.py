"""Can a reader derive a suppressed count from whether a force is compared, from ranks, or from a standard that is met?

Each attack is first shown to work, on an example for a pencil, and then made on what is released.
"""

import pyarrow as pa
import pytest

from assay.compare.comparability import TOO_MUCH_UNKNOWN, indicator_exclusion_reason
from assay.compare.indicator_comparison import compare_indicators
from assay.errors import DisclosureError
from assay.grading.force_evidence import is_level_public
from assay.grading.grading_rules import rules
from assay.sdc import apply_policy, declared_tables
from assay.sdc.alert_suppression import COMPARISON_SUPPRESSED_TEXT, TOO_FEW_FORCES_TEXT
from assay.sdc.cell_status import suppress_cell
from compare.test_compare_indicators import ARREST, NAMES, ORGANISATIONS, ladder
from sdc.comparison_attack import (
    by_comparison,
    by_neighbours,
    by_standard,
    compared_by_released_counts,
    derived_ranks,
    ends,
    is_disclosive,
    neighbour_shares,
    worlds,
)
from sdc.test_estimates_reveal_nothing import LARGE, POLICY, RECORD_LEVEL, SIX, _declared, let_out

REASON = "Not comparable: fewer than 20 records tell, too few to know a force from chance."


def released(first):
    """The row of the first force as released, and all rows."""
    rows = let_out([first, *LARGE]).rows("force_estimates")
    return rows[0], rows


def row_of(met, not_met, suppressed_cells, reason="", base=None):
    return {
        "met": met,
        "not_met": not_met,
        "base": base,
        "suppressed_cells": suppressed_cells,
        "not_comparable": reason,
    } | dict.fromkeys(("not_known", "not_known_if_counted"), 0)


def test_by_pencil_fewer_than_20_beside_18_not_met_says_that_1_is_met():
    """Not met is shown as 20, so it is 18 to 22. With fewer than 20 in all it is 18, and met is 1."""
    row = row_of(None, 20, "met secondary:base", REASON)
    assert ends(worlds(row), "met") == (1, 7)
    assert ends(by_comparison(row), "met") == (1, 1)


@pytest.mark.parametrize("met", range(1, 8))
@pytest.mark.parametrize("not_met", [13, 15, 17, 18, 20])
def test_whether_a_force_is_compared_is_the_same_for_every_value_of_a_suppressed_count(met, not_met):
    row, _ = released((met, not_met))
    middle_row, _ = released((4, (not_met + 2) // 5 * 5))
    assert (row["not_comparable"] or "") == (middle_row["not_comparable"] or "")
    row |= dict.fromkeys(("not_known", "not_known_if_counted"), 0)
    for column in ("met", "not_met"):
        assert ends(by_comparison(row, compared_by_released_counts), column) == ends(worlds(row), column)


def test_a_small_base_beside_a_suppressed_count_is_the_same_in_a_combined_test():
    """Of 8 to 12 not met and 1 to 7 met no more than 19 are known, whatever met is."""
    assert {released((met, 10))[0]["not_comparable"] for met in range(1, 8)} == {REASON}


def test_beside_a_secondary_suppressed_count_it_is_not_said_whether_the_force_is_compared():
    def left(counts):
        rows = [ladder(code, ARREST, met=met, not_met=other) for code, (met, other) in zip(SIX, counts, strict=True)]
        exact = compare_indicators((ARREST,), rows, ORGANISATIONS, policy=POLICY)
        table = _declared("force_estimates", exact["force_estimates"])
        changed = table.to_pylist()
        suppress_cell(changed[0], "not_met")
        table = table.from_pylist(changed, table.schema)
        return apply_policy({"force_estimates": table}, RECORD_LEVEL)["force_estimates"].to_pylist()[0]

    rows = [left([(8, not_met), *LARGE]) for not_met in (8, 9, 40)] + [left([(10, 0), *LARGE])]
    for row in rows:
        assert row["not_comparable"] == COMPARISON_SUPPRESSED_TEXT
        assert (row["outlier_alert"], row["rank"], row["share"]) == (None, None, None)
    assert len({row["suppressed_cells"].replace("base", "").replace("secondary:", "") for row in rows[:3]}) == 1


def left_beside_unknown(not_known):
    """What leaves of the first force if its count of records not known is suppressed, and the reason that it had."""
    counts = [{"met": 20, "not_met": 20, "not_known": not_known}, *({"met": met, "not_met": no} for met, no in LARGE)]
    ladders = [ladder(code, ARREST, **parts) for code, parts in zip(SIX, counts, strict=True)]
    exact = compare_indicators((ARREST,), ladders, ORGANISATIONS, policy=POLICY)
    suppress_cell(ladders[0], "not_known")
    ladders = [row | dict.fromkeys(("share", "share_lowest", "share_highest")) for row in ladders]
    tables = {"force_estimates": _declared("force_estimates", exact["force_estimates"]),
              "ladders": pa.Table.from_pylist(ladders, declared_tables()["ladders"].schema)}  # fmt: skip
    left = apply_policy(tables, RECORD_LEVEL)["force_estimates"].to_pylist()[0]
    return left | {"exact_reason": exact["force_estimates"].to_pylist()[0]["not_comparable"]}


def test_by_pencil_more_than_a_quarter_not_known_says_of_40_known_that_13_or_more_are_not():
    """13 is shown as 15, and 15 of 55 are more than a quarter; 12 is shown as 10, and 10 of 50 are not."""
    rows = [left_beside_unknown(not_known) for not_known in (12, 13, 40)]
    assert [row["exact_reason"] for row in rows] == ["", TOO_MUCH_UNKNOWN, TOO_MUCH_UNKNOWN]
    assert {row["not_comparable"] for row in rows} == {COMPARISON_SUPPRESSED_TEXT}
    assert {(row["outlier_alert"], row["rank"], row["share"]) for row in rows} == {(None, None, 0.5)}
    assert len({(row["share_low"], row["share_high"], row["suppressed_cells"]) for row in rows}) == 1


def test_too_few_forces_does_not_say_that_the_fifth_is_not_compared():
    """With the fifth five forces are compared, without it none. Its count is suppressed, so neither is said."""

    def left(fifth):
        counts = [fifth, *LARGE[:4]]
        rows = [ladder(code, ARREST, met=met, not_met=no) for code, (met, no) in zip(SIX[:5], counts, strict=True)]
        exact = compare_indicators((ARREST,), rows, ORGANISATIONS, policy=POLICY)
        changed = _declared("force_estimates", exact["force_estimates"]).to_pylist()
        suppress_cell(changed[0], "not_met")
        table = pa.Table.from_pylist(changed, _declared("force_estimates", exact["force_estimates"]).schema)
        return apply_policy({"force_estimates": table}, RECORD_LEVEL)["force_estimates"].to_pylist()

    excluded, included = left((8, 9)), left((8, 40))
    assert {row["not_comparable"] for row in excluded + included} == {COMPARISON_SUPPRESSED_TEXT}
    assert [row["share"] for row in excluded] == [row["share"] for row in included]


def test_of_four_forces_none_is_compared_whatever_a_suppressed_count_is_so_it_is_said():
    rows = [ladder(code, ARREST, met=met, not_met=no) for code, (met, no) in zip(SIX[:4], LARGE, strict=False)]
    exact = compare_indicators((ARREST,), rows, ORGANISATIONS, policy=POLICY)
    changed = _declared("force_estimates", exact["force_estimates"]).to_pylist()
    suppress_cell(changed[0], "not_met")
    table = pa.Table.from_pylist(changed, _declared("force_estimates", exact["force_estimates"]).schema)
    first, *left = apply_policy({"force_estimates": table}, RECORD_LEVEL)["force_estimates"].to_pylist()
    assert first["not_comparable"] == COMPARISON_SUPPRESSED_TEXT
    assert {row["not_comparable"] for row in left} == {TOO_FEW_FORCES_TEXT}


def test_a_comparison_that_does_not_say_what_decided_it_is_refused():
    """Without the answer nothing would be suppressed, so a missing answer is not taken as "no"."""
    rows = [ladder(code, ARREST, met=met, not_met=no) for code, (met, no) in zip(SIX[1:], LARGE, strict=True)]
    estimates = compare_indicators((ARREST,), rows, ORGANISATIONS, policy=POLICY)["force_estimates"]
    table = _declared("force_estimates", estimates).drop_columns("decided_by_counts")
    with pytest.raises(DisclosureError, match="decided_by_counts"):
        apply_policy({"force_estimates": table}, RECORD_LEVEL)


def test_the_base_as_a_reader_knows_it_decides_and_the_exact_base_never_does():
    with pytest.raises(KeyError, match="deciding_base"):
        indicator_exclusion_reason({"base": 40, "place_code": SIX[1]})


def test_the_row_of_all_forces_says_nothing_of_a_comparison():
    rows = [ladder(code, ARREST, met=met, not_met=no) for code, (met, no) in zip(SIX[1:], LARGE, strict=True)]
    total = ladder("ALL", ARREST, met=sum(met for met, _ in LARGE), not_met=sum(no for _, no in LARGE))
    exact = compare_indicators((ARREST,), [*rows, total], ORGANISATIONS, policy=POLICY)
    changed = _declared("force_estimates", exact["force_estimates"]).to_pylist()
    suppress_cell(changed[-1], "not_met")
    table = pa.Table.from_pylist(changed, _declared("force_estimates", exact["force_estimates"]).schema)
    *_, left = apply_policy({"force_estimates": table}, RECORD_LEVEL)["force_estimates"].to_pylist()
    assert (left["place_code"], left["not_comparable"]) == ("ALL", "")


def test_by_pencil_a_rank_between_80_and_90_per_cent_says_that_4_to_7_of_about_35_are_not_met():
    """28 to 32 are met. 4 of 32 is 89 per cent; 3 of 31 would be 90, above the force that ranks first."""
    ranked_rows = [{"place_code": "A", "rank": 1.0, "share": 0.9}, {"place_code": "B", "rank": None, "share": None},
              {"place_code": "C", "rank": 3.0, "share": 0.8}]  # fmt: skip
    ranked_rows = [row | {"not_comparable": ""} for row in ranked_rows]
    assert derived_ranks(ranked_rows, 3) == {"B": 2}
    assert neighbour_shares(ranked_rows, "B") == (0.8, 0.9)
    left = by_neighbours(row_of(30, None, "not_met secondary:base"), 0.8, 0.9)
    assert ends(left, "not_met") == (4, 7)
    assert is_disclosive(ends(left, "not_met"))


def test_a_force_without_a_shown_share_has_no_rank_and_is_in_no_rank_of_another():
    """Five of six forces are ranked, from 1 to 5: no rank is left over for the sixth."""
    first, rows = released((36, 3))
    assert first["share"] is first["rank"] is first["rank_low"] is first["rank_high"] is None
    assert {round(row["rank"]) for row in rows[1:]} <= set(range(1, 6))
    assert max(row["rank_high"] for row in rows[1:]) <= 5
    assert derived_ranks(rows, len(rows) - 1) == {}
    assert [row["rank"] for row in rows[1:]] == [row["rank"] for row in released((36, 7))[1][1:]]


def test_where_every_share_is_shown_all_forces_are_ranked():
    assert all(row["rank"] is not None for row in released((36, 12))[1])
    assert len(NAMES) >= len(SIX)


def test_by_pencil_a_standard_that_is_met_says_that_at_most_5_of_15_and_more_are_not_met():
    """15 are met, so 13 to 17. Of 17 met and 5 not met 77 per cent are met; with 6 it is 74, below three in four."""
    row = row_of(15, None, "not_met secondary:base")
    assert ends(by_standard(row, True), "not_met") == (1, 5)
    assert is_disclosive(ends(by_standard(row, True), "not_met"))


@pytest.mark.parametrize(("met", "not_met", "suppressed_cells", "is_public"), [
    (15, None, "not_met", False),  # 13 of 20 is 65 per cent, 17 of 18 is 94
    (25, None, "not_met", True),  # at least 23 of 30: 77 per cent
    (None, 20, "met", True),  # at most 7 of 25
    (None, None, "met not_met", False),
    (0, None, "not_met", True),
    (20, None, "secondary:not_met", False),
])  # fmt: skip
def test_a_standard_counts_by_a_hidden_share_only_if_every_value_gives_the_same_answer(
    met, not_met, suppressed_cells, is_public
):
    row = row_of(met, not_met, suppressed_cells) | {"share": None}
    assert is_level_public(row, {}, rules(), fewer=False) == is_public
    if is_public:
        lowest_and_highest = ends(worlds(row), "met" if met is None else "not_met")
        is_met = met not in (None, 0)
        assert ends(by_standard(row, is_met), "met" if met is None else "not_met") == lowest_and_highest
