"""How much is there, in parts, and is any of it falling? What the stage `scale` works out of the records of all forces.

Distinct children, suspects and crimes under every definition, by who is the same person; which definition catches whom;
flags taken away; every series with the probability that it fell; forces' claims held against their records; recording
accuracy from marked files; and the parts of each force laid beside one another. Two parts are made by other stages, and
are taken in where they are there: the unmarked from what people confirmed, and the hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay import facts as records
from assay import indicators, linkage, reference, stats
from assay.contract import question_sets
from assay.contract.contract_words import named
from assay.engine.expressions import Expressions
from assay.engine.provenance import read_stage
from assay.engine.stage_runner import Made
from assay.facts.financial_quarters import financial_year
from assay.facts.inspection_run import Run
from assay.facts.person_roles import LISTED, MISSING, VICTIM
from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.scale import (
    claims_of_no_groups,
    definition_overlaps,
    distinct_counts,
    flag_counts,
    record_series,
    scale_parts,
    series_falls,
)
from assay.indicators.catalogue.scale.published_trends import Series
from assay.indicators.catalogue.scale.scale_columns import READ
from assay.linkage.person_assignment import MAIN, people_by
from assay.wording import listed
from assay.workflows.run.scale_context import accuracy, published_series, should_stand_recorded

if TYPE_CHECKING:
    import ibis

STAGE = "scale"
UNMARKED, UNMARKED_YEARS = ("confirmed", "unflagged"), ("confirmed", "years")
HIDDEN, HIDDEN_CHANGES = ("hidden", "hidden"), ("hidden", "hidden_changes")
"""Stage and table of what others make: see `parts.read_unmarked`, `parts.read_hidden` and `moved.rows`."""
OTHER_WAYS = ("low", "high", "exact", "draw 1", "draw 2", "draw 3", "draw 4", "draw 5")
"""The ways to decide who is the same person by which every count of persons is repeated."""
FACTS = ("crime", "victim", "suspect", "role", "flag", "flagged_child", "found_group")
DEFINITION = "flagged_or_titled_cse"
OF_POLICE = ("crimes", "involvements", "flags")
"""The tables without which it is not known whom the police know, and whom they marked."""


def set_parts_together(run: Run) -> None:
    """Every part of the scale, side by side."""
    paths = [run.folder / "records" / f"{name}.parquet" for name in FACTS]

    def make() -> Made:
        with run.expressions() as at_work:
            facts = {name: run.open(at_work, name, [path], STAGE) for name, path in zip(FACTS, paths, strict=True)}
            made = _made(run, at_work, facts)
            sql = at_work.statements
        taken = run.size(*paths)
        return Made(made, taken, taken, sql=sql)

    inputs = run.book.outputs_of("records", "persons") | run.from_returns(("claims", "profiles", "agencies", "covers"))
    others = [stage for stage, _ in (UNMARKED, HIDDEN) if stage in run.book.receipts]
    inputs |= run.book.outputs_of(*others, *run.book.know("casefiles"))
    rooms = (reference, records, linkage, indicators, question_sets, stats)
    run.book.stage(STAGE, make, rooms=rooms, inputs=inputs, settings=run.asked | {"persons": run.persons})


def _made(run: Run, at_work: Expressions, facts: Mapping[str, ibis.Table]) -> dict[str, pa.Table]:
    choices = _choices(run, at_work)
    crimes = at_work.keep("taken_in", distinct_counts.taken_in(facts["crime"]))
    children = at_work.keep("children_in", distinct_counts.people(facts["victim"], crimes, distinct_counts.CHILDREN))
    counted = distinct_counts.distinct(at_work, facts, choices, _lacking(run))
    followed = _followed(run, at_work, crimes, facts["role"])
    trends = [row for one in (*followed, *published_series(_bodies(run))) for row in record_series.rows_of(one)]
    years = _period(run).years
    trends += series_falls.rows(should_stand_recorded(run.folder, followed, years), record_series.UNRECORDED, trends)
    trends += series_falls.rows(_other(run, UNMARKED_YEARS), record_series.UNFLAGGED, trends)
    trends += series_falls.rows(_other(run, HIDDEN_CHANGES), record_series.HIDDEN, trends)
    readings = [
        claims_of_no_groups.by_several(at_work, crimes, facts["suspect"], chosen) for chosen in choices.values()
    ]
    return {
        "distinct": counted,
        "overlaps": definition_overlaps.patterns(at_work, crimes, children),
        "flag_counts": flag_counts.flag_counts(at_work, facts["flag"], facts["flagged_child"]),
        "quarters": record_series.quarters_table(followed),
        "trends": pa.Table.from_pylist(trends, schema=record_series.SCHEMA),
        "claims": _claims(run, at_work, facts["found_group"], readings, trends, counted),
        "accuracy": accuracy(run.folder),
        "parts": _parts(run, at_work, facts["role"], children, counted),
    }


def _choices(run: Run, at_work: Expressions) -> dict[str, ibis.Table | None]:
    """The way of this run first; the others only where linkage left what they need."""
    room = run.folder / "persons"
    found: dict[str, ibis.Table | None] = {run.persons: None}
    if not (room / "tied.parquet").is_file():
        return found
    people, tied, joins = (pq.read_table(room / f"{name}.parquet") for name in ("people", "tied", "joins"))
    for way in (one for one in (MAIN, *OTHER_WAYS) if one != run.persons):
        told = people_by(people, tied, joins, way).select(["force_code", "involvement_ref", "person_id"])
        found[way] = at_work.table(f"people_{way.replace(' ', '_')}", told)
    return found


def _followed(run: Run, at_work: Expressions, crimes: ibis.Table, role: ibis.Table) -> list[Series]:
    months = record_series.monthly(at_work, crimes, role, LISTED)
    return record_series.quarterly(months, _period(run), _bodies(run))


def _period(run: Run) -> record_series.Period:
    return record_series.Period(run.inspection.request.period_from, run.inspection.request.period_to)


def _other(run: Run, home: tuple[str, str]) -> pa.Table | None:
    """A table that another stage made; None where that stage was not run."""
    stage, name = home
    there = (run.folder / stage / f"{name}.parquet").is_file()
    return read_stage(run.folder, stage, name) if there and stage in run.book.receipts else None


def _claims(
    run: Run,
    at_work: Expressions,
    found_group: ibis.Table,
    readings: Sequence[Mapping[str, int]],
    trends: Sequence[dict[str, Any]],
    counted: pa.Table,
) -> pa.Table:
    for name in ("claims", "profiles"):
        run.permission.ask(name, "facts", run.files(name), STAGE)
    wanted = {
        name: run.together(name).select(["force_code", *READ[name]]).to_pylist() for name in ("claims", "profiles")
    }
    made = claims_of_no_groups.claims_of(wanted["claims"], wanted["profiles"])
    rows = claims_of_no_groups.held(
        made, _groups(at_work, found_group), readings, trends, _all_of(counted, distinct_counts.CRIMES)
    )
    return pa.Table.from_pylist(rows, schema=claims_of_no_groups.SCHEMA)


def _groups(at_work: Expressions, found_group: ibis.Table) -> dict[str, int]:
    """By force: groups of two or more suspects of the same crimes, with a child victim and a marked crime."""
    one = found_group
    shown = one.filter((one.tied_by == "crimes") & (one.suspects >= 2) & one.in_base & one.child_victim & one.marked)
    told = at_work.run(shown.group_by("force_code").aggregate(number=shown.count())).to_pylist()
    return {row["force_code"]: int(row["number"]) for row in told}


def _all_of(counted: pa.Table, what: str, column: str = "number") -> dict[str, int]:
    mine = (row for row in counted.to_pylist() if row["counted"] == what and row["split"] == distinct_counts.ALL)
    return {row["place_code"]: row[column] for row in mine if row["definition"] == DEFINITION}


def _parts(run: Run, at_work: Expressions, role: ibis.Table, children: ibis.Table, counted: pa.Table) -> pa.Table:
    starts, span = _span(run)
    children_in = (row for row in counted.to_pylist() if row["counted"] == distinct_counts.CHILDREN)
    mine = [
        row for row in children_in if row["definition"] == DEFINITION and row["value"] == (span or distinct_counts.ALL)
    ]
    rows = scale_parts.parts(
        (EVERYWHERE, *_bodies(run)),
        {r["place_code"]: (r["number"], r["number_low"], r["number_high"]) for r in mine},
        _lists(run),
        _only(run, at_work, role, children, starts),
        scale_parts.read_unmarked(_other(run, UNMARKED)),
        scale_parts.read_hidden(_other(run, HIDDEN)),
        span,
        _not_sent(run),
    )
    return pa.Table.from_pylist(rows, schema=scale_parts.SCHEMA)


def _lacking(run: Run) -> dict[str, frozenset[str]]:
    """By force that sent a return, the tables that it did not send."""
    covers = run.together("covers").to_pylist()
    found: dict[str, set[str]] = {row["force_code"]: set() for row in covers}
    for row in covers:
        if not row["used"] or row["supplied"] == "none":
            found[row["force_code"]].add(row["table_name"])
    return {place: frozenset(tables) for place, tables in found.items()}


def _not_sent(run: Run) -> dict[str, str]:
    """By place, why it cannot be said whom the police know and marked; of all together where it can be said of no
    force."""
    lacking = {place: sorted(tables & set(OF_POLICE)) for place, tables in _lacking(run).items()}
    found = {place: _not_said("This force", tables) for place, tables in lacking.items() if tables}
    if found and len(found) == len(lacking):
        everywhere = [name for name in OF_POLICE if all(name in tables for tables in lacking.values())]
        found[EVERYWHERE] = _not_said("No force", everywhere)
    return found


def _not_said(who: str, tables: Sequence[str]) -> str:
    sent = f"{'sent' if who == 'No force' else 'did not send'} {listed(list(named(tables))) if tables else 'all of it'}"
    return f"{who} {sent}, so whom the police know and marked cannot be said."


def _span(run: Run) -> tuple[date, str]:
    """The first day of which the parts are told, and the financial year if the period is longer than one: lists overlap
    year by year, and parts of different lengths cannot stand in one picture."""
    request = run.inspection.request
    year = request.period_to.replace(year=request.period_to.year - 1)
    if request.period_from < year and (year.month, year.day) == (4, 1):
        return year, financial_year(year.year)
    return request.period_from, ""


def _lists(run: Run) -> dict[str, dict[str, int]]:
    """Entries on partners' lists, by place and list."""
    run.permission.ask("agencies", "facts", run.files("agencies"), STAGE)
    sent = run.together("agencies").select(["force_code", "list_kind"])
    told = pc.fill_null(sent["list_kind"], "list of an unnamed kind")
    grouped = pa.table({"force_code": sent["force_code"], "list_kind": told}).group_by(["force_code", "list_kind"])
    found: dict[str, dict[str, int]] = {EVERYWHERE: {}}
    for row in grouped.aggregate([([], "count_all")]).to_pylist():
        for place in (row["force_code"], EVERYWHERE):
            mine = found.setdefault(place, {})
            mine[row["list_kind"]] = mine.get(row["list_kind"], 0) + row["count_all"]
    return found


