"""Which ways of working were in use, where and when, and how many people were there to do it, month by month?"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside
from assay.facts.fact_inputs import Held

WHOLE = "the whole force"


def _period(held: Held) -> ibis.Table:
    """One row a force: the first day of its period and the first day after."""
    sent = held["returns"]
    return sent.group_by("force_code").aggregate(period_from=sent.period_from.min(), period_to=sent.period_to.max())


def approaches(held: Held) -> ibis.Table:
    """The table `approach`: one row a spell of one way of working.

    `approach`: its kind, or its own name where the kind is "other"; `place`: the whole force, or the area by its own
    name, not known where it is not named; `in_use_at_start`, `in_use_at_end`: on the first and the last day of the
    period (an empty end is "in use").
    """
    rows = beside(held["approaches"], _period(held), ["force_code"])
    running = rows.ended_on.isnull()
    last = rows.period_to
    return rows.select(
        "force_code",
        "approach_ref",
        record_ref=rows.approach_ref,
        approach=ibis.cases((rows.approach_kind == "other", rows.approach_named), else_=rows.approach_kind),
        place=ibis.cases((rows.covers == "whole_force", WHOLE), else_=rows.area),
        began_on=rows.began_on,
        ended_on=rows.ended_on,
        in_use_at_start=(rows.began_on <= rows.period_from) & (running | (rows.ended_on > rows.period_from)),
        in_use_at_end=(rows.began_on < last) & (running | (rows.ended_on >= last)),
    )


def team_months(held: Held) -> ibis.Table:
    """The table `team_month`: one row a kind of team and month.

    `posts_vacant`: funded and not filled, below 0 where more are filled than funded; `posts_untrained`: filled by
    somebody who is not accredited; both in full-time equivalents. `in_period`: whether the month begins in the period.
    """
    rows = beside(held["capacity"], _period(held), ["force_code"])
    return rows.select(
        "force_code",
        "month_start",
        "team_kind",
        "posts_funded",
        "posts_filled",
        "posts_trained",
        "open_cases",
        record_ref=rows.team_kind + " " + rows.month_start.cast("string"),
        in_period=(rows.month_start >= rows.period_from) & (rows.month_start < rows.period_to),
        posts_vacant=rows.posts_funded - rows.posts_filled,
        posts_untrained=rows.posts_filled - rows.posts_trained,
        cases_a_post=rows.open_cases / rows.posts_filled.nullif(0),
    )
