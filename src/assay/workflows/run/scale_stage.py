"""Stage `scale`: count children, suspects and crimes by definition, with trends, forces' claims and recording accuracy.

The stage counts distinct persons under every linkage choice, and shows which definition counts whom; removed flags;
every series with the probability that it fell; forces' claims compared with their records; recording accuracy from
rated files; and the parts of each force together. Two parts come from other stages, if they were run: unflagged
exploitation from confirmed ratings, and the hidden estimate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay import facts as records
from assay import indicators, linkage, reference, stats
from assay.contract import question_sets
from assay.contract.need_descriptions import need_phrases
from assay.engine.expressions import ExpressionEngine
from assay.engine.provenance import read_stage
from assay.engine.stage_runner import StageOutput
from assay.facts.financial_quarters import financial_year
from assay.facts.inspection_run import InspectionRun
from assay.facts.person_roles import MISSING, ON_PARTNER_LIST, VICTIM
from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.scale import (
    distinct_counts,
    flag_indicators,
    record_series,
    scale_claim_tests,
    scale_parts,
    series_falls,
)
from assay.indicators.catalogue.scale.published_trends import Series
from assay.indicators.catalogue.scale.record_series import SeriesTrendRow
from assay.indicators.catalogue.scale.scale_columns import READ
from assay.linkage.person_assignment import MAIN, assign_persons
from assay.wording import join_words
from assay.workflows.run.scale_context import estimate_recordable, published_series, recording_accuracy

if TYPE_CHECKING:
    import ibis

STAGE = "scale"
UNMARKED, UNMARKED_YEARS = ("confirmed", "unflagged"), ("confirmed", "years")
HIDDEN, HIDDEN_CHANGES = ("hidden", "hidden_victims"), ("hidden", "hidden_victims_changes")
"""Stage and table of results of other stages (`scale_parts`, `series_falls`)."""
LINKAGE_CHOICES = ("low", "high", "exact", "draw 1", "draw 2", "draw 3", "draw 4", "draw 5")
"""The linkage choices under which every count of persons is repeated."""
FACTS = ("crime", "victim", "suspect", "role", "flag", "flagged_child", "found_group")
DEFINITION = "flagged_or_titled_cse"
POLICE_TABLES = ("crimes", "involvements", "flags")
"""The tables without which it is not known whom the police know, and whom they flagged."""


def run_scale_stage(run: InspectionRun) -> None:
    """Stage: count children, suspects and crimes by definition, with trends, forces' claims and recording accuracy."""
    paths = [run.folder / "records" / f"{name}.parquet" for name in FACTS]

    def make() -> StageOutput:
        with run.open_engine() as expressions:
            facts = {
                name: run.open_table(expressions, name, [path], STAGE) for name, path in zip(FACTS, paths, strict=True)
            }
            tables = _scale_tables(run, expressions, facts)
            sql = expressions.statements
        row_count = run.count_rows(*paths)
        return StageOutput(tables, row_count, row_count, sql=sql)

    inputs = run.stage_runner.outputs_of("records", "persons") | run.return_inputs(
        ("claims", "profiles", "agencies", "covers")
    )
    other_stages = [stage for stage, _ in (UNMARKED, HIDDEN) if stage in run.stage_runner.receipts]
    inputs |= run.stage_runner.outputs_of(*other_stages, *run.stage_runner.load_receipts("casefiles"))
    packages = (reference, records, linkage, indicators, question_sets, stats)
    run.stage_runner.run_stage(
        STAGE, make, packages=packages, inputs=inputs, settings=run.request_settings | {"persons": run.person_choice}
    )


