"""Does the page of trends first answer whether the total fell, then list the series by what they did?"""

import re

import pyarrow as pa
import pytest
from lxml import html

from assay.report.pages.published_charts import trend_chart
from assay.report.pages.published_trend_summary import series_groups, total_sentences
from assay.report.pages.trend_counts import count_text
from assay.report.report_writer import index_tables
from assay.sdc import policy, release
from report.fixture import FORCES, released, tables


@pytest.fixture(scope="module")
def site():
    """The small tables of the report, indexed."""
    return index_tables(released())


def site_of(change):
    """The small tables of the report, after a change to each row of the trends."""
    raw = dict(tables(FORCES))
    rows = raw["trends"].to_pylist()
    for row in rows:
        change(row)
    raw["trends"] = pa.Table.from_pylist(rows, schema=raw["trends"].schema)
    return index_tables(release(raw, policy=policy(), ledger_head="0" * 64, edition="2026-01 (synthetic)"))


def test_the_first_sentence_says_whether_the_total_fell_and_by_how_much(site):
    """The probability of a fall is 0.89: below 0.9 it is no more than probable."""
    first, other, decision, size, months = total_sentences(site)
    assert other == (
        "The same count very probably rose over five years (3% higher) and neither clearly rose nor clearly fell over "
        "one year (1% lower)."
    )
    assert decision.startswith("The change over three years decides the answer here.")
    assert first == "Child sexual offences recorded by police probably fell over three years (6% lower)."
    assert size == "The 95% interval of the change is 19% lower to 3% higher. The probability of a fall is 89%."
    assert re.fullmatch(
        r"It compares January to December 2025 \([\d,]+ offences\) with January to December 2022 \([\d,]+ offences\), "
        r"in England and Wales\.",
        months,
    )


def test_the_count_of_a_year_is_the_sum_of_its_four_quarters_and_unknown_without_one_of_them(site):
    trend = site.find_row("trends", place_code="EW", offence_key=site.default, years_apart=3)
    quarters = [
        row["offences"]
        for row in site.find_rows("recorded_quarterly", place_code="EW", offence_key=site.default)
        if (row["financial_year"], row["quarter"]) in {("2024/25", 4), ("2025/26", 1), ("2025/26", 2), ("2025/26", 3)}
    ]
    assert count_text(site, trend, "latest") == f"{sum(quarters):,}"
    assert len(quarters) == 4
    assert count_text(site, {**trend, "latest_from": "2025/26 Q1"}, "latest") == ""


def test_the_count_of_a_factor_is_that_of_the_year_to_march(site):
    factor = {"place_code": "E", "offence_key": "", "series": "Assessments that name gangs as a factor",
              "latest_to": "2024/25 Q4"}  # fmt: skip
    assert count_text(site, factor, "latest") == "13,700"  # 20,000 - 900 x 7 years


def test_spans_that_agree_need_no_sentence_on_which_decides(site):
    [first, *rest] = total_sentences(site_of(lambda row: row.update(probability_fell=0.95)))
    assert " very probably fell over three years " in first
    assert not any("decides" in sentence for sentence in rest)


def test_the_chart_of_a_force_states_the_deciding_span_and_a_longer_one_with_another_direction(site):
    assert trend_chart(site, "EW", site.default).finding.endswith(
        "probably fell over three years. Over five years it very probably rose"
    )
    agree = site_of(lambda row: row.update(probability_fell=0.95))
    assert trend_chart(agree, "EW", agree.default).finding.endswith("very probably fell over three years")


def test_a_break_in_the_series_is_named_with_the_answer():
    def crossed(row):
        if row["years_apart"] == 3:
            row["breaks_between"] = "pandemic"

    assert total_sentences(site_of(crossed))[-1] == "Breaks lie in between: pandemic (from April 2020)."


@pytest.mark.parametrize(
    ("probability", "heading"),
    [
        (0.95, "Very probably fell"),
        (0.05, "Very probably rose"),
        (0.5, "Not clear: the probability of a fall is between 10% and 90%"),
        (None, "No estimate: what is missing stands beside each series"),
    ],
)
def test_each_series_is_listed_once_and_no_list_is_empty(probability, heading):
    def changed(row):
        row |= {"probability_fell": probability, "refusal": "Too few." if probability is None else ""}

    [group] = series_groups(site_of(changed))
    [changes] = group.change_lists
    assert changes.heading == heading
    assert len(changes.series) == 1
    assert changes.series[0].endswith("Too few." if probability is None else ")")


def test_without_an_estimate_the_total_has_no_sentence():
    assert total_sentences(site_of(lambda row: row.update(refusal="Too few."))) == []


def test_the_links_of_the_front_page_land_at_a_heading_and_the_page_counts_no_zero(report):
    front = html.parse(report.folder / "index.html")
    anchors = {href.partition("#")[2] for href in front.xpath("//a/@href") if href.startswith("on-the-wane.html#")}
    assert anchors
    page = html.parse(report.folder / "on-the-wane.html")
    assert {element.tag for anchor in anchors for element in page.xpath(f"//*[@id='{anchor}']")} == {"h2"}
    main = page.xpath("//main")[0].text_content()
    assert " 0 very probably" not in main
    assert "Over one year none clearly fell or rose." in main
