"""Reproduce a report from the same returns, compare it with its pack, and verify what a report printed.

The report of a pack is made again in a temporary folder: every stage of the run is made again, and none is cached. Then
each file is compared with that of the pack. A printed hash is compared with the folder.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import assay
from assay.engine.package_lock import read_lock
from assay.engine.provenance import Difference, EventKind, Ledger, read_receipt, verify, without_signing
from assay.engine.provenance.folder_lock import LEDGER, LOCK
from assay.errors import UsageError
from assay.ingest.inspection_folder import SETTINGS_FILE, new_inspection
from assay.linkage.person_assignment import MAIN
from assay.progress import Progress, no_progress
from assay.report.closing_page import ClosingPage
from assay.temporary_folders import temporary_folder
from assay.wording import count_phrase
from assay.workflows.receive.other_sender_intake import receive_evidence
from assay.workflows.receive.request_contract import REQUEST
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.release.report_pack import FIGURES, LOCKED, PUBLIC, REPORT, figure_errors, pack_contents, read_pack
from assay.workflows.run.inspection_pipeline import run_inspection

IDENTICAL, EQUAL_CONTENT, DIFFERS, NOT_MADE, NOT_PACKED = (
    "the same to the byte", "the same in content", "differs", "not made again", "not in the pack",
)  # fmt: skip
REWRITTEN_FILES = (SETTINGS_FILE, LEDGER)
"""Files of an inspection that a run writes to: they are copied, and all others are linked."""
MAX_LINES = 20


@dataclass(frozen=True)
class Reproduction:
    """The verdict on each file of a pack, and differences of program and packages."""

    pack: Path
    files: Mapping[str, str]
    environment_differences: tuple[str, ...]

    @property
    def is_reproduced(self) -> bool:
        """Return True if every file is the same, in bytes or content, and none is missing or additional."""
        return all(verdict in (IDENTICAL, EQUAL_CONTENT) for verdict in self.files.values())

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {
            "pack": str(self.pack),
            "holds": self.is_reproduced,
            "before": list(self.environment_differences),
            "files": dict(self.files),
        }

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        verdicts = list(self.files.values())
        count_lines = [
            f"{count_phrase(verdicts.count(verdict), 'file')}: {verdict}."
            for verdict in dict.fromkeys(sorted(verdicts))
        ]
        difference_lines = [
            f"  - {name}: {verdict}"
            for name, verdict in self.files.items()
            if verdict not in (IDENTICAL, EQUAL_CONTENT)
        ]
        more = (
            [f"  and {len(difference_lines) - MAX_LINES} more (all of them with --json)"]
            if len(difference_lines) > MAX_LINES
            else []
        )
        return [*self.environment_differences, *count_lines, *difference_lines[:MAX_LINES], *more]


def reproduce(
    pack: Path, returns: Path, *, closing_page: ClosingPage | None = None, progress: Progress = no_progress
) -> Reproduction:
    """Make the report of `pack` again from `returns`: an inspection folder, or a folder of returns as they were sent.

    For an inspection every stage of its last run is made again; submissions, ratings and decisions stay. Nothing is
    written into `returns`. The work folder is beside it; only its owner can open it, and it is deleted at the end.

    Parameters
    ----------
    closing_page
        The last page of a report on synthetic forces, made again if the pack has one.

    Raises
    ------
    UsageError
        If `returns` is neither.
    """
    packed_files = read_pack(pack)
    with without_signing(), temporary_folder(returns.resolve().parent, ".reproduce-") as work:
        rebuilt_folder = work / "inspection"
        person_draw = (
            _copy_inspection(returns, rebuilt_folder)
            if (returns / SETTINGS_FILE).is_file()
            else _rebuild_inspection(returns, rebuilt_folder, progress)
        )
        closing = closing_page if closing_page and f"{REPORT}/{closing_page.path}" in packed_files else None
        run_inspection(rebuilt_folder, persons=person_draw, progress=progress, closing_page=closing)
        rebuilt_files = pack_contents(rebuilt_folder)
    return Reproduction(
        pack, _compare_files(packed_files, rebuilt_files), tuple(_environment_differences(packed_files))
    )


def _copy_inspection(returns: Path, rebuilt_folder: Path) -> str:
    """Copy an inspection without the stages of its last run; return the linkage choice of that run."""

    def copy_or_link(source: str, target: str) -> None:
        if Path(source).name in REWRITTEN_FILES:
            shutil.copy2(source, target)
        else:
            Path(target).hardlink_to(source)

    shutil.copytree(returns, rebuilt_folder, copy_function=copy_or_link, ignore=shutil.ignore_patterns(LOCK))
    receipt = read_receipt(rebuilt_folder, "records")
    for stage in _last_run_stages(Ledger(rebuilt_folder / LEDGER)):
        shutil.rmtree(rebuilt_folder / stage, ignore_errors=True)
    return str(receipt.settings.get("persons", MAIN)) if receipt else MAIN


def _last_run_stages(ledger: Ledger) -> set[str]:
    """Return every stage that the last run wrote or cached."""
    stages: set[str] = set()
    inside = False
    for entry in ledger.entries():
        if entry.kind == EventKind.RUN_BEGAN.key:
            stages, inside = set(), True
        elif entry.kind == EventKind.RUN_ENDED.key:
            inside = False
        elif inside and entry.kind in (EventKind.STAGE_WRITTEN.key, EventKind.STAGE_KEPT.key):
            stages.add(str(entry.about["stage"]))
    return stages


def _rebuild_inspection(returns: Path, rebuilt_folder: Path, progress: Progress) -> str:
    if not (returns / REQUEST).is_file() or not (returns / "returns").is_dir():
        raise UsageError(
            f"{returns} is neither the folder of an inspection nor one as it was sent: {REQUEST}, and the returns in "
            "a folder of that name."
        )
    new_inspection(rebuilt_folder, returns / REQUEST)
    receive_returns(rebuilt_folder, [returns / "returns"], progress=progress)
    if (returns / "others").is_dir():
        receive_evidence(rebuilt_folder, [returns / "others"], progress=progress)
    return MAIN


def _environment_differences(packed_files: Mapping[str, bytes]) -> Iterator[str]:
    """Return differences of the program and its packages, before any figure is compared."""
    program_info = json.loads(packed_files["about.json"])
    if program_info["version"] != assay.__version__:
        yield f"The pack was made by version {program_info['version']} of the program; this is {assay.__version__}."
    if packed_files[LOCKED] != read_lock():
        yield "The pack was made with other pinned packages than those of this program."


def _compare_files(packed_files: Mapping[str, bytes], rebuilt_files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the verdict on each file, in order of name."""
    seals = [_seals(json.loads(file_set[PUBLIC])) for file_set in (packed_files, rebuilt_files)]
    return {name: _verdict(packed_files.get(name), rebuilt_files.get(name), *seals)
            for name in sorted({*packed_files, *rebuilt_files}) if name.startswith(f"{REPORT}/")}  # fmt: skip


