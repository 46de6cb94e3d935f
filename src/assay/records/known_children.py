"""When did each child first come to notice, how long until they were assessed and flagged, and do partners know them?

One row is one child in one force of whom the force had a sign: a crime against them, a missing episode, a referral, or
signs or words of the child that were entered. A child is marked where exploitation was flagged, or a crime against
them bears the flag or the title.
"""

from __future__ import annotations

import ibis

from assay.engine.values import any_true, beside, days_between, stacked, within
from assay.records.absence import extracted_day_of, with_answers
from assay.records.assessed import DISCLOSED, first_reports
from assay.records.list_spells import signs
from assay.records.others import people
from assay.records.places import with_country, with_period
from assay.records.roles import LISTED
from assay.records.tables import Held

SEEN_SIGNS = "indicators_recorded"
SIGN_KINDS = (SEEN_SIGNS, DISCLOSED)
EXPLOITATION_FLAGS = ("cse", "group_cse", "cse_risk_child")
PARTNERS = ("local_authority", "education", "health", "voluntary", "nrm", "nrm_devolved")
MANY_EPISODES = 3
"""Missing so often before anybody marked exploitation: local procedures plan from the third episode on."""
PERSON = ["force_code", "person_id"]
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "person_id", "first_sign_day", "marked", "flagged",
    "assessed_before", "flagged_before", "episodes", "episodes_before_flag", "many_before_flag", "days_to_assessment",
    "days_to_flag", "days_seen", "assessments_known", "flags_known", "on_partner_list", "referred_out",
    "known_to_partners",
)  # fmt: skip


def known_children(
    held: Held, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table, steps: ibis.Table, role: ibis.Table
) -> ibis.Table:
    """The table `known_child`, with `COLUMNS`. It belongs to the period in which the first sign lies that was sent.

    `episodes_before_flag`: missing episodes begun before the day of the first flag, or all without one.
    """
    rows = _first_signs(held, persons, crime, episodes, steps)
    rows = with_period(with_country(rows, held, authority=""), held)
    flags = flags_of_children(held, persons, crime, episodes)
    for found in (
        _first_assessments(held, persons),
        flags.group_by(PERSON).aggregate(flag_day=flags.day.min(), flagged_row=flags.person_id.count() > 0),
        _marked_crimes(persons, crime),
        _with_partners(held, persons, role),
    ):
        rows = beside(rows, found, PERSON)
    rows = beside(rows, _episodes(episodes, rows), PERSON)
    rows = beside(rows, extracted_day_of(held, "crimes", "assessments", "flags"), ["force_code"])
    rows = with_answers(rows, held, "flags_complete", "assessments_complete", "agencies_complete", "referrals_complete")
    return _described(rows)


def _described(rows: ibis.Table) -> ibis.Table:
    flagged = any_true(rows.flagged_row, rows.flags_complete)
    before = rows.before_flag.fill_null(0)
    on_list, out = rows.any_listed.fill_null(False), rows.any_referred.fill_null(False)
    listed, referred = any_true(on_list, rows.agencies_complete), any_true(out, rows.referrals_complete)
    in_period = within(rows.first_sign_day, rows.period_from, rows.period_to)
    # A flag without a day says that it was put on, and not when.
    dated = ~(rows.flagged_row.fill_null(False) & rows.flag_day.isnull())
    first = rows.first_sign_day
    return rows.mutate(
        record_ref=rows.person_id,
        in_period=in_period,
        in_base=in_period,
        flagged=flagged,
        marked=any_true(rows.flagged_row.fill_null(False) | rows.any_marked.fill_null(False), rows.flags_complete),
        assessed_before=any_true(rows.assessed_day < first, rows.assessments_complete | ~rows.assessed_day.isnull()),
        flagged_before=ibis.cases(
            (dated, any_true(rows.flag_day < first, rows.flags_complete | ~rows.flag_day.isnull()))
        ),
        episodes=rows.episodes_all.fill_null(0),
        episodes_before_flag=ibis.cases((dated, before)),
        many_before_flag=ibis.cases((dated, before >= MANY_EPISODES)),
        days_to_assessment=days_between(first, rows.assessed_day),
        days_to_flag=days_between(first, rows.flag_day),
        days_seen=days_between(first, rows.extracted_day),
        assessments_known=rows.assessments_complete,
        flags_known=rows.flags_complete & dated,
        on_partner_list=listed,
        referred_out=referred,
        known_to_partners=listed | referred,
    ).select(*COLUMNS)


def _first_signs(
    held: Held, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table, steps: ibis.Table
) -> ibis.Table:
    entered = steps.filter(steps.kind.isin(SIGN_KINDS) & ~steps.person_ref.isnull())
    entered = entered.select("force_code", "person_ref", day="starts_day")
    entered = entered.join(people(persons), ["force_code", "person_ref"]).select("force_code", "person_id", "day")
    found = stacked([signs(held, persons, crime, episodes), entered.filter(~entered.person_id.isnull())])
    return found.group_by(PERSON).aggregate(first_sign_day=found.day.min())


