"""Are columns that list one fact of several persons divided into columns for each person?"""

from assay.ingest.extracts.listed_facts import expanded_sheet
from ingest.extracts.sheets_by_hand import sheet


def test_ages_and_sexes_of_several_victims_in_one_cell_become_columns_of_each_victim():
    expanded = expanded_sheet(sheet("""
        Crime No | Victim Ages | Victim Sex | Town
        1/24     | 14; 15      | F; M       | Here; There
        2/24     | 15          | F          | Here; There
        3/24     | 14; 14; 15  | M; F;      | Here
        4/24     | 14; 15      | F; F       | There
        5/24     | 14          | M          | There
    """)).cells  # fmt: skip
    assert expanded.column_names == [
        "Crime No", "Victim 1 Ages", "Victim 2 Ages", "Victim 3 Ages", "Victim 1 Sex", "Victim 2 Sex", "Town",
    ]  # fmt: skip
    assert expanded["Victim 2 Ages"].to_pylist() == ["15", None, "14", "15", None]
    assert expanded["Victim 2 Sex"].to_pylist() == ["M", None, "F", "F", None]


def test_a_fact_that_is_missing_in_the_middle_keeps_the_place_of_those_behind_it():
    cells = " | ".join(["14;;15", "14", "15", "14;15", "15;14"])
    rows = "\n".join(["Crime No | Victim Ages", *(f"{n} | {cell}" for n, cell in enumerate(cells.split(" | ")))])
    assert expanded_sheet(sheet(rows)).cells["Victim 2 Ages"].to_pylist() == [None, None, None, "15", "14"]
    assert expanded_sheet(sheet(rows)).cells["Victim 3 Ages"].to_pylist() == ["15", None, None, None, None]


def test_suspects_with_their_number_become_columns_that_say_who_is_named():
    expanded = expanded_sheet(sheet("""
        Crime No | Suspect(s)
        1/24     | S1: named; S2: not named
        2/24     | S1: not named
        3/24     | S1: named; S2: named
        4/24     | S1: named; S2: not named
    """)).cells  # fmt: skip
    assert expanded.column_names == ["Crime No", "Suspect 1 status", "Suspect 2 status"]
    assert expanded["Suspect 2 status"].to_pylist() == ["not named", None, "named", "not named"]


def test_a_semicolon_in_free_text_divides_nothing():
    text = sheet("""
        Crime No | Victim Remarks
        1/24     | moved away; new address
        2/24     | no reply
        3/24     | called twice; left a card
        4/24     | letter sent; none came back
    """)  # fmt: skip
    assert expanded_sheet(text) is text


def test_a_slash_divides_where_the_number_of_victims_confirms_it():
    columns = expanded_sheet(sheet("""
        Crime No | No. Victims | Victim Age(s)
        1/24     | 2           | 14 / 15
        2/24     | 1           | 15
        3/24     | 3           | 14 / 14 / n/k
        4/24     | 2           | n/k / 15
        5/24     | 1           | n/k
        6/24     | 1           | 14
        7/24     | 1           | 15
    """)).cells  # fmt: skip
    assert columns["Victim 1 Age(s)"].to_pylist() == ["14", "15", "14", "n/k", "n/k", "14", "15"]
    assert columns["Victim 2 Age(s)"].to_pylist() == ["15", None, "14", "15", None, None, None]
    assert columns["Victim 3 Age(s)"].to_pylist() == [None, None, "n/k", None, None, None, None]


def test_a_slash_that_nothing_confirms_divides_nothing():
    """Each crime states one victim, so that '14/15' is an age between both."""
    doubtful = sheet("""
        Crime No | No. Victims | Victim Age
        1/24     | 1           | 14/15
        2/24     | 1           | 15
        3/24     | 1           | 13/14
        4/24     | 1           | 15/16
        5/24     | 1           | 14
        6/24     | 1           | 14
    """)  # fmt: skip
    assert expanded_sheet(doubtful) is doubtful


def test_lists_with_as_many_entries_confirm_one_another_and_a_label_with_and_stays_whole():
    columns = expanded_sheet(sheet("""
        Crime No | Victim Sex | Victim Ethnicity
        1/24     | F, M       | White British, White and Black Caribbean
        2/24     | F          | White and Black Caribbean
        3/24     | M, M       | White British, White British
        4/24     | F          | White British
        5/24     | F, M, F    | White British, White British, White and Black Caribbean
        6/24     | M          | White and Black Caribbean
    """)).cells  # fmt: skip
    assert columns["Victim 2 Ethnicity"].to_pylist() == [
        "White and Black Caribbean", None, "White British", None, "White British", None,
    ]  # fmt: skip
    assert columns["Victim 3 Sex"].to_pylist() == [None, None, None, None, "F", None]


