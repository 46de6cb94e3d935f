"""How does the draft of `mapping.toml` read: what is a line, what is a comment, what is a TODO?

A line is what is sure or was written by a person. A guess stands behind `# guess: ` with its ground, and counts for
nothing until a person takes these words away. What nobody can know but the force stands behind `# TODO: `.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assay.contract import FORCE_CODE, Column
from assay.ingest.column_mapping import mapping_notation
from assay.ingest.flag_cells import DERIVED_COLUMNS, FLAGS, NO, UNKNOWN, YES
from assay.ingest.preparation.cell_shapes import Shape
from assay.ingest.preparation.code_meanings import Meant, listed, meant
from assay.ingest.preparation.column_fit import OF_FORCE, TIMES, wanted
from assay.ingest.preparation.column_matching import Match, Proposal
from assay.ingest.preparation.date_form_detection import Forms, forms_of
from assay.ingest.preparation.example_learning.column_lessons import Lesson
from assay.ingest.preparation.example_learning.example_mapping import Taught, taught
from assay.ingest.preparation.export_files import Export
from assay.ingest.preparation.flag_columns import (
    FLAG_COLUMN,
    FlagColumns,
    find_flag_columns,
    meaning_counts,
    part_counts,
)
from assay.ingest.preparation.previous_mapping import Earlier, force_column_used

GUESS, TODO = "# guess: ", "# TODO: "
WHY_HIDDEN = "seldom, long, too many, among the names, or in a column of which no word is known"
ORDER_OPEN = "no day above 12 tells whether the day or the month comes first"
ALWAYS = "the one value in your example, in {rows} rows, and no heading holds it: only if it holds for every row"
RECALLED = "recalled from the counting rules and read in no source: compare it with yours"
HEAD = (
    "# Drafted by assay prepare. A line is read as it stands. A guess is not read until you take away the words",
    "# '# guess: ' before it. What only you can know is marked TODO.",
)


@dataclass(frozen=True)
class Written:
    """A proposal ready to be written: its forms of dates, its words by column, what was written before, what an
    example taught, and the flag columns that its file has beside those of the table."""

    proposal: Proposal
    force_code: str
    forms: Forms
    meanings: Mapping[str, Meant]
    earlier: Sequence[Earlier]
    taught: Taught
    flag_columns: FlagColumns = field(default_factory=FlagColumns)

    @property
    def name(self) -> str:
        """The table."""
        return self.proposal.table.name

    @property
    def sure(self) -> tuple[Match, ...]:
        """The columns that are written as lines, where the table itself is sure."""
        return tuple(one for one in self.proposal.matches.values() if one.sure and self.proposal.sure)

    @property
    def guessed(self) -> tuple[Match, ...]:
        """The columns that wait for a person."""
        return tuple(one for one in self.proposal.matches.values() if one not in self.sure)

    @property
    def lacking(self) -> tuple[Column, ...]:
        """Return the columns of the table that no line, guess, flag column or fixed value fills."""
        derived = DERIVED_COLUMNS if self.name == FLAGS and self.flag_columns.yes_no else ()
        return tuple(column for column in self.proposal.absent if column.name not in (*self.fixed, *derived))

    def lacks(self, *demands: str) -> list[str]:
        """The columns that are lacking and demanded: "yes", "if known" or both."""
        return [column.name for column in self.lacking if self.proposal.table.demands(column) in demands]

    @property
    def fixed(self) -> Mapping[str, str]:
        """One value for every row: what a person wrote, and the force's own code where no column holds it."""
        found = {} if FORCE_CODE in self.proposal.matches else {FORCE_CODE: self.force_code}
        for one in self.earlier:
            found |= one.tables.get(self.name, {}).get("fixed", {})
        asked = {FORCE_CODE, *(column.name for column in wanted(self.proposal.table))}
        return {name: value for name, value in found.items() if name in asked - {one.column for one in self.sure}}


def ready(
    proposal: Proposal, force_code: str, earlier: Sequence[Earlier], never: Collection[str],
    lesson: Lesson | None = None,
) -> Written:  # fmt: skip
    """Work out the forms of dates and the meaning of words for a proposal; `never` are words that are not shown."""
    proposal = force_column_used(proposal, force_code)
    learnt = taught(lesson, proposal, earlier, never)
    earlier = (learnt.as_earlier(proposal.table.name), *earlier)
    columns = {column.name: column for column in proposal.table.columns}
    dates = {
        name: proposal.export.shape(one.heading)
        for name, one in proposal.matches.items()
        if name in columns and columns[name].kind in TIMES
    }
    words = {
        name: _words(columns[name], proposal.export.shape(one.heading))
        for name, one in proposal.matches.items()
        if name in columns and listed(columns[name])
    }
    return Written(
        proposal=proposal,
        force_code=force_code,
        forms=forms_of(dates, _form_written(earlier, proposal.table.name)),
        meanings={
            name: meant(columns[name], counts, _yours(earlier, proposal, name), never) for name, counts in words.items()
        },
        earlier=earlier,
        taught=learnt,
        flag_columns=find_flag_columns(proposal, never),
    )


def _words(column: Column, shape: Shape) -> Mapping[str, int]:
    return part_counts(shape) if column == FLAG_COLUMN else shape.values


def _form_written(earlier: Sequence[Earlier], table: str) -> tuple[str, str]:
    """The forms of a day and of a time that a person wrote last, '' where none."""
    said = [one.tables.get(table, {}) for one in reversed(earlier)]
    pairs = ((mapping_notation(one.get("date_form", "")), mapping_notation(one.get("time_form", ""))) for one in said)
    return next((pair for pair in pairs if any(pair)), ("", ""))