def _first_assessments(held: Held, persons: ibis.Table) -> ibis.Table:
    rows = held["assessments"].join(people(persons), ["force_code", "person_ref"])
    return rows.group_by(PERSON).aggregate(assessed_day=rows.assessed_at_day.min())


def flags_of_children(held: Held, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """Every flag for exploitation that stands for a child: on them, on a crime against them, or on an episode of
    theirs: force_code, person_id, day."""
    flags = held["flags"].filter(held["flags"].flag.isin(EXPLOITATION_FLAGS))
    flags = flags.select("force_code", "crime_ref", "person_ref", "missing_ref", day="added_at_day")
    own = flags.join(people(persons), ["force_code", "person_ref"])
    of_crimes = first_reports(persons, crime).select("force_code", "person_id", "crime_ref")
    on_crimes = flags.select("force_code", "crime_ref", "day").join(of_crimes, ["force_code", "crime_ref"])
    of_episodes = episodes.select("force_code", "missing_ref", "person_id")
    on_episodes = flags.select("force_code", "missing_ref", "day").join(of_episodes, ["force_code", "missing_ref"])
    found = stacked([one.select("force_code", "person_id", "day") for one in (own, on_crimes, on_episodes)])
    return found.filter(~found.person_id.isnull())


def _marked_crimes(persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    marks = crime.select("force_code", "crime_ref", mark=crime.cse_flagged | crime.group_flagged | crime.cse_titled)
    both = first_reports(persons, crime).join(marks, ["force_code", "crime_ref"])
    return both.group_by(PERSON).aggregate(any_marked=both.mark.fill_null(False).any())


def _episodes(episodes: ibis.Table, rows: ibis.Table) -> ibis.Table:
    """One row a child who was missing: how often in all, and how often before the day of the first flag."""
    both = episodes.select("force_code", "person_id", "missing_ref", "started_day").join(
        rows.select(*PERSON, "flag_day"), PERSON
    )
    early = both.flag_day.isnull() | (both.started_day < both.flag_day)
    return both.group_by(PERSON).aggregate(
        episodes_all=both.missing_ref.nunique(), before_flag=both.missing_ref.nunique(where=early)
    )


def _with_partners(held: Held, persons: ibis.Table, role: ibis.Table) -> ibis.Table:
    """One row a child whom a partner knows: on a list of theirs, of any force, or referred to one."""
    listed = role.filter((role.role == LISTED) & ~role.person_id.isnull())
    listed = listed.select("force_code", "person_id", any_listed=ibis.literal(True), any_referred=ibis.literal(False))
    out = held["referrals"].filter(
        (held["referrals"].direction == "out") & held["referrals"].agency_kind.isin(PARTNERS)
    )
    out = out.select("force_code", "person_ref").join(people(persons), ["force_code", "person_ref"])
    out = out.select("force_code", "person_id", any_listed=ibis.literal(False), any_referred=ibis.literal(True))
    both = stacked([listed.distinct(), out.distinct()])
    return both.group_by(PERSON).aggregate(any_listed=both.any_listed.any(), any_referred=both.any_referred.any())


def episodes_with_marks(episodes: ibis.Table, held: Held, persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """The missing episodes with `child_marked`: before the day on which it began exploitation of the child was flagged,
    or a crime against them so titled was reported; and `flagged`: the episode itself bears a flag for exploitation."""
    own = held["flags"].filter(held["flags"].flag.isin(EXPLOITATION_FLAGS) & ~held["flags"].missing_ref.isnull())
    own = own.select("force_code", "missing_ref", own_flag=ibis.literal(True)).distinct()
    titled = crime.filter(crime.cse_titled.fill_null(False)).select("force_code", "crime_ref")
    named = first_reports(persons, crime).join(titled, ["force_code", "crime_ref"])
    marks = stacked([flags_of_children(held, persons, crime, episodes), named.select("force_code", "person_id", "day")])
    marks = marks.filter(~marks.day.isnull()).group_by(PERSON).aggregate(first_mark=marks.day.min())
    rows = beside(beside(episodes, marks, PERSON), own, ["force_code", "missing_ref"])
    rows = with_answers(rows, held, "flags_complete")
    before = rows.first_mark < rows.started_day
    not_before = rows.flags_complete & ~rows.person_id.isnull()
    return rows.mutate(
        child_marked=any_true(before, not_before), flagged=any_true(rows.own_flag, rows.flags_complete)
    ).select(*episodes.columns, "child_marked", "flagged")
