"""Read the persons, flags or crimes that the records of a sheet name, as rows for one part of a split plan.

A record gives a row, gives none because it names nobody and no flag, or is set aside with a reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from assay.ingest.extracts.crime_changes import ORDER, UNREAD
from assay.ingest.extracts.extract_model import (
    ANY_CELL,
    ColumnMeaning,
    KeyLookup,
    Sheet,
    SplitPart,
)
from assay.ingest.extracts.flag_pieces import MARKS_AROUND, flag_pieces
from assay.ingest.extracts.person_parts import person_numbers
from assay.ingest.extracts.reference_spelling import (
    folded_reference,
)
from assay.ingest.extracts.row_order import order_of_rows
from assay.ingest.extracts.sheet_shape import SheetKey
from assay.ingest.extracts.split_merging import (
    CRIME,
    ETHNICITY_IS_UNREAD,
    LINK,
    ORIGIN,
    PERSON,
    ROLE,
)
from assay.ingest.extracts.split_times import TimeReader
from assay.ingest.extracts.split_values import (
    ColumnReading,
    is_exported_empty,
    is_filled,
    is_for_nobody,
    is_name_of_nobody,
    joined_cells,
    read_column,
)
from assay.ingest.extracts.value_kinds_coded import says_not_known
from assay.ingest.yes_no_words import is_no_word, normalise_cell

CRIMES, PERSONS, FLAGS = "crimes", "involvements", "flags"
FLAG = "flag"
VICTIM = "victim"
ETHNICITIES = ("ethnicity_self", "ethnicity_officer")
KNOWN_AS, NOTHING_KNOWN = "suspect_known_as", "nothing_known"
NO_CRIME_NUMBER = "no crime number"
TOTAL_ROW = "total row"
NO_ROLE = "role not known"
OTHER_ROLE = "neither victim, suspect nor witness"
"""Persons of another role, such as an informant: nothing is asked of them, so nothing is lost."""
NO_FLAG = "flag not understood"
PASSED_OVER = "no person, and no flag that is asked, in the row"
NO_KEY_FOUND = "the key of the system leads to no crime"
KEYS_PRESENT = {CRIMES: (CRIME,), PERSONS: (CRIME,), FLAGS: (CRIME, PERSON, "missing_ref")}
_TOTAL = r"(?i)^(grand |sub-?)?(total|count|sum)s?\b|^end of (report|file|data)|^no\.? of (rows|records|crimes)"


@dataclass
class PartRows:
    """The candidate rows for one part of a split plan, with counts of what was set aside or not understood.

    `passed_over` is the number of records that hold no candidate: an empty block of columns, a crime without a flag.
    `without_role` are the crimes of the persons whose role is not known.
    """

    rows: pl.DataFrame
    set_aside: Counter[str] = field(default_factory=Counter)
    not_understood: Counter[tuple[str, str]] = field(default_factory=Counter)
    passed_over: int = 0
    without_role: pl.Series | None = None

    def set_passed_over_aside(self) -> None:
        """Set aside the records that gave no row, for a sheet that no other part of the plan reads."""
        if self.passed_over:
            self.set_aside[PASSED_OVER] += self.passed_over

    def drop(self, unusable: pl.Expr, reason: str) -> None:
        """Set aside the rows for which the expression is true, with this reason."""
        usable = self.rows.filter(~unusable.fill_null(False))
        if usable.height < self.rows.height:
            self.set_aside[reason] += self.rows.height - usable.height
            self.rows = usable


def read_parts(
    parts: Sequence[SplitPart], number: int, sheets: Mapping[SheetKey, Sheet], times: TimeReader
) -> PartRows:
    """Return the rows that parts of a split plan read, for parts that differ only in their file and sheet."""
    part = parts[0]
    cells = pl.concat([_cells(sheets[other.file, other.sheet], other) for other in parts])
    columns, unread = {}, {}
    for column, meaning in part.columns.items():
        if _is_divided(part, column):
            continue
        reading = read_with_alternatives(part, column, meaning, cells, times)
        columns[column], unread[column] = reading.values, reading.not_understood
    _drop_placeholder_names(part, columns, cells)
    frame = pl.concat(
        [cells.select(pl.col(f":{name}").alias(name) for name in ORIGIN), *columns.values()], how="horizontal"
    )
    frame = frame.with_columns(pl.lit(value).alias(column) for column, value in part.fixed.items())
    frame = frame.with_columns(_place(part, number))
    if any(unread[name].any() for name in ETHNICITIES if name in unread):
        is_unread = _any_true(unread, ETHNICITIES, cells.height)
        frame = frame.with_columns(is_unread.replace(False, None).alias(ETHNICITY_IS_UNREAD))
    rows = PartRows(_with_orders(frame, part, cells, unread))
    for column, mask in unread.items():
        if mask.any():
            rows.not_understood[column, part.columns[column].heading] += int(mask.sum())
    if part.table == PERSONS and not part.only_completes:
        _keep_persons(rows, part, cells, unread)
    divided = [column for column in part.columns if _is_divided(part, column)]
    if divided:
        _split_cells(rows, part, cells, divided[0])
    elif part.table == FLAGS:
        _keep_flags(rows, part, unread)
    _look_up_keys(rows, part, sheets)
    _set_keyless_aside(rows, part, cells)
    return rows


def _with_orders(
    frame: pl.DataFrame, part: SplitPart, cells: pl.DataFrame, unread: Mapping[str, pl.Series]
) -> pl.DataFrame:
    """Return the rows of crimes with their place in the crime, and where a cell was not understood."""
    if part.table != CRIMES:
        return frame
    orders = [
        order_of_rows(cells, heading, form).alias(f"{ORDER}{number}")
        for number, (heading, form) in enumerate(part.ordered_by.items())
    ]
    masks = [mask.alias(f"{UNREAD}{column}") for column, mask in unread.items() if mask.any()]
    return frame.with_columns(*orders, *masks)


def _drop_placeholder_names(part: SplitPart, columns: dict[str, pl.DataFrame], cells: pl.DataFrame) -> None:
    """Empty the names of persons whose surname and forename together name nobody: 'Unknown', 'Person'."""
    if part.table != PERSONS or not {"surname", "forenames"} <= set(columns):
        return
    surnames, forenames = (cells[part.columns[name].heading] for name in ("surname", "forenames"))
    is_nobody = is_name_of_nobody(surnames, forenames)
    for name in ("surname", "forenames"):
        columns[name] = columns[name].select(pl.when(~is_nobody).then(pl.col(name)).alias(name))


def read_with_alternatives(
    part: SplitPart, column: str, meaning: ColumnMeaning, cells: pl.DataFrame, times: TimeReader
) -> ColumnReading:
    """Return a column's values; where the first heading gives none, those of its alternative headings."""
    reading = read_column(part.table, column, meaning, cells, times)
    for other in part.otherwise.get(column, ()):
        second = read_column(part.table, column, other, cells)
        first_known = reading.values[column].is_not_null()
        filled = {
            name: reading.values[name].zip_with(first_known, second.values[name]) for name in reading.values.columns
        }
        reading = ColumnReading(
            pl.select(*(series.rename(name) for name, series in filled.items())),
            (reading.not_understood & second.values[column].is_null()).rename("not_understood"),
        )
    return reading