def _only(
    run: Run, at_work: Expressions, role: ibis.Table, children: ibis.Table, starts: date
) -> dict[str, tuple[int, int]]:
    """By place, from the day `starts` to the end of the period: children on partners' lists who are in no crime and no
    missing episode that the police hold; and children whose exploitation the police marked who are on no partner's
    list."""
    after = run.inspection.request.period_to
    rows = role.filter(~role.person_id.isnull() & role.role.isin((VICTIM, MISSING, LISTED)))
    rows = rows.filter((rows.role_day >= starts) & (rows.role_day < after))
    unsaid = sorted(place for place in _not_sent(run) if place != EVERYWHERE)
    rows = rows.filter(~rows.force_code.isin(unsaid)) if unsaid else rows
    listed = rows.filter(rows.role == LISTED).select("force_code", "person_id").distinct()
    police = rows.filter(rows.role != LISTED).select("person_id").distinct()
    of_span = children[f"in_{DEFINITION}"] & (children.recorded_day >= starts)
    marked = children.filter(of_span).select("force_code", "person_id").distinct()
    others_only = listed.anti_join(police, "person_id")
    police_only = marked.anti_join(listed.select("person_id").distinct(), "person_id")
    others, ours = (_by_place(at_work, one) for one in (others_only, police_only))
    return {place: (others.get(place, 0), ours.get(place, 0)) for place in (EVERYWHERE, *_bodies(run))}


def _by_place(at_work: Expressions, persons_found: ibis.Table) -> dict[str, int]:
    """Persons by force, and of all forces together, each once."""
    of_forces = persons_found.group_by("force_code").aggregate(number=persons_found.person_id.nunique())
    found = {row["force_code"]: int(row["number"]) for row in at_work.run(of_forces).to_pylist()}
    whole = at_work.run(persons_found.aggregate(number=persons_found.person_id.nunique())).to_pylist()
    return found | {EVERYWHERE: int(whole[0]["number"])}


def _bodies(run: Run) -> list[str]:
    return sorted({one.body for one in run.held})
