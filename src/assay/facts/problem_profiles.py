"""Latest problem profile of each force, and its figures compared with the records.

The crimes, children and suspects that a profile counts are compared with the records of the same days under every
definition: a figure between the lowest and highest count agrees. Only days that the return covers are compared. The
lowest count has children certainly under 18 and named suspects; the highest has everybody who may be one, with each
entry without a person counted separately.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis

from assay.engine.portable_expressions import any_true, days_between, is_in_period, left_join
from assay.facts.crime_base import BASE_REASONS
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_supply_indicators
from assay.facts.reports_and_episodes import latest_first_order

YEAR_DAYS = 365
POLICE_SOURCES = ("police_crime", "police_missing", "police_intelligence")
PROFILE = ["force_code", "profile_ref"]
DEFINITIONS = ("by_flag", "by_flag_or_title", "by_any_flag", "by_scope")
"""Narrow to wide: flagged exploitation; flagged or titled; any flag for child sexual abuse; any crime in scope."""
CLAIM_UNITS = ("crimes", "children", "suspects")
COLUMNS = (
    "force_code", "profile_window_days", "profile_covers_a_year", "profile_uses_partners_data",
    *(f"profile_{unit}_{end}" for unit in CLAIM_UNITS for end in ("claimed", "lowest", "highest", "fit")),
    "profile_claims_groups",
)  # fmt: skip


def latest_profiles(tables: Tables, crime: ibis.Table, persons: ibis.Table) -> ibis.Table:
    """Return the latest published profile of each force, with `COLUMNS`; forces without a profile have no row."""
    profiles = tables["profiles"]
    latest_order = ibis.window(
        group_by=[profiles.force_code], order_by=latest_first_order(profiles, "published_on", "profile_ref")
    )
    rows = profiles.mutate(place=ibis.row_number().over(latest_order))
    rows = rows.filter(rows.place == 0).drop("place")
    rows = left_join(rows, _partner_sources(tables), PROFILE)
    crimes = _profile_crimes(rows, tables, crime)
    for counts in (_crime_counts(crimes), *_person_counts(crimes, tables, persons)):
        rows = left_join(rows, counts, ["force_code"])
    rows = add_supply_indicators(rows, tables, "profile_sources_complete")
    days = days_between(rows.data_from, rows.data_to)
    return rows.mutate(
        profile_window_days=days,
        profile_covers_a_year=days >= YEAR_DAYS,
        profile_uses_partners_data=any_true(rows.any_partner, rows.profile_sources_complete),
        profile_claims_groups=rows.claimed_groups,
        **{name: value for unit in CLAIM_UNITS for name, value in _compare_claim(rows, unit).items()},
    ).select(*COLUMNS)


def _compare_claim(rows: ibis.Table, unit: str) -> dict[str, ibis.Value]:
    """Return the profile's count, the lowest and highest count of the records, and whether it lies near them."""
    claimed, low, high = rows[f"claimed_{unit}"], rows[f"{unit}_lowest"], rows[f"{unit}_highest"]
    is_near = (claimed * 4 >= low * 3) & (claimed * 4 <= high * 5)
    comparison = {"claimed": claimed, "lowest": low, "highest": high, "fit": is_near}
    return {f"profile_{unit}_{end}": value for end, value in comparison.items()}


def _partner_sources(tables: Tables) -> ibis.Table:
    rows = tables["profile_sources"]
    return rows.group_by(PROFILE).aggregate(any_partner=(~rows.source.isin(POLICE_SOURCES)).any())


def _profile_crimes(rows: ibis.Table, tables: Tables, crime: ibis.Table) -> ibis.Table:
    """Return the crimes of the days of each profile, and whether each counts under each of `DEFINITIONS`.

    Only forces whose return covers every day of the profile and has all columns needed, with at least one row each.
    """
    days = rows.select("force_code", "data_from", "data_to")
    return_periods = tables["returns"].select("force_code", "history_from", "period_from", "period_to")
    days = left_join(days, return_periods, ["force_code"])
    first = ibis.coalesce(days.history_from, days.period_from)
    days = days.mutate(first=first).filter((days.data_from >= first) & (days.data_to <= days.period_to))
    days = days.filter((days.data_from >= days.period_from) | _sends_whole_history(days, crime))
    days = add_supply_indicators(days, tables, "crimes_complete", "flags_complete")
    days = days.filter(days.crimes_complete & days.flags_complete).select("force_code", "data_from", "data_to")
    profile_crimes = days.left_join(crime, "force_code")
    is_in_window = is_in_period(
        profile_crimes.recorded_day, profile_crimes.data_from, profile_crimes.data_to
    ) & ~profile_crimes.cancelled.fill_null(False)
    flag = profile_crimes.cse_flagged | profile_crimes.group_flagged
    tests = (
        flag,
        flag | profile_crimes.cse_titled,
        flag | profile_crimes.csa_flagged,
        profile_crimes.scope_reason.isin(BASE_REASONS),
    )
    indicators = {name: (is_in_window & test).fill_null(False) for name, test in zip(DEFINITIONS, tests, strict=True)}
    return profile_crimes.select("force_code", "crime_ref", **indicators)


