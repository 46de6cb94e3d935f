"""Which crimes have a "no" in a yes/no flag column, and which have a flag that could not be read?

The table of flags records only the yes answers. A cell that says neither yes nor no is not known, and must not count as
"no". In a column that never uses a word for "no", such as a tick box, an empty cell means "no".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.extracts.extract_model import Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.flag_pieces import flag_pieces
from assay.ingest.extracts.listed_facts import expanded_sheet
from assay.ingest.extracts.split_tables import split_extract
from assay.ingest.extracts.split_values import joined_cells, read_column
from assay.ingest.extracts.value_kinds_coded import says_not_known
from assay.ingest.yes_no_words import normalise_cell
from assay.workflows.check.extract_contents import CSE_FLAG, FLAGS, can_hold_flag, is_answer_column

CRIME = "crime_ref"
YES = "yes"


def crimes_that_deny(sheets: Sequence[Sheet], plan: SplitPlan, flag: str) -> pa.Array | None:
    """Return the references of crimes with "no" for the flag; None if no column has yes or no for it."""
    by_name = {(sheet.file, sheet.name): sheet for sheet in sheets}
    parts_asked = [(by_name[part.file, part.sheet], part) for part in plan.parts if _asks(part, flag, by_name)]
    if not parts_asked:
        return None
    with_no_word = {_heading(part) for sheet, part in parts_asked if _words_of_no(sheet, part)}
    denied: set[str] = set()
    for sheet, part in parts_asked:
        denied |= _denied(sheets, sheet, part, counts_empty=_heading(part) not in with_no_word)
    return pa.array(sorted(denied), pa.string())


def crimes_with_unread_flags(sheets: Sequence[Sheet], plan: SplitPlan, flag: str) -> pa.Array:
    """Return the references of crimes with an unread cell in a flag column that may contain this flag."""
    sheets = [expanded_sheet(sheet) for sheet in sheets]
    by_name = {(sheet.file, sheet.name): sheet for sheet in sheets}
    unread: set[str] = set()
    for part in plan.parts:
        sheet = by_name.get((part.file, part.sheet))
        if sheet is None or not _names_flags_of_crimes(part, sheet) or not can_hold_flag(part, flag):
            continue
        is_unread = _is_unread(sheet, part)
        if pc.any(is_unread).as_py():
            unread |= _crimes_where(sheets, sheet, part, is_unread)
    return pa.array(sorted(unread), pa.string())


def _names_flags_of_crimes(part: SplitPart, sheet: Sheet) -> bool:
    """Return True if the part reads the names of flags of crimes from columns of the sheet."""
    if part.table != FLAGS or not {"flag", CRIME} <= set(part.columns) or is_answer_column(part.columns["flag"]):
        return False
    meaning = part.columns["flag"]
    return {meaning.heading, meaning.joined_heading or meaning.heading} <= set(sheet.cells.column_names)


def _is_unread(sheet: Sheet, part: SplitPart) -> pa.ChunkedArray:
    """Return for each row whether its cell of flags has an item between separators that could not be read."""
    meaning = part.columns["flag"]
    headings = [meaning.heading, *([meaning.joined_heading] if meaning.joined_heading else [])]
    columns = [sheet.cells[name].to_pylist() for name in headings]
    frame = pl.DataFrame(columns, schema=dict.fromkeys(headings, pl.String))
    texts = joined_cells(meaning, frame)
    cells = texts.drop_nulls().unique().alias("cell").to_frame()
    pieces = flag_pieces(cells["cell"], part.separator, meaning.values)
    by_piece = cells.with_columns(pieces.alias("piece")).explode("piece")
    reading = read_column(FLAGS, "flag", replace(meaning, heading="piece", joined_heading=""), by_piece)
    unread = by_piece.filter(reading.not_understood)["cell"].unique().to_list()
    return pc.is_in(pa.chunked_array([texts.to_arrow().cast(pa.string())]), value_set=pa.array(unread, pa.string()))


def _asks(part: SplitPart, flag: str, sheets: Mapping[tuple[str, str], Sheet]) -> bool:
    """Return True if the part reads the yes or no about this flag from a column of a sheet that is there."""
    if part.table != FLAGS or "flag" not in part.columns or part.separator or part.only_where:
        return False
    meaning, sheet = part.columns["flag"], sheets.get((part.file, part.sheet))
    is_there = sheet is not None and meaning.heading in sheet.cells.column_names
    return is_there and flag in meaning.values.values() and is_answer_column(meaning)


def _heading(part: SplitPart) -> str:
    return part.columns["flag"].heading


def _words_of_no(sheet: Sheet, part: SplitPart) -> list[str]:
    """Return the cells, each once, that are understood, and neither the flag nor a word for "not known"."""
    values = {normalise_cell(word): value for word, value in part.columns["flag"].values.items()}
    cells = pc.unique(sheet.cells[_heading(part)].drop_null()).to_pylist()
    return [cell for cell in cells if values.get(normalise_cell(cell)) == "" and not says_not_known(cell)]


def _denied(sheets: Sequence[Sheet], sheet: Sheet, part: SplitPart, *, counts_empty: bool) -> set[str]:
    """Return the references of the crimes of the sheet that say no."""
    column = sheet.cells[_heading(part)]
    says_no = pc.is_in(column, value_set=pa.array(_words_of_no(sheet, part), pa.string()))
    if counts_empty:
        says_no = pc.or_(says_no, pc.is_null(column))
    return _crimes_where(sheets, sheet, part, says_no)


def _crimes_where(sheets: Sequence[Sheet], sheet: Sheet, part: SplitPart, is_chosen: pa.ChunkedArray) -> set[str]:
    """Return the references of the crimes of the chosen rows.

    The column is rewritten as "yes" in those rows and empty elsewhere, and the extract is split again, so that the
    references are read as usual. It makes no difference which flag the "yes" stands for.
    """
    position = sheet.cells.column_names.index(_heading(part))
    turned = pc.if_else(is_chosen, pa.scalar(YES), pa.scalar(None, pa.string()))
    turned_sheet = replace(sheet, cells=sheet.cells.set_column(position, _heading(part), turned))
    flag = replace(part.columns["flag"], values={YES: CSE_FLAG}, joined_heading="")
    turned_part = replace(
        part, columns={"flag": flag, CRIME: part.columns[CRIME]}, otherwise={}, separator="", separated=""
    )
    other_sheets = [turned_sheet if other is sheet else other for other in sheets]
    rows = split_extract(other_sheets, SplitPlan((turned_part,)))[FLAGS].rows
    return set(rows[CRIME].to_pylist()) if CRIME in rows.column_names else set()
