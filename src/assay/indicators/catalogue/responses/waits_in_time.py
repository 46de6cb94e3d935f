"""What share of waiting times ended within a limit, of those observed for the whole limit?

The curves of the waits use every record, and are not compared between forces. These shares are: of the records that
were seen for the whole limit, how many had ended within it.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import OPEN_ON, Indicator
from assay.indicators.catalogue.responses.case_waits import device_to_examined, referral_to_answer, released_to_decision
from assay.indicators.exclusion_reasons import CANCELLED, CLOSED_FIRST, NOT_FOLLOWED, TRANSFERRED
from assay.indicators.indicator_examples import share_examples
from assay.indicators.indicator_forms import Wait

_ASSUMPTIONS = "A record counts only if it was observed for the whole time, so that all have the same time."
_WITH_OTHERS = {CANCELLED: ("cancelled", {"cancelled": True}), TRANSFERRED: ("transferred", {"transferred": True})}


def _in_time(
    key: str,
    wait: Wait,
    *,
    title: str,
    question: str,
    fact: str,
    days: int,
    row: Mapping[str, object],
    excluding: Mapping[str, tuple[str, Mapping[str, object]]],
) -> Indicator:
    """Return the share of the records of a wait that ended within `days`. `excluding`: condition and example."""
    followed = f"{fact}_followed_{days}"
    reasons = {**excluding, NOT_FOLLOWED: (f"not {followed}", {followed: False})}
    return Indicator(
        key=key,
        title=title,
        question=question,
        why=wait.why,
        line=wait.line,
        asks=wait.asks,
        record=wait.record,
        population=wait.population,
        excluding={reason: condition for reason, (condition, _) in reasons.items()},
        met=f"{fact}_in_{days}",
        better="higher",
        limits=f"{wait.limits} How much longer it took.",
        assumptions=f"{wait.assumptions} {_ASSUMPTIONS}",
        graded=False,
        needs=wait.needs,
        examples=share_examples(
            {"in_base": True, **row, followed: True},
            f"{fact}_in_{days}",
            outside={"in_base": False},
            unknown={"in_base": None},
            excluding={reason: change for reason, (_, change) in reasons.items()},
        ),
    )


def _device_in_time(days: int) -> Indicator:
    closed = f"closed_first_{days}"
    return _in_time(
        f"device_examined_in_{days}_days",
        device_to_examined,
        title=f"Device examined within {days} days",
        question=f"How many devices were examined within {days} days of the day on which they were taken?",
        fact="examined",
        days=days,
        row={"cancelled": False, closed: False},
        excluding={CANCELLED: _WITH_OTHERS[CANCELLED], CLOSED_FIRST: (closed, {closed: True})},
    )


device_examined_in_180_days, device_examined_in_365_days = (_device_in_time(days) for days in OPEN_ON)
released_decided_in_180_days = _in_time(
    "released_decided_in_180_days",
    released_to_decision,
    title="Decision within 180 days of a release under investigation",
    question="How many suspects who were released under investigation had a decision within 180 days?",
    fact="decided",
    days=180,
    row={"under_investigation": True, "cancelled": False, "transferred": False},
    excluding=_WITH_OTHERS,
)
referral_answered_in_28_days = _in_time(
    "referral_answered_in_28_days",
    referral_to_answer,
    title="Partner's referral answered within 28 days",
    question="How many referrals of partners did the police answer within 28 days?",
    fact="answered",
    days=28,
    row={"direction": "in"},
    excluding={},
)

FORMS = (
    device_examined_in_180_days,
    device_examined_in_365_days,
    released_decided_in_180_days,
    referral_answered_in_28_days,
)
