"""What does a force's latest problem profile rest on: how many months, whose data, and do its figures fit its records?

The crimes that a profile counts are held against those that stand in the records for the same days, under every
definition: a figure between the lowest and the highest of these fits. Only days that the return covers are compared.
"""

from __future__ import annotations

import ibis

from assay.engine.values import any_true, beside, days_between, within
from assay.records.absence import with_answers
from assay.records.crime_base import BASE_REASONS
from assay.records.tables import Held

YEAR_DAYS = 365
OF_THE_POLICE = ("police_crime", "police_missing", "police_intelligence")
PROFILE = ["force_code", "profile_ref"]
DEFINITIONS = ("by_flag", "by_flag_or_title", "by_any_flag", "by_scope")
"""Narrow to wide: flagged exploitation; flagged or titled; any flag for child sexual abuse; any crime in scope."""
COLUMNS = (
    "force_code", "profile_window_days", "profile_covers_a_year", "profile_uses_partners_data",
    "profile_crimes_claimed", "profile_crimes_lowest", "profile_crimes_highest", "profile_crimes_fit",
    "profile_claims_groups",
)  # fmt: skip


def latest_profiles(held: Held, crime: ibis.Table) -> ibis.Table:
    """One row a force that sent a profile, with `COLUMNS`, of the one that was published last."""
    profiles = held["profiles"]
    newest_first = ibis.window(
        group_by=[profiles.force_code], order_by=[profiles.published_on.desc(), profiles.profile_ref.desc()]
    )
    rows = profiles.mutate(place=ibis.row_number().over(newest_first))
    rows = rows.filter(rows.place == 0).drop("place")
    rows = beside(beside(rows, _sources(held), PROFILE), _crimes_of(rows, held, crime), ["force_code"])
    rows = with_answers(rows, held, "profile_sources_complete")
    days = days_between(rows.data_from, rows.data_to)
    claimed = rows.claimed_crimes
    fit = (claimed >= rows.crimes_lowest) & (claimed <= rows.crimes_highest)
    return rows.mutate(
        profile_window_days=days,
        profile_covers_a_year=days >= YEAR_DAYS,
        profile_uses_partners_data=any_true(rows.any_partner, rows.profile_sources_complete),
        profile_crimes_claimed=claimed,
        profile_crimes_lowest=rows.crimes_lowest,
        profile_crimes_highest=rows.crimes_highest,
        profile_crimes_fit=fit,
        profile_claims_groups=rows.claimed_groups,
    ).select(*COLUMNS)


def _sources(held: Held) -> ibis.Table:
    rows = held["profile_sources"]
    return rows.group_by(PROFILE).aggregate(any_partner=(~rows.source.isin(OF_THE_POLICE)).any())


def _crimes_of(rows: ibis.Table, held: Held, crime: ibis.Table) -> ibis.Table:
    """One row a force whose return covers every day of its profile: the fewest and most crimes of any definition."""
    days = rows.select("force_code", "data_from", "data_to")
    sent = held["returns"].select("force_code", "history_from", "period_from", "period_to")
    days = beside(days, sent, ["force_code"])
    first = ibis.coalesce(days.history_from, days.period_from)
    days = days.filter((days.data_from >= first) & (days.data_to <= days.period_to))
    days = with_answers(days, held, "crimes_complete", "flags_complete")
    days = days.filter(days.crimes_complete & days.flags_complete).select("force_code", "data_from", "data_to")
    both = days.left_join(crime, "force_code")
    there = within(both.recorded_day, both.data_from, both.data_to) & ~both.cancelled.fill_null(False)
    flag = both.cse_flagged | both.group_flagged
    tests = (flag, flag | both.cse_titled, flag | both.csa_flagged, both.scope_reason.isin(BASE_REASONS))
    counted = both.group_by("force_code").aggregate(
        **{
            name: both.crime_ref.nunique(where=(there & test).fill_null(False))
            for name, test in zip(DEFINITIONS, tests, strict=True)
        }
    )
    every = [counted[name] for name in DEFINITIONS]
    return counted.select("force_code", crimes_lowest=ibis.least(*every), crimes_highest=ibis.greatest(*every))
