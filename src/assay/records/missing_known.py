"""Was a missing child known as exploited, and did the episode say so: how was it graded, and does it bear a flag?"""

from __future__ import annotations

import ibis

from assay.engine.values import any_true, beside
from assay.records.absence import with_answers
from assay.records.suspected import PERSON
from assay.records.tables import Held

LOW_GRADES = ("no_apparent_risk", "low")
OF_EXPLOITATION = ("cse", "group_cse", "cse_risk_child")


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
