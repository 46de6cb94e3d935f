"""Is an extract planned as a careful analyst would read it, and is what cannot be used told with the next step?"""

import pytest

from assay.ingest.extracts.split_plan import plan_split
from assay.ingest.extracts.split_tables import split_extract
from ingest.extracts.sheets_by_hand import ROLES, adds_up, column, guess, guesses, plan, sheet, split
from ingest.extracts.test_split_tables import CRIME, LINKS, joined_files

CRIMES = """
    Crime No | Recorded   | Offence
    1/24     | 01/02/2024 | 19C
    2/24     | 03/02/2024 | 20A
"""


def descriptions(found) -> dict[str, str]:
    return {sheet or file: text for file, sheet, text in found.descriptions}


def test_a_guess_below_the_threshold_waits_and_is_not_used():
    found = plan((sheet(CRIMES), [*CRIME[:2], guess("Offence", "crimes.offence_code", probability=0.89)]))
    assert [meaning.heading for _, _, meaning in found.waiting] == ["Offence"]
    assert {name for part in found.parts for name in part.columns} == {"crime_ref", "recorded_at"}


def test_one_meaning_is_given_to_one_heading_and_the_other_waits():
    text = CRIMES.replace("Offence", "Offence | Entered").replace("19C", "19C | 02/02/2024")
    text = text.replace("20A", "20A | 04/02/2024")
    rivals = [*CRIME, guess("Entered", "crimes.recorded_at", probability=0.91)]
    found = plan((sheet(text), rivals))
    assert [meaning.heading for _, _, meaning in found.waiting] == ["Entered"]


def test_what_a_row_of_each_sheet_is_follows_from_keys_and_joins():
    found = descriptions(plan(*joined_files()))
    assert found["crimes.csv"] == "one row for each crime"
    assert found["links.csv"] == "one row for each person of a crime"
    assert found["people.csv"].startswith("one row for each person, who is joined")


def test_an_extract_without_a_crime_number_says_to_add_it():
    found = plan((sheet("Recorded | Offence\n01/02/2024 | 19C\n01/02/2024 | 20A"), CRIME[1:]))
    assert found.parts == ()
    assert found.problems[0].startswith("No column holds the crime number")
    assert "Add the crime number" in found.problems[0]


def test_an_extract_without_a_crime_number_names_the_column_that_could_be_it():
    text = "OEL | Recorded | Offence\nA1 | 01/02/2024 | 19C\nA2 | 02/02/2024 | 20A"
    problem = plan((sheet(text), CRIME[1:])).problems[0]
    assert "own under \u2018OEL\u2019. If that is the crime number" in problem


def test_an_extract_of_another_subject_says_so():
    found = plan((sheet("Vehicle | Colour\nA | red\nB | blue\nC | red"), []))
    assert "does not look like recorded crimes" in found.problems[0]


def test_an_extract_of_counts_alone_says_to_export_the_records():
    found = plan((sheet("Offence | 2023 | 2024\nA | 10 | 12\nB | 20 | 31\nC | 5 | 7"), []))
    assert "holds counts" in found.problems[0]
    assert "one row for each crime" in found.problems[0]


def test_an_extract_of_two_forces_says_which_and_to_keep_one():
    text = "Crime No | Recorded | Offence | Force\n" + "\n".join(
        f"{number}/24 | 01/02/2024 | 19C | {'Kent' if number % 2 else 'Dorset'}" for number in range(1, 11)
    )
    forces = guess("Force", "crimes.force_code", values={"Kent": "E23000032", "Dorset": "E23000039"})
    problem = plan((sheet(text), [*CRIME, forces])).problems[0]
    assert "records of 2 forces: " in problem
    assert "(5 rows)" in problem
    assert "Keep the rows of one force" in problem


