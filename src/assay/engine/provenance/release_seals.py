"""Compute the seal (hash) of a release, and recompute it from the provenance records of the folder.

A seal is one SHA-256 hash over the receipts of all stages that a release is made from (decision 0123). It is printed in
the report. An attacker who changes a table, its receipt and every later receipt, and rewrites the ledger, leaves a
folder that is consistent in itself. The seal recomputed from that folder then differs from the printed one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from assay.engine.provenance.ledger import EventKind, LedgerEntry
from assay.engine.provenance.receipts import Receipt

SEPARATOR = ", "
STAGE_EVENTS = (EventKind.STAGE_WRITTEN.key, EventKind.STAGE_KEPT.key)


def compute_seal(receipts: Mapping[str, Receipt]) -> str:
    """Return the release seal: SHA-256 over the provenance records of its stages, without their SQL statements.

    The word order of a generated statement may differ between processes, although its result does not.
    """
    lines = "".join(f"{stage} {receipt.hash_without_sql}\n" for stage, receipt in sorted(receipts.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def list_stages(receipts: Iterable[str]) -> str:
    """Return the names of the stages that a seal covers as one text, in the format of the ledger."""
    return SEPARATOR.join(sorted(receipts))


def seal_can_be_recomputed(seal: str, entries: tuple[LedgerEntry, ...], receipts: Mapping[str, Receipt]) -> bool:
    """Return True if the provenance records in this folder give this release seal.

    The list of covered stages comes from the ledger, which an attacker may have rewritten. This is safe: only the
    original list with the original receipts gives the same hash. Earlier versions recorded no list; they sealed the
    stages in the order of the ledger, so every initial part of that order is tried.
    """
    candidates = (*_recorded_lists(seal, entries), tuple(receipts), *_initial_parts(seal, entries))
    return any(
        set(stages) <= set(receipts) and compute_seal({stage: receipts[stage] for stage in stages}) == seal
        for stages in candidates
        if stages
    )


def last_seal(entries: tuple[LedgerEntry, ...]) -> str:
    """Return the seal of the latest release in the ledger; empty if there was no release."""
    seals = [str(entry.about["seal"]) for entry in entries if entry.kind == EventKind.RELEASED.key]
    return seals[-1] if seals else ""


def stages_rewritten_since(seal: str, entries: tuple[LedgerEntry, ...]) -> list[str]:
    """Return the covered stages that, according to the ledger, were written again after the release with this seal."""
    covered: set[str] = set()
    rewritten: dict[str, None] = {}
    for entry in entries:
        if entry.kind == EventKind.RELEASED.key and entry.about["seal"] == seal:
            covered, rewritten = set(str(entry.about.get("sealed") or "").split(SEPARATOR)), {}
        elif entry.kind == EventKind.STAGE_WRITTEN.key and entry.about["stage"] in covered:
            rewritten[str(entry.about["stage"])] = None
    return list(rewritten)


def _recorded_lists(seal: str, entries: tuple[LedgerEntry, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the list of stages that the ledger records with each release, that of this seal first."""
    released = [entry for entry in entries if entry.kind == EventKind.RELEASED.key and entry.about.get("sealed")]
    for entry in sorted(released, key=lambda entry: entry.about["seal"] != seal):
        yield tuple(str(entry.about["sealed"]).split(SEPARATOR))


def _initial_parts(seal: str, entries: tuple[LedgerEntry, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the first stage, the first two, and so on, of those that the ledger records before this seal."""
    releases = [entry.number for entry in entries if entry.about.get("seal") == seal]
    stages: dict[str, None] = {}
    for entry in entries[: releases[0] if releases else 0]:
        if entry.kind in STAGE_EVENTS:
            stages[str(entry.about.get("stage"))] = None
            yield tuple(stages)
