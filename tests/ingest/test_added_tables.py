"""Does a table that nobody here has seen become the long form as its mapping says, and is nothing guessed?"""

import csv
import io
import json
from pathlib import Path

import pytest

from assay.errors import SourceError
from assay.ingest.added_tables import long_form, read_added_table, read_added_tables, write_long_form, write_long_table
from ingest.official_forms import Sheet, write_xlsx
from reference_data import reference

pytestmark = pytest.mark.quick

TABLE = """
[table]
key = "missing-children"
title = "Children reported missing"
publisher = "A publisher"
address = "https://example.org/missing"
edition = "2024/25"
licence = "Open Government Licence v3.0"
retrieved_on = 2026-12-01
file = "table.csv"
counts = "Incidents of children who were reported missing."
does_not_count = "Children nobody reported."
"""
AREAS = '[areas]\nname_column = "Force"\nlevel = "police force"\n'
PERIODS = '[periods]\ncolumn = "Year"\n'
MEASURES = '[measures.incidents]\ntitle = "Incidents"\nunit = "incidents"\n'
VALUES = '[[values]]\ncolumn = "Incidents"\nmeasure = "incidents"\n'
MARKERS = '[markers]\n"[c]" = "suppressed"\n'
WHOLE = TABLE + AREAS + PERIODS + MEASURES + VALUES + MARKERS
ROWS = 'Force,Year,Incidents\nKent,2023/24,"1,200"\nKent,2024/25,1300\nEssex,2024/25,[c]\n'


@pytest.fixture
def added(tmp_path):
    """Writes a mapping and its table, and returns what is read of them."""

    def read(mapping=WHOLE, rows=ROWS):
        (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
        (tmp_path / "table.csv").write_text(rows, encoding="utf-8")
        return read_added_table(tmp_path / "mapping.toml")

    return read


def figures(table):
    return [(row.area_code, row.period, row.value, row.marker) for row in table.converted.rows]


def refused(added, mapping=WHOLE, rows=ROWS):
    with pytest.raises(SourceError) as caught:
        added(mapping, rows)
    return str(caught.value)


def test_each_cell_becomes_one_figure_and_a_marker_stays_a_marker(added):
    table = added()
    assert figures(table) == [
        ("E23000032", "2023/24", 1200.0, ""),
        ("E23000032", "2024/25", 1300.0, ""),
        ("E23000028", "2024/25", None, "[c]"),
    ]
    assert (table.file.row_count, table.file.passed_on) == (3, 3)


def test_the_same_table_in_a_workbook_gives_the_same_figures(added, tmp_path):
    expected = figures(added())
    header, *rows = csv.reader(io.StringIO(ROWS))
    notes = Sheet("Notes", [], ["Read this first"], [])
    write_xlsx(tmp_path / "table.xlsx", [notes, Sheet("Table 1", ["Missing children"], header, rows)])
    mapping = WHOLE.replace('"table.csv"', '"table.xlsx"\nsheet = "Table 1"\nheader_row = 2')
    assert figures(added(mapping)) == expected
    assert "'Notes', 'Table 1'" in refused(added, mapping.replace('sheet = "Table 1"\n', ""))


def test_rows_that_the_mapping_leaves_out_are_counted_by_reason(added):
    mapping = WHOLE + '[[leave_out]]\ncolumn = "Force"\nvalues = ["Total"]\nreason = "a sum of forces"\n'
    mapping = mapping.replace('file = "table.csv"', 'file = "table.csv"\nlast_row = 5')
    table = added(mapping, ROWS + "Total,2024/25,9000\nNote: provisional,,\n")
    assert len(table.converted.rows) == 3
    assert dict(table.converted.set_aside) == {"a sum of forces": 1, "below the last row that the mapping names": 1}
    assert table.file.row_count == 5


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (ROWS.replace("[c]", "[low]"), ["row 4", "'[low]'", "under [markers]"]),
        (ROWS.replace("[c]", ""), ["row 4", "is empty", "not read as 0"]),
        (ROWS.replace("[c]", "a child of Essex"), ["a text of 16 characters"]),
        (ROWS.replace("[c]", "12%"), ["'12%'", "neither a number"]),
        (ROWS.replace("Essex", "Esex"), ["row 4", "in no register", "Did you mean Essex", "[areas.words]"]),
        (ROWS.replace("2023/24", "Apr 2023 to Mar 2024"), ["row 2", "no period", "[periods.words]"]),
        (ROWS.replace("Incidents", "Incident"), ["'Incidents' is not in the header row 1", "'Incident'"]),
        (ROWS.replace("2023/24", "2024/25"), ["1 figures occur twice", "E23000032, 2024/25", "[breakdowns]"]),
        ("Force,Year,Incidents\n", ["no row below the header"]),
        (ROWS + "a note\n", ["row 5 has 1 cells", "last_row"]),
    ],
)
def test_what_is_not_understood_stops_the_table_and_says_what_to_do(added, rows, words):
    message = refused(added, rows=rows)
    assert [word for word in words if word not in message] == []
    assert "mapping.toml" in message
    assert "child of Essex" not in message


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (WHOLE.replace("counts =", "count =", 1), "write counts as a text"),
        (WHOLE.replace("does_not_count", "no_count"), "write does_not_count as a text"),
        (WHOLE.replace("https://example.org/missing", "by mail"), "not published cannot be added"),
        (WHOLE + "[colours]\n", "the key 'colours' is not known"),
        (WHOLE.replace('level = "police force"', 'level = "town"'), "level must be one of police force"),
        (WHOLE.replace('measure = "incidents"', 'measure = "persons"'), "no section [measures.persons]"),
        (WHOLE.replace('column = "Year"', 'period = "spring"'), "write a period as 2025, 2024/25"),
        (WHOLE.replace("[periods]", '[periods]\nperiod = "2024"'), "give the period of a figure once"),
        (WHOLE.replace("2026-12-01", '"December"'), "write retrieved_on as a day"),
        (WHOLE.replace("[table]", '[table]\nquestions = ["Q51"]'), "from Q1 to Q50"),
        (WHOLE.replace("[table]", f'[table]\nsha256 = "{"0" * 64}"'), "this is not the file for which"),
        ("Force,Year\n", "cannot be read as TOML"),
    ],
)
def test_a_mapping_that_is_wrong_is_refused_with_the_line_to_correct(added, mapping, words):
    assert words in refused(added, mapping)


