"""Was everything done that was owed, and in time?

One row for each standard, event that starts it and person owed. A clock whose end is not there: the time allowed was
not certainly over at extraction: not yet due. It was over, and the kind of the end is complete: it did not happen.
An end after the limit is late, or, where the law sets a maximum, a breach: the standard says which (`over_run`).
Otherwise it is not known. A standard whose end a force did not supply makes no rows for that force: it cannot be asked
there (return contract, sections 3.2 and 11.1). A start before the standard was in force keeps its row, which says so.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside, days_between, stacked, within
from assay.facts.contact_wishes import wishes_at
from assay.facts.duty_clocks import clocks as clock_rows
from assay.facts.duty_endings import with_endings
from assay.facts.duty_exemptions import with_excuses
from assay.facts.fact_inputs import Held, Keep, as_it_is
from assay.facts.inferred_steps import RESTS_ON, RESTS_ON_CRIMES
from assay.facts.jurisdictions import with_period
from assay.facts.owed_duties import NO_STANDARD, owed
from assay.facts.reports_and_episodes import PERSON, people
from assay.facts.time_limits import with_limits
from assay.reference.time_standards import OVER_RUNS

IN_TIME, DID_NOT_HAPPEN = "in time", "did not happen"
NOT_YET_DUE, NOT_KNOWN = "not yet due", "not known"
OWED_TO_A_CHILD = ("child", "missing", "row")
"""Ways in which a duty is tied that make the number it names that of the child; on a crime it may be anybody's."""
MISSED = (*OVER_RUNS, DID_NOT_HAPPEN)
"""The states of a duty that was not done in time."""
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "standard", "family", "rights", "rights_known", "duty_holder",
    "holder", "verified", "grades", "standard_in_force", "start_event", "end_event", "about_ref", "crime_ref",
    "missing_ref", "involvement_ref", "person_id", "in_base", "crime_cancelled", "crime_transferred", "starts",
    "starts_last", "starts_day", "limit_number", "unit", "ended", "ended_last", "ended_day", "state", "in_time",
    "not_yet_due", "inferred", "declined", "no_contact_wished", "age_at_offence", "age_at_report", "child_at_offence",
    "when_reported", "offence_family", "wait_hours_low", "wait_hours_high", "days_to_ended", "days_seen", "end_known",
)  # fmt: skip


def duties(
    held: Held,
    steps: ibis.Table,
    persons: ibis.Table,
    crimes: ibis.Table,
    episodes: ibis.Table,
    agreed: ibis.Table,
    keep: Keep = as_it_is,
) -> ibis.Table:
    """The table `duty`, with `COLUMNS`.

    `person_id`: of the entry to whom it is owed; where it is owed to no entry, of the child whom it names, or whose
    missing episode it is about; missing where it is owed on a crime. `in_base`: see `_in_base`. `inferred`: the notice
    was matched by rule, no reference names it. `crime_cancelled` and `declined` say that the duty fell away in time:
    see `excuses`. `no_contact_wished`: the wish was in force when the duty began; `agreed`: the agreements on contact.
    `standard_in_force`: on the day that picks the standard.
    `days_to_ended`, `days_seen`: whole local days from the start to the end, and to the day of extraction; `end_known`:
    every such end is sent, and none leaves open what it ended.
    """
    clocks = keep("work_clocks", clock_rows(held))
    rows = keep("work_owed", owed(held, clocks, steps, persons, (crimes, episodes), keep))
    rows = beside(rows, keep("work_kinds", _kinds(held)), ["force_code", "end_event"])
    rows = rows.mutate(complete=rows.complete & (_covered(rows) | (rows.end_event == RECORDED)))
    asked = rows.supplied.fill_null(False) & (_covered(rows) | rows.start_event.isin(REPORTING))
    rows = keep("work_asked", rows.filter(asked).drop("supplied", "covers_from", "covers_to"))
    rows = keep("work_ended", with_endings(held, rows, clocks, steps, keep))
    rows = with_limits(rows, held)
    rows = _with_state(_with_holes(rows, held))
    rows = beside(rows, _wished(rows, agreed), ["force_code", "record_ref"])
    rows = _with_people(rows, persons, crimes, episodes)
    return _described(with_excuses(rows, held, steps), held)


