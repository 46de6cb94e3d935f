"""How each column of a sheet was used: what it was taken to mean, how probable that is, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pyarrow.compute as pc

from assay.ingest.extracts.event_logs import find_event_log
from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet, SplitPart
from assay.ingest.extracts.listed_facts import expanded_sheet
from assay.ingest.extracts.value_kinds_dates import EXCEL
from assay.workflows.check.checked_extract import CheckedExtract
from assay.workflows.check.extract_contents import CRIMES, PERSONS
from assay.workflows.check.key_figures import share_text
from assay.workflows.check.other_markers import other_marker_headings
from assay.workflows.check.plain_needs import plain_need

USED, WAITING, UNUSED = "used", "waits for you", "not used"
OTHER_MARKER = "counted as a marker, not a flag"
READER_FORM = "YYYY-MM-DD"
"""The form in which the reader of workbooks gives dates that are stored as such."""
_READER_DATE = r"^\d{4}-\d\d-\d\d([ T]|$)"
DATES_OF_WORKBOOK = "dates of the workbook"
DAY_NUMBERS = "dates of a spreadsheet as numbers of days, 45748 for 1 April 2025"


@dataclass(frozen=True)
class ColumnUse:
    """One column of a sheet: its heading, what it was taken to mean, how probable that is, and whether it is used."""

    heading: str
    meanings: tuple[str, ...]
    probability: float | None
    use: str
    reasons: tuple[str, ...] = ()


def column_uses(extract: CheckedExtract, sheet: Sheet) -> tuple[ColumnUse, ...]:
    """Return every column of a sheet, in order, with its use."""
    name = (sheet.file, sheet.name)
    meanings = _used_meanings(
        _with_stated_forms(part, sheet) for part in extract.plan.parts if (part.file, part.sheet) == name
    )
    lookups = _lookup_headings(extract, sheet)
    waiting = {
        meaning.heading: ColumnUse(meaning.heading, (_meaning(meaning),), meaning.probability, WAITING, meaning.reasons)
        for *sheet_name, meaning in extract.plan.waiting
        if tuple(sheet_name) == name
    }
    markers = {
        heading: ColumnUse(heading, (OTHER_MARKER,), None, USED)
        for *sheet_name, heading in other_marker_headings([sheet], extract.plan)
        if tuple(sheet_name) == name
    }
    known = _event_log_uses(sheet) | markers | waiting | lookups | meanings
    return tuple(
        known.get(heading, ColumnUse(heading, (), None, UNUSED)) for heading in expanded_sheet(sheet).cells.column_names
    )


def _event_log_uses(sheet: Sheet) -> dict[str, ColumnUse]:
    """Return the two columns of a log of events that are read together; none if the sheet is no such log."""
    log = find_event_log(sheet)
    if log is None or not log.values:
        return {}
    divided = "the value of each event, read as columns of outcomes and of flags"
    return {
        log.kind: ColumnUse(log.kind, ("what each event is about",), None, USED),
        log.values: ColumnUse(log.values, (divided,), None, USED),
    }


def _used_meanings(parts: Iterable[SplitPart]) -> dict[str, ColumnUse]:
    """Return the columns that are used, by heading; a heading may have a meaning in several tables."""
    found: dict[str, ColumnUse] = {}
    for part in parts:
        alternatives = (meaning for meanings in part.otherwise.values() for meaning in meanings)
        for meaning in (*part.columns.values(), *alternatives):
            phrase = _meaning(meaning, part.fixed.get("role", ""))
            found[meaning.heading] = _with_phrase(found.get(meaning.heading), meaning, phrase)
            if meaning.joined_heading:
                found.setdefault(meaning.joined_heading, _joined_use(meaning))
        for heading, purpose in _helping_headings(part):
            found.setdefault(heading, ColumnUse(heading, (purpose,), None, USED))
    return found


def _helping_headings(part: SplitPart) -> Iterator[tuple[str, str]]:
    """Yield the headings that are no column of the contract, and what each is used for."""
    yield from ((heading, "which rows count") for heading in part.only_where)
    if part.numbered_by:
        yield part.numbered_by, "the number of the person in the crime"
    yield from ((heading, "which row of a crime is the last") for heading in part.ordered_by)


def _lookup_headings(extract: CheckedExtract, sheet: Sheet) -> dict[str, ColumnUse]:
    """Return the headings of a sheet by which rows of other sheets find their crime or person."""
    lookups = [lookup for part in extract.plan.parts for lookup in part.lookups.values()]
    headings = [
        heading
        for lookup in lookups
        if (lookup.file, lookup.sheet) == (sheet.file, sheet.name)
        for heading in (lookup.key, lookup.value)
    ]
    return {heading: ColumnUse(heading, ("joins the sheets",), None, USED) for heading in headings}


def _with_phrase(use: ColumnUse | None, meaning: ColumnMeaning, phrase: str) -> ColumnUse:
    """Return the use of a column with one meaning more; its probability is that of the least certain meaning."""
    if use is None:
        return ColumnUse(meaning.heading, (phrase,), meaning.probability, USED, meaning.reasons)
    probability = min(meaning.probability, 1 if use.probability is None else use.probability)
    phrases = tuple(dict.fromkeys((*use.meanings, phrase)))
    return ColumnUse(meaning.heading, phrases, probability, USED, use.reasons)


def _joined_use(meaning: ColumnMeaning) -> ColumnUse:
    return ColumnUse(meaning.joined_heading, (f"completes {meaning.heading}",), meaning.probability, USED)


def _meaning(meaning: ColumnMeaning, role: str = "") -> str:
    """Return what a column means, with its name in mapping.toml: 'the time of the report (reported_at)'."""
    is_key = meaning.column == "crime_ref"
    need = f"{CRIMES if is_key else meaning.table}.{meaning.column}"
    verb = "" if meaning.form.startswith((DATES_OF_WORKBOOK, DAY_NUMBERS)) else "written "
    form = f"; {verb}{meaning.form}" if meaning.form else ""
    return f"{plain_need(need, role if meaning.table == PERSONS else '')} ({meaning.column}{form})"


def _with_stated_forms(part: SplitPart, sheet: Sheet) -> SplitPart:
    """Return a part of the split plan whose date columns are described as stored by a workbook, not by a format."""
    part = replace(part, columns={name: _with_day_numbers(item) for name, item in part.columns.items()})
    is_of_workbook = bool(sheet.name) and not sheet.delimiter
    if not is_of_workbook:
        return part
    return replace(part, columns={name: _with_stated_form(item, sheet) for name, item in part.columns.items()})


def _with_day_numbers(meaning: ColumnMeaning) -> ColumnMeaning:
    if meaning.form != EXCEL:
        return meaning
    reasons = tuple(reason.replace(f"in the form {EXCEL}", f"as {DAY_NUMBERS}") for reason in meaning.reasons)
    return replace(meaning, form=DAY_NUMBERS, reasons=reasons)


def _with_stated_form(meaning: ColumnMeaning, sheet: Sheet) -> ColumnMeaning:
    if "YY" not in meaning.form or meaning.heading not in sheet.cells.column_names:
        return meaning
    filled = sheet.cells[meaning.heading].drop_null()
    n_stored = pc.sum(pc.match_substring_regex(filled, _READER_DATE)).as_py() or 0
    if not n_stored:
        return meaning
    n_typed = len(filled) - n_stored
    is_all = meaning.form.startswith(READER_FORM) or not n_typed
    phrase = (
        DATES_OF_WORKBOOK
        if is_all
        else f"{DATES_OF_WORKBOOK}, {share_text(n_typed, len(filled))} written {meaning.form}"
    )
    reasons = tuple(reason.replace(f"in the form {meaning.form}", f"as {phrase}") for reason in meaning.reasons)
    return replace(meaning, form=phrase, reasons=reasons)
