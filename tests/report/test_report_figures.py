"""Does a figure lead with what was published, and claim no more than the comparison allows?"""

import re

import pytest

from assay.report.quotable_figures import (
    exclusion_reason,
    exclusion_sentence,
    prediction_text,
    published_share,
    share_figure,
)
from assay.report.report_tables import ReleasedTables
from report.fixture import released

SITE = ReleasedTables(released())


def row(**changes):
    """213 of 1,912 offences closed led to a charge: 11.1%; the others predict 4.6% to 15.7%."""
    return {
        "measure": "charged-of-closed",
        "place_code": "E23000046",
        "offence_key": "csa11",
        "financial_year": "2024/25",
        "numerator": 213,
        "base": 1_912,
        "raw_share": 213 / 1_912,
        "share": 0.1104,
        "share_low": 0.0971,
        "share_high": 0.1244,
        "rank": 10,
        "rank_low": 6,
        "rank_high": 16,
        "expected_low": 0.046,
        "expected_high": 0.157,
        "outlier_alert": False,
        "direction": "",
        "pending_share": 0.079,
        "not_comparable": "",
        "edition": "January 2026",
        **changes,
    }


PENDING = "Not comparable: 49.1% of these offences have no outcome yet (the limit is 25%), so this share may say more."


def test_a_force_inside_its_prediction_is_said_to_be_inside_it():
    assert prediction_text(row()) == "Inside what the other forces predict (4.6% to 15.7%)"


@pytest.mark.parametrize("share", [0.0443, 0.1802])
def test_a_force_outside_its_prediction_is_never_said_to_be_as_predicted(share):
    text = prediction_text(row(raw_share=share))
    assert text.startswith("Outside what the other forces predict (4.6% to 15.7%), but not once so many")


def test_an_unusual_force_is_said_with_its_direction_and_the_guard_against_false_alarms():
    text = prediction_text(row(raw_share=0.3, outlier_alert=True, direction="higher"))
    assert text == "Higher than the other forces predict (4.6% to 15.7%), false discoveries held to 5%"


def test_what_is_not_comparable_says_so_in_few_words_in_place_of_a_standing():
    pending = row(not_comparable=PENDING, pending_share=0.4914, raw_share=0.9)
    assert prediction_text(pending) == "Not comparable: 49.1% pending"


@pytest.mark.parametrize(
    ("why", "short"),
    [
        ("Not comparable: fewer than 20 offences, in a force area with few residents.", "fewer than 20 offences"),
        ("Not comparable: another kind of force, which polices no resident population.", "another kind of force"),
        ("Not comparable: the year is not complete.", "the year is not complete"),
        ("", ""),
    ],
)
def test_the_reason_is_shortened_and_not_changed(why, short):
    assert exclusion_reason({"not_comparable": why}) == short


def test_under_twenty_offences_there_is_no_percentage():
    small = row(numerator=1, base=7, raw_share=1 / 7, not_comparable="Not comparable: fewer than 20 offences.")
    assert published_share(small) == "1 of 7"
    figure = share_figure(SITE, small)
    assert "%" not in f"{figure.value} {figure.base} {figure.interval} {' '.join(figure.more)}"
    assert published_share(row(numerator=1, base=20, raw_share=0.05)) == "5.0%"


def test_the_published_share_leads_and_the_estimate_is_labelled_as_one():
    figure = share_figure(SITE, row())
    assert figure.value == "11.1%"
    assert figure.base == "Summed by assay from published rows: 213 of 1,912 offences"
    assert figure.interval.startswith("Estimate 11.0%, 95% interval 9.7% to 12.4% (chance allowed for")


def test_a_force_that_is_not_compared_keeps_its_own_interval_and_is_not_called_an_estimate():
    figure = share_figure(SITE, row(not_comparable=PENDING, pending_share=0.4914))
    assert figure.interval == "95% interval 9.7% to 12.4%, of its own count alone"
    assert not any("predict" in sentence or " of 8" in sentence for sentence in figure.more)


def test_a_figure_names_its_table_and_the_key_of_its_row():
    figure = share_figure(SITE, row())
    assert (figure.table, figure.row) == ("shares", "charged-of-closed / E23000046 / csa11 / 2024/25")


def test_those_left_out_are_named_with_most_pending_first_and_other_reasons_last():
    small = row(place_code="E23000034", not_comparable="Not comparable: fewer than 20 offences.", pending_share=0.9)
    some_pending = row(place_code="E23000012", not_comparable=PENDING, pending_share=0.469)
    most_pending = row(place_code="E23000001", not_comparable=PENDING, pending_share=0.491)
    assert exclusion_sentence(SITE, [small, some_pending, row(), most_pending]) == (
        "Not compared: Metropolitan Police (49.1% pending), Humberside (46.9% pending), "
        "City of London (fewer than 20 offences)."
    )
    assert exclusion_sentence(SITE, [row()]) == ""


def test_each_measure_says_above_its_first_chart_which_forces_are_not_compared(pages):
    for path in ("comparison.html", "comparison/charged-of-closed.html"):
        text = pages[path]
        assert text.index("Not compared: Metropolitan Police (49.0% pending)") < text.index('class="chart"'), path


def test_the_first_sentence_of_each_page_that_compares_can_be_quoted(pages):
    for path in ("comparison.html", "comparison/charged-of-closed.html", "offences/csa11.html", "forces/index.html"):
        quoted = pages[path].split('id="headline"', 1)[1].split("</details>", 1)[0]
        assert re.search(r"Base: [\d,]+ .*Period: .*Source edition: 2026-01 \(synthetic\)\. It cannot tell", quoted), (
            path
        )


def test_a_tile_of_a_force_that_is_not_compared_shows_no_number(pages):
    tile = pages["forces/index.html"].split('aria-label="Humberside', 1)[1].split("</a>", 1)[0]
    assert tile.startswith(", not comparable (47.0% pending): n.c.")
    assert "%" not in tile.split(">", 1)[1]


def test_a_receipt_leads_to_the_hash_of_its_table_and_names_the_stage_of_it(pages):
    text = pages["receipts/index.html"]
    part = text.split('id="table-shares"', 1)[1].split("</section>", 1)[0]
    assert released().public_receipt["tables"]["shares"]["content"] in part
    assert '../receipts/index.html#table-shares"' in pages["forces/kent.html"]
    assert 'href="../../comparison/receipt.json"' in text


def test_a_report_that_suppresses_nothing_does_not_say_that_small_counts_are_not_shown(pages, record_pages):
    assert "Small counts are not shown" not in pages["receipts/index.html"]
    assert "Small counts are not shown" in record_pages["receipts/index.html"]


def test_a_break_between_two_periods_is_never_said_to_be_absent(pages):
    rows = re.findall(r"<tr.*?</tr>", pages["on-the-wane.html"], re.S)
    five = [row for row in rows if re.search(r"<td[^>]*>5</td>", row) and "cannot be said" not in row]
    assert five
    assert all("Between: pandemic (from April 2020)" in row for row in five)
    assert all("No registered break between" not in row for row in five)
    assert "A registered break stands between the two: pandemic (from April 2020)" in pages["forces/kent.html"]


def test_only_a_rate_bears_the_note_on_recording(pages):
    assert "better recording, or more reports" in pages["comparison/per-1000-children.html"]
    assert "better recording" not in pages["comparison/charged-of-closed.html"].split("How forces stand")[0]
    assert "Higher: victims wait." in pages["comparison/charged-of-closed.html"]
