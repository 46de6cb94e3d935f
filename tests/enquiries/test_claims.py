"""A claim about a series is supported, not supported, or cannot be said; and the reasons are given."""

import pytest

from assay.enquiries.scale.claims import Evidence, check, read_claim
from assay.errors import UsageError


def seen(**changed):
    values = {
        "series": "child sexual offences recorded by police (England and Wales)",
        "from_year": "2021/22", "to_year": "2024/25", "before": 1000, "after": 900, "probability_fell": 0.97, "refusal": "",
        "uncrossable": (), "with_care": (), "edition": "an invented edition",
    }  # fmt: skip
    return Evidence(**{**values, **changed})


@pytest.mark.parametrize(
    ("text", "direction", "size", "denied"),
    [
        ("Recorded offences fell by 9%", "fell", -0.09, False),
        ("The count is down 9 per cent", "fell", -0.09, False),
        ("Recorded crime rose by 12.5%", "rose", 0.125, False),
        ("The count has doubled", "rose", 1.0, False),
        ("Offences halved", "fell", -0.5, False),
        ("Recorded offences fell by a fifth", "fell", -0.2, False),
        ("Recorded offences did not fall", "fell", None, True),
        ("The count is on the wane", "fell", None, False),
        ("The series was stable", "unchanged", None, False),
    ],
)
def test_a_claim_is_read_for_direction_size_and_denial(text, direction, size, denied):
    claim = read_claim(text)
    assert (claim.direction, claim.size, claim.denied) == (direction, size, denied)


def test_a_sentence_without_a_direction_is_refused_with_an_example():
    with pytest.raises(UsageError, match="recorded offences fell by 9%"):
        read_claim("Children deserve better")


def test_a_fall_of_the_size_claimed_is_supported_when_the_level_surely_fell():
    answer = check(read_claim("recorded offences fell by 10%"), seen())
    assert answer.verdict == "supported"
    assert "1,000 in 2021/22 to 900 in 2024/25" in answer.because[0]


def test_a_fall_of_another_size_is_not_supported_and_the_true_size_is_said():
    answer = check(read_claim("recorded offences fell by 20%"), seen())
    assert answer.verdict == "not supported"
    assert "10% lower, not 20% lower" in answer.because[1]


def test_a_rise_is_not_supported_when_the_level_surely_fell():
    assert check(read_claim("recorded offences rose"), seen()).verdict == "not supported"


def test_a_change_within_the_ups_and_downs_cannot_be_said():
    assert check(read_claim("recorded offences fell"), seen(probability_fell=0.7)).verdict == "cannot be said"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("child sexual exploitation fell by 10%", "No public table carries"),
        ("exploitation is on the wane", "No public table carries"),
        ("police-recorded CSE fell by 10%", "No public table carries"),
        ("child abuse fell by 10%", "No public table carries"),
        ("recorded offences fell by 10% because of the new unit", "cause"),
        ("recorded offences fell to the lowest ever", "record"),
        ("Fewer children are being raped", "not about offences"),
        ("the number of victims fell", "not about offences"),
        ("recorded offences fell, showing children are safer", "judges"),
        ("police are more effective since offences fell", "judges"),
        ("recorded rape of children fell by 10%", "speaks of rape"),
        ("recorded offences fell by half a per cent", "could not be read"),
        ("recorded offences fell by 10% in 3 of 7 areas", "could not be read"),
    ],
)
def test_what_no_count_can_bear_cannot_be_said(text, reason):
    answer = check(read_claim(text), seen())
    assert answer.verdict == "cannot be said"
    assert reason in answer.because[0]
    assert "10% lower" in " ".join(answer.because)


def test_a_new_law_between_the_years_bars_the_comparison():
    answer = check(read_claim("recorded offences fell"), seen(uncrossable=("a new offence came into force.",)))
    assert answer.verdict == "cannot be said"
    assert "a new offence came into force" in answer.because[0]


def test_a_part_year_is_never_compared_with_a_year():
    assert "part year" in check(read_claim("recorded offences fell"), seen(after=None)).because[0]


def test_staying_the_same_can_never_be_shown():
    assert check(read_claim("recorded offences were stable"), seen(probability_fell=0.5)).verdict == "cannot be said"


def test_a_denial_of_a_fall_is_supported_when_the_count_surely_rose():
    claim = read_claim("recorded offences did not fall")
    assert check(claim, seen(after=1200, probability_fell=0.02)).verdict == "supported"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("recorded offences fell by more than 5%", "supported"),
        ("recorded offences fell by over 5%", "supported"),
        ("recorded offences fell by less than 20%", "supported"),
        ("recorded offences fell by more than 12%", "not supported"),
        ("recorded offences fell by 100", "supported"),
        ("recorded offences fell by 500", "not supported"),
        ("recorded offences fell from 1,000 to 900", "supported"),
        ("recorded offences fell from 10,000 to 1", "not supported"),
        ("recorded offences up to 2024 fell", "supported"),
        ("recorded offences fell by about 11%", "supported"),
    ],
)
def test_bounds_counts_and_pairs_are_held_against_what_was_published(text, verdict):
    assert check(read_claim(text), seen()).verdict == verdict
