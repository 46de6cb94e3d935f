"""What has become of each entry of an urgent list: proposed, confirmed or set aside, sent, answered, escalated?

One file a body, beside the inspection and never in it, so that no stage and no receipt rests on it. It names records by
reference and people by post. It is destroyed when the list is closed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from assay.errors import UsageError
from assay.urgent.rules import RULES, Found

ANSWERS: Mapping[str, str] = {
    "known": "known, and acted on before this letter",
    "acted": "acted on now",
    "wrong": "wrong: there was nothing to act on",
    "untraced": "the record cannot be traced",
}
"""What a force may answer to an entry."""
PROPOSED, CONFIRMED, ASIDE, SENT, ANSWERED = "proposed", "confirmed", "set aside", "sent", "answered"


@dataclass(frozen=True)
class Entry:
    """One entry. `by`: the post of the person who confirmed it or set it aside; `due`, `sent`: when, as ISO times."""

    key: str
    rule: str
    refs: tuple[str, ...]
    record_day: str
    state: str = PROPOSED
    by: str = ""
    why: str = ""
    sent: str = ""
    due: str = ""
    to: str = ""
    answer: str = ""
    answered: str = ""
    escalated_to: str = ""

    def overdue(self, now: datetime) -> bool:
        """Sent, not answered, and its time is over."""
        return self.state == SENT and now > datetime.fromisoformat(self.due)


@dataclass(frozen=True)
class Register:
    """The urgent list of one body: when its data were read (the day of extraction), and its entries."""

    body: str
    edition: int
    extracted: str
    entries: tuple[Entry, ...] = field(default_factory=tuple)

    def get(self, key: str) -> Entry:
        """The entry of that key; UsageError with the keys there are."""
        for one in self.entries:
            if one.key == key:
                return one
        there = ", ".join(one.key for one in self.entries) or "none"
        raise UsageError(f"The list of {self.body} has no entry {key}. It has: {there}.")

    def of(self, *states: str) -> tuple[Entry, ...]:
        """The entries in these states."""
        return tuple(one for one in self.entries if one.state in states)

    def changed(self, made: Iterable[Entry]) -> Register:
        """The register with these entries as they are now."""
        now = {one.key: one for one in made}
        return replace(self, entries=tuple(now.get(one.key, one) for one in self.entries))


def proposed(before: Register | None, found: Iterable[Found], *, body: str, edition: int, extracted: date) -> Register:
    """The list after a run: what is new is proposed, what somebody dealt with stays as it was, and what was only
    proposed and is no longer found goes."""
    stood = {one.key: one for one in before.entries} if before else {}
    new = {one.key: Entry(one.key, one.rule, one.refs, str(one.record_day or "")) for one in found}
    kept = {key: one for key, one in stood.items() if one.state != PROPOSED}
    entries = tuple(kept.get(key, entry) for key, entry in new.items())
    rest = tuple(one for key, one in kept.items() if key not in new)
    return Register(body, edition, extracted.isoformat(), entries + rest)


def folder_of(inspection: Path, body: str) -> Path:
    """Where the list of a body lies: beside the inspection."""
    return inspection.parent / f"{inspection.name}-urgent" / body


def read(inspection: Path, body: str) -> Register | None:
    """The list of a body, or None if there is none."""
    path = folder_of(inspection, body) / "list.json"
    if not path.is_file():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))
    entries = tuple(Entry(**{**one, "refs": tuple(one["refs"])}) for one in told.pop("entries"))
    wrong = [one.rule for one in entries if one.rule not in RULES]
    if wrong:
        raise UsageError(f"{path} names a rule that this version does not know: {wrong[0]}.")
    return Register(**told, entries=entries)


def there(inspection: Path, body: str) -> Register:
    """The list of a body; UsageError if there is none."""
    found = read(inspection, body)
    if found is None:
        raise UsageError(f"There is no urgent list of {body}. Make one with: assay urgent find {inspection} {body}")
    return found


def write(inspection: Path, register: Register) -> Path:
    """Keep the list, whole or not at all."""
    room = folder_of(inspection, register.body)
    room.mkdir(parents=True, exist_ok=True)
    path = room / "list.json"
    unfinished = path.with_name(".unfinished-list.json")
    unfinished.write_text(json.dumps(asdict(register), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)
    return path
