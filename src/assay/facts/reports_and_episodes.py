"""Facts of crime reports, missing episodes, referrals between agencies, and groups on a force's list."""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, days_between, is_in_period, left_join
from assay.facts.fact_inputs import Tables
from assay.facts.group_matches import claimed_members
from assay.facts.inferred_absence import add_set_aside_cells, add_supply_indicators, extraction_days
from assay.facts.jurisdictions import add_country, add_period
from assay.facts.repeat_suspects import PERSON
from assay.facts.wait_limits import limit_columns

PERSON_REFERENCE = ["force_code", "person_ref"]


def persons_by_ref(persons: ibis.Table) -> ibis.Table:
    """Return one row for each person number (`person_ref`) of a force, with its `person_id` from record linkage."""
    rows = persons.filter(~persons.person_ref.isnull())
    return rows.group_by(PERSON_REFERENCE).aggregate(person_id=rows.person_id.min())


def latest_first_order(rows: ibis.Table, day: str, key: str) -> list[ibis.Value]:
    """Return the sort order that puts the latest row of a force first; for equal dates, the later line of its file.

    The reference comes last, only to make the order total: in a bundle it is a code without a meaningful order.
    """
    return [rows[day].desc(), rows.line.desc(), rows[key].desc()]


def ages_at_event(tables: Tables, table: str, key: str) -> ibis.Table:
    """Return the age of the child at the event (`ages_at_event`) for each record of a table."""
    event_ages = tables["ages_then"]
    return event_ages.filter(event_ages.table_name == table).select(
        "force_code", age_then="age", **{key: event_ages.record_ref}
    )


def report_facts(tables: Tables, persons: ibis.Table) -> ibis.Table:
    """Return the table `report`: one row for each report to the police.

    The columns are report_ref, received_day, source, report_result, n100_made, crimes (number linked to it), and
    person_id (the subject, if all its entries are of one person who is not a suspect).
    """
    report_crimes = tables["report_crimes"]
    crime_counts = report_crimes.group_by("force_code", "report_ref").aggregate(tied=report_crimes.crime_ref.nunique())
    rows = left_join(
        add_country_and_period(tables["reports"], tables, "received_at_day", authority=""),
        crime_counts,
        ["force_code", "report_ref"],
    )
    rows = left_join(rows, _report_subjects(persons), ["force_code", "report_ref"])
    rows = add_supply_indicators(rows, tables, "report_crimes_sent", "no_n100_at_is_no")
    rows = add_set_aside_cells(rows, tables, "reports", "report_ref", "n100_at")
    return rows.select(
        "force_code",
        "country",
        "in_period",
        "report_ref",
        "source",
        "report_result",
        "person_id",
        record_ref=rows.report_ref,
        in_base=rows.in_period,
        received_day=rows.received_at_day,
        n100_made=any_true(~rows.n100_at.isnull(), rows.no_n100_at_is_no & ~rows.n100_at_aside),
        crimes=ibis.cases((rows.report_crimes_sent, rows.tied.fill_null(0))),
    )


def _report_subjects(persons: ibis.Table) -> ibis.Table:
    """Return the subject of each report; none if it has several, or an entry without a known person."""
    rows = persons.filter(~persons.report_ref.isnull() & (persons.role != "suspect"))
    report_rows = rows.group_by("force_code", "report_ref").aggregate(
        first=rows.person_id.min(), last=rows.person_id.max(), unknown=rows.person_id.isnull().any()
    )
    is_single = (report_rows["first"] == report_rows["last"]) & ~report_rows.unknown
    return report_rows.select("force_code", "report_ref", person_id=ibis.cases((is_single, report_rows["first"])))


def missing_episode_facts(tables: Tables, persons: ibis.Table) -> ibis.Table:
    """Return the table `missing_episode`: the child, start, grading, and whether the child has returned."""
    rows = left_join(
        add_country_and_period(tables["missing"], tables, "started_at_day"), persons_by_ref(persons), PERSON_REFERENCE
    )
    rows = left_join(rows, ages_at_event(tables, "missing", "missing_ref"), ["force_code", "missing_ref"])
    rows = add_set_aside_cells(
        add_supply_indicators(rows, tables, "no_ended_at_is_no"), tables, "missing", "missing_ref", "ended_at"
    )
    return rows.select(
        "force_code",
        "country",
        "in_period",
        "missing_ref",
        "person_ref",
        "person_id",
        "first_grade",
        record_ref=rows.missing_ref,
        in_base=rows.in_period,
        started_day=rows.started_at_day,
        ended_day=rows.ended_at_day,
        returned=any_true(~rows.ended_at.isnull(), rows.no_ended_at_is_no & ~rows.ended_at_aside),
        age_at_start=rows.age_then,
    )


