"""In how many rows is a column of dates that a person must still confirm out of order with another column?"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.extracts.column_relations import ORDER
from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet
from assay.ingest.extracts.row_order import TIME_OF_DAY
from assay.ingest.extracts.value_kinds_dates import read_moments
from assay.workflows.check.checked_extract import CheckedExtract
from assay.workflows.check.extract_contents import CRIMES
from assay.workflows.check.implausible_records import Implausible

ADVICE = "Check what the two columns mean before you confirm them: the first should not lie before the second."


def waiting_dates_out_of_order(extract: CheckedExtract) -> tuple[Implausible, ...]:
    """Return pairs of date columns whose order is wrong in some row, if a person must still confirm one of them."""
    found = [kind for sheet in extract.sheets for kind in _out_of_order(extract, sheet)]
    return tuple(kind for kind in found if kind.count)


def _out_of_order(extract: CheckedExtract, sheet: Sheet) -> Iterator[Implausible]:
    key = (sheet.file, sheet.name)
    waiting = {
        meaning.column: meaning
        for *place, meaning in extract.plan.waiting
        if tuple(place) == key and meaning.table == CRIMES and _has_days(meaning)
    }
    used = {
        column: meaning
        for part in extract.plan.parts
        if (part.file, part.sheet, part.table) == (*key, CRIMES)
        for column, meaning in part.columns.items()
        if _has_days(meaning)
    }
    columns = waiting | used
    for first_date, second_date in ORDER:
        if (
            first_date in columns
            and second_date in columns
            and {first_date, second_date} & (waiting.keys() - used.keys())
        ):
            yield _pair(sheet, columns[first_date], columns[second_date])


def _has_days(meaning: ColumnMeaning) -> bool:
    """Return True for a column of dates; a time of day is no day, and cannot lie before one."""
    return bool(meaning.form) and not meaning.form.upper().startswith(TIME_OF_DAY)


def _pair(sheet: Sheet, first_date: ColumnMeaning, second_date: ColumnMeaning) -> Implausible:
    first, second = (_days(sheet, meaning) for meaning in (first_date, second_date))
    is_before = pc.less(second, first)
    return Implausible(
        f"rows have a day in \u2018{second_date.heading}\u2019 before the day in \u2018{first_date.heading}\u2019",
        pc.sum(is_before).as_py() or 0,
        len(is_before) - is_before.null_count,
        ADVICE,
    )


def _days(sheet: Sheet, meaning: ColumnMeaning) -> pa.Array:
    return pa.array(read_moments(sheet.cells[meaning.heading].to_pylist(), meaning.form)[0], pa.timestamp("us")).cast(
        pa.date32(), safe=False
    )
