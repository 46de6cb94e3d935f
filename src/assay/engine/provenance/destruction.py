"""Destroy the content of a stage and record it in the ledger; its provenance record stays.

The content of a stage is deleted; its receipt stays, with hashes and counts of the deleted files, and contains nothing
of a record. The ledger records what was deleted. Files are deleted, not shredded: backups and the storage medium are
the responsibility of their operator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from assay.engine.provenance.ledger import EventKind, Ledger, LedgerEntry
from assay.engine.provenance.stage_folders import RECEIPT, list_files

SEPARATOR = ", "


def destroy_stage(
    folder: Path, stage: str, ledger: Ledger, *, rule: str, names: Iterable[str] | None = None, last: str = ""
) -> int:
    """Delete the files of a stage (by default all except its provenance record), log it, and return how many.

    If there is nothing to delete, nothing is recorded. After an interruption it can be called again; `last` is deleted
    after all other files, so that the caller can see whether something is left.
    """
    stage_folder = folder / stage
    selected = set(list_files(stage_folder) if names is None else names) - {RECEIPT}
    present = [name for name in list_files(stage_folder) if name in selected]
    if not present:
        return 0
    # Recorded first: a deleted file without a ledger entry would look as if it had been lost.
    ledger.append(EventKind.DESTROYED, stage=stage, files=SEPARATOR.join(present), rule=rule)
    for name in sorted(present, key=lambda name: name == last):
        (stage_folder / name).unlink()
    return len(present)


def destroyed_files(entries: Iterable[LedgerEntry]) -> dict[str, dict[str, LedgerEntry]]:
    """Return, by stage and file, the event of its destruction, unless the stage was written again afterwards."""
    destructions: dict[str, dict[str, LedgerEntry]] = {}
    for entry in entries:
        stage = str(entry.about.get("stage", ""))
        if entry.kind == EventKind.DESTROYED.key:
            names = str(entry.about["files"]).split(SEPARATOR)
            destructions.setdefault(stage, {}).update(dict.fromkeys(names, entry))
        elif entry.kind == EventKind.STAGE_WRITTEN.key:
            destructions.pop(stage, None)
    return destructions


def describe_destructions(entries: Iterable[LedgerEntry]) -> list[str]:
    """Return one sentence for each destruction: what was destroyed, when, and under which rule."""
    events = tuple(entries)
    last_writes = {
        str(event.about["stage"]): event.number for event in events if event.kind == EventKind.STAGE_WRITTEN.key
    }
    return [_sentence(event, last_writes) for event in events if event.kind == EventKind.DESTROYED.key]


def _sentence(entry: LedgerEntry, last_writes: Mapping[str, int]) -> str:
    files = len(str(entry.about["files"]).split(SEPARATOR))
    stage = str(entry.about["stage"])
    rewrite_sentence = " It was written again later." if last_writes.get(stage, 0) > entry.number else ""
    description = f"{files} {'file' if files == 1 else 'files'} destroyed on {entry.at[:10]}"
    return f"{stage}: {description}. {entry.about['rule']}{rewrite_sentence}"