def _seals(receipt: Mapping[str, Any]) -> tuple[bytes, ...]:
    """Return the hashes on every page that say on what it was made, and nothing of its content."""
    return tuple(str(receipt[name]).encode() for name in ("ledger_head", "receipt_sha256"))


def _verdict(
    packed: bytes | None, rebuilt: bytes | None, packed_seals: tuple[bytes, ...], rebuilt_seals: tuple[bytes, ...]
) -> str:
    if packed is None or rebuilt is None:
        return NOT_MADE if packed else NOT_PACKED
    if packed == rebuilt:
        return IDENTICAL
    return EQUAL_CONTENT if _content_parts(packed, packed_seals) == _content_parts(rebuilt, rebuilt_seals) else DIFFERS


def _content_parts(content: bytes, seals: tuple[bytes, ...]) -> list[tuple[str, bytes]]:
    """Return the content of a file without hashes: of a spreadsheet each part, of another file its bytes."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as parts:
            return [(name, _without_seals(parts.read(name), seals)) for name in sorted(parts.namelist())]
    return [("", _without_seals(content, seals))]


def _without_seals(content: bytes, seals: tuple[bytes, ...]) -> bytes:
    for seal in seals:
        content = content.replace(seal, b"seal")
    return content


# Verify that a folder holds what a report printed: its ledger head hash, or the hash of its public receipt.
#
# The ledger head hash covers everything on which the figures rest, up to the release. The hash of the public receipt,
# printed on the page of receipts, covers the released figures and the ledger head hash: with it both are checked.


def verify_printed(folder: Path, printed: str = "", *, public_key: Path | None = None) -> list[Difference]:
    """Return all differences that `verify` finds, and those from the hash that a report printed."""
    printed_hash = printed.strip().lower()
    receipt = _public_receipt(folder)
    if not printed_hash or receipt.get("receipt_sha256") != printed_hash:
        return verify(folder, head=printed_hash, public_key=public_key)
    try:
        differences = list(_release_differences(folder, receipt))
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        differences = [Difference("report", f"{PUBLIC} cannot be read as a public receipt: it was changed.")]
    return sorted([*verify(folder, head=str(receipt.get("ledger_head", "")), public_key=public_key), *differences])


def _release_differences(folder: Path, receipt: dict[str, Any]) -> Iterator[Difference]:
    tables = receipt["tables"]
    names = [PUBLIC, *(f"{FIGURES}/{name}.json" for name in tables)]
    contents = {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}
    yield from (Difference("report", sentence) for sentence in figure_errors(contents, receipt))
    yield from (Difference("disclosure", sentence) for sentence in _table_differences(folder, tables))


def _table_differences(folder: Path, tables: dict[str, Any]) -> Iterator[str]:
    """Compare the released tables in the inspection with the public receipt."""
    receipt = read_receipt(folder, "disclosure")
    outputs = receipt.outputs if receipt else {}
    for name, table_hashes in tables.items():
        if outputs.get(f"{name}.parquet") != table_hashes.get("content"):
            yield f"disclosure/{name}.parquet is not the table that the public receipt speaks of."


def _public_receipt(folder: Path) -> dict[str, Any]:
    try:
        receipt = json.loads((folder / PUBLIC).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return receipt if isinstance(receipt, dict) else {}
