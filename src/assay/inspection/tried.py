"""How do answers and grades move when other crimes count, or when other entries are taken to be one person?

`try_definitions` is a stage of every run. What `relinking` tried of linkage is read here too, while it still stands.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from assay import commission, engine, enquiries, measure
from assay.comparison.indicators import compare_indicators
from assay.disclosure import apply_policy, policy
from assay.engine.expressions import Expressions
from assay.enquiries.measured import LADDERS
from assay.enquiries.measures import indicators
from assay.enquiries.redefined import redefined
from assay.evidence import read_receipt, read_stage
from assay.inspection.book import Made
from assay.inspection.earlier import called_earlier
from assay.inspection.run import Run
from assay.persons.choosing import MAIN

POLICY = "record level"
STAGE, LINKAGE = "redefined", "relinked"


def try_definitions(run: Run) -> None:
    """A stage: every indicator counted under other definitions of a crime."""
    paths = {Path(name).stem: run.folder / name for name in run.book.outputs_of("records")}

    def make() -> Made:
        answers, ladders = (read_stage(run.folder, "enquiries", name) for name in ("answers", "ladders"))
        with Expressions() as at_work:
            facts = {name: run.open(at_work, name, [path], STAGE) for name, path in paths.items()}
            made = redefined(indicators(), facts, at_work, answers, ladders)
            sql = at_work.statements
        return Made({"ladders": made}, answers.num_rows, answers.num_rows, sql=sql)

    rooms = (commission, enquiries, measure, engine)
    run.book.stage(STAGE, make, rooms=rooms, inputs=run.book.outputs_of("records", "enquiries"), settings=run.asked)


def rests_on(run: Run) -> dict[str, str]:
    """What the choice of persons is made from: if it changes, what was tried says nothing any more."""
    return run.book.outputs_of("persons", "enquiries")


def held(run: Run) -> tuple[pa.Table, dict[str, str]]:
    """The ladders under every choice that was tried, and the inputs of a stage that reads them.

    What was tried of linkage on other records is taken away, as a stage that is made anew would be.
    """
    read = [STAGE]
    receipt = read_receipt(run.folder, LINKAGE)
    if receipt is not None and dict(receipt.inputs) == rests_on(run):
        run.book.know(LINKAGE)
        read.append(LINKAGE)
    elif receipt is not None and run.persons == MAIN:
        shutil.rmtree(run.folder / LINKAGE)
    tables = [read_stage(run.folder, stage, "ladders") for stage in read]
    return pa.concat_tables(tables), run.book.outputs_of(*read)


def as_released(run: Run, ladders: pa.Table) -> Iterator[tuple[str, str, Mapping[str, pa.Table]]]:
    """Of each choice its key, its words, and the tables that forces are judged by, as disclosure would let them out."""
    chosen, bodies, asked = policy(POLICY), run.inspection.request.bodies, indicators()
    rows, before = ladders.to_pylist(), called_earlier(run.folder)
    for key, says in dict.fromkeys((row["choice"], row["says"]) for row in rows):
        mine = pa.Table.from_pylist([row for row in rows if row["choice"] == key], LADDERS)
        made = compare_indicators(asked, mine, bodies, before)
        yield key, says, apply_policy({"ladders": mine, **made}, chosen)
