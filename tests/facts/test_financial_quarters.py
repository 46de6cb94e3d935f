"""The calendar of official tables: April to March, in four quarters."""

import pytest

from assay.errors import UsageError
from assay.facts.financial_quarters import make_quarter, parse_quarter, start_year


def test_the_quarter_after_the_last_of_a_year_is_the_first_of_the_next():
    assert str(make_quarter("2024/25", 4) + 1) == "2025/26 Q1"


def test_twelve_quarters_are_three_years():
    assert make_quarter("2025/26", 3).index - make_quarter("2022/23", 3).index == 12


def test_a_label_is_read_as_it_is_written():
    assert str(parse_quarter("1999/00 Q4")) == "1999/00 Q4"


@pytest.mark.parametrize("text", ["2024/25", "2024-25", "2024", "2024/2025"])
def test_a_financial_year_may_be_written_in_the_usual_ways(text):
    assert start_year(text) == 2024


@pytest.mark.parametrize("text", ["2024/26", "last year", "2024/25 Q5"])
def test_what_is_not_a_financial_year_is_refused_with_an_example(text):
    with pytest.raises(UsageError, match="2024/25"):
        start_year(text)
