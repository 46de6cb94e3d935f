"""Age bands in which persons are counted."""

from __future__ import annotations

import ibis

AGE_BANDS = ((10, "under 10"), (13, "10 to 12"), (16, "13 to 15"), (18, "16 and 17"))
ADULT = "18 and over"


def age_band(age: ibis.Value) -> ibis.Value:
    """Return the band of an age in whole years; missing if the age is missing."""
    return ibis.cases(
        (age.isnull(), ibis.null("string")), *((age < upper_age, name) for upper_age, name in AGE_BANDS), else_=ADULT
    )
