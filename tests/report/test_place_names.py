"""Do the files for other programs name each place beside its code, and leave what the receipt covers as it is?"""

import csv
import json

import pyarrow as pa
import pytest

from assay.report.place_names import named_rows, with_name_columns
from assay.sdc import declared_tables
from report.record_fixture import record_released

FORMS = declared_tables()
NAMES = {"INV01": "Alderwick", "ALL": "All together"}


def names_of(table, *rows):
    form = FORMS[table]
    heads = [column.name for column in with_name_columns(form).columns]
    released = pa.Table.from_pylist(list(rows), schema=form.schema)
    return [dict(zip(heads, row, strict=True)) for row in named_rows(form, released, NAMES)]


def test_the_name_of_a_place_stands_right_after_its_code():
    heads = [column.name for column in with_name_columns(FORMS["similar_forces"]).columns]
    assert heads[:4] == ["place_code", "place_name", "similar_code", "similar_name"]
    row = {"place_code": "INV01", "similar_code": "ALL", "nearness": 1}
    found = names_of("similar_forces", row)
    assert list(found[0]) == [column.name for column in with_name_columns(FORMS["similar_forces"]).columns]
    assert {**row, "place_name": "Alderwick", "similar_name": "All together"}.items() <= found[0].items()


def test_a_code_that_the_report_does_not_name_has_an_empty_name_and_never_another_places_name():
    assert [row["place_name"] for row in names_of("recorded", {"place_code": "E1"}, {"place_code": None})] == [None] * 2


def test_the_register_of_places_gets_no_second_name():
    assert with_name_columns(FORMS["places"]) == FORMS["places"]


def test_a_group_that_is_a_force_is_named_and_another_group_is_not():
    rows = names_of("tiers", {"split": "force", "people": "INV01"}, {"split": "sex", "people": "female"})
    assert [row["people_name"] for row in rows] == ["Alderwick", None]


@pytest.mark.parametrize("name", sorted(FORMS))
def test_no_column_of_a_table_occurs_twice_once_names_are_added(name):
    heads = [column.name for column in with_name_columns(FORMS[name]).columns]
    assert len(set(heads)) == len(heads)
    if name != "places" and "place_code" in heads:
        assert heads[heads.index("place_code") + 1] == "place_name"


def test_every_csv_file_names_its_forces_and_every_json_file_holds_what_the_receipt_covers(record_report):
    figures = record_report.folder / "figures"
    names = {row["place_code"]: row["name"] for row in record_released().rows("places")} | {"ALL": "All together"}
    for name, table in record_released().tables.items():
        with (figures / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if name != "places" and "place_code" in table.column_names:
            assert all(row["place_name"] == names.get(row["place_code"], "") for row in rows), name
        columns = json.loads((figures / f"{name}.json").read_text(encoding="utf-8"))["columns"]
        assert [column["name"] for column in columns] == table.column_names, name


def test_the_data_dictionary_and_the_metadata_of_the_csv_files_list_the_columns_of_names(record_report):
    figures = record_report.folder / "figures"
    with (figures / "dictionary.csv").open(encoding="utf-8", newline="") as file:
        listed = {(row["table"], row["column"]) for row in csv.DictReader(file)}
    assert ("ladders", "place_name") in listed
    tables = json.loads((figures / "csv-metadata.json").read_text(encoding="utf-8"))["tables"]
    ladders = next(table for table in tables if table["url"] == "ladders.csv")
    assert [column["name"] for column in ladders["tableSchema"]["columns"]][:3] == [
        "indicator",
        "place_code",
        "place_name",
    ]
