"""Lists of children: do police know the children on partners' lists, and do children removed from lists return?"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator, Wait
from assay.indicators.exclusion_reasons import NOT_YET_DUE

RETURNED_TO_NOTICE = "came to notice again"
_SPELL: Mapping[str, object] = {
    "in_base": True,
    "let_go": True,
    "removed": True,
    "lowered": True,
    "back_in_90": True,
    "back_in_180": True,
    "followed_90": True,
    "followed_180": True,
    "signs_known": True,
    "days_seen": 200,
}
_NEEDS = ("registers.ended_on", "registers.reason_ended", "crimes", "involvements", "missing", "referrals")
_WHY = (
    "Tiers ration services. A child who comes to notice again within weeks was removed too early, or for lack of "
    "places."
)
_LIMITS = "Why the child was let go, and whether what came to notice had to do with exploitation."
_LEANS = (
    "A crime against the child, a missing episode, or a referral to this force, on a later day. A child who has "
    "moved away may come to notice elsewhere, which is not counted here."
)


def _return_indicator(key: str, days: int, *, fact: str, title: str, question: str) -> Indicator:
    met, followed = f"back_in_{days}", f"followed_{days}"
    return Indicator(
        key=key,
        title=f"Came to notice again within {days} days of {title}",
        question=f"Of children {question}, how many came to notice again within {days} days?",
        why=_WHY,
        line="assessments",
        asks="Q14",
        record="list_spell",
        population=f"in_base and {fact}",
        # Whoever came to notice counts even where the time has not passed: leaving them out too would need to be
        # known of the others, so both wait until it has.
        excluding={NOT_YET_DUE: f"not {followed}"},
        met=met,
        better="lower",
        limits=_LIMITS,
        assumptions=_LEANS,
        graded=False,
        needs=_NEEDS,
        examples=(
            (_SPELL, "met"),
            ({**_SPELL, met: False}, "not met"),
            ({**_SPELL, met: None}, "not known"),
            ({**_SPELL, followed: False}, f"left out: {NOT_YET_DUE}"),
            ({**_SPELL, fact: None}, "not known if counted"),
            ({**_SPELL, fact: False}, "outside"),
            ({**_SPELL, "in_base": False}, "outside"),
        ),
    )


# A child who is moved down is still on the list, and ordinarily comes to notice more often than one who was removed.
# Counted together, the one would hide a rise in the other.
back_within_90_days, back_within_180_days = (
    _return_indicator(
        f"back_within_{days}_days", days, fact="removed", title="being taken off a list", question="taken off a list"
    )
    for days in (90, 180)
)
moved_down_back_within_90_days, moved_down_back_within_180_days = (
    _return_indicator(
        f"moved_down_back_within_{days}_days",
        days,
        fact="lowered",
        title="being moved to a lower tier",
        question="moved to a lower tier of a list",
    )
    for days in (90, 180)
)
let_go_to_next_sign = Wait(
    key="let_go_to_next_sign",
    title="From being let go to coming to notice again",
    question="How long is it from a child's being taken off a list or moved to a lower tier until they come to notice?",
    why=_WHY,
    line="assessments",
    asks="Q14",
    record="list_spell",
    population="in_base and let_go",
    start="the day on which the child left the list, or the tier",
    ends=(RETURNED_TO_NOTICE, "days_to_sign"),
    seen="days_seen",
    known="signs_known",
    better="neither",
    limits=_LIMITS,
    assumptions=_LEANS,
    graded=False,
    needs=_NEEDS,
    examples=(
        ({**_SPELL, "days_to_sign": 40}, RETURNED_TO_NOTICE),
        (_SPELL, "still waiting"),
        ({**_SPELL, "signs_known": False}, "not known"),
        ({**_SPELL, "let_go": None}, "not known if counted"),
        ({**_SPELL, "let_go": False}, "outside"),
    ),
)

FORMS = (
    back_within_90_days,
    back_within_180_days,
    moved_down_back_within_90_days,
    moved_down_back_within_180_days,
    let_go_to_next_sign,
)


# Do the police know the children on partners' lists?

_CHILD: Mapping[str, object] = {"as_listed": True, "as_victim": True, "as_missing": False}

listed_child_known = Indicator(
    key="listed_child_known",
    title="Children on a partner's list whom the police know",
    question="Of the children on partners' lists, how many stand in police records as a victim or as missing?",
    why="If social workers or teachers list a child and the police have no record of it, the police cannot protect "
    "the child. One inquiry area had much information that nobody combined.",
    line="assessments",
    asks="Q24",
    record="roles_of_person",
    population="as_listed",
    met="as_victim or as_missing",
    better="neither",
    limits="Whether the police should know the child: a list may be of children of whom no crime is known.",
    assumptions="Record linkage between the lists, and which days and children each list covers. Intelligence is not "
    "part of the return.",
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

PARTNER_LIST_FORMS = (listed_child_known,)
