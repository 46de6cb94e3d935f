"""Is this folder what its receipts and its ledger say it is, and if not, what differs?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pyarrow as pa

from assay.errors import EvidenceError
from assay.evidence.alone import LEDGER, LOCK
from assay.evidence.content import file_hash
from assay.evidence.destruction import destroyed_files, in_words
from assay.evidence.heads import SIGNED_HEAD, head_differences, head_in_words, trusted_key
from assay.evidence.ledger import Entry, EventKind, Ledger
from assay.evidence.receipts import SENT, Receipt
from assay.evidence.seals import WRITING, last_seal, recomputed, written_since
from assay.evidence.stages import RECEIPT, bytes_differ, hash_of, left_over, names_in, stages_in

SETTINGS = "inspection.toml"
CODES_KEY = "references.key"
"""The key of the codes by which the ledger names entries; it is destroyed with what it names."""
LOOSE = (SETTINGS, LEDGER, LOCK, SIGNED_HEAD, CODES_KEY)
"""Files that stand in the inspection's folder itself, outside any stage."""
TRUTH = "truth"
"""The folder of what is true of invented forces. No stage reads or writes it, so no receipt speaks of it."""


@dataclass(frozen=True, order=True)
class Difference:
    """One thing that is not as it should be: where, and a sentence that says what differs."""

    where: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def verify(folder: Path, *, head: str = "", public_key: Path | None = None) -> list[Difference]:
    """Recompute every hash, sum and link of the inspection in `folder`; an empty list if all of it holds.

    Reads only; changes nothing.

    Parameters
    ----------
    head
        A seal that was printed in a report, or a ledger head that was noted elsewhere. A seal is recomputed from the
        receipts that lie here; of a head the ledger must hold the line.
    public_key
        The file of the public key that is trusted, from outside the folder. Without it the user's own is taken, where
        it signed in this folder. An unsigned ledger is a difference only where a key is named;
        `signature_in_words` says it.

    Raises
    ------
    EvidenceError
        If the folder holds no inspection at all.
    """
    trusted = trusted_key(folder, public_key)
    stages = stages_in(folder)
    if not stages:
        raise EvidenceError(f"{folder.name} holds no receipt, so there is nothing to verify.")
    ledger = Ledger(folder / LEDGER)
    receipts, found = _read_receipts(folder, stages)
    gone = destroyed_files(_entries(ledger))
    for stage, receipt in receipts.items():
        found += _outputs_that_differ(folder / stage, receipt, gone.get(stage, {}))
        found += _inputs_that_differ(receipt, receipts)
    found += _files_without_receipt(folder, stages)
    found += _ledger_that_differs(ledger, receipts)
    found += _settings_that_differ(folder, _entries(ledger))
    found += [Difference(LEDGER, sentence) for sentence in head_differences(ledger, trusted)]
    if head:
        found += _print_that_differs(head.strip().lower(), ledger, receipts)
    return sorted(found)


def signature_in_words(folder: Path, *, public_key: Path | None = None) -> str:
    """One sentence on the signature of the ledger's head: whose, up to which line, or that it is unsigned."""
    trusted = trusted_key(folder, public_key)
    return head_in_words(Ledger(folder / LEDGER), trusted)


def settings_in_words(folder: Path) -> str:
    """One sentence on changes of `inspection.toml` that the ledger holds, '' if there was none.

    Whoever may change a declaration edits that file, and the next command notes it. Whoever may not can do the same, so
    the lines are named for a person to look at; they are no difference.
    """
    noted = [(entry.number, entry.about["settings"]) for entry in _entries(Ledger(folder / LEDGER))
             if entry.about.get("settings")]  # fmt: skip
    changed = [number for (_, before), (number, now) in pairwise(noted) if now != before]
    if not changed:
        return ""
    return (
        f"{SETTINGS} was changed after the inspection was made, as the ledger notes at line "
        f"{', '.join(map(str, changed))}. Ask who changed it, and why."
    )


def destroyed(folder: Path) -> list[str]:
    """What was destroyed of an inspection, when and under which rule: one sentence a stage. It is no difference."""
    return in_words(_entries(Ledger(folder / LEDGER)))


def _entries(ledger: Ledger) -> tuple[Entry, ...]:
    """The events of a ledger; none where it cannot be read, which is told elsewhere."""
    try:
        return ledger.entries()
    except EvidenceError:
        return ()


def _read_receipts(folder: Path, stages: list[str]) -> tuple[dict[str, Receipt], list[Difference]]:
    receipts: dict[str, Receipt] = {}
    wrong: list[Difference] = []
    for stage in stages:
        try:
            receipts[stage] = Receipt.from_json((folder / stage / RECEIPT).read_text(encoding="utf-8"))
        except (EvidenceError, UnicodeDecodeError) as error:
            wrong.append(Difference(stage, f"{stage}/{RECEIPT} cannot be trusted: {error}"))
    wrong += [
        Difference(place, f"{place}/{RECEIPT} says that it is the receipt of '{receipt.stage}'.")
        for place, receipt in receipts.items()
        if receipt.stage != place
    ]
    return receipts, wrong


