"""A force says something of itself: do its own records bear it out, contradict it, or not tell?"""

import datetime as dt

import pytest

from assay.indicators.catalogue.scale.record_series import (
    HIDDEN,
    MARKED,
    PARTNERS,
    RECORDED,
    SCHEMA,
    UNFLAGGED,
    UNRECORDED,
    headline,
)
from assay.indicators.catalogue.scale.scale_claim_tests import Claim, check_claims, select_claims
from assay.indicators.catalogue.scale.scale_sentences import claim_sentence
from assay.indicators.catalogue.scale.series_falls import trend_rows as moved_rows
from assay.indicators.catalogue.scale.series_falls import yearly_ranges
from assay.indicators.catalogue.scale.series_statements import avoids_exploitation_as_subject
from assay.stats.interval_estimates import IntervalEstimate

DAY = dt.date(2026, 2, 10)
EIGHT = [{"INV01": 3}] * 8


def trend(kind, fall_probability, years=1, refusal="", place="INV01", **more):
    fields = {
        "place_code": place,
        "kind": kind,
        "years_apart": years,
        "probability_fell": fall_probability,
        "refusal": refusal,
    }
    return dict.fromkeys(SCHEMA.names) | fields | more


def claim(claimed, subject="scale"):
    return Claim("INV01", subject, claimed, DAY)


def verdicts(claimed, fall_probability):
    """Partners' lists move as what was recorded does; what was marked is too few to tell."""
    trends = [
        trend(RECORDED, fall_probability),
        trend(MARKED, None, refusal="too few"),
        trend(PARTNERS, fall_probability),
    ]
    rows = check_claims([claim(claimed)], {}, EIGHT, trends, {})
    assert [row["compared_with"] for row in rows] == ["recorded", "marked", "partners"]
    assert rows[1]["verdict"] == "cannot be said"
    assert rows[2]["verdict"] == rows[0]["verdict"]
    return rows[0]["verdict"]


@pytest.mark.parametrize(
    ("claimed", "fall_probability", "verdict"),
    [
        ("falling", 0.95, "borne out"), ("falling", 0.05, "contradicted"), ("falling", 0.5, "cannot be said"),
        ("rising", 0.05, "borne out"), ("rising", 0.95, "contradicted"), ("rising", 0.5, "cannot be said"),
        ("unchanged", 0.95, "contradicted"), ("unchanged", 0.5, "cannot be said"),
    ],
)  # fmt: skip
def test_a_claim_of_a_direction_is_held_against_the_probability_that_the_count_fell(claimed, fall_probability, verdict):
    assert verdicts(claimed, fall_probability) == verdict


def fall_claimed(*trends):
    """What a claim of a fall is worth, by the series that it is held against."""
    return {row["compared_with"]: row for row in check_claims([claim("falling")], {}, EIGHT, trends, {})}


def test_a_force_that_records_and_marks_less_does_not_bear_out_its_own_claim_of_a_fall():
    rows = fall_claimed(trend(RECORDED, 0.99), trend(MARKED, 0.99))
    assert {row["verdict"] for row in rows.values()} == {"cannot be said"}
    assert "recording or marking less" in rows["recorded"]["why"].casefold()


def test_a_claim_of_a_fall_is_contradicted_where_more_children_are_new_on_partners_lists():
    rows = fall_claimed(trend(RECORDED, 0.99), trend(MARKED, 0.99), trend(PARTNERS, 0.03))
    assert {kind: row["verdict"] for kind, row in rows.items()} == {
        "recorded": "cannot be said", "marked": "cannot be said", "partners": "contradicted",
    }  # fmt: skip
    assert "Partners\u2019 lists contradict it" in claim_sentence(rows["partners"], "Anvilshire", None)


def test_a_fall_of_partners_lists_and_of_what_was_recorded_bears_the_claim_out():
    rows = fall_claimed(trend(RECORDED, 0.99), trend(MARKED, 0.5), trend(PARTNERS, 0.95))
    assert (rows["recorded"]["verdict"], rows["marked"]["verdict"]) == ("borne out", "cannot be said")


@pytest.mark.parametrize("kind", [UNRECORDED, UNFLAGGED, HIDDEN])
def test_an_estimate_that_rose_keeps_what_was_recorded_from_bearing_a_claim_out(kind):
    rows = fall_claimed(trend(RECORDED, 0.99), trend(PARTNERS, 0.95), trend(kind, 0.02))
    assert rows["recorded"]["verdict"] == "cannot be said"


def test_a_denial_of_groups_is_contradicted_where_records_show_them_however_persons_are_told_apart():
    (row,) = check_claims([claim("no groups", "groups")], {"INV01": 2}, EIGHT, [], {})
    assert (row["verdict"], row["readings"], row["readings_with_groups"]) == ("contradicted", 8, 8)


def test_a_denial_is_not_contradicted_where_two_names_may_be_one_man():
    readings = [{"INV01": 1}, *[{}] * 7]
    (row,) = check_claims([claim("no groups", "groups")], {"INV01": 1}, readings, [], {})
    assert row["verdict"] == "cannot be said"


def test_groups_of_suspects_who_are_not_named_may_be_one_person_and_contradict_nothing():
    (row,) = check_claims([claim("no groups", "groups")], {"INV01": 2}, [{}] * 8, [], {})
    assert (row["verdict"], row["readings_with_groups"]) == ("cannot be said", 0)
    assert "not all named" in row["why"]


def test_no_group_in_the_records_does_not_bear_a_denial_out():
    (row,) = check_claims([claim("no groups", "groups")], {}, [{}] * 8, [], {})
    assert row["verdict"] == "cannot be said"
    assert "not entered" in row["why"]


