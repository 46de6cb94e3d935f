"""Do the cells below a heading agree with a column of the example, row by row? Permutation test for coded columns.

References, texts and numbers agree if they are equal; days and times, if they are equal when read in one of the forms
that a mapping may declare. Words agree with codes if no word occurs beside two codes. A column in which no word recurs
does so whatever it holds, so the pair is evidence only if hardly any other order of the codes would agree as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import factorial, prod

from assay.contract import Column
from assay.ingest.date_formats import CLOCKS, CLOCKS_WITH_ZONE, DETECTED_DATE_FORMATS, ISO_DAY, parse_moment
from assay.ingest.preparation.code_meanings import has_closed_list, is_value, translation
from assay.ingest.preparation.column_fit import TIME_KINDS
from assay.ingest.preparation.example_learning.record_pairing import MIN_ROWS

MAX_P_VALUE = 1 / 50
"""The largest share of all orders of the codes that may agree as well."""
MIN_EQUAL_SHARE = 0.8
LISTS_DIFFER = "our lists know some of its words as other values"
TIMES_LEFT_OUT = "the example has days where your system has times"
FEW_ROWS = "too few rows to distinguish it from chance"
Cells = Sequence[tuple[int, str, str]]
"""Rows in which both sides are filled: row of the example, its cell, the exported cell."""


@dataclass(frozen=True)
class Agreement:
    """How well a contract column of the example and a heading of the export agree, row by row.

    `rows`: number of rows in which both are filled; `contradicting_rows`: rows of the example in which they differ;
    `distinct_values`: of the column; `p_value`: an upper bound on the share of permutations of the example's cells that
    would agree as well (0 if equality itself is evidence); `forms`: forms of a day in which they agree; `words`:
    exported word in lower case -> code, for words beside one code only; `doubt`: why the pair is not sure even as the
    only claim.
    """

    column: Column
    heading: str
    rows: int
    contradicting_rows: tuple[int, ...]
    distinct_values: int
    p_value: float = 0.0
    forms: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)
    doubt: str = ""

    @property
    def has_conflicting_words(self) -> bool:
        """Return True if one word of the export corresponds to two codes of the example."""
        return has_closed_list(self.column) and bool(self.contradicting_rows)

    @property
    def has_enough_rows(self) -> bool:
        """Return True if enough rows are filled on both sides, with different values."""
        return self.rows >= MIN_ROWS and self.distinct_values > 1

    @property
    def is_candidate(self) -> bool:
        """Return True if all rows agree and words recur or are known, so that the heading may be the column's."""
        if not self.has_enough_rows or self.contradicting_rows:
            return False
        return (
            not has_closed_list(self.column) or _all_known(self.column, self.words) or 2 * len(self.words) <= self.rows
        )

    @property
    def is_significant(self) -> bool:
        """Return True if the agreement is significant (permutation p-value)."""
        return self.is_candidate and self.p_value <= MAX_P_VALUE

    @property
    def is_near_match(self) -> bool:
        """Return True if most rows agree significantly, so that the others may be typing errors."""
        equal = self.rows - len(self.contradicting_rows)
        return (
            self.has_enough_rows
            and bool(self.contradicting_rows)
            and equal >= MIN_EQUAL_SHARE * self.rows
            and self.p_value <= MAX_P_VALUE
        )


def compare_cells(column: Column, heading: str, cells: Cells) -> Agreement:
    """Return how a column and a heading agree in rows where both are filled."""
    if column.kind in TIME_KINDS:
        return _compare_times(column, heading, cells)
    if has_closed_list(column):
        return _compare_words(column, heading, cells)
    normalise = _parse_number if column.kind in ("int", "num") else _normalise_text if column.kind == "text" else str
    contradicting = tuple(line for line, target, source in cells if normalise(target) != normalise(source))
    counts = Counter(normalise(target) for _, target, _ in cells)
    p_value = 1 / _count_orders(counts.values()) if column.kind in ("int", "num", "code") else 0.0
    return Agreement(
        column, heading, len(cells), contradicting, len(counts), p_value, doubt=_significance_doubt(p_value)
    )


