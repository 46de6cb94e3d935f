"""Where the reference data lie, what is left out on a machine that lacks something, and how that is told."""

import gc
import os
import shutil

import pytest
from hypothesis import settings

from assay.cli import SELDOM
from made_once import AS_OPTIONS, DEMO, PUBLISHED, made, without_pdfs
from reference_data import NO_OTHER_PYTHON, NO_REFERENCE

NO_BROWSER = "browser: no Chromium here (on Debian: sudo apt-get install -y chromium)"
# Speed is a benchmark, never a test: a busy machine must not make a property false.
settings.register_profile("assay", deadline=None)
settings.load_profile("assay")
os.environ["ASSAY_SIGNING_KEY"] = ""  # the key of whoever runs the tests signs nothing here
gc.set_threshold(*SELDOM)
ON_SPARK = ("test_both_engines_agree.py", "test_expressions.py", "test_spark_conformance.py", "test_databases.py")
SHARING = ("casefiles", "report", "invented", "selfaudit")
LONGEST = ("journeys", "test_docs", "selfaudit", "report", "casefiles", "truths", "invented", "persons", "measure")
MAKE_FOR_OTHERS = ("test_every_block_of_code_on_a_page_runs[README.md]", "journeys/test_returns_journey.py")
QUICK = (
    "test_doors.py", "test_house.py", "commission/", "evidence/test_receipts.py", "evidence/test_ledger.py",
    "evidence/test_verify.py", "measure/test_condition.py", "measure/test_card.py", "measure/test_tally.py",
    "measure/test_measure_checks.py", "returns/test_return_cover.py", "returns/test_return_contract.py", "sealing/",
    "estimation/test_intervals.py", "estimation/test_ranks.py", "language/test_context.py", "judgement/test_grades.py",
)  # fmt: skip
"""What `make check` runs (`pytest --quick`): a few seconds each, of every floor of the house."""
REQUIRE_ALL = os.environ.get("ASSAY_REQUIRE") == "all"


def together(test: str) -> str:
    """Which tests run in one process, so that what they share is made once and not in every process: those of a folder
    that shares a country or a report, those that need Spark, which takes half a minute to start, else those of a file.
    The pages of the manual share nothing that is not locked."""
    path = test.partition("::")[0]
    if path.endswith(ON_SPARK):
        return "spark"
    folder = path.rpartition("/")[0].removesuffix("/workbench")
    return test if path.endswith("test_docs.py") else folder if folder.endswith(SHARING) else path


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demonstration on a small country, its returns beside it; whoever would change it copies it."""
    with without_pdfs():
        return made(tmp_path_factory, DEMO, *AS_OPTIONS)


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """The inspection of the figures that the program carries, with its PDFs; whoever would change it copies it."""
    return made(tmp_path_factory, PUBLISHED)


def pytest_addoption(parser):
    parser.addoption("--quick", action="store_true", help="A quick choice of tests, for every day.")


def pytest_ignore_collect(collection_path, config):
    """Of a quick run only the chosen files are opened at all."""
    if not config.getoption("--quick") or collection_path.suffix != ".py":
        return None
    name = collection_path.relative_to(config.rootpath / "tests").as_posix()
    is_test = name.rpartition("/")[2].startswith("test_")
    return True if is_test and not name.startswith(QUICK) else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Groups by what is shared; marks of groups do not reach the processes under pytest 9."""
    from xdist.scheduler.loadscope import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return together(nodeid)

    return Together(config, log)


def place(test: str) -> int:
    """The longest first, so that no process is left alone with one of them at the end; before all others the page and the
    journey that make what other pages and journeys use, so that no process waits for it."""
    if any(name in test for name in MAKE_FOR_OTHERS):
        return -1
    return next((at for at, name in enumerate(LONGEST) if f"tests/{name}" in test), len(LONGEST))


def pytest_collection_modifyitems(items):
    """The longest first; and a test that needs a browser is left out where there is none."""
    items.sort(key=lambda item: place(item.nodeid))
    if shutil.which("chromium"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def reasons_left_out(terminalreporter) -> dict[str, int]:
    """Why tests were left out, and how many for each reason."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = told.removeprefix("Skipped: ")
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
