"""How many children are on no list, from the lists that forces and partners sent?

A stage of the stream. It reads the fact `listed`, the tables of overlaps that forces and partnerships sent, and who is
one child by every choice of linkage; it reads nothing that tells who anybody is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assay import contract, facts, feedback, indicators, ingest, linkage, privacy, reference, stats
from assay.engine.provenance import read_stage
from assay.engine.stage_runner import Made
from assay.facts.inspection_run import Run
from assay.indicators.catalogue.scale.hidden.hidden_tables import hidden
from assay.indicators.catalogue.scale.hidden.list_overlap import (
    MAIN,
    chosen,
    from_contract,
    from_names,
    from_partnerships,
    years_of,
)
from assay.ingest.other_sender_tables import held_rows, holding
from assay.ingest.stage_names import OTHERS
from assay.linkage.person_assignment import person_ids

HIDDEN = "hidden"
DRAWS = 5
CHOICES = (MAIN, "low", "high", *(f"draw {number}" for number in range(1, DRAWS + 1)))
"""Who is one child, decided in so many ways."""


def estimate_hidden(run: Run) -> None:
    """The stage: children by list, and what the lists allow, for every body and year."""
    run.book.know(OTHERS)
    sent = [stage for _, stage in sorted(holding(run.folder).items())]

    def make() -> Made:
        listed, overlaps = read_stage(run.folder, "records", "listed"), run.together("overlap_counts")
        shared = held_rows(run.folder)
        request = run.inspection.request
        every = chosen(
            [
                *from_names(listed.to_pylist(), _persons(run), request, _sent_by(run)),
                *from_contract(overlaps.to_pylist(), request),
                *from_partnerships(shared, request),
            ]
        )
        made = hidden(every, sorted(request.bodies), years_of(request), step=_step(run))
        taken = listed.num_rows + overlaps.num_rows + len(shared["overlap_patterns"])
        return Made(made, taken, taken)

    inputs = run.book.outputs_of("records", "persons") | _shared(run, sent) | run.from_returns(("overlap_counts",))
    rooms = (reference, ingest, contract, feedback, privacy, linkage, facts, indicators, stats)
    settings = run.asked | {"persons": run.persons, "choices": ", ".join(CHOICES)}
    run.book.stage(HIDDEN, make, rooms=rooms, inputs=inputs, settings=settings)


def _shared(run: Run, sent: Sequence[str]) -> dict[str, str]:
    """Of what others sent, the tables of overlaps that hold a row: whatever else they say changes no estimate."""
    tables = run.book.outputs_of(*sent)
    overlaps = {name: value for name, value in tables.items() if Path(name).name.startswith("overlap")}
    return {name: value for name, value in overlaps.items() if pq.read_metadata(run.folder / name).num_rows}


def _step(run: Run) -> Callable[[int, int], None]:
    def told(done: int, of: int) -> None:
        run.progress("Estimating how many no list holds", done, of)

    return told


def _sent_by(run: Run) -> Mapping[str, Collection[str]]:
    """By force, the names of the tables that it sent."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in read_stage(run.folder, "records", "sent_table").select(["force_code", "table_name"]).to_pylist():
        found[row["force_code"]].add(row["table_name"])
    return found


def _persons(run: Run) -> Mapping[str, Mapping[str, str]]:
    """By choice, of each entry its person. Of a run that was asked for one choice, and of a bundle whose identities
    stay sealed, there is one way only."""
    room = run.folder / "persons"
    if run.persons != MAIN or not (room / "tied.parquet").is_file():
        return {}
    tied, joins = (pq.read_table(room / f"{name}.parquet") for name in ("tied", "joins"))
    return {choice: _by_entry(tied, person_ids(tied, joins, choice)) for choice in CHOICES}


def _by_entry(tied: pa.Table, people: pa.Array) -> dict[str, str]:
    return dict(zip(tied["entry"].to_pylist(), people.to_pylist(), strict=True))
