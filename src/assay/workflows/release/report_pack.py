"""Make a report pack that anyone can verify without the inspection, and check such a pack.

A pack is one zip file: the report, its figures, the public receipt, the disclosure rules, the version of the program
and the lock file of its packages. It holds no ledger, no time of day and nothing without disclosure control, and the
same figures give the same bytes. No pack is made while a page waits for a named clearance, unless that is requested;
the pack then says whose page waits. `check_pack` needs the pack alone.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa

import assay
from assay.engine.package_lock import read_lock, version_mismatches
from assay.engine.provenance import EventKind, Ledger, changes_since_report, content_hash, staleness_sentences, verify
from assay.engine.provenance.folder_lock import LEDGER, with_folder_lock
from assay.engine.provenance.stage_folders import RECEIPT, list_files
from assay.engine.safe_files.archive_limits import TooLarge, Unreadable, read_members
from assay.errors import EvidenceError, UsageError
from assay.report.pdf import Pdfs, pdf_files
from assay.report.release_approvals import AWAITING_APPROVAL_MARK
from assay.sdc import audit, declared_tables, policy
from assay.sdc.released import receipt_hash
from assay.wording import count_phrase, join_words
from assay.workflows.release.release_editions import keep_edition

REPORT = "report"
FIGURES = f"{REPORT}/figures"
MANIFEST, PUBLIC, ABOUT_FILE, LOCKED = "manifest.json", f"{FIGURES}/public-receipt.json", "about.json", "lock/run.txt"
FILE_DATE = (1980, 1, 1, 0, 0, 0)
"""The date of every file in a pack: the earliest that a zip can hold."""
NO_PACK = "{} is not a pack of this program, or it was cut off."
TOO_LARGE = "{} was not unpacked: it swells beyond any report. Whoever made it made no pack of this program."
RULES = ("tables.toml", "equalities.toml", "suppression-policy-records.toml", "suppression-policy-published.toml")


@dataclass(frozen=True)
class PackResult:
    """A pack that was written: its path, its number of files, and the hash of its content."""

    pack: Path
    files: int
    content: str
    waiting: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {"pack": str(self.pack), "files": self.files, "content": self.content,
                "waiting": list(self.waiting)}  # fmt: skip

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        waiting_names = join_words(list(self.waiting))
        return [
            *([f"What waits for a named yes is not in it: the pages of {waiting_names}."] if waiting_names else []),
            f"{self.pack} holds {count_phrase(self.files, 'file')}; the hash of its content is {self.content}.",
            f"Anyone can check it: assay inspect verify {self.pack}",
        ]


@with_folder_lock
def make_pack(folder: Path, pack_path: Path, *, although_waiting: bool = False) -> PackResult:
    """Write the pack of the inspection in `folder`, and store its exact counts to protect later editions.

    Parameters
    ----------
    although_waiting
        Make the pack although pages wait for clearance: those pages stay out, and the pack says so.

    Raises
    ------
    EvidenceError
        If the inspection does not verify.
    UsageError
        If it has no report yet, the report is older than a decision, rating, reply or return, or a page of a force in
        it waits for a named clearance.
    """
    if not (folder / PUBLIC).exists():
        raise UsageError(f"{folder} holds no report yet. Run it first: assay inspect run {folder}")
    _refuse_outdated(folder)
    if differences := verify(folder):
        raise EvidenceError(
            f"{folder} does not verify, so nothing is packed: {differences[0]} Look: assay inspect verify {folder}"
        )
    files_by_name = pack_contents(folder)
    waiting_pages = tuple(json.loads(files_by_name[ABOUT_FILE])["waiting"])
    if waiting_pages and not although_waiting:
        raise UsageError(
            f"Nothing is packed while pages wait for a named yes: {join_words(list(waiting_pages))}. Clear them: "
            f"assay inspect clear-page {folder} FORCE. Or leave them out, and let the pack say so: --although-waiting"
        )
    manifest = {name: hashlib.sha256(content).hexdigest() for name, content in files_by_name.items()}
    zip_bytes = _zipped({MANIFEST: _as_json(manifest), **files_by_name})
    content = hashlib.sha256(_as_json(manifest)).hexdigest()
    keep_edition(folder, content)
    pack_path.parent.mkdir(parents=True, exist_ok=True)
    pack_path.write_bytes(zip_bytes)
    return PackResult(pack_path, len(files_by_name), content, waiting_pages)


def check_pack(pack: Path, *, printed: str = "") -> list[str]:
    """Return one sentence for each difference from the pack's own manifest, and for each disclosure in the pack.

    `printed`: a seal, or the hash of the public receipt, as it was printed elsewhere.
    """
    files_by_name = read_pack(pack)
    try:
        manifest, receipt = json.loads(files_by_name.pop(MANIFEST)), json.loads(files_by_name[PUBLIC])
        return [
            *_file_errors(files_by_name, manifest),
            *figure_errors(files_by_name, receipt),
            *_printed_hash_errors(receipt, printed.strip().lower()),
        ]
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise EvidenceError(NO_PACK.format(pack.name)) from error


def read_pack(pack: Path) -> dict[str, bytes]:
    """Return every file of a pack by name; EvidenceError if it is no pack, or too large when unpacked."""
    try:
        files_by_name = read_members(pack)
    except TooLarge:
        raise EvidenceError(TOO_LARGE.format(pack.name)) from None
    except Unreadable as error:
        raise EvidenceError(NO_PACK.format(pack.name)) from error
    if {MANIFEST, ABOUT_FILE, PUBLIC} - set(files_by_name):
        raise EvidenceError(NO_PACK.format(pack.name))
    return files_by_name


def pack_contents(folder: Path) -> dict[str, bytes]:
    """Return the files of the pack of the inspection in `folder`, by name."""
    report_folder = folder / REPORT
    pages = {
        f"{REPORT}/{name}": (report_folder / name).read_bytes() for name in list_files(report_folder) if name != RECEIPT
    }
    pages |= _missing_pdfs(pages)
    rules = {f"method/{name}": files("assay.sdc").joinpath(name).read_bytes() for name in RULES}
    locked = read_lock()
    program_info = {
        "program": "assay", "version": assay.__version__, "lock": LOCKED,
        "not_as_locked": version_mismatches(locked.decode()), "waiting": pages_waiting(report_folder),
    }  # fmt: skip
    return dict(sorted({**pages, **rules, LOCKED: locked, ABOUT_FILE: _as_json(program_info)}.items()))


def _missing_pdfs(packed: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the PDFs of the report, and the pages with links to them; none if all were set when it was written."""
    pages = [name.removeprefix(f"{REPORT}/") for name in packed if name.endswith(".html")]
    if any(name.startswith(f"{REPORT}/forces/") and name.endswith(".pdf") for name in packed):
        return {}

    def read(path: str) -> str:
        return packed.get(f"{REPORT}/{path}", b"").decode("utf-8")

    return {f"{REPORT}/{name}": content for name, content in pdf_files(pages, read, Pdfs.ALL)}


