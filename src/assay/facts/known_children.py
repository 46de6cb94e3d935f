"""When did each child first come to notice, and how long was it until they were assessed, and flagged?

One row is one child in one force of whom the force had a sign: a crime against them, a missing episode, a referral, or
signs or words of the child that were entered. A child is marked where exploitation was flagged, or a crime against
them bears the flag or the title.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside, days_between, stacked, within
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import extracted_day_of, with_answers
from assay.facts.jurisdictions import with_country, with_period
from assay.facts.list_spells import signs
from assay.facts.reports_and_episodes import people
from assay.facts.risk_assessments import DISCLOSED, first_reports

SEEN_SIGNS = "indicators_recorded"
SIGN_KINDS = (SEEN_SIGNS, DISCLOSED)
EXPLOITATION_FLAGS = ("cse", "group_cse", "cse_risk_child")
MANY_EPISODES = 3
"""Missing so often before anybody marked exploitation: local procedures plan from the third episode on."""
PERSON = ["force_code", "person_id"]
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "person_id", "first_sign_day", "marked", "flagged",
    "assessed_before", "flagged_before", "episodes", "episodes_before_flag", "many_before_flag", "days_to_assessment",
    "days_to_flag", "days_seen", "assessments_known", "flags_known",
)  # fmt: skip


def known_children(
    held: Held, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table, steps: ibis.Table
) -> ibis.Table:
    """The table `known_child`, with `COLUMNS`. It belongs to the period in which the first sign lies that was sent.

    `episodes_before_flag`: missing episodes begun before the day of the first flag, or all without one.
    """
    rows = _first_signs(held, persons, crime, episodes, steps)
    rows = with_period(with_country(rows, held, authority=""), held)
    flags = flags_of_children(held, persons, crime, episodes)
    for found in (
        _first_assessments(held, persons),
        flags.group_by(PERSON).aggregate(flag_day=flags.day.min(), flagged_row=flags.person_id.count() > 0),
        _marked_crimes(persons, crime),
    ):
        rows = beside(rows, found, PERSON)
    rows = beside(rows, _episodes(episodes, rows), PERSON)
    rows = beside(rows, extracted_day_of(held, "crimes", "assessments", "flags"), ["force_code"])
    rows = with_answers(rows, held, "flags_complete", "assessments_complete")
    return _described(rows)


def _described(rows: ibis.Table) -> ibis.Table:
    flagged = any_true(rows.flagged_row, rows.flags_complete)
    before = rows.before_flag.fill_null(0)
    in_period = within(rows.first_sign_day, rows.period_from, rows.period_to)
    # A flag without a day says that it was put on, and not when.
    dated = ~(rows.flagged_row.fill_null(False) & rows.flag_day.isnull())
    first = rows.first_sign_day
    return rows.mutate(
        record_ref=rows.person_id,
        in_period=in_period,
        in_base=in_period,
        flagged=flagged,
        marked=any_true(rows.flagged_row.fill_null(False) | rows.any_marked.fill_null(False), rows.flags_complete),
        assessed_before=any_true(rows.assessed_day < first, rows.assessments_complete | ~rows.assessed_day.isnull()),
        flagged_before=ibis.cases(
            (dated, any_true(rows.flag_day < first, rows.flags_complete | ~rows.flag_day.isnull()))
        ),
        episodes=rows.episodes_all.fill_null(0),
        episodes_before_flag=ibis.cases((dated, before)),
        many_before_flag=ibis.cases((dated, before >= MANY_EPISODES)),
        days_to_assessment=days_between(first, rows.assessed_day),
        days_to_flag=days_between(first, rows.flag_day),
        days_seen=days_between(first, rows.extracted_day),
        assessments_known=rows.assessments_complete,
        flags_known=rows.flags_complete & dated,
    ).select(*COLUMNS)


def _first_signs(
    held: Held, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table, steps: ibis.Table
) -> ibis.Table:
    entered = steps.filter(steps.kind.isin(SIGN_KINDS) & ~steps.person_ref.isnull())
    entered = entered.select("force_code", "person_ref", day="starts_day")
    entered = entered.join(people(persons), ["force_code", "person_ref"]).select("force_code", "person_id", "day")
    found = stacked([signs(held, persons, crime, episodes), entered.filter(~entered.person_id.isnull())])
    return found.group_by(PERSON).aggregate(first_sign_day=found.day.min())


def _first_assessments(held: Held, persons: ibis.Table) -> ibis.Table:
    rows = held["assessments"].join(people(persons), ["force_code", "person_ref"])
    return rows.group_by(PERSON).aggregate(assessed_day=rows.assessed_at_day.min())


def flags_of_children(held: Held, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """Every flag for exploitation that stands for a child: on them, on a crime against them, or on an episode of
    theirs: force_code, person_id, day."""
    flags = held["flags"].filter(held["flags"].flag.isin(EXPLOITATION_FLAGS))
    flags = flags.select("force_code", "crime_ref", "person_ref", "missing_ref", day="added_at_day")
    own = flags.join(people(persons), ["force_code", "person_ref"])
    of_crimes = first_reports(persons, crime).select("force_code", "person_id", "crime_ref")
    on_crimes = flags.select("force_code", "crime_ref", "day").join(of_crimes, ["force_code", "crime_ref"])
    of_episodes = episodes.select("force_code", "missing_ref", "person_id")
    on_episodes = flags.select("force_code", "missing_ref", "day").join(of_episodes, ["force_code", "missing_ref"])
    found = stacked([one.select("force_code", "person_id", "day") for one in (own, on_crimes, on_episodes)])
    return found.filter(~found.person_id.isnull())


def _marked_crimes(persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    marks = crime.select("force_code", "crime_ref", mark=crime.cse_flagged | crime.group_flagged | crime.cse_titled)
    both = first_reports(persons, crime).join(marks, ["force_code", "crime_ref"])
    return both.group_by(PERSON).aggregate(any_marked=both.mark.fill_null(False).any())


def _episodes(episodes: ibis.Table, rows: ibis.Table) -> ibis.Table:
    """One row a child who was missing: how often in all, and how often before the day of the first flag."""
    both = episodes.select("force_code", "person_id", "missing_ref", "started_day").join(
        rows.select(*PERSON, "flag_day"), PERSON
    )
    early = both.flag_day.isnull() | (both.started_day < both.flag_day)
    return both.group_by(PERSON).aggregate(
        episodes_all=both.missing_ref.nunique(), before_flag=both.missing_ref.nunique(where=early)
    )
