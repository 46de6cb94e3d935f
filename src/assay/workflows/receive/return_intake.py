"""Which returns came, what became of each, and where does the letter to its sender lie?

A return is read on its own, so that a bad one never stops the others. What was accepted, what was set aside and the
letter lie in a stage of their own, `returns/<body>/edition_<n>`; what tells who a person is lies apart, in
`identities/<body>/edition_<n>`, and what people wrote in `texts/<body>/edition_<n>`. An earlier edition is kept until
it is withdrawn.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay import contract, engine, feedback, ingest, privacy, reference, text
from assay.contract import separated_columns
from assay.engine.provenance import SENT, EventKind, Receipt, file_hash, one_at_a_time
from assay.engine.stage_runner import Book, Made
from assay.errors import ReturnRefused, SourceError, UsageError
from assay.feedback.data_quality_letter import letter
from assay.feedback.scan_summary import ScanTold
from assay.ingest import return_editions, summary_scan
from assay.ingest.accepted_returns import all_held, letter_before, letter_of, part_of, stage_of
from assay.ingest.accepted_tables import Received
from assay.ingest.column_mapping import read_mapping
from assay.ingest.inspection_folder import COVER as INSPECTION
from assay.ingest.inspection_folder import Inspection, note_declarations, open_inspection, refuse_retired
from assay.ingest.other_senders import COVER as OTHER
from assay.ingest.return_editions import Accepted, place_of
from assay.ingest.return_manifest import FILE as COVER
from assay.ingest.return_manifest import section_of
from assay.ingest.return_prefetch import Ahead, Read, reading_ahead
from assay.ingest.return_validation import cover_of, receive
from assay.ingest.table_permission import is_truth, may_be_kept
from assay.ingest.table_reader import names_told
from assay.privacy import Keys, separated_identifiers
from assay.privacy.bundle_manifest import FILE as MANIFEST
from assay.privacy.bundle_manifest import hashes_of_files
from assay.progress import Progress, silent
from assay.wording import counted
from assay.workflows.receive.bundle_reader import Bundle, is_bundle

RULE = re.compile(r"R\d\d")
VISITS = "visits.csv"
"""A list of whom inspectors visit, which may lie beside returns; `assay plan` takes it in."""


@dataclass(frozen=True)
class Taken:
    """What became of one return."""

    name: str
    body: str
    edition: int
    accepted: int
    set_aside: int
    faults: int
    letter: Path | None
    refusal: str = ""
    tables_refused: tuple[str, ...] = ()
    note: str = ""

    def sentence(self) -> str:
        """The same in a sentence."""
        if self.refusal:
            return f"{self.name}: refused. {self.refusal}"
        counts = f"{counted(self.accepted, 'row')} accepted, {self.set_aside:,} set aside"
        refused = f"; tables refused: {', '.join(self.tables_refused)}" if self.tables_refused else ""
        listed = f"{counted(self.faults, 'fault')} listed"
        note = f". {self.note}" if self.note else ""
        return f"{self.body}, edition {self.edition}: {counts}, {listed}{refused}{note}"


@dataclass(frozen=True)
class TakenIn:
    """What became of every return that was given."""

    folder: Path
    returns: tuple[Taken, ...]

    @property
    def refused(self) -> tuple[Taken, ...]:
        """Those of which nothing was taken in."""
        return tuple(one for one in self.returns if one.refusal)

    @property
    def all_usable(self) -> bool:
        """Whether every return was taken in, and of each at least one row can be used."""
        return all(one.accepted and not one.refusal for one in self.returns)

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        rows = [{**vars(one), "letter": str(one.letter) if one.letter else None} for one in self.returns]
        return {"folder": str(self.folder), "returns": rows}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        taken = [one for one in self.returns if not one.refusal]
        said = [f"Taken in: {len(taken)} of {counted(len(self.returns), 'return')}."]
        said += [f"  {one.sentence()}" for one in (*taken, *self.refused)]
        if any(one.letter for one in taken):
            said.append(f"The letter to each sender lies in {self.folder / 'returns'}, for that sender only.")
        if taken:
            said.append(f"Next: assay run {self.folder}")
            said.append(f"What cannot wait for the run, of every new return: assay urgent find {self.folder} --all")
        return said


@one_at_a_time
def take_in(
    folder: Path,
    given: Sequence[Path],
    *,
    keys: Keys | None = None,
    in_draft: bool = False,
    scan: bool = True,
    today: date | None = None,
    progress: Progress = silent,
) -> TakenIn:
    """Read every return in `given`, which names returns, bundles or folders of them; one refused stops no other.

    `keys` open what is sealed in a bundle; what is past its last day on the day `today` stays sealed. `in_draft`: a
    force tries its own return, so the same edition with other content takes the place of what was read. `scan=False`
    leaves the summaries of full returns unread.
    """
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    note_declarations(inspection)
    for place in given:
        if (place / OTHER).is_file():
            raise UsageError(f"{place} holds voices or documents. Take them in with: assay hear {folder} {place}")
        if is_truth(folder, place):
            raise UsageError(f"{place} is the truth about invented forces, and no return: it is never taken in.")
    found = [place for place in _returns_in(given) if not is_truth(folder, place)]
    links = {place for place in found if place.is_symlink()} - set(given)
    taken = []
    with reading_ahead() as ahead:
        desk = _Desk(inspection, Book(folder), keys, today or date.today(), in_draft, scan, ahead)
        for number, place in enumerate(found, start=1):
            progress(f"Taking in return {number} of {len(found)}", 0, 0)
            if number < len(found) and found[number] not in links:
                _read_ahead(desk, place, found[number])
            taken.append(_take_in(desk, place, place in links))
    return TakenIn(folder, tuple(taken))


def _read_ahead(desk: _Desk, place: Path, after: Path) -> None:
    """Begin to read the return after this one, if it is one that was not read before, of another sender: of the same
    sender it is not known yet which editions are held."""
    if is_bundle(place) or is_bundle(after) or desk.in_draft:
        return
    try:
        now, cover = (cover_of(one, desk.inspection.request) for one in (place, after))
    except SourceError:
        return  # its turn tells why
    read_before = (desk.inspection.folder / stage_of(cover.force_code, cover.edition)).exists()
    if read_before or now.force_code == cover.force_code:
        return
    before = [one.accepted for one in all_held(desk.inspection)]
    desk.ahead.begin(after, lambda: _read(desk, after, _hashes(after), before))


def _read(desk: _Desk, place: Path, hashes: Mapping[str, str], before: Sequence[Accepted]) -> Read:
    inspection = desk.inspection
    declared, today = inspection.declared, desk.today
    received = receive(
        place, inspection.request, accepted_before=before, files=hashes, declared=declared, today=today, scan=desk.scan
    )
    return Read(hashes, received)


def _returns_in(given: Sequence[Path]) -> Iterator[Path]:
    for place in given:
        if not place.is_dir():
            raise UsageError(f"{place} is not a folder. A return is a folder with a {COVER} in it.")
        if (place / OTHER).is_file() or (place / VISITS).is_file():
            continue  # voices, documents or a list of visits beside returns: assay hear and assay plan take them in
        # A self-audit may lie beside a return: the folder of an inspection is none.
        inner = sorted(path for path in place.iterdir() if path.is_dir() and not (path / INSPECTION).is_file())
        if (place / COVER).is_file() or is_bundle(place) or not inner:
            yield place
        else:
            yield from (path for path in inner if path.is_symlink())  # to be refused: a link may lead anywhere
            yield from _returns_in([path for path in inner if not path.is_symlink()])


@dataclass(frozen=True)
class _Desk:
    """Where returns are taken in: the inspection, its book, keys to what is sealed, the day, if it is a trial, if
    summaries are scanned, and what is read ahead."""

    inspection: Inspection
    book: Book
    keys: Keys | None
    today: date
    in_draft: bool
    scan: bool
    ahead: Ahead


@dataclass(frozen=True)
class _Arrived:
    """One return or bundle: whose it is, how it becomes a stage, what of it is kept apart, and what stays sealed."""

    cover: return_editions.Cover
    made: Callable[[], Made]
    part: Callable[[str], Mapping[str, pa.Table]]
    sealed: tuple[str, ...] = ()
    note: str = ""


def _take_in(desk: _Desk, place: Path, is_link: bool) -> Taken:
    try:
        if is_link:
            raise ReturnRefused("A link to a folder is not followed (R01). Name the folder itself, or lay it here.")
        return _accepted(desk, place)
    except SourceError as error:
        rule = RULE.search(str(error))
        name = _sender(desk.inspection, place)
        desk.inspection.ledger.append(EventKind.RETURN_REFUSED, name=name, rule=rule[0] if rule else "R01")
        return Taken(place.name, "", 0, 0, 0, 0, None, str(error))


def _sender(inspection: Inspection, place: Path) -> str:
    """Whose return was refused, as far as it can be known; a folder's own name may hold anything, so it is not told."""
    try:
        code = str(section_of(place).get("force_code", "")) if not is_bundle(place) else ""
    except SourceError:
        code = ""
    unknown = f"not known ({hashlib.sha256(place.name.encode()).hexdigest()[:8]})"
    return code if code in inspection.request.bodies else unknown


