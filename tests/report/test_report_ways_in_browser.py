"""Can a reader search, and compare forces, from local files in a browser?"""

import pytest

from report.browsing import barriers

pytestmark = pytest.mark.browser


def overflow(window):
    return window.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_words_lead_to_the_page_whose_title_holds_them(window, axe, record_report):
    window.messages.clear()
    window.goto((record_report.folder / "search.html").as_uri())
    window.get_by_label("Words to look for").fill("told arrest")
    found = window.locator("#search-found a")
    found.first.wait_for()
    assert found.first.inner_text() == "Victims told of the arrest in time"
    assert window.messages == []
    assert barriers(window, axe) == []
    assert overflow(window) == 0
    found.first.click()
    window.wait_for_url("**/indicators/told-of-arrest.html")


def test_london_leads_to_the_force_of_its_councils_and_then_to_the_city(window, report):
    window.goto((report.folder / "search.html").as_uri())
    window.get_by_label("Words to look for").fill("London")
    window.locator("#search-found a").first.wait_for()
    assert window.locator("#search-found a").all_inner_texts()[:2] == ["Metropolitan Police", "City of London"]


def test_words_that_stand_nowhere_are_said_to_stand_nowhere(window, record_report):
    window.goto((record_report.folder / "search.html").as_uri())
    window.get_by_label("Words to look for").fill("zebra crossing")
    assert "No page holds all of these words." in window.locator("#search-found").inner_text()


@pytest.mark.parametrize("report_name", ["record_report", "report"])
def test_two_forces_stand_side_by_side_with_what_their_own_pages_say(request, window, axe, report_name):
    from playwright.sync_api import expect

    report = request.getfixturevalue(report_name)
    window.messages.clear()
    window.goto((report.folder / "compare.html").as_uri())
    window.get_by_label("Second force").select_option(index=2)
    names = [
        window.get_by_label(label).evaluate("c => c.selectedOptions[0].text")
        for label in ("First force", "Second force")
    ]
    assert window.locator("#compare-shown caption").first.inner_text() == f"{names[0]} and {names[1]}, side by side"
    expect(window.locator("#compare-shown tbody tr").nth(3)).to_be_visible()
    assert window.messages == []
    assert barriers(window, axe) == []
    assert overflow(window) == 0


@pytest.mark.parametrize("path", ["search.html", "compare.html", "glossary.html"])
def test_without_scripts_the_pages_are_lists_that_lead_everywhere(browser, axe, record_report, path):
    from playwright.sync_api import expect

    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 900})
    page = context.new_page()
    page.goto((record_report.folder / path).as_uri())
    expect(page.locator("form:visible")).to_have_count(0)
    if path != "glossary.html":
        expect(page.locator("main .columns a").nth(5)).to_be_visible()
    context.close()


def test_on_paper_the_form_is_not_printed(browser, record_report):
    from playwright.sync_api import expect

    page = browser.new_page(viewport={"width": 680, "height": 900})
    page.emulate_media(media="print")
    page.goto((record_report.folder / "search.html").as_uri())
    expect(page.locator("form:visible")).to_have_count(0)
    assert overflow(page) == 0
    page.close()
