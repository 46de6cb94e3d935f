"""What did this inspection ask for, and is it better when somebody comes back?

Each recommendation has an owner, a test, a baseline, a day for the reply of the local policing body and a day for the
revisit. A later inspection is held against the baseline under the same definition; if that changed, nothing is said.
Baselines are the figures that everyone sees, so that they may stay when the records are destroyed.
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

from assay import grading, reference, stats
from assay import indicators as indicators_package
from assay.contract import question_sets
from assay.engine.provenance import EventKind, content_hash, one_at_a_time, read_stage
from assay.engine.stage_runner import Book, Made
from assay.errors import UsageError
from assay.grading.characteristic_evidence import count_seen
from assay.grading.concerns import recommended
from assay.indicators import ALL, Indicator, card_dict
from assay.indicators.indicator_catalogue import form, indicators
from assay.ingest.inspection_folder import Inspection, open_inspection, refuse_retired
from assay.ingest.stage_names import RECOMMENDED, REVISITED
from assay.reference import characteristics
from assay.stats.missing_data_bounds import alike_share, share_draws, with_unknown
from assay.text.personal_details import refuse_personal_details
from assay.wording import counted
from assay.workflows.judge.answer_cards import Told, code_of

TEXT, DAY, NUMBER = pa.string(), pa.date32(), pa.float64()
COUNTS = ("met", "not_met", "unknown")
ASKED = pa.schema(
    [(name, TEXT) for name in ("key", "place_code", "characteristic", "owner", "text", "test", "definition")]
    + [(name, NUMBER) for name in COUNTS]
    + [(name, DAY) for name in ("asked_on", "reply_by", "revisit_on", "replied_on")]
)
BETTER, WORSE, SAME, CANNOT = "better", "worse", "no change is shown", "cannot be compared"
TABLE = pa.schema(
    [(name, TEXT) for name in ("key", "place_code", "characteristic", "text", "test", "asked_on", "revisit_on")]
    + [(name, TEXT) for name in ("reply", "verdict", "why")]
    + [(name, NUMBER) for name in ("probability_better", "change", "change_low", "change_high")]
)
SURE, DRAWS, FEWEST = 0.95, 4000, 10
UNKNOWN_WORTH = 4.0
SHORTEST = 20
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Days:
    """When it was asked, by when the local policing body replies, and when somebody comes back."""

    asked_on: date
    reply_by: date
    revisit_on: date


@one_at_a_time
def recommend(folder: Path, force: str, characteristic: str, *, test: str, owner: str, text: str, days: Days) -> Told:
    """Enter a recommendation with its baseline; UsageError where it has no owner or no test that was asked there."""
    inspection = _released(folder)
    refuse_retired(inspection)
    code, one = code_of(inspection.request, force), characteristics().get(characteristic)
    asked = form(test)
    if not code or not owner.strip() or not isinstance(asked, Indicator):
        raise UsageError("A recommendation has a force, an owner and an indicator by which it is tested.")
    if not days.asked_on <= days.reply_by <= days.revisit_on:
        raise UsageError("The reply comes after the recommendation, and the revisit after the reply.")
    counts = _counts(folder, code, test)
    if counts is None:
        raise UsageError(f"{test} could not be asked of {code}, so that there is no baseline. Name another test.")
    words = text.strip() or recommended()[one.key]
    refuse_personal_details("The text", words)
    refuse_personal_details("The owner", owner)
    if len(words) < SHORTEST:
        raise UsageError("Say in a sentence what is asked for.")
    held = asked_of(folder)
    row = {"key": f"{code}-{len(held) + 1}", "place_code": code, "characteristic": one.key, "owner": owner.strip(),
           "text": words, "test": test, "definition": definition_of(asked), "replied_on": None,
           **dict(zip(COUNTS, counts, strict=True)), **vars(days)}  # fmt: skip
    _keep(folder, [*held, row])
    inspection.ledger.append(EventKind.RECOMMENDED, body=code, recommendation=row["key"], test=test)
    said = f"{row['key']}: {words} Owner: {owner}. Tested by {test}; a reply is due by {days.reply_by:%-d %B %Y}."
    return Told((said, f"Later: assay revisit LATER --baseline {folder}"), {**row, **_as_text(days)})


def _as_text(days: Days) -> dict[str, str]:
    return {name: day.isoformat() for name, day in vars(days).items()}


@one_at_a_time
def replied(folder: Path, key: str, on: date, today: date, *, reason: str = "") -> Told:
    """Note that the local policing body replied; a day that is noted already is corrected only with a reason.

    UsageError for a recommendation that is not there, and for a day before it or after `today`.
    """
    refuse_personal_details("--reason", reason)
    ledger, held = open_inspection(folder).ledger, asked_of(folder)
    row = next((one for one in held if one["key"] == key), None)
    if row is None:
        known = ", ".join(one["key"] for one in held) or "none is entered"
        raise UsageError(f"There is no recommendation {key!r}: {known}.")
    _refuse_reply(row, on, today, reason)
    before = row["replied_on"]
    if before != on:
        _keep(folder, [one | {"replied_on": on} if one is row else one for one in held])
        corrected = {"was": before.isoformat(), "why": reason.strip()} if before else {}
        ledger.append(EventKind.REPLIED, recommendation=key, on=on.isoformat(), **corrected)
    return Told((f"{key}: replied on {on:%-d %B %Y}.",), {"key": key, "replied_on": on.isoformat()})


def _refuse_reply(row: Row, on: date, today: date, reason: str) -> None:
    """UsageError for a day on which nobody can have replied, or that replaces an earlier one without a reason."""
    asked_on, before = row["asked_on"], row["replied_on"]
    if on < asked_on:
        raise UsageError(
            f"{on:%-d %B %Y} is before {asked_on:%-d %B %Y}, when {row['key']} was recommended. "
            "Look at the day of the reply."
        )
    if on > today:
        raise UsageError(f"{on:%-d %B %Y} has not come yet. Note the reply when it is there, with its day.")
    if before and before != on and not reason.strip():
        raise UsageError(
            f"{row['key']}: a reply of {before:%-d %B %Y} is noted. A later letter does not change it; "
            "if that day was wrong, say why: --reason '...'"
        )


def asked_of(folder: Path) -> list[dict[str, Any]]:
    """Every recommendation of an inspection, in the order in which they were entered."""
    there = (folder / RECOMMENDED / "asked.parquet").is_file()
    return read_stage(folder, RECOMMENDED, "asked").to_pylist() if there else []


def _keep(folder: Path, rows: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist(rows, ASKED)
    settings = {"asked": content_hash(table)}
    Book(folder).stage(RECOMMENDED, lambda: Made({"asked": table}, len(rows), len(rows)),
                       rooms=(reference, grading, indicators_package), inputs={}, settings=settings)  # fmt: skip


def definition_of(asked: Indicator) -> str:
    """One hash for what an indicator counts: changed, and nothing is compared any more."""
    kept = {name: value for name, value in card_dict(asked).items() if name in ("counted", "left out", "met when")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _counts(folder: Path, code: str, test: str) -> tuple[float, float, float] | None:
    """Met, not met and unknown, as everyone sees them; None where it could not be asked, or a count is kept back."""
    for row in read_stage(folder, "disclosure", "ladders").to_pylist():
        if (row["place_code"], row["indicator"], row["when_reported"]) == (code, test, ALL):
            counts = [count_seen(row, name) for name in ("met", "not_met", "not_known", "not_known_if_counted")]
            known = [count for count in counts if count is not None]
            whole = len(known) == len(counts) and not row["not_askable"]
            return (known[0], known[1], known[2] + known[3]) if whole else None
    return None


def _released(folder: Path) -> Inspection:
    """The inspection in a folder; UsageError where nothing of it was released yet."""
    inspection = open_inspection(folder)
    if not (folder / "disclosure" / "ladders.parquet").is_file():
        raise UsageError(f"Nothing of {folder} was released yet: assay run {folder}")
    return inspection


def reply_of(row: Row, today: date) -> str:
    """The clock of the reply: replied in time, replied late, due, or overdue."""
    if row["replied_on"]:
        return "replied in time" if row["replied_on"] <= row["reply_by"] else "replied late"
    return "due" if today <= row["reply_by"] else "overdue"


@one_at_a_time
def revisit(folder: Path, baseline: Path, today: date) -> Told:
    """Hold a later inspection against the recommendations of an earlier; the table is kept in the later."""
    later = _released(folder)
    asked = asked_of(open_inspection(baseline).folder)
    if not asked:
        raise UsageError(f"{baseline} holds no recommendation to come back to: assay recommend")
    rows = [_revisited(folder, row, today) for row in asked]
    table = pa.Table.from_pylist(rows, TABLE)
    Book(folder).stage(REVISITED, lambda: Made({"revisited": table}, len(rows), len(rows)),
                       rooms=(reference, indicators_package, stats, question_sets, grading), inputs={},
                       settings={"asked": content_hash(pa.Table.from_pylist(asked, ASKED)), "on": today.isoformat(),
                                 "request": later.request.key})  # fmt: skip
    return Told(tuple(_words(rows)), {"revisited": rows})


def revisited_table(folder: Path) -> pa.Table:
    """What a revisit found; an empty table where there was none."""
    there = (folder / REVISITED / "revisited.parquet").is_file()
    return read_stage(folder, REVISITED, "revisited") if there else TABLE.empty_table()


def _revisited(folder: Path, row: Row, today: date) -> dict[str, Any]:
    told = {name: row[name] for name in ("key", "place_code", "characteristic", "text", "test")}
    told |= {name: row[name].isoformat() for name in ("asked_on", "revisit_on")} | {"reply": reply_of(row, today)}
    known = {one.key: one for one in indicators()}
    asked = known.get(row["test"])
    if asked is None or definition_of(asked) != row["definition"]:
        return told | {"verdict": CANNOT, "why": "What the measure counts has been changed since."}
    counts = _counts(folder, row["place_code"], row["test"])
    before = tuple(row[name] for name in COUNTS)
    if counts is None or min(counts[0] + counts[1], before[0] + before[1]) < FEWEST:
        return told | {"verdict": CANNOT, "why": "Too few records tell, then or now."}
    return told | _compared(asked, before, counts, row["key"])


def _compared(asked: Indicator, before: tuple[float, ...], now: tuple[float, ...], key: str) -> dict[str, Any]:
    first, second = (_shares(one, f"{key}/{when}") for one, when in ((before, "before"), (now, "now")))
    change = second - first if asked.better != "lower" else first - second
    better, (low, high) = float((change > 0).mean()), np.quantile(change, [0.025, 0.975])
    verdict = BETTER if better >= SURE else WORSE if better <= 1 - SURE else SAME
    return {"verdict": verdict, "why": "By the same definition as then.", "probability_better": round(better, 2),
            "change": round(float(change.mean()), 2), "change_low": round(float(low), 2),
            "change_high": round(float(high), 2)}  # fmt: skip


def _shares(counts: tuple[float, ...], seed: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    met, not_met, unknown = counts
    known = share_draws(met, not_met, draws=DRAWS, seed=seed)
    if not unknown:
        return known
    return with_unknown(known, met + not_met, unknown, alike_share(known, UNKNOWN_WORTH, seed=seed))


def _words(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield f"{counted(len(rows), 'recommendation')} revisited."
    for row in rows:
        size = f" ({round(100 * row['change']):+d} points)" if row.get("change") is not None else ""
        yield f"  {row['key']}: {row['verdict']}{size}. {row['why']} Reply: {row['reply']}."