def _parse_number(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def _normalise_text(text: str) -> str:
    return " ".join(text.casefold().split())


def _significance_doubt(p_value: float) -> str:
    return FEW_ROWS if p_value > MAX_P_VALUE else ""


def _count_orders(counts: Collection[int]) -> int:
    """Return the number of distinct permutations of values with these counts."""
    return factorial(sum(counts)) // prod(factorial(count) for count in counts)


def _compare_words(column: Column, heading: str, cells: Cells) -> Agreement:
    codes_by_word: dict[str, Counter[str]] = {}
    for _, target, source in cells:
        codes_by_word.setdefault(source.casefold(), Counter())[target.casefold()] += 1
    usual_codes = {word: _most_common_code(codes) for word, codes in codes_by_word.items()}
    contradicting = tuple(line for line, target, source in cells if target.casefold() != usual_codes[source.casefold()])
    words = {source.casefold(): target for _, target, source in cells if len(codes_by_word[source.casefold()]) == 1}
    codes = Counter(target.casefold() for _, target, _ in cells)
    ways, orders = 1 if _all_known(column, words) else len(codes) ** len(codes_by_word), _count_orders(codes.values())
    p_value = ways / orders if ways < orders else 1.0
    doubt = (
        LISTS_DIFFER
        if any(has_other_meaning(column, *pair) for pair in words.items())
        else _significance_doubt(p_value)
    )
    return Agreement(column, heading, len(cells), contradicting, len(codes), p_value, words=words, doubt=doubt)


def _most_common_code(codes: Counter[str]) -> str:
    """Return the code that occurs most often beside a word; '' for a tie."""
    (first, frequency), *rest = codes.most_common(2)
    return "" if rest and rest[0][1] == frequency else first


def _listed_value(column: Column, word: str) -> str | None:
    """Return the value that the closed lists give a lower-case word; None if they know none."""
    known = word if is_value(column, word) else translation(column, word)
    return None if known is None else known.casefold()


def _all_known(column: Column, words: Mapping[str, str]) -> bool:
    return all(_listed_value(column, word) == value.casefold() for word, value in words.items())


def has_other_meaning(column: Column, word: str, value: str) -> bool:
    """Return True if closed lists give a word another meaning than the example gives it."""
    return _listed_value(column, word) not in (None, value.casefold())


def _compare_times(column: Column, heading: str, cells: Cells) -> Agreement:
    contradicting = {
        day: tuple(line for line, target, source in cells if not _is_same_time(column, day, target, source))
        for day in DETECTED_DATE_FORMATS
    }
    fewest = min(len(lines) for lines in contradicting.values())
    forms = [day for day in DETECTED_DATE_FORMATS if len(contradicting[day]) == fewest]
    distinct_count = len({target for _, target, _ in cells})
    is_time_missing = column.kind == "when" and any(_lacks_time(forms, target, source) for _, target, source in cells)
    return Agreement(
        column, heading, len(cells), contradicting[forms[0]], distinct_count,
        forms=frozenset(forms), doubt=TIMES_LEFT_OUT if is_time_missing else "",
    )  # fmt: skip


def parse_iso_moment(text: str) -> datetime | None:
    """Parse a date or date-time in ISO 8601 format; a space may replace the T."""
    forms = (ISO_DAY, *(ISO_DAY + clock for clock in CLOCKS))
    return next((read for form in forms if (read := parse_moment(text, form))), None)


def _parse_source_moment(day: str, text: str) -> datetime | None:
    return next((read for clock in ("", *CLOCKS, *CLOCKS_WITH_ZONE) if (read := parse_moment(text, day + clock))), None)


def _is_same_time(column: Column, day: str, target: str, source: str) -> bool:
    target_time, source_time = parse_iso_moment(target), _parse_source_moment(day, source)
    if target_time is None or source_time is None:
        return False
    if column.kind == "date" or len(target) == len(ISO_DAY):
        return target_time.date() == source_time.date()
    return target_time.replace(second=0) == source_time.replace(second=0) and ":" in source


def _lacks_time(forms: Sequence[str], target: str, source: str) -> bool:
    read = _parse_source_moment(forms[0], source)
    return len(target) == len(ISO_DAY) and read is not None and (read.hour, read.minute) != (0, 0)
