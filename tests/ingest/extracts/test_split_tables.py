"""Are the sheets of an extract split into crimes, persons and flags, with every record accounted for?"""

from datetime import date, datetime

import pytest

from ingest.extracts.sheets_by_hand import adds_up, column, guess, guesses, sheet, split

CRIME = guesses("Crime No = crimes.crime_ref", "Recorded = crimes.recorded_at", "Offence = crimes.offence_code")
LINKS = [
    *CRIME,
    *guesses("Role = involvements.role", "Nominal = involvements.person_ref", "Sex = involvements.sex"),
]


def test_a_row_for_each_person_gives_each_crime_once_and_each_person_once():
    tables = split((sheet("""
        Crime No | Recorded   | Offence | Role    | Nominal | Sex
        1/24     | 01/02/2024 | 19C     | VIC     | 100     | F
        1/24     | 01/02/2024 | 19C     | Suspect | 200     | M
        1/24     | 01/02/2024 | 19C     | Suspect | 201     | M
        2/24     | 03/02/2024 | 20A     | VIC     | 100     | F
    """), LINKS))  # fmt: skip
    assert column(tables["crimes"], "crime_ref") == ["1/24", "2/24"]
    assert column(tables["crimes"], "recorded_at") == [datetime(2024, 2, 1), datetime(2024, 2, 3)]
    assert column(tables["crimes"], "recorded_at_is_day") == [True, True]
    assert tables["crimes"].merged == 2
    assert column(tables["involvements"], "role") == ["victim", "suspect", "suspect", "victim"]
    assert len(set(column(tables["involvements"], "involvement_ref"))) == 4
    assert adds_up(tables)


def test_the_row_of_a_person_that_a_join_repeats_is_one_person():
    tables = split((sheet("""
        Crime No | Recorded   | Offence | Role | Nominal | Sex | Marker
        1/24     | 01/02/2024 | 19C     | VIC  | 100     | F   | CSE
        1/24     | 01/02/2024 | 19C     | VIC  | 100     | F   | CCE
    """), [*LINKS, guess("Marker", "flags.flag")]))  # fmt: skip
    assert tables["involvements"].rows.num_rows == 1
    assert tables["involvements"].merged == 1
    assert sorted(column(tables["flags"], "flag")) == ["cce", "cse"]
    assert adds_up(tables)


def test_what_the_rows_of_one_crime_contradict_is_not_known_and_the_crime_is_counted():
    tables = split((sheet("""
        Crime No | Recorded   | Offence | Role | Nominal | Sex
        1/24     | 01/02/2024 | 19C     | VIC  | 100     | F
        1/24     | 01/02/2024 | 20A     | SUS  | 101     | M
        2/24     | 01/02/2024 | 20A     | VIC  | 102     | F
    """), LINKS))  # fmt: skip
    assert column(tables["crimes"], "offence_code") == [None, "20A"]
    assert tables["crimes"].contradictions == {"offence_code": 1}


def test_a_row_without_a_crime_number_and_a_total_are_set_aside_by_reason():
    tables = split((sheet("""
        Crime No    | Recorded   | Offence
        1/24        | 01/02/2024 | 19C
                    | 03/02/2024 | 19C
        Total: 2    |            |
    """), CRIME))  # fmt: skip
    assert column(tables["crimes"], "crime_ref") == ["1/24"]
    assert tables["crimes"].set_aside == {"no crime number": 1, "total row": 1}
    assert adds_up(tables)


def test_victim_and_suspects_side_by_side_are_one_person_for_each_block_that_is_filled():
    blocks = [
        guess(f"{letter}{number} {name}", f"involvements.{field}", role=role, block=number)
        for letter, role in (("V", "victim"), ("S", "suspect"))
        for number in (1, 2)
        for name, field in (("DOB", "date_of_birth"), ("Sex", "sex"))
    ]
    tables = split((sheet("""
        Crime No | Recorded   | Offence | V1 DOB     | V1 Sex | V2 DOB | V2 Sex | S1 DOB     | S1 Sex | S2 DOB  | S2 Sex
        1/24     | 01/02/2024 | 19C     | 01/02/2010 | F      |        |        | 05/06/1990 | M      | Unknown | Unknown
        2/24     | 01/02/2024 | 19C     | 01/02/2011 | F      |        |        |            |        |         |
    """), [*CRIME, *blocks]))  # fmt: skip
    persons = tables["involvements"]
    assert sorted(zip(column(persons, "crime_ref"), column(persons, "role"), strict=True)) == [
        ("1/24", "suspect"), ("1/24", "suspect"), ("1/24", "victim"), ("2/24", "victim"),
    ]  # fmt: skip
    assert date(1990, 6, 5) in column(persons, "date_of_birth")
    assert adds_up(tables)


