"""Facts of each suspect, and their pursuit: search, arrest or interview, orders, charge, and result at court.

One row is one person suspected of one crime, named or not. The absence of a step is known only if all such steps are
sent, and none on the crime is ambiguous about its suspect.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import ADULT_AGE, any_true, days_between, is_in_period, left_join
from assay.facts.crime_endings import CRIME, is_charge
from assay.facts.event_parties import add_party, entries_on_crimes
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import (
    absence_means_no,
    add_set_aside_cells,
    add_supply_indicators,
    crime_gaps,
    extraction_days,
)
from assay.facts.investigations import ARREST_OR_INTERVIEW, RECENT_DAYS
from assay.facts.jurisdictions import add_country, add_period
from assay.facts.repeat_suspects import PERSON, persons_with_orders
from assay.facts.wait_limits import limit_columns

CHARGE, FILE, TRIAGE, RUI = "suspect_charged", "file_submitted", "cps_triage_result", "suspect_rui"
IDENTIFICATION_KINDS = ("suspect_identified", "identification_attempted")
OTHER_CHILDREN_CHECK = "other_children_check_done"
DECISION_KINDS = (
    "charge_decision",
    CHARGE,
    "suspect_nfa_decided",
    "suspect_released_no_charge",
    "out_of_court_disposal",
)
"""The kinds of step that end a release under investigation."""
STEP_KINDS = {
    "arrested": ("suspect_arrested",),
    "met": ARREST_OR_INTERVIEW,
    "looked_for": IDENTIFICATION_KINDS,
    "others_looked_for": (OTHER_CHILDREN_CHECK,),
    "triaged": (TRIAGE,),
    "decided": DECISION_KINDS,
}
CHARGES = (CHARGE, "charge_decision")
COMPLETENESS_KINDS = {
    **STEP_KINDS,
    "charged": CHARGES,
    "decided": ("charge_decision", CHARGE, "suspect_nfa_decided", "suspect_released_no_charge"),
}
"""The kinds that must be complete before absence means no. An out-of-court outcome counts against the suspect too."""
KINDS = tuple(dict.fromkeys([kind for kinds in STEP_KINDS.values() for kind in kinds] + [FILE, RUI, CHARGE]))
CRIMINAL_AGE = 10
DECISION_DAYS = 180
"""Half a year under investigation: our own limit, since the law has none."""
CRIME_COLUMNS = ("closed", "pending", "outcome_family", "cse_flagged", "cse_titled", "days_seen", "suspect_count")
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "involvement_ref", "crime_ref", "person_id",
    "offence_family", "cancelled", "transferred", "when_reported", "known_as", "named", "age_at_report", "adult",
    "under_criminal_age", "exploitation_marked", "one_of_several", "recent_and_open", "pending", "arrested", "met",
    "looked_for", "under_order", "charged", "others_looked_for", "file_sent", "first_file_accepted",
    "under_investigation", "days_to_decided", "days_seen_since_release", "decided_known",
    f"decided_in_{DECISION_DAYS}", f"decided_followed_{DECISION_DAYS}", "drives_for_hire", "licensing_told",
)  # fmt: skip


def pursuit_facts(tables: Tables, persons: ibis.Table, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Return the table `pursuit`, with `COLUMNS`: one row for each suspect of a crime.

    `met`: arrested or interviewed under caution. `looked_for`: identified later, or a step was taken to identify them.
    `others_looked_for`: a check was made for other children whom they could reach. `one_of_several`: the crime has two
    or more suspects. `first_file_accepted`: at the first review by the prosecutor. `days_to_decided`: from the first
    release under investigation to a decision. `exploitation_marked`: by a flag or the title of the offence. `charged`:
    no if the suspect has another outcome, or if every charge is sent and nobody was charged with the crime.
    """
    rows = _suspects(persons, crime)
    rows = left_join(rows, _suspect_steps(rows, steps), [*CRIME, "stands_for"])
    rows = left_join(rows, _crimes_with_unclear_steps(steps), CRIME)
    rows = left_join(rows, _first_file_results(steps), [*CRIME, "stands_for"])
    rows = left_join(rows, persons_with_orders(tables, persons), PERSON)
    indicators = sorted(
        {f"no_{kind}_is_no" for kinds in COMPLETENESS_KINDS.values() for kind in kinds} | {f"no_{CHARGE}_is_no"}
    )
    rows = add_supply_indicators(rows, tables, *indicators, "orders_complete")
    rows = left_join(
        rows, crime_gaps(tables, {f"{key}_holes": kinds for key, kinds in COMPLETENESS_KINDS.items()}), CRIME
    )
    rows = left_join(rows, extraction_days(tables, "events"), ["force_code"])
    absent = {
        key: absence_means_no(rows, key, kinds) & ~rows[f"{key}_unclear"].fill_null(False)
        for key, kinds in COMPLETENESS_KINDS.items()
    }
    days_to_decision = days_between(rows.released_day, rows.decided_day)
    own_charge = rows.suspect_outcome_code.isin(("1", "1A"))
    no_charge = rows.suspect_outcome_code.isnull() & ~rows.crime_charged.fill_null(False)
    has_other_outcome = (~rows.suspect_outcome_code.isnull() & ~own_charge).fill_null(False)
    rows = rows.mutate(
        record_ref=rows.involvement_ref,
        known_as=rows.suspect_known_as,
        named=rows.suspect_known_as == "named",
        adult=rows.age_at_report >= ADULT_AGE,
        under_criminal_age=ibis.coalesce(rows.age_at_report < CRIMINAL_AGE, False),
        exploitation_marked=rows.cse_flagged | rows.cse_titled,
        one_of_several=rows.suspect_count > 1,
        recent_and_open=(rows.days_seen < RECENT_DAYS) & ~rows.closed.fill_null(False),
        arrested=any_true(rows.arrested_any, absent["arrested"]),
        met=any_true(rows.met_any, absent["met"]),
        looked_for=any_true(rows.looked_for_any, absent["looked_for"]),
        under_order=any_true(rows.any_order, rows.orders_complete & ~rows.unclear_order.fill_null(False)),
        charged=any_true(
            rows.charged_any | own_charge.fill_null(False), has_other_outcome | (absent["charged"] & no_charge)
        ),
        others_looked_for=any_true(rows.others_looked_for_any, absent["others_looked_for"]),
        file_sent=rows.file_sent.fill_null(False),
        under_investigation=~rows.released_day.isnull(),
        days_to_decided=ibis.cases((days_to_decision >= 0, days_to_decision)),
        days_seen_since_release=days_between(rows.released_day, rows.extracted_day),
        decided_known=absent["decided"],
    )
    limit_facts = limit_columns(
        "decided", DECISION_DAYS, rows.days_to_decided, rows.days_seen_since_release, rows.decided_known
    )
    return rows.mutate(**limit_facts).select(*COLUMNS)


