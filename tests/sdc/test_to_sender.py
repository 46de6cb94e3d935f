"""Does what goes to one force hold its own rows only, with no path into the report?"""

from dataclasses import FrozenInstanceError, replace

import pyarrow as pa
import pytest

from assay.errors import DisclosureError
from assay.reference import Organisation
from assay.report import write_report
from assay.sdc import ToSender

ALDER = Organisation("INV01", "Alder (invented)", "alder", "territorial", "England")
OWN_TABLE = pa.table({"force_code": ["INV01", "INV01"], "record_ref": ["X1", "X2"]})


def with_rows_of(*codes):
    return pa.table({"force_code": pa.array(codes, pa.string()), "record_ref": [f"X{n}" for n in range(len(codes))]})


def test_a_force_is_handed_its_own_records_with_their_references():
    to_sender = ToSender(ALDER, {"crime": OWN_TABLE})
    assert [row["record_ref"] for row in to_sender.rows("crime")] == ["X1", "X2"]
    assert to_sender.mark == "For Alder (invented) only"


@pytest.mark.parametrize("strangers", [["INV02"], ["INV01", "INV02"], ["ALL"], [None], ["inv01"]])
def test_a_row_of_anybody_else_stops_the_whole(strangers):
    with pytest.raises(DisclosureError, match="'crime' holds 1 row that is not of INV01"):
        ToSender(ALDER, {"victim": OWN_TABLE, "crime": with_rows_of(*strangers)})


def test_the_refusal_names_the_table_and_no_record():
    with pytest.raises(DisclosureError) as refused:
        ToSender(ALDER, {"crime": with_rows_of("INV02")})
    assert "X0" not in str(refused.value)


def test_a_table_that_does_not_say_whose_its_rows_are_is_refused():
    with pytest.raises(DisclosureError, match="does not say whose its rows are"):
        ToSender(ALDER, {"crime": OWN_TABLE.drop_columns(["force_code"])})


def test_a_table_by_place_is_held_to_the_same():
    counts = pa.table({"place_code": ["INV01", "ALL"], "met": [3, 9]})
    with pytest.raises(DisclosureError, match="holds 1 row "):
        ToSender(ALDER, {"ladders": counts})


def test_a_force_without_a_record_is_handed_empty_tables():
    assert ToSender(ALDER, {"crime": OWN_TABLE.slice(0, 0)}).rows("crime") == []


def test_what_was_made_for_one_force_cannot_be_turned_to_another():
    to_sender = ToSender(ALDER, {"crime": OWN_TABLE})
    birch = Organisation("INV02", "Birch (invented)", "birch", "territorial", "England")
    with pytest.raises(FrozenInstanceError):
        to_sender.addressee = birch
    with pytest.raises(DisclosureError):
        replace(to_sender, addressee=birch)
    with pytest.raises(TypeError):
        to_sender.tables["crime"] = with_rows_of("INV02")


def test_the_report_takes_nothing_that_is_for_one_force(tmp_path):
    with pytest.raises(DisclosureError, match=r"takes only what disclosure\.release"):
        write_report(ToSender(ALDER, {"crime": OWN_TABLE}), tmp_path)
