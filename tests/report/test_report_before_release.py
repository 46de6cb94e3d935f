"""Does every page have its note and contacts, and does a force's page wait for approval?"""

import re
from datetime import date
from pathlib import Path

import pytest

from assay.report import write_report
from assay.report.release_approvals import RELEASE_QUESTIONS, Approval, ReleaseApprovals
from assay.report.support_contacts import support
from made_once import without_spreadsheets
from report.record_fixture import record_released

YES = Approval("Chief inspector", date(2026, 6, 1))


@pytest.fixture(scope="module")
def partly(tmp_path_factory):
    """A report in which the page of one force has its yes, and those of the others wait."""
    folder = tmp_path_factory.mktemp("partly")
    other_codes = frozenset(row["place_code"] for row in record_released().rows("places")) - {"INV01"}
    approvals = ReleaseApprovals(Approval("Survivors' panel", date(2026, 5, 2)), {"INV01": YES}, other_codes)
    with without_spreadsheets():
        return folder, write_report(record_released(), folder, approvals=approvals)


def page(partly, path):
    return Path(partly[0], path).read_text(encoding="utf-8")


@pytest.mark.parametrize("pages_name", ["pages", "record_pages"])
def test_every_page_has_a_note_on_its_content_and_every_contact(request, pages_name):
    for path, text in request.getfixturevalue(pages_name).items():
        assert support().note in text, path
        assert all(contact.name in text and contact.reach in text for contact in support().contacts), path
        assert "Checked on 27 November 2026" in text, path


def test_every_contact_has_a_source_and_plain_words():
    assert len(support().contacts) >= 5
    assert all(
        contact.source.startswith("https://") and contact.for_whom.endswith((".", "now."))
        for contact in support().contacts
    )


def test_the_page_of_a_force_waits_and_says_for_what(partly):
    text = page(partly, "forces/brackenshire.html")
    assert "This page is not released yet." in text
    assert all(question in text for question in RELEASE_QUESTIONS.values())
    assert "told-of-arrest" not in text
    main = re.search(r"<main.*</main>", text, re.S)[0]
    assert "%" not in main


def test_the_page_with_its_yes_says_whose_it_is(partly):
    text = page(partly, "forces/alderwick.html")
    assert "Answered with yes by Chief inspector" in text
    assert "told-of-arrest" in text


def test_every_page_says_whether_survivors_representatives_read_its_words(partly, record_pages):
    for path in partly[1].pages:
        assert re.search(r"Wording review by survivors.{1,7} representatives: done \(Survivors", page(partly, path)), (
            path
        )
    assert all("representatives: not done." in text for text in record_pages.values())
