"""The audit log of the workbench: a hash chain with a line for every action.

Every act writes its line in the transaction of the act itself: an acknowledged answer has its line, and a line has its
answer. Each line holds the hash of the previous line. It holds codes, references and hashes, never the content of a
record or an answer.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum

from django.conf import settings
from django.db import connection, transaction

from assay.workbench.models import Event, Head

try:
    import fcntl
except ImportError:  # a system without file locks: SQLite's own waiting is then the queue
    fcntl = None  # type: ignore[assignment]

_THREADS = threading.Lock()
FIRST_HASH = "0" * 64
NO_ACTOR = "-"
LogValue = str | int | bool | None


class Kind(Enum):
    """The kinds of events in the audit log."""

    ACCOUNT_MADE = "account made"
    ACCOUNT_CLOSED = "account closed"
    SIGNED_IN = "signed in"
    REFUSED = "sign-in refused"
    LOCKED_OUT = "locked out"
    SIGNED_OUT = "signed out"
    SAMPLE_OPENED = "sample brought to the desks"
    READING_OPENED = "file opened"
    TEXT_SHOWN = "text shown"
    PASSAGES_SHOWN = "marked passages shown"
    ANSWERED = "answered"
    UNDONE = "answer undone"
    COMMENTED = "comment written"
    COMMENT_CLOSED = "comment closed"
    FINISHED = "file finished"
    REOPENED = "file reopened"
    ADJUDICATION_GIVEN = "adjudication given"
    REASSIGNED = "file reassigned"
    MARKERS_CHANGED = "readers of a sample changed"
    SEALED = "marks sealed"
    FILE_LOOKED_AT = "file looked at by an analyst"
    TEXT_UNLOCKED = "text unlocked"
    RESULTS_SEEN = "results seen"
    ANSWERS_SEEN = "answers to a question seen"
    LETTER_READ = "letter read"
    REPLIED = "reply to a letter"
    REPLIES_READ = "replies to letters read"
    POINTS_SEEN = "points seen"
    POINTS_ANSWERED = "points answered"
    PROPOSALS_SEEN = "proposals seen"
    WATCH_LIST_SEEN = "watch list seen"
    DECIDED = "panel decided"
    DECISION_AWAITS = "panel decision awaits a second person"
    MINUTES_READ = "minutes read"
    MINUTED = "minutes written"
    AUDIT_LOG_READ = "trail read"
    TEXTS_BROUGHT = "texts brought to be labelled"
    TO_LABEL_SHOWN = "text to label shown"
    LABELLED = "text labelled"
    LABELS_HANDED_IN = "labels handed in"
    PAIRS_BROUGHT = "pairs brought to be looked at"
    PAIR_SHOWN = "pair of records shown"
    PAIR_JUDGED = "pair of records judged"
    VERDICTS_HANDED_IN = "verdicts on pairs handed in"
    DESTROYED = "content destroyed"


class Writer:
    """Adds lines at the end of the audit log, within one transaction."""

    def __init__(self, head: Head) -> None:
        self._head = head

    def add(self, kind: Kind, actor: str, **details: LogValue) -> int:
        """Add one line, and return its number."""
        details_json = json.dumps(details, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        number, timestamp = self._head.number + 1, datetime.now(UTC).isoformat(timespec="milliseconds")
        line = Event(
            number=number,
            at=timestamp,
            who=actor or NO_ACTOR,
            kind=kind.value,
            about=details_json,
            before=self._head.hash,
        )
        line.hash = line_hash(vars(line))
        line.save(force_insert=True)
        self._head.number, self._head.hash = number, line.hash
        self._head.save(update_fields=["number", "hash"])
        return number


@contextmanager
def write_lines() -> Iterator[Writer]:
    """Lock the end of the audit log in a transaction, in which either all lines are written or none."""
    with _write_turn(), transaction.atomic():
        yield Writer(Head.objects.select_for_update().get(pk=1))


@contextmanager
def _write_turn() -> Iterator[None]:
    """On SQLite, wait in a queue of threads and then of processes, because SQLite itself would poll.

    PostgreSQL has such a queue for the row that `write_lines` locks.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with _THREADS, (settings.PLACE.folder / "turn").open("a") as file:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def line_hash(line: Mapping[str, object]) -> str:
    """Return the hash that a line of the chain must have."""
    values = [line[name] for name in ("number", "at", "who", "kind", "about", "before")]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def digest(*parts: object) -> str:
    """Return the hash that stands in the audit log for content that must not be in it."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def chain_errors(lines: Iterator[Mapping[str, object]]) -> Iterator[str]:
    """Yield one sentence for each line that breaks the hash chain; `lines` are in the order of their numbers."""
    previous_hash, expected_number = FIRST_HASH, 1
    for line in lines:
        if line["hash"] != line_hash(line):
            yield f"line {line['number']}: its content was changed after it was written."
        if line["before"] != previous_hash or line["number"] != expected_number:
            yield f"line {line['number']}: it does not follow the line before it."
        previous_hash, expected_number = str(line["hash"]), int(str(line["number"])) + 1
