"""What does a force's officer get from an export: two drafts, and in words what is sure, guessed and not known?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assay import contract
from assay.errors import SourceError, UsageError
from assay.ingest.column_mapping import FILE as MAPPING
from assay.ingest.preparation import flag_section_draft, manifest_draft, mapping_draft
from assay.ingest.preparation.code_meanings import Meant
from assay.ingest.preparation.column_fit import wanted_tables
from assay.ingest.preparation.column_matching import Proposal, like_none, only_asked, propose
from assay.ingest.preparation.example_learning.column_lessons import Lesson
from assay.ingest.preparation.example_learning.example_folder import read_example
from assay.ingest.preparation.example_learning.file_pairing import learn
from assay.ingest.preparation.example_learning.proposal_correction import with_lessons
from assay.ingest.preparation.export_files import Export, read_export
from assay.ingest.preparation.mapping_draft import ORDER_OPEN, Written, ready
from assay.ingest.preparation.previous_mapping import Earlier, read_earlier, with_earlier
from assay.ingest.preparation.reading_warnings import reading_notes
from assay.ingest.preparation.withheld_codes import told_of_persons
from assay.ingest.return_manifest import FILE as COVER
from assay.ingest.return_manifest import Cover
from assay.ingest.staging_store import Desk
from assay.ingest.system_layouts import layouts
from assay.reference import Declarations, Request
from assay.wording import counted

MOST_GUESSES = 12
SLOTS_NOT_DRAFTED = (
    "no table is drafted for the people in numbered columns: export involvements with one row a person, or name the "
    "columns of one of them in mapping.toml under [tables.involvements], with fixed.role"
)


@dataclass(frozen=True)
class Prepared:
    """What was found and written. `remarks` are sentences on what could not be used, by file name and column name."""

    folder: Path
    tables: tuple[Written, ...]
    written: tuple[Path, ...]
    remarks: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs: names of files, headings and columns, counts, and no cell."""
        tables = {
            one.name: {
                "file": one.proposal.export.file,
                "records": one.proposal.export.records,
                "table_sure": one.proposal.sure,
                "date_form": one.forms.day,
                "time_form": one.forms.time,
                "form_sure": one.forms.sure,
                "by_example": list(one.taught.columns),
                "sure": {match.column: match.heading for match in one.sure},
                "guessed": {match.column: match.heading for match in one.guessed},
                "lacking": [column.name for column in one.lacking],
                "not_used": list(one.proposal.left),
                "not_asked": dict(one.proposal.unasked),
                "readings": reading_notes(one),
                "unmapped_words": {name: _unknown(found) for name, found in one.meanings.items() if _unknown(found)},
            }
            for one in self.tables
        }
        return {
            "folder": str(self.folder),
            "tables": tables,
            "written": [str(path) for path in self.written],
            "remarks": list(self.remarks),
        }

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        said = [f"{counted(len(self.tables), 'file')} in {self.folder} taken for a table of the return:"]
        for one in self.tables:
            said += _told(one)
        said += [f"Noticed: {remark}" for remark in self.remarks]
        said += [f"Written: {path}" for path in self.written]
        said.append("A guess counts for nothing until you take '# guess: ' away; a TODO only you can fill.")
        said.append(
            "Nothing here can tell whether a table is complete, or why something is not sent: say so in the cover."
        )
        return said


def _unknown(found: Meant) -> int:
    return len(found.unmapped) + found.hidden


def _told(one: Written) -> list[str]:
    export = one.proposal.export
    form = f", {one.forms.in_words()}" if one.forms.in_words() else ""
    mark = "tab" if export.delimiter == "\t" else export.delimiter
    lead = f"{one.name}: {export.file}" if one.proposal.sure else f"perhaps {one.name}: {export.file}"
    said = [f"  {lead} ({counted(export.records, 'record')}, delimiter {mark}, {export.encoding}{form})"]
    guessed = [f"{match.column} = {match.heading}" for match in one.guessed]
    said.append(f"    sure of {counted(len(one.sure), 'column')}, {len(guessed)} guessed, {len(one.lacking)} not found")
    if one.taught.rows:
        said.append(f"    {_learnt(one)}")
    if guessed:
        more = f" and {len(guessed) - MOST_GUESSES} more" if len(guessed) > MOST_GUESSES else ""
        said.append(f"    guessed: {'; '.join(guessed[:MOST_GUESSES])}{more}")
    if not one.forms.sure:
        said.append(f"    the form of its dates is a guess: {ORDER_OPEN}")
    if one.lacks("yes"):
        said.append(f"    required and not found: {', '.join(one.lacks('yes'))}")
    if one.proposal.unasked:
        said.append(f"    not asked for, and left out: {', '.join(one.proposal.unasked.values())}")
    said += [f"    {name}: {line}" for name, found in one.meanings.items() for line in _words_told(found)]
    if one.name != "involvements" and any(slot.is_numbered for slot in export.slots):
        said.append(f"    {SLOTS_NOT_DRAFTED}")
    return [*said, *(f"    please confirm: {note}" for note in reading_notes(one))]


def _learnt(one: Written) -> str:
    words = sum(len(pairs) for pairs in one.taught.words.values())
    form = f" and days written {one.taught.day}" if one.taught.day else ""
    columns, rows = counted(len(one.taught.columns), "column"), counted(one.taught.rows, "row")
    return f"from {rows} of your example: {columns}, {counted(words, 'word')}{form}"


