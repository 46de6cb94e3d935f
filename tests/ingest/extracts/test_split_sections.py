"""Can a person read a split plan in mapping.toml, correct it, and send a flat extract with it?"""

import tomllib

import pytest

from assay.ingest.extracts.extract_model import SplitPlan
from assay.ingest.extracts.split_sections import missing_headings, read_split_sections, split_sections
from assay.ingest.extracts.split_tables import split_extract
from ingest.extracts.sheets_by_hand import column, plan, sheet
from ingest.extracts.test_split_tables import CRIME, LINKS, guess, joined_files
from ingest.small_return import SmallReturn

EXTRACT = """
    Crime No | Recorded   | Offence | Role    | Nominal | Sex | Marker
    1/24     | 01/02/2024 | 19C     | VIC     | 100     | F   | CSE; Alcohol
    1/24     | 01/02/2024 | 19C     | Suspect | 200     | M   | CSE; Alcohol
    2/24     | 03/02/2024 | 20A     | VIC     | 100     | F   |
"""


def read_back(text: str):
    """The plan and the errors of sections written as TOML."""
    return read_split_sections(tomllib.loads(text)["split"])


def test_a_plan_that_is_written_and_read_back_gives_the_same_tables():
    for inputs in (((sheet(EXTRACT), [*LINKS, guess("Marker", "flags.flag")]),), joined_files()):
        sheets, first = [sheet_given for sheet_given, _ in inputs], plan(*inputs)
        second, errors = read_back(split_sections(first))
        assert errors == ()
        before, after = split_extract(sheets, first), split_extract(sheets, second)
        assert {name: table.rows.to_pylist() for name, table in before.items()} == {
            name: table.rows.to_pylist() for name, table in after.items()
        }


def test_a_person_who_changes_a_word_in_the_sections_changes_what_is_read():
    inputs = (sheet(EXTRACT), LINKS)
    text = split_sections(plan(inputs)).replace('"Suspect" = "suspect"', '"Suspect" = "witness"')
    corrected, errors = read_back(text)
    assert errors == ()
    assert column(split_extract([inputs[0]], corrected)["involvements"], "role") == ["victim", "witness", "victim"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ('table = "crime"\ncolumns.crime_ref = "A"', "no such table. Did you mean crimes?"),
        ('table = "crimes"\ncolumns.crime_reff = "A"', "Did you mean crime_ref?"),
        ('table = "crimes"\ncolumn.crime_ref = "A"', "Did you mean columns?"),
        ('table = "crimes"', "columns is missing."),
        ('table = "flags"\ncolumns.flag = "A"\nvalues.flag = {"x" = "cze"}', "not in its list. Did you mean cse?"),
        ('table = "crimes"\ncolumns.crime_ref = "A"\nordinal = "two"', "ordinal is 1, 2, 3"),
        ('table = "crimes"\ncolumns.crime_ref = "A"\nlookups.crime_ref = "B"', "lookups.COLUMN is a table"),
        ('table = "crimes"\ncolumns.crime_ref = "A"\nforms.recorded_at = "DD/MM/YYYY"', "does not stand under columns"),
    ],
)
def test_an_error_in_a_section_is_a_sentence_that_names_the_section(wrong, message):
    read, errors = read_back(f'[[split]]\nfile = "extract.csv"\n{wrong}\n')
    assert read.parts == ()
    assert len(errors) == 1
    assert errors[0].startswith("mapping.toml, [[split]] number 1:")
    assert message in errors[0]


def test_a_heading_that_the_extract_does_not_have_is_a_sentence_with_the_nearest_one():
    read, _ = read_back('[[split]]\nfile = "extract.csv"\ntable = "crimes"\ncolumns.crime_ref = "Crime Num"\n')
    assert missing_headings(read, [sheet(EXTRACT)]) == (
        "mapping.toml, [[split]]: extract.csv lacks a column that it names. Did you mean Crime No?",
    )
    other = SplitPlan(tuple(read.parts))
    assert missing_headings(other, [sheet(EXTRACT, "other.csv")]) == (
        "mapping.toml, [[split]]: extract.csv is not in the folder.",
    )


CSV = """Crime No,Recorded,Offence,Role,Nominal,Sex
1/26,02/02/2026 10:00,19C,VIC,100,F
1/26,02/02/2026 10:00,19C,SUS,200,M
2/26,03/02/2026,20A,VIC,100,F
,03/02/2026,20A,VIC,100,F
"""


def sent_extract(folder, sections: str) -> SmallReturn:
    """A return of one flat file; its manifest says that crimes and involvements are supplied."""
    return_folder = SmallReturn(folder)
    for table in ("crimes", "involvements"):
        return_folder.text(table, "", None)
        (folder / f"{table}.csv").unlink()
        return_folder.tables[table].pop("rows")
    (folder / "extract.csv").write_text(CSV, encoding="utf-8")
    (folder / "mapping.toml").write_text(sections, encoding="utf-8")
    return return_folder


def test_a_return_that_is_one_flat_file_is_received_as_tables(tmp_path):
    rows = CSV.replace(",", "|")
    inputs = (sheet(rows), LINKS)
    received = sent_extract(tmp_path / "return", split_sections(plan(inputs))).received()
    crimes, persons = received.tables["crimes"], received.tables["involvements"]
    assert crimes["crime_ref"].to_pylist() == ["1/26", "2/26"]
    assert str(crimes["recorded_at"][0]).startswith("2026-02-02 10:00")
    assert persons["role"].to_pylist() == ["victim", "suspect", "victim"]
    remarks = " ".join(received.remarks)
    assert "crimes: 1 row of the extract set aside: no crime number." in remarks
    assert "extract.csv" not in remarks


def test_a_return_whose_sections_are_wrong_says_what_to_correct(tmp_path):
    inputs = (sheet(CSV.replace(",", "|")), CRIME)
    sections = split_sections(plan(inputs)).replace("columns.crime_ref", "columns.crime_no")
    received = sent_extract(tmp_path / "return", sections).received()
    assert received.tables["crimes"].num_rows == 0
    assert any("[[split]] number 1" in remark for remark in received.remarks)
