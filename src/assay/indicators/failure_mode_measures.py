"""By which measures would records show a failure mode of the inquiry, and on which side would a force lie then?

Chosen from what the inquiry says of each, and from the test that the commission names for it
(`commission/data/failure_modes.csv`), before any record was read. Every measure here may move for other reasons too:
more flags on other offences may be better marking. Some rest on the same records, one a part of another: how far they
go together is allowed for. One measure may be all that shows a mode: of F1, few titles among what is marked
(`marked_as_titled`) would also say that much is marked, so it is left out. Modes that no comparison of forces shows are
not here: it is said where else to look (`ELSEWHERE`).
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
    },
    "F13": {"return_interview_in_72_hours": LOWER},
    "F14": {"suspect_under_order": LOWER, "several_children_acted_on": LOWER},
    "F15": {"named_suspect_charged": LOWER, "other_children_looked_for": LOWER, "early_advice_sought": LOWER},
    "F16": {"victim_care_status_recorded": LOWER, "victim_disability_recorded": LOWER},
    "F17": {"exploited_child_shared": LOWER, "exploited_child_known_to_partners": LOWER, "listed_child_known": LOWER},
}
"""By failure mode, each measure with the side on which a force would lie that fails so."""
ELSEWHERE: Mapping[str, str] = {
    "F3": "Whether a crime was recorded rightly is read in case files.",
    "F4": "Each force has one record: which of its tables can be searched.",
    "F7": "Each force has one profile: see `problem_profile_current`.",
    "F10": "Words are read in texts, and confirmed by people.",
    "F18": "It is about what inspections show, and no record of a force tells it.",
    "F19": "Practice before and after notice is compared in each force with itself.",
}
"""The other failure modes, and where to look."""
