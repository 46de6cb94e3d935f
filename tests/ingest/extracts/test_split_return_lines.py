"""Do the validation errors of a return that is sent as an extract name the file, sheet and line of the extract?"""

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from assay.feedback.force_return_letter import write_letter
from ingest.small_return import SmallReturn

CRIMES = ["Crime No", "Reported", "Recorded"]
PERSONS = ["Crime No", "Role", "DOB"]
CRIME_SECTION = """
[[split]]
file = "{file}"
{sheet}table = "crimes"
columns.crime_ref = "Crime No"
columns.reported_at = "Reported"
forms.reported_at = "DD/MM/YYYY HH:MM"
columns.recorded_at = "Recorded"
forms.recorded_at = "DD/MM/YYYY HH:MM"
"""
PERSON_SECTION = """
[[split]]
file = "{file}"
{sheet}table = "involvements"
columns.crime_ref = "Crime No"
columns.role = "Role"
values.role = {{"V" = "victim", "S" = "suspect"}}
columns.date_of_birth = "DOB"
forms.date_of_birth = "DD/MM/YYYY"
"""


def crimes(count: int, late: int) -> list[list[str]]:
    """Crimes, of which crime `late` was recorded on the day before it was reported."""
    return [[f"C{n}", "02/02/2026 09:00", f"{'01' if n == late else '02'}/02/2026 10:00"] for n in range(1, count + 1)]


def extract_return(folder, mapping: str, *tables: str) -> SmallReturn:
    """A return whose tables are made from the extract in its folder."""
    returned = SmallReturn(folder)
    for table in tables:
        returned.text(table, "", None)
        (folder / f"{table}.csv").unlink()
        returned.tables[table].pop("rows")
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    return returned


def errors(received, rule: str) -> set[tuple[str, int | None]]:
    """File and line of each error of a rule in the letter."""
    rows = write_letter(received).lines.to_pylist()
    return {(row["file"], row["line"]) for row in rows if row["rule"] == rule}


def workbook(folder) -> str:
    """Two sheets: crimes below a title, of which crime 3 (row 6) is wrong; persons, of whom the victim of row 4 is."""
    with xlsxwriter.Workbook(folder / "extract.xlsx") as file:
        sheet = file.add_worksheet("Crimes")
        sheet.write(0, 0, "Export of the crime system")
        for place, cells in enumerate([CRIMES, *crimes(4, late=3)]):
            sheet.write_row(2 + place, 0, cells)
        sheet = file.add_worksheet("People")
        births = ["03/05/2010", "04/05/2010", "01/05/2029", "05/05/2010"]
        for place, cells in enumerate([PERSONS, *([f"C{n + 1}", "V", births[n]] for n in range(4))]):
            sheet.write_row(place, 0, cells)
    names = [{"file": "extract.xlsx", "sheet": f'sheet = "{name}"\n'} for name in ("Crimes", "People")]
    return CRIME_SECTION.format(**names[0]) + PERSON_SECTION.format(**names[1])


@pytest.fixture
def sheets(tmp_path):
    """What came of the workbook of two sheets."""
    folder = tmp_path / "return"
    folder.mkdir()
    return extract_return(folder, workbook(folder), "crimes", "involvements").received()


def test_an_error_names_the_sheet_and_its_row(sheets):
    assert errors(sheets, "R41") == {("extract.xlsx, sheet Crimes", 6)}
    assert errors(sheets, "R23") == {("extract.xlsx, sheet People", 4)}


def test_the_letter_names_the_sheet_and_its_row(sheets):
    letter = write_letter(sheets)
    rows = {
        row["rule"]: (row["file"], row["line"]) for row in letter.lines.to_pylist() if row["rule"] in ("R23", "R41")
    }
    assert rows == {"R41": ("extract.xlsx, sheet Crimes", 6), "R23": ("extract.xlsx, sheet People", 4)}
    assert "crimes, recorded_at (extract.xlsx, sheet Crimes)" in letter.html()
    assert "crimes.csv" not in letter.html() + letter.csv()


def test_an_accepted_row_has_the_line_of_its_sheet(sheets):
    assert sheets.tables["crimes"]["line"].to_pylist() == [4, 5, 6, 7]
    assert sheets.tables["involvements"]["line"].to_pylist() == [2, 3, 4, 5]


