"""Is a crime or person one, however its reference is written on another sheet?"""

import polars as pl

from assay.ingest.extracts.reference_spelling import as_spelled, reference_spellings
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
    return dict(reference_spellings(rows, "ref", ["day"]).sort(":folded").iter_rows())


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
