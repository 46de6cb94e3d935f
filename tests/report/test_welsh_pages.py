"""Do the Welsh pages say what the English pages say, is what has no Welsh marked as English, and do their links lead
somewhere?"""

import re

import pytest
from lxml import html

from assay.report.pages.inspection import combined_alerts
from assay.report.welsh_pages import _catalogue, has_welsh_version, translate, translate_page, translated_share
from assay.sdc.alert_suppression import COMPARISON_SUPPRESSED_TEXT

PAGE = """<!doctype html><html lang="en-GB"><head><title>Easy Read - assay</title><link href="../style.css"></head><body>
<header><nav aria-label="Report"><a href="../index.html">Forces</a> <a href="../method.html#how">Method and limits</a>
<a href="../cy/forces/kent.html" hreflang="cy" lang="cy">Cymraeg</a></nav></header>
<main><h1>Kent</h1><p>10 of 20</p><p>Nobody has translated this. <a href="#a">More</a></p>
<img src="../charts/a.svg" alt="A chart in English."></main><script src="../tables.js"></script></body></html>"""
WELSH_PATHS = {"index.html", "easy-read.html", "forces/kent.html"}


@pytest.fixture
def page():
    return html.document_fromstring(translate_page(PAGE, "forces/kent.html", WELSH_PATHS, {"Kent"}))


def test_the_page_is_welsh_and_what_the_catalogue_lacks_is_marked_english(page):
    assert page.get("lang") == "cy"
    assert page.xpath("//main//*[@lang='en']/text()") == ["Nobody has translated this."]
    assert page.find(".//img").get("lang") == "en"
    assert [text.strip() for text in page.xpath("//main/p[1]/text()")] == ["10 o 20"]


def test_a_name_of_a_force_is_neither_translated_nor_called_english(page):
    assert page.find(".//h1").text == "Kent"
    assert page.find(".//h1").get("lang") is None


def test_a_link_leads_to_the_welsh_page_if_there_is_one_and_otherwise_says_that_it_leads_to_english(page):
    links = {link.text: (link.get("href"), link.get("hreflang")) for link in page.iter("a")}
    assert links["Heddluoedd"] == ("../index.html", None)
    assert links["Dull a therfynau"] == ("../../method.html#how", "en")
    assert links["English"] == ("../../forces/kent.html", "en")
    assert links["Mwy"] == ("#a", None)
    assert page.find(".//img").get("src") == "../../charts/a.svg"


def test_the_page_says_in_welsh_that_it_is_a_draft_and_has_no_english_buttons(page):
    assert page.xpath("//header/p[1]")[0].text.startswith("Cyfieithiad drafft.")
    assert not page.xpath("//script")


def test_a_period_is_translated_and_its_figures_are_kept():
    english = "1 April 2025 to 31 March 2026. All 44 forces and units sent a return, and all were accepted."
    assert "".join(part.text for part in translate(english)) == (
        "1 Ebrill 2025 i 31 Mawrth 2026. Anfonodd pob un o'r 44 heddlu ac uned ffurflen ddata, a derbyniwyd pob un."
    )


ETHNICITY = "Kent: 39% of identified suspects have an ethnicity on record; other forces 91% "


@pytest.mark.parametrize(
    "english",
    [
        f"{ETHNICITY}(almost certainly worse).",
        f"{ETHNICITY}(185 records; almost certainly worse).",
        f"{ETHNICITY}(almost certainly worse on {combined_alerts.tested_measures({'measures': 4})} together).",
        f"{ETHNICITY}(almost certainly worse on {combined_alerts.tested_measures({'measures': 4})} together). "
        f"{combined_alerts.ALONE_LOOK_FIRST}",
        f"An outlier on a combined test of {combined_alerts.tested_measures({'measures': 4})}.",
        "Kent: 44% of victims due to be told of an arrest were told in time. "
        "Standard: all notices owed; missed if probably below 75%.",
        COMPARISON_SUPPRESSED_TEXT,
    ],
)
def test_a_key_finding_on_an_alert_or_a_suppressed_comparison_is_wholly_in_welsh(english):
    parts = translate(english)
    assert parts
    assert not [part.text for part in parts if part.is_english]


def test_every_draft_keeps_the_slots_and_the_numbers_of_its_english_text():
    fixed, patterns = _catalogue()
    assert len(fixed) > 200
    for english, welsh in fixed.items():
        assert sorted(re.findall(r"\d+", english)) == sorted(re.findall(r"\d+", welsh)), english
    for pattern in patterns:
        assert set(pattern.english.groupindex) == set(re.findall(r"\{(\w+)\}", pattern.welsh)), pattern.welsh


def test_the_share_in_welsh_counts_texts_and_not_marks():
    assert translated_share('<html lang="cy"><body><p>Graddau</p><p lang="en">Grades</p><p>12</p></body></html>') == (
        1,
        2,
    )


def test_published_reports_have_a_welsh_front_page_and_inspections_one_for_each_force_too():
    assert has_welsh_version("index.html", is_inspection=False)
    assert not has_welsh_version("forces/kent.html", is_inspection=False)
    assert has_welsh_version("forces/kent.html", is_inspection=True)
    assert not has_welsh_version("forces/index.html", is_inspection=True)


def test_a_welsh_page_of_a_report_holds_the_numbers_of_its_english_page_and_no_others(record_report):
    paths = [path for path in record_report.written.files if path.startswith("cy/")]
    assert {"cy/index.html", "cy/easy-read.html", "cy/forces/alderwick.html"} <= set(paths)
    for path in paths:
        welsh, english = (text_of(record_report.folder / name) for name in (path, path.removeprefix("cy/")))
        numbers, known = (set(re.findall(r"\d[\d,.]*\d|\d", text)) for text in (welsh, english))
        assert numbers <= known, (path, numbers - known)


def text_of(path):
    return " ".join(html.parse(path).xpath("//main//text()"))


def test_most_texts_of_each_welsh_page_are_in_welsh(record_report):
    for path in ("cy/index.html", "cy/easy-read.html", "cy/forces/alderwick.html"):
        in_welsh, texts = translated_share((record_report.folder / path).read_text())
        assert in_welsh / texts > 0.6, path
