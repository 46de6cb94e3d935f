"""Facts of each force: its problem profile, its age, and its section on groups.

A profile is current if at extraction it is younger than the months of the standard `profile12`.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, days_between, left_join
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_supply_indicators, extraction_days
from assay.facts.jurisdictions import add_country
from assay.facts.reports_and_episodes import latest_first_order
from assay.reference.time_standards import standards

CURRENT_STANDARD = "profile12"
FORCE = ["force_code"]


def force_facts(tables: Tables) -> ibis.Table:
    """Return the table `force`: one row for each return, with the latest profile and whether a current one is there.

    A force with a complete list of profiles and none current has none; with an incomplete list it is not known.
    """
    rows = tables["returns"].select("force_code", record_ref="force_code")
    rows = add_country(rows, tables, authority="")
    rows = left_join(rows, tables["bodies"].select(force_code="code", body_kind="kind"), FORCE)
    profiles = _profiles_with_age(tables)
    rows = left_join(rows, _latest_profile(profiles), FORCE)
    rows = left_join(rows, _current_profile(profiles), FORCE)
    rows = add_supply_indicators(rows, tables, "profiles_complete")
    none_is_no = rows.profiles_complete
    current = any_true(rows.any_current, none_is_no)
    no_section = ~rows.any_current.fill_null(False) | ~rows.any_section_unknown.fill_null(False)
    return rows.select(
        "force_code",
        "record_ref",
        "country",
        "profile_published_on",
        "profile_age_months",
        "profile_age_days",
        "profile_group_section",
        "body_kind",
        in_period=ibis.literal(True),
        in_base=ibis.literal(True),
        profile_current=current,
        profile_current_with_groups=any_true(rows.any_with_groups, none_is_no & no_section),
    )


def _profiles_with_age(tables: Tables) -> ibis.Table:
    """Profiles with their age in whole months, and in days, at the extraction of their table."""
    rows = left_join(tables["profiles"], extraction_days(tables, "profiles"), FORCE)
    seen_day, published = rows.extracted_day, rows.published_on
    months = (seen_day.year() - published.year()) * 12 + (seen_day.month() - published.month())
    not_full = (seen_day.day() < published.day()).cast("int64")
    return rows.mutate(
        age_months=(months - not_full).cast("int64"), age_days=days_between(published, seen_day).cast("int64")
    )


def _latest_profile(profiles: ibis.Table) -> ibis.Table:
    latest_order = ibis.window(
        group_by=[profiles.force_code], order_by=latest_first_order(profiles, "published_on", "profile_ref")
    )
    rows = profiles.mutate(place=ibis.row_number().over(latest_order))
    rows = rows.filter(rows.place == 0)
    return rows.select(
        "force_code",
        profile_published_on="published_on",
        profile_age_months="age_months",
        profile_age_days="age_days",
        profile_group_section="has_group_section",
    )


def _current_profile(profiles: ibis.Table) -> ibis.Table:
    rows = profiles.mutate(current=profiles.age_months < standards().get(CURRENT_STANDARD).limit)
    return rows.group_by(FORCE).aggregate(
        any_current=rows.current.any(),
        any_with_groups=(rows.current & rows.has_group_section).fill_null(False).any(),
        any_section_unknown=(rows.current & rows.has_group_section.isnull()).any(),
    )
