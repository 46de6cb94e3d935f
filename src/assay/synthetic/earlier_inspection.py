"""The earlier inspection of synthetic forces: what it released and recommended; its records are not generated.

An inspection whose records were destroyed keeps its recommendations with their baselines, and its outlier alerts. Here
both are drawn from the true rates of the forces, and from a known change since: for each measure, the force with the
lowest rate has not improved (on the last measure it became worse), and the force with the highest rate has improved.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay.engine.provenance.verification import TRUTH_FOLDER
from assay.engine.stage_runner import StageRunner
from assay.ingest.inspection_folder import create_inspection
from assay.reference.data_requests import DataRequest, read_request
from assay.sdc import declared_tables
from assay.synthetic.local_time import birthday
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.simulation.injected_failings import failings, measures
from assay.synthetic.simulation.report_scores import denied_characteristics
from assay.synthetic.simulation.truth_folder import FILE, read_truth
from assay.workflows.judge.recommendation_follow_up import Deadlines, record_recommendation, record_reply
from assay.workflows.receive.request_contract import REQUEST

FOLDER, CHANGES = "earlier", "earlier.csv"
TESTS = ("recorded_in_24_hours", "told_of_interview", "suspect_ethnicity_self_recorded", "needs_assessment_recorded")
"""The measures by which the recommendations are tested; on the last, the force with the lowest rate became worse."""
POINTS = 0.3
"""The true change of a rate between the two inspections, where there is one."""
RECORDS = 200
"""Records of a force with a known answer on each measure, in the earlier inspection."""
ROUNDING = 5
OWNER = "the chief constable"
REPLY_DAYS = ((11, 20), (12, 15), None)
"""Month and day of the reply to one recommendation after the other: in time, late, none."""
ALERT_Q_VALUE = 0.01


@dataclass(frozen=True)
class KnownChange:
    """The true share of a force on one measure, in the earlier inspection and now."""

    force_code: str
    test: str
    share_then: float
    share_now: float


def known_changes(truth: Path) -> tuple[KnownChange, ...]:
    """Return the true changes from which the earlier inspection is generated; none for a country of one force."""
    rates = read_truth(truth / FILE).rates
    return tuple(change for test in TESTS for change in _changes_on(test, rates)) if len(rates) > 1 else ()


def _changes_on(test: str, rates: Mapping[str, Mapping[str, float]]) -> Iterator[KnownChange]:
    shares = {code: share for code, force in rates.items() if (share := measures()[test].truth(force)) is not None}
    if len(shares) > 1:
        lowest, highest = (choose(sorted(shares), key=shares.__getitem__) for choose in (min, max))
        fall = POINTS if test == TESTS[-1] else 0.0
        yield KnownChange(lowest, test, round(min(shares[lowest] + fall, 1.0), 4), shares[lowest])
        yield KnownChange(highest, test, round(max(shares[highest] - POINTS, 0.0), 4), shares[highest])


def make_earlier_inspection(returns_folder: Path, seed: int) -> Path | None:
    """Make the earlier inspection beside the returns of a country, once; return its folder, or None without changes."""
    folder, truth = returns_folder / FOLDER, returns_folder / TRUTH_FOLDER
    changes = known_changes(truth)
    if not changes:
        return None
    if not (folder / "recommended").is_dir():
        request = earlier_request(read_request(returns_folder / REQUEST))
        create_inspection(folder, request, {})
        _write_released(folder, changes, seed)
        _recommend(folder, changes, request.period_to)
        _write_changes(truth / CHANGES, changes)
    return folder


def earlier_request(request: DataRequest) -> DataRequest:
    """Return the request of an inspection of the year that ended one year before the period of this one."""
    starts, ends = (birthday(request.period_from, -years) for years in (2, 1))
    title = "An earlier inspection of the same synthetic forces"
    return replace(
        request, key=f"{request.key}-EARLIER", title=title, period_from=starts, period_to=ends, history_from=starts
    )


def _write_released(folder: Path, changes: Sequence[KnownChange], seed: int) -> None:
    """Write the released counts and outlier alerts of the earlier inspection as its stage of released tables."""
    rows = [(change, _rounded_count(change, seed)) for change in changes]
    counts = [
        {"indicator": change.test, "place_code": change.force_code, "when_reported": "all", "records": RECORDS,
         "met": met, "not_met": RECORDS - met, "not_askable": "", "suppressed_cells": "",
         **dict.fromkeys(("outside", "excluded", "not_known", "not_known_if_counted"), 0)}
        for change, met in rows
    ]  # fmt: skip
    alerts = [
        {"indicator": change.test, "place_code": change.force_code, "met": met, "not_met": RECORDS - met,
         "base": RECORDS, "outlier_alert": change.share_then <= change.share_now, "direction": "lower",
         "alert_status": "new", "q_value": ALERT_Q_VALUE}
        for change, met in rows
    ]  # fmt: skip
    tables = {name: _table(name, table_rows) for name, table_rows in (("ladders", counts), ("force_estimates", alerts))}
    StageRunner(folder).write_stage_output(
        "disclosure", tables, packages=(), inputs={}, rows_in=2 * len(rows), rows_out=2 * len(rows)
    )


def _rounded_count(change: KnownChange, seed: int) -> int:
    """Return the number of records that met the measure then, as it would be released."""
    draw = RandomStream(seed, "earlier", change.force_code, change.test)
    met = sum(draw.happens(change.share_then) for _ in range(RECORDS))
    return ROUNDING * round(met / ROUNDING)


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    schema = declared_tables()[name].schema
    return pa.Table.from_pylist([{**dict.fromkeys(schema.names), **row} for row in rows], schema)


def _recommend(folder: Path, changes: Sequence[KnownChange], period_to: date) -> None:
    """Record one recommendation for each change, with the reply of the local policing body."""
    days = Deadlines(date(period_to.year, 9, 1), date(period_to.year, 12, 1), birthday(period_to, 3))
    for number, change in enumerate(changes):
        record_recommendation(
            folder, change.force_code, _characteristic(change.test), test=change.test, owner=OWNER, text="", days=days
        )
        reply = REPLY_DAYS[number % len(REPLY_DAYS)]
        if reply is not None:
            record_reply(folder, f"{change.force_code}-{number + 1}", date(period_to.year, *reply), days.revisit_on)


def _characteristic(test: str) -> str:
    """Return the characteristic of a good response that is denied by the failings that this measure shows."""
    key = next(failing.key for failing in failings().values() if test in failing.shown_by)
    return denied_characteristics(key)[0]


def _write_changes(path: Path, changes: Sequence[KnownChange]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(field.name for field in fields(KnownChange))
        lines.writerows(astuple(change) for change in changes)


def read_changes(truth: Path) -> tuple[KnownChange, ...]:
    """Return the true changes since the earlier inspection; none if the country has no earlier inspection."""
    path = truth / CHANGES
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        KnownChange(row["force_code"], row["test"], float(row["share_then"]), float(row["share_now"])) for row in rows
    )
