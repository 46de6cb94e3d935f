"""Format numbers as text: counts, shares, intervals, ranks and probabilities, without false precision.

Missing values are written as missing; a rank is never given without its interval.
"""

from collections.abc import Callable, Mapping
from typing import Any

from assay import wording
from assay.report.derived_numbers import row_count

NOT_GIVEN = "not given"
MINUS = "\u2212"
direction, join_list, ordinal = wording.direction_phrase, wording.join_words, wording.ordinal


def whole(number: float | None) -> str:
    """Format a count: '61,388'."""
    return NOT_GIVEN if number is None else wording.format_number(number).replace("-", MINUS)


def plural(number: float, noun: str, plural_noun: str = "") -> str:
    """Format a count with its noun: '1 record', '2 records', 'no record'; `plural_noun` for irregular plurals."""
    if not number:
        return f"no {noun}"
    return f"{whole(number)} {noun if round(number) == 1 else plural_noun or noun + 's'}"


def decimal(number: float | None, places: int = 1) -> str:
    """Format a number with a fixed number of decimal places: '4.8'."""
    return NOT_GIVEN if number is None else f"{number:,.{places}f}".replace("-", MINUS)


def percent(share: float | None) -> str:
    """Format a share (0 to 1) as a percentage: '7.9%'."""
    return NOT_GIVEN if share is None else wording.percent(share).replace("-", MINUS)


def whole_percent(share: float | None) -> str:
    """Format a share derived from rounded counts, which has no decimals: '58%'."""
    return NOT_GIVEN if share is None else wording.percent(share, 0).replace("-", MINUS)


SHARES: tuple[Callable[[float | None], str], ...] = (percent, whole_percent)
"""The functions that format a share; all others format a number."""


def change(proportion: float | None) -> str:
    """Format a proportional change: '4% higher', '9% lower', 'unchanged'."""
    return NOT_GIVEN if proportion is None else wording.change_phrase(proportion)


def interval(low: float | None, high: float | None, format_value: Callable[[float | None], str] = percent) -> str:
    """Format an interval: '7.0% to 9.3%'."""
    if low is None or high is None:
        return NOT_GIVEN
    if format_value in SHARES and low >= 0:
        return wording.percent_interval(low, high, 1 if format_value is percent else 0)
    return f"{format_value(low)} to {format_value(high)}"


def rank(row: Mapping[str, Any], compared: int) -> str:
    """Format a rank with its interval: '12th of 40 (5th to 22nd)'."""
    if row.get("rank") is None or row.get("rank_low") is None or row.get("rank_high") is None:
        return NOT_GIVEN
    row_count(compared)
    return wording.rank_phrase(round(row["rank"]), round(row["rank_low"]), round(row["rank_high"]), compared)


def rank_sentence(row: Mapping[str, Any], compared: int) -> str:
    """Format a rank for readers: 'Highest of 42 forces; by its interval it may be 2nd'."""
    if None in (row.get("rank"), row.get("rank_low"), row.get("rank_high")):
        return NOT_GIVEN
    row_count(compared)
    return wording.rank_sentence(round(row["rank"]), round(row["rank_low"]), round(row["rank_high"]), compared)


def probability_percent(probability: float | None) -> str:
    """Format a probability in per cent, never as certainty."""
    return NOT_GIVEN if probability is None else wording.probability_percent(probability)


def decline_sentence(row: Mapping[str, Any], subject: str, breaks: list[str]) -> str:
    """Say whether a series fell, with the probability, the periods and any change of practice.

    `breaks` names the registered breaks between the two periods.
    """
    if row["refusal"]:
        return f"Whether the count of {subject} fell over {years(row['years_apart'])} cannot be said. {row['refusal']}"
    probability = f"(probability of a fall {probability_percent(row['probability_fell'])})"
    previous, latest = wording.quarter_end(row["earlier_to"]), wording.quarter_end(row["latest_to"])
    return (
        f"The count of {subject} {direction(row['probability_fell'])} over {years(row['years_apart'])} {probability}. "
        f"It compares the years to {previous} and {latest}. "
        f"{_practice(row, breaks)}."
    )


def _practice(row: Mapping[str, Any], breaks: list[str]) -> str:
    if breaks:
        clause = "Registered breaks stand" if len(breaks) > 1 else "A registered break stands"
        return wording.listing_sentences(f"{clause} between the two", breaks, "Later breaks").removesuffix(".")
    if row["across_break"]:
        return "The series has a break between the two"
    return "A change in reporting or recording would show in the same way"


def years(number: int) -> str:
    """Return a number of years in words: 'one year', 'three years'."""
    words = {1: "one year", 3: "three years", 5: "five years"}
    return words.get(number, f"{number} years")


def family(key: str) -> str:
    """Return the label of a family (group) of outcomes."""
    words = {
        "charged": "Charged or summonsed",
        "out_of_court": "Dealt with out of court",
        "evidential_victim_supports": "Evidential difficulties, victim supports action",
        "evidential_victim_does_not_support": "Closed: victim not supporting (official label)",
        "no_suspect": "No suspect identified",
        "prevented": "Prosecution prevented or not in public interest",
        "transferred": "Passed to another body",
        "other": "Other outcomes",
        "pending": "No outcome yet",
    }
    return words.get(key, key.replace("_", " ").capitalize())


def factor(key: str) -> str:
    """Return the label of a factor at assessment, in the department's words without underscores."""
    return key.replace("_", " ").strip().capitalize()


def slug(text: str) -> str:
    """Return a text as part of a URL: 'charged-of-closed-2024-25'."""
    text_with_spaces = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in text.lower())
    return "-".join(text_with_spaces.split())