def test_a_table_that_is_written_to_a_file_has_the_same_lines(sheets, tmp_path):
    sheets.tables.write_parquet("crimes", tmp_path / "crimes.parquet")
    assert pq.read_table(tmp_path / "crimes.parquet")["line"].to_pylist() == [4, 5, 6, 7]


def test_a_row_that_is_set_aside_names_the_file_and_line_of_the_extract(tmp_path):
    """The row of line 3 has a reference of more letters than a reference may have; the one of line 4 is sound."""
    folder = tmp_path / "return"
    folder.mkdir()
    rows = [CRIMES, ["C" * 500, *crimes(1, late=0)[0][1:]], *crimes(1, late=0)]
    (folder / "extract.csv").write_text("\n" + "".join(",".join(cells) + "\n" for cells in rows), encoding="utf-8")
    received = extract_return(folder, CRIME_SECTION.format(file="extract.csv", sheet=""), "crimes").received()
    places = [(row["file"], row["line"]) for row in received.tables["aside"].to_pylist()]
    assert places == [("extract.csv", 3)]


def test_a_row_of_the_extract_that_cannot_be_read_is_reported_to_its_sender(tmp_path):
    folder = tmp_path / "return"
    folder.mkdir()
    rows = [CRIMES, *crimes(30, late=0), ["C31", "02/02/2026 09:00"]]
    (folder / "extract.csv").write_text("".join(",".join(cells) + "\n" for cells in rows), encoding="utf-8")
    received = extract_return(folder, CRIME_SECTION.format(file="extract.csv", sheet=""), "crimes").received()
    assert received.tables["crimes"].num_rows == 30
    assert any(remark.startswith("extract.csv: 1 row could not be read and is not used") for remark in received.remarks)


def test_a_cell_of_several_lines_moves_no_line_of_another_row(tmp_path):
    folder = tmp_path / "return"
    folder.mkdir()
    head = [*CRIMES, "Team"]
    rows = [[*cells, '"north\nand south"'] for cells in crimes(3, late=3)]
    text = "".join(",".join(cells) + "\n" for cells in [head, *rows])
    (folder / "extract.csv").write_text(text, encoding="utf-8")
    mapping = CRIME_SECTION.format(file="extract.csv", sheet="") + 'columns.investigating_team = "Team"\n'
    received = extract_return(folder, mapping, "crimes").received()
    assert errors(received, "R41") == {("extract.csv", 6)}
    assert received.tables["crimes"]["line"].to_pylist() == [2, 4, 6]


def test_a_section_that_looks_a_crime_up_in_a_file_of_which_nothing_else_is_read_finds_it(tmp_path):
    folder = tmp_path / "return"
    folder.mkdir()
    (folder / "keys.csv").write_text("Id,Crime No\n1,C1\n2,C2\n", encoding="utf-8")
    (folder / "people.csv").write_text("Id,Role,DOB\n1,V,03/05/2010\n2,S,04/05/1980\n", encoding="utf-8")
    lookup = 'lookups.crime_ref = {file = "keys.csv", sheet = "", key = "Id", value = "Crime No"}\n'
    section = PERSON_SECTION.format(file="people.csv", sheet="").replace('"Crime No"', '"Id"')
    received = extract_return(folder, section + lookup, "involvements").received()
    assert [remark for remark in received.remarks if "keys.csv" in remark] == []
    assert received.tables["involvements"]["role"].to_pylist() == ["victim", "suspect"]


def test_an_error_in_the_second_of_two_files_names_that_file_and_its_line(tmp_path):
    folder = tmp_path / "return"
    folder.mkdir()
    for name, rows in (("north", crimes(3, late=0)), ("south", [[f"S{c[0]}", *c[1:]] for c in crimes(3, late=2)])):
        text = "".join("|".join(cells) + "\n" for cells in [CRIMES, *rows])
        (folder / f"{name}.csv").write_text(f"Export\n\n{text}", encoding="utf-8")
    mapping = "".join(CRIME_SECTION.format(file=f"{name}.csv", sheet="") for name in ("north", "south"))
    received = extract_return(folder, mapping, "crimes").received()
    assert errors(received, "R41") == {("south.csv", 5)}
    files = {row["table_name"]: row["file"] for row in received.tables["counted"].to_pylist()}
    assert files["crimes"] == "north.csv, south.csv"
