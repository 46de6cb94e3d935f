"""Which cells of an extract could be several codes, so that a person must say which is meant?

Such a cell names an offence without what divides its class ("Sexual assault on a female" could be 20A or 20B), or an
outcome by words that forces use for two ("Deferred prosecution" could be 22 or 23). It counts as not known until the
mapping has its code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.split_values import joined_cells
from assay.ingest.extracts.value_kinds_offences import possible_offences
from assay.ingest.extracts.value_kinds_outcomes import possible_outcomes
from assay.ingest.yes_no_words import normalise_cell
from assay.wording import count_phrase

POSSIBLE_CODES: Mapping[str, Callable[[str], tuple[str, ...]]] = {
    "offence_code": possible_offences,
    "outcome_code": possible_outcomes,
}
"""End of the name of a column whose texts may fit several codes -> the function that returns these codes."""


@dataclass(frozen=True)
class OpenCode:
    """A text that could mean several codes.

    Parameters
    ----------
    file, sheet, heading
        Where it stands.
    table, column
        The table and the column of the contract that it was read as.
    text
        The text of the cell. It holds words of official titles or of our lists, a code and a statute alone.
    codes
        The codes that it could be.
    cells
        The number of records with it.
    """

    file: str
    sheet: str
    heading: str
    table: str
    column: str
    text: str
    codes: tuple[str, ...]
    cells: int

    @property
    def choice(self) -> str:
        """Return the possible codes as text: '20A or 20B'."""
        return " or ".join(filter(None, (", ".join(self.codes[:-1]), self.codes[-1])))

    @property
    def quoted(self) -> str:
        """Return the text in quotation marks."""
        return json.dumps(self.text, ensure_ascii=False)

    @property
    def sentence(self) -> str:
        """Return a sentence with the possible codes and the next step."""
        return (
            f"{self.heading}: {self.quoted} could be {self.choice} "
            f"({count_phrase(self.cells, 'cell')}), and is not used. Write it under values.{self.column} in "
            "mapping.toml with the code that is meant."
        )


def open_codes(sheets: Sequence[Sheet], plan: SplitPlan) -> tuple[OpenCode, ...]:
    """Return every text with several possible codes that its record does not settle, once per heading."""
    by_name = {(sheet.file, sheet.name): sheet for sheet in sheets}
    found = {
        (code.file, code.sheet, code.heading, code.text): code
        for part in plan.parts
        if (part.file, part.sheet) in by_name
        for code in _open_in_part(part, by_name[part.file, part.sheet])
    }
    return tuple(found.values())


MAX_NAMED = 6
"""Texts that one sentence names; the page lists all."""


def open_codes_sentence(found: Sequence[OpenCode]) -> str:
    """Return one sentence for all texts that could be several codes, with these codes and the next step."""
    if len(found) == 1:
        return found[0].sentence
    phrases = [
        f"{code.quoted} could be {code.choice} ({count_phrase(code.cells, 'cell')})"
        for code in sorted(found, key=lambda code: -code.cells)
    ]
    rest = [f"and {len(phrases) - MAX_NAMED} more"] if len(phrases) > MAX_NAMED else []
    columns = dict.fromkeys(f"values.{code.column}" for code in found)
    return (
        f"Cells that could be several codes are not used: {'; '.join((*phrases[:MAX_NAMED], *rest))}. Write each "
        f"under {' or '.join(columns)} in mapping.toml with the code that is meant."
    )


def open_choices(found: Iterable[OpenCode]) -> Mapping[tuple[str, str], str]:
    """Return, by column and heading, the codes that ambiguous texts could mean: '20A or 20B; 19F or 19G'."""
    choices: dict[tuple[str, str], dict[str, None]] = {}
    for code in found:
        choices.setdefault((code.column, code.heading), {})[code.choice] = None
    return {place: "; ".join(sorted(texts)) for place, texts in choices.items()}


def _open_in_part(part: SplitPart, sheet: Sheet) -> Iterator[OpenCode]:
    for column, meaning in part.columns.items():
        meanings = (meaning, *part.otherwise.get(column, ()))
        headings = {name for item in meanings for name in (item.heading, item.joined_heading) if name}
        possible_codes = next((find for end, find in POSSIBLE_CODES.items() if column.endswith(end)), None)
        if possible_codes and headings <= set(sheet.cells.column_names):
            for (position, text), cells in _open_texts(sheet, meanings, possible_codes).items():
                place = (part.file, part.sheet, meanings[position].heading, part.table, column)
                yield OpenCode(*place, text, possible_codes(text), cells)


def _open_texts(
    sheet: Sheet, meanings: Sequence[ColumnMeaning], possible_codes: Callable[[str], tuple[str, ...]]
) -> dict[tuple[int, str], int]:
    """Return the number of cells by text, and by the position of the heading where the text stands."""
    names = [f"c{number}" for number in range(len(meanings))]
    headings = {name: None for meaning in meanings for name in (meaning.heading, meaning.joined_heading) if name}
    sheet_cells = pl.DataFrame(pl.from_arrow(sheet.cells.select(list(headings)))).cast(pl.String)
    columns = dict(zip(names, (joined_cells(meaning, sheet_cells) for meaning in meanings), strict=True))
    cells = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    values = [{normalise_cell(word): value for word, value in meaning.values.items()} for meaning in meanings]
    counts: dict[tuple[int, str], int] = {}
    for *texts, rows in cells.group_by(names, maintain_order=True).len().iter_rows():
        read = [known.get(normalise_cell(text or "")) for text, known in zip(texts, values, strict=True)]
        # A word with the value '' says that nothing is known: it needs no second answer, and settles nothing.
        unread = [
            (position, text)
            for position, text in enumerate(texts)
            if read[position] is None and possible_codes(text or "")
        ]
        if unread and not any(read):
            counts[unread[0]] = counts.get(unread[0], 0) + rows
    return counts
