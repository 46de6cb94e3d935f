"""Was each referral answered, and was whoever sent it told what came of it?

One row a referral, in from a partner or out to one. An answer that is not there was not given, where the column was
sent and its value not set aside.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside, days_between, within
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import extracted_day_of, with_answers, with_cells
from assay.facts.jurisdictions import with_country, with_period
from assay.facts.reports_and_episodes import PERSON, people

WEEKS_4 = 28
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "direction", "agency_kind", "person_ref",
    "person_id", "answered", "told_back", "recent", "decision", "days_to_answered", "days_seen", "answer_known",
)  # fmt: skip


def referrals(held: Held, persons: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """The table `referral`, with `COLUMNS`. `person_id`: by the number that it names, else by the missing episode.
    `told_back`: the referrer was told what came of it. `recent`: sent within
    four weeks of the day of extraction."""
    rows = with_period(with_country(held["referrals"], held), held)
    rows = beside(rows, people(persons), PERSON)
    of_episode = episodes.select("force_code", "missing_ref", of_episode="person_id")
    rows = beside(rows, of_episode, ["force_code", "missing_ref"])
    rows = with_cells(rows, held, "referrals", "referral_ref", "answered_at", "feedback_at")
    rows = with_answers(rows, held, "no_answered_at_is_no", "no_feedback_at_is_no")
    rows = beside(rows, extracted_day_of(held, "referrals"), ["force_code"])
    in_period = within(rows.made_at_day, rows.period_from, rows.period_to)
    silent = rows.no_answered_at_is_no & ~rows.answered_at_aside
    days = days_between(rows.made_at_day, rows.answered_at_day)
    seen = days_between(rows.made_at_day, rows.extracted_day)
    return rows.mutate(
        record_ref=rows.referral_ref,
        person_id=ibis.coalesce(rows.person_id, rows.of_episode),
        in_period=in_period,
        in_base=in_period,
        answered=any_true(~rows.answered_at.isnull(), silent),
        told_back=any_true(~rows.feedback_at.isnull(), rows.no_feedback_at_is_no & ~rows.feedback_at_aside),
        recent=seen < WEEKS_4,
        days_to_answered=ibis.cases(((days >= 0) & (days <= seen), days)),
        days_seen=seen,
        answer_known=(silent & (days >= 0).fill_null(True)).fill_null(False),
    ).select(*COLUMNS)
