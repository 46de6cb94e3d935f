"""Does a run that cannot continue end in one sentence with an exit code, and lose nothing?"""

import errno
import fcntl
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import duckdb
import pytest

from assay import cli
from assay.casefiles import field_notes, fieldwork_plan, file_allocation, file_sampling, rating_intake
from assay.casefiles.surveys import survey_intake as survey_answers
from assay.engine.provenance import EventKind, Ledger, lock_folder, verify, write_stage
from assay.engine.provenance.stage_folders import is_partial_output, list_files
from assay.errors import UsageError
from assay.grading import triangulation
from assay.ingest.inspection_folder import new_inspection
from assay.progress import no_progress
from assay.workflows.briefing import force_brief
from assay.workflows.judge import grading_stage, recommendation_follow_up
from assay.workflows.judge import inspection_plan as plan
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.release import accuracy_points
from assay.workflows.run import inspection_pipeline, linkage_sensitivity, previous_inspections
from killed_runs import receipts, synthetic

UNPRIVILEGED_USER = 65534


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    return synthetic(tmp_path_factory.mktemp("sent") / "country", forces=2, crimes=2)


@pytest.fixture(scope="module")
def accepted_inspection(country, tmp_path_factory):
    folder = new_inspection(tmp_path_factory.mktemp("taken") / "trial", country / "request.toml").folder
    receive_returns(folder, [country / "returns" / "INV01"])
    return folder


