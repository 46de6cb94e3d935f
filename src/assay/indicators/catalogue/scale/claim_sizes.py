"""Does a published figure agree with the size or level in a claim, given how far the claim rounds it?

The rules are those of the manual (`docs/how-to/check-a-claim.md`):

- a number agrees if the published figure, rounded to the same digits, is that number; a count is taken as rounded at
  its last digit that is not 0, and never to fewer than two digits;
- a part in words ("a fifth", "halved", "doubled", "threefold") allows a twentieth of itself either way;
- "about" allows a twentieth of a count (of 500 or 60,000, with one digit that is not 0, half of that digit's place, and
  a tenth at most), and 15% of any other size (at least half a percentage point);
- "nearly" and "just over" allow as much, on one side only;
- "none" and "no" are at most none: one refutes them;
- "few" is fewer than half and "hardly any" fewer than a tenth: a figure at the bound refutes them, and no figure below
  it makes them true, because nobody defines how few they are;
- "more than", "at least", "less than" and "at most" are taken at their word, with no rounding.
"""

from __future__ import annotations

from assay.indicators.catalogue.scale.claim_words import Quantity
from assay.wording import format_number

PART_TOLERANCE = 0.05
ABOUT_COUNT, ABOUT_SHARE, ABOUT_MIN = 0.05, 0.15, 0.5
EPSILON = 1e-9
FEW_BOUND = "few"
FEW_NOT_DEFINED = "How few deserve that word is not defined. Write the number, such as '8%'."
_PART_WORDS = {0.5: "half", 1.0: "double", 2.0: "treble"}


def agrees(stated: Quantity, published: float) -> bool:
    """Return True if the published figure, in the unit of `stated`, agrees with the claim."""
    if stated.upper is not None:
        return stated.value - _rounding(stated) - EPSILON <= published <= stated.upper + _rounding(stated) + EPSILON
    tolerance = _about_tolerance(stated)
    return {
        "rounded": _low(stated) - EPSILON <= published <= _high(stated) + EPSILON,
        "about": abs(published - stated.value) <= tolerance + EPSILON,
        "nearly": stated.value - tolerance - EPSILON <= published < stated.value - EPSILON,
        "just_over": stated.value + EPSILON < published <= stated.value + tolerance + EPSILON,
        "more_than": published > stated.value + EPSILON,
        "at_least": published >= stated.value - EPSILON,
        "few": published < stated.value - EPSILON,
        "less_than": published < stated.value - EPSILON,
        "at_most": published <= stated.value + EPSILON,
        "exactly": abs(published - stated.value) <= _rounding(stated) / 10 + EPSILON,
    }[stated.bound]


def in_unit_of_change(stated: Quantity, before: float, after: float) -> float:
    """Return the size of the change between two figures, in the unit of the claim (count, points, fold, percent)."""
    if stated.unit in ("count", "points"):
        return abs(after - before)
    if stated.unit == "fold":
        return after / before
    return abs(after / before - 1) * (100 if stated.unit == "percent" else 1)


def in_unit_of_level(stated: Quantity, published: float) -> float:
    """Return a published count unchanged, or a published share in the unit of the claim."""
    return 100 * published if stated.unit == "percent" else published


def size_words(stated: Quantity) -> str:
    """Return the size as the claim states it, such as 'more than 9%', '6,100' or '1 in 12'."""
    if stated.bound == FEW_BOUND:
        return "few" if stated.unit == "count" else f"few, and so fewer than {100 * stated.value:.0f}%"
    if stated.bound == "at_most" and not stated.value:
        return "none"
    bound = "" if stated.bound == "rounded" else f"{stated.bound.replace('_', ' ')} "
    upper = "" if stated.upper is None else f" to {stated.upper:g}"
    is_plain = stated.times == 1 and not stated.decimals
    number_text = format_number(stated.value) if is_plain else f"{stated.value / stated.times:,.{stated.decimals}f}"
    multiple = {1000: " thousand", 1_000_000: " million"}.get(stated.times, "")
    words = {
        "percent": f"{stated.value:.{stated.decimals}f}{upper}%",
        "points": f"{stated.value:.{stated.decimals}f} percentage points",
        "count": f"{number_text}{multiple}",
        "part": _PART_WORDS.get(stated.value, f"{100 * stated.value:.3g}%"),
        "fold": f"{stated.value:g}-fold",
        "in": f"{round(stated.value * stated.out_of)} in {stated.out_of}",
    }
    return f"{bound}{words[stated.unit]}"


def _low(stated: Quantity) -> float:
    if stated.unit == "in" and round(stated.value * stated.out_of) == 1:
        return 1 / (stated.out_of + 0.5)
    return stated.value - _rounding(stated)


def _high(stated: Quantity) -> float:
    if stated.unit == "in" and round(stated.value * stated.out_of) == 1:
        return 1 / (stated.out_of - 0.5)
    return stated.value + _rounding(stated)


def _rounding(stated: Quantity) -> float:
    """Return the rounding error of a number: half a unit in its last place."""
    if stated.unit in ("part", "fold", "in"):
        return PART_TOLERANCE * stated.value
    if stated.unit == "count":
        return _last_place(stated) / 2
    return float(0.5 * 10**-stated.decimals)


def _last_place(stated: Quantity) -> float:
    """Return the unit to which a count is rounded: that of its last digit that is not 0, or at most of its second."""
    if stated.decimals:
        return float(stated.times * 10**-stated.decimals)
    digits = str(round(stated.value))
    zeros = len(digits) - len(digits.rstrip("0"))
    return float(10 ** max(0, min(zeros, len(digits) - 2)))


def _about_tolerance(stated: Quantity) -> float:
    if stated.unit == "count":
        return _about_count_tolerance(stated.value)
    minimum = {"percent": ABOUT_MIN, "points": ABOUT_MIN, "part": ABOUT_MIN / 100}.get(stated.unit, 0.0)
    return max(ABOUT_SHARE * stated.value, minimum)


def _about_count_tolerance(value: float) -> float:
    """Return the tolerance of "about" for a count.

    It is a twentieth or, if only one digit is not 0, half the place of that digit (at most a tenth), if that is more.
    """
    digits = str(round(value))
    one_digit = len(digits.rstrip("0")) == 1
    place = 10 ** (len(digits) - 1)
    return max(ABOUT_COUNT * value, min(value / 10, place / 2) if one_digit else 0.0)
