"""Court results of charged suspects, and days from charge to hearing and result.

One row is one suspect with a recorded charge on one crime. Court decisions are only in the table `court`, which a force
need not hold: if it is not complete, an absent result is not known. A charge is no conviction.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, days_between, left_join
from assay.facts.crime_endings import CRIME, is_charge
from assay.facts.event_parties import add_party
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_supply_indicators, crime_gaps, extraction_days

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
COLUMNS = (
    *PURSUIT_COLUMNS, "record_ref", "heard", "decided", "convicted", "sentenced", "custody", "days_to_hearing",
    "days_to_result", "days_seen", "results_known",
)  # fmt: skip


def prosecution_facts(tables: Tables, pursuit: ibis.Table, steps: ibis.Table, suspects: ibis.Table) -> ibis.Table:
    """Return the table `prosecution`, with `COLUMNS`: one row for each charged suspect of a crime; `suspects`: parties
    of crimes.

    `decided`: a plea of guilty, a verdict, a sentence, or the end of the case. `convicted`: on any charge; not known
    where an appeal was allowed, since the record does not say against what. `days_to_hearing` and `days_to_result`:
    from the first event that says charged; `days_seen`: to the day on which the table `court` was read out.
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
    ).select(*COLUMNS)


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
