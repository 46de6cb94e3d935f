"""Is the meaning of a column recognised from its heading and its cells, and is a doubtful one left to a person?"""

from collections import Counter

import pytest
from headings_by_hand import (
    HEADINGS_WITH_A_MEANING,
    OTHER_HEADINGS,
    SHEETS,
    cells_of,
    rows_of,
    sheet_named,
    sheet_of,
    sheet_with,
)

from assay.ingest.extracts.column_recognition import ColumnCandidate, recognise_columns
from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.heading_evidence import unlisted_abbreviation

MIN_PROBABILITY = 0.9
CELLS = cells_of()


def best(sheet: Sheet) -> dict[str, ColumnCandidate]:
    """The most probable candidate of each heading."""
    found: dict[str, ColumnCandidate] = {}
    for candidate in recognise_columns(sheet):
        found.setdefault(candidate.heading, candidate)
    return found


def taken_meanings(**kinds: str) -> dict[str, str]:
    """What the columns of a sheet are taken to mean; headings are written with _ for a space."""
    columns = {heading.replace("_", " "): CELLS[kind] for heading, kind in kinds.items()}
    return meanings(sheet_of(columns))


def meanings(sheet: Sheet) -> dict[str, str]:
    return {
        heading: f"{candidate.table}.{candidate.column}"
        for heading, candidate in best(sheet).items()
        if candidate.probability >= MIN_PROBABILITY
    }


@pytest.mark.parametrize("name", SHEETS)
def test_no_column_of_a_sheet_is_taken_for_what_it_is_not(name):
    found = meanings(sheet_named(name))
    assert {heading: found[heading] for heading, _, truth in rows_of(name) if found.get(heading, truth) != truth} == {}


def test_at_least_nineteen_in_twenty_columns_with_a_meaning_are_recognised():
    counts = Counter[bool]()
    for name in SHEETS:
        found = meanings(sheet_named(name))
        counts.update(found.get(heading) == truth for heading, _, truth in rows_of(name) if truth != "none")
    assert counts[True] >= 0.95 * counts.total()


def lines_of(text: str) -> list[list[str]]:
    return [line.strip().split("|") for line in text.strip().splitlines()]


def test_headings_of_many_spellings_are_recognised_and_none_is_taken_for_another():
    found = {
        heading: (meanings(sheet_with(heading, kind, column)).get(heading, "").partition(".")[2], column)
        for heading, kind, column in lines_of(HEADINGS_WITH_A_MEANING)
    }
    assert {heading: pair for heading, pair in found.items() if pair[0] not in ("", pair[1])} == {}
    assert sum(got == column for got, column in found.values()) >= 0.95 * len(found)


def test_headings_of_something_else_are_not_taken():
    found = {heading: meanings(sheet_with(heading, kind)).get(heading) for heading, kind in lines_of(OTHER_HEADINGS)}
    assert {heading: got for heading, got in found.items() if got not in (None, "crimes.other_force_crime_ref")} == {}


@pytest.mark.parametrize(
    ("heading", "role", "block"),
    [
        ("V2_DOB", "victim", 2), ("Victim 3 DOB", "victim", 3), ("Suspect(2) DOB", "suspect", 2), ("S1DOB", "suspect", 1),
        ("victim1DateOfBirth", "victim", 1), ("OFFENDER_4_DOB", "suspect", 4), ("IP DOB", "victim", 0), ("DOB (2)", "", 2),
        ("Injured Party DOB", "victim", 0), ("DOB of accused", "suspect", 0), ("Person 2 DOB", "", 2), ("D.O.B.", "", 0),
    ],
)  # fmt: skip
def test_role_and_number_of_a_person_are_read_from_the_heading(heading, role, block):
    candidate = best(
        sheet_of({"Crime No": CELLS["crime number"], "Recorded": CELLS["record"], heading: CELLS["birth"]})
    )[heading]
    assert (candidate.column, candidate.role, candidate.block) == ("date_of_birth", role, block)
    assert candidate.probability >= MIN_PROBABILITY