def _scale_tables(
    run: InspectionRun, expressions: ExpressionEngine, facts: Mapping[str, ibis.Table]
) -> dict[str, pa.Table]:
    choices = _people_by_choice(run, expressions)
    crimes = expressions.create_table("taken_in", distinct_counts.included_crimes(facts["crime"]))
    children = expressions.create_table(
        "children_in", distinct_counts.select_people(facts["victim"], crimes, distinct_counts.CHILDREN)
    )
    distinct_table = distinct_counts.distinct_counts(expressions, facts, choices, _missing_tables(run))
    series_list = _record_series(run, expressions, crimes, facts["role"])
    trends = _trend_rows(series_list, _history_series(run, expressions, facts))
    trends += [row for item in published_series(_force_codes(run)) for row in record_series.trend_table_rows(item)]
    years = _period(run).years
    trends += series_falls.trend_rows(
        estimate_recordable(run.folder, series_list, years), record_series.UNRECORDED, trends
    )
    trends += series_falls.trend_rows(_other_stage_table(run, UNMARKED_YEARS), record_series.UNFLAGGED, trends)
    trends += series_falls.trend_rows(_other_stage_table(run, HIDDEN_CHANGES), record_series.HIDDEN, trends)
    claim_readings = [
        scale_claim_tests.count_group_crimes(expressions, crimes, facts["suspect"], people)
        for people in choices.values()
    ]
    return {
        "distinct_counts": distinct_table,
        "overlaps": distinct_counts.patterns(expressions, crimes, children),
        "flag_counts": flag_indicators.flag_counts(expressions, facts["flag"], facts["flagged_child"]),
        "quarters": record_series.quarters_table(series_list),
        "trends": pa.Table.from_pylist(trends, schema=record_series.SCHEMA),
        "claims": _claim_table(run, expressions, facts["found_group"], claim_readings, trends, distinct_table),
        "accuracy": recording_accuracy(run.folder),
        "parts": _part_table(run, expressions, facts["role"], children, distinct_table),
    }


def _people_by_choice(run: InspectionRun, expressions: ExpressionEngine) -> dict[str, ibis.Table | None]:
    """Return the linkage of this run first; the other choices only if linkage stored what they need."""
    persons_folder = run.folder / "persons"
    people_tables: dict[str, ibis.Table | None] = {run.person_choice: None}
    if not (persons_folder / "tied.parquet").is_file():
        return people_tables
    people, entries, joins = (pq.read_table(persons_folder / f"{name}.parquet") for name in ("people", "tied", "joins"))
    for choice_name in (choice for choice in (MAIN, *LINKAGE_CHOICES) if choice != run.person_choice):
        linked_people = assign_persons(people, entries, joins, choice_name).select(
            ["force_code", "involvement_ref", "person_id"]
        )
        people_tables[choice_name] = expressions.table(f"people_{choice_name.replace(' ', '_')}", linked_people)
    return people_tables


def _record_series(
    run: InspectionRun, expressions: ExpressionEngine, crimes: ibis.Table, role: ibis.Table
) -> list[Series]:
    months = record_series.monthly(expressions, crimes, role, ON_PARTNER_LIST)
    return record_series.quarterly(months, _period(run), _force_codes(run))


def _history_series(run: InspectionRun, expressions: ExpressionEngine, facts: Mapping[str, ibis.Table]) -> list[Series]:
    """Return the series from the first day of the history on; none if the inspection asked for no history."""
    request = run.inspection.request
    if request.history_from >= request.period_from:
        return []
    crimes = expressions.create_table("taken_in_with_history", distinct_counts.included_with_history(facts["crime"]))
    months = record_series.monthly(expressions, crimes, facts["role"], ON_PARTNER_LIST)
    period = record_series.Period(request.history_from, request.period_to)
    return record_series.quarterly(months, period, _force_codes(run))


def _trend_rows(series_list: Sequence[Series], extended: Sequence[Series]) -> list[SeriesTrendRow]:
    with_history = {(series.place_code, series.offence_key): series for series in extended}
    rows: list[SeriesTrendRow] = []
    for series in series_list:
        found = record_series.trend_table_rows(series)
        longer = with_history.get((series.place_code, series.offence_key))
        rows += record_series.history_trend_rows(found, longer) if longer else found
    return rows


def _period(run: InspectionRun) -> record_series.Period:
    return record_series.Period(run.inspection.request.period_from, run.inspection.request.period_to)


def _other_stage_table(run: InspectionRun, stage_and_table: tuple[str, str]) -> pa.Table | None:
    """Return a table of another stage; None if that stage was not run."""
    stage, name = stage_and_table
    is_present = (run.folder / stage / f"{name}.parquet").is_file()
    return read_stage(run.folder, stage, name) if is_present and stage in run.stage_runner.receipts else None


