"""Base facts of crimes: scope, offence family, country, period, and dates of report and recording.

These facts need neither persons nor steps; all others are derived from them.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, is_in_period, left_join, month_text
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_set_aside_cells, add_supply_indicators
from assay.facts.jurisdictions import add_country, add_period
from assay.linkage.offence_dates import offence_days

BASE_REASONS = ("core_offence", "needs_age_offence", "image_offence", "flagged")
NO_FAMILY = "other"
"""The family of a code that is in no list of offences against children."""
SEXUAL_FAMILIES = (
    "rape", "sexual_assault", "sexual_activity", "familial", "other_sexual", "cse_named", "position_of_trust",
    "grooming",
)  # fmt: skip
CONTACT_FAMILIES = ("rape", "sexual_assault", "sexual_activity")
NO_CONTACT_FAMILIES = ("images", "grooming")
SUPPLY_INDICATORS = ("cancelled_at_sent", "transferred_to_force_sent", "reported_at_sent", "report_crimes_sent")
CELLS = ("cancelled_at", "transferred_to_force", "outcome_code", "closed_at")
COLUMNS = (
    "force_code", "crime_ref", "scope_reason", "offence_code", "suspect_count_stated", "suspects_on_record",
    "identified_on_record", "victims_on_record", "contact_offence", "outcome_code", "outcome_at_day",
    "closed_at_day", "cancelled_at_day", "country", "in_period", "in_base", "recorded_day", "recorded_month",
    "reported", "reported_last", "reported_day", "tied", "report_day", "report_sent", "offence_family",
    "cse_titled", "cancelled", "transferred", "outcome_code_aside", "closed_at_aside",
)  # fmt: skip


def crime_base(tables: Tables) -> ibis.Table:
    """Return one row for each crime, with `COLUMNS`: base, scope, country, and report and recording days.

    `reported` is the time of the report (three columns), `tied` whether a report is linked to the crime, and
    `report_sent` whether the force sent report times at all. A crime is in the base if it was recorded in the period
    and its scope is one of `BASE_REASONS`. It is cancelled or transferred only if the record says so; an empty value
    means no if the column was sent, and not known if the value was set aside on receipt.
    """
    rows = left_join(tables["crimes"], _report_days(tables), ["force_code", "crime_ref"])
    rows = add_period(add_country(rows, tables), tables)
    rows = add_set_aside_cells(
        add_supply_indicators(rows, tables, *SUPPLY_INDICATORS), tables, "crimes", "crime_ref", *CELLS
    )
    rows = _add_offence(rows, tables)
    in_period = is_in_period(rows.recorded_at_day, rows.period_from, rows.period_to)
    rows = rows.mutate(
        in_period=in_period,
        in_base=in_period & rows.scope_reason.isin(BASE_REASONS),
        suspects_on_record=rows.suspect_count,
        identified_on_record=rows.suspect_identified,
        victims_on_record=rows.victim_count,
        recorded_day=rows.recorded_at_day,
        recorded_month=month_text(rows.recorded_at_day),
        report_day=rows.reported_day,
        report_sent=rows.reported_at_sent | rows.report_crimes_sent,
        contact_offence=_is_contact_offence(rows),
        cancelled=_is_stated(rows, "cancelled_at", ~rows.cancelled_at_day.isnull()),
        transferred=_is_stated(rows, "transferred_to_force", ~rows.transferred_to_force.isnull()),
    )
    return rows.select(*COLUMNS)


def _report_days(tables: Tables) -> ibis.Table:
    return offence_days(tables).drop("first_day", "last_day")


def _add_offence(rows: ibis.Table, tables: Tables) -> ibis.Table:
    codes = tables["offences"].select(offence_code="code", listed_family="analysis_family", listed_title="cse_titled")
    offence_rows = left_join(rows, codes, ["offence_code"])
    return offence_rows.mutate(
        offence_family=ibis.cases(
            (~offence_rows.offence_code.isnull(), offence_rows.listed_family.fill_null(NO_FAMILY))
        ),
        cse_titled=ibis.cases((~offence_rows.offence_code.isnull(), offence_rows.listed_title.fill_null(False))),
    ).drop("listed_family", "listed_title")


def _is_stated(rows: ibis.Table, column: str, is_present: ibis.Value) -> ibis.Value:
    return any_true(is_present, rows[f"{column}_sent"] & ~rows[f"{column}_aside"])


def _is_contact_offence(rows: ibis.Table) -> ibis.Value:
    """Return the value sent; if empty, that of the offence family if it is certain (return contract, section 11.8)."""
    by_family = ibis.cases(
        (rows.offence_family.isin(CONTACT_FAMILIES), True), (rows.offence_family.isin(NO_CONTACT_FAMILIES), False)
    )
    return ibis.coalesce(rows.contact_offence, by_family)
