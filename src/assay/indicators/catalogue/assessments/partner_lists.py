"""Do the police know the children on partners' lists?"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator

_CHILD: Mapping[str, object] = {"as_listed": True, "as_victim": True, "as_missing": False}

listed_child_known = Indicator(
    key="listed_child_known",
    title="Children on a partner's list whom the police know",
    question="Of the children on partners' lists, how many stand in police records as a victim or as missing?",
    why="A child whom social workers or teachers list, and of whom the police hold nothing, is protected by half of "
    "those who should. One inquiry area was rich in information that nobody put together.",
    line="assessments",
    asks="Q24",
    record="roles_of_person",
    population="as_listed",
    met="as_victim or as_missing",
    better="neither",
    limits="Whether the police should know the child: a list may be of children of whom no crime is known.",
    leans_on="Who is the same person across the lists, and which days and children each list covers. Intelligence is "
    "not part of the return.",
    graded=False,
    needs=("agencies", "involvements", "missing"),
    examples=(
        (_CHILD, "met"),
        ({**_CHILD, "as_victim": False, "as_missing": True}, "met"),
        ({**_CHILD, "as_victim": False}, "not met"),
        ({**_CHILD, "as_victim": None}, "not known"),
        ({**_CHILD, "as_listed": None}, "not known if counted"),
        ({**_CHILD, "as_listed": False}, "outside"),
    ),
)

FORMS = (listed_child_known,)