def _wished(rows: ibis.Table, agreed: ibis.Table) -> ibis.Table:
    """For each duty: had the victim asked not to be contacted when it began?"""
    points = rows.filter(~rows.party_ref.isnull()).select(
        "force_code", "crime_ref", point_ref="record_ref", victim_ref="party_ref",
        moment=rows.starts.epoch_seconds().cast("int64"), moment_last=rows.starts_last.epoch_seconds().cast("int64"),
    )  # fmt: skip
    return wishes_at(points, agreed).rename(record_ref="point_ref")


def _kinds(held: Held) -> ibis.Table:
    """Of each kind that ends a clock: was it supplied, is it complete, until when, for which days of the period?"""
    kinds = held["event_kinds"]
    homes = kinds.select(end_event="key", home="home", home_table=kinds.home.re_extract("^[a-z]+", 0))
    told = held["kinds"].select("force_code", "supplied", "complete", end_event="kind")
    told = beside(stacked([told, *[_rests_on(held, kind) for kind in RESTS_ON]]), homes, ["end_event"])
    in_crimes = told.end_event.isin(RESTS_ON_CRIMES)
    told = told.mutate(
        table_name=ibis.cases((in_crimes, "crimes"), (told.home == "worked out", "events"), else_=told.home_table)
    )
    told = beside(_in_the_file(told, held), held["work_extraction"], ["force_code", "table_name"])
    return told.drop("home", "home_table", "table_name")


def _in_the_file(told: ibis.Table, held: Held) -> ibis.Table:
    """A kind whose home is a column that the file does not have was not supplied."""
    columns = held["columns"]
    left_out = columns.filter(~columns.in_file.fill_null(False))
    left_out = left_out.select(
        "force_code", home=left_out.table_name + "." + left_out.column_name, left_out=ibis.literal(True)
    )
    told = beside(told, left_out.distinct(), ["force_code", "home"])
    return told.mutate(supplied=told.supplied.fill_null(False) & ~told.left_out.fill_null(False)).drop("left_out")


def _rests_on(held: Held, kind: str) -> ibis.Table:
    """A worked-out kind is supplied if one of its ways is, and complete if all are."""
    told = held["kinds"].filter(held["kinds"].kind.isin(RESTS_ON[kind]))
    sure = (told.supplied & told.complete).fill_null(False)
    known = told.group_by("force_code").aggregate(
        supplied=told.supplied.fill_null(False).any(), sure=sure.cast("int64").sum()
    )
    complete = known.sure == len(RESTS_ON[kind])
    return known.select("force_code", "supplied", complete=complete, end_event=ibis.literal(kind))


def _covered(rows: ibis.Table) -> ibis.Value:
    """False for a start on a day that the table of the end does not cover (return contract, section 2.3).

    Such a start cannot be asked about; but a clock that begins with the report of a crime keeps its row, as not known.
    """
    too_early = (rows.chosen_day < rows.covers_from).fill_null(False)
    too_late = (rows.chosen_day >= rows.covers_to).fill_null(False)
    return ~too_early & ~too_late


def _with_holes(rows: ibis.Table, held: Held) -> ibis.Table:
    """`complete` is no for a crime, person or episode of which a row of the end's kind was set aside (rule R58)."""
    lost = held["work_holes"].rename(end_event="what")
    for number, name in enumerate(("crime_ref", "person_ref", "missing_ref")):
        found = lost.filter(~lost[name].isnull()).select("force_code", "end_event", name).distinct()
        flag = f"hole_{number}"
        rows = beside(rows, found.mutate(**{flag: ibis.literal(True)}), ["force_code", "end_event", name])
        whole = rows.complete.fill_null(False) & ~rows[flag].fill_null(False)
        rows = rows.mutate(complete=whole).drop(flag)
    return rows


