"""Is the ONS table of flagged offences read as it is laid out: place, year, flagged abuse, flagged exploitation?"""

from pathlib import Path

import pytest
from official_forms import Sheet, write_ods, write_xlsx
from tables import write_table

from assay.ingest.official_statistics import ReceivedStatistics, read_statistics

HEADER = ("Area name", "Year", "Child sexual abuse", "Child sexual exploitation")
ROWS = [
    ["England and Wales", "Apr 2020 to Mar 2021", "90", "16"],
    ["England and Wales", "Apr 2021 to Mar 2022", "100", "17"],
]
TITLE = "Table 24: Offences flagged as child sexual abuse or child sexual exploitation, England and Wales"


def flagged(received: ReceivedStatistics) -> dict[tuple[str, int, str], int]:
    rows = received.tables["flagged"].to_pylist()
    return {(row["area_code"], row["year"], row["flag"]): row["offences"] for row in rows}


EXPECTED = {
    ("EW", 2021, "child sexual abuse"): 90,
    ("EW", 2021, "child sexual exploitation"): 16,
    ("EW", 2022, "child sexual abuse"): 100,
    ("EW", 2022, "child sexual exploitation"): 17,
}


def test_the_two_flags_of_each_year_are_read(tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "table24.csv", *ROWS, header=HEADER))
    assert flagged(received) == EXPECTED
    assert (received.files[0].return_kind, received.files[0].row_count, received.errors) == ("flagged", 4, ())


@pytest.mark.parametrize("write", [write_xlsx, write_ods])
def test_the_table_is_found_under_its_titles_in_a_workbook_and_its_notes_are_no_rows(write, tmp_path: Path) -> None:
    note = ["Source: police recorded crime from the Home Office", None, None, None]
    sheet = Sheet("Table 24", [TITLE, "Numbers"], HEADER, [*ROWS, note])
    received = read_statistics(write(tmp_path / f"other{write.__name__}.bin", [sheet]))
    assert flagged(received) == EXPECTED
    assert received.errors == ()


def test_without_a_column_for_the_place_the_title_says_it(tmp_path: Path) -> None:
    sheet = Sheet("Table 24", [TITLE, ""], HEADER[1:], [row[1:] for row in ROWS])
    assert flagged(read_statistics(write_xlsx(tmp_path / "other.xlsx", [sheet]))) == EXPECTED


def test_without_any_word_for_the_place_it_is_not_guessed(tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "t.csv", *[row[1:] for row in ROWS], header=HEADER[1:]))
    assert flagged(received) == {}
    assert {error.rule for error in received.errors} == {
        "an area is England and Wales, England, Wales or a police force"
    }


@pytest.mark.parametrize(
    "year", ["2021/22", "2021-22", "Year ending March 2022", "Apr 2021 to Mar 2022 [note 3]", "2022"]
)
def test_a_year_to_march_is_read_in_each_wording(year: str, tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "t.csv", ["England and Wales", year, "100", "17"], header=HEADER))
    assert {row["year"] for row in received.tables["flagged"].to_pylist()} == {2022}


@pytest.mark.parametrize("year", ["Year ending December 2022", "Jan 2022 to Dec 2022", "2021/23"])
def test_another_period_is_set_aside_and_not_taken_for_a_year_to_march(year: str, tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "t.csv", ["England and Wales", year, "100", "17"], header=HEADER))
    assert flagged(received) == {}
    assert dict(received.files[0].set_aside) == {"year cannot be read": 2}


def test_forces_are_read_by_name_or_code_and_regions_are_set_aside(tmp_path: Path) -> None:
    header = ("Area code", "Police force area", "Year ending March", "CSA flagged offences", "CSE flagged offences")
    rows = [
        ["E23000032", "Kent", "2022", "8", "2"],
        ["", "Devon & Cornwall", "2022", "9", "[x]"],
        ["E12000008", "South East", "2022", "17", "2"],
        ["", "Kant", "2022", "1", "1"],
    ]
    received = read_statistics(write_table(tmp_path / "t.csv", *rows, header=header))
    assert flagged(received) == {
        ("E23000032", 2022, "child sexual abuse"): 8,
        ("E23000032", 2022, "child sexual exploitation"): 2,
        ("E23000035", 2022, "child sexual abuse"): 9,
    }
    assert dict(received.files[0].set_aside) == {
        "a region: its forces are in rows of their own": 2,
        "no count published": 1,
        "unknown area": 2,
    }
    assert "Did you mean Kent" in received.errors[0].correction


def test_the_columns_of_change_and_rate_are_not_counts(tmp_path: Path) -> None:
    header = (*HEADER, "Child sexual abuse % change", "Child sexual exploitation, rate per 1,000")
    assert (
        flagged(read_statistics(write_table(tmp_path / "t.csv", *[[*row, "7", "0"] for row in ROWS], header=header)))
        == EXPECTED
    )


def test_the_country_and_the_forces_of_one_year_may_come_in_two_files(tmp_path: Path) -> None:
    files = [
        write_table(tmp_path / "a.csv", *ROWS, header=HEADER),
        write_table(tmp_path / "b.csv", ["Kent", "2021/22", "8", "2"], header=HEADER),
    ]
    assert len(flagged(read_statistics(files))) == 6


def test_the_layout_is_marked_as_known_from_memory() -> None:
    import tomllib
    from importlib.resources import files

    layout = tomllib.loads(files("assay.ingest.official_statistics").joinpath("layouts.toml").read_text("utf-8"))[
        "flagged"
    ]
    counts = [column for column in layout["column"] if column["field"].startswith("child_sexual")]
    assert [item["seen"] for item in counts] == [[], []]
