"""Rules for whether a place can be compared, with the reason in a sentence.

All reasons are in this module; the first rule that matches gives the reason. A place that is not compared is still
shown with its own figure.
"""

from collections.abc import Mapping
from typing import Any

from assay.sdc.alert_suppression import TOO_FEW_FORCES_TEXT

CITY_OF_LONDON = "E23000034"
TRANSPORT = "BTP"
TERRITORIAL = "territorial"
COUNTS_ONLY = ("agency", "regional unit")
"""Kinds of organisation that never get a share, a rate or a rank."""
OTHER_KIND = "Not comparable: another kind of force, which polices no resident population."
TOTALS = ("EW", "EW44", "E", "W", "ALL")
"""Codes of totals, which are never ranked."""

PENDING_LIMIT = 0.25
"""Outcomes of a force are not compared if more than this share of its offences has no outcome yet."""
PENDING_MEASURE = "pending"
MIN_CITY_BASE = 20
"""Minimum base of a compared share of the City of London, which has few residents and few children."""

MIN_RECORDS = 20
"""Minimum base of a compared indicator. One record is then at most 5% of the base. Disclosure control shows no share on
a smaller base, so no force is ranked by a share that is not shown.
"""

ONE_SIDED = (
    "Not comparable: not everything that this needs was sent, so only one of the two answers can be known. The share "
    "lies within its bounds, and is no rate."
)
TOO_MUCH_UNKNOWN = (
    "Not comparable: more than a quarter of these records do not tell, so the share may say more about what is written "
    "down than about what was done. That is neither good nor bad."
)
MIN_COMBINED_RECORDS = 5
"""Minimum base of a measure within the combined test of a failure mode. A share on fewer than `MIN_RECORDS` is not
shown, and no force is ranked by it; but it adds to what the other measures of the same failing show.
"""


def is_total(place_code: str) -> bool:
    """Return True if the code is that of a total, such as England and Wales."""
    return place_code in TOTALS


def is_territorial(place_code: str) -> bool:
    """Return True if the code is that of one of the 43 territorial forces (E23... or W15...)."""
    return place_code[:3] in ("E23", "W15") and len(place_code) == 9


def is_ranked(row: Mapping[str, Any]) -> bool:
    """Return True if the row belongs to a territorial force, by its `body_kind` or, if this is missing, by its code."""
    kind = row.get("body_kind")
    return kind == TERRITORIAL if kind else is_territorial(row["place_code"])


def share_exclusion_reason(row: Mapping[str, Any]) -> str:
    """Return the reason why a share is not compared; '' if it is."""
    count, base, pending = row["numerator"], row["base"], row.get("pending_share")
    if not is_ranked(row):
        return OTHER_KIND
    if count is None or base is None:
        return "Not comparable: the figures were not published."
    if count < 0 or base < 0 or count > base:
        return "Not comparable: the counts as published, with later corrections in them, do not make a share."
    if base == 0:
        return "Not comparable: there are no offences to work the share out from."
    is_result_measure = row["measure"] != PENDING_MEASURE
    if is_result_measure and pending is None:
        return "Not comparable: how many offences are pending is not known."
    if is_result_measure and pending is not None and pending > PENDING_LIMIT:
        return (
            f"Not comparable: {100 * pending:.1f}% of these offences have no outcome yet (the limit is "
            f"{PENDING_LIMIT:.0%}), so this share may say more about recording than about results. "
            "That is neither good nor bad."
        )
    if row["place_code"] == CITY_OF_LONDON and base < MIN_CITY_BASE:
        return f"Not comparable: fewer than {MIN_CITY_BASE} offences, in a force area with few residents."
    return ""


def indicator_exclusion_reason(row: Mapping[str, Any], min_records: int = MIN_RECORDS) -> str:
    """Return the reason why a row of an indicator is not compared; '' if it is.

    The reason has no figures, because it is released even if the figures are suppressed. `deciding_base` is the base
    as a reader knows it (`indicator_comparison`). The exact base may never decide: the reason would be a bound on it.
    """
    base, not_known = row["deciding_base"], row.get("pending_share")
    if row.get("body_kind") in COUNTS_ONLY:
        return "Counts only: this body takes on what forces pass to it, so a share or a rank would compare nothing."
    if not is_ranked(row):
        return OTHER_KIND
    if not base:
        return "Not comparable: no record here tells whether it was met."
    if row.get("one_sided"):
        return ONE_SIDED
    if not_known is not None and not_known > PENDING_LIMIT:
        return TOO_MUCH_UNKNOWN
    if base < min_records:
        return too_few_records(min_records)
    return ""


def is_decided_by_counts(reason: str) -> bool:
    """Return True if the counts of a force decided that it is compared ('') or not, and not its kind or its return."""
    return reason in ("", TOO_MUCH_UNKNOWN, TOO_FEW_FORCES_TEXT, too_few_records())


def too_few_records(min_records: int = MIN_RECORDS) -> str:
    """Return the reason for not comparing a force whose base is below the minimum number of records."""
    return f"Not comparable: fewer than {min_records} records tell, too few to know a force from chance."


def rate_exclusion_reason(row: Mapping[str, Any]) -> str:
    """Return the reason why a rate is not compared; '' if it is."""
    if row["place_code"] == CITY_OF_LONDON:
        return "No resident rate is given: few children live in the City of London."
    if not is_territorial(row["place_code"]):
        return "No resident rate is given: this force polices no resident population."
    if row.get("quarters") is not None and row["quarters"] < 4:
        return "Not comparable: the year is not complete."
    if row["offences"] is None:
        return "Not comparable: the count was not published."
    if not row["children"]:
        return "No rate is given: the number of children who live in the area is not at hand."
    if row["offences"] < 0:
        return "Not comparable: the published count is negative (corrections larger than what was recorded)."
    return ""


def has_no_resident_rate(row: Mapping[str, Any]) -> bool:
    """Return True if no rate per resident may be shown: no residents, a part year, or an unknown count."""
    has_no_residents = row["place_code"] == CITY_OF_LONDON or not (
        is_territorial(row["place_code"]) or is_total(row["place_code"])
    )
    is_part_year = row.get("quarters") is not None and row["quarters"] < 4
    return has_no_residents or is_part_year or not row["children"] or row["offences"] is None