def test_two_forces_that_no_register_lists_are_told_by_the_column_headed_force():
    text = "Crime No | Recorded | Offence | Force\n" + "\n".join(
        f"{number}/24 | 01/02/2024 | 19C | {'Overdale Police' if number % 2 else 'Fen Constabulary'}"
        for number in range(1, 11)
    )
    assert "records of 2 forces: " in plan((sheet(text), CRIME)).problems[0]
    assert plan((sheet(text.replace("Fen Constabulary", "Overdale Police")), CRIME)).problems == ()


def test_a_force_of_a_few_transferred_crimes_is_no_second_force():
    text = "Crime No | Recorded | Offence | Force\n" + "\n".join(
        f"{number}/24 | 01/02/2024 | 19C | {'Kent' if number > 1 else 'Dorset'}" for number in range(1, 101)
    )
    forces = guess("Force", "crimes.force_code", values={"Kent": "E23000032", "Dorset": "E23000039"})
    found = plan((sheet(text), [*CRIME, forces]))
    assert found.problems == ()
    assert found.force_code == "E23000032"


def test_the_force_is_read_from_the_name_of_the_file_if_no_cell_says_it():
    assert plan((sheet(CRIMES, "West Mercia crimes 2024.csv"), CRIME)).force_code == "E23000016"


def test_a_report_that_prints_the_crime_once_names_it_for_the_persons_beneath():
    tables = split((sheet("""
        Crime No | Recorded   | Offence | Role    | Nominal | Sex
        1/24     | 01/02/2024 | 19C     | Victim  | 100     | F
                 |            |         | Suspect | 200     | M
                 |            |         | Suspect |         |
        2/24     | 03/02/2024 | 20A     | Victim  | 101     | F
    """), LINKS))  # fmt: skip
    assert column(tables["crimes"], "crime_ref") == ["1/24", "2/24"]
    assert sorted(column(tables["involvements"], "crime_ref")) == ["1/24", "1/24", "1/24", "2/24"]
    assert adds_up(tables)


def test_two_unnamed_suspects_beneath_one_crime_are_two_where_a_person_of_three_crimes_is_listed():
    """The crime number is printed once, so the rows of one person of three crimes are equal, and repeat nothing."""
    tables = split((sheet("""
        Crime No | Recorded   | Offence | Role    | Nominal | Sex
        1/24     | 01/02/2024 | 19C     | Victim  | 100     | F
                 |            |         | Suspect | 200     | M
                 |            |         | Suspect |         | M
                 |            |         | Suspect |         | M
        2/24     | 03/02/2024 | 20A     | Victim  | 101     | F
                 |            |         | Suspect | 200     | M
        3/24     | 04/02/2024 | 20A     | Victim  | 102     | F
                 |            |         | Suspect | 200     | M
    """), LINKS))  # fmt: skip
    assert column(tables["involvements"], "role").count("suspect") == 5
    assert tables["involvements"].merged == 0
    assert adds_up(tables)


def test_the_label_beside_a_code_is_read_where_the_code_is_not_understood():
    text = """
        Crime No | Recorded   | Code  | Title
        1/24     | 01/02/2024 | 19C   | Rape
        2/24     | 01/02/2024 | 19/99 | Rape
    """
    offences = [
        guess("Code", "crimes.offence_code", values={"19C": "19C"}),
        guess("Title", "crimes.offence_code", probability=0.98, values={"Rape": "19C"}),
    ]
    meanings = [*guesses("Crime No = crimes.crime_ref", "Recorded = crimes.recorded_at"), *offences]
    tables = split((sheet(text), meanings))
    assert column(tables["crimes"], "offence_code") == ["19C", "19C"]
    assert tables["crimes"].not_understood == {}


def test_a_second_column_that_contradicts_the_first_is_not_used():
    text = """
        Crime No | Recorded   | Code | Title
        1/24     | 01/02/2024 | 19C  | Assault
        2/24     | 01/02/2024 | ?    | Assault
    """
    offences = [
        guess("Code", "crimes.offence_code", values={"19C": "19C"}),
        guess("Title", "crimes.offence_code", probability=0.98, values={"Assault": "20A"}),
    ]
    meanings = [*guesses("Crime No = crimes.crime_ref", "Recorded = crimes.recorded_at"), *offences]
    assert column(split((sheet(text), meanings))["crimes"], "offence_code") == ["19C", None]


