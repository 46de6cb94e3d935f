"""What is known of each victim of a crime: their ages, their rights, and how soon the police were in touch?

First contact is the first time that they were spoken with or seen, or told of an event, after the report (return
contract, section 11.5). What is certainly before the report is none; where the order is open, it is not known.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside, days_between
from assay.facts.contact_wishes import wishes_at
from assay.facts.crime_endings import CRIME
from assay.facts.event_parties import on_crimes
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import crimes_with_holes, with_answers

CONTACTS = ("victim_contacted", "victim_informed")
OWN = ["force_code", "stands_for"]
A_MINUTE = 60
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "involvement_ref", "crime_ref", "person_id",
    "age_at_offence_low", "age_at_offence_high", "age_at_offence", "age_at_report", "when_reported",
    "child_at_offence", "in_base", "cancelled", "transferred", "offence_family", "sex", "enhanced_rights",
    "no_contact_wished", "report_day", "report_day_known", "days_to_first_contact", "days_to_closed", "days_seen",
    "contact_known",
)  # fmt: skip


def victims(
    held: Held, persons: ibis.Table, crimes: tuple[ibis.Table, ibis.Table], steps: ibis.Table, agreed: ibis.Table
) -> ibis.Table:
    """The table `victim`, with `COLUMNS`: one row a victim of a crime. `contact_known`: that no contact is there
    means that there was none by extraction. `no_contact_wished`: by the end of the day of the report, or before the
    first contact. `crimes`: their base, and their facts; `agreed`: the agreements on contact.
    """
    base, facts = crimes
    rows = beside(on_crimes(persons, "victim"), base.select(*CRIME, "reported", "reported_last"), CRIME)
    rows = beside(rows, facts.select(*CRIME, "report_day_known", "days_to_closed", "days_seen"), CRIME)
    rows = beside(rows, _first_contact(rows, steps), OWN)
    rows = beside(rows, wishes_at(_points(rows, held), agreed).rename(stands_for="point_ref"), OWN)
    rows = beside(rows, _contact_of_nobody(steps), CRIME)
    rows = with_answers(rows, held, *(f"no_{kind}_is_no" for kind in CONTACTS))
    rows = beside(rows, crimes_with_holes(held), CRIME)
    complete = rows.no_victim_contacted_is_no & rows.no_victim_informed_is_no
    clear = ~rows.unclear_contact.fill_null(False) & ~rows.open_order.fill_null(False)
    known = complete & ~rows.contact_holes.fill_null(False) & clear
    return rows.mutate(
        record_ref=rows.involvement_ref,
        days_to_first_contact=days_between(rows.report_day, rows.contact_day),
        contact_known=known.fill_null(False),
    ).select(*COLUMNS)


def _first_contact(victims: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """For victims who were reached: contact_day, the day of the first contact after the report (missing where the
    first may be one whose order to the report is open: `open_order`), and contacted, its first possible second."""
    told = steps.filter(steps.kind.isin(CONTACTS) & ~steps.victim_ref.isnull())
    told = told.select("force_code", "starts", "starts_last", "starts_day", stands_for="victim_ref")
    own = victims.select(*OWN, "report_day", "reported", "reported_last").distinct()
    both = own.join(told, OWN)
    both = both.filter((both.starts_last >= both.reported) & (both.starts_day >= both.report_day))
    after = both.starts >= both.reported_last
    found = both.group_by(OWN).aggregate(
        earliest=both.starts_day.min(),
        certain=both.starts_day.min(where=after),
        contacted=both.starts.epoch_seconds().min(where=after),
    )
    open_order = (found.certain != found.earliest).fill_null(True)
    return found.mutate(open_order=open_order, contact_day=ibis.cases((~open_order, found.certain)))


def _points(victims: ibis.Table, held: Held) -> ibis.Table:
    """The last second at which a wish counts: the end of the day of the report, or just before the first contact."""
    days = held["calendar"].select(report_day="day", next_begins="next_begins")
    rows = beside(victims.filter(victims.involvement_ref == victims.stands_for), days, ["report_day"])
    end_of_day = rows.next_begins.epoch_seconds() - A_MINUTE
    moment = ibis.greatest(end_of_day, ibis.coalesce(rows.contacted - A_MINUTE, end_of_day)).cast("int64")
    return rows.select(*CRIME, point_ref="stands_for", victim_ref="stands_for", moment=moment, moment_last=moment)


def _contact_of_nobody(steps: ibis.Table) -> ibis.Table:
    """Crimes with a contact that does not say with whom (rules R34 and R35)."""
    found = steps.filter(steps.kind.isin(CONTACTS) & steps.victim_ref.isnull() & ~steps.crime_ref.isnull())
    return found.select(*CRIME).distinct().mutate(unclear_contact=ibis.literal(True))
