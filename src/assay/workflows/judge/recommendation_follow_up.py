"""Record recommendations with a baseline, and test at a revisit whether practice has improved.

Each recommendation has an owner, a test, a baseline, a day for the reply of the local policing body and a day for the
revisit. A later inspection is compared with the baseline under the same definition; if the definition changed, they are
not compared. Baselines are released figures, so that they may stay when the records are destroyed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from assay import grading, reference, sdc, stats
from assay import indicators as indicators_package
from assay.contract import question_sets
from assay.engine.provenance import EventKind, content_hash, read_stage, with_folder_lock
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import UsageError
from assay.grading.concerns import recommended_actions
from assay.grading.force_evidence import released_count
from assay.indicators import ALL, Indicator, card_dict
from assay.indicators.indicator_catalogue import find_form, indicators
from assay.ingest.inspection_folder import Inspection, open_inspection, refuse_retired
from assay.ingest.stage_names import FOLLOW_UPS, RECOMMENDATIONS
from assay.reference import characteristics
from assay.stats.missing_data_bounds import share_draws, share_with_missing, similar_missing_shares
from assay.text.personal_details import refuse_personal_details
from assay.wording import count_phrase
from assay.workflows.judge.answer_cards import CommandResult, find_force_code
from assay.workflows.release.release_editions import read_released_table

TEXT, DAY, NUMBER = pa.string(), pa.date32(), pa.float64()
COUNTS = ("met", "not_met", "unknown")
RECOMMENDATION_SCHEMA = pa.schema(
    [(name, TEXT) for name in ("key", "place_code", "characteristic", "owner", "text", "test", "definition")]
    + [(name, NUMBER) for name in COUNTS]
    + [(name, DAY) for name in ("asked_on", "reply_by", "revisit_on", "replied_on")]
)
BETTER, WORSE, NO_CHANGE, NOT_COMPARABLE = "better", "worse", "no change is shown", "cannot be compared"
REVISIT_SCHEMA = pa.schema(
    [(name, TEXT) for name in ("key", "place_code", "characteristic", "text", "test", "asked_on", "revisit_on")]
    + [(name, TEXT) for name in ("reply", "verdict", "why")]
    + [(name, NUMBER) for name in ("probability_better", "change", "change_low", "change_high")]
)
CREDIBLE_PROBABILITY, DRAW_COUNT, MIN_KNOWN_RECORDS = 0.95, 4000, 10
UNKNOWN_PRIOR_WEIGHT = 4.0
MIN_TEXT_LENGTH = 20
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Deadlines:
    """The dates of the recommendation, of the reply of the local policing body, and of the revisit."""

    asked_on: date
    reply_by: date
    revisit_on: date


@with_folder_lock
def record_recommendation(
    folder: Path, force: str, characteristic: str, *, test: str, owner: str, text: str, days: Deadlines
) -> CommandResult:
    """Record a recommendation with its baseline; UsageError without an owner or an answerable test."""
    inspection = _open_released(folder)
    refuse_retired(inspection)
    code, good_practice = find_force_code(inspection.request, force), characteristics().get(characteristic)
    indicator = find_form(test)
    if not code or not owner.strip() or not isinstance(indicator, Indicator):
        raise UsageError("A recommendation has a force, an owner and an indicator by which it is tested.")
    if not days.asked_on <= days.reply_by <= days.revisit_on:
        raise UsageError("The reply comes after the recommendation, and the revisit after the reply.")
    counts = _released_counts(folder, code, test)
    if counts is None:
        raise UsageError(f"{test} could not be asked of {code}, so that there is no baseline. Name another test.")
    recommendation_text = text.strip() or recommended_actions()[good_practice.key]
    refuse_personal_details("The text", recommendation_text)
    refuse_personal_details("The owner", owner)
    if len(recommendation_text) < MIN_TEXT_LENGTH:
        raise UsageError("Say in a sentence what is asked for.")
    recommendations = read_recommendations(folder)
    row = {
        "key": f"{code}-{len(recommendations) + 1}",
        "place_code": code,
        "characteristic": good_practice.key,
        "owner": owner.strip(),
        "text": recommendation_text,
        "test": test,
        "definition": definition_hash(indicator),
        "replied_on": None,
        **dict(zip(COUNTS, counts, strict=True)),
        **vars(days),
    }
    _write_recommendations(folder, [*recommendations, row])
    inspection.ledger.append(EventKind.RECOMMENDED, body=code, recommendation=row["key"], test=test)
    summary = (
        f"{row['key']}: {recommendation_text} Owner: {owner}. Tested by {test}; a reply is due by "
        f"{days.reply_by:%-d %B %Y}."
    )
    return CommandResult((summary, f"Later: assay grade revisit LATER --baseline {folder}"), {**row, **_as_text(days)})


def _as_text(days: Deadlines) -> dict[str, str]:
    return {name: day.isoformat() for name, day in vars(days).items()}


@with_folder_lock
def record_reply(folder: Path, key: str, day: date, today: date, *, reason: str = "") -> CommandResult:
    """Record the reply of the local policing body; a recorded date is corrected only with a reason.

    Raises
    ------
    UsageError
        For an unknown recommendation, and for a day before it or after `today`.
    """
    refuse_personal_details("--reason", reason)
    ledger, recommendations = open_inspection(folder).ledger, read_recommendations(folder)
    row = next((recommendation for recommendation in recommendations if recommendation["key"] == key), None)
    if row is None:
        known = ", ".join(recommendation["key"] for recommendation in recommendations) or "none is entered"
        raise UsageError(f"There is no recommendation {key!r}: {known}.")
    _refuse_reply(row, day, today, reason)
    before = row["replied_on"]
    if before != day:
        _write_recommendations(
            folder,
            [
                recommendation | {"replied_on": day} if recommendation is row else recommendation
                for recommendation in recommendations
            ],
        )
        corrected = {"was": before.isoformat(), "why": reason.strip()} if before else {}
        ledger.append(EventKind.REPLIED, recommendation=key, on=day.isoformat(), **corrected)
    return CommandResult((f"{key}: replied on {day:%-d %B %Y}.",), {"key": key, "replied_on": day.isoformat()})


def _refuse_reply(row: Row, day: date, today: date, reason: str) -> None:
    """Raise UsageError for an impossible day of reply, or one that replaces another without a reason."""
    asked_on, before = row["asked_on"], row["replied_on"]
    if day < asked_on:
        raise UsageError(
            f"{day:%-d %B %Y} is before {asked_on:%-d %B %Y}, when {row['key']} was recommended. "
            "Look at the day of the reply."
        )
    if day > today:
        raise UsageError(f"{day:%-d %B %Y} has not come yet. Note the reply when it is there, with its day.")
    if before and before != day and not reason.strip():
        raise UsageError(
            f"{row['key']}: a reply of {before:%-d %B %Y} is noted. A later letter does not change it; "
            "if that day was wrong, say why: --reason '...'"
        )


def read_recommendations(folder: Path) -> list[dict[str, Any]]:
    """Return every recommendation of an inspection, in the order of entry."""
    has_recommendations = (folder / RECOMMENDATIONS / "asked.parquet").is_file()
    return read_stage(folder, RECOMMENDATIONS, "asked").to_pylist() if has_recommendations else []


def _write_recommendations(folder: Path, rows: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist(rows, RECOMMENDATION_SCHEMA)
    settings = {"asked": content_hash(table)}
    StageRunner(folder).run_stage(RECOMMENDATIONS, lambda: StageOutput({"asked": table}, len(rows), len(rows)),
                       packages=(reference, grading, indicators_package), inputs={}, settings=settings)  # fmt: skip


def definition_hash(indicator: Indicator) -> str:
    """Return a hash of what an indicator counts; results with different hashes are not compared."""
    definition = {
        name: value for name, value in card_dict(indicator).items() if name in ("counted", "left out", "met when")
    }
    return hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()


def _released_counts(folder: Path, code: str, test: str) -> tuple[float, float, float] | None:
    """Return the released met, not met and unknown; None if not answerable or suppressed."""
    ladders = read_released_table(folder, "ladders")
    for row in ladders.to_pylist() if ladders else ():
        if (row["place_code"], row["indicator"], row["when_reported"]) == (code, test, ALL):
            counts = [released_count(row, name) for name in ("met", "not_met", "not_known", "not_known_if_counted")]
            known = [count for count in counts if count is not None]
            whole = len(known) == len(counts) and not row["not_askable"]
            return (known[0], known[1], known[2] + known[3]) if whole else None
    return None


def _open_released(folder: Path) -> Inspection:
    """Open the inspection in a folder; raise UsageError if nothing of it was released yet."""
    inspection = open_inspection(folder)
    if not (folder / "disclosure" / "ladders.parquet").is_file():
        raise UsageError(f"Nothing of {folder} was released yet: assay inspect run {folder}")
    return inspection


def reply_status(row: Row, today: date) -> str:
    """Return the status of the reply: replied in time, replied late, due, or overdue."""
    if row["replied_on"]:
        return "replied in time" if row["replied_on"] <= row["reply_by"] else "replied late"
    return "due" if today <= row["reply_by"] else "overdue"


@with_folder_lock
def revisit(folder: Path, baseline: Path, today: date) -> CommandResult:
    """Compare a later inspection with the recommendations of an earlier one, and store the results in the later one."""
    later = _open_released(folder)
    recommendations = read_recommendations(open_inspection(baseline).folder)
    if not recommendations:
        raise UsageError(f"{baseline} holds no recommendation to come back to: assay grade recommend")
    rows = [_revisit_row(folder, row, later.request.period_to, today) for row in recommendations]
    table = pa.Table.from_pylist(rows, REVISIT_SCHEMA)
    StageRunner(folder).run_stage(
        FOLLOW_UPS,
        lambda: StageOutput({"revisits": table}, len(rows), len(rows)),
        packages=(reference, indicators_package, stats, question_sets, sdc, grading),
        inputs={},
        settings={
            "asked": content_hash(pa.Table.from_pylist(recommendations, RECOMMENDATION_SCHEMA)),
            "on": today.isoformat(),
            "request": later.request.key,
        },
    )
    return CommandResult(tuple(_revisit_lines(rows)), {"revisited": rows})


def revisited_table(folder: Path) -> pa.Table:
    """Return the results of a revisit; an empty table if there was none."""
    has_revisit = (folder / FOLLOW_UPS / "revisits.parquet").is_file()
    return read_stage(folder, FOLLOW_UPS, "revisits") if has_revisit else REVISIT_SCHEMA.empty_table()


def _revisit_row(folder: Path, row: Row, until: date, today: date) -> dict[str, Any]:
    """Compare one recommendation; it passes to the force that succeeded the one it was made to, by `until`."""
    heir = reference.force_succession().inherit(row["place_code"], row["asked_on"], until)
    result = {name: row[name] for name in ("key", "characteristic", "text", "test")} | {"place_code": heir.code}
    result |= {name: row[name].isoformat() for name in ("asked_on", "revisit_on")} | {"reply": reply_status(row, today)}
    if not heir.is_same_force:
        why = (
            f"{_force_name(heir.code)} took in another force since; a part and the whole differ."
            if heir.code == row["place_code"]
            else f"{_force_name(row['place_code'])} is now part of {_force_name(heir.code)}, which must answer for it; "
            "a part and the whole differ."
        )
        return result | {"verdict": NOT_COMPARABLE, "why": why}
    known = {form.key: form for form in indicators()}
    indicator = known.get(row["test"])
    if indicator is None or definition_hash(indicator) != row["definition"]:
        return result | {"verdict": NOT_COMPARABLE, "why": "What the measure counts has been changed since."}
    counts = _released_counts(folder, heir.code, row["test"])
    baseline = tuple(row[name] for name in COUNTS)
    if counts is None or min(counts[0] + counts[1], baseline[0] + baseline[1]) < MIN_KNOWN_RECORDS:
        return result | {"verdict": NOT_COMPARABLE, "why": "Too few records tell, then or now."}
    return result | _compare_shares(indicator, baseline, counts, row["key"])


def _force_name(code: str) -> str:
    return reference.forces().get(code).name if code in reference.forces() else code


def _compare_shares(
    indicator: Indicator, baseline: tuple[float, ...], latest: tuple[float, ...], key: str
) -> dict[str, Any]:
    baseline_shares, latest_shares = (
        _draw_shares(period_counts, f"{key}/{when}") for period_counts, when in ((baseline, "before"), (latest, "now"))
    )
    change = latest_shares - baseline_shares if indicator.better != "lower" else baseline_shares - latest_shares
    probability_better, (low, high) = float((change > 0).mean()), np.quantile(change, [0.025, 0.975])
    verdict = (
        BETTER
        if probability_better >= CREDIBLE_PROBABILITY
        else WORSE
        if probability_better <= 1 - CREDIBLE_PROBABILITY
        else NO_CHANGE
    )
    return {
        "verdict": verdict,
        "why": "By the same definition as then.",
        "probability_better": round(probability_better, 2),
        "change": round(float(change.mean()), 2),
        "change_low": round(float(low), 2),
        "change_high": round(float(high), 2),
    }


def _draw_shares(counts: tuple[float, ...], seed: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    met, not_met, unknown = counts
    known = share_draws(met, not_met, draws=DRAW_COUNT, seed=seed)
    if not unknown:
        return known
    return share_with_missing(
        known, met + not_met, unknown, similar_missing_shares(known, UNKNOWN_PRIOR_WEIGHT, seed=seed)
    )


def _revisit_lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield f"{count_phrase(len(rows), 'recommendation')} revisited."
    for row in rows:
        size = f" ({round(100 * row['change']):+d} points)" if row.get("change") is not None else ""
        yield f"  {row['key']}: {row['verdict']}{size}. {row['why']} Reply: {row['reply']}."