def _words_told(found: Meant) -> list[str]:
    shown = [f"{one.word} ({counted(one.rows, 'row')})" for one in found.unmapped]
    hidden = (
        f"{counted(found.hidden, 'word')} not shown, in {counted(found.hidden_rows, 'row')}" if found.hidden else ""
    )
    words = "; ".join(one for one in (", ".join(shown), hidden) if one)
    return [f"words that no list knows: {words}"] if words else []


def prepare(
    folder: Path, request: Request, force_code: str, *,
    declared: Declarations | None = None, last_year: Path | None = None, system: str = "", like: Path | None = None,
) -> Prepared:  # fmt: skip
    """Draft `mapping.toml` and `return.toml` for the export in `folder`, which a force answers `request` with.

    Neither file is overwritten: where one is there, it is kept as it is, what it says is taken over, and the draft is
    called `mapping.draft.toml` or `return.draft.toml`. `declared` is what the request declares of each table: no other
    is drafted; without any, those that something reads are. `last_year` is a mapping that was used before; `like` a
    folder with a few records written twice, `ours` and `theirs`, which goes before words and cells and behind what a
    person wrote. UsageError if there is no such folder or nothing in it to read; UnknownForce; SourceError if an
    earlier mapping or the example is wrong.
    """
    body = request.body(force_code)
    exports, remarks = _exports(folder, request, body.code)
    earlier = _earlier(folder, last_year)
    lessons, examples = _lessons(like, request, body.code)
    proposals, told = propose([one for one in exports if not one.refusal])
    remarks += told + _about_system(system)
    proposals, told = with_lessons(lessons, exports, proposals)
    remarks += told
    for one in earlier:
        proposals, gone = with_earlier(one, exports, proposals)
        remarks += gone
    never, wanted = told_of_persons([*exports, *examples], proposals), wanted_tables(declared)
    by_table = {one.table.name: one for one in lessons}
    tables = tuple(
        ready(only_asked(one), body.code, earlier, never, by_table.get(one.table.name))
        for one in proposals
        if one.table.name in wanted
    )
    remarks = [line for line in remarks if line not in {like_none(one.export.file) for one in proposals}]
    remarks += [line for one in tables for line in one.taught.told]
    remarks += [_not_asked(one) for one in proposals if one.table.name not in wanted]
    remarks += [line for one in tables if (line := _form_gone(one))]
    if not tables:
        raise UsageError(f"No file in {folder} is like a table that is asked for. {' '.join(remarks)}".strip())
    mapped = mapping_draft.draft(tables) + flag_section_draft.draft(tables, wanted)
    texts = {MAPPING: mapped, COVER: manifest_draft.draft(request, body.code, tables, system, wanted)}
    return Prepared(folder, tables, tuple(_write(folder, texts, remarks)), tuple(dict.fromkeys(remarks)))


def _not_asked(one: Proposal) -> str:
    return f"{one.export.file}: it looks like {one.table.name}, which is not asked for. Do not send it."


def _form_gone(one: Written) -> str:
    if not one.forms.gone:
        return ""
    return f"{one.proposal.export.file}: its dates do not fit {one.forms.gone}, the form that was written before."


def _other_sheets(one: Export) -> str:
    return (
        f"{one.file}: only its first sheet was read, and not {', '.join(one.unread_sheets)}. "
        "Put the sheet of the table first, or save it as a file of its own."
    )


def _exports(folder: Path, request: Request, force_code: str) -> tuple[list[Export], list[str]]:
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder. Name the folder that holds the export.")
    with _desk(request, force_code) as desk:
        exports, others = read_export(folder, desk)
    remarks = [one.refusal for one in exports if one.refusal]
    remarks += [_other_sheets(one) for one in exports if one.unread_sheets]
    remarks += [f"{name}: of a kind that cannot be read. Export it as CSV." for name in others]
    if not exports:
        raise UsageError(f"{folder} holds no CSV, Parquet or XLSX file. Export one file a table into it.")
    return exports, remarks


def _lessons(like: Path | None, request: Request, force_code: str) -> tuple[list[Lesson], Sequence[Export]]:
    """What an example teaches, and its files."""
    if like is None:
        return [], ()
    with _desk(request, force_code) as desk:
        example = read_example(like, desk)
    return learn(example, like), example.exports


@contextmanager
def _desk(request: Request, force_code: str) -> Iterator[Desk]:
    desk = Desk(_no_cover_yet(request, force_code))
    try:
        yield desk
    finally:
        desk.close()


def _no_cover_yet(request: Request, force_code: str) -> Cover:
    days = (request.period_from, request.period_to, request.history_from)
    return Cover(contract.SPEC_VERSION, request.key, force_code, *days, datetime.max, 1, "", {}, {})


def _earlier(folder: Path, last_year: Path | None) -> list[Earlier]:
    """What was written before: last year's first, so that what stands in the folder has the last word."""
    found = []
    if last_year is not None:
        if not last_year.is_file():
            raise SourceError(f"{last_year} is not there. Name the file of last year's mapping.")
        found.append(read_earlier(last_year, "last year's mapping"))
    if (folder / MAPPING).exists():
        found.append(read_earlier(folder / MAPPING, "your mapping"))
    return found


def _about_system(system: str) -> list[str]:
    names = {one.name.casefold() for one in layouts()}
    if not system or system.casefold() in names:
        return []
    return [f"No layout of {system} is held: its columns are told by their words and cells alone."]


def _write(folder: Path, texts: Mapping[str, str], remarks: list[str]) -> Sequence[Path]:
    written = []
    for name, text in texts.items():
        path = folder / name
        if path.exists():
            path = folder / name.replace(".toml", ".draft.toml")
            remarks.append(f"{name} was there and is left as it is; the draft beside it is {path.name}.")
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written
