"""Does a check count no person for a cell that names nobody, and no figure wrongly for one word?"""

from datetime import date

import pytest

from assay.ingest.extracts.extract_files import read_sheets
from assay.ingest.extracts.split_plan import plan_split
from assay.ingest.extracts.split_tables import split_extract
from assay.workflows.check.checked_extract import examine_extract

N_CRIMES = 40
START = "Crime No,Recorded,Reported,Offence"


def checked(path, headings, rows, reported=("09:00",)):
    """The counts of an extract of forty crimes that repeats these cells; each was recorded one hour after 09:00."""
    lines = []
    for number in range(N_CRIMES):
        day = f"{number % 28 + 1:02d}/05/2025"
        clock = reported[number % len(reported)]
        lines.append(f"CR/{number:05d}/25,{day} 10:00,{day} {clock},Kidnapping,{rows[number % len(rows)]}")
    path.write_text("\n".join([f"{START},{headings}", *lines, ""]), encoding="utf-8")
    sheets = read_sheets([path]).sheets
    plan = plan_split(sheets)
    tables = split_extract(sheets, plan)
    return examine_extract("extract", tuple(sheets), (), plan, tables, today=date(2026, 1, 1)).counts.as_dict()


@pytest.mark.parametrize("words", ["No victim", "NO VICTIM (crime against the state)"])
def test_a_crime_whose_cells_say_no_victim_has_none_and_one_who_is_not_known_has_one(tmp_path, words):
    """Of each five crimes three have a victim with an ethnicity, one has a victim who is not known."""
    british = "White - English/Welsh/Scottish/N. Irish/British"
    rows = [
        f"14,Female,{british}",
        "9,Male,Asian - Indian",
        f"16,Female,{british}",
        "Unk,Unk,Unk",
        ",".join([words] * 3),
    ]
    headings = "Main victim: age at offence start (years),Main victim: sex,Main victim: ethnicity (self-defined)"
    found = checked(tmp_path / "crimes.csv", headings, rows)
    assert found["victims"] == 32
    measures = found["measures"]
    assert measures["victims_by_sex"] == {"F": 16, "M": 8, "not_known": 8}
    assert measures["victim_ethnicity_missing"] == {"missing": 8, "n": 32}
    bands = measures["victims_by_age_band_at_offence"]
    assert (bands["0-12"], bands["13-15"], bands["16-17"], bands["not_known"]) == (8, 8, 8, 8)


def test_suspects_under_an_unknown_surname_with_a_description_are_suspects_and_not_named(tmp_path):
    """Of each twenty crimes fifteen have a named suspect, five of them without an ethnicity; one suspect is described."""
    named_rows = [f"SUSPECT,{600 + number},ANVIL,Yarrow,M,{'W1' if number < 10 else ''}" for number in range(15)]
    unnamed = ["SUSPECT,,UNKNOWN,MALE 30S,,", *["SUSPECT,,UNKNOWN,,,"] * 4]
    headings = "Involvement,Nominal No,Surname,Forename,Sex,SDE 16+1"
    found = checked(tmp_path / "links.csv", headings, [*named_rows, *unnamed])
    assert found["suspects"] == 40
    assert found["measures"]["suspect_identified"] == {"met": 30, "n": 40}
    assert found["measures"]["suspect_ethnicity_missing"] == {"missing": 10, "n": 30}


def test_outcomes_in_two_digits_are_used_beside_a_short_word_for_no_outcome_yet(tmp_path):
    numbers = ["01", "14", "15", "16", "18", "Not fin.", "Not fin.", ""]
    found = checked(tmp_path / "crimes.csv", "HO Fin Res", numbers)
    assert found["measures"]["outcome_mix"] == {"1": 5, "14": 5, "15": 5, "16": 5, "18": 5, "NOA": 10, "not_known": 5}
    assert found["measures"]["charged_share"] == {"met": 5, "n": 40, "not_known": 5}


def test_a_report_on_a_day_without_a_known_time_does_not_cost_the_column_of_reports(tmp_path):
    clocks = ["09:00", "09:00", "09:00", "time not known"]
    found = checked(tmp_path / "crimes.csv", "Station", ["North"], clocks)
    # A report of which only the day is known, on the day of the record, was recorded in time.
    assert found["measures"]["recorded_within_24h"] == {"met": 40, "not_met": 0, "not_known": 0}


def test_an_ethnicity_that_says_not_recorded_without_a_reference_is_no_suspect(tmp_path):
    """Of each four crimes one suspect is named, one has an ethnicity alone, one cell says nothing, one is empty."""
    rows = ["N100,Asian", ",White North European", ",Not recorded", ","]
    person_rows = [row.replace("N100", f"N{100 + number}") for number, row in enumerate(rows * 10)]
    found = checked(tmp_path / "crimes.csv", "Susp Ref,Susp Ethnicity (ODA)", person_rows)
    assert found["suspects"] == 20
    assert found["measures"]["suspect_identified"] == {"met": 10, "n": 40}


def test_a_named_suspect_whose_ethnicity_is_not_recorded_stays_a_suspect(tmp_path):
    rows = [f"N{100 + number},Not recorded" if number % 2 else f"N{100 + number},Asian" for number in range(40)]
    found = checked(tmp_path / "crimes.csv", "Susp Ref,Susp Ethnicity (ODA)", rows)
    assert found["measures"]["suspect_ethnicity_missing"] == {"missing": 20, "n": 40}
