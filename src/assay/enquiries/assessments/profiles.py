"""Does the force know its problem: is its problem profile current, with a section on groups?"""

from __future__ import annotations

from collections.abc import Mapping

from assay.measure import Indicator

_CURRENT: Mapping[str, object] = {"body_kind": "territorial", "profile_current_with_groups": True}

problem_profile_current = Indicator(
    key="problem_profile_current",
    title="Problem profile younger than 12 months, with a section on groups",
    question="How many forces have a problem profile younger than 12 months, with a section on groups?",
    why="A force that has not looked does not know: the inquiry found forces without a profile that knew of no groups.",
    line="assessments",
    asks="Q10",
    record="force",
    population="body_kind = 'territorial'",
    met="profile_current_with_groups",
    better="higher",
    limits="Whether the profile is any good, whether partners' data are in it, and whether anybody acts on it.",
    leans_on="Its date and contents as the force states them; the profile itself is read by inspectors.",
    standard=("profile12",),
    needs=("profiles",),
    examples=(
        (_CURRENT, "met"),
        ({**_CURRENT, "profile_current_with_groups": False}, "not met"),
        ({**_CURRENT, "profile_current_with_groups": None}, "not known"),
        ({**_CURRENT, "body_kind": "transport"}, "outside"),
        ({**_CURRENT, "body_kind": None}, "not known if counted"),
    ),
)

FORMS = (problem_profile_current,)
