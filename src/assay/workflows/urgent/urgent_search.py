"""Which records do the rules put forward of an accepted return, and which accepted returns did nobody look at yet?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.ingest.accepted_returns import Held, holding
from assay.ingest.inspection_folder import Inspection, open_inspection
from assay.progress import Progress, silent
from assay.wording import counted
from assay.workflows.urgent import urgent_register as lists
from assay.workflows.urgent.list_closure import closed_editions, dealt_with_before
from assay.workflows.urgent.rule_coverage import NOT_ASKED, RuleCoverage, rule_coverage
from assay.workflows.urgent.urgent_facts import facts_of_return, held_of, is_bundle
from assay.workflows.urgent.urgent_records import found
from assay.workflows.urgent.urgent_register import LOST, PROPOSED, Entry, Register, Undecided
from assay.workflows.urgent.urgent_rules import RULES, Found

UNREAD = "Nothing leaves before a person has read and confirmed it: assay urgent confirm."
MOST = 20
"""How many records that could not be decided are printed; the list holds all."""
CODES = (
    "This return came as a bundle: references are its codes, and the sender's file of codes says which reference each "
    "stands for."
)


@dataclass(frozen=True)
class Done:
    """What a step did, in words, the file that it left, the bodies that it could not be done for, and by body whether
    each rule was asked."""

    said: tuple[str, ...]
    path: Path | None = None
    failed: tuple[str, ...] = ()
    rules: tuple[tuple[str, RuleCoverage], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        file = str(self.path) if self.path else None
        rules = [{"body": body, **vars(one)} for body, one in self.rules]
        return {"said": list(self.said), "file": file, "failed": list(self.failed), "rules": rules}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        return [*self.said, *([f"  {self.path}"] if self.path else [])]


@dataclass(frozen=True)
class Looked:
    """The list after a run, and what is not proposed because a closed list dealt with it."""

    made: Register
    before: tuple[Found, ...]

    @property
    def rules(self) -> tuple[tuple[str, RuleCoverage], ...]:
        """Body and coverage of each rule."""
        return tuple((self.made.body, one) for one in self.made.rules)


def find(folder: Path, force: str, *, now: datetime, again: bool = False, progress: Progress = silent) -> Done:
    """Run the rules on the return of a force that counts, and keep what they put forward as proposed.

    What a closed list dealt with is proposed only `again`.
    """
    inspection = open_inspection(folder)
    held = held_of(inspection, force)
    progress("Reading one return", 0, 0)
    looked = _looked_at(inspection, held, now, again=again)
    path = lists.folder_of(folder, held.body) / lists.LIST
    return Done((*_said(looked), UNREAD), path, rules=looked.rules)


def find_all(folder: Path, *, now: datetime, progress: Progress = silent) -> Done:
    """The same of every accepted return that nobody looked at yet; one that cannot be read stops no other."""
    inspection = open_inspection(folder)
    waiting = not_looked_at(inspection)
    said: list[str] = []
    failed: list[str] = []
    rules: list[tuple[str, RuleCoverage]] = []
    for number, held in enumerate(waiting, start=1):
        progress(f"Reading return {number} of {len(waiting)}", 0, 0)
        try:
            looked = _looked_at(inspection, held, now)
        except AssayError as error:
            failed.append(held.body)
            said.append(f"{held.body}, edition {held.accepted.edition}: not looked at. {error}")
        else:
            said += _said(looked)
            rules += looked.rules
    done = (*said, UNREAD) if waiting else ("Every accepted return was looked at.",)
    return Done(done, None, tuple(failed), tuple(rules))


def not_looked_at(inspection: Inspection) -> tuple[Held, ...]:
    """Of each body the return that counts, if the rules were not run on that edition yet."""
    seen = closed_editions(inspection.ledger) | {(one.body, one.edition) for one in lists.every(inspection.folder)}
    latest = {one.body: one for one in holding(inspection)}
    return tuple(one for one in latest.values() if (one.body, one.accepted.edition) not in seen)


def _looked_at(inspection: Inspection, held: Held, now: datetime, *, again: bool = False) -> Looked:
    sent = facts_of_return(inspection, held, now.date())
    extracted = sent.rows("returns")[0]["extracted_at"].date()
    hits = found(sent)
    rules = rule_coverage(sent, [one for one in hits if one.unknown])
    listed = lists.read(inspection.folder, held.body)
    here = {one.key for one in listed.entries} if listed else set()
    unlisted = () if again else [one for one in hits if one.key not in here]
    before = dealt_with_before(inspection.folder, inspection.ledger, unlisted)
    new = tuple(one for one in hits if one not in before)
    return Looked(_put_forward(inspection.folder, held, new, extracted, rules), before)


@lists.in_turn
def _put_forward(
    folder: Path, held: Held, new: tuple[Found, ...], extracted: date, rules: tuple[RuleCoverage, ...]
) -> Register:
    """The list with what is new; read only now, since people go on with it while the rules run."""
    before, edition = lists.read(folder, held.body), held.accepted.edition
    made = lists.proposed(
        before, new, body=held.body, edition=edition, extracted=extracted, coded=is_bundle(held), rules=rules
    )
    lists.write(folder, made)
    return made


def _said(looked: Looked) -> list[str]:
    """What waits to be read, entry by entry, and what the rules could not see."""
    made = looked.made
    new = [_line(one) for one in made.of(PROPOSED)]
    lost = [f"  {one.key}: {one.why} Read it again, and confirm it or set it aside." for one in made.of(LOST)]
    not_asked = sum(one.answer == NOT_ASKED for one in made.rules)
    blind = f" {counted(not_asked, 'rule')} of {len(made.rules)} could not be asked." if not_asked else ""
    codes = [CODES] if any(one.coded for one in made.entries) else []
    return [
        f"{made.body}, data read on {made.extracted}: {counted(len(new), 'entry is', 'entries are')} proposed.{blind}",
        *new, *lost, *_dealt_with(looked.before), *_undecided(made.undecided), *codes,
        *(f"  Rule {one.said}" for one in made.rules),
    ]  # fmt: skip


def _line(one: Entry) -> str:
    beside = f"; {one.beside}" if one.beside else ""
    day = f"last record {one.record_day or 'not known'}"
    return f"  {one.key}: {RULES[one.rule].asks} {', '.join(one.refs)} ({day}{beside})"


def _dealt_with(before: tuple[Found, ...]) -> list[str]:
    if not before:
        return []
    are = counted(len(before), "record was", "records were")
    return [
        f"{are} dealt with in a closed list, and not proposed again. To propose them: assay urgent find --again",
        *(f"  {one.rule}: {', '.join(one.refs)}" for one in before),
    ]


def _undecided(undecided: tuple[Undecided, ...]) -> list[str]:
    """The records of which a rule could not decide: a person looks at them, since no rule can."""
    if not undecided:
        return []
    are = counted(len(undecided), "record is", "records are")
    more = [f"  and {counted(len(undecided) - MOST, 'more record')}, in the list"] if len(undecided) > MOST else []
    return [
        f"{are} neither proposed nor ruled out, because something is not known; nothing of them is sent:",
        *(f"  {one.rule}: {', '.join(one.refs)}: not known {one.unknown}" for one in undecided[:MOST]),
        *more,
    ]
