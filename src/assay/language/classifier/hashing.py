"""In which of many columns does each run of words or letters count, and how much of a text is it?

The rows are those of scikit-learn's `HashingVectorizer` (counts by a 32-bit MurmurHash, each row of length 1), to the
last bit: `tests/language/test_hashing.py` holds them to that. What makes them several times faster is that a run is
hashed when it is first met, and that all runs of many texts are counted at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from scipy import sparse
from sklearn.utils import murmurhash3_32

from assay.language.classifier.tokens import WORD, words

BITS = 18
LONGEST_MEMORY = 1_000_000
"""So many runs are remembered; then all are forgotten, and memory does not grow with the texts."""
LETTERS = (3, 5)
Whole = np.ndarray[Any, np.dtype[np.int64]]


def column_of(name: str) -> int:
    """The column in which a run counts."""
    hashed = murmurhash3_32(name)
    return int(abs(hashed) if hashed != -(1 << 31) else (1 << 31) - 1 - ((1 << BITS) - 1)) % (1 << BITS)


class Columns(dict[str, int]):
    """The column of each run, worked out when it is first met."""

    def __missing__(self, name: str) -> int:
        if len(self) >= LONGEST_MEMORY:
            self.clear()
        column = self[name] = column_of(name)
        return column


class LettersOfWords(dict[str, list[int]]):
    """The columns of the runs of three to five letters of each word, with a blank at its ends."""

    def __init__(self, columns: Columns) -> None:
        super().__init__()
        self._columns = columns

    def __missing__(self, word: str) -> list[int]:
        if len(self) >= LONGEST_MEMORY // 10:
            self.clear()
        found = self[word] = [self._columns[run] for run in _letters(f" {word} ")]
        return found

    def of(self, text: str) -> list[int]:
        """The columns of a text."""
        return list(chain.from_iterable(map(self.__getitem__, text.split())))


def _letters(word: str) -> Iterator[str]:
    for size in range(LETTERS[0], LETTERS[1] + 1):
        yield from (word[start : start + size] for start in range(max(1, len(word) - size + 1)))
        if len(word) <= size:
            return  # a short word counts once


def counted(columns: Iterable[Sequence[int]]) -> sparse.csr_matrix:
    """The columns of each text as one row of counts, of length 1: (texts, 2**18)."""
    of_texts = list(columns)
    flat = np.fromiter(chain.from_iterable(of_texts), np.int64)
    return _rows(_ends(np.fromiter(map(len, of_texts), np.int64, len(of_texts))), flat)


def _ends(sizes: Whole) -> Whole:
    """Where each row begins, and the last ends."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])


def _rows(ends: Whole, columns: Whole) -> sparse.csr_matrix:
    """Rows of counts, of length 1, from the columns of each row one after the other."""
    shape = (len(ends) - 1, 1 << BITS)
    ones = np.ones(len(columns), np.float32)
    rows = sparse.csr_matrix((ones, columns.astype(np.int32), ends.astype(np.int32)), shape)
    rows.sum_duplicates()
    of_row = np.repeat(np.arange(shape[0]), np.diff(rows.indptr))
    counts = rows.data.astype(np.float64)
    rows.data = (counts / np.sqrt(np.bincount(of_row, counts * counts, shape[0]))[of_row]).astype(np.float32)
    return rows


class Pairs:
    """Runs of one and two words of texts that were made plain."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def rows(self, made: Sequence[str]) -> sparse.csr_matrix:
        """Texts as rows, (texts, 2**18)."""
        column = pl.Series(made, dtype=pl.String)
        found = column.str.extract_all(WORD)
        whole = list(map(str.isascii, made))
        if not all(whole):  # what a word is beyond ASCII, engines of regular expressions do not agree on
            told = [None if plainly else words(text) for plainly, text in zip(whole, made, strict=True)]
            found = found.zip_with(pl.Series(whole), pl.Series(told, dtype=pl.List(pl.String)))
        ends = _ends(found.list.len().to_numpy())
        names, numbers = _numbered(found.explode(empty_as_null=False).to_arrow())
        single = np.fromiter(map(self._columns.__getitem__, names), np.int64, len(names))[numbers]
        text = np.repeat(np.arange(len(made)), np.diff(ends))
        first = np.flatnonzero(text[1:] == text[:-1])
        pairs, numbers = _numbered(pa.array(numbers[first] * len(names) + numbers[first + 1]))
        said = (f"{names[pair // len(names)]} {names[pair % len(names)]}" for pair in pairs)
        double = np.fromiter(map(self._columns.__getitem__, said), np.int64, len(pairs))[numbers]
        # Of each text its words, then its pairs, of which there is one fewer.
        after = _ends(np.maximum(2 * np.diff(ends) - 1, 0))
        flat = np.empty(after[-1], np.int64)
        flat[np.arange(len(text)) + (after[:-1] - ends[:-1])[text]] = single
        flat[first + (after[:-1] - ends[:-1] + np.diff(ends))[text[first]]] = double
        return _rows(after, flat)


def _numbered(values: pa.Array) -> tuple[list[Any], Whole]:
    """Values that differ, and for each value its number among them."""
    told = values.dictionary_encode()
    return told.dictionary.to_pylist(), told.indices.to_numpy().astype(np.int64)
