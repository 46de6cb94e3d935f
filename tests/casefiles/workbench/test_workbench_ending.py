"""Is what people wrote in a workbench destroyed when an inspection ends, and does its audit log still hold?"""

import contextlib
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from assay import indicators
from assay.cli import retirement_commands as commands
from assay.contract import question_sets
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import UsageError
from assay.ingest.inspection_folder import new_inspection
from casefiles.workbench import workbench_crowd as crowd
from casefiles.workbench import workbench_ending


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def ended(request, country, tmp_path_factory):
    """What was found at each step of the end, on each kind of tables; and the folder of the workbench."""
    folder = new_inspection(tmp_path_factory.mktemp("ended") / "inspection", country / "request.toml").folder
    StageRunner(folder).run_stage(
        "records", lambda: StageOutput({}, 0, 0), packages=(indicators, question_sets), inputs={}
    )
    with contextlib.ExitStack() as stack:
        if request.param == "PostgreSQL":
            if crowd.programs() is None:
                pytest.skip(crowd.NO_POSTGRESQL)
            pytest.importorskip("psycopg", reason="PostgreSQL: no driver here (the extra postgresql)")
            crowd.use_postgresql(folder, stack.enter_context(crowd.postgresql()))
        command = [sys.executable, workbench_ending.__file__, str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, env=crowd.outside())
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) | {"beside": folder.with_name("inspection-workbench")}


def test_what_was_copied_from_records_goes_with_them_and_the_minutes_stay_until_the_end(ended):
    assert ended["before"] == ended["between"] == []
    assert ended["rows"] == 10
    assert ended["left"] == ["Account", "Event", "Head", "Minute"]


def test_a_retired_inspection_leaves_the_audit_log_of_its_workbench_and_no_word_that_anybody_wrote(ended):
    assert "1 row of the workbench was destroyed" in ended["retired"][1]
    assert json.loads(ended["again"][1])["workbench_rows"] == 0
    assert ended["left at the end"] == ["Account", "Event", "Head"]
    assert ended["may come in"] == 0
    stored_content = b"".join(path.read_bytes() for path in ended["beside"].rglob("*") if path.is_file())
    assert b"ninth day" not in stored_content.replace(
        b"It was talked over on the ninth day.", b""
    )  # that one came back, below


def test_its_audit_log_is_still_verified_and_says_what_was_destroyed(ended):
    code, output = ended["verified"]
    assert code == 0, output
    assert "inspection-workbench: 10 rows" in output
    assert "inspection-workbench: 1 row " in output


def test_what_comes_back_after_it_was_destroyed_or_is_added_to_the_audit_log_is_named(ended):
    assert "entry 1 of the minutes: it exists, but the audit log says that it was destroyed." in ended["come back"][0]
    assert any("line 99: its content was changed" in sentence for sentence in ended["added"])


def test_where_the_tables_cannot_be_reached_nothing_is_destroyed(tmp_path, monkeypatch):
    from django.db import Error

    from assay.workbench import django_setup
    from assay.workbench.workbench_folder import make_workbench_folder

    def refused(*_args):
        raise Error

    (tmp_path / "inspection").mkdir()
    make_workbench_folder(tmp_path / "inspection")
    monkeypatch.setattr(django_setup, "start_django", refused)
    with pytest.raises(UsageError, match="nothing was destroyed"):
        commands._workbench_destroyer(tmp_path / "inspection")


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        (("returns/INV01/edition_1", "identities/INV01/edition_1"), False),
        (("returns/INV01/edition_1", "records"), True),
        ((), False),
    ],
)
def test_a_return_that_never_counted_takes_no_file_off_a_workspace(stages, expected):
    assert commands._destroyed_derived_stages(SimpleNamespace(stages=stages)) is expected
