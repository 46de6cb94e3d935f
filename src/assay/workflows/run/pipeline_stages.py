"""What does each stage of the stream read, and what does it leave behind?

answerability, persons, groups, narratives, records, enquiries, redefined, comparison, people, hidden, voices,
triangulation. A stage asks before it reads a table for the first time, and no stage after `persons` reads a column that
tells who somebody is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import (
    compare,
    contract,
    engine,
    feedback,
    ingest,
    linkage,
    privacy,
    reference,
    stats,
)
from assay import (
    facts as records,
)
from assay import (
    indicators as indicators_package,
)
from assay.compare.failure_mode_tests import compare_with_failures
from assay.contract import question_sets
from assay.contract.separated_columns import IDENTITIES
from assay.engine.expressions import Expressions
from assay.engine.provenance import read_stage
from assay.engine.stage_runner import Made
from assay.errors import PurposeRefused
from assay.facts.fact_inputs import lookups
from assay.facts.fact_tables import facts
from assay.facts.inspection_run import Run
from assay.feedback.transferred_crime_letter import letters
from assay.grading.triangulation import set_strands_together
from assay.indicators.failure_mode_measures import SHOWN_BY
from assay.indicators.indicator_answers import measured
from assay.indicators.indicator_catalogue import forms, indicators
from assay.ingest import question_answerability
from assay.ingest.accepted_returns import Held, part_of
from assay.ingest.stage_names import EARLIER
from assay.ingest.transferred_crimes import orphans
from assay.linkage import groups
from assay.sdc import policy
from assay.workflows.receive.other_sender_intake import gather_voices
from assay.workflows.run.assessment_narratives import read_narratives
from assay.workflows.run.confirmed_texts import count_confirmed
from assay.workflows.run.definition_trials import POLICY, shown_under, try_definitions
from assay.workflows.run.hidden_estimate_stage import estimate_hidden
from assay.workflows.run.people_stage import set_people_side_by_side
from assay.workflows.run.previous_inspections import called_earlier
from assay.workflows.run.scale_stage import set_parts_together
from assay.workflows.run.text_stage import read_texts

OF_RETURNS = ("returns", "covers", "kinds", "columns", "incomplete")
"""What a return says of itself, beside its tables; facts read it."""
LEFT_TO_FACTS = {
    "persons": ("list_people", "ages_then"), "groups": ("found_persons", "found_crimes"), "narratives": ("narratives",),
}  # fmt: skip
"""The tables that earlier stages leave to the facts."""


def tell_what_can_be_asked(run: Run) -> None:
    """Before any result: what can be asked of whom."""

    def make() -> Made:
        told = {name: run.together(name) for name in question_answerability.OF_RETURNS}
        rows = question_answerability.answerability(told, run.inspection.request.bodies)
        taken = sum(table.num_rows for table in told.values())
        return Made({"answerability": rows}, taken, taken)

    inputs = run.from_returns(question_answerability.OF_RETURNS)
    run.book.stage(
        "answerability", make, rooms=(reference, ingest, contract, feedback, privacy), inputs=inputs, settings=run.asked
    )


def find_persons(run: Run) -> None:
    """Persons across all forces whose identities may be read; of a sealed bundle, those that its sender found."""
    rows = run.size(*run.files("involvements"), *run.files("agencies"))

    def make() -> Made:
        named = [one for one in run.held if _identities_of(run, one, "involvements").is_file()]
        tables: dict[str, list[pa.Table]] = {name: [] for name in linkage.LEFT}
        kept: dict[str, pa.Table] = {}
        files: Mapping[str, str] = {}
        sql: Sequence[str] = ()
        if named:
            linked, sql = _linked(run, named)
            for name in linkage.LEFT:
                tables[name].append(linked.tables[name])
            kept, files = {name: linked.tables[name] for name in linkage.KEPT}, linked.files
        for one in (one for one in run.held if one not in named):
            for name, table in _found(run, one).items():
                tables[name].append(table)
        made = {name: pa.concat_tables(parts) for name, parts in tables.items()} | kept
        return Made(made, rows, made["people"].num_rows + made["list_people"].num_rows, sql=sql, files=files)

    inputs = run.from_returns((*linkage.READ, *linkage.LEFT, "incomplete"))
    parts = [part_of(IDENTITIES, one.stage) for one in run.held]
    known = run.book.outputs_of(*(part for part in parts if part in run.book.receipts))
    inputs |= {name: value for name, value in known.items() if Path(name).stem in linkage.IDENTITIES}
    settings = {"engine": run.inspection.where.engine}
    run.book.stage("persons", make, rooms=(linkage, engine), inputs=inputs, settings=settings)


def _linked(run: Run, named: Sequence[Held]) -> tuple[linkage.Found, Sequence[str]]:
    """Who is the same person among these returns, and how old they were."""
    files = {name: [run.folder / one.stage / f"{name}.parquet" for one in named] for name in linkage.READ}
    for name, paths in files.items():
        run.permission.ask(name, "linkage", paths, "persons")
    identities = {held: [_identities_of(run, one, name) for one in named] for name, held in linkage.IDENTITIES.items()}
    of_who = [path for paths in identities.values() for path in paths]
    run.permission.ask(IDENTITIES, "linkage", of_who, "persons")
    incomplete = [run.folder / one.stage / "incomplete.parquet" for one in named]
    with run.expressions() as at_work:
        every = {**files, **identities, "incomplete": incomplete}
        given = {name: at_work.table(name, paths) for name, paths in every.items()}
        linked = linkage.find(at_work, given, where=run.inspection.where)
        return linked, (*at_work.statements, *linked.linked.sql)


def _identities_of(run: Run, one: Held, name: str) -> Path:
    return run.folder / part_of(IDENTITIES, one.stage) / f"{name}.parquet"


def _found(run: Run, one: Held) -> dict[str, pa.Table]:
    """The people of a bundle whose identities may not be read, as its sender found them; PurposeRefused for a return
    whose identities are destroyed."""
    if not (run.folder / one.stage / "people.parquet").is_file():
        raise PurposeRefused(
            f"{part_of(IDENTITIES, one.stage)} is destroyed, so it can never again be found out who is the same "
            "person, and nothing of this inspection can be counted anew. What was made before stands."
        )
    return {name: read_stage(run.folder, one.stage, name) for name in linkage.LEFT}


def find_groups(run: Run) -> None:
    """Who belongs together across all forces; reads nothing that tells who a person or what a thing is."""

    def make() -> Made:
        return groups_found(run)

    inputs = run.from_returns(groups.READ)
    inputs |= run.book.outputs_of("persons")
    run.book.stage("groups", make, rooms=(groups, stats, engine), inputs=inputs, settings={"persons": run.persons})


def groups_found(run: Run) -> Made:
    """The groups, with the persons that the run takes."""
    with run.expressions() as at_work:
        held = {}
        for name in groups.READ:
            run.permission.ask(name, "facts", run.files(name), "groups")
            held[name] = run.open(at_work, name, run.files(name), "groups")
        held["things"] = run.open(at_work, "things", [run.folder / "persons" / "things.parquet"], "groups")
        held["people"] = at_work.table("people", run.people())
        ties = at_work.run(groups.ties(held))
        sql = at_work.statements
    made = groups.find(ties)
    lost = groups.ties_of_hubs(ties, made["hubs"])
    return Made(made, ties.num_rows, ties.num_rows - sum(lost.values()), lost, sql)


class _Noting(dict[str, Any]):
    """Tables by name, and which of them were read; each is asked for before it is read for the first time."""

    def __init__(self, ask: Callable[[str], None]) -> None:
        super().__init__()
        self.read: set[str] = set()
        self._ask = ask

    def __getitem__(self, name: str) -> Any:
        if name not in self.read:
            self._ask(name)
            self.read.add(name)
        return super().__getitem__(name)


def work_out_facts(run: Run) -> None:
    """One row a record of every kind: the facts."""

    def make() -> Made:
        return facts_found(run)

    inputs = run.from_returns((*contract.tables(), *OF_RETURNS)) | run.book.outputs_of(*LEFT_TO_FACTS)
    settings = run.asked | {"persons": run.persons}
    run.book.stage("records", make, rooms=(reference, records, engine), inputs=inputs, settings=settings)


def facts_found(run: Run, found_groups: Mapping[str, pa.Table] | None = None) -> Made:
    """The facts, with the persons that the run takes; `found_groups`: other groups than the stage before left."""
    tables, other = tuple(contract.tables()), found_groups or {}

    def ask(name: str) -> None:
        if name in tables:
            run.permission.ask(name, "facts", run.files(name), "records")

    given = _Noting(ask)
    with run.expressions() as at_work:
        for name in (*tables, *OF_RETURNS):
            given[name] = run.open(at_work, name, run.files(name), "records")
        for stage, names in LEFT_TO_FACTS.items():
            for name in names:
                left = [run.folder / stage / f"{name}.parquet"]
                given[name] = at_work.table(name, other[name]) if name in other else run.open(
                    at_work, name, left, "records")  # fmt: skip
        given["people"] = at_work.table("people", run.people())
        for name, rows in lookups(run.inspection.request.bodies.values()).items():
            given[name] = at_work.table(name, rows)
        lost = orphans({name: run.together(name) for name in ("crimes", "covers")})
        given["orphans"] = at_work.table("orphans", lost)
        made = {name: at_work.run(fact) for name, fact in facts(given, at_work.keep).items()}
    made["orphans"] = lost
    sizes = {name: run.size(*run.files(name)) for name in tables}
    unread = {f"{name}: read by no fact yet": rows for name, rows in sizes.items() if name not in given.read}
    taken = sum(sizes.values())
    called = {code: body.name for code, body in run.inspection.request.bodies.items()}
    told = letters(lost, run.together("counted"), called)
    return Made(made, taken, taken - sum(unread.values()), unread, at_work.statements, files=told)


def ask_every_record(run: Run) -> None:
    """The answer of every form for every record."""
    names = [Path(name).stem for name in run.book.outputs_of("records")]
    paths = {name: run.folder / "records" / f"{name}.parquet" for name in names}

    def make() -> Made:
        with run.expressions() as at_work:
            known = {name: run.open(at_work, name, [path], "enquiries") for name, path in paths.items()}
            made = answers_found(run, at_work, known)
        taken = run.size(*paths.values())
        return Made(made, taken, taken, sql=at_work.statements)

    rooms = (reference, records, indicators_package, question_sets, stats, engine)
    inputs = run.book.outputs_of("records") | run.from_returns(("covers", "kinds", "columns"))
    run.book.stage("enquiries", make, rooms=rooms, inputs=inputs, settings=run.asked)


def answers_found(run: Run, at_work: Expressions, known: Mapping[str, Any]) -> dict[str, pa.Table]:
    """What every form is answered, from facts that lie in an engine."""
    sent = {name: run.together(name) for name in ("covers", "kinds", "columns")}
    return measured(forms(), known, at_work, sent, run.inspection.request.bodies, progress=run.progress)


def set_side_by_side(run: Run) -> None:
    """Forces beside one another, fairly."""
    shown = shown_under(policy(POLICY))

    def make() -> Made:
        ladders = read_stage(run.folder, "enquiries", "ladders")
        before = called_earlier(run.folder)
        bodies = run.inspection.request.bodies
        made = compare_with_failures(indicators(), ladders, bodies, SHOWN_BY, before, shown)
        compared = made["standing"].num_rows
        apart = {"counted apart by age when reported, not compared": ladders.num_rows - compared}
        return Made(made, ladders.num_rows, compared, apart)

    rooms = (reference, indicators_package, compare, question_sets, stats)
    inputs = run.book.outputs_of("enquiries", *run.book.know(EARLIER))
    settings = run.asked | {"shown": repr(shown)}
    run.book.stage("comparison", make, rooms=rooms, inputs=inputs, settings=settings)


def set_strands_side_by_side(run: Run) -> None:
    """What every strand of evidence that the inspection holds by now says of every characteristic of good."""
    set_strands_together(run.inspection, run.book)


STAGES: tuple[tuple[str, Callable[[Run], None]], ...] = (
    ("Finding out what can be asked of whom", tell_what_can_be_asked),
    ("Finding out who is the same person", find_persons),
    ("Finding out who belongs together", find_groups),
    ("Looking at what assessments say in words", read_narratives),
    ("Working out the facts", work_out_facts),
    ("Asking every record", ask_every_record),
    ("Asking under other definitions", try_definitions),
    ("Reading what people wrote", read_texts),
    ("Setting forces side by side", set_side_by_side),
    ("Setting groups of people side by side", set_people_side_by_side),
    ("Counting what people confirmed", count_confirmed),
    ("Estimating how many children no list holds", estimate_hidden),
    ("Setting the parts of the scale together", set_parts_together),
    ("Hearing what people say", gather_voices),
    ("Setting the strands of evidence side by side", set_strands_side_by_side),
)
OF_MANY = (
    try_definitions,
    read_texts, set_side_by_side, set_people_side_by_side, count_confirmed, estimate_hidden, set_parts_together,
    gather_voices,
    set_strands_side_by_side,
)  # fmt: skip
"""What an inspection of forces does, and a force with its own records does not."""
