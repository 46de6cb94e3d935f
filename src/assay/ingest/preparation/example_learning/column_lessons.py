"""What does one pair of files teach of one table: which heading is which column, in which form its dates are?

Sure is a pair that agrees in every row in which both are filled (three at least, with two different values), by more
than chance, if nothing else agrees as well with either. All else that agrees is a guess.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assay.contract import FORCE_CODE, Column, Table
from assay.ingest.preparation.cell_shapes import ISO_DAY
from assay.ingest.preparation.code_meanings import is_value, listed
from assay.ingest.preparation.column_fit import TIMES
from assay.ingest.preparation.example_learning.cell_agreement import Agreement, agreement, our_moment
from assay.ingest.preparation.example_learning.example_folder import OURS, Rows
from assay.ingest.preparation.example_learning.record_pairing import LEAST_ROWS, Paired
from assay.wording import counted

Pair = tuple[str, str]


@dataclass(frozen=True)
class Guess:
    """A heading that may be a column, with the ground and why it is not sure."""

    column: str
    heading: str
    why: str


@dataclass(frozen=True)
class Lesson:
    """What the example teaches of a table. `sure`: our column -> the agreement; `guesses` the likeliest first; `pairs`
    every pair that was looked at; `day` the form of its days, '' if not told; `constant` columns of a closed list
    that have one value in every row, with it; `unread` sentences on cells of ours that are not as the contract wants
    them."""

    table: Table
    file: str
    rows: int
    pairs: Mapping[Pair, Agreement]
    sure: Mapping[str, Agreement]
    guesses: tuple[Guess, ...]
    day: str
    constant: Mapping[str, str]
    unread: tuple[str, ...]

    @property
    def explains(self) -> bool:
        """Whether the key of the table is found, or half of the columns of ours that could agree with something."""
        could = {one.column.name for one in self.pairs.values() if one.seen}
        agree = {*self.sure, *(one.column for one in self.guesses)}
        return set(self.table.key) <= set(self.sure) or (bool(agree) and 2 * len(agree) >= len(could))


def lesson(table: Table, ours: Rows, theirs: Rows, rows: Paired) -> Lesson:
    """Compare every column of ours with every heading of theirs, in the rows that belong together."""
    columns = [column for column in table.columns if column.name in ours.cells]
    wrong = {column.name: lines for column in columns if (lines := _not_ours(column, ours))}
    found = list(_agreements([column for column in columns if column.name not in wrong], ours, theirs, rows))
    claims = _claims(found)
    sure = {one.column.name: one for one in claims if _is_sure(one, claims)}
    day, others = _day(list(sure.values()), claims)
    apart = [replace(one, doubt=_other_form(one, day)) for one in others]
    sure = {name: one for name, one in sure.items() if one not in others}
    return Lesson(
        table=table,
        file=theirs.export.file,
        rows=len(rows.places),
        pairs={(one.column.name, one.heading): one for one in found},
        sure=sure,
        guesses=(*_guesses([*apart, *(one for one in claims if one not in others)], sure), *_slips(found, claims)),
        day=day,
        constant=dict(_constant(columns, ours)),
        unread=tuple(_not_as_wanted(ours.export.file, name, lines) for name, lines in wrong.items()),
    )


def _agreements(columns: Sequence[Column], ours: Rows, theirs: Rows, rows: Paired) -> Iterator[Agreement]:
    for column in columns:
        for heading, cells in theirs.cells.items():
            both = [
                (ours.lines[mine], ours.cells[column.name][mine], cells[yours])
                for mine, yours in rows.places
                if ours.cells[column.name][mine] and cells[yours]
            ]
            if both:
                yield agreement(column, heading, both)


def _claims(found: Sequence[Agreement]) -> list[Agreement]:
    """The pairs that agree; a heading that equals a column of references, days, texts or numbers holds no words."""
    claims = [one for one in found if one.claims]
    equal = {one.heading for one in claims if not listed(one.column) and one.tells}
    return [one for one in claims if one.heading not in equal or not listed(one.column)]


def rivals(one: Agreement, claims: Sequence[Agreement]) -> list[Agreement]:
    """The other claims to the same column, and what else of ours the same heading may well be."""
    return [
        other
        for other in claims
        if (other.column == one.column) != (other.heading == one.heading)
        and (other.column == one.column or other.tells or not one.tells)
    ]


def _is_sure(one: Agreement, claims: Sequence[Agreement]) -> bool:
    return one.tells and not one.doubt and not rivals(one, claims)


def _day(sure: Sequence[Agreement], claims: Sequence[Agreement]) -> tuple[str, list[Agreement]]:
    """The form of day that most columns agree in, '' if two fit all of them; and the sure columns in another.

    Two columns that claim one heading tell its form as well as one does.
    """
    dated = [one for one in sure if one.column.kind in TIMES] or [one for one in claims if one.column.kind in TIMES]
    votes = Counter(form for one in dated for form in one.forms)
    if not votes:
        return "", []
    most = max(votes.values())
    best = sorted(form for form, count in votes.items() if count == most)
    at_odds = len(best) > 1 and most < len(dated)
    others = [one for one in sure if one.forms and (at_odds or not one.forms & set(best))]
    return (best[0] if len(best) == 1 else ""), others


def _other_form(one: Agreement, day: str) -> str:
    return f"its days are written {' or '.join(sorted(one.forms))}, and others of the file {day or 'in another form'}"


def _guesses(claims: Sequence[Agreement], sure: Mapping[str, Agreement]) -> Iterator[Guess]:
    headings = {one.heading for one in sure.values()}
    for one in sorted(claims, key=lambda one: one.chance):
        if one.column.name not in sure and one.heading not in headings:
            yield Guess(one.column.name, one.heading, f"{ground(one)}{_but(one, rivals(one, claims))}")


def _slips(found: Sequence[Agreement], claims: Sequence[Agreement]) -> Iterator[Guess]:
    """Pairs that agree but for a few rows, where nothing agrees in full."""
    columns, headings = {one.column.name for one in claims}, {one.heading for one in claims}
    for one in sorted(found, key=lambda one: len(one.against)):
        if one.nearly and one.column.name not in columns and one.heading not in headings:
            yield Guess(one.column.name, one.heading, f"{ground(one)}, and not in {in_rows(one.against)}")


def ground(one: Agreement) -> str:
    """In how many rows of the example a pair agrees."""
    return f"in your example it agrees in {one.rows - len(one.against)} of {counted(one.rows, 'row')}"


def in_rows(lines: Sequence[int], most: int = 6) -> str:
    """'row 3', 'rows 3, 5 and 2 more'."""
    shown = ", ".join(str(line) for line in lines[:most])
    more = f" and {len(lines) - most} more" if len(lines) > most else ""
    return f"{'row' if len(lines) == 1 else 'rows'} {shown}{more}"


def _but(one: Agreement, others: Sequence[Agreement]) -> str:
    headings = sorted({other.heading for other in others} - {one.heading})
    columns = sorted({other.column.name for other in others} - {one.column.name})
    parts = [one.doubt] if one.doubt else []
    parts += [f"so does {', '.join(headings)}"] if headings else []
    parts += [f"it may be {', '.join(columns)} as well"] if columns else []
    return f"; {'; '.join(parts)}" if parts else ""


def _constant(columns: Sequence[Column], ours: Rows) -> Iterator[tuple[str, str]]:
    for column in columns:
        values = set(ours.cells[column.name])
        if listed(column) and len(values) == 1 and "" not in values and ours.count >= LEAST_ROWS:
            yield column.name, values.pop()


def _not_ours(column: Column, ours: Rows) -> list[int]:
    """The rows whose cell is in no form, or no value of the list, that the contract has for the column."""
    cells = zip(ours.lines, ours.cells[column.name], strict=True)
    return [line for line, cell in cells if cell and column.name != FORCE_CODE and not _as_wanted(column, cell)]


def _as_wanted(column: Column, cell: str) -> bool:
    if column.kind in TIMES:
        return our_moment(cell) is not None and (column.kind != "time" or len(cell) > len(ISO_DAY))
    return not listed(column) or is_value(column, cell)


def _not_as_wanted(file: str, name: str, lines: Sequence[int]) -> str:
    return (
        f"{OURS}/{file}: {name} is not as the contract wants it in {in_rows(lines)}, and nothing was learnt of it. "
        "Days are written 2026-02-13, times 2026-02-13T09:30, codes as in their list; a spreadsheet rewrites days "
        "unless their cells are text."
    )