@pytest.fixture
def inspection(accepted_inspection):
    """An inspection that has taken in one return; it lies where another account may look too."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    shutil.copytree(accepted_inspection, place / "trial")
    yield place / "trial"
    shutil.rmtree(place)


def ended(capsys, *words):
    """(exit code, what was said on standard error) of a command."""
    with pytest.raises(SystemExit) as stopped:
        cli.main([str(word) for word in words])
    messages = [line for line in capsys.readouterr().err.splitlines() if not line.endswith("...")]
    return stopped.value.code, messages


@contextmanager
def at_most(octets):
    """No file may be longer."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def read_only(folder):
    """Nobody who is in this process may write in the folder."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(UNPRIVILEGED_USER)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


def one_sentence(messages):
    return len(messages) == 1 and messages[0].startswith("assay: ") and "Traceback" not in messages[0]


def as_it_was(folder, before):
    return receipts(folder) == before and not [name for name in list_files(folder) if is_partial_output(name)]


def files_outside_stages(folder):
    """Return the files that are neither in a finished stage nor a partial output of an interrupted one."""
    stages = tuple(f"{stage}/" for stage in receipts(folder))
    return [name for name in list_files(folder) if not name.startswith(stages) and not is_partial_output(name)]


@pytest.mark.parametrize("octets", [0, 8_000])
def test_where_no_file_may_be_so_long_a_run_says_so_and_leaves_what_was_finished(capsys, inspection, octets):
    before = receipts(inspection)
    length = (inspection / "ledger.jsonl").stat().st_size
    with at_most(length + octets):
        code, messages = ended(capsys, "inspect", "run", inspection)
    assert code == 10
    assert one_sentence(messages)
    assert "A file would grow too long" in messages[0]
    assert "ulimit -f" in messages[0]
    assert before.items() <= receipts(inspection).items()
    assert not [name for name in list_files(inspection) if is_partial_output(name)]
    assert Ledger(inspection / "ledger.jsonl").append(EventKind.STAGE_KEPT, stage="a", receipt="b")
    assert Ledger(inspection / "ledger.jsonl").chain_errors() == []


def stopped_by(monkeypatch, stop):
    monkeypatch.setattr(inspection_pipeline, "run_inspection", lambda *_as_context, **_options: stop())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full, a disk that is always full")
def test_on_a_full_disk_a_run_says_that_and_not_that_files_are_limited(capsys, inspection, monkeypatch):
    stopped_by(monkeypatch, lambda: Path("/dev/full").write_text("a"))
    code, messages = ended(capsys, "inspect", "run", inspection)
    assert (code, one_sentence(messages)) == (10, True)
    assert "The disk is full" in messages[0]
    assert "ulimit" not in messages[0]


def no_thread():
    threading.stack_size(2**46)  # no machine has room for it, so that the system refuses the thread
    try:
        threading.Thread(target=print).start()
    finally:
        threading.stack_size(0)


def broken_library(place):
    """What cannot be loaded although it is there."""
    path = place / f"brokenlibrary{EXTENSION_SUFFIXES[0]}"
    path.write_bytes(b"\0" * 4096)
    loader = ExtensionFileLoader("brokenlibrary", str(path))
    module_from_spec(spec_from_loader("brokenlibrary", loader))


def wrapped(error):
    """As a library says it that hides the error of another in one of its own."""
    try:
        raise error
    except BaseException as found:
        raise ValueError("a statement that quotes a cell") from found


class PanicException(BaseException):
    """As Polars ends what it cannot go on with: it is no Exception."""


STOPS = {
    "a library that is missing": (lambda _: __import__("nosuchlibrary"), "nosuchlibrary cannot be loaded"),
    "a library that is broken": (broken_library, "brokenlibrary cannot be loaded"),
    "no thread": (lambda _: no_thread(), "no more processes or threads"),
    "no process": (lambda _: wrapped(BlockingIOError(errno.EAGAIN, "a")), "no more processes or threads"),
    "no memory": (lambda _: bytearray(2**62), "not memory enough"),
    "no memory, said by another library": (lambda _: wrapped(MemoryError()), "not memory enough"),
    "no memory, said in words": (lambda _: wrapped(RuntimeError("std::bad_alloc")), "not memory enough"),
    "a panic": (lambda _: wrapped(PanicException("failed to allocate 9 bytes")), "not memory enough"),
    "no thread, in a panic": (lambda _: wrapped(PanicException("could not spawn a thread")), "processes or threads"),
}  # fmt: skip


@pytest.mark.parametrize("stop", STOPS)
def test_where_the_machine_does_not_let_it_be_done_a_run_says_what_to_do(
    capsys, inspection, monkeypatch, tmp_path, stop
):
    happens, progress = STOPS[stop]
    before = receipts(inspection)
    stopped_by(monkeypatch, lambda: happens(tmp_path))
    code, messages = ended(capsys, "inspect", "run", inspection)
    assert (code, one_sentence(messages)) == (11, True)
    assert progress in messages[0]
    assert "start the same command again" in messages[0]
    assert "cell" not in messages[0]
    assert as_it_was(inspection, before)


@pytest.mark.parametrize("error", [ValueError("a"), KeyError("b"), AssertionError("c")])
def test_an_error_of_ours_is_not_taken_for_one_of_the_machine(inspection, monkeypatch, error):
    def fails():
        raise error

    stopped_by(monkeypatch, fails)
    with pytest.raises(type(error)):
        cli.main(["inspect", "run", str(inspection)])


LIMITED = """
import resource, sys
resource.setrlimit(getattr(resource, sys.argv.pop(1)), (int(sys.argv.pop(1)),) * 2)
from assay.cli import main
main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to the memory that it may address")
@pytest.mark.parametrize("octets", [3 * 10**8, 13 * 10**8, 18 * 10**8])
def test_under_a_limit_on_memory_a_run_ends_in_a_sentence_and_no_stage_is_half_made(inspection, octets):
    # The first is too little to load what is needed, the others to work with it: there a library ends the process.
    before, outside_before = receipts(inspection), files_outside_stages(inspection)
    words = [sys.executable, "-c", LIMITED, "RLIMIT_AS", str(octets), "inspect", "run", str(inspection)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 11, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    *_, last = done.stderr.splitlines()
    assert last.startswith("assay: There is not memory enough for this.")
    assert before.items() <= receipts(inspection).items()
    # The folder of the stage that was being written may stay under its partial name: the next run deletes it.
    assert files_outside_stages(inspection) == outside_before


def test_under_a_limit_that_is_wide_enough_a_command_ends_as_without_one(inspection):
    words = [sys.executable, "-c", LIMITED, "RLIMIT_AS", str(2**40)]
    good = subprocess.run([*words, "--version"], capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout.split()[0]) == (0, "assay")
    wrong = subprocess.run(
        [*words, "inspect", "run", str(inspection / "nothing")], capture_output=True, text=True, check=False
    )
    assert wrong.returncode == 2
    assert one_sentence(wrong.stderr.splitlines())


@pytest.mark.parametrize("kind", [duckdb.OutOfMemoryException, duckdb.IOException])
def test_where_the_store_has_no_more_room_a_run_says_what_to_do(capsys, inspection, monkeypatch, kind):
    def full(*_as_context, **_options):
        raise kind("a text that may hold what a cell holds")

    monkeypatch.setattr(inspection_pipeline, "run_inspection", full)
    code, messages = ended(capsys, "inspect", "run", inspection)
    assert code == 10
    assert one_sentence(messages)
    assert "set TMPDIR" in messages[0]
    assert "cell" not in messages[0]


def test_in_a_folder_that_may_only_be_read_a_run_says_so_and_changes_nothing(capsys, inspection):
    before = receipts(inspection)
    with read_only(inspection):
        code, messages = ended(capsys, "inspect", "run", inspection)
    assert code == 10
    assert one_sentence(messages)
    assert "may not be written" in messages[0]
    assert as_it_was(inspection, before)


@pytest.mark.parametrize("command", ["run", "receive", "receive-evidence", "withdraw-return", "retire"])
def test_of_two_at_once_the_second_is_told_to_wait(capsys, inspection, country, command):
    before = receipts(inspection)
    more = {
        "receive": [country / "returns"],
        "receive-evidence": [country / "others"],
        "withdraw-return": ["INV01", "--yes"],
        "retire": ["--yes"],
    }
    with (inspection / ".lock").open("ab") as other_lock:
        fcntl.flock(other_lock, fcntl.LOCK_EX)
        code, messages = ended(capsys, "inspect", command, inspection, *more.get(command, []))
    assert code == 2
    assert one_sentence(messages)
    assert "Somebody else is at work" in messages[0]
    assert as_it_was(inspection, before)
    with lock_folder(inspection):
        assert True, "whoever held it is gone, and it can be held again"


ADDING = (
    survey_answers.accept_answers, fieldwork_plan.accept_plan, field_notes.import_codings, file_allocation.issue_sheets, file_allocation.allocate_files,
    file_allocation.add_assignments, rating_intake.accept_ratings, rating_intake.seal_answers, file_sampling.draw_sample, plan.seal_plan, accuracy_points.take_answers,
    recommendation_follow_up.record_recommendation, recommendation_follow_up.record_reply, recommendation_follow_up.revisit, previous_inspections.import_previous_alerts, linkage_sensitivity.receive_verdicts,
    linkage_sensitivity.run_linkage_trials, triangulation.triangulate, force_brief.write_brief,
)  # fmt: skip
"""Every verb that reads what people said, adds to it, and writes it again: two at once would lose one of the two."""


@pytest.mark.parametrize("verb", ADDING, ids=lambda verb: verb.__name__)
def test_who_adds_to_what_people_said_waits_for_others(inspection, verb):
    with (inspection / ".lock").open("ab") as other_lock:
        fcntl.flock(other_lock, fcntl.LOCK_EX)
        with pytest.raises(UsageError, match="Somebody else is at work"):
            verb(inspection)


def test_a_decision_waits_a_while_for_other_work_and_then_says_so(inspection, monkeypatch):
    monkeypatch.setattr(grading_stage, "_read_proposals", lambda folder: None)
    monkeypatch.setattr(grading_stage, "PATIENCE_SECONDS", 0.2)
    with (inspection / ".lock").open("ab") as other_lock:
        fcntl.flock(other_lock, fcntl.LOCK_EX)
        with pytest.raises(UsageError, match="Somebody else is at work"):
            grading_stage.record_decision(inspection, "INV01", "scale", "good", "", date(2026, 1, 1))


def test_two_threads_of_one_process_are_two(inspection):
    with lock_folder(inspection), ThreadPoolExecutor(1) as pool:
        other = pool.submit(file_allocation.add_assignments, inspection)
    assert "Somebody else is at work" in str(other.exception())


def test_with_a_clock_that_was_set_back_nothing_is_run(capsys, inspection):
    before = receipts(inspection)
    future = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="milliseconds")
    Ledger(inspection / "ledger.jsonl", clock=lambda: future).append(EventKind.MANUAL, who="a", what="b", why="c")
    code, messages = ended(capsys, "inspect", "run", inspection)
    assert code == 5
    assert one_sentence(messages)
    assert "clock" in messages[0]
    assert as_it_was(inspection, before)


