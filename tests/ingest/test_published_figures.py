"""Do the readers find the figures that were published, to the unit?"""

from __future__ import annotations

from functools import lru_cache

import pytest
from published_tables import TABLE_4A, TABLE_4B, TABLE_4C, TABLE_4D
from tables import (
    CHILDREN,
    CSA11,
    OUTCOMES_2018,
    OUTCOMES_2024,
    POPULATION,
    POPULATION_BY_FORCE,
    RECORDED,
    counts,
)

from assay import reference as commission
from assay.ingest.official_statistics import ReceivedStatistics, read_bundle, read_statistics, sum_by_force_area
from reference_data import reference

pytestmark = pytest.mark.reference
TERRITORIAL = {force.code for force in commission.forces().territorial}
FORCES = TERRITORIAL | {"BTP"}
CHARGED = ("1",)


@lru_cache
def official(path: str) -> ReceivedStatistics:
    """A reference file, read once for all tests."""
    return read_statistics(reference(path))


def by_code_and_year(received: ReceivedStatistics, forces: set[str]) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    table = received.tables["recorded"]
    summed = counts(table, "force_code", "offence_code", "offence_group", "financial_year", value_column="offences")
    for (force, code, group, year), number in summed.items():
        keys = [code] + ["csa11"] * (code in CSA11)
        keys += ["all-sexual"] * (group == "Sexual offences" and code != "all-sexual" and received is not read_bundle())
        for key in keys if force in forces else ():
            sums[year, key] = sums.get((year, key), 0) + number
    return sums


@pytest.mark.parametrize("format_name", ["official", "carried"])
def test_recorded_crime_of_43_forces_is_table_4a(format_name: str) -> None:
    sums = by_code_and_year(official(RECORDED) if format_name == "official" else read_bundle(), TERRITORIAL)
    for year, expected in TABLE_4A.items():
        assert {key: sums.get((year, key), 0) for key in expected} == {key: int(n) for key, n in expected.items()}


def test_with_british_transport_police_there_are_61476_child_sexual_offences_in_2024_25() -> None:
    sums = by_code_and_year(official(RECORDED), FORCES)
    assert (sums["2018/19", "csa11"], sums["2024/25", "csa11"]) == (63_931, 61_476)


def recorded_outcomes(received: ReceivedStatistics, year: str) -> dict[tuple[str, str, str], int]:
    table = received.tables["outcomes"]
    table = table.filter(table["financial_year"].to_numpy() == year)
    return counts(table, "force_code", "offence_code", "outcome_code", value_column="of_recorded")


@pytest.mark.parametrize("format_name", ["official", "carried"])
def test_outcomes_by_force_are_table_4b(format_name: str) -> None:
    sums = recorded_outcomes(official(OUTCOMES_2024) if format_name == "official" else read_bundle(), "2024/25")
    for name, expected in TABLE_4B.items():
        force = commission.forces().find(name).code
        force_rows = {(code, outcome): n for (f, code, outcome), n in sums.items() if f == force and code in CSA11}
        found = {
            "offences": sum(force_rows.values()),
            "charged": sum(n for (_, outcome), n in force_rows.items() if outcome in CHARGED),
            "pending": sum(n for (_, outcome), n in force_rows.items() if outcome == "0"),
            "o16": sum(n for (_, outcome), n in force_rows.items() if outcome == "16"),
            "71": sum(n for (code, _), n in force_rows.items() if code == "71"),
        }
        assert found == {key: int(n) for key, n in expected.items()}, name


@pytest.mark.parametrize("format_name", ["official", "carried"])
@pytest.mark.parametrize(("year", "path"), [("2018/19", OUTCOMES_2018), ("2024/25", OUTCOMES_2024)])
def test_charged_and_pending_shares_by_code_are_table_4c(format_name: str, year: str, path: str) -> None:
    sums = recorded_outcomes(official(path) if format_name == "official" else read_bundle(), year)
    for key, expected in TABLE_4C.items():
        codes = CSA11 if key == "all" else (key,)
        force_rows = [(outcome, n) for (force, code, outcome), n in sums.items() if force in FORCES and code in codes]
        total = sum(n for _, n in force_rows)
        charged = 100 * sum(n for outcome, n in force_rows if outcome in CHARGED) / total
        pending = 100 * sum(n for outcome, n in force_rows if outcome == "0") / total
        found = (str(total), f"{charged:.1f}", f"{pending:.1f}")
        assert found == (expected[year], expected[f"{year} charged"], expected[f"{year} pending"]), key


