"""Does the page of a sample say what it should, to a person at a desk and on a phone?"""

import pytest

from report.browsing import barriers
from report.test_report_inspected_browser import OPEN, OVER, WIDE


def test_the_page_says_whose_it_is_and_holds_every_part(page):
    text = page.read_text(encoding="utf-8")
    for words in ("For the inspection's own people", "read out", "What these files will be able to say", "Progress",
                  "Do two who read one file answer alike?", "Is anybody severe", "52 files in all"):  # fmt: skip
        assert words in text
    assert text.count("<h3") + text.count("<caption") > 15


@pytest.mark.browser
def test_the_page_has_no_barrier_no_console_message_and_nothing_wider_than_the_screen(window, axe, page):
    window.said.clear()
    window.goto(page.as_uri())
    window.evaluate(OPEN)
    assert window.said == []
    assert barriers(window, axe) == []
    assert window.evaluate(OVER) == 0
    assert window.evaluate(WIDE) == []
