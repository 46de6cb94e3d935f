"""Ways of working of each force, and staffing by month."""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import left_join
from assay.facts.fact_inputs import Tables

WHOLE_FORCE = "the whole force"


def _force_periods(tables: Tables) -> ibis.Table:
    """Return one row for each force: the first day of its period and the first day after."""
    returns = tables["returns"]
    return returns.group_by("force_code").aggregate(
        period_from=returns.period_from.min(), period_to=returns.period_to.max()
    )


def approach_facts(tables: Tables) -> ibis.Table:
    """Return the table `approach`: one row for each spell of one way of working.

    `approach`: its kind, or its own name where the kind is "other"; `place`: the whole force, or the area by its own
    name, not known where it is not named; `in_use_at_start`, `in_use_at_end`: on the first and the last day of the
    period (an empty end is "in use").
    """
    rows = left_join(tables["approaches"], _force_periods(tables), ["force_code"])
    is_running = rows.ended_on.isnull()
    period_end = rows.period_to
    return rows.select(
        "force_code",
        "approach_ref",
        record_ref=rows.approach_ref,
        approach=ibis.cases((rows.approach_kind == "other", rows.approach_named), else_=rows.approach_kind),
        place=ibis.cases((rows.covers == "whole_force", WHOLE_FORCE), else_=rows.area),
        began_on=rows.began_on,
        ended_on=rows.ended_on,
        in_use_at_start=(rows.began_on <= rows.period_from) & (is_running | (rows.ended_on > rows.period_from)),
        in_use_at_end=(rows.began_on < period_end) & (is_running | (rows.ended_on >= period_end)),
    )


def team_month_facts(tables: Tables) -> ibis.Table:
    """Return the table `team_month`: one row for each kind of team and month.

    `posts_vacant`: funded and not filled, below 0 where more are filled than funded; `posts_untrained`: filled by
    somebody who is not accredited; both in full-time equivalents. `in_period`: whether the month begins in the period.
    """
    rows = left_join(tables["capacity"], _force_periods(tables), ["force_code"])
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
