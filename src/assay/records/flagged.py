"""When was a child's exploitation first marked, what had come before, and which marks were taken away?

`flag` has one row a spell of a mark. `flagged_child` has one row a child in one force whose exploitation somebody
marked: by a flag on a crime against them, on an episode in which they were missing, or on themselves as a child at
risk; or by the title of the offence. Whom nobody ever marked is in no row, so what is worked out here looks better than
it is.
"""

from __future__ import annotations

import ibis

from assay.engine.values import any_true, beside, days_between, stacked, within
from assay.records.absence import extracted_day_of, with_answers, with_cells
from assay.records.others import PERSON, people
from assay.records.places import with_country, with_period
from assay.records.tables import Held

OF_EXPLOITATION = ("cse", "group_cse", "cse_risk_child")
CHILD = ["force_code", "person_id"]
INWARD = "in"
FLAG_COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "flag", "of_exploitation", "crime_ref", "person_id",
    "added_day", "by_role", "removed", "removed_day", "removed_by_role", "removed_reason", "removed_in_period",
)  # fmt: skip
CHILD_COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "person_id", "first_sign_day", "flag_day", "flagged",
    "days_to_flag", "days_seen", "episodes_before_flag", "flags_known",
)  # fmt: skip


def flags(held: Held, persons: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """The table `flag`, with `FLAG_COLUMNS`. In the base: a mark of exploitation that stood on some day of the period.

    `person_id`: of the child whom it is on, or whose missing episode. `removed`: by extraction; silence is no only
    where the column was sent and the list is complete.
    """
    rows = with_period(with_country(held["flags"], held, authority=""), held)
    rows = beside(rows, people(persons), PERSON)
    of_episode = episodes.select("force_code", "missing_ref", of_episode="person_id")
    rows = beside(rows, of_episode, ["force_code", "missing_ref"])
    rows = with_cells(with_answers(rows, held, "no_removed_at_is_no"), held, "flags", "flag_ref", "removed_at")
    gone = ~rows.removed_at.isnull()
    stood = (rows.added_at_day < rows.period_to) & (
        ibis.coalesce(rows.removed_at_day >= rows.period_from, ibis.literal(True))
    )
    of_exploitation = rows.flag.isin(OF_EXPLOITATION)
    removed = any_true(gone, rows.no_removed_at_is_no & ~rows.removed_at_aside)
    in_period = within(rows.removed_at_day, rows.period_from, rows.period_to)
    return rows.mutate(
        record_ref=rows.flag_ref,
        person_id=ibis.coalesce(rows.person_id, rows.of_episode),
        in_period=stood,
        in_base=stood & of_exploitation,
        of_exploitation=of_exploitation,
        added_day=rows.added_at_day,
        by_role=rows.added_by_role,
        removed=removed,
        removed_day=rows.removed_at_day,
        removed_in_period=ibis.cases((gone, in_period), (~removed, False)),
    ).select(*FLAG_COLUMNS)


def flagged_children(held: Held, victim: ibis.Table, crime: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """The table `flagged_child`, with `CHILD_COLUMNS`. In the base: first marked in the period.

    `first_sign_day`: the earliest day of a missing episode, a report of an offence against them, or a referral of a
    partner about them, and never after the flag. `days_to_flag`: from that day; missing where no flag was put on, as
    on a crime that is marked by its title alone. `episodes_before_flag`: begun on a day before it.
    """
    ours = _children(held, victim, crime, episodes)
    signs = _signs(held, victim, episodes)
    first = signs.group_by(CHILD).aggregate(sign_day=signs.day.min())
    rows = beside(beside(ours, first, CHILD), _before(ours, episodes), CHILD)
    rows = with_period(with_country(rows, held, authority=""), held)
    rows = beside(rows, extracted_day_of(held, "flags", "missing"), ["force_code"])
    rows = with_answers(rows, held, "flags_complete", "missing_sent")
    first_sign = ibis.least(rows.sign_day, rows.flag_day)
    marked_day = ibis.least(rows.flag_day, rows.titled_day)
    base = within(marked_day, rows.period_from, rows.period_to)
    return rows.mutate(
        record_ref=rows.person_id,
        in_period=base,
        in_base=base,
        first_sign_day=first_sign,
        flagged=any_true(~rows.flag_day.isnull(), rows.flags_complete),
        days_to_flag=days_between(first_sign, rows.flag_day),
        days_seen=days_between(first_sign, rows.extracted_day),
        episodes_before_flag=ibis.cases((rows.missing_sent & ~rows.flag_day.isnull(), rows.episodes.fill_null(0))),
        flags_known=rows.flags_complete & ~rows.undated.fill_null(False),
    ).select(*CHILD_COLUMNS)


def _children(held: Held, victim: ibis.Table, crime: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """One row a child who is marked: flag_day, titled_day (a crime titled exploitation was recorded), `undated`: they
    bear a flag of which no day is known."""
    marks = held["flags"].filter(held["flags"].flag.isin(OF_EXPLOITATION))
    against = _child_victims(victim)
    titled = crime.filter(crime.cse_titled.fill_null(False)).select("force_code", "crime_ref", "recorded_day")
    by_crime = marks.filter(~marks.crime_ref.isnull()).join(against, ["force_code", "crime_ref"])
    missing = episodes.select("force_code", "missing_ref", "person_id").filter(~episodes.person_id.isnull())
    by_episode = marks.filter(~marks.missing_ref.isnull()).join(missing, ["force_code", "missing_ref"])
    own = marks.filter(~marks.person_ref.isnull() & (marks.flag == "cse_risk_child"))
    by_person = own.join(_numbers(held), ["force_code", "person_ref"])
    no_day = ibis.null("date")
    flagged = [
        one.select(*CHILD, flag_day=one.added_at_day, titled_day=no_day, undated=one.added_at_day.isnull())
        for one in (by_crime, by_episode, by_person)
    ]
    named = titled.join(against, ["force_code", "crime_ref"])
    by_title = named.select(*CHILD, flag_day=no_day, titled_day=named.recorded_day, undated=ibis.literal(False))
    rows = stacked([*flagged, by_title])
    return rows.group_by(CHILD).aggregate(
        flag_day=rows.flag_day.min(), titled_day=rows.titled_day.min(), undated=rows.undated.any()
    )


def _child_victims(victim: ibis.Table) -> ibis.Table:
    found = victim.filter(victim.child_at_offence.fill_null(False) & ~victim.person_id.isnull())
    return found.select("force_code", "crime_ref", "person_id").distinct()


def _numbers(held: Held) -> ibis.Table:
    """Which person each of a force's numbers is."""
    told = held["involvements"].select("force_code", "involvement_ref", "person_ref")
    told = told.filter(~told.person_ref.isnull()).join(held["people"], ["force_code", "involvement_ref"])
    return told.group_by("force_code", "person_ref").aggregate(person_id=told.person_id.min())


def _signs(held: Held, victim: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """Every day on which something told of a child: force_code, person_id, day."""
    reported = victim.select(*CHILD, day=victim.report_day)
    gone = episodes.select(*CHILD, day=episodes.started_day)
    sent = held["referrals"].filter(held["referrals"].direction == INWARD)
    told = sent.join(_numbers(held), ["force_code", "person_ref"])
    told = told.select(*CHILD, day=told.made_at_day)
    rows = stacked([reported, gone, told])
    return rows.filter(~rows.person_id.isnull() & ~rows.day.isnull())


def _before(ours: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """Episodes that began on a day before the flag, by child."""
    days = ours.select(*CHILD, "flag_day")
    both = episodes.select(*CHILD, "missing_ref", "started_day").join(days, CHILD)
    both = both.filter(both.started_day < both.flag_day)
    return both.group_by(CHILD).aggregate(episodes=both.missing_ref.nunique())