def test_an_empty_outcome_is_none_yet_where_every_word_is_an_outcome():
    outcome = guess("Result", "crimes.outcome_code", values={"Charged": "1", "Type 15": "15"})
    text = "Crime No | Recorded | Result\n1/24 | 01/02/2024 | Charged\n2/24 | 01/02/2024 |\n3/24 | 01/02/2024 | Type 15"
    meanings = [*guesses("Crime No = crimes.crime_ref", "Recorded = crimes.recorded_at"), outcome]
    assert column(split((sheet(text), meanings))["crimes"], "outcome_code") == ["1", "NOA", "15"]


def test_an_empty_outcome_is_not_known_where_a_word_says_that_none_is_assigned():
    outcome = guess("Result", "crimes.outcome_code", values={"Charged": "1", "Live": "NOA"})
    text = "Crime No | Recorded | Result\n1/24 | 01/02/2024 | Charged\n2/24 | 01/02/2024 |\n3/24 | 01/02/2024 | Live"
    meanings = [*guesses("Crime No = crimes.crime_ref", "Recorded = crimes.recorded_at"), outcome]
    assert column(split((sheet(text), meanings))["crimes"], "outcome_code") == ["1", None, "NOA"]


@pytest.mark.parametrize("ended", ["outcome_at", "closed_at"])
def test_a_crime_that_has_ended_has_no_empty_outcome_that_means_none_yet(ended):
    outcome = guess("Result", "crimes.outcome_code", values={"Charged": "1"})
    day = guess("Ended", f"crimes.{ended}", form="DD/MM/YYYY")
    text = """
        Crime No | Recorded   | Result  | Ended
        1/24     | 01/02/2024 | Charged | 01/03/2024
        2/24     | 02/02/2024 |         | 02/03/2024
        3/24     | 03/02/2024 |         |
    """
    meanings = [guess("Crime No", "crimes.crime_ref"), guess("Recorded", "crimes.recorded_at"), outcome, day]
    assert column(split((sheet(text), meanings))["crimes"], "outcome_code") == ["1", None, "NOA"]


def test_an_outcome_of_words_that_are_not_understood_leaves_an_empty_one_not_known():
    outcome = guess("Result", "crimes.outcome_code", values={"Charged": "1"})
    text = "Crime No | Recorded | Result\n1/24 | 01/02/2024 | Charged\n2/24 | 01/02/2024 |\n3/24 | 01/02/2024 | XQ"
    meanings = [*guesses("Crime No = crimes.crime_ref", "Recorded = crimes.recorded_at"), outcome]
    assert column(split((sheet(text), meanings))["crimes"], "outcome_code") == ["1", None, None]


def test_persons_without_a_role_are_not_given_one():
    text = "Crime No | Recorded | Offence | Sex\n1/24 | 01/02/2024 | 19C | F\n2/24 | 01/02/2024 | 19C | M"
    found = plan((sheet(text), [*CRIME, guess("Sex", "involvements.sex")]))
    assert {part.table for part in found.parts} == {"crimes"}
    assert [meaning.heading for _, _, meaning in found.waiting] == ["Sex"]


def test_a_whole_name_without_a_role_waits_as_one_column():
    text = "Crime No | Recorded | Offence | Name\n1/24 | 01/02/2024 | 19C | Ash Example\n2/24 | 01/02/2024 | 19C | Elm Example"
    found = plan((sheet(text), [*CRIME, guess("Name", "involvements.surname", kind="full_name")]))
    assert [meaning.heading for _, _, meaning in found.waiting] == ["Name"]


@pytest.mark.parametrize(("heading", "role"), [("Child's name", "victim"), ("Young person", "victim"), ("Name", None)])
def test_a_child_whom_a_register_of_crimes_names_is_the_victim_where_nothing_says_another_role(heading, role):
    text = f"Crime No | Recorded | Offence | {heading} | DOB\n1/24 | 01/02/2024 | 19C | Ash Example | 03/04/2010"
    names = guess(heading, "involvements.surname", kind="full_name")
    tables = split((sheet(text), [*CRIME, names, guess("DOB", "involvements.date_of_birth")]))
    assert (column(tables["involvements"], "role") if "involvements" in tables else [None]) == [role]


