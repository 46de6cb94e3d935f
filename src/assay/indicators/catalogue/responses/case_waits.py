"""How long do cases take from the report to each step and to the end, and how long do devices and referrals take?

Endings compete (cumulative incidence), and open waits are censored at the last day seen.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import OPEN_ON, Wait
from assay.indicators.catalogue.responses.response_waits import CANCELLED_OR_PASSED_ON, CHARGED, CLOSED
from assay.indicators.exclusion_reasons import CANCELLED, TRANSFERRED

CLOSED_FIRST, CHARGED_FIRST = "crime closed first", "charged first"
_CRIME: Mapping[str, object] = {
    "in_base": True,
    "named_suspect": True,
    "ends_known": True,
    "when_reported": "child when reported",
    "days_to_cancelled": None,
    "days_seen": 400,
}
_NEEDS = (
    "crimes.reported_at|report_crimes", "crimes.outcome_code", "crimes.closed_at", "crimes.cancelled_at",
    "crimes.transferred_to_force", "events.suspect_charged", "events.charge_decision",
)  # fmt: skip


def _report_to(
    key: str,
    *,
    title: str,
    question: str,
    why: str,
    step: str,
    label: str,
    limits: str,
    assumptions: str,
    needs: tuple[str, ...],
    asks: str = "Q30",
    population: str = "in_base",
    better: str = "lower",
) -> Wait:
    column, known = f"days_to_{step}", f"{step}_known"
    row = {**_CRIME, column: None, "days_to_closed": None, known: True}
    return Wait(
        key=key,
        title=title,
        question=question,
        why=why,
        line="responses",
        asks=asks,
        record="investigation",
        population=population,
        start="the day on which the matter was reported to the police",
        ends=(label, column),
        competing=((CLOSED_FIRST, "days_to_closed"), (CANCELLED_OR_PASSED_ON, "days_to_cancelled")),
        seen="days_seen",
        known=known,
        better=better,
        limits=limits,
        assumptions=assumptions,
        graded=False,
        needs=(*_NEEDS, *needs),
        split="when_reported",
        examples=(
            ({**row, column: 12}, label),
            ({**row, column: 30, "days_to_closed": 30}, label),
            ({**row, "days_to_closed": 20}, CLOSED_FIRST),
            ({**row, "days_to_cancelled": 5}, CANCELLED_OR_PASSED_ON),
            (row, "still waiting"),
            ({**row, known: False}, "not known"),
            ({**row, "in_base": False}, "outside"),
        ),
    )


report_to_account = _report_to(
    "report_to_account",
    title="From the report to the victim's first account",
    question="How long does it take from the report until an account is first taken?",
    why="Before the account is taken nobody can act on it, and each week makes it harder to give.",
    step="account",
    label="account taken",
    limits="Whether the account was taken well, of whom, and whether the child was ready to give it.",
    assumptions="First accounts, statements and recorded interviews as events on the crime, of any victim or witness.",
    needs=("events.account_taken", "events.abe_interview_done"),
)
report_to_arrest = _report_to(
    "report_to_arrest",
    title="From the report to the first arrest",
    question="How long does it take from the report of a crime with a named suspect until somebody is arrested?",
    why="While a named suspect is at large other children are within reach, and phones are wiped.",
    step="arrest",
    label="first arrest",
    limits="Whether an arrest was needed: a suspect may have been interviewed by appointment.",
    assumptions="Arrests as events on the crime; who was named later counts from the report all the same.",
    needs=("events.suspect_arrested", "involvements.suspect_known_as"),
    population="in_base and named_suspect",
)
report_to_early_advice = _report_to(
    "report_to_early_advice",
    title="From the report to asking the prosecutor for early advice",
    question="How long does it take from the report of a crime with a named suspect until early advice is asked for?",
    why="Advice that is asked for late can only confirm what was done; asked for early it shapes the case.",
    step="advice",
    label="early advice asked for",
    limits="Whether the case called for advice.",
    assumptions="Requests as events on the crime.",
    needs=("events.early_advice_requested", "involvements.suspect_known_as"),
    asks="Q40",
    population="in_base and named_suspect",
    better="neither",
)
report_to_file = _report_to(
    "report_to_file",
    title="From the report to a file for the prosecutor",
    question="How long does it take from the report until a file goes to the prosecutor?",
    why="Here the police's part of the wait ends and the prosecutor's begins.",
    step="file",
    label="file sent",
    limits="Whether the file was complete, and why it took so long.",
    assumptions="The first file sent as an event on the crime.",
    needs=("events.file_submitted",),
)
report_to_closure = Wait(
    key="report_to_closure",
    title="From the report to the closing of the crime without a charge",
    question="How long does it take from the report until the crime is closed and nobody is charged?",
    why="If it is very short, nobody can have investigated. If it is long, a victim waits a year for a refusal.",
    line="responses",
    asks="Q30",
    record="investigation",
    population="in_base",
    start="the day on which the matter was reported to the police",
    ends=(CLOSED, "days_to_closed_uncharged"),
    competing=((CHARGED, "days_to_charged"), (CANCELLED_OR_PASSED_ON, "days_to_cancelled")),
    seen="days_seen",
    known="ends_known",
    better="neither",
    limits="Whether it was right to close it: see what had been done by then.",
    assumptions="Days as entered; a crime that was charged is not closed in this sense, whenever its file was.",
    graded=False,
    needs=_NEEDS,
    split="when_reported",
    examples=(
        ({**_CRIME, "days_to_closed_uncharged": 90}, CLOSED),
        ({**_CRIME, "days_to_charged": 60}, CHARGED),
        ({**_CRIME, "days_to_cancelled": 3}, CANCELLED_OR_PASSED_ON),
        (_CRIME, "still waiting"),
        ({**_CRIME, "ends_known": False}, "not known"),
        ({**_CRIME, "in_base": False}, "outside"),
    ),
)
_DEVICE: Mapping[str, object] = {
    "in_base": True,
    "cancelled": False,
    "examined_known": True,
    "when_reported": "child when reported",
    "days_to_examined": None,
    "days_to_closed": None,
    "days_seen": 400,
}
device_to_examined = Wait(
    key="device_to_examined",
    title="From taking a device to its results",
    question="How long does it take from the day a device is taken until its results reach the investigator?",
    why="In one case of the inspection of 2023 the telephone that held the evidence lay unread for a year.",
    line="responses",
    asks="Q31",
    record="device",
    population="in_base",
    start="the day on which the device was taken",
    ends=("examined", "days_to_examined"),
    open_on=OPEN_ON,
    competing=((CLOSED_FIRST, "days_to_closed"),),
    seen="days_seen",
    known="examined_known",
    excluding={CANCELLED: "cancelled"},
    better="lower",
    limits="How much of the time lay with a laboratory, and whether the device held anything.",
    assumptions="Events with the number of the item. Without the day on which it was taken, the wait is not known.",
    graded=False,
    needs=("exhibits", "crimes.cancelled_at", "events.device_seized", "events.device_examined"),
    split="when_reported",
    examples=(
        ({**_DEVICE, "days_to_examined": 200}, "examined"),
        ({**_DEVICE, "days_to_closed": 100}, CLOSED_FIRST),
        (_DEVICE, "still waiting"),
        ({**_DEVICE, "days_seen": None}, "not known"),
        ({**_DEVICE, "examined_known": False}, "not known"),
        ({**_DEVICE, "cancelled": True}, "left out: crime_cancelled"),
        ({**_DEVICE, "in_base": False}, "outside"),
    ),
)
_RELEASED: Mapping[str, object] = {
    "in_base": True, "under_investigation": True, "decided_known": True, "cancelled": False, "transferred": False,
    "when_reported": "child when reported", "days_to_decided": None, "days_seen_since_release": 300,
}  # fmt: skip
released_to_decision = Wait(
    key="released_to_decision",
    title="From a release under investigation to a decision",
    question="How long after a suspect's release under investigation is there a decision?",
    why="A release under investigation has no limit and no conditions: nothing keeps the suspect from the child.",
    line="responses",
    asks="Q30",
    record="pursuit",
    population="in_base and under_investigation",
    start="the day on which the suspect was first released under investigation",
    ends=("decided", "days_to_decided"),
    seen="days_seen_since_release",
    known="decided_known",
    excluding={CANCELLED: "cancelled", TRANSFERRED: "transferred"},
    better="lower",
    limits="Whether bail with conditions could have been used instead, and what was decided.",
    assumptions="A charge, a decision on the file, or a decision of no further action against this suspect.",
    standard=("rui",),
    graded=False,
    needs=(
        "crimes.cancelled_at", "crimes.transferred_to_force", "events.suspect_rui", "events.suspect_charged",
        "events.charge_decision", "events.suspect_nfa_decided",
    ),
    split="when_reported",
    examples=(
        ({**_RELEASED, "days_to_decided": 180}, "decided"),
        (_RELEASED, "still waiting"),
        ({**_RELEASED, "decided_known": False}, "not known"),
        ({**_RELEASED, "cancelled": True}, "left out: crime_cancelled"),
        ({**_RELEASED, "transferred": True}, "left out: crime_transferred_to_another_force"),
        ({**_RELEASED, "under_investigation": False}, "outside"),
    ),
)  # fmt: skip
_REFERRAL: Mapping[str, object] = {
    "in_base": True, "direction": "in", "answer_known": True, "days_to_answered": None, "days_seen": 60,
}  # fmt: skip
referral_to_answer = Wait(
    key="referral_to_answer",
    title="From a partner's referral to the answer",
    question="How long does it take the police to answer a referral about a child from a partner?",
    why="A school that waits a month for an answer learns not to ask.",
    line="responses",
    asks="Q45",
    record="referral",
    population="in_base and direction = 'in'",
    start="the day on which the referral reached the police",
    ends=("answered", "days_to_answered"),
    seen="days_seen",
    known="answer_known",
    better="lower",
    limits="Whether the answer was right, and whether anything was done.",
    assumptions="Days as entered.",
    graded=False,
    needs=("referrals.answered_at",),
    examples=(
        ({**_REFERRAL, "days_to_answered": 3}, "answered"),
        (_REFERRAL, "still waiting"),
        ({**_REFERRAL, "answer_known": False}, "not known"),
        ({**_REFERRAL, "in_base": None}, "not known if counted"),
        ({**_REFERRAL, "direction": "out"}, "outside"),
    ),
)

FORMS = (
    report_to_account,
    report_to_arrest,
    report_to_early_advice,
    report_to_file,
    report_to_closure,
    device_to_examined,
    released_to_decision,
    referral_to_answer,
)
