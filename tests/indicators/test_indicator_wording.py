"""Figures are put into words always the same way."""

import re
from pathlib import Path

import pytest

from assay.indicators import indicator_wording

ROOT = Path(__file__).parents[2]
MORE_THAN_A_CHARGE = re.compile(r"\b(bring|brings|bringing|brought|held)\s+(\w+\s+){0,3}to\s+justice\b", re.I)


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.999, "more than 99%"), (0.97, "about 97%"), (0.91, "about 90%"), (0.5, "about 50%"), (0.001, "less than 1%")],
)  # fmt: skip
def test_a_probability_is_said_as_so_many_in_ten_or_a_hundred(probability, words):
    assert indicator_wording.probability_phrase(probability) == words


def test_the_direction_is_said_only_as_surely_as_it_is_known():
    phrases = [indicator_wording.direction_phrase(p) for p in (0.995, 0.93, 0.8, 0.6, 0.2, 0.05, 0.001)]
    assert phrases == [
        "almost certainly fell", "very probably fell", "probably fell", "neither clearly rose nor clearly fell",
        "probably rose", "very probably rose", "almost certainly rose",
    ]  # fmt: skip


def test_a_rank_is_never_said_without_its_interval():
    assert indicator_wording.rank_phrase(12, 5, 22, 40) == "12th of 40 (5th to 22nd)"


@pytest.mark.parametrize(
    ("place", "words"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (12, "12th"), (21, "21st"), (111, "111th")]
)
def test_ordinals_are_english(place, words):
    assert indicator_wording.ordinal(place) == words


def test_an_interval_that_lies_on_one_side_says_the_side_once():
    assert indicator_wording.change_interval_phrase(-0.13, -0.03) == "3% to 13% lower"


def test_an_interval_that_spans_no_change_says_both_sides():
    assert indicator_wording.change_interval_phrase(-0.15, 0.02) == "15% lower to 2% higher"


def test_a_negative_count_stays_negative():
    assert indicator_wording.format_number(-1234) == "-1,234"


@pytest.mark.parametrize("text", ["Half were brought to\n justice.", "It brings those who offend to justice."])
def test_words_that_make_a_charge_more_than_it_is_are_seen(text):
    assert MORE_THAN_A_CHARGE.search(text)


def test_nothing_that_is_written_says_that_who_is_charged_was_brought_to_justice():
    kinds = (".py", ".toml", ".csv", ".html", ".md")
    files = [path for folder in ("src", "docs") for path in (ROOT / folder).rglob("*") if path.suffix in kinds]
    assert len(files) > 500
    assert [path.name for path in files if MORE_THAN_A_CHARGE.search(path.read_text(encoding="utf-8"))] == []
