"""Facts of each force: problem profile, operating models, staffing by month, and the tables that it supplied.

A profile is current if at extraction it is younger than the months of the standard `profile12`. Of an extraction before
the first day of that standard, the table says that it was not in force yet.
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
    """Return the table `force`: one row for each return, with its latest profile and whether a profile is current.

    A force with a complete list of profiles and no current one has none; with an incomplete list it is not known.
    """
    rows = tables["returns"].select("force_code", record_ref="force_code")
    rows = add_country(rows, tables, authority="")
    rows = left_join(rows, tables["organisations"].select(force_code="code", body_kind="kind"), FORCE)
    profiles = _profiles_with_age(tables)
    rows = left_join(rows, _latest_profile(profiles), FORCE)
    rows = left_join(rows, _current_profile(profiles), FORCE)
    rows = add_supply_indicators(rows, tables, "profiles_complete")
    rows = left_join(rows, extraction_days(tables, "profiles"), FORCE)
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
        profile_standard_in_force=rows.extracted_day >= standards().get(CURRENT_STANDARD).valid_from,
        profile_current=current,
        profile_current_with_groups=any_true(rows.any_with_groups, none_is_no & no_section),
    )


def _profiles_with_age(tables: Tables) -> ibis.Table:
    """Return the profiles with their age in whole months and in days at extraction."""
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


# Ways of working of each force, and staffing by month.

WHOLE_FORCE = "the whole force"


def _force_periods(tables: Tables) -> ibis.Table:
    """Return one row for each force: the first day of its period and the first day after."""
    returns = tables["returns"]
    return returns.group_by("force_code").aggregate(
        period_from=returns.period_from.min(), period_to=returns.period_to.max()
    )


def approach_facts(tables: Tables) -> ibis.Table:
    """Return the table `approach`: one row for each period in which a force used one operating model (approach).

    `approach`: its kind, or its name if the kind is "other". `place`: the whole force, or the name of the area; not
    known if it is not named. `in_use_at_start`, `in_use_at_end`: on the first and last day of the period (without an
    end it is in use).
    """
    rows = left_join(tables["approaches"], _force_periods(tables), ["force_code"])
    is_running = rows.ended_on.isnull()
    period_end = rows.period_to
    return rows.select(
        "force_code",
        "approach_ref",
        record_ref=rows.approach_ref,
        approach=ibis.cases((rows.approach_kind == "other", rows.approach_named), else_=rows.approach_kind),
        place=ibis.cases((rows.covers == "whole_force", WHOLE_FORCE), else_=rows.area),
        began_on=rows.began_on,
        ended_on=rows.ended_on,
        in_use_at_start=(rows.began_on <= rows.period_from) & (is_running | (rows.ended_on > rows.period_from)),
        in_use_at_end=(rows.began_on < period_end) & (is_running | (rows.ended_on >= period_end)),
    )


def team_month_facts(tables: Tables) -> ibis.Table:
    """Return the table `team_month`: one row for each kind of team and month, with staffing and open cases.

    `posts_vacant`: funded less filled posts; negative if more are filled than funded. `posts_untrained`: posts of
    persons who are not accredited. Both are full-time equivalents. `in_period`: the month begins in the period.
    """
    rows = left_join(tables["capacity"], _force_periods(tables), ["force_code"])
    return rows.select(
        "force_code",
        "month_start",
        "team_kind",
        "posts_funded",
        "posts_filled",
        "posts_trained",
        "open_cases",
        record_ref=rows.team_kind + " " + rows.month_start.cast("string"),
        in_period=(rows.month_start >= rows.period_from) & (rows.month_start < rows.period_to),
        posts_vacant=rows.posts_funded - rows.posts_filled,
        posts_untrained=rows.posts_filled - rows.posts_trained,
        cases_a_post=rows.open_cases / rows.posts_filled.nullif(0),
    )


# Tables that each force supplied, and whether their rows were selected by a query.

YES, NO = "yes", "no"
COLUMNS = ("force_code", "record_ref", "country", "in_period", "in_base", "body_kind", "table_name", "searchable")


def supplied_tables(tables: Tables) -> ibis.Table:
    """Return the table `sent_table`, with `COLUMNS`: one row for each force and table that it sent.

    `searchable`: the manifest says yes or no. If it says "part", the searchable part is not stated, so the value is not
    known, and the force is not at a disadvantage compared with one that states nothing.
    """
    manifests = tables["covers"]
    rows = manifests.filter(manifests.used.fill_null(False) & (manifests.supplied != "none").fill_null(False))
    rows = rows.select("force_code", "table_name", statement="searchable")
    rows = left_join(rows, tables["organisations"].select(force_code="code", body_kind="kind"), ["force_code"])
    rows = add_country(rows, tables, authority="")
    always = ibis.literal(True)
    return rows.mutate(
        record_ref=rows.table_name, in_period=always, in_base=always, searchable=_is_searchable(rows.statement)
    ).select(*COLUMNS)


def _is_searchable(statement: ibis.Value) -> ibis.Value:
    return ibis.cases((statement == YES, True), (statement == NO, False))
