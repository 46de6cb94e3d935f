"""Does all of a workbench hold: its trail, its answers, and what of both was kept in the inspection?

`assay verify` asks this beside the receipts, so that one changed byte of the trail or of an answer is found, and named.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.errors import AssayError
from assay.wording import counted
from assay.workbench import audit_log, label_rounds, panel_minutes, panel_pages, record_pairs
from assay.workbench.audit_log import Kind
from assay.workbench.models import Answer, Event, Head, Label, Minute, Reply, Verdict
from assay.workbench.rating_handover import COLUMNS, TRAIL
from assay.workbench.workbench_folder import Place
from assay.workflows.judge.grading_stage import decisions


@dataclass(frozen=True)
class Kept:
    """One table of what people said: which lines speak of it, the hash that a row ought to have, how it is named, and
    whether it goes at the end of the inspection only."""

    model: Any
    kinds: tuple[Kind, ...]
    says: Callable[[Any], str]
    named: Callable[[Any], str]
    verb: str = "given"
    at_the_end: bool = False
    beside: tuple[str, ...] = ()


def _of_answer(one: Answer) -> str:
    return audit_log.digest(one.reading_id, one.question, one.turn, one.answer, one.reason)


def _of_reply(one: Reply) -> str:
    return audit_log.digest(one.force_code, one.letter, one.agrees, one.text)


KEPT = (
    Kept(Answer, (Kind.ANSWERED, Kind.UNDONE), _of_answer,
         lambda one: f"answer {one.turn} of reading {one.reading_id}"),
    Kept(Reply, (Kind.REPLIED,), _of_reply, lambda one: f"reply {one.id} of {one.force_code}", at_the_end=True),
    Kept(Minute, (Kind.MINUTED,), panel_minutes.said_by, lambda one: f"entry {one.id} of the minutes", "written", True),
    Kept(Label, (Kind.LABELLED,), label_rounds.said_by, lambda one: f"label of text {one.of_id} by {one.account.code}",
         beside=("account",)),
    Kept(Verdict, (Kind.PAIR_JUDGED,), record_pairs.said_by,
         lambda one: f"verdict on pair {one.of.ref} by {one.account.code}",
         beside=("account", "of")),
)  # fmt: skip


def differences(place: Place) -> list[str]:
    """One sentence for each thing that does not hold; empty if all of it does."""
    lines = list(Event.objects.values(*COLUMNS))
    found = [f"workbench trail, {said}" for said in audit_log.breaks(iter(lines))]
    head = Head.objects.values("number", "hash").first() or {"number": 0, "hash": audit_log.FIRST}
    last = lines[-1] if lines else {"number": 0, "hash": audit_log.FIRST}
    if (last["number"], last["hash"]) != (head["number"], head["hash"]):
        found.append(f"workbench trail: it ends at line {last['number']}, and should end at line {head['number']}.")
    return [*found, *_kept(place, lines), *_said(lines), *_decided(place, lines)]


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


def _said(lines: list[dict[str, Any]]) -> Iterator[str]:
    """Whether everything that people said is as its line in the trail says, and none is gone that was not destroyed."""
    destroyed = _destroyed(lines)
    for kept in KEPT:
        last = destroyed[kept.at_the_end]
        kinds = [kind.value for kind in kept.kinds]
        told = {line["number"]: _about(line).get("says") for line in lines if line["kind"] in kinds}
        for one in kept.model.objects.select_related(*kept.beside).order_by("event"):
            if one.event < last:
                yield f"workbench, {kept.named(one)}: it is here; the trail says that it was destroyed."
            if told.pop(one.event, None) != kept.says(one):
                yield f"workbench, {kept.named(one)}: it was changed since it was {kept.verb}."
        yield from (
            f"workbench trail, line {number}: what it speaks of is gone." for number in sorted(told) if number > last
        )


def _destroyed(lines: list[dict[str, Any]]) -> dict[bool, int]:
    """The last line that says that content was destroyed: of what goes at the end only, and of all else."""
    found = {False: 0, True: 0}
    for line in lines:
        if line["kind"] == Kind.DESTROYED.value:
            ended = bool(_about(line).get("ended"))
            found[False] = line["number"]
            found[True] = line["number"] if ended else found[True]
    return found


def destroyed(place: Place) -> list[str]:
    """What was destroyed in a workbench, and when: one sentence each. It is no difference."""
    lines = Event.objects.filter(kind=Kind.DESTROYED.value).order_by("number").values()
    rows = ((line, int(_about(line).get("rows") or 0)) for line in lines)
    return [f"{place.folder.name}: {counted(n, 'row')} on {line['at'][:10]}; its trail stays." for line, n in rows]


def _about(line: Mapping[str, Any]) -> dict[str, Any]:
    """What a line tells; nothing where its words can no longer be read, which the chain tells."""
    try:
        told = json.loads(line["about"])
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _decided(place: Place, lines: list[dict[str, Any]]) -> Iterator[str]:
    """Whether every decision of which the trail speaks is kept in the inspection as it was made."""
    told = {line["number"]: _about(line).get("says") for line in lines if line["kind"] == Kind.DECIDED.value}
    if not told:
        return
    try:
        held = {panel_pages.said_by(one) for one in decisions(place.inspection)}
    except (AssayError, pa.ArrowException, OSError):
        held = set()
    for number, says in told.items():
        if says not in held:
            yield f"workbench trail, line {number}: the panel's decision of which it speaks was changed, or is gone."
