"""Which columns of an extract were not read, but may hold what a question needs?

Recognition knows the headings of forty columns. A heading such as 'Arrest Date' or 'Owning Unit' is none of them, and
still may hold what the inspection asks next. A person decides: such a column is named with the lines of mapping.toml
that would use it, before a column that the extract lacks is asked for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pyarrow.compute as pc

from assay.contract.question_needs import is_event_kind
from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.heading_evidence import heading_words
from assay.ingest.extracts.listed_facts import expanded_sheet
from assay.ingest.extracts.split_plan import SEPARATORS
from assay.ingest.extracts.split_sections import split_sections
from assay.ingest.extracts.unread_words import value_choices
from assay.ingest.extracts.value_kinds_dates import find_date_form
from assay.ingest.extracts.written_words import MIN_CRIMES, crimes_by_word, is_code_word
from assay.workflows.check.extract_contents import CRIMES, FLAGS, PERSONS
from assay.workflows.check.extract_questions import EVENTS, questions_of_columns
from assay.workflows.check.plain_needs import plain_need

CRIME, HAPPENED = "crime_ref", "happened_at"
DATED = ("_at",)
"""End of the name of a column of dates or times."""
MIN_DATES = 0.5
"""Share of the filled cells that must be dates in a column of the dates of a step."""
MAX_WORDS = 20


@dataclass(frozen=True)
class PossibleColumn:
    """A column of the extract that was not read, and may hold what a question needs.

    Parameters
    ----------
    need
        What it may hold: 'crimes.investigating_team', or 'events.suspect_arrested' for the dates of a step.
    place
        The file, or file and sheet; several are joined by '; '.
    lines
        The lines of mapping.toml that use the column.
    questions
        The questions that it would help to answer.
    """

    heading: str
    need: str
    place: str
    lines: tuple[str, ...]
    questions: tuple[str, ...]

    @property
    def phrase(self) -> str:
        """Return what the column may hold, in plain words."""
        return plain_need(self.need)

    @property
    def choices(self) -> str:
        """Return what may be filled in for the words of the column; '' for a column of dates."""
        table, _, column = self.need.partition(".")
        has_words = any(line.startswith("values.") for line in self.lines)
        return value_choices(table, column) if has_words else ""

    @property
    def sentence(self) -> str:
        """Return what the column may hold, and what to do."""
        return (
            f"\u2018{self.heading}\u2019 is in your extract, and was not read. If it holds {self.phrase}, take the "
            "marks # from its lines at the end of mapping.toml, and check again."
        )

    def as_dict(self) -> dict[str, object]:
        """Return the column as a dictionary for JSON output."""
        return {"heading": self.heading, "may_be": self.need, "lines": list(self.lines), "reason": self.sentence}


def possible_columns(sheets: Sequence[Sheet], plan: SplitPlan, supplied: frozenset[str]) -> tuple[PossibleColumn, ...]:
    """Return the unread columns that may hold what the extract lacks, each need once: first what helps most questions.

    A need is left out if another column waits for it.
    """
    waiting = {f"{meaning.table}.{meaning.column}" for *_, meaning in plan.waiting}
    owners = {(part.file, part.sheet): part for part in reversed(plan.parts) if CRIME in part.columns}
    by_name = {(sheet.file, sheet.name): sheet for sheet in sheets}
    found: dict[str, PossibleColumn] = {}
    for file, name, heading in plan.unused:
        owner, sheet = owners.get((file, name)), by_name.get((file, name))
        needs = [need for need in _needs_of_heading(heading) if need not in supplied | waiting]
        if owner is None or sheet is None or not needs:
            continue
        expanded = expanded_sheet(sheet)
        for need in needs if heading in expanded.cells.column_names else ():
            meaning = _meaning(need, heading, expanded)
            if meaning is not None:
                lines = tuple(_lines(need, meaning, owner, expanded))
                column = PossibleColumn(heading, need, sheet.label, lines, questions_of_columns(supplied, [need]))
                found[need] = _with_sheet(found.get(need), column)
    return tuple(sorted(found.values(), key=lambda column: -len(column.questions)))


def _with_sheet(first: PossibleColumn | None, column: PossibleColumn) -> PossibleColumn:
    """Return the column found first; if the other has the same heading in another sheet, with its place and lines."""
    if first is None:
        return column
    if first.heading != column.heading:
        return first
    return replace(first, place=f"{first.place}; {column.place}", lines=(*first.lines, *column.lines))


@lru_cache
def _phrases() -> Mapping[str, tuple[frozenset[str], ...]]:
    text = Path(__file__).with_name("possible_headings.toml").read_text(encoding="utf-8")
    return {
        need: tuple(frozenset(heading_words(phrase).words) for phrase in phrases)
        for need, phrases in tomllib.loads(text).items()
    }


def _needs_of_heading(heading: str) -> Iterator[str]:
    """Yield what a heading may mean: the longest phrases first, and of these alone."""
    words = frozenset(heading_words(heading).words)
    longest = {
        need: max((len(phrase) for phrase in phrases if phrase <= words), default=0)
        for need, phrases in _phrases().items()
    }
    maximum = max(longest.values(), default=0)
    yield from (need for need, length in longest.items() if length and length == maximum)


def _meaning(need: str, heading: str, sheet: Sheet) -> ColumnMeaning | None:
    """Return the meaning of a column; None if its cells cannot hold it: dates for a step, words for anything else."""
    table, _, column = need.partition(".")
    texts = pc.unique(sheet.cells[heading].drop_null()).to_pylist()
    if not texts:
        return None
    dates = find_date_form(texts, True)
    is_dated = is_event_kind(need) or column.endswith(DATED)
    if is_dated:
        is_date = dates.share >= MIN_DATES and bool(dates.form) and not dates.form.startswith("HH")
        name = HAPPENED if is_event_kind(need) else column
        return ColumnMeaning(heading, table, name, 0.0, form=dates.form) if is_date else None
    return None if dates.share >= MIN_DATES else ColumnMeaning(heading, table, column, 0.0)


def _lines(need: str, meaning: ColumnMeaning, owner: SplitPart, sheet: Sheet) -> list[str]:
    """Return a section of mapping.toml for one column; of persons the lines alone, for the section of the person."""
    part = SplitPart(
        owner.file, owner.sheet, meaning.table,
        {CRIME: replace(owner.columns[CRIME], table=meaning.table), meaning.column: meaning},
        lookups={name: lookup for name, lookup in owner.lookups.items() if name == CRIME},
        carried_down=tuple(name for name in owner.carried_down if name == owner.columns[CRIME].heading),
        only_completes=meaning.table == CRIMES,
    )  # fmt: skip
    if meaning.table == EVENTS:
        part = replace(part, fixed={"kind": need.partition(".")[2]})
    if meaning.table == FLAGS and (separator := _separator(sheet, meaning.heading)):
        part = replace(part, separator=separator, separated=meaning.column)
    part = replace(part, columns={**part.columns, meaning.column: _with_words(meaning, part, sheet)})
    lines = split_sections(SplitPlan((part,))).splitlines()
    if meaning.table != PERSONS:
        return lines
    return [line for line in lines if line.partition(" ")[0].endswith(f".{meaning.column}")]


def _separator(sheet: Sheet, heading: str) -> str:
    """Return what separates several flags in a cell; '' if no cell seems to hold several."""
    texts = pc.unique(sheet.cells[heading].drop_null()).to_pylist()
    return next((sign for sign in SEPARATORS[:3] if any(sign in text for text in texts)), "")


def _with_words(meaning: ColumnMeaning, part: SplitPart, sheet: Sheet) -> ColumnMeaning:
    """Return a meaning with each word of its cells that may be shown, to fill in; dates have none."""
    if meaning.form:
        return meaning
    counts = crimes_by_word(meaning, part, sheet)
    words = [word for word, count in counts.items() if count >= MIN_CRIMES and is_code_word(word)]
    ordered = sorted(words, key=lambda word: (-counts[word], word))[:MAX_WORDS]
    return replace(meaning, values=dict.fromkeys(ordered, ""))