@pytest.mark.parametrize("format_name", ["official", "carried"])
def test_children_in_need_of_england_are_table_4d(format_name: str) -> None:
    table = sum_by_force_area(
        (official(CHILDREN) if format_name == "official" else read_bundle()).tables["children_in_need"]
    )
    england = {(r["year"], r["factor"]): r["episodes"] for r in table.to_pylist() if r["area_code"] == "E"}
    for year, expected in TABLE_4D.items():
        for factor, episodes in expected.items():
            assert england[int(year), factor] == (None if episodes == "-" else int(episodes))


def test_every_row_of_the_official_files_is_passed_on_or_set_aside_by_reason() -> None:
    recorded, outcomes = official(RECORDED).files[0], official(OUTCOMES_2018).files[0]
    assert (recorded.row_count, outcomes.row_count) == (321_893, 132_529)
    assert dict(recorded.set_aside) == {"outcomes only: no crime is recorded here": 321_893 - recorded.passed_on}
    assert dict(outcomes.set_aside) == {"no offence recorded in the quarter": 3}


def test_no_offence_is_lost_with_the_rows_that_are_set_aside() -> None:
    table = official(RECORDED).tables["recorded"]
    sums = counts(table, "financial_year", "force_code", value_column="offences")
    assert sum(n for (year, force), n in sums.items() if year == "2024/25" and force in FORCES) == 5_307_473


def test_the_year_with_three_quarters_is_called_a_part_year() -> None:
    file = official(RECORDED).files[0]
    assert "2025/26 is a part year: quarters 1, 2, 3 only" in file.note
    assert file.edition == "edition not stated; data to 2025/26 Q3"


def test_all_426_negative_counts_of_recorded_crime_are_kept() -> None:
    offences = official(RECORDED).tables["recorded"]["offences"].to_numpy()
    assert int((offences < 0).sum()) == 426


def test_codes_that_were_recovered_are_marked_as_inferred_and_published_ones_are_not() -> None:
    inferred = {path: set(official(path).tables["outcomes"]["code_inferred"].to_pylist())
                for path in (OUTCOMES_2018, OUTCOMES_2024)}  # fmt: skip
    assert inferred == {OUTCOMES_2018: {False}, OUTCOMES_2024: {True}}


def test_the_reference_files_hold_no_force_and_no_code_that_the_registers_do_not_know() -> None:
    for path in (RECORDED, OUTCOMES_2018, OUTCOMES_2024, CHILDREN, POPULATION):
        assert official(path).errors == ()


def test_letters_in_the_children_in_need_table_stay_letters() -> None:
    rows = official(CHILDREN).tables["children_in_need"].to_pylist()
    hackney = {r["year"]: (r["episodes"], r["marker"]) for r in rows
               if r["area_name"] == "Hackney" and r["factor"] == "Child_sexual_exploitation"}  # fmt: skip
    assert hackney[2021] == hackney[2022] == (None, "x")
    assert {r["marker"] for r in rows} == {"", "c", "x", "z", "u"}


def test_a_force_area_with_one_authority_not_known_is_not_known() -> None:
    table = sum_by_force_area(official(CHILDREN).tables["children_in_need"])
    factor = "Child_sexual_exploitation"
    force_rows = [r for r in table.to_pylist() if r["area_code"] == "E23000001" and r["factor"] == factor]
    metropolitan = {r["year"]: r for r in force_rows}
    assert (metropolitan[2018]["episodes"], metropolitan[2025]["episodes"]) == (3_133, 2_385)
    assert (metropolitan[2021]["episodes"], metropolitan[2021]["marker"]) == (None, "x")
    assert metropolitan[2021]["areas"] - metropolitan[2021]["areas_known"] == 1


def test_authorities_sum_to_the_children_of_their_force_area() -> None:
    force_of = commission.force_by_local_authority()
    sums: dict[str, int] = {}
    for r in official(POPULATION).tables["population"].to_pylist():
        if r["level"] == "authority" and r["mid_year"] == 2024:
            sums[force_of[r["area_code"]]] = sums.get(force_of[r["area_code"]], 0) + r["population"]
    published = official(POPULATION_BY_FORCE).tables["population"].to_pylist()
    assert sums == {r["area_code"]: r["population"] for r in published if r["mid_year"] == 2024}