def test_a_child_beside_a_suspect_is_given_no_role_by_its_heading_alone():
    text = "Crime No | Recorded | Offence | Child name | Susp sex\n1/24 | 01/02/2024 | 19C | Ash Example | M"
    names = guess("Child name", "involvements.surname", kind="full_name")
    found = plan((sheet(text), [*CRIME, names, guess("Susp sex", "involvements.sex", role="suspect")]))
    assert [part.fixed.get("role") for part in found.parts if part.table == "involvements"] == ["suspect"]


@pytest.mark.parametrize("references", [["10", "", "11", "12"], ["10", "20", "11", "21"]])
def test_a_probable_reference_is_taken_if_victims_have_it_and_suspects_who_are_not_known_have_not(references):
    persons = zip(["1/24", "1/24", "2/24", "2/24"], ["VIC", "Suspect"] * 2, references, strict=True)
    rows = "\n".join(f"{crime} | 01/02/2024 | 19C | {role} | {reference}" for crime, role, reference in persons)
    role = guess("Role", "involvements.role", values=ROLES)
    urn = guess("URN", "involvements.person_ref", probability=0.6)
    found = plan((sheet(f"Crime No | Recorded | Offence | Role | URN\n{rows}"), [*CRIME, role, urn]))
    waits = [meaning.heading for _, _, meaning in found.waiting]
    assert waits == ([] if "" in references else ["URN"])


def test_relationship_to_victim_on_a_sheet_of_suspects_is_of_the_suspect():
    crimes = sheet("Crime No | Recorded | Offence\n1/24 | 01/02/2024 | 19C", name="Crimes")
    suspects = sheet("Crime No | Nominal | Relationship to Victim\n1/24 | 7 | Stranger", name="Suspects")
    relationship = guess("Relationship to Victim", "involvements.relationship", role="victim")
    meanings = [*guesses("Crime No = crimes.crime_ref", "Nominal = involvements.person_ref"), relationship]
    persons = split((crimes, CRIME), (suspects, meanings))["involvements"]
    assert column(persons, "role") == ["suspect"]


def test_the_number_of_a_suspect_tells_those_apart_whom_a_join_with_victims_repeats_and_nobody_names():
    text = """
        Crime No | Recorded   | Offence | Vic Id | Suspect Seq | Susp Sex
        1/24     | 01/02/2024 | 19C     | 10     | 1           | M
        1/24     | 01/02/2024 | 19C     | 10     | 2           | M
        1/24     | 01/02/2024 | 19C     | 11     | 1           | M
        1/24     | 01/02/2024 | 19C     | 11     | 2           | M
    """ + "".join(f"{n}/24 | 01/02/2024 | 19C | {n + 20} | 1 | M\n" for n in range(2, 12))
    victim = guess("Vic Id", "involvements.person_ref", role="victim")
    sex = guess("Susp Sex", "involvements.sex", role="suspect", values={"M": "M"})
    persons = split((sheet(text), [*CRIME, victim, sex]))["involvements"]
    assert column(persons, "role").count("suspect") == 12
    assert column(persons, "role").count("victim") == 12


def test_a_column_with_codes_of_the_person_and_labels_of_the_officer_is_both():
    text = """
        Crime No | Recorded   | Offence | Role    | Nominal | Ethnicity
        1/24     | 01/02/2024 | 19C     | VIC     | 100     | W1
        1/24     | 01/02/2024 | 19C     | Suspect | 200     | White - North European
        2/24     | 01/02/2024 | 19C     | Suspect | 201     | Asian
        2/24     | 01/02/2024 | 19C     | VIC     | 101     | Unknown
    """
    meanings = [
        *CRIME, guess("Role", "involvements.role", values=ROLES), guess("Nominal", "involvements.person_ref"),
        guess("Ethnicity", "involvements.ethnicity_self", values={"W1": "W1", "Asian": "AX", "Unknown": ""}),
    ]  # fmt: skip
    persons = split((sheet(text), meanings))["involvements"]
    assert column(persons, "ethnicity_self") == ["W1", None, None, None]
    assert column(persons, "ethnicity_officer") == [None, "IC1", "IC4", None]
    assert not persons.not_understood


