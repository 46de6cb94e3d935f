"""Is the report usable in a browser, on a computer and on a phone, without scripts, in dark mode?"""

import re

import pytest

from report.browsing import OPEN, OVERFLOW, PHONE, WIDE, WORKSPACE, barriers, seen

# One page of every template, or the one of them that holds the most; and further pages of the same templates.
TEMPLATES = (
    "index.html",
    "lines/scale.html",
    "questions/index.html",
    "questions/q39.html",
    "forces/index.html",
    "forces/kent.html",
    "forces/british-transport-police.html",
    "offences/index.html",
    "offences/csa11.html",
    "comparison.html",
    "comparison/charged-of-closed.html",
    "comparison/per-1000-children.html",
    "on-the-wane.html",
    "cannot-be-answered.html",
    "method.html",
    "data-quality.html",
    "figures/index.html",
    "receipts/index.html",
)
FURTHER = (
    "lines/attitudes.html",
    "questions/q2.html",
    "forces/humberside.html",
    "forces/gwent.html",
    "forces/city-of-london.html",
    "offences/71.html",
)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", TEMPLATES)
def test_a_page_has_no_barrier_no_console_message_and_no_sideways_scroll(window, axe, report, path):
    assert seen(window, axe, report.folder / path) == ([], [], 0)


@pytest.mark.parametrize("window", [WORKSPACE], indirect=True, ids=["wide"])
@pytest.mark.parametrize("path", FURTHER)
def test_nor_has_a_further_page_of_a_template(window, axe, report, path):
    assert seen(window, axe, report.folder / path) == ([], [], 0)


@pytest.mark.parametrize("window", [PHONE], indirect=True, ids=["phone"])
@pytest.mark.parametrize("path", [*TEMPLATES, *FURTHER])
def test_on_a_phone_no_table_and_no_map_is_wider_than_the_screen(window, report, path):
    window.goto((report.folder / path).as_uri())
    window.evaluate(OPEN)
    assert window.evaluate(WIDE) == []


def test_open_details_have_no_barrier_either(window, axe, report):
    window.goto((report.folder / "forces/kent.html").as_uri())
    window.evaluate(OPEN)
    assert barriers(window, axe) == []
    assert window.evaluate(OVERFLOW) == 0


@pytest.mark.parametrize("path", [*TEMPLATES, *FURTHER])
def test_on_paper_nothing_is_wider_than_the_page(paper, report, path):
    paper.goto((report.folder / path).as_uri())
    assert paper.evaluate(OVERFLOW) == 0


def test_on_a_dark_screen_a_higher_shade_stands_out_more(browser, report):
    page = browser.new_page(color_scheme="dark")
    page.goto((report.folder / "forces/index.html").as_uri())
    fills = "[0, 1, 2, 3, 4].map(i => getComputedStyle(document.querySelector('.swatch.s' + i)).backgroundColor)"
    light = [sum(int(part) for part in re.findall(r"\d+", fill)) for fill in page.evaluate(fills)]
    assert light == sorted(light)
    page.close()


def test_the_report_reads_and_quotes_without_scripts(browser, report):
    from playwright.sync_api import expect

    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.written.index.as_uri())
    page.get_by_role("link", name="Forces", exact=True).click()
    page.get_by_role("link", name="Kent", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kent")
    page.locator("#charged-of-closed-2024-25 summary").click()
    expect(page.locator("#charged-of-closed-2024-25 blockquote")).to_contain_text("edition of January 2026")
    page.locator("#charged-of-closed-2024-25 a.receipt").click()
    expect(
        page.get_by_role("heading", name="Table shares: Outcome shares: force estimates and outlier alerts")
    ).to_be_visible()
    expect(page).to_have_url(re.compile("#table-shares$"))
    context.close()


def test_a_keyboard_reaches_the_content_in_one_step(browser, report):
    from playwright.sync_api import expect

    page = browser.new_page()
    page.goto(report.written.index.as_uri())
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.close()


def test_every_chart_is_loaded(browser, report):
    page = browser.new_page()
    page.goto((report.folder / "forces/kent.html").as_uri())
    sizes = page.evaluate("Promise.all([...document.images].map(i => i.decode().then(() => i.naturalWidth)))")
    assert len(sizes) == 4
    assert min(sizes) > 300
    page.close()
