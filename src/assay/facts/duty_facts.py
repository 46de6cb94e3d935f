"""The state of each duty (in time, late, not done, not yet due, not known), and the event that ended it.

One row for each standard, event that starts it and person owed. A clock whose end is not there: the time allowed was
not certainly over at extraction: not yet due. It was over, and the kind of the end is complete: it did not happen.
An end after the limit is late, or, where the law sets a maximum, a breach: the standard says which (`over_run`).
Otherwise it is not known. A standard whose end a force did not supply makes no rows for that force: it cannot be asked
there (return contract, sections 3.2 and 11.1). A start before the standard was in force keeps its row, which says so.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import days_between, is_in_period, left_join, union_all
from assay.facts import victim_notices
from assay.facts.contact_wishes import contact_wishes_at
from assay.facts.duty_clocks import NOTICE
from assay.facts.duty_clocks import duty_clocks as clock_rows
from assay.facts.duty_exemptions import add_exemptions
from assay.facts.fact_inputs import Materialise, Tables, keep_lazy
from assay.facts.inferred_steps import KINDS_FROM_CRIMES, REQUIRED_KINDS
from assay.facts.jurisdictions import add_period
from assay.facts.owed_duties import NO_STANDARD, collect_duties, subject_reference
from assay.facts.reports_and_episodes import PERSON_REFERENCE, persons_by_ref
from assay.facts.time_limits import add_time_limits
from assay.reference.time_standards import OVER_RUNS

# End events of duties: which event ended each clock, and when.
#
# The earliest end that is not certainly before the start; both bounds of its interval are the earliest of their kind.
# If every end lies certainly before the start, the records are contradictory and the duty is not known (rules R41 to
# R45).

END = ("force_code", "end_event", "level", "thing", "end_starts", "end_last", "end_day", "end_inferred")
DUTY = ["force_code", "record_ref"]


def add_duty_endings(
    tables: Tables,
    duties: ibis.Table,
    clocks: ibis.Table,
    steps: ibis.Table,
    materialise: Materialise = keep_lazy,
) -> ibis.Table:
    """Add to each duty the event that ended it.

    `ended` has three columns. `inferred`: the event is inferred. `only_before`: there are ends, but all before the
    start. `unclear_notices`: the crime has an end of this kind that does not say whose it is.
    """
    notices = materialise("work_notices", victim_notices.collect_notices(tables, steps))
    ends = union_all([_step_ends(clocks, steps), materialise("work_told", _notice_ends(notices, steps, materialise))])
    duty_ends = duties.select(*DUTY, "end_event", "level", "thing", "starts", "grace_seconds").join(
        ends, ["force_code", "end_event", "level", "thing"]
    )
    is_not_before = _not_before(duty_ends.end_last, duty_ends.starts, duty_ends.grace_seconds)
    endings = duty_ends.group_by(DUTY).aggregate(
        ended=duty_ends.end_starts.min(where=is_not_before),
        ended_last=duty_ends.end_last.min(where=is_not_before),
        ended_day=duty_ends.end_day.min(where=is_not_before),
        named=(is_not_before & ~duty_ends.end_inferred).any(),
        before=(~is_not_before).any(),
    )
    rows = left_join(duties, endings, DUTY)
    rows = left_join(rows, _duties_with_unclear_ends(duties, clocks, steps, notices), DUTY)
    has_end = ~rows.ended.isnull()
    return rows.mutate(
        inferred=has_end & ~rows.named.fill_null(False),
        only_before=~has_end & rows.before.fill_null(False),
        murky=rows.murky.fill_null(False),
    ).drop("named", "before")


def _not_before(last: ibis.Value, starts: ibis.Value, grace_seconds: ibis.Value) -> ibis.Value:
    """Return False only if an end is certainly before its start, by more than the grace period."""
    return (last.epoch_seconds() >= starts.epoch_seconds() - grace_seconds).fill_null(True)


def _step_ends(clocks: ibis.Table, steps: ibis.Table) -> ibis.Table:
    levels = clocks.filter(clocks.level != "notice").select("end_event", "level").distinct()
    ends = steps.rename(end_event="kind").join(levels, ["end_event"])
    ends = ends.mutate(thing=subject_reference(ends)).filter(
        lambda table: ~table.thing.isnull() & ~table.starts.isnull()
    )
    return ends.select(
        "force_code", "end_event", "level", "thing", end_starts="starts", end_last="starts_last",
        end_day="starts_day", end_inferred=ibis.literal(False),
    ).select(*END)  # fmt: skip


def _notice_ends(notices: ibis.Table, steps: ibis.Table, materialise: Materialise) -> ibis.Table:
    notices = victim_notices.match_notices(notices, steps, materialise)
    return notices.select(
        "force_code", end_event=ibis.literal(NOTICE), level=ibis.literal("notice"),
        thing=notices.victim_ref + "|" + notices.event_ref, end_starts=notices.informed, end_last=notices.informed_last,
        end_day=notices.informed_day, end_inferred=notices.inferred,
    ).select(*END)  # fmt: skip


def _duties_with_unclear_ends(
    duties: ibis.Table, clocks: ibis.Table, steps: ibis.Table, notices: ibis.Table
) -> ibis.Table:
    """Return the duties whose crime has an end event that does not say for whom, and may be theirs."""
    ends_by_role = [_ends_without_party(clocks, steps, role) for role in ("victim", "suspect")]
    ends = union_all([*ends_by_role, _notices_without_party(notices)])
    shared_columns = ["end_event", "level", "crime_ref"]
    pairs = duties.select(*DUTY, *shared_columns, "party_ref", "step_ref", "start_event", "starts")
    pairs = pairs.join(ends, ["force_code", *shared_columns])
    may_be_end = (pairs.end_last >= pairs.starts).fill_null(True)
    is_same_event = (pairs.event_ref.isnull() | (pairs.event_ref == pairs.step_ref)) & (
        pairs.event_kind.isnull() | (pairs.event_kind == pairs.start_event)
    )
    may_be_party = pairs.to_ref.isnull() | (pairs.to_ref == pairs.party_ref)
    return (
        pairs.filter(may_be_end & is_same_event & may_be_party)
        .select(*DUTY)
        .distinct()
        .mutate(murky=ibis.literal(True))
    )


UNCLEAR = ("force_code", "end_event", "level", "crime_ref", "end_last", "to_ref", "event_ref", "event_kind")


def _ends_without_party(clocks: ibis.Table, steps: ibis.Table, role: str) -> ibis.Table:
    ends = clocks.filter(clocks.level == role).select("end_event", "level").distinct()
    matching_ends = steps.rename(end_event="kind").join(ends, ["end_event"])
    matching_ends = matching_ends.filter(
        matching_ends[f"{role}_ref"].isnull() & ~matching_ends.crime_ref.isnull() & ~matching_ends.starts.isnull()
    )
    missing_text = ibis.null("string")
    return matching_ends.select(
        "force_code",
        "end_event",
        "level",
        "crime_ref",
        end_last="starts_last",
        to_ref=missing_text,
        event_ref=missing_text,
        event_kind=missing_text,
    ).select(*UNCLEAR)


def _notices_without_party(notices: ibis.Table) -> ibis.Table:
    unclear = victim_notices.unclear_notices(notices)
    return unclear.select(
        "force_code", "crime_ref", "event_ref", "event_kind", end_event=ibis.literal(NOTICE),
        level=ibis.literal("notice"), end_last=unclear.informed_last, to_ref=unclear.victim_ref,
    ).select(*UNCLEAR)  # fmt: skip


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


def duty_facts(
    tables: Tables,
    steps: ibis.Table,
    persons: ibis.Table,
    crimes: ibis.Table,
    episodes: ibis.Table,
    agreements: ibis.Table,
    materialise: Materialise = keep_lazy,
) -> ibis.Table:
    """Return the table `duty` (`COLUMNS`): one row for each duty, with its state (such as in time or late).

    `person_id`: the person to whom the duty is owed, or the child that the duty or its missing episode is about;
    missing if it is owed for a crime. `in_base`: see `_is_in_base`. `inferred`: the notice was matched by a rule,
    without a reference. `crime_cancelled` and `declined`: the duty ended in time; see `duty_exemptions`.
    `no_contact_wished`: the wish was in force at the start. `standard_in_force`: on the day that decides the standard.
    `days_to_ended` and `days_seen`: whole local days from the start to the end, and to extraction. `end_known`: all
    such ends are sent, and each says what it ends. `agreements` are the agreements on contact.
    """
    clocks = materialise("work_clocks", clock_rows(tables))
    rows = materialise("work_owed", collect_duties(tables, clocks, steps, persons, (crimes, episodes), materialise))
    rows = left_join(rows, materialise("work_kinds", _kind_supply(tables)), ["force_code", "end_event"])
    rows = rows.mutate(complete=rows.complete & (_is_covered(rows) | (rows.end_event == CRIME_RECORDED)))
    is_applicable = rows.supplied.fill_null(False) & (_is_covered(rows) | rows.start_event.isin(REPORT_EVENTS))
    rows = materialise("work_asked", rows.filter(is_applicable).drop("supplied", "covers_from", "covers_to"))
    rows = materialise("work_ended", add_duty_endings(tables, rows, clocks, steps, materialise))
    rows = add_time_limits(rows, tables)
    rows = _add_state(_mark_incomplete_cases(rows, tables))
    rows = left_join(rows, _contact_wishes(rows, agreements), ["force_code", "record_ref"])
    rows = _add_people(rows, persons, crimes, episodes)
    return _final_columns(add_exemptions(rows, tables, steps), tables)


def _contact_wishes(rows: ibis.Table, agreements: ibis.Table) -> ibis.Table:
    """Return, for each duty, whether the victim had asked not to be contacted when it began."""
    points = rows.filter(~rows.party_ref.isnull()).select(
        "force_code", "crime_ref", point_ref="record_ref", victim_ref="party_ref",
        moment=rows.starts.epoch_seconds().cast("int64"), moment_last=rows.starts_last.epoch_seconds().cast("int64"),
    )  # fmt: skip
    return contact_wishes_at(points, agreements).rename(record_ref="point_ref")


def _kind_supply(tables: Tables) -> ibis.Table:
    """Return, for each kind that ends a clock, whether it was supplied and complete, until when, and for which days."""
    kinds = tables["event_kinds"]
    kind_tables = kinds.select(end_event="key", home="home", home_table=kinds.home.re_extract("^[a-z]+", 0))
    kind_rows = tables["kinds"].select("force_code", "supplied", "complete", end_event="kind")
    kind_rows = left_join(
        union_all([kind_rows, *[_inferred_kind_supply(tables, kind) for kind in REQUIRED_KINDS]]),
        kind_tables,
        ["end_event"],
    )
    in_crimes = kind_rows.end_event.isin(KINDS_FROM_CRIMES)
    kind_rows = kind_rows.mutate(
        table_name=ibis.cases(
            (in_crimes, "crimes"), (kind_rows.home == "worked out", "events"), else_=kind_rows.home_table
        )
    )
    kind_rows = left_join(
        _mark_missing_columns(kind_rows, tables), tables["work_extraction"], ["force_code", "table_name"]
    )
    return kind_rows.drop("home", "home_table", "table_name")


def _mark_missing_columns(kind_rows: ibis.Table, tables: Tables) -> ibis.Table:
    """Set kinds that are columns missing from the file to not supplied."""
    columns = tables["columns"]
    absent_columns = columns.filter(~columns.in_file.fill_null(False))
    absent_columns = absent_columns.select(
        "force_code", home=absent_columns.table_name + "." + absent_columns.column_name, excluded=ibis.literal(True)
    )
    kind_rows = left_join(kind_rows, absent_columns.distinct(), ["force_code", "home"])
    return kind_rows.mutate(supplied=kind_rows.supplied.fill_null(False) & ~kind_rows.excluded.fill_null(False)).drop(
        "excluded"
    )


def _inferred_kind_supply(tables: Tables, kind: str) -> ibis.Table:
    """Return the supply of inferred kinds: supplied if one of their sources is, complete if all are."""
    source_kinds = tables["kinds"].filter(tables["kinds"].kind.isin(REQUIRED_KINDS[kind]))
    is_complete = (source_kinds.supplied & source_kinds.complete).fill_null(False)
    force_kinds = source_kinds.group_by("force_code").aggregate(
        supplied=source_kinds.supplied.fill_null(False).any(), sure=is_complete.cast("int64").sum()
    )
    complete = force_kinds.sure == len(REQUIRED_KINDS[kind])
    return force_kinds.select("force_code", "supplied", complete=complete, end_event=ibis.literal(kind))


def _is_covered(rows: ibis.Table) -> ibis.Value:
    """Return False for a start on a day that the table of the end does not cover (return contract, section 2.3).

    Such a duty cannot be assessed. But a clock that starts with the report of a crime keeps its row, as not known.
    """
    too_early = (rows.chosen_day < rows.covers_from).fill_null(False)
    too_late = (rows.chosen_day >= rows.covers_to).fill_null(False)
    return ~too_early & ~too_late


def _mark_incomplete_cases(rows: ibis.Table, tables: Tables) -> ibis.Table:
    """Set `complete` to no for cases of which a row of the kind of the end was set aside (rule R58)."""
    incomplete = tables["work_holes"].rename(end_event="what")
    for number, name in enumerate(("crime_ref", "person_ref", "missing_ref")):
        cases = incomplete.filter(~incomplete[name].isnull()).select("force_code", "end_event", name).distinct()
        flag = f"hole_{number}"
        rows = left_join(rows, cases.mutate(**{flag: ibis.literal(True)}), ["force_code", "end_event", name])
        is_complete = rows.complete.fill_null(False) & ~rows[flag].fill_null(False)
        rows = rows.mutate(complete=is_complete).drop(flag)
    return rows


def _add_state(rows: ibis.Table) -> ibis.Table:
    has_end = ~rows.ended.isnull()
    is_clear = ~rows.only_before & ~rows.murky
    state = ibis.cases(
        (rows.unclear, NOT_KNOWN),
        (has_end & rows.in_limit, IN_TIME),
        (has_end & ~rows.in_limit, rows.over_run),
        (has_end, NOT_KNOWN),
        (~rows.passed, NOT_YET_DUE),
        (is_clear & rows.passed & rows.complete, DID_NOT_HAPPEN),
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


def _add_people(rows: ibis.Table, persons: ibis.Table, crimes: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """Return the duties with columns of their crime, person and missing episode."""
    crime = crimes.select(
        "force_code", "crime_ref", crime_in_base="in_base", cancelled="cancelled",
        crime_transferred="transferred", offence_family="offence_family", crime_child="child_at_offence",
        crime_when="when_reported",
    )  # fmt: skip
    person = persons.select(
        "force_code", "age_at_offence", "age_at_report", party_ref="involvement_ref", person_id="person_id",
        own_child="child_at_offence", own_when="when_reported", is_victim=persons.role == "victim",
    )  # fmt: skip
    rows = left_join(rows, crime, ["force_code", "crime_ref"])
    rows = left_join(rows, person, ["force_code", "party_ref"])
    rows = left_join(rows, persons_by_ref(persons).rename(of_number="person_id"), PERSON_REFERENCE)
    episode = episodes.select("force_code", "missing_ref", episode_in_base="in_base", of_episode="person_id")
    rows = left_join(rows, episode, ["force_code", "missing_ref"])
    child_id = ibis.cases((rows.level.isin(OWED_TO_A_CHILD), ibis.coalesce(rows.of_number, rows.of_episode)))
    return rows.mutate(person_id=ibis.ifelse(rows.party_ref.isnull(), child_id, rows.person_id))


def _final_columns(rows: ibis.Table, tables: Tables) -> ibis.Table:
    rows = add_period(rows, tables)
    in_period = is_in_period(rows.chosen_day, rows.period_from, rows.period_to)
    is_victim = rows.is_victim.fill_null(False)
    days, days_seen = days_between(rows.starts_day, rows.ended_day), days_between(rows.starts_day, rows.extracted_day)
    is_clear = ~rows.unclear & ~rows.only_before & ~rows.murky & (days >= 0).fill_null(True)
    return rows.mutate(
        days_to_ended=ibis.cases(((days >= 0) & (days <= days_seen), days)),
        days_seen=days_seen,
        end_known=(rows.complete & is_clear).fill_null(False),
        in_period=in_period,
        in_base=_is_in_base(rows, in_period),
        about_ref=rows.step_ref,
        involvement_ref=rows.party_ref,
        child_at_offence=ibis.ifelse(is_victim, rows.own_child, rows.crime_child),
        when_reported=ibis.ifelse(is_victim, rows.own_when, rows.crime_when),
        no_contact_wished=ibis.cases((is_victim, rows.no_contact_wished)),
    ).select(*COLUMNS)


REPORT_EVENTS = ("report_received", "crime_reported")
CRIME_RECORDED = "crime_recorded"


def _is_in_base(rows: ibis.Table, in_period: ibis.Value) -> ibis.Value:
    """Return whether the duty is in the base: its crime is in the base, and its clock started in the period.

    A clock that starts with the report follows its crime, which belongs to the period of its recording: so each crime
    of the base has its clock exactly once. Without a crime, the start decides; a missing episode must also begin in the
    period.
    """
    crime_in_base = rows.crime_in_base & (in_period | rows.start_event.isin(REPORT_EVENTS))
    start_in_base = ibis.ifelse(rows.missing_ref.isnull(), in_period, in_period & rows.episode_in_base)
    return ibis.ifelse(rows.crime_ref.isnull(), start_in_base, crime_in_base)
