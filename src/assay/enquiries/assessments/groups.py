"""Does the force know the groups that its own records show?"""

from __future__ import annotations

from collections.abc import Mapping

from assay.measure import Indicator

_GROUP: Mapping[str, object] = {
    "in_base": True,
    "tied_by": "crimes",
    "named_suspects": 2,
    "child_victim": True,
    "marked": True,
    "held": True,
}

found_groups_held = Indicator(
    key="found_groups_held",
    title="Groups in the records that the force has mapped",
    question="How many groups that exploit children, and that the records show, are on the force's own list of groups?",
    why="The inquiry found no force that knew the networks in its area: some denied groups against their own records.",
    line="assessments",
    asks="Q12",
    record="found_group",
    # By crimes alone: no force can have missed that the suspects of one crime know one another. Named: only they have
    # a number by which they could be on a list.
    population="in_base and tied_by = 'crimes' and named_suspects >= 2 and child_victim and marked",
    met="held",
    better="higher",
    limits="Whether a mapped group is worked on, and groups whose crimes nobody marked or whose suspects nobody named.",
    leans_on="Who is the same person. A group is on the list if two of its suspects are offenders or helpers in one "
    "group there; one found in the last weeks may not be mapped yet.",
    graded=False,
    needs=("groups", "group_members", "involvements", "crimes.cancelled_at"),
    examples=(
        (_GROUP, "met"),
        ({**_GROUP, "held": False}, "not met"),
        ({**_GROUP, "held": None}, "not known"),
        ({**_GROUP, "tied_by": "anything"}, "outside"),
        ({**_GROUP, "named_suspects": 1}, "outside"),
        ({**_GROUP, "marked": False}, "outside"),
        ({**_GROUP, "marked": None}, "not known if counted"),
        ({**_GROUP, "child_victim": None}, "not known if counted"),
        ({**_GROUP, "in_base": False}, "outside"),
    ),
)

FORMS = (found_groups_held,)
