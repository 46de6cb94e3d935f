"""Does a process killed while it writes leave each stage complete or absent, and a ledger that can be read?"""

import multiprocessing
import os
import signal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import assay
from assay.engine.provenance import (
    Ledger,
    current_stage,
    lock_folder,
    read_receipt,
    read_stage,
    verify,
    with_folder_lock,
    write_stage,
)
from assay.engine.provenance.stage_folders import is_partial_output, list_files, list_stages, output_hashes
from assay.engine.stage_runner import StageOutput, StageRunner

NAMES = ("records", "enquiries", "report")
WRITING = (
    (Path, "mkdir"), (Path, "rename"), (Path, "write_bytes"), (os, "fsync"), (pq, "write_table"),
    ("shutil", "rmtree"),
)  # fmt: skip

PRELOADED = ["pytest", "pyarrow.parquet", "assay.engine.stage_runner"]
"""What the server imports once; older releases of Python 3.11 to 3.13 do not find the tests themselves."""


def run(folder):
    """Three stages, each resting on the one before."""
    folder.mkdir(exist_ok=True)
    runner = StageRunner(folder)
    runner.begin_run()
    with lock_folder(folder):
        inputs = {}
        for number, name in enumerate(NAMES):
            table = pa.table({"n": list(range(number + 2))})
            output = StageOutput({"rows": table}, table.num_rows, table.num_rows, files={"a.txt": name})
            runner.run_stage(
                name, lambda output=output: output, packages=(), inputs=inputs, settings={"number": number}
            )
            inputs = runner.outputs_of(name)
    runner.end_run()


def killed_at(moment):
    """Arrange that this process kills itself when it comes to write for that time; the counter starts anew."""
    import shutil

    counter = iter(range(moment))

    def deadly(writes):
        def write(*arguments, **options):
            if next(counter, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return writes(*arguments, **options)

        return write

    for home, name in WRITING:
        place = shutil if home == "shutil" else home
        setattr(place, name, deadly(getattr(place, name)))


def in_process(work, *arguments):
    """Whether a process of its own came to the end of the work.

    A server without threads makes each process: a fork of this process, which has threads, may never return.
    """
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(PRELOADED)
    process = server.Process(target=work, args=arguments)
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL), "the work failed before it was killed"
    return process.exitcode == 0


def run_killed(folder, moment):
    killed_at(moment)
    run(folder)


def replace_killed(folder, moment):
    killed_at(moment)
    write_stage(folder, "records", {"rows": pa.table({"n": [9]})}, rows_in=1, rows_out=1)


def hashes(folder):
    return {name: read_receipt(folder, name).hash for name in list_stages(folder)}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "inspection"
    run(folder)
    assert verify(folder) == []
    return hashes(folder)


def test_killed_at_any_moment_of_writing_the_next_run_ends_with_the_same_hashes(whole, tmp_path):
    moment, ended = 0, False
    while not ended:
        folder = tmp_path / str(moment)
        ended = in_process(run_killed, folder, moment)
        assert hashes(folder).items() <= whole.items(), f"killed at moment {moment}"
        run(folder)
        assert hashes(folder) == whole, f"killed at moment {moment}"
        assert verify(folder) == [], f"killed at moment {moment}"
        moment += 1
    assert moment > 40, "every stage is written in many steps, and each was a moment"


def test_a_stage_that_is_replaced_is_the_old_or_the_new_one_whole_at_any_moment(tmp_path):
    moment, ended, seen = 0, False, set()
    while not ended:
        folder = tmp_path / str(moment)
        run(folder)
        old = hashes(folder)["records"]
        ended = in_process(replace_killed, folder, moment)
        with lock_folder(folder):
            pass  # whoever comes next puts right what was left
        receipt = read_receipt(folder, "records")
        assert receipt is not None, f"killed at moment {moment}"
        assert output_hashes(folder / "records") == dict(receipt.outputs), f"killed at moment {moment}"
        assert not [name for name in list_files(folder) if is_partial_output(name)], f"killed at moment {moment}"
        seen.add(receipt.hash == old)
        moment += 1
    assert seen == {True, False}


@with_folder_lock
def add(folder, number):
    """What somebody said, kept beside what was said before: it is read, added to, and written anew."""
    is_written = (folder / "said" / "rows.parquet").is_file()
    rows = [*(read_stage(folder, "said", "rows")["n"].to_pylist() if is_written else []), number]
    stage_output = StageOutput({"rows": pa.table({"n": rows})}, len(rows), len(rows))
    StageRunner(folder).run_stage("said", lambda: stage_output, packages=(), inputs={}, settings={"said": number})


def add_killed(folder, number, moment):
    killed_at(moment)
    add(folder, number)


def test_killed_while_more_is_added_nothing_that_was_said_before_is_lost(tmp_path):
    moment, ended = 0, False
    while not ended:
        folder = tmp_path / str(moment)
        run(folder)
        add(folder, 1)
        ended = in_process(add_killed, folder, 2, moment)
        add(folder, 3)
        assert read_stage(folder, "said", "rows")["n"].to_pylist() in ([1, 3], [1, 2, 3]), f"killed at moment {moment}"
        moment += 1
    assert moment > 5


def test_killed_again_and_again_the_work_comes_to_its_end(whole, tmp_path):
    folder = tmp_path / "inspection"
    times = 0
    while not in_process(run_killed, folder, 20):
        times += 1
        assert times < 20
    assert times > 0
    assert hashes(folder) == whole


def test_a_stage_that_was_finished_is_kept_and_not_made_again(whole, tmp_path):
    folder = tmp_path / "inspection"
    run(folder)
    run(folder)
    kinds = [entry.kind for entry in Ledger(folder / "ledger.jsonl").entries()]
    assert (kinds.count("stage written"), kinds.count("stage kept")) == (3, 3)
    assert current_stage(folder, "records", inputs={}, settings={"number": 9}, code_version=assay.__version__) is None
