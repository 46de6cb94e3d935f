"""The catalogue of all indicators, waiting times and counts, in the order in which they are shown.

The forms are defined in the packages of the inspection themes, one module for each topic.
"""

from __future__ import annotations

import difflib

from assay.errors import UsageError
from assay.indicators import Count, Form, Indicator, Wait
from assay.indicators.catalogue.assessments import (
    assessment_indicators,
    child_list_indicators,
    profile_indicators,
    recorded_characteristics,
)
from assay.indicators.catalogue.attitudes import children_accused, children_heard
from assay.indicators.catalogue.responses import (
    case_course_indicators,
    case_waits,
    closure_indicators,
    crime_outcomes,
    duties_in_time,
    response_waits,
    safeguarding_indicators,
    subsequent_events,
    suspect_indicators,
    victim_notification,
    waits_in_time,
)
from assay.indicators.catalogue.scale import crime_recording as what_became
from assay.indicators.catalogue.scale import definition_forms, flag_indicators

COMPARED_ONLY = frozenset(("suspect_identified", "charged_of_all", "charged_of_closed", "still_pending"))
"""Indicators without a right level: only an outlier is informative."""
_THEMES: tuple[tuple[Form, ...], ...] = (
    duties_in_time.RECORDING_TIME_FORMS,
    victim_notification.FORMS,
    duties_in_time.FORMS,
    duties_in_time.DETENTION_FORMS,
    assessment_indicators.NEEDS_FORMS,
    recorded_characteristics.SUSPECT_ETHNICITY_FORMS,
    recorded_characteristics.FORMS,
    flag_indicators.FORMS,
    what_became.FORMS,
    profile_indicators.FORMS,
    profile_indicators.KNOWN_GROUP_FORMS,
    assessment_indicators.FORMS,
    child_list_indicators.FORMS,
    assessment_indicators.FIRST_SIGN_FORMS,
    child_list_indicators.PARTNER_LIST_FORMS,
    profile_indicators.RECORD_SYSTEM_FORMS,
    crime_outcomes.FORMS,
    safeguarding_indicators.RETURN_INTERVIEW_FORMS,
    safeguarding_indicators.FORMS,
    suspect_indicators.REPEAT_SUSPECT_FORMS,
    children_accused.FORMS,
    children_heard.FORMS,
    suspect_indicators.FORMS,
    closure_indicators.FORMS,
    case_course_indicators.FORMS,
    case_course_indicators.TRANSFER_FORMS,
    crime_outcomes.COURT_OUTCOME_FORMS,
    response_waits.FORMS,
    case_waits.FORMS,
    waits_in_time.FORMS,
    duties_in_time.WAITS,
    subsequent_events.FORMS,
    definition_forms.FORMS,
)


def forms() -> tuple[Form, ...]:
    """Return every indicator, waiting time and count, in the order in which they are shown."""
    return tuple(form for theme in _THEMES for form in theme)


def indicators() -> tuple[Indicator, ...]:
    """Return every indicator, in the order in which they are shown."""
    return tuple(form for form in forms() if isinstance(form, Indicator))


def waits() -> tuple[Wait, ...]:
    """Return every waiting time (time-to-event measure), in the order in which they are shown."""
    return tuple(form for form in forms() if isinstance(form, Wait))


def counts() -> tuple[Count, ...]:
    """Return every count by definition, in the order in which they are shown."""
    return tuple(form for form in forms() if isinstance(form, Count))


def is_shown_only(form: Indicator) -> bool:
    """Return True if the indicator is shown but not graded, because it measures a standard without grades."""
    return bool(form.standard) and not form.graded


def find_form(key: str) -> Form:
    """Return the indicator, waiting time or count with this key; raise UsageError, with the nearest keys, if none."""
    known = {entry.key: entry for entry in forms()}
    if key in known:
        return known[key]
    matches = difflib.get_close_matches(key.casefold().replace("-", "_"), known, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(matches)}?" if matches else f"There are: {', '.join(known)}."
    raise UsageError(f"No indicator, wait or count is called {key!r}. {hint}")
