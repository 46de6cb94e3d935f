"""Is a folder of an earlier format upgraded step by step, with a copy of the original and its ledger continued?"""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from assay.engine.provenance import EventKind, Ledger, verify, write_stage
from assay.errors import EvidenceError, UsageError
from assay.ingest import inspection_folder as folder_module
from assay.ingest.inspection_folder import FORMAT_VERSION, open_inspection
from assay.workbench.workbench_folder import DATABASE
from assay.workflows.upgrade import folder_upgrade
from assay.workflows.upgrade.folder_upgrade import STEPS, upgrade_folder
from workflows.test_earlier_folders import FOLDER_MAKERS, format_1


def files_in(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def a_note(number):
    """A step that leaves a stage of its own, as a real one does with what it makes anew."""

    def step(folder):
        files = {"note.txt": f"from {number}"}
        write_stage(
            folder, f"step_{number}", {}, files=files, rows_in=0, rows_out=0, ledger=Ledger(folder / "ledger.jsonl")
        )

    return step


@pytest.fixture
def third(monkeypatch):
    """This version writes format 3, and knows the steps from 1 and from 2."""
    monkeypatch.setattr(folder_module, "FORMAT_VERSION", "3")
    monkeypatch.setattr(folder_upgrade, "STEPS", {1: a_note(1), 2: a_note(2)})


def test_there_is_a_step_from_every_format_to_the_next():
    assert sorted(STEPS) == list(range(1, int(FORMAT_VERSION)))


@pytest.mark.parametrize("make_folder", FOLDER_MAKERS.values(), ids=FOLDER_MAKERS)
def test_a_folder_of_each_format_since_the_first_comes_to_this_one_and_opens(tmp_path, make_folder):
    folder = make_folder(tmp_path / "trial")
    assert upgrade_folder(folder).current_format == int(FORMAT_VERSION)
    assert open_inspection(folder).request.key == "TRIAL-2026"
    assert verify(folder) == []


def test_a_folder_of_this_format_is_left_as_it_is(tmp_path):
    folder = format_1(tmp_path / "trial")
    before = files_in(folder)
    assert upgrade_folder(folder).summary_lines() == [
        f"{folder} already has the current format 1: nothing was changed."
    ]
    assert files_in(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["trial"]


def test_every_step_is_taken_in_order_the_ledger_says_so_and_the_folder_as_it_was_lies_beside(tmp_path, third):
    folder = format_1(tmp_path / "trial")
    before = files_in(folder)
    with pytest.raises(UsageError, match=r"is of format '1', and this version .* Upgrade it: assay inspect upgrade"):
        open_inspection(folder)
    done = upgrade_folder(folder)
    assert (done.previous_format, done.current_format, done.copy) == (1, 3, tmp_path / "trial-format-1")
    assert files_in(done.copy) == before
    assert open_inspection(folder).request.key == "TRIAL-2026"
    entries = Ledger(folder / "ledger.jsonl").entries()
    assert [entry.about["stage"] for entry in entries if entry.kind == "stage written"] == [
        "records",
        "step_1",
        "step_2",
    ]
    assert entries[-1].kind == EventKind.UPGRADED.key
    assert (entries[-1].about["was"], entries[-1].about["now"]) == (1, 3)
    assert verify(folder) == []
    assert upgrade_folder(folder).copy is None  # once is enough


@pytest.mark.parametrize("version", ["2", "10"])
def test_a_folder_of_a_later_version_is_refused_in_a_sentence(tmp_path, version):
    folder = format_1(tmp_path / "trial")
    settings_path = folder / "inspection.toml"
    settings_path.write_text(settings_path.read_text().replace('"1"', f'"{version}"', 1))
    before = files_in(folder)
    for opened in (upgrade_folder, open_inspection):
        with pytest.raises(
            UsageError, match=rf"is of format '{version}', .* Use the version that made it, or a later one"
        ):
            opened(folder)
    assert files_in(folder) == before


def test_what_is_no_inspection_is_refused(tmp_path):
    with pytest.raises(UsageError, match="is not the folder of an inspection"):
        upgrade_folder(tmp_path)
    (tmp_path / "inspection.toml").write_text('format_version = "first"\n')
    with pytest.raises(UsageError, match="names no format"):
        upgrade_folder(tmp_path)


def test_a_step_that_leaves_the_evidence_broken_changes_nothing(tmp_path, third, monkeypatch):
    folder = format_1(tmp_path / "trial")
    before = files_in(folder)
    monkeypatch.setattr(
        folder_upgrade, "STEPS", {1: a_note(1), 2: lambda place: (place / "records" / "a.txt").write_text("b")}
    )
    with pytest.raises(
        EvidenceError,
        match=r"was not changed and keeps format 1\. After the upgrade it would no longer verify: records",
    ):
        upgrade_folder(folder)
    assert files_in(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["trial"]


def test_a_copy_that_is_there_is_never_written_over(tmp_path, third):
    folder = format_1(tmp_path / "trial")
    (tmp_path / "trial-format-1").mkdir()
    with pytest.raises(UsageError, match="trial-format-1 exists already"):
        upgrade_folder(folder)
    assert folder_module.tomllib.loads((folder / "inspection.toml").read_text())["format_version"] == "1"


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_stopped_at_any_moment_the_next_one_finishes_and_nothing_is_lost(tmp_path, third, monkeypatch, step):
    """Stopped before the copy is made, in a step, and before either of the two that change places."""
    folder = format_1(tmp_path / "trial")
    before = files_in(folder)

    class Stopped(BaseException):
        pass

    def stop(*_):
        raise Stopped

    with monkeypatch.context() as patched:
        if step == 0:
            patched.setattr(folder_upgrade.shutil, "copytree", stop)
        elif step == 1:
            patched.setattr(folder_upgrade, "STEPS", {1: a_note(1), 2: stop})
        else:
            real, calls = type(folder).rename, []

            def rename(path, target):
                if "trial" in (path.name.removeprefix(".unfinished-"), target.name) and path.parent == tmp_path:
                    calls.append(path)
                    if len(calls) == step - 1:
                        raise Stopped
                return real(path, target)

            patched.setattr(type(folder), "rename", rename)
        with pytest.raises(Stopped):
            upgrade_folder(folder)
    done = upgrade_folder(folder)
    assert verify(folder) == []
    assert open_inspection(folder).request.key == "TRIAL-2026"
    assert files_in(tmp_path / "trial-format-1") == before
    assert (step == 3) == (done.copy is None)  # stopped between the two, all was done but the last


BEHIND = """
import sys
from pathlib import Path
from assay.workbench.workbench_folder import make_workbench_folder
from assay.workbench.django_setup import start_django
place = make_workbench_folder(Path(sys.argv[1]))
start_django(place, tables=False)
from django.core.management import call_command
call_command("migrate", "workbench", "0002", verbosity=0)
"""


def test_the_tables_of_the_workbench_are_copied_and_brought_up_to_date(tmp_path):
    folder = format_1(tmp_path / "trial")
    outside = {
        key: value for key, value in os.environ.items() if key not in ("ASSAY_WORKBENCH", "DJANGO_SETTINGS_MODULE")
    }

    def run(*words):
        return subprocess.run(
            [sys.executable, *words, str(folder)], env=outside, capture_output=True, text=True, check=True
        )

    run("-c", BEHIND)
    upgrade_output = run("-m", "assay.cli", "inspect", "upgrade").stdout
    assert "workbench.0003_minutes, workbench.0004_labels_and_pairs" in upgrade_output
    copy = tmp_path / "trial-workbench-before.sqlite3"
    assert str(copy) in upgrade_output
    assert copy.stat().st_mode & 0o777 == 0o600
    assert "saw" not in run("-m", "assay.cli", "inspect", "upgrade").stdout  # there is nothing left to do


MINUTED = """
import sys
from pathlib import Path
from assay.workbench.workbench_folder import make_workbench_folder
from assay.workbench.django_setup import start_django
place = make_workbench_folder(Path(sys.argv[1]))
start_django(place, tables=False)
from django.core.management import call_command
call_command("migrate", "workbench", "0006", verbosity=0)
from django.db import connection
from assay.workbench.models import Account
account = Account.objects.create(code="P01", role="panel")
with connection.cursor() as cursor:
    cursor.execute(
        "insert into workbench_minute (held_on, present, force_code, line, said, event, account_id) "
        "values ('2026-01-01', 'P01', '', '', 'It was talked over.', 1, %s)", [account.pk]
    )
"""


def test_the_minutes_of_an_earlier_version_are_read_and_the_database_still_refuses_a_change(tmp_path):
    """The column `said` is now `text`. SQLite would lose the triggers if the table were copied for that."""
    folder = format_1(tmp_path / "trial")
    outside = {
        key: value for key, value in os.environ.items() if key not in ("ASSAY_WORKBENCH", "DJANGO_SETTINGS_MODULE")
    }
    subprocess.run([sys.executable, "-c", MINUTED, str(folder)], env=outside, check=True)
    subprocess.run([sys.executable, "-m", "assay.cli", "inspect", "upgrade", str(folder)], env=outside, check=True)
    with closing(sqlite3.connect(tmp_path / "trial-workbench" / DATABASE)) as database:
        assert database.execute("select text from workbench_minute").fetchall() == [("It was talked over.",)]
        for change in ("update workbench_minute set text = 'Other.'", "delete from workbench_minute"):
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                database.execute(change)
