"""Are the summaries of millions of crimes the same on every machine and in every batch, and is their truth true?"""

import datetime as dt
import functools
import re
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import UsageError
from assay.reference import offences
from assay.synthetic.local_time import valid_time
from assay.synthetic.notes import Shares, grammar, summary, summary_batches, truth_batches, vocabulary
from assay.synthetic.notes.crime_summaries import codes
from assay.synthetic.notes.note_grammar import sentence, word_list
from assay.synthetic.random_stream import CounterStream, RandomStream, row_numbers, splitmix64

FULL = {"empty": 0.0, "capitals": 0.0}


def rows(number=2000, seed=1, force="INV01", year=2025, make_batches=summary_batches, **more) -> list[dict]:
    return pa.Table.from_batches(make_batches(force, year, number, seed, **more)).to_pylist()


@functools.cache
def sentences_of(slot: str) -> set[str]:
    return {sentence(text) for texts in grammar()[slot].all_texts() for text in texts}


def sentences_in(text: str) -> set[str]:
    return set(re.split(r"(?<=\.) ", text))


def test_the_mixing_is_splitmix64():
    # The first outputs of the published generator with seeds 0 and 1234567.
    assert [int(number) for number in splitmix64(np.array([0, 1234567], dtype=np.uint64))] == [
        0xE220A8397B1DCDAF,
        6457827717110365317,
    ]


@pytest.mark.parametrize("make_batches", [summary_batches, truth_batches])
def test_the_size_of_a_batch_changes_nothing(make_batches):
    assert (
        rows(make_batches=make_batches)
        == rows(make_batches=make_batches, batch=7)
        == rows(make_batches=make_batches, batch=1999)
    )


@pytest.mark.parametrize("make_batches", [summary_batches, truth_batches])
def test_a_crime_does_not_depend_on_how_many_follow_it(make_batches):
    assert rows(300, make_batches=make_batches) == rows(2000, make_batches=make_batches)[:300]


@pytest.mark.parametrize("other", [{"seed": 2}, {"force": "INV02"}, {"year": 2024}])
def test_another_seed_force_or_year_makes_other_summaries(other):
    assert len({row["text"] for row in rows()} & {row["text"] for row in rows(**other)}) < 50


def test_nearly_every_text_is_its_own():
    texts = [row["text"] for row in rows(50_000) if row["text"]]
    assert len(set(texts)) > 0.95 * len(texts)


def test_every_word_stands_in_the_grammar():
    texts = [row["text"] for row in rows(5000, shares=Shares(exploited=0.3, near_miss=0.3, welsh=0.2)) if row["text"]]
    assert {word for text in texts for word in word_list(text)} - vocabulary() == set()


def test_codes_are_those_in_use_and_come_as_often_as_the_file_says():
    in_use = {offence.code for offence in offences() if offence.last_year == "2025/26"}
    assert {code for _, code in codes()} <= in_use
    found = Counter(row["offence_code"] for row in rows(40_000))
    assert abs(found["46"] / 40_000 - 0.085) < 0.007
    assert len(found) == len({code for _, code in codes()})


def test_every_minute_lies_in_the_year_and_is_one_that_a_return_can_hold():
    for year in (2023, 2025):  # 2023/24 holds 29 February
        times = [row["recorded_at"] for row in rows(30_000, year=year)]
        assert min(times) >= dt.datetime(year, 4, 1)
        assert max(times) < dt.datetime(year + 1, 4, 1)
        assert len({time.date() for time in times}) == 365 + (year == 2023)
        assert [time for time in times if valid_time(time) != time] == []


def test_the_truth_is_of_the_same_crimes_in_the_same_order():
    assert [row["crime_ref"] for row in rows()] == [row["crime_ref"] for row in rows(make_batches=truth_batches)]
    assert len({row["crime_ref"] for row in rows()}) == 2000


