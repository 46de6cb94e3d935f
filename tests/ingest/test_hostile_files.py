"""Files that were made to break whoever opens them: each costs its own table, a little memory and a little time."""

import io
import random
import resource
import zipfile
import zlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from official_forms import Sheet, cover_sheet, write_ods, write_xlsx
from small_return import SmallReturn, count, errors, rows_set_aside

from assay import contract
from assay.casefiles.rating_sheet_reader import cells
from assay.engine.safe_files import parquet_limits
from assay.engine.safe_files.workbook_limits import fills_memory
from assay.errors import ReturnRefused, SourceError
from assay.feedback.force_return_letter import write_letter as write_letter
from assay.ingest.official_statistics import read_statistics
from mutated_returns import MARK, base, read_mutated, write_mutated

MEGABYTES = 400
WORKBOOK_XML = (
    '<workbook xmlns="{0}" xmlns:r="{1}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PART_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def peak():
    """The most memory that this process ever took, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.fixture
def little_memory():
    before = peak()
    yield
    assert peak() - before < MEGABYTES


def workbook(sheet, *, shared="", more=()):
    """A workbook whose first sheet holds this XML; `more` are members beside it."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        whole = f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr(
            "[Content_Types].xml", f'<Types xmlns="{PART_RELATIONS.replace("relationships", "content-types")}"/>'
        )
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{PART_RELATIONS}">{whole}</Relationships>')
        archive.writestr("xl/workbook.xml", WORKBOOK_XML.format(MAIN, RELATIONS))
        target = f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PART_RELATIONS}">{target}</Relationships>'
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>'
        )
        if shared:
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{shared}</sst>')
        for name, content in more:
            archive.writestr(name, content)
    return data.getvalue()


def row(line, *cells):
    return f'<row r="{line}">' + "".join(cells) + "</row>"


def words(place, text):
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def head_of(table):
    """A header of all that the table needs, so that only what is hostile can refuse it."""
    names = ["force_code", *contract.table(table).column_names]
    return row(1, *(words(f"{letters(number)}1", name) for number, name in enumerate(names)))


def letters(number):
    return chr(65 + number) if number < 26 else chr(64 + number // 26) + chr(65 + number % 26)


HEAD = head_of("crimes")


def refused(received, table="crimes"):
    return count(received, table)["refused_rule"]


def received(tmp_path, name, data):
    return SmallReturn(tmp_path / "r").rows("reports", {}).data(name, data).received(scan=False)


def beside_it(read_result):
    """Whether the table beside the hostile one was taken in all the same."""
    return count(read_result, "reports")["accepted"] == 1


def test_a_workbook_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path, little_memory):
    data = workbook(HEAD, more=[("xl/media/a", b"\0" * 100_000_000)])
    assert len(data) < 1_000_000
    read_result = received(tmp_path, "crimes.xlsx", data)
    assert refused(read_result) == "R04"
    assert beside_it(read_result)


def test_a_sheet_whose_two_cells_lie_a_billion_places_apart_is_not_laid_out(tmp_path, little_memory):
    far = row(1_048_576, words("XFD1048576", "x"))
    assert refused(received(tmp_path, "crimes.xlsx", workbook(HEAD + far))) == "R04"


def test_cells_of_another_kind_that_only_the_spreadsheet_reader_sees_are_not_laid_out(tmp_path, little_memory):
    far = '<q:row xmlns:q="urn:other" r="1048576"><q:c r="XFD1048576"><q:v>1</q:v></q:c></q:row>'
    assert refused(received(tmp_path, "crimes.xlsx", workbook(HEAD + far))) == "R04"


@pytest.mark.parametrize("line", [2, 20_000])
def test_a_sheet_that_harms_nobody_is_read_wherever_its_row_stands(tmp_path, line):
    read_result = received(
        tmp_path, "crimes.xlsx", workbook(HEAD + row(line, words(f"A{line}", "INV01"), words(f"B{line}", "C1")))
    )
    assert refused(read_result) == ""
    assert count(read_result, "crimes")["records"] == 1