def _outputs_that_differ(room: Path, receipt: Receipt, gone: Mapping[str, Entry]) -> Iterator[Difference]:
    for name, written in receipt.outputs.items():
        place = f"{receipt.stage}/{name}"
        if name in gone:
            if (room / name).is_file():
                yield Difference(receipt.stage, f"{place} is here; the ledger says that it was destroyed.")
            continue
        if not (room / name).is_file():
            yield Difference(receipt.stage, f"{place} is missing; its receipt says that it was written.")
            continue
        try:
            if hash_of(room / name) != written:
                what = "what it says" if name.endswith(".parquet") else "its bytes"
                yield Difference(receipt.stage, f"{place} differs: {what} changed since it was written.")
            elif bytes_differ(room / name):
                yield Difference(receipt.stage, f"{place} differs: its bytes changed since it was sealed.")
        except (pa.ArrowException, OSError, EvidenceError):
            yield Difference(receipt.stage, f"{place} can no longer be read.")
    for name in names_in(room):
        if name != RECEIPT and name not in receipt.outputs:
            yield Difference(receipt.stage, f"{receipt.stage}/{name} is in no receipt: who put it there?")


def _inputs_that_differ(receipt: Receipt, receipts: dict[str, Receipt]) -> Iterator[Difference]:
    given = {f"{stage}/{name}": value for stage, up in receipts.items() for name, value in up.outputs.items()}
    for name, read in receipt.inputs.items():
        if name.startswith(SENT):
            continue
        if name not in given:
            yield Difference(receipt.stage, f"{receipt.stage} read {name}, which is in no receipt.")
        elif given[name] != read:
            yield Difference(
                receipt.stage, f"{receipt.stage} read another {name} than the one that is here: run it again."
            )


def _files_without_receipt(folder: Path, stages: list[str]) -> Iterator[Difference]:
    for name in names_in(folder):
        if name in LOOSE or name.startswith(f"{TRUTH}/") or any(name.startswith(f"{stage}/") for stage in stages):
            continue
        top = name.split("/")[0]
        if left_over(name):
            yield Difference(top, f"{name} is left over from a run that was stopped.")
        else:
            yield Difference(top, f"{name} has no receipt: nothing says where it comes from.")


def _settings_that_differ(folder: Path, entries: tuple[Entry, ...]) -> Iterator[Difference]:
    """What is asked, for what and until when, against the hash that the ledger noted last."""
    noted = [str(entry.about["settings"]) for entry in entries if entry.about.get("settings")]
    if not noted:
        return  # an inspection of published figures, or one that an earlier version made
    if not (folder / SETTINGS).is_file():
        yield Difference(SETTINGS, f"{SETTINGS} is missing: nothing says what was asked, for what and until when.")
    elif file_hash(folder / SETTINGS) != noted[-1]:
        yield Difference(
            SETTINGS,
            f"{SETTINGS} is not the file that the ledger noted last: what is asked, for what or until when was "
            "changed. If you changed it, the next assay run notes it.",
        )


def _print_that_differs(head: str, ledger: Ledger, receipts: dict[str, Receipt]) -> Iterator[Difference]:
    """A seal, or a ledger head, that was printed elsewhere against what lies here."""
    entries = _entries(ledger)
    if head in {entry.hash for entry in entries} or recomputed(head, entries, receipts):
        return
    if head not in {str(entry.about.get("seal")) for entry in entries}:
        yield Difference(LEDGER, f"{LEDGER} does not hold the head {head[:12]}: lines are gone.")
        return
    yield Difference(LEDGER, f"The receipts that lie here do not give the seal {head[:12]}: {_why(head, entries)}")


def _why(seal: str, entries: tuple[Entry, ...]) -> str:
    """What the ledger says of it; an attacker may have written the ledger, so nothing of this makes the seal hold."""
    if last_seal(entries) != seal:
        return (
            f"the ledger says that something was released since, under the seal {last_seal(entries)[:12]}, and what "
            "the earlier seal stands for is no longer here."
        )
    if again := written_since(seal, entries):
        return (
            f"the ledger says that {again[0]} was written again since it was printed. Run the inspection again for a "
            "report of what is here now."
        )
    return "a stage that it covers was changed, with its receipt, since it was printed."


def _ledger_that_differs(ledger: Ledger, receipts: dict[str, Receipt]) -> Iterator[Difference]:
    if not ledger.path.exists():
        yield Difference(LEDGER, f"{LEDGER} is missing: nothing says when the stages were made.")
        return
    breaks = ledger.broken_at()
    yield from (Difference(LEDGER, sentence) for sentence in breaks)
    try:
        entries = ledger.entries()
    except EvidenceError:
        return
    yield from _run_cut_short(entries)
    hashes = {entry.hash for entry in entries} | {str(entry.about.get("seal")) for entry in entries}
    written = {str(e.about.get("stage")): e.about.get("receipt") for e in entries if e.kind in WRITING}
    for stage, receipt in receipts.items():
        if stage not in written:
            yield Difference(stage, f"The ledger does not say that {stage} was ever written.")
        elif written[stage] != receipt.hash:
            yield Difference(stage, f"{stage}/{RECEIPT} is not the receipt that the ledger saw written.")
        told = receipt.settings.get("ledger_head")
        if told and told not in hashes:
            yield Difference(stage, f"{stage} names a ledger head that the ledger does not hold.")
    yield from (
        Difference(stage, f"The ledger says that {stage} was written, but it is not here.")
        for stage in written
        if stage not in receipts
    )


def _run_cut_short(entries: tuple[Entry, ...]) -> Iterator[Difference]:
    """A run that began and never came to its end leaves an inspection that is not whole."""
    ends = (EventKind.RUN_ENDED.key, EventKind.RETIRED.key)
    kinds = [entry.kind for entry in entries if entry.kind in (EventKind.RUN_BEGAN.key, *ends)]
    if kinds and kinds[-1] == EventKind.RUN_BEGAN.key:
        yield Difference(LEDGER, "The last run did not come to its end, so the inspection is not whole: run it again.")
