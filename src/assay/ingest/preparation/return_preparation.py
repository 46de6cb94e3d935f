"""Prepare a return from an export: draft mapping and manifest, and summarise what is sure, guessed and unknown."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from assay import contract
from assay.errors import SourceError, UsageError
from assay.ingest.changed_files import explain_changed_files
from assay.ingest.column_mapping import MAPPING_FILE
from assay.ingest.preparation import flag_section_draft, manifest_draft, mapping_draft
from assay.ingest.preparation.code_meanings import WordMeanings
from assay.ingest.preparation.column_fit import drafted_tables
from assay.ingest.preparation.column_matching import (
    TableProposal,
    propose_tables,
    unknown_file_remark,
    without_unrequested,
)
from assay.ingest.preparation.example_learning.column_lessons import TableLesson
from assay.ingest.preparation.example_learning.example_folder import read_example
from assay.ingest.preparation.example_learning.file_pairing import learn_lessons
from assay.ingest.preparation.example_learning.proposal_correction import apply_lessons
from assay.ingest.preparation.export_files import ExportFile, read_export
from assay.ingest.preparation.mapping_draft import AMBIGUOUS_ORDER, TableDraft, draft_table
from assay.ingest.preparation.previous_mapping import (
    PreviousMapping,
    apply_previous_mapping,
    find_section_file,
    read_previous_mapping,
)
from assay.ingest.preparation.reading_warnings import reading_notes
from assay.ingest.preparation.split_draft import split_text
from assay.ingest.preparation.split_proposal import SplitProposal, SplitTable, propose_split, read_export_sheets
from assay.ingest.preparation.withheld_words import find_withheld_words
from assay.ingest.return_manifest import MANIFEST_FILE, ReturnManifest
from assay.ingest.staging_store import StagingStore
from assay.ingest.system_layouts import SystemLayout, system_layouts
from assay.reference import DataRequest, Declarations
from assay.wording import count_phrase

MAX_GUESSES = 12
NEXT_STEP_NO_TABLE = (
    "Export one file for each table and run assay prepare again. assay contract writes the list of tables."
)
SLOTS_NOT_DRAFTED = (
    "no table is drafted for the people in numbered columns: export involvements with one row per person, or name the "
    "columns of one of them in mapping.toml under [tables.involvements], with fixed.role"
)


@dataclass(frozen=True)
class PreparedReturn:
    """The result of a preparation: table drafts, written files and remarks.

    `remarks` are sentences on what could not be used, by file name and column name. `split_tables` are the tables that
    files make which hold several.
    """

    folder: Path
    tables: tuple[TableDraft, ...]
    paths: tuple[Path, ...]
    remarks: tuple[str, ...]
    split_tables: tuple[SplitTable, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the result for other programs: file names, headings, columns and counts, but no cells."""
        tables = {
            table.name: {
                "file": table.proposal.export.file,
                "records": table.proposal.export.records,
                "table_sure": table.proposal.is_sure,
                "date_form": table.forms.day,
                "time_form": table.forms.time,
                "form_sure": table.forms.is_sure,
                "by_example": list(table.example_mapping.columns),
                "sure": {match.column: match.heading for match in table.sure_matches},
                "guessed": {match.column: match.heading for match in table.guessed_matches},
                "lacking": [column.name for column in table.missing_columns],
                "not_used": list(table.proposal.unmatched_headings),
                "not_asked": dict(table.proposal.unrequested),
                "readings": reading_notes(table),
                "unmapped_words": {
                    name: _unknown_word_count(column_meanings)
                    for name, column_meanings in table.meanings.items()
                    if _unknown_word_count(column_meanings)
                },
            }
            for table in self.tables
        }
        return {
            "folder": str(self.folder),
            "tables": tables,
            "split": {
                table.name: {"sources": list(table.sources), "rows": table.rows, "columns": sorted(table.columns)}
                for table in self.split_tables
            },
            "written": [str(path) for path in self.paths],
            "remarks": list(self.remarks),
        }

    def summary_lines(self) -> list[str]:
        """Return the result as lines for a terminal."""
        split_files = {source.partition(", sheet ")[0] for table in self.split_tables for source in table.sources}
        files = len(self.tables) + len(split_files)
        tables_text = "tables" if split_files else "a table"
        lines_out = [f"{count_phrase(files, 'file')} in {self.folder} taken for {tables_text} of the return:"]
        for table in self.tables:
            lines_out += _table_summary(table)
        lines_out += [
            f"  {table.name}: {count_phrase(table.rows, 'row')} with {count_phrase(len(table.columns), 'column')}, "
            f"split from {table.source_text}"
            for table in self.split_tables
        ]
        lines_out += [f"Noticed: {remark}" for remark in self.remarks]
        lines_out += [f"Written: {path}" for path in self.paths]
        lines_out.append(
            "Next: check each guess in the drafts and remove '# guess: ' from the correct ones, fill in each "
            "TODO, then run assay self-audit."
        )
        lines_out.append(
            "assay cannot know whether a table is complete, or why something is not sent. State both in return.toml."
        )
        return lines_out