def _yours(earlier: Sequence[Earlier], proposal: Proposal, column: str) -> dict[str, str]:
    return {
        theirs.strip().casefold(): ours
        for one in earlier
        for theirs, ours in one.values(proposal.table.name, column).items()
    }


def draft(tables: Sequence[Written]) -> str:
    """The text of `mapping.toml`."""
    return "\n".join((*HEAD, *(line for one in tables for line in ("", *_section(one))))) + "\n"


def _section(one: Written) -> list[str]:
    lines = [f"[tables.{one.name}]", *_about_the_file(one), "", f"[tables.{one.name}.columns]", *_columns(one)]
    for column, found in one.meanings.items():
        lines += _values(one, column, found)
    lines += _wide(one)
    if one.proposal.sure:
        return lines
    head = f"# This may be the table {one.name}: {one.proposal.why}. If so, take away each '# ' down to the next table."
    return [head, *(f"# {line}" if line else "" for line in lines)]


def how_written(export: Export) -> Iterator[str]:
    """The lines that say which file it is and how it is written."""
    yield f"file = {quoted(export.file)}"
    if export.delimiter != ",":
        yield f"delimiter = {quoted(export.delimiter)}"
    if export.encoding != "utf-8":
        yield f"encoding = {quoted(export.encoding)}"


def _about_the_file(one: Written) -> Iterator[str]:
    export = one.proposal.export
    yield from how_written(export)
    mark, note = ("", "") if one.forms.sure else (GUESS, f"  # {ORDER_OPEN}")
    if one.forms.day:
        yield f"{mark}date_form = {quoted(one.forms.day)}{note}"
    if one.forms.time:
        yield f"{mark}time_form = {quoted(one.forms.time)}{note}"
    for name in one.forms.others:
        yield f"{TODO}{name} is written in another form than the other dates of the file: export it in the same form"
    for column, value in one.fixed.items():
        yield f"fixed.{column} = {quoted(value)}"
    for column, value in one.taught.fixed.items():
        yield f"{GUESS}fixed.{column} = {quoted(value)}  # {ALWAYS.format(rows=one.taught.rows)}"


def _columns(one: Written) -> Iterator[str]:
    order = {column.name: place for place, column in enumerate((OF_FORCE, *one.proposal.table.columns))}
    for match in sorted(one.proposal.matches.values(), key=lambda match: order[match.column]):
        yield f"{'' if match.sure else GUESS}{match.column} = {quoted(match.heading)}  # {match.why}"
    for name in one.lacks("yes"):
        rule = one.proposal.table.column(name).rule.replace("`", "")
        yield f'{TODO}{name} = ""  # required, and no column was found: {rule}'
    if one.proposal.left:
        yield f"# Not used: {', '.join(quoted(name) for name in one.proposal.left)}"
    if one.proposal.unasked:
        told = (f"{quoted(heading)} ({name})" for name, heading in one.proposal.unasked.items())
        yield f"# Taken for columns that are not asked for, and left out: {', '.join(told)}"


def _values(one: Written, column: str, found: Meant) -> Iterator[str]:
    before = {theirs: ours for was in one.earlier for theirs, ours in was.values(one.name, column).items()}
    guessed, learnt = one.taught.guessed.get(column, {}), one.taught.words.get(column, {})
    if not (found.translated or found.unmapped or found.hidden or before or guessed):
        return
    yield ""
    yield f"[tables.{one.name}.values.{column}]"
    for theirs, ours in {**found.translated, **before}.items():
        yield f"{quoted(theirs)} = {quoted(ours)}{'  # your example' if learnt.get(theirs) == ours else ''}"
    for theirs, ours in guessed.items():
        yield f"{GUESS}{quoted(theirs)} = {quoted(ours)}  # your example; our list knows the word as another value"
    yield from unknown_words(column, found)


def unknown_words(column: str, found: Meant) -> Iterator[str]:
    """The lines for the words of a column that no list knows, as far as they may be shown."""
    for word in found.unmapped:
        recalled = found.guessed.get(word.word)
        if recalled:
            yield f"{GUESS}{quoted(word.word)} = {quoted(recalled)}  # {word.rows} rows; {RECALLED}"
        else:
            yield f'{TODO}{quoted(word.word)} = ""  # {word.rows} rows{_near(column, word.nearest)}'
    if found.hidden:
        yield f"# {found.hidden} further words in {found.hidden_rows} rows are not shown: {WHY_HIDDEN}"


def _near(column: str, nearest: Sequence[str]) -> str:
    if nearest and column.endswith("offence_code"):
        return f"; one of {', '.join(nearest)}"
    return f"; nearest: {', '.join(nearest)}" if nearest else "; near to no value"


def _wide(one: Written) -> Iterator[str]:
    for was in one.earlier:
        wide = was.tables.get(one.name, {}).get("wide", {})
        if wide:
            yield ""
            yield f"[tables.{one.name}.wide]"
            yield from (f"{quoted(heading)} = {quoted(kind)}" for heading, kind in wide.items())
    if one.name == FLAGS and one.flag_columns.yes_no:
        yield from ("", "[tables.flags.wide]")
        yield from (f"{GUESS}{line}" for line in yes_no_lines(one))


def yes_no_lines(table: Written) -> Iterator[str]:
    """Yield the line of each yes/no column, with a comment that counts its cells."""
    for heading, flag in table.flag_columns.yes_no.items():
        counts = meaning_counts(table.proposal.export.shape(heading), flag)
        neither = f", {counts[UNKNOWN]} neither" if counts[UNKNOWN] else ""
        yield f"{quoted(heading)} = {quoted(flag)}  # {counts[YES]} rows say yes, {counts[NO]} no{neither}"


def quoted(text: str) -> str:
    """A text as TOML; JSON writes it alike."""
    return json.dumps(text, ensure_ascii=False)
