"""Are shares compared fairly: shrunken, ranked with intervals, and excluded where nothing is known?"""

import pytest
from compared import by_place, charge_rows, code_of, share_row
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.compare import compare_shares, control_false_discovery_rate, count_outliers
from assay.compare.comparison_tables import SHARES, SPREAD

NOT_COMPARABLE = ("Metropolitan Police", "Humberside", "West Yorkshire")


@pytest.fixture(scope="module")
def real():
    shares, spread = compare_shares(charge_rows())
    (shares,) = control_false_discovery_rate([shares])
    return shares, count_outliers(spread, [shares])


def spread_of(spread, measure):
    return next(row for row in spread.to_pylist() if row["measure"] == measure)


def test_a_naive_funnel_would_name_13_of_43_forces_and_ours_names_none_to_three(real):
    row = spread_of(real[1], "charged-of-closed")
    assert row["naive_forces"] == 43
    assert row["naive_outside_3_sigma"] == 13
    assert row["naive_outside_2_sigma"] == 24
    assert row["mean_z_squared"] == pytest.approx(11.8, abs=0.05)
    assert 0 <= row["outliers"] <= 3


def test_the_spread_between_forces_is_given(real):
    row = spread_of(real[1], "charged-of-closed")
    # 43 forces less three still waiting for outcomes and the City of London
    assert row["forces_compared"] == 39
    assert row["overall"] == pytest.approx(0.095, abs=0.002)
    assert row["between_force_sd"] == pytest.approx(0.027, abs=0.002)


@pytest.mark.parametrize("name", NOT_COMPARABLE)
def test_a_force_still_waiting_for_many_outcomes_is_neither_good_nor_bad(real, name):
    row = by_place(real[0], "charged-of-closed")[code_of(name)]
    assert "have no outcome yet" in row["not_comparable"]
    assert "neither good nor bad" in row["not_comparable"]
    assert row["rank"] is row["p_value"] is row["q_value"] is None
    assert not row["outlier_alert"]
    assert row["share_low"] < row["raw_share"] < row["share_high"] or name == "Humberside"


def test_the_pending_share_itself_is_compared(real):
    shares = by_place(real[0], "pending")
    for name in NOT_COMPARABLE:
        assert shares[code_of(name)]["not_comparable"] == ""
    assert shares[code_of("Metropolitan Police")]["direction"] == "higher"


def test_draws_compared_at_once_stand_as_each_does_alone():
    draws = [[share_row(f"E230000{n:02}", 10 + n * draw, 100, measure=f"draw {draw}") for n in range(8)]
             for draw in range(4)]  # fmt: skip
    at_once, spread = compare_shares([row for rows in draws for row in rows])
    single_runs = [compare_shares(rows) for rows in draws]
    assert at_once.to_pylist() == [row for table, _ in single_runs for row in table.to_pylist()]
    assert spread.to_pylist() == [row for _, table in single_runs for row in table.to_pylist()]


def test_counts_that_come_again_in_another_draw_are_worked_out_once(monkeypatch):
    from assay.compare import share_comparison

    calls, real = [], share_comparison.share_posterior
    monkeypatch.setattr(
        share_comparison,
        "share_posterior",
        lambda *arguments, **more: calls.append(arguments) or real(*arguments, **more),
    )
    share_comparison._fit_estimates.cache_clear()
    compare_shares([share_row(f"E230000{n:02}", 11 + n, 101, measure="one") for n in range(6)])
    compare_shares([share_row(f"E230000{n:02}", 11 + n, 101, measure="another") for n in range(6)])
    assert len(calls) == 1


def test_pending_at_the_limit_is_comparable_and_above_it_is_not():
    rows = [share_row(f"E230000{n:02}", 10 + n, 100) for n in range(6)]
    shares_at = compare_shares([*rows, share_row("E23000099", 10, 100, pending=0.25)])[0]
    above = compare_shares([*rows, share_row("E23000099", 10, 100, pending=0.2501)])[0]
    assert by_place(shares_at)["E23000099"]["not_comparable"] == ""
    assert "25.0% of these offences" in by_place(above)["E23000099"]["not_comparable"]


def test_a_pending_share_that_is_not_known_is_not_taken_for_none():
    rows = [share_row(f"E230000{n:02}", 10 + n, 100) for n in range(6)]
    found = compare_shares([*rows, share_row("E23000099", 10, 100, pending=None)])[0]
    assert "not known" in by_place(found)["E23000099"]["not_comparable"]


