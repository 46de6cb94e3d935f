"""Verify a workbench: its audit log, its answers, and the copies kept in the inspection.

`assay inspect verify` runs this after the provenance records, so that one changed byte of the audit log or of an answer
is found and named.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.errors import AssayError
from assay.ingest.inspection_folder import is_retired, open_inspection
from assay.wording import count_phrase
from assay.workbench import audit_log, label_rounds, panel_minutes, panel_pages, record_pairs
from assay.workbench.audit_log import Kind
from assay.workbench.models import Answer, Event, Head, Label, Minute, Reply, Verdict
from assay.workbench.rating_handover import AUDIT_LOG_STAGE, COLUMNS
from assay.workbench.workbench_folder import WorkbenchFolder
from assay.workflows.judge.grading_stage import read_awaiting, read_decisions


@dataclass(frozen=True)
class GuardedTable:
    """One append-only table: the kinds of log line about it, how to hash and name a row, and when its rows are
    destroyed."""

    model: Any
    kinds: tuple[Kind, ...]
    row_hash: Callable[[Any], str]
    row_name: Callable[[Any], str]
    verb: str = "given"
    at_the_end: bool = False
    related: tuple[str, ...] = ()


def _answer_hash(given_answer: Answer) -> str:
    return audit_log.digest(
        given_answer.reading_id, given_answer.question, given_answer.turn, given_answer.answer, given_answer.reason
    )


def _reply_hash(reply: Reply) -> str:
    return audit_log.digest(reply.force_code, reply.letter, reply.agrees, reply.text)


GUARDED_TABLES = (
    GuardedTable(
        Answer, (Kind.ANSWERED, Kind.UNDONE), _answer_hash, lambda row: f"answer {row.turn} of reading {row.reading_id}"
    ),
    GuardedTable(
        Reply, (Kind.REPLIED,), _reply_hash, lambda row: f"reply {row.id} of {row.force_code}", at_the_end=True
    ),
    GuardedTable(
        Minute,
        (Kind.MINUTED,),
        panel_minutes.minute_digest,
        lambda row: f"entry {row.id} of the minutes",
        "written",
        True,
    ),
    GuardedTable(
        Label,
        (Kind.LABELLED,),
        label_rounds.label_digest,
        lambda row: f"label of text {row.of_id} by {row.account.code}",
        related=("account",),
    ),
    GuardedTable(
        Verdict,
        (Kind.PAIR_JUDGED,),
        record_pairs.verdict_digest,
        lambda row: f"verdict on pair {row.of.ref} by {row.account.code}",
        related=("account", "of"),
    ),
)


def verify_workbench(workbench: WorkbenchFolder) -> list[str]:
    """Return one sentence for each difference between the workbench, its audit log and the stored copies; empty if
    all agree."""
    lines = list(Event.objects.values(*COLUMNS))
    found = [f"audit log of the workbench, {sentence}" for sentence in audit_log.chain_errors(iter(lines))]
    head = Head.objects.values("number", "hash").first() or {"number": 0, "hash": audit_log.FIRST_HASH}
    last = lines[-1] if lines else {"number": 0, "hash": audit_log.FIRST_HASH}
    if (last["number"], last["hash"]) != (head["number"], head["hash"]):
        found.append(
            f"audit log of the workbench: it ends at line {last['number']}, and should end at line {head['number']}."
        )
    return [*found, *_kept_log_errors(workbench, lines), *_content_errors(lines), *_decision_errors(workbench, lines)]


def _kept_log_errors(workbench: WorkbenchFolder, lines: list[dict[str, Any]]) -> Iterator[str]:
    """Return errors unless the audit log still begins as it did when ratings were last sealed."""
    path = workbench.inspection / AUDIT_LOG_STAGE / "trail.parquet"
    if not path.is_file():
        return
    kept_lines = sorted(pq.read_table(path).to_pylist(), key=lambda line: int(line["number"]))
    if len(lines) < len(kept_lines):
        yield (
            f"audit log of the workbench: the inspection holds {len(kept_lines)} lines, but the workbench holds "
            f"{len(lines)}."
        )
    for current_line, kept_line in zip(lines, kept_lines, strict=False):
        if current_line["hash"] != kept_line["hash"]:
            yield f"audit log of the workbench, line {kept_line['number']}: it differs from the copy in the inspection."
            return


def _content_errors(lines: list[dict[str, Any]]) -> Iterator[str]:
    """Return errors unless all content matches the audit log, and none is missing that was not destroyed."""
    destroyed = _last_destruction(lines)
    for table in GUARDED_TABLES:
        last = destroyed[table.at_the_end]
        kinds = [kind.value for kind in table.kinds]
        hashes = {line["number"]: _line_details(line).get("says") for line in lines if line["kind"] in kinds}
        for row in table.model.objects.select_related(*table.related).order_by("event"):
            if row.event < last:
                yield f"workbench, {table.row_name(row)}: it exists, but the audit log says that it was destroyed."
            if hashes.pop(row.event, None) != table.row_hash(row):
                yield f"workbench, {table.row_name(row)}: it was changed since it was {table.verb}."
        yield from (
            f"audit log of the workbench, line {number}: the content that it names is missing."
            for number in sorted(hashes)
            if number > last
        )


def _last_destruction(lines: list[dict[str, Any]]) -> dict[bool, int]:
    """Return the last line about destroyed content: for content of the inspection's end, and for all other."""
    found = {False: 0, True: 0}
    for line in lines:
        if line["kind"] == Kind.DESTROYED.value:
            ended = bool(_line_details(line).get("ended"))
            found[False] = line["number"]
            found[True] = line["number"] if ended else found[True]
    return found


def destruction_sentences(workbench: WorkbenchFolder) -> list[str]:
    """Return one sentence for each destruction of content in a workbench."""
    lines = Event.objects.filter(kind=Kind.DESTROYED.value).order_by("number").values()
    rows = ((line, int(_line_details(line).get("rows") or 0)) for line in lines)
    return [
        f"{workbench.folder.name}: {count_phrase(row_count, 'row')} on {line['at'][:10]}; its audit log stays."
        for line, row_count in rows
    ]


def _line_details(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return the details of a line; empty if they cannot be read, which the chain reports."""
    try:
        details = json.loads(line["about"])
    except ValueError:
        return {}
    return details if isinstance(details, dict) else {}


def _has_retired(workbench: WorkbenchFolder) -> bool:
    """Return True if the inspection was retired; False also if it cannot be read, which is reported elsewhere."""
    try:
        return is_retired(open_inspection(workbench.inspection))
    except (AssayError, OSError):
        return False


def _decision_errors(workbench: WorkbenchFolder, lines: list[dict[str, Any]]) -> Iterator[str]:
    """Return errors unless every logged decision is stored in the inspection as it was made.

    A retirement destroys the decisions of first persons, so only decisions that counted are compared after it.
    """
    kinds = [Kind.DECIDED.value] + ([] if _has_retired(workbench) else [Kind.DECISION_AWAITS.value])
    hashes = {line["number"]: _line_details(line).get("says") for line in lines if line["kind"] in kinds}
    if not hashes:
        return
    try:
        decisions = [*read_decisions(workbench.inspection), *read_awaiting(workbench.inspection)]
        decision_hashes = {panel_pages.decision_digest(decision) for decision in decisions}
    except (AssayError, pa.ArrowException, OSError):
        decision_hashes = set()
    for number, line_hash in hashes.items():
        if line_hash not in decision_hashes:
            yield (
                f"audit log of the workbench, line {number}: the decision of the panel that it names was changed or is "
                "missing."
            )