def test_a_word_of_neither_list_of_ethnicity_is_not_understood_in_one_column_and_counts_once():
    text = """
        Crime No | Recorded   | Offence | Role    | Nominal | Ethnicity
        1/24     | 01/02/2024 | 19C     | VIC     | 100     | W1
        1/24     | 01/02/2024 | 19C     | Suspect | 200     | White - North European
        2/24     | 01/02/2024 | 19C     | Suspect | 201     | Zonk
    """
    meanings = [
        *CRIME, guess("Role", "involvements.role", values=ROLES), guess("Nominal", "involvements.person_ref"),
        guess("Ethnicity", "involvements.ethnicity_self", values={"W1": "W1"}),
    ]  # fmt: skip
    persons = split((sheet(text), meanings))["involvements"]
    assert column(persons, "ethnicity_officer") == [None, "IC1", None]
    assert persons.not_understood == {("ethnicity_self", "Ethnicity"): 1}


def test_a_sheet_named_for_suspects_says_whose_details_it_holds():
    crimes, suspects = sheet(CRIMES, name="Crimes"), sheet("Crime No | Sex\n1/24 | M\n2/24 | F", name="Suspects")
    meanings = guesses("Crime No = crimes.crime_ref", "Sex = involvements.sex")
    tables = split((crimes, CRIME), (suspects, meanings))
    assert column(tables["involvements"], "role") == ["suspect", "suspect"]


def test_the_status_of_each_suspect_is_not_taken_for_one_of_the_crime():
    text = """
        Crime No | Recorded   | Offence | Part    | Identified
        1/24     | 01/02/2024 | 19C     | Suspect | N
        1/24     | 01/02/2024 | 19C     | Suspect | Y
    """
    meanings = [
        *CRIME, guess("Part", "involvements.role", values=ROLES), guess("Identified", "crimes.suspect_identified",
        values={"Y": "yes", "N": "no"}),
    ]  # fmt: skip
    tables = split((sheet(text), meanings))
    assert column(tables["involvements"], "suspect_known_as") == [None, "named"]
    assert "suspect_identified" not in tables["crimes"].rows.column_names


def test_a_person_of_whom_only_the_number_in_the_crime_is_known_is_a_person():
    rows = "\n".join(f"{crime}/24 | 01/02/2024 | 19C | {seq} | F" for crime in range(1, 8) for seq in (1, 2))
    text = f"Crime No | Recorded | Offence | Victim seq | Victim sex\n{rows}\n9/24 | 01/02/2024 | 19C | 1 |"
    tables = split((sheet(text), [*CRIME, guess("Victim sex", "involvements.sex", role="victim")]))
    assert tables["involvements"].rows.num_rows == 15
    assert adds_up(tables)


def linked(number_of_rows: int, key) -> str:
    """A list of persons, one in each crime, of whom the last is in the first crime too."""
    rows = [
        f"{crime}/24 | 01/02/2024 | 19C | Victim | {key(crime, crime)} | Ash{crime} | 01/02/2010"
        for crime in range(1, number_of_rows)
    ]
    rows.append(f"1/24 | 01/02/2024 | 19C | Victim | {key(number_of_rows, 5)} | Ash5 | 01/02/2010")
    return "Crime No | Recorded | Offence | Role | PIN | Surname | DOB\n" + "\n".join(rows)