def _suspects(persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Return the entry that represents each suspect of a crime, with what is known of the crime."""
    rows = entries_on_crimes(persons, "suspect").drop("when_reported")
    rows = rows.filter(rows.involvement_ref == rows.stands_for)
    return left_join(rows, crime.select(*CRIME, "when_reported", *CRIME_COLUMNS, crime_charged="charged"), CRIME)


def _suspect_steps(suspects: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Return one row for each suspect with a step; decisions count from the first release under investigation on."""
    step_rows = steps.filter(steps.kind.isin(KINDS) & ~steps.suspect_ref.isnull() & ~steps.crime_ref.isnull())
    step_rows = step_rows.select(*CRIME, "kind", "starts_day", charges=is_charge(step_rows), stands_for="suspect_ref")
    suspect_key = [*CRIME, "stands_for"]
    released = (
        step_rows.filter(step_rows.kind == RUI)
        .group_by(suspect_key)
        .aggregate(released_day=lambda table: table.starts_day.min())
    )
    step_days = left_join(step_rows, released, suspect_key)
    is_later_decision = step_days.kind.isin(DECISION_KINDS) & (
        step_days.starts_day >= step_days.released_day
    ).fill_null(False)
    step_facts = {f"{key}_any": step_days.kind.isin(kinds).any() for key, kinds in STEP_KINDS.items()}
    return step_days.group_by(suspect_key).aggregate(
        **step_facts,
        charged_any=step_days.charges.fill_null(False).any(),
        file_sent=(step_days.kind == FILE).any(),
        released_day=step_days.released_day.min(),
        decided_day=step_days.starts_day.min(where=is_later_decision),
    )


def _crimes_with_unclear_steps(steps: ibis.Table) -> ibis.Table:
    """Return one row for each crime with steps that do not say about which of its suspects they are."""
    unclear_steps = steps.filter(steps.kind.isin(KINDS) & steps.suspect_ref.isnull() & ~steps.crime_ref.isnull())
    kinds_by_fact = {**STEP_KINDS, "charged": CHARGES}
    return unclear_steps.group_by(CRIME).aggregate(
        **{f"{key}_unclear": unclear_steps.kind.isin(kinds).any() for key, kinds in kinds_by_fact.items()}
    )


def _first_file_results(steps: ibis.Table) -> ibis.Table:
    """Return for each suspect whether the prosecutor accepted the file at the first review.

    Missing if two reviews at the same time have different results.
    """
    triage_steps = steps.filter((steps.kind == TRIAGE) & ~steps.suspect_ref.isnull() & ~steps.detail.isnull())
    triage_steps = triage_steps.select(*CRIME, "starts", "detail", stands_for="suspect_ref")
    suspect_key = [*CRIME, "stands_for"]
    first_times = triage_steps.group_by(suspect_key).aggregate(starts=triage_steps.starts.min())
    first_triage_steps = triage_steps.join(first_times, [*suspect_key, "starts"])
    look_results = first_triage_steps.group_by(suspect_key).aggregate(
        accepted=(first_triage_steps.detail == "accepted").any(),
        sent_back=(first_triage_steps.detail != "accepted").any(),
    )
    return look_results.mutate(
        first_file_accepted=ibis.cases(
            (look_results.accepted & ~look_results.sent_back, True), (~look_results.accepted, False)
        )
    ).drop("accepted", "sent_back")


# Orders, warnings and notices: on whom they were used, and whether a warning was followed up.
#
# Measures on a suspect, a place or a vehicle are disruption. Measures on the child restrict or protect the child, and
# are never counted as disruption.

WARNING = "CAWN"
FOLLOW_UP_DAYS = 28
CHILD = "child"
DISRUPTION_COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "order_code", "served_on", "disrupts", "breached",
    "is_warning", "followed_up", "recent",
)  # fmt: skip


