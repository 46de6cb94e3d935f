"""Append-only ledger of an inspection: a hash chain of events.

`ledger.jsonl` has one event on each line. Each line contains the hash of the line before, so a line cannot be changed,
moved or removed without breaking the chain. The last hash is the head of the ledger; printed in a report, it identifies
the ledger. Times and machines are recorded here and nowhere else.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from assay.errors import EvidenceError

try:
    import fcntl
except ImportError:  # a system without file locks: the caller must ensure that only one process writes
    fcntl = None  # type: ignore[assignment]

NO_PREVIOUS_HASH = "0" * 64  # previous hash of the first line
Scalar = str | int | float | bool | None


class EventKind(Enum):
    """Kinds of ledger events: key, meaning, and the details that each requires."""

    INSPECTION_MADE = ("inspection made", "The folder of an inspection was created.", ("request", "format_version"))
    UPGRADED = (
        "upgraded",
        "The folder was upgraded to a later format; a copy of the old folder was kept.",
        ("was", "now", "code_version"),
    )
    DECLARED = ("declared", "The declaration of the data and their purposes was made or changed.", ("tables", "hash"))
    RETURN_ACCEPTED = ("return accepted", "A return was accepted.", ("body", "edition"))
    RETURN_REFUSED = ("return refused", "A return was refused as a whole.", ("name", "rule"))
    RETURN_SUPERSEDED = ("return superseded", "A later edition replaced a return.", ("body", "edition"))
    RETURN_WITHDRAWN = ("return withdrawn", "A return was withdrawn: its content is destroyed.", ("body", "edition"))
    OTHER_ACCEPTED = ("other evidence accepted", "Voices, documents or lessons were accepted.", ("sender", "edition"))
    OTHER_REFUSED = ("other evidence refused", "A folder of voices, documents or lessons was refused.", ("rule",))
    RETIRED = ("retired", "The inspection was retired: all content was destroyed.", ("rule",))
    DESTROYED = ("destroyed", "Content of a stage was destroyed.", ("stage", "files", "rule"))
    REFERENCES_SOUGHT = (
        "references sought",
        "The remaining files were searched for references to destroyed records.",
        ("references", "files", "left"),
    )
    TEXT_UNLOCKED = ("text unlocked", "The text of an entry was shown with its names.", ("who", "body", "entry", "why"))
    VERDICT_SHOWN = (
        "verdict shown",
        "A person was shown what the program found in the text of an entry.",
        ("who", "body", "entry", "why"),
    )
    RUN_BEGAN = ("run began", "A run of the inspection started.", ("code_version", "python", "system"))
    FILE_RECEIVED = ("file received", "A received file was read.", ("name", "hash"))
    STAGE_WRITTEN = ("stage written", "A stage was written with its receipt.", ("stage", "receipt"))
    STAGE_KEPT = ("stage kept", "A stage did not have to run again, and was kept.", ("stage", "receipt"))
    PLAN_SEALED = ("plan sealed", "The plan was sealed, or sealed again.", ("edition", "hash", "returns"))
    FACTS_ANSWERED = ("facts answered", "A force answered the factual accuracy points.", ("body", "edition", "points"))
    RECOMMENDED = ("recommended", "A recommendation was recorded with its test.", ("body", "recommendation", "test"))
    REPLIED = ("replied", "The local policing body replied to a recommendation.", ("recommendation", "on"))
    DECIDED = ("decided", "A panel decided on a grade.", ("body", "line", "proposed", "decided"))
    DECISION_AWAITS = (
        "decision awaits",
        "A panel member decided on a grade; a second member must confirm it.",
        ("body", "line", "proposed", "decided"),
    )
    RELEASED = ("released", "Tables were released under a disclosure policy.", ("policy", "tables", "seal"))
    PAGE_CLEARED = (
        "page cleared",
        "A person answered yes to every question on the page of a force, which may then be released.",
        ("who", "body", "answers", "on", "seal"),
    )
    REISSUED = ("re-issued", "The report was issued again, with a list of changes.", ("reason", "earlier"))
    WORDING_REVIEWED = ("wording reviewed", "Representatives of survivors reviewed the wording.", ("who", "on"))
    RUN_ENDED = ("run ended", "A run of the inspection ended.", ("stages",))
    LINE_CUT = ("line cut", "The last line was incomplete after an interruption, and was removed.", ("bytes",))
    URGENT_CLOSED = (
        "urgent list closed",
        "An urgent list was closed and destroyed; only the counts of its results were kept, by rule.",
        ("who", "body", "edition", "numbers", "why"),
    )
    MANUAL = ("manual", "A step was taken by hand, outside the program.", ("who", "what", "why"))

    def __init__(self, key: str, meaning: str, required_details: tuple[str, ...]) -> None:
        self.key = key
        self.meaning = meaning
        self.required_details = required_details

    @classmethod
    def from_key(cls, key: str) -> EventKind:
        """Return the kind with this key; EvidenceError with all keys if there is none."""
        for kind in cls:
            if kind.key == key:
                return kind
        raise EvidenceError(f"{key!r} is no kind of event. The kinds are: {', '.join(k.key for k in cls)}.")


@dataclass(frozen=True)
class LedgerEntry:
    """One ledger line: number from 1, time (ISO 8601, UTC), kind, details, and hashes of the chain."""

    number: int
    at: str
    kind: str
    about: Mapping[str, Scalar]
    before: str
    hash: str

    def compute_hash(self) -> str:
        """Return the hash of the entry, computed from its other fields."""
        values = [self.number, self.at, self.kind, dict(self.about), self.before]
        text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def line(self) -> bytes:
        """Return the entry as a line of the file."""
        values = {f.name: getattr(self, f.name) for f in fields(self)} | {"about": dict(self.about)}
        return (json.dumps(values, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Ledger:
    """Ledger at `path`; nothing is written until the first event. `clock` returns the time as text."""

    def __init__(self, path: Path, *, clock: Callable[[], str] = _now) -> None:
        self.path = path
        self._clock = clock

    def append(self, kind: EventKind, **details: Scalar) -> LedgerEntry:
        """Append an event, synced to disk before this returns; EvidenceError if a required detail is missing."""
        missing = [fact for fact in kind.required_details if details.get(fact) in (None, "")]
        if missing:
            raise EvidenceError(f"The event '{kind.key}' must tell {', '.join(missing)}.")
        with self._open_locked() as file:
            end = _truncate_partial_line(file)
            last = _last_entry(file, self.path)
            if end is not None:
                last = self._write(file, last, EventKind.LINE_CUT, {"bytes": end})
            return self._write(file, last, kind, details)

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return all events from the first; an empty tuple if there are none."""
        if not self.path.exists():
            return ()
        lines = self.path.read_bytes().split(b"\n")
        return tuple(_entry(line, number, self.path) for number, line in enumerate(lines[:-1], 1))

    def has_written(self, stage: str, receipt: str) -> bool:
        """Return True if an event records that this stage was written with this provenance record (by hash)."""
        written_stages = (entry.about for entry in self.entries() if entry.kind == EventKind.STAGE_WRITTEN.key)
        return any((details.get("stage"), details.get("receipt")) == (stage, receipt) for details in written_stages)

    @property
    def head(self) -> str:
        """Hash of the last event (ledger head hash), which identifies the whole ledger."""
        entries = self.entries()
        return entries[-1].hash if entries else NO_PREVIOUS_HASH

    def chain_errors(self) -> list[str]:
        """Return one sentence for each break of the hash chain; an empty list if the chain is intact."""
        if not self.path.exists():
            return []
        try:
            entries = self.entries()
        except EvidenceError as error:
            return [str(error)]
        errors = list(_chain_errors(entries, self.path.name))
        if not self.path.read_bytes().endswith(b"\n") and self.path.stat().st_size:
            errors.append(f"{self.path.name}: the last line was cut off in writing.")
        return errors

    @contextmanager
    def _open_locked(self) -> Iterator[BinaryIO]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            if fcntl:
                fcntl.flock(file, fcntl.LOCK_EX)
            yield file

    def _write(
        self, file: BinaryIO, last: LedgerEntry | None, kind: EventKind, details: Mapping[str, Scalar]
    ) -> LedgerEntry:
        number, previous_hash = (last.number + 1, last.hash) if last else (1, NO_PREVIOUS_HASH)
        unhashed = LedgerEntry(number, self._clock(), kind.key, details, previous_hash, "")
        entry = LedgerEntry(number, unhashed.at, kind.key, details, previous_hash, unhashed.compute_hash())
        file.write(entry.line())
        file.flush()
        os.fsync(file.fileno())
        return entry


