"""Do the statistical tables meet the government's guidance on spreadsheets, in both formats, and reveal nothing else?"""

import io
import warnings
import zipfile
from types import SimpleNamespace

import pytest
from lxml import etree

from assay.report.place_names import with_name_columns
from assay.report.spreadsheets import as_ods, as_xlsx, sheets
from assay.report.spreadsheets.sheet_contents import CONFIDENTIAL, NOT_APPLICABLE, NOT_AVAILABLE, Sheet
from assay.sdc import declared_tables
from report.record_fixture import record_released

openpyxl = pytest.importorskip("openpyxl")
TABLE, TEXT, OFFICE = (f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("table", "text", "office"))
FIRST = ["Cover", "Contents", "Notes", "Columns"]
BEGINS = ("=", "+", "-", "@")


def tables_in(content):
    document = etree.fromstring(content)
    for table in document.iter(f"{TABLE}table"):
        rows = []
        for row in table.iter(f"{TABLE}table-row"):
            rows.append(["".join(cell.itertext()) for cell in row.iter(f"{TABLE}table-cell")])
        yield table.get(f"{TABLE}name"), rows


@pytest.fixture(scope="module")
def xlsx(record_report):
    return openpyxl.load_workbook(record_report.folder / "figures" / "tables.xlsx")


@pytest.fixture(scope="module")
def ods(record_report):
    with zipfile.ZipFile(record_report.folder / "figures" / "tables.ods") as file:
        parts = {name: file.read(name) for name in file.namelist()}
    return SimpleNamespace(parts=parts, tables=dict(tables_in(parts["content.xml"])))


def test_cover_contents_notes_and_columns_come_first_then_one_table_a_sheet(xlsx, ods):
    tables_sent = [name for name, table in record_released().tables.items() if table.num_rows]
    assert xlsx.sheetnames == [*FIRST, *tables_sent]
    assert list(ods.tables) == [*FIRST, *tables_sent]


def test_every_sheet_has_its_title_in_a1_and_says_how_many_tables_it_holds(xlsx, ods):
    for name in xlsx.sheetnames:
        title, line = xlsx[name]["A1"].value, xlsx[name]["A2"].value
        assert title, name
        assert line.startswith("This worksheet contains one table."), name
        assert [row[0] for row in ods.tables[name][:2]] == [title, line], name


def test_every_sheet_holds_exactly_one_table_that_is_marked_as_one_with_its_head(xlsx, ods):
    content = etree.fromstring(ods.parts["content.xml"])
    ranges = [r.get(f"{TABLE}target-range-address") for r in content.iter(f"{TABLE}database-range")]
    assert len(ranges) == len(set(ranges)) == len(xlsx.sheetnames)
    for sheet in xlsx:
        assert len(sheet.tables) == 1, sheet.title
        marked = next(iter(sheet.tables.values()))
        assert marked.ref.split(":")[1] == sheet.dimensions.split(":")[1], sheet.title
        assert any(where.startswith(f"'{sheet.title}'.{marked.ref.split(':')[0]}:") for where in ranges), sheet.title


def test_no_cell_is_merged_and_no_row_column_or_cell_of_a_table_is_empty(xlsx, ods):
    for sheet in xlsx:
        assert not sheet.merged_cells.ranges, sheet.title
        begin, end = next(iter(sheet.tables.values())).ref.split(":")
        cells = [cell.value for row in sheet[f"{begin}:{end}"] for cell in row]
        assert None not in cells, sheet.title
        assert "" not in cells, sheet.title
        assert all(any(cell.value is not None for cell in row) for row in sheet.iter_rows()), sheet.title
    assert b"spanned" not in ods.parts["content.xml"]
    assert b"<text:p></text:p>" not in ods.parts["content.xml"]


def test_no_sheet_and_no_row_is_hidden_and_the_head_stays_in_sight(xlsx, ods):
    for sheet in xlsx:
        assert sheet.sheet_state == "visible"
        begin = next(iter(sheet.tables.values())).ref.split(":")[0]
        assert sheet.freeze_panes == f"B{int(begin[1:]) + 1}", sheet.title
    assert ods.parts["settings.xml"].count(b'"VerticalSplitPosition"') == len(xlsx.sheetnames)


