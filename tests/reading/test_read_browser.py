"""Is the page of one text usable on a computer and on a phone in dark mode?"""

import pytest

from assay.workflows.reading.reading_summaries import TextReading, write_text_page
from assay.workflows.reading.text_readers import build_reader
from report.browsing import OVERFLOW, WIDE, barriers

pytestmark = pytest.mark.browser
TEXT = """14:05 Mother rang. She states IP is putting herself at risk and chooses to stay out.
Susp i/v: says she knew what she was doing.
IP refuses to engage with officers. She is not promiscuous. NFA pending strategy meeting."""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    reading = TextReading(TEXT, build_reader().read([TEXT])[0])
    assert {passage.counts for passage in reading.answer.passages} == {True, False}
    return write_text_page(reading, tmp_path_factory.mktemp("page") / "read.html")


def test_the_page_has_no_barrier_no_console_message_and_nothing_wider_than_the_screen(window, axe, page):
    window.messages.clear()
    window.goto(page.as_uri())
    assert window.messages == []
    assert barriers(window, axe) == []
    assert window.evaluate(OVERFLOW) == 0
    assert window.evaluate(WIDE) == []