def _unknown_word_count(column_meanings: WordMeanings) -> int:
    return len(column_meanings.unmapped) + column_meanings.hidden_words


def _table_summary(table: TableDraft) -> list[str]:
    export = table.proposal.export
    form = f", {table.forms.text()}" if table.forms.text() else ""
    delimiter_text = "tab" if export.delimiter == "\t" else export.delimiter
    lead = f"{table.name}: {export.file}" if table.proposal.is_sure else f"perhaps {table.name}: {export.file}"
    lines = [
        f"  {lead} ({count_phrase(export.records, 'record')}, delimiter {delimiter_text}, {export.encoding}{form})"
    ]
    guesses = [f"{match.column} = {match.heading}" for match in table.guessed_matches]
    lines.append(
        f"    sure of {count_phrase(len(table.sure_matches), 'column')}, {len(guesses)} guessed, "
        f"{len(table.missing_columns)} not found"
    )
    if table.example_mapping.rows:
        lines.append(f"    {_example_summary(table)}")
    if guesses:
        more = f" and {len(guesses) - MAX_GUESSES} more" if len(guesses) > MAX_GUESSES else ""
        lines.append(f"    guessed: {'; '.join(guesses[:MAX_GUESSES])}{more}")
    if not table.forms.is_sure:
        lines.append(f"    the form of its dates is a guess: {AMBIGUOUS_ORDER}")
    if table.missing_column_names("yes"):
        lines.append(f"    required and not found: {', '.join(table.missing_column_names('yes'))}")
    if table.proposal.unrequested:
        lines.append(f"    not requested, and left out: {', '.join(table.proposal.unrequested.values())}")
    lines += [
        f"    {name}: {line}"
        for name, column_meanings in table.meanings.items()
        for line in _unknown_word_summary(column_meanings)
    ]
    if table.name != "involvements" and any(slot.is_numbered for slot in export.slots):
        lines.append(f"    {SLOTS_NOT_DRAFTED}")
    return [*lines, *(f"    please confirm: {note}" for note in reading_notes(table))]


def _example_summary(table: TableDraft) -> str:
    words = sum(len(pairs) for pairs in table.example_mapping.words.values())
    form = f" and days written {table.example_mapping.day}" if table.example_mapping.day else ""
    columns = count_phrase(len(table.example_mapping.columns), "column")
    rows = count_phrase(table.example_mapping.rows, "row")
    return f"from {rows} of your example: {columns}, {count_phrase(words, 'word')}{form}"


def _unknown_word_summary(column_meanings: WordMeanings) -> list[str]:
    shown_words = [f"{part.word} ({count_phrase(part.rows, 'row')})" for part in column_meanings.unmapped]
    hidden_text = (
        (
            f"{count_phrase(column_meanings.hidden_words, 'word')} not shown, in "
            f"{count_phrase(column_meanings.hidden_rows, 'row')}"
        )
        if column_meanings.hidden_words
        else ""
    )
    words = "; ".join(part for part in (", ".join(shown_words), hidden_text) if part)
    return [f"words in no list: {words}"] if words else []


def prepare_return(
    folder: Path,
    request: DataRequest,
    force_code: str,
    *,
    declared: Declarations | None = None,
    last_year: Path | None = None,
    system: str = "",
    example_folder: Path | None = None,
    learned: Sequence[SystemLayout] = (),
) -> PreparedReturn:
    """Draft `mapping.toml` and `return.toml` for the export in `folder`, with which a force answers `request`.

    Neither file is overwritten: an existing file stays, its content is used, and the draft is named
    `mapping.draft.toml` or `return.draft.toml`.

    Parameters
    ----------
    declared
        The declarations of the request: no other table is drafted. Without them, every table that assay reads is
        drafted.
    last_year
        A mapping that was used before.
    example_folder
        A folder with a few records in both forms, `ours` and `theirs`. It takes precedence over words and cells, and a
        mapping that a person wrote takes precedence over it. No file is split where an example is given.
    learned
        Layouts of record systems that other forces gave.

    Raises
    ------
    UsageError
        If there is no such folder, or nothing in it to read.
    UnknownForce
        If the code names no force in the request.
    SourceError
        If an earlier mapping or the example is wrong.
    """
    code = request.organisation(force_code).code
    table_names, split = drafted_tables(declared), SplitProposal()
    with explain_changed_files(folder):
        material = _read_material(folder, request, code, last_year, example_folder)
        proposals, matching_remarks = _match_columns(material, system, learned)
        if not material.lessons:
            split = _propose_split(folder, material, proposals, code, table_names, learned)
    drafts = _draft_tables(material, proposals, table_names, code)
    unread = [*_file_remarks(material.exports, material.other_files, split.files), *split.unread]
    explained = {*split.files, *(item.export.file for item in proposals)}
    unknown_files = {unknown_file_remark(file) for file in explained}
    remarks = [line for line in (*unread, *split.remarks, *matching_remarks) if line not in unknown_files]
    remarks += _draft_remarks(drafts, proposals, table_names, split)
    tables = tuple(item for item in drafts if not _is_split(item, split))
    if not tables and not split.tables:
        raise UsageError(
            f"No file in {folder} matches a table of the data request. {' '.join([*remarks, NEXT_STEP_NO_TABLE])}"
        )
    mapping = _mapping_text(tables, split, table_names, unread)
    manifest = manifest_draft.manifest_text(request, code, [*tables, *split.tables], system, table_names)
    paths = tuple(_write_drafts(folder, {MAPPING_FILE: mapping, MANIFEST_FILE: manifest}, remarks))
    return PreparedReturn(folder, tables, paths, tuple(dict.fromkeys(remarks)), split.tables)