def group_facts(tables: Tables, group_match_rows: ibis.Table) -> ibis.Table:
    """Return the table `group`: one row for each group on a force's list.

    The columns are group_kind, numbers of offenders, facilitators and victims, and whether the group was active in the
    period (mapped before its end, and not given up before its start). `found`: the records show the group too, by
    `group_match_rows` (see `group_matches`).
    """
    rows = add_period(add_country(tables["groups"], tables, authority=""), tables)
    rows = left_join(rows, _member_counts(tables), ["force_code", "group_ref"])
    detected = (
        group_match_rows.select("force_code", group_ref="claimed_ref").distinct().mutate(again=ibis.literal(True))
    )
    rows = left_join(rows, detected, ["force_code", "group_ref"])
    rows = add_supply_indicators(rows, tables, "group_members_sent", "no_ended_on_is_no")
    rows = add_set_aside_cells(rows, tables, "groups", "group_ref", "ended_on")
    is_each_part_known = rows.group_members_sent & ~rows.unknown_part.fill_null(False)
    counts = {
        name: ibis.cases((is_each_part_known, rows[f"{name}_found"].fill_null(0)))
        for name in ("offenders", "facilitators", "victims")
    }
    is_not_ended = any_true(rows.ended_on >= rows.period_from, ~rows.ended_on.isnull())
    is_not_ended = ibis.cases(
        (rows.ended_on.isnull() & rows.no_ended_on_is_no & ~rows.ended_on_aside, True), else_=is_not_ended
    )
    is_active = (rows.mapped_on < rows.period_to) & is_not_ended
    return rows.select(
        "force_code",
        "country",
        "group_ref",
        "group_kind",
        record_ref=rows.group_ref,
        in_period=is_active,
        in_base=is_active,
        active_in_period=is_active,
        found=any_true(rows.again, is_each_part_known),
        **counts,
    )


def _member_counts(tables: Tables) -> ibis.Table:
    """Return the number of persons in each role of each group; `unknown_part`: the role of some member is not known."""
    rows = claimed_members(tables)
    return rows.group_by("force_code", "group_ref").aggregate(
        offenders_found=rows.who.nunique(where=rows.member_role == "offender"),
        facilitators_found=rows.who.nunique(where=rows.member_role == "facilitator"),
        victims_found=rows.who.nunique(where=rows.member_role == "victim"),
        unknown_part=rows.member_role.isnull().any(),
    )


def add_country_and_period(
    rows: ibis.Table, tables: Tables, day: str, authority: str = "local_authority_code"
) -> ibis.Table:
    """Add the country and `in_period` (by the date column of the table) to the rows."""
    rows = add_period(add_country(rows, tables, authority), tables)
    return rows.mutate(in_period=is_in_period(rows[day], rows.period_from, rows.period_to))


# Referrals: answered or not, in how many days, and feedback to the referrer.
#
# One row is one referral, from or to a partner. An absent answer means that none was given, if the column was sent and
# the value was not set aside.

RECENT_DAYS = 28
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "direction", "agency_kind", "person_ref",
    "person_id", "answered", "told_back", "recent", "decision", "days_to_answered", "days_seen", "answer_known",
    f"answered_in_{RECENT_DAYS}", f"answered_followed_{RECENT_DAYS}", "duty_report", "online_report",
    "safeguarding_followed",
)  # fmt: skip


