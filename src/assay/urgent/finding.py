"""Which records do the rules put forward of an accepted return, and which accepted returns did nobody look at yet?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.inspection.folder import Inspection, open_inspection
from assay.inspection.held import Held, holding
from assay.progress import Progress, silent
from assay.urgent import register as lists
from assay.urgent.closing import closed_editions
from assay.urgent.facts import facts_of_return, held_of
from assay.urgent.register import LOST, PROPOSED, Register
from assay.urgent.rules import RULES, Found, found
from assay.wording import counted

UNREAD = "Nothing leaves before a person has read and confirmed it: assay urgent confirm."


@dataclass(frozen=True)
class Done:
    """What a step did, in words, the file that it left, and the bodies that it could not be done for."""

    said: tuple[str, ...]
    path: Path | None = None
    failed: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        file = str(self.path) if self.path else None
        return {"said": list(self.said), "file": file, "failed": list(self.failed)}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        return [*self.said, *([f"  {self.path}"] if self.path else [])]


def find(folder: Path, force: str, *, now: datetime, progress: Progress = silent) -> Done:
    """Run the rules on the return of a force that counts, and keep what they put forward as proposed."""
    inspection = open_inspection(folder)
    held = held_of(inspection, force)
    progress("Reading one return", 0, 0)
    made = _looked_at(inspection, held, now)
    return Done((*_said(made), UNREAD), lists.folder_of(folder, made.body) / lists.LIST)


def find_all(folder: Path, *, now: datetime, progress: Progress = silent) -> Done:
    """The same of every accepted return that nobody looked at yet; one that cannot be read stops no other."""
    inspection = open_inspection(folder)
    waiting = not_looked_at(inspection)
    said: list[str] = []
    failed: list[str] = []
    for number, held in enumerate(waiting, start=1):
        progress(f"Reading return {number} of {len(waiting)}", 0, 0)
        try:
            said += _said(_looked_at(inspection, held, now))
        except AssayError as error:
            failed.append(held.body)
            said.append(f"{held.body}, edition {held.accepted.edition}: not looked at. {error}")
    return Done((*said, UNREAD) if waiting else ("Every accepted return was looked at.",), None, tuple(failed))


def not_looked_at(inspection: Inspection) -> tuple[Held, ...]:
    """Of each body the return that counts, if the rules were not run on that edition yet."""
    seen = closed_editions(inspection.ledger) | {(one.body, one.edition) for one in lists.every(inspection.folder)}
    latest = {one.body: one for one in holding(inspection)}
    return tuple(one for one in latest.values() if (one.body, one.accepted.edition) not in seen)


def _looked_at(inspection: Inspection, held: Held, now: datetime) -> Register:
    sent = facts_of_return(inspection, held, now.date())
    extracted = sent.rows("returns")[0]["extracted_at"].date()
    return _put_forward(inspection.folder, held, found(sent), extracted)


@lists.in_turn
def _put_forward(folder: Path, held: Held, new: tuple[Found, ...], extracted: date) -> Register:
    """The list with what is new; read only now, since people go on with it while the rules run."""
    before, edition = lists.read(folder, held.body), held.accepted.edition
    made = lists.proposed(before, new, body=held.body, edition=edition, extracted=extracted)
    lists.write(folder, made)
    return made


def _said(made: Register) -> list[str]:
    """What waits to be read, entry by entry."""
    new = [
        f"  {one.key}: {RULES[one.rule].asks} {', '.join(one.refs)} (last record {one.record_day or 'not known'})"
        for one in made.of(PROPOSED)
    ]
    lost = [f"  {one.key}: {one.why} Read it again, and confirm it or set it aside." for one in made.of(LOST)]
    read = f"{made.body}, data read on {made.extracted}"
    return [f"{read}: {counted(len(new), 'entry is', 'entries are')} proposed.", *new, *lost]
