"""Are counts of children's services summed to force areas, with what is missing left missing?"""

from __future__ import annotations

import pyarrow as pa
import pytest

from assay.facts.local_services import local_tables
from assay.indicators.catalogue.scale.local_rates import local_indicators, rate_columns
from assay.ingest.official_statistics import read_bundle
from assay.ingest.official_statistics.local_tables import COUNT_SCHEMA, LOCAL_TABLES
from assay.stats.poisson_intervals import garwood

KENT, MEDWAY, KENT_POLICE = "E10000016", "E06000035", "E23000032"
CUMBRIA, CUMBERLAND, WESTMORLAND, CUMBRIA_POLICE = "E10000006", "E06000063", "E06000064", "E23000002"
LOOKED_AFTER, RESIDENTS = "looked after at 31 March", "residents under 18"


def counts(*rows: tuple[int, str, str, int | None, str]) -> pa.Table:
    """Rows (year, area, measure, number, letter)."""
    names = ("year", "area_code", "measure", "number", "marker")
    constants = {"edition": "", "source": "", "level": "authority"}
    return pa.Table.from_pylist([constants | dict(zip(names, row, strict=True)) for row in rows], COUNT_SCHEMA)


def tables(**found: pa.Table) -> dict[str, pa.Table]:
    return {name: found.get(name, schema.empty_table()) for name, schema in LOCAL_TABLES.items()}


def service_row(found: dict[str, pa.Table], area: str, year: int = 2025) -> dict[str, object]:
    indicators = local_indicators(found)
    rows = indicators["children_services"].to_pylist()
    [row] = [r for r in rows if (r["area_code"], r["year"]) == (area, year)]
    return row


def test_two_authorities_of_a_force_are_one_sum_with_one_rate() -> None:
    looked_after = counts(
        (2025, KENT, LOOKED_AFTER, 30, ""),
        (2025, KENT, RESIDENTS, 15_000, ""),
        (2025, MEDWAY, LOOKED_AFTER, 10, ""),
        (2025, MEDWAY, RESIDENTS, 5_000, ""),
    )
    row = service_row(local_tables(tables(looked_after=looked_after)), KENT_POLICE)
    assert (row["number"], row["children"], row["per_10000"], row["areas"]) == (40, 20_000, 20.0, 2)


def test_an_authority_with_a_letter_leaves_the_force_without_a_sum_and_with_the_letter() -> None:
    looked_after = counts(
        (2025, KENT, LOOKED_AFTER, 30, ""),
        (2025, KENT, RESIDENTS, 15_000, ""),
        (2025, MEDWAY, LOOKED_AFTER, None, "c"),
        (2025, MEDWAY, RESIDENTS, 5_000, ""),
    )
    row = service_row(local_tables(tables(looked_after=looked_after)), KENT_POLICE)
    assert (row["number"], row["marker"], row["per_10000"], row["low"]) == (None, "c", None, None)


def test_an_authority_that_did_not_exist_in_a_year_does_not_hide_the_sum_of_the_others() -> None:
    looked_after = counts(
        (2025, CUMBERLAND, LOOKED_AFTER, 40, ""),
        (2025, CUMBERLAND, RESIDENTS, 10_000, ""),
        (2025, CUMBRIA, LOOKED_AFTER, None, "z"),
        (2025, WESTMORLAND, LOOKED_AFTER, 20, ""),
        (2025, WESTMORLAND, RESIDENTS, 5_000, ""),
        (2025, CUMBRIA, RESIDENTS, None, "x"),
    )
    row = service_row(local_tables(tables(looked_after=looked_after)), CUMBRIA_POLICE)
    assert (row["number"], row["marker"], row["areas"]) == (60, "", 2)


