"""Dictionary-encode a column, so that each validation rule is applied once to each distinct text.

The rows get the result of a rule by their codes: a column of a million dates has a few hundred distinct texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]
RuleNumbers = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int64]
Branch = tuple[Mask, int]
"""Where a rule is broken, and its number."""


@dataclass(frozen=True)
class DistinctTexts:
    """The distinct texts of a column, and for each row the index of its text; null where the cell is empty."""

    texts: pa.Array
    codes: pa.Array

    @property
    def is_empty(self) -> Mask:
        """Return a mask of the rows whose cell is empty."""
        return as_mask(self.codes.is_null())

    def by_row(self, numbers: RuleNumbers, empty: int) -> RuleNumbers:
        """Return one rule number for each row from those of the distinct texts; `empty` for rows without a text."""
        return np.append(numbers, np.uint8(empty))[self.codes_or(len(numbers))]

    def codes_or(self, empty: int) -> Codes:
        """Return the index of each row's distinct text; rows without a text have the index `empty`."""
        codes: Codes = pc.fill_null(self.codes, empty).to_numpy().astype(np.int64)
        return codes

    def mask_by_row(self, mask: Mask) -> Mask:
        """Return, for each row, whether its text is marked in a mask over the distinct texts."""
        return self.by_row(mask.astype(np.uint8), 0).astype(bool)

    def values_by_row(self, values: pa.Array) -> pa.Array:
        """Return one value for each row from those of the distinct texts; texts stay dictionary-encoded."""
        if pa.types.is_string(values.type):
            return pa.DictionaryArray.from_arrays(self.codes, values)
        return values.take(self.codes)


def distinct_texts(cells: pa.ChunkedArray) -> DistinctTexts:
    """Encode a column as its distinct texts, with the index of each row's text."""
    encoded = cells.cast(pa.string()).combine_chunks().dictionary_encode()
    return DistinctTexts(encoded.dictionary, encoded.indices)


def first_rule(branches: Sequence[Branch], n_texts: int) -> RuleNumbers:
    """Return the number of the first rule that each text breaks, or 0."""
    numbers = np.zeros(n_texts, np.uint8)
    for mask, number in reversed(branches):
        numbers[mask] = number
    return numbers


def as_mask(values: pa.Array) -> Mask:
    """Return truth values as a NumPy mask; null becomes False."""
    mask: Mask = pc.fill_null(values, False).to_numpy(zero_copy_only=False)
    return mask


def matches(texts: pa.Array, pattern: str) -> Mask:
    """Return a mask of the texts that match a pattern as a whole."""
    return has_match(texts, rf"\A(?:{pattern})\z")


def has_match(texts: pa.Array, pattern: str) -> Mask:
    """Return a mask of the texts that contain a match of a pattern."""
    return as_mask(pc.match_substring_regex(texts, pattern))


def is_one_of(texts: pa.Array, values: Iterable[str]) -> Mask:
    """Return a mask of the texts that equal one of the values."""
    return as_mask(pc.is_in(texts, pa.array(list(values), pa.string())))


def only_where(mask: Mask, values: pa.Array) -> pa.Array:
    """Return the values where the mask is true, and null elsewhere."""
    return values if mask.all() else pc.if_else(pa.array(mask), values, pa.scalar(None, values.type))
