"""What does a force's return hold, which of its rows can be used, and what is its sender to be told?

Cover, mapping, files, cells, references, times, sense, in that order (return contract, section 10). A bad table refuses
only itself; a bad cover refuses the return. No message and no fault ever holds the content of a cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path

import pyarrow as pa

from assay import contract
from assay.engine.provenance import file_hash
from assay.ingest import (
    column_headings,
    cross_field_checks,
    manifest_checks,
    reference_checks,
    request_window_checks,
    summary_scan,
    time_order_checks,
)
from assay.ingest.accepted_tables import Received, ReturnTables, laid_aside, noted, table_of, typed_rows
from assay.ingest.column_completeness import completeness
from assay.ingest.column_mapping import Mapped, read_mapping
from assay.ingest.record_reconciliation import counted
from assay.ingest.return_editions import Accepted, place_of
from assay.ingest.return_manifest import Cover, read_cover
from assay.ingest.staging_store import Desk
from assay.ingest.table_reader import Came, files_of, read_table
from assay.ingest.unmapped_codes import unmapped
from assay.reference import Body, Declarations, Request
from assay.wording import counted as how_many

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many parts are done, and how many there are."""

LARGE = 50_000_000
"""Bytes from which a return is laid on disk and not in memory."""
SMALL = 5_000_000
"""Bytes up to which one thread is quicker than several: each of some 600 statements would tell them what to do."""
LITTLE = 1_000_000
"""Bytes up to which those statements take longer to plan than to run, so that they are run as they are written."""

NAME, LONGEST_NAME = re.compile(r"[^\W\d][\w .,:/()#%&'+-]*"), 60
"""What the heading of a column may be, for it to be told: it begins with a letter, and holds no other signs."""


def silent(what: str, done: int, total: int) -> None:
    """Say nothing of how far the work is."""


def cover_of(folder: Path, request: Request, bodies: Mapping[str, Body] | None = None) -> Cover:
    """The cover of a return; raises ReturnRefused where it does not say what it must (R01)."""
    return read_cover(folder, request, request.bodies if bodies is None else bodies)


def receive(
    folder: Path,
    request: Request,
    *,
    bodies: Mapping[str, Body] | None = None,
    accepted_before: Sequence[Accepted] = (),
    files: Mapping[str, str] | None = None,
    declared: Declarations | None = None,
    today: date | None = None,
    scan: bool = True,
    threads: int = 2,
    progress: Progress = silent,
) -> Received:
    """Take in the return that lies in a folder; raises ReturnRefused for R01 and R02, and nothing else of the sender's.

    `bodies` are those of the request unless others are given; `files` is the hash of each file sent, by name, if it
    was worked out before; `accepted_before` are the returns that were accepted earlier, of any sender. `declared` is
    what the inspection declared of each table: without one (None) every table is read as if it had been asked for;
    `today` decides which last days have passed. `scan=False` leaves summaries unread.
    """
    cover = cover_of(folder, request, bodies)
    stands = place_of(cover, _hashes(folder) if files is None else files, accepted_before)
    mapped = read_mapping(folder)
    size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    large, at_once = size > LARGE, threads if size > SMALL else 1
    memory = "1500MB" if large else "1GB"
    desk = Desk(cover, on_disk=large, threads=at_once, memory=memory, as_written=size <= LITTLE)
    try:
        came, strangers = _read(
            desk, folder, mapped, partial(request_window_checks.not_asked, declared, today=today), progress
        )
        request_window_checks.check(desk, request, declared)
        _check(desk, request)
        why_not = _why_not_scanned(came[summary_scan.SUMMARIES], scan, summary_scan.may_be_searched(declared, today))
        return _received(desk, came, stands, _remarks(mapped, came, strangers, declared), declared, why_not)
    except BaseException:
        desk.close()
        raise


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: file_hash(path) for path in sorted(folder.iterdir()) if path.is_file()}


def _read(
    desk: Desk, folder: Path, mapped: Mapped, why_not: Callable[[str], str], progress: Progress
) -> tuple[dict[str, Came], tuple[str, ...]]:
    files, strangers = files_of(folder, mapped)
    came = {}
    for number, (name, paths) in enumerate(files.items()):
        progress(f"Reading the return of {desk.cover.force_code}", number, len(files))
        came[name] = read_table(desk, name, paths, mapped, why_not(name))
    progress(f"Reading the return of {desk.cover.force_code}", len(files), len(files))
    return came, strangers


def _check(desk: Desk, request: Request) -> None:
    reference_checks.check(desk)
    time_order_checks.check(desk)
    cross_field_checks.check(desk, group_history=request.group_history)
    cross_field_checks.after(desk)


