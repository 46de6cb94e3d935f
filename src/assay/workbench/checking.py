"""Does all of a workbench hold: its trail, its answers, and what of both was kept in the inspection?

`assay verify` asks this beside the receipts, so that one changed byte of the trail or of an answer is found, and named.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.errors import AssayError
from assay.inspection.judged import decisions
from assay.workbench import minuting, panelling, trail
from assay.workbench.handing_in import COLUMNS, TRAIL
from assay.workbench.models import Answer, Event, Head, Minute, Reply
from assay.workbench.place import Place
from assay.workbench.trail import Kind

SAYS = (Kind.ANSWERED.value, Kind.UNDONE.value, Kind.REPLIED.value, Kind.MINUTED.value)


def differences(place: Place) -> list[str]:
    """One sentence for each thing that does not hold; empty if all of it does."""
    lines = list(Event.objects.values(*COLUMNS))
    found = [f"workbench trail, {said}" for said in trail.breaks(iter(lines))]
    head = Head.objects.values("number", "hash").first() or {"number": 0, "hash": trail.FIRST}
    last = lines[-1] if lines else {"number": 0, "hash": trail.FIRST}
    if (last["number"], last["hash"]) != (head["number"], head["hash"]):
        found.append(f"workbench trail: it ends at line {last['number']}, and should end at line {head['number']}.")
    return [*found, *_kept(place, lines), *_answers(lines), *_decided(place, lines)]


def _kept(place: Place, lines: list[dict[str, Any]]) -> Iterator[str]:
    """Whether the trail still begins as it stood when marks were last sealed."""
    path = place.inspection / TRAIL / "trail.parquet"
    if not path.is_file():
        return
    kept = sorted(pq.read_table(path).to_pylist(), key=lambda line: int(line["number"]))
    if len(lines) < len(kept):
        yield f"workbench trail: {len(kept)} lines were kept in the inspection, and {len(lines)} are here."
    for ours, theirs in zip(lines, kept, strict=False):
        if ours["hash"] != theirs["hash"]:
            yield f"workbench trail, line {theirs['number']}: it is not the line that was kept in the inspection."
            return


def _answers(lines: list[dict[str, Any]]) -> Iterator[str]:
    """Whether every answer and reply says what its line in the trail says that it does, and none is gone."""
    told = {line["number"]: json.loads(line["about"]).get("says") for line in lines if line["kind"] in SAYS}
    for one in Answer.objects.order_by("event"):
        says = trail.digest(one.reading_id, one.question, one.turn, one.answer, one.reason)
        if told.pop(one.event, None) != says:
            yield f"workbench, answer {one.turn} of reading {one.reading_id}: it was changed since it was given."
    for reply in Reply.objects.order_by("event"):
        says = trail.digest(reply.force_code, reply.letter, reply.agrees, reply.text)
        if told.pop(reply.event, None) != says:
            yield f"workbench, reply {reply.id} of {reply.force_code}: it was changed since it was given."
    for minute in Minute.objects.order_by("event"):
        if told.pop(minute.event, None) != minuting.said_by(minute):
            yield f"workbench, entry {minute.id} of the minutes: it was changed since it was written."
    for number in sorted(told):
        yield f"workbench trail, line {number}: what it speaks of is gone."


def _decided(place: Place, lines: list[dict[str, Any]]) -> Iterator[str]:
    """Whether every decision of which the trail speaks is kept in the inspection as it was made."""
    told = {line["number"]: json.loads(line["about"])["says"] for line in lines if line["kind"] == Kind.DECIDED.value}
    if not told:
        return
    try:
        held = {panelling.said_by(one) for one in decisions(place.inspection)}
    except (AssayError, pa.ArrowException, OSError):
        held = set()
    for number, says in told.items():
        if says not in held:
            yield f"workbench trail, line {number}: the panel's decision of which it speaks was changed, or is gone."
