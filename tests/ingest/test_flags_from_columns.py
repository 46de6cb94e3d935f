"""Does a mark become a flag only where the force's file says yes, and is a cell with several flags read part by part?"""

import pytest
from small_return import SmallReturn, count, own_errors, rows_set_aside

from assay.ingest.flag_cells import find_heading_flag, split_cell


@pytest.fixture
def return_folder(tmp_path):
    return SmallReturn(tmp_path / "return")


def read(return_folder, head, rows, mapping):
    """(crime, flag) of every flag that came of a flat file of crimes, and the return."""
    return_folder.rows("crimes", *({} for _ in rows))
    lines = [f"C{number},{row}" for number, row in enumerate(rows, start=1)]
    text = "\ufeffCRIME NO," + head + "\n" + "\n".join(lines) + "\n"
    return_folder.text("flags", text, len(rows))
    (return_folder.folder / "flags.csv").rename(return_folder.folder / "flat.csv")
    flag_mapping = '[tables.flags]\nfile = "flat.csv"\nfixed.force_code = "INV01"\ncolumns.crime_ref = "CRIME NO"\n'
    (return_folder.folder / "mapping.toml").write_text(flag_mapping + mapping, encoding="utf-8")
    received = return_folder.received()
    flags = received.tables["flags"].select(["crime_ref", "flag"]).to_pylist()
    return [(row["crime_ref"], row["flag"]) for row in flags], received


WORDS_OF_MARKS = [
    {"cse": ("Y", "N"), "csa": ("yes", "No"), "cce": ("1", "0"), "group_cse": ("TRUE", "FALSE"),
     "cse_risk_child": ("t", "f"), "cse_risk_suspect": ("-1", "0"), "modern_slavery": ("Y", "")},
    {"cse": ("CSE", "None"), "csa": ("Y", "NULL"), "cce": ("Y", "N/A"), "group_cse": ("Yes", "-"),
     "cse_risk_child": ("X", ""), "cse_risk_suspect": ("Flagged", "Not flagged"), "modern_slavery": ("1.0", "0.0")},
]  # fmt: skip


@pytest.mark.parametrize("words", WORDS_OF_MARKS, ids=["plain", "other"])
def test_a_mark_becomes_a_flag_where_it_says_yes_and_nowhere_else(return_folder, words):
    headings = {f"{flag.upper()}_MARK": flag for flag in words}
    rows = [",".join(pair[number] for pair in words.values()) for number in (0, 1, 0, 1, 1)]
    wide = ", ".join(f'{heading} = "{flag}"' for heading, flag in headings.items())
    flags, received = read(return_folder, ",".join(headings), rows, f"wide = {{{wide}}}\n")
    assert sorted(flags) == sorted((crime, flag) for crime in ("C1", "C3") for flag in words)
    assert rows_set_aside(received, "flags") == {}
    assert own_errors(received, "flags") == set()
    for heading in headings:
        (remark,) = [remark for remark in received.remarks if f" {heading} " in remark]
        assert f"2 of 5 cells of {heading} say yes" in remark


def test_what_is_neither_yes_nor_no_is_no_flag_and_is_told(return_folder):
    flags, received = read(return_folder, "CSE", ["Y", "maybe", "N", "pending"], 'wide = {CSE = "cse"}\n')
    assert flags == [("C1", "cse")]
    assert sorted(rows_set_aside(received, "flags").values()) == ["R16", "R16"]
    assert {line for _, _, line in own_errors(received, "flags")} == {3, 5}
    assert count(received, "flags")["records"] == 3


def test_each_mark_of_a_crime_is_a_flag_of_its_own(return_folder):
    rows = ["Y,N,1", "N,N,0", "Y,Y,1"]
    marks = 'wide = {CSE = "cse", CCE_IND = "cce", MS = "modern_slavery"}\n'
    flags, received = read(return_folder, "CSE,CCE_IND,MS", rows, marks)
    assert sorted(flags) == [
        ("C1", "cse"),
        ("C1", "modern_slavery"),
        ("C3", "cce"),
        ("C3", "cse"),
        ("C3", "modern_slavery"),
    ]
    assert own_errors(received, "flags") == set()


def test_a_yes_is_a_yes_to_its_own_column_whatever_the_word_means_elsewhere(return_folder):
    marks = 'wide = {CSE = "cse", CCE = "cce"}\nvalues.flag = {Y = "cse", RAISED = "cce"}\n'
    flags, received = read(return_folder, "CSE,CCE", ["N,Y", "Y,N", "RAISED,RAISED"], marks)
    assert flags == [("C1", "cce"), ("C2", "cse"), ("C3", "cce")]
    assert list(rows_set_aside(received, "flags").values()) == ["R16"]


def test_a_column_of_marks_named_as_the_column_of_the_flag_is_read_alike(return_folder):
    """The officer writes that the flag stands in CSE MARKER: a yes there is cse, a no is no flag."""
    flags, received = read(return_folder, "CSE MARKER", ["Y", "N", "", "Y"], 'columns.flag = "CSE MARKER"\n')
    assert flags == [("C1", "cse"), ("C4", "cse")]
    assert rows_set_aside(received, "flags") == {}


