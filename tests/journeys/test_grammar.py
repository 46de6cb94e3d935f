"""Does the check of generated sentences find each kind of error?"""

import pytest

from journeys.grammar import errors

GOOD = (
    "Of the 1,912 child sexual offences that had an outcome recorded by police in 2024/25 (Kent), 11.1% had led to a "
    "charge or summons (shrunk towards the other forces by as much as chance could explain: 10.9%, 95% interval 9.6% to 12.4%)."
)


def test_a_whole_sentence_has_no_error():
    assert errors(GOOD, "Kent") == []


@pytest.mark.parametrize(
    ("removed", "replacement", "error"),
    [
        ("in 2024/25 ", "", "no period"),
        ("(Kent)", "", "no population"),
        ("Of the 1,912 child", "Child", "no denominator"),
        ("95% interval 9.6% to 12.4%", "", "no uncertainty"),
        ("a charge or summons (", "a charge or summons, 3rd among forces (", "a bare rank"),
        ("summons (", "summons; exploitation fell (", "exploitation as the subject of a trend"),
    ],
)
def test_what_is_taken_out_is_missed(removed, replacement, error):
    assert error in errors(GOOD.replace(removed, replacement), "Kent")


def test_a_rank_with_its_interval_is_allowed():
    assert "a bare rank" not in errors(GOOD.replace("summons (", "summons, 3rd of 40 (1st to 9th) ("), "Kent")


def test_a_last_month_is_a_period_and_the_month_of_a_break_is_none():
    assert "no period" not in errors(GOOD.replace("in 2024/25 ", "in the year to March 2025 "), "Kent")
    assert "no period" in errors(GOOD.replace("in 2024/25 ", "(from April 2023) "), "Kent")