def _sends_whole_history(days: ibis.Table, crime: ibis.Table) -> ibis.BooleanValue:
    """Return True for a force that sends at least half as many crimes per day of its history as of its period.

    A return may hold only some crimes of its history, such as those of groups; a profile of those days would then seem
    to count too many.
    """
    places = days.select("force_code", "first", "period_from", "period_to").distinct()
    crimes = crime.select("force_code", "recorded_day").inner_join(places, "force_code")
    in_history = is_in_period(crimes.recorded_day, crimes.first, crimes.period_from)
    in_period = is_in_period(crimes.recorded_day, crimes.period_from, crimes.period_to)
    history, period = days_between(crimes.first, crimes.period_from), days_between(crimes.period_from, crimes.period_to)
    rates = crimes.group_by("force_code").aggregate(
        is_whole=in_history.sum() * period.max() * 2 >= in_period.sum() * history.max()
    )
    whole = rates.filter(rates.is_whole)
    return days.force_code.isin(whole.force_code)


def _crime_counts(crimes: ibis.Table) -> ibis.Table:
    counts = crimes.group_by("force_code").aggregate(
        **{name: crimes.crime_ref.nunique(where=crimes[name]) for name in DEFINITIONS}
    )
    return _lowest_and_highest(counts, "crimes", DEFINITIONS, DEFINITIONS)


def _lowest_and_highest(counts: ibis.Table, unit: str, low: Sequence[str], high: Sequence[str]) -> ibis.Table:
    """Return the smallest of some counts and the largest of others: force_code, `unit`_lowest, `unit`_highest."""
    ends = {
        f"{unit}_lowest": ibis.least(*(counts[name] for name in low)),
        f"{unit}_highest": ibis.greatest(*(counts[name] for name in high)),
    }
    return counts.select("force_code", **ends)


def _person_counts(crimes: ibis.Table, tables: Tables, persons: ibis.Table) -> list[ibis.Table]:
    """Return counts of children and suspects of these crimes, for forces that send the role of every person."""
    crimes = add_supply_indicators(crimes, tables, "involvements_complete")
    crimes = crimes.filter(crimes.involvements_complete).drop("involvements_complete")
    role_columns = persons.select("force_code", "crime_ref", "involvement_ref", "person_id", "role", "child_at_offence",
                           "suspect_known_as")  # fmt: skip
    crime_roles = _join_roles(crimes, role_columns)
    victim, suspect = crime_roles.role == "victim", crime_roles.role == "suspect"
    child = victim & crime_roles.child_at_offence.fill_null(True)
    return [
        _distinct_person_counts(crime_roles, "children", victim & crime_roles.child_at_offence, child),
        _distinct_person_counts(crime_roles, "suspects", suspect & (crime_roles.suspect_known_as == "named"), suspect),
    ]


def _join_roles(crimes: ibis.Table, role_columns: ibis.Table) -> ibis.Table:
    """Return every crime with each role in it; a crime without roles has one row."""
    return crimes.left_join(role_columns, ["force_code", "crime_ref"]).select(
        "force_code", *DEFINITIONS, "involvement_ref", "person_id", "role", "child_at_offence", "suspect_known_as"
    )


def _distinct_person_counts(
    crime_roles: ibis.Table, unit: str, certain: ibis.Value, possible: ibis.Value
) -> ibis.Table:
    """Count distinct persons of crimes: certain and possible, with each entry without a person counted separately."""
    is_unknown_person = crime_roles.person_id.isnull()
    counts: dict[str, ibis.Value] = {}
    for name in DEFINITIONS:
        is_certain, is_possible = (
            (crime_roles[name] & certain).fill_null(False),
            (crime_roles[name] & possible).fill_null(False),
        )
        counts[f"{name}_low"] = crime_roles.person_id.nunique(where=is_certain)
        counts[f"{name}_high"] = crime_roles.person_id.nunique(where=is_possible) + crime_roles.involvement_ref.nunique(
            where=is_possible & is_unknown_person
        )
    count_rows = crime_roles.group_by("force_code").aggregate(**counts)
    return _lowest_and_highest(
        count_rows, unit, [f"{name}_low" for name in DEFINITIONS], [f"{name}_high" for name in DEFINITIONS]
    )
