"""Facts of each victim of a crime: ages, rights, days to first contact.

First contact is the first time after the report that they were spoken with or seen, or informed of an event (return
contract, section 11.5). A contact certainly before the report does not count; if the order is unknown, so is the
contact.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import days_between, left_join
from assay.facts.contact_wishes import contact_wishes_at
from assay.facts.crime_endings import CRIME
from assay.facts.event_parties import entries_on_crimes
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_supply_indicators, crime_gaps

CONTACTS = ("victim_contacted", "victim_informed")
MAIN_ENTRY_KEY = ["force_code", "stands_for"]
SECONDS_PER_MINUTE = 60
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "involvement_ref", "crime_ref", "person_id",
    "age_at_offence_low", "age_at_offence_high", "age_at_offence", "age_at_report", "when_reported",
    "child_at_offence", "in_base", "cancelled", "transferred", "offence_family", "sex", "enhanced_rights",
    "no_contact_wished", "report_day", "report_day_known", "days_to_first_contact", "days_to_closed", "days_seen",
    "contact_known",
)  # fmt: skip


def victim_facts(
    tables: Tables,
    persons: ibis.Table,
    crimes: tuple[ibis.Table, ibis.Table],
    steps: ibis.Table,
    agreements: ibis.Table,
) -> ibis.Table:
    """Return the table `victim`, with `COLUMNS`: one row for each victim of a crime. `contact_known`: that no contact
    is there means that there was none by extraction. `no_contact_wished`: by the end of the day of the report, or
    before the first contact. `crimes`: their base, and their facts; `agreements`: the agreements on contact."""
    base, facts = crimes
    rows = left_join(entries_on_crimes(persons, "victim"), base.select(*CRIME, "reported", "reported_last"), CRIME)
    rows = left_join(rows, facts.select(*CRIME, "report_day_known", "days_to_closed", "days_seen"), CRIME)
    rows = left_join(rows, _first_contact(rows, steps), MAIN_ENTRY_KEY)
    rows = left_join(
        rows, contact_wishes_at(_wish_moments(rows, tables), agreements).rename(stands_for="point_ref"), MAIN_ENTRY_KEY
    )
    rows = left_join(rows, _crimes_with_unclear_contact(steps), CRIME)
    rows = add_supply_indicators(rows, tables, *(f"no_{kind}_is_no" for kind in CONTACTS))
    rows = left_join(rows, crime_gaps(tables), CRIME)
    is_complete = rows.no_victim_contacted_is_no & rows.no_victim_informed_is_no
    is_clear = ~rows.unclear_contact.fill_null(False) & ~rows.open_order.fill_null(False)
    is_contact_known = is_complete & ~rows.contact_holes.fill_null(False) & is_clear
    return rows.mutate(
        record_ref=rows.involvement_ref,
        days_to_first_contact=days_between(rows.report_day, rows.contact_day),
        contact_known=is_contact_known.fill_null(False),
    ).select(*COLUMNS)


def _first_contact(victims: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """For victims who were reached: contact_day, the day of the first contact after the report (missing where the
    first may be one whose order to the report is open: `open_order`), and contacted, its first possible second."""
    contact_steps = steps.filter(steps.kind.isin(CONTACTS) & ~steps.victim_ref.isnull())
    contact_steps = contact_steps.select("force_code", "starts", "starts_last", "starts_day", stands_for="victim_ref")
    victim_reports = victims.select(*MAIN_ENTRY_KEY, "report_day", "reported", "reported_last").distinct()
    later_contacts = victim_reports.join(contact_steps, MAIN_ENTRY_KEY)
    later_contacts = later_contacts.filter(
        (later_contacts.starts_last >= later_contacts.reported)
        & (later_contacts.starts_day >= later_contacts.report_day)
    )
    is_certainly_later = later_contacts.starts >= later_contacts.reported_last
    first_contacts = later_contacts.group_by(MAIN_ENTRY_KEY).aggregate(
        earliest=later_contacts.starts_day.min(),
        certain=later_contacts.starts_day.min(where=is_certainly_later),
        contacted=later_contacts.starts.epoch_seconds().min(where=is_certainly_later),
    )
    open_order = (first_contacts.certain != first_contacts.earliest).fill_null(True)
    return first_contacts.mutate(open_order=open_order, contact_day=ibis.cases((~open_order, first_contacts.certain)))


def _wish_moments(victims: ibis.Table, tables: Tables) -> ibis.Table:
    """The last second at which a wish counts: the end of the day of the report, or just before the first contact."""
    days = tables["calendar"].select(report_day="day", next_begins="next_begins")
    rows = left_join(victims.filter(victims.involvement_ref == victims.stands_for), days, ["report_day"])
    end_of_day = rows.next_begins.epoch_seconds() - SECONDS_PER_MINUTE
    moment = ibis.greatest(end_of_day, ibis.coalesce(rows.contacted - SECONDS_PER_MINUTE, end_of_day)).cast("int64")
    return rows.select(*CRIME, point_ref="stands_for", victim_ref="stands_for", moment=moment, moment_last=moment)


def _crimes_with_unclear_contact(steps: ibis.Table) -> ibis.Table:
    """Return the crimes with a contact that does not say with whom (rules R34 and R35)."""
    unclear_contacts = steps.filter(steps.kind.isin(CONTACTS) & steps.victim_ref.isnull() & ~steps.crime_ref.isnull())
    return unclear_contacts.select(*CRIME).distinct().mutate(unclear_contact=ibis.literal(True))
