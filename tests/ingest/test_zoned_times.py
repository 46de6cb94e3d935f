"""Is a time that carries a zone read as its instant, in the local time of London, and never with its zone cut off?"""

import time
from datetime import UTC, datetime
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_return import SmallReturn, own_errors

from assay.ingest import return_validation
from assay.ingest.column_mapping import read_mapping_file


@pytest.fixture
def return_folder(tmp_path):
    return SmallReturn(tmp_path / "return")


def reports(return_folder, form, *cells):
    """The universal minutes that are read from cells under a form of times, and the lines refused."""
    return_folder.rows("reports", *({"received_at": cell} for cell in cells))
    (return_folder.folder / "mapping.toml").write_text(f"[tables.reports]\n{form}\n", encoding="utf-8")
    received = return_folder.received()
    refused = {
        line for rule, column, line in own_errors(received, "reports") if (rule, column) == ("R16", "received_at")
    }
    return received.tables["reports"]["received_at"].drop_null().to_pylist(), refused


NINE = datetime(2026, 7, 1, 9)


@pytest.mark.parametrize("mark", ["Z", "%z", "+HH:MM", "+00:00", " Z", "+0000"])
def test_however_the_zone_is_written_in_a_form_summer_keeps_its_hour(return_folder, mark):
    """Ten o'clock of British Summer Time is nine o'clock of universal time, in either way of saying it."""
    form = f'time_form = "YYYY-MM-DDTHH:MM:SS{mark}"'
    cells = ("2026-07-01T10:00:00+01:00", "2026-07-01T09:00:00Z", "2026-07-01T09:00:00+0000", "2026-07-01T09:00:00+00",
             "2026-07-01T11:00:00 +02:00", "2026-07-01T10:00:00 BST", "2026-07-01T09:00:00 GMT")  # fmt: skip
    read, refused = reports(return_folder, form, *cells)
    assert (read, refused) == ([NINE] * len(cells), set())


def test_a_form_as_programs_write_it_is_read_too(return_folder):
    assert reports(return_folder, 'time_form = "%d/%m/%Y %H:%M%z"', "01/07/2026 10:00+0100") == ([NINE], set())


@pytest.mark.parametrize(
    "cell",
    ["2026-07-01T09:00Z", "2026-07-01T09:00:00z", "2026-07-01T10:00+01:00", "2026-07-01T09:00:00.000+0000",
     "2026-07-01T11:00 +02", "2026-07-01T10:00 BST", "2026-07-01 09:00:00 GMT", "2026-07-01 09:00:00,1 UTC"],
)  # fmt: skip
def test_a_time_of_the_contract_with_a_zone_is_read_as_its_instant_and_counted(tmp_path, cell):
    received = (
        SmallReturn(tmp_path / "return")
        .rows("reports", {"received_at": cell}, {"received_at": "2026-07-01T10:00"})
        .received()
    )
    assert received.tables["reports"]["received_at"].to_pylist() == [NINE, NINE]
    assert own_errors(received, "reports") == {("R18", "received_at", 2)}


@pytest.fixture
def server_in_london(monkeypatch):
    """The server keeps the clock of London, as many servers of police forces do."""
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("server_in_london")
def test_a_return_too_large_for_memory_has_the_same_instants_on_a_server_in_london(return_folder, monkeypatch):
    monkeypatch.setattr(return_validation, "DISK_STORE_BYTES", 0)
    cells = ("2026-07-01T10:00:00+01:00", "2026-07-01T09:00:00Z", "2026-07-01T10:00")
    received = return_folder.rows("reports", *({"received_at": cell} for cell in cells)).received()
    assert received.tables["reports"]["received_at"].to_pylist() == [NINE, NINE, NINE]


def test_a_column_of_days_exported_as_instants_holds_days(tmp_path):
    """Twenty days of summer that a program wrote as universal time, and twenty real times."""
    days = [{"received_at": f"2026-06-{day:02d}T23:00:00Z"} for day in range(1, 21)]
    times = [{"received_at": f"2026-06-{day:02d}T09:30:00Z"} for day in range(1, 21)]
    received = SmallReturn(tmp_path / "return").rows("reports", *days, *times).received()
    table = received.tables["reports"].to_pylist()
    assert [str(row["received_at_day"]) for row in table[:2]] == ["2026-06-02", "2026-06-03"]
    assert table[0]["received_at"] < table[0]["received_at_last"]
    assert table[20]["received_at"] == table[20]["received_at_last"]


@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "+05:30"])
def test_a_parquet_time_with_a_zone_is_the_instant_that_it_names(tmp_path, zone):
    instant = pa.array([NINE.replace(tzinfo=UTC)], pa.timestamp("us", tz=zone))
    table = pa.table({"force_code": ["INV01"], "report_ref": ["R1"], "received_at": instant})
    pq.write_table(table, file := BytesIO())
    received = SmallReturn(tmp_path / "return").data("reports.parquet", file.getvalue()).received()
    assert received.tables["reports"]["received_at"].to_pylist() == [NINE]
    assert own_errors(received, "reports") == {("R18", "received_at", 2)}


def test_a_day_that_does_not_exist_stays_an_error_with_a_zone(tmp_path):
    received = SmallReturn(tmp_path / "return").rows("reports", {"received_at": "2026-02-30T09:00Z"}).received()
    assert ("R16", "received_at", 2) in own_errors(received, "reports")


