"""Are quarters and years of published tables said as months?"""

import pytest

from assay.report.period_words import quarter_text, span_text, year_text


def test_a_financial_year_is_named_by_its_last_month():
    assert year_text("2024/25") == "the year to March 2025"


@pytest.mark.parametrize(
    ("quarter", "months"),
    [
        ("2025/26 Q1", "April to June 2025"),
        ("2025/26 Q2", "July to September 2025"),
        ("2025/26 Q3", "October to December 2025"),
        ("2025/26 Q4", "January to March 2026"),
    ],
)
def test_a_quarter_is_said_as_its_months_in_its_calendar_year(quarter, months):
    assert quarter_text(quarter) == months


def test_a_span_names_the_year_once_if_it_is_one_and_both_if_they_are_two():
    assert span_text("2024/25 Q4", "2025/26 Q3") == "January to December 2025"
    assert span_text("2023/24 Q3", "2024/25 Q2") == "October 2023 to September 2024"
