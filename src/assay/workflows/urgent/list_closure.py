"""What is kept of an urgent list when it is closed, or when the return that it was made from goes?

The list and its letters are destroyed. The ledger keeps numbers: what state its entries were in, what was answered, and
how often each rule was right, so that the precision of a rule outlives the lists that it was counted on. It also keeps
a keyed code of each record that was dealt with, so that the next list does not propose the same again: a code holds no
reference, and its key is destroyed with the inspection's texts.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

from assay.engine.provenance import EventKind, Ledger
from assay.errors import UsageError
from assay.workflows.retire.ledger_entry_codes import entry_code, known_coder
from assay.workflows.urgent import urgent_register as lists
from assay.workflows.urgent.list_status import Tally, standing, tallies
from assay.workflows.urgent.urgent_register import ANSWERED, ANSWERS, ASIDE, OPEN, Register
from assay.workflows.urgent.urgent_rules import RULES, Found

COUNTED = ("right", "wrong", "set aside")
DEALT_WITH = "dealt_with"
OF_RULE = "urgent list, {rule}"
"""What a code is of, so that it differs from every other code of the same reference."""


def close_list(folder: Path, ledger: Ledger, held: Register, *, by: str, why: str, now: datetime, gone: bool) -> str:
    """Note what came of a list, in numbers, and destroy it with its letters; the numbers in words.

    `gone`: its return goes with it, so that the edition does not count as looked at.
    """
    told = standing([held], now)
    numbers = ", ".join(f"{number} {state}" for state, number in told.states if number) or "no entry"
    answers = ", ".join(f"{sum(one.answer == key for one in held.entries)} {key}" for key in ANSWERS)
    said = f"{numbers}; answers: {answers}"
    by_rule = {
        f"{rule}: {name}": number
        for rule, tally in tallies(held.entries).items()
        for name, number in zip(COUNTED, tally, strict=True)
    }
    edition = 0 if gone else held.edition
    codes = {} if gone else {DEALT_WITH: " ".join(_codes(folder, held))}
    ledger.append(
        EventKind.URGENT_CLOSED, who=by, body=held.body, edition=edition, numbers=said, why=why, **by_rule, **codes
    )
    shutil.rmtree(lists.folder_of(folder, held.body))
    return said


def _codes(folder: Path, held: Register) -> list[str]:
    """A code of each record whose entry was answered, or set aside by a reader with a reason."""
    records = [
        (OF_RULE.format(rule=one.rule), record)
        for one in held.of(ANSWERED, ASIDE)
        for record in one.records or one.refs
    ]
    return [entry_code(folder, held.body, kind, record) for kind, record in dict.fromkeys(records)]


def dealt_with_before(folder: Path, ledger: Ledger, found: Iterable[Found]) -> tuple[Found, ...]:
    """Those of which every record was dealt with in a list that is closed. One with a new episode or entry is not."""
    coder = known_coder(folder)
    if coder is None:
        return ()
    codes = {
        code
        for entry in ledger.entries()
        if entry.kind == EventKind.URGENT_CLOSED.key
        for code in str(entry.about.get(DEALT_WITH) or "").split()
    }

    def dealt_with(one: Found) -> bool:
        kind = OF_RULE.format(rule=one.rule)
        return all(coder.code(one.force_code, kind, record) in codes for record in one.records or one.refs)

    return tuple(one for one in found if not one.unknown and dealt_with(one))


def close_lists(folder: Path, ledger: Ledger, *, why: str, body: str = "", editions: Collection[int] = ()) -> int:
    """Close every list, or that of a body if it or an entry of it rests on one of these editions; how many files went.

    For what ends a return or an inspection: the lists go with it, whatever state they are in.
    """
    files = 0
    for held in lists.every(folder):
        rests_on = {held.edition, *(one.edition for one in held.entries)}
        if body in ("", held.body) and (not editions or rests_on & set(editions)):
            files += sum(path.is_file() for path in lists.folder_of(folder, held.body).rglob("*"))
            close_list(folder, ledger, held, by="the inspection", why=why, now=datetime.now(), gone=True)
    return files


def refuse_open(folder: Path, held: Iterable[Register]) -> None:
    """UsageError, with what to do, if an entry is still to be read, sent or answered."""
    for one in held:
        numbers = {state: len(one.of(state)) for state in OPEN}
        if any(numbers.values()):
            told = ", ".join(f"{number} {state}" for state, number in numbers.items() if number)
            raise UsageError(
                f"The urgent list of {one.body} is still open: {told}. Read, send or wait for what is open, or "
                f"close it as it is: assay urgent close {folder} {one.body} --anyway"
            )


def closed_before(ledger: Ledger, body: str = "") -> dict[str, Tally]:
    """By rule: how many entries of lists that are closed were right, wrong and set aside; of all bodies or of one."""
    found = dict.fromkeys(RULES, (0, 0, 0))
    for entry in ledger.entries():
        if entry.kind == EventKind.URGENT_CLOSED.key and body in ("", entry.about["body"]):
            for rule, tally in found.items():
                told = [int(entry.about.get(f"{rule}: {name}") or 0) for name in COUNTED]
                found[rule] = (tally[0] + told[0], tally[1] + told[1], tally[2] + told[2])
    return found


def closed_editions(ledger: Ledger) -> set[tuple[str, int]]:
    """Body and edition of every list that was closed when all that it held was dealt with, or `anyway`."""
    return {
        (str(entry.about["body"]), int(entry.about["edition"] or 0))
        for entry in ledger.entries()
        if entry.kind == EventKind.URGENT_CLOSED.key
    }
