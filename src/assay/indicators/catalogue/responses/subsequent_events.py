"""How soon after the police first knew of exploitation is the next crime, missing episode or referral of the child?

No direction is good: a shorter wait may be better recording. Until rated case files show which, these waits are shown,
not compared, and grade no force. Splits by action in the first 28 days use a landmark: the clock begins on day 28, for
children without an event by then. Turning 18 and leaving the area are competing endings.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Wait
from assay.indicators.exclusion_reasons import AT_ONCE, TURNED_18_OR_LEFT

_CHILD: Mapping[str, object] = {
    "in_base": True,
    "next_known": True,
    "days_to_next_crime": None,
    "days_to_next_missing": None,
    "days_to_next_referral": None,
    "days_to_18": None,
    "days_to_gone": None,
    "days_seen": 300,
}
_LIMITS = (
    "Whether more was done to the child or more was seen: better recording shortens this wait. That a child left the "
    "area is known only where a list of children at risk says so: others who left are counted as waiting still."
)
_ASSUMPTIONS = (
    "Record linkage; reports, missing episodes and referrals as this force holds them; the 18th birthday, to "
    "within the four weeks before it."
)
TURNED_18, LEFT = "turned 18", "left the area, or died"
_NEEDS = ("crimes", "involvements.date_of_birth", "flags", "missing", "referrals")
_DONE = ("events.strategy_discussion_held", "events.suspect_arrested")

known_to_next = Wait(
    key="known_to_next",
    title="From first knowing a child as exploited to the next report of a crime",
    question="How long after the police first know a child as exploited is the next crime against them reported?",
    why="A child who is known and not protected comes to notice again.",
    line="responses",
    asks="Q14",
    record="exploited_child",
    population="in_base",
    start="the day on which a crime of exploitation against the child was first reported",
    ends=("next crime reported", "days_to_next_crime"),
    competing=(
        ("missing first", "days_to_next_missing"),
        ("referred first", "days_to_next_referral"),
        (TURNED_18, "days_to_18"),
        (LEFT, "days_to_gone"),
    ),
    seen="days_seen",
    known="next_known",
    better="neither",
    limits=_LIMITS,
    assumptions=_ASSUMPTIONS,
    graded=False,
    needs=_NEEDS,
    examples=(
        ({**_CHILD, "days_to_next_crime": 40}, "next crime reported"),
        ({**_CHILD, "days_to_next_crime": 40, "days_to_next_missing": 30}, "missing first"),
        ({**_CHILD, "days_to_next_referral": 7}, "referred first"),
        ({**_CHILD, "days_to_next_crime": 90, "days_to_18": 80}, TURNED_18),
        ({**_CHILD, "days_to_next_crime": 80, "days_to_18": 80}, "next crime reported"),
        ({**_CHILD, "days_to_gone": 50, "days_to_18": 80}, LEFT),
        (_CHILD, "still waiting"),
        ({**_CHILD, "next_known": False}, "not known"),
        ({**_CHILD, "in_base": False}, "outside"),
    ),
)
_LATE: Mapping[str, object] = {
    "in_base": True, "done_early": True, "harmed_early": False, "gone_early": False, "next_known": True,
    "days_late_to_next": None, "days_late_to_18": None, "days_late_to_gone": None, "days_late_seen": 200,
}  # fmt: skip


def _after(key: str, done: bool) -> Wait:
    words = "something was done" if done else "nothing was done"
    row = {**_LATE, "done_early": done}
    return Wait(
        key=key,
        title=f"To the next sign of harm, where {words} in the first 28 days",
        question=f"Where {words} in the first 28 days, how long from then to the next crime, missing episode or "
        "referral?",
        why="The comparison of the two waits shows whether children who were helped early came to notice later.",
        line="responses",
        asks="Q14",
        record="exploited_child",
        population=f"in_base and {'' if done else 'not '}done_early",
        start="the 28th day after a crime of exploitation against the child was first reported",
        ends=("came to notice again", "days_late_to_next"),
        competing=((TURNED_18, "days_late_to_18"), (LEFT, "days_late_to_gone")),
        seen="days_late_seen",
        known="next_known",
        excluding={AT_ONCE: "harmed_early", TURNED_18_OR_LEFT: "gone_early"},
        better="neither",
        limits=f"{_LIMITS} Children for whom something was done early differ from the others: the "
        "difference between the two waits is an association, and shows no cause.",
        assumptions=f"{_ASSUMPTIONS} Done is a referral to a partner, a strategy discussion, or an arrest.",
        graded=False,
        needs=(*_NEEDS, *_DONE),
        examples=(
            ({**row, "days_late_to_next": 10}, "came to notice again"),
            (row, "still waiting"),
            ({**row, "next_known": False}, "not known"),
            ({**row, "days_late_to_18": 12}, TURNED_18),
            ({**row, "days_late_to_next": 20, "days_late_to_gone": 12}, LEFT),
            ({**row, "harmed_early": True}, "left out: something_followed_within_28_days"),
            ({**row, "gone_early": True}, f"left out: {TURNED_18_OR_LEFT}"),
            ({**row, "done_early": not done}, "outside"),
            ({**row, "done_early": None}, "not known if counted"),
        ),
    )


done_early_to_next = _after("done_early_to_next", True)
not_done_early_to_next = _after("not_done_early_to_next", False)

FORMS = (known_to_next, done_early_to_next, not_done_early_to_next)