def test_no_two_heads_of_a_table_are_alike_and_every_one_is_explained(xlsx):
    for sheet in xlsx:
        begin, end = next(iter(sheet.tables.values())).ref.split(":")
        heads = [cell.value for cell in next(iter(sheet[f"{begin}:{end}"]))]
        assert len({head.casefold() for head in heads}) == len(heads), sheet.title
    column_keys = {(row[0], row[1]) for row in xlsx["Columns"].iter_rows(values_only=True)}
    heads = [cell.value for cell in xlsx["ladders"][4]]
    assert all(("ladders", head) in column_keys for head in heads)


def test_the_contents_give_the_title_rows_units_notes_and_licence_of_every_table(xlsx):
    rows = {row[0]: row for row in xlsx["Contents"].iter_rows(min_row=4, values_only=True)}
    assert set(rows) == set(xlsx.sheetnames) - {"Cover", "Contents"}
    form = declared_tables()["ladders"]
    assert rows["ladders"][1:3] == (form.title, form.row)
    assert "records, rounded to 5" in rows["ladders"][3]
    assert rows["ladders"][4] == "Suppression: 1 to 7. Rounding: 5."
    assert rows["findings"][4] == "Computed from released counts."
    assert rows["places"][4] == "Holds no counts of records."
    assert rows["ladders"][5] == "None stated: whoever publishes the report names one."


def test_the_workbook_names_each_force_beside_its_code(xlsx):
    ladders = list(xlsx["ladders"].iter_rows(min_row=4, values_only=True))
    assert ladders[0][1:3] == ("Place code", "Place name")
    assert {row[1]: row[2] for row in ladders[1:]} == {
        "ALL": "All together",
        **{row["place_code"]: row["name"] for row in record_released().rows("places") if row["place_code"] != "INV10"},
    }


def test_the_contents_lead_to_every_sheet(xlsx):
    links = {cell.hyperlink.location for row in xlsx["Contents"].iter_rows(max_col=1) for cell in row if cell.hyperlink}
    assert links == {f"'{name}'!A1" for name in xlsx.sheetnames if name not in ("Cover", "Contents")}


def test_a_hidden_count_is_a_sign_and_a_number_is_a_number(xlsx, ods):
    ladder = next(
        row
        for row in record_released().rows("ladders")
        if row["met"] is None and "met" in row["suppressed_cells"].split()
    )
    place = [column.name for column in with_name_columns(declared_tables()["ladders"]).columns].index("met")
    rows = [
        row
        for row in xlsx["ladders"].iter_rows(values_only=True)
        if (*row[:2], row[3]) == (ladder["indicator"], ladder["place_code"], ladder["when_reported"])
    ]
    assert rows[0][place] == CONFIDENTIAL
    cells_shown = {
        type(row[place]) for row in xlsx["ladders"].iter_rows(min_row=5, values_only=True) if row[place] != CONFIDENTIAL
    }
    assert cells_shown <= {int, float, str}
    assert int in cells_shown
    ladder_rows = [row for row in ods.tables["ladders"] if row[:4] == list(rows[0][:4])]
    assert ladder_rows[0][place] == CONFIDENTIAL


def test_every_sign_in_brackets_is_explained_in_the_notes(xlsx):
    note_names = {row[0] for row in xlsx["Notes"].iter_rows(values_only=True)}
    assert {CONFIDENTIAL, NOT_AVAILABLE, NOT_APPLICABLE, "[note 1]", "[note 2]"} <= note_names


def test_both_formats_hold_the_same_words_and_numbers_as_what_was_released():
    sheets_made = sheets(record_released(), "A report")
    sheet_by_tab = {sheet.tab: sheet for sheet in sheets_made}
    for name, table in record_released().tables.items():
        if table.num_rows:
            numbers = sum(isinstance(cell, (int, float)) for row in sheet_by_tab[name].rows for cell in row)
            forms = [c for c in declared_tables()[name].columns if not c.is_text and c.kind != "flag"]
            assert numbers == sum(v is not None for c in forms for v in table[c.name].to_pylist()), name


@pytest.mark.parametrize("sign", BEGINS)
def test_a_text_that_looks_like_a_formula_stays_a_text(sign):
    formula_text = f"{sign}1+1"
    sheet = Sheet(
        "one",
        formula_text,
        ("This worksheet contains one table.",),
        ("Name", "Number"),
        ("text", "number"),
        ((formula_text, 2),),
    )
    cell = openpyxl.load_workbook(io.BytesIO(as_xlsx([sheet], "T")))["one"]["A4"]
    assert (cell.value, cell.data_type) == (formula_text, "s")
    with zipfile.ZipFile(io.BytesIO(as_ods([sheet], "T"))) as file:
        content = etree.fromstring(file.read("content.xml"))
    assert not [element for element in content.iter() if f"{TABLE}formula" in element.attrib]
    assert [rows[3] for _, rows in tables_in(etree.tostring(content))] == [[formula_text, "2"]]


