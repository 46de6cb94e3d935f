"""The data structures of a flat extract: its sheets, the meaning of its columns, and the tables it is split into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from assay.ingest.extracts.row_kinds import UNREADABLE
from assay.wording import count_phrase

ANY_CELL = "*"
"""In `only_where`: any cell that says something, and no word for no."""

UNPAIRED, TAKEN_BACK = "entries differ in number", "taken back by an event"
"""Written in place of a cell whose meaning is not known: a list whose entries cannot be assigned to the persons of the
cell beside it, or an outcome that a later event withdraws. No reader of values accepts these texts."""


@dataclass(frozen=True)
class Sheet:
    """One table of cells: a delimited file, a Parquet file, or one sheet of a workbook.

    Parameters
    ----------
    file, name
        The name of the file, and of the sheet in a workbook ('' in a file of one table).
    cells
        One string column for each heading, null where a cell is empty. Headings are stripped and unique: a second "DOB"
        is "DOB (2)".
    lines
        The line or row number in the file of each record (int64), for messages.
    set_aside
        Rows that are no records, by reason: "blank row", "title row", "total row", "repeated header", "unreadable row".
    remarks
        Sentences on what was noticed while reading; they hold no content of a record.
    title
        The text of the rows above the heading: 'Suspects linked to crimes'.
    """

    file: str
    name: str
    cells: pa.Table
    lines: pa.Array
    set_aside: Mapping[str, int] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    remarks: tuple[str, ...] = ()
    title: str = ""

    @property
    def label(self) -> str:
        """Return the name for messages: 'extract.csv', or 'extract.xlsx, sheet Crimes'."""
        return f"{self.file}, sheet {self.name}" if self.name else self.file

    @property
    def unreadable_rows_sentence(self) -> str:
        """Return a sentence on the rows that could not be read, with the next step; '' if there are none."""
        if not (count := self.set_aside.get(UNREADABLE, 0)):
            return ""
        rows = count_phrase(count, "row could not be read and is", "rows could not be read and are")
        return (
            f"{self.label}: {rows} not used, because the quotes in it do not match, or it has more or fewer cells than "
            "the heading. Correct it, or export the file again."
        )


@dataclass(frozen=True)
class ColumnMeaning:
    """The meaning of one column of a sheet in one table of the return.

    Parameters
    ----------
    table, column
        The table and column of the contract.
    probability
        The probability, 0 to 1, that the meaning is right, from the heading and the cells together.
    reasons
        Phrases that name the evidence for the probability.
    values
        The sender's word -> the value of the contract; '' where the word means that nothing is known.
    form
        The form of dates or times, such as 'DD/MM/YYYY HH:MM'; '' for a column of other kinds.
    joined_heading
        The heading of a second column whose cell completes the first: the time beside a date, the sub-code beside an
        offence class; '' if none.
    joined_by
        What stands between both cells where they are read together: ' ' for a time, '/' for a sub-code.
    kind
        'full_name' where the cell holds forenames and surname together; otherwise what kind of values was recognised.
    """

    heading: str
    table: str
    column: str
    probability: float
    reasons: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    joined_heading: str = ""
    joined_by: str = " "
    kind: str = ""


@dataclass(frozen=True)
class KeyLookup:
    """The other sheet in which to look up a system key, to find the crime number or person reference.

    Parameters
    ----------
    file, sheet
        The other sheet.
    key
        Its heading with the key of the system.
    value
        Its heading with the reference that the return uses.
    """

    file: str
    sheet: str
    key: str
    value: str


@dataclass(frozen=True)
class SplitPart:
    """The rule that makes one table from one sheet: each record gives at most one row, or one row for each flag.

    One sheet may have several parts for one table: a part for each block of columns of a person (V1_DOB, V2_DOB ...).

    Parameters
    ----------
    table
        The table of the contract: crimes, involvements, flags, events ...
    columns
        Column of the contract -> what the heading means. A column of the contract that is not here was not sent.
    fixed
        Column of the contract -> one value for every row, such as role = victim for a block of victim columns.
    only_where
        Heading -> words: a record gives a row only if its cell is one of them (role column; a Y/N column of one flag),
        or says anything if the word is `ANY_CELL` (the date of one flag).
    separator
        The separator of a cell that holds several values, such as ';' in 'CSE; CSA'; '' if a cell holds one.
    separated
        The column of the contract that such a cell is split into; '' if none.
    ordinal
        The number of the block (1 for V1_, 2 for V2_): part of a derived key where a person has no reference.
    lookups
        Column of the contract -> where to look its key up: for a sheet that names crimes or persons by a key of the
        system, and not by crime number or person reference.
    only_completes
        True if a row completes rows of other parts with the same reference (an outcome of a crime, the details of a
        person) and makes no row of its own.
    each_row_counts
        True if two rows of a crime with equal cells are two persons, where neither reference, name nor birth date tells
        them apart. False if a join may have repeated the row.
    otherwise
        Column of the contract -> further headings that say the same, such as the label beside a code: they are read
        where the first is empty or not understood.
    numbered_by
        The heading of the number of the person in the crime (1, 2, 3): a row with it names a person even if nothing
        else is known; '' if there is none.
    empty_means
        Column of the contract -> the value that an empty cell stands for: no outcome yet, where no word says so.
    carried_down
        Headings whose empty cells mean what stands above: the crime number, printed once for all persons of a crime,
        and then labels that a pivot table prints once within the crime, such as the role.
    ordered_by
        Heading -> form of its dates, or '' for a number: what puts the rows of a crime in order, where a sheet has one
        row for each change. The last row counts.
    """

    file: str
    sheet: str
    table: str
    columns: Mapping[str, ColumnMeaning]
    fixed: Mapping[str, str] = field(default_factory=dict)
    only_where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    separator: str = ""
    separated: str = ""
    ordinal: int = 1
    lookups: Mapping[str, KeyLookup] = field(default_factory=dict)
    only_completes: bool = False
    each_row_counts: bool = False
    otherwise: Mapping[str, tuple[ColumnMeaning, ...]] = field(default_factory=dict)
    numbered_by: str = ""
    empty_means: Mapping[str, str] = field(default_factory=dict)
    carried_down: tuple[str, ...] = ()
    ordered_by: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SplitPlan:
    """How an extract is split into tables: the parts that are used, and the guesses that a person must still confirm.

    Parameters
    ----------
    parts
        The parts that are used: every meaning in them is sure, or its probability is above the threshold.
    waiting
        (file, sheet, meaning): guesses below the threshold, which are not used.
    unused
        (file, sheet, heading): columns with no meaning that could be found.
    descriptions
        (file, sheet, sentence): the unit of each sheet: 'one row for each person of a crime'.
    force_code
        The force whose extract it is, by its cells or file names; '' if they do not say.
    problems
        Sentences, each with the next step, why nothing or only a part can be used.
    """

    parts: tuple[SplitPart, ...]
    waiting: tuple[tuple[str, str, ColumnMeaning], ...] = ()
    unused: tuple[tuple[str, str, str], ...] = ()
    descriptions: tuple[tuple[str, str, str], ...] = ()
    force_code: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExtractTable:
    """One table of the return, made from an extract by the parts of a split plan.

    Parameters
    ----------
    rows
        The accepted rows: string columns for references, codes, text and yes/no ('yes', 'no'), int64 for whole numbers,
        `date32` for dates, `timestamp('us')` for times. A time of which only the day was sent is midnight, with `true`
        in the bool column NAME_is_day. Codes are those of the contract; null where nothing is known. Keys that the
        system does not have are derived, and stay the same in the next edition. In tables of persons, the bool column
        ethnicity_is_unread is true where a cell of the ethnicity was not understood. The int64 column `line`, and the
        strings `file` and `sheet`, say where the row comes from.
    records
        The number of candidate rows: accepted, merged and set aside together.
    merged
        Duplicate rows that a join made (the same crime on three person rows), which are counted once.
    set_aside
        Rows that are not used, by reason (a phrase).
    not_understood
        (column, heading) -> number of cells that are filled and could not be read; they count as not known.
    contradictions
        Column -> number of keys (crimes) on which merged rows differ. In a column of crimes nothing is known then; of
        persons and flags the first row counts.
    contradicted
        Column of crimes -> references of the crimes that contradict themselves in it.
    respelled
        References of the table that the extract writes in ways that differ in case, spaces or dashes; each is one.
    without_role
        The crime of each row that names a person whose role is not known.
    """

    name: str
    rows: pa.Table
    records: int
    merged: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)
    not_understood: Mapping[tuple[str, str], int] = field(default_factory=dict)
    contradictions: Mapping[str, int] = field(default_factory=dict)
    contradicted: Mapping[str, pa.Array] = field(default_factory=dict)
    respelled: int = 0
    without_role: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
