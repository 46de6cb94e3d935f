"""Facts of risk assessments: earlier harm, harm that the assessment names, narrative, and whether its score is right.

Prior harm: before the day of the assessment, a crime against the child was reported to the force, or a disclosure of
the child was entered. On the same day the order is unknown, and so is prior harm.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, days_between, left_join, union_all
from assay.facts.crime_base import BASE_REASONS
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_supply_indicators, extraction_days
from assay.facts.reports_and_episodes import add_country_and_period, ages_at_event, persons_by_ref
from assay.reference.risk_tools import ITEM_POINTS, SCORED_TOOL, TIERS_BY_CATEGORY, lowest_scores

DISCLOSURE_RECORDED = "disclosure_recorded"
HARM_NAMED = ("harm_suspected", "harm_known")
HARM_NOT_NAMED = ("at_risk_only", "no_concern")
NARRATIVES = "narratives"
"""Facts of the narrative of each assessment: force_code, assessment_ref, narrative_given, narrative_copied. They are
made where texts may be read; facts never read the texts themselves."""
FOLLOW_UP_DAYS = 180  # days
PERSON = ["force_code", "person_id"]
ASSESSMENT = ["force_code", "assessment_ref"]
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "assessment_ref", "person_ref", "person_id",
    "assessed_day", "age_when_assessed", "tool", "score", "band", "harm_finding", "override", "override_reason_given",
    "by_role", "harm_before", "harm_named", "harm_in_words", "narrative_given", "narrative_copied", "items_scored",
    "score_right", "band_right", "harm_in_180", "followed_180",
)  # fmt: skip


def assessment_facts(tables: Tables, persons: ibis.Table, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Return the table `assessment`, with `COLUMNS`: one row for each assessment.

    `harm_named`: it states that harm is known or suspected; not known if it does not state it. `harm_in_words`: it
    names harm and describes what was found; not known if nobody read its words (`_has_harm_narrative`). `items_scored`:
    the tool has a key and every item has a score. `band_right`: the band follows from the entered score, or the
    assessor set another and says so. `harm_in_180`: a crime against the child was reported within 180 days after the
    assessment.
    """
    rows = left_join(
        add_country_and_period(tables["assessments"], tables, "assessed_at_day", authority=""),
        persons_by_ref(persons),
        ["force_code", "person_ref"],
    )
    rows = left_join(rows, ages_at_event(tables, "assessments", "assessment_ref"), ASSESSMENT)
    rows = left_join(rows, _first_harm(persons, crime, steps), PERSON)
    rows = left_join(rows, _narrative_facts(tables), ASSESSMENT)
    rows = left_join(rows, _item_points(tables), ASSESSMENT)
    rows = left_join(rows, _later_harm(rows, persons, crime), ASSESSMENT)
    rows = left_join(rows, extraction_days(tables, "crimes"), ["force_code"])
    rows = add_supply_indicators(rows, tables, "crimes_complete", "involvements_complete")
    days_seen = days_between(rows.assessed_at_day, rows.extracted_day)
    is_followed_up = (
        rows.crimes_complete & rows.involvements_complete & ~rows.person_id.isnull() & (days_seen >= FOLLOW_UP_DAYS)
    )
    is_scored = (rows.tool == SCORED_TOOL) & rows.items_whole.fill_null(False)
    harm_named = ibis.cases((rows.harm_finding.isin(HARM_NAMED), True), (rows.harm_finding.isin(HARM_NOT_NAMED), False))
    return rows.mutate(
        record_ref=rows.assessment_ref,
        in_base=rows.in_period,
        assessed_day=rows.assessed_at_day,
        age_when_assessed=rows.age_then,
        harm_before=_had_harm_before(rows),
        harm_named=harm_named,
        harm_in_words=_has_harm_narrative(harm_named, rows.narrative_given),
        items_scored=is_scored,
        score_right=ibis.cases((is_scored, rows.score == rows.points)),
        band_right=ibis.cases((is_scored, _is_band_consistent(rows) | rows.override)),
        harm_in_180=any_true(rows.days_to_harm <= FOLLOW_UP_DAYS, is_followed_up),
        followed_180=days_seen >= FOLLOW_UP_DAYS,
    ).select(*COLUMNS)