def _place(part: SplitPart, number: int) -> list[pl.Expr]:
    return [
        pl.lit(number).alias("part"),
        pl.lit(part.ordinal).alias("ordinal"),
        pl.lit(part.each_row_counts).alias("each_row_counts"),
        pl.lit(part.only_completes).alias("only_completes"),
    ]


def _cells(sheet: Sheet, part: SplitPart) -> pl.DataFrame:
    """Return the cells that a part reads, of the records that it takes."""
    meanings = [*part.columns.values(), *(other for alternatives in part.otherwise.values() for other in alternatives)]
    headings = [heading for meaning in meanings for heading in (meaning.heading, meaning.joined_heading)]
    names = list(dict.fromkeys([*filter(None, [*headings, part.numbered_by]), *part.only_where, *part.ordered_by]))
    cells = pl.DataFrame(pl.from_arrow(sheet.cells.select(names)))
    for place, name in enumerate(part.carried_down):
        # A label counts within the labels before it: the role of a person within the crime.
        filled = pl.col(name).forward_fill()
        cells = cells.with_columns(filled.over(part.carried_down[:place]) if place else filled)
    cells = cells.with_columns(
        pl.Series(":line", sheet.lines, dtype=pl.Int64),
        pl.lit(sheet.file).alias(":file"),
        pl.lit(sheet.name).alias(":sheet"),
    )
    for heading, listed in part.only_where.items():
        words = {normalise_cell(word) for word in listed}
        distinct = cells[heading].drop_nulls().unique().to_list()
        used = [cell for cell in distinct if normalise_cell(cell) in words or (ANY_CELL in words and _affirms(cell))]
        cells = cells.filter(pl.col(heading).is_in(used))
    return cells


