"""Does the front page of published statistics begin with the pending cases, and say periods as months?"""

import re

from assay.report.pages.published_front_page import front_page
from assay.report.pages.published_key_findings import published_key_findings
from assay.report.report_writer import index_tables
from assay.report.welsh_pages import translate
from assay.sdc import policy, release
from report.fixture import FORCES, released, tables

MOST_WORDS = 26


def unchanged(rows):
    pass


def site_of(change=unchanged, trends=unchanged):
    """The small tables of the report, after a change to the rows of the shares, and to those of the trends."""
    import pyarrow as pa

    raw = dict(tables(FORCES))
    for name, change_rows in (("shares", change), ("trends", trends)):
        rows = raw[name].to_pylist()
        change_rows(rows)
        raw[name] = pa.Table.from_pylist(rows, schema=raw[name].schema)
    return index_tables(release(raw, policy=policy(), ledger_head="0" * 64, edition="2026-01 (synthetic)"))


def make_pending_outliers(rows):
    for row in rows:
        if row["measure"] == "pending" and row["pending_share"] and row["pending_share"] > 0.25:
            row |= {"outlier_alert": True, "direction": "higher", "expected": 0.12, "not_comparable": ""}


def test_the_forces_with_most_pending_cases_come_first_with_their_shares():
    first = published_key_findings(site_of(make_pending_outliers))[0].sentence
    assert re.match(
        r"Metropolitan Police: 49\.0% of offences recorded in the year to March 2025 were pending; Humberside 47\.0%",
        first,
    )


def test_a_force_without_an_alert_is_not_named_for_its_pending_cases():
    def no_alert(rows):
        for row in rows:
            if row["measure"] == "pending":
                row |= {"outlier_alert": False, "direction": ""}

    assert not [finding for finding in published_key_findings(site_of(no_alert)) if "pending" in finding.sentence]


def test_an_outlier_on_the_worse_side_is_named_beside_the_other_forces():
    def charged_less(rows):
        for row in rows:
            if row["measure"] == "charged-of-closed" and row["outlier_alert"]:
                row |= {"raw_share": 0.02, "expected": 0.095, "direction": "lower", "q_value": 0.01}

    sentences = [finding.sentence for finding in published_key_findings(site_of(charged_less))]
    assert (
        "Cleveland: 2.0% of offences with an outcome led to a charge or summons; other forces 9.5% (almost certainly lower)."
        in sentences
    )


def make_everything_a_finding(rows):
    make_pending_outliers(rows)
    for row in rows:
        if row["measure"] == "charged-of-closed" and row["outlier_alert"]:
            row |= {"raw_share": 0.02, "expected": 0.095, "direction": "lower", "q_value": 0.01}


def make_the_factor_fall(rows):
    for row in rows:
        if row["place_code"] == "E":
            row |= {"series": "Assessments that name child sexual exploitation as a factor", "probability_fell": 0.995,
                    "latest_from": "2024/25 Q1", "latest_to": "2024/25 Q4", "change": -0.23, "change_low": -0.29,
                    "change_high": -0.11, "earlier_from": "2021/22 Q1", "earlier_to": "2021/22 Q4"}  # fmt: skip


def test_a_trend_says_which_years_it_compares_where_and_both_counts():
    notes = {finding.sentence: finding.note for finding in published_key_findings(site_of(trends=make_the_factor_fall))}
    sentence = (
        "In England, assessments that name child sexual exploitation as a factor almost certainly fell between the years "
        "to March 2022 and March 2025 (23% lower)."
    )
    assert notes[sentence] == (
        "England only, from social workers' assessments: 16,400 in the first year, 13,700 in the last."
    )


def test_every_finding_has_its_base_and_its_year_and_is_wholly_in_welsh():
    found = published_key_findings(site_of(make_everything_a_finding, trends=make_the_factor_fall))
    assert len(found) == 6
    for finding in found:
        assert re.search(r"\d (offences|in the last)", finding.note), finding
        assert re.search(r"years? to [A-Z][a-z]+ ", f"{finding.sentence} {finding.note}"), finding
        for text in (finding.sentence, finding.note):
            parts = translate(text)
            assert parts, text
            assert not [part.text for part in parts if part.is_english], text


def test_every_sentence_is_short_and_has_no_code_of_a_quarter():
    for finding in published_key_findings(site_of(make_pending_outliers)):
        assert len(finding.sentence.split()) <= MOST_WORDS
        assert not re.search(r"Q[1-4]|\d{4}/\d\d|in 100", finding.sentence)


def test_one_three_and_five_years_are_beside_each_other_with_months_in_words():
    table = front_page(index_tables(released())).context["trends"]
    assert [row[0].text for row in table.rows] == ["Over one year", "Over three years", "Over five years"]
    assert all(re.search(r"[A-Z][a-z]+ .*\d{4}, and [A-Z]", row[3].text) for row in table.rows)
    assert not any(re.search(r"Q[1-4]", cell.text) for row in table.rows for cell in row)


def test_each_force_has_its_pending_share_as_text_and_an_outlier_says_so():
    forces = front_page(site_of(make_pending_outliers)).context["forces"]
    texts = {cell.text: text for cell, text, _ in forces}
    assert texts["Metropolitan Police"] == "49.0% pending, outlier"
    assert not texts["Kent"].endswith("outlier")
