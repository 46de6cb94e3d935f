"""Which indicators, waits and counts does an inspection of records ask, and which of them is meant by a key?

The forms themselves stand in the rooms of the enquiries, one module a theme; here they are gathered in the order in
which they are shown.
"""

from __future__ import annotations

import difflib

from assay.enquiries.assessments import ethnicity, groups, lists, needs, partners, profiles, recorded, risk, signs
from assay.enquiries.responses import (
    outcomes_of_crimes,
    recording,
    return_interviews,
    several_children,
    victims_told,
    waits,
)
from assay.enquiries.scale import definitions, flags
from assay.errors import UsageError
from assay.measure import Count, Form, Indicator, Wait

_THEMES: tuple[tuple[Form, ...], ...] = (
    recording.FORMS,
    victims_told.FORMS,
    needs.FORMS,
    ethnicity.FORMS,
    recorded.FORMS,
    flags.FORMS,
    profiles.FORMS,
    groups.FORMS,
    risk.FORMS,
    lists.FORMS,
    signs.FORMS,
    partners.FORMS,
    outcomes_of_crimes.FORMS,
    return_interviews.FORMS,
    several_children.FORMS,
    waits.FORMS,
    definitions.FORMS,
)


def forms() -> tuple[Form, ...]:
    """Every form, in the order in which they are shown."""
    return tuple(form for theme in _THEMES for form in theme)


def indicators() -> tuple[Indicator, ...]:
    """The indicators."""
    return tuple(form for form in forms() if isinstance(form, Indicator))


def waits_asked() -> tuple[Wait, ...]:
    """The waits."""
    return tuple(form for form in forms() if isinstance(form, Wait))


def counts_asked() -> tuple[Count, ...]:
    """The counts under several definitions."""
    return tuple(form for form in forms() if isinstance(form, Count))


def form(key: str) -> Form:
    """The form with this key; refuses any other with the nearest keys (UsageError)."""
    known = {one.key: one for one in forms()}
    if key in known:
        return known[key]
    near = difflib.get_close_matches(key.casefold().replace("-", "_"), known, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(known)}."
    raise UsageError(f"No indicator, wait or count is called {key!r}. {hint}")