def _affirms(cell: str) -> bool:
    return not says_not_known(cell) and not is_no_word(cell)


def _keep_persons(rows: PartRows, part: SplitPart, cells: pl.DataFrame, unread: Mapping[str, pl.Series]) -> None:
    """Keep the records that name a person, and set those aside whose role is not known.

    A block of empty cells is no person, and neither is a block that says "no victim". A block of words for "unknown"
    is a person without known details if the same export leaves cells empty, in this block or in the same record, or if
    it is a crime's only or first victim. If the export leaves no cell empty, such words are no evidence of a suspect.
    """
    person_columns = [name for name in part.columns if name not in (CRIME, ROLE)]
    headings = list(dict.fromkeys(part.columns[name].heading for name in person_columns))
    empty = cells.select(
        (is_exported_empty(pl.col(heading)) | is_for_nobody(pl.col(heading))).alias(heading) for heading in headings
    )
    filled = {heading: ~empty[heading] for heading in headings}
    known = {name: rows.rows[name].is_not_null() for name in person_columns}
    for name in _helping_ethnicities(part):
        has_ethnicity = ~_says_not_known(cells[part.columns[name].heading])
        known[name] &= has_ethnicity
        filled[part.columns[name].heading] &= has_ethnicity
    if _is_answered_in_every_row(part, empty):
        known[KNOWN_AS] = (rows.rows[KNOWN_AS] != NOTHING_KNOWN).fill_null(False)
        headings.remove(part.columns[KNOWN_AS].heading)
    says_something = _any_true(known, person_columns, cells.height) | _any_true(unread, person_columns, cells.height)
    if part.numbered_by:
        read = person_numbers(cells[part.numbered_by])
        numbers = cells[part.numbered_by] if read is None else read
        says_something |= numbers.is_not_null()
        rows.rows = rows.rows.with_columns(numbers.alias(LINK)) if LINK not in part.columns else rows.rows
    marked = rows.rows.with_columns(
        _any_true(filled, headings, cells.height).alias(":some"),
        _any_true(empty.to_dict(), headings, cells.height).alias(":empty"),
        says_something.alias(":known"),
        _has_other_role(part, cells).alias(":other"),
        _has_unread_role(part, cells).alias(":unread"),
    )
    rows.rows = _select_persons(rows, part, marked).drop(":some", ":known", ":empty", ":other", ":unread")


def _helping_ethnicities(part: SplitPart) -> list[str]:
    """Return the columns of ethnicity in a block of suspects that another column can name.

    In such a block "not recorded" under ethnicity alone is what a program fills in, and no evidence of a suspect.
    """
    can_be_named = not part.columns.keys().isdisjoint(("person_ref", "surname", "forenames", "date_of_birth"))
    is_suspect = ROLE not in part.columns and part.fixed.get(ROLE) != VICTIM
    return [name for name in ETHNICITIES if name in part.columns and can_be_named and is_suspect]


def _says_not_known(cells: pl.Series) -> pl.Series:
    words = [word for word in cells.drop_nulls().unique().to_list() if says_not_known(word)]
    return cells.is_in(words).fill_null(False)


