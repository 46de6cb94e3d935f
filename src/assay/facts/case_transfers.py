"""Transfers of crimes between teams of a force, and to other forces.

A crime that was moved to or from another force without a record there has no owner (rule R52). This is only known with
the returns of both forces.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, days_between, left_join, union_all
from assay.facts.crime_endings import CRIME
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import absence_means_no, add_supply_indicators, crime_gaps, extraction_days

HANDOVER, OFFERED = "handover", "transfer_offered"
ACCEPTED, REFUSED = "transfer_accepted", "transfer_refused"
TRANSFER_KINDS = {"handed_over": (HANDOVER,), "offered": (OFFERED,), "accepted": (ACCEPTED,), "refused": (REFUSED,)}
"""The kinds of step that record each way of transferring a crime."""
KINDS = tuple(kind for kinds in TRANSFER_KINDS.values() for kind in kinds)
COLUMNS = (*TRANSFER_KINDS, "days_to_answer", "days_offered_to_closed", "days_since_offer", "answer_known", "no_owner")


def add_transfers(rows: ibis.Table, tables: Tables, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Add the dates, waiting times and outcome of transfers between forces (`COLUMNS`) to each crime.

    Days run from the first offer to the first answer after it, to closure, and to extraction. `accepted`: an event or
    the record of the crime says that the other force accepted it. `no_owner`: the crime was moved to or from a force
    whose accepted return has no record of it; not known if that force sent no return.
    """
    names = sorted(f"no_{kind}_is_no" for kind in KINDS)
    transfer_rows = left_join(
        crime.select(*CRIME, "transferred", "report_day", "days_to_closed"), _transfer_days(steps), CRIME
    )
    transfer_rows = left_join(
        add_supply_indicators(transfer_rows, tables, *names),
        extraction_days(tables, "crimes", "events"),
        ["force_code"],
    )
    gap_kinds = {f"{key}_holes": kinds for key, kinds in TRANSFER_KINDS.items()}
    transfer_rows = left_join(
        left_join(transfer_rows, crime_gaps(tables, gap_kinds), CRIME), _crimes_without_owner(tables), CRIME
    )
    absent = {key: absence_means_no(transfer_rows, key, kinds) for key, kinds in TRANSFER_KINDS.items()}
    transfer_facts = {key: any_true(~transfer_rows[f"{key}_day"].isnull(), absent[key]) for key in TRANSFER_KINDS}
    transfer_facts["accepted"] = any_true(
        ~transfer_rows.accepted_day.isnull() | transfer_rows.transferred.fill_null(False),
        absent["accepted"] & ~transfer_rows.transferred,
    )
    days_seen = days_between(transfer_rows.offered_day, transfer_rows.extracted_day)
    waits = {
        "days_to_answer": days_between(transfer_rows.offered_day, transfer_rows.answered_day),
        "days_offered_to_closed": transfer_rows.days_to_closed
        - days_between(transfer_rows.report_day, transfer_rows.offered_day),
    }
    answered = ~transfer_rows.answered_day.isnull()
    transfer_rows = transfer_rows.mutate(
        **transfer_facts,
        **{name: ibis.cases(((day >= 0) & (day <= days_seen), day)) for name, day in waits.items()},
        days_since_offer=days_seen,
        answer_known=answered | (absent["accepted"] & absent["refused"] & ~transfer_rows.transferred).fill_null(False),
    )
    return left_join(rows, transfer_rows.select(*CRIME, *COLUMNS), CRIME)


def _transfer_days(steps: ibis.Table) -> ibis.Table:
    """Return for each transferred crime the first day of each kind of transfer, and of the answer to an offer."""
    transfer_steps = steps.filter(steps.kind.isin(KINDS) & ~steps.crime_ref.isnull()).select(
        *CRIME, "kind", "starts_day"
    )
    first = transfer_steps.group_by(CRIME).aggregate(
        **{
            f"{key}_day": transfer_steps.starts_day.min(where=transfer_steps.kind.isin(kinds))
            for key, kinds in TRANSFER_KINDS.items()
        }
    )
    answer_steps = transfer_steps.filter(transfer_steps.kind.isin((ACCEPTED, REFUSED))).join(
        first.select(*CRIME, "offered_day"), CRIME
    )
    later_answers = answer_steps.filter(answer_steps.starts_day >= answer_steps.offered_day)
    return left_join(first, later_answers.group_by(CRIME).aggregate(answered_day=later_answers.starts_day.min()), CRIME)


def _crimes_without_owner(tables: Tables) -> ibis.Table:
    """Return `no_owner` for each crime; without the table `orphans` (rule R52) only for crimes never moved."""
    crimes, manifests = tables["crimes"], tables["covers"]
    transfer_columns = ("transferred_to_force", "received_from_force")
    transferred = union_all(
        [crimes.select(*CRIME, other=crimes[name]).filter(~crimes[name].isnull()) for name in transfer_columns]
    )
    forces_with_crimes = manifests.filter(
        (manifests.table_name == "crimes") & manifests.used & (manifests.supplied != "none")
    )
    forces_with_crimes = forces_with_crimes.select(other="force_code").distinct().mutate(has_told=ibis.literal(True))
    transfers = left_join(transferred, forces_with_crimes, ["other"])
    crime_transfers = transfers.group_by(CRIME).aggregate(all_told=transfers.has_told.fill_null(False).all())
    crime_transfers = crime_transfers.mutate(moved=ibis.literal(True))
    rows = left_join(crimes.select(*CRIME), crime_transfers, CRIME)
    if "orphans" not in tables:
        return rows.select(*CRIME, no_owner=ibis.cases((rows.moved.isnull(), False)))
    orphans = tables["orphans"].select(*CRIME).distinct().mutate(lost=ibis.literal(True))
    rows = left_join(rows, orphans, CRIME)
    return rows.select(*CRIME, no_owner=any_true(rows.lost, rows.moved.isnull() | rows.all_told))
