"""Is chance repeatable, and is the clock on the wall respected?"""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.synthetic.local_time import age, birth_date, last_sunday, valid_time
from assay.synthetic.random_stream import RandomStream

WEIGHTS = {"a": 1.0, "b": 3.0}


def test_a_stream_of_its_own_does_not_move_when_another_is_drawn_from():
    first_stream, two = RandomStream(1), RandomStream(1)
    two.substream("other").integer(1, 9)
    assert [first_stream.substream("x").integer(0, 10**6) for _ in range(3)] == [
        two.substream("x").integer(0, 10**6) for _ in range(3)
    ]
    assert first_stream.substream("x").integer(0, 10**6) != first_stream.substream("y").integer(0, 10**6)


def test_things_are_drawn_as_often_as_their_weights_say():
    stream = RandomStream("weights")
    choices = [stream.weighted(WEIGHTS) for _ in range(4000)]
    assert 0.72 < choices.count("b") / 4000 < 0.78


def test_half_of_lognormal_waits_lie_below_their_median_and_exponential_ones_have_their_mean():
    stream = RandomStream("waits")
    assert 0.47 < sum(stream.lognormal(100, 0.8) < 100 for _ in range(4000)) / 4000 < 0.53
    assert 9.4 < sum(stream.exponential(10) for _ in range(4000)) / 4000 < 10.6


@given(st.lists(st.integers(), max_size=8, unique=True), st.integers(0, 10), st.integers())
def test_a_draw_without_repeat_repeats_nothing(items, number, seed):
    picked = RandomStream(seed).sample(items, number)
    assert len(picked) == len(set(picked)) == min(number, len(items))


@given(st.floats(0.01, 0.99), st.floats(0, 1), st.integers())
def test_a_shifted_share_stays_a_share(share, spread, seed):
    assert 0 < RandomStream(seed).logit_normal(share, spread) < 1


def test_the_hour_that_spring_leaves_out_and_midnight_are_not_used():
    assert last_sunday(2026, 3) == dt.date(2026, 3, 29)
    assert valid_time(dt.datetime(2026, 3, 29, 1, 30)) == dt.datetime(2026, 3, 29, 2, 30)
    assert valid_time(dt.datetime(2026, 3, 28, 1, 30)) == dt.datetime(2026, 3, 28, 1, 30)
    assert valid_time(dt.datetime(2026, 5, 1, 0, 0, 40)) == dt.datetime(2026, 5, 1, 0, 1)
    assert valid_time(dt.date(2026, 3, 29)) == dt.date(2026, 3, 29)


@pytest.mark.parametrize(("birthday", "years"), [("2026-02-28", 17), ("2026-03-01", 18)])
def test_who_was_born_on_29_february_turns_18_on_1_march(birthday, years):
    assert age(dt.date(2008, 2, 29), dt.date.fromisoformat(birthday)) == years


@given(st.integers(0, 80), st.dates(dt.date(1990, 1, 1), dt.date(2026, 6, 1)), st.integers())
def test_who_is_born_to_be_of_an_age_is_of_that_age(years, reference_day, seed):
    assert age(birth_date(years, reference_day, RandomStream(seed)), reference_day) == years
