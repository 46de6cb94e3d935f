"""In which order does an inspection of returns run, and what does each stage leave behind?

persons, records, enquiries, comparison, disclosure, report. A stage whose inputs, settings and code have not changed
is kept as it stands, so a run that was killed goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay import (
    commission,
    comparison,
    disclosure,
    engine,
    enquiries,
    estimation,
    evidence,
    measure,
    persons,
    records,
    report,
)
from assay.comparison import indicator_findings
from assay.comparison.indicators import compare_indicators
from assay.disclosure import apply_policy, declared_tables, policy, release
from assay.engine.expressions import Expressions
from assay.enquiries.finding import findings_table
from assay.enquiries.measured import measured
from assay.enquiries.measures import forms, indicators
from assay.enquiries.registers import registers
from assay.errors import EvidenceError, UsageError
from assay.evidence import EventKind, read_stage
from assay.inspection import told
from assay.inspection.book import Book, Made
from assay.inspection.folder import open_inspection
from assay.inspection.held import holding, unreadable
from assay.inspection.registers import questions
from assay.measure import EVERYWHERE
from assay.progress import Progress, silent
from assay.records.facts import facts
from assay.records.tables import lookups
from assay.returns import contract
from assay.returns.orphans import orphans
from assay.wording import counted

POLICY = "record level"
OF_RETURNS = ("returns", "covers", "kinds", "columns", "incomplete")
"""What a return says of itself, beside its tables; facts read it."""
HEADLINES = ("recorded_in_24_hours", "told_of_arrest", "charged_of_closed")
MADE_RELEASED = {
    "enquiries": ("ladders", "left_out", "wait_curves", "wait_medians", "wait_medians_apart", "counts"),
    "comparison": ("standing", "indicator_spread", "indicator_funnel"),
}


@dataclass(frozen=True)
class Ran:
    """What a run made, what it kept, and which page to open."""

    folder: Path
    index: Path
    returns: int
    asked: int
    records: int
    pages: int
    kept: tuple[str, ...]
    seal: str
    headline: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in vars(self).items()}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        kept = [f"Kept, since nothing changed: {', '.join(self.kept)}."] if self.kept else []
        return [
            f"Returns came from {self.returns} of {counted(self.asked, 'body', 'bodies')}; "
            f"{counted(self.records, 'record was', 'records were')} read.",
            *self.headline,
            *kept,
            f"{counted(self.pages, 'page')}. Open this one first:",
            f"  {self.index}",
            f"To check every figure: assay verify {self.folder}",
        ]


class _Run:
    """One run: the inspection, its book, the returns that count, and how far it is."""

    def __init__(self, folder: Path, progress: Progress) -> None:
        self.inspection = open_inspection(folder)
        self.held = holding(self.inspection)
        if not self.held:
            raise UsageError(f"{folder} holds no return. Take some in first: assay receive {folder} RETURNS")
        damaged = unreadable(self.inspection, self.held)
        if damaged:
            raise EvidenceError(
                f"{damaged[0]} can no longer be read. Put the file back; or remove the folder of that return, and "
                f"take it in again: assay receive {folder} RETURN."
            )
        self.folder, self.progress = folder, progress
        self.book = Book(folder)

    def files(self, name: str) -> list[Path]:
        """A table of every return that counts."""
        return [self.folder / one.stage / f"{name}.parquet" for one in self.held]

    def together(self, name: str) -> pa.Table:
        """A table of every return, one under another."""
        return pa.concat_tables([pq.read_table(path) for path in self.files(name)])

    def size(self, *paths: Path) -> int:
        """The rows of some tables."""
        return sum(pq.read_metadata(path).num_rows for path in paths)

    def from_returns(self, names: Sequence[str]) -> dict[str, str]:
        """What a receipt says it read of the returns."""
        given = self.book.outputs_of(*(one.stage for one in self.held))
        return {path: value for path, value in given.items() if Path(path).stem in names}

    @property
    def asked(self) -> dict[str, str]:
        """What was asked, as a setting on which stages rest."""
        return {"request": self.inspection.request.to_toml()}


def run_stream(folder: Path, *, progress: Progress = silent) -> Ran:
    """Run the stream on the returns that `folder` holds; raises UsageError if it holds none."""
    run = _Run(folder, progress)
    run.book.begin()
    run.book.know("returns")
    for words, stage in _STAGES:
        progress(words, 0, 0)
        stage(run)
    released = _released(run)
    written = _report(run, released)
    run.book.close()
    return _ran(run, released, written)


def _persons(run: _Run) -> None:
    def make() -> Made:
        with Expressions() as at_work:
            involved = at_work.table("involvements", run.files("involvements"))
            people = at_work.run(persons.people(involved))
        return Made({"people": people}, run.size(*run.files("involvements")), people.num_rows, sql=at_work.statements)

    run.book.stage("persons", make, rooms=(persons, engine), inputs=run.from_returns(("involvements",)))


class _Noting(dict[str, Any]):
    """Tables by name, and which of them were read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)


def _records(run: _Run) -> None:
    tables = tuple(contract.tables())

    def make() -> Made:
        given = _Noting()
        with Expressions() as at_work:
            for name in (*tables, *OF_RETURNS):
                given[name] = at_work.table(name, run.files(name))
            given["people"] = at_work.table("people", run.folder / "persons" / "people.parquet")
            for name, rows in lookups(run.inspection.request.bodies.values()).items():
                given[name] = at_work.table(name, rows)
            made = {name: at_work.run(fact) for name, fact in facts(given, at_work.keep).items()}
        made["orphans"] = orphans({name: run.together(name) for name in ("crimes", "covers")})
        sizes = {name: run.size(*run.files(name)) for name in tables}
        unread = {f"{name}: read by no fact yet": rows for name, rows in sizes.items() if name not in given.read}
        taken = sum(sizes.values())
        return Made(made, taken, taken - sum(unread.values()), unread, at_work.statements)

    inputs = run.from_returns((*tables, *OF_RETURNS)) | run.book.outputs_of("persons")
    run.book.stage("records", make, rooms=(commission, records, engine), inputs=inputs, settings=run.asked)


