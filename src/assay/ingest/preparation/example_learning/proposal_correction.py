"""Correct the proposed column mapping with what was learned from an example pair of files.

Sure matches of the example replace proposed ones. A match that the example contradicts is no longer sure, and a remark
says so. A mapping that a person wrote takes precedence over both, later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assay import contract
from assay.ingest.preparation.column_matching import ColumnMatch, TableProposal, match_columns
from assay.ingest.preparation.example_learning.column_lessons import TableLesson, agreement_phrase, row_list
from assay.ingest.preparation.export_files import ExportFile
from assay.ingest.preparation.previous_mapping import find_section_file

YOUR_EXAMPLE = "your example"


@dataclass(frozen=True)
class CorrectedMatches:
    """The column matches of a table after correction by an example, with remarks on contradictions."""

    matches: Mapping[str, ColumnMatch]
    remarks: tuple[str, ...]


def apply_lessons(
    lessons: Sequence[TableLesson], exports: Sequence[ExportFile], proposals: Sequence[TableProposal]
) -> tuple[list[TableProposal], list[str]]:
    """Return the proposals as corrected by an example, and remarks on contradictions and missing files."""
    found = {item.table.name: item for item in proposals}
    remarks = list[str]()
    for item in lessons:
        remarks += item.unread_remarks
        export = _find_export(item, exports)
        if export is None:
            remarks.append(
                f"{YOUR_EXAMPLE}: no file of the folder has the columns of {item.file} ({_table_name(item)})."
            )
            continue
        remarks += _other_table_remarks(item, export, found)
        found = {
            name: other
            for name, other in found.items()
            if name == _table_name(item) or other.export.file != export.file
        }
        corrected = _correct_matches(item, export, _word_matches(item, export, found.get(_table_name(item))))
        remarks += [*corrected.remarks, *_missing_heading_remarks(item, export)]
        found[_table_name(item)] = TableProposal(item.table, export, True, YOUR_EXAMPLE, corrected.matches)
    return [found[name] for name in contract.tables() if name in found], remarks


def _table_name(lesson: TableLesson) -> str:
    return lesson.table.name


def _find_export(lesson: TableLesson, exports: Sequence[ExportFile]) -> ExportFile | None:
    """Return the file of the real export with the headings of the example."""
    headings = {claim.heading for claim in lesson.sure_matches.values()} | {guess.heading for guess in lesson.guesses}
    return find_section_file(
        {"file": lesson.file, "columns": {name: name for name in headings}}, _table_name(lesson), exports
    )


def _other_table_remarks(lesson: TableLesson, export: ExportFile, found: Mapping[str, TableProposal]) -> Iterator[str]:
    """Return remarks if the words assigned the file to another table, or another file to this table."""
    for name, other in found.items():
        if (name == _table_name(lesson)) == (other.export.file == export.file):
            continue
        if other.is_sure:
            yield (
                f"{other.export.file} looks like {name}; {YOUR_EXAMPLE} says that {export.file} is "
                f"{_table_name(lesson)}."
            )


def _word_matches(lesson: TableLesson, export: ExportFile, found: TableProposal | None) -> Mapping[str, ColumnMatch]:
    if found is not None and found.export.file == export.file:
        return found.matches
    return {match.column: match for match in match_columns(lesson.table, export, {})}


def _correct_matches(lesson: TableLesson, export: ExportFile, by_words: Mapping[str, ColumnMatch]) -> CorrectedMatches:
    sure_matches = {
        name: ColumnMatch(name, claim.heading, True, agreement_phrase(claim))
        for name, claim in lesson.sure_matches.items()
        if claim.heading in export.columns
    }
    column_by_heading = {match.heading: name for name, match in sure_matches.items()}
    matches, remarks = dict(sure_matches), list[str]()
    for name, match in by_words.items():
        if name in sure_matches or match.heading in column_by_heading:
            remarks += _displaced_match_remarks(
                lesson, match, sure_matches.get(name), column_by_heading.get(match.heading)
            )
        else:
            matches[name], match_remarks = _weigh_match(lesson, match)
            remarks += match_remarks
    return CorrectedMatches(_add_guesses(lesson, export, matches), tuple(remarks))


def _displaced_match_remarks(
    lesson: TableLesson, match: ColumnMatch, other: ColumnMatch | None, column: str | None
) -> list[str]:
    """Return remarks on matches by words that the example contradicts."""
    is_same_heading = other is not None and other.heading == match.heading
    if is_same_heading or not match.is_sure:
        return []
    correction = f"it is {column}" if column else f"{match.column} is {other.heading}" if other else ""
    return [
        (
            f"{_table_name(lesson)}: the heading {match.heading} means {match.column} by its words; in {YOUR_EXAMPLE} "
            f"{correction}, and that was taken."
        )
    ]


def _weigh_match(lesson: TableLesson, match: ColumnMatch) -> tuple[ColumnMatch, list[str]]:
    """Return a match by words; it is no longer sure if rows of the example contradict it."""
    agreement = lesson.pairs.get((match.column, match.heading))
    if agreement is None or not agreement.contradicting_rows:
        return match, []
    objection = f"{YOUR_EXAMPLE} has other values in {row_list(agreement.contradicting_rows)}"
    remarks = contradiction_remarks(lesson, match.column, match.heading) if match.is_sure else []
    return replace(match, is_sure=False, reason=f"{match.reason}; {objection}"), remarks


def contradiction_remarks(lesson: TableLesson, column: str, heading: str) -> list[str]:
    """Return a remark if rows of the example contradict a match; an empty list otherwise."""
    agreement = lesson.pairs.get((column, heading))
    if agreement is None or not agreement.contradicting_rows:
        return []
    reason = (
        "one word of your export has two values in the contract's form"
        if agreement.has_conflicting_words
        else "it has other values"
    )
    rows = row_list(agreement.contradicting_rows)
    return [f"{_table_name(lesson)}: {YOUR_EXAMPLE} contradicts {column} = {heading}: {reason}, in {rows} of ours."]


def _add_guesses(lesson: TableLesson, export: ExportFile, matches: Mapping[str, ColumnMatch]) -> dict[str, ColumnMatch]:
    """Add the guesses of the example to the sure matches, each heading once; headings guessed by words first."""
    found = dict(matches)
    order = sorted(lesson.guesses, key=lambda guess: not _same_guess(found.get(guess.column), guess.heading))
    settled = {name for name, match in found.items() if match.is_sure}
    for guess in order:
        headings = {match.heading for name, match in found.items() if name in settled}
        if guess.column in settled or guess.heading in headings or guess.heading not in export.columns:
            continue
        found = {name: match for name, match in found.items() if match.heading != guess.heading or name == guess.column}
        found[guess.column] = ColumnMatch(guess.column, guess.heading, False, guess.reason)
        settled.add(guess.column)
    return found


def _same_guess(match: ColumnMatch | None, heading: str) -> bool:
    return match is not None and match.heading == heading


def _missing_heading_remarks(lesson: TableLesson, export: ExportFile) -> list[str]:
    missing = [
        f"{claim.heading} (our {name})"
        for name, claim in lesson.sure_matches.items()
        if claim.heading not in export.columns
    ]
    return (
        [f"{YOUR_EXAMPLE}, {_table_name(lesson)}: {export.file} lacks the column {', '.join(missing)}."]
        if missing
        else []
    )
