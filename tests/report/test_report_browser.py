"""Does the report work for people: in a real browser, on a desk and on a phone, without scripts, in the dark?"""

import re

import pytest

from report.browsing import barriers

# One page of every template, and the ones that hold the most.
TEMPLATES = (
    "index.html",
    "lines/scale.html",
    "lines/attitudes.html",
    "questions/index.html",
    "questions/q39.html",
    "questions/q2.html",
    "forces/index.html",
    "forces/kent.html",
    "forces/humberside.html",
    "forces/gwent.html",
    "forces/city-of-london.html",
    "forces/british-transport-police.html",
    "offences/index.html",
    "offences/csa11.html",
    "offences/71.html",
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

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", TEMPLATES)
def test_a_page_has_no_barrier_no_console_message_and_no_sideways_scroll(window, axe, report, path):
    window.said.clear()
    window.goto((report.folder / path).as_uri())
    assert window.said == []
    assert barriers(window, axe) == []
    over = window.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over == 0


def test_open_details_have_no_barrier_either(window, axe, report):
    window.goto((report.folder / "forces/kent.html").as_uri())
    window.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert barriers(window, axe) == []
    assert window.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.parametrize("path", TEMPLATES)
def test_on_a_phone_no_table_and_no_map_is_wider_than_the_screen(browser, report, path):
    page = browser.new_page(viewport={"width": 375, "height": 900})
    page.goto((report.folder / path).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    wide = "[...document.querySelectorAll('.scroll')].filter(s => s.scrollWidth > s.clientWidth).map(s => s.innerText)"
    assert page.evaluate(wide) == []
    page.close()


@pytest.mark.parametrize("path", TEMPLATES)
def test_on_paper_nothing_is_wider_than_the_page(browser, report, path):
    page = browser.new_page(viewport={"width": 680, "height": 900})  # A4 less its margins, in CSS pixels
    page.emulate_media(media="print")
    page.goto((report.folder / path).as_uri())
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over == 0
    page.close()


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
    expect(page.get_by_role("heading", name="Table shares: Outcome shares, compared fairly")).to_be_visible()
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