def test_created_is_the_record_only_where_no_other_column_is():
    sole_column = best(sheet_of({"Crime No": CELLS["crime number"], "Created": CELLS["record"]}))["Created"]
    both_columns = best(sheet_of({"Recorded": CELLS["record"], "Created": CELLS["later"]}))
    assert sole_column.column == "recorded_at"
    assert sole_column.probability > 0.5
    assert both_columns["Recorded"].probability >= MIN_PROBABILITY
    assert "Created" not in both_columns or both_columns["Created"].probability < 0.5


def test_dates_spread_as_births_are_no_dates_of_a_record():
    found = best(sheet_of({"Crime No": CELLS["crime number"], "Reported": CELLS["report"], "Recorded": CELLS["birth"]}))
    assert found["Recorded"].probability < MIN_PROBABILITY


def test_two_columns_that_break_the_order_of_report_and_record_are_less_sure():
    in_order = best(sheet_of({"Reported": CELLS["report"], "Date crimed": CELLS["record"]}))
    broken = best(sheet_of({"Reported": CELLS["later"], "Date crimed": CELLS["record"]}))
    assert broken["Reported"].probability < in_order["Reported"].probability


def test_code_and_label_of_one_thing_are_both_taken():
    found = taken_meanings(Outcome_Code="outcome number", Outcome_Description="outcome label", Crime_Ref="crime number")
    assert found["Outcome Code"] == found["Outcome Description"] == "crimes.outcome_code"


@pytest.mark.parametrize(
    ("kind", "meaning"),
    [("outcome label", "crimes.outcome_code"), ("role code", "involvements.role"), ("self", "involvements.ethnicity_self"),
     ("offence title", "crimes.offence_code"), ("flags", "flags.flag")],
)  # fmt: skip
def test_cells_that_could_be_nothing_else_are_recognised_under_any_heading(kind, meaning):
    assert meanings(sheet_of({"Column 7": CELLS[kind], "Crime No": CELLS["crime number"]}))["Column 7"] == meaning


@pytest.mark.parametrize("kind", ["birth", "age", "yes no", "count", "ic number", "outcome number", "clock", "surname"])
def test_cells_that_could_be_much_else_are_not_taken_without_a_word_of_the_heading(kind):
    assert "Column 7" not in meanings(sheet_of({"Column 7": CELLS[kind], "Crime No": CELLS["crime number"]}))


@pytest.mark.parametrize(
    ("heading", "kind"),
    [("Recorded", "text"), ("Outcome", "status"), ("Sex", "station"), ("Offence Code", "station"), ("DOB", "later"),
     ("Victim Age", "money"), ("Crime Number", "count"), ("CSE Flag", "station"), ("Ethnicity", "station")],
)  # fmt: skip
def test_a_heading_that_its_cells_contradict_is_not_taken(heading, kind):
    assert heading not in meanings(sheet_of({heading: CELLS[kind], "Reported": CELLS["report"]}))


def test_a_start_date_in_a_sheet_of_flags_is_when_the_flag_was_added():
    found = taken_meanings(Crime_Ref="crime number", Keyword="flags", Start_Date="record", End_Date="later")
    assert found["Start Date"] == "flags.added_at"
    assert found["End Date"] == "flags.removed_at"


def test_a_list_of_codes_is_not_taken_for_records():
    titles: list[str | None] = ["Kidnapping", "Sexual grooming", "Rape of a female aged 16 and over"]
    assert meanings(sheet_of({"Offence code": ["36", "88A", "19C"], "Offence": titles})) == {}


def test_an_abbreviation_that_other_headings_use_for_persons_is_a_role_everywhere():
    sheet = sheet_of({"Crime No": CELLS["crime number"], "Off Surname": CELLS["surname"], "Off Status": CELLS["known"]})
    assert best(sheet)["Off Status"].role == "suspect"
    assert meanings(sheet)["Off Status"] == "involvements.suspect_known_as"


def test_an_empty_column_of_a_third_victim_means_what_that_of_the_first_means():
    columns = {"Crime No": CELLS["crime number"], "V1_ETHNICITY": CELLS["self"], "V3_ETHNICITY": CELLS["nothing"]}
    assert meanings(sheet_of(columns))["V3_ETHNICITY"] == "involvements.ethnicity_self"


