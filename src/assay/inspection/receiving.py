"""Which returns came, what became of each, and where does the letter to its sender lie?

A return is read on its own, so that a bad one never stops the others. What was accepted, what was set aside and the
letter lie in a stage of their own, `returns/<body>/edition_<n>`; an earlier edition is kept until it is withdrawn.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from assay import commission, engine, returns
from assay.errors import SourceError, UsageError
from assay.evidence import SENT, EventKind, file_hash
from assay.inspection.book import Book, Made
from assay.inspection.folder import Inspection, open_inspection
from assay.inspection.held import all_held, letter_before, stage_of
from assay.progress import Progress, silent
from assay.returns.cover import FILE as COVER
from assay.returns.editions import Accepted, place_of
from assay.returns.letter import letter
from assay.returns.received import Received
from assay.returns.receiving import cover_of, receive
from assay.wording import counted

RULE = re.compile(r"R\d\d")


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

    def sentence(self) -> str:
        """The same in a sentence."""
        if self.refusal:
            return f"{self.name}: refused. {self.refusal}"
        counts = f"{counted(self.accepted, 'row')} accepted, {self.set_aside:,} set aside"
        refused = f"; tables refused: {', '.join(self.tables_refused)}" if self.tables_refused else ""
        listed = f"{counted(self.faults, 'fault')} listed"
        return f"{self.body}, edition {self.edition}: {counts}, {listed}{refused}"


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
        if taken:
            said.append(f"The letter to each sender lies in {self.folder / 'returns'}, for that sender only.")
            said.append(f"Next: assay run {self.folder}")
        return said


def take_in(folder: Path, given: Sequence[Path], *, progress: Progress = silent) -> TakenIn:
    """Read every return in `given`, which names returns or folders of returns; one that is refused stops no other."""
    inspection = open_inspection(folder)
    found = list(_returns_in(given))
    book = Book(folder)
    taken = []
    for number, place in enumerate(found, start=1):
        progress(f"Taking in return {number} of {len(found)}", 0, 0)
        taken.append(_take_in(inspection, book, place))
    return TakenIn(folder, tuple(taken))


def _returns_in(given: Sequence[Path]) -> Iterator[Path]:
    for place in given:
        if not place.is_dir():
            raise UsageError(f"{place} is not a folder. A return is a folder with a {COVER} in it.")
        inner = sorted(path for path in place.iterdir() if path.is_dir())
        if (place / COVER).is_file() or not inner:
            yield place
        else:
            yield from _returns_in(inner)


def _take_in(inspection: Inspection, book: Book, place: Path) -> Taken:
    try:
        return _accepted(inspection, book, place)
    except SourceError as error:
        rule = RULE.search(str(error))
        inspection.ledger.append(EventKind.RETURN_REFUSED, name=place.name, rule=rule[0] if rule else "R01")
        return Taken(place.name, "", 0, 0, 0, 0, None, str(error))


def _accepted(inspection: Inspection, book: Book, place: Path) -> Taken:
    cover = cover_of(place, inspection.request)
    hashes = {path.name: file_hash(path) for path in sorted(place.iterdir()) if path.is_file()}
    before = [one.accepted for one in all_held(inspection)]
    place_of(cover, hashes, before)  # an edition that was accepted with other bytes stays as it is
    stage = stage_of(cover.force_code, cover.edition)
    earlier = letter_before(inspection, cover.force_code, cover.edition)

    sent = {f"{SENT}{name}": value for name, value in hashes.items()}
    with ExitStack() as until_written:

        def make() -> Made:
            received = receive(place, inspection.request, accepted_before=before, files=hashes)
            until_written.callback(received.close)
            return _made(received, earlier, inspection.request.bodies[cover.force_code].name)

        asked = {"request": inspection.request.to_toml()}
        receipt = book.stage(stage, make, rooms=(commission, returns, engine), inputs=sent, settings=asked)
    if stage not in book.kept:
        _note(inspection, cover.force_code, cover.edition, before)
    return Taken(
        name=place.name,
        body=cover.force_code,
        edition=cover.edition,
        accepted=receipt.passed_on,
        set_aside=sum(receipt.set_aside.values()),
        faults=pq.read_metadata(inspection.folder / stage / "faults.parquet").num_rows,
        letter=inspection.folder / stage / "letter.html",
        tables_refused=_refused_tables(inspection.folder / stage / "counted.parquet"),
    )


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
    counted = received.tables["counted"].to_pylist()
    aside = Counter(received.tables["aside"]["rule"].to_pylist())
    for row in counted:
        if row["refused_rule"]:
            aside[f"{row['refused_rule']}: the table was refused"] += (row["records"] or 0) - (row["accepted"] or 0)
    return Made(
        tables=received.tables,
        taken=sum(row["records"] or 0 for row in counted),
        passed_on=sum(row["accepted"] or 0 for row in counted),
        set_aside=aside,
        sql=received.statements,
        files={"letter.html": told.html(), "letter.csv": told.csv()},
    )