def test_one_long_text_that_many_cells_share_is_not_copied_for_each(tmp_path, little_memory):
    cells = "".join(row(line, f'<c r="A{line}" t="s"><v>0</v></c>') for line in range(2, 20_000))
    shared = f"<si><t>{'x' * 1_000_000}</t></si>"
    assert refused(received(tmp_path, "crimes.xlsx", workbook(HEAD + cells, shared=shared))) == "R04"


def test_entities_that_multiply_one_another_are_not_worked_out(tmp_path, little_memory):
    names = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    evil = f'<!DOCTYPE sst [<!ENTITY a0 "xxxxxxxxxx">{"".join(names)}]><sst xmlns="{MAIN}"><si><t>&a9;</t></si></sst>'
    read_result = received(tmp_path, "crimes.xlsx", workbook(HEAD, more=[("xl/sharedStrings.xml", evil)]))
    assert refused(read_result) == "R04"


@pytest.mark.parametrize(
    "place", ["../../../etc/hostname", "/etc/hostname", "file:///etc/hostname", "http://a.example/b"]
)
def test_a_part_of_a_workbook_that_lies_elsewhere_is_not_opened(tmp_path, place):
    data, out = workbook(HEAD), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source_archive, zipfile.ZipFile(out, "w") as target_archive:
        for name in source_archive.namelist():
            target_archive.writestr(name, source_archive.read(name).replace(b"worksheets/sheet1.xml", place.encode()))
    assert refused(received(tmp_path, "crimes.xlsx", out.getvalue())) == "R04"


def test_a_link_that_stands_in_for_a_file_is_not_followed(tmp_path):
    (tmp_path / "elsewhere.csv").write_text("force_code,crime_ref\nINV01,C1\n")
    return_folder = SmallReturn(tmp_path / "r").rows("reports", {}).rows("crimes", {})
    (tmp_path / "r" / "crimes.csv").unlink()
    (tmp_path / "r" / "crimes.csv").symlink_to(tmp_path / "elsewhere.csv")
    read_result = return_folder.received(scan=False)
    assert refused(read_result) == "R06"
    assert any("crimes.csv" in remark and "not opened" in remark for remark in read_result.remarks)


def test_a_mapping_that_names_a_file_elsewhere_opens_none(tmp_path):
    (tmp_path / "x.csv").write_text("force_code,crime_ref\nINV01,C1\n")
    return_folder = SmallReturn(tmp_path / "r").rows("reports", {}).rows("crimes", {})
    (tmp_path / "r" / "mapping.toml").write_text('[tables.crimes]\nfile = "../x.csv"\n')
    assert refused(return_folder.received(scan=False)) == "R06"


def test_a_billion_equal_rows_in_a_small_parquet_file_are_not_laid_out(tmp_path, little_memory):
    text = pa.array(["x"] * 1_000_000).dictionary_encode()
    table = pa.table({"force_code": text, "crime_ref": text})
    with pq.ParquetWriter(tmp_path / "a.parquet", table.schema) as writer:
        for _ in range(60):
            writer.write_table(table)
    data = (tmp_path / "a.parquet").read_bytes()
    assert len(data) < 1_000_000
    assert refused(received(tmp_path, "crimes.parquet", data)) == "R04"


DEEP = ["x = " + "[" * 100_000, "x = " + "9" * 100_000, "[return]\nedition = " + "1" * 4_301, "x" * 3_000_000]


@pytest.mark.parametrize("text", DEEP, ids=["deep", "long number", "too many digits", "too long"])
def test_a_cover_that_was_made_to_break_its_reader_refuses_the_return(tmp_path, text):
    return_folder = SmallReturn(tmp_path / "r").rows("reports", {})
    return_folder.toml = lambda: text
    with pytest.raises(ReturnRefused, match=r"return\.toml.*R01"):
        return_folder.received()


