"""Facts of each victim of a crime: age, rights and days to first contact; for children also outcome and interview.

First contact is the first time after the report that they were spoken with or seen, or informed of an event (return
contract, section 11.5). A contact certainly before the report does not count; if the order is unknown, so is the
contact.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, days_between, is_in_period, left_join
from assay.facts.contact_wishes import contact_wishes_at
from assay.facts.crime_endings import CRIME
from assay.facts.event_parties import entries_on_crimes
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_supply_indicators, crime_gaps
from assay.facts.jurisdictions import add_country, add_period

CONTACTS = ("victim_contacted", "victim_informed")
MAIN_ENTRY_KEY = ["force_code", "stands_for"]
SECONDS_PER_MINUTE = 60
VICTIM_COLUMNS = (
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
    """Return the table `victim`, with `VICTIM_COLUMNS`: one row for each victim of a crime.

    `contact_known`: a missing contact means that there was none by extraction. `no_contact_wished`: by the end of the
    day of the report, or before the first contact. `crimes`: base and facts of crimes. `agreements`: agreements on
    contact.
    """
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
    ).select(*VICTIM_COLUMNS)


def _first_contact(victims: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Return contact_day and contacted for victims who were contacted.

    `contact_day`: day of the first contact after the report; missing if its order to the report is not known
    (`open_order`). `contacted`: its first possible second.
    """
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
    """Return the last second at which a wish counts: end of the day of the report, or before the first contact."""
    days = tables["calendar"].select(report_day="day", next_begins="next_begins")
    rows = left_join(victims.filter(victims.involvement_ref == victims.stands_for), days, ["report_day"])
    end_of_day = rows.next_begins.epoch_seconds() - SECONDS_PER_MINUTE
    moment = ibis.greatest(end_of_day, ibis.coalesce(rows.contacted - SECONDS_PER_MINUTE, end_of_day)).cast("int64")
    return rows.select(*CRIME, point_ref="stands_for", victim_ref="stands_for", moment=moment, moment_last=moment)


def _crimes_with_unclear_contact(steps: ibis.Table) -> ibis.Table:
    """Return the crimes with a contact that does not say with whom (rules R34 and R35)."""
    unclear_contacts = steps.filter(steps.kind.isin(CONTACTS) & steps.victim_ref.isnull() & ~steps.crime_ref.isnull())
    return unclear_contacts.select(*CRIME).distinct().mutate(unclear_contact=ibis.literal(True))


# Child victims: case outcome, circumstances, and whether an account was taken.
#
# A circumstance is what the force's own records hold of the child when the crime was reported: in care, disabled,
# missing within 90 days before the decision, suspected of an offence themselves. Without a record, "not asked" and
# "not found" cannot be distinguished, so it counts as not recorded.

NOT_SUPPORTED = "evidential_victim_does_not_support"
ACCOUNTS = ("account_taken", "abe_interview_done")
MISSING_DAYS = 90
OUT_OF_CARE = ("not_in_care", "care_leaver")
PROTECTIVE_ORDERS = ("PPP", "EPO", "RECOV", "FMPO")
"""Orders that protect a child without restricting them: protection, emergency protection, recovery, marriage."""
SECURE = "SECURE"
CHILD_VICTIM_COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "crime_ref", "person_id", "when_reported",
    "cancelled", "transferred", "pending", "outcome_family", "unsupported", "in_care", "disabled", "went_missing",
    "suspect_too", "circumstance_known", "account_recorded",
)  # fmt: skip