def test_a_grade_is_a_word_with_a_number(added):
    mapping = WHOLE.replace(MEASURES, MEASURES + "scale = { Good = 2, Inadequate = 4 }\n")
    rows = "Force,Year,Incidents\nKent,2024,Good\nEssex,2024,Inadequate\n"
    assert [row.value for row in added(mapping, rows).converted.rows] == [2, 4]
    assert "not on the scale" in refused(added, mapping, rows.replace("Good", "3"))


def test_a_measure_may_stand_in_a_column_and_groups_in_others(added):
    mapping = WHOLE.replace(VALUES, '[[values]]\ncolumn = "Count"\nmeasure_column = "Kind"\n')
    mapping = mapping.replace(MEASURES, MEASURES + 'words = ["Missing"]\n')
    mapping += '[breakdowns]\ncolumns = ["Sex", "Age"]\n[breakdowns.words]\nTotal = "all"\n'
    header = "Force,Year,Kind,Sex,Age,Count\n"
    table = added(mapping, header + "Kent,2024,Missing,Total,Total,9\nKent,2024,Missing,Girls,10 to 15,4\n")
    assert [(row.measure, row.breakdown) for row in table.converted.rows] == [
        ("incidents", "all"),
        ("incidents", "Girls, 10 to 15"),
    ]
    assert "[measures.KEY]" in refused(added, mapping, header + "Kent,2024,Found,Total,Total,9\n")


