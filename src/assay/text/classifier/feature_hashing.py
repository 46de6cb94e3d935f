"""Feature hashing: the column of each word or letter n-gram, and rows of normalised counts.

The rows are equal to those of scikit-learn's `HashingVectorizer` (counts by 32-bit MurmurHash, each row of length 1) to
the last bit (`tests/text/test_feature_hashing.py`). They are computed several times faster, because each n-gram is
hashed once and all n-grams of many texts are counted at once.
"""

from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import chain
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from scipy import sparse
from sklearn.utils import murmurhash3_32

from assay.text.classifier.tokenisation import WORD, words

BITS = 18
COLUMNS = 1 << BITS
LONGEST_MEMORY = 1_000_000
"""Maximum number of cached n-grams; the cache is then cleared, so that memory does not grow with the texts."""
LETTERS = (3, 5)
Integers = np.ndarray[Any, np.dtype[np.int64]]


def column_of(name: str) -> int:
    """Return the column (hash) of a word or letter n-gram."""
    hashed = murmurhash3_32(name)
    return int(abs(hashed) if hashed != -(1 << 31) else (1 << 31) - 1 - ((1 << BITS) - 1)) % (1 << BITS)


class Columns(dict[str, int]):
    """Cache of the column of each n-gram."""

    def __missing__(self, name: str) -> int:
        if len(self) >= LONGEST_MEMORY:
            self.clear()
        column = self[name] = column_of(name)
        return column


class LettersOfWords(dict[str, Integers]):
    """Cache of the columns of the letter n-grams (three to five) of each word, with a blank at both ends."""

    def __init__(self, columns: Columns) -> None:
        super().__init__()
        self._columns = columns

    def __missing__(self, word: str) -> Integers:
        if len(self) >= LONGEST_MEMORY // 10:
            self.clear()
        found = self[word] = np.array([self._columns[run] for run in _letters(f" {word} ")], np.int64)
        return found

    def rows(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return letter n-gram counts of shape (texts, 2**18)."""
        words_by_text = [text.split() for text in texts]
        names, numbers = _encode(pa.array(chain.from_iterable(words_by_text), pa.string()))
        columns_by_word = [self[name] for name in names]
        begins = _ends(_sizes(columns_by_word))
        # The columns of all words are concatenated; each word of each text takes its range from there.
        sizes = np.diff(begins)[numbers]
        ends = _ends(sizes)
        places = np.repeat(begins[numbers] - ends[:-1], sizes) + np.arange(ends[-1])
        word_columns = np.concatenate([*columns_by_word, np.zeros(0, np.int64)])
        return _rows(np.diff(ends[_ends(_sizes(words_by_text))]), word_columns[places])


def _letters(word: str) -> Iterator[str]:
    for size in range(LETTERS[0], LETTERS[1] + 1):
        yield from (word[start : start + size] for start in range(max(1, len(word) - size + 1)))
        if len(word) <= size:
            return  # a short word counts once


def count_rows(columns: Iterable[Sequence[int]]) -> sparse.csr_matrix:
    """Return the column counts of each text, scaled to length 1, of shape (texts, 2**18)."""
    columns_by_text = list(columns)
    return _rows(_sizes(columns_by_text), np.fromiter(chain.from_iterable(columns_by_text), np.int64))


def _sizes(parts: Sequence[Sized]) -> Integers:
    return np.fromiter(map(len, parts), np.int64, len(parts))


def _ends(sizes: Integers) -> Integers:
    """Return the start of each row, and the end of the last one."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])


def _rows(sizes: Integers, columns: Integers) -> sparse.csr_matrix:
    """Return normalised rows of counts from the concatenated columns of all rows."""
    return _counts(np.repeat(np.arange(len(sizes)), sizes), columns, len(sizes))


def _counts(rows: Integers, columns: Integers, number: int) -> sparse.csr_matrix:
    """Return `number` normalised rows of counts from pairs of row and column in any order.

    The pairs are sorted as integers, so that equal ones are adjacent.
    """
    places = rows << BITS | columns
    places.sort()
    begins = np.ones(len(places), bool)
    np.not_equal(places[1:], places[:-1], out=begins[1:])
    first = np.flatnonzero(begins)
    counts = np.diff(first, append=len(places)).astype(np.float64)
    places = places[first]
    row_numbers = places >> BITS
    lengths = np.sqrt(np.bincount(row_numbers, counts * counts, number))
    values = (counts / lengths[row_numbers]).astype(np.float32), (places & COLUMNS - 1).astype(np.int32)
    return sparse.csr_matrix(
        (*values, _ends(np.bincount(row_numbers, minlength=number)).astype(np.int32)), (number, COLUMNS)
    )


class Runs:
    """Counts word n-grams of one to `longest` words."""

    def __init__(self, columns: Columns, longest: int) -> None:
        self._columns, self._longest = columns, longest

    def text_rows(self, plain_texts: Sequence[str]) -> sparse.csr_matrix:
        """Return n-gram counts of normalised texts, of shape (texts, 2**18)."""
        column = pl.Series(plain_texts, dtype=pl.String)
        found = column.str.extract_all(WORD)
        whole = list(map(str.isascii, plain_texts))
        if not all(whole):  # regular expression engines differ on words beyond ASCII
            word_lists = [None if plainly else words(text) for plainly, text in zip(whole, plain_texts, strict=True)]
            found = found.zip_with(pl.Series(whole), pl.Series(word_lists, dtype=pl.List(pl.String)))
        return self._rows(found.list.len().to_numpy(), found.explode(empty_as_null=False).to_arrow())

    def word_rows(self, found: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Return n-gram counts from the words of each text, of shape (texts, 2**18)."""
        return self._rows(_sizes(found), pa.array(chain.from_iterable(found), pa.string()))

    def _rows(self, sizes: Integers, tokens: pa.Array) -> sparse.csr_matrix:
        names, numbers = _encode(tokens)
        text = np.repeat(np.arange(len(sizes)), sizes)
        runs, run = names, numbers  # distinct n-grams of one size, and the number of the n-gram at each position
        begins = np.arange(len(text))
        columns, texts = [self._columns_of(runs)[run]], [text]
        for size in range(2, self._longest + 1):
            # The last position of all is also the last of its text, and cannot be extended.
            begins = begins[:-1][text[begins[:-1]] == text[begins[:-1] + size - 1]]
            pairs, run_there = _encode(pa.array(run[begins] * len(names) + numbers[begins + size - 1]))
            runs = [f"{runs[pair // len(names)]} {names[pair % len(names)]}" for pair in pairs]
            run = np.zeros(len(text), np.int64)
            run[begins] = run_there
            columns.append(self._columns_of(runs)[run_there])
            texts.append(text[begins])
        return _counts(np.concatenate(texts), np.concatenate(columns), len(sizes))

    def _columns_of(self, runs: Sequence[str]) -> Integers:
        return np.fromiter(map(self._columns.__getitem__, runs), np.int64, len(runs))


def _encode(values: pa.Array) -> tuple[list[Any], Integers]:
    """Return the distinct values, and the index of each value among them."""
    encoded = values.dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy().astype(np.int64)