@pytest.mark.parametrize("key", ["edition", "rows"])
def test_a_number_in_the_cover_that_no_machine_holds_is_told(tmp_path, key):
    return_folder = SmallReturn(tmp_path / "r").rows("reports", {}, **({"rows": "9" * 30} if key == "rows" else {}))
    if key == "edition":
        return_folder.return_keys["edition"] = "9" * 30
        with pytest.raises(ReturnRefused, match="edition"):
            return_folder.received()
    else:
        assert beside_it(return_folder.received(scan=False))


SIGNS = {
    "turned round": "\u202eabc", "no width": "a\u200bb", "marks upon marks": "e" + "\u0301" * 5_000, "letter alike": "\u0421\u0031",
    "full width": "\uff23\uff11", "line of another kind": "a\u2028b", "tag": "\U000e0041", "not a letter": "\ufdd0",
}  # fmt: skip


def test_signs_that_look_like_others_make_no_two_references_one(tmp_path):
    wrong = [{"crime_ref": text} for text in SIGNS.values()]
    read_result = (
        SmallReturn(tmp_path / "r").rows("crimes", {"crime_ref": "C1"}, *wrong).rows("reports", {}).received(scan=False)
    )
    counted_rows = count(read_result, "crimes")
    assert counted_rows["records"] == 1 + len(SIGNS) == counted_rows["accepted"] + counted_rows["set_aside"]
    crime_refs = read_result.tables["crimes"]["crime_ref"].to_pylist()
    assert "C1" in crime_refs
    assert len(set(crime_refs)) == len(crime_refs)


def test_a_formula_stays_a_text_and_its_letter_does_not_repeat_it(tmp_path):
    formula = "=HYPERLINK(1)"
    return_folder = (
        SmallReturn(tmp_path / "r").rows("notes", {"text": formula, "author_role": formula}).rows("reports", {})
    )
    read_result = return_folder.received(scan=False)
    letter = write_letter(read_result)
    assert formula not in letter.html() + letter.csv()
    assert rows_set_aside(read_result, "notes") or errors(read_result, "notes") or read_result.tables["notes"].num_rows


def test_a_line_without_an_end_costs_no_more_memory_than_a_few_times_itself(tmp_path, little_memory):
    read_result = received(tmp_path, "crimes.csv", b"force_code,crime_ref\nINV01," + b"x" * 30_000_000)
    assert refused(read_result) == "R04"
    assert beside_it(read_result)


def test_an_official_file_that_unpacks_to_gigabytes_is_refused(tmp_path, little_memory):
    (tmp_path / "a.csv.gz").write_bytes(bomb())
    with pytest.raises(SourceError, match="unpacked"):
        read_statistics([tmp_path / "a.csv.gz"])


