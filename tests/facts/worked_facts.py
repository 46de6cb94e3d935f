"""The worked example of the return contract (section 12) as typed tables."""

from tiny import Return

CRIMES = [
    {
        "crime_ref": "0001", "scope_reason": "core_offence", "offence_code": "13", "reported_at": "2026-04-08T08:30",
        "recorded_at": "2026-04-08T11:10", "occurred_from": "2026-04-07", "occurred_to": "2026-04-07",
        "investigating_team": "exploitation", "outcome_code": "NOA",
    },
    {
        "crime_ref": "0002", "scope_reason": "core_offence", "offence_code": "13", "reported_at": "2026-05-12",
        "recorded_at": "2026-05-13T09:00", "occurred_from": "2026-05-10", "occurred_to": "2026-05-12",
        "investigating_team": "response", "outcome_code": "18", "outcome_at": "2026-06-20", "closed_at": "2026-06-20",
    },
]  # fmt: skip
INVOLVEMENTS = [
    {
        "involvement_ref": "V1", "crime_ref": "0001", "person_ref": "N501", "role": "victim", "forenames": "Ash",
        "surname": "Example", "date_of_birth": "2011-02-03", "sex": "F", "ethnicity_self": "W1",
        "enhanced_rights": True,
    },
    {
        "involvement_ref": "V2", "crime_ref": "0001", "person_ref": "N502", "role": "suspect",
        "suspect_known_as": "named", "forenames": "Birch", "surname": "Example", "date_of_birth": "1990-11-30",
        "sex": "M", "ethnicity_self_missing_reason": "NOT_ASKED", "ethnicity_officer": "IC9",
    },
    {
        "involvement_ref": "V3", "crime_ref": "0002", "person_ref": "N503", "role": "victim", "forenames": "Cedar",
        "surname": "Example", "date_of_birth": "2012-09-14", "sex": "M", "ethnicity_self": "NS",
        "enhanced_rights": True,
    },
]  # fmt: skip
STEPS = (
    ("E1", "investigation_opened", "2026-04-08T11:30", None, None, "exploitation"),
    ("E2", "victim_contacted", "2026-04-08T16:05", "N501", None, "in_person"),
    ("E3", "needs_assessment_recorded", "2026-04-08T16:40", "N501", None, None),
    ("E4", "suspect_arrested", "2026-04-09T07:15", "N502", None, None),
    ("E5", "suspect_bailed", "2026-04-09T19:50", "N502", None, "with_conditions"),
    ("E6", "victim_informed", "2026-04-10", "N501", "E4", "suspect_arrested"),
)
NAMES = ("event_ref", "kind", "happened_at", "person_ref", "about_event_ref", "detail")
KINDS = {
    "investigation_opened": True, "needs_assessment_recorded": True, "suspect_arrested": True,
    "suspect_bailed": True, "victim_contacted": False, "victim_informed": True,
}  # fmt: skip
WORKED = Return(
    kinds=KINDS,
    crimes=CRIMES,
    involvements=INVOLVEMENTS,
    events=[{**dict(zip(NAMES, step, strict=True)), "crime_ref": "0001"} for step in STEPS],
)
