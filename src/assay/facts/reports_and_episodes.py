"""Facts of reports, missing episodes and listed groups."""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, is_in_period, left_join
from assay.facts.fact_inputs import Tables
from assay.facts.group_matches import claimed_members
from assay.facts.inferred_absence import add_set_aside_cells, add_supply_indicators
from assay.facts.jurisdictions import add_country, add_period

PERSON = ["force_code", "person_ref"]


def persons_by_ref(persons: ibis.Table) -> ibis.Table:
    """Return one row for each force and person_ref: person_id."""
    rows = persons.filter(~persons.person_ref.isnull())
    return rows.group_by(PERSON).aggregate(person_id=rows.person_id.min())


def latest_first_order(rows: ibis.Table, day: str, key: str) -> list[ibis.Value]:
    """Return the sort order with the latest row of a force first; of one day the later line of the file.

    The reference comes last, only to make the order total: in a bundle it is a code without a meaningful order.
    """
    return [rows[day].desc(), rows.line.desc(), rows[key].desc()]


def ages_at_event(tables: Tables, table: str, key: str) -> ibis.Table:
    """Return one row for each record of a table: `ages_at_event`, how old its child was."""
    event_ages = tables["ages_then"]
    return event_ages.filter(event_ages.table_name == table).select(
        "force_code", age_then="age", **{key: event_ages.record_ref}
    )


def report_facts(tables: Tables, persons: ibis.Table) -> ibis.Table:
    """Return the table `report`: report_ref, received_day, source, report_result, n100_made, crimes (tied to it),
    person_id (whom it is about, where its entries are of one person who is no suspect)."""
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
    """Return one row for each report about one person: of several none is picked, and an entry that is nobody's known
    person may be of another."""
    rows = persons.filter(~persons.report_ref.isnull() & (persons.role != "suspect"))
    report_rows = rows.group_by("force_code", "report_ref").aggregate(
        first=rows.person_id.min(), last=rows.person_id.max(), unknown=rows.person_id.isnull().any()
    )
    is_single = (report_rows["first"] == report_rows["last"]) & ~report_rows.unknown
    return report_rows.select("force_code", "report_ref", person_id=ibis.cases((is_single, report_rows["first"])))


def missing_episode_facts(tables: Tables, persons: ibis.Table) -> ibis.Table:
    """Return the table `missing_episode`: whose, from when, how graded, and whether the child is back."""
    rows = left_join(
        add_country_and_period(tables["missing"], tables, "started_at_day"), persons_by_ref(persons), PERSON
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
    """Return the table `group`: group_kind, how many offenders, facilitators and victims, and whether it was active in
    the period: mapped before its end, and not given up before its beginning. `found`: the records show it too
    (`group_match_rows`: see `group_matches`)."""
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
    """Persons of each part in each group, by the force's own numbers made into persons; `unknown_part`: of some member
    the part is not known."""
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
    """Rows with country and `in_period`, by the day that dates their table."""
    rows = add_period(add_country(rows, tables, authority), tables)
    return rows.mutate(in_period=is_in_period(rows[day], rows.period_from, rows.period_to))