def bomb():
    """Three hundred megabytes of one letter as gzip, made from one piece again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = b"a" * 10_000_000
    out = [packer.compress(piece) for _ in range(30)]
    return b"".join([*out, packer.flush()])


@pytest.mark.parametrize("write", [write_xlsx, write_ods])
def test_an_official_sheet_that_unpacks_to_gigabytes_is_refused(tmp_path, little_memory, write):
    path = write(tmp_path / "a", [cover_sheet(), Sheet("2024-25", ["Title"], ["a"], [["1"]])])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as source_archive:
        source_archive.writestr("extra", b"\0" * 100_000_000)
    with pytest.raises(SourceError, match="unpacked"):
        read_statistics([path])


FAR = {
    "a cell far down and right": "{row}<r:row r='1048576'><r:c r='XFD1048576'/></r:row>",
    "a cell far right": '{row}<row r="2"/><row r="200000"><c r="ZZ200000"><v>1</v></c></row>',
}
EMPTY_ROWS = '<table:table-row table:number-rows-repeated="{}"><table:table-cell/></table:table-row>'
FULL = '<table:table-row{}><table:table-cell table:number-columns-repeated="{}" office:value="1"/></table:table-row>'
FAR_ODS = {
    "a row of every column, a million times": FULL.format(' table:number-rows-repeated="1000000"', 16_384),
    "a row of every column after a million": EMPTY_ROWS.format(1_000_000) + FULL.format("", 16_384),
    "a cell repeated beyond any sheet": FULL.format("", 99_999_999_999),
    "empty rows beyond any sheet": EMPTY_ROWS.format(99_999_999_999),
}
NEAR_ODS = {
    "the empty rows that a program writes at the end": FULL.format("", 100) + EMPTY_ROWS.format(1_048_575),
    "empty cells to the last column": "<table:table-row><table:table-cell/>"
    '<table:table-cell table:number-columns-repeated="16383"></table:table-cell></table:table-row>' * 2_000,
}


def zipped(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return zipfile.ZipFile(out)


@pytest.mark.parametrize("rows", FAR.values(), ids=FAR)
def test_a_workbook_whose_cells_lie_far_apart_is_known_before_it_is_laid_out(rows):
    far = rows.format(row=row(1, words("A1", "x")))
    assert fills_memory(zipped("xl/worksheets/sheet1.xml", f"<sheetData>{far}</sheetData>"))
    near_rows = "".join(f'<row r="{line}"><c r="AD{line}"/></row>' for line in (1, 2, 900_000))
    assert not fills_memory(zipped("xl/worksheets/sheet1.xml", f"<sheetData>{near_rows}</sheetData>"))


@pytest.mark.parametrize("rows", [*FAR_ODS.values(), *NEAR_ODS.values()], ids=[*FAR_ODS, *NEAR_ODS])
def test_an_ods_is_asked_how_far_apart_its_cells_lie(rows):
    assert fills_memory(zipped("content.xml", f"<table:table>{rows}</table:table>")) == (rows in FAR_ODS.values())


def test_an_official_sheet_whose_two_cells_lie_a_billion_places_apart_is_not_laid_out(tmp_path, little_memory):
    (tmp_path / "a.xlsx").write_bytes(workbook(row(1, words("A1", "x")) + row(1_048_576, words("XFD1048576", "x"))))
    with pytest.raises(SourceError, match="unpacked"):
        read_statistics([tmp_path / "a.xlsx"])


def test_a_marking_sheet_or_form_whose_cells_lie_a_billion_places_apart_is_not_laid_out(tmp_path, little_memory):
    (tmp_path / "a.xlsx").write_bytes(workbook(row(1, words("A1", "x")) + row(1_048_576, words("XFD1048576", "x"))))
    with pytest.raises(SourceError, match="larger than any rating sheet"):
        cells(tmp_path / "a.xlsx", "a")


def test_a_marking_sheet_or_form_that_breaks_off_in_its_sheet_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(workbook(row(1, words("A1", "x")) + '<row r="2'))
    with pytest.raises(SourceError, match="cannot be read as a workbook"):
        cells(tmp_path / "a.xlsx", "a")


def test_an_official_parquet_file_of_more_rows_than_any_is_not_laid_out(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_limits, "MAXIMUM_ROWS", 1_000)
    pq.write_table(pa.table({"force_name": ["x"] * 1_001}), tmp_path / "a.parquet")
    with pytest.raises(SourceError, match="unpacked"):
        read_statistics([tmp_path / "a.parquet"])


@pytest.mark.parametrize("cells", [pa.array([b"\xff"]), pa.array([["a"]])])
def test_an_official_parquet_file_with_a_column_that_is_no_text_is_refused_with_a_sentence(tmp_path, cells):
    pq.write_table(pa.table({"force_name": cells, "offences": [1]}), tmp_path / "a.parquet")
    with pytest.raises(SourceError, match="neither text, number nor day"):
        read_statistics([tmp_path / "a.parquet"])


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return base(tmp_path_factory.mktemp("invented") / "country")


@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32 - 1))
def test_whatever_was_changed_in_a_return_every_row_is_accounted_for_and_no_content_is_told(
    sound, tmp_path_factory, seed
):
    folder = tmp_path_factory.mktemp("changed")
    done = write_mutated(sound, folder / "r", random.Random(seed))
    read_back = read_mutated(sound, folder / "r")
    assert (read_back.crash, read_back.unaccounted, read_back.leaks) == ("", 0, 0), done


def test_content_that_is_told_would_be_seen(sound, tmp_path, monkeypatch):
    write_mutated(sound, tmp_path / "r", random.Random(1))
    monkeypatch.setattr("mutated_returns._sentences", lambda *levels: iter([f"a letter with {MARK}C1 in it"]))
    assert read_mutated(sound, tmp_path / "r").leaks == 1


def official(path, write):
    header = ["Financial Year", "Financial Quarter", "Force Name", "Offence Description", "Offence Code", "Offences"]
    row = ["2024/25", "1", "Cleveland", "An offence", "17B", "4"]
    return write(path, [cover_sheet(), Sheet("Table é", ["A table", ""], header, [row])])


def changed(path, part, damage):
    """The same workbook with one of its parts made another."""
    with zipfile.ZipFile(path) as sound:
        parts_by_name = {name: sound.read(name) for name in sound.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts_by_name.items():
            archive.writestr(name, damage(content) if name.endswith(part) else content)
    return path


ODD_ENDS = {
    "an encoding that nobody knows": lambda sound: b"<?xml version='1.0' encoding='zz'?>" + sound.partition(b"?>")[2],
    "something after its end": lambda sound: sound + b"<",
}


@pytest.mark.parametrize("damage", ODD_ENDS.values(), ids=ODD_ENDS)
def test_an_official_workbook_with_a_damaged_part_is_refused_in_a_sentence(tmp_path, damage):
    """The spreadsheet reader opens it all the same."""
    path = changed(official(tmp_path / "table.xlsx", write_xlsx), "workbook.xml.rels", damage)
    with pytest.raises(SourceError, match="the file is cut short or damaged"):
        read_statistics([path])


def test_a_sheet_in_an_encoding_in_which_its_rows_cannot_be_counted_is_refused_in_a_sentence(tmp_path):
    def in_latin(content):
        return b"<?xml version='1.0' encoding='iso-8859-1'?>" + content.partition(b"?>")[2].decode().encode("latin-1")

    path = changed(official(tmp_path / "table.ods", write_ods), "content.xml", in_latin)
    with pytest.raises(SourceError, match="the sheet is damaged"):
        read_statistics([path])


def test_an_official_workbook_with_a_prefix_that_nobody_declared_is_refused_in_a_sentence(tmp_path):
    def without_it(content):
        return content.replace(b"<sheets>", b"<x:sheets/><sheets>", 1)

    path = changed(official(tmp_path / "table.xlsx", write_xlsx), "xl/workbook.xml", without_it)
    with pytest.raises(SourceError, match="damaged"):
        read_statistics([path])


HEADINGS = {
    "a heading of its own": ("Colour (old)", "1 column (Colour (old))"),
    "one without a heading": ("colour,", "1 column (colour)"),
    "a record in the line": ("colour*INV01,Told,2025-06-27", "3 columns, at least one of which is not a name"),
}


@pytest.mark.parametrize(("more", "message"), HEADINGS.values(), ids=HEADINGS)
def test_an_unknown_heading_is_told_but_never_a_record_that_stands_among_headings(tmp_path, more, message):
    return_folder = SmallReturn(tmp_path / "r").rows("reports").rows("crimes")
    file_path = tmp_path / "r" / "crimes.csv"
    file_path.write_text(f"{file_path.read_text().strip()},{more}\n")
    remarks = " ".join(return_folder.received(scan=False).remarks)
    assert f"not read, because the contract does not know them: {message}" in remarks
    assert "Told" not in remarks
    assert "INV01" not in remarks
