"""What did earlier inspections call, so that no force is called twice for the same thing?

The calls of an earlier inspection, as they were released, are kept in the folder of the later one, with the period of
their records. A call holds for the definition under which it was made: where that has changed since, it is left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import compare
from assay import indicators as indicators_package
from assay.compare.failure_mode_tests import TOWARDS
from assay.compare.previous_alerts import FALSE_DISCOVERY, GONE, Before, Call, Key
from assay.contract import question_sets
from assay.engine.provenance import content_hash, one_at_a_time, read_receipt, read_stage
from assay.engine.stage_runner import Book, Made
from assay.errors import UsageError
from assay.indicators.failure_mode_measures import SHOWN_BY
from assay.indicators.indicator_catalogue import indicators
from assay.ingest.inspection_folder import Inspection, open_inspection
from assay.ingest.stage_names import EARLIER
from assay.wording import counted
from assay.workflows.judge.answer_cards import Told
from assay.workflows.judge.recommendation_follow_up import definition_of

TEXT = pa.string()
TAKEN_TOGETHER = "taken_together"
CALLS = pa.schema([(name, TEXT) for name in ("indicator", "place_code", "direction", "since", "definition")]
                  + [("q_value", pa.float64()), ("inspections", pa.int64())])  # fmt: skip
"""The calls that stood after so many inspections, `indicator` a measure or a failure mode; a row without one says how
many there were without any."""


@one_at_a_time
def take_over(folder: Path, earlier: Path) -> Told:
    """Keep the calls of an earlier inspection in `folder`.

    UsageError for one whose period does not begin earlier, or in which forces were not compared.
    """
    later, before = open_inspection(folder), open_inspection(earlier)
    if not before.request.period_from < later.request.period_from:
        raise UsageError(f"The period of {earlier} does not begin before that of {folder}: it is not an earlier one.")
    if not (earlier / "disclosure" / "standing.parquet").is_file():
        raise UsageError(f"{earlier} holds no released comparison of forces. Run it first: assay run {earlier}")
    inspections = called_earlier(earlier).number + 1
    rows = [{"inspections": inspections}, *_calls(before, inspections)]
    every = [dict.fromkeys(CALLS.names) | row for row in rows]
    made = pa.Table.from_pylist(every, CALLS)
    kept = Made({"calls": made}, made.num_rows, made.num_rows)
    Book(folder).stage(EARLIER, lambda: kept, rooms=(compare, indicators_package, question_sets), inputs={},
                       settings={"calls": content_hash(made)})  # fmt: skip
    words = (f"{counted(made.num_rows - 1, 'call')} of {counted(inspections, 'earlier inspection')} are kept.",
             f"To name them as standing: assay run {folder}")  # fmt: skip
    return Told(words, {"calls": made.num_rows - 1, "inspections": inspections})


def _calls(before: Inspection, inspections: int) -> list[dict[str, Any]]:
    """What is called there, new or standing, with the definition under which it was; and what was called before it, of
    whom it could not be looked at there."""
    known, released = _definitions(), _released(before.folder)
    new = {(called, place): Call(row["direction"], FALSE_DISCOVERY if row["q_value"] is None else row["q_value"],
                                 row["called_since"] or _period(before))
           for (called, place), row in released.items()
           if row["unusual"] and row["called"] != GONE and called in known}  # fmt: skip
    unseen = {key: call for key, call in called_earlier(before.folder).calls.items()
              if released.get(key, {"unusual": None})["unusual"] is None}  # fmt: skip
    return [{"indicator": called, "place_code": place, "direction": call.direction, "since": call.since,
             "definition": known[called], "q_value": call.q_value, "inspections": inspections}
            for (called, place), call in (unseen | new).items()]  # fmt: skip


def _released(folder: Path) -> dict[Key, dict[str, Any]]:
    """By what was asked, a measure or a failure mode, and place what came of it; an older inspection took no measures
    together."""
    found = {(row["indicator"], row["place_code"]): row
             for row in read_stage(folder, "disclosure", "standing").to_pylist()}  # fmt: skip
    if (folder / "disclosure" / f"{TAKEN_TOGETHER}.parquet").is_file():
        for row in read_stage(folder, "disclosure", TAKEN_TOGETHER).to_pylist():
            found[row["failure_mode"], row["place_code"]] = {"direction": TOWARDS, "q_value": None} | row
    return found


def _definitions() -> dict[str, str]:
    """What each measure counts, and by which measures each failure mode is shown."""
    of_measures = {form.key: definition_of(form) for form in indicators()}
    return of_measures | {
        mode: " ".join(f"{key} {side} {of_measures[key]}" for key, side in sides.items())
        for mode, sides in SHOWN_BY.items()
    }


def _period(one: Inspection) -> str:
    return f"{one.request.period_from:%-d %B %Y} on"


def called_earlier(folder: Path) -> Before:
    """The inspections that were there before the one of this inspection, with the calls that stood."""
    if read_receipt(folder, EARLIER) is None:
        return Before()
    rows = read_stage(folder, EARLIER, "calls").to_pylist()
    known = _definitions()
    calls = {(row["indicator"], row["place_code"]): Call(row["direction"], row["q_value"], row["since"])
             for row in rows if row["indicator"] and known.get(row["indicator"]) == row["definition"]}  # fmt: skip
    return Before(max(row["inspections"] for row in rows), calls)