def test_a_flag_fixed_for_every_row_is_refused_where_the_file_says_no_of_some(return_folder):
    flags, received = read(return_folder, "CSE_FLAG", ["Y", "N", "", "N"], 'fixed.flag = "cse"\n')
    assert flags == []
    assert ("R04", "flag", None) in own_errors(received, "flags")
    remarks = " ".join(received.remarks)
    assert "fixed.flag gives every row the flag cse" in remarks
    assert "CSE_FLAG does not say yes in 3 of 4 rows" in remarks


def test_a_flag_fixed_for_every_row_stands_where_the_file_says_yes_of_all(return_folder):
    flags, _ = read(return_folder, "CSE_FLAG", ["Y", "yes"], 'fixed.flag = "cse"\ncolumns.flag_ref = "CRIME NO"\n')
    assert flags == [("C1", "cse"), ("C2", "cse")]


SEVERAL_MARKERS = 'columns.flag = "MARKERS"\nvalues.flag = {"DA" = "", "VUL" = "", "Exploit (child)" = "cse"}\n'


CELLS_WITH_SEVERAL = ["CSE; DA", '"CSE, DA"', "DA|CSE", "CSE/DA", "DA + CSE", "VUL & CSE", '"DA\nCSE"', "['CSE'; 'DA']",
                      "CSE;", "DA;;CSE;CSE", "Exploit (child); DA"]  # fmt: skip


def test_a_cell_with_several_flags_is_read_part_by_part(return_folder):
    flags, received = read(return_folder, "MARKERS", ["DA", "", *CELLS_WITH_SEVERAL, "cse"], SEVERAL_MARKERS)
    assert flags == [(f"C{number}", "cse") for number in range(3, 4 + len(CELLS_WITH_SEVERAL))]
    assert own_errors(received, "flags") == set()


def test_a_part_that_no_list_knows_is_told_and_the_others_stay(return_folder):
    flags, received = read(return_folder, "MARKERS", ["CSE; HATE", "CSE; CCE", "HATE"], 'columns.flag = "MARKERS"\n')
    assert flags == [("C1", "cse"), ("C2", "cse"), ("C2", "cce")]
    assert {line for rule, _, line in own_errors(received, "flags") if rule == "R16"} == {2, 4}
    assert count(received, "flags")["records"] == 5
    assert any("2 of 3 cells of MARKERS hold several flags" in remark for remark in received.remarks)


def test_a_table_of_flags_is_read_as_before(return_folder):
    """One row a flag, as the contract has it: an empty flag is an error of its row, and a row keeps its line."""
    return_folder.rows("crimes", {}, {})
    return_folder.rows(
        "flags",
        {"crime_ref": "C1", "flag": "cse"},
        {"crime_ref": "C1", "flag": ""},
        {"crime_ref": "C2", "flag": "x; y"},
    )
    received = return_folder.received()
    assert received.tables["flags"]["flag_ref"].to_pylist() == ["F1"]
    assert rows_set_aside(received, "flags") == {3: "R15", 4: "R16"}


def test_a_row_of_a_table_of_flags_that_holds_two_is_two_flags_with_references_of_their_own(return_folder):
    return_folder.rows("crimes", {})
    return_folder.rows("flags", {"crime_ref": "C1", "flag": "CSE; CCE"}, {"crime_ref": "C1", "flag": "csa"})
    received = return_folder.received()
    found = received.tables["flags"].select(["flag_ref", "flag", "line"]).to_pylist()
    assert found == [
        {"flag_ref": "F1", "flag": "cse", "line": 2},
        {"flag_ref": "F1/2", "flag": "cce", "line": 2},
        {"flag_ref": "F2", "flag": "csa", "line": 3},
    ]


KNOWN = {"cse", "da", "group cse", "n/a x"}


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("CSE", ["CSE"]),
        ("group CSE", ["group CSE"]),
        ("N/A X", ["N/A X"]),
        ("N/A; CSE", ["N/A", "CSE"]),
        ("CSE DA", ["CSE", "DA"]),
        ("needs help and/or advice", ["needs help and/or advice"]),
        ("a, b", ["a", "b"]),
        (";;", []),
    ],
)
def test_a_cell_is_taken_apart_only_where_a_mark_or_a_known_word_says_so(cell, parts):
    assert list(split_cell(cell, KNOWN)) == parts


@pytest.mark.parametrize(
    ("heading", "flag"),
    [("CSE", "cse"), ("CSE_MKR", "cse"), ("Is CSE?", "cse"), ("cseFlag", "cse"), ("Child Sexual Exploitation (Y/N)", "cse"),
     ("CSA marker", "csa"), ("Modern Slavery Ind", "modern_slavery"), ("Group CSE", "group_cse"), ("CSE outcome", ""),
     ("CSE referral date", ""), ("Non CSE", ""), ("CSE risk", ""), ("Crime No", "")],
)  # fmt: skip
def test_a_heading_names_a_flag_or_does_not(heading, flag):
    assert find_heading_flag(heading) == flag
