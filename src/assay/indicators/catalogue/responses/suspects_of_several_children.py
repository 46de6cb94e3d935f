"""Was action taken on each named suspect of offences against two or more children?"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator

_PERSON: Mapping[str, object] = {"in_base": True, "several_children": True, "acted_on": True}

several_children_acted_on = Indicator(
    key="several_children_acted_on",
    title="Suspects of offences against two or more children who were arrested, charged or put under an order",
    question="How many named suspects of offences against two or more children were arrested, charged or under order?",
    why="Reviews of closed cases found many men, named again and again by different children, of whom nobody had "
    "asked a question.",
    line="responses",
    asks="Q35",
    record="suspected_person",
    population="in_base and several_children",
    met="acted_on",
    better="higher",
    limits="Voluntary interviews, and why nothing was done: some suspects are children themselves, or have died.",
    leans_on="Who is the same person; arrests and charges as events that name the suspect, outcomes against the "
    "suspect, and orders and warnings that name them.",
    graded=False,
    needs=(
        "involvements",
        "orders.served_on",
        "orders.person_ref",
        "events.suspect_arrested",
        "events.suspect_charged",
    ),
    examples=(
        (_PERSON, "met"),
        ({**_PERSON, "acted_on": False}, "not met"),
        ({**_PERSON, "acted_on": None}, "not known"),
        ({**_PERSON, "several_children": False}, "outside"),
        ({**_PERSON, "several_children": None}, "not known if counted"),
        ({**_PERSON, "in_base": False}, "outside"),
    ),
)

FORMS = (several_children_acted_on,)