def test_a_probable_reference_is_taken_if_one_person_has_it_in_several_crimes():
    meanings = [
        *CRIME,
        *guesses("Role = involvements.role", "Surname = involvements.surname", "DOB = involvements.date_of_birth"),
        guess("PIN", "involvements.person_ref", probability=0.7),
    ]
    person_plan = plan((sheet(linked(15, lambda row, person: f"P{person:04}")), meanings))
    link_plan = plan((sheet(linked(15, lambda row, person: f"L{row:04}")), meanings))
    assert ["person_ref" in part.columns for part in person_plan.parts if part.table == "involvements"] == [True]
    assert ["person_ref" in part.columns for part in link_plan.parts if part.table == "involvements"] == [False]


def test_a_column_that_names_no_role_belongs_to_the_person_before_it():
    text = """
        Crime No | Recorded   | Offence | Victim name | Sex | Suspect name | Sex (2) | Beat | Sex (3)
        1/24     | 01/02/2024 | 19C     | Ann Ash     | F   | Bob Birch    | M       | A1   | F
        2/24     | 01/02/2024 | 19C     | Eve Elm     | F   |              |         | A2   | M
    """
    meanings = [
        *CRIME, guess("Victim name", "involvements.surname", role="victim"), guess("Sex", "involvements.sex"),
        guess("Suspect name", "involvements.surname", role="suspect"), guess("Sex (2)", "involvements.sex", block=2),
        guess("Sex (3)", "involvements.sex", block=3),
    ]  # fmt: skip
    persons = split((sheet(text), meanings))["involvements"]
    assert sorted(zip(column(persons, "role"), column(persons, "sex"), strict=True)) == [
        ("suspect", "M"), ("victim", "F"), ("victim", "F"),
    ]  # fmt: skip


def test_that_no_suspect_is_known_makes_no_suspect():
    text = CRIMES.replace("Offence", "Offence | Suspect known").replace("19C", "19C | N").replace("20A", "20A | Y")
    status = guess(
        "Suspect known", "involvements.suspect_known_as", role="suspect", values={"Y": "named", "N": "nothing_known"}
    )
    tables = split((sheet(text), [*CRIME, status]))
    assert set(tables) == {"crimes"}
    assert column(tables["crimes"], "suspect_identified") == ["no", "yes"]


def test_a_crime_that_names_its_victim_and_suspect_by_their_rows_on_a_list_of_persons_has_both():
    crimes = sheet("""
        Crime No | Recorded   | Offence | Victim ID | Offender ID
        1/24     | 01/02/2024 | 19C     | 1         | 4
        2/24     | 01/02/2024 | 19C     | 2         | 5
        3/24     | 01/02/2024 | 19C     | 3         | 5
        4/24     | 01/02/2024 | 19C     | 3         | 6
    """, "crimes.csv")  # fmt: skip
    persons = sheet("""
        Person ID | Surname | DOB        | Sex
        1         | Ash     | 01/02/2010 | F
        2         | Birch   | 01/02/2011 | F
        3         | Cedar   | 01/02/2012 | M
        4         | Dane    | 01/02/1980 | M
        5         | Elm     | 01/02/1981 | M
        6         | Fern    | 01/02/1982 | F
    """, "people.csv")  # fmt: skip
    details = guesses("Surname = involvements.surname", "DOB = involvements.date_of_birth", "Sex = involvements.sex")
    tables = split((crimes, CRIME), (persons, details))
    found = tables["involvements"]
    assert sorted(zip(*(column(found, name) for name in ("crime_ref", "role", "surname")), strict=True)) == [
        ("1/24", "suspect", "Dane"), ("1/24", "victim", "Ash"), ("2/24", "suspect", "Elm"), ("2/24", "victim", "Birch"),
        ("3/24", "suspect", "Elm"), ("3/24", "victim", "Cedar"), ("4/24", "suspect", "Fern"), ("4/24", "victim", "Cedar"),
    ]  # fmt: skip
    assert adds_up(tables)