def test_each_year_and_each_group_may_have_columns_of_its_own(added):
    """The shape in which many national tables are published: `[periods]` and `[breakdowns]` are then empty."""
    columns = (("Girls 2023/24", "girls"), ("Girls 2024/25", "girls"), ("Boys 2024/25", "boys"))
    values = "".join(
        f'[[values]]\ncolumn = "{name}"\nmeasure = "incidents"\nperiod = "{name[-7:]}"\nbreakdown = "{group}"\n'
        for name, group in columns
    )
    mapping = WHOLE.replace(PERIODS, "[periods]\n[breakdowns]\n").replace(VALUES, values)
    table = added(mapping, "Force,Girls 2023/24,Girls 2024/25,Boys 2024/25\nKent,5,6,[c]\n")
    assert [(row.period, row.breakdown, row.value, row.marker) for row in table.converted.rows] == [
        ("2023/24", "girls", 5, ""),
        ("2024/25", "girls", 6, ""),
        ("2024/25", "boys", None, "[c]"),
    ]


def test_six_digits_are_a_financial_year_only_if_the_mapping_says_so(added):
    rows = ROWS.replace("2023/24", "202324").replace("2024/25", "202425")
    assert "no period" in refused(added, rows=rows)
    mapping = WHOLE.replace('column = "Year"', 'column = "Year"\nform = "YYYYYY"')
    assert [row.period for row in added(mapping, rows).converted.rows] == ["2023/24", "2024/25", "2024/25"]
    assert "no period" in refused(added, mapping, rows.replace("202324", "202325"))


def test_a_name_of_both_a_force_and_an_authority_is_found_at_the_level_of_the_mapping(added):
    assert figures(added())[0][0] == "E23000032"
    mapping = WHOLE.replace('level = "police force"', 'level = "local authority"')
    table = added(mapping, "Force,Year,Incidents\nKent,2024,1\n")
    assert figures(table)[0][0] == "E10000016"
    assert table.converted.areas["E10000016"].force_code == "E23000032"


def test_a_file_in_the_long_form_is_read_back_as_it_was_written(added, tmp_path):
    expected = figures(added())
    path = write_long_table(added(), tmp_path / "out")
    (tmp_path / "table.csv").write_text(path.read_text())
    mapping = TABLE.replace("[table]", '[table]\nlayout = "long"') + MEASURES + MARKERS
    assert figures(added(mapping, path.read_text())) == expected
    assert "differs from the mapping" in refused(added, mapping.replace('"2024/25"', '"2025/26"'), path.read_text())


def test_two_tables_of_one_key_are_refused(added, tmp_path):
    added()
    with pytest.raises(SourceError, match="have the key 'missing-children'"):
        read_added_tables([tmp_path / "mapping.toml"] * 2)


def test_the_schemas_name_the_columns_of_the_example_that_is_written_beside_them(tmp_path):
    write_long_form(tmp_path)
    header, *rows = csv.reader((tmp_path / "long-form.csv").read_text().splitlines())
    names = list(long_form().names)
    assert names == ["source", "edition", "area_code", "period", "measure", "breakdown", "value", "marker"] == header
    schema = json.loads((tmp_path / "long-form-schema.json").read_text())
    assert [field["name"] for field in schema["fields"]] == names
    assert json.loads((tmp_path / "datapackage.json").read_text())["resources"][0]["schema"] == schema
    csvw = json.loads((tmp_path / "long-form.csv-metadata.json").read_text())
    assert [column["name"] for column in csvw["tableSchema"]["columns"]] == names
    assert csvw["url"] == "long-form.csv"
    assert len(rows) == 12  # six rows of two figures each; the row without an area is left out
    assert all((row[6] == "") != (row[7] == "") for row in rows)


DFE = """
[table]
key = "repeat-plans"
title = "Children who became the subject of a plan for a second or subsequent time"
publisher = "Department for Education"
address = "https://explore-education-statistics.service.gov.uk/find-statistics/children-in-need"
edition = "2013 to 2025"
licence = "Open Government Licence v3.0"
retrieved_on = 2026-11-30
file = "{file}"
counts = "Child protection plans that began in the year."
does_not_count = "Abuse that led to no plan."
[areas]
code_column = "new_la_code"
[areas.words]
"" = "E92000001"
[periods]
column = "time_period"
[measures.plans]
title = "Plans that began"
unit = "plans"
[[values]]
column = "CPP_start"
measure = "plans"
[markers]
c = "suppressed"
x = "not available"
z = "not applicable"
u = "unreliable"
[[leave_out]]
column = "geographic_level"
values = ["Regional"]
reason = "regions are left out"
"""


