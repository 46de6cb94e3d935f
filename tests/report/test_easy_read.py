"""The Easy Read page: the key findings of the front page in short lines, one idea each, with a frame for a picture."""

import re
from html import unescape

import pytest

from assay.indicators.indicator_catalogue import indicators
from assay.report.easy_read import (
    easy_topics,
    forces_missing_lines,
    group_lines,
    national_lines,
    outlier_lines,
    trend_lines,
)
from assay.report.pages.inspection.finding_candidates import finding_candidates
from assay.report.report_writer import index_tables
from report.record_fixture import record_released

MOST_WORDS = 12
LINE = re.compile(
    r'<div class="easy-line"><div class="picture"><span class="sr">Picture: </span>(.*?)</div><p>(.*?)</p>'
)


def easy_lines(page):
    return [(unescape(picture), re.sub(r"<[^>]+>", "", unescape(text))) for picture, text in LINE.findall(page)]


def texts(found):
    return [line.text for line in found]


def test_an_outlier_is_told_in_lines_with_shares_as_numbers_out_of_100():
    """43.4% is 43 out of 100, and 89% is 89 out of 100."""
    assert texts(outlier_lines("Kent", "told_of_arrest", 0.434, 0.89, is_worse=True)) == [
        "Kent does worse than other forces.", "It is about telling victims about an arrest.", "Kent: 43 out of 100 times.",
        "Other forces: 89 out of 100 times.", "We are almost certain of this.",
    ]  # fmt: skip


def test_a_share_that_is_not_released_gives_no_number_and_a_measure_of_a_plugin_no_topic():
    found = texts(outlier_lines("Kent", "their_own_measure", None, 0.89, is_worse=False))
    assert found == ["Kent is not like other forces.", "We are almost certain of this."]


def test_a_finding_that_is_very_probable_is_not_called_almost_certain():
    found = texts(outlier_lines("Kent", "told_of_arrest", 0.434, 0.89, is_worse=False, is_certain=False))
    assert found[-1] == "We are quite sure of this."


def test_a_small_part_is_never_rounded_to_nothing_and_a_large_one_never_to_all():
    assert "All forces: fewer than 1 out of 100 times." in texts(national_lines("told_of_arrest", 0.004))
    assert "All forces: more than 99 out of 100 times." in texts(national_lines("told_of_arrest", 0.996))
    assert "All forces: 0 out of 100 times." in texts(national_lines("told_of_arrest", 0.0))


def test_a_rule_that_three_forces_miss_is_said_once_with_a_line_for_each_force():
    found = texts(forces_missing_lines(["Essex", "Gwent", "Kent"], "problem_profile_current"))
    assert found == [
        "Some forces do not keep a rule.",
        "It is about having a new report on the problem.",
        "Essex does not do it.",
        "Gwent does not do it.",
        "Kent does not do it.",
        "The rule is for every force.",
    ]


def test_a_rule_that_one_force_misses_names_it_in_the_first_line():
    found = texts(forces_missing_lines(["Kent"], "problem_profile_current"))
    assert (found[0], found[-1], len(found)) == ("Kent does not keep a rule.", "The rule is for every force.", 3)


def test_a_count_with_a_long_name_is_left_out():
    assert texts(trend_lines("Crimes recorded", "very probably fell", "three years"))[:2] == [
        "We looked at this count: Crimes recorded.", "It very probably went down in three years.",
    ]  # fmt: skip
    assert texts(trend_lines("Crimes recorded", "neither clearly rose nor clearly fell", "one year"))[1] == (
        "It did not clearly go up or down in one year."
    )
    assert trend_lines("a b c d e f g h", "neither clearly rose nor clearly fell", "one year") == ()


def test_every_measure_of_the_catalogue_has_a_topic_that_fits_in_a_line():
    assert {form.key for form in indicators()} <= set(easy_topics())
    lines = [f"It is about {topic}." for topic in easy_topics().values()]
    assert [line for line in lines if len(line.split()) > MOST_WORDS] == []


def test_every_candidate_for_a_key_finding_can_be_said_in_easy_read():
    found = list(finding_candidates(index_tables(record_released())))
    assert len(found) > 2
    assert [item.sentence for item in found if not item.easy] == []
    lines = [line for item in found for line in item.easy]
    assert [line.text for line in lines if len(line.text.split()) > MOST_WORDS] == []
    assert all(line.picture for line in lines)
    assert texts(group_lines("In care", "told_of_arrest", 0.5))[1] == "They are in this group: in care."


@pytest.mark.parametrize("kind", ["record_pages", "pages"])
def test_both_reports_have_the_page_which_the_front_page_leads_to(kind, request):
    page_texts = request.getfixturevalue(kind)
    assert 'href="easy-read.html"' in page_texts["index.html"].split("</main>")[0]
    lines = easy_lines(page_texts["easy-read.html"])
    assert len(lines) > 12
    assert lines[0] == ("A person who reads a page", "This page is in Easy Read.")
    assert [text for _, text in lines if len(text.split()) > MOST_WORDS] == []


def test_the_page_says_the_same_findings_as_the_front_page_in_the_same_order(record_pages):
    front = re.findall(r'<span class="sentence">(.*?)</span>', record_pages["index.html"])
    parts = re.findall(r'<h2 id="part-\d">(.*?)</h2>', record_pages["easy-read.html"])
    assert len(parts) == len(front) + 2
    assert parts[:2] == ["About this page", "First thing that we found"]
