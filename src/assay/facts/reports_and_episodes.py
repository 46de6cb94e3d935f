"""What is known of each report, missing episode and group?"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside, within
from assay.facts.fact_inputs import Held
from assay.facts.group_matches import claimed_members
from assay.facts.inferred_absence import with_answers, with_cells
from assay.facts.jurisdictions import with_country, with_period

PERSON = ["force_code", "person_ref"]


def people(persons: ibis.Table) -> ibis.Table:
    """One row a force and person_ref: person_id."""
    rows = persons.filter(~persons.person_ref.isnull())
    return rows.group_by(PERSON).aggregate(person_id=rows.person_id.min())


def latest_first(rows: ibis.Table, day: str, key: str) -> list[ibis.Value]:
    """The order in which the latest row of a force stands first: of one day the later line of the file. The reference
    comes last, and only so that the order is whole: in a bundle it is a code, whose order means nothing."""
    return [rows[day].desc(), rows.line.desc(), rows[key].desc()]


def age_then(held: Held, table: str, key: str) -> ibis.Table:
    """One row a record of a table: `age_then`, how old its child was."""
    told = held["ages_then"]
    return told.filter(told.table_name == table).select("force_code", age_then="age", **{key: told.record_ref})


def reports(held: Held, persons: ibis.Table) -> ibis.Table:
    """The table `report`: report_ref, received_day, source, report_result, n100_made, crimes (tied to it), person_id
    (whom it is about, where its entries are of one person who is no suspect)."""
    ties = held["report_crimes"]
    tied = ties.group_by("force_code", "report_ref").aggregate(tied=ties.crime_ref.nunique())
    rows = beside(dated(held["reports"], held, "received_at_day", authority=""), tied, ["force_code", "report_ref"])
    rows = beside(rows, _whom_reports_are_about(persons), ["force_code", "report_ref"])
    rows = with_answers(rows, held, "report_crimes_sent", "no_n100_at_is_no")
    rows = with_cells(rows, held, "reports", "report_ref", "n100_at")
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


def _whom_reports_are_about(persons: ibis.Table) -> ibis.Table:
    """One row a report about one person: of several none is picked, and an entry that is nobody's known person may be
    of another."""
    rows = persons.filter(~persons.report_ref.isnull() & (persons.role != "suspect"))
    found = rows.group_by("force_code", "report_ref").aggregate(
        first=rows.person_id.min(), last=rows.person_id.max(), unknown=rows.person_id.isnull().any()
    )
    alone = (found["first"] == found["last"]) & ~found.unknown
    return found.select("force_code", "report_ref", person_id=ibis.cases((alone, found["first"])))


def missing_episodes(held: Held, persons: ibis.Table) -> ibis.Table:
    """The table `missing_episode`: whose, from when, how graded, and whether the child is back."""
    rows = beside(dated(held["missing"], held, "started_at_day"), people(persons), PERSON)
    rows = beside(rows, age_then(held, "missing", "missing_ref"), ["force_code", "missing_ref"])
    rows = with_cells(with_answers(rows, held, "no_ended_at_is_no"), held, "missing", "missing_ref", "ended_at")
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


def groups(held: Held, matched: ibis.Table) -> ibis.Table:
    """The table `group`: group_kind, how many offenders, facilitators and victims, and whether it was active in the
    period: mapped before its end, and not given up before its beginning. `found`: the records show it too (`matched`:
    see `group_matches`)."""
    rows = with_period(with_country(held["groups"], held, authority=""), held)
    rows = beside(rows, _members(held), ["force_code", "group_ref"])
    again = matched.select("force_code", group_ref="claimed_ref").distinct().mutate(again=ibis.literal(True))
    rows = beside(rows, again, ["force_code", "group_ref"])
    rows = with_answers(rows, held, "group_members_sent", "no_ended_on_is_no")
    rows = with_cells(rows, held, "groups", "group_ref", "ended_on")
    counts = {
        name: ibis.cases((rows.group_members_sent, rows[f"{name}_found"].fill_null(0)))
        for name in ("offenders", "facilitators", "victims")
    }
    still = any_true(rows.ended_on >= rows.period_from, ~rows.ended_on.isnull())
    still = ibis.cases((rows.ended_on.isnull() & rows.no_ended_on_is_no & ~rows.ended_on_aside, True), else_=still)
    active = (rows.mapped_on < rows.period_to) & still
    return rows.select(
        "force_code",
        "country",
        "group_ref",
        "group_kind",
        record_ref=rows.group_ref,
        in_period=active,
        in_base=active,
        active_in_period=active,
        found=any_true(rows.again, rows.group_members_sent),
        **counts,
    )


def _members(held: Held) -> ibis.Table:
    """Persons of each part in each group, by the force's own numbers made into persons."""
    rows = claimed_members(held)
    return rows.group_by("force_code", "group_ref").aggregate(
        offenders_found=rows.who.nunique(where=rows.member_role == "offender"),
        facilitators_found=rows.who.nunique(where=rows.member_role == "facilitator"),
        victims_found=rows.who.nunique(where=rows.member_role == "victim"),
    )


def dated(rows: ibis.Table, held: Held, day: str, authority: str = "local_authority_code") -> ibis.Table:
    """Rows with country and `in_period`, by the day that dates their table."""
    rows = with_period(with_country(rows, held, authority), held)
    return rows.mutate(in_period=within(rows[day], rows.period_from, rows.period_to))