def test_cells_that_repeat_an_entry_list_persons():
    cells = ["F/F", "M/M", "F/M", "F/F/F", "F", "F", "M", "M"]
    rows = "\n".join(["Crime No | Victims' sexes", *(f"{number} | {cell}" for number, cell in enumerate(cells))])
    assert expanded_sheet(sheet(rows)).cells["Victim 2 sexes"].to_pylist()[:4] == ["F", "M", "M", "F"]


def test_labels_of_several_words_are_no_lists():
    labels = [
        "White - British",
        "Asian or Asian British - Pakistani",
        "Chinese",
        "White - Irish",
        "Not recorded",
        "White",
    ]
    rows = "\n".join(f"{number} | {labels[number % 6]} | {'FM'[number % 2]}" for number in range(40))
    plain = sheet(f"Crime No | Self-defined ethnic group of victim | Sex of victim\n{rows}")
    assert expanded_sheet(plain) is plain


def test_lists_under_the_short_forms_of_a_role_are_paired_by_place():
    expanded = expanded_sheet(sheet("""
        Crime No | sus.urns  | sus.ic    | Offr Age
        1/24     | N10 ; N11 | IC1 ; IC4 | 30 ; 41
        2/24     | N12       | IC1       | 25
        3/24     | N13 ; N10 | IC4 ; IC1 | 41 ; 30
        4/24     | N14 ; N11 | IC1 ; IC1 | 25 ; 25
        5/24     | N15       | IC4       | 41
    """)).cells  # fmt: skip
    assert expanded["sus 2 .urns"].to_pylist() == ["N11", None, "N10", "N11", None]
    assert expanded["sus 2 .ic"].to_pylist() == ["IC4", None, "IC1", "IC1", None]


def test_a_fact_of_fewer_entries_than_persons_is_of_none_of_them():
    """Of the third crime three suspects are listed and two ages: whose they are is not known."""
    expanded = expanded_sheet(sheet("""
        Crime No | Suspect Refs    | Suspect Ages
        1/24     | N10 ; N11       | 30 ; 41
        2/24     | N12             | 25
        3/24     | N13 ; N10 ; N12 | 41 ; 30
        4/24     | N14 ; N11       | 25 ; 41
        5/24     | N15             | 30
    """)).cells  # fmt: skip
    assert expanded["Suspect 3 Refs"].to_pylist() == [None, None, "N12", None, None]
    for number in (1, 2, 3):
        assert expanded[f"Suspect {number} Ages"].to_pylist()[2] == "entries differ in number"
    assert expanded["Suspect 2 Ages"].to_pylist() == ["41", None, "entries differ in number", "41", None]


NAMES = """
    Crime No | {heading}   | Victim Sex
    1/24     | LARCH; Teal | {first}
    2/24     | ANVIL       | M
    3/24     | KETTLE; Ivy | {first}
    4/24     | TEAL        | F
    5/24     | OAK; Fern   | {first}
    6/24     | IVY         | F
"""


def test_the_parts_of_one_name_between_semicolons_are_no_two_persons():
    """'LARCH; Teal' is surname and forename of one victim, because her sex is one."""
    expanded = expanded_sheet(sheet(NAMES.format(heading="Victim Name", first="F")))
    assert expanded.cells.column_names == ["Crime No", "Victim Name", "Victim Sex"]
    (remark,) = expanded.remarks
    assert remark.startswith("A cell of Victim Name with a semicolon or a bar was read as the name of one person")


def test_names_are_two_persons_where_the_heading_is_plural_or_another_column_lists_as_many():
    plural = expanded_sheet(sheet(NAMES.format(heading="Victim Names", first="F"))).cells
    assert plural["Victim 2 Names"].to_pylist() == ["Teal", None, "Ivy", None, "Fern", None]
    two_lists = expanded_sheet(sheet(NAMES.format(heading="Victim Name", first="F; M"))).cells
    assert two_lists["Victim 2 Name"].to_pylist() == ["Teal", None, "Ivy", None, "Fern", None]
    assert two_lists["Victim 2 Sex"].to_pylist() == ["M", None, "M", None, "M", None]
