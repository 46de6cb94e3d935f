"""Who saw and did what, in which order; and has anyone changed that since?

Every act writes its line in the same transaction as the act itself: an answer that was acknowledged has its line, and a
line that is there has its answer. Each line holds the hash of the line before. It tells codes, references and hashes,
never what a record or an answer says.
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
FIRST = "0" * 64
NOBODY = "-"
Plain = str | int | bool | None


class Kind(Enum):
    """Everything that the trail can say happened."""

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
    DECIDED = "panel decided"
    MINUTES_READ = "minutes read"
    MINUTED = "minutes written"
    TRAIL_READ = "trail read"
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
    """Adds lines at the end of the trail, within one transaction."""

    def __init__(self, head: Head) -> None:
        self._head = head

    def add(self, kind: Kind, who: str, **about: Plain) -> int:
        """One line; gives its number."""
        told = json.dumps(about, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        number, at = self._head.number + 1, datetime.now(UTC).isoformat(timespec="milliseconds")
        line = Event(number=number, at=at, who=who or NOBODY, kind=kind.value, about=told, before=self._head.hash)
        line.hash = worked_out_hash(vars(line))
        line.save(force_insert=True)
        self._head.number, self._head.hash = number, line.hash
        self._head.save(update_fields=["number", "hash"])
        return number


@contextmanager
def writing() -> Iterator[Writer]:
    """A transaction that holds the end of the trail, so that lines follow one another; all is kept, or nothing."""
    with _turn(), transaction.atomic():
        yield Writer(Head.objects.select_for_update().get(pk=1))


@contextmanager
def _turn() -> Iterator[None]:
    """On SQLite: wait in a queue, of threads and then of processes, where SQLite itself would ask again and again.

    PostgreSQL keeps such a queue for the row that `writing` locks.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with _THREADS, (settings.PLACE.folder / "turn").open("a") as file:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def worked_out_hash(line: Mapping[str, object]) -> str:
    """The hash that a line ought to have."""
    told = [line[name] for name in ("number", "at", "who", "kind", "about", "before")]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def digest(*parts: object) -> str:
    """The hash by which a line speaks of what must not stand in it."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def breaks(lines: Iterator[Mapping[str, object]]) -> Iterator[str]:
    """One sentence for each line that does not hold; `lines` in the order of their numbers."""
    before, expected = FIRST, 1
    for line in lines:
        if line["hash"] != worked_out_hash(line):
            yield f"line {line['number']}: its words have been changed since it was written."
        if line["before"] != before or line["number"] != expected:
            yield f"line {line['number']}: it does not follow the line before it."
        before, expected = str(line["hash"]), int(str(line["number"])) + 1
