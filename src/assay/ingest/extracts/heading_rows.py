"""Find the heading row of a sheet, which may be below titles, span several rows, or be missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assay.ingest.column_headings import clean_heading
from assay.ingest.extracts.heading_evidence import best_points, heading_words
from assay.ingest.extracts.row_kinds import Row, filled, is_data_cell, is_label, is_note, is_rule, shape
from assay.ingest.extracts.value_kinds_flags import flag_of_heading, other_marker_of_heading
from assay.ingest.file_readers.cell_grid import MergedArea

HEAD_ROWS = 80
"""Rows in which a heading is sought."""
MIN_WIDTH_SHARE = 0.6
"""Share of the usual number of columns that a heading names at least."""
MAX_HEADING_ROWS, MAX_GROUP_WORDS = 3, 3
"""Rows of a heading at most, and words in the name of a group that stands alone in its row, which may be a title."""
_GROUP_WORDS = re.compile(
    r"\b(victims?|suspects?|offenders?|accused|witness(es)?|aggrieved|complainants?|persons?|nominals?|crimes?"
    r"|offences?|incidents?|outcomes?|locations?|officers?|investigations?|flags?|disposals?|details)\b",
    re.IGNORECASE,
)
_FORMAT = re.compile(
    r"\(?(text|free ?text|date|time|date ?/? ?time|number|numeric|codes?|list|string|int(eger)?|bool(ean)?|decimal"
    r"|(n?var)?char2?(\(\d+\))?|optional|mandatory|required|dd[-/. ]?mm[-/. ]?yy.*|yyyy[-/. ]?mm.*|hh:?mm.*"
    r"|y(es)? ?/ ?no?|m ?/ ?f.*|max\.? ?\d+.*|\d+ characters?|key|reference)\)?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\d+")
_WORDS_OF_ANY_GROUP = re.compile(r"\(.*?\)|\b(details?|information|info|section)\b", re.IGNORECASE)


@dataclass(frozen=True)
class HeadRow:
    """One of the first rows of a sheet; `is_ragged` if its number of cells differs from that of the records."""

    line: int
    cells: tuple[str | None, ...]
    is_ragged: bool = False


@dataclass(frozen=True)
class Heading:
    """The heading of a sheet: one name for each column ('' if blank), and the rows that it occupies."""

    names: tuple[str, ...]
    first_line: int
    last_line: int
    rows: tuple[tuple[str | None, ...], ...] = ()


class Head:
    """The first non-empty rows of a sheet, and the usual content of each column."""

    def __init__(self, rows: Sequence[HeadRow]) -> None:
        self.rows = [row for row in rows if filled(row.cells) and not is_rule(row.cells)]
        self.row_counts = Counter(row.cells for row in self.rows)
        self.shapes: dict[int, Counter[str]] = {}
        self.words: dict[int, Counter[str]] = {}
        for row in self.row_counts:
            for position in filled(row):
                cell = row[position] or ""
                self.shapes.setdefault(position, Counter())[shape(cell)] += 1
                self.words.setdefault(position, Counter())[cell.casefold()] += 1
        self.width = self._usual_width()
        self.is_record = [self._is_record(row.cells) for row in self.rows]

    def _usual_width(self) -> int:
        """Return the number of columns in which a quarter of the fuller rows have a cell."""
        rows = [row for row in self.rows if not row.is_ragged] or self.rows
        widest = max((len(filled(row.cells)) for row in rows), default=0)
        full = [row for row in rows if 2 * len(filled(row.cells)) >= widest]
        counts = Counter(position for row in full for position in filled(row.cells))
        return sum(4 * count >= len(full) for count in counts.values())

    def _is_record(self, cells: Row) -> bool:
        """Return True if a row has several cells, and resembles the other rows.

        One date, number or reference of the pattern of its column is enough; of words, a third must recur in their
        columns.
        """
        positions = filled(cells)
        values = [(cells[position] or "", position) for position in positions]
        if len(positions) > 1 and any(
            is_data_cell(cell) and self._has_usual_shape(cell, place) for cell, place in values
        ):
            return True
        n_recurring = sum(self.words[place][cell.casefold()] > 1 for cell, place in values)
        return len(positions) > 1 and 3 * n_recurring >= len(values)

    def _has_usual_shape(self, cell: str, position: int) -> bool:
        column = self.shapes[position]
        return column[shape(cell)] > 1 or column.total() <= 2

    def is_full(self, position: int) -> bool:
        """Return True if a row has a cell in most of the usual columns."""
        return len(filled(self.rows[position].cells)) >= MIN_WIDTH_SHARE * self.width

    def is_label_row(self, position: int) -> bool:
        """Return True if the cells of a row may be names of columns, or of groups of columns."""
        if self.is_record[position]:
            return False
        values = [cell for cell in self.rows[position].cells if cell]
        if values[0].endswith(":"):
            return False
        return sum(map(is_label, values)) >= 0.8 * len(values)

    def names_data(self, position: int) -> bool:
        """Return True if a row has a word in a column in which most rows below have a date, number or reference."""
        for place in filled(self.rows[position].cells):
            column = [
                cell for row in self.rows[position + 1 :] if place < len(row.cells) and (cell := row.cells[place])
            ]
            if column and sum(map(is_data_cell, column)) >= 0.6 * len(column):
                return True
        return False

    def is_adjacent(self, position: int) -> bool:
        """Return True if no blank row lies between a row and the row before it."""
        return position > 0 and self.rows[position].line - self.rows[position - 1].line == 1

    def are_records_below(self, position: int) -> bool:
        """Return True if most rows below the given row are records."""
        below = self.is_record[position + 1 :]
        return bool(below) and sum(below) >= 0.6 * len(below)


def find_heading(rows: Sequence[HeadRow], merged: Sequence[MergedArea] = ()) -> Heading | None:
    """Return the heading of a sheet; None if none can be found."""
    head = Head(rows)
    if head.width < 2:
        return None
    last = _last_heading_row(head)
    if last is None:
        return None
    first = _first_heading_row(head, last, merged)
    heading_rows = head.rows[first : last + 1]
    names = _names([row for row in heading_rows if not _states_formats(row.cells)] or heading_rows, merged)
    return Heading(names, heading_rows[0].line, heading_rows[-1].line, tuple(row.cells for row in heading_rows))


def begins_with_record(rows: Sequence[HeadRow]) -> bool:
    """Return True if the first full row is a record, so that the sheet has no heading."""
    head = Head(rows)
    full = [position for position in range(len(head.rows)) if head.is_full(position)]
    return head.width > 1 and bool(full) and head.is_record[full[0]]


def _last_heading_row(head: Head) -> int | None:
    for position in range(len(head.rows)):
        if not head.is_label_row(position) or is_note(head.rows[position].cells):
            continue
        while _is_continued(head, position):
            position += 1
        if head.is_full(position) or _names_with_row_above(head, position):
            return position
    return None


def _is_continued(head: Head, position: int) -> bool:
    """Return True if the next row belongs to the heading too: all rows below it are records, and it is none."""
    following = position + 1
    if following >= len(head.rows) or not head.is_adjacent(following) or not head.is_label_row(following):
        return False
    if not head.are_records_below(following) or len(filled(head.rows[following].cells)) < 2:
        return False
    cells, below = head.rows[position].cells, head.rows[following].cells
    return bool(set(filled(below)) - set(filled(cells))) or (head.is_full(following) and head.names_data(following))


def _names_with_row_above(head: Head, position: int) -> bool:
    if not head.is_adjacent(position) or not head.is_label_row(position - 1) or not head.are_records_below(position):
        return False
    named_columns = set(filled(head.rows[position].cells)) | set(filled(head.rows[position - 1].cells))
    return len(named_columns) >= MIN_WIDTH_SHARE * head.width


def _first_heading_row(head: Head, last: int, merged: Sequence[MergedArea]) -> int:
    first = last
    while first > 0 and last - first + 1 < MAX_HEADING_ROWS and _is_group_row(head, first - 1, merged):
        first -= 1
    return first


def _is_group_row(head: Head, position: int, merged: Sequence[MergedArea]) -> bool:
    """Return True if a row names groups of the columns that the next row names, and is no title."""
    row, below = head.rows[position], head.rows[position + 1]
    if not head.is_adjacent(position + 1) or not head.is_label_row(position) or is_note(row.cells):
        return False
    places = filled(row.cells)
    areas = [area for area in merged if area.first_row == row.line and area.last_column > area.first_column]
    if any(area.last_column - area.first_column + 1 >= 0.9 * head.width for area in areas):
        return False
    if areas:
        return True
    if places == [0] or any((row.cells[place] or "").endswith(":") for place in places):
        return False
    if set(places) - set(filled(below.cells)) or _has_repeats(below.cells):
        return True
    if row.is_ragged or (head.is_full(position) and not _has_repeats(row.cells)):
        return False
    if len(places) == 1 and len((row.cells[places[0]] or "").split()) > MAX_GROUP_WORDS:
        return False
    return any(_GROUP_WORDS.search(row.cells[place] or "") for place in places)


def _has_repeats(cells: Row) -> bool:
    names = [cell.casefold() for cell in cells if cell]
    return len(set(names)) < len(names)


def _states_formats(cells: Row) -> bool:
    """Return True if a row says how the cells below it are written, and names nothing."""
    values = [cell for cell in cells if cell]
    return 2 * sum(bool(_FORMAT.fullmatch(cell)) for cell in values) > len(values)


def _names(rows: Sequence[HeadRow], merged: Sequence[MergedArea]) -> tuple[str, ...]:
    """Return one name for each column, with the names of its groups in front where they add to what it says."""
    width = max(len(row.cells) for row in rows)
    lowest = _padded(rows[-1].cells, width)
    levels = [_spread(_padded(row.cells, width), lowest, row.line, merged) for row in rows[:-1]]
    repeated = Counter(clean_heading(name).casefold() for name in lowest if name)
    names = []
    for position, name in enumerate(lowest):
        groups = [_subject(level[position]) for level in levels if not _names_own_act(level[position], name)]
        is_repeated = name is not None and repeated[clean_heading(name).casefold()] > 1
        whole = _joined(iter((*groups, name)))
        names.append(whole if is_repeated or not name or _adds_to(groups, name, whole) else clean_heading(name))
    return tuple(names)


def _subject(group: str | None) -> str | None:
    """Return the name of a group without what every group could be called: 'Victim' for 'VICTIM DETAILS (1 to 3)'."""
    return _WORDS_OF_ANY_GROUP.sub(" ", group).strip() or group if group else group


def _adds_to(groups: Sequence[str | None], name: str, whole: str) -> bool:
    """Return True if the names of its groups say more about a column than its own name does.

    They do if they name the role of a person whom the name leaves open, or if the name means something with them and
    means it more surely than alone. "CRIME DETAILS" over "Date Reported" adds nothing.
    """
    if not heading_words(name).role and heading_words(whole).role:
        return True
    names_marker = flag_of_heading(name) or other_marker_of_heading(name)
    return not names_marker and best_points(whole) > best_points(name)


def _names_own_act(group: str | None, name: str | None) -> bool:
    """Return True if a name says itself what was done, and its group says another act: 'Rep'd Date' in 'Recording'."""
    acts = [_ACTS & set(heading_words(text or "").words) for text in (group, name)]
    return all(acts) and not acts[0] & acts[1]


