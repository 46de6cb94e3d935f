"""How did the case of each child end, what were the child's circumstances, and was an account of theirs taken?

A circumstance is what the force's own records hold of the child when the crime was reported: in care, disabled, missing
within 90 days before the decision, suspected of an offence themselves. Where nothing is on record, nobody asked or
nothing was found: the two cannot be told apart, and it is counted as what it is.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside, days_between, within
from assay.facts.crime_endings import CRIME
from assay.facts.event_parties import on_crimes
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import crimes_with_holes, with_answers
from assay.facts.jurisdictions import with_country, with_period

NOT_SUPPORTED = "evidential_victim_does_not_support"
ACCOUNTS = ("account_taken", "abe_interview_done")
MISSING_DAYS = 90
OUT_OF_CARE = ("not_in_care", "care_leaver")
PROTECTS = ("PPP", "EPO", "RECOV", "FMPO")
"""Orders that shield a child and hold nothing against them: protection, emergency protection, recovery, marriage."""
SECURE = "SECURE"
OWN = ["force_code", "stands_for"]
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "crime_ref", "person_id", "when_reported",
    "cancelled", "transferred", "pending", "outcome_family", "unsupported", "in_care", "disabled", "went_missing",
    "suspect_too", "circumstance_known", "account_recorded",
)  # fmt: skip


def child_victims(
    held: Held, persons: ibis.Table, crimes: tuple[ibis.Table, ibis.Table], steps: ibis.Table,
    others: tuple[ibis.Table, ibis.Table],
) -> ibis.Table:  # fmt: skip
    """The table `child_victim`, with `COLUMNS`: one row a person and crime, of those under 18 when it was reported.

    `unsupported`: the crime ended because the victim does not support it. `circumstance_known`: any of the four is on
    record. `crimes`: their base, and their facts; `others`: missing episodes, and exploited children.
    """
    base, facts = crimes
    episodes, children = others
    rows = on_crimes(persons, "victim")
    rows = rows.filter((rows.involvement_ref == rows.stands_for) & (rows.when_reported == "child when reported"))
    rows = beside(rows, facts.select(*CRIME, "pending", "outcome_family"), CRIME)
    rows = beside(rows, base.select(*CRIME, "outcome_at_day", "closed_at_day"), CRIME)
    rows = rows.mutate(decided_day=ibis.coalesce(rows.outcome_at_day, rows.closed_at_day))
    rows = beside(rows, _missing_before(rows, episodes), OWN)
    accused = children.select("force_code", "person_id", child_suspect="suspect_too")
    rows = beside(rows, accused, ["force_code", "person_id"])
    rows = _with_accounts(rows, held, steps)
    care = ~rows.care_status.isnull() & ~rows.care_status.isin(OUT_OF_CARE).fill_null(False)
    circumstances = {
        "in_care": care,
        "disabled": rows.disability.fill_null(False),
        "went_missing": rows.any_missing.fill_null(False),
        "suspect_too": rows.child_suspect.fill_null(False),
    }
    any_of = care | circumstances["disabled"] | circumstances["went_missing"] | circumstances["suspect_too"]
    return rows.mutate(
        record_ref=rows.involvement_ref,
        unsupported=rows.outcome_family == NOT_SUPPORTED,
        circumstance_known=any_of,
        **circumstances,
    ).select(*COLUMNS)


def _missing_before(rows: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """Victims who went missing in the 90 days before the decision."""
    told = episodes.filter(~episodes.person_id.isnull()).select("force_code", "person_id", "started_day")
    both = rows.select(*OWN, "person_id", "decided_day").join(told, ["force_code", "person_id"])
    days = days_between(both.started_day, both.decided_day)
    both = both.filter((days >= 0) & (days <= MISSING_DAYS)).select(*OWN).distinct()
    return both.mutate(any_missing=ibis.literal(True))


def _with_accounts(rows: ibis.Table, held: Held, steps: ibis.Table) -> ibis.Table:
    """`account_recorded`: an account of the child, or a recorded interview, stands on record."""
    told = steps.filter(steps.kind.isin(ACCOUNTS))
    own = told.filter(~told.victim_ref.isnull())
    own = own.select("force_code", stands_for=own.victim_ref).distinct().mutate(any_account=ibis.literal(True))
    of_nobody = told.filter(told.victim_ref.isnull() & ~told.crime_ref.isnull())
    of_nobody = of_nobody.select(*CRIME).distinct().mutate(unclear_account=ibis.literal(True))
    rows = beside(beside(rows, own, OWN), of_nobody, CRIME)
    rows = beside(rows, crimes_with_holes(held), CRIME)
    rows = with_answers(rows, held, *(f"no_{kind}_is_no" for kind in ACCOUNTS))
    certain = rows.no_account_taken_is_no & rows.no_abe_interview_done_is_no
    certain = certain & ~rows.account_holes.fill_null(False) & ~rows.unclear_account.fill_null(False)
    return rows.mutate(account_recorded=any_true(rows.any_account, certain))


def orders_on_children(held: Held) -> ibis.Table:
    """The table `order_on_child`: one row an order, warning or power that was used on a child. `burdens`: it holds
    something against the child or shuts them in; `secure`: it is a placement in secure accommodation."""
    rows = held["orders"].filter((held["orders"].served_on == "child").fill_null(False))
    rows = with_period(with_country(rows, held, authority=""), held)
    inside = within(rows.made_at_day, rows.period_from, rows.period_to)
    return rows.select(
        "force_code",
        "country",
        "order_code",
        record_ref=rows.order_ref,
        in_period=inside,
        in_base=inside,
        secure=rows.order_code == SECURE,
        burdens=~rows.order_code.isin(PROTECTS),
    )
