"""The columns of an extract as its sender knows them, and which of them were used.

A column that lists several persons is read as a column for each, and sheets of one layout, such as four quarters,
repeat their columns. Counts of columns are of those in the file, and sheets with the same columns count once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.heading_evidence import heading_words
from assay.ingest.extracts.sheet_shape import DESCRIPTIONS, NOTE_ROWS, SUMMARY_ROWS
from assay.wording import count_phrase, join_words
from assay.workflows.check.checked_extract import CheckedExtract
from assay.workflows.check.column_uses import UNUSED, USED, WAITING, ColumnUse, column_uses
from assay.workflows.check.key_figures import unanswered

ORDER = {USED: 0, WAITING: 1, UNUSED: 2}


def is_note_sheet(extract: CheckedExtract, sheet: Sheet) -> bool:
    """Return True for a cover or a sheet of notes, which holds no records."""
    return _is_described_as(extract, sheet, NOTE_ROWS)


def record_sheets(extract: CheckedExtract) -> tuple[Sheet, ...]:
    """Return the sheets without covers, notes and summaries such as counts by month."""
    return tuple(
        sheet
        for sheet in extract.sheets
        if not any(_is_described_as(extract, sheet, kind) for kind in (NOTE_ROWS, SUMMARY_ROWS))
    )


def _is_described_as(extract: CheckedExtract, sheet: Sheet, kind: str) -> bool:
    texts = [text for *name, text in extract.plan.descriptions if tuple(name) == (sheet.file, sheet.name)]
    return any(text.startswith(DESCRIPTIONS[kind]) for text in texts)


def sent_columns(extract: CheckedExtract, sheet: Sheet) -> dict[str, str]:
    """Return each column of a sheet as it stands in the file, with its use; of a list, that of its persons."""
    uses = column_uses(extract, sheet)
    found = {use.heading: use.use for use in uses if use.heading in sheet.cells.column_names}
    for heading, parts in _parts_of_lists(sheet.cells.column_names, uses):
        found[heading] = min((part.use for part in parts), key=ORDER.__getitem__, default=UNUSED)
    return {heading: found[heading] for heading in sheet.cells.column_names}


def _parts_of_lists(headings: Sequence[str], uses: Sequence[ColumnUse]) -> Iterator[tuple[str, list[ColumnUse]]]:
    """Yield each heading that was divided, with the columns that stand in its place."""
    names = [use.heading for use in uses]
    divided = [heading for heading in headings if heading not in names]
    further = [use for use in uses if use.heading not in headings]
    for heading in divided:
        words = set(heading_words(heading).rest)
        parts = [use for use in further if words <= set(heading_words(use.heading).rest)]
        yield heading, parts or further


def layouts(extract: CheckedExtract) -> list[tuple[list[Sheet], dict[str, str]]]:
    """Return the sheets with the same columns, and these columns, each used if one of the sheets uses it."""
    groups: dict[tuple[str, ...], list[Sheet]] = {}
    for sheet in record_sheets(extract):
        groups.setdefault(tuple(sheet.cells.column_names), []).append(sheet)
    found = []
    for headings, sheets in groups.items():
        columns = [sent_columns(extract, sheet) for sheet in sheets]
        uses = {heading: min((uses[heading] for uses in columns), key=ORDER.__getitem__) for heading in headings}
        found.append((sheets, uses))
    return found


def all_uses(extract: CheckedExtract) -> list[str]:
    """Return the use of every column of the extract; sheets with the same columns count once."""
    return [use for _, uses in layouts(extract) for use in uses.values()]


def columns_sentence(extract: CheckedExtract) -> str:
    """Return how many of the columns that were sent were read; an unread column is no error by itself."""
    uses = all_uses(extract)
    n_used, n_waiting, n_unread = (uses.count(use) for use in (USED, WAITING, UNUSED))
    repeated = [len(sheets) for sheets, _ in layouts(extract) if len(sheets) > 1]
    once = f" ({join_words([str(n) for n in repeated])} sheets have the same columns)" if repeated else ""
    total = f"{count_phrase(len(uses), 'column')} that you sent{once}"
    if n_used == len(uses):
        return f"All {total} were read." if n_used > 1 else f"The {total} was read."
    read = [count_phrase(n_used, "was read", "were read")]
    read += [count_phrase(n_waiting, "waits for you", "wait for you")] if n_waiting else []
    return f"Of the {total}, {join_words(read)}.{_unread_sentence(extract, n_unread) if n_unread else ''}"


def _unread_sentence(extract: CheckedExtract, n_unread: int) -> str:
    """Return that columns were not read, and how many of them may hold what a question needs."""
    unread = count_phrase(n_unread, "was not read", "were not read")
    n_possible = len({column.heading for column in extract.possible_columns})
    if n_possible:
        return f" {unread}; {n_possible} of these may hold what a question needs."
    if unanswered(extract.counts, extract.records):
        return f" {unread}; if one of these gives a figure that is missing, say in mapping.toml what it means."
    return f" {unread}, which is no error: we recognised nothing there that a question needs."
