"""The measures that would show each failure mode of the inquiry, and the direction of an affected force.

They were chosen from the inquiry's description and the commission's test of each mode
(`reference/data/failure_modes.csv`), before any record was read. Every measure can also move for other reasons: more
flags on other offences may be better flagging. Some measures share records, so the combined test allows for their
correlation. Where one of two entries is enough, the measure of either of them is in the test too: it shows best that
both are missing.

A mode may have one measure only: for F1, few titles among flagged crimes (`marked_as_titled`) could also mean that many
crimes are flagged, so it is left out. Modes that no comparison of forces can show are in `ELSEWHERE`, with other
evidence to look at.
"""

from __future__ import annotations

from collections.abc import Mapping

LOWER, HIGHER = "lower", "higher"
MEASURES_OF_MODE: Mapping[str, Mapping[str, str]] = {
    "F1": {"titled_of_recorded": LOWER},
    "F2": {"cse_flag_on_cse_offence": LOWER, "cse_flag_on_other_offence": LOWER},
    "F5": {
        "suspect_ethnicity_self_recorded": LOWER,
        "suspect_ethnicity_officer_recorded": LOWER,
        "suspect_ethnicity_recorded": LOWER,
        "victim_ethnicity_self_recorded": LOWER,
    },
    "F6": {"found_groups_held": LOWER},
    "F8": {"harm_called_harm": LOWER, "harm_said_in_words": LOWER, "narrative_given": LOWER},
    "F9": {"back_within_90_days": HIGHER, "back_within_180_days": HIGHER},
    "F11": {
        "children_also_suspects": HIGHER,
        "children_accused_unconsidered": HIGHER,
        "exploitation_considered_first": LOWER,
    },
    "F12": {
        "three_episodes_before_flag": HIGHER,
        "missing_flagged": LOWER,
        "missing_graded_low": HIGHER,
        "missing_exploited_graded_low": HIGHER,
        "missing_often_planned": LOWER,
    },
    "F13": {"return_interview_in_72_hours": LOWER},
    "F14": {"suspect_under_order": LOWER, "several_children_acted_on": LOWER},
    "F15": {
        "named_suspect_charged": LOWER,
        "other_children_looked_for": LOWER,
        "early_advice_sought": LOWER,
        "group_lines_ended_before_closing": LOWER,
    },
    "F16": {
        "victim_care_status_recorded": LOWER,
        "victim_disability_recorded": LOWER,
        "victim_care_or_disability_recorded": LOWER,
    },
    "F17": {"exploited_child_shared": LOWER, "exploited_child_known_to_partners": LOWER, "listed_child_known": LOWER},
}
"""For each failure mode, its measures with the direction of an affected force."""
ELSEWHERE: Mapping[str, str] = {
    "F3": "Whether a crime was recorded rightly is read in case files.",
    "F4": "Each force has one record: which of its tables can be searched.",
    "F7": "Each force has one profile: see `problem_profile_current`.",
    "F10": "Words are read in texts, and confirmed by people.",
    "F18": "It is about what inspections show, and no record of a force tells it.",
    "F19": "Practice before and after notice is compared in each force with itself.",
}
"""The other failure modes, and other evidence to look at."""
