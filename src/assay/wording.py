"""Format figures in words: counts, percentages, probabilities, ranks and changes.

Every package may import this module, so that a finding, a page and a comparison use the same words. A count has commas
and is whole; a share is a percentage with one decimal; a probability has one ladder of words, and its number is never
rounded across a step of that ladder; a rank always has its interval.
"""

from __future__ import annotations

import re
from math import ceil, floor

NAMES_OF_A_SENTENCE = 3
"""A longer list of names, such as of breaks in a series, goes on in a sentence of its own."""
QUARTER_MONTHS = {1: ("April", "June"), 2: ("July", "September"), 3: ("October", "December"), 4: ("January", "March")}
"""The first and last month of each quarter of a financial year."""
ALMOST_CERTAINLY, VERY_PROBABLY, PROBABLY = 0.99, 0.9, 0.75


def format_number(value: int | float) -> str:
    """Format 1234 as '1,234'; a minus stays a minus."""
    return f"{round(value):,}"


def count_phrase(count: int, noun: str, plural: str = "") -> str:
    """Return '1 return' or '1,234 returns'; `plural` if it is not the noun with an s."""
    return f"{format_number(count)} {noun if count == 1 else plural or noun + 's'}"


VERBS_OF_ONE = {"are": "is", "were": "was", "have": "has", "do": "does"}
"""The singular of each plural verb that a sentence may have behind a count."""
_PLURAL_VERB = re.compile(rf"\b({'|'.join(VERBS_OF_ONE)})\b")


def verb_phrase(count: int, predicate: str) -> str:
    """Return a plural predicate as it stands behind a count: 'has no outcome' behind '1 of 59 crimes'."""
    if count != 1:
        return predicate
    return _PLURAL_VERB.sub(lambda verb: VERBS_OF_ONE[verb[0]], predicate, count=1)


def known_base(base: str, has_unknown: bool) -> str:
    """Return the base of a share: '600 notices owed', or '600 notices owed with a known answer' if others have none."""
    return f"{base} with a known answer" if base and has_unknown else base


def percent(share: float, places: int = 1) -> str:
    """Format 0.113 as '11.3%'; a share that is not zero and would round to it as 'under 0.1%'."""
    smallest = 10.0**-places
    if share > 0 and f"{100 * share:.{places}f}" == f"{0:.{places}f}":
        return f"under {smallest:.{places}f}%"
    return f"{100 * share:.{places}f}%"


def percent_interval(low: float, high: float, places: int = 1) -> str:
    """Format an interval of shares: '9.6% to 12.4%'; one that lies below the last place is 'under 0.1%'."""
    lower, upper = f"{100 * low:.{places}f}%", percent(high, places)
    return upper if upper.startswith("under ") and low >= 0 else f"{lower} to {upper}"


def hundredths(probability: float) -> int:
    """Return a probability as a whole number of hundredths, rounded towards 0.5: 0.8997 is 89 and 0.1003 is 11.

    So a number never claims a step of the ladder that the probability itself did not reach.
    """
    size = round(100 * probability, 9)
    return floor(size) if probability >= 0.5 else ceil(size)


def probability_percent(probability: float) -> str:
    """Return a probability in per cent, never as certainty: '89%', 'more than 99%'."""
    if probability > 0.99:
        return "more than 99%"
    return "less than 1%" if probability < 0.01 else f"{hundredths(probability)}%"


def probability_phrase(probability: float) -> str:
    """Return a probability for readers, such as 'about 90%'; in whole per cent near 0, 1 or a limit of a phrase."""
    if probability > 0.99 or probability < 0.01:
        return probability_percent(probability)
    certainty = max(probability, 1 - probability)
    if certainty >= 0.95 or 0.85 <= certainty < VERY_PROBABLY:
        return f"about {probability_percent(probability)}"
    return f"about {10 * round(10 * probability)}%"


def direction_phrase(probability_fell: float) -> str:
    """Return 'probably fell', 'almost certainly rose', or that neither is clear."""
    sure, verb = (probability_fell, "fell") if probability_fell >= 0.5 else (1 - probability_fell, "rose")
    sure = round(sure, 11)  # 1 - 0.1 is a hair short of 0.9
    if sure >= ALMOST_CERTAINLY:
        return f"almost certainly {verb}"
    if sure >= VERY_PROBABLY:
        return f"very probably {verb}"
    if sure >= PROBABLY:
        return f"probably {verb}"
    return "neither clearly rose nor clearly fell"


def change_phrase(proportion: float) -> str:
    """Format -0.08 as '8% lower', 0.12 as '12% higher'; under half a percent 'unchanged'."""
    if abs(proportion) < 0.005:
        return "unchanged"
    return f"{abs(100 * proportion):.0f}% {'lower' if proportion < 0 else 'higher'}"


def change_interval_phrase(low: float, high: float) -> str:
    """Return '15% lower to 2% higher'; the direction is given once if both ends share it."""
    if (low < 0) == (high < 0) and min(abs(low), abs(high)) >= 0.005:
        nearer, farther = sorted((abs(low), abs(high)))
        return f"{100 * nearer:.0f}% to {100 * farther:.0f}% {'lower' if low < 0 else 'higher'}"
    return f"{change_phrase(low)} to {change_phrase(high)}"


def ordinal(place: int) -> str:
    """Format 12 as '12th', 21 as '21st'."""
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def rank_phrase(place: int, low: int, high: int, total: int) -> str:
    """Return a rank with its interval, as every rank is shown: '12th of 40 (5th to 22nd)'."""
    return f"{ordinal(place)} of {total} ({ordinal(low)} to {ordinal(high)})"


def rank_sentence(place: int, low: int, high: int, total: int) -> str:
    """Return a rank and the other likely places: 'Highest of 42 forces; by its interval it may be 2nd'."""
    name = {1: "Highest", total: "Lowest"}.get(place, f"{ordinal(place)} highest")
    first, last = (low if low < place else place + 1), (high if high > place else place - 1)
    if first > last:
        return f"{name} of {total} forces; by its interval no other place is likely"
    other_places = dict.fromkeys((ordinal(first), ordinal(last)))
    return f"{name} of {total} forces; by its interval it may be {' to '.join(other_places)}"


def listing_sentences(opening: str, names: list[str], continuation: str) -> str:
    """Return a long list as short sentences: 'Breaks lie between: a, b and c. Later breaks: d and e.'

    `opening` begins the first sentence and `continuation` each further one.
    """
    parts = [names[start : start + NAMES_OF_A_SENTENCE] for start in range(0, len(names), NAMES_OF_A_SENTENCE)]
    openings = [opening, *[continuation] * (len(parts) - 1)]
    return " ".join(f"{begin}: {join_words(part)}." for begin, part in zip(openings, parts, strict=True))


def join_words(words: list[str]) -> str:
    """Return 'a', 'a and b', or 'a, b and c'."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def quarter_start(quarter: str) -> str:
    """Return the first month of a financial quarter: '2023/24 Q1' begins in 'April 2023'."""
    return f"{QUARTER_MONTHS[int(quarter[-1])][0]} {calendar_year(quarter)}"


def quarter_end(quarter: str) -> str:
    """Return the last month of a financial quarter: '2025/26 Q3' ends in 'December 2025'."""
    return f"{QUARTER_MONTHS[int(quarter[-1])][1]} {calendar_year(quarter)}"


def calendar_year(quarter: str) -> int:
    """Return the calendar year in which a quarter of a financial year lies."""
    first_year, number = int(quarter[:4]), int(quarter[-1])
    return first_year + 1 if number == max(QUARTER_MONTHS) else first_year
