"""Does the force know its problem: is its problem profile current, with a section on groups?"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator

_CURRENT: Mapping[str, object] = {"body_kind": "territorial", "profile_current_with_groups": True}

problem_profile_current = Indicator(
    key="problem_profile_current",
    title="Problem profile younger than 12 months, with a section on groups",
    question="How many forces have a problem profile younger than 12 months, with a section on groups?",
    why="A force that has not looked does not know: the inquiry found forces without a profile that knew of no groups.",
    line="assessments",
    asks="Q10",
    record="force",
    population="body_kind = 'territorial'",
    met="profile_current_with_groups",
    better="higher",
    limits="Whether the profile is any good, whether partners' data are in it, and whether anybody acts on it.",
    leans_on="Its date and contents as the force states them; the profile itself is read by inspectors.",
    standard=("profile12",),
    needs=("profiles",),
    examples=(
        (_CURRENT, "met"),
        ({**_CURRENT, "profile_current_with_groups": False}, "not met"),
        ({**_CURRENT, "profile_current_with_groups": None}, "not known"),
        ({**_CURRENT, "body_kind": "transport"}, "outside"),
        ({**_CURRENT, "body_kind": None}, "not known if counted"),
    ),
)


def _latest_profile_indicator(
    column: str, title: str, question: str, why: str, asks: str, limits: str, leans_on: str, needs: tuple[str, ...]
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
        leans_on=leans_on,
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
            f"The fewest and the most {noun} that any definition finds for the days of the profile: at least "
            f"{lower_bound}, at "
            f"most {upper_bound}, an entry without a person each another one, and a quarter beyond; a profile of days "
            "that the return does not cover, or of which it holds only some crimes, is not known."
        ),
        (f"profiles.claimed_{noun}", "crimes", "flags", "involvements"),
    )


profile_crimes_fit = _latest_profile_indicator(
    "profile_crimes_fit",
    "Problem profile whose crimes fit the records",
    "How many forces' latest problem profile counts as many crimes as their records hold for the same days, under one "
    "definition or another?",
    "A profile whose figures cannot be found in the records was made from something else.",
    "Q11",
    "Which definition the profile meant, and whether the records were corrected since.",
    "The fewest and the most crimes that any definition finds for the days of the profile, and a quarter beyond; a "
    "profile of days that the return does not cover, or of which it holds only some crimes, is not known.",
    ("profiles.claimed_crimes", "crimes", "flags", "involvements"),
)

profile_children_fit = _count_fit_indicator(
    "children", "those who were surely under 18", "all victims of whom it is not known that they were not"
)
profile_suspects_fit = _count_fit_indicator("suspects", "those who are named", "everybody who is entered as one")

FORMS = (
    problem_profile_current, profile_uses_partners_data, profile_covers_a_year, profile_crimes_fit,
    profile_children_fit, profile_suspects_fit,
)  # fmt: skip