def test_there_is_none_is_contradicted_by_crimes_that_the_force_marked_itself():
    (row,) = check_claims([claim("none")], {}, EIGHT, [], {"INV01": 7})
    assert row["verdict"] == "contradicted"


def test_claims_come_from_statements_and_from_problem_profiles_and_a_number_of_groups_is_no_denial():
    fields = {"force_code": "INV01", "claimed_value": None, "said_on": DAY}
    claims = [
        {**fields, "about_kind": "groups", "claimed_status": "none_exist"},
        {**fields, "about_kind": "groups", "claimed_status": None, "claimed_value": 22.0},
        {**fields, "about_kind": "scale", "claimed_status": "falling"},
        {**fields, "about_kind": "recommendation", "claimed_status": "applied"},
    ]
    profiles = [{"force_code": "INV02", "claimed_groups": 0, "published_on": DAY}]
    assert [(claim.force_code, claim.statement) for claim in select_claims(claims, profiles)] == [
        ("INV01", "no groups"), ("INV01", "falling"), ("INV02", "no groups"),
    ]  # fmt: skip


def test_a_contradiction_is_said_with_the_force_the_evidence_and_its_probability():
    (row, *_) = check_claims([claim("falling")], {}, EIGHT, [trend(RECORDED, 0.04)], {})
    sentence = claim_sentence(row, "Anvilshire", None)
    assert sentence.startswith("Anvilshire said on 10 February 2026 that it is falling. Its own records contradict it")
    assert "4%" in sentence
    assert avoids_exploitation_as_subject([sentence])
    (denial,) = check_claims([claim("no groups", "groups")], {"INV01": 2}, EIGHT, [], {})
    assert "under 8 of 8 choices" in claim_sentence(denial, "Anvilshire", {"records": 15, "suppressed_cells": ""})
    assert "fewer than 8 under" in claim_sentence(
        denial, "Anvilshire", {"records": None, "suppressed_cells": "records"}
    )


def test_a_series_is_headed_by_three_years_else_by_what_was_answered_else_by_its_shortest_reason():
    answered = [trend(RECORDED, 0.5, 1), trend(RECORDED, 0.6, 3), trend(RECORDED, 0.7, 5)]
    assert headline(answered)["years_apart"] == 3
    assert headline([answered[0], trend(RECORDED, None, 3, "too short")])["years_apart"] == 1
    assert headline([trend(RECORDED, None, 3, "too short"), trend(RECORDED, None, 1, "few")])["refusal"] == "few"
    assert headline([]) is None


def moved(table_rows, kind):
    import pyarrow as pa

    count = trend(RECORDED, 0.5, change_low=-0.1, change_high=0.111)
    table = pa.Table.from_pylist(table_rows) if table_rows else None
    return {row["place_code"]: row for row in moved_rows(table, kind, [count])}


def test_a_hidden_part_of_one_year_alone_has_no_direction_and_says_what_to_ask_for():
    row = moved([], HIDDEN)["INV01"]
    assert row["probability_fell"] is None
    assert "an earlier year" in row["refusal"]


CHANGE = {
    "place_code": "INV01", "earlier_from": "2024-04-01", "later_from": "2025-04-01", "direction": "fewer",
    "probability_fewer": 0.97, "low": 0.5, "high": 1.0, "refusal": None,
}  # fmt: skip


def test_two_years_that_were_estimated_together_give_the_probability_that_the_estimate_fell():
    older = CHANGE | {"later_from": "2024-04-01", "earlier_from": "2023-04-01", "probability_fewer": 0.2}
    row = moved([CHANGE, older], HIDDEN)["INV01"]
    assert row["probability_fell"] == 0.97
    assert (row["change_low"], row["change_high"]) == pytest.approx((-0.5, 0.0))
    assert row["latest_to"] == "the year from 2025-04-01"


def test_where_two_ways_of_estimating_do_not_agree_no_direction_is_told():
    row = moved([CHANGE | {"direction": "cannot be said"}], HIDDEN)["INV01"]
    assert row["probability_fell"] is None
    assert "do not agree" in row["refusal"]


def test_summaries_of_two_years_that_report_half_as_much_give_a_fall_whatever_was_marked():
    fields = {"earlier_low": 95.0, "earlier_high": 105.0, "later_low": 48.0, "later_high": 52.0, "refusal": ""}
    row = moved(
        [{"place_code": "INV01", "earlier_from": "2024-04-01", "later_from": "2025-04-01", **fields}], UNFLAGGED
    )
    assert row["INV01"]["probability_fell"] > 0.99
    assert "the year from 2025-04-01" in row["INV01"]["latest_to"]
    assert "Draw an audited sample over two full years" in moved([], UNFLAGGED)["INV01"]["refusal"]


def test_as_many_recorded_of_more_that_should_be_means_that_what_should_stand_recorded_rose():
    years = [dt.date(2023, 4, 1), dt.date(2024, 4, 1), dt.date(2025, 4, 1)]
    shares = {
        ("INV01", "2023-04-01"): IntervalEstimate(0.9, 0.88, 0.92),
        ("INV01", "2024-04-01"): IntervalEstimate(0.6, 0.55, 0.65),
    }
    table = yearly_ranges({"INV01": (9, 25, 25, 25, 25, 25, 25, 25, 25), "INV02": (25,) * 8}, years, shares)
    by_place = {row["place_code"]: row for row in table.to_pylist()}
    assert by_place["INV01"]["earlier_low"] == pytest.approx(100 / 0.92)
    assert by_place["INV01"]["later_high"] == pytest.approx(100 / 0.55)
    row = {row["place_code"]: row for row in moved_rows(table, UNRECORDED, [trend(RECORDED, 0.5)])}
    assert row["INV01"]["probability_fell"] < 0.01
    assert "too few files" in row["INV02"]["refusal"]