def test_words_for_nothing_in_every_row_of_a_block_are_no_person():
    blocks = guesses("S1 DOB = involvements.date_of_birth", "S1 Sex = involvements.sex", role="suspect", block=1)
    tables = split((sheet("""
        Crime No | Recorded   | Offence | S1 DOB     | S1 Sex
        1/24     | 01/02/2024 | 19C     | 05/06/1990 | M
        2/24     | 01/02/2024 | 19C     | N/K        | N/K
    """), [*CRIME, *blocks]))  # fmt: skip
    assert column(tables["involvements"], "crime_ref") == ["1/24"]


def test_a_row_that_says_suspect_and_unknown_is_a_suspect_without_data_is_known():
    tables = split((sheet("""
        Crime No | Recorded   | Offence | Role    | Nominal | Sex
        1/24     | 01/02/2024 | 19C     | Victim  | 100     | F
        1/24     | 01/02/2024 | 19C     | Suspect | Unknown | Unknown
        2/24     | 01/02/2024 | 19C     |         |         |
    """), LINKS))  # fmt: skip
    assert column(tables["involvements"], "role") == ["victim", "suspect"]
    assert column(tables["involvements"], "person_ref") == ["100", None]
    assert tables["crimes"].rows.num_rows == 2
    assert adds_up(tables)


def test_two_unknown_suspects_of_one_crime_are_two_where_no_join_repeats_rows():
    tables = split((sheet("""
        Crime No | Recorded   | Offence | Role    | Nominal | Sex
        1/24     | 01/02/2024 | 19C     | Victim  | 100     | F
        1/24     | 01/02/2024 | 19C     | Suspect |         | M
        1/24     | 01/02/2024 | 19C     | Suspect |         | M
    """), LINKS))  # fmt: skip
    assert column(tables["involvements"], "role") == ["victim", "suspect", "suspect"]


@pytest.mark.parametrize("name", ["Unknown, male", "UNKNOWN MALE", "Male (unidentified)", "Suspect 2", "N/K female"])
def test_a_name_that_only_describes_somebody_is_no_name_and_the_link_number_tells_two_apart(name):
    meanings = [
        *CRIME, guess("Role", "involvements.role"), guess("Link", "involvements.involvement_ref"),
        guess("Name", "involvements.surname", kind="full_name"),
        guess("Name", "involvements.forenames", kind="full_name"),
    ]  # fmt: skip
    persons = split((sheet(f"""
        Crime No | Recorded   | Offence | Role    | Link | Name
        1/24     | 01/02/2024 | 19C     | Suspect | 7    | {name}
        1/24     | 01/02/2024 | 19C     | Suspect | 8    | {name}
        1/24     | 01/02/2024 | 19C     | Suspect | 8    | {name}
        1/24     | 01/02/2024 | 19C     | Suspect | 9    | CHILD, Lee
    """), meanings))["involvements"]  # fmt: skip
    assert column(persons, "surname") == [None, None, "CHILD"]
    assert column(persons, "involvement_ref") == ["7", "8", "9"]


def test_one_person_twice_in_a_crime_in_one_role_is_one_link():
    suspects = guesses("S1 Ref = involvements.person_ref", role="suspect", block=1)
    suspects += guesses("S2 Ref = involvements.person_ref", role="suspect", block=2)
    tables = split((sheet("""
        Crime No | Recorded   | Offence | S1 Ref | S2 Ref
        1/24     | 01/02/2024 | 19C     | 200    | 200
        2/24     | 01/02/2024 | 19C     | 200    | 201
    """), [*CRIME, *suspects]))  # fmt: skip
    assert sorted(column(tables["involvements"], "crime_ref")) == ["1/24", "2/24", "2/24"]


def test_that_a_suspect_is_known_is_a_fact_of_the_crime_and_no_person():
    tables = split((sheet("""
        Crime No | Recorded   | Offence | Suspect known
        1/24     | 01/02/2024 | 19C     | Y
        2/24     | 01/02/2024 | 19C     | N
        3/24     | 01/02/2024 | 19C     | N/K
    """), [*CRIME, guess("Suspect known", "crimes.suspect_identified")]))  # fmt: skip
    assert column(tables["crimes"], "suspect_identified") == ["yes", "no", None]
    assert "involvements" not in tables