def test_a_time_with_a_zone_near_midnight_falls_on_the_day_of_london(return_folder):
    """23:30 of universal time on 30 June is half past midnight on 1 July in London."""
    return_folder.rows("reports", {"received_at": "30/06/2026 23:30Z"})
    (return_folder.folder / "mapping.toml").write_text(
        '[tables.reports]\ntime_form = "DD/MM/YYYY HH:MMZ"\n', encoding="utf-8"
    )
    table = return_folder.received().tables["reports"]
    assert [str(day) for day in table["received_at_day"].to_pylist()] == ["2026-07-01"]


def test_the_clock_changes_at_one_oclock_of_universal_time(return_folder):
    """On 29 March 2026 clocks go forward: 00:59 stays, 01:00 is two o'clock. On 25 October 2025 summer holds still."""
    cells = ("2026-03-29T00:59:00Z", "2026-03-29T01:00:00Z", "2025-10-26T00:30:00Z", "2025-10-26T02:00:00Z")
    read, refused = reports(return_folder, 'time_form = "YYYY-MM-DDTHH:MM:SSZ"', *cells)
    assert refused == set()
    assert read == [datetime.fromisoformat(cell.removesuffix("Z")) for cell in cells]


def test_parts_of_a_second_are_no_error(return_folder):
    form = 'time_form = "YYYY-MM-DD HH:MM:SSZ"'
    cells = ("2026-07-01 09:00:00.000Z", "2026-07-01 10:00:00.1234567 +01:00")
    assert reports(return_folder, form, *cells) == ([NINE] * 2, set())


def test_a_cell_without_a_zone_beside_cells_with_one_is_refused_and_not_guessed(return_folder):
    read, refused = reports(
        return_folder, 'time_form = "YYYY-MM-DDTHH:MM:SSZ"', "2026-07-01T09:00:00Z", "2026-07-01T09:00:00"
    )
    assert (read, refused) == ([NINE], {3})


def test_a_cell_with_a_zone_under_a_form_without_one_is_refused_and_not_cut(return_folder):
    read, refused = reports(
        return_folder, 'time_form = "YYYY-MM-DDTHH:MM:SS"', "2026-07-01T09:00:00Z", "2026-07-01T09:00:00"
    )
    assert refused == {2}
    assert len(read) == 1


def test_a_date_of_birth_exported_as_an_instant_is_the_day_in_london(return_folder):
    """A day of summer that a program wrote as universal time begins at 23:00 of the day before."""
    return_folder.rows("crimes", {})
    return_folder.rows(
        "involvements", {"date_of_birth": "2010-06-03T23:00:00.000Z"}, {"date_of_birth": "2010-01-04T00:00:00Z"}
    )
    (return_folder.folder / "mapping.toml").write_text(
        '[tables.involvements]\ntime_form = "YYYY-MM-DDTHH:MM:SSZ"\n', encoding="utf-8"
    )
    born = return_folder.received().tables["involvements"]["date_of_birth"].to_pylist()
    assert [str(day) for day in born] == ["2010-06-04", "2010-01-04"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('date_form = "YYYY-MM-DDZ"', "date_form is the format of a date without time and zone"),
        ('time_form = "%c"', "such as DD/MM/YYYY HH:MM, or YYYY-MM-DDTHH:MM:SSZ where"),
        ('time_form = "DD/MM/YYYY HH:MM EST"', "such as DD/MM/YYYY HH:MM, or YYYY-MM-DDTHH:MM:SSZ where"),
        ('time_form = "DD/MM/2026 HH:MM"', "such as DD/MM/YYYY HH:MM, or YYYY-MM-DDTHH:MM:SSZ where"),
    ],
)
def test_a_form_that_cannot_be_read_is_told_with_a_form_that_can(tmp_path, line, message):
    (tmp_path / "mapping.toml").write_text(f"[tables.reports]\n{line}\n", encoding="utf-8")
    assert message in read_mapping_file(tmp_path / "mapping.toml").refusals["reports"]


def test_a_table_whose_mapping_is_wrong_is_told_so_and_not_that_there_is_no_file(return_folder):
    """Its file has a name of its own, which stands in the very section that cannot be read."""
    return_folder.rows("reports", {})
    (return_folder.folder / "reports.csv").rename(return_folder.folder / "export 7.csv")
    (return_folder.folder / "mapping.toml").write_text(
        '[tables.reports]\nfile = "export 7.csv"\ntime_form = "%d/%m/%Y %I:%M%z"\n', encoding="utf-8"
    )
    received = return_folder.received()
    remarks = " ".join(received.remarks)
    assert "time_form is written with" in remarks
    assert "there is no file" not in remarks
    assert {rule for rule, _, _ in own_errors(received, "reports")} == {"R04"}


@pytest.mark.parametrize(
    ("section", "column"),
    [('[tables.reports]\ncolumns.received_at = "Received (UTC)"', "received_at"),
     ('[tables.events.wide]\n"Arrested_GMT" = "suspect_arrested"', "suspect_arrested")],
)  # fmt: skip
def test_a_heading_that_says_utc_over_times_read_as_londons_is_told_to_the_sender(tmp_path, section, column):
    path = tmp_path / "mapping.toml"
    path.write_text(section + "\n", encoding="utf-8")
    (remark,) = read_mapping_file(path).remarks
    assert f"the heading of {column} names universal time" in remark
    table = section.partition(".")[2].partition("]")[0].partition(".")[0]
    path.write_text(f'[tables.{table}]\ntime_form = "YYYY-MM-DDTHH:MMZ"\n{section.replace("[tables.reports]", "")}\n')
    assert not read_mapping_file(path).remarks
