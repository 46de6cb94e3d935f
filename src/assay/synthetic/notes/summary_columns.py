"""How are the summaries of a whole force, hundreds of thousands of crimes, made in batches of Arrow columns?

Every sentence of the grammar is written out once; a row takes its parts by number and the parts are joined. What a row
holds follows from the seed, the force, the year and the number of the row alone, so that the truth about the rows can
be made without the texts, and neither depends on the size of a batch.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from assay.errors import UsageError
from assay.synthetic.local_time import last_sunday
from assay.synthetic.notes.counter_random import Counted, Whole, row_numbers
from assay.synthetic.notes.crime_summaries import USUAL, Shares, codes
from assay.synthetic.notes.note_grammar import grammar, sentence

BATCH = 100_000
MOST = 10_000_000  # the reference has seven digits
# Weights of the hour at which a crime is recorded.
HOURS = (2, 1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 10, 10, 10, 10, 11, 11, 10, 9, 8, 7, 5, 3)
SIGN_KINDS = ("sign.weak", "sign.strong", "near.miss")
SENT = pa.schema([
    ("crime_ref", pa.string()), ("offence_code", pa.string()), ("recorded_at", pa.timestamp("us")),
    ("text", pa.string()),
])  # fmt: skip
KNOWN = pa.schema([
    ("crime_ref", pa.string()), ("exploited", pa.bool_()), ("flagged", pa.bool_()), ("signs", pa.int8()),
    ("near_miss", pa.bool_()),
])  # fmt: skip


@dataclass(frozen=True)
class WrittenOut:
    """Every text of some slots, slot by slot and way by way, so that a way is chosen first and then a text of it.

    `first_way` and `ways` are by slot, `start` and `size` by way; the text numbered 0 is empty.
    """

    texts: pa.Array
    first_way: Whole
    ways: Whole
    start: Whole
    size: Whole

    def numbers(self, slots: NDArray[np.int64], chance: Counted, name: str) -> Whole:
        """The number of a text for each row, whose slot has this place."""
        way = self.first_way[slots] + chance.below(f"{name} way", self.ways[slots])
        found: Whole = self.start[way] + chance.below(f"{name} text", self.size[way])
        return found


@lru_cache(maxsize=8)
def written_out(names: tuple[str, ...], before: str = " ", after: str = "") -> WrittenOut:
    """The slots of these names with every text that they can become."""
    ways = [list(grammar()[name].every()) for name in names]
    by_way = [texts for slot in ways for texts in slot]
    size = np.array([len(texts) for texts in by_way], dtype=np.uint64)
    numbers = np.array([len(slot) for slot in ways], dtype=np.uint64)
    flat = ["", *(f"{before}{sentence(text)}{after}" for texts in by_way for text in texts)]
    first = np.cumsum(numbers, dtype=np.uint64) - numbers
    start = np.cumsum(size, dtype=np.uint64) - size + np.uint64(1)
    return WrittenOut(pa.array(flat, pa.string()), first, numbers, start, size)


@dataclass(frozen=True)
class Rows:
    """What is true of the crimes with these numbers."""

    chance: Counted
    shares: Shares
    codes: NDArray[np.int64]  # places in the list of (kind, code)
    exploited: NDArray[np.bool_]
    empty: NDArray[np.bool_]
    signs: NDArray[np.int64]
    near: NDArray[np.bool_]


def summaries_of(
    force: str, year: int, number: int, seed: int, *, shares: Shares = USUAL, batch: int = BATCH
) -> Iterator[pa.RecordBatch]:
    """Summaries of so many crimes of other kinds, recorded by a force (its code) from 1 April of `year` on.

    Columns: crime_ref, offence_code, recorded_at, text. UsageError for a number that cannot be made.
    """
    for rows in _all_rows(force, year, number, seed, shares, batch):
        columns = [_refs(rows, year), _codes(rows), _minutes(rows, year), _texts(rows)]
        yield pa.RecordBatch.from_arrays(columns, schema=SENT)


def truth_of(
    force: str, year: int, number: int, seed: int, *, shares: Shares = USUAL, batch: int = BATCH
) -> Iterator[pa.RecordBatch]:
    """The truth about the same crimes: crime_ref, exploited, flagged, signs (0 to 3) and near_miss."""
    for rows in _all_rows(force, year, number, seed, shares, batch):
        flagged = rows.exploited & rows.chance.happens("flagged", shares.flagged)
        found = [rows.exploited, flagged, rows.signs.astype(np.int8), rows.near]
        yield pa.RecordBatch.from_arrays([_refs(rows, year), *map(pa.array, found)], schema=KNOWN)


def _all_rows(force: str, year: int, number: int, seed: int, shares: Shares, batch: int) -> Iterator[Rows]:
    if not 0 <= number < MOST or batch < 1:
        raise UsageError(f"Summaries are made for 0 to {MOST - 1} crimes of a force and year, in batches of 1 or more.")
    for start in range(0, number, batch):
        counted = Counted(f"{seed}/{force}/{year}", row_numbers(start, min(start + batch, number)))
        yield _rows(counted, shares)


def _rows(chance: Counted, shares: Shares) -> Rows:
    exploited, empty = chance.happens("exploited", shares.exploited), chance.happens("empty", shares.empty)
    signs = np.where(exploited & ~empty, chance.weighted("signs", shares.shown), 0)
    near = ~exploited & ~empty & chance.happens("near miss", shares.near_miss)
    return Rows(chance, shares, chance.weighted("code", list(codes().values())), exploited, empty, signs, near)


def _refs(rows: Rows, year: int) -> pa.Array:
    numbers = pc.cast(pa.array(rows.chance.rows + np.uint64(1)), pa.string())
    return pc.binary_join_element_wise(f"Z{year % 100:02d}", pc.utf8_lpad(numbers, 7, "0"), "")


def _codes(rows: Rows) -> pa.Array:
    return pa.array([code for _, code in codes()], pa.string()).take(pa.array(rows.codes))


def _minutes(rows: Rows, year: int) -> pa.Array:
    """A minute of the year, never 00:00 and never in the hour that spring leaves out."""
    first = dt.date(year, 4, 1)
    day = rows.chance.below("day", (dt.date(year + 1, 4, 1) - first).days)
    minute = rows.chance.weighted("hour", HOURS).astype(np.uint64) * np.uint64(60) + rows.chance.below("minute", 60)
    minute[minute == 0] = 1
    spring = [(sunday - first).days for sunday in (last_sunday(year, 3), last_sunday(year + 1, 3))]
    minute[np.isin(day.astype(np.int64), spring) & (minute >= 60) & (minute < 120)] += np.uint64(60)
    minutes = (day * np.uint64(24 * 60) + minute).astype("timedelta64[m]")
    return pa.array((np.datetime64(first, "m") + minutes).astype("datetime64[us]"))


def _texts(rows: Rows) -> pa.Array:
    """The parts of each row, joined; None where the summary is empty."""
    chance, shares, none = rows.chance, rows.shares, np.zeros(len(rows.codes), dtype=np.int64)
    kinds = tuple(dict.fromkeys(kind for kind, _ in codes()))
    place = np.array([kinds.index(kind) for kind, _ in codes()])[rows.codes]
    stop = written_out(("clock",), " at ", ".")
    signs = written_out(SIGN_KINDS)
    one = np.where(rows.near, 2, (rows.signs >= 2).astype(np.int64))
    parts = [
        _taken(written_out(("summary.opening",), "", ""), none, chance, "opening"),
        pc.if_else(pa.array(chance.happens("has clock", 0.5)), _taken(stop, none, chance, "clock"), "."),
        _taken(written_out(tuple(f"happened.{kind}" for kind in kinds)), place, chance, "happened"),
        _taken(signs, one, chance, "sign", rows.near | (rows.signs > 0)),
        _taken(signs, none, chance, "second sign", rows.signs == 3),
        _taken(written_out(("summary.next",)), none, chance, "next"),
    ]
    if shares.welsh:
        welsh = chance.happens("welsh", shares.welsh)
        parts.insert(3, _taken(written_out(("welsh.sentence",)), none, chance, "welsh sentence", welsh))
    text = pc.binary_join_element_wise(*parts, "")
    text = pc.if_else(pa.array(chance.happens("capitals", shares.capitals)), pc.utf8_upper(text), text)
    return pc.if_else(pa.array(rows.empty), None, text)


def _taken(
    these: WrittenOut, slots: NDArray[np.int64], chance: Counted, name: str, where: NDArray[np.bool_] | None = None
) -> pa.Array:
    """One text a row; the empty text where `where` is false."""
    numbers = these.numbers(slots, chance, name)
    return these.texts.take(pa.array(numbers if where is None else np.where(where, numbers, np.uint64(0))))
