"""The letter about an extract: how it was read, column by column, and what to correct; it shows no record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import contract
from assay.ingest.extracts.column_recognition import ORDER_NOT_SHOWN
from assay.ingest.extracts.extract_model import ExtractTable, Sheet
from assay.ingest.extracts.listed_facts import expanded_sheet
from assay.ingest.extracts.open_codes import open_choices, open_codes_sentence
from assay.ingest.extracts.part_rows import OTHER_ROLE, PASSED_OVER
from assay.ingest.extracts.row_kinds import UNREADABLE
from assay.report.internal_page import write_internal_page
from assay.report.page_elements import Grid, grid
from assay.wording import count_phrase, format_number, join_words, percent
from assay.workflows.check.checked_extract import CheckedExtract
from assay.workflows.check.column_uses import USED, ColumnUse, column_uses
from assay.workflows.check.columns_to_verify import HOW_TO_CORRECT, columns_to_verify
from assay.workflows.check.extract_contents import CRIMES, optional_column
from assay.workflows.check.extract_measures import COUNT_NOT_KNOWN
from assay.workflows.check.figure_reservations import stated_beyond_described
from assay.workflows.check.implausible_records import STATED_COUNTS
from assay.workflows.check.key_figures import share_text, unanswered
from assay.workflows.check.missing_facts import RECORDED, join_with_or, waiting_column
from assay.workflows.check.named_headings import named_headings
from assay.workflows.check.plain_needs import plain_need
from assay.workflows.check.sent_columns import all_uses, columns_sentence, is_note_sheet, layouts, sent_columns
from assay.workflows.check.waiting_dates import waiting_dates_out_of_order

MAX_HEADINGS = 5
MAX_UNREAD_HEADINGS = 20
"""Headings that a sentence names; the table has all."""
NOUNS = {
    "crimes": ("crime", "crimes"),
    "involvements": ("person of a crime", "persons of crimes"),
    "flags": ("flag", "flags"),
}
"""What a row of each table is, and several."""
OUTCOME = "outcome_code"
THIS_FORCE = "Your force"


def write_letter(path: Path, extract: CheckedExtract) -> None:
    """Write the letter as an HTML page."""
    write_internal_page(path, "assay.workflows.check", "extract-letter.html", [extract.force_code], _context(extract))


def _context(extract: CheckedExtract) -> dict[str, Any]:
    return {
        "name": extract.force_name or THIS_FORCE,
        "extract": extract.name,
        "summary": summary(extract),
        "first": first_corrections(extract),
        "period_fallback": period_fallback(extract),
        "refusals": extract.refusals,
        "columns": columns_sentence(extract),
        "verify": _verify_grid(extract),
        "how_to_correct": HOW_TO_CORRECT,
        "sheets": [_sheet_context(extract, sheet) for sheet in extract.sheets],
        "rows": _row_grid(extract.tables),
        "set_aside": _set_aside_grid(extract),
        "not_understood": _not_understood_grid(extract),
        "unread_words": unread_word_grid(extract),
        "contradictions": _contradiction_grid(extract.tables),
        "implausible": _implausible_grid(extract),
    }


def summary(extract: CheckedExtract) -> str:
    """Return how many records of each kind the extract contains, in one or two sentences."""
    phrases = [
        count_phrase(extract.tables[name].rows.num_rows, *nouns)
        for name, nouns in NOUNS.items()
        if name in extract.tables
    ]
    other_rows = sum(table.rows.num_rows for name, table in extract.tables.items() if name not in NOUNS)
    phrases += [f"{count_phrase(other_rows, 'row')} of other tables"] if other_rows else []
    if not phrases:
        return "We could read no record in it."
    read = f"We read {join_words(phrases)} in it."
    return " ".join(
        (read, _set_aside_sentence(extract), *_respelled_sentence(extract), *other_marker_sentence(extract))
    )


def _set_aside_sentence(extract: CheckedExtract) -> str:
    """Return how many rows were set aside, and how many of these because no question needs them."""
    rows_of_tables = sum(sum(table.set_aside.values()) for table in extract.tables.values())
    rows = rows_of_tables + sum(sheet.set_aside.get(UNREADABLE, 0) for sheet in extract.sheets)
    if not rows:
        return "No row was set aside."
    unneeded = rows_of_tables - _count_unusable(extract)
    share = "" if unneeded == rows else f"{format_number(unneeded)} of them "
    because = f", {share}because no question needs them" if unneeded else ""
    return f"{count_phrase(rows, 'row was', 'rows were')} set aside{because}."


def _respelled_sentence(extract: CheckedExtract) -> tuple[str, ...]:
    """Return the sentence on references that are written in several ways; none if there are none."""
    count = sum(table.respelled for table in extract.tables.values())
    if not count:
        return ()
    references = count_phrase(count, "reference is", "references are")
    return (f"{references} written in ways that differ in case, spaces or dashes alone; each was read as one.",)


def other_marker_sentence(extract: CheckedExtract) -> tuple[str, ...]:
    """Return a sentence on markers that are not flags of the contract; none if the extract has no such marker."""
    markers = extract.counts.other_markers
    if not markers:
        return ()
    kinds = join_words([f"{kind.replace('_', ' ')} {format_number(count)}" for kind, count in markers.items()])
    total = count_phrase(sum(markers.values()), "further marker is", "further markers are")
    return (f"{total} of a kind that is not asked, and not among the flags: {kinds}.",)


def first_corrections(extract: CheckedExtract) -> tuple[str, ...]:
    """Return the most important corrections: at most three sentences."""
    return tuple(sentence for sentence in _corrections(extract))[:3]


def _corrections(extract: CheckedExtract) -> Iterator[str]:
    yield from extract.plan.problems
    yield from filter(None, (period_problem(extract), _unread_columns(extract)))
    yield from filter(None, (sheet.unreadable_rows_sentence for sheet in extract.sheets))
    if extract.plan.waiting:
        columns = count_phrase(len(extract.plan.waiting), "column waits", "columns wait")
        headings = named_headings((file, sheet, meaning.heading) for file, sheet, meaning in extract.plan.waiting)
        yield (
            f"{columns} for you: {_first_headings(headings)}. Confirm or correct in mapping.toml what each means, and "
            f"check again: {extract.command}"
        )
    yield from _contradictions(extract)
    if extract.open_codes:
        yield open_codes_sentence(extract.open_codes)
    yield from (found.sentence for found in extract.unread_words)
    cells = sum(count for table in extract.tables.values() for count in table.not_understood.values())
    n_named = sum(sum(found.cells.values()) for found in extract.unread_words if not found.is_waiting)
    if cells > n_named + sum(code.cells for code in extract.open_codes):
        yield (
            f"{count_phrase(cells, 'cell could not be read and counts', 'cells could not be read and count')} as not "
            "known. Their columns are in the letter, under \u2018Cells that could not be read\u2019: say in "
            "mapping.toml what the words mean."
        )
    if headings := _headings_of_unknown_order(extract):
        yield (
            f"Dates in {_first_headings(headings)} could be read day first or month first; they were read in the order "
            "that mapping.toml states. Check it with a date that you know."
        )
    yield from _unstated_numbers(extract)
    yield from _undescribed_persons(extract)
    set_aside = _count_unusable(extract)
    if set_aside:
        rows = count_phrase(set_aside, "row that may be needed was", "rows that may be needed were")
        yield f"{rows} set aside. The reasons are in the letter, under \u2018What became of the rows\u2019."


def period_problem(extract: CheckedExtract) -> str:
    """Return why no crime could be assigned to the period that was asked for; '' if that was possible."""
    if extract.is_whole_extract or extract.period_column:
        return ""
    return (
        "No column was recognised as the day of recording or report, so it is not known which of "
        f"{count_phrase(extract.outside_period, 'crime is', 'crimes are')} of the period, and none is counted."
        f"{_unread_headings(extract)} Say in mapping.toml which column it is, or leave out --from and --to."
    )


def period_fallback(extract: CheckedExtract) -> str:
    """Return that the period is by the day of report, and why; '' if it is by the day of recording, or by none."""
    if extract.period_column != "reported_at":
        return ""
    columns = [waiting_column(meaning, extract.contents) for meaning in RECORDED.waiting(extract.contents)]
    may_be = f"; {join_with_or(columns)} may be it" if columns else ""
    return f"The period is by the day of report, because no column was recognised as the day of recording{may_be}."


def _unread_columns(extract: CheckedExtract) -> str:
    """Return a sentence on the columns that were not read, if these are most and a figure is missing; else ''."""
    uses = all_uses(extract)
    is_complete = not unanswered(extract.counts, extract.records)
    if 2 * uses.count(USED) >= len(uses) or is_complete or period_problem(extract):
        return ""
    used = count_phrase(uses.count(USED), "was read", "were read")
    return (
        f"Of the {count_phrase(len(uses), 'column')} that you sent, {used}. "
        f"If another one gives a figure that is missing, say in mapping.toml what it means.{_unread_headings(extract)}"
    )


def _unread_headings(extract: CheckedExtract) -> str:
    """Return a sentence with the headings of the columns that were not read; '' if there is none."""
    headings = named_headings(
        (sheet.file, sheet.name, heading)
        for sheets, uses in layouts(extract)
        for sheet in sheets
        for heading, use in uses.items()
        if use != USED
    )
    return f" Not read: {_first_headings(headings, MAX_UNREAD_HEADINGS)}." if headings else ""


def _unstated_numbers(extract: CheckedExtract) -> Iterator[str]:
    """Yield a sentence for each role whose persons cannot be counted, because some crimes do not state their number."""
    for role, column in STATED_COUNTS.items():
        if getattr(extract.counts, f"{role}s") == COUNT_NOT_KNOWN:
            unstated = optional_column(extract.records.crimes, column, pa.int64()).null_count
            yield (
                f"The number of {role}s is not known, because {count_phrase(unstated, 'crime does', 'crimes do')} not "
                "state it. Enter 0 where there is none."
            )


def _undescribed_persons(extract: CheckedExtract) -> Iterator[str]:
    """Yield a sentence for each role of whose persons crimes state more than the extract describes."""
    for role in STATED_COUNTS:
        n_crimes, n_missing = stated_beyond_described(extract.records, role)
        if n_crimes and role in extract.contents.person_columns:
            yield (
                f"{count_phrase(n_crimes, 'crime states', 'crimes state')} {count_phrase(n_missing, f'more {role}')} "
                f"than the extract describes. Send each {role}, in a row or in a list with one entry each."
            )


def _contradictions(extract: CheckedExtract) -> Iterator[str]:
    """Yield a sentence on crimes whose rows differ, and one on other records whose rows differ."""
    crimes = extract.tables[CRIMES].contradictions if CRIMES in extract.tables else {}
    if crimes:
        columns = join_words([plain_need(f"{CRIMES}.{name}") for name in crimes])
        cases = count_phrase(sum(crimes.values()), "case")
        yield (
            f"Rows of one crime contradict one another in {cases} ({columns}), and no column says which row is the "
            "last. What they contradict is not known. Add the date and time of each change to the extract, or send one "
            "row for each crime."
        )
    n_other = sum(sum(table.contradictions.values()) for name, table in extract.tables.items() if name != CRIMES)
    if n_other:
        yield (
            f"Rows of one person or flag contradict one another in {count_phrase(n_other, 'case')}; the first row "
            "counts. Check which of them is right."
        )


def _count_unusable(extract: CheckedExtract) -> int:
    """Return the number of rows set aside, without those that hold nothing of which a question is asked."""
    reasons = [(reason, count) for table in extract.tables.values() for reason, count in table.set_aside.items()]
    return sum(count for reason, count in reasons if reason not in (OTHER_ROLE, PASSED_OVER))


def _headings_of_unknown_order(extract: CheckedExtract) -> list[str]:
    """Return the columns of dates of which none shows whether the day or the month comes first."""
    return named_headings(
        (part.file, part.sheet, meaning.heading)
        for part in extract.plan.parts
        for meaning in part.columns.values()
        if ORDER_NOT_SHOWN in meaning.reasons
    )


def _first_headings(headings: list[str], limit: int = MAX_HEADINGS) -> str:
    rest = len(headings) - limit
    return join_words([*headings[:limit], *([f"{rest} more"] if rest > 0 else [])])


def _sheet_context(extract: CheckedExtract, sheet: Sheet) -> dict[str, Any]:
    uses, sheet_columns = column_uses(extract, sheet), sent_columns(extract, sheet)
    n_used, columns = list(sheet_columns.values()).count(USED), count_phrase(len(sheet_columns), "column")
    return {
        "label": sheet.label,
        "descriptions": sheet_descriptions(extract, sheet),
        "read_as": _read_as(sheet),
        "remarks": (*expanded_sheet(sheet).remarks, *_empty_cell_remarks(extract, sheet)),
        "columns": grid(
            f"{sheet.label}: what each column means",
            ("Column", "Meaning", "#Probability", "Use", "Why"),
            [(use.heading, "; ".join(use.meanings) or "not known", _probability(use), use.use, "; ".join(use.reasons))
             for use in uses],
            dense=True,
        ),
        "used": f"Of its {columns}, {count_phrase(n_used, 'was read', 'were read')}.",
        "is_note": is_note_sheet(extract, sheet),
    }  # fmt: skip


def _empty_cell_remarks(extract: CheckedExtract, sheet: Sheet) -> Iterator[str]:
    """Yield a sentence for each column whose empty cells stand for a value."""
    for part in extract.plan.parts:
        if (part.file, part.sheet) == (sheet.file, sheet.name):
            for column, value in part.empty_means.items():
                heading = part.columns[column].heading if column in part.columns else column
                ended = ", where the crime has no date of outcome or closure" if column == OUTCOME else ""
                yield f"An empty cell of {heading} was read as {value}{ended}, because no word in the column says so."


def sheet_descriptions(extract: CheckedExtract, sheet: Sheet) -> list[str]:
    """Return sentences on what the rows of a sheet were found to describe."""
    name = (sheet.file, sheet.name)
    texts = [text for file, sheet_name, text in extract.plan.descriptions if (file, sheet_name) == name]
    return [capitalised(text) for text in texts]


def capitalised(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def _read_as(sheet: Sheet) -> str:
    """Return how a sheet was read: its records, its encoding and what separates its cells."""
    parts = [count_phrase(sheet.cells.num_rows, "record")]
    parts += [f"encoding {sheet.encoding}"] if sheet.encoding else []
    names = {"\t": "a tab", ",": "a comma", ";": "a semicolon", "|": "a vertical bar"}
    parts += [f"cells separated by {names.get(sheet.delimiter, sheet.delimiter)}"] if sheet.delimiter else []
    parts += [f"{count_phrase(count, reason)} left out" for reason, count in sheet.set_aside.items() if count]
    return "; ".join(parts) + "."


def _probability(use: ColumnUse) -> str:
    if use.probability is None:
        return ""
    return "over 99%" if use.probability > 0.99 else percent(use.probability, 0)


def _row_grid(tables: Mapping[str, ExtractTable]) -> Grid:
    return grid(
        "Rows of each table, and what became of them: accepted, repeats and set aside add up. Repeats are rows of "
        "the same record, such as a crime on the rows of its persons or of its changes",
        ("Table", "What a row is", "#Rows", "#Accepted", "#Repeats", "#Set aside"),
        [
            (_table_label(name), contract.table(name).row, *map(format_number, (
                table.records, table.rows.num_rows, table.merged, sum(table.set_aside.values()))))
            for name, table in tables.items()
        ],
    )  # fmt: skip


def _verify_grid(extract: CheckedExtract) -> Grid | None:
    """Return the columns that were read for a need that their headings do not name; None if there is none."""
    rows = [
        (column.heading, capitalised(column.phrase), capitalised(column.reason))
        for column in columns_to_verify(extract)
    ]
    caption = "Verify these: the heading does not name what was read, or another column would be better"
    return grid(caption, ("Column", "Read as", "Why to verify it"), rows) if rows else None


def _table_label(name: str) -> str:
    """Return a table in plain words with a capital: 'Recorded crimes'."""
    return capitalised(plain_need(name).removeprefix("the "))


def _set_aside_grid(extract: CheckedExtract) -> Grid | None:
    rows = [
        (_table_label(name), reason, format_number(count))
        for name, table in extract.tables.items()
        for reason, count in table.set_aside.items()
        if count
    ]
    return grid("Rows set aside, by reason", ("Table", "Reason", "#Rows"), rows) if rows else None


def _not_understood_grid(extract: CheckedExtract) -> Grid | None:
    choices = open_choices(extract.open_codes)
    titles: tuple[str, ...] = ("Column", "Meaning", "#Cells", "#Share of rows")
    titles += ("Could be",) if choices else ()
    rows = [
        (heading, plain_need(f"{name}.{column}"), format_number(count), share_text(count, table.records),
         choices.get((column, heading), ""))[: len(titles)]
        for name, table in extract.tables.items()
        for (column, heading), count in table.not_understood.items()
        if count
    ]  # fmt: skip
    caption = "Filled cells that could not be read; they count as not known"
    return grid(caption, titles, rows) if rows else None


def unread_word_grid(extract: CheckedExtract) -> Grid | None:
    """Return the words that could not be read and may be shown, with the line of mapping.toml for each column."""
    rows = [
        (
            found.heading,
            join_words([f"{word} ({count_phrase(count, 'row')})" for word, count in found.cells.items()]),
            found.line,
        )
        for found in extract.unread_words
    ]
    headings = ("Column", "Words that were not read", "What to write in mapping.toml")
    return grid("Words that were not read, and count as not known", headings, rows) if rows else None


def _contradiction_grid(tables: Mapping[str, ExtractTable]) -> Grid | None:
    rows = [
        (capitalised(plain_need(f"{name}.{column}")), format_number(count))
        for name, table in tables.items()
        for column, count in table.contradictions.items()
        if count
    ]
    caption = "Records whose rows contradict one another: of a crime nothing is known then, else the first row counts"
    return grid(caption, ("Column", "#Records"), rows) if rows else None


def _implausible_grid(extract: CheckedExtract) -> Grid | None:
    rows = [
        (capitalised(kind.description), format_number(kind.count), format_number(kind.total), kind.advice)
        for kind in (*extract.implausible, *waiting_dates_out_of_order(extract))
    ]
    return grid("What looks wrong", ("What", "#How many", "#Of", "What to do"), rows) if rows else None