def _has_other_role(part: SplitPart, cells: pl.DataFrame) -> pl.Series:
    """Return True for each record of a person whose role is understood, and is none that a return has."""
    if ROLE not in part.columns:
        return pl.repeat(False, cells.height, eager=True)
    meaning = part.columns[ROLE]
    values = {normalise_cell(word): value for word, value in meaning.values.items()}
    words = cells[meaning.heading].drop_nulls().unique().to_list()
    other_words = [word for word in words if values.get(normalise_cell(word)) == "" and not says_not_known(word)]
    return cells[meaning.heading].is_in(other_words).fill_null(False)


def _has_unread_role(part: SplitPart, cells: pl.DataFrame) -> pl.Series:
    """Return True for each record with a word for a role that is not understood.

    The word may mean a suspect who is not identified, about whom no other cell says anything.
    """
    if ROLE not in part.columns:
        return pl.repeat(False, cells.height, eager=True)
    meaning = part.columns[ROLE]
    read_words = {normalise_cell(word) for word in meaning.values}
    words = cells[meaning.heading].drop_nulls().unique().to_list()
    unread_words = [word for word in words if normalise_cell(word) not in read_words and not says_not_known(word)]
    return cells[meaning.heading].is_in(unread_words).fill_null(False)


def _is_answered_in_every_row(part: SplitPart, empty: pl.DataFrame) -> bool:
    """Return True if even crimes without a second suspect say that the second suspect is not identified.

    Then a program fills the column with its "no", and a "no" makes no person.
    """
    if part.ordinal < 2 or KNOWN_AS not in part.columns:
        return False
    return not empty[part.columns[KNOWN_AS].heading].any()


def _select_persons(rows: PartRows, part: SplitPart, marked: pl.DataFrame) -> pl.DataFrame:
    if ROLE in part.columns:
        has_role = pl.col(ROLE).is_not_null()
        without_role = marked.filter(~has_role & (pl.col(":known") | pl.col(":unread")))
        nameless, n_other_roles = without_role.height, int(without_role[":other"].sum())
        rows.set_aside += Counter({NO_ROLE: nameless - n_other_roles, OTHER_ROLE: n_other_roles})
        rows.without_role = (
            without_role.filter(~pl.col(":other"))[CRIME].drop_nulls() if CRIME in part.columns else None
        )
        rows.passed_over = marked.filter(~has_role).height - nameless
        return marked.filter(has_role)
    words_only = pl.col(":some") & ~pl.col(":known")
    leaves_empty = bool((~marked[":some"]).any())
    is_victim_of_crime = part.fixed.get(ROLE) == VICTIM and part.ordinal == 1
    by_words = words_only if leaves_empty or is_victim_of_crime else words_only & pl.col(":empty")
    persons = marked.filter(pl.col(":known") | by_words)
    rows.passed_over = marked.height - persons.height
    return persons


def _any_true(masks: Mapping[str, pl.Series], names: Sequence[str], height: int) -> pl.Series:
    columns = pl.select(*(masks[name].rename(name) for name in names if name in masks))
    if not columns.width:
        return pl.repeat(False, height, eager=True)
    return columns.select(pl.any_horizontal(pl.all()).alias("any"))["any"]


def _keep_flags(rows: PartRows, part: SplitPart, unread: Mapping[str, pl.Series]) -> None:
    """Keep the records that hold a flag, and set those aside whose flag is not understood."""
    if "flag" in unread:
        is_unread = rows.rows.with_columns(unread["flag"].alias(":unread")).filter(":unread").height
        rows.set_aside[NO_FLAG] += is_unread
        rows.set_aside = +rows.set_aside
    records = rows.rows.height
    if "flag" in rows.rows.columns:
        rows.rows = rows.rows.filter(pl.col("flag").is_not_null())
    rows.passed_over = records - rows.rows.height - rows.set_aside[NO_FLAG]


def _is_divided(part: SplitPart, column: str) -> bool:
    """Return True if a cell of the column may hold several values: keywords, or what the plan separates."""
    if part.separator and part.separated == column:
        return True
    is_flag = (part.table, column) == (FLAGS, FLAG)
    return is_flag and not part.separated and not part.columns[column].joined_heading and FLAG not in part.otherwise