def disruption_facts(tables: Tables, persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Return the table `disruption`, with `DISRUPTION_COLUMNS`: one row for each order, warning or notice.

    `followed_up`: the person was a suspect of a crime recorded before, or within 28 days. `recent`: made within 28 days
    of extraction.
    """
    rows = add_period(add_country(tables["orders"], tables, authority=""), tables)
    persons_by_ref = (
        persons.filter(~persons.person_ref.isnull()).select("force_code", "person_ref", "person_id").distinct()
    )
    persons_by_ref = persons_by_ref.group_by("force_code", "person_ref").aggregate(
        person_id=persons_by_ref.person_id.min()
    )
    rows = left_join(rows, persons_by_ref, ["force_code", "person_ref"])
    rows = left_join(rows, _first_suspected_days(persons, crime), PERSON)
    rows = add_supply_indicators(rows, tables, "involvements_complete", "crimes_complete")
    rows = left_join(rows, extraction_days(tables, "orders", "crimes"), ["force_code"])
    in_period = is_in_period(rows.made_at_day, rows.period_from, rows.period_to)
    is_soon = days_between(rows.made_at_day, rows.first_suspected) <= FOLLOW_UP_DAYS
    is_absence_certain = rows.involvements_complete & rows.crimes_complete & ~rows.person_id.isnull()
    return rows.mutate(
        record_ref=rows.order_ref,
        in_period=in_period,
        in_base=in_period,
        disrupts=rows.served_on != CHILD,
        breached=~rows.breached_at.isnull(),
        is_warning=(rows.order_code == WARNING) & (rows.served_on == "suspect"),
        followed_up=any_true(is_soon | ~rows.crime_ref.isnull(), is_absence_certain),
        recent=days_between(rows.made_at_day, rows.extracted_day) < FOLLOW_UP_DAYS,
    ).select(*DISRUPTION_COLUMNS)


def _first_suspected_days(persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Return one row for each person: the first day on which a crime that names them as a suspect was recorded."""
    rows = persons.filter((persons.role == "suspect") & ~persons.crime_ref.isnull()).select(*PERSON, "crime_ref")
    suspected_crimes = rows.distinct().join(crime.select(*CRIME, "recorded_day"), CRIME)
    return suspected_crimes.group_by(PERSON).aggregate(first_suspected=suspected_crimes.recorded_day.min())


# Court results of charged suspects, and days from charge to hearing and result.
#
# One row is one suspect with a recorded charge on one crime. Court decisions are only in the table `court`, which a
# force need not hold: if it is not complete, an absent result is not known. A charge is no conviction.

SENTENCES = ("custody_immediate", "custody_suspended", "community_order", "other_sentence")
CONVICTION_RESULTS = ("guilty_plea", "guilty_found", *SENTENCES)
NON_CONVICTION_RESULTS = ("not_guilty", "dismissed", "discontinued")
APPEAL_ALLOWED = "appeal_allowed"
ENDING_STAGES = ("verdict", "sentence", "discontinued")
"""Stages that imply a court decision, whatever the result column says."""
SUSPECT = [*CRIME, "stands_for"]
PURSUIT_COLUMNS = (
    "force_code", "country", "in_period", "in_base", "involvement_ref", "crime_ref", "person_id", "offence_family",
    "cancelled", "transferred", "when_reported", "exploitation_marked", "one_of_several",
)  # fmt: skip
PROSECUTION_COLUMNS = (
    *PURSUIT_COLUMNS, "record_ref", "heard", "decided", "convicted", "sentenced", "custody", "days_to_hearing",
    "days_to_result", "days_seen", "results_known",
)  # fmt: skip


def prosecution_facts(tables: Tables, pursuit: ibis.Table, steps: ibis.Table, suspects: ibis.Table) -> ibis.Table:
    """Return the table `prosecution`, with `PROSECUTION_COLUMNS`: one row for each charged suspect of a crime.

    `decided`: a guilty plea, a verdict, a sentence, or the end of the case. `convicted`: on any charge; not known if an
    appeal was allowed, because the record does not say against what. `days_to_hearing` and `days_to_result`: from the
    first charging event. `days_seen`: to the extraction of the table `court`. `suspects`: parties of crimes.
    """
    rows = pursuit.filter(pursuit.charged).select(*PURSUIT_COLUMNS, stands_for="involvement_ref")
    rows = rows.mutate(involvement_ref=rows.stands_for, record_ref=rows.stands_for)
    rows = left_join(rows, _charge_days(steps), SUSPECT)
    court_rows = add_party(tables["court"].mutate(involvement_ref=ibis.null("string")), suspects)
    court_rows = court_rows.filter(~court_rows.crime_ref.isnull())
    rows = left_join(rows, _court_results(court_rows), SUSPECT)
    rows = left_join(rows, _crimes_with_unknown_defendant(court_rows), CRIME)
    rows = add_supply_indicators(rows, tables, "court_complete")
    rows = left_join(rows, crime_gaps(tables, {"court_holes": ("table court",)}), CRIME)
    rows = left_join(rows, extraction_days(tables, "court"), ["force_code"])
    is_absence_certain = rows.court_complete & ~rows.court_holes.fill_null(False) & ~rows.of_nobody.fill_null(False)
    return rows.mutate(
        heard=any_true(~rows.hearing_day.isnull(), is_absence_certain),
        decided=any_true(~rows.result_day.isnull(), is_absence_certain),
        convicted=_is_convicted(rows),
        sentenced=any_true(rows.any_sentence, is_absence_certain),
        custody=any_true(rows.any_custody, is_absence_certain & ~rows.unsaid_sentence.fill_null(False)),
        days_to_hearing=days_between(rows.charged_day, rows.hearing_day),
        days_to_result=days_between(rows.charged_day, rows.result_day),
        days_seen=days_between(rows.charged_day, rows.extracted_day),
        results_known=is_absence_certain.fill_null(False),
    ).select(*PROSECUTION_COLUMNS)


def _charge_days(steps: ibis.Table) -> ibis.Table:
    """Return one row for each suspect of a crime: the day of the first event that says charged."""
    charge_steps = steps.filter(is_charge(steps) & ~steps.suspect_ref.isnull() & ~steps.crime_ref.isnull())
    charge_steps = charge_steps.select(*CRIME, "starts_day", stands_for="suspect_ref")
    return charge_steps.group_by(SUSPECT).aggregate(charged_day=charge_steps.starts_day.min())


def _court_results(court_rows: ibis.Table) -> ibis.Table:
    """Return one row for each suspect of a crime with a row of the table `court`."""
    court_rows = court_rows.filter(~court_rows.party_ref.isnull()).rename(stands_for="party_ref")
    court_rows = court_rows.mutate(
        guilty=court_rows.court_result.isin(CONVICTION_RESULTS).fill_null(False) | (court_rows.stage == "sentence"),
        free=court_rows.court_result.isin(NON_CONVICTION_RESULTS).fill_null(False)
        | (court_rows.stage == "discontinued"),
        ended=court_rows.stage.isin(ENDING_STAGES),
        sentence=court_rows.court_result.isin(SENTENCES).fill_null(False) | (court_rows.stage == "sentence"),
    )
    is_decided = court_rows.guilty | court_rows.free | court_rows.ended
    return court_rows.group_by(SUSPECT).aggregate(
        hearing_day=court_rows.happened_at_day.min(),
        result_day=court_rows.happened_at_day.min(where=is_decided),
        any_guilty=court_rows.guilty.any(),
        any_free=court_rows.free.any(),
        unsaid=(court_rows.ended & ~court_rows.guilty & ~court_rows.free).any(),
        appeal=(court_rows.court_result == APPEAL_ALLOWED).fill_null(False).any(),
        any_sentence=court_rows.sentence.any(),
        any_custody=(court_rows.court_result == "custody_immediate").fill_null(False).any(),
        unsaid_sentence=(court_rows.sentence & court_rows.court_result.isnull()).any(),
    )


def _crimes_with_unknown_defendant(court_rows: ibis.Table) -> ibis.Table:
    """Return one row for each crime with a `court` row for somebody who is not recorded as a suspect of it."""
    rows = court_rows.filter(court_rows.party_ref.isnull())
    return rows.group_by(CRIME).aggregate(of_nobody=rows.party_ref.isnull().any())


def _is_convicted(rows: ibis.Table) -> ibis.Value:
    return ibis.cases(
        (rows.appeal.fill_null(False), None),
        (rows.any_guilty.fill_null(False), True),
        (rows.unsaid.fill_null(False), None),
        (rows.any_free.fill_null(False), False),
    )


# Facts of each suspect of a crime: named or not, ages, recorded ethnicity.
#
# Self-defined and officer-observed ethnicity are two facts. `NS` (asked, not stated) is an answer; an officer's
# `IC9` and `IC0` are not (return contract, section 5.4).

OFFICER_NOT_KNOWN = ("IC9", "IC0")
SUSPECT_COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "involvement_ref", "crime_ref", "person_id",
    "age_at_offence_low", "age_at_offence_high", "age_at_offence", "age_at_report", "child_at_offence",
    "when_reported", "in_base", "cancelled", "transferred", "offence_family", "sex", "known_as", "named",
    "ethnicity_self", "ethnicity_self_recorded", "ethnicity_self_reason", "ethnicity_officer",
    "ethnicity_officer_recorded",
)  # fmt: skip


