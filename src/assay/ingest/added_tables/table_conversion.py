"""Convert a published table into the long form, as its mapping file says.

A table is used only if every cell that the mapping names is understood. Otherwise it is refused, because nobody would
notice a figure that was dropped silently, and a table can be downloaded again or its mapping corrected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.errors import SourceError
from assay.ingest.added_tables.area_matching import Area, find_area, find_named_area, similar_area_hint
from assay.ingest.added_tables.cell_values import is_period, may_be_two_years, parse_number, parse_period
from assay.ingest.added_tables.long_form import ALL, LongRow
from assay.ingest.added_tables.table_mapping import PERIOD_FORMS, TableMapping, ValueColumn
from assay.ingest.official_statistics.sheet_grid import Grid, SheetRows
from assay.ingest.official_statistics.statistics_layouts import normalise_header

MAX_PROBLEMS = 5
"""Problems that one message lists: a wrong mapping has the same problem in every row."""
MAX_MARKER = 6
"""Characters of an unknown marker that a message may quote; a longer text could be content of a record."""
MAX_FIGURES = 200_000
"""Figures of one table, above which a page could not show them; the largest table in the register has 60,000."""
MAX_BREAKDOWNS = 200
"""Groups of one table, above which a column of free text was named by mistake."""
NOTES = "below the last row that the mapping names"


class Problem(Exception):
    """Raised for a cell that cannot be used; the text gives the cell and the reason, without its position."""


@dataclass(frozen=True)
class ConvertedTable:
    """The rows of one table in the long form, its areas by code, and the counts of used and unused rows.

    `unmatched`: names in the mapping that the table does not contain, each with its section.
    """

    rows: tuple[LongRow, ...]
    areas: Mapping[str, Area]
    row_count: int
    set_aside: Mapping[str, int]
    unmatched: tuple[str, ...]


def convert_table(mapping: TableMapping, grid: Grid, place: str) -> ConvertedTable:
    """Return the long rows of a table.

    Raises
    ------
    SourceError
        With a sentence for each of the first cells that cannot be used; then nothing is converted.
    """
    converter = _Converter(mapping, _header_positions(mapping, grid, place))
    sheet_rows = grid.read_rows(mapping.header_row, len(grid.head[mapping.header_row - 1]))
    problems: list[str] = []
    set_aside: Counter[str] = Counter()
    found: list[LongRow] = []
    count = 0
    for number, cells in _numbered_rows(sheet_rows):
        count += 1
        if mapping.last_row and number > mapping.last_row:
            set_aside[NOTES] += 1
        elif reason := converter.filter_reason(cells):
            set_aside[reason] += 1
        else:
            found += converter.long_rows(number, cells, problems)
        if len(problems) >= MAX_PROBLEMS or len(found) > MAX_FIGURES:
            break
    problems += _sheet_problems(sheet_rows, mapping, converter.positions)
    problems += _repeated_rows(found) if not problems else []
    if len({row.breakdown for row in found}) > MAX_BREAKDOWNS:
        problems.append(
            f"[breakdowns] gives more than {MAX_BREAKDOWNS} groups: one of its columns does not hold groups"
        )
    if len(found) > MAX_FIGURES:
        problems.append(f"it holds more than {MAX_FIGURES:,} figures: use [[leave_out]] for rows that no page needs")
    if not found and not problems:
        problems.append("no row below the header is used: compare header_row and [[leave_out]] with the file")
    if problems:
        raise SourceError(
            f"{place}: nothing of this table was used. {'; '.join(problems[:MAX_PROBLEMS])}. Correct the mapping file "
            f"{mapping.name}, or download the table again."
        )
    return ConvertedTable(tuple(found), dict(converter.areas), count, dict(set_aside), converter.unmatched())


def _header_positions(mapping: TableMapping, grid: Grid, place: str) -> dict[str, int]:
    """Return the position of each column that the mapping names."""
    if mapping.header_row > len(grid.head):
        raise SourceError(
            f"{place}: there is no row {mapping.header_row} among the first {len(grid.head)} rows, where the "
            f"header can be. Correct header_row in {mapping.name}."
        )
    header = [normalise_header(text or "") for text in grid.head[mapping.header_row - 1]]
    names = _named_columns(mapping)
    unfit = [name for name in names if header.count(normalise_header(name)) != 1]
    if unfit:
        how = "is not in" if normalise_header(unfit[0]) not in header else "stands twice in"
        words = ", ".join(repr(text) for text in grid.head[mapping.header_row - 1] if text)
        raise SourceError(
            f"{place}: the column {unfit[0]!r} {how} the header row {mapping.header_row}. The headers there are: "
            f"{words[:600] or 'none'}. Correct {mapping.name}; nothing is read on similarity."
        )
    return {name: header.index(normalise_header(name)) for name in names}


def _named_columns(mapping: TableMapping) -> list[str]:
    names = [mapping.areas.code_column, mapping.areas.name_column, mapping.periods.column, *mapping.breakdowns.columns]
    names += [name for value in mapping.values for name in (value.column, value.measure_column)]
    names += [item.column for item in mapping.filters]
    names += ["source", "edition", "marker"] if mapping.layout == "long" else []
    return list(dict.fromkeys(name for name in names if name))


def _numbered_rows(sheet_rows: SheetRows) -> Iterator[tuple[int, list[str]]]:
    columns = [column.to_pylist() for column in sheet_rows.cells.columns]
    for number, cells in zip(sheet_rows.row_numbers.tolist(), zip(*columns, strict=True), strict=True):
        texts = [(cell or "").strip() for cell in cells]
        if any(texts):
            yield number, texts


def _sheet_problems(sheet_rows: SheetRows, mapping: TableMapping, positions: Mapping[str, int]) -> list[str]:
    """Return the rows with another number of cells, and used cells that hold a formula or an error."""
    last = mapping.last_row or float("inf")
    problems = [
        f"row {row.row} has {row.cells} cells, which is not the number of headers (set last_row if it is a note)"
        for row in sheet_rows.broken_rows
        if row.row <= last
    ]
    names = {position: name for name, position in positions.items()}
    problems += [
        f"row {cell.row}, column {names[cell.column]!r}: the cell holds a {cell.rule}, not a value"
        for cell in sheet_rows.marked_cells
        if cell.column in names and mapping.header_row < cell.row <= last
    ]
    return problems


def _repeated_rows(rows: Sequence[LongRow]) -> list[str]:
    repeated = [key for key, times in Counter(row.key for row in rows).items() if times > 1]
    if not repeated:
        return []
    _, _, area, period, measure, breakdown = repeated[0]
    return [
        f"{len(repeated)} figures occur twice, first that of area {area}, {period}, {measure}, {breakdown}: add "
        "the column that distinguishes them to [breakdowns], or leave one of them out"
    ]


class _Converter:
    """Converts the rows of one table; the places of its columns are known."""

    def __init__(self, mapping: TableMapping, positions: dict[str, int]) -> None:
        self.mapping = mapping
        self.positions = positions
        self.areas: dict[str, Area] = {}
        self._measure_keys = {
            word: measure.key for measure in mapping.measures.values() for word in (*measure.words, measure.key)
        }
        self._matched: set[tuple[str, str]] = set()

    def unmatched(self) -> tuple[str, ...]:
        """Return the words of the mapping that no cell matched, as "'Wessex' under [areas.words]"."""
        words_by_section = {
            "[areas.words]": self.mapping.areas.words,
            "[periods.words]": self.mapping.periods.words,
            "[breakdowns.words]": self.mapping.breakdowns.words,
            "[markers]": self.mapping.markers,
            "[[leave_out]]": [value for item in self.mapping.filters for value in item.values],
            **{
                f"[measures.{measure.key}]": (*measure.words, *measure.scale)
                for measure in self.mapping.measures.values()
            },
        }
        return tuple(
            f"{word!r} under {section}"
            for section, words in words_by_section.items()
            for word in words
            if (section, word) not in self._matched
        )

    def _match(self, section: str, word: str) -> None:
        self._matched.add((section, word))

    def filter_reason(self, cells: Sequence[str]) -> str:
        """Return why the mapping leaves a row out; '' if it does not."""
        reason = ""
        for item in self.mapping.filters:
            cell = cells[self.positions[item.column]]
            if cell in item.values:
                self._match("[[leave_out]]", cell)
                reason = reason or item.reason
        return reason

    def long_rows(self, number: int, cells: Sequence[str], problems: list[str]) -> list[LongRow]:
        """Return the figures of one row; add to `problems` what cannot be used."""
        found = []
        for value in self.mapping.values:
            try:
                found.append(self._long_row(cells, value))
            except Problem as problem:
                problems.append(f"row {number}: {problem}")
                break
        return found

    def _long_row(self, cells: Sequence[str], value: ValueColumn) -> LongRow:
        self._check_source(cells)
        area = self._area(cells)
        self.areas[area.code] = area
        period = value.period or self.mapping.periods.period or self._period(cells)
        measure = value.measure or self._measure(cells, value.measure_column)
        breakdown = value.breakdown or self._breakdown(cells)
        number, marker = self._figure(cells, value, measure)
        return LongRow(self.mapping.key, self.mapping.edition, area.code, period, measure, breakdown, number, marker)

    def _cell(self, cells: Sequence[str], column: str) -> str:
        return cells[self.positions[column]]

    def _check_source(self, cells: Sequence[str]) -> None:
        """A file in the long form names its source and edition in each row: they must be those of the mapping."""
        if self.mapping.layout != "long":
            return
        for column, expected in (("source", self.mapping.key), ("edition", self.mapping.edition)):
            if self._cell(cells, column) != expected:
                raise Problem(f"column {column!r} differs from the mapping file, which says {expected!r}")

    def _area(self, cells: Sequence[str]) -> Area:
        rule = self.mapping.areas
        if rule.code:
            return self._known_area(rule.code, "the code in [areas]")
        column = rule.code_column or rule.name_column
        text = self._cell(cells, column)
        if text in rule.words:
            self._match("[areas.words]", text)
            return self._known_area(rule.words[text], "a code in [areas.words]")
        area = find_area(text) if rule.code_column else find_named_area(text, rule.level)
        if area is None:
            hint = similar_area_hint(text, rule.level) if rule.name_column else ""
            raise Problem(
                f"column {column!r} holds an area that is in no register.{hint} Give its code under [areas.words], or "
                "name it under [[leave_out]]"
            )
        return area

    def _known_area(self, code: str, where: str) -> Area:
        area = find_area(code)
        if area is None:
            raise Problem(f"{where} is in no register of areas")
        return area

    def _period(self, cells: Sequence[str]) -> str:
        rule = self.mapping.periods
        text = self._cell(cells, rule.column)
        if text not in rule.words and rule.form == PERIOD_FORMS[0] and may_be_two_years(text):
            raise Problem(
                f"column {rule.column!r} holds {text}, which may be a month or two years. Say under [periods] which: "
                'form = "YYYY-MM" or form = "YYYY-YY"'
            )
        self._match("[periods.words]", text)
        period = rule.words.get(text) or parse_period(text, rule.form)
        if not is_period(period):
            raise Problem(
                f"column {rule.column!r} holds no period of the form {rule.form!r}. Add it under [periods.words] "
                "with its period"
            )
        return period

    def _measure(self, cells: Sequence[str], column: str) -> str:
        word = self._cell(cells, column)
        key = self._measure_keys.get(word)
        if key is None:
            raise Problem(f"column {column!r} names a measure that no [measures.KEY] has among its words")
        self._match(f"[measures.{key}]", word)
        return key

    def _breakdown(self, cells: Sequence[str]) -> str:
        rule = self.mapping.breakdowns
        texts = [self._cell(cells, column) for column in rule.columns]
        for text in texts:
            self._match("[breakdowns.words]", text)
        parts = [rule.words.get(text, text) for text in texts]
        if "" in parts:
            raise Problem('a column of [breakdowns] is empty. Add "" under [breakdowns.words] with its meaning')
        groups = [part for part in parts if part != ALL]
        return ", ".join(groups) or ALL

    def _figure(self, cells: Sequence[str], value: ValueColumn, measure: str) -> tuple[float | None, str]:
        """Return the value, or the marker in its place: what is missing is never made a number."""
        text = self._cell(cells, value.column)
        marker = self._cell(cells, "marker") if self.mapping.layout == "long" and not text else text
        scale = self.mapping.measures[measure].scale
        if text and scale and text in scale:
            self._match(f"[measures.{measure}]", text)
            return scale[text], ""
        if marker in self.mapping.markers:
            self._match("[markers]", marker)
            return None, marker or "(empty)"
        number = parse_number(text)
        if number is None:
            raise Problem(_unknown_cell(value.column, marker))
        if scale and number not in scale.values():
            raise Problem(f"column {value.column!r} holds a number that is not on the scale of {measure}")
        return number, ""


def _unknown_cell(column: str, text: str) -> str:
    if not text:
        return f'column {column!r} is empty. Add "" under [markers] with its meaning; it is not read as 0'
    words = repr(text) if len(text) <= MAX_MARKER else f"a text of {len(text)} characters"
    return f"column {column!r} holds {words}, which is neither a number nor named under [markers]"
