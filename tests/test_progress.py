"""Progress on a pipe or in a log: one line a stage with the time since the start, and a line on long work."""

import time

import pytest

from assay import progress

pytestmark = pytest.mark.quick


def test_each_stage_is_printed_once_with_the_time_since_the_start(capsys):
    with progress.progress_display() as report:
        report("Deriving facts", 0, 3)
        report("Deriving facts", 1, 3)
        report("Comparing forces", 0, 0)
    assert capsys.readouterr().err.splitlines() == ["0:00 Deriving facts ...", "0:00 Comparing forces ..."]


def test_long_work_is_printed_again_with_its_parts_and_stops_at_the_end(capsys, monkeypatch):
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0.15)
    with progress.progress_display() as report:
        report("Applying disclosure control", 14, 61)
        time.sleep(0.6)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "0:00 Applying disclosure control ..."
    assert lines[1] == "0:00 Applying disclosure control, 14 of 61, still at work ..."
    time.sleep(0.4)
    assert capsys.readouterr().err == ""


def test_minutes_and_seconds_since_the_start_are_printed(capsys, monkeypatch):
    clock = iter([0.0, *[200.0] * 10])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    progress._StageLines().report("Deriving facts", 0, 0)
    assert capsys.readouterr().err == "3:20 Deriving facts ...\n"


def test_a_computer_without_memory_for_a_thread_still_prints_its_stages(capsys, monkeypatch):
    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(progress.threading.Thread, "start", refuse)
    with progress.progress_display() as report:
        report("Deriving facts", 0, 0)
    assert capsys.readouterr().err == "0:00 Deriving facts ...\n"


def test_nothing_is_printed_where_another_program_reads_the_answer(capsys):
    with progress.progress_display(quiet=True) as report:
        report("Deriving facts", 0, 0)
    assert capsys.readouterr().err == ""
