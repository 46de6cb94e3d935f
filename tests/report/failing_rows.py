"""Failure modes in the synthetic report: one with outliers, one without comparison, and others."""

from assay.compare.failure_mode_tests import NONE_COMPARED

MODES = (
    ("F2", "responses", "Victims were not told of what happened.",
     "told_of_arrest told_of_charge_decision recorded_in_24_hours", "lower lower lower", ""),
    ("F5", "assessments", "Whether children came back was not written down.",
     "return_interview_in_72_hours suspect_ethnicity_self_recorded", "lower higher", ""),
    ("F7", "assessments", "The problem profile was stale.", "", "", "Each force has one: see `problem_profile_current`."),
    ("F10", "responses", "Words blamed victims.", "", "", "Words are read in texts, and confirmed by people."),
)  # fmt: skip
ALERTED, PERSISTING, NO_MORE, NO_MEASURE = "INV06", "INV02", "INV04", "INV09"
BEFORE = "1 April 2023 to 31 March 2024"


def failing_rows(places):
    """The rows of both tables; `places`: the organisations that are compared on anything."""
    names = ("failure_mode", "line", "text", "shown_by", "sides", "elsewhere")
    modes = [dict(zip(names, mode, strict=True)) | {"place": number} for number, mode in enumerate(MODES, start=1)]
    return {"failure_modes": modes, "combined_tests": [_row(mode, place) for mode in ("F2", "F5") for place in places]}


def _row(mode, place):
    row = {"failure_mode": mode, "place_code": place, "alert_status": "", "alerted_since": "", "not_comparable": "",
           "alert_discloses": False}  # fmt: skip
    if mode == "F5" or place == NO_MEASURE:
        return row | {"measures": 0, "outlier_alert": None, "not_comparable": NONE_COMPARED}
    alert_fields = {
        ALERTED: {"alert_status": "new"},
        PERSISTING: {"alert_status": "persists", "alerted_since": BEFORE},
        NO_MORE: {"alert_status": "no longer shown", "alerted_since": BEFORE},
    }
    return row | {"measures": 3, "outlier_alert": place in (ALERTED, PERSISTING)} | alert_fields.get(place, {})
