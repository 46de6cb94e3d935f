"""Does a brief hold what a force says of a rise or fall against every series, so that recording less bears nothing out?"""

import datetime as dt

import pytest

from assay.grading.claim_comparison import CONFIRMED, CONTRADICTED, NOT_TESTED, _compare_claim, _groups_found
from assay.indicators.catalogue.scale.record_series import MARKED, PARTNERS, RECORDED
from assay.indicators.catalogue.scale.scale_claim_tests import SCALE, Claim, check_claims

DAY = dt.date(2026, 3, 1)


def trend(kind, probability_fell):
    return {"place_code": "INV01", "kind": kind, "years_apart": 1, "refusal": "", "probability_fell": probability_fell}


def brief_claim(status, *trends, recorded=0):
    stated = "none" if status == "none_exist" else status
    rows = check_claims([Claim("INV01", SCALE, stated, DAY)], {}, [], trends, {"INV01": recorded})
    row = {"about_kind": "scale", "about_key": None, "claimed_value": None, "claimed_status": status, "said_on": DAY}
    return _compare_claim(row, {}, {}, None, rows)


@pytest.mark.parametrize(
    ("partners", "verdict"), [(0.95, CONFIRMED), (0.5, NOT_TESTED), (0.05, CONTRADICTED), (None, NOT_TESTED)]
)
def test_a_fall_of_what_is_recorded_confirms_a_claim_only_where_partners_lists_fell_too(partners, verdict):
    trends = [trend(RECORDED, 0.99), trend(MARKED, 0.99)]
    trends += [] if partners is None else [trend(PARTNERS, partners)]
    assert brief_claim("falling", *trends).verdict == verdict


def test_partners_lists_alone_do_not_confirm_a_fall_that_the_records_do_not_show():
    assert brief_claim("falling", trend(RECORDED, 0.5), trend(PARTNERS, 0.99)).verdict == NOT_TESTED


def test_each_series_is_named_with_its_verdict():
    text = brief_claim("falling", trend(RECORDED, 0.99), trend(PARTNERS, 0.05)).comparison
    assert "Crimes recorded" in text
    assert "Children new on partners' lists: contradicted." in text


def test_a_claim_of_none_is_refuted_by_one_and_is_never_confirmed():
    assert brief_claim("none_exist", recorded=1).verdict == CONTRADICTED
    assert brief_claim("none_exist", recorded=0).verdict == NOT_TESTED
    assert brief_claim("none_exist").statement == "That there is no exploitation."


@pytest.mark.parametrize(("records", "groups"), [((None,), None), ((), None), ((None, 3, 2), 3), ((0,), 0)])
def test_a_number_of_groups_that_is_not_known_is_not_zero_groups_found(records, groups):
    counts = [
        {"count": "groups_found", "not_askable": "", "place_code": "INV01", "records": number} for number in records
    ]
    assert _groups_found(counts, "INV01") == groups
    claim = {"about_kind": "groups", "claimed_status": "none_exist", "claimed_value": None}
    comparison = _compare_claim(claim, {}, {}, _groups_found(counts, "INV01")).comparison
    assert ("not looked for" in comparison) is (groups is None)