def child_victims(
    tables: Tables, persons: ibis.Table, crimes: tuple[ibis.Table, ibis.Table], steps: ibis.Table,
    episodes_and_children: tuple[ibis.Table, ibis.Table],
) -> ibis.Table:  # fmt: skip
    """Return the table `child_victim`, with `CHILD_VICTIM_COLUMNS`: one row for each crime and child victim.

    A child is under 18 at the report. `unsupported`: the crime ended because the victim does not support it.
    `circumstance_known`: any of the four circumstances is recorded. `crimes`: base and facts of crimes.
    `episodes_and_children`: missing episodes, and exploited children.
    """
    base, facts = crimes
    episodes, children = episodes_and_children
    rows = entries_on_crimes(persons, "victim")
    rows = rows.filter((rows.involvement_ref == rows.stands_for) & (rows.when_reported == "child when reported"))
    rows = left_join(rows, facts.select(*CRIME, "pending", "outcome_family"), CRIME)
    rows = left_join(rows, base.select(*CRIME, "outcome_at_day", "closed_at_day"), CRIME)
    rows = rows.mutate(decided_day=ibis.coalesce(rows.outcome_at_day, rows.closed_at_day))
    rows = left_join(rows, _missing_before_decision(rows, episodes), MAIN_ENTRY_KEY)
    accused = children.select("force_code", "person_id", child_suspect="suspect_too")
    rows = left_join(rows, accused, ["force_code", "person_id"])
    rows = _add_account_recorded(rows, tables, steps)
    is_in_care = ~rows.care_status.isnull() & ~rows.care_status.isin(OUT_OF_CARE).fill_null(False)
    circumstances = {
        "in_care": is_in_care,
        "disabled": rows.disability.fill_null(False),
        "went_missing": rows.any_missing.fill_null(False),
        "suspect_too": rows.child_suspect.fill_null(False),
    }
    has_circumstance = (
        is_in_care | circumstances["disabled"] | circumstances["went_missing"] | circumstances["suspect_too"]
    )
    return rows.mutate(
        record_ref=rows.involvement_ref,
        unsupported=rows.outcome_family == NOT_SUPPORTED,
        circumstance_known=has_circumstance,
        **circumstances,
    ).select(*CHILD_VICTIM_COLUMNS)


def _missing_before_decision(rows: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """Return the victims who were missing in the 90 days before the decision."""
    episode_days = episodes.filter(~episodes.person_id.isnull()).select("force_code", "person_id", "started_day")
    missing_before = rows.select(*MAIN_ENTRY_KEY, "person_id", "decided_day").join(
        episode_days, ["force_code", "person_id"]
    )
    days = days_between(missing_before.started_day, missing_before.decided_day)
    missing_before = missing_before.filter((days >= 0) & (days <= MISSING_DAYS)).select(*MAIN_ENTRY_KEY).distinct()
    return missing_before.mutate(any_missing=ibis.literal(True))


def _add_account_recorded(rows: ibis.Table, tables: Tables, steps: ibis.Table) -> ibis.Table:
    """Add `account_recorded`: there is a record of an account or a recorded interview of the child."""
    account_steps = steps.filter(steps.kind.isin(ACCOUNTS))
    victim_accounts = account_steps.filter(~account_steps.victim_ref.isnull())
    victim_accounts = (
        victim_accounts.select("force_code", stands_for=victim_accounts.victim_ref)
        .distinct()
        .mutate(any_account=ibis.literal(True))
    )
    unclear_accounts = account_steps.filter(account_steps.victim_ref.isnull() & ~account_steps.crime_ref.isnull())
    unclear_accounts = unclear_accounts.select(*CRIME).distinct().mutate(unclear_account=ibis.literal(True))
    rows = left_join(left_join(rows, victim_accounts, MAIN_ENTRY_KEY), unclear_accounts, CRIME)
    rows = left_join(rows, crime_gaps(tables), CRIME)
    rows = add_supply_indicators(rows, tables, *(f"no_{kind}_is_no" for kind in ACCOUNTS))
    is_absence_certain = rows.no_account_taken_is_no & rows.no_abe_interview_done_is_no
    is_absence_certain = (
        is_absence_certain & ~rows.account_holes.fill_null(False) & ~rows.unclear_account.fill_null(False)
    )
    return rows.mutate(account_recorded=any_true(rows.any_account, is_absence_certain))


def orders_on_children(tables: Tables) -> ibis.Table:
    """Return the table `order_on_child`: one row for each order, warning or power that was, or may be, used on a child.

    `burdens`: it imposes something on the child or detains them. `secure`: a placement in secure accommodation.
    """
    rows = tables["orders"].filter((tables["orders"].served_on == "child").fill_null(True))
    rows = add_period(add_country(rows, tables, authority=""), tables)
    is_made_in_period = is_in_period(rows.made_at_day, rows.period_from, rows.period_to)
    return rows.select(
        "force_code",
        "country",
        "order_code",
        record_ref=rows.order_ref,
        in_period=is_made_in_period,
        in_base=is_made_in_period & (rows.served_on == "child"),
        secure=rows.order_code == SECURE,
        burdens=~rows.order_code.isin(PROTECTIVE_ORDERS),
    )
