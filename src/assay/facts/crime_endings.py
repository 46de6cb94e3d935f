"""Endings of crimes: charged, closed, pending or transferred, with the date of each.

Charged: outcome 1 or 1A stands, or a suspect was charged, or it was decided to charge (return contract, section 11.7).
Another closing outcome means not charged, unless an event shows a charge; without a known outcome the events decide if
they are complete. A suspect with a charge on a crime with another outcome makes it not known. The day of the charge is
that of the first such event, else of the outcome.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, left_join
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_supply_indicators

CRIME = ["force_code", "crime_ref"]
CHARGE = "suspect_charged"
DECISION = "charge_decision"
TRANSFER = "transfer_accepted"
KINDS = (CHARGE, DECISION, TRANSFER)
SUPPLY_INDICATORS = (f"no_{CHARGE}_is_no", f"no_{DECISION}_is_no", "no_closed_at_is_no")


def add_crime_endings(crimes: ibis.Table, steps: ibis.Table, tables: Tables) -> ibis.Table:
    """Return the crimes with outcome_family, outcome_identified, charged, pending, closed, and the day of each.

    The crimes need the columns `charge_holes` and `suspect_charged_row` (a suspect's own outcome is a charge).
    """
    codes = tables["outcomes"].select(
        outcome_code="code", outcome_family="family", outcome_charged="charged", outcome_closed="closed",
        outcome_identified="suspect_identified",
    )  # fmt: skip
    rows = left_join(crimes, codes, ["outcome_code"])
    rows = left_join(rows, _ending_days(steps), CRIME)
    return _add_endings(add_supply_indicators(rows, tables, *SUPPLY_INDICATORS))


def _ending_days(steps: ibis.Table) -> ibis.Table:
    """Return the first day of a charge, and of the transfer to another force, among the steps of a crime."""
    ending_steps = steps.filter(steps.kind.isin(KINDS) & ~steps.crime_ref.isnull())
    charge, transfer = is_charge(ending_steps), ending_steps.kind == TRANSFER
    return ending_steps.group_by(CRIME).aggregate(
        charge_event=charge.any(),
        charge_event_day=ending_steps.starts_day.min(where=charge),
        unsaid_decision=((ending_steps.kind == DECISION) & ending_steps.detail.isnull()).any(),
        transfer_day=ending_steps.starts_day.min(where=transfer),
    )


def is_charge(steps: ibis.Table) -> ibis.Value:
    """Return True for a step that records that somebody was charged (return contract, section 11.7)."""
    return (steps.kind == CHARGE) | ((steps.kind == DECISION) & (steps.detail == "charge").fill_null(False))


def _add_endings(rows: ibis.Table) -> ibis.Table:
    has_outcome = ~rows.outcome_code.isnull()
    closed_at = ~rows.closed_at_day.isnull()
    is_absence_certain = rows.no_closed_at_is_no & ~rows.closed_at_aside & ~rows.outcome_code_aside
    closed = any_true(closed_at | rows.outcome_closed.fill_null(False), is_absence_certain)
    pending = has_outcome & (rows.outcome_family == "pending")
    # No outcome yet, and the day of closing filled in: the record contradicts itself (rule R51).
    contradicts = pending.fill_null(False) & (closed_at | rows.closed_at_aside)
    return rows.mutate(
        charged=_is_charged(rows),
        closed=ibis.cases((contradicts, None), (closed, True), (pending.fill_null(False), False), else_=closed),
        pending=ibis.cases((contradicts, None), (closed, False), (has_outcome, pending)),
        charged_day=ibis.coalesce(rows.charge_event_day, ibis.cases((rows.outcome_charged, rows.outcome_at_day))),
        closed_day=ibis.coalesce(rows.closed_at_day, ibis.cases((rows.outcome_closed, rows.outcome_at_day))),
        left_day=ibis.least(rows.cancelled_at_day, rows.transfer_day),
    )


def _is_charged(rows: ibis.Table) -> ibis.Value:
    has_charge = rows.charge_event.fill_null(False) | rows.outcome_charged.fill_null(False)
    every_event = rows[f"no_{CHARGE}_is_no"] & rows[f"no_{DECISION}_is_no"] & ~rows.charge_holes.fill_null(False)
    has_no_charge_event = every_event & ~rows.unsaid_decision.fill_null(False) & ~rows.outcome_code_aside
    other_outcome = ~rows.outcome_code.isnull() & (rows.outcome_family != "pending").fill_null(False)
    return any_true(has_charge, (other_outcome | has_no_charge_event) & ~rows.suspect_charged_row.fill_null(False))
