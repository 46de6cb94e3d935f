"""How do the marks of a file of crimes become rows of `flags`, one a flag, each with its line and a reference?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from assay.returns.desk import Desk
from assay.returns.files import Source, TableRefused
from assay.returns.flag_cells import (
    EMPTY,
    FLAG,
    GIVEN,
    NO,
    NOT_ASKED,
    REF,
    UNKNOWN,
    YES,
    Part,
    flag_of_heading,
    in_a_list,
    in_a_mark,
)
from assay.returns.mapping import TableMapping
from assay.returns.said_words import says_yes
from assay.returns.sql import quoted
from assay.wording import counted, listed

_WORDS = pa.schema([("place", pa.int64()), ("told", pa.string()), ("number", pa.int64()), ("said", pa.string()),
                    ("says", pa.string())])  # fmt: skip


@dataclass(frozen=True)
class FlagRows:
    """How many rows came, how many places a line of the file was spread over, and what is told of the cells."""

    records: int
    spread: int
    told: tuple[str, ...] = ()


def given(mapping: TableMapping) -> tuple[str, ...]:
    """The columns that need not be in the file of flags, since the mapping says how they come about."""
    return GIVEN if mapping.wide else (REF,) if FLAG in mapping.columns else ()


def refuse_fixed_against_marks(desk: Desk, file: str, source: Source, mapping: TableMapping) -> None:
    """Refuse one flag fixed for every row of a file that has a column of marks for it, and says no of some (R04)."""
    fixed = mapping.fixed.get(FLAG, "").casefold()
    marks = [name for name in source.columns if name and flag_of_heading(name) == fixed] if fixed else []
    read = {*mapping.columns.values(), *mapping.wide}
    for heading in (one for one in marks if one not in read):
        source.lay(desk, "marks_of_a_flag", {FLAG: source.columns.index(heading)})
        cells = _distinct(desk, "marks_of_a_flag", FLAG)
        rows = desk.number("select count(*) from marks_of_a_flag")
        no = rows - sum(n for cell, n in cells.items() if says_yes(cell) or cell.strip().casefold() == fixed)
        if no:
            said = f"{file}: fixed.flag says {fixed} of every row, and its column {heading} does not say yes in "
            said += f"{no:,} of {counted(rows, 'row')}. "
            mend = f'Write wide = {{"{heading}" = "{fixed}"}} in the place of fixed.flag.'
            raise TableRefused("R04", said + mend, FLAG, source.records)


def unfold(desk: Desk, source: Source, places: Mapping[str, int], mapping: TableMapping) -> FlagRows:
    """Lay `raw_flags`, one row a flag that the file says; a table of flags as the contract has it stays as it is."""
    there = {column: place for place, column in enumerate(source.columns)}
    marks = {f"w{number}": heading for number, heading in enumerate(mapping.wide) if heading in there}
    if mapping.wide and not marks:
        raise TableRefused("R03", "mapping.toml: none of the columns under wide is in the file.", FLAG)
    source.lay(desk, "raw_flags", {**places, **{column: there[heading] for column, heading in marks.items()}})
    heading = mapping.columns.get(FLAG, FLAG)
    lent = REF not in places or places[REF] == places.get("crime_ref")
    words = [*_list_words(desk, places, mapping, lent, heading), *_mark_words(desk, marks, mapping)]
    told = _told(desk, words, {FLAG: heading, **marks})
    as_they_stand = not any(row["number"] > 1 or row["says"] in (NO, NOT_ASKED) for row in words)
    if not words or (as_they_stand and not marks and not lent):
        return FlagRows(source.records, 1)
    return _spread(desk, places, words, marks, mapping, told, len(source.unread))


def _distinct(desk: Desk, table: str, column: str) -> dict[str, int]:
    found = desk.run(f"select coalesce({column}, '') as told, count(*) as n from {table} group by 1 order by 1")
    return dict(zip(found["told"].to_pylist(), found["n"].to_pylist(), strict=True))


Row = dict[str, Any]


def _list_words(
    desk: Desk, places: Mapping[str, int], mapping: TableMapping, lent: bool, heading: str
) -> Iterator[Row]:
    if FLAG not in places:
        return
    translated = mapping.values.get(FLAG, {})
    for cell, rows in _distinct(desk, "raw_flags", FLAG).items():
        parts = in_a_list(cell, translated, lent=lent, of_heading=flag_of_heading(heading))
        yield from _rows(FLAG, 0, cell, parts, rows)


def _mark_words(desk: Desk, marks: Mapping[str, str], mapping: TableMapping) -> Iterator[Row]:
    for place, (column, heading) in enumerate(marks.items(), start=1):
        for cell, rows in _distinct(desk, "raw_flags", column).items():
            part = in_a_mark(cell, mapping.wide[heading], mapping.values.get(FLAG, {}))
            yield from _rows(column, place, cell, [part], rows)


def _rows(column: str, place: int, cell: str, parts: list[Part], rows: int) -> Iterator[Row]:
    for number, part in enumerate(parts, start=1):
        yield {"column": column, "place": place, "told": cell, "number": number, "said": part.said, "says": part.says,
               "rows": rows}  # fmt: skip


def _spread(
    desk: Desk, places: Mapping[str, int], words: list[Row], marks: Mapping[str, str], mapping: TableMapping,
    told: tuple[str, ...], unread: int,
) -> FlagRows:  # fmt: skip
    """One row for each part that says a flag, or a word that nobody knows; the same flag twice on a line is one."""
    kept = [{name: row[name] for name in _WORDS.names} for row in words if row["says"] in (YES, UNKNOWN, EMPTY)]
    lent = REF not in places or places[REF] == places.get("crime_ref")
    kept = [row for row in kept if row["says"] != EMPTY or (row["place"] == 0 and not lent)]
    desk.hold("flag_words", pa.Table.from_pylist(kept, schema=_WORDS))
    desk.keep("raw_flat", "select * from raw_flags")
    most = max((row["number"] for row in words), default=1)
    spread = (len(marks) + 1) * most
    others = [name for name in places if name not in GIVEN]
    base = REF if REF in places else "line::varchar"
    found = [_of_column(column, place, base, others, mapping, marks, most) for column, place in _columns(places, marks)]
    same = f"partition by line, coalesce(nullif({FLAG}, ''), place::varchar) order by place"
    rows = f"select * from ({' union all '.join(found)}) qualify row_number() over ({same}) = 1"
    named = ", ".join(("line * " + str(spread) + " + place as line", REF, FLAG, *others))
    desk.keep("raw_flags", f"select {named} from ({rows}) order by line")
    return FlagRows(desk.number("select count(*) from raw_flags") + unread, spread, told)


def _columns(places: Mapping[str, int], marks: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    if FLAG in places:
        yield FLAG, 0
    yield from ((column, place) for place, column in enumerate(marks, start=1))


def _of_column(
    column: str, place: int, base: str, others: list[str], mapping: TableMapping, marks: Mapping[str, str], most: int
) -> str:
    """SQL for the rows that one column says. A mark's reference ends in its flag, a further part's in its number."""
    ref = f"case when w.number = 1 then r.{base} else r.{base} || '/' || w.number end"
    if column in marks:
        ref = f"r.{base} || '/' || {quoted(mapping.wide[marks[column]])}"
    copied = "".join(f", r.{name}" for name in others)
    return (
        f"select r.line, {place * most} + w.number - 1 as place, {ref} as {REF}, w.said as {FLAG}{copied} "
        f"from raw_flat as r join flag_words as w on w.place = {place} and w.told = coalesce(r.{column}, '')"
    )


def _told(desk: Desk, words: list[Row], headings: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence a column: how many of its cells say a flag, none, nothing, and what nobody knows. No cell is shown."""
    records = desk.number("select count(*) from raw_flags")
    return tuple(
        _sentence(headings[column], records, [row for row in words if row["column"] == column])
        for column in headings
        if any(row["column"] == column for row in words)
    )


def _sentence(heading: str, records: int, words: list[Row]) -> str:
    says = Counter[str]()
    for row in words:
        says[row["says"]] += row["rows"]
    several = sum(row["rows"] for row in words if row["number"] == 2)
    of_marks = words[0]["place"] > 0
    lead = f"{says[YES]:,} of {counted(records, 'cell')} of {heading} say yes and are a flag"
    if not of_marks:
        lead = f"{several:,} of {counted(records, 'cell')} of {heading} hold several flags and were read part by part"
    told = {
        "flags came of it": 0 if of_marks else says[YES],
        "say no": says[NO],
        "are empty or hold a word for nothing": says[EMPTY],
        "are left out by the mapping": says[NOT_ASKED],
        "hold a word that no list knows, and are set aside": says[UNKNOWN],
    }
    parts = [f"{number:,} {what}" for what, number in told.items() if number]
    return f"flags: {lead}{': ' if parts else ''}{listed(parts)}."