def _hashes(place: Path) -> dict[str, str]:
    """The hash of every file, by the names that the contract or a bundle has for it."""
    if is_bundle(place):
        return {MANIFEST: file_hash(place / MANIFEST), **hashes_of_files(place)}
    return {name: file_hash(path) for name, path in sorted(names_told(place, read_mapping(place)).items())}


def _refuse_changed(place: Path, hashes: Mapping[str, str]) -> None:
    """Refuses a return whose files are no longer those whose hashes were taken before they were read."""
    if _hashes(place) != hashes:
        raise ReturnRefused(
            "A file changed while it was read (R01), so nothing of the return was taken in. Let whoever writes there "
            "finish, and take the return in again."
        )


def _accepted(desk: _Desk, place: Path) -> Taken:
    inspection, book = desk.inspection, desk.book
    hashes = _hashes(place)
    before = [one.accepted for one in all_held(inspection)]
    with ExitStack() as until_written:
        arrive = _bundle if is_bundle(place) else _return
        arrived = arrive(desk, place, hashes, before, until_written)
        cover = arrived.cover
        stage = stage_of(cover.force_code, cover.edition)
        receipt = _written(desk, stage, hashes, arrived)
    if stage not in book.kept:
        _note(inspection, cover.force_code, cover.edition, before)
    return Taken(
        name=place.name,
        body=cover.force_code,
        edition=cover.edition,
        accepted=receipt.passed_on,
        set_aside=sum(receipt.set_aside.values()),
        faults=pq.read_metadata(inspection.folder / stage / "faults.parquet").num_rows,
        letter=letter_of(inspection, stage),
        tables_refused=_refused_tables(inspection.folder / stage / "counted.parquet"),
        note=". ".join(filter(None, (arrived.note, _not_scanned(inspection.folder / stage)))),
    )


