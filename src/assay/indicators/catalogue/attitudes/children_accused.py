"""How many children known as victims are also recorded as suspects, and with which outcomes?

A child who was made to carry, to steal or to bring another child along can be recorded as an offender, and the record
stays with them for life. The indicators check whether exploitation was considered first for each such crime with an
outcome; offences and outcomes are counted.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Count, Indicator
from assay.indicators.exclusion_reasons import CANCELLED, STILL_OPEN, TRANSFERRED

_EXCLUSIONS = {CANCELLED: "cancelled", TRANSFERRED: "transferred"}
_CHILD: Mapping[str, object] = {"in_base": True, "marked": True, "suspect_too": False, "unconsidered": False}
_ACCUSED: Mapping[str, object] = {
    "in_base": True,
    "child_at_offence": True,
    "victim_then": True,
    "known_as_victim": True,
    "cancelled": False,
    "transferred": False,
    "pending": False,
    "considered_first": True,
    "outcome_family": "out_of_court",
    "offence_family": "other",
}
_CHILD_VICTIM_POPULATION = "in_base and child_at_offence and victim_then"
_LEANS = (
    "Record linkage within one force; and the window of exploitation of a child who was a victim or bears a "
    "flag: from the first known sign (crime, report, flag, missing episode, referral) to a year after the last."
)

children_also_suspects = Indicator(
    key="children_also_suspects",
    title="Exploited children who are suspected of an offence too",
    question="How many children with marked exploitation are named as suspects within their window of exploitation?",
    why="Victims were given criminal records for what they had been made to do.",
    line="attitudes",
    asks="Q4",
    record="victim_as_child",
    population="in_base and marked",
    met="suspect_too",
    better="lower",
    limits="Whether the child did it, whether they were made to, what another force holds of them. "
    "Exploited children whom nobody marked are not in it.",
    assumptions=_LEANS,
    graded=False,
    needs=("involvements", "flags", "crimes.scope_reason"),
    examples=(
        (_CHILD, "not met"),
        ({**_CHILD, "suspect_too": True}, "met"),
        ({**_CHILD, "suspect_too": None}, "not known"),
        ({**_CHILD, "marked": False}, "outside"),
        ({**_CHILD, "in_base": False}, "outside"),
        ({**_CHILD, "in_base": None}, "not known if counted"),
    ),
)
children_accused_unconsidered = Indicator(
    key="children_accused_unconsidered",
    title="Exploited children whose own case was decided without considering their exploitation",
    question="For how many children with marked exploitation was an offence of theirs decided without considering "
    "exploitation first?",
    why="It counts, among all children known to be exploited, those with a decision made without considering it.",
    line="attitudes",
    asks="Q4 Q5",
    record="victim_as_child",
    population="in_base and marked",
    met="unconsidered",
    better="lower",
    limits="Whether the decision was right, and what was considered and never entered.",
    assumptions=f"{_LEANS} A consideration that stands on no record is taken as none where every such step was sent.",
    graded=False,
    needs=("involvements", "flags", "crimes.scope_reason", "events.exploitation_considered", "crimes.outcome_code"),
    examples=(
        (_CHILD, "not met"),
        ({**_CHILD, "suspect_too": True}, "not met"),
        ({**_CHILD, "suspect_too": True, "unconsidered": True}, "met"),
        ({**_CHILD, "unconsidered": None}, "not known"),
        ({**_CHILD, "marked": False}, "outside"),
        ({**_CHILD, "in_base": False}, "outside"),
        ({**_CHILD, "in_base": None}, "not known if counted"),
    ),
)
exploitation_considered_first = Indicator(
    key="exploitation_considered_first",
    title="Exploitation considered before a child victim's own case was decided",
    question="Where a child known as a victim was a suspect, was exploitation considered before the decision?",
    why="The law gives a child who was made to offend a defence and a way to support, if somebody considers it.",
    line="attitudes",
    asks="Q5",
    record="child_suspect",
    population=f"{_CHILD_VICTIM_POPULATION} and known_as_victim",
    excluding={**_EXCLUSIONS, STILL_OPEN: "pending"},
    met="considered_first",
    better="higher",
    limits="How well it was considered, and whether the decision was right: that is for the case file.",
    assumptions=f"{_LEANS} A referral as a possible victim of slavery counts as considered; one day for both counts "
    "too.",
    graded=False,
    needs=("involvements", "flags", "events.exploitation_considered", "crimes.outcome_code"),
    examples=(
        (_ACCUSED, "met"),
        ({**_ACCUSED, "considered_first": False}, "not met"),
        ({**_ACCUSED, "considered_first": None}, "not known"),
        ({**_ACCUSED, "pending": True}, "left out: still_open"),
        ({**_ACCUSED, "cancelled": True}, "left out: crime_cancelled"),
        ({**_ACCUSED, "transferred": True}, "left out: crime_transferred_to_another_force"),
        ({**_ACCUSED, "known_as_victim": False}, "outside"),
        ({**_ACCUSED, "victim_then": False}, "outside"),
        ({**_ACCUSED, "child_at_offence": None}, "not known if counted"),
    ),
)
children_accused = Count(
    key="children_accused",
    title="Crimes of which an exploited child is suspected, by outcome and offence",
    question="Which offences are exploited children suspected of, and what was the outcome?",
    why="A charge, a caution and a community resolution all stay on a child's record; support does not have to.",
    line="attitudes",
    asks="Q4",
    record="child_suspect",
    population=f"{_CHILD_VICTIM_POPULATION} and not cancelled",
    definitions={
        "accused": "in_base",
        "accused_charged": "outcome_family = 'charged'",
        "accused_out_of_court": "outcome_family = 'out_of_court'",
        "accused_no_action": "outcome_family <> 'charged' and outcome_family <> 'out_of_court' and not pending",
        "accused_open": "pending",
        "accused_sexual": "offence_family <> 'other'",
        "accused_other": "offence_family = 'other'",
    },
    breakdown_titles={
        "accused": ("All", "Every crime of which an exploited child is suspected within their window."),
        "accused_charged": ("Charged", "A charge or summons stands against the child."),
        "accused_out_of_court": ("Dealt with out of court", "A caution, a resolution, a penalty or a diversion."),
        "accused_no_action": ("No further action", "It ended in another way."),
        "accused_open": ("Still open", "It has no outcome yet."),
        "accused_sexual": ("Offences on the lists of child offences", "Sexual offences, and soliciting."),
        "accused_other": ("Other offences", "Whatever is on no list of offences against children."),
    },
    limits="Whether the child was made to offend.",
    assumptions=f"{_LEANS} Outcomes and offences overlap: they do not add up.",
    needs=("involvements", "crimes.outcome_code", "crimes.cancelled_at"),
    examples=(
        (_ACCUSED, ("accused", "accused_out_of_court", "accused_other")),
        ({**_ACCUSED, "outcome_family": "charged", "offence_family": "rape"},
         ("accused", "accused_charged", "accused_sexual")),
        ({**_ACCUSED, "outcome_family": "prevented"}, ("accused", "accused_no_action", "accused_other")),
        ({**_ACCUSED, "outcome_family": "pending", "pending": True}, ("accused", "accused_open", "accused_other")),
        ({**_ACCUSED, "victim_then": False}, ()),
        ({**_ACCUSED, "cancelled": True}, ()),
    ),
)  # fmt: skip
orders_on_children = Count(
    key="orders_on_children",
    title="Orders, warnings and powers used on children",
    question="Which orders, warnings and powers were used on children, and do they count against the child?",
    why="A warning to the child, or a locked room, burdens the child for what somebody else did.",
    line="attitudes",
    asks="Q4 Q41",
    record="order_on_child",
    population="in_base",
    definitions={
        "on_child": "in_base",
        "on_child_secure": "secure",
        "on_child_burdens": "burdens and not secure",
        "on_child_protects": "not burdens",
    },
    breakdown_titles={
        "on_child": ("All", "Every order, warning, notice or power that was used on a child."),
        "on_child_secure": ("Secure placements", "The child was placed in secure accommodation."),
        "on_child_burdens": ("Warnings and orders against the child", "It holds something against the child."),
        "on_child_protects": ("Protection", "Police protection, emergency protection, recovery, forced marriage."),
    },
    limits="Whether it kept the child safe, and whether the child understood it as help or as punishment.",
    assumptions="On whom each order was served, as the force entered it. Another organisation may have applied for it.",
    needs=("orders.served_on",),
    examples=(
        ({"in_base": True, "secure": True, "burdens": True}, ("on_child", "on_child_secure")),
        ({"in_base": True, "secure": False, "burdens": True}, ("on_child", "on_child_burdens")),
        ({"in_base": True, "secure": False, "burdens": False}, ("on_child", "on_child_protects")),
        ({"in_base": False, "secure": False, "burdens": False}, ()),
    ),
)

FORMS = (
    children_also_suspects,
    children_accused_unconsidered,
    exploitation_considered_first,
    children_accused,
    orders_on_children,
)
