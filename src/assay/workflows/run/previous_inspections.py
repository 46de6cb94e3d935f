"""Store the outlier alerts of a previous inspection, so that no force gets the same alert twice.

The released alerts of an earlier inspection are stored in the folder of the later one, with the period of their
records. An alert holds for the definition under which it was made: if that has changed since, the alert is left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import compare, reference
from assay import indicators as indicators_package
from assay.compare.alert_thresholds import FALSE_DISCOVERY
from assay.compare.failure_mode_tests import TOWARDS_FAILURE
from assay.compare.indicator_findings import period_text
from assay.compare.previous_alerts import ENDED, Alert, Key, PreviousAlerts
from assay.contract import question_sets
from assay.engine.provenance import content_hash, read_receipt, read_stage, with_folder_lock
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import UsageError
from assay.indicators.failure_mode_measures import MEASURES_OF_MODE
from assay.indicators.indicator_catalogue import indicators
from assay.ingest.inspection_folder import Inspection, open_inspection
from assay.ingest.stage_names import PREVIOUS_ALERTS
from assay.wording import count_phrase
from assay.workflows.judge.answer_cards import CommandResult
from assay.workflows.judge.recommendation_follow_up import definition_hash
from assay.workflows.release.release_editions import read_released_table

TEXT = pa.string()
COMBINED_TESTS = "combined_tests"
ALERT_SCHEMA = pa.schema([(name, TEXT) for name in ("indicator", "place_code", "direction", "since", "definition")]
                  + [("q_value", pa.float64()), ("inspections", pa.int64())])  # fmt: skip
"""The outlier alerts that persist after each inspection; `indicator` is a measure or a failure mode. A row without an
indicator gives the number of inspections without any alert."""


@with_folder_lock
def import_previous_alerts(folder: Path, previous_folder: Path) -> CommandResult:
    """Store the outlier alerts of a previous inspection in the inspection in `folder`.

    Raises
    ------
    UsageError
        If its period does not begin earlier, or forces were not compared in it.
    """
    current, previous = open_inspection(folder), open_inspection(previous_folder)
    if not previous.request.period_from < current.request.period_from:
        raise UsageError(
            f"The period of {previous_folder} does not begin before that of {folder}: it is not an earlier one."
        )
    if read_released_table(previous_folder, "force_estimates") is None:
        raise UsageError(
            f"{previous_folder} holds no released comparison of forces. Run it first: assay inspect run "
            f"{previous_folder}"
        )
    inspections = previous_alerts(previous_folder).inspections + 1
    alerts, merged = _inherited_alerts(_persisting_alerts(previous, inspections), previous, current)
    rows = [{"inspections": inspections}, *alerts]
    all_rows = [dict.fromkeys(ALERT_SCHEMA.names) | row for row in rows]
    alert_table = pa.Table.from_pylist(all_rows, ALERT_SCHEMA)
    output = StageOutput({"calls": alert_table}, alert_table.num_rows, alert_table.num_rows)
    StageRunner(folder).run_stage(
        PREVIOUS_ALERTS,
        lambda: output,
        packages=(compare, indicators_package, question_sets, reference),
        inputs={},
        settings={"calls": content_hash(alert_table)},
    )
    text_lines = (
        (
            f"{count_phrase(alert_table.num_rows - 1, 'alert')} of {count_phrase(inspections, 'earlier inspection')} "
            "are kept."
        ),
        *_merger_lines(merged),
        f"To name them as persisting: assay inspect run {folder}",
    )
    return CommandResult(text_lines, {"calls": alert_table.num_rows - 1, "inspections": inspections})


def _persisting_alerts(previous: Inspection, inspections: int) -> list[dict[str, Any]]:
    """Return the alerts of a previous inspection, new or persisting, with their definition hash.

    Included are earlier alerts of forces that could not be compared there.
    """
    definitions, released = _definition_hashes(), _released_results(previous.folder)
    period = period_text(previous.request.period_from, previous.request.period_to)
    alerts = {(measure, place): Alert(row["direction"], FALSE_DISCOVERY if row["q_value"] is None else row["q_value"],
                                 row["alerted_since"] or period)
           for (measure, place), row in released.items()
           if row["outlier_alert"] and row["alert_status"] != ENDED and measure in definitions}  # fmt: skip
    not_comparable = {key: alert for key, alert in previous_alerts(previous.folder).alerts.items()
              if released.get(key, {"outlier_alert": None})["outlier_alert"] is None}  # fmt: skip
    return [{"indicator": measure, "place_code": place, "direction": alert.direction, "since": alert.since,
             "definition": definitions[measure], "q_value": alert.q_value, "inspections": inspections}
            for (measure, place), alert in (not_comparable | alerts).items()]  # fmt: skip


def _inherited_alerts(
    alerts: list[dict[str, Any]], previous: Inspection, current: Inspection
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return the alerts under the present code of each force, and the present code of those that merged.

    After a merger an alert on one part is not kept, nor one on the force that took it in: it would name the whole
    without a test.
    """
    inherited, merged = [], {}
    for alert in alerts:
        heir = reference.force_succession().inherit(
            alert["place_code"], previous.request.period_from, current.request.period_to
        )
        if heir.is_same_force:
            inherited.append(alert | {"place_code": heir.code})
        else:
            merged[alert["place_code"]] = heir.code
    return inherited, merged


def _merger_lines(merged: dict[str, str]) -> list[str]:
    """Say which forces merged or took in another, and that the force after the merger is tested anew."""
    return [
        (
            f"{_force_name(code)} took in another force. Its alerts are not kept: it is tested anew."
            if code == heir
            else f"{_force_name(code)} is now part of {_force_name(heir)}. Its alerts are not kept: "
            f"{_force_name(heir)} is tested anew."
        )
        for code, heir in sorted(merged.items())
    ]


def _force_name(code: str) -> str:
    """Return the name of a force; its code if the register has no such force."""
    return reference.forces().get(code).name if code in reference.forces() else code


def _released_results(folder: Path) -> dict[Key, dict[str, Any]]:
    """Return the result by measure or failure mode and place; an older inspection has no combined tests."""
    estimates, tests = (read_released_table(folder, name) for name in ("force_estimates", COMBINED_TESTS))
    results = {(row["indicator"], row["place_code"]): row for row in (estimates.to_pylist() if estimates else ())}
    for row in tests.to_pylist() if tests else ():
        results[row["failure_mode"], row["place_code"]] = {"direction": TOWARDS_FAILURE, "q_value": None} | row
    return results


def _definition_hashes() -> dict[str, str]:
    """Return the hash of what each measure counts, and of the measures that show each failure mode."""
    measure_hashes = {form.key: definition_hash(form) for form in indicators()}
    return measure_hashes | {
        mode: " ".join(f"{key} {side} {measure_hashes[key]}" for key, side in sides.items())
        for mode, sides in MEASURES_OF_MODE.items()
    }


def previous_alerts(folder: Path) -> PreviousAlerts:
    """Return the number of previous inspections, and their alerts that persist."""
    if read_receipt(folder, PREVIOUS_ALERTS) is None:
        return PreviousAlerts()
    rows = read_stage(folder, PREVIOUS_ALERTS, "calls").to_pylist()
    definitions = _definition_hashes()
    alerts = {
        (row["indicator"], row["place_code"]): Alert(row["direction"], row["q_value"], row["since"])
        for row in rows
        if row["indicator"] and definitions.get(row["indicator"]) == row["definition"]
    }
    return PreviousAlerts(max(row["inspections"] for row in rows), alerts)
