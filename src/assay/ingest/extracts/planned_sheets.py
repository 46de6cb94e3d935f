"""A sheet of an extract during mapping: its columns, their meanings, and the unit that one row describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from assay.ingest.extracts.cell_legends import words_of_legends
from assay.ingest.extracts.column_settlement import (
    FLAG,
    Candidate,
    SettledSheet,
    settle_columns,
)
from assay.ingest.extracts.extract_model import KeyLookup, Sheet
from assay.ingest.extracts.sheet_shape import (
    COMPLETING_ROWS,
    CRIME_ROWS,
    DESCRIPTIONS,
    FLAG_ROWS,
    LOOKUP_ROWS,
    NOTE_ROWS,
    PERSON_LINK_ROWS,
    PERSON_ROWS,
    SUMMARY_ROWS,
    UNKNOWN_ROWS,
    SheetColumn,
    SheetKey,
    is_lookup,
    is_note_sheet,
    is_summary,
    sheet_columns,
    sheet_key,
)
from assay.wording import join_words

CRIMES, PERSONS, FLAGS = "crimes", "involvements", "flags"
CRIME, PERSON, ROLE = "crime_ref", "person_ref", "role"
PROBABILITY_OF_JOIN = 0.97
"""Probability that a column is the key of another sheet when its cells stand there and nowhere else."""
MIN_PROBABILITY_OF_KEY = 0.5
"""A probable crime number is chosen if the rows of other sheets refer to it."""
PROBABILITY_OF_ROLE = 0.95
MAX_ROLE_WORDS = 60
MIN_ROWS_BENEATH = 0.05
"""Minimum share of rows without a crime number at which a report is read as printing it once for several rows."""
SUSPECT_IDENTIFIED = "suspect_identified"
FORCE, OUTCOME, NO_OUTCOME_YET = "force_code", "outcome_code", "NOA"
MAX_CODE = 4
"""Letters of a code in a sheet of notes at most: 'DKN' is explained there, 'Source' is a label."""
MAIN_COLUMNS = ("recorded_at", "offence_code", "reported_at", "occurred_from")
"""A sheet with one of these columns lists crimes."""


@dataclass
class PlannedSheet:
    """A sheet with its columns, their meanings, and the system keys that identify its crimes and persons."""

    sheet: Sheet
    columns: Mapping[str, SheetColumn]
    settled: SettledSheet
    candidates: Sequence[Candidate]
    rows: str = UNKNOWN_ROWS
    lookups: dict[str, KeyLookup] = field(default_factory=dict)
    is_carried_down: bool = False
    labels: tuple[str, ...] = ()
    ordered_by: Mapping[str, str] = field(default_factory=dict)
    is_code_list: bool = False

    @property
    def key(self) -> SheetKey:
        """Return the file and the name of the sheet."""
        return sheet_key(self.sheet)

    def heading_of(self, table: str, column: str) -> str:
        """Return the heading whose chosen meaning is this column; '' if there is none."""
        found = self.settled.find(table, column)
        return found.meaning.heading if found else ""

    @property
    def crime_key(self) -> str:
        """Return the heading of the crime number, or of the key that leads to it; '' if the sheet has neither."""
        return self.heading_of(CRIMES, CRIME)

    @property
    def is_main(self) -> bool:
        """Return True if the sheet lists the crimes of the extract."""
        return bool(self.crime_key) and any(self.settled.find(CRIMES, name) for name in MAIN_COLUMNS)


def planned_sheet(sheet: Sheet, candidates: Sequence[Candidate]) -> PlannedSheet:
    """Return a sheet with the meanings that were chosen among its candidates."""
    columns = sheet_columns(sheet)
    settled = settle_columns(sheet.cells.column_names, candidates)
    return PlannedSheet(sheet, columns, settled, candidates)


def _has_records(planned: PlannedSheet) -> bool:
    """Return True if a sheet without a crime number may still hold records: something in it is dated or of a person."""
    columns = {(settled.table, settled.column) for settled in planned.settled.chosen_columns}
    dated = any(settled.meaning.form for settled in planned.settled.chosen_columns)
    persons = {column for table, column in columns if table == PERSONS}
    keyed = any(column.is_unique or column.n_distinct > 20 for column in planned.columns.values())
    return (dated or len(persons) >= 2 or (FLAG in columns and len(planned.columns) > 2)) and keyed


def prints_crime_once(planned: PlannedSheet) -> bool:
    """Return True if a report prints the crime on its first row only, and further persons on the rows beneath."""
    persons = [column.meaning.heading for column in planned.settled.columns_of_table(PERSONS)]
    if not planned.crime_key or not persons:
        return False
    crime = [column.meaning.heading for column in planned.settled.columns_of_table(CRIMES)]
    cells = pl.DataFrame(pl.from_arrow(planned.sheet.cells))
    rows_beneath = cells.filter(pl.col(planned.crime_key).is_null())
    if (
        rows_beneath.height < MIN_ROWS_BENEATH * cells.height
        or not rows_beneath.height
        or cells[planned.crime_key][0] is None
    ):
        return False
    beneath = pl.all_horizontal(pl.col(crime).is_null()) & pl.any_horizontal(pl.col(persons).is_not_null())
    return bool(rows_beneath.select(beneath.alias("beneath"))["beneath"].mean() == 1)


MAX_REPEATED_LABELS = 0.01
"""Share of the rows that may contradict that a sheet prints labels once."""


def labels_carried_down(planned: PlannedSheet) -> tuple[str, ...]:
    """Return the headings of persons whose labels a pivot table prints once, as the role of two victims in a crime.

    A pivot table prints a label where it, or a label before it, changes. So a cell is filled where a cell before it
    is, and otherwise never repeats the label above. Where a sheet prints labels again, an empty cell is empty.
    """
    if not planned.is_carried_down:
        return ()
    cells = pl.DataFrame(pl.from_arrow(planned.sheet.cells))
    persons = {column.meaning.heading for column in planned.settled.columns_of_table(PERSONS)}
    return tuple(
        heading for place, heading in enumerate(cells.columns)
        if heading in persons and place and _prints_labels_once(cells, place)
    )  # fmt: skip


def _prints_labels_once(cells: pl.DataFrame, place: int) -> bool:
    label = pl.col(cells.columns[place])
    begins_group = pl.any_horizontal(pl.col(cells.columns[:place]).is_not_null())
    breaks_rule = pl.when(begins_group).then(label.is_null()).otherwise(label == label.forward_fill().shift(1))
    found = cells.select(
        n_empty=label.is_null().sum(), n_broken=breaks_rule.fill_null(False).sum(),
        n_shown=(~begins_group & label.is_not_null()).sum(),
    ).row(0, named=True)  # fmt: skip
    return bool(found["n_empty"] and found["n_shown"] and found["n_broken"] <= MAX_REPEATED_LABELS * cells.height)


def rows_of(planned: PlannedSheet) -> str:
    """Return what one row of a sheet describes: a crime, the link of a person to a crime, a flag, or further facts."""
    if not planned.crime_key:
        return _rows_without_crime(planned)
    if planned.columns[planned.crime_key].is_unique and not planned.is_carried_down:
        return CRIME_ROWS
    persons = planned.settled.columns_of_table(PERSONS)
    if any(not column.block for column in persons):
        return PERSON_LINK_ROWS
    if planned.settled.find(*FLAG):
        return FLAG_ROWS
    return COMPLETING_ROWS if not planned.is_main else CRIME_ROWS


def _rows_without_crime(planned: PlannedSheet) -> str:
    if planned.is_code_list:
        return LOOKUP_ROWS
    if planned.heading_of(PERSONS, PERSON):
        return PERSON_ROWS
    if _has_records(planned):
        return UNKNOWN_ROWS
    if is_note_sheet(planned.sheet, planned.columns):
        return NOTE_ROWS
    if is_summary(planned.sheet, planned.columns):
        return SUMMARY_ROWS
    return LOOKUP_ROWS if is_lookup(planned.sheet, planned.columns) else UNKNOWN_ROWS


def row_description(planned: PlannedSheet) -> str:
    """Return what one row of a sheet is, for the letter, and which of several rows of a crime counts."""
    if planned.ordered_by:
        orders = join_words([f"\u2018{heading}\u2019" for heading in planned.ordered_by])
        return f"several rows for a crime, one for each change; the last by {orders} counts"
    if planned.rows == CRIME_ROWS and planned.crime_key and _repeats_crimes(planned):
        return "several rows for a crime; what differs between them is not known"
    if planned.rows == NOTE_ROWS and any(len(word) <= MAX_CODE for word in words_of_legends([planned.sheet])):
        return f"{DESCRIPTIONS[NOTE_ROWS]}; a short word that it explains is understood in the other sheets"
    return DESCRIPTIONS[planned.rows]


def _repeats_crimes(planned: PlannedSheet) -> bool:
    """Return True if more than a few rows repeat a crime number, in a sheet that describes no persons row by row."""
    return not planned.columns[planned.crime_key].is_unique and not planned.is_carried_down