def suspect_facts(tables: Tables, persons: ibis.Table, crimes: ibis.Table) -> ibis.Table:
    """Return the table `suspect`, with `SUSPECT_COLUMNS`: one row for each suspect of a crime.

    `when_reported` is that of the crime: were its victims children when it was reported? An empty value is "not
    recorded"; a column that was not sent, and a value set aside on receipt, are not known.
    """
    rows = persons.filter((persons.role == "suspect") & ~persons.crime_ref.isnull()).drop("when_reported")
    rows = left_join(rows, crimes.select("force_code", "crime_ref", "when_reported"), ["force_code", "crime_ref"])
    rows = add_supply_indicators(rows, tables, "ethnicity_self_sent", "ethnicity_officer_sent")
    rows = add_set_aside_cells(rows, tables, "involvements", "involvement_ref", "ethnicity_self", "ethnicity_officer")
    self_known = rows.ethnicity_self_sent & ~rows.ethnicity_self_aside
    officer_known = rows.ethnicity_officer_sent & ~rows.ethnicity_officer_aside
    is_officer_recorded = ~rows.ethnicity_officer.isnull() & ~rows.ethnicity_officer.isin(OFFICER_NOT_KNOWN).fill_null(
        False
    )
    return rows.mutate(
        record_ref=rows.involvement_ref,
        known_as=rows.suspect_known_as,
        named=rows.suspect_known_as == "named",
        ethnicity_self_recorded=ibis.cases((self_known, ~rows.ethnicity_self.isnull())),
        ethnicity_self_reason=rows.ethnicity_self_missing_reason,
        ethnicity_officer_recorded=ibis.cases((officer_known, is_officer_recorded)),
    ).select(*SUSPECT_COLUMNS)
