"""How do answers and grades move when other crimes count, or when other entries are taken to be one person?

`try_definitions` is a stage of every run. What `relinking` tried of linkage is read here too, while it still stands.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import engine, reference
from assay import indicators as indicators_package
from assay.compare.alert_disclosure import Shown
from assay.compare.indicator_comparison import compare_indicators
from assay.contract import question_sets
from assay.engine.expressions import Expressions
from assay.engine.provenance import read_receipt, read_stage
from assay.engine.stage_runner import Made
from assay.facts.inspection_run import Run
from assay.indicators.definition_sensitivity import redefined
from assay.indicators.indicator_answers import LADDERS
from assay.indicators.indicator_catalogue import indicators
from assay.linkage.person_assignment import MAIN
from assay.sdc import Policy, declared_tables, policy
from assay.sdc.alert_suppression import keep_calls_back
from assay.sdc.disclosure_control import is_of_bodies, rounded
from assay.workflows.run.previous_inspections import called_earlier

POLICY = "record level"
COUNTS = ("met", "not_met", "not_known", "not_known_if_counted")
Rows = list[dict[str, Any]]
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

    rooms = (reference, indicators_package, question_sets, engine)
    run.book.stage(STAGE, make, rooms=rooms, inputs=run.book.outputs_of("records", "enquiries"), settings=run.asked)


def rests_on(run: Run) -> dict[str, str]:
    """What the choice of persons is made from: if it changes, what was tried says nothing any more."""
    return run.book.outputs_of("persons", "enquiries")


def stages_tried(run: Run) -> list[str]:
    """The stages that hold ladders under every choice that was tried.

    What was tried of linkage on other records is taken away, as a stage that is made anew would be.
    """
    read = [STAGE]
    receipt = read_receipt(run.folder, LINKAGE)
    if receipt is not None and dict(receipt.inputs) == rests_on(run):
        run.book.know(LINKAGE)
        read.append(LINKAGE)
    elif receipt is not None and run.persons == MAIN:
        shutil.rmtree(run.folder / LINKAGE)
    return read


def as_seen(run: Run, ladders: pa.Table) -> Iterator[tuple[str, str, Mapping[str, Rows]]]:
    """Of each choice its key, its words, and the tables that forces are judged by.

    None of them leaves the building: so counts are hidden and rounded one by one, as those that leave are, and nothing
    is kept back for the sake of sums.
    """
    bodies, asked, before = run.inspection.request.bodies, indicators(), called_earlier(run.folder)
    rows = ladders.to_pylist()
    for key, says in dict.fromkeys((row["choice"], row["says"]) for row in rows):
        mine = pa.Table.from_pylist([row for row in rows if row["choice"] == key], LADDERS)
        made = compare_indicators(asked, mine, bodies, before, shown_under(policy(POLICY)))
        standing, spread = standing_as_seen(made["standing"]), made["indicator_spread"].to_pylist()
        ladder = [_seen(row) for row in mine.to_pylist()]
        yield key, says, {"standing": standing, "indicator_spread": spread, "ladders": ladder}


def standing_as_seen(standing: pa.Table) -> list[dict[str, Any]]:
    """Rows of `standing` without the calls that would tell of a count that is not shown."""
    rows: list[dict[str, Any]] = standing.to_pylist()
    keep_calls_back(map(_with_small_noted, rows), declared_tables()["standing"])
    return rows


def shown_under(chosen: Policy) -> Shown:
    """Which counts a policy hides, and to what it rounds the others."""
    return Shown(chosen.hide_up_to, chosen.round_to)


def _with_small_noted(row: dict[str, Any]) -> dict[str, Any]:
    """The row, which notes which of its counts are too small to be shown."""
    chosen = policy(POLICY)
    if not is_of_bodies(row, chosen):
        small = [name for name in ("met", "not_met") if shown_under(chosen).hides(row[name] or 0)]
        row["hidden"] = " ".join(small)
    return row


def _seen(row: dict[str, Any]) -> dict[str, Any]:
    """A ladder with small counts hidden and the others rounded; what counts police bodies stays as it is."""
    chosen = policy(POLICY)
    if is_of_bodies(row, chosen) or row["not_askable"]:
        return row
    small = [name for name in COUNTS if shown_under(chosen).hides(row[name] or 0)]
    told = {name: None if name in small else rounded(row[name] or 0, chosen) for name in COUNTS}
    return row | told | {"hidden": " ".join(small)}
