"""How is a number said, so that nobody can take it for more than it is?

Small rules that turn figures into words. Missing is said as missing; a rank is never said without its interval.
"""

from collections.abc import Callable
from typing import Any

NOT_GIVEN = "not given"
MINUS = "\u2212"


def whole(number: float | None) -> str:
    """A count: '61,388'."""
    return NOT_GIVEN if number is None else f"{round(number):,}".replace("-", MINUS)


def decimal(number: float | None, places: int = 1) -> str:
    """A number with a fixed count of decimal places: '4.8'."""
    return NOT_GIVEN if number is None else f"{number:,.{places}f}".replace("-", MINUS)


def percent(share: float | None) -> str:
    """A share (0 to 1) in per cent: '7.9%'."""
    return NOT_GIVEN if share is None else f"{share * 100:.1f}%".replace("-", MINUS)


def change(proportion: float | None) -> str:
    """A proportional change: 'up 4%', 'down 9%', 'no change'."""
    if proportion is None:
        return NOT_GIVEN
    size = round(abs(proportion) * 100)
    return "no change" if size == 0 else f"{'up' if proportion > 0 else 'down'} {size}%"


def interval(low: float | None, high: float | None, say: Callable[[float | None], str] = percent) -> str:
    """Both ends of an interval: '7.0% to 9.3%'."""
    return NOT_GIVEN if low is None or high is None else f"{say(low)} to {say(high)}"


def ordinal(number: float) -> str:
    """'1st', '12th', '22nd'."""
    n = round(number)
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def rank(row: dict[str, Any], compared: int) -> str:
    """A rank with its interval: '12th of 40 (5th to 22nd)'; never bare."""
    if row.get("rank") is None or row.get("rank_low") is None or row.get("rank_high") is None:
        return NOT_GIVEN
    between = f"{ordinal(row['rank_low'])} to {ordinal(row['rank_high'])}"
    return f"{ordinal(row['rank'])} of {compared} ({between})"


def in_100(probability: float | None) -> str:
    """A probability as a count out of a hundred, never as certainty."""
    if probability is None:
        return NOT_GIVEN
    if probability > 0.99:
        return "over 99 in 100"
    return "under 1 in 100" if probability < 0.01 else f"{round(probability * 100)} in 100"


def direction(probability: float) -> str:
    """What a probability of a fall lets one say of a count."""
    ladder = ((0.95, "very probably fell"), (0.8, "probably fell"), (0.2, ""), (0.05, "probably rose"))
    for at_least, said in ladder:
        if probability >= at_least:
            return said
    return "very probably rose"


def fell(row: dict[str, Any], subject: str) -> str:
    """Whether a series fell, in one sentence: the series is the subject, and practice stands beside it."""
    if row["refusal"]:
        return f"Whether the count of {subject} fell over {years(row['years_apart'])} cannot be told: {row['refusal']}"
    between = f"between the four quarters to {row['earlier_to']} and the four to {row['latest_to']}"
    practice = (
        "though the series has a break between the two"
        if row["across_break"]
        else "and a change in reporting or recording would show in the same way"
    )
    said = direction(row["probability_fell"])
    chance = f"({in_100(row['probability_fell'])} that its level is lower)"
    if not said:
        return f"Whether the count of {subject} fell or rose {between} cannot be told {chance}, {practice}."
    return f"The count of {subject} {said} {between} {chance}, {practice}."


def years(number: int) -> str:
    """'one year', 'three years'."""
    words = {1: "one year", 3: "three years", 5: "five years"}
    return words.get(number, f"{number} years")


def family(key: str) -> str:
    """A family of outcomes, in words."""
    words = {
        "charged": "Charged or summonsed",
        "out_of_court": "Dealt with out of court",
        "evidential_victim_supports": "Evidential difficulties, victim supports action",
        "evidential_victim_does_not_support": "Victim does not support action",
        "no_suspect": "No suspect identified",
        "prevented": "Prosecution prevented or not in public interest",
        "transferred": "Passed to another body",
        "other": "Other outcomes",
        "pending": "No outcome yet",
    }
    return words.get(key, key.replace("_", " ").capitalize())


def factor(key: str) -> str:
    """A factor at assessment, in words: the department's own label without its underscores."""
    return key.replace("_", " ").strip().capitalize()


def slug(text: str) -> str:
    """Text as it may stand in an address: 'charged-of-closed-2024-25'."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in text.lower())
    return "-".join(kept.split())