def test_one_column_with_the_month_first_decides_the_others():
    early: list[str | None] = ["03/04/2024", "05/06/2024", "07/08/2024"] * 40
    found = best(sheet_of({"Crime No": CELLS["crime number"], "Recorded": CELLS["us"], "Reported": early}))
    assert found["Reported"].form == "MM/DD/YYYY"
    sole_column = best(sheet_of({"Crime No": CELLS["crime number"], "Reported": early}))
    assert sole_column["Reported"].form == "DD/MM/YYYY"


def test_a_bare_time_completes_the_date_before_it():
    found = best(sheet_of({"Date Reported": CELLS["later"], "Time": CELLS["clock"]}))
    assert (found["Time"].column, found["Time"].kind) == ("reported_at", "time_of_day")


def test_the_words_of_a_column_come_with_their_values():
    found = best(
        sheet_of({"Crime No": CELLS["crime number"], "Outcome": CELLS["outcome label"], "CSE?": CELLS["yes no"]})
    )
    assert found["Outcome"].values["Charged/Summonsed"] == "1"
    assert found["Outcome"].values["Under investigation"] == "NOA"
    assert found["CSE?"].values == {"Y": "cse", "N": ""}
    assert found["CSE?"].kind == "flag_yes_no"


def test_reasons_hold_no_cell():
    cells = {cell for kind in ("surname", "nominal", "birth") for cell in CELLS[kind] if cell}
    for candidate in recognise_columns(sheet_named("abbreviations")):
        assert not any(cell in reason for reason in candidate.reasons for cell in cells)


@pytest.mark.parametrize(
    ("short", "word"),
    [("victm", "victim"), ("incdnt", "incident"), ("natnlty", "nationality"), ("noted", ""), ("fate", ""), ("qqq", ""),
     ("cont", ""), ("iden", ""), ("late", ""), ("prio", "")],
)  # fmt: skip
def test_an_abbreviation_in_no_list_is_a_word_without_vowels_or_end(short, word):
    """'Noted' lacks a consonant of 'notified', and so is another word. 'Cont' may be a contact, and is no count."""
    assert unlisted_abbreviation(short) == word


def test_yes_and_no_under_an_abbreviated_heading_say_whether_a_suspect_is_identified():
    """'Ident' is a reference or 'identified': the cells settle it."""
    columns = {"Crime Ref": [f"WX/25/{n:04d}" for n in range(40)], "SUSIDENT": ["Y", "N"] * 20}
    assert meanings(sheet_of(columns))["SUSIDENT"] == "crimes.suspect_identified"
    references = {**columns, "SUSIDENT": [f"P{n:06d}" for n in range(40)]}
    assert meanings(sheet_of(references)).get("SUSIDENT", "") != "crimes.suspect_identified"


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [("Crime Storm No", "crimes.crime_ref"), ("Storm No", "reports.report_ref"), ("Log No", "reports.report_ref")],
)
def test_a_number_that_a_heading_gives_to_a_crime_is_none_of_a_report(heading, meaning):
    columns = {heading: [f"07{n:04d}-{n:03d}" for n in range(40)], "Offence": ["Sexual grooming", "Kidnapping"] * 20}
    assert meanings(sheet_of(columns))[heading] == meaning


def test_the_cells_of_a_column_say_what_its_unlisted_word_means_under_other_headings():
    """Under 'Zulu' are outcomes, so 'Zulu Date' is the date of the outcome; alone it says nothing."""
    days = [f"{n % 28 + 1:02d}/06/2025" for n in range(40)]
    columns = {"Crime Ref": [f"WX/25/{n:04d}" for n in range(40)], "Zulu Date": days}
    outcomes = ["Charged/Summonsed", "Evidential difficulties victim based - named suspect not identified",
                "Investigation complete - no suspect identified", "Caution - adults"] * 10  # fmt: skip
    assert meanings(sheet_of({**columns, "Zulu": outcomes}))["Zulu Date"] == "crimes.outcome_at"
    assert "Zulu Date" not in meanings(sheet_of({**columns, "Zulu": ["a", "b"] * 20}))


