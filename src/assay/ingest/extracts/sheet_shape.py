"""Find what one row of a sheet describes: a crime, a person in a crime, a flag, a person, a code, or a total.

The evidence is in the cells: which headings identify a row, which keys lead to a row of another sheet, and which column
says in which role a person took part.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.reference_spelling import folded_reference
from assay.ingest.missing_value_codes import MISSING_VALUE_CODES
from assay.ingest.yes_no_words import EXPORTED_EMPTY_WORDS

CRIME_ROWS = "crime"
PERSON_LINK_ROWS = "person of a crime"
FLAG_ROWS = "flag of a crime"
COMPLETING_ROWS = "step or outcome of a crime"
PERSON_ROWS = "person"
LOOKUP_ROWS = "code of a list"
SUMMARY_ROWS = "summary"
NOTE_ROWS = "notes"
UNKNOWN_ROWS = "unknown"
MAX_LOOKUP_ROWS, MAX_LOOKUP_COLUMNS = 2000, 6
MIN_UNIQUE_SHARE = 0.98
"""Share of the filled cells of a key that are distinct: a join or an error repeats a few."""
MIN_JOIN_SHARE = 0.95
"""Share of the distinct keys of a sheet that must stand in the other sheet."""
MIN_KEYS = 3
SAMPLE_KEYS = 40
_KEY_WORDS = frozenset({
    "id", "ids", "ref", "refs", "reference", "no", "num", "nr", "number", "key", "fk", "pk", "urn", "uid", "guid",
    "code", "sk", "link", "the",
})  # fmt: skip
_NUMBER = r"^-?[\d,]+(\.\d+)?%?$"
_DATE = r"^(\d{4}|\d{1,2})[-/. ](0?[1-9]|[12]\d|3[01]|[A-Za-z]{3,9})[-/. ](\d{4}|\d{1,2})([^\d]|$)"
_CAMEL_CASE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
EXPORTED_EMPTY = EXPORTED_EMPTY_WORDS | frozenset(MISSING_VALUE_CODES) | {""}
"""What an export program, and no person, writes for an empty cell."""
SheetKey = tuple[str, str]


@dataclass(frozen=True)
class SheetColumn:
    """Properties of the cells of one column."""

    sheet: SheetKey
    heading: str
    n_rows: int
    n_filled: int
    distinct: pa.Array

    @property
    def n_distinct(self) -> int:
        """Return the number of distinct filled cells."""
        return len(self.distinct)

    @property
    def is_unique(self) -> bool:
        """Return True if nearly every row has a distinct value."""
        return self.n_filled >= 0.95 * self.n_rows and self.n_distinct >= MIN_UNIQUE_SHARE * max(1, self.n_filled)

    @cached_property
    def is_date(self) -> bool:
        """Return True if most cells begin with a date."""
        return self._share_matching(_DATE) > 0.8

    @cached_property
    def is_number(self) -> bool:
        """Return True if most cells are numbers."""
        return self._share_matching(_NUMBER) > 0.9

    @cached_property
    def is_telling(self) -> bool:
        """Return True if equal cells can hardly be a coincidence, because they are long or mixed."""
        sample = self.distinct.slice(0, 500).to_pylist()
        return bool(sample) and sum(len(text) for text in sample) / len(sample) >= (8 if self.is_number else 6)

    @cached_property
    def folded(self) -> pa.Array:
        """Return the distinct cells as references without case and stray spaces, each once."""
        cells = pl.Series("cell", pl.from_arrow(self.distinct), dtype=pl.String).to_frame()
        folded = cells.select(folded_reference(pl.col("cell")).unique(maintain_order=True).alias("cell"))
        return folded["cell"].to_arrow().cast(pa.string())

    def _share_matching(self, pattern: str) -> float:
        sample = self.distinct.slice(0, 500)
        return float(pc.mean(pc.match_substring_regex(sample, pattern)).as_py() or 0) if len(sample) else 0.0

    @cached_property
    def words(self) -> frozenset[str]:
        """Return the words of the heading, except words that mean a key, such as 'id'."""
        return heading_words(self.heading) - _KEY_WORDS


@dataclass(frozen=True)
class Join:
    """A column of one sheet whose cells are keys of the rows of another sheet."""

    child: SheetColumn
    parent: SheetColumn
    share: float


def heading_words(text: str) -> frozenset[str]:
    """Return the words of a heading or name in lower case, each without a plural s."""
    words = re.findall(r"[a-z0-9]+", _CAMEL_CASE.sub(" ", text).replace("_", " ").casefold())
    return frozenset(word.removesuffix("s") if len(word) > 3 else word for word in words)


def sheet_key(sheet: Sheet) -> SheetKey:
    """Return file and name of a sheet."""
    return (sheet.file, sheet.name)


def sheet_columns(sheet: Sheet) -> dict[str, SheetColumn]:
    """Return the properties of each column of a sheet, by heading."""
    return {name: _column(sheet, name) for name in sheet.cells.column_names}


def _column(sheet: Sheet, name: str) -> SheetColumn:
    counts = pc.value_counts(sheet.cells[name].drop_null())
    words, numbers = counts.field("values"), counts.field("counts")
    is_word = pc.invert(pc.is_in(pc.utf8_lower(words), value_set=pa.array(sorted(EXPORTED_EMPTY), pa.string())))
    n_filled = pc.sum(numbers.filter(is_word)).as_py() or 0
    return SheetColumn(sheet_key(sheet), name, sheet.cells.num_rows, n_filled, words.filter(is_word))


def find_joins(
    child: Iterable[SheetColumn], parent: Iterable[SheetColumn], also_related: Collection[str] = ()
) -> Iterator[Join]:
    """Yield the columns of one sheet whose cells are keys of the rows of another sheet.

    Numbers in sequence stand in every table. So a short key counts only if the headings say that it is the same, or the
    heading names what a row of the other sheet is.

    Parameters
    ----------
    child, parent
        The columns of the sheet with the keys, and of the sheet whose rows they lead to.
    also_related
        Words for what a row of the parent is, such as 'crime'.
    """
    keys = [column for column in parent if column.is_unique and column.n_distinct >= MIN_KEYS and not column.is_date]
    for column in child:
        if column.n_distinct < MIN_KEYS or column.is_date:
            continue
        for key in keys:
            if not (key.is_telling and column.is_telling) and not _is_related(column, key, also_related):
                continue
            share = _contained_share(column, key)
            if share >= MIN_JOIN_SHARE:
                yield Join(column, key, share)


def _is_related(child: SheetColumn, parent: SheetColumn, also_related: Collection[str]) -> bool:
    if heading_words(child.heading) == heading_words(parent.heading):
        return True
    if child.words and child.words == parent.words:
        return True
    row_names = (
        frozenset(also_related) | heading_words(parent.sheet[1]) | heading_words(parent.sheet[0].rpartition(".")[0])
    )
    if not parent.words:
        return bool(child.words & row_names)
    also = frozenset(also_related)
    return bool(child.words) and child.words <= also and parent.words <= also


def _contained_share(child: SheetColumn, parent: SheetColumn) -> float:
    keys, known = _comparable(child, parent)
    if not _share_in(keys.slice(0, SAMPLE_KEYS), known) >= MIN_JOIN_SHARE - 0.1:
        return 0.0
    return _share_in(keys, known)


def _comparable(child: SheetColumn, parent: SheetColumn) -> tuple[pa.Array, pa.Array]:
    """Return the keys of both columns in one case, without stray spaces, unless two keys differ in these alone."""
    if len(parent.folded) < parent.n_distinct:
        return child.distinct, parent.distinct
    return child.folded, parent.folded


def _share_in(keys: pa.Array, known: pa.Array) -> float:
    return float(pc.mean(pc.is_in(keys, value_set=known)).as_py() or 0)


def share_in(child: SheetColumn, parent: SheetColumn) -> float:
    """Return the share of the distinct cells of one column that occur in the other."""
    return _share_in(*_comparable(child, parent)) if child.n_distinct else 0.0


def is_lookup(sheet: Sheet, columns: Mapping[str, SheetColumn]) -> bool:
    """Return True if a sheet is a list of codes with their meaning: short, narrow, without a date, the code unique."""
    if not 2 <= len(columns) <= MAX_LOOKUP_COLUMNS or not 2 <= sheet.cells.num_rows <= MAX_LOOKUP_ROWS:
        return False
    if any(column.is_date for column in columns.values()):
        return False
    return any(column.is_unique for column in columns.values())


NOTE_NAMES = frozenset({
    "cover", "note", "readme", "about", "content", "guidance", "guide", "information", "info", "instruction", "version",
    "metadata", "definition", "glossary", "key", "legend", "introduction", "intro", "caveat", "front", "disclaimer",
})  # fmt: skip
"""Words in the name of a sheet that holds no records, each without a plural s."""
MAX_NOTE_ROWS, MAX_NOTE_COLUMNS, MAX_NAMED_COLUMNS = 60, 2, 6
"""Rows and columns of a sheet of notes; more columns if its name says what it is."""
MAX_HEADING_LENGTH = 40
_NO_HEADING = re.compile(r":$|\d{4}|\d[/.-]\d")
"""A colon at the end, a year or a date: the heading of a column of records has none."""


def is_note_sheet(sheet: Sheet, columns: Mapping[str, SheetColumn]) -> bool:
    """Return True for a cover or a sheet of notes: its name says so, or its first row is no row of headings."""
    filled = [heading for heading, column in columns.items() if column.n_filled]
    if sheet.cells.num_rows > MAX_NOTE_ROWS or len(filled) > MAX_NAMED_COLUMNS:
        return False
    words = heading_words(sheet.name) | {re.sub(r"\W", "", sheet.name.casefold())}
    is_odd = any(len(heading) > MAX_HEADING_LENGTH or _NO_HEADING.search(heading) for heading in filled)
    return bool(words & NOTE_NAMES) or (len(filled) <= MAX_NOTE_COLUMNS and is_odd)


def is_summary(sheet: Sheet, columns: Mapping[str, SheetColumn]) -> bool:
    """Return True if a sheet holds counts: all columns but one or two are numbers, and no row has a reference."""
    filled = [column for column in columns.values() if column.n_filled]
    numbers = [column for column in filled if column.is_number and not _looks_like_key(column)]
    texts = len(filled) - len(numbers)
    return bool(numbers) and texts <= 2 and len(numbers) >= texts and sheet.cells.num_rows <= 500


def _looks_like_key(column: SheetColumn) -> bool:
    return column.is_unique and column.is_telling


def constant_share(sheet: Sheet, key: str, headings: Sequence[str]) -> float:
    """Return the share of the repeated keys within which all these columns have one value; 1.0 if no key repeats."""
    table = sheet.cells.select(list(dict.fromkeys([key, *headings])))
    groups = table.group_by(key).aggregate([([], "count_all"), *((name, "count_distinct") for name in headings)])
    repeated = groups.filter(pc.and_(pc.greater(groups["count_all"], 1), pc.is_valid(groups[key])))
    if not repeated.num_rows or not headings:
        return 1.0
    constant = pc.less_equal(repeated[f"{headings[0]}_count_distinct"], 1)
    for name in headings[1:]:
        constant = pc.and_(constant, pc.less_equal(repeated[f"{name}_count_distinct"], 1))
    return float(pc.mean(constant).as_py() or 0)


DESCRIPTIONS = {
    CRIME_ROWS: "one row for each crime",
    PERSON_LINK_ROWS: "one row for each person of a crime",
    FLAG_ROWS: "one row for each flag or keyword of a crime",
    COMPLETING_ROWS: "several rows for a crime, which complete the crimes of another sheet",
    PERSON_ROWS: "one row for each person, who is joined to crimes by a reference of another sheet",
    LOOKUP_ROWS: "a list of codes or other short list, not used as records",
    NOTE_ROWS: "not read: a sheet of notes",
    SUMMARY_ROWS: "counts and no records, not used",
    UNKNOWN_ROWS: "not recognised, not used",
}
"""The unit of a sheet, as the letter describes it."""