def test_a_clock_a_few_minutes_behind_another_machines_is_no_matter(inspection):
    future = (datetime.now(UTC) + timedelta(minutes=5)).isoformat(timespec="milliseconds")
    Ledger(inspection / "ledger.jsonl", clock=lambda: future).append(EventKind.MANUAL, who="a", what="b", why="c")
    with lock_folder(inspection):
        pass


def changes_at(words, path):
    """A progress that changes a file when the work comes to these words."""

    def progress(message, done, total):
        if message == words:
            path.write_bytes(path.read_bytes() + b" ")

    return progress


def test_what_changes_while_a_run_goes_on_stops_it_before_anything_is_made_of_it(inspection, monkeypatch, capsys):
    table = inspection / "returns" / "INV01" / "edition_1" / "covers.parquet"
    sound, before = table.read_bytes(), receipts(inspection)
    progress = changes_at("Linking records of persons", table)
    monkeypatch.setattr("assay.progress.progress_display", lambda quiet=False: _as_context(progress))
    code, messages = ended(capsys, "inspect", "run", inspection)
    assert code == 5
    assert one_sentence(messages)
    assert "returns/INV01/edition_1/covers.parquet changed while the run went on" in messages[0]
    now = receipts(inspection)
    assert set(now) - set(before) == {"answerability"}, "what was made before the change is kept, and nothing after"
    table.write_bytes(sound)
    monkeypatch.setattr("assay.progress.progress_display", lambda quiet=False: _as_context(no_progress))
    assert [difference for difference in verify(inspection) if "cover" in difference.sentence] == []