def _enquiries(run: _Run) -> None:
    names = [Path(name).stem for name in run.book.outputs_of("records")]
    paths = {name: run.folder / "records" / f"{name}.parquet" for name in names}

    def make() -> Made:
        with Expressions() as at_work:
            known = {name: at_work.table(name, path) for name, path in paths.items()}
            sent = {name: run.together(name) for name in ("covers", "kinds", "columns")}
            made = measured(forms(), known, at_work, sent, run.inspection.request.bodies, progress=run.progress)
        taken = run.size(*paths.values())
        return Made(made, taken, taken, sql=at_work.statements)

    rooms = (commission, records, enquiries, measure, estimation, engine)
    inputs = run.book.outputs_of("records") | run.from_returns(("covers", "kinds", "columns"))
    run.book.stage("enquiries", make, rooms=rooms, inputs=inputs, settings=run.asked)


def _comparison(run: _Run) -> None:
    def make() -> Made:
        ladders = read_stage(run.folder, "enquiries", "ladders")
        made = compare_indicators(indicators(), ladders, run.inspection.request.bodies)
        compared = made["standing"].num_rows
        apart = {"counted apart by age when reported, not compared": ladders.num_rows - compared}
        return Made(made, ladders.num_rows, compared, apart)

    rooms = (commission, enquiries, comparison, measure, estimation)
    run.book.stage("comparison", make, rooms=rooms, inputs=run.book.outputs_of("enquiries"), settings=run.asked)


_STAGES: tuple[tuple[str, Callable[[_Run], None]], ...] = (
    ("Finding out who is the same person", _persons),
    ("Working out the facts", _records),
    ("Asking every record", _enquiries),
    ("Setting forces side by side", _comparison),
)


def _released(run: _Run) -> disclosure.Released:
    """What may leave, made anew from what the stages hold; the stage of its name is kept if it would be the same."""
    chosen = policy(POLICY)
    seal = run.book.seal
    tables = _to_release(run)
    request = run.inspection.request
    released = release(tables, policy=chosen, ledger_head=seal, edition=f"returns to request {request.key}")

    def make() -> Made:
        run.inspection.ledger.append(EventKind.RELEASED, policy=chosen.name, tables=len(tables), seal=seal)
        taken = sum(table.num_rows for table in tables.values())
        passed_on = sum(table.num_rows for table in released.tables.values())
        held_back = {"rows that would give a hidden count away": taken - passed_on}
        return Made(dict(released.tables), taken, passed_on, held_back)

    inputs = run.book.outputs_of("enquiries", "comparison") | run.from_returns(("covers", "counted"))
    rooms = (commission, enquiries, comparison, disclosure, told)
    run.book.stage("disclosure", make, rooms=rooms, inputs=inputs, settings=run.asked | {"policy": POLICY})
    return released


def _to_release(run: _Run) -> dict[str, pa.Table]:
    made = {name: read_stage(run.folder, stage, name) for stage, names in MADE_RELEASED.items() for name in names}
    made |= registers(forms())
    made |= {
        "inspected": told.inspected(run.inspection, len({one.body for one in run.held}), _refused(run)),
        "places": told.places(run.inspection),
        "questions": questions(),
        "returned": told.returned(run.together("covers"), run.together("counted")),
    }
    made = {name: table.select([c.name for c in declared_tables()[name].columns]) for name, table in made.items()}
    safe = apply_policy(made, policy(POLICY))
    return made | {"findings": _findings(run, safe)}


def _refused(run: _Run) -> int:
    """Returns that could not be taken in, and of whose sender nothing else was."""
    taken = {one.body for one in run.held}
    entries = run.inspection.ledger.entries()
    names = {str(e.about["name"]) for e in entries if e.kind == EventKind.RETURN_REFUSED.key}
    return len(names - taken)


def _findings(run: _Run, safe: dict[str, pa.Table]) -> pa.Table:
    request = run.inspection.request
    found = indicator_findings.findings(
        {one.key: one for one in indicators()},
        safe["ladders"],
        safe["standing"],
        names={code: body.name for code, body in request.bodies.items()},
        request=request.key,
        period=indicator_findings.in_words(request.period_from, request.period_to),
    )
    return findings_table(found)


def _report(run: _Run, released: disclosure.Released) -> evidence.Receipt:
    rows = sum(table.num_rows for table in released.tables.values())

    def make() -> Made:
        return Made({}, rows, rows, fill=lambda folder: report.write(released, folder, progress=run.progress))

    inputs = run.book.outputs_of("disclosure")
    return run.book.stage(
        "report", make, rooms=(report,), inputs=inputs, settings={"seal": released.ledger_head, "policy": POLICY}
    )


def _ran(run: _Run, released: disclosure.Released, written: evidence.Receipt) -> Ran:
    national = {row["measure"]: row["sentence"] for row in released.rows("findings") if row["place_code"] == EVERYWHERE}
    return Ran(
        folder=run.folder,
        index=run.folder / "report" / "index.html",
        returns=len(run.held),
        asked=len(run.inspection.request.bodies),
        records=run.size(*(path for name in contract.tables() for path in run.files(name))),
        pages=sum(name.endswith(".html") for name in written.outputs),
        kept=tuple(run.book.kept),
        seal=released.ledger_head,
        headline=tuple(national[key] for key in HEADLINES if key in national),
    )