def test_a_file_that_lacks_an_authority_of_a_force_gives_no_sum_and_says_so() -> None:
    """Kent police have Kent and Medway: 30 children of Kent alone are not the number of the force area."""
    looked_after = counts((2025, KENT, LOOKED_AFTER, 30, ""), (2025, KENT, RESIDENTS, 15_000, ""))
    row = service_row(local_tables(tables(looked_after=looked_after)), KENT_POLICE)
    assert (row["number"], row["children"], row["per_10000"]) == (None, None, None)
    assert (row["marker"], row["areas"]) == ("incomplete", 1)


def test_the_carried_figures_lack_no_authority_also_in_years_in_which_authorities_were_replaced() -> None:
    """Cumbria was one county until March 2023, and is two authorities since."""
    rows = local_tables(read_bundle().tables)["children_services"].to_pylist()
    assert [row for row in rows if row["marker"] == "incomplete"] == []
    areas = {row["year"]: row["areas"] for row in rows if row["area_code"] == CUMBRIA_POLICE}
    assert (areas[2022], areas[2023], areas[2024], areas[2025]) == (1, 1, 2, 2)


def test_a_count_without_a_population_has_no_rate() -> None:
    assert rate_columns(3, None) == {"per_10000": None, "low": None, "high": None}
    assert rate_columns(None, 100) == {"per_10000": None, "low": None, "high": None}


def test_the_exact_limits_of_ten_are_4_8_and_18_4_and_none_lies_below_zero() -> None:
    assert garwood(10) == pytest.approx((4.795, 18.390), abs=0.001)
    assert garwood(0) == pytest.approx((0.0, 3.689), abs=0.001)


def test_the_neighbours_of_an_authority_are_those_with_a_rate() -> None:
    looked_after = counts(
        (2025, KENT, LOOKED_AFTER, 30, ""),
        (2025, KENT, RESIDENTS, 10_000, ""),
        (2025, MEDWAY, LOOKED_AFTER, None, "c"),
        (2025, MEDWAY, RESIDENTS, 5_000, ""),
        (2025, CUMBERLAND, LOOKED_AFTER, 40, ""),
        (2025, CUMBERLAND, RESIDENTS, 10_000, ""),
    )
    names = ("edition", "source", "year", "area_code", "nearness", "neighbour_code")
    rows = [("", "", 2025, KENT, 1, MEDWAY), ("", "", 2025, KENT, 2, CUMBERLAND)]
    neighbours = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], LOCAL_TABLES["neighbours"])
    found = local_indicators(local_tables(tables(looked_after=looked_after, neighbours=neighbours)))
    [kent] = [row for row in found["authorities"].to_pylist() if row["area_code"] == KENT]
    assert (kent["neighbours"], kent["neighbours_median"], kent["neighbour_names"]) == (1, 40.0, "Medway; Cumberland")


def test_outcomes_of_a_court_are_added_up_over_finer_groups_and_shared() -> None:
    rows = counts(
        (2018, KENT_POLICE, "Committed for trial", 1, ""),
        (2018, KENT_POLICE, "Committed for trial", 2, ""),
        (2018, KENT_POLICE, "Withdrawn", 1, ""),
    )
    found = local_indicators(local_tables(tables(court_outcomes=rows)))
    [trial] = [r for r in found["court_outcomes"].to_pylist() if r["outcome"] == "Committed for trial"]
    assert (trial["number"], trial["base"], trial["share"]) == (3, 4, 0.75)


def test_the_shares_of_the_broad_groups_of_a_force_add_up_to_one() -> None:
    rows = counts(
        (2021, KENT_POLICE, "White: Irish", 60, ""),
        (2021, KENT_POLICE, "White: Roma", 20, ""),
        (2021, KENT_POLICE, "Other ethnic group: Arab", 20, ""),
    )
    found = local_indicators(local_tables(tables(ethnicity=rows)))
    shares = {r["broad_group"]: r["broad_share"] for r in found["residents_by_ethnicity"].to_pylist()}
    assert shares == {"White": 0.8, "Other ethnic group": 0.2}
