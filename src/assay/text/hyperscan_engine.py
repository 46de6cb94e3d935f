"""Prefilter of texts with Hyperscan, if it is installed (the extra `fast`).

It scans a column as one block of bytes and selects the same texts as the regular expressions of Polars
(`tests/text/test_engines.py` compares them). The hits within those texts do not depend on it. Whether it is faster
depends on the phrases: compilation takes most of a second, and with any kind of blanks between words it took twice the
time of Polars in `benchmarks/scanning.py`. Measure before choosing it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from assay.errors import UsageError
from assay.text.phrase_finder import MASK

AT_ONCE = 8_000_000
"""Bytes scanned in one call; larger blocks are not faster and need more memory for hits."""


class HyperscanEngine:
    """Prefilter with Hyperscan (see `assay.text.phrase_scanner.Engine`)."""

    def __init__(self, forms: Sequence[str]) -> None:
        hyperscan = _library()
        self._database: Any = hyperscan.Database() if forms else None
        if self._database:
            # Its word boundary knows ASCII only, so forms with other letters are searched without word boundaries.
            bounded = [rf"\b(?:{form})\b" if form.isascii() else f"(?:{form})" for form in forms]
            flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_ALLOWEMPTY
            self._database.compile(
                expressions=[form.encode() for form in bounded],
                ids=list(range(len(forms))),
                elements=len(forms),
                flags=[flags] * len(forms),
            )

    def may_hold(self, texts: pl.Series) -> pl.Series:
        """Return for each text whether a form of a phrase may occur in it (see `Engine`)."""
        matches = np.zeros(len(texts), bool)
        if self._database and len(texts):
            # A separator that is part of no word, so that no phrase crosses two texts.
            column = pa.concat_arrays([(texts + MASK).rechunk().to_arrow().cast(pa.large_string())])
            ends = np.frombuffer(column.buffers()[1], np.int64)[column.offset : column.offset + len(column) + 1]
            for first, after in _blocks(ends):
                matches[self._texts_hit(memoryview(column.buffers()[2]), ends, first, after)] = True
        return pl.Series(matches)

    def _texts_hit(self, data: memoryview, ends: Any, first: int, after: int) -> Any:
        """Return the rows from `first` up to `after` in which a form ends."""
        places: list[int] = []
        block = bytes(data[ends[first] : ends[after]])
        self._database.scan(block, match_event_handler=lambda _id, _from, end, _flags, _context: places.append(end))
        found = np.asarray(places, np.int64) + ends[first]
        return np.unique(np.searchsorted(ends[1:], found, side="left"))


def _blocks(ends: Any) -> list[tuple[int, int]]:
    """Return row ranges (first, after last) of about `AT_ONCE` bytes each."""
    rows = len(ends) - 1
    cuts = np.searchsorted(ends, np.arange(ends[0], ends[-1], AT_ONCE)).tolist()
    edges = sorted({0, rows, *(cut for cut in cuts if 0 < cut < rows)})
    return list(pairwise(edges))


def _library() -> Any:
    try:
        import hyperscan
    except ImportError:
        raise UsageError("Hyperscan is not installed. Add the extra: pip install 'assay[fast]'.") from None
    return hyperscan
