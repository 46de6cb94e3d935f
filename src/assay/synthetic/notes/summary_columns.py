"""Generate the summaries of a whole force in batches of Arrow columns.

Every sentence of the grammar is expanded once; a row selects its parts by number and joins them. A row depends only on
the seed, the force, the year and its row number, so that the truth can be generated without the texts, and neither
depends on the batch size.
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
from assay.synthetic.notes.crime_summaries import USUAL, Shares, codes
from assay.synthetic.notes.note_grammar import grammar, sentence
from assay.synthetic.random_stream import CounterStream, Integers, row_numbers

BATCH = 100_000
MAX_CRIMES = 10_000_000  # the reference has seven digits
# Weights of the hours at which crimes are recorded.
HOURS = (2, 1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 10, 10, 10, 10, 11, 11, 10, 9, 8, 7, 5, 3)
SIGN_KINDS = ("sign.weak", "sign.strong", "near.miss")
SUMMARY_SCHEMA = pa.schema([
    ("crime_ref", pa.string()), ("offence_code", pa.string()), ("recorded_at", pa.timestamp("us")),
    ("text", pa.string()),
])  # fmt: skip
TRUTH_SCHEMA = pa.schema([
    ("crime_ref", pa.string()), ("exploited", pa.bool_()), ("flagged", pa.bool_()), ("signs", pa.int8()),
    ("near_miss", pa.bool_()),
])  # fmt: skip


@dataclass(frozen=True)
class TextPool:
    """All texts of some slots, by slot and variant; a variant is sampled first, then one of its texts.

    `first_variant` and `variants` are by slot, `start` and `size` by variant; text number 0 is empty.
    """

    texts: pa.Array
    first_variant: Integers
    variants: Integers
    start: Integers
    size: Integers

    def sample(self, slots: NDArray[np.int64], stream: CounterStream, name: str) -> Integers:
        """Return the number of a sampled text for each row, given the slot of the row."""
        variant = self.first_variant[slots] + stream.integers_below(f"{name} way", self.variants[slots])
        found: Integers = self.start[variant] + stream.integers_below(f"{name} text", self.size[variant])
        return found


@lru_cache(maxsize=8)
def text_pool(names: tuple[str, ...], before: str = " ", after: str = "") -> TextPool:
    """Return the text pool of the slots with these names."""
    variants = [list(grammar()[name].all_texts()) for name in names]
    variant_texts = [texts for slot in variants for texts in slot]
    size = np.array([len(texts) for texts in variant_texts], dtype=np.uint64)
    numbers = np.array([len(slot) for slot in variants], dtype=np.uint64)
    flat = ["", *(f"{before}{sentence(text)}{after}" for texts in variant_texts for text in texts)]
    first = np.cumsum(numbers, dtype=np.uint64) - numbers
    start = np.cumsum(size, dtype=np.uint64) - size + np.uint64(1)
    return TextPool(pa.array(flat, pa.string()), first, numbers, start, size)


@dataclass(frozen=True)
class CrimeRows:
    """The truth about the crimes with these row numbers."""

    stream: CounterStream
    shares: Shares
    codes: NDArray[np.int64]  # indices in the list of (kind, code)
    exploited: NDArray[np.bool_]
    empty: NDArray[np.bool_]
    signs: NDArray[np.int64]
    near_miss: NDArray[np.bool_]


def summary_batches(
    force: str, year: int, number: int, seed: int, *, shares: Shares = USUAL, batch: int = BATCH
) -> Iterator[pa.RecordBatch]:
    """Yield batches of `number` crime summaries of one force and the year from 1 April of `year`, not about children.

    Columns: crime_ref, offence_code, recorded_at, text. UsageError for a number that is too large.
    """
    for rows in _all_rows(force, year, number, seed, shares, batch):
        columns = [_refs(rows, year), _codes(rows), _minutes(rows, year), _texts(rows)]
        yield pa.RecordBatch.from_arrays(columns, schema=SUMMARY_SCHEMA)


def truth_batches(
    force: str, year: int, number: int, seed: int, *, shares: Shares = USUAL, batch: int = BATCH
) -> Iterator[pa.RecordBatch]:
    """Yield the truth about the crimes of `summary_batches`: crime_ref, exploited, flagged, signs (0 to 3) and
    near_miss."""
    for rows in _all_rows(force, year, number, seed, shares, batch):
        flagged = rows.exploited & rows.stream.happens("flagged", shares.flagged)
        found = [rows.exploited, flagged, rows.signs.astype(np.int8), rows.near_miss]
        yield pa.RecordBatch.from_arrays([_refs(rows, year), *map(pa.array, found)], schema=TRUTH_SCHEMA)


def _all_rows(force: str, year: int, number: int, seed: int, shares: Shares, batch: int) -> Iterator[CrimeRows]:
    if not 0 <= number < MAX_CRIMES or batch < 1:
        raise UsageError(
            f"Summaries are made for 0 to {MAX_CRIMES - 1} crimes of a force and year, in batches of 1 or more."
        )
    for start in range(0, number, batch):
        stream = CounterStream(f"{seed}/{force}/{year}", row_numbers(start, min(start + batch, number)))
        yield _rows(stream, shares)


def _rows(stream: CounterStream, shares: Shares) -> CrimeRows:
    exploited, empty = stream.happens("exploited", shares.exploited), stream.happens("empty", shares.empty)
    signs = np.where(exploited & ~empty, stream.weighted("signs", shares.sign_strengths), 0)
    near_miss = ~exploited & ~empty & stream.happens("near miss", shares.near_miss)
    return CrimeRows(
        stream, shares, stream.weighted("code", list(codes().values())), exploited, empty, signs, near_miss
    )


def _refs(rows: CrimeRows, year: int) -> pa.Array:
    numbers = pc.cast(pa.array(rows.stream.rows + np.uint64(1)), pa.string())
    return pc.binary_join_element_wise(f"Z{year % 100:02d}", pc.utf8_lpad(numbers, 7, "0"), "")


def _codes(rows: CrimeRows) -> pa.Array:
    return pa.array([code for _, code in codes()], pa.string()).take(pa.array(rows.codes))


def _minutes(rows: CrimeRows, year: int) -> pa.Array:
    """Return random minutes of the year, never 00:00 and never in the hour skipped in spring."""
    first = dt.date(year, 4, 1)
    day = rows.stream.integers_below("day", (dt.date(year + 1, 4, 1) - first).days)
    minute = rows.stream.weighted("hour", HOURS).astype(np.uint64) * np.uint64(60) + rows.stream.integers_below(
        "minute", 60
    )
    minute[minute == 0] = 1
    spring = [(sunday - first).days for sunday in (last_sunday(year, 3), last_sunday(year + 1, 3))]
    minute[np.isin(day.astype(np.int64), spring) & (minute >= 60) & (minute < 120)] += np.uint64(60)
    minutes = (day * np.uint64(24 * 60) + minute).astype("timedelta64[m]")
    return pa.array((np.datetime64(first, "m") + minutes).astype("datetime64[us]"))


def _texts(rows: CrimeRows) -> pa.Array:
    """Join the parts of each row; None where the summary is empty."""
    stream, shares, first_slot = rows.stream, rows.shares, np.zeros(len(rows.codes), dtype=np.int64)
    kinds = tuple(dict.fromkeys(kind for kind, _ in codes()))
    place = np.array([kinds.index(kind) for kind, _ in codes()])[rows.codes]
    stop = text_pool(("clock",), " at ", ".")
    signs = text_pool(SIGN_KINDS)
    sign_kind = np.where(rows.near_miss, 2, (rows.signs >= 2).astype(np.int64))
    parts = [
        _sample_texts(text_pool(("summary.opening",), "", ""), first_slot, stream, "opening"),
        pc.if_else(pa.array(stream.happens("has clock", 0.5)), _sample_texts(stop, first_slot, stream, "clock"), "."),
        _sample_texts(text_pool(tuple(f"happened.{kind}" for kind in kinds)), place, stream, "happened"),
        _sample_texts(signs, sign_kind, stream, "sign", rows.near_miss | (rows.signs > 0)),
        _sample_texts(signs, first_slot, stream, "second sign", rows.signs == 3),
        _sample_texts(text_pool(("summary.next",)), first_slot, stream, "next"),
    ]
    if shares.welsh:
        welsh = stream.happens("welsh", shares.welsh)
        parts.insert(3, _sample_texts(text_pool(("welsh.sentence",)), first_slot, stream, "welsh sentence", welsh))
    text = pc.binary_join_element_wise(*parts, "")
    text = pc.if_else(pa.array(stream.happens("capitals", shares.capitals)), pc.utf8_upper(text), text)
    return pc.if_else(pa.array(rows.empty), None, text)


def _sample_texts(
    pool: TextPool, slots: NDArray[np.int64], stream: CounterStream, name: str, where: NDArray[np.bool_] | None = None
) -> pa.Array:
    """Sample one text for each row; the empty text where `where` is false."""
    numbers = pool.sample(slots, stream, name)
    return pool.texts.take(pa.array(numbers if where is None else np.where(where, numbers, np.uint64(0))))
