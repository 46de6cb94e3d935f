"""Grade how well a column of a file fits a column of the contract, by heading and cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from assay import contract
from assay.contract import FORCE_CODE, Column, Table
from assay.ingest import offence_codes
from assay.ingest.preparation.cell_shapes import MIN_FIT_SHARE, ColumnShape
from assay.ingest.preparation.code_meanings import has_closed_list, known_share
from assay.ingest.preparation.export_files import ExportFile
from assay.ingest.preparation.heading_words import Words, heading_word_set, word_similarity
from assay.ingest.system_layouts import system_layouts
from assay.ingest.time_zones import names_universal_time
from assay.reference import Declarations

NO_GRADE, SIMILAR_WORDS, POSSIBLE_NAME, SAME_WORDS, EXACT_NAME = range(5)
"""Grades of a heading for a column: no match, shared words, possible meaning, meaning, exact name."""
MIN_WORD_SIMILARITY = 0.66
MAX_YES_NO_WORDS, MAX_LIST_WORDS = 4, 60
TIME_KINDS = ("date", "time", "when")
FORCE_COLUMN = Column(FORCE_CODE, "code", "yes", values="force_code")


@dataclass(frozen=True)
class ColumnFit:
    """A candidate match of a column of the specification and a heading of the file."""

    column: Column
    heading: str
    heading_grade: int
    share: float
    is_contradicted: bool
    reason: str
    no_word_known: bool = False
    """True if the column is not empty and its list has none of its words."""
    is_class_alone: bool = False
    """True if some cells hold only an offence class, whose sub-code may be in another column."""
    is_universal_time: bool = False
    """True if the heading names universal time and the cells have no zone."""


def drafted_columns(table: Table) -> tuple[Column, ...]:
    """Return the columns to draft: those that assay reads, or all if it reads none of the table."""
    return tuple(
        column
        for column in table.columns
        if column.is_requested or column.name in table.key or not table.requested_columns
    )


def drafted_tables(declared: Declarations | None) -> tuple[str, ...]:
    """Return the tables to draft: those that a request declares, or else those that assay reads."""
    declared_names = tuple(name for name in contract.tables() if name in (declared or {}))
    return declared_names or tuple(contract.requested_tables())


def find_column_fits(table: Table, export: ExportFile, keys: Mapping[str, Collection[str]]) -> list[ColumnFit]:
    """Return every pair of a column and a heading that the words of the heading or the cells support.

    Columns that are not requested are included, so that none of their headings is taken for another column.
    """
    candidate_columns = (FORCE_COLUMN, *table.columns)
    candidates = [
        _column_fit(table, column, heading, export, keys) for column in candidate_columns for heading in export.columns
    ]
    return [fit for fit in candidates if fit is not None]


def _column_fit(
    table: Table, column: Column, heading: str, export: ExportFile, keys: Mapping[str, Collection[str]]
) -> ColumnFit | None:
    heading_grade, heading_reason = grade_heading(table, column, heading)
    shape = export.shape(heading)
    if not heading_grade and not _is_recognisable_by_cells(column, shape, keys):
        return None
    share, is_contradicted, cell_reason = grade_cells(table, column, shape, keys)
    if not heading_grade and (is_contradicted or share < MIN_FIT_SHARE):
        return None
    reason = "; ".join(phrase for phrase in (heading_reason, cell_reason) if phrase)
    no_word_known = has_closed_list(column) and bool(shape.filled) and not share
    is_class_alone = column.values == "offence_code" and any(map(offence_codes.is_divided_class, shape.values))
    if is_class_alone:
        reason = f"{reason}; some cells hold an offence class alone, and its sub-code may be in another column"
    is_universal_time = (
        column.kind in TIME_KINDS and names_universal_time(heading) and not shape.dates.time.endswith("Z")
    )
    if is_universal_time:
        reason = f"{reason}; its heading names universal time, and its cells have no zone"
    return ColumnFit(
        column, heading, heading_grade, share, is_contradicted, reason, no_word_known, is_class_alone, is_universal_time
    )


def _is_recognisable_by_cells(column: Column, shape: ColumnShape, keys: Mapping[str, Collection[str]]) -> bool:
    """Return True if cells alone identify the column: words of its own list, or references to another table."""
    if column.refers:
        return shape.distinct >= 20 and column.refers in keys
    if column.kind != "code" or column.values in ("", "offence_code", "outcome_code"):
        return False
    spelled_out = all(len(word) > 3 for word in shape.values)
    return (2 if spelled_out else 3) <= shape.distinct <= MAX_LIST_WORDS


def grade_heading(table: Table, column: Column, heading: str) -> tuple[int, str]:
    """Return how well a heading fits a column (its grade), and the reason as a phrase."""
    if heading == column.name:
        return EXACT_NAME, "it has the name of the contract"
    heading_words = heading_word_set(heading)
    word_sets = (
        heading_words,
        heading_words - heading_word_set(table.name) - heading_word_set(table.name.removesuffix("s")),
    )
    if heading_word_set(column.name) in word_sets:
        return SAME_WORDS, "the same words as the name in the contract"
    for is_sure, grade in ((True, SAME_WORDS), (False, POSSIBLE_NAME)):
        for layout in system_layouts():
            if any(heading_word_set(name) in word_sets for name in layout.headings(table.name, column.name, is_sure)):
                return grade, f"{'means' if is_sure else 'may mean'} it in: {layout.name} ({layout.status})"
    if not _has_qualifier(table, column, heading_words):
        return NO_GRADE, ""
    similarity = max((word_similarity(heading_words, name) for name in _known_names(table, column)), default=0.0)
    return (
        (SIMILAR_WORDS, "its heading shares words with the contract")
        if similarity >= MIN_WORD_SIMILARITY
        else (NO_GRADE, "")
    )


def _has_qualifier(table: Table, column: Column, heading_words: Words) -> bool:
    """Return False if a heading lacks the words by which a column differs from a plainer column of its table.

    `other_force_crime_ref` holds all words of `crime_ref`: a heading without "other" is not the former.
    """
    words = heading_word_set(column.name)
    plainer = [name for name in table.column_names if heading_word_set(name) < words]
    names = [heading_word_set(name) for name in table.column_names if name != column.name]
    qualifiers = words.difference(*names)
    return not plainer or not qualifiers or bool(heading_words & qualifiers)


def _known_names(table: Table, column: Column) -> list[Words]:
    return [
        heading_word_set(column.name),
        *(
            heading_word_set(name)
            for layout in system_layouts()
            for name in layout.headings(table.name, column.name, True)
        ),
    ]


def grade_cells(
    table: Table, column: Column, shape: ColumnShape, keys: Mapping[str, Collection[str]]
) -> tuple[float, bool, str]:
    """Return the share of cells that fit, whether they rule the column out, and the reason as a phrase."""
    if not shape.filled:
        return 0.0, False, "every cell is empty"
    if column.kind in TIME_KINDS:
        dates = shape.dates
        form = " or ".join(part for part in (dates.day, dates.time) if part)
        if not form:
            return 0.0, True, "its cells are dates in an unknown format: export them as DD/MM/YYYY"
        return (
            dates.share,
            dates.share < MIN_FIT_SHARE,
            f"{_percent_of(dates.share)} cells are dates in the form {form}",
        )
    if has_closed_list(column):
        share = known_share(column, shape.values)
        has_many_words = shape.distinct > (MAX_YES_NO_WORDS if column.kind == "yesno" else MAX_LIST_WORDS)
        is_weak = share < (0.5 if column.values != "offence_code" else MIN_FIT_SHARE)
        content = "a code or a class of its list" if column.values == "offence_code" else "a word that is in its list"
        return share, has_many_words and is_weak, f"{_percent_of(share)} cells hold {content}"
    if column.kind in ("int", "num"):
        return (
            shape.number_share,
            shape.number_share < MIN_FIT_SHARE,
            f"{_percent_of(shape.number_share)} cells are numbers",
        )
    return _grade_references(table, column, shape, keys)


def _grade_references(
    table: Table, column: Column, shape: ColumnShape, keys: Mapping[str, Collection[str]]
) -> tuple[float, bool, str]:
    if (column.name,) == table.key:
        return (
            1.0 if shape.is_unique else 0.5,
            not shape.is_unique,
            "" if shape.is_unique else "a value occurs twice in it",
        )
    if column.refers in keys and shape.values:
        share = sum(value in keys[column.refers] for value in shape.values) / len(shape.values)
        return share, share < 0.5, f"{_percent_of(share)} values are keys in {column.refers}"
    return 1.0, False, ""


def _percent_of(share: float) -> str:
    return f"{int(100 * share)}% of"


def key_values(table: str, export: ExportFile, heading: str) -> Collection[str] | None:
    """Return all values of the table's key column in its file; None if the key is not one column or has too many."""
    shape = export.shape(heading)
    is_whole = len(shape.values) == shape.distinct and len(contract.table(table).key) == 1
    return frozenset(shape.values) if is_whole and shape.values else None
