"""Are the sheets of a workbook read as one, where a quarter names a column in another way and a key explains words?"""

from dataclasses import replace

import pyarrow as pa
from headings_by_hand import Cells, cells_of, sheet_of

from assay.ingest.extracts.cell_legends import words_of_legends
from assay.ingest.extracts.extract_model import Sheet, SplitPlan
from assay.ingest.extracts.sheet_layouts import same_headings
from assay.ingest.extracts.split_plan import plan_split
from assay.ingest.extracts.value_kinds_flags import flag_of_heading, read_flag_cell
from assay.ingest.extracts.value_kinds_offences import read_offence

CELLS = cells_of()
HALF = len(CELLS["sex"]) // 2


def days(kind: str) -> Cells:
    return [cell[:10] if cell else None for cell in CELLS[kind]]


COLUMNS = {
    "Crime Ref": CELLS["crime number"],
    "Date Rptd": days("report"),
    "Rptd hrs": CELLS["clock"],
    "Date Crimed": days("record"),
    "Crimed hrs": CELLS["clock"],
    "HO Class": CELLS["offence letter"],
    "O/C": CELLS["outcome number"],
    "CSE": CELLS["yes no"],
    "Vic Sex": ["NYK" if place % 6 == 0 else cell for place, cell in enumerate(CELLS["sex"])],
}


def quarter(name: str, columns: dict[str, Cells], rows: slice) -> Sheet:
    return replace(sheet_of({heading: cells[rows] for heading, cells in columns.items()}), file="year.xlsx", name=name)


def renamed(names: dict[str, str]) -> dict[str, Cells]:
    return {names.get(heading, heading): cells for heading, cells in COLUMNS.items()}


def key_sheet(**meanings: str) -> Sheet:
    (first, explained), *rows = meanings.items()
    cells = pa.table({first: [word for word, _ in rows], explained: [meaning for _, meaning in rows]})
    return Sheet("year.xlsx", "Notes", cells, pa.array(range(len(rows)), pa.int64()))


def columns_of(plan: SplitPlan, sheet: str) -> dict[str, tuple[str, str]]:
    """The column of the contract -> the heading that is used for it, and the heading that completes it."""
    parts = [part for part in plan.parts if part.sheet == sheet]
    return {
        column: (meaning.heading, meaning.joined_heading) for part in parts for column, meaning in part.columns.items()
    }


def test_a_quarter_with_other_words_for_the_same_columns_is_read_like_the_others():
    first = quarter("Q1", COLUMNS, slice(0, HALF))
    second = quarter("Q2", renamed({"Date Crimed": "Crimed Date", "O/C": "O/C code"}), slice(HALF, None))
    plan = plan_split([first, second])
    assert columns_of(plan, "Q1")["recorded_at"] == ("Date Crimed", "Crimed hrs")
    assert columns_of(plan, "Q2")["recorded_at"] == ("Crimed Date", "Crimed hrs")
    assert columns_of(plan, "Q1")["outcome_code"] == ("O/C", "")
    assert columns_of(plan, "Q2")["outcome_code"] == ("O/C code", "")
    assert [meaning.heading for _, _, meaning in plan.waiting] == []


def test_a_heading_with_another_word_is_another_column():
    first = quarter("Q1", COLUMNS, slice(0, HALF))
    other = quarter("Q2", renamed({"Date Crimed": "Date Reviewed", "O/C": "O/C Date"}), slice(HALF, None))
    assert same_headings(other, first) == {}


def test_a_word_that_the_notes_of_the_workbook_explain_as_not_known_is_missing_and_not_unread():
    sheet = quarter("Year", COLUMNS, slice(None))
    notes = key_sheet(NYK="Not known", hrs="24-hour time", Vic="Victim of the crime")
    (sex,) = [
        part.columns["sex"]
        for part in plan_split([notes, sheet]).parts
        if part.sheet == "Year" and "sex" in part.columns
    ]
    assert sex.values == {"M": "M", "F": "F", "NYK": ""}
    (unexplained,) = [part.columns["sex"] for part in plan_split([sheet]).parts if "sex" in part.columns]
    assert "NYK" not in unexplained.values


def test_a_key_with_two_meanings_of_a_word_or_with_numbers_explains_nothing():
    first = key_sheet(NYK="Not known", UI="Under investigation")
    second = key_sheet(NYK="New York", UI="Under investigation", **{"9": "Not known"})
    assert words_of_legends([first, second]) == {"ui": "Under investigation"}


def test_a_sheet_of_records_is_no_key():
    records = quarter("Crimes", {name: COLUMNS[name] for name in ("Crime Ref", "HO Class")}, slice(0, 30))
    assert words_of_legends([quarter("Q1", COLUMNS, slice(None))]) == {}
    assert "Not known" not in words_of_legends([records]).values()


def test_a_flag_of_groups_and_networks_is_the_flag_of_groups():
    assert flag_of_heading("CSE Group / Network") == "group_cse"
    assert flag_of_heading("Network Coverage") == ""


def test_the_label_beside_an_unknown_code_says_that_a_marker_is_of_another_matter():
    assert read_flag_cell("NET \u2013 Internet element") == ()
    assert read_flag_cell("NET \u2013 CSE element unknown") is None


def test_arranging_travel_for_exploitation_is_modern_slavery():
    assert read_offence("Arrange or facilitate the travel of another with a view to exploitation").code == "106"
    assert read_offence("Exploitation of another person's travel card").code != "106"
