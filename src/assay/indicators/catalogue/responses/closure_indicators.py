"""What had been done when a crime was closed without a charge or other action against anyone?

Reviews of closed cases found lines of enquiry that were raised and not followed, and known suspects who were never
interviewed. A case that fails one of these indicators should be read again; only a reader can find whether it was
closed wrongly.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator
from assay.indicators.exclusion_reasons import CANCELLED, PREVENTED, RECENT, TRANSFERRED
from assay.indicators.indicator_examples import share_examples

_EXCLUSIONS = {CANCELLED: "cancelled", TRANSFERRED: "transferred"}
_LEFT = {CANCELLED: {"cancelled": True}, TRANSFERRED: {"transferred": True}}
_CLOSED: Mapping[str, object] = {
    "in_base": True,
    "closed_no_further": True,
    "named_suspect": True,
    "line_raised": True,
    "several_suspects": False,
    "outcome_family": "evidential_victim_supports",
    "cancelled": False,
    "transferred": False,
}
_NEEDS = ("crimes.outcome_code", "crimes.closed_at", "crimes.cancelled_at", "crimes.transferred_to_force")

_LINES_LIMITS = "Whether the right lines were raised, and whether a line that was ended was followed well."
_LINES_LEAN_ON = "Lines of enquiry as entered; a line that was ended as not needed or not possible is ended."
_LINES_NEED = ("events.line_of_enquiry_raised", "events.line_of_enquiry_closed", "involvements")


def _closed(
    key: str,
    *,
    title: str,
    question: str,
    why: str,
    asks: str,
    met: str,
    limits: str,
    assumptions: str,
    needs: tuple[str, ...],
    also: str = "",
    excluding: Mapping[str, str] | None = None,
    left: Mapping[str, Mapping[str, object]] | None = None,
    example_row: Mapping[str, object] | None = None,
) -> Indicator:
    return Indicator(
        key=key,
        title=title,
        question=question,
        why=why,
        line="responses",
        asks=asks,
        record="investigation",
        population=f"in_base and closed_no_further{also}",
        excluding={**_EXCLUSIONS, **(excluding or {})},
        met=met,
        better="higher",
        limits=limits,
        assumptions=assumptions,
        graded=False,
        needs=(*_NEEDS, *needs),
        examples=share_examples(
            {**_CLOSED, **(example_row or {})},
            met,
            outside={"closed_no_further": False},
            unknown={"closed_no_further": None},
            excluding={**_LEFT, **(left or {})},
        ),
    )


suspect_met_before_closing = _closed(
    "suspect_met_before_closing",
    title="A suspect was arrested or interviewed before the crime was closed",
    question="In how many crimes with a named suspect that were closed with no further action was anybody arrested or "
    "interviewed before?",
    why="A case closed before the suspect was asked anything was closed without one side of the evidence.",
    asks="Q37",
    also=" and named_suspect",
    met="suspect_met_first",
    excluding={PREVENTED: "outcome_family = 'prevented'"},
    left={PREVENTED: {"outcome_family": "prevented"}},
    limits="Whether there was enough reason to ask, and why it was not done: inspectors read that in the file.",
    assumptions="Arrests and interviews as events on the crime; a talk that was not under caution is not among them.",
    needs=("involvements.suspect_known_as", "events.suspect_arrested", "events.suspect_interviewed_under_caution"),
)
lines_ended_before_closing = _closed(
    "lines_ended_before_closing",
    title="Every line of enquiry was ended before a crime of one suspect, or of none, was closed",
    question="In how many crimes with at most one suspect that were closed with no further action had every line of "
    "enquiry that was raised been ended?",
    why="A line of enquiry that was raised and not ended is a question that somebody asked and nobody answered.",
    asks="Q37",
    also=" and line_raised and not several_suspects",
    met="lines_ended",
    limits=_LINES_LIMITS,
    assumptions=_LINES_LEAN_ON,
    needs=_LINES_NEED,
)
group_lines_ended_before_closing = _closed(
    "group_lines_ended_before_closing",
    title="Every line of enquiry was ended before a crime of two or more suspects was closed",
    question="In how many crimes with two or more suspects that were closed with no further action had every line of "
    "enquiry that was raised been ended?",
    why="Crimes of several suspects are few among all that are closed: a line that is left open in them would be lost "
    "in the share of all crimes.",
    asks="Q37 Q38",
    also=" and line_raised and several_suspects",
    met="lines_ended",
    example_row={"several_suspects": True},
    limits=f"{_LINES_LIMITS} Whether the suspects acted together.",
    assumptions=f"{_LINES_LEAN_ON} Suspects as entered on the crime or stated of it, known by name or not.",
    needs=_LINES_NEED,
)
reviewed_before_closing = _closed(
    "reviewed_before_closing",
    title="A supervisor reviewed the crime before it was closed",
    question="In how many crimes closed with no further action is a supervisor's review on record before the closing?",
    why="The review before closing is the last chance to notice a missed line of enquiry.",
    asks="Q34",
    met="reviewed",
    limits="Whether the review looked at anything, and whether its direction was followed.",
    assumptions="Reviews as entered in the log.",
    needs=("events.supervisor_review",),
)
planned_before_closing = _closed(
    "planned_before_closing",
    title="There was an investigation plan",
    question="In how many crimes closed with no further action had a written investigation plan been entered?",
    why="Without a plan nobody can say afterwards what was meant to be done.",
    asks="Q34",
    met="planned",
    limits="Whether the plan was good, and whether it was set again when a child or a suspect was found.",
    assumptions="Plans as entered in the log.",
    needs=("events.investigation_plan_set",),
)
_OPEN_TOO: Mapping[str, object] = {
    "in_base": True, "named_suspect": True, "cancelled": False, "transferred": False, "recent_and_open": False,
}  # fmt: skip
early_advice_sought = Indicator(
    key="early_advice_sought",
    title="Early advice of the prosecutor was sought",
    question="In how many crimes with a named suspect did the police ask the prosecutor for early advice?",
    why="The inquiry found early advice little used: cases were built, or given up, without it.",
    line="responses",
    asks="Q40",
    record="investigation",
    population="in_base and named_suspect",
    excluding={**_EXCLUSIONS, RECENT: "recent_and_open"},
    met="early_advice",
    better="higher",
    limits="Whether this case called for advice, and what the advice was.",
    assumptions="Requests as events on the crime; advice that was asked for by telephone may not be entered.",
    graded=False,
    needs=(
        "crimes.reported_at|report_crimes", "crimes.outcome_code", "crimes.closed_at", "crimes.cancelled_at",
        "crimes.transferred_to_force", "involvements.suspect_known_as", "events.early_advice_requested",
    ),
    examples=share_examples(
        _OPEN_TOO,
        "early_advice",
        outside={"named_suspect": False},
        unknown={"named_suspect": None},
        excluding={**_LEFT, RECENT: {"recent_and_open": True}},
    ),
)  # fmt: skip
lead_accredited = Indicator(
    key="lead_accredited",
    title="The lead investigator was accredited for such work",
    question="In how many crimes was the lead investigator accredited for child abuse or exploitation work?",
    why="The inspection of 2023 found that cases led by others were more often missed or poorly run.",
    line="responses",
    asks="Q32",
    record="investigation",
    population="in_base",
    excluding=_EXCLUSIONS,
    met="lead_trained",
    better="higher",
    limits="Whether the work was better for it: harder cases go to those who are trained.",
    assumptions="What the force holds of accreditation at extraction or closing.",
    graded=False,
    needs=("crimes.lead_trained", "crimes.cancelled_at", "crimes.transferred_to_force"),
    examples=share_examples(
        {"in_base": True, "cancelled": False, "transferred": False},
        "lead_trained",
        outside={"in_base": False},
        unknown={"in_base": None},
        excluding=_LEFT,
    ),
)

FORMS = (
    suspect_met_before_closing,
    lines_ended_before_closing,
    group_lines_ended_before_closing,
    reviewed_before_closing,
    planned_before_closing,
    early_advice_sought,
    lead_accredited,
)
