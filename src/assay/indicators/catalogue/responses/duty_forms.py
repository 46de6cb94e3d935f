"""Templates of indicators on duties: done within a limit, or time taken where there is no limit.

One template serves every standard: a duty is a row, and the standard is data.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator, Wait
from assay.indicators.exclusion_reasons import CANCELLED, NO_CONTACT, NOT_IN_FORCE, NOT_YET_DUE, POLICE
from assay.indicators.indicator_examples import share_examples

_OWED: Mapping[str, object] = {
    "in_base": True,
    "state": "in time",
    "age_at_offence": 14,
    "crime_cancelled": False,
    "no_contact_wished": False,
    "standard_in_force": True,
}
_REASONS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    NOT_YET_DUE: ("state = 'not yet due'", {"state": "not yet due"}),
    NOT_IN_FORCE: ("not standard_in_force", {"standard_in_force": False}),
    CANCELLED: ("crime_cancelled", {"crime_cancelled": True}),
    NO_CONTACT: ("no_contact_wished", {"no_contact_wished": True}),
}
VICTIM_EXCLUSIONS = (NOT_YET_DUE, NOT_IN_FORCE, CANCELLED, NO_CONTACT)
CASE_EXCLUSIONS = (NOT_YET_DUE, NOT_IN_FORCE)
ASSUMPTIONS = "The force's log: an action that was not entered counts as not done if the log is complete."


def timely_duty_indicator(
    key: str,
    *,
    title: str,
    question: str,
    why: str,
    family: str,
    standard: tuple[str, ...],
    limits: str,
    needs: tuple[str, ...],
    asks: str = "Q8",
    reasons: tuple[str, ...] = CASE_EXCLUSIONS,
    children_only: bool = False,
    holder: str = POLICE,
    graded: bool = True,
) -> Indicator:
    """Return the indicator for one family of duties: the share done within the time limit of their standard."""
    row = {**_OWED, "family": family}
    return Indicator(
        key=key,
        title=title,
        question=question,
        why=why,
        line="responses",
        asks=asks,
        record="duty",
        population=f"family = '{family}' and in_base" + (" and age_at_offence < 18" if children_only else ""),
        excluding={reason: _REASONS[reason][0] for reason in reasons},
        met="in_time",
        better="higher",
        limits=limits,
        assumptions=ASSUMPTIONS,
        standard=standard,
        holder=holder,
        graded=graded,
        needs=needs,
        examples=share_examples(
            row,
            "in_time",
            outside={"family": "another duty"},
            unknown={"in_base": None},
            excluding={reason: _REASONS[reason][1] for reason in reasons},
        ),
    )


_WAIT_ROW: Mapping[str, object] = {"in_base": True, "standard_in_force": True, "end_known": True, "days_to_ended": None,
                                 "days_seen": 90}  # fmt: skip


def duty_wait(
    key: str,
    *,
    title: str,
    question: str,
    why: str,
    family: str,
    standard: tuple[str, ...],
    start: str,
    label: str,
    limits: str,
    needs: tuple[str, ...],
    asks: str,
    holder: str,
) -> Wait:
    """Return the definition of the waiting time from start to end of a duty of one family that has no time limit."""
    row = {**_WAIT_ROW, "family": family}
    return Wait(
        key=key,
        title=title,
        question=question,
        why=why,
        line="responses",
        asks=asks,
        record="duty",
        population=f"family = '{family}' and in_base",
        start=start,
        ends=(label, "days_to_ended"),
        seen="days_seen",
        known="end_known",
        better="lower",
        limits=limits,
        assumptions="No number is set, only that it be soon: the waits are shown and forces are compared; nobody "
        "passes or fails. Days as entered.",
        standard=standard,
        holder=holder,
        graded=False,
        needs=needs,
        examples=(
            ({**row, "days_to_ended": 2}, label),
            (row, "still waiting"),
            ({**row, "end_known": False}, "not known"),
            ({**row, "days_seen": None}, "not known"),
            ({**row, "in_base": None}, "not known if counted"),
            ({**row, "family": "another duty"}, "outside"),
        ),
    )
