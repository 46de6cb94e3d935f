"""What has become of recorded offences: shares by outcome code, never by official group."""

import pyarrow as pa

from assay.engine import TableStore
from assay.indicators.catalogue.responses import published_outcomes

KENT = "E23000032"


def outcome_shares(offences_by_code):
    """Share counts of one place and year from {outcome code: offences}."""
    rows = [
        {"place_code": KENT, "offence_key": "csa11", "financial_year": "2024/25", "outcome_code": code, "offences": n, "code_inferred": False, "quarters": 4}
        for code, n in offences_by_code.items()
    ]  # fmt: skip
    with TableStore() as store:
        store.table("outcomes_yearly", pa.Table.from_pylist(rows))
        published_outcomes.open_outcomes(store)
        by_measure = {row["measure"]: row for row in published_outcomes.share_counts(store).to_pylist()}
        return by_measure, published_outcomes.outcome_mix(store).to_pylist()


def test_charged_of_closed_leaves_the_pending_out_and_shows_their_share():
    shares, _ = outcome_shares({"1": 10, "18": 30, "0": 60})
    row = shares["charged-of-closed"]
    assert (row["numerator"], row["base"], row["pending_share"]) == (10, 10 + 30, 60 / 100)
    assert shares["charged-of-all"]["base"] == 100


def test_a_suspect_is_identified_by_the_code_and_not_by_the_official_group():
    shares, _ = outcome_shares({"14": 20, "16": 30, "15": 5})
    row = shares["suspect-identified-of-closed"]
    assert (row["numerator"], row["base"]) == (30 + 5, 20 + 30 + 5)


def test_an_outcome_that_does_not_say_is_left_out_of_suspect_identified():
    shares, _ = outcome_shares({"20": 40, "15": 5, "18": 5})
    assert shares["suspect-identified-of-closed"]["base"] == 10


def test_victims_who_do_not_support_action_are_14_and_16_and_16_alone_stands_beside():
    shares, _ = outcome_shares({"14": 20, "16": 30, "1": 50})
    assert shares["victim-does-not-support-of-closed"]["numerator"] == 50
    assert shares["victim-does-not-support-suspect-identified"]["numerator"] == 30


def test_the_outcome_mix_adds_up_to_every_offence():
    _, mix = outcome_shares({"1": 10, "3": 5, "15": 20, "16": 15, "18": 30, "0": 20})
    assert sum(row["offences"] for row in mix) == 100
    assert sum(row["share"] for row in mix) == 1.0


def test_nothing_recorded_gives_no_share_rather_than_zero():
    shares, mix = outcome_shares({"1": 0, "0": 0})
    assert shares["charged-of-closed"]["pending_share"] is None
    assert all(row["share"] is None for row in mix)


def test_a_correction_larger_than_what_it_corrects_leaves_counts_and_no_share():
    _, mix = outcome_shares({"1": -2, "18": 10})
    assert [row["offences"] for row in mix] == [-2, 10]
    assert all(row["share"] is None for row in mix)
