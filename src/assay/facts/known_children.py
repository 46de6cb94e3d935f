"""Children known to a force: first sign, and days to assessment and flag.

One row is one child in one force of whom the force had a sign: a crime against them, a missing episode, a referral, or
signs or words of the child that were entered. A child counts as flagged if exploitation was flagged, or a crime against
them bears the flag or the title.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, days_between, is_in_period, left_join, union_all
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_supply_indicators, extraction_days
from assay.facts.jurisdictions import add_country, add_period
from assay.facts.list_spells import signs_of_risk
from assay.facts.reports_and_episodes import persons_by_ref
from assay.facts.risk_assessments import DISCLOSURE_RECORDED, first_reports

INDICATORS_RECORDED = "indicators_recorded"
SIGN_KINDS = (INDICATORS_RECORDED, DISCLOSURE_RECORDED)
EXPLOITATION_FLAGS = ("cse", "group_cse", "cse_risk_child")
MANY_EPISODES = 3
"""Many missing episodes before the first flag: local procedures plan from the third episode on."""
PERSON = ["force_code", "person_id"]
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "person_id", "first_sign_day", "marked", "flagged",
    "assessed_before", "flagged_before", "episodes", "episodes_before_flag", "many_before_flag", "days_to_assessment",
    "days_to_flag", "days_seen", "assessments_known", "flags_known",
)  # fmt: skip


def known_children(
    tables: Tables, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table, steps: ibis.Table
) -> ibis.Table:
    """Return the table `known_child`, with `COLUMNS`: one row for each child known to a force.

    A child belongs to the period of the first sign that was sent. `episodes_before_flag`: missing episodes that began
    before the day of the first flag, or all of them without a flag.
    """
    rows = _first_signs(tables, persons, crime, episodes, steps)
    rows = add_period(add_country(rows, tables, authority=""), tables)
    flags = exploitation_flags_by_child(tables, persons, crime, episodes)
    for child_facts in (
        _first_assessments(tables, persons),
        flags.group_by(PERSON).aggregate(flag_day=flags.day.min(), flagged_row=flags.person_id.count() > 0),
        _children_of_marked_crimes(persons, crime),
    ):
        rows = left_join(rows, child_facts, PERSON)
    rows = left_join(rows, _episode_counts(episodes, rows), PERSON)
    rows = left_join(rows, extraction_days(tables, "crimes", "assessments", "flags"), ["force_code"])
    rows = add_supply_indicators(rows, tables, "flags_complete", "assessments_complete")
    return _final_columns(rows)


def _final_columns(rows: ibis.Table) -> ibis.Table:
    flagged = any_true(rows.flagged_row, rows.flags_complete)
    episodes_before = rows.before_flag.fill_null(0)
    in_period = is_in_period(rows.first_sign_day, rows.period_from, rows.period_to)
    # A flag without a day says that it was put on, and not when.
    is_flag_dated = ~(rows.flagged_row.fill_null(False) & rows.flag_day.isnull())
    first_day = rows.first_sign_day
    return rows.mutate(
        record_ref=rows.person_id,
        in_period=in_period,
        in_base=in_period,
        flagged=flagged,
        marked=any_true(rows.flagged_row.fill_null(False) | rows.any_marked.fill_null(False), rows.flags_complete),
        assessed_before=any_true(
            rows.assessed_day < first_day, rows.assessments_complete | ~rows.assessed_day.isnull()
        ),
        flagged_before=ibis.cases(
            (is_flag_dated, any_true(rows.flag_day < first_day, rows.flags_complete | ~rows.flag_day.isnull()))
        ),
        episodes=rows.episodes_all.fill_null(0),
        episodes_before_flag=ibis.cases((is_flag_dated, episodes_before)),
        many_before_flag=ibis.cases((is_flag_dated, episodes_before >= MANY_EPISODES)),
        days_to_assessment=days_between(first_day, rows.assessed_day),
        days_to_flag=days_between(first_day, rows.flag_day),
        days_seen=days_between(first_day, rows.extracted_day),
        assessments_known=rows.assessments_complete,
        flags_known=rows.flags_complete & is_flag_dated,
    ).select(*COLUMNS)


def _first_signs(
    tables: Tables, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table, steps: ibis.Table
) -> ibis.Table:
    sign_steps = steps.filter(steps.kind.isin(SIGN_KINDS) & ~steps.person_ref.isnull())
    sign_steps = sign_steps.select("force_code", "person_ref", day="starts_day")
    sign_steps = sign_steps.join(persons_by_ref(persons), ["force_code", "person_ref"]).select(
        "force_code", "person_id", "day"
    )
    sign_rows = union_all(
        [signs_of_risk(tables, persons, crime, episodes), sign_steps.filter(~sign_steps.person_id.isnull())]
    )
    return sign_rows.group_by(PERSON).aggregate(first_sign_day=sign_rows.day.min())


def _first_assessments(tables: Tables, persons: ibis.Table) -> ibis.Table:
    rows = tables["assessments"].join(persons_by_ref(persons), ["force_code", "person_ref"])
    return rows.group_by(PERSON).aggregate(assessed_day=rows.assessed_at_day.min())


def exploitation_flags_by_child(
    tables: Tables, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table
) -> ibis.Table:
    """Return every exploitation flag of a child: force_code, person_id, day.

    The flag is on the child, on a crime against them, or on one of their missing episodes.
    """
    flags = tables["flags"].filter(tables["flags"].flag.isin(EXPLOITATION_FLAGS))
    flags = flags.select("force_code", "crime_ref", "person_ref", "missing_ref", day="added_at_day")
    person_flags = flags.join(persons_by_ref(persons), ["force_code", "person_ref"])
    child_crimes = first_reports(persons, crime).select("force_code", "person_id", "crime_ref")
    crime_flags = flags.select("force_code", "crime_ref", "day").join(child_crimes, ["force_code", "crime_ref"])
    child_episodes = episodes.select("force_code", "missing_ref", "person_id")
    episode_flags = flags.select("force_code", "missing_ref", "day").join(child_episodes, ["force_code", "missing_ref"])
    all_flags = union_all(
        [flag_rows.select("force_code", "person_id", "day") for flag_rows in (person_flags, crime_flags, episode_flags)]
    )
    return all_flags.filter(~all_flags.person_id.isnull())


def _children_of_marked_crimes(persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    crime_flags = crime.select(
        "force_code", "crime_ref", mark=crime.cse_flagged | crime.group_flagged | crime.cse_titled
    )
    child_crimes = first_reports(persons, crime).join(crime_flags, ["force_code", "crime_ref"])
    return child_crimes.group_by(PERSON).aggregate(any_marked=child_crimes.mark.fill_null(False).any())


def _episode_counts(episodes: ibis.Table, rows: ibis.Table) -> ibis.Table:
    """Return for each missing child the number of episodes, in all and before the day of the first flag."""
    child_episodes = episodes.select("force_code", "person_id", "missing_ref", "started_day").join(
        rows.select(*PERSON, "flag_day"), PERSON
    )
    is_before_flag = child_episodes.flag_day.isnull() | (child_episodes.started_day < child_episodes.flag_day)
    return child_episodes.group_by(PERSON).aggregate(
        episodes_all=child_episodes.missing_ref.nunique(),
        before_flag=child_episodes.missing_ref.nunique(where=is_before_flag),
    )