def _with_state(rows: ibis.Table) -> ibis.Table:
    there = ~rows.ended.isnull()
    clear = ~rows.only_before & ~rows.murky
    state = ibis.cases(
        (rows.unclear, NOT_KNOWN),
        (there & rows.in_limit, IN_TIME),
        (there & ~rows.in_limit, rows.over_run),
        (there, NOT_KNOWN),
        (~rows.passed, NOT_YET_DUE),
        (clear & rows.passed & rows.complete, DID_NOT_HAPPEN),
        else_=NOT_KNOWN,
    )
    rows = rows.mutate(state=state)
    return rows.mutate(
        in_time=ibis.cases((rows.state == IN_TIME, True), (rows.state.isin(MISSED), False)),
        not_yet_due=ibis.cases(
            (rows.state == NOT_YET_DUE, True),
            ((rows.standard != NO_STANDARD) & (~rows.ended.isnull() | ~rows.passed.isnull()), False),
        ),
    )


def _with_people(rows: ibis.Table, persons: ibis.Table, crimes: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """The duty with what its crime, person and missing episode add."""
    crime = crimes.select(
        "force_code", "crime_ref", crime_in_base="in_base", cancelled="cancelled",
        crime_transferred="transferred", offence_family="offence_family", crime_child="child_at_offence",
        crime_when="when_reported",
    )  # fmt: skip
    person = persons.select(
        "force_code", "age_at_offence", "age_at_report", party_ref="involvement_ref", person_id="person_id",
        own_child="child_at_offence", own_when="when_reported", is_victim=persons.role == "victim",
    )  # fmt: skip
    rows = beside(rows, crime, ["force_code", "crime_ref"])
    rows = beside(rows, person, ["force_code", "party_ref"])
    rows = beside(rows, people(persons).rename(of_number="person_id"), PERSON)
    episode = episodes.select("force_code", "missing_ref", episode_in_base="in_base", of_episode="person_id")
    rows = beside(rows, episode, ["force_code", "missing_ref"])
    child = ibis.cases((rows.level.isin(OWED_TO_A_CHILD), ibis.coalesce(rows.of_number, rows.of_episode)))
    return rows.mutate(person_id=ibis.ifelse(rows.party_ref.isnull(), child, rows.person_id))


def _described(rows: ibis.Table, held: Held) -> ibis.Table:
    rows = with_period(rows, held)
    in_period = within(rows.chosen_day, rows.period_from, rows.period_to)
    victim = rows.is_victim.fill_null(False)
    days, seen = days_between(rows.starts_day, rows.ended_day), days_between(rows.starts_day, rows.extracted_day)
    clear = ~rows.unclear & ~rows.only_before & ~rows.murky & (days >= 0).fill_null(True)
    return rows.mutate(
        days_to_ended=ibis.cases(((days >= 0) & (days <= seen), days)),
        days_seen=seen,
        end_known=(rows.complete & clear).fill_null(False),
        in_period=in_period,
        in_base=_in_base(rows, in_period),
        about_ref=rows.step_ref,
        involvement_ref=rows.party_ref,
        child_at_offence=ibis.ifelse(victim, rows.own_child, rows.crime_child),
        when_reported=ibis.ifelse(victim, rows.own_when, rows.crime_when),
        no_contact_wished=ibis.cases((victim, rows.no_contact_wished)),
    ).select(*COLUMNS)


REPORTING = ("report_received", "crime_reported")
RECORDED = "crime_recorded"


def _in_base(rows: ibis.Table, in_period: ibis.Value) -> ibis.Value:
    """Does the duty belong to the base: its crime is of the base, and its clock began in the period?

    A clock that begins with the report goes with its crime, which belongs to the period by the day of its record:
    so each crime of the base has its clock, and none is asked twice. Where there is no crime, the start decides; of a
    missing episode its own beginning must lie in the period too.
    """
    of_the_crime = rows.crime_in_base & (in_period | rows.start_event.isin(REPORTING))
    alone = ibis.ifelse(rows.missing_ref.isnull(), in_period, in_period & rows.episode_in_base)
    return ibis.ifelse(rows.crime_ref.isnull(), alone, of_the_crime)
