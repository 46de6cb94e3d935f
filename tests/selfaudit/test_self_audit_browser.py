"""Is the self-audit page usable on a computer, on a phone in dark mode, and on paper?"""

import pytest

from report.browsing import OPEN, OVERFLOW, WIDE, barriers

pytestmark = pytest.mark.browser


def test_the_page_has_no_barrier_no_console_message_and_nothing_wider_than_the_screen(window, axe, worked):
    window.messages.clear()
    window.goto(worked.done.index.as_uri())
    window.evaluate(OPEN)
    assert window.messages == []
    assert barriers(window, axe) == []
    assert window.evaluate(OVERFLOW) == 0
    assert window.evaluate(WIDE) == []


def test_on_paper_it_says_whose_it_is_and_fits_the_sheet(browser, worked):
    from playwright.sync_api import expect

    page = browser.new_page(viewport={"width": 680, "height": 900})  # A4 less its margins, in CSS pixels
    page.emulate_media(media="print")
    page.goto(worked.done.index.as_uri())
    expect(page.get_by_text("For INV01 (synthetic) only.").first).to_be_visible()
    assert page.evaluate(OVERFLOW) == 0
    page.close()
