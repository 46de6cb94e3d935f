"""Do tests with shared fixtures run in one process, slow tests first, and does `make` print its time?"""

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOUR_TESTS = """
import pytest
pytestmark = [{marks}]
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_one_of_four(number):
    pass
"""
COUNTRY, FREE = "pytest.mark.xdist_group('country')", "pytest.mark.independent"


def run(*words: str, **changes: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **changes}, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run_pytest(folder: Path, *options: str, **marks: str) -> str:
    """Run files of four tests each, every file with its marks, under the settings and hooks of this suite."""
    for name, text in marks.items():
        (folder / f"test_{name}.py").write_text(FOUR_TESTS.format(marks=text))
    settings = ("-c", "pyproject.toml", "--rootdir", str(folder), "-p", "conftest", "-p", "no:cacheprovider")
    path = os.pathsep.join(filter(None, (str(ROOT / "tests"), os.environ.get("PYTHONPATH"))))
    return run(sys.executable, "-m", "pytest", *settings, *options, str(folder), PYTHONPATH=path)


def test_a_group_runs_in_one_process_as_a_file_does_and_independent_tests_in_both(tmp_path):
    output = run_pytest(tmp_path, "-n", "2", "-vv", any=FREE, file="", north=COUNTRY, south=COUNTRY)
    processes = defaultdict(list)
    for process, name in re.findall(r"\[(gw\d)\].* PASSED .*test_(\w+)\.py::test_one_of_four\[\d\] *$", output, re.M):
        processes[name].append(process)
    assert {name: len(run_by) for name, run_by in processes.items()} == dict.fromkeys(
        ("any", "file", "north", "south"), 4
    )
    assert len({*processes["north"], *processes["south"]}) == 1
    assert len(set(processes["file"])) == 1
    assert len(set(processes["any"])) == 2


def test_what_others_wait_for_starts_first_and_slow_tests_before_the_rest(tmp_path):
    output = run_pytest(
        tmp_path, "--collect-only", a="", b="pytest.mark.slow", c="pytest.mark.first", d="pytest.mark.slow"
    )
    assert re.findall(r"test_(\w)\.py::test_one_of_four\[1\]", output) == ["c", "b", "d", "a"]


@pytest.mark.parametrize("target", ["check", "test"])
def test_make_prints_its_wall_clock_last(target):
    no_action = ("PYTHON=true", "MAKE=true", "ASSAY_REQUIRE=", "-o", ".venv/.assay-dev")  # every step succeeds at once
    output = run("make", "--no-print-directory", target, *no_action)
    assert re.fullmatch(rf"make {target}: 0 min \d s by the clock", output.splitlines()[-1])
