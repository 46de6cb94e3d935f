"""How did each crime end, on which day, and would an ending that is not there have been seen?

Charged: outcome 1 or 1A stands, or a suspect was charged, or it was decided to charge (return contract, section 11.7).
An outcome that closes the crime and is another says that nobody was charged, unless an event says so; with no outcome
yet, or none known, the events say it if they are complete. A suspect against whom a charge stands, on a crime that
says otherwise, makes it not known. The day of the charge is that of the first such event, else of the outcome.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import with_answers

CRIME = ["force_code", "crime_ref"]
CHARGE = "suspect_charged"
DECISION = "charge_decision"
TRANSFER = "transfer_accepted"
KINDS = (CHARGE, DECISION, TRANSFER)
ASKED = (f"no_{CHARGE}_is_no", f"no_{DECISION}_is_no", "no_closed_at_is_no")


def with_endings(crimes: ibis.Table, steps: ibis.Table, held: Held) -> ibis.Table:
    """The crimes with outcome_family, outcome_identified, charged, pending, closed, and the day of
    each. The crimes bring `charge_holes`, and `suspect_charged_row`: a suspect's own outcome is a charge."""
    codes = held["outcomes"].select(
        outcome_code="code", outcome_family="family", outcome_charged="charged", outcome_closed="closed",
        outcome_identified="suspect_identified",
    )  # fmt: skip
    rows = beside(crimes, codes, ["outcome_code"])
    rows = beside(rows, _days(steps), CRIME)
    return _with_answers(with_answers(rows, held, *ASKED))


def _days(steps: ibis.Table) -> ibis.Table:
    """The first day of a charge, and of the transfer to another force, among the steps of a crime."""
    told = steps.filter(steps.kind.isin(KINDS) & ~steps.crime_ref.isnull())
    charge, transfer = charging(told), told.kind == TRANSFER
    return told.group_by(CRIME).aggregate(
        charge_event=charge.any(),
        charge_event_day=told.starts_day.min(where=charge),
        unsaid_decision=((told.kind == DECISION) & told.detail.isnull()).any(),
        transfer_day=told.starts_day.min(where=transfer),
    )


def charging(steps: ibis.Table) -> ibis.Value:
    """Whether a step says that somebody was charged (return contract, section 11.7)."""
    return (steps.kind == CHARGE) | ((steps.kind == DECISION) & (steps.detail == "charge").fill_null(False))


def _with_answers(rows: ibis.Table) -> ibis.Table:
    has_outcome = ~rows.outcome_code.isnull()
    closed_at = ~rows.closed_at_day.isnull()
    silent = rows.no_closed_at_is_no & ~rows.closed_at_aside & ~rows.outcome_code_aside
    closed = any_true(closed_at | rows.outcome_closed.fill_null(False), silent)
    pending = has_outcome & (rows.outcome_family == "pending")
    # No outcome yet, and the day of closing filled in: the record contradicts itself (rule R51).
    both = pending.fill_null(False) & (closed_at | rows.closed_at_aside)
    return rows.mutate(
        charged=_charged(rows),
        closed=ibis.cases((both, None), (closed, True), (pending.fill_null(False), False), else_=closed),
        pending=ibis.cases((both, None), (closed, False), (has_outcome, pending)),
        charged_day=ibis.coalesce(rows.charge_event_day, ibis.cases((rows.outcome_charged, rows.outcome_at_day))),
        closed_day=ibis.coalesce(rows.closed_at_day, ibis.cases((rows.outcome_closed, rows.outcome_at_day))),
        left_day=ibis.least(rows.cancelled_at_day, rows.transfer_day),
    )


def _charged(rows: ibis.Table) -> ibis.Value:
    found = rows.charge_event.fill_null(False) | rows.outcome_charged.fill_null(False)
    every_event = rows[f"no_{CHARGE}_is_no"] & rows[f"no_{DECISION}_is_no"] & ~rows.charge_holes.fill_null(False)
    none_came = every_event & ~rows.unsaid_decision.fill_null(False) & ~rows.outcome_code_aside
    other_outcome = ~rows.outcome_code.isnull() & (rows.outcome_family != "pending").fill_null(False)
    return any_true(found, (other_outcome | none_came) & ~rows.suspect_charged_row.fill_null(False))
