"""Does every theme page show what victims and survivors say, or that nobody was asked, without a share?"""

import re
from html import unescape

import pytest

from assay.report import write_report
from assay.report.pages.inspection.voices_page import voices_page
from assay.sdc import declared_tables, policy, release
from made_once import with_pages_only
from report.fixture import released
from report.force_rows import CODE, NEIGHBOUR, measure, world
from report.record_fixture import ORGANISATIONS, arrow, raw_tables

RESPONSES = "lines/responses.html"


def section(page):
    """The words of the section on voices."""
    text = page[page.index('id="voices"') :]
    text = text[: text.index("</section>")]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def test_every_line_of_enquiry_has_a_page_with_the_section(record_pages, pages):
    for page_set in (record_pages, pages):
        lines = [path for path in page_set if path.startswith("lines/")]
        assert lines
        assert all("What victims and survivors say" in page_set[path] for path in lines)


def test_the_page_says_who_was_asked_how_how_many_and_who_was_not_reached(record_pages):
    voice_section = section(record_pages[RESPONSES])
    assert "60 were asked, 30 answered." in voice_section
    assert "through a service that supports them; whom a service chose to invite" in voice_section
    assert "Not reached: Children in secure homes." in voice_section
    assert "Every time 20" in voice_section
    assert "Waited long for things to be done 15" in voice_section


def test_of_few_who_answered_the_page_says_that_they_were_asked_and_nothing_more(record_pages):
    voice_section = section(record_pages["forces/brackenshire/reasons.html"])
    assert "Too few answered for what they said to be shown" in voice_section
    assert "10 were asked, fewer than 8 answered." in voice_section
    assert "Waited long" not in voice_section
    assert "Every time" not in voice_section


def test_where_nobody_was_asked_the_page_says_so_and_that_it_says_nothing_of_the_force(record_pages):
    assert "Nobody was asked here." in section(record_pages["forces/cloverdale/reasons.html"])
    silent = len(ORGANISATIONS) - 2  # figures of services are nobody's answers
    voice_section = section(record_pages[RESPONSES])
    assert (
        f"In 2 of {len(ORGANISATIONS)} forces victims and survivors were asked about this; in the others, nobody was."
        in voice_section
    )
    assert f"{silent} forces where nobody was asked about this" in voice_section


def test_no_section_on_voices_holds_a_share_a_rate_or_a_rank(record_pages):
    for path in record_pages:
        if 'id="voices"' in record_pages[path]:
            voice_section = section(record_pages[path])
            assert "%" not in voice_section
            assert "in 100" not in voice_section
            assert not re.search(r"\d(st|nd|rd|th) of", voice_section)


def test_a_quotation_stands_on_its_line_and_on_no_page_of_a_force(record_pages):
    words = "I told it from the start to four officers."
    assert [path for path in record_pages if words in record_pages[path]] == ["voices.html", RESPONSES]


def test_small_counts_of_advocates_and_complaints_are_not_shown(record_pages):
    assert "1 January 2026 40 25" in section(record_pages["forces/alderwick/reasons.html"])
    assert "fewer than 8" in section(record_pages["forces/alderwick/reasons.html"])
    assert "1 January 2026 Complaint 15 10 fewer than 8" in section(record_pages["forces/dunmoor/reasons.html"])


def test_where_nobody_was_heard_at_all_every_page_says_so(tmp_path):
    rows = {name: raw_table for name, raw_table in raw_tables().items() if not declared_tables()[name].voice}
    out = release(arrow(rows), policy=policy("record level"), ledger_head="0" * 64, edition="returns to request X")
    with with_pages_only(RESPONSES):
        write_report(out, tmp_path)
    voice_section = section((tmp_path / RESPONSES).read_text())
    assert (
        f"Nobody was asked about this in any of {len(ORGANISATIONS)} forces. Nobody was asked across forces."
        in voice_section
    )


@pytest.mark.parametrize("path", ["lines/responses.html"])
def test_published_statistics_hold_no_voices_and_the_page_says_so(path, pages):
    assert released().rows("voice_collections") == []
    assert "Nobody was asked" in section(next(text for name, text in pages.items() if name.startswith("lines/")))


def test_a_page_of_its_own_says_who_answered_and_what_came_up_most_as_counts(record_pages):
    page = record_pages["voices.html"]
    text = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1].split("</main>")[0])))
    assert "A survey across forces: 310 people answered." in text
    assert "Waited long for things to be done: 80 people" in text
    assert "In 2 of 12 forces victims and survivors were asked about this; in the others, nobody was." in text
    before_interval_note = text.split("How sure is this?")[0]
    assert not re.search(r"\d%|per cent|\b1st\b", before_interval_note)
    assert 'href="voices.html"' in record_pages["index.html"]
    assert 'href="../voices.html"' in record_pages[RESPONSES]


def test_where_nothing_was_sent_the_page_is_one_sentence():
    page = voices_page(world([measure("one", 0.8)]))
    assert page.context["nothing_sent"].startswith("Nobody sent what victims, survivors, staff or partners say.")


def test_a_force_whose_page_awaits_approval_is_not_on_the_page():
    verdicts = [{"place_code": place, "characteristic": "heard", "evidence_source": "staff", "verdict": "disagrees"}
               for place in (CODE, NEIGHBOUR)]  # fmt: skip
    page = voices_page(world([measure("one", 0.8)], withheld=[CODE], source_verdicts=verdicts))
    assert [row[0].text for row in page.context["forces"].rows] == ["Birch"]
    assert page.context["forces"].rows[0][2].text == "agree on 0, disagree on 1"
    assert "In 2 of" not in str(page.context["heard"])
