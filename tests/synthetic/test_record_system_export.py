"""Does a synthetic force's own export hold its records in other words, and nothing that makes it a return?"""

import csv

import pytest

from assay import contract
from assay.errors import UsageError
from assay.synthetic import generate_country
from assay.synthetic.record_system_exports import headings


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    return generate_country(folder / "country", forces=2, crimes_per_force=12, seed=3, export="INV02")


def rows(path, delimiter=","):
    with path.open(encoding="windows-1252", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_the_export_has_neither_cover_nor_mapping_nor_a_column_of_ours(country):
    names = sorted(path.name for path in (country.folder / "export" / "INV02").iterdir())
    assert "Crime Records.csv" in names
    assert not {"return.toml", "mapping.toml"} & set(names)
    contract_columns = {column for table in contract.tables().values() for column in table.column_names}
    assert not contract_columns & set(rows(country.folder / "export" / "INV02" / "Crime Records.csv", ";")[0])


def test_the_export_holds_the_crimes_of_the_return_with_days_of_its_own(country):
    export_rows = rows(country.returns["INV02"] / "crimes.csv")
    exported = rows(country.folder / "export" / "INV02" / "Crime Records.csv", ";")
    assert [row["Crime Number"] for row in exported] == [row["crime_ref"] for row in export_rows]
    day = export_rows[0]["recorded_at"][:10]
    assert exported[0]["Date Recorded"][:10] == f"{day[8:]}/{day[5:7]}/{day[:4]}"


def test_the_system_exports_no_column_that_assay_derives_and_none_that_refers_to_one():
    """No record system holds why a crime was selected, or a number of the link between a crime and a person."""
    columns = [
        (table, contract.table(table).column(name))
        for table in ("crimes", "involvements", "reports", "missing", "events", "flags")
        for name in headings(table)
    ]
    derived_keys = {
        table.name for table in contract.tables().values() if table.column(table.key[0]).origin == "derived"
    }
    assert [(table, column.name) for table, column in columns if column.origin == "derived"] == []
    assert [(table, column.name) for table, column in columns if column.refers in derived_keys] == []


def test_every_heading_of_the_system_stands_for_a_column_of_the_contract():
    for table in ("crimes", "involvements", "reports", "missing", "events", "flags"):
        assert set(headings(table)) <= set(contract.table(table).column_names)
        assert len(set(headings(table).values())) == len(headings(table))


def test_an_export_of_a_force_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="INV01 to INV02"):
        generate_country(tmp_path / "country", forces=2, crimes_per_force=12, export="INV07")