_ACTS = frozenset({"reported", "recorded", "committed", "occurred"})


def _padded(cells: Row, width: int) -> list[str | None]:
    return [*cells, *[None] * (width - len(cells))]


def _joined(parts: Iterator[str | None]) -> str:
    words: list[str] = []
    for part in parts:
        name = clean_heading(part or "")
        if name and name.casefold() not in (word.casefold() for word in words):
            words.append(name)
    return " ".join(words)


def _spread(
    upper: list[str | None], lowest: list[str | None], line: int, merged: Sequence[MergedArea]
) -> list[str | None]:
    """Return the name of the group of each column: by merged cells, or up to the next name."""
    areas = {area.first_column: area.last_column for area in merged if area.first_row == line}
    places = filled(upper)
    groups: list[str | None] = [None] * len(upper)
    for place, following in zip(places, [*places[1:], len(upper)], strict=True):
        is_vertical = not lowest[place]
        end = areas.get(place, place) if areas else place if is_vertical else following - 1
        for position in range(place, end + 1):
            groups[position] = upper[place]
    return groups if areas else _trimmed_to_siblings(groups, lowest, places)


def _trimmed_to_siblings(groups: list[str | None], lowest: list[str | None], places: Sequence[int]) -> list[str | None]:
    """Let the last of several numbered groups end where the groups like it end ("Victim 1", "Victim 2")."""
    if len(places) < 2 or not _are_numbered_siblings(groups[places[-1]], groups[places[-2]]):
        return groups
    start, length = places[-1], places[-1] - places[-2]
    names = [(name or "").casefold() for name in lowest]
    if names[start : start + length] != names[places[-2] : start]:
        return groups
    return [None if position >= start + length else group for position, group in enumerate(groups)]


def _are_numbered_siblings(name: str | None, other: str | None) -> bool:
    words = [_NUMBERED.sub("#", text or "").casefold() for text in (name, other)]
    return words[0] == words[1] and "#" in words[0]
