"""The register of an urgent list: each entry with its state, kept beside the inspection.

There is one file for each force, beside the inspection and never in it, so that no stage and no provenance record rests
on it. It names records by reference and people by post. It is destroyed when the list is closed, when the return is
withdrawn, and when the inspection ends.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from assay.engine.provenance.write_lock import lock_file
from assay.errors import UsageError
from assay.ingest.inspection_folder import SETTINGS_FILE
from assay.workflows.urgent.rule_coverage import RuleCoverage
from assay.workflows.urgent.urgent_rules import RULES, RuleHit

LIST_FILE = "list.json"
Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")
ANSWERS: Mapping[str, str] = {
    "known": "known, and acted on before this letter",
    "acted": "acted on now",
    "wrong": "wrong: there was nothing to act on",
    "untraced": "the record cannot be traced",
}
"""What a force may answer to an entry."""
PROPOSED, CONFIRMED, SET_ASIDE, SENT_STATE, ANSWERED = "proposed", "confirmed", "set aside", "sent", "answered"
LOST = "no longer found"
"""Confirmed and not sent, but not found in a later edition: a person must read it again."""
OPEN = (PROPOSED, LOST, CONFIRMED, SENT_STATE)
"""States in which a person still has to read the entry, send it, or wait for its answer."""


@dataclass(frozen=True)
class Entry:
    """One entry of an urgent list.

    `extracted`: when its data were extracted, and `edition`: from which return; `by`: the post of the person who
    confirmed it or set it aside; `due`, `sent`: ISO times; `beside`: what else the return says; `records`: the records
    that identify its subject; `coded`: its references are codes of a bundle; `earlier_answers`: previous answers with
    their times.
    """

    key: str
    rule: str
    refs: tuple[str, ...]
    record_day: str
    extracted: str = ""
    edition: int = 0
    state: str = PROPOSED
    by: str = ""
    why: str = ""
    sent: str = ""
    due: str = ""
    to: str = ""
    answer: str = ""
    answered: str = ""
    escalated_to: str = ""
    beside: str = ""
    records: tuple[str, ...] = ()
    coded: bool = False
    earlier_answers: tuple[str, ...] = ()

    def overdue(self, now: datetime) -> bool:
        """Return True if the entry was sent, is not answered, and its deadline has passed."""
        return self.state == SENT_STATE and now > datetime.fromisoformat(self.due)


@dataclass(frozen=True)
class Undecided:
    """A record for which a rule gave no answer because of what is `unknown`; nothing about it is sent."""

    rule: str
    refs: tuple[str, ...]
    record_day: str
    unknown: str
    beside: str = ""


@dataclass(frozen=True)
class Register:
    """The urgent list of one force: the return edition searched last, when its data were extracted, and its entries.

    `rules`: whether each rule was applied to that edition in full; `undecided`: the records that a rule could not
    decide.
    """

    body: str
    edition: int
    extracted: str
    entries: tuple[Entry, ...] = field(default_factory=tuple)
    rules: tuple[RuleCoverage, ...] = ()
    undecided: tuple[Undecided, ...] = ()

    def get(self, key: str) -> Entry:
        """Return the entry with this key; UsageError that lists the existing keys."""
        for entry in self.entries:
            if entry.key == key:
                return entry
        known_keys = ", ".join(entry.key for entry in self.entries) or "none"
        raise UsageError(f"The list of {self.body} has no entry {key}. Its entries: {known_keys}.")

    def in_states(self, *states: str) -> tuple[Entry, ...]:
        """Return the entries in these states."""
        return tuple(entry for entry in self.entries if entry.state in states)

    def with_entries(self, entries: Iterable[Entry]) -> Register:
        """Return the register with these entries replaced."""
        changed_entries = {entry.key: entry for entry in entries}
        return replace(self, entries=tuple(changed_entries.get(entry.key, entry) for entry in self.entries))


def update_register(
    previous_register: Register | None,
    found: Iterable[RuleHit],
    *,
    force_code: str,
    edition: int,
    extracted: date,
    coded: bool = False,
    rules: tuple[RuleCoverage, ...] = (),
) -> Register:
    """Return the register after a run of the rules: new entries are proposed, and entries no longer found are marked.

    A proposed entry that is no longer found is removed. A confirmed entry that was not sent moves to this edition if it
    is found there; otherwise it loses its confirmation and must be read again. All other entries stay. Undecided
    records are not proposed: they are listed with what is not known.
    """
    day = extracted.isoformat()
    previous = {hit.key: hit for hit in previous_register.entries} if previous_register else {}
    hits = tuple(found)
    new_entries = {hit.key: _entry(hit, day, edition, coded) for hit in hits if not hit.unknown}
    current = [_kept_entry(previous.get(key), hit) for key, hit in new_entries.items()]
    lost_entries = [
        _lost_entry(hit, edition) for key, hit in previous.items() if key not in new_entries and hit.state != PROPOSED
    ]
    undecided = tuple(
        Undecided(hit.rule, hit.refs, str(hit.record_day or ""), hit.unknown, hit.further_facts)
        for hit in hits
        if hit.unknown
    )
    return Register(force_code, edition, day, (*current, *lost_entries), rules, undecided)


def _entry(hit: RuleHit, day: str, edition: int, coded: bool) -> Entry:
    record_day = str(hit.record_day or "")
    return Entry(
        hit.key,
        hit.rule,
        hit.refs,
        record_day,
        day,
        edition,
        beside=hit.further_facts,
        records=hit.records,
        coded=coded,
    )


def _kept_entry(previous: Entry | None, current: Entry) -> Entry:
    """Return a handled entry; a confirmed entry that was not sent yet is moved to the data in which it is found now."""
    if previous is None or previous.state in (PROPOSED, LOST):
        return current
    if previous.state != CONFIRMED:
        return previous
    return replace(current, state=previous.state, by=previous.by, why=previous.why)


def _lost_entry(previous: Entry, edition: int) -> Entry:
    """Return an entry that is no longer found: if it was not sent yet, it must be read again first."""
    if previous.state != CONFIRMED:
        return previous
    return replace(
        previous, state=LOST, why=f"Confirmed by {previous.by}; no longer found in edition {edition}.", by=""
    )


def list_folder(inspection: Path, force_code: str) -> Path:
    """Return the folder of a force's urgent list, beside the inspection."""
    return inspection.parent / f"{inspection.name}-urgent" / force_code


