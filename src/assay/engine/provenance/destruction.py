"""What was destroyed, when, and under which rule; and how is it destroyed so that everybody can see that it was?

The content of a stage goes; its receipt stays, with the hashes and counts of what is no longer there, and a receipt
holds nothing of a record. The ledger says what went. Files are deleted, not shredded: backups and the medium itself
are in the hands of whoever keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from assay.engine.provenance.ledger import Entry, EventKind, Ledger
from assay.engine.provenance.stage_folders import RECEIPT, names_in

BETWEEN = ", "


def destroy(
    folder: Path, stage: str, ledger: Ledger, *, rule: str, names: Iterable[str] | None = None, last: str = ""
) -> int:
    """Delete the files of a stage (all but its receipt, or those named) and enter it in the ledger; how many went.

    Nothing is entered where nothing was left. Stopped half-way, it can be called again; `last` is the file that goes
    after all others, by which whoever calls knows that something is left.
    """
    room = folder / stage
    wanted = set(names_in(room) if names is None else names) - {RECEIPT}
    there = [name for name in names_in(room) if name in wanted]
    if not there:
        return 0
    # Entered first: a file that was deleted and is in no ledger would look as if it had been lost.
    ledger.append(EventKind.DESTROYED, stage=stage, files=BETWEEN.join(there), rule=rule)
    for name in sorted(there, key=lambda name: name == last):
        (room / name).unlink()
    return len(there)


def destroyed_files(entries: Iterable[Entry]) -> dict[str, dict[str, Entry]]:
    """By stage and file: the event in which it went, for what was not written again since."""
    gone: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        stage = str(entry.about.get("stage", ""))
        if entry.kind == EventKind.DESTROYED.key:
            names = str(entry.about["files"]).split(BETWEEN)
            gone.setdefault(stage, {}).update(dict.fromkeys(names, entry))
        elif entry.kind == EventKind.STAGE_WRITTEN.key:
            gone.pop(stage, None)
    return gone


def in_words(entries: Iterable[Entry]) -> list[str]:
    """One sentence for each time that something of a stage was destroyed: what went, when, and under which rule."""
    every = tuple(entries)
    written = {str(one.about["stage"]): one.number for one in every if one.kind == EventKind.STAGE_WRITTEN.key}
    return [_sentence(one, written) for one in every if one.kind == EventKind.DESTROYED.key]


def _sentence(entry: Entry, written: Mapping[str, int]) -> str:
    files = len(str(entry.about["files"]).split(BETWEEN))
    stage = str(entry.about["stage"])
    again = " It was written again later." if written.get(stage, 0) > entry.number else ""
    what = f"{files} {'file' if files == 1 else 'files'} destroyed on {entry.at[:10]}"
    return f"{stage}: {what}. {entry.about['rule']}{again}"
