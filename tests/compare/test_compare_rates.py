"""Are rates per 1,000 children given only for resident populations, without a good direction?"""

import pytest
from compared import by_place, code_of, rate_row, rate_rows

from assay.compare import compare_rates, control_false_discovery_rate
from assay.compare.comparison_tables import RATES


@pytest.fixture(scope="module")
def real():
    rates, spread = compare_rates(rate_rows())
    return by_place(control_false_discovery_rate([rates])[0]), spread.to_pylist()[0]


def rates_with(*more):
    return [*(rate_row(f"E230000{n:02}", 400 + 20 * n) for n in range(7)), *more]


def test_rates_are_for_a_thousand_children(real):
    rates, _ = real
    raw = [row["raw_per_1000"] for row in rates.values() if row["raw_per_1000"] is not None]
    # The reference tables: 2.6 in the Metropolitan Police to 7.5 in Cleveland
    assert min(raw) == pytest.approx(2.6, abs=0.05)
    assert max(raw) == pytest.approx(7.5, abs=0.05)
    assert rates[code_of("Cleveland")]["raw_per_1000"] == max(raw)


def test_the_city_of_london_never_has_a_resident_rate(real):
    row = real[0][code_of("City of London")]
    assert "No resident rate" in row["not_comparable"]
    assert row["raw_per_1000"] is row["per_1000"] is row["rank"] is None


def test_the_transport_police_never_has_a_resident_rate():
    row = by_place(compare_rates(rates_with(rate_row("BTP", 90, 100_000)))[0])["BTP"]
    assert row["raw_per_1000"] is row["per_1000"] is None
    assert "no resident population" in row["not_comparable"]


def test_a_force_without_a_population_is_shown_without_a_rate():
    row = by_place(compare_rates(rates_with(rate_row("W15000001", 90, None)))[0])["W15000001"]
    assert row["raw_per_1000"] is None
    assert "number of children" in row["not_comparable"]


def test_a_part_year_is_not_compared():
    row = by_place(compare_rates(rates_with(rate_row("E23000090", 90, quarters=3)))[0])["E23000090"]
    assert row["not_comparable"] == "Not comparable: the year is not complete."
    assert row["raw_per_1000"] is None


def test_a_negative_count_is_kept_as_published_and_not_compared():
    row = by_place(compare_rates(rates_with(rate_row("E23000090", -2)))[0])["E23000090"]
    assert row["offences"] == -2
    assert "negative" in row["not_comparable"]
    assert row["per_1000"] is None


def test_an_unpublished_count_is_not_a_zero():
    row = by_place(compare_rates(rates_with(rate_row("E23000090", None)))[0])["E23000090"]
    assert row["raw_per_1000"] is None
    assert "not published" in row["not_comparable"]


def test_a_total_is_a_full_count_without_interval_or_rank():
    row = by_place(compare_rates(rates_with(rate_row("EW", 6000, 1_200_000)))[0])["EW"]
    assert row["per_1000"] == 5.0
    assert row["per_1000_low"] is None
    assert row["rank"] is None


def test_offences_that_nobody_recorded_are_not_ranked():
    rates, spread = compare_rates([rate_row(f"E230000{n:02}", 0) for n in range(7)])
    assert set(rates["per_1000"].to_pylist()) == {None}
    assert spread["forces_compared"].to_pylist() == [0]


def test_forces_differ_far_beyond_chance(real):
    spread = real[1]
    assert spread["measure"] == "recorded-rate"
    assert spread["forces_compared"] == 42
    assert spread["between_force_sd"] == pytest.approx(1.3, abs=0.1)
    assert spread["naive_outside_3_sigma"] > 25


def test_the_form_is_the_one_agreed():
    assert compare_rates(rates_with())[0].schema == RATES
