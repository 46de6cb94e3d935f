"""Was the child heard, and whose cases are closed under the official label "victim not supporting"?

"Victim not supporting" can be the decision of a child who was asked and helped, or of a child whom nobody reached. The
records show the circumstances; only the case file shows the reason.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Count, Indicator
from assay.indicators.exclusion_reasons import CANCELLED, STILL_OPEN, TRANSFERRED

_EXCLUSIONS = {CANCELLED: "cancelled", TRANSFERRED: "transferred"}
_LEAVING = ("crimes.outcome_code", "crimes.cancelled_at", "crimes.transferred_to_force")
_VICTIM: Mapping[str, object] = {
    "in_base": True,
    "cancelled": False,
    "transferred": False,
    "pending": False,
    "unsupported": True,
    "account_recorded": True,
    "in_care": False,
    "disabled": False,
    "went_missing": False,
    "suspect_too": False,
    "circumstance_known": False,
}
_SHARED_EXAMPLES = (
    ({**_VICTIM, "pending": True}, "left out: still_open"),
    ({**_VICTIM, "cancelled": True}, "left out: crime_cancelled"),
    ({**_VICTIM, "transferred": True}, "left out: crime_transferred_to_another_force"),
    ({**_VICTIM, "in_base": False}, "outside"),
    ({**_VICTIM, "pending": None}, "not known if counted"),
)

childs_account_recorded = Indicator(
    key="childs_account_recorded",
    title="An account of the child on record before the case ended",
    question="For how many children whose case has an outcome is an account, or a recorded interview, on record?",
    why="A case that ends without the child's account ends without hearing the person who was harmed.",
    line="attitudes",
    asks="Q7",
    record="child_victim",
    population="in_base",
    excluding={**_EXCLUSIONS, STILL_OPEN: "pending"},
    met="account_recorded",
    better="higher",
    limits="Whether the child was understood, what they wanted, and whether anybody acted on it: see the case files.",
    assumptions="Accounts and recorded interviews as events that name the child. A child who did not wish to speak "
    "counts as not met.",
    graded=False,
    needs=("involvements", "events.account_taken", "events.abe_interview_done", *_LEAVING),
    examples=(
        (_VICTIM, "met"),
        ({**_VICTIM, "account_recorded": False}, "not met"),
        ({**_VICTIM, "account_recorded": None}, "not known"),
        *_SHARED_EXAMPLES,
    ),
)
closed_without_support = Indicator(
    key="closed_without_support",
    title="Children's cases closed: victim not supporting (official label)",
    question="How many children's cases with an outcome were closed: victim not supporting (official label)?",
    why="Victims stop supporting a case if nobody keeps in touch. A force that differs much from the others should "
    "say why.",
    line="attitudes",
    asks="Q6",
    record="child_victim",
    population="in_base",
    excluding={**_EXCLUSIONS, STILL_OPEN: "pending"},
    met="unsupported",
    better="lower",
    limits="Why support ended, who said so, and whether the child was asked: the case file holds it.",
    assumptions="Outcomes 14 and 16 as they stand. A case with several children is counted for each of them.",
    graded=False,
    needs=("involvements", *_LEAVING),
    examples=(
        (_VICTIM, "met"),
        ({**_VICTIM, "unsupported": False}, "not met"),
        ({**_VICTIM, "unsupported": None}, "not known"),
        *_SHARED_EXAMPLES,
    ),
)
unsupported_by_circumstance = Count(
    key="unsupported_by_circumstance",
    title="Closed: victim not supporting (official label), by what is on record of the child",
    question="What is on record of the children whose cases were closed: victim not supporting (official label)?",
    why="A child who is in care, disabled, missing or accused needs more help to stay with a case, not less.",
    line="attitudes",
    asks="Q6",
    record="child_victim",
    population="in_base and unsupported and not cancelled",
    definitions={
        "unsupported": "in_base",
        "unsupported_in_care": "in_care",
        "unsupported_disabled": "disabled",
        "unsupported_missing": "went_missing",
        "unsupported_accused": "suspect_too",
        "unsupported_nothing": "not circumstance_known",
    },
    breakdown_titles={
        "unsupported": ("All", "Every child's case closed: victim not supporting (official label)."),
        "unsupported_in_care": ("In care", "The child is on record as looked after."),
        "unsupported_disabled": ("Disabled", "A disability or a long illness is on record."),
        "unsupported_missing": ("Missing", "The child went missing in the 90 days before the decision."),
        "unsupported_accused": ("Suspected too", "The child is also suspected of an offence in their window."),
        "unsupported_nothing": ("None of these on record", "Nothing was found, or nobody asked."),
    },
    limits="What is not on record. Whether the circumstance had anything to do with the end.",
    assumptions="Care and disability as entered, and missing episodes of the same person. The counts overlap.",
    needs=("involvements", "crimes.outcome_code", "crimes.cancelled_at"),
    examples=(
        (_VICTIM, ("unsupported", "unsupported_nothing")),
        ({**_VICTIM, "in_care": True, "went_missing": True, "circumstance_known": True},
         ("unsupported", "unsupported_in_care", "unsupported_missing")),
        ({**_VICTIM, "disabled": True, "suspect_too": True, "circumstance_known": True},
         ("unsupported", "unsupported_disabled", "unsupported_accused")),
        ({**_VICTIM, "unsupported": False}, ()),
    ),
)  # fmt: skip

FORMS = (childs_account_recorded, closed_without_support, unsupported_by_circumstance)