@dataclass(frozen=True)
class _Material:
    """What a draft is made from: the files of the export, earlier mappings, and an example in both forms."""

    exports: Sequence[ExportFile]
    other_files: Sequence[str]
    previous_mappings: Sequence[PreviousMapping]
    lessons: Sequence[TableLesson]
    example_files: Sequence[ExportFile]


def _read_material(
    folder: Path, request: DataRequest, force_code: str, last_year: Path | None, example_folder: Path | None
) -> _Material:
    exports, other_files = _read_exports(folder, request, force_code)
    previous_mappings = _previous_mappings(folder, last_year)
    lessons, example_files = _learn_from_example(example_folder, request, force_code)
    return _Material(exports, other_files, previous_mappings, lessons, example_files)


def _match_columns(
    material: _Material, system: str, learned: Sequence[SystemLayout]
) -> tuple[list[TableProposal], list[str]]:
    """Return a proposal for each file that matches a table, with remarks on what did not match.

    An example takes precedence over headings and cells, and an earlier mapping takes precedence over the example.
    """
    proposals, remarks = propose_tables([item for item in material.exports if not item.refusal])
    remarks = remarks + _unknown_system_remarks(system, learned)
    proposals, lesson_remarks = apply_lessons(material.lessons, material.exports, proposals)
    remarks += lesson_remarks
    for mapping in material.previous_mappings:
        proposals, missing_remarks = apply_previous_mapping(mapping, material.exports, proposals)
        remarks += missing_remarks
    return proposals, remarks


def _draft_tables(
    material: _Material, proposals: Sequence[TableProposal], table_names: Sequence[str], force_code: str
) -> tuple[TableDraft, ...]:
    """Return a draft for each proposed table that is requested."""
    withheld_words = find_withheld_words([*material.exports, *material.example_files], proposals)
    lessons = {item.table.name: item for item in material.lessons}
    return tuple(
        draft_table(
            without_unrequested(item),
            force_code,
            material.previous_mappings,
            withheld_words,
            lessons.get(item.table.name),
        )
        for item in proposals
        if item.table.name in table_names
    )


def _draft_remarks(
    drafts: Sequence[TableDraft], proposals: Sequence[TableProposal], table_names: Sequence[str], split: SplitProposal
) -> list[str]:
    """Return remarks on the drafted tables, and on files of tables that are not requested."""
    remarks = [line for item in drafts for line in item.example_mapping.remarks]
    remarks += [
        _unrequested_remark(item)
        for item in proposals
        if item.table.name not in table_names and item.export.file not in split.files
    ]
    # A split file has no entry among the tables of the summary, so its notes are shown as remarks.
    remarks += [
        f"{item.proposal.export.file}, {note}"
        for item in drafts
        if _is_split(item, split)
        for note in reading_notes(item)
    ]
    return remarks + [line for item in drafts if not _is_split(item, split) and (line := _obsolete_form_remark(item))]


def _mapping_text(
    tables: Sequence[TableDraft], split: SplitProposal, table_names: Sequence[str], unread: Sequence[str]
) -> str:
    split_names = {table.name for table in split.tables}
    flag_names = [name for name in table_names if name not in split_names]
    return (
        mapping_draft.mapping_text(tables)
        + flag_section_draft.flag_section_text(tables, flag_names)
        + mapping_draft.noticed_text(unread)
        + split_text(split.plan)
    )


def _is_split(table: TableDraft, split: SplitProposal) -> bool:
    return table.proposal.export.file in split.files