def test_a_text_with_the_signs_of_markup_is_told_as_it_is():
    sheet = Sheet("one", "A & B", ("One <table>",), ('"Name"',), ("text",), (("<b>&",),))
    with zipfile.ZipFile(io.BytesIO(as_ods([sheet], "A & B"))) as file:
        assert dict(tables_in(file.read("content.xml"))) == {"one": [["A & B"], ["One <table>"], ['"Name"'], ["<b>&"]]}


def test_a_sheet_without_rows_keeps_its_heads_in_both_formats():
    sheet = Sheet("one", "Forces", ("No force sent a return.",), ("Force", "Crimes"), ("text", "number"), ())
    page = openpyxl.load_workbook(io.BytesIO(as_xlsx([sheet], "T")))["one"]
    rows_read = [["Forces"], ["No force sent a return."], ["Force", "Crimes"]]
    assert [[cell for cell in row if cell is not None] for row in page.iter_rows(values_only=True)] == rows_read
    assert page["A3"].font.b
    with zipfile.ZipFile(io.BytesIO(as_ods([sheet], "T"))) as file:
        assert dict(tables_in(file.read("content.xml"))) == {"one": rows_read}


def test_the_same_figures_give_the_same_bytes_in_both_formats(record_report):
    sheets_made = sheets(record_released(), "A report")[:8]
    assert as_xlsx(sheets_made, "A report") == as_xlsx(sheets_made, "A report")
    assert as_ods(sheets_made, "A report") == as_ods(sheets_made, "A report")


def csv_problems(metadata):
    """What csvw finds wrong with the CSV files and their metadata; it collects its own warnings, so none may be raised."""
    csvw = pytest.importorskip("csvw")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        group = csvw.CSVW(str(metadata), validate=True)
        assert len(group.tables) > 20
        assert group.is_valid == (not group.warnings)
    return [str(problem.message) for problem in group.warnings]


def test_what_is_reported_of_the_csv_files_holds_of_every_one_of_them(record_report):
    assert csv_problems(record_report.folder / "figures" / "csv-metadata.json") == []


def test_a_csv_file_that_is_not_what_is_reported_of_it_is_noticed(record_report, tmp_path):
    figures = record_report.folder / "figures"
    for path in [*figures.glob("*.csv"), figures / "csv-metadata.json"]:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    path = tmp_path / "force_estimates.csv"
    path.write_text(path.read_text().replace(",0.", ",about 0.", 1))
    problems = csv_problems(tmp_path / "csv-metadata.json")
    assert {problem.partition(": about 0.")[0] for problem in problems} == {"Invalid column value"}


def test_the_rows_of_a_sheet_are_read_anew_each_time_and_are_as_many_as_released():
    sheet = next(sheet for sheet in sheets(record_released(), "A report") if sheet.tab == "ladders")
    assert len(sheet.rows) == record_released().tables["ladders"].num_rows > 100
    assert [*sheet.rows] == [*sheet.rows]
    assert len([*sheet.rows]) == len(sheet.rows)
    assert iter(sheet.rows) is not iter(sheet.rows)


def test_rows_are_read_back_as_written_each_with_the_format_of_its_kind():
    rows = (
        ("Kent & \u2018Sussex\u2019 <1>", 1234, 0.125, "[c]"),
        ("=1+1", 0.5, "[x]", 2.0),
        (" two  spaces ", 1e20, 1e-7, -3),
    )
    sheet = Sheet("counts", "A title", ("A line.",), ("A", "B", "C", "D"), ("text", "number", "share", "number"), rows)
    page = openpyxl.load_workbook(io.BytesIO(as_xlsx([sheet], "A title")))["counts"]
    cells = [*page.iter_rows(min_row=4)]
    assert [tuple(cell.value for cell in row) for row in cells] == list(rows)
    assert {cell.data_type for row in cells for cell in row} == {"s", "n"}
    formats = [[cell.number_format for cell in row] for row in cells]
    assert formats[0] == ["General", "#,##0", "0.0%", "#,##0.##"]
    assert formats[1] == ["General", "#,##0.##", "#,##0.##", "#,##0"]
    assert page.dimensions == "A1:D6"
    assert page.tables["table_0_counts"].ref == "A3:D6"