def test_a_code_of_the_system_is_read_by_its_list_and_never_as_a_code_of_the_return():
    outcomes = [
        "Charged/Summonsed",
        "Investigation complete - no suspect identified",
        "Community resolution",
        "Zzz qqq",
    ]
    listed = sheet(
        "outcome_id | outcome_desc\n" + "\n".join(f"{14 + place} | {text}" for place, text in enumerate(outcomes)),
        "outcomes.csv",
    )
    rows = "\n".join(f"AB/{number:04}/24 | {number % 28 + 1:02}/02/2024 | {14 + number % 4}" for number in range(60))
    crimes = sheet(f"Crime Number | Date Recorded | outcome_id\n{rows}", "crimes.csv")
    tables = split_extract([crimes, listed], plan_split([crimes, listed]))
    read = dict(zip(crimes.cells["outcome_id"].to_pylist(), column(tables["crimes"], "outcome_code"), strict=True))
    assert read == {"14": "1", "15": "18", "16": "8", "17": None}


PERSONS_OF = """
    {key} | Role                   | Person URN | Date of Birth | Gender
    {one} | Victim                 | P/1        | 11/03/2010    | Female
    {one} | Suspect                | P/2        | 02/10/1987    | Male
    {two} | Victim                 | P/3        | 04/05/2011    | Male
    {two} | Suspect - Unidentified |            |               | Male
    {three} | Victim               | P/4        | 30/11/2009    | Female
"""


def persons_of(crimes, persons, *lists) -> list[tuple[str, str]]:
    """Crime number and role of each person of a workbook of two sheets, and perhaps of lists of codes."""
    sheets = [crimes, persons, *lists]
    table = split_extract(sheets, plan_split(sheets))["involvements"]
    return sorted(zip(column(table, "crime_ref"), column(table, "role"), strict=True))


def test_persons_on_a_second_sheet_are_joined_by_a_crime_number_with_slashes():
    crimes = sheet("""
        Investigation URN | Date Recorded    | Offence Classification
        12/10248/25       | 01/02/2025 10:00 | 19H - Rape of a male child under 13
        12/10285/25       | 02/02/2025 11:30 | 20A - Sexual assault on a female aged 13 and over
        12/10322/25       | 03/02/2025 12:15 | 20B - Sexual assault on a female child under 13
    """, name="Investigations")  # fmt: skip
    text = PERSONS_OF.format(key="Investigation URN", one="12/10248/25", two="12/10285/25", three="12/10322/25")
    assert persons_of(crimes, sheet(text, name="Involved Persons")) == [
        ("12/10248/25", "suspect"), ("12/10248/25", "victim"), ("12/10285/25", "suspect"), ("12/10285/25", "victim"),
        ("12/10322/25", "victim"),
    ]  # fmt: skip


def test_a_role_is_read_by_a_list_whose_words_stand_under_the_heading_of_their_key():
    rows = "\n".join(f"{number} | W{number:03}/25 | {number % 28 + 1:02}/02/2025" for number in range(40, 70))
    crimes = sheet(f"OffenceID | CrimeNo | DateRecorded\n{rows}", name="tblOffence")
    links = [f"{number} | {number} | {part} | {number % 2 + 1}" for number in range(40, 70) for part in (7, 8)]
    persons = sheet("PartyID | OffenceID | CapacityID | GenderID\n" + "\n".join(links), name="tblParty")
    capacities = sheet("CapacityID | Capacity\n7 | Suspect\n8 | Victim\n9 | Witness", name="tlkpCapacity")
    genders = sheet("GenderID | Gender\n1 | Female\n2 | Male", name="tlkpGender")
    read = persons_of(crimes, persons, capacities, genders)
    assert len(read) == 60
    assert read[:2] == [("W040/25", "suspect"), ("W040/25", "victim")]