def _claim_table(
    run: InspectionRun,
    expressions: ExpressionEngine,
    found_group: ibis.Table,
    readings: Sequence[Mapping[str, int]],
    trends: Sequence[SeriesTrendRow],
    distinct_table: pa.Table,
) -> pa.Table:
    for name in ("claims", "profiles"):
        run.permission.require(name, "facts", run.table_files(name), STAGE)
    claim_rows = {
        name: run.concatenate_returns(name).select(["force_code", *READ[name]]).to_pylist()
        for name in ("claims", "profiles")
    }
    claims = scale_claim_tests.select_claims(claim_rows["claims"], claim_rows["profiles"])
    rows = scale_claim_tests.check_claims(
        claims,
        _count_groups(expressions, found_group),
        readings,
        trends,
        _totals(distinct_table, distinct_counts.CRIMES),
    )
    return pa.Table.from_pylist(rows, schema=scale_claim_tests.SCHEMA)


def _count_groups(expressions: ExpressionEngine, found_group: ibis.Table) -> dict[str, int]:
    """Return the number of groups by force.

    A group has two or more suspects of the same crimes, a child victim and a flagged crime.
    """
    groups = found_group
    selected = groups.filter(
        (groups.tied_by == "crimes") & (groups.suspects >= 2) & groups.in_base & groups.child_victim & groups.marked
    )
    counts = expressions.run(selected.group_by("force_code").aggregate(number=selected.count())).to_pylist()
    return {row["force_code"]: int(row["number"]) for row in counts}


def _totals(distinct_table: pa.Table, unit: str, column: str = "number") -> dict[str, int]:
    total_rows = (
        row
        for row in distinct_table.to_pylist()
        if row["counting_unit"] == unit and row["split"] == distinct_counts.ALL
    )
    return {row["place_code"]: row[column] for row in total_rows if row["definition"] == DEFINITION}


def _part_table(
    run: InspectionRun, expressions: ExpressionEngine, role: ibis.Table, children: ibis.Table, distinct_table: pa.Table
) -> pa.Table:
    starts, span = _reporting_span(run)
    children_in = (row for row in distinct_table.to_pylist() if row["counting_unit"] == distinct_counts.CHILDREN)
    definition_rows = [
        row for row in children_in if row["definition"] == DEFINITION and row["value"] == (span or distinct_counts.ALL)
    ]
    rows = scale_parts.part_rows(
        (EVERYWHERE, *_force_codes(run)),
        {row["place_code"]: (row["number"], row["number_low"], row["number_high"]) for row in definition_rows},
        _list_entries(run),
        _listed_or_police_only(run, expressions, role, children, starts),
        scale_parts.read_unmarked(_other_stage_table(run, UNMARKED)),
        scale_parts.read_hidden(_other_stage_table(run, HIDDEN)),
        span,
        _unknown_places(run),
    )
    return pa.Table.from_pylist(rows, schema=scale_parts.SCHEMA)


def _missing_tables(run: InspectionRun) -> dict[str, frozenset[str]]:
    """Return by force that sent a return the tables that it did not supply."""
    manifest_rows = run.concatenate_returns("covers").to_pylist()
    missing: dict[str, set[str]] = {row["force_code"]: set() for row in manifest_rows}
    for row in manifest_rows:
        if not row["used"] or row["supplied"] == "none":
            missing[row["force_code"]].add(row["table_name"])
    return {place: frozenset(tables) for place, tables in missing.items()}


def _unknown_places(run: InspectionRun) -> dict[str, str]:
    """Return by place why it is not known whom the police know and flagged.

    It is given for all together if it is known for no force.
    """
    lacking = {place: sorted(tables & set(POLICE_TABLES)) for place, tables in _missing_tables(run).items()}
    found = {place: _unknown_sentence("This force", tables) for place, tables in lacking.items() if tables}
    if found and len(found) == len(lacking):
        everywhere = [name for name in POLICE_TABLES if all(name in tables for tables in lacking.values())]
        found[EVERYWHERE] = _unknown_sentence("No force", everywhere)
    return found


