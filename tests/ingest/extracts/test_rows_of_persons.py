"""Are the persons of a crime told apart, and given their role, where an export prints a label or a number once?"""

from ingest.extracts.sheets_by_hand import adds_up, column, guess, guesses, plan, sheet, split

CRIME = [
    *guesses("Log = crimes.crime_ref", "Logged = crimes.recorded_at"),
    guess("Code", "crimes.offence_code"),
]
PERSONS = guesses("Capacity = involvements.role", "PIN = involvements.person_ref", "Gender = involvements.sex")
PIVOT = """
    Log  | Logged     | Code | Capacity | PIN | Gender
    7/25 | 01/05/2025 | 19C  | Suspect  | 501 | M
         |            |      |          | 502 | M
         |            |      | Victim   | 101 | F
         |            |      |          | 102 | F
    8/25 | 02/05/2025 | 20A  | Victim   | 103 | F
"""


def test_a_role_that_a_pivot_table_prints_once_is_that_of_the_persons_beneath():
    tables = split((sheet(PIVOT), [*CRIME, *PERSONS]))
    assert column(tables["involvements"], "role") == ["suspect", "suspect", "victim", "victim", "victim"]
    assert column(tables["involvements"], "sex") == ["M", "M", "F", "F", "F"]
    assert adds_up(tables)


def test_a_role_that_is_printed_again_is_not_carried_to_the_empty_cell_beneath():
    """The sheet prints 'Victim' twice in one crime, so the empty cell of the third person says nothing."""
    text = PIVOT.replace(
        "         |            |      |          | 102", "         |            |      | Victim   | 102"
    )
    tables = split((sheet(text), [*CRIME, *PERSONS]))
    assert column(tables["involvements"], "role") == ["suspect", "victim", "victim", "victim"]
    assert tables["involvements"].set_aside == {"role not known": 1}
    assert tables["involvements"].without_role.to_pylist() == ["7/25"]


def test_the_role_carried_down_is_that_of_the_same_crime():
    parts = plan((sheet(PIVOT), [*CRIME, *PERSONS])).parts
    (persons,) = [part for part in parts if part.table == "involvements"]
    assert persons.carried_down == ("Log", "Capacity")
    assert not any("Capacity" in part.carried_down for part in parts if part is not persons)


def links(cells) -> str:
    lines = [
        f"{number}/25 | 01/05/2025 | 19C | P{number} | {cell} | M"
        for number, texts in enumerate(cells, start=10)
        for cell in texts
    ]
    return "\n".join(["Log | Logged | Code | Victim ref | Offender row | Offender sex", *lines])


SIDES = [
    *CRIME,
    guess("Victim ref", "involvements.person_ref", role="victim"),
    guess("Offender sex", "involvements.sex", role="suspect"),
]


def test_unnamed_suspects_with_different_numbers_are_different_persons():
    """Twelve crimes: ten with one suspect, one with two of whom the same is known, one with three."""
    cells = [["1 of 1"]] * 10 + [["1 of 2", "2 of 2"], ["1 of 3", "2 of 3", "3 of 3"]]
    tables = split((sheet(links(cells)), SIDES))
    roles = column(tables["involvements"], "role")
    assert (roles.count("victim"), roles.count("suspect")) == (12, 15)


def test_a_word_for_nobody_in_the_column_of_numbers_is_no_suspect():
    cells = [["1 of 1"]] * 10 + [["1 of 2", "2 of 2"], ["Nil"]]
    text = links(cells).replace("Nil | M", "Nil |")
    roles = column(split((sheet(text), SIDES))["involvements"], "role")
    assert (roles.count("victim"), roles.count("suspect")) == (12, 12)


def test_rows_that_write_the_reference_in_small_letters_lead_to_the_same_crime():
    """A third of the markers write the reference in small letters, under a heading that does not say what it is."""
    crimes = sheet("Log | Logged | Code\n" + "\n".join(f"CR/{n}/25 | 01/05/2025 | 19C" for n in range(100, 130)))
    marked = [f"CR/{n}/25" if n % 3 else f"cr/{n}/25 " for n in range(100, 130)]
    markers = sheet("Record | Marker\n" + "\n".join(f"{ref} | CSE" for ref in marked), file="markers.csv")
    tables = split((crimes, CRIME), (markers, [guess("Marker", "flags.flag")]))
    assert tables["flags"].rows.num_rows == 30
    assert set(column(tables["flags"], "crime_ref")) == set(column(tables["crimes"], "crime_ref"))


def test_keys_that_differ_in_case_alone_stay_two_crimes():
    rows = [f"cr/{n}/25 | 01/05/2025 | 19C\nCR/{n}/25 | 09/06/2025 | 20A" for n in range(100, 120)]
    crimes = sheet("\n".join(["Log | Logged | Code", *rows]))
    markers = sheet("Record | Marker\n" + "\n".join(f"cr/{n}/25 | CSE" for n in range(100, 120)), file="markers.csv")
    tables = split((crimes, CRIME), (markers, [guess("Marker", "flags.flag")]))
    assert tables["crimes"].rows.num_rows == 40
    assert set(column(tables["flags"], "crime_ref")) == {f"cr/{n}/25" for n in range(100, 120)}


def test_a_column_that_is_1_in_each_row_counts_nobody():
    """Of thirty crimes one has two rows, and the version of each record is 1."""
    cells = [["1"]] * 29 + [["1", "1"]]
    (part,) = [
        part for part in plan((sheet(links(cells)), SIDES)).parts if part.fixed.get("role") == "suspect"
    ]  # fmt: skip
    assert not part.numbered_by
