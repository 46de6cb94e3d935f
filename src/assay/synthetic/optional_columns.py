"""Values of the optional columns of a return: reports under a duty, reports from online services, taxi and hire
drivers.

They are drawn after all other records, from random streams of their own, so that nothing else in a country depends on
them. A system that has no field for a column leaves it empty, and some cells are empty everywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from assay.synthetic.calibration import figure_value
from assay.synthetic.local_time import age, time_after
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_tables import ForceRecords, Row

PROFESSIONALS = ("local_authority", "education", "health")
ONLINE_SENDER = "national_body"
NO_CONTACT = ("images", "grooming")
ADULT = 18


def add_optional_columns(records: ForceRecords, cases: Sequence[Case], stream: RandomStream) -> None:
    """Add reports from online services, and fill the optional columns of referrals and suspects."""
    _add_online_reports(records, cases, stream.substream("online"))
    for row in records.rows("referrals"):
        if row["direction"] == "in":
            _mark_referral(records, row, stream.substream("referral", row["referral_ref"]))
    for row in records.rows("involvements"):
        if row["role"] == "suspect" and row.get("person_ref"):
            _mark_suspect(records, row, stream.substream("suspect", row["person_ref"]))


def _value(records: ForceRecords, column: str, value: bool | None, stream: RandomStream) -> bool | None:
    """Return the value, or None where the system has no field for the column or nobody filled it."""
    has_field = records.force_stream.substream("optional", column).happens(figure_value("optional_field_exists"))
    is_filled = stream.substream(column).happens(figure_value("optional_cell_filled"))
    return value if has_field and is_filled else None


def _add_online_reports(records: ForceRecords, cases: Sequence[Case], stream: RandomStream) -> None:
    """Add a referral of a national body for some crimes without contact; it names the crime and no child.

    It is answered as often and as soon as other referrals, so that the waits of all referrals stay alike.
    """
    for case in cases:
        draw = stream.substream(case.ref)
        if case.family not in NO_CONTACT or not draw.happens(figure_value("reported_by_online_service")):
            continue
        made_at = case.reported - dt.timedelta(days=draw.integer(0, 9), minutes=draw.integer(0, 600))
        answered = time_after(made_at, draw.exponential(4), draw)
        reached = records.time_if_extracted(answered) if draw.happens(0.85) else None
        records.add(
            "referrals",
            referral_ref=records.ref("RO"),
            direction="in",
            agency_kind=ONLINE_SENDER,
            crime_ref=case.ref,
            made_at=made_at,
            answered_at=reached,
            decision="accepted" if reached else None,
        )


def _mark_referral(records: ForceRecords, row: Row, stream: RandomStream) -> None:
    is_online = row["agency_kind"] == ONLINE_SENDER
    may_have_duty = row["agency_kind"] in PROFESSIONALS and not records.force.welsh
    under_duty = stream.happens(figure_value("reported_under_duty")) and may_have_duty
    made_safe = stream.happens(records.force.rate("child_made_safe"))
    row["duty_report"] = _value(records, "duty_report", under_duty, stream)
    row["online_report"] = _value(records, "online_report", is_online, stream)
    row["safeguarding_followed"] = _value(records, "safeguarding_followed", made_safe, stream)


def _mark_suspect(records: ForceRecords, row: Row, stream: RandomStream) -> None:
    """Fill whether a suspect drives for hire, in all crimes alike, and whether the authority of a driver was told."""
    born = row.get("date_of_birth")
    is_adult = born is not None and age(born, records.span.period_to) >= ADULT
    drives = stream.happens(figure_value("drives_for_hire")) and is_adult
    is_informed = stream.happens(records.force.rate("licensing_authority_informed"))
    row["drives_for_hire"] = _value(records, "drives_for_hire", drives, stream) if born else None
    row["licensing_told"] = _value(records, "licensing_told", is_informed, stream) if row["drives_for_hire"] else None
