"""Does the force know its local problem: is its profile current, are groups known, and can records be searched?"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator
from assay.indicators.exclusion_reasons import NOT_IN_FORCE
from assay.indicators.indicator_examples import share_examples

_CURRENT: Mapping[str, object] = {
    "body_kind": "territorial",
    "profile_standard_in_force": True,
    "profile_current_with_groups": True,
}

problem_profile_current = Indicator(
    key="problem_profile_current",
    title="Problem profile younger than 12 months, with a section on groups",
    question="How many forces have a problem profile younger than 12 months, with a section on groups?",
    why="The inquiry found forces without a problem profile that knew of no groups.",
    line="assessments",
    asks="Q10",
    record="force",
    population="body_kind = 'territorial'",
    met="profile_current_with_groups",
    better="higher",
    limits="Whether the profile is any good, whether partners' data are in it, and whether anybody acts on it.",
    assumptions="Its date and contents as the force states them; the profile itself is read by inspectors.",
    standard=("profile12",),
    excluding={NOT_IN_FORCE: "not profile_standard_in_force"},
    needs=("profiles",),
    examples=(
        (_CURRENT, "met"),
        ({**_CURRENT, "profile_standard_in_force": False}, "left out: standard_not_in_force_then"),
        ({**_CURRENT, "profile_standard_in_force": None}, "not known if counted"),
        ({**_CURRENT, "profile_current_with_groups": False}, "not met"),
        ({**_CURRENT, "profile_current_with_groups": None}, "not known"),
        ({**_CURRENT, "body_kind": "transport"}, "outside"),
        ({**_CURRENT, "body_kind": None}, "not known if counted"),
    ),
)


def _latest_profile_indicator(
    column: str, title: str, question: str, why: str, asks: str, limits: str, assumptions: str, needs: tuple[str, ...]
) -> Indicator:
    row: Mapping[str, object] = {"body_kind": "territorial", column: True}
    return Indicator(
        key=column,
        title=title,
        question=question,
        why=why,
        line="assessments",
        asks=asks,
        record="force",
        population="body_kind = 'territorial'",
        met=column,
        better="higher",
        limits=limits,
        assumptions=assumptions,
        graded=False,
        needs=("profiles", *needs),
        examples=(
            (row, "met"),
            ({**row, column: False}, "not met"),
            ({**row, column: None}, "not known"),
            ({**row, "body_kind": "transport"}, "outside"),
            ({**row, "body_kind": None}, "not known if counted"),
        ),
    )


profile_uses_partners_data = _latest_profile_indicator(
    "profile_uses_partners_data",
    "Problem profile made with partners' data",
    "How many forces' latest problem profile uses data of a partner?",
    "Police records alone show the children whom the police already know.",
    "Q10",
    "How good the partners' data were, and what was made of them.",
    "The sources that the force names for the profile that it published last.",
    ("profile_sources",),
)
profile_covers_a_year = _latest_profile_indicator(
    "profile_covers_a_year",
    "Problem profile that rests on 12 months of data or more",
    "How many forces' latest problem profile rests on at least 12 months of data?",
    "The inquiry found a profile made from three months: a snapshot that could not show a network.",
    "Q11",
    "Whether the data of those months were whole.",
    "The days that the force names.",
    ("profiles.data_from", "profiles.data_to"),
)


def _count_fit_indicator(noun: str, lower_bound: str, upper_bound: str) -> Indicator:
    return _latest_profile_indicator(
        f"profile_{noun}_fit",
        f"Problem profile whose count of {noun} fits the records",
        f"How many forces' latest problem profile counts as many {noun} as their records hold for the same days, under "
        "one definition or another?",
        f"A profile that counts other {noun} than the records hold describes a problem that nobody can find again.",
        "Q11",
        "Which definition the profile meant, whether it counted people or crimes, and whether the records were "
        "corrected since.",
        (
            f"The minimum and maximum number of {noun} under any definition for the days of the profile, with a margin "
            f"of a quarter. The minimum counts {lower_bound}, the maximum {upper_bound}; each entry without a person "
            "counts as one more. A profile of days that the return covers only in part is not known."
        ),
        (f"profiles.claimed_{noun}", "crimes", "flags", "involvements"),
    )


profile_crimes_fit = _latest_profile_indicator(
    "profile_crimes_fit",
    "Problem profile whose crimes fit the records",
    "How many forces' latest problem profile counts as many crimes as their records hold for the same days, under one "
    "definition or another?",
    "If the records do not give the figures of a profile, it was made from something else.",
    "Q11",
    "Which definition the profile meant, and whether the records were corrected since.",
    "The minimum and maximum number of crimes under any definition for the days of the profile, with a margin of a "
    "quarter. A profile of days that the return covers only in part is not known.",
    ("profiles.claimed_crimes", "crimes", "flags", "involvements"),
)

profile_children_fit = _count_fit_indicator(
    "children", "victims certainly under 18", "all victims who may have been under 18"
)
profile_suspects_fit = _count_fit_indicator("suspects", "named suspects", "every entry of a suspect")

FORMS = (
    problem_profile_current, profile_uses_partners_data, profile_covers_a_year, profile_crimes_fit,
    profile_children_fit, profile_suspects_fit,
)  # fmt: skip


# Can a force find its own records: are they in systems that can be searched?

tables_searchable = Indicator(
    key="tables_searchable",
    title="Records in systems that can be searched",
    question="Of the tables that a force sent, how many could it select by a query?",
    why="Records that cannot be searched are not found when a child is named again. The inquiry met records on "
    "paper, and systems that nobody could search.",
    line="assessments",
    asks="Q27",
    record="sent_table",
    population="in_base",
    met="searchable",
    better="higher",
    limits="Whether anybody searches, and what was not sent because it could not be found.",
    assumptions="The return manifest states it for each table. For a table that is searchable in part it is not known.",
    graded=False,
    needs=("crimes",),
    examples=share_examples(
        {"in_base": True, "searchable": True}, "searchable", outside={"in_base": False}, unknown={"in_base": None}
    ),
)

RECORD_SYSTEM_FORMS = (tables_searchable,)


# Does the force know the groups that its own records show?

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
    assumptions="Record linkage. A group is on the list if two of its suspects are offenders or helpers in one "
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
    assumptions="Record linkage; marks of exploitation; the latest statement of the force on groups, and its latest "
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

KNOWN_GROUP_FORMS = (found_groups_held, groups_not_denied)
