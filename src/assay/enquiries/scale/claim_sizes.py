"""Does a published figure agree with the size or level that a claim states, allowing for the rounding it shows?

The rules are those of the manual (`docs/how-to/check-a-claim.md`):

- a number is right if the published figure, rounded to the digits that the number shows, is that number; a count shows
  its last digit that is not 0, and never fewer than two digits;
- a part in words ("a fifth", "halved", "doubled", "threefold") allows a twentieth of itself either way;
- "about" allows a twentieth of a count (of 500 or 60,000, with one digit that is not 0, half of that digit's place, and
  a tenth at most), and 15% of any other size (at least half a percentage point);
- "nearly" and "just over" allow as much, on one side only;
- "more than", "at least", "less than" and "at most" are taken at their word, with no rounding.
"""

from __future__ import annotations

from assay.enquiries.scale.claim_words import Quantity
from assay.wording import number

PART_ALLOWS = 0.05
ABOUT_COUNT, ABOUT_SHARE, ABOUT_AT_LEAST = 0.05, 0.15, 0.5
TINY = 1e-9
_PART_WORDS = {0.5: "half", 1.0: "double", 2.0: "treble"}


def agrees(said: Quantity, published: float) -> bool:
    """True if `published`, in the unit of `said`, is what the claim says."""
    if said.upper is not None:
        return said.value - _rounding(said) - TINY <= published <= said.upper + _rounding(said) + TINY
    near = _about(said)
    return {
        "rounded": _low(said) - TINY <= published <= _high(said) + TINY,
        "about": abs(published - said.value) <= near + TINY,
        "nearly": said.value - near - TINY <= published < said.value - TINY,
        "just_over": said.value + TINY < published <= said.value + near + TINY,
        "more_than": published > said.value + TINY,
        "at_least": published >= said.value - TINY,
        "less_than": published < said.value - TINY,
        "at_most": published <= said.value + TINY,
        "exactly": abs(published - said.value) <= _rounding(said) / 10 + TINY,
    }[said.bound]


def in_unit_of_change(said: Quantity, before: float, after: float) -> float:
    """How far the figure moved, without its sign, in the unit that the claim uses."""
    if said.unit in ("count", "points"):
        return abs(after - before)
    if said.unit == "fold":
        return after / before
    return abs(after / before - 1) * (100 if said.unit == "percent" else 1)


def in_unit_of_level(said: Quantity, published: float) -> float:
    """A published count as it is, a published share in the unit that the claim uses."""
    return 100 * published if said.unit == "percent" else published


def size_words(said: Quantity) -> str:
    """The size as the claim states it: 'more than 9%', '6,100', '1 in 12'."""
    bound = "" if said.bound == "rounded" else f"{said.bound.replace('_', ' ')} "
    upper = "" if said.upper is None else f" to {said.upper:g}"
    shown = f"{said.value / said.times:,.{said.decimals}f}" if said.times > 1 or said.decimals else number(said.value)
    many = {1000: " thousand", 1_000_000: " million"}.get(said.times, "")
    words = {
        "percent": f"{said.value:.{said.decimals}f}{upper}%",
        "points": f"{said.value:.{said.decimals}f} percentage points",
        "count": f"{shown}{many}",
        "part": _PART_WORDS.get(said.value, f"{100 * said.value:.3g}%"),
        "fold": f"{said.value:g}-fold",
        "in": f"{round(said.value * said.out_of)} in {said.out_of}",
    }
    return f"{bound}{words[said.unit]}"


def _low(said: Quantity) -> float:
    if said.unit == "in" and round(said.value * said.out_of) == 1:
        return 1 / (said.out_of + 0.5)
    return said.value - _rounding(said)


def _high(said: Quantity) -> float:
    if said.unit == "in" and round(said.value * said.out_of) == 1:
        return 1 / (said.out_of - 0.5)
    return said.value + _rounding(said)


def _rounding(said: Quantity) -> float:
    """Half of the last place that the number shows."""
    if said.unit in ("part", "fold", "in"):
        return PART_ALLOWS * said.value
    if said.unit == "count":
        return _step(said) / 2
    return float(0.5 * 10**-said.decimals)


def _step(said: Quantity) -> float:
    """The place to which a count is rounded: of its last digit that is not 0, and of its second at the coarsest."""
    if said.decimals:
        return float(said.times * 10**-said.decimals)
    digits = str(round(said.value))
    zeros = len(digits) - len(digits.rstrip("0"))
    return float(10 ** max(0, min(zeros, len(digits) - 2)))


def _about(said: Quantity) -> float:
    if said.unit == "count":
        return _about_count(said.value)
    least = {"percent": ABOUT_AT_LEAST, "points": ABOUT_AT_LEAST, "part": ABOUT_AT_LEAST / 100}.get(said.unit, 0.0)
    return max(ABOUT_SHARE * said.value, least)


def _about_count(value: float) -> float:
    """A twentieth; of a number with one digit that is not 0, half of the place of that digit, and a tenth at most."""
    digits = str(round(value))
    one_digit = len(digits.rstrip("0")) == 1
    place = 10 ** (len(digits) - 1)
    return max(ABOUT_COUNT * value, min(value / 10, place / 2) if one_digit else 0.0)