def _truncate_partial_line(file: BinaryIO) -> int | None:
    """Truncate a partial last line; return its number of bytes, or None if there was none."""
    file.seek(0)
    text = file.read()
    whole_length = text.rfind(b"\n") + 1
    if whole_length == len(text):
        return None
    file.truncate(whole_length)
    return len(text) - whole_length


def _last_entry(file: BinaryIO, path: Path) -> LedgerEntry | None:
    file.seek(0)
    lines = file.read().splitlines()
    return _entry(lines[-1], len(lines), path) if lines else None


def _entry(line: bytes, number: int, path: Path) -> LedgerEntry:
    try:
        return LedgerEntry(**json.loads(line))
    except (ValueError, TypeError):
        raise EvidenceError(f"{path.name}, line {number}: this line cannot be read as an event.") from None


def _chain_errors(entries: tuple[LedgerEntry, ...], name: str) -> Iterator[str]:
    previous_hash = NO_PREVIOUS_HASH
    known_kinds = {kind.key for kind in EventKind}
    for number, entry in enumerate(entries, 1):
        if entry.hash != entry.compute_hash():
            yield f"{name}, line {number}: its words have been changed since it was written."
        if entry.before != previous_hash or entry.number != number:
            yield f"{name}, line {number}: it does not follow the line before it."
        if entry.kind not in known_kinds:
            yield f"{name}, line {number}: '{entry.kind}' is no kind of event."
        previous_hash = entry.hash
