"""Was a missing child known as exploited, and did the episode say so: how was it graded, and does it bear a flag? And
was it planned, for a child who is missing often, what is done at once the next time?"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import with_answers
from assay.facts.repeat_suspects import PERSON

LOW_GRADES = ("no_apparent_risk", "low")
OF_EXPLOITATION = ("cse", "group_cse", "cse_risk_child")
PLANNED = "trigger_plan_made"


def with_what_was_known(episodes: ibis.Table, held: Held, children: ibis.Table) -> ibis.Table:
    """The missing episodes with `known_exploited` (a crime marked as exploitation against the child had been reported
    by the day the episode began), `graded_low` (at first), `exploitation_flagged` (the episode, or the child)."""
    known = children.select(*PERSON, first_known="known_day")
    flags = held["flags"].filter(held["flags"].flag.isin(OF_EXPLOITATION))
    on_episode = flags.filter(~flags.missing_ref.isnull()).select("force_code", "missing_ref").distinct()
    on_child = flags.filter(~flags.person_ref.isnull()).select("force_code", "person_ref").distinct()
    rows = beside(episodes, known, PERSON)
    rows = beside(rows, on_episode.mutate(episode_flag=ibis.literal(True)), ["force_code", "missing_ref"])
    rows = beside(rows, on_child.mutate(child_flag=ibis.literal(True)), ["force_code", "person_ref"])
    rows = with_answers(rows, held, "flags_complete", "involvements_complete")
    before = (rows.first_known <= rows.started_day).fill_null(False)
    nobody_known = rows.involvements_complete & rows.flags_complete & ~rows.person_id.isnull()
    flagged = rows.episode_flag.fill_null(False) | rows.child_flag.fill_null(False)
    return rows.mutate(
        known_exploited=any_true(before, nobody_known),
        graded_low=rows.first_grade.isin(LOW_GRADES),
        exploitation_flagged=any_true(flagged, rows.flags_complete),
    ).drop("first_known", "episode_flag", "child_flag", "flags_complete", "involvements_complete")


def with_plans(episodes: ibis.Table, held: Held, steps: ibis.Table) -> ibis.Table:
    """The missing episodes with `number_of_child` (1 for the child's first in this force that was sent; missing where
    the child or the day of one of the child's episodes is, and where the order of two is not known) and
    `planned_after`: a plan for the next time was entered on the day on which it began or later. A plan names the
    child, the episode, or both."""
    told = steps.filter(steps.kind == PLANNED)
    of_child = told.filter(~told.person_ref.isnull()).select("force_code", "person_ref", day="starts_day")
    of_episode = told.filter(~told.missing_ref.isnull()).select("force_code", "missing_ref").distinct()
    last = of_child.group_by("force_code", "person_ref").aggregate(last_plan_day=of_child.day.max())
    rows = beside(_numbered(episodes, held), last, ["force_code", "person_ref"])
    rows = beside(rows, of_episode.mutate(plan_names_it=ibis.literal(True)), ["force_code", "missing_ref"])
    rows = with_answers(rows, held, f"no_{PLANNED}_is_no")
    planned = rows.plan_names_it.fill_null(False) | (rows.last_plan_day >= rows.started_day).fill_null(False)
    sure = rows[f"no_{PLANNED}_is_no"] & ~rows.person_id.isnull()
    rows = rows.mutate(planned_after=any_true(planned, sure))
    return rows.drop("last_plan_day", "plan_names_it", f"no_{PLANNED}_is_no")


def _numbered(episodes: ibis.Table, held: Held) -> ibis.Table:
    """Episodes with their number among those of the child; none where the child is not known, or an episode may have
    begun before another as well as after it."""
    sent = held["missing"]
    hours = sent.select("force_code", "missing_ref", first=sent.started_at, last=sent.started_at_last)
    rows = beside(episodes, hours, ["force_code", "missing_ref"])
    child, in_turn = [rows.force_code, rows.person_id], [rows["first"], rows["last"], rows.missing_ref]
    by_hour = ibis.window(group_by=child, order_by=in_turn)
    # All before it, not the one before it alone: an episode without an hour may overlap several that follow.
    earlier = ibis.window(group_by=child, order_by=in_turn, preceding=(None, 1))
    alone = ~(rows["last"].max().over(earlier) >= rows["first"]).fill_null(False)
    alone &= ~(rows["first"].lead().over(by_hour) <= rows["last"]).fill_null(False)
    dated = ~rows["first"].isnull().any().over(ibis.window(group_by=child))
    rows = rows.mutate(place=ibis.row_number().over(by_hour) + 1, sure=alone & dated & ~rows.person_id.isnull())
    number = ibis.cases((rows.sure, rows.place.cast("int64")))
    return rows.mutate(number_of_child=number).drop("first", "last", "place", "sure")
