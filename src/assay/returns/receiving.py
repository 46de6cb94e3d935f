"""What does a force's return hold, which of its rows can be used, and what is its sender to be told?

Cover, mapping, files, cells, references, times, sense, in that order (return contract, section 10). A bad table refuses
only itself; a bad cover refuses the return. No message and no fault ever holds the content of a cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay.commission import Body, Declarations, Request
from assay.evidence import file_hash
from assay.returns import contract, references, sense, times, windows
from assay.returns.completeness import completeness
from assay.returns.counting import counted
from assay.returns.cover import NOT_ASKED, Cover, TableCover, read_cover
from assay.returns.desk import Desk
from assay.returns.editions import Accepted, place_of
from assay.returns.mapping import Mapped, read_mapping
from assay.returns.reading import Came, files_of, read_table
from assay.returns.received import Received, ReturnTables, Rows, laid_aside, noted, table_of, typed_rows
from assay.returns.unmapped import unmapped
from assay.wording import counted as how_many

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many parts are done, and how many there are."""

LARGE = 50_000_000
"""Bytes from which a return is laid on disk and not in memory."""


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
    threads: int = 2,
    progress: Progress = silent,
) -> Received:
    """Take in the return that lies in a folder; raises ReturnRefused for R01 and R02, and nothing else of the sender's.

    `bodies` are those of the request unless others are given; `files` is the hash of each file sent, by name, if it
    was worked out before; `accepted_before` are the returns that were accepted earlier, of any sender. `declared` is
    what the inspection declared of each table: without one (None) every table is read as if it had been asked for;
    `today` decides which last days have passed.
    """
    cover = cover_of(folder, request, bodies)
    stands = place_of(cover, _hashes(folder) if files is None else files, accepted_before)
    mapped = read_mapping(folder)
    large = sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) > LARGE
    desk = Desk(cover, on_disk=large, threads=threads, memory="1500MB" if large else "1GB")
    try:
        came, strangers = _read(desk, folder, mapped, partial(windows.not_asked, declared, today=today), progress)
        windows.check(desk, request, declared)
        _check(desk, request)
        return _received(desk, came, stands, _remarks(mapped, came, strangers, declared), declared)
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
    references.check(desk)
    times.check(desk)
    sense.check(desk, group_history=request.group_history)
    sense.after(desk)


def _remarks(
    mapped: Mapped, came: Mapping[str, Came], strangers: tuple[str, ...], declared: Declarations | None
) -> tuple[str, ...]:
    told = [*mapped.remarks, *(one.refusal for one in came.values() if one.refusal)]
    if strangers:
        were = "was" if len(strangers) == 1 else "were"
        told.append(f"{how_many(len(strangers), 'other file')} {were} not opened: {', '.join(strangers)}.")
    for one in came.values():
        if one.strangers:
            told.append(
                f"{one.file}: not read, because the contract does not know them: "
                f"{how_many(len(one.strangers), 'column')} ({', '.join(one.strangers)})."
            )
    told += [remark for one in came.values() if (remark := _not_asked(one, declared))]
    return tuple(dict.fromkeys(told))


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


def _received(
    desk: Desk, came: Mapping[str, Came], stands: str, remarks: tuple[str, ...], declared: Declarations | None
) -> Received:
    # The sum is drawn before anything leaves the desk.
    counts = table_of(desk, "counted", counted(desk, came.values()))
    covers = [_cover(desk, came[name], asked=declared is None or name in declared) for name in contract.tables()]
    makers = {name: partial(typed_rows, desk, name, came[name].spread) for name in contract.tables()}
    beside: dict[str, Callable[[], pa.Table]] = {
        "returns": partial(table_of, desk, "returns", _returns(desk.cover)),
        "covers": partial(table_of, desk, "covers", covers),
        "kinds": partial(table_of, desk, "kinds", _kinds(desk, came)),
        "columns": partial(table_of, desk, "columns", _columns(desk, came)),
        "incomplete": partial(table_of, desk, "incomplete", desk.run("from incomplete order by all").to_pylist()),
        "faults": partial(noted, desk, came),
        "aside": partial(laid_aside, desk, came),
        "counted": lambda: counts,
        "unmapped": partial(table_of, desk, "unmapped", unmapped(desk, came)),
        "completeness": partial(table_of, desk, "completeness", completeness(desk, came)),
    }
    return Received(desk.cover, ReturnTables(desk, {**makers, **beside}), stands, remarks, desk.statements, desk.close)


def _returns(cover: Cover) -> Rows:
    names = ("request", "edition", "period_from", "period_to", "history_from", "extracted_at", "spec_version")
    return [{name: getattr(cover, name) for name in names}]


def _cover(desk: Desk, came: Came, *, asked: bool) -> dict[str, Any]:
    """What the cover says of a table, as it is read: a file that is not there was not supplied (R06).

    What was not asked for is not there for that reason alone, whatever its sender says of it.
    """
    said = desk.cover.table(came.table)
    if not asked:
        said = TableCover(came.table, reason=NOT_ASKED, extracted_at=said.extracted_at)
    elif said.supplied != "none" and not came.file:
        said = TableCover(came.table, extracted_at=said.extracted_at)
    names = ("supplied", "reason", "covers_from", "covers_to", "extracted_at", "midnight", "searchable", "system")
    return {
        "table_name": came.table,
        **{name: getattr(said, name) for name in names},
        "complete": None if said.complete is None else said.complete and came.table not in desk.not_complete,
        "hours_spent": said.hours_spent,
        "rows_stated": said.rows,
        "used": desk.supplied(came.table),
    }


def _kinds(desk: Desk, came: Mapping[str, Came]) -> Rows:
    """Every kind of event that a return may hold: whether it was supplied, and whether its absence says anything."""
    sent = set(desk.run("select distinct kind from events")["kind"].to_pylist()) if desk.supplied("events") else set()
    rows = []
    for kind in contract.event_kinds().values():
        if not kind.table:
            continue
        supplied = desk.supplied(kind.table) and kind.column in came[kind.table].columns
        complete = bool(desk.cover.table(kind.table).complete)
        if kind.sent_in_events:
            supplied = supplied and (kind.key in desk.cover.kinds or kind.key in sent)
            complete = desk.cover.kinds.get(kind.key, False)
        complete = complete and kind.table not in desk.not_complete
        rows.append({"kind": kind.key, "supplied": supplied, "complete": supplied and complete})
    return rows


def _columns(desk: Desk, came: Mapping[str, Came]) -> Rows:
    return [
        {
            "table_name": name,
            "column_name": column,
            "in_file": desk.supplied(name) and column in came[name].columns,
            "reason": desk.cover.table(name).columns_not_sent.get(column, ""),
        }
        for name, table in contract.tables().items()
        for column in table.names
    ]