def test_an_unlisted_word_with_two_meanings_in_a_sheet_says_nothing():
    days = [f"{1 + n % 28:02d}/{4 + n // 28:02d}/2025" for n in range(40)]
    columns = {
        "Crime Ref": [f"WX/25/{n:04d}" for n in range(40)],
        "Zulu": ["Type 18 - no suspect", "Type 1 - charged"] * 20,
        "Zulu Code": ["20/03", "17/13", "88/01", "21/00"] * 10,
        "Zulu Date": days,
    }
    assert "Zulu Date" not in meanings(sheet_of(columns))


def test_a_suspect_number_that_is_always_one_does_not_say_that_a_suspect_is_identified():
    references = [f"WX/25/{n:04d}" for n in range(40)]
    numbers = ["1", "1", "", "1"] * 10
    assert "Suspect No" not in meanings(sheet_of({"Crime Ref": references, "Suspect No": numbers}))


def test_a_sheet_without_rows_has_no_candidate_by_cells_alone():
    assert meanings(sheet_of({"Column 1": [], "Column 2": []})) == {}


def test_the_title_in_another_column_settles_the_part_of_a_divided_class():
    found = best(
        sheet_of({"Crime No": CELLS["crime number"], "HO Code": CELLS["offence code"], "Title": CELLS["offence title"]})
    )
    assert found["HO Code"].values["020/05"] == "20A"
    assert found["HO Code"].values["019/08"] == "19C"
    sole_column = best(sheet_of({"Crime No": CELLS["crime number"], "HO Code": CELLS["offence code"]}))
    assert "020/05" not in sole_column["HO Code"].values


def test_titles_that_differ_for_one_code_settle_nothing():
    titles = ["Sexual assault on a female aged 13 and over", "Sexual assault on a female child under 13"] * 60
    found = best(sheet_of({"HO Code": ["020/05"] * 120, "Offence": titles, "Crime No": CELLS["crime number"]}))
    assert "020/05" not in found["HO Code"].values


def test_the_number_in_use_goes_before_the_key_of_a_database():
    running: list[str | None] = [str(1000 + row) for row in range(120)]
    found = best(sheet_of({"crime_id": running, "crime_no": CELLS["crime number"], "Recorded": CELLS["record"]}))
    assert found["crime_no"].probability >= MIN_PROBABILITY
    sole_column = meanings(
        sheet_of({"crime_id": running, "Recorded": CELLS["record"], "Offence": CELLS["offence title"]})
    )
    assert sole_column["crime_id"] == "crimes.crime_ref"


def test_dates_with_names_of_months_are_neither_offences_nor_outcomes():
    dates: list[str | None] = ["01-JAN-2025", "20-MAR-2025", "15-APR-2025"] * 40
    found = meanings(sheet_of({"Off Start": dates, "Outcome Date": dates, "Crime No": CELLS["crime number"]}))
    assert found["Off Start"] == "crimes.occurred_from"
    assert found["Outcome Date"] == "crimes.outcome_at"


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Date and Time Crime First Reported to Police", "reported_at"),
        ("Date the Incident was First Reported to the Police", "reported_at"),
        ("Date on which Offence may have been First Committed", "occurred_from"),
        ("Last Date the Offence could have been Committed", "occurred_to"),
    ],
)
def test_a_long_heading_of_a_date_means_what_its_short_form_means(heading, column):
    dates = CELLS["report" if column == "reported_at" else "start"]
    found = best(sheet_of({"Crime No": CELLS["crime number"], heading: dates}))[heading]
    assert (found.column, found.probability >= MIN_PROBABILITY) == (column, True)


def test_whether_each_numbered_suspect_is_identified_is_said_of_the_suspect():
    answers = ["Y", "N", "N", "Y"] * (len(CELLS["crime number"]) // 4)
    found = best(sheet_of({"Crime No": CELLS["crime number"], "Susp 1 identified?": answers, "Susp 2 ident?": answers}))
    assert (found["Susp 1 identified?"].column, found["Susp 1 identified?"].block) == ("suspect_known_as", 1)
    assert found["Susp 1 identified?"].probability >= MIN_PROBABILITY
