"""Are the official tables about an area read as they are published, row by row?"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from tables import (
    COURTS,
    ETHNICITY,
    INSPECTIONS,
    LAST_OUTCOMES,
    LOOKED_AFTER,
    NATIONAL,
    NEIGHBOURS,
    PLANS_HELD,
    PLANS_STARTED,
    write_table,
)

from assay.errors import UnknownLayout
from assay.ingest.official_statistics import ReceivedStatistics, read_bundle, read_statistics, sum_by_force_area
from assay.ingest.official_statistics.statistics_reader import _stated_year
from reference_data import reference

KENT = "E10000016"


def received(path: str) -> ReceivedStatistics:
    return read_statistics(reference(path))


def number(found: ReceivedStatistics, kind: str, year: int, area: str, measure: str) -> int | None:
    rows = found.tables[kind].to_pylist()
    [value] = [r["number"] for r in rows if (r["year"], r["area_code"], r["measure"]) == (year, area, measure)]
    return value


@pytest.mark.reference
@pytest.mark.parametrize(
    ("path", "kind", "rows", "passed_on", "set_aside"),
    [
        (PLANS_STARTED, "plans_started", 2 * 2_132, 2 * 2_132, {}),
        (PLANS_HELD, "plans_held", 2_132, 2_132, {}),
        # Three groups of children a year and area, each with the same population beside it: two of the three repeat it.
        (LOOKED_AFTER, "looked_after", 2 * 2_505, 4 * 835, {"repeated row": 2 * 835}),
        (NEIGHBOURS, "neighbours", 153 * 10, 1_530, {}),
        (INSPECTIONS, "inspections", 153 * 5, 715, {"no judgement published": 50}),
        (ETHNICITY, "ethnicity", 43 * 19, 817, {}),
        (NATIONAL, "national_outcomes", 12 * 16, 192, {}),
    ],
)
def test_every_row_of_the_real_file_is_passed_on_or_set_aside(
    path: str, kind: str, rows: int, passed_on: int, set_aside: dict[str, int]
) -> None:
    found = received(path)
    [file] = found.files
    assert (file.return_kind, file.row_count, file.passed_on, file.set_aside) == (kind, rows, passed_on, set_aside)
    assert found.errors == ()


@pytest.mark.reference
def test_61840_protection_plans_started_in_england_in_2025_and_49420_were_held_at_its_end() -> None:
    assert number(received(PLANS_STARTED), "plans_started", 2025, "E", "plans started") == 61_840
    assert number(received(PLANS_HELD), "plans_held", 2025, "E", "plans at 31 March") == 49_420


@pytest.mark.reference
def test_81770_children_of_12183016_were_looked_after_at_31_march_2025() -> None:
    found = received(LOOKED_AFTER)
    assert number(found, "looked_after", 2025, "E", "looked after at 31 March") == 81_770
    assert number(found, "looked_after", 2025, "E", "residents under 18") == 12_183_016


@pytest.mark.reference
def test_a_letter_of_the_department_stays_a_letter() -> None:
    rows = received(LOOKED_AFTER).tables["looked_after"].to_pylist()
    [london] = [
        r for r in rows if (r["year"], r["area_code"], r["measure"]) == (2025, "E09000001", "looked after at 31 March")
    ]
    assert (london["number"], london["marker"]) == (None, "c")


@pytest.mark.reference
def test_the_nearest_statistical_neighbour_of_barking_and_dagenham_is_enfield() -> None:
    rows = received(NEIGHBOURS).tables["neighbours"].to_pylist()
    neighbours = {r["nearness"]: r["neighbour_code"] for r in rows if r["area_code"] == "E09000002"}
    assert (neighbours[1], len(neighbours)) == ("E09000010", 10)


@pytest.mark.reference
def test_ofsted_judged_67_authorities_good_and_19_inadequate_and_only_the_newest_judgements_are_read() -> None:
    found = received(INSPECTIONS)
    overall = [r["grade"] for r in found.tables["inspections"].to_pylist() if r["judgement"] == "overall"]
    assert (len(overall), overall.count("Good"), overall.count("Inadequate")) == (153, 67, 19)
    assert found.files[0].sheets == ("Inspections_as_at_31_March",)
    assert found.files[0].edition == "published 25 September 2025"


@pytest.mark.reference
def test_the_census_counts_59597578_residents_in_43_force_areas() -> None:
    rows = received(ETHNICITY).tables["ethnicity"].to_pylist()
    assert sum(r["number"] for r in rows) == 59_597_578
    assert {r["year"] for r in rows} == {2021}


@pytest.mark.reference
def test_only_violence_and_sexual_offences_are_taken_from_police_uk_and_no_force_of_northern_ireland() -> None:
    found = received(LAST_OUTCOMES)
    [file] = found.files
    assert file.row_count == 47_577
    assert file.set_aside["a police force of Northern Ireland"] == 4
    sums: dict[int, int] = {}
    for row in found.tables["last_outcomes"].to_pylist():
        sums[row["year"]] = sums.get(row["year"], 0) + row["number"]
    # The README counts 477,713 incidents in 2013 with the four rows of Northern Ireland or without an outcome.
    assert sorted(sums) == [2013, 2014, 2015, 2016]
    assert sums[2016] <= 1_233_265


@pytest.mark.reference
def test_defendants_for_offences_that_name_a_child_are_found_by_words_and_not_by_code() -> None:
    found = received(COURTS)
    [file] = found.files
    assert file.row_count == 7_621
    assert file.passed_on + sum(file.set_aside.values()) == 7_621
    assert found.errors == ()


@pytest.mark.reference
def test_charges_of_2018_19_stand_at_481550_in_the_newest_edition() -> None:
    found = received(NATIONAL)
    assert number(found, "national_outcomes", 2019, "EW44", "recorded_all_t1") == 481_550


@pytest.mark.reference
@pytest.mark.parametrize(
    "kind", ["plans_started", "plans_held", "looked_after", "ethnicity", "last_outcomes", "national_outcomes"]
)
def test_carried_counts_are_those_of_the_file(kind: str) -> None:
    path = {
        "plans_started": PLANS_STARTED,
        "plans_held": PLANS_HELD,
        "looked_after": LOOKED_AFTER,
        "ethnicity": ETHNICITY,
        "last_outcomes": LAST_OUTCOMES,
        "national_outcomes": NATIONAL,
    }[kind]
    keys = ("year", "area_code", "level", "measure", "number", "marker")

    def cells(found: ReceivedStatistics) -> set[tuple[object, ...]]:
        rows = found.tables[kind].to_pylist()
        return {tuple(row[key] for key in keys) for row in rows if row["level"] != "regional"}

    assert cells(read_bundle()) == cells(received(path))


JUDGED = (
    "Local authority area code", "Local authority name", "Inspection date", "Publication date",
    "Overall effectiveness", "The impact of leaders on social work practice with children and families",
    "The experiences and progress of children who need help and protection",
    "The experiences and progress of children in care", "The experiences and progress of care leavers",
)  # fmt: skip


def judged(grade: str, code: str = KENT) -> list[str]:
    return [code, "An authority", "2025-01-06", "2025-02-10", grade, "Good", "Good", "Good", ""]


def test_a_judgement_in_other_words_and_an_unknown_authority_are_errors_and_never_guessed(tmp_path: Path) -> None:
    rows = [judged("Very good"), judged("Good", "E99999999")]
    found = read_statistics(write_table(tmp_path / "outcomes-2025.csv", *rows, header=JUDGED))
    # Kent has three judgements that are known; the four of the other authority are set aside with the first one of Kent.
    assert found.tables["inspections"].num_rows == 3
    assert found.files[0].set_aside["unknown judgement"] == 1
    assert found.files[0].set_aside["unknown local authority"] == 5
    assert "An authority" not in " ".join(error.correction for error in found.errors)


def test_a_table_without_a_year_in_column_title_or_name_is_set_aside(tmp_path: Path) -> None:
    header = ("pfa_code", "pfa_name", "ethnic_group", "value")
    row = ["E23000032", "Kent", "White: Irish", "10"]
    undated = read_statistics(write_table(tmp_path / "ethnicity.csv", row, header=header))
    dated = read_statistics(write_table(tmp_path / "ethnicity-2021.csv", row, header=header))
    assert (undated.tables["ethnicity"].num_rows, dated.tables["ethnicity"].num_rows) == (0, 1)
    assert undated.files[0].set_aside == {"year cannot be read": 1}


def test_a_history_of_inspections_is_not_taken_for_the_newest_judgements(tmp_path: Path) -> None:
    header = (*JUDGED, "Inspection type")
    with pytest.raises(UnknownLayout):
        read_statistics(write_table(tmp_path / "history-2025.csv", [*judged("Good"), "Short"], header=header))


def area_count(code, number, marker=""):
    """One authority of Devon and Cornwall in the columns of the sum by force area."""
    known = number is not None
    return {"year": 2019, "area_code": code, "level": "authority", "factor": "Going_missing", "episodes": number,
            "marker": marker, "areas": 1, "areas_known": int(known), "episodes_known": number}  # fmt: skip


def force_sum(*rows):
    (found,) = sum_by_force_area(pa.Table.from_pylist(list(rows))).to_pylist()
    return found["episodes"], found["marker"], found["areas"], found["areas_known"]


def test_an_authority_to_which_a_count_does_not_apply_adds_nothing_and_hides_nothing():
    cornwall, scilly, devon = "E06000052", "E06000053", "E10000008"
    assert force_sum(area_count(cornwall, 20), area_count(devon, 30), area_count(scilly, None, "z")) == (50, "", 3, 3)
    assert force_sum(area_count(cornwall, 20), area_count(devon, None, "c"), area_count(scilly, None, "z")) == (
        None, "c", 3, 2,
    )  # fmt: skip
    assert force_sum(area_count(scilly, None, "z")) == (None, "z", 1, 1)


def test_the_year_of_a_table_is_that_of_the_first_text_that_states_one_year():
    assert _stated_year(["as at 31 March 2025", "file-2024.csv"]) == {"year": "2025"}
    assert _stated_year(["Census 2021, on the boundaries of 2023", "ethnicity-census2021.csv"]) == {"year": "2021"}
    assert _stated_year(["Census 2021, on the boundaries of 2023"]) == {}
