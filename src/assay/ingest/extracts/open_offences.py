"""Which cells of an extract name an offence that could be several codes, so that a person must say which is meant?

Such a cell is a code or a title that leaves out what divides its class: "Sexual assault on a female" could be 20A or
20B. It counts as not known until the mapping has its code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.split_values import joined_cells
from assay.ingest.extracts.value_kinds_offences import possible_offences
from assay.ingest.yes_no_words import normalise_cell
from assay.wording import count_phrase

OFFENCE_CODE = "offence_code"


@dataclass(frozen=True)
class OpenOffence:
    """An offence text that could mean several codes.

    Parameters
    ----------
    file, sheet, heading
        Where it stands.
    column
        The column of the contract that it was read as.
    text
        The text of the cell. It holds words of official titles, a code and a statute alone.
    codes
        The codes that it could be.
    cells
        The number of records with it.
    """

    file: str
    sheet: str
    heading: str
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


def open_offences(sheets: Sequence[Sheet], plan: SplitPlan) -> tuple[OpenOffence, ...]:
    """Return every offence text with several possible codes that its record does not settle, once per heading."""
    by_name = {(sheet.file, sheet.name): sheet for sheet in sheets}
    found = {
        (offence.file, offence.sheet, offence.heading, offence.text): offence
        for part in plan.parts
        if (part.file, part.sheet) in by_name
        for offence in _open_in_part(part, by_name[part.file, part.sheet])
    }
    return tuple(found.values())


MAX_NAMED = 6
"""Offence texts that one sentence names; the page lists all."""


def open_offences_sentence(offences: Sequence[OpenOffence]) -> str:
    """Return one sentence for all offence texts that could be several codes, with these codes and the next step."""
    if len(offences) == 1:
        return offences[0].sentence
    phrases = [
        f"{offence.quoted} could be {offence.choice} ({count_phrase(offence.cells, 'cell')})"
        for offence in sorted(offences, key=lambda offence: -offence.cells)
    ]
    rest = [f"and {len(phrases) - MAX_NAMED} more"] if len(phrases) > MAX_NAMED else []
    columns = dict.fromkeys(f"values.{offence.column}" for offence in offences)
    return (
        f"Offences that could be several codes are not used: {'; '.join((*phrases[:MAX_NAMED], *rest))}. Write each "
        f"under {' or '.join(columns)} in mapping.toml with the code that is meant."
    )


def open_choices(offences: Iterable[OpenOffence]) -> Mapping[tuple[str, str], str]:
    """Return, by column and heading, the codes that ambiguous texts could mean: '20A or 20B; 19F or 19G'."""
    choices: dict[tuple[str, str], dict[str, None]] = {}
    for offence in offences:
        choices.setdefault((offence.column, offence.heading), {})[offence.choice] = None
    return {place: "; ".join(sorted(texts)) for place, texts in choices.items()}


def _open_in_part(part: SplitPart, sheet: Sheet) -> Iterator[OpenOffence]:
    for column, meaning in part.columns.items():
        meanings = (meaning, *part.otherwise.get(column, ()))
        headings = {name for item in meanings for name in (item.heading, item.joined_heading) if name}
        if column.endswith(OFFENCE_CODE) and headings <= set(sheet.cells.column_names):
            yield from _open_texts(part, sheet, column, meanings)


def _open_texts(part: SplitPart, sheet: Sheet, column: str, meanings: Sequence[ColumnMeaning]) -> Iterator[OpenOffence]:
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
            if read[position] is None and possible_offences(text or "")
        ]
        if unread and not any(read):
            counts[unread[0]] = counts.get(unread[0], 0) + rows
    for (position, text), rows in counts.items():
        yield OpenOffence(
            part.file, part.sheet, meanings[position].heading, column, text, possible_offences(text), rows
        )
