"""Does each past recommendation show its text, answer, deadline and dated history, and each law whether it is in force?"""

import re

import pytest
from lxml import html

from assay import reference
from assay.report.pages.inspection.recommendation_pages import _past_facts, _place_by_date
from assay.report.pages.register_pages import event_history, law_page, past_recommendations_page, recommendation_facts
from assay.report.period_words import partial_date_text
from assay.workflows.registers.register_page import markdown_page


def words(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.fixture(scope="module")
def past_page(report):
    return (report.folder / "recommendations" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2026-06-29", "29 June 2026"), ("2026-06", "June 2026"), ("2026", "2026"), ("", ""), ("soon", "soon")],
)
def test_a_date_is_said_as_far_as_it_is_known(text, expected):
    assert partial_date_text(text) == expected


def test_the_published_report_shows_every_past_recommendation_the_latest_report_first(past_page):
    page = html.fromstring(past_page)
    assert [article.get("id") for article in page.findall(".//article")] == [
        item.key for item in reference.recommendations().latest_first
    ]
    heads = [words(head.text_content()) for head in page.findall(".//main//h2")]
    assert "24 October 2025" in heads[0]
    assert next(head for head in heads if "If only someone" in head).endswith("(November 2013)")


def test_a_recommendation_shows_text_response_deadline_state_and_history_with_addresses(past_page):
    [article] = html.fromstring(past_page).xpath("//article[@id='casey-2025-4']")
    text = words(article.text_content())
    for part in ("ethnicity and nationality of suspects", "the Government will make it a requirement", "16 June 2025",
                 "Policy only: a law, plan, promise or body exists", "no day was found"):  # fmt: skip
        assert part in text
    days = [words(item.text_content()).strip().partition(":")[0] for item in article.findall(".//li")]
    assert days == ["4 November 2025", "2 September 2025", "30 July 2025", "16 June 2025", "March 2021"]
    assert all(item.find("code").text.startswith("http") for item in article.findall(".//li"))


def test_what_nobody_read_is_listed_with_its_publisher(past_page):
    [section] = html.fromstring(past_page).xpath("//section[@aria-labelledby='unread']")
    rows = section.findall(".//tbody/tr")
    assert len(rows) == 16
    assert "HMICFRS" in rows[0].text_content()


def test_the_pages_of_registers_are_linked_from_every_page_of_the_published_report(report):
    front = (report.folder / "index.html").read_text(encoding="utf-8")
    assert 'href="recommendations/index.html"' in front
    assert 'href="laws.html"' in front


def test_the_page_of_laws_says_what_is_in_force_and_what_was_not_found(report):
    page = html.fromstring((report.folder / "laws.html").read_text(encoding="utf-8"))
    sections = {words(section.find("h2").text_content()).strip(): words(section.text_content())
                for section in page.xpath("//main/section[h2[starts-with(@id, 'law-')]]")}  # fmt: skip
    assert len(sections) == len(reference.laws()) == 29
    assert "In force, as at 1 June 2026" in sections["Victims' Code of November 2020"]
    assert "1 April 2021" in sections["Victims' Code of November 2020"]
    duty = next(text for name, text in sections.items() if "duty to report" in name)
    assert "Not found" in duty
    assert "no day was found" in duty


def test_the_page_of_an_inspection_uses_the_register_and_keeps_what_is_no_longer_in_it():
    row = {"recommendation": "iicsa-2022-1", "place": 1, "owner": "", "deadline": "", "last_status": "", "source": "s",
           "last_status_on": "", "test": "None.", "text_read": True}  # fmt: skip
    facts = dict(_past_facts(row))
    assert facts["Place in the report"] == "Part L.2, recommendation 1"
    assert facts["What would show it"] == "None."
    unlisted = dict(
        _past_facts(row | {"recommendation": "gone", "deadline": "2024-12-31", "last_status": "incomplete"})
    )
    assert (unlisted["By"], unlisted["Status last read"]) == ("31 December 2024", "incomplete")
    assert event_history("gone") == []


def test_recommendations_of_an_inspection_report_are_sorted_by_the_date_of_their_report():
    keys = ["rochdale-2024", "gone", "childrens-commissioner-2013", "time-to-listen-2016", "hmicfrs-2025-2"]
    rows = [{"recommendation": key, "place": place} for place, key in enumerate(keys)]
    assert [row["recommendation"] for row in sorted(rows, key=_place_by_date)] == [
        "hmicfrs-2025-2", "rochdale-2024", "time-to-listen-2016", "childrens-commissioner-2013", "gone",
    ]  # fmt: skip


def test_no_fact_of_a_recommendation_or_a_law_is_empty():
    facts = [fact for item in reference.recommendations() for fact in recommendation_facts(item)]
    facts += [fact for item in law_page().context["items"] for fact in item["facts"]]
    assert [name for name, text in facts if not text.strip()] == []
    assert past_recommendations_page().context["unread"] is not None


def test_the_manual_says_of_each_published_table_whether_its_figures_come_with_the_program():
    page = markdown_page("", lambda _head, rows: "\n".join(" | ".join(map(str, row)) for row in rows))
    bundled = {line.split(" | ")[0].strip("`"): line.split(" | ")[6] for line in page.splitlines() if line[:1] == "`"}
    assert len(bundled) == 40
    assert bundled["flagged-offences"] == "no"
    assert bundled["children-in-need"] == "yes, to 2025-03-31"
    assert bundled["court-outcomes"] == "in part, to 2018-12-31"
