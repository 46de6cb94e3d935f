"""Is the report at record level usable on a computer and on a phone in dark mode, with every part opened?"""

import pytest

from report.browsing import OVERFLOW, WIDE, WORKSPACE, seen

# One page of every template, and a body of which little can be said; and further pages of the same templates.
TEMPLATES = (
    "index.html",
    "findings.html",
    "indicators/index.html",
    "indicators/told-of-arrest.html",
    "waits/index.html",
    "waits/report-to-charge.html",
    "definitions.html",
    "forces/index.html",
    "forces/fernleigh.html",
    "forces/fernleigh/measures.html",
    "forces/alderwick/reasons.html",
    "forces/fernleigh/records.html",
    "forces/north-unit.html",
    "lines/responses.html",
    "grades.html",
    "claims.html",
    "plan.html",
    "assurance.html",
    "scale.html",
    "falling.html",
    "hidden.html",
    "people/pursuit.html",
    "concerns.html",
    "outliers.html",
    "lessons.html",
    "recommendations/index.html",
    "recommendations/one.html",
    "answerable.html",
    "returns.html",
    "burden.html",
    "method.html",
    "figures/index.html",
    "receipts/index.html",
)
FURTHER = (
    "indicators/return-interview-in-72-hours.html",
    "indicators/problem-profile-current.html",
    "waits/report-to-first-contact.html",
    "forces/alderwick.html",
    "forces/cloverdale.html",
    "forces/juniper-coast.html",
    "forces/north-unit/measures.html",
    "recommendations/asked-kept-informed.html",
)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", TEMPLATES)
def test_a_page_on_records_has_no_barrier_no_console_message_and_nothing_wider_than_the_screen(
    window, axe, record_report, path
):
    assert seen(window, axe, record_report.folder / path, opened=True) == ([], [], 0)
    assert window.evaluate(WIDE) == []


@pytest.mark.parametrize("window", [WORKSPACE], indirect=True, ids=["wide"])
@pytest.mark.parametrize("path", FURTHER)
def test_nor_has_a_further_page_of_a_template(window, axe, record_report, path):
    assert seen(window, axe, record_report.folder / path, opened=True) == ([], [], 0)
    assert window.evaluate(WIDE) == []


SCREEN = 900
"""The height of a screen; the front page has fewer than three of them."""
PAGE_HEIGHT = "document.documentElement.scrollHeight"
MAIN_END = "document.querySelector('main').getBoundingClientRect().bottom"
KEY_FINDINGS_END = "document.querySelector('.key-findings').getBoundingClientRect().bottom"


def test_the_front_page_has_fewer_than_three_screens_and_the_key_findings_are_on_the_first(window, record_report):
    window.goto((record_report.folder / "index.html").as_uri())
    is_phone = window.viewport_size["width"] < 640
    assert window.evaluate(MAIN_END if is_phone else PAGE_HEIGHT) < 3 * SCREEN
    assert window.evaluate(KEY_FINDINGS_END) < (2 if is_phone else 1) * SCREEN
    assert window.evaluate(OVERFLOW) == 0


BOTTOM = "selector => document.querySelector(selector).getBoundingClientRect().bottom"


@pytest.mark.parametrize("window", [WORKSPACE], indirect=True, ids=["wide"])
@pytest.mark.parametrize(
    ("links", "answer"),
    [
        (["indicators/told-of-arrest.html"], "#lowest"),
        (["indicators/told-of-arrest.html"], "#remarks li:first-child"),
        (["falling.html"], "#answer"),
        (["#find-force", "forces/alderwick.html"], "#grade"),
        (["#find-force", "forces/alderwick.html"], ".findings li:first-child"),
        (["concerns.html"], "#answer"),
        (["recommendations/index.html"], "tbody tr:first-child"),
    ],
)
def test_the_answer_to_a_first_question_is_two_clicks_away_and_in_the_first_screen(
    window, record_report, links, answer
):
    window.goto((record_report.folder / "index.html").as_uri())
    for address in links:
        window.locator(f'a[href="{address}"]').first.click()
    assert 0 < window.evaluate(BOTTOM, answer) < SCREEN


@pytest.mark.parametrize(
    "path",
    ["indicators/told-of-arrest.html", "forces/fernleigh.html", "returns.html", "answerable.html", "burden.html"],
)
def test_on_paper_no_page_on_records_is_wider_than_the_sheet(paper, record_report, path):
    paper.goto((record_report.folder / path).as_uri())
    assert paper.evaluate(OVERFLOW) == 0


def test_on_paper_too_a_page_says_that_its_forces_are_synthetic(browser, record_report):
    from playwright.sync_api import expect

    page = browser.new_page()
    page.emulate_media(media="print")
    page.goto((record_report.folder / "forces/fernleigh.html").as_uri())
    expect(page.get_by_text("none of this is about a real force")).to_be_visible()
    page.close()


def test_a_reader_goes_from_the_front_to_an_indicator_and_its_quotation_without_scripts(browser, record_report):
    from playwright.sync_api import expect

    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(record_report.written.index.as_uri())
    page.locator("summary", has_text="Responses").click()
    page.get_by_role("link", name="Victims told of the arrest in time", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Victims told of the arrest in time")
    page.locator("#headline summary", has_text="Quote this").click()
    expect(page.locator("#headline blockquote")).to_contain_text("returns to request INV-2026")
    page.locator("#forces + details > summary").click()  # a long page folds its table of forces
    page.get_by_role("link", name="Fernleigh (invented)", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fernleigh (invented)")
    context.close()


def test_every_chart_of_a_page_on_records_is_loaded(browser, record_report):
    page = browser.new_page()
    page.goto((record_report.folder / "indicators/told-of-arrest.html").as_uri())
    sizes = page.evaluate("Promise.all([...document.images].map(i => i.decode().then(() => i.naturalWidth)))")
    assert len(sizes) == 4
    assert min(sizes) > 300
    page.close()
