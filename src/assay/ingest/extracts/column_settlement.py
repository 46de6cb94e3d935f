"""Choose one meaning for each heading of a sheet, and one heading for each meaning, by probability."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from assay import contract
from assay.ingest.extracts.extract_model import ColumnMeaning
from assay.ingest.extracts.sheet_shape import heading_words

MIN_PROBABILITY_USED = 0.9
"""A guess of at least this probability is used in a first run; a guess below it waits for a person."""
MIN_PROBABILITY_SHOWN = 0.3
"""A guess below this probability is not worth a question: the column counts as not recognised."""
MIN_PROBABILITY_BESIDE = 0.5
"""Probability from which a time of day completes the day of the same meaning in the column before it."""
FLAG = ("flags", "flag")
SURE_HEADINGS = ("its heading is our name", "its heading means it", "it is a heading of ")
"""Beginnings of the reasons that say that a heading alone is sure."""
ALL_CELLS_READ = "100% of its cells are read"
"""Beginning of the reason that says that every word of a column is known."""
WORDS_NOT_KNOWN = "its words are not known"
"""Beginning of the reason that says that a column waits for its words alone."""
SUB_CODE = "offence_sub_code"
_WORD_OF_TITLE = re.compile(r"[^\W\d_]{4}")
"""Four letters in a row: no code of an offence has them."""
_WORDS_OF_A_TIME = frozenset({
    "date", "time", "dt", "tm", "dttm", "datetime", "hour", "hr", "hrs", "24h", "day", "at", "on", "of", "clock",
})  # fmt: skip


class Candidate(Protocol):
    """A possible meaning of a heading, as `recognise_columns` returns it."""

    @property
    def heading(self) -> str:
        """Return the heading of the column."""

    @property
    def table(self) -> str:
        """Return the contract table to which the column would belong."""

    @property
    def column(self) -> str:
        """Return the contract column that the heading would mean."""

    @property
    def role(self) -> str:
        """Return the role of the person whom the column is about; '' if the heading does not say."""

    @property
    def block(self) -> int:
        """Return the person number in the heading, such as 2 in 'Victim 2 Name'; 0 if it has none."""

    @property
    def kind(self) -> str:
        """Return the kind of values in the cells."""

    @property
    def probability(self) -> float:
        """Return the probability that the meaning is right."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return the evidence on which the probability is based."""

    @property
    def values(self) -> Mapping[str, str]:
        """Return the contract value of each word in the cells."""

    @property
    def form(self) -> str:
        """Return the format of the dates or times."""


@dataclass(frozen=True)
class SettledColumn:
    """A heading with its chosen meaning, and the role of the person whom it describes."""

    meaning: ColumnMeaning
    role: str = ""
    block: int = 0
    kind: str = ""

    @property
    def table(self) -> str:
        """Return the contract table to which the column belongs."""
        return self.meaning.table

    @property
    def column(self) -> str:
        """Return the contract column that the heading means."""
        return self.meaning.column


@dataclass
class SettledSheet:
    """The columns of one sheet: those with a chosen meaning, those that a person must decide on, and those unknown.

    `duplicates` have a sure meaning that another column has already, such as the label beside a code.
    """

    chosen_columns: list[SettledColumn] = field(default_factory=list)
    duplicates: list[SettledColumn] = field(default_factory=list)
    waiting: list[SettledColumn] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def find(self, table: str, column: str) -> SettledColumn | None:
        """Return the chosen column with this meaning, if there is one."""
        return next(
            (settled for settled in self.chosen_columns if (settled.table, settled.column) == (table, column)), None
        )

    def columns_of_table(self, table: str) -> list[SettledColumn]:
        """Return the chosen columns of a table."""
        return [settled for settled in self.chosen_columns if settled.table == table]

    def drop(self, column: SettledColumn) -> None:
        """Reject a chosen column: move it to the columns that a person must decide on."""
        self.chosen_columns.remove(column)
        self.waiting.append(column)

    def choose(self, column: SettledColumn) -> None:
        """Choose this column, in place of any other meaning of its heading."""
        heading = column.meaning.heading
        self.chosen_columns = [other for other in self.chosen_columns if other.meaning.heading != heading]
        self.duplicates = [other for other in self.duplicates if other.meaning.heading != heading]
        self.waiting = [other for other in self.waiting if other.meaning.heading != heading]
        self.unused = [name for name in self.unused if name != heading]
        self.chosen_columns.append(column)


