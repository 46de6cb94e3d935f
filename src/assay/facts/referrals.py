"""Referrals: answered or not, in how many days, and feedback to the referrer.

One row is one referral, from or to a partner. An absent answer means that none was given, if the column was sent and
the value was not set aside.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, days_between, is_in_period, left_join
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_set_aside_cells, add_supply_indicators, extraction_days
from assay.facts.jurisdictions import add_country, add_period
from assay.facts.reports_and_episodes import PERSON, persons_by_ref
from assay.facts.wait_limits import limit_columns

RECENT_DAYS = 28
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "direction", "agency_kind", "person_ref",
    "person_id", "answered", "told_back", "recent", "decision", "days_to_answered", "days_seen", "answer_known",
    f"answered_in_{RECENT_DAYS}", f"answered_followed_{RECENT_DAYS}",
)  # fmt: skip


def referral_facts(tables: Tables, persons: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """Return the table `referral`, with `COLUMNS`. `person_id`: by the number that it names, else by the missing
    episode. `told_back`: the referrer got feedback. `recent`: sent within four weeks of the day of
    extraction."""
    rows = add_period(add_country(tables["referrals"], tables), tables)
    rows = left_join(rows, persons_by_ref(persons), PERSON)
    episode_persons = episodes.select("force_code", "missing_ref", of_episode="person_id")
    rows = left_join(rows, episode_persons, ["force_code", "missing_ref"])
    rows = add_set_aside_cells(rows, tables, "referrals", "referral_ref", "answered_at", "feedback_at")
    rows = add_supply_indicators(rows, tables, "no_answered_at_is_no", "no_feedback_at_is_no")
    rows = left_join(rows, extraction_days(tables, "referrals"), ["force_code"])
    in_period = is_in_period(rows.made_at_day, rows.period_from, rows.period_to)
    is_absence_certain = rows.no_answered_at_is_no & ~rows.answered_at_aside
    days = days_between(rows.made_at_day, rows.answered_at_day)
    days_seen = days_between(rows.made_at_day, rows.extracted_day)
    rows = rows.mutate(
        record_ref=rows.referral_ref,
        person_id=ibis.coalesce(rows.person_id, rows.of_episode),
        in_period=in_period,
        in_base=in_period,
        answered=any_true(~rows.answered_at.isnull(), is_absence_certain),
        told_back=any_true(~rows.feedback_at.isnull(), rows.no_feedback_at_is_no & ~rows.feedback_at_aside),
        recent=days_seen < RECENT_DAYS,
        days_to_answered=ibis.cases(((days >= 0) & (days <= days_seen), days)),
        days_seen=days_seen,
        answer_known=(is_absence_certain & (days >= 0).fill_null(True)).fill_null(False),
    )
    limit_facts = limit_columns("answered", RECENT_DAYS, rows.days_to_answered, rows.days_seen, rows.answer_known)
    return rows.mutate(**limit_facts).select(*COLUMNS)
