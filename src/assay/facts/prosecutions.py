"""What did a court decide of each suspect who was charged, and how long after the charge?

One row is one suspect against whom a charge on one crime stands on record. What a court decided is on no other record
than the table `court`, which a force need not hold: where it is not sent whole, a result that is not there is not
known. A charge is no conviction.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside, days_between
from assay.facts.crime_endings import CRIME, charging
from assay.facts.event_parties import with_party
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import crimes_with_holes, extracted_day_of, with_answers

SENTENCES = ("custody_immediate", "custody_suspended", "community_order", "other_sentence")
CONVICTED = ("guilty_plea", "guilty_found", *SENTENCES)
NOT_CONVICTED = ("not_guilty", "dismissed", "discontinued")
APPEAL_ALLOWED = "appeal_allowed"
ENDING_STAGES = ("verdict", "sentence", "discontinued")
"""Stages after which the court has decided, whatever the row says of the result."""
SUSPECT = [*CRIME, "stands_for"]
OF_PURSUIT = (
    "force_code", "country", "in_period", "in_base", "involvement_ref", "crime_ref", "person_id", "offence_family",
    "cancelled", "transferred", "when_reported", "exploitation_marked", "one_of_several",
)  # fmt: skip
COLUMNS = (
    *OF_PURSUIT, "record_ref", "heard", "decided", "convicted", "sentenced", "custody", "days_to_hearing",
    "days_to_result", "days_seen", "results_known",
)  # fmt: skip


def prosecutions(held: Held, pursuit: ibis.Table, steps: ibis.Table, suspects: ibis.Table) -> ibis.Table:
    """The table `prosecution`, with `COLUMNS`: one row a charged suspect of a crime; `suspects`: parties of crimes.

    `decided`: a plea of guilty, a verdict, a sentence, or the end of the case. `convicted`: on any charge; not known
    where an appeal was allowed, since the record does not say against what. `days_to_hearing` and `days_to_result`:
    from the first event that says charged; `days_seen`: to the day on which the table `court` was read out.
    """
    rows = pursuit.filter(pursuit.charged).select(*OF_PURSUIT, stands_for="involvement_ref")
    rows = rows.mutate(involvement_ref=rows.stands_for, record_ref=rows.stands_for)
    rows = beside(rows, _charges(steps), SUSPECT)
    told = with_party(held["court"].mutate(involvement_ref=ibis.null("string")), suspects)
    told = told.filter(~told.crime_ref.isnull())
    rows = beside(rows, _results(told), SUSPECT)
    rows = beside(rows, _of_nobody(told), CRIME)
    rows = with_answers(rows, held, "court_complete")
    rows = beside(rows, crimes_with_holes(held, {"court_holes": ("table court",)}), CRIME)
    rows = beside(rows, extracted_day_of(held, "court"), ["force_code"])
    silent = rows.court_complete & ~rows.court_holes.fill_null(False) & ~rows.of_nobody.fill_null(False)
    return rows.mutate(
        heard=any_true(~rows.hearing_day.isnull(), silent),
        decided=any_true(~rows.result_day.isnull(), silent),
        convicted=_convicted(rows),
        sentenced=any_true(rows.any_sentence, silent),
        custody=any_true(rows.any_custody, silent & ~rows.unsaid_sentence.fill_null(False)),
        days_to_hearing=days_between(rows.charged_day, rows.hearing_day),
        days_to_result=days_between(rows.charged_day, rows.result_day),
        days_seen=days_between(rows.charged_day, rows.extracted_day),
        results_known=silent.fill_null(False),
    ).select(*COLUMNS)


def _charges(steps: ibis.Table) -> ibis.Table:
    """One row a suspect of a crime: the day of the first event that says charged."""
    told = steps.filter(charging(steps) & ~steps.suspect_ref.isnull() & ~steps.crime_ref.isnull())
    told = told.select(*CRIME, "starts_day", stands_for="suspect_ref")
    return told.group_by(SUSPECT).aggregate(charged_day=told.starts_day.min())


def _results(told: ibis.Table) -> ibis.Table:
    """One row a suspect of a crime with a row of the table `court`."""
    told = told.filter(~told.party_ref.isnull()).rename(stands_for="party_ref")
    told = told.mutate(
        guilty=told.court_result.isin(CONVICTED).fill_null(False) | (told.stage == "sentence"),
        free=told.court_result.isin(NOT_CONVICTED).fill_null(False) | (told.stage == "discontinued"),
        ended=told.stage.isin(ENDING_STAGES),
        sentence=told.court_result.isin(SENTENCES).fill_null(False) | (told.stage == "sentence"),
    )
    decided = told.guilty | told.free | told.ended
    return told.group_by(SUSPECT).aggregate(
        hearing_day=told.happened_at_day.min(),
        result_day=told.happened_at_day.min(where=decided),
        any_guilty=told.guilty.any(),
        any_free=told.free.any(),
        unsaid=(told.ended & ~told.guilty & ~told.free).any(),
        appeal=(told.court_result == APPEAL_ALLOWED).fill_null(False).any(),
        any_sentence=told.sentence.any(),
        any_custody=(told.court_result == "custody_immediate").fill_null(False).any(),
        unsaid_sentence=(told.sentence & told.court_result.isnull()).any(),
    )


def _of_nobody(told: ibis.Table) -> ibis.Table:
    """One row a crime with a row of the table `court` of somebody who stands as no suspect of it."""
    rows = told.filter(told.party_ref.isnull())
    return rows.group_by(CRIME).aggregate(of_nobody=rows.party_ref.isnull().any())


def _convicted(rows: ibis.Table) -> ibis.Value:
    return ibis.cases(
        (rows.appeal.fill_null(False), None),
        (rows.any_guilty.fill_null(False), True),
        (rows.unsaid.fill_null(False), None),
        (rows.any_free.fill_null(False), False),
    )