def settle_columns(headings: Sequence[str], candidates: Iterable[Candidate]) -> SettledSheet:
    """Choose the most probable meanings of the columns of a sheet, each heading and each meaning once.

    Parameters
    ----------
    headings
        All headings of the sheet, in order.
    candidates
        The candidates of every heading, in any order.
    """
    ordered = sorted(candidates, key=lambda candidate: -candidate.probability)
    clocks = [candidate for candidate in ordered if completes_another(candidate)]
    settled = SettledSheet()
    used: set[str] = set()
    slots: set[tuple[str, ...]] = set()
    for candidate in ordered:
        if candidate.probability < MIN_PROBABILITY_USED or candidate in clocks or candidate.heading in used:
            continue
        (settled.duplicates if _slot(candidate) in slots else settled.chosen_columns).append(settled_column(candidate))
        used.add(candidate.heading)
        slots.add(_slot(candidate))
    used |= _join_clocks(settled, [candidate for candidate in clocks if is_clock(candidate)], headings)
    used |= _join_sub_codes(settled, [candidate for candidate in clocks if not is_clock(candidate)])
    used |= _choose_further_blocks(settled, ordered, used)
    _settle_rest(settled, ordered, headings, used)
    return settled


def _choose_further_blocks(settled: SettledSheet, ordered: Iterable[Candidate], used: set[str]) -> set[str]:
    """Choose the columns of a further person whose headings differ from chosen ones only in the number; return them.

    The columns of a fifth suspect are nearly empty: what they mean shows in those of the first.
    """
    known = {
        (
            _without_numbers(candidate.meaning.heading),
            candidate.table,
            candidate.column,
            candidate.role,
        ): candidate.meaning.probability
        for candidate in settled.chosen_columns
        if candidate.block
    }
    added: set[str] = set()
    for candidate in ordered:
        probability = known.get(
            (_without_numbers(candidate.heading), candidate.table, candidate.column, candidate.role)
        )
        if candidate.block and probability is not None and candidate.heading not in used | added:
            settled.chosen_columns.append(settled_column(candidate, probability))
            added.add(candidate.heading)
    return added


def _without_numbers(heading: str) -> str:
    return re.sub(r"\d+", "#", heading.casefold())


def is_clock(candidate: Candidate) -> bool:
    """Return True for a column that holds times of day without a date."""
    return candidate.form.upper().startswith("HH")


def completes_another(candidate: Candidate) -> bool:
    """Return True for a column without meaning on its own: times of day, sub-codes of offence classes."""
    return is_clock(candidate) or candidate.kind == SUB_CODE


def settled_column(candidate: Candidate, probability: float | None = None) -> SettledColumn:
    """Return the candidate as a column whose meaning is chosen."""
    meaning = ColumnMeaning(
        candidate.heading,
        candidate.table,
        candidate.column,
        candidate.probability if probability is None else probability,
        tuple(candidate.reasons),
        candidate.values,
        candidate.form,
        kind=candidate.kind,
    )
    return SettledColumn(meaning, candidate.role, candidate.block, candidate.kind)


def _slot(candidate: Candidate) -> tuple[str, ...]:
    """Return what can be in a sheet once: a meaning for one person; for flags each heading, since each may be one."""
    slot = (candidate.table, candidate.column, candidate.role, str(candidate.block))
    return (*slot, candidate.heading) if slot[:2] == FLAG else slot


def _join_clocks(settled: SettledSheet, clocks: Iterable[Candidate], headings: Sequence[str]) -> set[str]:
    """Join each column of clock times to the date that it completes; return the headings of the clock times."""
    joined: set[str] = set()
    for clock in clocks:
        if clock.heading in joined:
            continue
        date = _date_of_clock(settled, clock, headings)
        if date is not None:
            completed = replace(date.meaning, joined_heading=clock.heading)
            settled.chosen_columns[settled.chosen_columns.index(date)] = replace(date, meaning=completed)
            joined.add(clock.heading)
    return joined


