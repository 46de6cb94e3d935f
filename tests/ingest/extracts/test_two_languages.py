"""Are headings and cells in two languages read by the language that is known, and day numbers read as dates?"""

import random

from headings_by_hand import Cells, cells_of, sheet_of

from assay.ingest.extracts.column_recognition import recognise_columns
from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.two_languages import headings_in_known_language, with_two_languages
from assay.ingest.extracts.value_kinds_coded import read_sexes, says_not_known
from assay.ingest.extracts.value_kinds_ethnicity import read_self_defined

CELLS = cells_of()


def day_numbers(later: int, with_times: bool = True) -> Cells:
    """Cells such as 45812.25, the day number of a spreadsheet for 6:00 on 4 June 2025, some days after a first one."""
    draw = random.Random(5)
    days = [45_750 + draw.randrange(300) for _ in CELLS["sex"]]
    return [f"{day + later}.{draw.randrange(100_000, 999_999)}" if with_times else str(day + later) for day in days]


def meanings_used(sheet: Sheet) -> dict[str, str]:
    """What each heading is taken to mean in a first run."""
    return {
        candidate.heading: candidate.column
        for candidate in reversed(recognise_columns(sheet))
        if candidate.probability >= 0.9
    }


def test_day_numbers_of_a_spreadsheet_are_dates_under_a_heading_that_means_a_date():
    found = meanings_used(
        sheet_of(
            {
                "Crime Number": CELLS["crime number"],
                "Reported": day_numbers(0),
                "Recorded": day_numbers(1),
                "Offence Date": day_numbers(-9, with_times=False),
                "Offence": CELLS["offence title"],
            }
        )
    )
    assert found["Reported"] == "reported_at"
    assert found["Recorded"] == "recorded_at"
    assert found["Offence Date"] == "occurred_from"


def test_numbers_of_five_digits_that_are_no_days_of_our_time_are_no_dates():
    # 10000 to 10119 would be days of 1927.
    numbers: Cells = [str(10_000 + place) for place in range(len(CELLS["sex"]))]
    found = meanings_used(sheet_of({"Crime Number": CELLS["crime number"], "Recorded": numbers}))
    assert "Recorded" not in found


def test_headings_with_an_unknown_side_are_read_by_the_other_side():
    headings = ["Numero / Crime Number", "Denunciado / Reported", "Fecha y hora / Recorded", "Sexo / Victim Sex"]
    known = headings_in_known_language(headings)
    assert [known[heading] for heading in headings] == ["Crime Number", "Reported", "Recorded", "Victim Sex"]
    brackets = ["Crime Number (Numero)", "Reported (Denunciado)", "Victim Sex (Sexo)"]
    assert list(headings_in_known_language(brackets).values()) == ["Crime Number", "Reported", "Victim Sex"]


def test_one_heading_with_an_unknown_word_shows_no_second_language():
    assert headings_in_known_language(["Crime Number", "Arraigned / Recorded", "Victim / Suspect"]) == {}


def test_a_sheet_in_two_languages_is_recognised_under_its_own_headings():
    found = meanings_used(
        sheet_of(
            {
                "Numero / Crime Number": CELLS["crime number"],
                "Denunciado / Reported": CELLS["report"],
                "Registrado / Recorded": CELLS["record"],
                "Sexo / Victim Sex": CELLS["sex label"],
            }
        )
    )
    assert found == {
        "Numero / Crime Number": "crime_ref",
        "Denunciado / Reported": "reported_at",
        "Registrado / Recorded": "recorded_at",
        "Sexo / Victim Sex": "sex",
    }


def test_cells_in_two_languages_are_read_where_each_word_stands_beside_one_other():
    cells = ["Mujer / Female", "Hombre / Male", "Otro sexo / Intersex"]
    read = with_two_languages(dict.fromkeys(cells), read_sexes)
    assert read == {"Mujer / Female": "F", "Hombre / Male": "M", "Otro sexo / Intersex": "O"}


def test_cells_are_not_read_where_the_other_side_differs_or_is_known_too():
    # Two unknown words beside one known word say something else than that word.
    differing = ["White British / Martian exile", "White British / Lunar exile"]
    assert set(with_two_languages(dict.fromkeys(differing), read_self_defined).values()) == {None}
    two_persons = ["Indian / Pakistani", "Pakistani / Indian"]
    assert set(with_two_languages(dict.fromkeys(two_persons), read_self_defined).values()) == {None}


def test_a_cell_that_says_in_welsh_and_english_that_nothing_is_known_is_missing():
    assert says_not_known("Heb ei nodi / Not Stated")
    assert says_not_known("Gwrthodwyd / Refused")
    assert not says_not_known("Benyw / Not Stated")
