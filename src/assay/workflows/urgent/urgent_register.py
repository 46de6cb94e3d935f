"""What has become of each entry of an urgent list: proposed, confirmed or set aside, sent, answered, escalated?

One file a body, beside the inspection and never in it, so that no stage and no receipt rests on it. It names records by
reference and people by post. It is destroyed when the list is closed, when the return is taken back, and when the
inspection ends.
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

from assay.engine.provenance.write_lock import taking_turns
from assay.errors import UsageError
from assay.ingest.inspection_folder import COVER
from assay.workflows.urgent.rule_coverage import RuleCoverage
from assay.workflows.urgent.urgent_rules import RULES, Found

LIST = "list.json"
Given = ParamSpec("Given")
Answer = TypeVar("Answer")
ANSWERS: Mapping[str, str] = {
    "known": "known, and acted on before this letter",
    "acted": "acted on now",
    "wrong": "wrong: there was nothing to act on",
    "untraced": "the record cannot be traced",
}
"""What a force may answer to an entry."""
PROPOSED, CONFIRMED, ASIDE, SENT, ANSWERED = "proposed", "confirmed", "set aside", "sent", "answered"
LOST = "no longer found"
"""Confirmed and not sent, when the rules no longer found it in a later edition: a person looks at it again."""
OPEN = (PROPOSED, LOST, CONFIRMED, SENT)
"""Somebody still has to do something: read it, send it, or wait for its answer."""


@dataclass(frozen=True)
class Entry:
    """One entry. `extracted`: when the data that it rests on were read, and `edition`: of which return; `by`: the post
    of the person who confirmed it or set it aside; `due`, `sent`: when, as ISO times. `beside`: what else the return
    says of it; `records`: those that tell whom it is about; `coded`: its references are codes of a bundle;
    `earlier_answers`: what was answered before, and when."""

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
        """Sent, not answered, and its time is over."""
        return self.state == SENT and now > datetime.fromisoformat(self.due)


@dataclass(frozen=True)
class Undecided:
    """A record of which a rule could not decide, because of what is `unknown`: nothing of it is sent."""

    rule: str
    refs: tuple[str, ...]
    record_day: str
    unknown: str
    beside: str = ""


@dataclass(frozen=True)
class Register:
    """The urgent list of one body: the edition that was looked at last, when its data were read, and its entries.

    `rules`: whether each rule was asked of that edition in full; `undecided`: the records of which a rule could not
    decide.
    """

    body: str
    edition: int
    extracted: str
    entries: tuple[Entry, ...] = field(default_factory=tuple)
    rules: tuple[RuleCoverage, ...] = ()
    undecided: tuple[Undecided, ...] = ()

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


def proposed(
    before: Register | None,
    found: Iterable[Found],
    *,
    body: str,
    edition: int,
    extracted: date,
    coded: bool = False,
    rules: tuple[RuleCoverage, ...] = (),
) -> Register:
    """The list after a run.

    What is new is proposed. What was only proposed and is no longer found goes. What is confirmed and not sent rests
    on this edition if it is found in it; if not, it is no longer confirmed, and is to be read again. All else stays.
    Of what a rule could not decide, nothing is proposed: it is listed with what is not known.
    """
    day = extracted.isoformat()
    stood = {one.key: one for one in before.entries} if before else {}
    hits = tuple(found)
    new = {one.key: _entry(one, day, edition, coded) for one in hits if not one.unknown}
    here = [_still(stood.get(key), one) for key, one in new.items()]
    gone = [_lost(one, edition) for key, one in stood.items() if key not in new and one.state != PROPOSED]
    undecided = tuple(
        Undecided(one.rule, one.refs, str(one.record_day or ""), one.unknown, one.beside) for one in hits if one.unknown
    )
    return Register(body, edition, day, (*here, *gone), rules, undecided)


def _entry(one: Found, day: str, edition: int, coded: bool) -> Entry:
    record_day = str(one.record_day or "")
    return Entry(
        one.key, one.rule, one.refs, record_day, day, edition, beside=one.beside, records=one.records, coded=coded
    )


def _still(stood: Entry | None, now: Entry) -> Entry:
    """What somebody dealt with; if it is confirmed and did not go yet, with the data that it is found in now."""
    if stood is None or stood.state in (PROPOSED, LOST):
        return now
    if stood.state != CONFIRMED:
        return stood
    return replace(now, state=stood.state, by=stood.by, why=stood.why)


def _lost(stood: Entry, edition: int) -> Entry:
    """What is no longer found: what did not go yet does not go before somebody has read it again."""
    if stood.state != CONFIRMED:
        return stood
    return replace(stood, state=LOST, why=f"Confirmed by {stood.by}; no longer found in edition {edition}.", by="")


def folder_of(inspection: Path, body: str) -> Path:
    """Where the list of a body lies: beside the inspection."""
    return inspection.parent / f"{inspection.name}-urgent" / body


def read(inspection: Path, body: str) -> Register | None:
    """The list of a body, or None if there is none."""
    path = folder_of(inspection, body) / LIST
    if not path.is_file():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))
    entries = tuple(Entry(**_with_tuples(one)) for one in told.pop("entries"))
    rules = tuple(RuleCoverage(**one) for one in told.pop("rules", ()))
    undecided = tuple(Undecided(**_with_tuples(one)) for one in told.pop("undecided", ()))
    wrong = [one.rule for one in entries if one.rule not in RULES]
    if wrong:
        raise UsageError(f"{path} names a rule that this version does not know: {wrong[0]}.")
    return Register(**told, entries=entries, rules=rules, undecided=undecided)


def _with_tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of JSON, whose lists are tuples here."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def every(inspection: Path) -> tuple[Register, ...]:
    """All lists that there are."""
    room = folder_of(inspection, "any").parent
    return tuple(there(inspection, path.parent.name) for path in sorted(room.glob(f"*/{LIST}")))


def there(inspection: Path, body: str) -> Register:
    """The list of a body; UsageError if there is none."""
    found = read(inspection, body)
    if found is None:
        raise UsageError(f"There is no urgent list of {body}. Make one with: assay urgent find {inspection} {body}")
    return found


def in_turn(step: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """A step on the list of an inspection, its first argument: others who change a list wait until it is done, a run
    does not."""

    @functools.wraps(step)
    def taken(*given: Given.args, **named: Given.kwargs) -> Answer:
        cover = Path(str(named["folder"] if "folder" in named else given[0])) / COVER
        with taking_turns(cover) if cover.is_file() else nullcontext():
            return step(*given, **named)

    return taken


def write(inspection: Path, register: Register) -> Path:
    """Keep the list, whole or not at all."""
    room = folder_of(inspection, register.body)
    room.mkdir(parents=True, exist_ok=True)
    path = room / LIST
    unfinished = path.with_name(f".unfinished-{LIST}")
    unfinished.write_text(json.dumps(asdict(register), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)
    return path