def _unknown_sentence(subject: str, tables: Sequence[str]) -> str:
    predicate = (
        f"{'sent' if subject == 'No force' else 'did not send'} "
        f"{join_words(list(need_phrases(tables))) if tables else 'all of it'}"
    )
    return f"{subject} {predicate}, so whom the police know and marked cannot be said."


def _reporting_span(run: InspectionRun) -> tuple[date, str]:
    """Return the first reported day of the parts, and the financial year if the period is longer than one.

    Lists overlap year by year, and parts of different lengths cannot be shown in one chart.
    """
    request = run.inspection.request
    year = request.period_to.replace(year=request.period_to.year - 1)
    if request.period_from < year and (year.month, year.day) == (4, 1):
        return year, financial_year(year.year)
    return request.period_from, ""


def _list_entries(run: InspectionRun) -> dict[str, dict[str, int]]:
    """Return the entries on partners' lists, by place and list."""
    run.permission.require("agencies", "facts", run.table_files("agencies"), STAGE)
    agency_rows = run.concatenate_returns("agencies").select(["force_code", "list_kind"])
    list_kinds = pc.fill_null(agency_rows["list_kind"], "list of an unnamed kind")
    grouped = pa.table({"force_code": agency_rows["force_code"], "list_kind": list_kinds}).group_by(
        ["force_code", "list_kind"]
    )
    entries: dict[str, dict[str, int]] = {EVERYWHERE: {}}
    for row in grouped.aggregate([([], "count_all")]).to_pylist():
        for place in (row["force_code"], EVERYWHERE):
            kind_counts = entries.setdefault(place, {})
            kind_counts[row["list_kind"]] = kind_counts.get(row["list_kind"], 0) + row["count_all"]
    return entries


def _listed_or_police_only(
    run: InspectionRun, expressions: ExpressionEngine, role: ibis.Table, children: ibis.Table, starts: date
) -> dict[str, tuple[int, int]]:
    """Return by place two counts of children, from the day `starts` to the end of the period.

    They are children on partners' lists who are in no crime and no missing episode of the police, and children whose
    exploitation the police flagged who are on no partner's list.
    """
    period_end = run.inspection.request.period_to
    rows = role.filter(~role.person_id.isnull() & role.role.isin((VICTIM, MISSING, ON_PARTNER_LIST)))
    rows = rows.filter((rows.role_day >= starts) & (rows.role_day < period_end))
    unknown_forces = sorted(place for place in _unknown_places(run) if place != EVERYWHERE)
    rows = rows.filter(~rows.force_code.isin(unknown_forces)) if unknown_forces else rows
    listed = rows.filter(rows.role == ON_PARTNER_LIST).select("force_code", "person_id").distinct()
    police = rows.filter(rows.role != ON_PARTNER_LIST).select("person_id").distinct()
    in_span = children[f"in_{DEFINITION}"] & (children.recorded_day >= starts)
    marked = children.filter(in_span).select("force_code", "person_id").distinct()
    others_only = listed.anti_join(police, "person_id")
    police_only = marked.anti_join(listed.select("person_id").distinct(), "person_id")
    list_counts, police_counts = (
        _count_persons(expressions, person_table) for person_table in (others_only, police_only)
    )
    return {
        place: (list_counts.get(place, 0), police_counts.get(place, 0)) for place in (EVERYWHERE, *_force_codes(run))
    }


def _count_persons(expressions: ExpressionEngine, persons_found: ibis.Table) -> dict[str, int]:
    """Return distinct persons by force, and of all forces together."""
    force_counts = persons_found.group_by("force_code").aggregate(number=persons_found.person_id.nunique())
    found = {row["force_code"]: int(row["number"]) for row in expressions.run(force_counts).to_pylist()}
    total_row = expressions.run(persons_found.aggregate(number=persons_found.person_id.nunique())).to_pylist()
    return found | {EVERYWHERE: int(total_row[0]["number"])}


def _force_codes(run: InspectionRun) -> list[str]:
    return sorted({accepted_return.force_code for accepted_return in run.accepted_returns})