def test_a_summary_holds_a_sign_exactly_where_the_truth_says_so():
    shares = Shares(exploited=0.5, near_miss=0.2, **FULL)
    weak, strong, near_miss = (sentences_of(slot) for slot in ("sign.weak", "sign.strong", "near.miss"))
    known = rows(make_batches=truth_batches, shares=shares)
    assert {row["signs"] for row in known} == {0, 1, 2, 3}
    for row, truth in zip(rows(shares=shares), known, strict=True):
        sentences = sentences_in(row["text"])
        assert bool(sentences & strong) == (truth["signs"] >= 2)
        assert bool(sentences & weak) == (truth["signs"] in (1, 3))
        assert bool(sentences & near_miss) == truth["near_miss"]
        assert truth["exploited"] or truth["signs"] == 0


def test_shares_come_out_as_asked():
    known = rows(40_000, make_batches=truth_batches, shares=Shares(exploited=0.1, flagged=0.5, near_miss=0.05))
    exploited = [row for row in known if row["exploited"]]
    assert abs(len(exploited) / 40_000 - 0.1) < 0.006
    assert abs(sum(row["flagged"] for row in exploited) / len(exploited) - 0.5) < 0.04
    assert not any(row["flagged"] for row in known if not row["exploited"])
    assert abs(sum(row["text"] is None for row in rows(40_000)) / 40_000 - 0.03) < 0.004


def test_a_crime_with_no_summary_shows_no_sign():
    known = rows(make_batches=truth_batches, shares=Shares(exploited=1.0, empty=1.0))
    assert {(row["exploited"], row["signs"], row["near_miss"]) for row in known} == {(True, 0, False)}


def test_no_crime_gives_no_batch_and_a_number_that_cannot_be_is_refused():
    assert list(summary_batches("INV01", 2025, 0, 1)) == []
    for number, batch in ((-1, 10), (10, 0), (10_000_000, 10)):
        with pytest.raises(UsageError, match="0 to 9999999"):
            list(summary_batches("INV01", 2025, number, 1, batch=batch))


@pytest.mark.parametrize(
    "wrong", [{"exploited": 1.5}, {"sign_strengths": (0, 0, 0, 0)}, {"sign_strengths": (-1, 1, 1, 1)}]
)
def test_shares_that_make_no_sense_are_refused(wrong):
    with pytest.raises(UsageError, match="Shares of summaries"):
        Shares(**wrong)


@given(st.integers(1, 2**32 - 1), st.text(max_size=8), st.integers(0, 2**40))
def test_a_number_below_a_limit_is_below_it_on_every_row(limit, name, start):
    found = CounterStream("path", row_numbers(start, start + 50)).integers_below(name, limit)
    assert (found < limit).all()


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
def test_a_place_without_weight_is_never_drawn(weights):
    found = CounterStream("path", row_numbers(0, 200)).weighted("place", weights)
    assert all(weights[place] for place in found)


@pytest.mark.parametrize("kind", [*dict.fromkeys(kind for kind, _ in codes()), "protection"])
def test_one_summary_tells_what_it_holds(kind):
    for place in range(60):
        summary_made = summary(
            kind, RandomStream(kind, place), exploited=place % 2 == 0, shares=Shares(near_miss=0.5, **FULL)
        )
        sentences = sentences_in(summary_made.text)
        assert bool(sentences & sentences_of("sign.strong")) == (summary_made.signs >= 2)
        assert bool(sentences & sentences_of("near.miss")) == summary_made.near_miss
        assert not (summary_made.near_miss and summary_made.signs)


def test_the_country_knows_of_every_summary_what_it_hides(country):
    known = {(row["force_code"], row["crime_ref"]): row for row in country.known("summaries")}
    summaries_by_crime = {(row["force_code"], row["crime_ref"]) for row in country.all("summaries")}
    assert len(summaries_by_crime) > 3000
    assert summaries_by_crime <= set(known)
    crimes = {
        (row["force_code"], row["crime_ref"]): row for row in country.known("crimes") if row["in_period"] == "yes"
    }
    assert all(known[key]["exploited"] == crime["exploited"] for key, crime in crimes.items())
    assert {row["signs"] for row in known.values()} == {"0", "1", "2", "3"}
    hidden = [row for key, row in known.items() if key not in crimes and row["exploited"] == "yes"]
    assert 0 < len(hidden) < 40
