"""Is a small return read exactly as a large one, although whole-column tests that can find nothing are left out?"""

from small_return import SmallReturn

from assay import contract
from assay.ingest import return_validation
from assay.ingest.staging_store import StagingStore

ODD_CELLS = (
    "C1", "0012", "12", "NULL", "n/a", " - ", "#REF!", "=1+1", "1.2E+11", "12.0", "1,234", "3-Mar", "2026-02-02", "TRUE",
    "Y", "01/02/2026", "1234567890123456000", "Feb 2026", "2026", "2026-02-02T09:00:00+01:00", "2026-02-02T00:00",
    "\u00c3\u00a9", "C\u200b1", "\u212aNULL", "n\u00f5", "not in the format: 2026", "yes", "19D", "08/01", "x" * 65, "019D", "19d ", "19/04", "1904", "4.1", "04/10", "88A/2", "99Z",
)  # fmt: skip
TABLES = ("crimes", "involvements", "assessments", "events", "missing")


def tables_read(folder):
    received = SmallReturn(folder)
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


def test_no_statement_looks_for_unread_records_where_every_record_was_read(tmp_path, monkeypatch):
    executed = []
    execute = StagingStore._execute
    monkeypatch.setattr(StagingStore, "_execute", lambda store, sql: executed.append(sql) or execute(store, sql))
    SmallReturn(tmp_path / "return").rows("crimes", {"crime_ref": "CR1"}, {"crime_ref": "CR2"}).received()
    assert executed
    assert not [sql for sql in executed if "unread_lines" in sql or "truncate" in sql]
