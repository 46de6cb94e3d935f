"""The mapping file that a check writes: a person can correct it, and the next check reads it.

It holds the `[[split]]` sections of mapping.toml: headings of the extract, columns of the contract, and the words of
coded columns that were understood. A return that is sent as a flat extract uses the same sections.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assay.errors import SourceError, UsageError
from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.open_codes import open_codes
from assay.ingest.extracts.split_sections import (
    SPLIT,
    missing_headings,
    read_split_sections,
    split_sections,
    values_line,
)
from assay.ingest.extracts.unread_words import UnreadWords
from assay.ingest.extracts.written_words import with_private_words, without_private_words
from assay.reference.toml_files import InvalidTomlError, read_sent_toml
from assay.wording import count_phrase, percent
from assay.workflows.check.possible_columns import PossibleColumn

HEADER = """\
# For this force only: how the columns of the extract were read.
# A line such as columns.recorded_at = "Date Crimed" says: ours = yours.
# Correct what is wrong, take away what should not be used, and check again with --mapping and the name of this file.
"""
WAITING_HEADER = """
# These meanings are not certain enough, and are not used. Move a line that is right into the [[split]] section of its
# file and table, without the mark # at its beginning.
"""
UNREAD_HEADER = """
# These words were not read, and count as not known. Copy a line into the [[split]] section that is named above it, in
# place of the line there that begins in the same way, without the mark # at its beginning. Then fill in the last quotes
# of each word; leave them empty for a word that says nothing, or a marker that is none of the flags that are asked.
"""
POSSIBLE_HEADER = """
# These columns were not read, and may hold what a question needs. If one does, take the marks # from its lines. Lines
# without [[split]] belong into the section of the person whom the column describes.
"""


def mapping_text(
    plan: SplitPlan,
    sheets: Sequence[Sheet],
    unread: Sequence[UnreadWords] = (),
    possible: Sequence[PossibleColumn] = (),
) -> str:
    """Return the mapping of an extract as TOML: used columns, unconfirmed ones as comments, and no free text of cells.

    Parameters
    ----------
    unread
        Words that could not be read, and may be shown.
    possible
        Columns that were not read, and may hold what a question needs.
    """
    open_words = "".join(f"# {code.sentence}\n" for code in open_codes(sheets, plan))
    plan, words_left_out = without_private_words(plan, sheets)
    remarks = "".join(f"# {sentence}\n" for sentence in words_left_out)
    waiting, words = "\n".join(_waiting_lines(plan)), "\n".join(_unread_lines(plan, unread))
    return "".join(
        (
            f"{HEADER}{remarks}{open_words}\n{split_sections(plan)}",
            f"{WAITING_HEADER}{waiting}\n" if waiting else "",
            f"{UNREAD_HEADER}{words}\n" if words else "",
            POSSIBLE_HEADER if possible else "",
            *(f"{line}\n" for column in possible for line in _possible_lines(column)),
        )
    )


def _possible_lines(column: PossibleColumn) -> Iterator[str]:
    yield f"#\n# \u2018{column.heading}\u2019 of {column.place} may hold {column.phrase}:"
    if column.choices:
        yield f"# (Fill in the last quotes of each word with {column.choices}.)"
    yield from (f"# {line}" for line in column.lines)


def _unread_lines(plan: SplitPlan, unread: Sequence[UnreadWords]) -> Iterator[str]:
    """Yield, for each section, the line `values.COLUMN` with the words that it has and those that were not read."""
    values_by_heading = {
        (part.file, part.sheet, meaning.heading, meaning.table, column): meaning.values
        for part in plan.parts
        for column, meaning in part.columns.items()
    }
    for found in unread:
        for file, sheet in found.places:
            values = values_by_heading.get((file, sheet, found.heading, found.table, found.column), {})
            counts = ", ".join(f"{word} ({count_phrase(count, 'row')})" for word, count in found.cells.items())
            yield f"# {_place(file, sheet)}, table {found.table}, {found.heading}: {counts}. Fill in {found.choices}:"
            if found.is_waiting:
                yield f"# columns.{found.column} = {json.dumps(found.heading, ensure_ascii=False)}"
            yield f"# {values_line(found.column, {**values, **dict.fromkeys(found.cells, '')})}"


def _place(file: str, sheet: str) -> str:
    return f"{file}, sheet {sheet}" if sheet else file


def _waiting_lines(plan: SplitPlan) -> Iterator[str]:
    for file, sheet, meaning in plan.waiting:
        yield f"# {_place(file, sheet)}, table {meaning.table}, probability {percent(meaning.probability, 0)}:"
        yield from (f"# {line}" for line in meaning_lines(file, sheet, meaning))


def meaning_lines(file: str, sheet: str, meaning: ColumnMeaning) -> list[str]:
    """Return the lines of a mapping file that state what one column means."""
    part = SplitPart(file, sheet, meaning.table, {meaning.column: meaning})
    lines = split_sections(SplitPlan((part,))).splitlines()
    return [line for line in lines if line.partition(" ")[0].count(".") == 1]


def plan_of_mapping(path: Path, sheets: Sequence[Sheet], recognised: SplitPlan) -> SplitPlan:
    """Return the split plan that a mapping file states for these sheets.

    Parameters
    ----------
    recognised
        The plan by recognition: it says what the sheets are, and which columns wait that the mapping does not use.

    Raises
    ------
    UsageError
        If the mapping is not there.
    SourceError
        If it cannot be read, or names what the extract does not have.
    """
    plan = with_private_words(_read_plan(path), recognised, sheets)
    if missing := missing_headings(plan, sheets):
        raise SourceError(f"{' '.join(missing)} Correct the headings in {path.name}, and check again.")
    used = {(part.file, part.sheet, meaning.heading) for part in plan.parts for meaning in part.columns.values()}
    headings = [(sheet.file, sheet.name, heading) for sheet in sheets for heading in sheet.cells.column_names]
    waiting = [guess for guess in recognised.waiting if (*guess[:2], guess[2].heading) not in used]
    unused = [heading for heading in headings if heading not in used]
    return replace(recognised, parts=plan.parts, waiting=tuple(waiting), unused=tuple(unused), problems=())


def _read_plan(path: Path) -> SplitPlan:
    try:
        sections = read_sent_toml(path).get(SPLIT)
    except OSError:
        raise UsageError(f"{path} is not there. Name the mapping that a check wrote, such as mapping.toml.") from None
    except InvalidTomlError:
        raise SourceError(f"{path} is not TOML. Correct it, or check again without --mapping for a new one.") from None
    if sections is None:
        raise SourceError(f"{path} has no [[split]] section. Check again without --mapping for a mapping that has.")
    plan, errors = read_split_sections(sections)
    if errors:
        raise SourceError(f"{' '.join(errors)} Correct {path.name}, and check again.")
    return plan
