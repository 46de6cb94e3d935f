"""How is a report handed over so that anyone can check it, without the inspection behind it?

A pack is one zip: the report, its figures, the public receipt, the rules under which they left, the version of the
program and the lock file of the packages it ran on. It holds no ledger, no clock and nothing that has not passed
disclosure, and the same figures give the same bytes. Nothing is packed while a page waits for a named yes, unless that
is asked for, and then the pack says whose page waits. `check_pack` needs the pack alone.
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
from assay.engine.package_lock import lock, not_as_locked
from assay.engine.provenance import EventKind, Ledger, content_hash, in_sentences, newer_than_report, verify
from assay.engine.provenance.folder_lock import LEDGER, one_at_a_time
from assay.engine.provenance.stage_folders import RECEIPT, names_in
from assay.engine.safe_files.archive_limits import TooLarge, Unreadable, members
from assay.errors import EvidenceError, UsageError
from assay.report.release_approvals import WAITING
from assay.sdc import audit, declared_tables, policy
from assay.sdc.released import receipt_hash
from assay.wording import counted, listed
from assay.workflows.release.release_editions import issue

REPORT = "report"
FIGURES = f"{REPORT}/figures"
MANIFEST, PUBLIC, ABOUT, LOCKED = "manifest.json", f"{FIGURES}/public-receipt.json", "about.json", "lock/run.txt"
FIXED = (1980, 1, 1, 0, 0, 0)
"""The date of every file in a pack: the earliest that a zip can hold."""
NO_PACK = "{} is not a pack of this program, or it was cut off."
SWELLS = "{} was not unpacked: it swells beyond any report. Whoever made it made no pack of this program."
RULES = ("tables.toml", "equalities.toml", "record-level.toml", "already-published.toml")


@dataclass(frozen=True)
class Packed:
    """A pack that was written: where it lies, how many files it holds, and the hash of what it says."""

    pack: Path
    files: int
    content: str
    waiting: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {"pack": str(self.pack), "files": self.files, "content": self.content,
                "waiting": list(self.waiting)}  # fmt: skip

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        named = listed(list(self.waiting))
        return [
            *([f"What waits for a named yes is not in it: the pages of {named}."] if named else []),
            f"{self.pack} holds {counted(self.files, 'file')}; the hash of what it says is {self.content}.",
            f"Anyone can check it: assay verify {self.pack}",
        ]


@one_at_a_time
def make_pack(folder: Path, to: Path, *, although_waiting: bool = False) -> Packed:
    """Write the pack of the inspection in `folder`, and keep inside what a later edition must not give away of it.

    Raises EvidenceError if the inspection does not verify, UsageError if it has no report yet, if the report is older
    than a decision, mark, reply or return, or if the page of a force in it waits for a named yes; `although_waiting`:
    those pages stay out, and the pack says so.
    """
    if not (folder / PUBLIC).exists():
        raise UsageError(f"{folder} holds no report yet. Run it first: assay run {folder}")
    _refuse_older(folder)
    if wrong := verify(folder):
        raise EvidenceError(f"{folder} does not verify, so nothing is packed: {wrong[0]} Look: assay verify {folder}")
    held = contents(folder)
    waits = tuple(json.loads(held[ABOUT])["waiting"])
    if waits and not although_waiting:
        raise UsageError(
            f"Nothing is packed while pages wait for a named yes: {listed(list(waits))}. Clear them: assay clear-page "
            f"{folder} FORCE. Or leave them out, and let the pack say so: --although-waiting"
        )
    manifest = {name: hashlib.sha256(content).hexdigest() for name, content in held.items()}
    whole = _zipped({MANIFEST: _as_json(manifest), **held})
    content = hashlib.sha256(_as_json(manifest)).hexdigest()
    issue(folder, content)
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(whole)
    return Packed(to, len(held), content, waits)


def check_pack(pack: Path, *, printed: str = "") -> list[str]:
    """One sentence for each thing that is not as the pack itself says, or that an attacker could work out of it.

    `printed`: a seal, or the hash of the public receipt, as it was printed elsewhere.
    """
    held = opened(pack)
    try:
        manifest, receipt = json.loads(held.pop(MANIFEST)), json.loads(held[PUBLIC])
        return [
            *_files_that_differ(held, manifest),
            *figures_that_differ(held, receipt),
            *_print_that_differs(receipt, printed.strip().lower()),
        ]
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise EvidenceError(NO_PACK.format(pack.name)) from error


def opened(pack: Path) -> dict[str, bytes]:
    """Every file of a pack by name; EvidenceError if it is none, or would fill the memory of whoever unpacks it."""
    try:
        held = members(pack)
    except TooLarge:
        raise EvidenceError(SWELLS.format(pack.name)) from None
    except Unreadable as error:
        raise EvidenceError(NO_PACK.format(pack.name)) from error
    if {MANIFEST, ABOUT, PUBLIC} - set(held):
        raise EvidenceError(NO_PACK.format(pack.name))
    return held


def contents(folder: Path) -> dict[str, bytes]:
    """Everything that a pack of the inspection in `folder` holds, in order of name."""
    room = folder / REPORT
    pages = {f"{REPORT}/{name}": (room / name).read_bytes() for name in names_in(room) if name != RECEIPT}
    rules = {f"method/{name}": files("assay.sdc").joinpath(name).read_bytes() for name in RULES}
    locked = lock()
    about = {
        "program": "assay", "version": assay.__version__, "lock": LOCKED,
        "not_as_locked": not_as_locked(locked.decode()), "waiting": waiting(room),
    }  # fmt: skip
    return dict(sorted({**pages, **rules, LOCKED: locked, ABOUT: _as_json(about)}.items()))


def waiting(room: Path) -> list[str]:
    """The bodies whose page in this report waits for a named yes, by the names of their pages."""
    found = (path.read_text(encoding="utf-8") for path in sorted(room.glob("forces/*.html")))
    return [unescape(text.partition("<h1>")[2].partition("</h1>")[0]) for text in found if WAITING in text]


def _refuse_older(folder: Path) -> None:
    """UsageError if people decided, marked, answered, sent or took back anything since the report was made."""
    entries = Ledger(folder / LEDGER).entries()
    retired = any(entry.kind == EventKind.RETIRED.key for entry in entries)
    again = f"Run it again first: assay run {folder}"
    now = "The inspection is retired, so no later one can be made." if retired else again
    if newer := newer_than_report(entries, taken_back=True):
        raise UsageError(next(in_sentences(newer, f"nothing is packed. {now}")))


def _as_json(told: Any) -> bytes:
    return json.dumps(told, sort_keys=True, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def _zipped(held: Mapping[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as pack:
        for name, content in held.items():
            entry = zipfile.ZipInfo(name, FIXED)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            pack.writestr(entry, content)
    return whole.getvalue()


def _files_that_differ(held: Mapping[str, bytes], listed: Mapping[str, str]) -> Iterator[str]:
    for name, told in listed.items():
        if name not in held:
            yield f"{name} is missing; the manifest lists it."
        elif hashlib.sha256(held[name]).hexdigest() != told:
            yield f"{name} differs: its bytes changed since it was packed."
    yield from (f"{name} is not in the manifest: who put it there?" for name in sorted(set(held) - set(listed)))


def _print_that_differs(receipt: Mapping[str, Any], printed: str) -> Iterator[str]:
    if printed and printed not in (receipt["ledger_head"], receipt["receipt_sha256"]):
        yield f"The pack bears no seal or receipt hash {printed[:12]}: it is not the report that was printed."


def figures_that_differ(held: Mapping[str, bytes], receipt: Mapping[str, Any]) -> Iterator[str]:
    """One sentence for each figure that is not that of the public receipt, or that gives a hidden count away."""
    bare = {name: value for name, value in receipt.items() if name != "receipt_sha256"}
    if receipt_hash(bare) != receipt["receipt_sha256"]:
        yield f"{PUBLIC} differs: it is not the receipt that it says it is."
    tables: dict[str, pa.Table] = {}
    for name, told in receipt["tables"].items():
        table = _table(name, held.get(f"{FIGURES}/{name}.json", b""))
        if table is None or content_hash(table) != told["content"]:
            yield f"{FIGURES}/{name}.json does not hold the figures that its receipt speaks of."
        else:
            tables[name] = table
    yield from map(str, audit(tables, policy(receipt["policy"])))


def _table(name: str, content: bytes) -> pa.Table | None:
    form = declared_tables().get(name)
    try:
        told = json.loads(content)
        names = [column["name"] for column in told["columns"]]
        rows = [dict(zip(names, row, strict=True)) for row in told["rows"]]
        return pa.Table.from_pylist(rows, schema=form.schema) if form else None
    except (ValueError, KeyError, TypeError, pa.ArrowException):
        return None