def referral_facts(tables: Tables, persons: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """Return the table `referral`, with `COLUMNS`: one row for each referral.

    `person_id`: by the number in the referral, otherwise by its missing episode. `told_back`: the referrer got
    feedback. `recent`: sent within four weeks of extraction. `duty_report`, `online_report` and
    `safeguarding_followed` are as sent: an empty cell is not known.
    """
    rows = add_period(add_country(tables["referrals"], tables), tables)
    rows = left_join(rows, persons_by_ref(persons), PERSON_REFERENCE)
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


# Facts about missing episodes: first risk grade, exploitation known before, flag, and trigger plan.

LOW_GRADES = ("no_apparent_risk", "low")
EXPLOITATION_FLAGS = ("cse", "group_cse", "cse_risk_child")
TRIGGER_PLAN = "trigger_plan_made"


def add_known_exploitation(episodes: ibis.Table, tables: Tables, children: ibis.Table) -> ibis.Table:
    """Add `known_exploited`, `graded_low` and `exploitation_flagged` to the missing episodes.

    `known_exploited`: by the day the episode began, a crime against the child with an exploitation flag had been
    reported. `graded_low`: the first grade. `exploitation_flagged`: the flag is on the episode or the child.
    """
    first_known_days = children.select(*PERSON, first_known="known_day")
    flags = tables["flags"].filter(tables["flags"].flag.isin(EXPLOITATION_FLAGS))
    on_episode = flags.filter(~flags.missing_ref.isnull()).select("force_code", "missing_ref").distinct()
    on_child = flags.filter(~flags.person_ref.isnull()).select("force_code", "person_ref").distinct()
    rows = left_join(episodes, first_known_days, PERSON)
    rows = left_join(rows, on_episode.mutate(episode_flag=ibis.literal(True)), ["force_code", "missing_ref"])
    rows = left_join(rows, on_child.mutate(child_flag=ibis.literal(True)), ["force_code", "person_ref"])
    rows = add_supply_indicators(rows, tables, "flags_complete", "involvements_complete")
    is_known_before = (rows.first_known <= rows.started_day).fill_null(False)
    is_absence_certain = rows.involvements_complete & rows.flags_complete & ~rows.person_id.isnull()
    flagged = rows.episode_flag.fill_null(False) | rows.child_flag.fill_null(False)
    return rows.mutate(
        known_exploited=any_true(is_known_before, is_absence_certain),
        graded_low=rows.first_grade.isin(LOW_GRADES),
        exploitation_flagged=any_true(flagged, rows.flags_complete),
    ).drop("first_known", "episode_flag", "child_flag", "flags_complete", "involvements_complete")


def add_trigger_plans(episodes: ibis.Table, tables: Tables, steps: ibis.Table) -> ibis.Table:
    """Add to each missing episode its number for the child, and whether a plan for the next one was made after it.

    `number_of_child`: 1 for the first episode of the child in this force, and so on; missing if the child or the day of
    one of their episodes is, or if the order of two is not known. `planned_after`: a plan for the next time, which
    names the child or the episode, was entered on or after the day it began.
    """
    plan_steps = steps.filter(steps.kind == TRIGGER_PLAN)
    child_plans = plan_steps.filter(~plan_steps.person_ref.isnull()).select(
        "force_code", "person_ref", day="starts_day"
    )
    episode_plans = plan_steps.filter(~plan_steps.missing_ref.isnull()).select("force_code", "missing_ref").distinct()
    last_plans = child_plans.group_by("force_code", "person_ref").aggregate(last_plan_day=child_plans.day.max())
    rows = left_join(_number_episodes(episodes, tables), last_plans, ["force_code", "person_ref"])
    rows = left_join(rows, episode_plans.mutate(plan_names_it=ibis.literal(True)), ["force_code", "missing_ref"])
    rows = add_supply_indicators(rows, tables, f"no_{TRIGGER_PLAN}_is_no")
    is_planned = rows.plan_names_it.fill_null(False) | (rows.last_plan_day >= rows.started_day).fill_null(False)
    is_absence_certain = rows[f"no_{TRIGGER_PLAN}_is_no"] & ~rows.person_id.isnull()
    rows = rows.mutate(planned_after=any_true(is_planned, is_absence_certain))
    return rows.drop("last_plan_day", "plan_names_it", f"no_{TRIGGER_PLAN}_is_no")


def _number_episodes(episodes: ibis.Table, tables: Tables) -> ibis.Table:
    """Return the episodes numbered by child; missing if the child or the order of two episodes is not known."""
    recorded_episodes = tables["missing"]
    hours = recorded_episodes.select(
        "force_code", "missing_ref", first=recorded_episodes.started_at, last=recorded_episodes.started_at_last
    )
    rows = left_join(episodes, hours, ["force_code", "missing_ref"])
    child, episode_order = [rows.force_code, rows.person_id], [rows["first"], rows["last"], rows.missing_ref]
    hour_window = ibis.window(group_by=child, order_by=episode_order)
    # All before it, not the one before it alone: an episode without an hour may overlap several that follow.
    earlier_window = ibis.window(group_by=child, order_by=episode_order, preceding=(None, 1))
    is_ordered = ~(rows["last"].max().over(earlier_window) >= rows["first"]).fill_null(False)
    is_ordered &= ~(rows["first"].lead().over(hour_window) <= rows["last"]).fill_null(False)
    are_all_dated = ~rows["first"].isnull().any().over(ibis.window(group_by=child))
    rows = rows.mutate(
        place=ibis.row_number().over(hour_window) + 1, sure=is_ordered & are_all_dated & ~rows.person_id.isnull()
    )
    number = ibis.cases((rows.sure, rows.place.cast("int64")))
    return rows.mutate(number_of_child=number).drop("first", "last", "place", "sure")