def test_the_transport_police_is_shown_and_not_ranked(real):
    row = by_place(real[0], "charged-of-closed")["BTP"]
    assert row["rank"] is None
    assert row["raw_share"] == 12 / 75
    assert row["share"] == row["raw_share"]
    assert row["share_low"] < row["share"] < row["share_high"]


def test_the_city_of_london_is_compared_from_twenty_offences_on():
    rows = [share_row(f"E230000{n:02}", 10 + n, 100) for n in range(6)]
    city = code_of("City of London")
    small_base = by_place(compare_shares([*rows, share_row(city, 3, 19)])[0])[city]
    enough = by_place(compare_shares([*rows, share_row(city, 3, 20)])[0])[city]
    assert "fewer than 20" in small_base["not_comparable"]
    assert small_base["rank"] is None
    assert enough["rank"] is not None


def test_a_total_is_a_full_count_without_interval_or_rank(real):
    row = by_place(real[0], "charged-of-closed")["EW"]
    assert row["share"] == row["raw_share"] == 4830 / 50890
    assert row["share_low"] is None
    assert row["rank"] is None
    assert row["not_comparable"] == ""


def test_no_rank_without_its_interval(real):
    for row in real[0].to_pylist():
        assert (row["rank"] is None) == (row["rank_low"] is None) == (row["rank_high"] is None)
        if row["rank"] is not None:
            assert 1 <= row["rank_low"] <= row["rank"] <= row["rank_high"] <= 43


def test_negative_or_impossible_counts_are_shown_and_not_compared():
    rows = [share_row(f"E230000{n:02}", 10 + n, 100) for n in range(6)]
    odd = [share_row("E23000090", -1, 40), share_row("E23000091", 41, 40), share_row("E23000092", 1, -3)]
    found = by_place(compare_shares([*rows, *odd])[0])
    for code in ("E23000090", "E23000091", "E23000092"):
        assert "do not make a share" in found[code]["not_comparable"]
        assert found[code]["raw_share"] is found[code]["share"] is None
    assert found["E23000090"]["numerator"] == -1


def test_a_force_without_closed_offences_has_no_share():
    rows = [share_row(f"E230000{n:02}", 10 + n, 100) for n in range(6)]
    found = by_place(compare_shares([*rows, share_row("E23000090", 0, 0)])[0])["E23000090"]
    assert found["share"] is None
    assert "no offences" in found["not_comparable"]


def test_four_forces_are_too_few_and_say_so():
    shares, spread = compare_shares([share_row(f"E230000{n:02}", 10 + n, 100) for n in range(4)])
    assert {row["not_comparable"] for row in shares.to_pylist()} == {
        "Not comparable: too few forces have figures that can be compared."
    }
    assert spread.to_pylist()[0]["between_force_sd"] is None


def test_every_row_comes_out_once_in_the_order_it_came_in(real):
    rows = charge_rows()
    assert [(r["measure"], r["place_code"]) for r in rows] == [
        (r["measure"], r["place_code"]) for r in real[0].to_pylist()
    ]
    assert real[0].schema == SHARES
    assert real[1].schema == SPREAD


def test_the_edition_goes_through():
    rows = [share_row(f"E230000{n:02}", 10 + n, 100, edition="January 2026") for n in range(6)]
    assert set(compare_shares(rows)[0]["edition"].to_pylist()) == {"January 2026"}


def test_rows_and_tables_give_the_same():
    import pyarrow as pa

    rows = [share_row(f"E230000{n:02}", 10 + n, 100) for n in range(6)]
    assert compare_shares(rows)[0] == compare_shares(pa.Table.from_pylist(rows))[0]


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(8)))
def test_the_order_of_forces_does_not_matter(order):
    rows = [share_row(f"E230000{n:02}", 5 * n, 100 + 10 * n) for n in range(8)]
    straight, turned = compare_shares(rows)[0], compare_shares([rows[i] for i in order])[0]
    for code, row in by_place(straight).items():
        other = by_place(turned)[code]
        assert other["share"] == pytest.approx(row["share"], rel=1e-6)
        assert other["rank"] == row["rank"]
        assert other["p_value"] == pytest.approx(row["p_value"], abs=1e-6)
