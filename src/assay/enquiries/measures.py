"""Which indicators, waits and counts does an inspection of records ask, and which of them is meant by a key?

The forms themselves stand in the rooms of the enquiries, one module a theme; here they are gathered in the order in
which they are shown.
"""

from __future__ import annotations

import difflib

from assay.enquiries.assessments import (
    ethnicity,
    groups,
    lists,
    needs,
    partners,
    profiles,
    recorded,
    risk,
    signs,
    systems,
)
from assay.enquiries.attitudes import children_accused, children_heard
from assay.enquiries.responses import (
    before_closing,
    courses,
    court,
    duties_in_time,
    limits_of_law,
    outcomes_of_crimes,
    passed_on,
    recording,
    return_interviews,
    safeguarding,
    several_children,
    suspects,
    victims_told,
    waits,
    waits_of_a_case,
    what_came_next,
)
from assay.enquiries.scale import definitions, flags
from assay.enquiries.scale import recording as what_became
from assay.errors import UsageError
from assay.measure import Count, Form, Indicator, Wait

COMPARED_ONLY = frozenset(("suspect_identified", "charged_of_all", "charged_of_closed", "still_pending"))
"""Indicators that have no right level: of these only a force that stands apart from the others tells."""
_THEMES: tuple[tuple[Form, ...], ...] = (
    recording.FORMS,
    victims_told.FORMS,
    duties_in_time.FORMS,
    limits_of_law.FORMS,
    needs.FORMS,
    ethnicity.FORMS,
    recorded.FORMS,
    flags.FORMS,
    what_became.FORMS,
    profiles.FORMS,
    groups.FORMS,
    risk.FORMS,
    lists.FORMS,
    signs.FORMS,
    partners.FORMS,
    systems.FORMS,
    outcomes_of_crimes.FORMS,
    return_interviews.FORMS,
    safeguarding.FORMS,
    several_children.FORMS,
    children_accused.FORMS,
    children_heard.FORMS,
    suspects.FORMS,
    before_closing.FORMS,
    courses.FORMS,
    passed_on.FORMS,
    court.FORMS,
    waits.FORMS,
    waits_of_a_case.FORMS,
    duties_in_time.WAITS,
    what_came_next.FORMS,
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


def shown_only(form: Indicator) -> bool:
    """Whether a standard stands behind it by which it grades nobody: it then bears on no grade in any other way."""
    return bool(form.standard) and not form.graded


def form(key: str) -> Form:
    """The form with this key; refuses any other with the nearest keys (UsageError)."""
    known = {one.key: one for one in forms()}
    if key in known:
        return known[key]
    near = difflib.get_close_matches(key.casefold().replace("-", "_"), known, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(known)}."
    raise UsageError(f"No indicator, wait or count is called {key!r}. {hint}")
