"""Is nothing left of what a command writes for a while, however the command ends, and can nobody else read it?"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from assay import temporary_folders
from assay.engine.duckdb_connections import open_connection

PROGRAM = """
import signal, sys, tempfile, time
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # ignored in a process that nohup started
from assay import temporary_folders as folders
folders.exit_on_signals()
folders.use_for_temporary_files()
folder = folders.new_temporary_folder("return-")
(folder / "records.txt").write_text("a record")
open(tempfile.NamedTemporaryFile(delete=False).name, "w").write("a record")
print(folders.process_folder(), flush=True)
if sys.argv[1] == "error":
    raise ValueError("a step failed")
time.sleep(0 if sys.argv[1] == "end" else 60)
"""


def left_by(system_folder, way):
    """What a process of its own leaves in the temporary directory of the system, if it ends this way."""
    started = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, way if isinstance(way, str) else "wait"],
        env=os.environ | {"TMPDIR": str(system_folder)}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    with started:
        assert started.stdout.readline().startswith(f"{system_folder}/assay-run-")
        if not isinstance(way, str):
            started.send_signal(way)
        started.wait(30)
    return [path.name for path in system_folder.iterdir()]


@pytest.mark.parametrize("way", ["end", "error", signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_no_temporary_file_is_left_by_a_process_that_ends_this_way(tmp_path, way):
    assert left_by(tmp_path, way) == []


def test_what_a_killed_process_left_is_deleted_by_the_next_process_of_its_user(tmp_path):
    assert len(left_by(tmp_path, signal.SIGKILL)) == 1
    assert left_by(tmp_path, "end") == []


def test_the_folder_of_a_process_that_still_runs_stays(tmp_path):
    with temporary_folders.temporary_folder(tmp_path, "assay-run-") as folder:
        (folder / "records.txt").write_text("a record")
        assert left_by(tmp_path, "end") == [folder.name]
        assert (folder / "records.txt").is_file()


def test_a_folder_of_another_name_and_a_link_are_not_deleted(tmp_path):
    (tmp_path / "kept" / "records").mkdir(parents=True)
    (tmp_path / "assay-report").mkdir()
    (tmp_path / "assay-run-link").symlink_to(tmp_path / "kept")
    assert sorted(left_by(tmp_path, "end")) == ["assay-report", "assay-run-link", "kept"]
    assert (tmp_path / "kept" / "records").is_dir()


def test_what_a_killed_process_left_beside_an_inspection_is_deleted_by_the_next(tmp_path):
    (tmp_path / ".reproduce-ab" / "inspection").mkdir(parents=True)
    with temporary_folders.temporary_folder(tmp_path, ".reproduce-") as folder:
        assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_fit_into_memory_is_written_where_no_other_user_can_read_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with open_connection(memory_limit="40MB", threads=1) as connection:
        connection.execute("create table numbers as select range, md5(range::varchar) as text from range(1000000)")
        (folder,) = connection.execute("select current_setting('temp_directory')").fetchone()
        spilled = [path for path in temporary_folders.process_folder().iterdir() if path.name.startswith("duckdb_temp")]
        assert folder == str(temporary_folders.process_folder())
        assert spilled
        assert os.stat(folder).st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == []


def test_every_duckdb_connection_of_the_program_is_opened_by_one_function():
    source = Path(temporary_folders.__file__).parent
    files = [path for path in source.rglob("*.py") if "duckdb.connect(" in path.read_text(encoding="utf-8")]
    assert [path.relative_to(source).as_posix() for path in files] == ["engine/duckdb_connections.py"]