def _remarks(
    mapped: Mapped, came: Mapping[str, Came], strangers: tuple[str, ...], declared: Declarations | None
) -> tuple[str, ...]:
    told = [*mapped.remarks, *(one.refusal for one in came.values() if one.refusal)]
    if strangers:
        were = "was" if len(strangers) == 1 else "were"
        told.append(f"{how_many(len(strangers), 'other file')} {were} not opened: {', '.join(strangers)}.")
    for one in came.values():
        if one.strangers:
            columns = how_many(len(one.strangers), "column")
            told.append(f"{one.file}: not read, because the contract does not know them: {columns}{_named(one)}.")
    told += [remark for one in came.values() for remark in one.remarks]
    told += [remark for one in came.values() if (remark := _not_asked(one, declared))]
    return tuple(dict.fromkeys(told))


def _named(came: Came) -> str:
    """Return the unknown columns of a file, each by name or by position.

    Where one of them cannot be a name, the header line is broken and may hold records, so none is repeated.
    """
    positions = [came.header.index(heading) for heading in came.strangers]
    if all(NAME.fullmatch(heading) and len(heading) <= LONGEST_NAME for heading in came.strangers):
        return f" ({', '.join(column_headings.safe_label(came.header, position) for position in positions)})"
    columns = ", ".join(f"column {position + 1}" for position in positions)
    return f", at least one of which is not a name: check the header line ({columns})"


def _not_asked(came: Came, declared: Declarations | None) -> str:
    """What was sent though nothing reads it: the sender may spare itself the work, and others the risk.

    A table that is declared all the same is read by people.
    """
    table = contract.table(came.table)
    if declared is not None and came.table in declared and not table.asked:
        return ""
    unasked = [column.name for column in table.columns if column.name in came.columns and not column.asked]
    if not unasked:
        return ""
    named = f"{how_many(len(unasked), 'column')} ({', '.join(unasked)})" if table.asked else "the whole table"
    said = "It is not kept; leave it out of the next return."
    return f"{came.file}: not asked for, since nothing reads it: {named}. {said}"


def _why_not_scanned(came: Came, wanted: bool, allowed: bool) -> str:
    """Why summaries are not read, as a key of `scanning.REASONS`; '' if they are."""
    if not allowed:
        return summary_scan.NOT_DECLARED
    if not wanted:
        return summary_scan.LEFT_OUT
    return "" if summary_scan.TEXT in came.columns or not came.file else summary_scan.NOT_SENT


def _received(
    desk: Desk,
    came: Mapping[str, Came],
    stands: str,
    remarks: tuple[str, ...],
    declared: Declarations | None,
    why_not_scanned: str,
) -> Received:
    # The sum is drawn before anything leaves the desk.
    counts = table_of(desk, "counted", counted(desk, came.values()))
    told = _beside(desk, came)
    covers = manifest_checks.covers(told, contract.tables() if declared is None else declared)
    makers = {name: partial(typed_rows, desk, name, came[name].spread) for name in contract.tables()}

    @cache
    def scanned() -> Mapping[str, pa.Table]:
        return summary_scan.scan(makers[summary_scan.SUMMARIES](), why_not_scanned)

    others: dict[str, Callable[[], pa.Table]] = {
        "returns": partial(table_of, desk, "returns", manifest_checks.returns(desk.cover)),
        "covers": partial(table_of, desk, "covers", covers),
        "kinds": partial(table_of, desk, "kinds", manifest_checks.kinds(told)),
        "columns": partial(table_of, desk, "columns", manifest_checks.columns(told)),
        "incomplete": partial(table_of, desk, "incomplete", desk.run("from incomplete order by all").to_pylist()),
        "faults": partial(noted, desk, came),
        "aside": partial(laid_aside, desk, came),
        "counted": lambda: counts,
        "unmapped": partial(table_of, desk, "unmapped", unmapped(desk, came)),
        "completeness": partial(table_of, desk, "completeness", completeness(desk, came)),
        "scanned": lambda: scanned()["scanned"],
        "signs": lambda: scanned()["signs"],
        "forms": partial(table_of, desk, "forms", manifest_checks.forms(desk.cover)),
    }
    return Received(desk.cover, ReturnTables(desk, {**makers, **others}), stands, remarks, desk.statements, desk.close)


def _beside(desk: Desk, came: Mapping[str, Came]) -> manifest_checks.Came:
    """What came, as far as the tables beside a return tell it."""
    kinds = desk.run("select distinct kind from events")["kind"].to_pylist() if desk.supplied("events") else ()
    return manifest_checks.Came(
        cover=desk.cover,
        columns={name: one.columns for name, one in came.items() if one.file},
        supplied=[name for name in came if desk.supplied(name)],
        not_complete=desk.not_complete,
        kinds=kinds,
    )