def pages_waiting(report_folder: Path) -> list[str]:
    """Return the forces whose page in this report is not cleared yet."""
    pages = (path.read_text(encoding="utf-8") for path in sorted(report_folder.glob("forces/*.html")))
    return [
        unescape(text.partition("<h1>")[2].partition("</h1>")[0]) for text in pages if AWAITING_APPROVAL_MARK in text
    ]


def _refuse_outdated(folder: Path) -> None:
    """Raise UsageError if decisions, ratings, answers, returns or withdrawals are newer than the report."""
    entries = Ledger(folder / LEDGER).entries()
    retired = any(entry.kind == EventKind.RETIRED.key for entry in entries)
    rerun_advice = f"Run it again first: assay inspect run {folder}"
    advice = "The inspection is retired, so no later one can be made." if retired else rerun_advice
    if newer_events := changes_since_report(entries, include_withdrawals=True):
        raise UsageError(next(staleness_sentences(newer_events, f"nothing is packed. {advice}")))


def _as_json(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def _zipped(files_by_name: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as pack:
        for name, content in files_by_name.items():
            entry = zipfile.ZipInfo(name, FILE_DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            pack.writestr(entry, content)
    return buffer.getvalue()


def _file_errors(files_by_name: Mapping[str, bytes], listed: Mapping[str, str]) -> Iterator[str]:
    for name, file_hash in listed.items():
        if name not in files_by_name:
            yield f"{name} is missing; the manifest lists it."
        elif hashlib.sha256(files_by_name[name]).hexdigest() != file_hash:
            yield f"{name} differs: its bytes changed since it was packed."
    yield from (
        f"{name} is not in the manifest: who put it there?" for name in sorted(set(files_by_name) - set(listed))
    )


def _printed_hash_errors(receipt: Mapping[str, Any], printed: str) -> Iterator[str]:
    if printed and printed not in (receipt["ledger_head"], receipt["receipt_sha256"]):
        yield f"The pack bears no seal or receipt hash {printed[:12]}: it is not the report that was printed."


def figure_errors(files_by_name: Mapping[str, bytes], receipt: Mapping[str, Any]) -> Iterator[str]:
    """Return one sentence for each figure that differs from the public provenance record or reveals a hidden count."""
    unsigned_receipt = {name: value for name, value in receipt.items() if name != "receipt_sha256"}
    if receipt_hash(unsigned_receipt) != receipt["receipt_sha256"]:
        yield f"{PUBLIC} differs: it is not the receipt that it says it is."
    tables: dict[str, pa.Table] = {}
    for name, table_hashes in receipt["tables"].items():
        table = _table(name, files_by_name.get(f"{FIGURES}/{name}.json", b""))
        if table is None or content_hash(table) != table_hashes["content"]:
            yield f"{FIGURES}/{name}.json does not hold the figures that its receipt speaks of."
        else:
            tables[name] = table
    yield from map(str, audit(tables, policy(receipt["policy"])))


def _table(name: str, content: bytes) -> pa.Table | None:
    declaration = declared_tables().get(name)
    try:
        parsed = json.loads(content)
        names = [column["name"] for column in parsed["columns"]]
        rows = [dict(zip(names, row, strict=True)) for row in parsed["rows"]]
        return pa.Table.from_pylist(rows, schema=declaration.schema) if declaration else None
    except (ValueError, KeyError, TypeError, pa.ArrowException):
        return None
