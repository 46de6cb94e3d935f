"""Through whose hands did each crime pass: another team of the force, or another force that was asked to take it?

A crime that was moved to or out of another force of which that force has no record is nobody's (rule R52). That can
only be known where the returns of both lie together.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside, days_between, stacked
from assay.facts.crime_endings import CRIME
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import crimes_with_holes, extracted_day_of, silence_is_no, with_answers

HANDOVER, OFFERED = "handover", "transfer_offered"
ACCEPTED, REFUSED = "transfer_accepted", "transfer_refused"
HANDED_ON = {"handed_over": (HANDOVER,), "offered": (OFFERED,), "accepted": (ACCEPTED,), "refused": (REFUSED,)}
"""Each of the ways in which a crime is handed on, and the kinds of step that tell of it."""
KINDS = tuple(kind for kinds in HANDED_ON.values() for kind in kinds)
COLUMNS = (*HANDED_ON, "days_to_answer", "days_offered_to_closed", "days_since_offer", "answer_known", "no_owner")


def with_passing_on(rows: ibis.Table, held: Held, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """The crimes `rows` with `COLUMNS`. Days run from the first offer to the first answer since, to the closing, and to
    the extraction. `accepted`: the other force has it, by an event or by the record of the crime. `no_owner`: moved to
    or out of a force whose own accepted return has no record of it; not known where that force sent none."""
    names = sorted(f"no_{kind}_is_no" for kind in KINDS)
    told = beside(crime.select(*CRIME, "transferred", "report_day", "days_to_closed"), _days(steps), CRIME)
    told = beside(with_answers(told, held, *names), extracted_day_of(held, "crimes", "events"), ["force_code"])
    holes = {f"{key}_holes": kinds for key, kinds in HANDED_ON.items()}
    told = beside(beside(told, crimes_with_holes(held, holes), CRIME), _owners(held), CRIME)
    silent = {key: silence_is_no(told, key, kinds) for key, kinds in HANDED_ON.items()}
    found = {key: any_true(~told[f"{key}_day"].isnull(), silent[key]) for key in HANDED_ON}
    found["accepted"] = any_true(
        ~told.accepted_day.isnull() | told.transferred.fill_null(False), silent["accepted"] & ~told.transferred
    )
    seen = days_between(told.offered_day, told.extracted_day)
    since = {
        "days_to_answer": days_between(told.offered_day, told.answered_day),
        "days_offered_to_closed": told.days_to_closed - days_between(told.report_day, told.offered_day),
    }
    answered = ~told.answered_day.isnull()
    told = told.mutate(
        **found,
        **{name: ibis.cases(((day >= 0) & (day <= seen), day)) for name, day in since.items()},
        days_since_offer=seen,
        answer_known=answered | (silent["accepted"] & silent["refused"] & ~told.transferred).fill_null(False),
    )
    return beside(rows, told.select(*CRIME, *COLUMNS), CRIME)


def _days(steps: ibis.Table) -> ibis.Table:
    """One row a crime that was handed on: the first day of each way, and of the first answer since the first offer."""
    told = steps.filter(steps.kind.isin(KINDS) & ~steps.crime_ref.isnull()).select(*CRIME, "kind", "starts_day")
    first = told.group_by(CRIME).aggregate(
        **{f"{key}_day": told.starts_day.min(where=told.kind.isin(kinds)) for key, kinds in HANDED_ON.items()}
    )
    both = told.filter(told.kind.isin((ACCEPTED, REFUSED))).join(first.select(*CRIME, "offered_day"), CRIME)
    since = both.filter(both.starts_day >= both.offered_day)
    return beside(first, since.group_by(CRIME).aggregate(answered_day=since.starts_day.min()), CRIME)


def _owners(held: Held) -> ibis.Table:
    """One row a crime: `no_owner`. Without the table `orphans` (rule R52) it is known of crimes alone that were moved
    nowhere."""
    crimes, covers = held["crimes"], held["covers"]
    others = ("transferred_to_force", "received_from_force")
    moved = stacked([crimes.select(*CRIME, other=crimes[name]).filter(~crimes[name].isnull()) for name in others])
    told = covers.filter((covers.table_name == "crimes") & covers.used & (covers.supplied != "none"))
    told = told.select(other="force_code").distinct().mutate(has_told=ibis.literal(True))
    both = beside(moved, told, ["other"])
    asked = both.group_by(CRIME).aggregate(all_told=both.has_told.fill_null(False).all())
    asked = asked.mutate(moved=ibis.literal(True))
    rows = beside(crimes.select(*CRIME), asked, CRIME)
    if "orphans" not in held:
        return rows.select(*CRIME, no_owner=ibis.cases((rows.moved.isnull(), False)))
    lost = held["orphans"].select(*CRIME).distinct().mutate(lost=ibis.literal(True))
    rows = beside(rows, lost, CRIME)
    return rows.select(*CRIME, no_owner=any_true(rows.lost, rows.moved.isnull() | rows.all_told))
