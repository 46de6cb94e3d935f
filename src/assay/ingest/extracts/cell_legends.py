"""Read the key of a workbook: a small sheet that says what the short words in the cells of other sheets mean.

An analyst writes on the cover 'DKN' beside 'Not known'. A word of such a key is used only in cells that are not
understood otherwise, and only if it has a letter: a number stands for something else in each column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.value_kinds_coded import plain_words

MAX_ROWS, MAX_KEY_LENGTH = 60, 12
MIN_SHARE_OF_KEYS = 0.6
"""Share of the rows of a key whose first cell is as short as a code."""


def words_of_legends(sheets: Sequence[Sheet]) -> dict[str, str]:
    """Return the meaning of each short word, from the sheets that explain them; words with two meanings are left out.

    The words are normalised by `plain_words`.
    """
    meanings: dict[str, set[str]] = {}
    for sheet in sheets:
        for word, meaning in _pairs(sheet):
            meanings.setdefault(plain_words(word), set()).add(meaning)
    return {word: found.pop() for word, found in meanings.items() if len(found) == 1 and any(map(str.isalpha, word))}


def _pairs(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a sheet of two columns, its headings among them; nothing if it is no key."""
    filled = [name for name in sheet.cells.column_names if sheet.cells[name].null_count < sheet.cells.num_rows]
    if len(filled) != 2 or sheet.cells.num_rows > MAX_ROWS:
        return
    rows = [tuple(filled), *zip(*(sheet.cells[name].to_pylist() for name in filled), strict=True)]
    pairs = [(str(word).strip(), str(meaning).strip()) for word, meaning in rows if word and meaning]
    n_keys = sum(len(word) <= MAX_KEY_LENGTH for word, _ in pairs)
    is_unique = len({word for word, _ in pairs}) == len(pairs)
    if is_unique and n_keys >= MIN_SHARE_OF_KEYS * len(pairs):
        yield from _short_words(pairs)


def _short_words(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for word, meaning in pairs:
        if len(word) <= MAX_KEY_LENGTH and any(map(str.isalpha, meaning)):
            yield word, meaning


def meaning_in(legend: Mapping[str, str], text: str) -> str:
    """Return what a legend says a cell means; '' if it says nothing."""
    return legend.get(plain_words(text), "") if legend else ""
