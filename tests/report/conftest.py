"""The report on the synthetic tables, written once for all tests of it."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from assay.report import figure_exports, write_report
from assay.sdc import policy, release
from made_once import with_pages_only, without_spreadsheets
from report.browsing import CHROMIUM, PHONE, SWITCHES, WORKSPACE
from report.fixture import released
from report.record_fixture import arrow, record_released

WRITE_SPREADSHEETS = figure_exports.write_spreadsheets
MARK = re.compile(r'<span data-not-figure="[a-z]+">([^<]*)</span>')
TERM = re.compile(r'<a class="term" [^>]*>([^<]*)</a>')


def unmarked(folder, written_report):
    """Every page as text by its path, without what stands in the middle of sentences: marks of what is no figure, and
    links of words to the glossary."""
    pages = {path: Path(folder, path).read_text(encoding="utf-8") for path in written_report.pages}
    return {path: TERM.sub(r"\1", MARK.sub(r"\1", page)) for path, page in pages.items()}


def pytest_itemcollected(item):
    """Tests of the report share one report: one process writes it, and starts early."""
    item.add_marker(pytest.mark.xdist_group("report"))
    item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def no_spreadsheets():
    """A report that a single test writes has no spreadsheets: tests read those of the reports that many tests share."""
    with without_spreadsheets():
        yield


def shared_report(released_tables, folder):
    """A report with its spreadsheets, also if a test without them is the first that asks for it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(figure_exports, "write_spreadsheets", WRITE_SPREADSHEETS)
        return SimpleNamespace(folder=folder, written=write_report(released_tables, folder))


def write_pages(rows_by_table, folder, *paths):
    """A report at record level on these rows, of which only these pages are written."""
    released_tables = release(arrow(rows_by_table), policy=policy("record level"), ledger_head="", edition="E")
    with with_pages_only(*paths):
        write_report(released_tables, folder)


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """The folder of the report and what `write_report` said of it."""
    return shared_report(released(), tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="session")
def pages(report):
    """Every page as text, by its path."""
    return unmarked(report.folder, report.written)


@pytest.fixture(scope="session")
def record_report(tmp_path_factory):
    """The folder of a report at record level and what `write_report` said of it."""
    return shared_report(record_released(), tmp_path_factory.mktemp("inspected"))


@pytest.fixture(scope="session")
def record_pages(record_report):
    """Every page of it as text, by its path."""
    return unmarked(record_report.folder, record_report.written)


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip("no Chromium here")
    with api.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def axe():
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


@pytest.fixture(scope="module", params=[WORKSPACE, PHONE], ids=lambda p: f"{p[0]}-{p[1]}")
def window(request, browser):
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.messages = []
    page.on("console", lambda message: page.messages.append(message.text))
    page.on("pageerror", lambda error: page.messages.append(str(error)))
    page.on("requestfailed", lambda request: page.messages.append(request.url))
    yield page
    context.close()


@pytest.fixture(scope="module")
def paper(browser):
    """A sheet of A4 less its margins, in CSS pixels, on which any page is printed in turn."""
    page = browser.new_page(viewport={"width": 680, "height": 900})
    page.emulate_media(media="print")
    yield page
    page.close()
