"""What was done about each suspect of each crime: looked for, arrested or interviewed, put under an order, charged?

One row is one person suspected of one crime, named or not. That a step was not taken is known only where every such
step is sent, and none on the crime leaves open whom it was about.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import ADULT_AGE, any_true, beside, days_between
from assay.facts.crime_endings import CRIME, charging
from assay.facts.event_parties import on_crimes
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import crimes_with_holes, extracted_day_of, silence_is_no, with_answers
from assay.facts.investigations import MET, WEEKS_13
from assay.facts.repeat_suspects import PERSON, orders_on

CHARGE, FILE, TRIAGE, RUI = "suspect_charged", "file_submitted", "cps_triage_result", "suspect_rui"
LOOKED_FOR = ("suspect_identified", "identification_attempted")
OTHERS = "other_children_check_done"
DECIDED = ("charge_decision", CHARGE, "suspect_nfa_decided", "suspect_released_no_charge", "out_of_court_disposal")
"""What ends a release under investigation."""
DONE = {"arrested": ("suspect_arrested",), "met": MET, "looked_for": LOOKED_FOR, "others_looked_for": (OTHERS,),
        "triaged": (TRIAGE,), "decided": DECIDED}  # fmt: skip
CHARGES = (CHARGE, "charge_decision")
SURE = {
    **DONE,
    "charged": CHARGES,
    "decided": ("charge_decision", CHARGE, "suspect_nfa_decided", "suspect_released_no_charge"),
}
"""The kinds that must be complete before silence says no. An out-of-court outcome stands against the suspect too."""
KINDS = tuple(dict.fromkeys([kind for kinds in DONE.values() for kind in kinds] + [FILE, RUI, CHARGE]))
CRIMINAL_AGE = 10
OF_CRIME = ("closed", "pending", "outcome_family", "cse_flagged", "cse_titled", "days_seen", "suspect_count")
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "involvement_ref", "crime_ref", "person_id",
    "offence_family", "cancelled", "transferred", "when_reported", "known_as", "named", "age_at_report", "adult",
    "under_criminal_age", "exploitation_marked", "one_of_several", "recent_and_open", "pending", "arrested", "met",
    "looked_for", "under_order", "charged", "others_looked_for", "file_sent", "first_file_accepted",
    "under_investigation", "days_to_decided", "days_seen_since_release", "decided_known",
)  # fmt: skip


def pursuits(held: Held, persons: ibis.Table, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """The table `pursuit`, with `COLUMNS`: one row a suspect of a crime.

    `met`: arrested or interviewed under caution. `looked_for`: identified later, or a step was taken to identify them.
    `others_looked_for`: a check was made for other children within their reach. `one_of_several`: of two or more
    suspects of the crime. `first_file_accepted`: at the prosecutor's first look. `days_to_decided`: from the first
    release under investigation to a decision on the suspect. `exploitation_marked`: by a flag or the offence's title.
    `charged`: that a suspect was not is said by another outcome of theirs, or by silence where every charge is sent and
    nobody was charged with the crime.
    """
    rows = _suspects(persons, crime)
    rows = beside(rows, _of_them(rows, steps), [*CRIME, "stands_for"])
    rows = beside(rows, _of_nobody(steps), CRIME)
    rows = beside(rows, _first_looks(steps), [*CRIME, "stands_for"])
    rows = beside(rows, orders_on(held, persons), PERSON)
    wanted = sorted({f"no_{kind}_is_no" for kinds in SURE.values() for kind in kinds} | {f"no_{CHARGE}_is_no"})
    rows = with_answers(rows, held, *wanted, "orders_complete")
    rows = beside(rows, crimes_with_holes(held, {f"{key}_holes": kinds for key, kinds in SURE.items()}), CRIME)
    rows = beside(rows, extracted_day_of(held, "events"), ["force_code"])
    silent = {
        key: silence_is_no(rows, key, kinds) & ~rows[f"{key}_unclear"].fill_null(False) for key, kinds in SURE.items()
    }
    since = days_between(rows.released_day, rows.decided_day)
    own_charge = rows.suspect_outcome_code.isin(("1", "1A"))
    no_charge = rows.suspect_outcome_code.isnull() & ~rows.crime_charged.fill_null(False)
    of_other = (~rows.suspect_outcome_code.isnull() & ~own_charge).fill_null(False)
    return rows.mutate(
        record_ref=rows.involvement_ref,
        known_as=rows.suspect_known_as,
        named=rows.suspect_known_as == "named",
        adult=rows.age_at_report >= ADULT_AGE,
        under_criminal_age=ibis.coalesce(rows.age_at_report < CRIMINAL_AGE, False),
        exploitation_marked=rows.cse_flagged | rows.cse_titled,
        one_of_several=rows.suspect_count > 1,
        recent_and_open=(rows.days_seen < WEEKS_13) & ~rows.closed.fill_null(False),
        arrested=any_true(rows.arrested_any, silent["arrested"]),
        met=any_true(rows.met_any, silent["met"]),
        looked_for=any_true(rows.looked_for_any, silent["looked_for"]),
        under_order=any_true(rows.any_order, rows.orders_complete),
        charged=any_true(rows.charged_any | own_charge.fill_null(False), of_other | (silent["charged"] & no_charge)),
        others_looked_for=any_true(rows.others_looked_for_any, silent["others_looked_for"]),
        file_sent=rows.file_sent.fill_null(False),
        under_investigation=~rows.released_day.isnull(),
        days_to_decided=ibis.cases((since >= 0, since)),
        days_seen_since_release=days_between(rows.released_day, rows.extracted_day),
        decided_known=silent["decided"],
    ).select(*COLUMNS)


def _suspects(persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """The entry that stands for each suspect of a crime, with what is known of the crime."""
    rows = on_crimes(persons, "suspect").drop("when_reported")
    rows = rows.filter(rows.involvement_ref == rows.stands_for)
    return beside(rows, crime.select(*CRIME, "when_reported", *OF_CRIME, crime_charged="charged"), CRIME)


def _of_them(suspects: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """One row a suspect of whom some step tells. A decision counts from the first release under investigation on."""
    told = steps.filter(steps.kind.isin(KINDS) & ~steps.suspect_ref.isnull() & ~steps.crime_ref.isnull())
    told = told.select(*CRIME, "kind", "starts_day", charges=charging(told), stands_for="suspect_ref")
    whose = [*CRIME, "stands_for"]
    released = told.filter(told.kind == RUI).group_by(whose).aggregate(released_day=lambda t: t.starts_day.min())
    both = beside(told, released, whose)
    after = both.kind.isin(DECIDED) & (both.starts_day >= both.released_day).fill_null(False)
    found = {f"{key}_any": both.kind.isin(kinds).any() for key, kinds in DONE.items()}
    return both.group_by(whose).aggregate(
        **found,
        charged_any=both.charges.fill_null(False).any(),
        file_sent=(both.kind == FILE).any(),
        released_day=both.released_day.min(),
        decided_day=both.starts_day.min(where=after),
    )


def _of_nobody(steps: ibis.Table) -> ibis.Table:
    """One row a crime with steps that do not say about which of its suspects they are."""
    told = steps.filter(steps.kind.isin(KINDS) & steps.suspect_ref.isnull() & ~steps.crime_ref.isnull())
    unclear = {**DONE, "charged": CHARGES}
    return told.group_by(CRIME).aggregate(
        **{f"{key}_unclear": told.kind.isin(kinds).any() for key, kinds in unclear.items()}
    )


def _first_looks(steps: ibis.Table) -> ibis.Table:
    """One row a suspect whose file the prosecutor looked at: was it accepted at the first look?

    Two looks at one moment that say different things leave it open.
    """
    looks = steps.filter((steps.kind == TRIAGE) & ~steps.suspect_ref.isnull() & ~steps.detail.isnull())
    looks = looks.select(*CRIME, "starts", "detail", stands_for="suspect_ref")
    whose = [*CRIME, "stands_for"]
    first = looks.group_by(whose).aggregate(starts=looks.starts.min())
    at_first = looks.join(first, [*whose, "starts"])
    said = at_first.group_by(whose).aggregate(
        accepted=(at_first.detail == "accepted").any(), sent_back=(at_first.detail != "accepted").any()
    )
    return said.mutate(
        first_file_accepted=ibis.cases((said.accepted & ~said.sent_back, True), (~said.accepted, False))
    ).drop("accepted", "sent_back")