def _return(
    desk: _Desk, place: Path, hashes: Mapping[str, str], before: Sequence[Accepted], until_written: ExitStack
) -> _Arrived:
    """A return as its sender wrote it: every cell is checked here."""
    inspection = desk.inspection
    cover = cover_of(place, inspection.request)
    if desk.in_draft:
        before = [one for one in before if (one.force_code, one.edition) != (cover.force_code, cover.edition)]
    _refuse_other_way(cover, before, bundle=False)
    place_of(cover, hashes, before)  # an edition that was accepted with other bytes stays as it is
    earlier = letter_before(inspection, cover.force_code, cover.edition, in_draft=desk.in_draft)

    @cache
    def received() -> Received:
        taken_in = desk.ahead.take(place, hashes) or _read(desk, place, hashes, before).received
        until_written.callback(taken_in.close)
        _refuse_changed(place, hashes)
        return taken_in

    def part(name: str) -> Mapping[str, pa.Table]:
        tables = received().tables
        found = (
            separated_identifiers.identities(tables)
            if name == separated_columns.IDENTITIES
            else separated_identifiers.texts(tables)
        )
        return found if may_be_kept(inspection, name, desk.today) else separated_identifiers.no_rows(found)

    name = inspection.request.bodies[cover.force_code].name
    return _Arrived(cover, lambda: _made(received(), earlier, name), part)


