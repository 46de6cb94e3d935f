"""Is a crime or person one, however its reference is written on another sheet?"""

import polars as pl
import pytest

from assay.ingest.extracts.reference_spelling import ComparedFacts, as_spelled, reference_spellings
from ingest.extracts.sheets_by_hand import guesses, sheet, split

CRIMES = """
    Crime No    | Recorded   | Offence
    WX/25/1001  | 01/02/2025 | 20A
    WX/25/1002  | 02/02/2025 | 19C
    wx/25/1003  | 03/02/2025 | 19C
    WX/25/1004  | 04/02/2025 | 19C
    WX/25/1005  | 05/02/2025 | 19C
"""
MARKERS = """
    Crime No      | Marker
    wx/25/1001    | CSE
    WX/25/ 1002   | CSE
    WX/25/1003    | CSA
    WX\u201325/1004 | CSA
    WX/25/1001    | CSE
"""


def spelled(references, days):
    """The one spelling of each reference, by its folded form; a reference and the day of its row."""
    rows = pl.DataFrame({"ref": references, "day": days})
    rows = rows.with_columns(file=pl.lit("crimes.csv"), sheet=pl.lit(""), line=pl.int_range(pl.len()))
    return dict(reference_spellings(rows, "ref", ComparedFacts(("day",))).sort(":folded").iter_rows())


def test_markers_find_their_crime_in_any_case_and_with_stray_spaces():
    crime_columns = guesses(
        "Crime No = crimes.crime_ref", "Recorded = crimes.recorded_at", "Offence = crimes.offence_code"
    )
    flag_columns = guesses("Crime No = crimes.crime_ref", "Marker = flags.flag")
    tables = split((sheet(CRIMES, name="Crimes"), crime_columns), (sheet(MARKERS, name="Markers"), flag_columns))
    flags = tables["flags"].rows.to_pylist()
    # The two markers of crime 1001 are one. The dash in the year is no other way of writing the stroke.
    assert {(row["crime_ref"], row["flag"]) for row in flags} == {
        ("WX/25/1001", "cse"), ("WX/25/1002", "cse"), ("WX/25/1003", "csa"),
    }  # fmt: skip
    assert "WX/25/1003" in tables["crimes"].rows["crime_ref"].to_pylist()


def test_a_reference_in_small_letters_has_the_case_of_the_others_so_that_its_key_stays_the_same():
    found = spelled(["A1", "A2", "A3", "A4", "a5"], ["d1", "d2", "d3", "d4", "d5"])
    assert found["A5"] == "A5"


def test_keys_that_differ_in_case_alone_stay_two_if_their_rows_contradict_each_other():
    assert spelled(["aB1", "Ab1", "aC2", "aC2"], ["d1", "d2", "d3", "d3"]) == {"AC2": "aC2"}


def test_a_reference_that_could_be_two_crimes_is_not_matched():
    assert as_spelled(pl.Series(["ab1", "cd2 "]).to_arrow(), pl.Series(["AB1", "aB1", "CD2"]).to_arrow()).to_list() == [
        "ab1", "CD2",
    ]  # fmt: skip


COLUMNS = guesses(
    "Crime No = crimes.crime_ref",
    "Recorded = crimes.recorded_at",
    "Offence = crimes.offence_code",
    "Outcome = crimes.outcome_code",
)


@pytest.mark.parametrize(
    ("second", "n_crimes"),
    [
        ("AB1X | 03/01/2025 | 20A | 16", 1),
        ("AB1X | 04/01/2025 | 20A | 16", 2),
        ("AB1X | 03/01/2025 | 19C | 16", 2),
        ("AB1X | 03/01/2025 | 20A | 15", 2),
        ("AB1X |            |     |   ", 2),
    ],
)
def test_in_a_sheet_with_one_row_a_crime_one_other_fact_keeps_two_keys_apart(second, n_crimes):
    rows = f"""
        Crime No | Recorded   | Offence | Outcome
        ab1X     | 03/01/2025 | 20A     | 16
        {second}
        cd2Y     | 05/01/2025 | 19C     | 16
    """
    crimes = split((sheet(rows, name="Crimes"), COLUMNS))["crimes"]
    assert (crimes.rows.num_rows, crimes.respelled) == (n_crimes + 1, 2 - n_crimes)


@pytest.mark.parametrize(("day", "n_crimes"), [("03/01/2025", 1), ("04/01/2025", 2)])
def test_another_day_of_recording_keeps_two_keys_apart_on_two_sheets_too(day, n_crimes):
    sheets = [
        sheet(f"""
            Crime No | Recorded | Offence | Outcome
            {key}    | {recorded} | 20A   | {outcome}
        """, name=key)
        for key, recorded, outcome in (("ab1X", "03/01/2025", 15), ("AB1X", day, 16))
    ]  # fmt: skip
    assert split(*((crime_sheet, COLUMNS) for crime_sheet in sheets))["crimes"].rows.num_rows == n_crimes


def test_a_space_between_digits_is_part_of_the_reference():
    assert spelled(["25 1 234", "25 12 34", "26 / 7", "26/7"], ["d1", "d1", "d2", "d2"]) == {
        "25 1 234": "25 1 234", "25 12 34": "25 12 34", "26/7": "26/7",
    }  # fmt: skip


def test_persons_of_one_sheet_without_a_known_fact_stay_two():
    assert spelled(["P1", "p1"], [None, None]) == {}