@contextmanager
def _as_context(progress):
    yield progress


def test_what_changed_between_receiving_and_running_stops_the_run(capsys, inspection):
    table = inspection / "returns" / "INV01" / "edition_1" / "crimes.parquet"
    table.write_bytes(table.read_bytes()[:-1] + b" ")
    os.utime(table, ns=(table.stat().st_mtime_ns + 10**9,) * 2)
    other = (inspection / "returns" / "INV01" / "edition_1" / "reports.parquet").read_bytes()
    table.write_bytes(other)
    code, messages = ended(capsys, "inspect", "run", inspection)
    assert code == 5
    assert one_sentence(messages)
    assert "crimes.parquet changed since it was received" in messages[0]


def test_a_return_that_changes_while_it_is_read_is_not_taken_in(inspection, country, tmp_path, monkeypatch):
    shutil.copytree(country / "returns" / "INV02", tmp_path / "INV02")
    table = tmp_path / "INV02" / "reports.csv"

    def receive_and_change(*arguments, **options):
        from assay.ingest.return_validation import validate_return

        table.write_text(table.read_text() + "\n")
        return validate_return(*arguments, **options)

    monkeypatch.setattr("assay.workflows.receive.return_intake.validate_return", receive_and_change)
    before = receipts(inspection)
    result = receive_returns(inspection, [tmp_path / "INV02"])
    assert "changed while it was read" in result.returns[0].refusal
    assert as_it_was(inspection, before)


def test_a_stage_that_was_being_replaced_when_the_process_died_comes_back(inspection):
    before = receipts(inspection)
    stage = inspection / "returns" / "INV01" / "edition_1"
    stage.rename(stage.with_name(".replaced-edition_1"))
    (stage.with_name(".unfinished-edition_1")).mkdir()
    with lock_folder(inspection):
        pass
    assert as_it_was(inspection, before)


def test_only_its_owner_can_open_the_folder_of_an_inspection_and_what_is_written_in_it(country, tmp_path):
    folder = new_inspection(tmp_path / "trial", country / "request.toml").folder
    assert folder.stat().st_mode & 0o777 == 0o700
    with lock_folder(folder):
        write_stage(folder, "records", files={"a.txt": "a"}, rows_in=0, rows_out=0)
    modes = {path.stat().st_mode & 0o777 for path in (folder / "records").rglob("*")}
    assert modes == {0o600}


def test_a_folder_that_its_owner_opened_to_a_group_is_open_to_that_group_alone(country, tmp_path):
    folder = new_inspection(tmp_path / "trial", country / "request.toml").folder
    folder.chmod(0o750)
    with lock_folder(folder):
        write_stage(folder, "records", files={"a.txt": "a"}, rows_in=0, rows_out=0)
    assert (folder / "records").stat().st_mode & 0o777 == 0o750
    assert (folder / "records" / "a.txt").stat().st_mode & 0o777 == 0o640
