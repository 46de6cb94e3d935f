"""Reasons for which a record is excluded from an indicator, and the responsible organisation of each duty.

Each reason has one name and one condition, and excluded records are counted by reason. A valid reason is that the duty
did not arise, or that its time has not yet passed.
"""

from __future__ import annotations

from collections.abc import Mapping

POLICE = "police"
WITH_OTHERS = "police with others"
SYSTEM = "the system around the child"
JUSTICE = "justice"

NOT_YET_DUE = "not_yet_due"
NOT_FOLLOWED = "not_followed_for_so_long"
CLOSED_FIRST = "crime_closed_first"
CANCELLED = "crime_cancelled"
TRANSFERRED = "crime_transferred_to_another_force"
NO_CONTACT = "no_contact_wished"
DECLINED = "child_declined"
NOT_IN_FORCE = "standard_not_in_force_then"
STILL_OPEN = "still_open"
NOTHING_KNOWN = "nothing_known_of_the_suspect"
NOT_IDENTIFIED = "suspect_described_not_identified"
ALREADY_ASSESSED = "assessed_before_the_first_sign"
RECENT = "reported_lately_and_still_open"
PREVENTED = "prosecution_prevented"
UNDER_TEN = "suspect_under_ten"
JUST_SENT = "sent_less_than_four_weeks_before"
JUST_MADE = "made_less_than_four_weeks_before"
AT_ONCE = "something_followed_within_28_days"
TURNED_18_OR_LEFT = "turned_18_or_left_within_28_days"

REASON_TEXT: Mapping[str, str] = {
    NOT_YET_DUE: "the time allowed had not passed when the data were read, and it had not been done",
    NOT_FOLLOWED: "the time asked about had not passed when the data were read, whether it was done by then or not",
    CLOSED_FIRST: "the crime was closed within the time asked about, and it had not been done by then",
    CANCELLED: (
        "the crime record was cancelled: after inquiry, no crime was found to have happened here; where a thing was "
        "owed by a time, only if it was cancelled before that time had passed"
    ),
    TRANSFERRED: "the crime was passed to another force, which counts it",
    NO_CONTACT: "the victim was on record as not wishing to be contacted when the duty began, or the wait could end",
    DECLINED: "the child declined the interview before the time allowed had passed, and it was not held",
    NOT_IN_FORCE: "the duty began before the standard was in force",
    STILL_OPEN: "the crime has no outcome yet",
    NOTHING_KNOWN: "the record says that somebody took part, and nothing else of them",
    ALREADY_ASSESSED: "the child had been assessed before the first sign among what was sent",
    RECENT: "the crime was reported less than 13 weeks before the data were read, and is open: it may still be done",
    PREVENTED: "the outcome says that a prosecution was prevented: a suspect under ten, too ill, or no longer living",
    UNDER_TEN: "the suspect was under ten, below the age of criminal responsibility",
    JUST_SENT: "it was sent less than four weeks before the data were read",
    JUST_MADE: "it was made less than four weeks before the data were read",
    AT_ONCE: "a further report, missing episode or referral came within 28 days, before what was done could help",
    TURNED_18_OR_LEFT: "the child turned 18, left the area or died within 28 days",
    NOT_IDENTIFIED: "there is a description, or part of an identity, and nobody who could be asked",
}
"""The wording of each reason, for the card, the data-quality letter and the report."""


def plain_label(reason: str) -> str:
    """Return the reader-friendly label of an exclusion reason: 'not yet due'."""
    return reason.replace("_", " ")