def read_register(inspection: Path, force_code: str) -> Register | None:
    """Return the urgent list of a force, or None if there is none."""
    path = list_folder(inspection, force_code) / LIST_FILE
    if not path.is_file():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    entries = tuple(Entry(**_with_tuples(item)) for item in content.pop("entries"))
    rules = tuple(RuleCoverage(**item) for item in content.pop("rules", ()))
    undecided = tuple(Undecided(**_with_tuples(item)) for item in content.pop("undecided", ()))
    wrong = [item.rule for item in entries if item.rule not in RULES]
    if wrong:
        raise UsageError(f"{path} names a rule that this version does not know: {wrong[0]}.")
    return Register(**content, entries=entries, rules=rules, undecided=undecided)


def _with_tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of JSON with its lists as tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def all_registers(inspection: Path) -> tuple[Register, ...]:
    """Return all registers of an inspection."""
    lists_folder = list_folder(inspection, "any").parent
    return tuple(require_register(inspection, path.parent.name) for path in sorted(lists_folder.glob(f"*/{LIST_FILE}")))


def require_register(inspection: Path, force_code: str) -> Register:
    """Return the urgent list of a force; UsageError if there is none."""
    found = read_register(inspection, force_code)
    if found is None:
        raise UsageError(
            f"There is no urgent list of {force_code}. Make one: assay urgent find {inspection} {force_code}"
        )
    return found


def exclusive(step: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
    """Decorate an action on urgent lists so that other actions on the same inspection wait for it."""

    @functools.wraps(step)
    def locked_step(*arguments: Parameters.args, **keywords: Parameters.kwargs) -> Answer:
        inspection_file = Path(str(keywords["folder"] if "folder" in keywords else arguments[0])) / SETTINGS_FILE
        with lock_file(inspection_file) if inspection_file.is_file() else nullcontext():
            return step(*arguments, **keywords)

    return locked_step


def write_register(inspection: Path, register: Register) -> Path:
    """Write the list to disk, completely or not at all."""
    list_directory = list_folder(inspection, register.body)
    list_directory.mkdir(parents=True, exist_ok=True)
    path = list_directory / LIST_FILE
    unfinished = path.with_name(f".unfinished-{LIST_FILE}")
    unfinished.write_text(json.dumps(asdict(register), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)
    return path
