"""Does the force know the groups that its own records show?"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator

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

_FORCE: Mapping[str, object] = {"body_kind": "territorial", "groups_shown": 3}

groups_not_denied = Indicator(
    key="groups_not_denied",
    title="Groups not denied where the records show some",
    question="How many forces whose records show groups that exploit children say that there are none?",
    why="The inquiry heard forces deny groups that their own records showed: nobody looks for what is denied.",
    line="assessments",
    asks="Q12",
    record="force",
    population="body_kind = 'territorial' and groups_shown >= 1",
    met="not denies_groups",
    better="higher",
    limits="How many groups there are, and whether the force knows these: see how many it has mapped.",
    leans_on="Who is the same person; marks of exploitation; what the force said last of groups, and its latest "
    "problem profile. A denial may be older than the crimes.",
    graded=False,
    needs=("claims", "involvements", "crimes.cancelled_at"),
    examples=(
        ({**_FORCE, "denies_groups": False}, "met"),
        ({**_FORCE, "denies_groups": True}, "not met"),
        ({**_FORCE, "denies_groups": None}, "not known"),
        ({**_FORCE, "groups_shown": 0, "denies_groups": True}, "outside"),
        ({**_FORCE, "groups_shown": None, "denies_groups": True}, "not known if counted"),
        ({**_FORCE, "body_kind": "transport", "denies_groups": True}, "outside"),
    ),
)

FORMS = (found_groups_held, groups_not_denied)
