"""What does each risk assessment say: of harm that had happened, in words of its own, and with a sum that is right?

Harm had happened where, before the day of the assessment, a crime against the child had been reported to the force, or
something that the child had said was entered. On the same day the order is open, and it is not known.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside, days_between, stacked
from assay.facts.crime_base import BASE_REASONS
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import extracted_day_of, with_answers
from assay.facts.reports_and_episodes import age_then, dated, people
from assay.reference.risk_tools import MAY_BE_MAPPED_TO, POINTS, SCORED, lowest_scores

DISCLOSED = "disclosure_recorded"
HARM_NAMED = ("harm_suspected", "harm_known")
HARM_NOT_NAMED = ("at_risk_only", "no_concern")
NARRATIVES = "narratives"
"""What is known of the words of each assessment: force_code, assessment_ref, narrative_given, narrative_copied. Read
where it was looked at; texts themselves are read by no fact."""
AFTERWARDS = 180  # days
PERSON = ["force_code", "person_id"]
ASSESSMENT = ["force_code", "assessment_ref"]
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "assessment_ref", "person_ref", "person_id",
    "assessed_day", "age_when_assessed", "tool", "score", "band", "harm_finding", "override", "override_reason_given",
    "by_role", "harm_before", "harm_named", "harm_in_words", "narrative_given", "narrative_copied", "items_scored",
    "score_right", "band_right", "harm_in_180", "followed_180",
)  # fmt: skip


def assessments(held: Held, persons: ibis.Table, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """The table `assessment`, with `COLUMNS`: whose, when, with what tool and result, and how old the child was.

    `harm_named`: it says that harm is known or suspected; of one that does not state it, not known. `harm_in_words`: it
    names harm and says in words what was found; where nobody looked at its words, not known (`_harm_in_words`).
    `items_scored`: the
    tool has a key and every item is there to be added up. `band_right`: the band follows from the score as it was
    entered, or the assessor set another and says so. `harm_in_180`: a crime against the child was reported in the 180
    days that follow the day of the assessment.
    """
    rows = beside(dated(held["assessments"], held, "assessed_at_day", authority=""), people(persons),
                  ["force_code", "person_ref"])  # fmt: skip
    rows = beside(rows, age_then(held, "assessments", "assessment_ref"), ASSESSMENT)
    rows = beside(rows, _first_harm(persons, crime, steps), PERSON)
    rows = beside(rows, _narratives(held), ASSESSMENT)
    rows = beside(rows, _summed(held), ASSESSMENT)
    rows = beside(rows, _later_harm(rows, persons, crime), ASSESSMENT)
    rows = beside(rows, extracted_day_of(held, "crimes"), ["force_code"])
    rows = with_answers(rows, held, "crimes_complete", "involvements_complete")
    seen = days_between(rows.assessed_at_day, rows.extracted_day)
    followed = rows.crimes_complete & rows.involvements_complete & ~rows.person_id.isnull() & (seen >= AFTERWARDS)
    scored = (rows.tool == SCORED) & rows.items_whole.fill_null(False)
    harm_named = ibis.cases((rows.harm_finding.isin(HARM_NAMED), True), (rows.harm_finding.isin(HARM_NOT_NAMED), False))
    return rows.mutate(
        record_ref=rows.assessment_ref,
        in_base=rows.in_period,
        assessed_day=rows.assessed_at_day,
        age_when_assessed=rows.age_then,
        harm_before=_harm_before(rows),
        harm_named=harm_named,
        harm_in_words=_harm_in_words(harm_named, rows.narrative_given),
        items_scored=scored,
        score_right=ibis.cases((scored, rows.score == rows.points)),
        band_right=ibis.cases((scored, _band_follows(rows) | rows.override)),
        harm_in_180=any_true(rows.days_to_harm <= AFTERWARDS, followed),
        followed_180=seen >= AFTERWARDS,
    ).select(*COLUMNS)


def first_reports(persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """One row a child and crime against them in scope that was not cancelled: force_code, person_id, crime_ref, day."""
    victims = persons.filter((persons.role == "victim") & ~persons.crime_ref.isnull() & ~persons.person_id.isnull())
    victims = victims.filter(victims.child_at_offence.fill_null(True))
    of_crimes = crime.filter(crime.scope_reason.isin(BASE_REASONS) & ~crime.cancelled.fill_null(False))
    of_crimes = of_crimes.select("force_code", "crime_ref", day="report_day")
    told = victims.select("force_code", "person_id", "crime_ref").distinct()
    return told.join(of_crimes, ["force_code", "crime_ref"]).select("force_code", "person_id", "crime_ref", "day")


def _first_harm(persons: ibis.Table, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """One row a child: the first day of a report or disclosure, and whether some report has no day (`day_unknown`)."""
    said = steps.filter((steps.kind == DISCLOSED) & ~steps.person_ref.isnull())
    said = said.select("force_code", "person_ref", day="starts_day").join(people(persons), ["force_code", "person_ref"])
    both = stacked(
        [
            first_reports(persons, crime).select("force_code", "person_id", "day"),
            said.select("force_code", "person_id", "day"),
        ]
    )
    return both.group_by(PERSON).aggregate(first_harm_day=both.day.min(), day_unknown=both.day.isnull().any())


def _later_harm(rows: ibis.Table, persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """One row an assessment after which a crime against the child was reported: whole days to the first."""
    own = rows.select(*ASSESSMENT, "person_id", assessed="assessed_at_day")
    both = own.join(first_reports(persons, crime), PERSON)
    days = days_between(both.assessed, both.day)
    both = both.mutate(days=days).filter(days > 0)
    return both.group_by(ASSESSMENT).aggregate(days_to_harm=both.days.min())


def _harm_before(rows: ibis.Table) -> ibis.Value:
    before = rows.first_harm_day < rows.assessed_at_day
    after = (rows.first_harm_day > rows.assessed_at_day) | rows.first_harm_day.isnull()
    everything = rows.crimes_complete & rows.involvements_complete & ~rows.person_id.isnull()
    return any_true(before, after & everything & ~rows.day_unknown.fill_null(False))


def _harm_in_words(harm_named: ibis.Value, words: ibis.Value) -> ibis.Value:
    """Whether an assessment names harm and has words beside it; not known where nobody looked at its words.

    "No and unknown" would be no. But a bundle leaves all words out, or all but those of drawn crimes: then the only
    answers known for certain are those that fail on the other part, and the share would be of failures alone.
    """
    return ibis.cases((words, harm_named), (~words, False))


def _narratives(held: Held) -> ibis.Table:
    """What was found of the words; where nobody looked it is not known."""
    if NARRATIVES in held:
        return held[NARRATIVES].select(*ASSESSMENT, "narrative_given", "narrative_copied")
    unknown = {name: ibis.null("boolean") for name in ("narrative_given", "narrative_copied")}
    return held["assessments"].select(*ASSESSMENT, **unknown).distinct()


def _summed(held: Held) -> ibis.Table:
    """One row an assessment: its `points` by the key, and whether every item can be scored (`items_whole`).

    Where a force's item was set aside on receipt nobody knows whose it was: then no sum of that force is whole.
    """
    rows = held["assessment_items"]
    key = [((rows.item_kind == kind) & (rows.present == present), points) for (kind, present), points in POINTS.items()]
    rows = rows.mutate(item_points=ibis.cases((rows.present == "no", 0), *key).cast("int64"))
    summed = rows.group_by(ASSESSMENT).aggregate(
        points=rows.item_points.sum(), any_unscored=rows.item_points.isnull().any()
    )
    lost = held["incomplete"].filter(
        (held["incomplete"].table_name == "assessment_items") & held["incomplete"].record_ref.isnull()
    )
    summed = beside(summed, lost.select("force_code", lost_items=ibis.literal(True)).distinct(), ["force_code"])
    return summed.select(*ASSESSMENT, "points", items_whole=~summed.any_unscored & ~summed.lost_items.fill_null(False))


def _band_follows(rows: ibis.Table) -> ibis.Value:
    """Whether the band is one that the category of the entered score may be mapped to; not known without either."""
    told = [
        (rows.score >= lowest, rows.band.isin(MAY_BE_MAPPED_TO[category]))
        for category, lowest in sorted(lowest_scores().items(), reverse=True)
    ]
    return ibis.cases((rows.band.isnull(), ibis.null("boolean")), *told)