def test_several_flags_in_one_cell_are_several_flags_and_other_keywords_are_passed_over():
    tables = split((sheet("""
        Crime No | Recorded   | Offence | Keywords
        1/24     | 01/02/2024 | 19C     | CSE; Alcohol; CCE
        2/24     | 01/02/2024 | 19C     | Alcohol
        3/24     | 01/02/2024 | 19C     |
        4/24     | 01/02/2024 | 19C     | CSE; CSE
        5/24     | 01/02/2024 | 19C     | Operation Lamp
    """), [*CRIME, guess("Keywords", "flags.flag")]))  # fmt: skip
    flags = tables["flags"]
    assert sorted(zip(column(flags, "crime_ref"), column(flags, "flag"), strict=True)) == [
        ("1/24", "cce"), ("1/24", "cse"), ("4/24", "cse"),
    ]  # fmt: skip
    assert flags.not_understood == {("flag", "Keywords"): 1}
    assert adds_up(tables)


def test_a_yes_no_column_for_each_flag_gives_one_flag_for_each_yes():
    flags = [
        guess("CSE Y/N", "flags.flag", values={"Y": "cse", "N": ""}),
        guess("CCE Y/N", "flags.flag", values={"Y": "cce", "N": ""}),
    ]
    tables = split((sheet("""
        Crime No | Recorded   | Offence | CSE Y/N | CCE Y/N
        1/24     | 01/02/2024 | 19C     | Y       | N
        2/24     | 01/02/2024 | 19C     | Y       | Y
        3/24     | 01/02/2024 | 19C     | N       | N
    """), [*CRIME, *flags]))  # fmt: skip
    assert sorted(column(tables["flags"], "flag")) == ["cce", "cse", "cse"]
    assert adds_up(tables)


def test_a_crime_of_several_sheets_is_one_crime_and_a_row_of_an_unknown_crime_is_set_aside():
    crimes = sheet("""
        Crime No | Recorded   | Offence
        1/24     | 01/02/2024 | 19C
        2/24     | 01/02/2024 | 19C
    """, name="Crimes")  # fmt: skip
    outcomes = sheet("""
        Crime No | Outcome | Outcome date
        1/24     | 18      | 01/03/2024
        1/24     | 1       | 05/06/2024
        9/24     | 1       | 05/06/2024
    """, name="Outcomes")  # fmt: skip
    meanings = guesses(
        "Crime No = crimes.crime_ref", "Outcome = crimes.outcome_code", "Outcome date = crimes.outcome_at"
    )
    tables = split((crimes, CRIME), (outcomes, meanings))
    assert column(tables["crimes"], "crime_ref") == ["1/24", "2/24"]
    assert column(tables["crimes"], "outcome_code") == ["1", None]
    assert tables["crimes"].set_aside == {"the crime is not in the extract": 1}
    assert tables["crimes"].contradictions == {}
    assert adds_up(tables)


CRIMES_BY_KEY = """
    OCC_ID | Crime No | Recorded   | Offence
    11     | 1/24     | 01/02/2024 | 19C
    12     | 2/24     | 03/02/2024 | 20A
    13     | 3/24     | 04/02/2024 | 20A
    14     | 4/24     | 05/02/2024 | 20A
"""
PEOPLE = """
    PERSON_ID | Surname | DOB        | Sex
    901       | Ash     | 01/02/2010 | F
    902       | Birch   | 05/06/1990 | M
    903       | Cedar   | 05/06/1991 | M
    904       | Dane    | 05/06/1991 | M
"""
LINKED = """
    OCC_ID | PERSON_ID | Role
    11     | 901       | Victim
    11     | 902       | Suspect
    12     | 901       | Victim
    13     | 903       | Suspect
"""


def joined_files():
    return (
        (sheet(CRIMES_BY_KEY, "crimes.csv"), CRIME),
        (
            sheet(PEOPLE, "people.csv"),
            guesses("Surname = involvements.surname", "DOB = involvements.date_of_birth", "Sex = involvements.sex"),
        ),
        (sheet(LINKED, "links.csv"), guesses("Role = involvements.role")),
        (
            sheet("OCC_ID | Keyword\n11 | CSE\n12 | CCE\n13 | CSE\n14 | CSE", "keywords.csv"),
            guesses("Keyword = flags.flag"),
        ),
    )


def test_files_that_are_joined_by_keys_of_the_system_become_tables_by_crime_number():
    tables = split(*joined_files())
    persons, flags = tables["involvements"], tables["flags"]
    rows = zip(*(column(persons, name) for name in ("crime_ref", "role", "surname", "sex")), strict=True)
    assert sorted(rows) == [
        ("1/24", "suspect", "Birch", "M"), ("1/24", "victim", "Ash", "F"), ("2/24", "victim", "Ash", "F"),
        ("3/24", "suspect", "Cedar", "M"),
    ]  # fmt: skip
    assert persons.set_aside == {"the person is in no crime of the extract": 1}
    assert sorted(column(flags, "crime_ref")) == ["1/24", "2/24", "3/24", "4/24"]
    assert adds_up(tables)


