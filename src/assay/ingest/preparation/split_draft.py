"""Draft the `[[split]]` sections of mapping.toml: certain splits as settings, uncertain ones as comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assay.ingest.extracts.extract_model import ColumnMeaning, SplitPart, SplitPlan
from assay.ingest.preparation.mapping_draft import GUESS_PREFIX, TODO_PREFIX, printable_line, toml_string
from assay.wording import percent

CRIME, INVOLVEMENTS = "crime_ref", "involvements"
HEAD = "# {place}: {description}. Each section below makes one table from it, and each comment says how sure it is."


def split_text(plan: SplitPlan) -> str:
    """Return the `[[split]]` sections of a split plan, with the guesses for each sheet; '' if nothing is split."""
    lines: list[str] = []
    for file, sheet in dict.fromkeys((part.file, part.sheet) for part in plan.parts):
        lines += ["", *_sheet_lines(plan, file, sheet)]
    return "\n".join(lines) + "\n" if lines else ""


def _sheet_lines(plan: SplitPlan, file: str, sheet: str) -> Iterator[str]:
    key = (file, sheet)
    description = next((text for *place, text in plan.descriptions if tuple(place) == key), "several tables")
    parts = [part for part in plan.parts if (part.file, part.sheet) == key]
    guesses = [meaning for *place, meaning in plan.waiting if tuple(place) == key]
    placed = {id(meaning): _part_of_guess(meaning, parts) for meaning in guesses}
    yield HEAD.format(place=printable_line(f"{file}, sheet {sheet}" if sheet else file), description=description)
    for part in parts:
        yield ""
        yield from _section_lines(part)
        for meaning in guesses:
            if placed[id(meaning)] is part:
                yield from _guess_lines(meaning)
    for meaning in guesses:
        if placed[id(meaning)] is None:
            yield from _unplaced_lines(meaning, parts)
    unused = [heading for *place, heading in plan.unused if tuple(place) == key]
    if unused:
        yield f"# Not used: {', '.join(toml_string(heading) for heading in unused)}"


def _section_lines(part: SplitPart) -> Iterator[str]:
    evidence = {f"columns.{column}": _evidence(meaning) for column, meaning in part.columns.items()}
    for line in _toml_lines(part):
        key = line.partition(" = ")[0]
        yield f"{line}  # {evidence[key]}" if key in evidence else line


def _toml_lines(part: SplitPart) -> list[str]:
    from assay.ingest.extracts.split_sections import split_sections

    return split_sections(SplitPlan((part,))).splitlines()


def _evidence(meaning: ColumnMeaning) -> str:
    return ": ".join(filter(None, (percent(meaning.probability, 0), printable_line("; ".join(meaning.reasons)))))


def _part_of_guess(meaning: ColumnMeaning, parts: Sequence[SplitPart]) -> SplitPart | None:
    """Return the section that a guess belongs to: the only one of its table without the column."""
    same_table = [part for part in parts if part.table == meaning.table]
    return same_table[0] if len(same_table) == 1 and meaning.column not in same_table[0].columns else None


def _guess_lines(meaning: ColumnMeaning) -> Iterator[str]:
    part = SplitPart("", "", meaning.table, {meaning.column: meaning})
    for line in _toml_lines(part):
        if line.startswith("columns."):
            yield f"{GUESS_PREFIX}{line}  # {_evidence(meaning)}"
        elif "." in line.partition(" = ")[0]:
            yield f"{GUESS_PREFIX}{line}"


def _unplaced_lines(meaning: ColumnMeaning, parts: Sequence[SplitPart]) -> Iterator[str]:
    """Yield a guess whose section is not there, as a section of its own, or as a point for a person to settle."""
    crime = next((part for part in parts if CRIME in part.columns), None)
    has_section = any(part.table == meaning.table for part in parts)
    if crime is None or has_section or meaning.table == INVOLVEMENTS:
        yield (
            f"{TODO_PREFIX}{toml_string(meaning.heading)} may be {meaning.column} of {meaning.table} "
            f"({_evidence(meaning)}): write it into the section that it belongs to"
        )
        return
    key = replace(crime.columns[CRIME], table=meaning.table)
    section = SplitPart(
        crime.file, crime.sheet, meaning.table, {CRIME: key, meaning.column: meaning}, lookups=crime.lookups
    )
    yield ""
    yield from (f"{GUESS_PREFIX}{line}" for line in _section_lines(section))
