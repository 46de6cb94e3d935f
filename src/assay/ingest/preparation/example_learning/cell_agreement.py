"""Do the cells below one heading of theirs say the same as those of one column of ours, row by row?

References, texts and numbers are the same if they are equal; days and times, if they are equal when read in one of the
forms that a mapping may declare. Words agree with codes if no word stands beside two codes; since a column in which
no word comes twice does so whatever it holds, the pair tells something only if hardly any other order of the codes
would agree as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import factorial, prod

from assay.contract import Column
from assay.ingest.preparation.cell_shapes import CLOCKS, CLOCKS_WITH_ZONE, DAYS, ISO_DAY, moment
from assay.ingest.preparation.code_meanings import is_value, listed, translation
from assay.ingest.preparation.column_fit import TIMES
from assay.ingest.preparation.example_learning.record_pairing import LEAST_ROWS

BY_CHANCE = 1 / 50
"""The largest share of all orders of the codes that may agree as well."""
MOSTLY_EQUAL = 0.8
LISTS_DIFFER = "our lists know some of its words as other values"
TIMES_LEFT_OUT = "the example has days where your system has times"
FEW_ROWS = "too few rows to tell it from chance"
Cells = Sequence[tuple[int, str, str]]
"""Rows in which both sides are filled: the row of our file, our cell, theirs."""


@dataclass(frozen=True)
class Agreement:
    """How a column of ours and a heading of theirs agree.

    `rows` in which both are filled; `against` the rows of our file in which they differ; `different` values of ours;
    `chance` an upper bound on the share of orders of our cells that would agree as well (0 where equality itself
    tells); `forms` of a day in which they agree; `words` theirs, in small letters -> ours, those that met one code
    only; `doubt` why it is not sure, were it the only claim.
    """

    column: Column
    heading: str
    rows: int
    against: tuple[int, ...]
    different: int
    chance: float = 0.0
    forms: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)
    doubt: str = ""

    @property
    def words_clash(self) -> bool:
        """Whether a word of theirs met two codes of ours."""
        return listed(self.column) and bool(self.against)

    @property
    def seen(self) -> bool:
        """Whether enough rows are filled on both sides, with different values, to say anything."""
        return self.rows >= LEAST_ROWS and self.different > 1

    @property
    def claims(self) -> bool:
        """Whether the heading may be the column: all rows agree, and words come again, or mean by our lists what
        stands beside them."""
        if not self.seen or self.against:
            return False
        return not listed(self.column) or _all_known(self.column, self.words) or 2 * len(self.words) <= self.rows

    @property
    def tells(self) -> bool:
        """Whether that is more than chance."""
        return self.claims and self.chance <= BY_CHANCE

    @property
    def nearly(self) -> bool:
        """Whether most rows agree, so that a few may be slips of the pen."""
        equal = self.rows - len(self.against)
        return self.seen and bool(self.against) and equal >= MOSTLY_EQUAL * self.rows and self.chance <= BY_CHANCE


def agreement(column: Column, heading: str, cells: Cells) -> Agreement:
    """How a column and a heading agree in rows in which both are filled."""
    if column.kind in TIMES:
        return _of_times(column, heading, cells)
    if listed(column):
        return _of_words(column, heading, cells)
    same = _as_numbers if column.kind in ("int", "num") else _as_text if column.kind == "text" else str
    against = tuple(line for line, ours, theirs in cells if same(ours) != same(theirs))
    counts = Counter(same(ours) for _, ours, _ in cells)
    chance = 1 / _orders(counts.values()) if column.kind in ("int", "num", "code") else 0.0
    return Agreement(column, heading, len(cells), against, len(counts), chance, doubt=_few(chance))


def _as_numbers(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def _as_text(text: str) -> str:
    return " ".join(text.casefold().split())


def _few(chance: float) -> str:
    return FEW_ROWS if chance > BY_CHANCE else ""


def _orders(counts: Collection[int]) -> int:
    """In how many different orders values that come so often can stand."""
    return factorial(sum(counts)) // prod(factorial(count) for count in counts)


def _of_words(column: Column, heading: str, cells: Cells) -> Agreement:
    met: dict[str, Counter[str]] = {}
    for _, ours, theirs in cells:
        met.setdefault(theirs.casefold(), Counter())[ours.casefold()] += 1
    usual = {word: _usual(codes) for word, codes in met.items()}
    against = tuple(line for line, ours, theirs in cells if ours.casefold() != usual[theirs.casefold()])
    words = {theirs.casefold(): ours for _, ours, theirs in cells if len(met[theirs.casefold()]) == 1}
    codes = Counter(ours.casefold() for _, ours, _ in cells)
    ways, orders = 1 if _all_known(column, words) else len(codes) ** len(met), _orders(codes.values())
    chance = ways / orders if ways < orders else 1.0
    doubt = LISTS_DIFFER if any(known_otherwise(column, *pair) for pair in words.items()) else _few(chance)
    return Agreement(column, heading, len(cells), against, len(codes), chance, words=words, doubt=doubt)


def _usual(codes: Counter[str]) -> str:
    """The code that a word meets most often; '' if two as often."""
    (first, often), *rest = codes.most_common(2)
    return "" if rest and rest[0][1] == often else first


def _means(column: Column, word: str) -> str | None:
    """The value that our lists take a word for, in small letters; None if they know it for none."""
    known = word if is_value(column, word) else translation(column, word)
    return None if known is None else known.casefold()


def _all_known(column: Column, words: Mapping[str, str]) -> bool:
    return all(_means(column, word) == ours.casefold() for word, ours in words.items())


def known_otherwise(column: Column, word: str, ours: str) -> bool:
    """Whether our lists take a word for another value than the one that stands beside it."""
    return _means(column, word) not in (None, ours.casefold())


def _of_times(column: Column, heading: str, cells: Cells) -> Agreement:
    against = {day: tuple(line for line, ours, theirs in cells if not _same(column, day, ours, theirs)) for day in DAYS}
    fewest = min(len(lines) for lines in against.values())
    forms = [day for day in DAYS if len(against[day]) == fewest]
    different = len({ours for _, ours, _ in cells})
    cut = column.kind == "when" and any(_time_cut(forms, ours, theirs) for _, ours, theirs in cells)
    return Agreement(
        column, heading, len(cells), against[forms[0]], different,
        forms=frozenset(forms), doubt=TIMES_LEFT_OUT if cut else "",
    )  # fmt: skip


def our_moment(text: str) -> datetime | None:
    """A day or time in the contract's own form; a space may stand for the T."""
    forms = (ISO_DAY, *(ISO_DAY + clock for clock in CLOCKS))
    return next((read for form in forms if (read := moment(text, form))), None)


def _read(day: str, text: str) -> datetime | None:
    return next((read for clock in ("", *CLOCKS, *CLOCKS_WITH_ZONE) if (read := moment(text, day + clock))), None)


def _same(column: Column, day: str, ours: str, theirs: str) -> bool:
    mine, yours = our_moment(ours), _read(day, theirs)
    if mine is None or yours is None:
        return False
    if column.kind == "date" or len(ours) == len(ISO_DAY):
        return mine.date() == yours.date()
    return mine.replace(second=0) == yours.replace(second=0) and ":" in theirs


def _time_cut(forms: Sequence[str], ours: str, theirs: str) -> bool:
    read = _read(forms[0], theirs)
    return len(ours) == len(ISO_DAY) and read is not None and (read.hour, read.minute) != (0, 0)
