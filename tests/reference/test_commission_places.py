"""Does every authority lie in one force?"""

import csv
from collections import defaultdict

import pytest

from assay import reference as commission
from reference_data import reference

pytestmark = pytest.mark.quick

DFE = "data/dfe-children-in-need/"
TABLES = (
    "b1_children_in_need_2013_to_2025.csv",
    "c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv",
    "c3_factors_identified_at_end_of_assessment_2018_to_2025.csv",
    "ons_mid-year_population_estimates_2012_to_2024.csv",
)


def rows(path):
    with reference(path).open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_authorities_that_follow_no_name_lie_where_they_lie():
    force_of = commission.force_by_local_authority()
    name = {code: commission.forces().get(force).name for code, force in force_of.items()}
    assert name["E10000025"] == "Thames Valley"  # Oxfordshire
    assert name["E06000051"] == "West Mercia"  # Shropshire
    assert name["E06000018"] == "Nottinghamshire"  # Nottingham
    assert name["E10000011"] == name["E10000032"] == name["E06000043"] == "Sussex"
    assert name["E09000001"] == "City of London"
    assert name["E09000033"] == "Metropolitan Police"  # Westminster


def test_an_abolished_authority_and_the_one_that_followed_it_lie_in_the_same_force():
    force_of = commission.force_by_local_authority()
    pairs = {
        "E10000002": "E06000060", "E10000006": "E06000063", "E10000009": "E06000059",
        "E10000021": "E06000061",
        "E10000023": "E06000065", "E10000027": "E06000066", "E06000028": "E06000058",
        "E06000029": "E06000058",
    }  # fmt: skip
    for before, after in pairs.items():
        assert force_of[before] == force_of[after]


def test_the_map_of_childrens_services_is_of_england_alone():
    english = {force.code for force in commission.forces().territorial if force.country == "England"}
    assert set(commission.force_by_local_authority().values()) == english


def test_every_territorial_force_has_an_authority_and_a_welsh_one_lies_in_a_welsh_force():
    assert {authority.force_code for authority in commission.authorities()} == {
        f.code for f in commission.forces().territorial
    }
    for authority in commission.authorities():
        assert (authority.country == "W") == authority.force_code.startswith("W"), authority.code


@pytest.mark.reference
def test_every_welsh_authority_lies_where_the_lookup_says():
    lookup = rows("data/police-force-areas/lookup-lad24-csp24-pfa24.csv")
    welsh = {row["ltla24_code"]: row["pfa24_code"] for row in lookup if row["ltla24_code"].startswith("W06")}
    assert welsh == {
        authority.code: authority.force_code for authority in commission.authorities() if authority.country == "W"
    }


@pytest.mark.reference
@pytest.mark.parametrize("table", TABLES)
def test_every_authority_that_the_tables_name_is_in_the_register(table):
    codes = {row["new_la_code"] for row in rows(DFE + table) if row["geographic_level"] == "Local authority"}
    assert codes
    assert codes <= set(commission.force_by_local_authority())


@pytest.mark.reference
def test_children_summed_by_authority_are_the_children_of_the_force():
    summed = defaultdict(int)
    for row in rows(DFE + TABLES[3]):
        if row["geographic_level"] == "Local authority" and row["population_estimate"].isdigit():
            summed[row["time_period"], commission.force_by_local_authority()[row["new_la_code"]]] += int(
                row["population_estimate"]
            )
    published = rows("data/police-force-areas/population-0-17-by-english-pfa-2012-2024.csv")
    assert dict(summed) == {(row["mid_year"], row["pfa24_code"]): int(row["pop_0_17"]) for row in published}
