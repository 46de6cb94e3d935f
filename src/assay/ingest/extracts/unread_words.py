"""Which words of coded columns could not be read, and may be shown, so that a person can say what they mean?

A word may be shown if it is a code or a label and no record: at least five crimes have it and it is as short as a label
(`written_words`), or it consists of words of official titles of offences alone. Texts that could be several codes are
in `open_codes`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from assay import contract
from assay.ingest.extracts.column_settlement import WORDS_NOT_KNOWN
from assay.ingest.extracts.extract_model import ColumnMeaning, ExtractTable, Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.flag_pieces import MARKS_AROUND, flag_pieces
from assay.ingest.extracts.listed_facts import expanded_sheet
from assay.ingest.extracts.open_codes import POSSIBLE_CODES
from assay.ingest.extracts.split_values import column_kind, read_column
from assay.ingest.extracts.value_kinds_coded import says_not_known
from assay.ingest.extracts.value_kinds_offences import consists_of_title_words
from assay.ingest.extracts.written_words import MIN_CRIMES, crimes_by_word, is_code_word
from assay.wording import count_phrase, join_words

FLAG = "flag"
EXAMPLE_CODES = {"offence_code": "22B", "outcome_code": "16"}
"""End of the name of a column -> a code of its list, which is too long to name."""
MAX_WORDS = 20
"""Words of a column that are listed, those of most cells first."""
MAX_NAMED = 4
"""Words that one sentence names."""
Place = tuple[str, str, str, str, str]
"""File, sheet, heading, table and column."""


@dataclass(frozen=True)
class UnreadWords:
    """The words of one heading that could not be read, and may be shown.

    Parameters
    ----------
    places
        File and sheet of each section of mapping.toml in which the heading has this meaning.
    heading, table, column
        The heading, and the table and column of the contract that it was read as.
    cells
        Word -> number of cells, the most frequent first.
    is_waiting
        True if the column itself waits for a person, and no word of it is used yet.
    """

    places: tuple[tuple[str, str], ...]
    heading: str
    table: str
    column: str
    cells: Mapping[str, int]
    is_waiting: bool = False

    @property
    def entries(self) -> str:
        """Return the entries of `values.COLUMN` in mapping.toml, each with an empty meaning: '"OLC" = ""'."""
        return ", ".join(f'{json.dumps(word, ensure_ascii=False)} = ""' for word in self.cells)

    @property
    def line(self) -> str:
        """Return the line of mapping.toml for these words alone."""
        return f"values.{self.column} = {{{self.entries}}}"

    @property
    def choices(self) -> str:
        """Return what may be written for a word."""
        return value_choices(self.table, self.column)

    @property
    def sentence(self) -> str:
        """Return a sentence with the words, their number of cells, and what to write."""
        phrases = [f"{word} ({count_phrase(count, 'row')})" for word, count in self.cells.items()]
        rest = [f"{len(phrases) - MAX_NAMED} more"] if len(phrases) > MAX_NAMED else []
        verb, meaning = ("was", "it means") if len(phrases) == 1 else ("were", "they mean")
        otherwise = "a marker that is none of these" if self.column == FLAG else "a word that says nothing"
        return (
            f"\u2018{self.heading}\u2019: {join_words([*phrases[:MAX_NAMED], *rest])} {verb} not read. Write in "
            f"mapping.toml what {meaning}: the line values.{self.column} at its end is ready to copy. Fill in its last "
            f"quotes with {self.choices}; leave them empty for {otherwise}."
        )


def value_choices(table: str, column: str) -> str:
    """Return what may be written for a word of a column: 'one of cse, csa, cce', or 'a code such as 22B'."""
    if column.endswith(tuple(EXAMPLE_CODES)):
        return next(f"a code such as {code}" for end, code in EXAMPLE_CODES.items() if column.endswith(end))
    spec = contract.table(table).column(column)
    codes = contract.list_values(spec.values) if spec.values else ("yes", "no")
    return f"one of {', '.join(codes)}" if len(codes) <= MAX_WORDS else f"a code of the list {spec.values}"


def unread_words(
    sheets: Sequence[Sheet], plan: SplitPlan, tables: Mapping[str, ExtractTable]
) -> tuple[UnreadWords, ...]:
    """Return the unread words of every coded column that is used, and of those that wait because of their words."""
    by_name = {(sheet.file, sheet.name): sheet for sheet in sheets}
    found: dict[Place, dict[str, int]] = {}
    crimes: dict[Place, dict[str, int]] = {}
    for part in plan.parts:
        unread = tables[part.table].not_understood if part.table in tables else {}
        columns = [name for name, meaning in part.columns.items() if unread.get((name, meaning.heading))]
        for column in columns if (part.file, part.sheet) in by_name else ():
            if _is_coded(part.table, column):
                sheet, meaning = expanded_sheet(by_name[part.file, part.sheet]), part.columns[column]
                place = (part.file, part.sheet, meaning.heading, part.table, column)
                found[place] = _unread_cells(part, column, sheet)
                crimes[place] = crimes_by_word(meaning, part, sheet)
    used = _joined_places(found, crimes, is_waiting=False)
    return (*used, *_words_of_waiting(plan, by_name))


def _is_coded(table: str, column: str) -> bool:
    is_known = table in contract.tables() and column in contract.table(table).column_names
    return is_known and column_kind(table, column) in ("code", "yesno")


def _joined_places(
    found: Mapping[Place, Mapping[str, int]], crimes: Mapping[Place, Mapping[str, int]], *, is_waiting: bool
) -> Iterator[UnreadWords]:
    """Yield the words of each heading that may be shown, added up over the sheets in which it has the same meaning."""
    groups: dict[tuple[str, str, str], list[Place]] = {}
    for place in found:
        groups.setdefault(place[2:], []).append(place)
    for (heading, table, column), places in groups.items():
        cells, n_crimes = (_added_up(counts, places) for counts in (found, crimes))
        counts = {
            word: count for word, count in cells.items() if _may_be_shown(word, column, _count_of(word, n_crimes))
        }
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_WORDS]
        if ordered:
            yield UnreadWords(
                tuple(place[:2] for place in places), heading, table, column, dict(ordered), is_waiting=is_waiting
            )


def _added_up(counts: Mapping[Place, Mapping[str, int]], places: Sequence[Place]) -> dict[str, int]:
    total: dict[str, int] = {}
    for place in places:
        for word, count in counts[place].items():
            total[word] = total.get(word, 0) + count
    return total


def _count_of(word: str, n_crimes: Mapping[str, int]) -> int:
    """Return the number of crimes with a word, which `crimes_by_word` counts without the marks around it."""
    return n_crimes.get(word.strip(MARKS_AROUND), 0)


def _may_be_shown(word: str, column: str, n_crimes: int) -> bool:
    """Return True for a code or label that is no record, and that no other sentence explains."""
    possible_codes = next((find for end, find in POSSIBLE_CODES.items() if column.endswith(end)), None)
    if possible_codes is not None and possible_codes(word):
        return False
    is_title = column.endswith("offence_code") and consists_of_title_words(word)
    return is_code_word(word) and (n_crimes >= MIN_CRIMES or is_title)


def _unread_cells(part: SplitPart, column: str, sheet: Sheet) -> dict[str, int]:
    """Return the number of cells of each word that no column of this meaning reads."""
    meaning = part.columns[column]
    headings = {name for item in (meaning, *part.otherwise.get(column, ())) for name in _headings(item)}
    if meaning.joined_heading or not headings <= set(sheet.cells.column_names):
        return {}
    cells = pl.DataFrame(pl.from_arrow(sheet.cells.select(sorted(headings)))).cast(pl.String)
    is_settled = pl.repeat(False, cells.height, eager=True)
    for other in part.otherwise.get(column, ()):
        is_settled |= read_column(part.table, column, other, cells).values[column].is_not_null()
    texts = cells.filter(~is_settled)[meaning.heading].drop_nulls()
    if part.separator and part.separated == column:
        texts = flag_pieces(texts, part.separator, meaning.values).explode(empty_as_null=True).drop_nulls()
    counts = texts.str.strip_chars(MARKS_AROUND if part.separated == column else None).rename("word").value_counts()
    reading = read_column(part.table, column, replace(meaning, heading="word"), counts)
    return {word: count for word, count in counts.filter(reading.not_understood).iter_rows() if word}


def _headings(meaning: ColumnMeaning) -> Iterator[str]:
    yield from filter(None, (meaning.heading, meaning.joined_heading))


def _words_of_waiting(plan: SplitPlan, sheets: Mapping[tuple[str, str], Sheet]) -> Iterator[UnreadWords]:
    """Yield the words of columns whose heading is sure, and that wait only because their words are not known."""
    keys = {(part.file, part.sheet): part for part in plan.parts if "crime_ref" in part.columns}
    found: dict[Place, dict[str, int]] = {}
    crimes: dict[Place, dict[str, int]] = {}
    for file, name, meaning in plan.waiting:
        sheet, part = sheets.get((file, name)), keys.get((file, name), SplitPart(file, name, meaning.table, {}))
        is_sure = any(reason.startswith(WORDS_NOT_KNOWN) for reason in meaning.reasons)
        if sheet is None or not is_sure or not _is_coded(meaning.table, meaning.column) or meaning.joined_heading:
            continue
        place = (file, name, meaning.heading, meaning.table, meaning.column)
        sheet = expanded_sheet(sheet)
        cells = pl.Series(pl.from_arrow(sheet.cells[meaning.heading]), dtype=pl.String).drop_nulls()
        counts = cells.str.strip_chars().rename("word").value_counts()
        known = {word for word, value in meaning.values.items() if value}
        found[place] = {
            word: count for word, count in counts.iter_rows() if word and word not in known and not says_not_known(word)
        }
        crimes[place] = crimes_by_word(meaning, replace(part, separator=""), sheet)
    yield from _joined_places(found, crimes, is_waiting=True)