def test_derived_keys_do_not_depend_on_the_order_of_rows():
    rows = [
        "1/24 | 01/02/2024 | 19C | Victim  | 100 | F", "1/24 | 01/02/2024 | 19C | Suspect |     | M",
        "1/24 | 01/02/2024 | 19C | Suspect |     | M", "1/24 | 01/02/2024 | 19C | Suspect |     | F",
    ]  # fmt: skip
    heading = "Crime No | Recorded | Offence | Role | Nominal | Sex"
    first, second = (
        split((sheet("\n".join([heading, *order])), LINKS))["involvements"] for order in (rows, rows[::-1])
    )
    refs = column(first, "involvement_ref")
    assert set(refs) == set(column(second, "involvement_ref"))
    assert len(set(refs)) == 4
    assert all(ref.startswith("k-") for ref in refs)


def test_a_date_and_a_time_in_two_columns_are_one_time():
    clock = guess("Time recorded", "crimes.recorded_at", form="HH:MM", probability=0.8)
    meanings = [*guesses("Crime No = crimes.crime_ref", "Date recorded = crimes.recorded_at"), clock]
    tables = split((sheet("""
        Crime No | Date recorded | Time recorded
        1/24     | 01/02/2024    | 14:35
        2/24     | 01/02/2024    |
    """), meanings))  # fmt: skip
    assert column(tables["crimes"], "recorded_at") == [datetime(2024, 2, 1, 14, 35), datetime(2024, 2, 1)]
    assert column(tables["crimes"], "recorded_at_is_day") == [False, True]


def test_a_cell_that_cannot_be_read_is_counted_and_no_value():
    tables = split((sheet("""
        Crime No | Recorded   | Offence
        1/24     | 31/02/2024 | Something else
        2/24     | not known  | N/K
    """), CRIME))  # fmt: skip
    assert column(tables["crimes"], "offence_code") == [None, None]
    assert tables["crimes"].not_understood == {("recorded_at", "Recorded"): 1, ("offence_code", "Offence"): 1}


def test_victims_of_two_sheets_are_not_counted_twice():
    crimes = sheet("""
        Crime No | Recorded   | Offence | Victim age
        1/24     | 01/02/2024 | 19C     | 14
        2/24     | 01/02/2024 | 19C     | 12
    """, name="Crimes")  # fmt: skip
    victims = sheet("""
        Crime No | Nominal | DOB
        1/24     | 100     | 01/02/2010
    """, name="Victims")  # fmt: skip
    tables = split(
        (crimes, [*CRIME, guess("Victim age", "involvements.age_at_offence", role="victim")]),
        (
            victims,
            guesses(
                "Crime No = crimes.crime_ref", "Nominal = involvements.person_ref", "DOB = involvements.date_of_birth"
            ),
        ),
    )
    persons = tables["involvements"]
    assert sorted(column(persons, "crime_ref")) == ["1/24", "2/24"]
    assert sorted(column(persons, "person_ref"), key=str) == ["100", None]
    assert adds_up(tables)


def test_a_code_that_the_recognition_left_out_is_not_read_as_a_code_of_the_return():
    outcome = guess("Result", "crimes.outcome_code", kind="outcome", values={"Charged": "1"})
    text = "Crime No | Recorded | Result\n1/24 | 01/02/2024 | Charged\n2/24 | 01/02/2024 | 15"
    meanings = [*guesses("Crime No = crimes.crime_ref", "Recorded = crimes.recorded_at"), outcome]
    crimes = split((sheet(text), meanings))["crimes"]
    assert column(crimes, "outcome_code") == ["1", None]
    assert crimes.not_understood == {("outcome_code", "Result"): 1}


def test_a_record_of_a_sheet_of_keywords_alone_that_holds_no_flag_is_set_aside():
    crimes = sheet("""
        Crime No | Recorded   | Offence
        1/24     | 01/02/2024 | 19C
        2/24     | 01/02/2024 | 19C
    """, "crimes.csv")  # fmt: skip
    keywords = sheet("""
        Crime No | Keyword
        1/24     | CSE
        1/24     | Alcohol
        2/24     |
        2/24     | Other words
    """, "keywords.csv")  # fmt: skip
    meanings = guesses("Crime No = crimes.crime_ref", "Keyword = flags.flag")
    flags = split((crimes, CRIME), (keywords, meanings))["flags"]
    assert flags.records == 4
    assert flags.set_aside == {"no person, and no flag that is asked, in the row": 2, "flag not understood": 1}