def test_a_real_table_of_the_department_is_read_with_a_mapping_alone(tmp_path):
    path = reference("data/dfe-children-services-2025/d3_cpps_subsequent_plan_2013_to_2025.csv")
    (tmp_path / "plans.toml").write_text(DFE.format(file=path.as_posix()))
    table = read_added_table(tmp_path / "plans.toml")
    assert table.file.row_count == 13 + 143 + 1976  # national, regional and local rows of 2013 to 2025
    assert dict(table.converted.set_aside) == {"regions are left out": 143}
    national = {row.period: row.value for row in table.converted.rows if row.area_code == "E92000001"}
    assert len(national) == 13
    assert national["2025"] == 61840
    assert Path(path).name == table.file.name


def one_period(text):
    return f"Force,Year,Incidents\nKent,{text},9\n"


@pytest.mark.parametrize("text", ["2024", "2024/25", "1999/00", "2024/25 Q4", "2025-09", "2024-02-29"])
def test_a_period_that_exists_is_taken_as_printed(added, text):
    assert figures(added(rows=one_period(text))) == [("E23000032", text, 9.0, "")]


@pytest.mark.parametrize("text", ["2024-99", "2024-00", "2025-13-45", "2025-02-29", "2024/99", "2024/24 Q1"])
def test_a_month_or_day_or_year_that_does_not_exist_is_no_period(added, text):
    assert "no period of the form" in refused(added, rows=one_period(text))
    assert "write a period as" in refused(added, WHOLE.replace('column = "Year"', f'period = "{text}"'))


def test_two_numbers_that_may_be_a_month_or_two_years_are_not_guessed(added):
    """2010-11 may be November 2010 or the year 2010/11; 2024-25 can be no month, so its column holds years."""
    for text in ("2010-11", "2024-25"):
        assert f"{text}, which may be a month or two years" in refused(added, rows=one_period(text))
    for form, period in (("YYYY-MM", "2010-11"), ("YYYY-YY", "2010/11")):
        mapping = WHOLE.replace('column = "Year"', f'column = "Year"\nform = "{form}"')
        assert figures(added(mapping, one_period("2010-11"))) == [("E23000032", period, 9.0, "")]


def test_no_table_takes_the_place_of_the_page_that_lists_them(added):
    assert "cannot be index" in refused(added, WHOLE.replace('"missing-children"', '"index"'))


def test_what_the_mapping_names_and_the_table_does_not_hold_is_said(added):
    mapping = (
        f'{WHOLE}"[x]" = "not available"\n[[leave_out]]\ncolumn = "Force"\nvalues = ["Kentt"]\nreason = "no force"\n'
    )
    assert added().converted.unmatched == ()
    assert added().file.edition_note == ""
    assert added(mapping).converted.unmatched == ("'[x]' under [markers]", "'Kentt' under [[leave_out]]")
    assert added(mapping).file.edition_note.startswith(
        "mapping.toml names what this table does not hold: '[x]' under [markers], 'Kentt' under [[leave_out]]. Look for"
    )


def test_a_fixed_period_that_may_be_a_month_or_two_years_is_refused_until_the_form_says_month(added):
    rows = "Force,Incidents\nKent,9\n"
    fixed = WHOLE.replace(PERIODS, '[periods]\nperiod = "2010-11"\n')
    assert "2010-11 may be a month or two years. Write the two years as 2010/11" in refused(added, fixed, rows)
    assert "2010-11 may be a month" in refused(added, fixed.replace("period =", 'form = "YYYY-YY"\nperiod ='), rows)
    month = fixed.replace("period =", 'form = "YYYY-MM"\nperiod =').replace(MARKERS, "")
    assert figures(added(month, rows)) == [("E23000032", "2010-11", 9.0, "")]
    column_period = WHOLE.replace(PERIODS, "").replace(VALUES, f'{VALUES}period = "2010-11"\n')
    assert "2010-11 may be a month or two years" in refused(added, column_period, rows)
