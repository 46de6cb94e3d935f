"""Are "few" and "none" bounds: a count above the bound refutes them, and a count below never makes "few" true?"""

import pytest
from test_claims import seen

from assay.grading.claim_comparison import NOT_TESTED, _compare_claim
from assay.indicators.catalogue.scale.claim_checks import OutcomeCounts, check
from assay.indicators.catalogue.scale.claim_words import read_claim


def outcomes(charged):
    """So many of 900 recorded offences of 2024/25 ended in a charge; 180 have no outcome yet."""
    return {2024: OutcomeCounts(900, charged, 180, 90, 270, False, "a synthetic edition")}


def judged(text, charged=72, **changed):
    return check(read_claim(text), seen(outcomes=outcomes(charged), **changed))


FEW_TEXTS = [
    "Few recorded offences ended in a charge",
    "Very few of the recorded offences resulted in a charge in 2024/25",
    "Only a few recorded offences led to a charge",
    "Of the recorded offences, few ended in a charge",
    "Police recorded 900 offences in 2024/25, of which few ended in a charge",
]
HARDLY_ANY = ["Hardly any recorded offences ended in a charge", "Almost none of the recorded offences led to a charge"]
NONE = [
    "None of the recorded offences ended in a charge",
    "No recorded offences ended in a charge in 2024/25",
    "Not one of the recorded offences led to a charge",
]


@pytest.mark.parametrize("text", FEW_TEXTS)
def test_few_is_refuted_from_half_and_below_it_is_never_shown(text):
    assert judged(text, charged=450).verdict == "not supported"
    answer = judged(text, charged=72)
    assert answer.verdict == "cannot be said"
    assert "not defined" in " ".join(answer.because)
    assert "8.0%" in " ".join(answer.because)


@pytest.mark.parametrize("text", HARDLY_ANY)
def test_hardly_any_is_refuted_from_a_tenth(text):
    assert judged(text, charged=90).verdict == "not supported"
    assert judged(text, charged=20).verdict == "cannot be said"


@pytest.mark.parametrize("text", NONE)
def test_none_is_refuted_by_one_and_supported_by_a_published_zero_alone(text):
    assert judged(text, charged=1).verdict == "not supported"
    assert judged(text, charged=0).verdict == "supported"


def test_a_denied_few_is_borne_out_from_half_and_open_below():
    denied = "It is not true that few recorded offences ended in a charge"
    assert judged(denied, charged=450).verdict == "supported"
    assert judged(denied, charged=72).verdict == "cannot be said"


@pytest.mark.parametrize(
    "text", ["There were no recorded offences in 2024/25", "Police recorded no child sexual offences in 2024/25"]
)
def test_no_offences_is_a_count_of_none(text):
    assert judged(text).verdict == "not supported"
    assert judged(text, after=0).verdict == "supported"


@pytest.mark.parametrize("text", ["There were few recorded offences in 2024/25", "Police recorded few offences"])
def test_few_offences_has_no_bound_as_a_count(text):
    answer = judged(text)
    assert answer.verdict == "cannot be said"
    assert "not defined" in " ".join(answer.because)
    assert "each of several" not in " ".join(answer.because)


def groups_claim(found, **row):
    claim_row = {"about_kind": "groups", "about_key": None, "claimed_value": None, "claimed_status": None} | row
    return _compare_claim(claim_row, {}, {}, found)


@pytest.mark.parametrize("row", [{"claimed_status": "none_exist"}, {"claimed_value": 0.0}])
def test_records_that_show_no_group_do_not_confirm_that_there_are_none(row):
    """Records hold the groups that were entered: at least so many."""
    claim = groups_claim(0, **row)
    assert claim.verdict == NOT_TESTED
    assert "may be none" in claim.comparison
