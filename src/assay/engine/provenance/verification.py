"""Verify an inspection folder against its provenance records and its ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pyarrow as pa

from assay.engine.provenance.content_hashes import file_hash
from assay.engine.provenance.destruction import describe_destructions, destroyed_files
from assay.engine.provenance.folder_lock import LEDGER, LOCK
from assay.engine.provenance.ledger import EventKind, Ledger, LedgerEntry
from assay.engine.provenance.ledger_signatures import (
    SIGNED_HEAD,
    describe_ledger_signature,
    find_verification_key,
    signature_errors,
)
from assay.engine.provenance.receipts import RECEIVED_PREFIX, Receipt
from assay.engine.provenance.release_seals import (
    STAGE_EVENTS,
    last_seal,
    seal_can_be_recomputed,
    stages_rewritten_since,
)
from assay.engine.provenance.report_staleness import REPORT, changes_since_report, staleness_sentences
from assay.engine.provenance.stage_folders import (
    RECEIPT,
    is_partial_output,
    list_files,
    list_stages,
    output_hash,
    table_bytes_differ,
)
from assay.errors import EvidenceError

SETTINGS = "inspection.toml"
CODES_KEY = "references.key"
"""File of the key for the codes that stand for references of entries in the ledger; destroyed with the entries."""
PENDING_REFERENCES = "references.sought"
"""File of the references that an interrupted retirement must still search for."""
FILES_WITHOUT_STAGE = (SETTINGS, LEDGER, LOCK, SIGNED_HEAD, CODES_KEY, PENDING_REFERENCES)
"""Files directly in the folder of the inspection, which belong to no stage."""
TRUTH_FOLDER = "truth"
"""Folder with the true values of synthetic data. No stage reads or writes it, so it has no receipt."""
DRAWN_ONCE = "casefiles/samples/"
"""Beginning of the stages that are never made again: files that inspectors read are not drawn anew after a further
run."""
UNKNOWN_INPUT = ", which is in no receipt."
"""End of a sentence on a stage that read a file of a stage without a correct receipt; that stage is the cause."""


@dataclass(frozen=True, order=True)
class Difference:
    """A difference found by verification: where it is, and a sentence that describes it."""

    where: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def verify(folder: Path, *, head: str = "", public_key: Path | None = None) -> list[Difference]:
    """Recompute every hash, sum and link of the inspection in `folder`; an empty list if there are no differences.

    Reads only; changes nothing. Causes come before their consequences: the stages that read a missing stage come last.

    Parameters
    ----------
    head
        The seal from a printed report, or the hash of a ledger line that was noted elsewhere. A seal is recomputed from
        the receipts in the folder; a line must be in the ledger.
    public_key
        File of the trusted public key, outside the folder. Without it the user's own key is taken, if it signed in this
        folder. An unsigned ledger is a difference only if this key is named; `describe_signature` reports it always.

    Raises
    ------
    EvidenceError
        If the folder contains no inspection.
    UsageError
        If the file of the public key is in the folder, or contains no key.
    """
    key = find_verification_key(folder, public_key)
    stages = list_stages(folder)
    if not stages and not (folder / LEDGER).is_file():
        raise EvidenceError(f"{folder.name} holds no receipt and no ledger, so there is nothing to verify.")
    ledger = Ledger(folder / LEDGER)
    receipts, differences = _read_receipts(folder, stages)
    destructions = destroyed_files(_entries(ledger))
    last_written = _last_written(_entries(ledger))
    for stage, receipt in receipts.items():
        differences += _output_errors(folder / stage, receipt, destructions.get(stage, {}))
        differences += _input_errors(receipt, receipts, last_written)
    differences += _files_without_receipt(folder, stages)
    differences += _ledger_errors(ledger, receipts)
    differences += _settings_errors(folder, _entries(ledger))
    differences += [Difference(LEDGER, sentence) for sentence in signature_errors(ledger, key)]
    if head:
        differences += _printed_hash_errors(head.strip().lower(), ledger, receipts)
    return sorted(differences, key=lambda difference: (difference.sentence.endswith(UNKNOWN_INPUT), difference))


def describe_signature(folder: Path, *, public_key: Path | None = None) -> str:
    """Return one sentence on who signed the ledger and up to which line, or that it is not signed.

    `public_key` is as in `verify`.
    """
    return describe_ledger_signature(Ledger(folder / LEDGER), find_verification_key(folder, public_key))


def describe_settings_changes(folder: Path) -> str:
    """Return one sentence on changes of `inspection.toml` that the ledger records; empty if there were none.

    A permitted change is made by editing this file; the next command records its hash. An attacker can do the same, so
    the lines are reported for a person to check. They are not a difference.
    """
    recorded = [(entry.number, entry.about["settings"]) for entry in _entries(Ledger(folder / LEDGER))
                if entry.about.get("settings")]  # fmt: skip
    changed = [number for (_, before), (number, now) in pairwise(recorded) if now != before]
    if not changed:
        return ""
    lines = f"line{'s' if len(changed) > 1 else ''} {', '.join(map(str, changed))}"
    return (
        f"{SETTINGS} was changed after the inspection was created, as the ledger records at {lines}. Ask who changed "
        "it, and why."
    )


def list_destructions(folder: Path) -> list[str]:
    """Return one sentence for each destruction: stage, date and rule. Destructions are not differences."""
    return describe_destructions(_entries(Ledger(folder / LEDGER)))


def _entries(ledger: Ledger) -> tuple[LedgerEntry, ...]:
    """Return the events of a ledger; none if it cannot be read, which `_ledger_errors` reports."""
    try:
        return ledger.entries()
    except EvidenceError:
        return ()


def _read_receipts(folder: Path, stages: list[str]) -> tuple[dict[str, Receipt], list[Difference]]:
    receipts: dict[str, Receipt] = {}
    differences: list[Difference] = []
    for stage in stages:
        try:
            receipts[stage] = Receipt.from_json((folder / stage / RECEIPT).read_text(encoding="utf-8"))
        except (EvidenceError, UnicodeDecodeError) as error:
            differences.append(Difference(stage, f"{stage}/{RECEIPT} cannot be trusted: {error}"))
    differences += [
        Difference(stage_name, f"{stage_name}/{RECEIPT} says that it is the receipt of '{receipt.stage}'.")
        for stage_name, receipt in receipts.items()
        if receipt.stage != stage_name
    ]
    return receipts, differences


def _output_errors(
    stage_folder: Path, receipt: Receipt, destructions: Mapping[str, LedgerEntry]
) -> Iterator[Difference]:
    for name, recorded_hash in receipt.outputs.items():
        location = f"{receipt.stage}/{name}"
        if name in destructions:
            if (stage_folder / name).is_file():
                yield Difference(receipt.stage, f"{location} is here; the ledger says that it was destroyed.")
            continue
        if not (stage_folder / name).is_file():
            yield Difference(receipt.stage, f"{location} is missing; its receipt says that it was written.")
            continue
        try:
            if output_hash(stage_folder / name) != recorded_hash:
                changed_part = "what it says" if name.endswith(".parquet") else "its bytes"
                yield Difference(receipt.stage, f"{location} differs: {changed_part} changed since it was written.")
            elif table_bytes_differ(stage_folder / name):
                yield Difference(receipt.stage, f"{location} differs: its bytes changed since it was sealed.")
        except (pa.ArrowException, OSError, EvidenceError):
            yield Difference(receipt.stage, f"{location} can no longer be read.")
    for name in list_files(stage_folder):
        if name != RECEIPT and name not in receipt.outputs:
            yield Difference(receipt.stage, f"{receipt.stage}/{name} is in no receipt: who put it there?")


def _last_written(entries: tuple[LedgerEntry, ...]) -> dict[str, int]:
    """Return by stage the number of the ledger line at which it was written last."""
    return {str(entry.about["stage"]): entry.number for entry in entries if entry.kind == EventKind.STAGE_WRITTEN.key}


def _input_errors(
    receipt: Receipt, receipts: dict[str, Receipt], last_written: Mapping[str, int]
) -> Iterator[Difference]:
    """Yield the inputs of a stage that are not here as it read them.

    A sample is drawn once. If the ledger shows that an input was written again after the draw, it may differ.
    """
    outputs = {
        f"{stage}/{name}": (stage, value)
        for stage, upstream in receipts.items()
        for name, value in upstream.outputs.items()
    }
    own_line = last_written.get(receipt.stage, 0)
    for name, recorded_hash in receipt.inputs.items():
        if name.startswith(RECEIVED_PREFIX):
            continue
        if name not in outputs:
            yield Difference(receipt.stage, f"{receipt.stage} read {name}{UNKNOWN_INPUT}")
            continue
        source, present_hash = outputs[name]
        may_differ = receipt.stage.startswith(DRAWN_ONCE) and last_written.get(source, 0) > own_line > 0
        if present_hash != recorded_hash and not may_differ:
            yield Difference(
                receipt.stage, f"{receipt.stage} read another {name} than the one that is here: run it again."
            )


def _files_without_receipt(folder: Path, stages: list[str]) -> Iterator[Difference]:
    for name in list_files(folder):
        if (
            name in FILES_WITHOUT_STAGE
            or name.startswith(f"{TRUTH_FOLDER}/")
            or any(name.startswith(f"{stage}/") for stage in stages)
        ):
            continue
        top = name.split("/")[0]
        if is_partial_output(name):
            yield Difference(top, f"{name} is left over from a run that was stopped.")
        else:
            yield Difference(top, f"{name} has no receipt: nothing says where it comes from.")


def _settings_errors(folder: Path, entries: tuple[LedgerEntry, ...]) -> Iterator[Difference]:
    """Compare the file of settings with the hash that the ledger recorded last."""
    recorded = [str(entry.about["settings"]) for entry in entries if entry.about.get("settings")]
    if not recorded:
        return  # an inspection of published figures, or one that an earlier version created
    if not (folder / SETTINGS).is_file():
        yield Difference(
            SETTINGS, f"{SETTINGS} is missing. It says which data are requested, for which purposes and until when."
        )
    elif file_hash(folder / SETTINGS) != recorded[-1]:
        yield Difference(
            SETTINGS,
            f"{SETTINGS} was changed since the ledger last recorded it: the requested data, their purposes or the last "
            "day of use may differ. If you changed it, the next assay inspect run records the change.",
        )


def _printed_hash_errors(printed: str, ledger: Ledger, receipts: dict[str, Receipt]) -> Iterator[Difference]:
    """Compare a release seal from a report, or the noted hash of a ledger line, with the receipts and the ledger."""
    entries = _entries(ledger)
    if printed in {entry.hash for entry in entries} or seal_can_be_recomputed(printed, entries, receipts):
        return
    if printed not in {str(entry.about.get("seal")) for entry in entries}:
        yield Difference(LEDGER, f"{LEDGER} does not hold the head {printed[:12]}: lines are gone.")
        return
    reason = _why_seal_differs(printed, entries)
    yield Difference(LEDGER, f"The receipts in this folder do not give the seal {printed[:12]}: {reason}")


def _why_seal_differs(seal: str, entries: tuple[LedgerEntry, ...]) -> str:
    """Return the likely reason, from the ledger. An attacker may have written the ledger, so no reason excuses it."""
    if last_seal(entries) != seal:
        return (
            f"according to the ledger there was a later release, with the seal {last_seal(entries)[:12]}, and the "
            "stages of the earlier release were replaced."
        )
    if stages := stages_rewritten_since(seal, entries):
        return (
            f"according to the ledger the stage {stages[0]} was written again after the release. For a report of the "
            "present content, run the inspection again."
        )
    return "a stage that the seal covers, and its receipt, were changed after the release."


def _ledger_errors(ledger: Ledger, receipts: dict[str, Receipt]) -> Iterator[Difference]:
    if not ledger.path.exists():
        yield Difference(LEDGER, f"{LEDGER} is missing: nothing says when the stages were made.")
        return
    breaks = ledger.chain_errors()
    yield from (Difference(LEDGER, sentence) for sentence in breaks)
    try:
        entries = ledger.entries()
    except EvidenceError:
        return
    yield from _interrupted_run_errors(entries)
    yield from _stale_report_errors(entries)
    hashes = {entry.hash for entry in entries} | {str(entry.about.get("seal")) for entry in entries}
    written_receipts = {
        str(stage_entry.about.get("stage")): stage_entry.about.get("receipt")
        for stage_entry in entries
        if stage_entry.kind in STAGE_EVENTS
    }
    for stage, receipt in receipts.items():
        if stage not in written_receipts:
            yield Difference(stage, f"The ledger does not say that {stage} was ever written.")
        elif written_receipts[stage] != receipt.hash:
            yield Difference(stage, f"{stage}/{RECEIPT} is not the receipt that the ledger saw written.")
        ledger_head = receipt.settings.get("ledger_head")
        if ledger_head and ledger_head not in hashes:
            yield Difference(stage, f"{stage} names a ledger head that the ledger does not hold.")
    yield from (
        Difference(stage, f"The ledger says that {stage} was written, but it is not here.")
        for stage in written_receipts
        if stage not in receipts
    )


def _stale_report_errors(entries: tuple[LedgerEntry, ...]) -> Iterator[Difference]:
    """Yield a difference for each change since the report; a retired inspection cannot have a new report."""
    retired = any(entry.kind == EventKind.RETIRED.key for entry in entries)
    next_step = "the inspection is retired, and the report stays as it is." if retired else "run it again."
    yield from (
        Difference(REPORT, sentence) for sentence in staleness_sentences(changes_since_report(entries), next_step)
    )


def _interrupted_run_errors(entries: tuple[LedgerEntry, ...]) -> Iterator[Difference]:
    """Yield a difference if the last run did not end, because the inspection is then incomplete."""
    ends = (EventKind.RUN_ENDED.key, EventKind.RETIRED.key)
    kinds = [entry.kind for entry in entries if entry.kind in (EventKind.RUN_BEGAN.key, *ends)]
    if kinds and kinds[-1] == EventKind.RUN_BEGAN.key:
        yield Difference(LEDGER, "The last run did not come to its end, so the inspection is not whole: run it again.")
