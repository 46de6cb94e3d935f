"""Close urgent lists: destroy them, and keep counts and keyed codes in the ledger.

The list and its letters are destroyed. The ledger keeps numbers: the states of its entries, the answers, and how often
each rule was right, so that the precision of a rule outlives the lists. It also keeps a keyed code of each handled
record, so that the next list does not propose the same record again: a code holds no reference, and its key is
destroyed with the inspection's texts.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

from assay.engine.provenance import EventKind, Ledger
from assay.errors import UsageError
from assay.workflows.retire.ledger_entry_codes import entry_code, existing_coder
from assay.workflows.urgent import urgent_register as lists
from assay.workflows.urgent.list_status import Tally, list_status, tallies
from assay.workflows.urgent.urgent_register import ANSWERED, ANSWERS, OPEN, SET_ASIDE, Register
from assay.workflows.urgent.urgent_rules import RULES, RuleHit

TALLY_NAMES = ("right", "wrong", "set aside")
DEALT_WITH = "dealt_with"
CODE_CONTEXT = "urgent list, {rule}"
"""The purpose of a code, so that it differs from other codes of the same reference."""


def close_list(
    folder: Path, ledger: Ledger, register: Register, *, reader: str, why: str, now: datetime, return_withdrawn: bool
) -> str:
    """Record the counts of a list in the ledger, destroy it with its letters, and return the counts in words.

    `return_withdrawn`: its return is destroyed too, so the edition does not count as searched.
    """
    status = list_status([register], now)
    numbers = ", ".join(f"{number} {state}" for state, number in status.states if number) or "no entry"
    answers = ", ".join(f"{sum(entry.answer == key for entry in register.entries)} {key}" for key in ANSWERS)
    summary = f"{numbers}; answers: {answers}"
    by_rule = {
        f"{rule}: {name}": number
        for rule, tally in tallies(register.entries).items()
        for name, number in zip(TALLY_NAMES, tally, strict=True)
    }
    edition = 0 if return_withdrawn else register.edition
    codes = {} if return_withdrawn else {DEALT_WITH: " ".join(_codes(folder, register))}
    ledger.append(
        EventKind.URGENT_CLOSED,
        who=reader,
        body=register.body,
        edition=edition,
        numbers=summary,
        why=why,
        **by_rule,
        **codes,
    )
    shutil.rmtree(lists.list_folder(folder, register.body))
    return summary


def _codes(folder: Path, register: Register) -> list[str]:
    """Return a code of each record whose entry was answered, or set aside by a reader with a reason."""
    records = [
        (CODE_CONTEXT.format(rule=entry.rule), record)
        for entry in register.in_states(ANSWERED, SET_ASIDE)
        for record in entry.records or entry.refs
    ]
    return [entry_code(folder, register.body, kind, record) for kind, record in dict.fromkeys(records)]


def previously_handled(folder: Path, ledger: Ledger, found: Iterable[RuleHit]) -> tuple[RuleHit, ...]:
    """Return the hits all of whose records were handled in a closed list."""
    coder = existing_coder(folder)
    if coder is None:
        return ()
    codes = {
        code
        for entry in ledger.entries()
        if entry.kind == EventKind.URGENT_CLOSED.key
        for code in str(entry.about.get(DEALT_WITH) or "").split()
    }

    def is_handled(hit: RuleHit) -> bool:
        kind = CODE_CONTEXT.format(rule=hit.rule)
        return all(coder.pseudonym(hit.force_code, kind, record) in codes for record in hit.records or hit.refs)

    return tuple(hit for hit in found if not hit.unknown and is_handled(hit))


def close_lists(folder: Path, ledger: Ledger, *, why: str, force_code: str = "", editions: Collection[int] = ()) -> int:
    """Close every list, or those of a force that depend on these editions; return the number of files destroyed.

    It is used when a return is withdrawn or an inspection retired: lists are destroyed in whatever state they are.
    """
    files = 0
    for register in lists.all_registers(folder):
        list_editions = {register.edition, *(entry.edition for entry in register.entries)}
        if force_code in ("", register.body) and (not editions or list_editions & set(editions)):
            files += sum(path.is_file() for path in lists.list_folder(folder, register.body).rglob("*"))
            close_list(
                folder, ledger, register, reader="the inspection", why=why, now=datetime.now(), return_withdrawn=True
            )
    return files


def refuse_open(folder: Path, registers: Iterable[Register]) -> None:
    """Raise UsageError with the next step if an entry must still be read, sent or answered."""
    for register in registers:
        numbers = {state: len(register.in_states(state)) for state in OPEN}
        if any(numbers.values()):
            open_text = ", ".join(f"{number} {state}" for state, number in numbers.items() if number)
            raise UsageError(
                f"The urgent list of {register.body} is still open: {open_text}. Deal with the open entries, or "
                f"close the list anyway: assay urgent close {folder} {register.body} --anyway"
            )


def closed_tallies(ledger: Ledger, force_code: str = "") -> dict[str, Tally]:
    """Return the tally of each rule over closed lists: right, wrong and set aside."""
    found = dict.fromkeys(RULES, (0, 0, 0))
    for entry in ledger.entries():
        if entry.kind == EventKind.URGENT_CLOSED.key and force_code in ("", entry.about["body"]):
            for rule, tally in found.items():
                counts = [int(entry.about.get(f"{rule}: {name}") or 0) for name in TALLY_NAMES]
                found[rule] = (tally[0] + counts[0], tally[1] + counts[1], tally[2] + counts[2])
    return found


def closed_editions(ledger: Ledger) -> set[tuple[str, int]]:
    """Return force and edition of every list that was closed with all entries handled, or closed `anyway`."""
    return {
        (str(entry.about["body"]), int(entry.about["edition"] or 0))
        for entry in ledger.entries()
        if entry.kind == EventKind.URGENT_CLOSED.key
    }
