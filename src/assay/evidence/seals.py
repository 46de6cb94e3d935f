"""Is the seal that a report prints the seal of the receipts that lie here?

The seal is one hash over the receipts of every stage that a release rests on (decision 0123). Whoever changes a table,
its receipt and every receipt that read it can make the folder agree with itself again, and can chain the ledger anew;
the seal that was printed elsewhere then differs from the one that is recomputed here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from assay.evidence.ledger import Entry, EventKind
from assay.evidence.receipts import Receipt

BETWEEN = ", "
WRITING = (EventKind.STAGE_WRITTEN.key, EventKind.STAGE_KEPT.key)


def seal_of(receipts: Mapping[str, Receipt]) -> str:
    """SHA-256 over what each stage rested on and made, in order of stage; the words of its statements left out."""
    lines = "".join(f"{stage} {receipt.of_what}\n" for stage, receipt in sorted(receipts.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def stages_listed(receipts: Iterable[str]) -> str:
    """The stages that a seal covers, as the ledger notes them beside it."""
    return BETWEEN.join(sorted(receipts))


def recomputed(seal: str, entries: tuple[Entry, ...], receipts: Mapping[str, Receipt]) -> bool:
    """Return True if the receipts of this folder give the seal.

    The list of stages comes from the ledger, which may have been rewritten: no other list of stages, and no other
    receipts, give the same hash, so a list that gives it is the true one. Versions that noted no list sealed the stages
    in the order in which the ledger names them: each beginning of that order is tried.
    """
    lists = (*_noted(seal, entries), tuple(receipts), *_beginnings(seal, entries))
    return any(
        set(stages) <= set(receipts) and seal_of({stage: receipts[stage] for stage in stages}) == seal
        for stages in lists
        if stages
    )


def last_seal(entries: tuple[Entry, ...]) -> str:
    """The seal of the last release that the ledger holds; empty if nothing was released."""
    seals = [str(entry.about["seal"]) for entry in entries if entry.kind == EventKind.RELEASED.key]
    return seals[-1] if seals else ""


def written_since(seal: str, entries: tuple[Entry, ...]) -> list[str]:
    """The stages that a seal covers and that were written again after it, as the ledger says."""
    covered: set[str] = set()
    again: dict[str, None] = {}
    for entry in entries:
        if entry.kind == EventKind.RELEASED.key and entry.about["seal"] == seal:
            covered, again = set(str(entry.about.get("sealed") or "").split(BETWEEN)), {}
        elif entry.kind == EventKind.STAGE_WRITTEN.key and entry.about["stage"] in covered:
            again[str(entry.about["stage"])] = None
    return list(again)


def _noted(seal: str, entries: tuple[Entry, ...]) -> Iterator[tuple[str, ...]]:
    """The stages beside every release, that of this seal first."""
    released = [entry for entry in entries if entry.kind == EventKind.RELEASED.key and entry.about.get("sealed")]
    for entry in sorted(released, key=lambda entry: entry.about["seal"] != seal):
        yield tuple(str(entry.about["sealed"]).split(BETWEEN))


def _beginnings(seal: str, entries: tuple[Entry, ...]) -> Iterator[tuple[str, ...]]:
    ends = [entry.number for entry in entries if entry.about.get("seal") == seal]
    stages: dict[str, None] = {}
    for entry in entries[: ends[0] if ends else 0]:
        if entry.kind in WRITING:
            stages[str(entry.about.get("stage"))] = None
            yield tuple(stages)
