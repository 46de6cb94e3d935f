"""Translate coded columns with the code lists that come with an extract: sex_id 2 -> Female.

A sheet is used as a code list only if it has a short key beside a column called description, title, label or the like.
A column is translated by a list whose key has the same heading, or that its heading names, and if nearly all of its
cells are keys of the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.sheet_shape import SheetColumn, heading_words, is_lookup, sheet_columns, sheet_key

MIN_SHARE_LISTED = 0.98
MAX_KEY_LENGTH = 12
MIN_ROWS_OF_CODES = 20
"""In so many rows some code occurs twice; a column in which none does holds references."""
_LABEL_WORDS = frozenset({
    "desc", "description", "title", "label", "name", "meaning", "text", "wording", "explanation", "literal", "value",
    "long", "full",
})  # fmt: skip
_KEY_WORDS = frozenset({"id", "code", "cd", "key", "no", "number", "num", "ref", "value", "short"})
_LIST_WORDS = frozenset(
    {"lk", "lkp", "lkup", "lookup", "list", "ref", "code", "dim", "tbl", "table", "lu", "reference"}
)


@dataclass(frozen=True)
class CodeList:
    """A list of codes: its key and the columns that say what each key means."""

    sheet: Sheet
    key: SheetColumn
    labels: tuple[str, ...]

    @property
    def subject(self) -> frozenset[str]:
        """Return the words that say what the codes of the list are about."""
        name = heading_words(self.sheet.name or self.sheet.file.rpartition(".")[0])
        return (heading_words(self.key.heading) | name) - _KEY_WORDS - _LIST_WORDS - _LABEL_WORDS

    def meanings(self, label: str) -> dict[str, str]:
        """Return the meaning of each key."""
        pairs = zip(*(self.sheet.cells[name].to_pylist() for name in (self.key.heading, label)), strict=True)
        return {key: meaning for key, meaning in pairs if key is not None and meaning is not None}


@dataclass(frozen=True)
class CodeTranslation:
    """A coded column of a sheet, and the code list that decodes it."""

    heading: str
    codes: CodeList


def code_lists(sheets: Sequence[Sheet]) -> list[CodeList]:
    """Return the code lists among the sheets."""
    return [found for sheet in sheets for found in _lists_in(sheet)]


def _lists_in(sheet: Sheet) -> Iterator[CodeList]:
    columns = sheet_columns(sheet)
    if not is_lookup(sheet, columns):
        return
    full = [column for column in columns.values() if column.n_filled == column.n_rows]
    labels = [column.heading for column in full if heading_words(column.heading) & _LABEL_WORDS]
    labels = labels or _labels_of_keys(full)
    keys = [column for column in full if column.is_unique and column.heading not in labels and _is_short(column)]
    if not labels or not keys:
        return
    key = next((column for column in keys if heading_words(column.heading) & _KEY_WORDS), keys[0])
    other_headings = [column.heading for column in full if column.heading not in (key.heading, *labels)]
    yield CodeList(sheet, key, (*labels, *other_headings))


def _labels_of_keys(columns: Sequence[SheetColumn]) -> list[str]:
    """Return the column of words beside its own key: Role beside RoleID.

    The key adds nothing but a word for a key to the heading of its words. Numbers are no meaning of a code.
    """
    return [
        column.heading
        for column in columns
        if not column.is_number and any(_is_key_of(key.heading, column.heading) for key in columns)
    ]


def _is_key_of(key: str, heading: str) -> bool:
    key_words, words = heading_words(key), heading_words(heading)
    return bool(words) and words < key_words and key_words - words <= _KEY_WORDS


def _is_short(column: SheetColumn) -> bool:
    return max(len(text) for text in column.distinct.to_pylist()) <= MAX_KEY_LENGTH


def find_translations(
    sheet: Sheet, columns: Mapping[str, SheetColumn], lists: Sequence[CodeList]
) -> list[CodeTranslation]:
    """Return the coded columns of a sheet that a code list can decode, each with the best-matching code list."""
    found = []
    for heading, column in columns.items():
        fitting = [codes for codes in lists if codes.sheet is not sheet and _translates(codes, column)]
        if fitting:
            found.append(CodeTranslation(heading, max(fitting, key=lambda codes: _closeness(codes, column))))
    return found


def _translates(codes: CodeList, column: SheetColumn) -> bool:
    if not column.n_distinct or column.is_date or not _closeness(codes, column):
        return False
    if column.is_unique and column.n_filled >= MIN_ROWS_OF_CODES:
        # A sheet with one person for each crime looks like a list whose key is the crime number.
        return False
    return float(pc.mean(pc.is_in(column.distinct, value_set=codes.key.distinct)).as_py() or 0) >= MIN_SHARE_LISTED


def _closeness(codes: CodeList, column: SheetColumn) -> int:
    """Return how well the heading of a column names a list: 100 for the same heading, else the words they share."""
    words, listed = heading_words(column.heading), heading_words(codes.key.heading)
    if words == listed and words - _KEY_WORDS:
        return 100
    shared = sum(_names(word, other) for word in words - _KEY_WORDS for other in codes.subject)
    return 2 * shared + int(bool(words & listed & _KEY_WORDS)) if shared else 0


def _names(word: str, other: str) -> bool:
    """Return True for equal words, and for one that shortens the other: eth, ethnicity."""
    return word == other or (min(len(word), len(other)) >= 3 and (word.startswith(other) or other.startswith(word)))


def translated_sheets(sheet: Sheet, translations: Sequence[CodeTranslation]) -> Iterator[Sheet]:
    """Yield copies of the sheet with codes replaced by meanings, once for each column of meanings."""
    for place in range(max((len(translation.codes.labels) for translation in translations), default=0)):
        cells = sheet.cells
        for translation in translations:
            if place < len(translation.codes.labels):
                cells = _with_meanings(
                    cells, translation.heading, translation.codes.meanings(translation.codes.labels[place])
                )
        yield Sheet(sheet.file, sheet.name, cells, sheet.lines, sheet.set_aside)


def _with_meanings(cells: pa.Table, heading: str, meanings: Mapping[str, str]) -> pa.Table:
    keys = pa.array(list(meanings), pa.string())
    translated = pa.array(list(meanings.values()), pa.string()).take(
        pc.index_in(cells[heading].combine_chunks(), value_set=keys)
    )
    return cells.set_column(cells.column_names.index(heading), heading, translated)


def values_of_codes(translation: CodeTranslation, label: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return the contract value of each code, given the contract value of each meaning in the code list."""
    meanings = translation.codes.meanings(label)
    return {code: values[meaning] for code, meaning in meanings.items() if meaning in values}


def is_code_list(sheet: Sheet, lists: Sequence[CodeList]) -> bool:
    """Return True if the sheet is one of the code lists."""
    return any(sheet_key(codes.sheet) == sheet_key(sheet) for codes in lists)
