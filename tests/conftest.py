"""Assign tests to processes, start the slow ones first, and report what is left out on this machine."""

import gc
import os
import shutil
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer.testing
from hypothesis import settings

from assay.cli import GC_THRESHOLDS
from made_once import AS_OPTIONS, DEMO, ONE_YEAR, PUBLISHED, made_once, without_pdfs
from reference_data import NO_OTHER_PYTHON, NO_REFERENCE

NO_BROWSER = "browser: no Chromium here (on Debian: sudo apt-get install -y chromium)"
# Speed is a benchmark, never a test: a busy machine must not make a property false.
settings.register_profile("assay", deadline=None)
settings.load_profile("assay")
os.environ["ASSAY_SIGNING_KEY"] = ""  # the key of whoever runs the tests signs nothing here
os.environ["ASSAY_CACHE"] = str(
    Path(__file__).parent.parent / ".pytest_cache" / "assay"
)  # compiled SQL; no test's home
gc.set_threshold(*GC_THRESHOLDS)
# `CliRunner.invoke` builds all commands of the program, for 50 milliseconds: they are built once a process.
typer.testing._get_command = cache(typer.testing._get_command)
REQUIRE_ALL = os.environ.get("ASSAY_REQUIRE") == "all"


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demonstration on a small country, its returns beside it; whoever would change it copies it.

    The secondary suppressions that it needed are known to this process from now on, whichever process computed them.
    """
    from assay.engine.provenance import read_stage
    from assay.sdc import restore_suppressions

    with without_pdfs():
        demonstration = made_once(tmp_path_factory, DEMO, *AS_OPTIONS, *ONE_YEAR)
    restore_suppressions(read_stage(demonstration.folder, "suppressions", "suppressions"))
    return demonstration


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """The inspection of the figures that the program carries, with its PDFs; whoever would change it copies it."""
    return made_once(tmp_path_factory, PUBLISHED)


def group_of(test: pytest.Item) -> str | None:
    """Return the name shared by all tests that run in one process: their `xdist_group`, else their file; None if independent."""
    group = test.get_closest_marker("xdist_group")
    if group:
        return group.args[0]
    return None if test.get_closest_marker("independent") else test.location[0]


@pytest.hookimpl(wrapper=True)
def pytest_collection_finish(session):
    """Send the group of each test with its id, which is where the scheduler of `--dist loadgroup` looks for it.

    pytest-xdist 3.8 writes groups into a private attribute that pytest 9.2 no longer reads, so its own marks of groups
    have no effect (https://github.com/pytest-dev/pytest-xdist/issues/1386). Remove this when a release corrects that; a
    default group for each file is then set in `pytest_collection_modifyitems`.
    """
    tests = session.items
    if session.config.getoption("loadgroup", False):  # only in the processes of pytest-xdist
        groups = [(test.nodeid, group_of(test)) for test in tests]
        session.items = [SimpleNamespace(nodeid=f"{name}@{group}" if group else name) for name, group in groups]
    try:
        return (yield)
    finally:
        session.items = tests


def pytest_collection_modifyitems(items):
    """Start what other processes wait for, then what is slow; skip tests that need a browser where there is none."""
    items.sort(key=lambda test: [test.get_closest_marker(mark) is None for mark in ("first", "slow")])
    if shutil.which("chromium"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def reasons_left_out(terminalreporter) -> dict[str, int]:
    """Why tests were left out, and how many for each reason."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        skip_reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = skip_reason.removeprefix("Skipped: ")
        reasons[reason] = reasons.get(reason, 0) + 1
    return reasons


def pytest_sessionfinish(session):
    """Under ASSAY_REQUIRE=all a test that was left out is a failure; reference data and a second Python may be missing."""
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if not REQUIRE_ALL or terminal is None:
        return
    if any(not reason.startswith((NO_REFERENCE, NO_OTHER_PYTHON)) for reason in reasons_left_out(terminal)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """Say last what was left out and why, so that a pass never means less than it seems."""
    reasons = reasons_left_out(terminalreporter)
    terminalreporter.section("left out")
    for reason, times in sorted(reasons.items()):
        refused = REQUIRE_ALL and not reason.startswith((NO_REFERENCE, NO_OTHER_PYTHON))
        note = "  FAILS, since ASSAY_REQUIRE=all" if refused else ""
        terminalreporter.write_line(f"  {times} test(s): {reason}{note}")
    if not reasons:
        terminalreporter.write_line("  nothing: every suite was run")
