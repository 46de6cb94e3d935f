"""Spells on lists of children at risk: removals, lower tiers, and signs afterwards.

A change of tier ends one spell and begins another. A spell after which the child is no longer on the list is a removal,
unless the reason is that the child came of age, moved, died, is in custody, or should never have been on it. Later
signs are a crime against the child, a missing episode, or a referral to the police, on a later day.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, days_between, is_in_period, left_join, union_all
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_set_aside_cells, add_supply_indicators, extraction_days
from assay.facts.jurisdictions import add_country, add_period
from assay.facts.reports_and_episodes import persons_by_ref
from assay.facts.risk_assessments import first_reports
from assay.reference.risk_tools import TIERS

PERSON = ["force_code", "person_id"]
SPELL = ["force_code", "register_ref"]
OTHER_REASONS = ("turned_18", "moved_away", "in_custody_or_secure", "died", "error")
"""Reasons for an end that do not imply a reduced risk."""
SHORT_FOLLOW_UP_DAYS, LONG_FOLLOW_UP_DAYS = 90, 180  # days after the end of a spell
MAXIMUM_GAP_DAYS = 1
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "register_kind", "person_id", "tier", "ended_day",
    "reason_ended", "removed", "lowered", "let_go", "days_to_sign", "days_seen", "signs_known", "back_in_90",
    "back_in_180", "followed_90", "followed_180",
)  # fmt: skip


def list_spells(tables: Tables, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """Return the table `list_spell`, with `COLUMNS`: one row for each spell of one child at one tier of one list.

    `let_go`: removed, or moved to a lower tier. `followed_90`: at least so many days were seen after its end.
    `back_in_90`: something came to notice by then; that nothing did is known only of whole lists, followed so long.
    """
    rows = left_join(
        add_period(add_country(tables["registers"], tables, authority=""), tables),
        persons_by_ref(persons),
        ["force_code", "person_ref"],
    )
    rows = rows.mutate(ended_day=rows.ended_on_day)
    rows = left_join(rows, _following_spells(rows), SPELL)
    rows = left_join(rows, _next_sign(rows, tables, persons, crime, episodes), SPELL)
    rows = left_join(rows, extraction_days(tables, "crimes", "missing", "referrals"), ["force_code"])
    rows = add_supply_indicators(
        rows, tables, "registers_complete", "crimes_complete", "involvements_complete",
        "missing_complete", "referrals_complete",
    )  # fmt: skip
    rows = add_set_aside_cells(rows, tables, "registers", "register_ref", "ended_on", "tier", "reason_ended")
    rows = rows.mutate(removed=_is_removed(rows), lowered=_is_lowered(rows))
    days_seen = days_between(rows.ended_day, rows.extracted_day)
    are_signs_known = (
        rows.crimes_complete & rows.involvements_complete & rows.missing_complete & rows.referrals_complete
    )
    are_signs_known = are_signs_known & ~rows.person_id.isnull()
    observed_days = ibis.cases((rows.days_to_sign <= days_seen, rows.days_to_sign))
    return rows.select(
        "force_code",
        "country",
        "register_kind",
        "person_id",
        "tier",
        "ended_day",
        "reason_ended",
        "removed",
        "lowered",
        record_ref=rows.register_ref,
        in_period=is_in_period(rows.ended_day, rows.period_from, rows.period_to),
        in_base=ibis.cases(
            (rows.ended_day.isnull(), False), else_=is_in_period(rows.ended_day, rows.period_from, rows.period_to)
        ),
        let_go=rows.removed | rows.lowered,
        days_to_sign=observed_days,
        days_seen=days_seen,
        signs_known=are_signs_known,
        back_in_90=any_true(
            observed_days <= SHORT_FOLLOW_UP_DAYS, are_signs_known & (days_seen >= SHORT_FOLLOW_UP_DAYS)
        ),
        back_in_180=any_true(
            observed_days <= LONG_FOLLOW_UP_DAYS, are_signs_known & (days_seen >= LONG_FOLLOW_UP_DAYS)
        ),
        followed_90=days_seen >= SHORT_FOLLOW_UP_DAYS,
        followed_180=days_seen >= LONG_FOLLOW_UP_DAYS,
    ).select(*COLUMNS)


def _tier_rank(tier: ibis.Value) -> ibis.Value:
    return ibis.cases(*((tier == name, position) for position, name in enumerate(TIERS))).cast("int64")


def _following_spells(rows: ibis.Table) -> ibis.Table:
    """Return one row for each spell that another of the same child on the same list follows at once: the tier of
    that."""
    spells = rows.select(*SPELL, "person_id", "register_kind", "ended_day")
    later_spells = rows.select(
        "force_code", "person_id", "register_kind", next_ref="register_ref", next_day="started_on_day",
        next_rank=_tier_rank(rows.tier),
    )  # fmt: skip
    spell_pairs = spells.join(later_spells, ["force_code", "person_id", "register_kind"])
    gap = days_between(spell_pairs.ended_day, spell_pairs.next_day)
    spell_pairs = spell_pairs.filter(
        (spell_pairs.register_ref != spell_pairs.next_ref) & (gap >= 0) & (gap <= MAXIMUM_GAP_DAYS)
    )
    return spell_pairs.group_by(SPELL).aggregate(
        followed=spell_pairs.next_ref.count() > 0, next_rank=spell_pairs.next_rank.max()
    )


def _is_removed(rows: ibis.Table) -> ibis.Value:
    ended, followed = ~rows.ended_day.isnull(), rows.followed.fill_null(False)
    other = followed | rows.reason_ended.isin(OTHER_REASONS).fill_null(False)
    still_on = ~ended & rows.registers_complete & ~rows.ended_on_aside
    # That a tier was changed and no other follows: the record contradicts itself.
    whole = rows.registers_complete & ~rows.reason_ended_aside & (rows.reason_ended != "tier_changed").fill_null(True)
    return ibis.cases((still_on, False), (ended & other, False), (ended & whole & ~rows.person_id.isnull(), True))


def _is_lowered(rows: ibis.Table) -> ibis.Value:
    ended, followed = ~rows.ended_day.isnull(), rows.followed.fill_null(False)
    still_on = ~ended & rows.registers_complete & ~rows.ended_on_aside
    return ibis.cases(
        (still_on, False),
        (ended & followed, rows.next_rank < _tier_rank(rows.tier)),
        (ended & rows.registers_complete & ~rows.person_id.isnull(), False),
    )


def _next_sign(
    rows: ibis.Table, tables: Tables, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table
) -> ibis.Table:
    """Return one row for each spell with a later sign: whole days from its end to the first."""
    ends = rows.filter(~rows.ended_day.isnull()).select(*SPELL, "person_id", "ended_day")
    later_signs = ends.join(signs_of_risk(tables, persons, crime, episodes), PERSON)
    days = days_between(later_signs.ended_day, later_signs.day)
    later_signs = later_signs.mutate(days=days).filter(days > 0)
    return later_signs.group_by(SPELL).aggregate(days_to_sign=later_signs.days.min())


def signs_of_risk(tables: Tables, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """Return the signs of risk of each child, by day: force_code, person_id, day."""
    inward_referrals = tables["referrals"].filter(
        (tables["referrals"].direction == "in") & ~tables["referrals"].person_ref.isnull()
    )
    inward_referrals = inward_referrals.select("force_code", "person_ref", day="made_at_day").join(
        persons_by_ref(persons), ["force_code", "person_ref"]
    )
    parts = [
        first_reports(persons, crime).select("force_code", "person_id", "day"),
        episodes.select("force_code", "person_id", day="started_day"),
        inward_referrals.select("force_code", "person_id", "day"),
    ]
    sign_rows = union_all(parts)
    return sign_rows.filter(~sign_rows.day.isnull() & ~sign_rows.person_id.isnull())