def suspects_in_blocks(second: str) -> int:
    """The number of suspects of three crimes, of which each has one suspect and the first has two."""
    text = f"""
        Crime No | Recorded   | Susp 1 known | Susp 1 sex | Susp 2 known | Susp 2 sex
        1/24     | 01/02/2024 | Y            | M          | N            |
        2/24     | 01/02/2024 | N            | N/K        | {second}     |
        3/24     | 01/02/2024 | N            | F          | {second}     |
    """
    answers = {"Y": "named", "N": "nothing_known"}
    meanings = [
        *CRIME[:2],
        *(
            entry
            for block in (1, 2)
            for entry in (
                guess(
                    f"Susp {block} known", "involvements.suspect_known_as", role="suspect", block=block, values=answers
                ),
                guess(f"Susp {block} sex", "involvements.sex", role="suspect", block=block, values={"N/K": ""}),
            )
        ),
    ]
    tables = split((sheet(text), meanings))
    assert adds_up(tables)
    return tables["involvements"].rows.num_rows


def test_a_suspect_who_is_not_identified_took_part_where_other_blocks_are_empty():
    assert suspects_in_blocks("") == 4


def test_a_no_that_a_program_writes_in_every_second_block_makes_no_suspect():
    assert suspects_in_blocks("N") == 3


def known_of_persons(victim: str, suspect: str) -> list[str | None]:
    """What a list of persons says of its suspects under a heading that may mean it."""
    text = f"""
        Crime No | Recorded   | Offence | Role    | Identified
        1/24     | 01/02/2024 | 19C     | Victim  | {victim}
        1/24     | 01/02/2024 | 19C     | Suspect | Y
        2/24     | 01/02/2024 | 19C     | Victim  | {victim}
        2/24     | 01/02/2024 | 19C     | Suspect | {suspect}
    """
    answers = {"Y": "named", "N": "nothing_known"}
    identified = guess("Identified", "involvements.suspect_known_as", probability=0.8, values=answers)
    role = guess("Role", "involvements.role", values=ROLES)
    persons = split((sheet(text), [*CRIME, role, identified]))["involvements"]
    return column(persons, "suspect_known_as") if "suspect_known_as" in persons.rows.column_names else []


def test_whether_persons_are_identified_is_said_of_suspects_if_only_suspects_have_an_answer():
    assert sorted(filter(None, known_of_persons("", "N"))) == ["named", "nothing_known"]
    assert known_of_persons("Y", "N") == []
    assert known_of_persons("", "Y") == []


def test_a_person_of_another_part_is_set_aside_with_a_reason_of_its_own():
    text = """
        Crime No | Recorded   | Role             | Nominal
        1/24     | 01/02/2024 | VIC              | 100
        1/24     | 01/02/2024 | Reporting person | 200
        1/24     | 01/02/2024 | Unknown          | 300
    """
    role = guess("Role", "involvements.role", values={"VIC": "victim", "Reporting person": "", "Unknown": ""})
    meanings = guesses(
        "Crime No = crimes.crime_ref", "Recorded = crimes.recorded_at", "Nominal = involvements.person_ref"
    )
    table = split((sheet(text), [*meanings, role]))["involvements"]
    assert table.set_aside == {"neither victim, suspect nor witness": 1, "role not known": 1}


def test_persons_and_offences_without_a_crime_number_lack_the_crime_number():
    text = "Nominal | Surname | Offence | Recorded\n100 | Example | 19C | 01/02/2024\n200 | Other | 19C | 02/02/2024"
    meanings = guesses(
        "Nominal = involvements.person_ref", "Surname = involvements.surname", "Recorded = crimes.recorded_at"
    )
    found = plan((sheet(text), [*meanings, guess("Offence", "crimes.offence_code")]))
    assert found.problems[0].startswith("No column holds the crime number")


def test_a_coded_column_of_a_sure_heading_waits_where_its_words_are_not_known():
    words = ["Charged", "Zeta held", "Gamma held", "Local QX", "Community Resolution"] * 4
    rows = [f"{n}/24 | {n:02d}/02/2024 | 19C | {word}" for n, word in enumerate(words, start=1)]
    found = plan_split([sheet("\n".join(["Crime Number | Date Recorded | Offence Code | Outcome", *rows]))])
    (waiting,) = [meaning for *_, meaning in found.waiting if meaning.heading == "Outcome"]
    assert waiting.column == "outcome_code"
    assert waiting.reasons[-1] == "its words are not known: list them in values.outcome_code"