def _split_cells(rows: PartRows, part: SplitPart, cells: pl.DataFrame, column: str) -> None:
    """Make one row of each value of the cells that hold several."""
    meaning = part.columns[column]
    texts = joined_cells(meaning, cells)
    if column == FLAG:
        pieces = flag_pieces(texts, part.separator, meaning.values)
    else:
        pieces = texts.str.split(part.separator).list.eval(pl.element().str.strip_chars(MARKS_AROUND))
    exploded = rows.rows.with_columns(pieces.alias(":piece")).explode(":piece", empty_as_null=True)
    exploded = exploded.filter(is_filled(pl.col(":piece")))
    piece_meaning = ColumnMeaning(":piece", part.table, column, 1.0, values=meaning.values)
    reading = read_column(part.table, column, piece_meaning, exploded)
    n_unread = int(reading.not_understood.sum())
    if n_unread:
        rows.not_understood[column, meaning.heading] += n_unread
        rows.set_aside[NO_FLAG] += n_unread
    exploded = exploded.drop(":piece").with_columns(reading.values)
    says_something = exploded[column].is_not_null() | reading.not_understood
    rows.passed_over = cells.height - exploded.filter(says_something).select(ORIGIN).n_unique()
    rows.rows = exploded.filter(pl.col(column).is_not_null())


def _look_up_keys(rows: PartRows, part: SplitPart, sheets: Mapping[SheetKey, Sheet]) -> None:
    """Put the reference that the return uses in the place of a key of the system."""
    for column, lookup in part.lookups.items():
        found = _lookup_frame(lookup, sheets)
        filled = pl.col(column).is_not_null()
        if found.select(folded_reference(pl.col(":key")).is_unique().all()).item():
            # Keys of some systems differ in case alone; others may be written in any case.
            found = found.with_columns(folded_reference(pl.col(":key")))
            key = folded_reference(pl.col(column))
        else:
            key = pl.col(column)
        joined = rows.rows.with_columns(key.alias(":key"))
        joined = joined.join(found, on=":key", how="left", maintain_order="left").drop(":key")
        lost = (filled & pl.col(":value").is_null()).alias(":lost")
        joined = joined.with_columns(lost, pl.col(":value").alias(column))
        rows.rows = joined.drop(":value")
        if column == CRIME:
            rows.drop(pl.col(":lost"), NO_KEY_FOUND)
        rows.rows = rows.rows.drop(":lost")


def _lookup_frame(lookup: KeyLookup, sheets: Mapping[SheetKey, Sheet]) -> pl.DataFrame:
    """Return `:key` and `:value`, each key once, of the sheet and of others of the same layout."""
    names = [lookup.key, lookup.value]
    having = [sheet for sheet in sheets.values() if set(names) <= set(sheet.cells.column_names)]
    cells = pl.concat([pl.DataFrame(pl.from_arrow(sheet.cells.select(names))) for sheet in having])
    key, value = (
        read_column(CRIMES, CRIME, ColumnMeaning(heading, CRIMES, CRIME, 1.0), cells).values[CRIME] for heading in names
    )
    return (
        pl.select(key.rename(":key"), value.rename(":value"))
        .drop_nulls()
        .unique(":key", keep="first", maintain_order=True)
    )


def _set_keyless_aside(rows: PartRows, part: SplitPart, cells: pl.DataFrame) -> None:
    """Set the rows aside that name no record of the return: no crime number, or a total in its place."""
    if part.only_completes and part.table == PERSONS:
        rows.drop(pl.col(PERSON).is_null(), "no person reference")
        return
    keys = [name for name in KEYS_PRESENT.get(part.table, ()) if name in rows.rows.columns]
    if not keys:
        return
    if keys[0] == CRIME:
        rows.drop(pl.col(CRIME).str.contains(_TOTAL), TOTAL_ROW)
    rows.drop(pl.all_horizontal(pl.col(keys).is_null()), NO_CRIME_NUMBER if CRIME in keys else "no reference")