def first_reports(persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Return one row for each child and each crime in scope against the child that was not cancelled, with its day.

    The columns are force_code, person_id, crime_ref and day.
    """
    victims = persons.filter((persons.role == "victim") & ~persons.crime_ref.isnull() & ~persons.person_id.isnull())
    victims = victims.filter(victims.child_at_offence.fill_null(True))
    crime_days = crime.filter(crime.scope_reason.isin(BASE_REASONS) & ~crime.cancelled.fill_null(False))
    crime_days = crime_days.select("force_code", "crime_ref", day="report_day")
    victim_rows = victims.select("force_code", "person_id", "crime_ref").distinct()
    return victim_rows.join(crime_days, ["force_code", "crime_ref"]).select(
        "force_code", "person_id", "crime_ref", "day"
    )


def _first_harm(persons: ibis.Table, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Return for each child the first day of a report or disclosure; `day_unknown`: some report has no day."""
    disclosures = steps.filter((steps.kind == DISCLOSURE_RECORDED) & ~steps.person_ref.isnull())
    disclosures = disclosures.select("force_code", "person_ref", day="starts_day").join(
        persons_by_ref(persons), ["force_code", "person_ref"]
    )
    harm_days = union_all(
        [
            first_reports(persons, crime).select("force_code", "person_id", "day"),
            disclosures.select("force_code", "person_id", "day"),
        ]
    )
    return harm_days.group_by(PERSON).aggregate(
        first_harm_day=harm_days.day.min(), day_unknown=harm_days.day.isnull().any()
    )


def _later_harm(rows: ibis.Table, persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Return for each assessment the days to the first later report of a crime against the child, if there is one."""
    assessment_rows = rows.select(*ASSESSMENT, "person_id", assessed="assessed_at_day")
    later_reports = assessment_rows.join(first_reports(persons, crime), PERSON)
    days = days_between(later_reports.assessed, later_reports.day)
    later_reports = later_reports.mutate(days=days).filter(days > 0)
    return later_reports.group_by(ASSESSMENT).aggregate(days_to_harm=later_reports.days.min())


def _had_harm_before(rows: ibis.Table) -> ibis.Value:
    is_before = rows.first_harm_day < rows.assessed_at_day
    is_after = (rows.first_harm_day > rows.assessed_at_day) | rows.first_harm_day.isnull()
    is_complete = rows.crimes_complete & rows.involvements_complete & ~rows.person_id.isnull()
    return any_true(is_before, is_after & is_complete & ~rows.day_unknown.fill_null(False))


def _has_harm_narrative(harm_named: ibis.Value, words: ibis.Value) -> ibis.Value:
    """Return whether an assessment names harm and describes it in words; not known if nobody read its words.

    The logical value of "no and unknown" is no. But bundles leave out all words, or all but those of sampled crimes:
    the only known answers would be failures of the first condition, and the share would be of failures alone.
    """
    return ibis.cases((words, harm_named), (~words, False))


def _narrative_facts(tables: Tables) -> ibis.Table:
    """Return the facts of the narratives; not known if they were not read."""
    if NARRATIVES in tables:
        return tables[NARRATIVES].select(*ASSESSMENT, "narrative_given", "narrative_copied")
    unknown = {name: ibis.null("boolean") for name in ("narrative_given", "narrative_copied")}
    return tables["assessments"].select(*ASSESSMENT, **unknown).distinct()


def _item_points(tables: Tables) -> ibis.Table:
    """Return for each assessment its `points` by the key, and whether every item can be scored (`items_whole`).

    If an item of a force was set aside on receipt, its assessment is not known, so no sum of that force is complete.
    """
    rows = tables["assessment_items"]
    point_cases = [
        ((rows.item_kind == kind) & (rows.present == present), points)
        for (kind, present), points in ITEM_POINTS.items()
    ]
    rows = rows.mutate(item_points=ibis.cases((rows.present == "no", 0), *point_cases).cast("int64"))
    item_sums = rows.group_by(ASSESSMENT).aggregate(
        points=rows.item_points.sum(), any_unscored=rows.item_points.isnull().any()
    )
    incomplete_items = tables["incomplete"].filter(
        (tables["incomplete"].table_name == "assessment_items") & tables["incomplete"].record_ref.isnull()
    )
    item_sums = left_join(
        item_sums, incomplete_items.select("force_code", lost_items=ibis.literal(True)).distinct(), ["force_code"]
    )
    return item_sums.select(
        *ASSESSMENT, "points", items_whole=~item_sums.any_unscored & ~item_sums.lost_items.fill_null(False)
    )


def _is_band_consistent(rows: ibis.Table) -> ibis.Value:
    """Return whether the band may follow from the category of the entered score; not known if either is missing."""
    band_cases = [
        (rows.score >= lowest, rows.band.isin(TIERS_BY_CATEGORY[category]))
        for category, lowest in sorted(lowest_scores().items(), reverse=True)
    ]
    return ibis.cases((rows.band.isnull(), ibis.null("boolean")), *band_cases)
