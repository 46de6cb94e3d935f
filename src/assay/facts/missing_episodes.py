"""Facts about missing episodes: first risk grade, exploitation known before, flag, and trigger plan."""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, left_join
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_supply_indicators
from assay.facts.repeat_suspects import PERSON

LOW_GRADES = ("no_apparent_risk", "low")
EXPLOITATION_FLAGS = ("cse", "group_cse", "cse_risk_child")
TRIGGER_PLAN = "trigger_plan_made"


def add_known_exploitation(episodes: ibis.Table, tables: Tables, children: ibis.Table) -> ibis.Table:
    """Return the missing episodes with `known_exploited` (a crime flagged as exploitation against the child had been
    reported by the day the episode began), `graded_low` (at first), `exploitation_flagged` (the episode, or the
    child)."""
    first_known_days = children.select(*PERSON, first_known="known_day")
    flags = tables["flags"].filter(tables["flags"].flag.isin(EXPLOITATION_FLAGS))
    on_episode = flags.filter(~flags.missing_ref.isnull()).select("force_code", "missing_ref").distinct()
    on_child = flags.filter(~flags.person_ref.isnull()).select("force_code", "person_ref").distinct()
    rows = left_join(episodes, first_known_days, PERSON)
    rows = left_join(rows, on_episode.mutate(episode_flag=ibis.literal(True)), ["force_code", "missing_ref"])
    rows = left_join(rows, on_child.mutate(child_flag=ibis.literal(True)), ["force_code", "person_ref"])
    rows = add_supply_indicators(rows, tables, "flags_complete", "involvements_complete")
    is_known_before = (rows.first_known <= rows.started_day).fill_null(False)
    is_absence_certain = rows.involvements_complete & rows.flags_complete & ~rows.person_id.isnull()
    flagged = rows.episode_flag.fill_null(False) | rows.child_flag.fill_null(False)
    return rows.mutate(
        known_exploited=any_true(is_known_before, is_absence_certain),
        graded_low=rows.first_grade.isin(LOW_GRADES),
        exploitation_flagged=any_true(flagged, rows.flags_complete),
    ).drop("first_known", "episode_flag", "child_flag", "flags_complete", "involvements_complete")


def add_trigger_plans(episodes: ibis.Table, tables: Tables, steps: ibis.Table) -> ibis.Table:
    """Return the missing episodes with `number_of_child` (1 for the child's first in this force that was sent; missing
    where the child or the day of one of the child's episodes is, and where the order of two is not known) and
    `planned_after`: a plan for the next time was entered on the day on which it began or later. A plan names the child,
    the episode, or both."""
    plan_steps = steps.filter(steps.kind == TRIGGER_PLAN)
    child_plans = plan_steps.filter(~plan_steps.person_ref.isnull()).select(
        "force_code", "person_ref", day="starts_day"
    )
    episode_plans = plan_steps.filter(~plan_steps.missing_ref.isnull()).select("force_code", "missing_ref").distinct()
    last_plans = child_plans.group_by("force_code", "person_ref").aggregate(last_plan_day=child_plans.day.max())
    rows = left_join(_number_episodes(episodes, tables), last_plans, ["force_code", "person_ref"])
    rows = left_join(rows, episode_plans.mutate(plan_names_it=ibis.literal(True)), ["force_code", "missing_ref"])
    rows = add_supply_indicators(rows, tables, f"no_{TRIGGER_PLAN}_is_no")
    is_planned = rows.plan_names_it.fill_null(False) | (rows.last_plan_day >= rows.started_day).fill_null(False)
    is_absence_certain = rows[f"no_{TRIGGER_PLAN}_is_no"] & ~rows.person_id.isnull()
    rows = rows.mutate(planned_after=any_true(is_planned, is_absence_certain))
    return rows.drop("last_plan_day", "plan_names_it", f"no_{TRIGGER_PLAN}_is_no")


def _number_episodes(episodes: ibis.Table, tables: Tables) -> ibis.Table:
    """Episodes with their number among those of the child; none where the child is not known, or an episode may have
    begun before another as well as after it."""
    recorded_episodes = tables["missing"]
    hours = recorded_episodes.select(
        "force_code", "missing_ref", first=recorded_episodes.started_at, last=recorded_episodes.started_at_last
    )
    rows = left_join(episodes, hours, ["force_code", "missing_ref"])
    child, episode_order = [rows.force_code, rows.person_id], [rows["first"], rows["last"], rows.missing_ref]
    hour_window = ibis.window(group_by=child, order_by=episode_order)
    # All before it, not the one before it alone: an episode without an hour may overlap several that follow.
    earlier_window = ibis.window(group_by=child, order_by=episode_order, preceding=(None, 1))
    is_ordered = ~(rows["last"].max().over(earlier_window) >= rows["first"]).fill_null(False)
    is_ordered &= ~(rows["first"].lead().over(hour_window) <= rows["last"]).fill_null(False)
    are_all_dated = ~rows["first"].isnull().any().over(ibis.window(group_by=child))
    rows = rows.mutate(
        place=ibis.row_number().over(hour_window) + 1, sure=is_ordered & are_all_dated & ~rows.person_id.isnull()
    )
    number = ibis.cases((rows.sure, rows.place.cast("int64")))
    return rows.mutate(number_of_child=number).drop("first", "last", "place", "sure")
