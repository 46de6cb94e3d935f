"""Propose how to split files of an export that hold several tables, such as a file of crimes with their victims.

A file that is one table of the contract is not split; `column_matching` proposes its columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from assay import contract
from assay.contract import FORCE_CODE
from assay.errors import UsageError
from assay.ingest.extracts.extract_model import ColumnMeaning, ExtractTable, Sheet, SplitPart, SplitPlan
from assay.ingest.preparation.cell_shapes import ColumnShape
from assay.ingest.preparation.code_meanings import single_words
from assay.ingest.preparation.column_fit import drafted_columns
from assay.ingest.preparation.column_matching import TableProposal
from assay.ingest.preparation.export_files import MAX_VALUES, ExportFile
from assay.ingest.preparation.header_detection import is_header_a_record
from assay.ingest.preparation.withheld_words import find_withheld_words
from assay.ingest.system_layouts import SystemLayout
from assay.wording import count_phrase

# The extracts package is imported inside functions, because it uses `heading_words` of this package.

INVOLVEMENTS, FLAGS = "involvements", "flags"
ANY_KIND = "kind"


@dataclass(frozen=True)
class SplitTable:
    """One table of the return that is made from split files.

    Parameters
    ----------
    sources
        The files and sheets that it is made from.
    rows
        The number of rows that they give.
    columns
        The columns of the contract that they fill.
    kinds
        Kind of event -> number of rows; empty for any other table.
    """

    name: str
    sources: tuple[str, ...]
    rows: int
    columns: frozenset[str]
    kinds: Mapping[str, int] = field(default_factory=dict)

    @property
    def source_text(self) -> str:
        """Return the names of the files and sheets, for a sentence."""
        return ", ".join(self.sources)

    def missing_column_names(self, *requirements: str) -> list[str]:
        """Return the requested columns that no part fills and that are required: "yes", "if known" or both."""
        table = contract.table(self.name)
        return [
            column.name
            for column in drafted_columns(table)
            if column.name not in self.columns and table.requirement(column) in requirements
        ]


@dataclass(frozen=True)
class SplitProposal:
    """The files that are split, the parts and tables that they make, and guesses that a person must confirm.

    `unread` are sentences on what of the files was not read, such as hidden sheets.
    """

    plan: SplitPlan = field(default_factory=lambda: SplitPlan(()))
    tables: tuple[SplitTable, ...] = ()
    files: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExportSheets:
    """The sheets of an export, and remarks on the parts of its files that were not read.

    Parameters
    ----------
    sheets
        The sheets with a heading line.
    remarks
        A sentence on each sheet without a heading line.
    file_notes
        File -> sentences on what of it was not read as a sheet, such as hidden sheets. They hold for a file that is
        split; a file that is one table is read by another reader, which has sentences of its own.
    """

    sheets: tuple[Sheet, ...]
    remarks: tuple[str, ...]
    file_notes: Mapping[str, tuple[str, ...]]


def read_export_sheets(paths: Sequence[Path]) -> ExportSheets:
    """Read the sheets of the files of an export."""
    from assay.ingest.extracts.extract_files import read_sheets

    readings = {path.name: read_sheets([path]) for path in paths}
    sheets = [sheet for reading in readings.values() for sheet in reading.sheets]
    records = [sheet for sheet in sheets if is_header_a_record(_shapes(sheet))]
    remarks = tuple(
        f"{sheet.label}: the first line looks like a record. Export it with the names of its columns."
        for sheet in records
    )
    notes = {
        file: tuple(dict.fromkeys((
            *(remark for sheet in reading.sheets for remark in sheet.remarks), *reading.remarks, *reading.refusals)))
        for file, reading in readings.items()
    }  # fmt: skip
    return ExportSheets(tuple(sheet for sheet in sheets if sheet not in records), remarks, notes)


def _shapes(sheet: Sheet) -> dict[str, ColumnShape]:
    return {name: _shape(sheet.cells.column(name)) for name in sheet.cells.column_names}


def _shape(cells: pa.ChunkedArray) -> ColumnShape:
    counts = pl.Series(cells).drop_nulls().value_counts(sort=True)
    words, rows = counts.to_series(0).to_list(), counts.to_series(1).to_list()
    return ColumnShape(sum(rows), len(words), dict(zip(words[:MAX_VALUES], rows[:MAX_VALUES], strict=True)))


def propose_split(
    sheets: Sequence[Sheet],
    proposals: Sequence[TableProposal],
    force_code: str,
    requested_tables: Collection[str],
    *,
    kept_files: Collection[str] = (),
    previous: SplitPlan | None = None,
    learned: Sequence[SystemLayout] = (),
) -> SplitProposal:
    """Propose how files that hold more than one table are split.

    Parameters
    ----------
    sheets
        The sheets of the export.
    proposals
        The files that match one table of the contract.
    requested_tables
        The tables that may be drafted.
    kept_files
        Files that a person has described as one table: they are not split.
    previous
        The parts that a person wrote as `[[split]]` sections before. Their files are split as they say.
    learned
        Layouts that other forces gave.

    Raises
    ------
    UsageError
        If an extract that must be split says that it is of another force.
    """
    from assay.ingest.extracts.split_plan import plan_split

    sheets = [sheet for sheet in sheets if sheet.file not in kept_files]
    if not sheets:
        return SplitProposal()
    plan, remarks = _with_previous(plan_split(sheets, learned), previous, sheets)
    person_files = {part.file for part in previous.parts} if previous and not remarks else set[str]()
    files = _files_to_split(plan.parts, proposals, {part.file for part in previous.parts} if previous else set())
    if not files:
        unmatched = {sheet.file for sheet in sheets} - {proposal.export.file for proposal in proposals}
        return SplitProposal(remarks=(*remarks, *(plan.problems if unmatched and not proposals else ())))
    if plan.problems:
        return SplitProposal(remarks=(*remarks, *plan.problems))
    if plan.force_code and plan.force_code != force_code:
        raise UsageError(
            f"The export says that it is of {plan.force_code}, and --force names {force_code}. Name the force of the "
            "export, or the folder with the export of the other force."
        )
    return _proposal(_plan_of_files(plan, files), sheets, requested_tables, tuple(remarks), person_files)


def _with_previous(
    plan: SplitPlan, previous: SplitPlan | None, sheets: Sequence[Sheet]
) -> tuple[SplitPlan, tuple[str, ...]]:
    """Return the plan with the parts that a person wrote, if the export still has all that they name.

    What recognition did not find is then no problem, because the person named it. Records of two forces still are one.
    """
    from assay.ingest.extracts import extract_problems
    from assay.ingest.extracts.split_sections import missing_headings

    if previous is None or not previous.parts:
        return plan, ()
    if missing := missing_headings(previous, sheets):
        return plan, missing
    files = {part.file for part in previous.parts}
    used = {(part.file, part.sheet, meaning.heading) for part in previous.parts for meaning in part.columns.values()}
    new_parts = tuple(part for part in plan.parts if part.file not in files)
    waiting = tuple(guess for guess in plan.waiting if (*guess[:2], guess[2].heading) not in used)
    problems = tuple(text for text in plan.problems if not text.startswith(tuple(extract_problems.NOT_RECOGNISED)))
    return replace(plan, parts=(*previous.parts, *new_parts), waiting=waiting, problems=problems), ()


@dataclass(frozen=True)
class _ExportParts:
    """What each file of an export holds.

    Parameters
    ----------
    parts
        File -> the parts that split it.
    proposed
        File -> the table of the contract that it matches as a whole.
    """

    parts: Mapping[str, Sequence[SplitPart]]
    proposed: Mapping[str, str]

    def tables_of(self, file: str) -> set[str]:
        """Return the table that a file matches as a whole; empty if it matches none."""
        return {self.proposed[file]} if file in self.proposed else set()

    def tables_of_others(self, file: str) -> set[str]:
        """Return the tables that the other files match as a whole."""
        return {table for other, table in self.proposed.items() if other != file}

    def has_same_layout(self, file: str, parts: Sequence[SplitPart]) -> bool:
        """Return True if another file, which is one table as a whole, has the same columns: an earlier export of it.

        Such a file is named to the force, and not added to the other: the same crimes may be in both.
        """
        layout = _layout(parts)
        return any(_layout(self.parts.get(other, ())) == layout for other in self.proposed if other != file)


def _layout(parts: Sequence[SplitPart]) -> set[tuple[str, frozenset[str], tuple[tuple[str, str], ...]]]:
    """Return table, headings and fixed values of the parts that make rows."""
    return {
        (part.table, frozenset(meaning.heading for meaning in part.columns.values()), tuple(sorted(part.fixed.items())))
        for part in parts
        if not part.only_completes
    }


def _files_to_split(
    parts: Sequence[SplitPart], proposals: Sequence[TableProposal], written_files: Collection[str]
) -> frozenset[str]:
    """Return the files that are not one table each, and those that make or complete the same tables."""
    by_file: dict[str, list[SplitPart]] = {}
    for part in parts:
        by_file.setdefault(part.file, []).append(part)
    all_files = _ExportParts(by_file, {proposal.export.file: proposal.table.name for proposal in proposals})
    files = {
        file
        for file, file_parts in by_file.items()
        if file in written_files or _is_several_tables(file, file_parts, all_files)
    }
    tables = {part.table for file in files for part in by_file[file]} - {FLAGS}
    files |= {file for file, file_parts in by_file.items() if files and tables & {part.table for part in file_parts}}
    looked_up = {lookup.file for file in files for part in by_file[file] for lookup in part.lookups.values()}
    return frozenset(files | looked_up)


def _is_several_tables(file: str, parts: Sequence[SplitPart], files: _ExportParts) -> bool:
    """Return True if a file makes tables that no file makes alone, or one table from several sheets or blocks.

    Columns of flags do not count: `flag_section_draft` proposes them for a file of crimes.
    """
    row_parts = [part for part in parts if not part.only_completes]
    tables = {part.table for part in row_parts} - {FLAGS}
    matched = files.tables_of(file)
    if not matched:
        return bool(tables) and not files.has_same_layout(file, row_parts)
    persons = Counter(part.sheet for part in row_parts if part.table == INVOLVEMENTS)
    # One table of crimes in a file that is known as another table, such as summaries, is that table.
    return bool(
        (len(tables) > 1 and tables - {*matched, *files.tables_of_others(file)})
        or len({part.sheet for part in row_parts}) > 1
        or max(persons.values(), default=0) > 1
    )


def _plan_of_files(plan: SplitPlan, files: Collection[str]) -> SplitPlan:
    return replace(
        plan,
        parts=tuple(part for part in plan.parts if part.file in files),
        waiting=tuple(guess for guess in plan.waiting if guess[0] in files),
        unused=tuple(column for column in plan.unused if column[0] in files),
        descriptions=tuple(text for text in plan.descriptions if text[0] in files),
    )


def _proposal(
    plan: SplitPlan,
    sheets: Sequence[Sheet],
    requested_tables: Collection[str],
    remarks: tuple[str, ...],
    person_files: Collection[str],
) -> SplitProposal:
    from assay.ingest.extracts.open_codes import open_codes
    from assay.ingest.extracts.split_tables import split_extract

    files = frozenset(part.file for part in plan.parts)
    unrequested = list(dict.fromkeys(part.table for part in plan.parts if part.table not in requested_tables))
    remarks += tuple(f"The export holds {name}, which is not requested, and is left out." for name in unrequested)
    withheld_words = find_withheld_words([_as_export(sheet) for sheet in sheets], ())
    requested = _requested_part_columns(plan, requested_tables)
    draft, sentences = _without_withheld_words(requested, sheets, withheld_words, person_files)
    open_texts = [code.sentence for code in open_codes(sheets, draft)]
    tables = split_extract(sheets, draft) if draft.parts else {}
    split_tables = tuple(_table(table, draft) for name, table in tables.items() if table.rows.num_rows)
    unreadable = [sheet.unreadable_rows_sentence for sheet in sheets if sheet.file in files]
    texts = (*remarks, *filter(None, unreadable), *sentences, *open_texts, *_cell_remarks(tables))
    return SplitProposal(draft, split_tables, files, texts)


def _as_export(sheet: Sheet) -> ExportFile:
    return ExportFile(sheet.label, columns=tuple(sheet.cells.column_names), shapes=_shapes(sheet))


def _requested_part_columns(plan: SplitPlan, requested_tables: Collection[str]) -> SplitPlan:
    """Return the plan with the tables and columns that are asked for; the key of a person or crime is always."""
    parts = [_requested_columns(part) for part in plan.parts if part.table in requested_tables]
    waiting = [
        guess for guess in plan.waiting if guess[2].table in requested_tables and _is_requested(guess[2])
    ]  # fmt: skip
    return replace(plan, parts=tuple(parts), waiting=tuple(waiting))


def _requested_columns(part: SplitPart) -> SplitPart:
    columns = {name: meaning for name, meaning in part.columns.items() if _is_requested(meaning)}
    return replace(
        part,
        columns=columns,
        otherwise={name: meanings for name, meanings in part.otherwise.items() if name in columns},
        lookups={name: lookup for name, lookup in part.lookups.items() if name in columns},
        separated=part.separated if part.separated in columns else "",
    )


def _is_requested(meaning: ColumnMeaning) -> bool:
    if meaning.column == FORCE_CODE:
        return False
    return meaning.column in {column.name for column in drafted_columns(contract.table(meaning.table))}


def _without_withheld_words(
    plan: SplitPlan, sheets: Sequence[Sheet], withheld_words: Collection[str], person_files: Collection[str]
) -> tuple[SplitPlan, tuple[str, ...]]:
    """Return the plan without words that may come from text or names, and a sentence for each column that had some.

    The parts of `person_files` keep their words, because a person wrote them.
    """
    from assay.ingest.extracts.written_words import with_each_meaning, without_private_words

    plan, sentences = without_private_words(plan, sheets, person_files)
    withheld_by_heading: dict[str, set[str]] = {}

    def without_names(meaning: ColumnMeaning) -> ColumnMeaning:
        values = {word: value for word, value in meaning.values.items() if _may_be_shown(meaning, word, withheld_words)}
        withheld_by_heading.setdefault(meaning.heading, set()).update(meaning.values.keys() - values)
        return replace(meaning, values=values)

    shown_plan = replace(
        plan,
        parts=tuple(
            part if part.file in person_files else with_each_meaning(part, without_names) for part in plan.parts
        ),
        waiting=tuple((file, sheet, without_names(meaning)) for file, sheet, meaning in plan.waiting),
    )
    among_names = tuple(
        f"{count_phrase(len(words), 'word')} of {heading} not shown, because a part of them also occurs among "
        "names or texts."
        for heading, words in withheld_by_heading.items()
        if words
    )
    return shown_plan, (*sentences, *among_names)


def _may_be_shown(meaning: ColumnMeaning, word: str, withheld_words: Collection[str]) -> bool:
    """Return True if a word is listed, or if no part of it occurs among names or texts."""
    from assay.ingest.extracts.written_words import is_listed_word

    text = word.casefold()
    is_withheld = any(part in withheld_words for part in (text, *single_words(text)))
    return is_listed_word(word, meaning.table, meaning.column) or not is_withheld


def _table(table: ExtractTable, plan: SplitPlan) -> SplitTable:
    parts = [part for part in plan.parts if part.table == table.name]
    sources = dict.fromkeys(f"{part.file}, sheet {part.sheet}" if part.sheet else part.file for part in parts)
    kinds: dict[str, int] = {}
    if table.name == "events" and ANY_KIND in table.rows.column_names:
        counts: Counter[Any] = Counter(table.rows.column(ANY_KIND).to_pylist())
        kinds = {kind: rows for kind, rows in sorted(counts.items(), key=str) if kind}
    columns = frozenset(name for part in parts for name in (*part.columns, *part.fixed))
    return SplitTable(table.name, tuple(sources), table.rows.num_rows, columns, kinds)


def _cell_remarks(tables: Mapping[str, ExtractTable]) -> Iterator[str]:
    """Yield a sentence on rows that become no row of a table, and on cells that are not read."""
    for name, table in tables.items():
        for reason, rows in table.set_aside.items():
            yield f"{name}: {count_phrase(rows, 'row')} of the export set aside: {reason}."
        for (column, heading), cells in table.not_understood.items():
            yield (
                f"{name}, {column}: {count_phrase(cells, 'cell')} of {heading} not understood. Add the words under "
                f"values.{column} in mapping.toml."
            )