def _bundle(
    desk: _Desk, place: Path, hashes: Mapping[str, str], before: Sequence[Accepted], until_written: ExitStack
) -> _Arrived:
    """A bundle: what was checked where it was made."""
    opened = Bundle(place, desk.inspection, desk.keys, desk.today)
    _refuse_other_way(opened.manifest, before, bundle=True)
    place_of(opened.manifest, hashes, before)
    tables = opened.tables()  # before anything is written: a bundle that is refused leaves nothing
    parts = {name: opened.part(name) for name in separated_columns.PARTS if name not in opened.stays_sealed()}

    def made() -> Made:
        _refuse_changed(place, hashes)
        return Made(tables=tables, **_sizes(tables))

    return _Arrived(opened.manifest, made, parts.__getitem__, opened.stays_sealed(), opened.note())


def _refuse_other_way(cover: return_editions.Cover, before: Sequence[Accepted], *, bundle: bool) -> None:
    """Refuses an edition that is held already, and came the other way."""
    for one in before:
        same = (one.force_code, one.edition) == (cover.force_code, cover.edition)
        if same and (MANIFEST in one.files) != bundle:
            raise ReturnRefused(
                f"R02: edition {one.edition} of {one.force_code} is held as a {'full return' if bundle else 'bundle'}. "
                "Withdraw it first (assay withdraw), or send the next edition."
            )


def _written(desk: _Desk, stage: str, hashes: Mapping[str, str], arrived: _Arrived) -> Receipt:
    """Write the three parts of a return, the one that answers questions last: with it the return is there."""
    rests_on: dict[str, Any] = {
        "rooms": (reference, ingest, contract, feedback, privacy, engine, text),
        "inputs": {f"{SENT}{name}": value for name, value in hashes.items()},
        "settings": {"request": desk.inspection.request.to_toml(), **_declared(desk)},
    }
    for name in separated_columns.PARTS:
        if name not in arrived.sealed:
            desk.book.stage(part_of(name, stage), partial(_part, arrived, name), **rests_on)
    return desk.book.stage(stage, arrived.made, **rests_on)


def _declared(desk: _Desk) -> dict[str, str | bool]:
    """What is declared, as far as a row's being taken in depends on it: days may be set later without a new start."""
    declared = desk.inspection.declared
    found: dict[str, str | bool] = {
        f"declared {name}": "not whole" if one.faults() or one.passed(desk.today) else one.window
        for name, one in declared.items()
    }
    return found | {"summaries scanned": desk.scan and summary_scan.may_be_searched(declared, desk.today)}


def _part(arrived: _Arrived, part: str) -> Made:
    tables = arrived.part(part)
    held = {name: tables[name] for name in tables}
    rows = sum(table.num_rows for table in held.values())
    return Made(held, rows, rows)


def _not_scanned(stage: Path) -> str:
    """How many summaries were not read, and why, in a sentence; '' where every one was."""
    return ScanTold(*(pq.read_table(stage / f"{name}.parquet") for name in summary_scan.LEFT)).not_read()


def _refused_tables(path: Path) -> tuple[str, ...]:
    rows = pq.read_table(path).to_pylist()
    return tuple(f"{row['table_name']} ({row['refused_rule']})" for row in rows if row["refused_rule"])


def _note(inspection: Inspection, body: str, edition: int, before: Sequence[Accepted]) -> None:
    inspection.ledger.append(EventKind.RETURN_ACCEPTED, body=body, edition=edition)
    for one in before:
        if one.force_code == body and one.edition < edition:
            inspection.ledger.append(EventKind.RETURN_SUPERSEDED, body=body, edition=one.edition)


def _made(received: Received, earlier: Path | None, name: str) -> Made:
    told = letter(received, earlier, name=name)
    return Made(
        tables=separated_identifiers.kept(received.tables),
        sql=received.statements,
        files={"letter.html": told.html(), "letter.csv": told.csv()},
        **_sizes(received.tables),
    )


def _sizes(tables: Mapping[str, pa.Table]) -> dict[str, Any]:
    """How many records came, how many were accepted, and how many were set aside under which rule."""
    counted = tables["counted"].to_pylist()
    aside = Counter(tables["aside"]["rule"].to_pylist())
    for row in counted:
        if row["refused_rule"]:
            aside[f"{row['refused_rule']}: the table was refused"] += (row["records"] or 0) - (row["accepted"] or 0)
    return {
        "taken": sum(row["records"] or 0 for row in counted),
        "passed_on": sum(row["accepted"] or 0 for row in counted),
        "set_aside": aside,
    }