def _propose_split(
    folder: Path,
    material: _Material,
    proposals: Sequence[TableProposal],
    force_code: str,
    table_names: Sequence[str],
    learned: Sequence[SystemLayout],
) -> SplitProposal:
    """Return how files that hold several tables are split; a file that a person described as a table is not."""
    exports, previous_mappings = material.exports, material.previous_mappings
    reading = read_export_sheets([folder / export.file for export in exports])
    found = [
        export
        for item in previous_mappings
        for table, section in item.tables.items()
        if (export := find_section_file(section, table, exports))
    ]
    previous = next((item.split for item in reversed(previous_mappings) if item.split.parts), None)
    kept_files = {export.file for export in found} - {part.file for part in (previous.parts if previous else ())}
    split = propose_split(
        reading.sheets, proposals, force_code, table_names, kept_files=kept_files, previous=previous, learned=learned
    )
    whole_files = {proposal.export.file for proposal in proposals} | {item.file for item in exports if item.refusal}
    unread = [
        note
        for file, notes in reading.file_notes.items()
        if file in split.files or file not in whole_files
        for note in notes
    ]
    return replace(split, remarks=(*reading.remarks, *split.remarks), unread=tuple(unread))


def _unrequested_remark(proposal: TableProposal) -> str:
    return f"{proposal.export.file}: it looks like {proposal.table.name}, which is not requested. Do not send it."


def _obsolete_form_remark(table: TableDraft) -> str:
    if not table.forms.obsolete_form:
        return ""
    return (
        f"{table.proposal.export.file}: its dates do not fit {table.forms.obsolete_form}, the format that was used "
        "before."
    )


def _unread_sheets_remark(export: ExportFile) -> str:
    return (
        f"{export.file}: only its first sheet was read, and not {', '.join(export.unread_sheets)}. "
        "Put the sheet of the table first, or save it as a file of its own."
    )


def _file_remarks(exports: Sequence[ExportFile], other_files: Sequence[str], split_files: Collection[str]) -> list[str]:
    """Return what of the files was not read; files that are split are read whole."""
    unsplit = [export for export in exports if export.file not in split_files]
    remarks = [export.refusal for export in unsplit if export.refusal]
    remarks += [_unread_sheets_remark(export) for export in unsplit if export.unread_sheets]
    return remarks + [f"{name}: this kind of file cannot be read. Export it as CSV." for name in other_files]


def _read_exports(folder: Path, request: DataRequest, force_code: str) -> tuple[list[ExportFile], list[str]]:
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder. Name the folder that holds the export.")
    with _staging_store(request, force_code) as store:
        exports, other_files = read_export(folder, store)
    if not exports:
        raise UsageError(f"{folder} holds no CSV, Parquet or XLSX file. Export the records into it.")
    return exports, other_files


def _learn_from_example(
    example_folder: Path | None, request: DataRequest, force_code: str
) -> tuple[list[TableLesson], Sequence[ExportFile]]:
    """Return what an example shows about each table, and the files of the example."""
    if example_folder is None:
        return [], ()
    with _staging_store(request, force_code) as store:
        example = read_example(example_folder, store)
    return learn_lessons(example, example_folder), example.exports


@contextmanager
def _staging_store(request: DataRequest, force_code: str) -> Iterator[StagingStore]:
    store = StagingStore(_placeholder_manifest(request, force_code))
    try:
        yield store
    finally:
        store.close()


def _placeholder_manifest(request: DataRequest, force_code: str) -> ReturnManifest:
    days = (request.period_from, request.period_to, request.history_from)
    return ReturnManifest(contract.SPEC_VERSION, request.key, force_code, *days, datetime.max, 1, "", {}, {})


def _previous_mappings(folder: Path, last_year: Path | None) -> list[PreviousMapping]:
    """Return earlier mappings: last year's first, so that the one in the folder takes precedence."""
    found = []
    if last_year is not None:
        if not last_year.is_file():
            raise SourceError(f"There is no file {last_year}. Name the file of last year's mapping.")
        found.append(read_previous_mapping(last_year, "last year's mapping"))
    if (folder / MAPPING_FILE).exists():
        found.append(read_previous_mapping(folder / MAPPING_FILE, "your mapping"))
    return found


def _unknown_system_remarks(system: str, learned: Sequence[SystemLayout]) -> list[str]:
    names = {layout.name.casefold() for layout in (*system_layouts(), *learned)}
    if not system or system.casefold() in names:
        return []
    return [f"There is no layout for {system}, so its columns are matched by headings and cells only."]


def _write_drafts(folder: Path, texts: Mapping[str, str], remarks: list[str]) -> Sequence[Path]:
    paths = []
    for name, text in texts.items():
        path = folder / name
        if path.exists():
            path = folder / name.replace(".toml", ".draft.toml")
            remarks.append(f"{name} existed and is unchanged; the draft is {path.name} in the same folder.")
        path.write_text(text, encoding="utf-8", newline="\n")
        paths.append(path)
    return paths
