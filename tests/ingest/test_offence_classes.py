"""Is a Home Office class with its sub-code read as the code that it is, or refused, and never cut to another offence?"""

from small_return import SmallReturn, own_errors, rows_set_aside

from assay import contract
from assay.ingest import offence_codes
from assay.reference import offences

OFFENCE = contract.table("crimes").column("offence_code")


def read(tmp_path, *cells, mapping=""):
    """The offence code of each crime, or None where the crime was set aside."""
    return_folder = SmallReturn(tmp_path / "return")
    return_folder.rows("crimes", *({"offence_code": cell} for cell in cells))
    if mapping:
        (return_folder.folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    received = return_folder.received()
    code_rows = received.tables["crimes"].select(["crime_ref", "offence_code"]).to_pylist()
    found = {row["crime_ref"]: row["offence_code"] for row in code_rows}
    assert set(rows_set_aside(received, "crimes").values()) <= {"R16", "R68"}
    return [found.get(f"C{number}") for number in range(1, len(cells) + 1)]


FORMS = ("{0:03}/{1:02}", "{0}/{1}", "{0:03} {1:02}", "{0:03}{1:02}", "{0}{1:02}", "{0}.{1:02}", "{0:03}-{1:02}",
         " {0:03} / {1:02} ")  # fmt: skip


def codes_by_cell(tmp_path, cells):
    return dict(zip(cells, read(tmp_path, *cells), strict=True))


def test_a_class_that_the_list_divides_is_refused_with_a_sub_code_however_it_is_written(tmp_path):
    """Class 20 is 20A (aged 13 and over) and 20B (under 13) today: no sub-code is the old code 20."""
    pairs = (20, 5), (20, 6), (19, 8), (17, 15), (22, 2), (88, 1)
    cells = [form.format(*pair) for form in FORMS for pair in pairs]
    assert codes_by_cell(tmp_path, cells) == dict.fromkeys(cells)


def test_a_class_that_is_one_code_is_that_code_whatever_the_sub_code_and_however_it_is_written(tmp_path):
    expected = {form.format(*pair): str(pair[0]) for form in FORMS for pair in ((71, 17), (86, 2), (13, 1), (73, 10))}
    assert codes_by_cell(tmp_path, list(expected)) == expected


def test_a_class_and_number_that_the_list_writes_with_a_point_are_that_code(tmp_path):
    """4.1 is manslaughter and 4.10 is another offence; 37.2 is written 037/02 by a record system."""
    cells = ("004/01", "4.1", "4/10", "4.10", "037/02", "4/99")
    assert read(tmp_path, *cells) == ["4.1", "4.1", "4.10", "4.10", "37.2", None]


def test_a_code_as_the_list_writes_it_is_read_as_before(tmp_path):
    cells = ("19D", "019D", "19d", "20A/05", "20", "020", "71", "1", "802", "8R", "CIFAS", "195/94", "807")
    expected = ["19D", "19D", "19D", "20A", "20", "20", "71", "1", "802", "8R", "CIFAS", "195", "807"]
    assert read(tmp_path, *cells) == expected


def test_a_divided_class_alone_that_is_no_code_of_the_list_is_refused(tmp_path):
    """19 is no code: it is 19C, 19D, 19E and five more."""
    assert read(tmp_path, "19", "019", "17", "22", "71") == [None, None, None, None, "71"]


def test_a_code_that_became_a_number_is_none(tmp_path):
    """A program that writes 71.0 takes codes for numbers: its 4.1 may be 4.1 or 4.10."""
    assert read(tmp_path, "71.0", "19.0", "4,00") == [None, None, None]


def test_a_date_or_what_a_spreadsheet_made_of_a_code_is_refused(tmp_path):
    cells = ["20/05/2026", "20/05/26", "2026-05-20", "20-May", "May-20", "1.9E+01", "020/05/1/2"]
    assert codes_by_cell(tmp_path, cells) == dict.fromkeys(cells)


def test_what_the_force_says_of_a_sub_code_is_read(tmp_path):
    mapping_text = '[tables.crimes.values]\noffence_code = {"020/05" = "20A", "020/06" = "20B"}\n'
    assert read(tmp_path, "020/05", "020/06", "020/03", mapping=mapping_text) == ["20A", "20B", None]


def test_every_code_of_the_list_is_itself():
    assert {offence.code: offence_codes.parse_offence_code(offence.code) for offence in offences().all} == {
        offence.code: offence.code for offence in offences().all
    }


def test_what_prepare_says_of_a_code_is_what_receipt_makes_of_it(tmp_path):
    """Two readings of one rule, in Python and in SQL: every form of every class, with and without a sub-code."""
    classes = ("1", "4", "8", "13", "17", "19", "20", "28", "37", "71", "88", "99", "105", "106", "195", "802")
    cells = [form.format(int(offence_class), sub) for offence_class in classes for form in FORMS for sub in (1, 10)]
    cells += [
        *classes,
        *(f"{item}A" for item in classes),
        *(f"{item}.0" for item in classes),
        "",
        "x",
        "20/",
        "/5",
        "20//5",
    ]
    codes_parsed = [offence_codes.parse_offence_code(cell) for cell in cells if cell]
    assert read(tmp_path, *(cell for cell in cells if cell)) == codes_parsed


def test_a_sub_code_that_is_refused_is_told_with_the_codes_of_its_class(tmp_path):
    return_folder = SmallReturn(tmp_path / "return")
    return_folder.rows("crimes", *({"offence_code": "020/05"} for _ in range(6)), {"offence_code": "71/17"})
    received = return_folder.received()
    assert {error[:2] for error in own_errors(received, "crimes")} == {("R16", "offence_code")}
    (unmapped,) = received.tables["unmapped"].to_pylist()
    assert (unmapped["word"], unmapped["rows"], unmapped["nearest"]) == ("020/05", 6, "20A, 20B")
