"""Do the database and the metadata for Datasette hold what was released, described, and nothing else?"""

import json
import shutil
import sqlite3

import duckdb
import pytest
from typer.testing import CliRunner

from assay.cli import app
from assay.errors import EvidenceError, UsageError
from assay.report.figures_database import write_database
from assay.report.page_frame import SYNTHETIC_BANNER
from assay.report.place_names import with_name_columns
from assay.sdc import declared_tables
from report.fixture import released
from report.record_fixture import record_released


@pytest.fixture(scope="module")
def force_name():
    """The name of INV01; asked of the released tables within a test, since every process imports this file."""
    return next(row["name"] for row in record_released().rows("places") if row["place_code"] == "INV01")


def as_released(rows, columns):
    """The rows with the columns that were released alone, without the names of places."""
    return [{name: row[name] for name in columns} for row in rows]


def without_empty_texts(rows):
    return [{name: None if value == "" else value for name, value in row.items()} for row in rows]


@pytest.mark.parametrize("ending", ["duckdb", "sqlite"])
def test_every_released_table_is_in_the_database_with_its_values_and_types(record_report, force_name, tmp_path, ending):
    path = tmp_path / f"figures.{ending}"
    database = write_database(record_report.folder, path)
    tables = record_released().tables
    assert (database.tables, database.rows) == (len(tables), sum(table.num_rows for table in tables.values()))
    connection = duckdb.connect(str(path), read_only=True) if ending == "duckdb" else sqlite3.connect(path)
    for name, table in tables.items():
        found = connection.execute(f'SELECT * FROM "{name}"')
        heads = [column[0] for column in found.description]
        assert heads == [column.name for column in with_name_columns(declared_tables()[name]).columns]
        rows = [dict(zip(heads, row, strict=True)) for row in found.fetchall()]
        assert as_released(rows, table.column_names) == without_empty_texts(table.to_pylist()), name
    force_names = connection.execute("SELECT DISTINCT place_name FROM ladders WHERE place_code = 'INV01'").fetchall()
    assert force_names == [(force_name,)]
    connection.close()


def test_duckdb_describes_each_table_and_column(record_report, tmp_path):
    write_database(record_report.folder / "figures", tmp_path / "figures.duckdb")
    with duckdb.connect(str(tmp_path / "figures.duckdb"), read_only=True) as connection:
        tables = dict(connection.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
        columns = connection.execute("SELECT table_name, column_name, comment FROM duckdb_columns()").fetchall()
    form = declared_tables()["ladders"]
    assert tables["ladders"] == f"{form.title}. One row is {form.row}."
    comments = {(table, column): comment for table, column, comment in columns if table in tables}
    assert all(comments.values())
    assert comments["ladders", "met"].endswith("(records, rounded to 5)")


def test_a_text_with_the_sign_of_a_formula_is_stored_as_it_was_released(record_report, force_name, tmp_path):
    figures = shutil.copytree(record_report.folder / "figures", tmp_path / "figures")
    path = figures / "places.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(force_name, "'=1+1"), encoding="utf-8")
    write_database(figures, tmp_path / "figures.duckdb")
    with duckdb.connect(str(tmp_path / "figures.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT name FROM places WHERE place_code = 'INV01'").fetchall() == [("=1+1",)]


def test_a_database_is_never_written_over_a_file_nor_among_files_that_a_receipt_names(record_report, tmp_path):
    existing_file = tmp_path / "figures.duckdb"
    existing_file.write_bytes(b"")
    with pytest.raises(UsageError, match="there already"):
        write_database(record_report.folder, existing_file)
    with pytest.raises(UsageError, match="outside"):
        write_database(record_report.folder, record_report.folder / "figures" / "figures.duckdb")
    with pytest.raises(UsageError, match=r"figures\.duckdb or figures\.sqlite"):
        write_database(record_report.folder, tmp_path / "figures.xlsx")


def test_a_folder_without_released_files_gives_the_next_step(tmp_path):
    with pytest.raises(UsageError, match="assay look report"):
        write_database(tmp_path, tmp_path.with_name("figures.duckdb"))


@pytest.mark.parametrize("url", ["../ladders.csv", "missing.csv"])
def test_only_the_files_beside_the_metadata_are_read(record_report, tmp_path, url):
    figures = shutil.copytree(record_report.folder / "figures", tmp_path / "figures")
    shutil.copy(figures / "ladders.csv", tmp_path)
    metadata = json.loads((figures / "csv-metadata.json").read_text(encoding="utf-8"))
    next(table for table in metadata["tables"] if table["url"] == "ladders.csv")["url"] = url
    (figures / "csv-metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    with pytest.raises(EvidenceError, match="Make the report again"):
        write_database(figures, tmp_path / "figures.duckdb")
    assert not (tmp_path / "figures.duckdb").exists()


def test_the_command_says_what_it_made(record_report, tmp_path):
    done = CliRunner().invoke(app, ["look", "database", str(record_report.folder), str(tmp_path / "figures.sqlite")])
    assert done.exit_code == 0, done.output
    assert f"holds {len(record_released().tables)} tables with" in " ".join(done.output.split())


def datasette(report):
    return json.loads((report.folder / "figures" / "datasette.json").read_text(encoding="utf-8"))


def test_datasette_is_given_a_title_and_a_description_of_every_table_and_column(record_report):
    tables = datasette(record_report)["databases"]["figures"]["tables"]
    assert set(tables) == set(record_released().tables)
    for name, described in tables.items():
        form = with_name_columns(declared_tables()[name])
        assert described["title"] == form.title
        assert set(described["columns"]) == {column.name for column in form.columns}
    assert tables["ladders"]["columns"]["met"].endswith("(records, rounded to 5)")


def test_a_licence_is_given_for_published_statistics_and_none_is_made_up_for_returns_of_forces(report, record_report):
    assert datasette(report)["license"] == "Open Government Licence v3.0"
    assert {t["license"] for t in datasette(report)["databases"]["figures"]["tables"].values()} == {
        "Open Government Licence v3.0"
    }
    assert set(released().tables) == set(datasette(report)["databases"]["figures"]["tables"])
    inspected = datasette(record_report)
    assert "license" not in inspected
    assert inspected["source"].startswith(SYNTHETIC_BANNER)
