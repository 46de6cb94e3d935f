"""Is the flat extract of a synthetic force one file with a row for each person of a crime, in words of its own?"""

import csv
from collections import Counter

import pytest

from assay import contract
from assay.synthetic import generate_country


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    return generate_country(
        tmp_path_factory.mktemp("flat") / "country", forces=2, crimes_per_force=12, seed=3, export="INV02"
    )


@pytest.fixture(scope="module")
def extract(country):
    """The lines of the extract below its title."""
    text = (country.folder / "extract" / "INV02.csv").read_text(encoding="windows-1252")
    return list(csv.DictReader(text.splitlines()[1:]))


def return_rows(country, table):
    with (country.returns["INV02"] / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_no_heading_is_a_column_of_the_contract(extract):
    columns = {column for table in contract.tables().values() for column in table.column_names}
    assert set(extract[0]) & columns == set()


def test_every_victim_and_suspect_of_a_crime_has_a_row_and_the_crime_is_repeated(country, extract):
    links = [
        row for row in return_rows(country, "involvements") if row["crime_ref"] and row["role"] in ("victim", "suspect")
    ]
    crimes = {row["crime_ref"] for row in return_rows(country, "crimes")}
    in_return = Counter((row["crime_ref"], row["role"]) for row in links if row["crime_ref"] in crimes)
    in_extract = Counter((row["Crime Report No"], row["Involved As"].lower()) for row in extract if row["Involved As"])
    assert in_extract == in_return
    assert {row["Crime Report No"] for row in extract} == crimes


def test_the_flags_of_a_crime_stand_in_one_cell(country, extract):
    flags = {(row["crime_ref"], row["flag"]) for row in return_rows(country, "flags") if row["crime_ref"]}
    cells = {row["Crime Report No"]: row["Markers"] for row in extract}
    pairs = {(crime, word) for crime, cell in cells.items() for word in cell.split("; ") if word}
    assert pairs
    assert len(pairs) == sum(crime in cells for crime, _ in flags)


def test_days_are_written_as_a_british_system_writes_them(extract):
    assert all(row["Recorded as Crime"][2::3][:2] == "//" for row in extract)
