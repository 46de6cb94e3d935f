"""Does the front page of published statistics begin with the pending cases, and say periods as months?"""

import re

from assay.report.pages.published_front_page import front_page
from assay.report.pages.published_key_findings import published_key_findings
from assay.report.report_writer import index_tables
from assay.sdc import policy, release
from report.fixture import FORCES, released, tables

MOST_WORDS = 26


def site_of(change=lambda rows: None):
    """The small tables of the report, after a change to the rows of the shares."""
    import pyarrow as pa

    raw = dict(tables(FORCES))
    rows = raw["shares"].to_pylist()
    change(rows)
    raw["shares"] = pa.Table.from_pylist(rows, schema=raw["shares"].schema)
    return index_tables(release(raw, policy=policy(), ledger_head="0" * 64, edition="2026-01 (synthetic)"))


def make_pending_outliers(rows):
    for row in rows:
        if row["measure"] == "pending" and row["pending_share"] and row["pending_share"] > 0.25:
            row |= {"unusual": True, "direction": "higher", "expected": 0.12, "not_comparable": ""}


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
                row |= {"unusual": False, "direction": ""}

    assert not [finding for finding in published_key_findings(site_of(no_alert)) if "pending" in finding.sentence]


def test_an_outlier_on_the_worse_side_is_named_beside_the_other_forces():
    def charged_less(rows):
        for row in rows:
            if row["measure"] == "charged-of-closed" and row["unusual"]:
                row |= {"raw_share": 0.02, "expected": 0.095, "direction": "lower", "q_value": 0.01}

    sentences = [finding.sentence for finding in published_key_findings(site_of(charged_less))]
    assert (
        "Cleveland: 2.0% of offences with an outcome led to a charge or summons; other forces 9.5% (almost certainly lower)."
        in sentences
    )


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
