"""Is a rate given only where it has a denominator that means something?"""

import csv

import pytest

from assay import reference as commission
from assay.errors import DefinitionError
from reference_data import reference

pytestmark = pytest.mark.quick

GWENT, DORSET, CITY, MET, SURREY = "W15000002", "E23000039", "E23000034", "E23000001", "E23000031"


def test_the_estimate_of_the_year_in_which_the_financial_year_began_is_used():
    surrey = commission.child_population(SURREY, "2024/25")
    assert (surrey.mid_year, surrey.note) == (2024, "")
    assert commission.child_population(SURREY, "2012/13").mid_year == 2012


def test_a_year_later_than_the_last_estimate_takes_the_last_while_it_is_within_two_years():
    assert commission.child_population(SURREY, "2026/27").mid_year == 2024
    assert commission.child_population(SURREY, "2026/27").note == ""


def test_three_years_after_the_last_estimate_mid_2020_stands_in_and_the_note_says_so():
    surrey = commission.child_population(SURREY, "2027/28")
    assert surrey.mid_year == 2020
    assert "2020 stand in" in surrey.note


def test_dorset_before_2019_takes_2019_within_two_years_and_mid_2020_beyond():
    assert commission.child_population(DORSET, "2017/18").mid_year == 2019
    earlier_population = commission.child_population(DORSET, "2016/17")
    assert earlier_population.mid_year == 2020
    assert "2020 stand in" in earlier_population.note


@pytest.mark.parametrize(
    ("year", "note"), [("2017/18", True), ("2018/19", False), ("2022/23", False), ("2023/24", True)]
)
def test_wales_has_mid_2020_only_and_says_so_beyond_two_years(year, note):
    gwent = commission.child_population(GWENT, year)
    assert (gwent.population, gwent.mid_year) == (123_669, 2020)
    assert bool(gwent.note) is note


def test_city_of_london_never_gets_a_resident_rate():
    for year in ("2012/13", "2020/21", "2024/25"):
        city = commission.child_population(CITY, year)
        assert city.population is None
        assert city.note


@pytest.mark.parametrize("code", ["BTP", "NCA", "AF", "EW44"])
def test_a_body_without_residents_has_no_population_and_a_note(code):
    found = commission.child_population(code, "2024/25")
    assert found.population is None
    assert found.note


def test_an_unknown_place_has_no_answer():
    assert commission.child_population("E92000001", "2024/25") is None


def test_england_and_wales_together_are_the_43_forces_and_the_note_says_which_year():
    england_and_wales, england = (
        commission.child_population("EW", "2024/25"),
        commission.child_population("E", "2024/25"),
    )
    wales = [force.children_mid2020 for force in commission.forces().territorial if force.country == "Wales"]
    assert england_and_wales.population == england.population + sum(wales)
    assert england_and_wales.mid_year == 2024
    assert "43 force areas" in england_and_wales.note
    assert all(
        name in england_and_wales.note for name in ("North Wales", "Gwent", "South Wales", "Dyfed-Powys at mid-2020")
    )


def test_england_in_2012_counts_dorset_at_mid_2020_and_says_so():
    assert "except Dorset at mid-2020" in commission.child_population("E", "2012/13").note


@pytest.mark.parametrize("year", ["2024", "2024/26", "2024-25", "24/25"])
def test_what_is_no_financial_year_is_refused(year):
    with pytest.raises(DefinitionError, match="not a financial year"):
        commission.child_population(MET, year)


@pytest.mark.reference
def test_the_sum_of_the_english_forces_is_the_national_figure_that_was_published():
    path = reference("data/dfe-children-in-need/ons_mid-year_population_estimates_2012_to_2024.csv")
    with path.open(encoding="utf-8-sig") as file:
        national = {
            int(row["time_period"]): int(row["population_estimate"])
            for row in csv.DictReader(file)
            if row["geographic_level"] == "National"
        }
    for year in range(2019, 2025):
        assert commission.child_population("E", f"{year}/{(year + 1) % 100:02d}").population == national[year]


@pytest.mark.reference
def test_the_populations_are_those_of_the_reference_tables():
    path = reference("data/police-force-areas/population-0-17-by-english-pfa-2012-2024.csv")
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 500
    for row in rows:
        if row["pfa24_code"] != CITY:
            year = int(row["mid_year"])
            found = commission.child_population(row["pfa24_code"], f"{year}/{(year + 1) % 100:02d}")
            assert (found.population, found.mid_year) == (int(row["pop_0_17"]), year)