def _join_sub_codes(settled: SettledSheet, sub_codes: Iterable[Candidate]) -> set[str]:
    """Join the column of sub-codes to the offence class that it completes; return its heading.

    A column of titles that was chosen before becomes a further heading of the same meaning: a sub-code behind a title
    would be read as neither.
    """
    for sub_code in sub_codes:
        if sub_code.probability < MIN_PROBABILITY_USED:
            continue
        columns = [
            column
            for column in (*settled.chosen_columns, *settled.duplicates)
            if (column.table, column.column) == (sub_code.table, sub_code.column)
        ]
        classes = [column for column in columns if not _holds_titles(column.meaning)]
        for offence in classes[:1]:
            completed = replace(offence.meaning, joined_heading=sub_code.heading, joined_by="/")
            first = columns[0]
            settled.chosen_columns[settled.chosen_columns.index(first)] = replace(offence, meaning=completed)
            if first is not offence:
                settled.duplicates[settled.duplicates.index(offence)] = first
            return {sub_code.heading}
    return set()


def _holds_titles(meaning: ColumnMeaning) -> bool:
    """Return True if most words of a column of offences that were understood are titles, and no codes."""
    titles = [word for word in meaning.values if _WORD_OF_TITLE.search(word)]
    return 2 * len(titles) > len(meaning.values)


def _date_of_clock(settled: SettledSheet, clock: Candidate, headings: Sequence[str]) -> SettledColumn | None:
    """Return the date without a clock time that a clock time belongs to: of the same words, or of the same meaning."""
    dates = [
        date
        for date in settled.chosen_columns
        if date.meaning.form and "HH" not in date.meaning.form.upper() and not date.meaning.joined_heading
    ]
    same_words = [date for date in dates if _subject(date.meaning.heading) == _subject(clock.heading)]
    if len(same_words) == 1:
        return same_words[0]
    before = headings[headings.index(clock.heading) - 1] if headings.index(clock.heading) else ""
    adjacent = [date for date in dates if date.meaning.heading == before]
    # Right behind the day of the same event, a time that is as likely as not of this event can be of no other.
    is_of_same_event = any((date.table, date.column) == (clock.table, clock.column) for date in adjacent)
    may_follow = is_of_same_event and clock.probability >= MIN_PROBABILITY_BESIDE
    if adjacent and (may_follow or not _subject(clock.heading)):
        return adjacent[0]
    same_meaning = [date for date in dates if (date.table, date.column) == (clock.table, clock.column)]
    if clock.probability >= MIN_PROBABILITY_USED and len(same_meaning) == 1:
        return same_meaning[0]
    return None


def _subject(heading: str) -> frozenset[str]:
    return heading_words(heading) - _WORDS_OF_A_TIME


def _settle_rest(settled: SettledSheet, ordered: Iterable[Candidate], headings: Iterable[str], used: set[str]) -> None:
    """Let the best candidate of each heading that is not used wait; a heading without any is not recognised.

    A coded column whose heading is sure, and whose words are not known, waits too: a person can list its words.
    """
    slots = {(candidate.table, candidate.column) for candidate in settled.chosen_columns}
    best: dict[str, Candidate] = {}
    for candidate in ordered:
        if candidate.heading not in used:
            best.setdefault(candidate.heading, candidate)
    for heading in headings:
        if heading in best and best[heading].probability >= MIN_PROBABILITY_SHOWN:
            settled.waiting.append(settled_column(best[heading]))
        elif heading in best and lacks_words(best[heading], slots):
            waiting = settled_column(best[heading])
            reasons = waiting.meaning.reasons
            if not any(reason.startswith(ALL_CELLS_READ) for reason in reasons):
                reasons = (*reasons, f"{WORDS_NOT_KNOWN}: list them in values.{waiting.column}")
            settled.waiting.append(replace(waiting, meaning=replace(waiting.meaning, reasons=reasons)))
        elif heading not in used:
            settled.unused.append(heading)


def lacks_words(candidate: Candidate, used_columns: Collection[tuple[str, str]]) -> bool:
    """Return True for a coded column whose heading is certain but whose cells are not understood."""
    if (candidate.table, candidate.column) in used_columns:
        return False
    if candidate.table not in contract.tables() or candidate.column not in contract.table(candidate.table).column_names:
        return False
    is_coded = bool(contract.table(candidate.table).column(candidate.column).values)
    return is_coded and any(reason.startswith(SURE_HEADINGS) for reason in candidate.reasons)
