"""Is a small return read exactly as a large one, although tests that can find nothing in it are left out?"""

import pyarrow as pa
import pytest
from sent import Sent

from assay import contract
from assay.ingest import return_validation
from assay.ingest.possible_damage import DamageTest, possible_damage
from assay.ingest.staging_store import StagingStore

ODD_CELLS = (
    "C1", "0012", "12", "NULL", "n/a", " - ", "#REF!", "=1+1", "1.2E+11", "12.0", "1,234", "3-Mar", "2026-02-02", "TRUE",
    "Y", "01/02/2026", "1234567890123456000", "Feb 2026", "2026", "2026-02-02T09:00:00+01:00", "2026-02-02T00:00",
    "\u00c3\u00a9", "C\u200b1", "\u212aNULL", "n\u00f5", "not in the format: 2026", "yes", "19D", "08/01", "x" * 65, "019D", "19d ", "19/04", "1904", "4.1", "04/10", "88A/2", "99Z",
)  # fmt: skip
TABLES = ("crimes", "involvements", "assessments", "events", "missing")


def tables_read(folder):
    received = Sent(folder)
    for name in TABLES:
        columns = [column for column in contract.table(name).columns if column.name not in contract.table(name).key]
        rows = ({column.name: odd for column in columns} for odd in ODD_CELLS)
        single = ({column.name: odd} for column in columns for odd in ODD_CELLS)
        received.rows(name, *rows, *single)
    read = received.received()
    return {name: read.tables[name] for name in read.tables}


def test_a_small_return_is_read_as_a_large_one(tmp_path, monkeypatch):
    monkeypatch.setattr(return_validation, "UNOPTIMISED_BYTES", 100_000_000)
    small = tables_read(tmp_path / "return")
    monkeypatch.setattr(return_validation, "UNOPTIMISED_BYTES", 0)
    large = tables_read(tmp_path / "return")
    assert small.keys() == large.keys()
    assert small["faults"].num_rows > len(ODD_CELLS)
    assert [name for name in small if not small[name].equals(large[name])] == []


def found_in(*cells):
    return set(possible_damage(pa.table({"crime_ref": pa.array(cells, pa.string())}), "[0-9]{4}", "odd: ")["crime_ref"])


@pytest.mark.parametrize(
    ("cell", "test"),
    [
        ("(null)", DamageTest.MISSING_VALUE),
        (" NaN ", DamageTest.MISSING_VALUE),
        ("#NAME?", DamageTest.SPREADSHEET_ERROR),
        ("1.2E+11", DamageTest.DAMAGED_REFERENCE),
        ("3-Mar", DamageTest.DAMAGED_OFFENCE),
        ("odd: 2026", DamageTest.INCOMPLETE_DATE),
        ("19/04", DamageTest.UNLISTED_OFFENCE),
        ("007", DamageTest.DAMAGED_COLUMN),
        ("Y", DamageTest.DAMAGED_COLUMN),
    ],
)
def test_a_test_that_finds_a_cell_is_made_for_its_column(cell, test):
    assert test in found_in("C1", None, cell)


def test_no_test_is_made_for_plain_references():
    assert found_in("19D", "20A", None) == set()


def test_every_test_is_made_where_a_cell_holds_more_than_ascii():
    assert found_in("C1", "C\u00e9") == set(DamageTest)


def statements_for(folder, *refs):
    received = Sent(folder).rows("crimes", *({"crime_ref": ref} for ref in refs)).received()
    list(map(received.tables.__getitem__, received.tables))
    return "\n".join(received.statements)


def test_the_statements_of_a_return_without_damage_hold_no_list_of_missing_value_codes(tmp_path):
    assert "1.#qnan" not in statements_for(tmp_path / "plain", "CR1", "CR2")
    assert "1.#qnan" in statements_for(tmp_path / "odd", "CR1", "NULL")


def test_no_statement_looks_for_unread_records_where_every_record_was_read(tmp_path, monkeypatch):
    executed = []
    execute = StagingStore._execute
    monkeypatch.setattr(StagingStore, "_execute", lambda store, sql: executed.append(sql) or execute(store, sql))
    Sent(tmp_path / "return").rows("crimes", {"crime_ref": "CR1"}, {"crime_ref": "CR2"}).received()
    assert executed
    assert not [sql for sql in executed if "unread_lines" in sql or "truncate" in sql]


@pytest.mark.parametrize(
    "type_", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string()), pa.int64()]
)
def test_a_column_that_is_not_of_plain_text_is_given_every_test(type_):
    texts = pa.table({"crime_ref": pa.nulls(2, type_)})
    assert set(possible_damage(texts, "[0-9]{4}", "odd: ")["crime_ref"]) == set(DamageTest)
