"""Who was taken off a list of children at risk, or moved to a lower tier, and did they come to notice again soon?

A change of tier ends one spell and begins another. A spell after which the same list holds the child no more is a
removal, unless its reason is that the child came of age, moved, died, is in custody, or should never have been on it.
What comes to notice is a crime against the child, a missing episode, or a referral to the police, on a later day.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside, days_between, stacked, within
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import extracted_day_of, with_answers, with_cells
from assay.facts.jurisdictions import with_country, with_period
from assay.facts.reports_and_episodes import people
from assay.facts.risk_assessments import first_reports
from assay.reference.risk_tools import TIERS

PERSON = ["force_code", "person_id"]
SPELL = ["force_code", "register_ref"]
OTHER_REASONS = ("turned_18", "moved_away", "in_custody_or_secure", "died", "error")
"""Reasons for an end that say nothing of a risk that was thought to be less."""
SOON, LATER = 90, 180  # days after the end of a spell
NEXT_DAY = 1
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "register_kind", "person_id", "tier", "ended_day",
    "reason_ended", "removed", "lowered", "let_go", "days_to_sign", "days_seen", "signs_known", "back_in_90",
    "back_in_180", "followed_90", "followed_180",
)  # fmt: skip


def list_spells(held: Held, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """The table `list_spell`, with `COLUMNS`: one row a spell of one child at one tier of one list.

    `let_go`: removed, or moved to a lower tier. `followed_90`: at least so many days were seen after its end.
    `back_in_90`: something came to notice by then; that nothing did is known only of whole lists, followed so long.
    """
    rows = beside(with_period(with_country(held["registers"], held, authority=""), held), people(persons),
                  ["force_code", "person_ref"])  # fmt: skip
    rows = rows.mutate(ended_day=rows.ended_on_day)
    rows = beside(rows, _followed_by(rows), SPELL)
    rows = beside(rows, _next_sign(rows, held, persons, crime, episodes), SPELL)
    rows = beside(rows, extracted_day_of(held, "crimes", "missing", "referrals"), ["force_code"])
    rows = with_answers(
        rows, held, "registers_complete", "crimes_complete", "involvements_complete",
        "missing_complete", "referrals_complete",
    )  # fmt: skip
    rows = with_cells(rows, held, "registers", "register_ref", "ended_on", "tier", "reason_ended")
    rows = rows.mutate(removed=_removed(rows), lowered=_lowered(rows))
    seen = days_between(rows.ended_day, rows.extracted_day)
    known = rows.crimes_complete & rows.involvements_complete & rows.missing_complete & rows.referrals_complete
    known = known & ~rows.person_id.isnull()
    shown = ibis.cases((rows.days_to_sign <= seen, rows.days_to_sign))
    return rows.select(
        "force_code", "country", "register_kind", "person_id", "tier", "ended_day", "reason_ended", "removed",
        "lowered",
        record_ref=rows.register_ref,
        in_period=within(rows.ended_day, rows.period_from, rows.period_to),
        in_base=ibis.cases(
            (rows.ended_day.isnull(), False), else_=within(rows.ended_day, rows.period_from, rows.period_to)
        ),
        let_go=rows.removed | rows.lowered,
        days_to_sign=shown,
        days_seen=seen,
        signs_known=known,
        back_in_90=any_true(shown <= SOON, known & (seen >= SOON)),
        back_in_180=any_true(shown <= LATER, known & (seen >= LATER)),
        followed_90=seen >= SOON,
        followed_180=seen >= LATER,
    ).select(*COLUMNS)  # fmt: skip


def _rank(tier: ibis.Value) -> ibis.Value:
    return ibis.cases(*((tier == name, place) for place, name in enumerate(TIERS))).cast("int64")


def _followed_by(rows: ibis.Table) -> ibis.Table:
    """One row a spell that another of the same child on the same list follows at once: the tier of that."""
    own = rows.select(*SPELL, "person_id", "register_kind", "ended_day")
    others = rows.select(
        "force_code", "person_id", "register_kind", next_ref="register_ref", next_day="started_on_day",
        next_rank=_rank(rows.tier),
    )  # fmt: skip
    both = own.join(others, ["force_code", "person_id", "register_kind"])
    gap = days_between(both.ended_day, both.next_day)
    both = both.filter((both.register_ref != both.next_ref) & (gap >= 0) & (gap <= NEXT_DAY))
    return both.group_by(SPELL).aggregate(followed=both.next_ref.count() > 0, next_rank=both.next_rank.max())


def _removed(rows: ibis.Table) -> ibis.Value:
    ended, followed = ~rows.ended_day.isnull(), rows.followed.fill_null(False)
    other = followed | rows.reason_ended.isin(OTHER_REASONS).fill_null(False)
    still_on = ~ended & rows.registers_complete & ~rows.ended_on_aside
    # That a tier was changed and no other follows: the record contradicts itself.
    whole = rows.registers_complete & ~rows.reason_ended_aside & (rows.reason_ended != "tier_changed").fill_null(True)
    return ibis.cases((still_on, False), (ended & other, False), (ended & whole & ~rows.person_id.isnull(), True))


def _lowered(rows: ibis.Table) -> ibis.Value:
    ended, followed = ~rows.ended_day.isnull(), rows.followed.fill_null(False)
    still_on = ~ended & rows.registers_complete & ~rows.ended_on_aside
    return ibis.cases(
        (still_on, False),
        (ended & followed, rows.next_rank < _rank(rows.tier)),
        (ended & rows.registers_complete & ~rows.person_id.isnull(), False),
    )


def _next_sign(
    rows: ibis.Table, held: Held, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table
) -> ibis.Table:
    """One row a spell with a later sign: whole days from its end to the first."""
    ends = rows.filter(~rows.ended_day.isnull()).select(*SPELL, "person_id", "ended_day")
    both = ends.join(signs(held, persons, crime, episodes), PERSON)
    days = days_between(both.ended_day, both.day)
    both = both.mutate(days=days).filter(days > 0)
    return both.group_by(SPELL).aggregate(days_to_sign=both.days.min())


def signs(held: Held, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """What came to the notice of a force about a child, and when: force_code, person_id, day."""
    told = held["referrals"].filter((held["referrals"].direction == "in") & ~held["referrals"].person_ref.isnull())
    told = told.select("force_code", "person_ref", day="made_at_day").join(
        people(persons), ["force_code", "person_ref"]
    )
    parts = [
        first_reports(persons, crime).select("force_code", "person_id", "day"),
        episodes.select("force_code", "person_id", day="started_day"),
        told.select("force_code", "person_id", "day"),
    ]
    found = stacked(parts)
    return found.filter(~found.day.isnull() & ~found.person_id.isnull())
