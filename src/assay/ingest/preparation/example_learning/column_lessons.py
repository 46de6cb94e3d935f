"""Learn column mappings and date formats from one example: a raw export and the same records in contract form.

A pair is sure if it agrees in every row in which both are filled (at least three, with two different values), by more
than chance, and nothing else agrees as well with either. Any other agreement is a guess.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assay.contract import FORCE_CODE, Column, Table
from assay.ingest.date_formats import ISO_DAY
from assay.ingest.preparation.code_meanings import has_closed_list, is_value
from assay.ingest.preparation.column_fit import TIME_KINDS
from assay.ingest.preparation.example_learning.cell_agreement import Agreement, compare_cells, parse_iso_moment
from assay.ingest.preparation.example_learning.example_folder import TARGET_FOLDER, ExampleFile
from assay.ingest.preparation.example_learning.record_pairing import MIN_ROWS, RecordPairing
from assay.wording import count_phrase

Pair = tuple[str, str]


@dataclass(frozen=True)
class Guess:
    """A possible but uncertain match of a heading and a column, with the evidence and the reason for doubt."""

    column: str
    heading: str
    reason: str


@dataclass(frozen=True)
class TableLesson:
    """What an example shows about one table: sure matches, guesses, date format and constant values.

    `sure_matches`: contract column -> agreement; `guesses`: the most likely first; `pairs`: every pair that was
    compared; `day`: the form of its days, '' if unknown; `constant_values`: columns of a closed list with one value in
    every row; `unread_remarks`: sentences on cells of the example that are not in contract form.
    """

    table: Table
    file: str
    rows: int
    pairs: Mapping[Pair, Agreement]
    sure_matches: Mapping[str, Agreement]
    guesses: tuple[Guess, ...]
    day: str
    constant_values: Mapping[str, str]
    unread_remarks: tuple[str, ...]

    @property
    def explains_table(self) -> bool:
        """Return True if the lesson finds the table's key, or half of the columns that could agree with a heading."""
        could = {agreement.column.name for agreement in self.pairs.values() if agreement.has_enough_rows}
        agree = {*self.sure_matches, *(guess.column for guess in self.guesses)}
        return set(self.table.key) <= set(self.sure_matches) or (bool(agree) and 2 * len(agree) >= len(could))


def derive_lesson(table: Table, target: ExampleFile, source: ExampleFile, pairing: RecordPairing) -> TableLesson:
    """Compare each target column with each source heading in the paired rows."""
    columns = [column for column in table.columns if column.name in target.cells]
    malformed = {column.name: lines for column in columns if (lines := _malformed_lines(column, target))}
    agreements = list(
        _agreements([column for column in columns if column.name not in malformed], target, source, pairing)
    )
    candidates = _candidates(agreements)
    sure_matches = {candidate.column.name: candidate for candidate in candidates if _is_sure(candidate, candidates)}
    day, deviating = _common_day_form(list(sure_matches.values()), candidates)
    doubtful = [replace(candidate, doubt=_other_form_doubt(candidate, day)) for candidate in deviating]
    sure_matches = {name: candidate for name, candidate in sure_matches.items() if candidate not in deviating}
    return TableLesson(
        table=table,
        file=source.export.file,
        rows=len(pairing.row_pairs),
        pairs={(candidate.column.name, candidate.heading): candidate for candidate in agreements},
        sure_matches=sure_matches,
        guesses=(
            *_guesses(
                [*doubtful, *(candidate for candidate in candidates if candidate not in deviating)], sure_matches
            ),
            *_near_matches(agreements, candidates),
        ),
        day=day,
        constant_values=dict(_constant_values(columns, target)),
        unread_remarks=tuple(_malformed_remark(target.export.file, name, lines) for name, lines in malformed.items()),
    )


def _agreements(
    columns: Sequence[Column], target: ExampleFile, source: ExampleFile, pairing: RecordPairing
) -> Iterator[Agreement]:
    for column in columns:
        for heading, cells in source.cells.items():
            cell_pairs = [
                (target.lines[target_index], target.cells[column.name][target_index], cells[source_index])
                for target_index, source_index in pairing.row_pairs
                if target.cells[column.name][target_index] and cells[source_index]
            ]
            if cell_pairs:
                yield compare_cells(column, heading, cell_pairs)


def _candidates(agreements: Sequence[Agreement]) -> list[Agreement]:
    """Return the pairs that agree; a heading equal to a column of references, days, texts or numbers holds no words."""
    candidates = [candidate for candidate in agreements if candidate.is_candidate]
    equal_headings = {
        candidate.heading
        for candidate in candidates
        if not has_closed_list(candidate.column) and candidate.is_significant
    }
    return [
        candidate
        for candidate in candidates
        if candidate.heading not in equal_headings or not has_closed_list(candidate.column)
    ]


def rivals(candidate: Agreement, candidates: Sequence[Agreement]) -> list[Agreement]:
    """Return the other possible matches of the same column or heading."""
    return [
        other
        for other in candidates
        if (other.column == candidate.column) != (other.heading == candidate.heading)
        and (other.column == candidate.column or other.is_significant or not candidate.is_significant)
    ]


def _is_sure(candidate: Agreement, candidates: Sequence[Agreement]) -> bool:
    return candidate.is_significant and not candidate.doubt and not rivals(candidate, candidates)


def _common_day_form(sure_matches: Sequence[Agreement], candidates: Sequence[Agreement]) -> tuple[str, list[Agreement]]:
    """Return the form of day that most columns agree in, '' if two fit all; and the sure columns in another form.

    Two columns that claim one heading show its form as well as one does.
    """
    dated = [candidate for candidate in sure_matches if candidate.column.kind in TIME_KINDS] or [
        candidate for candidate in candidates if candidate.column.kind in TIME_KINDS
    ]
    votes = Counter(form for candidate in dated for form in candidate.forms)
    if not votes:
        return "", []
    max_votes = max(votes.values())
    best = sorted(form for form, count in votes.items() if count == max_votes)
    at_odds = len(best) > 1 and max_votes < len(dated)
    deviating = [
        candidate for candidate in sure_matches if candidate.forms and (at_odds or not candidate.forms & set(best))
    ]
    return (best[0] if len(best) == 1 else ""), deviating


def _other_form_doubt(candidate: Agreement, day: str) -> str:
    return (
        f"its days are written {' or '.join(sorted(candidate.forms))}, and others of the file "
        f"{day or 'in another form'}"
    )


def _guesses(candidates: Sequence[Agreement], sure_matches: Mapping[str, Agreement]) -> Iterator[Guess]:
    headings = {candidate.heading for candidate in sure_matches.values()}
    for candidate in sorted(candidates, key=lambda candidate: candidate.p_value):
        if candidate.column.name not in sure_matches and candidate.heading not in headings:
            yield Guess(
                candidate.column.name,
                candidate.heading,
                f"{agreement_phrase(candidate)}{_doubt_phrase(candidate, rivals(candidate, candidates))}",
            )


def _near_matches(agreements: Sequence[Agreement], candidates: Sequence[Agreement]) -> Iterator[Guess]:
    """Return pairs that agree except in a few rows, where no pair agrees in full."""
    columns = {candidate.column.name for candidate in candidates}
    headings = {candidate.heading for candidate in candidates}
    for candidate in sorted(agreements, key=lambda candidate: len(candidate.contradicting_rows)):
        if candidate.is_near_match and candidate.column.name not in columns and candidate.heading not in headings:
            yield Guess(
                candidate.column.name,
                candidate.heading,
                f"{agreement_phrase(candidate)}, and not in {row_list(candidate.contradicting_rows)}",
            )


def agreement_phrase(candidate: Agreement) -> str:
    """Return in how many rows of the example a pair agrees, as a phrase."""
    return (
        f"in your example it agrees in {candidate.rows - len(candidate.contradicting_rows)} of "
        f"{count_phrase(candidate.rows, 'row')}"
    )


def row_list(lines: Sequence[int], max_rows: int = 6) -> str:
    """Return a list of row numbers as text: 'row 3', 'rows 3, 5 and 2 more'."""
    row_numbers = ", ".join(str(line) for line in lines[:max_rows])
    more = f" and {len(lines) - max_rows} more" if len(lines) > max_rows else ""
    return f"{'row' if len(lines) == 1 else 'rows'} {row_numbers}{more}"


def _doubt_phrase(candidate: Agreement, rival_candidates: Sequence[Agreement]) -> str:
    headings = sorted({other.heading for other in rival_candidates} - {candidate.heading})
    columns = sorted({other.column.name for other in rival_candidates} - {candidate.column.name})
    parts = [candidate.doubt] if candidate.doubt else []
    parts += [f"so does {', '.join(headings)}"] if headings else []
    parts += [f"it may be {', '.join(columns)} as well"] if columns else []
    return f"; {'; '.join(parts)}" if parts else ""


def _constant_values(columns: Sequence[Column], target: ExampleFile) -> Iterator[tuple[str, str]]:
    for column in columns:
        values = set(target.cells[column.name])
        if has_closed_list(column) and len(values) == 1 and "" not in values and target.count >= MIN_ROWS:
            yield column.name, values.pop()


def _malformed_lines(column: Column, target: ExampleFile) -> list[int]:
    """Return the rows whose cell is in no form, or no list value, that the contract has for the column."""
    cells = zip(target.lines, target.cells[column.name], strict=True)
    return [line for line, cell in cells if cell and column.name != FORCE_CODE and not _is_well_formed(column, cell)]


def _is_well_formed(column: Column, cell: str) -> bool:
    if column.kind in TIME_KINDS:
        return parse_iso_moment(cell) is not None and (column.kind != "time" or len(cell) > len(ISO_DAY))
    return not has_closed_list(column) or is_value(column, cell)


def _malformed_remark(file: str, name: str, lines: Sequence[int]) -> str:
    return (
        f"{TARGET_FOLDER}/{file}: {name} is not in the format of the contract in {row_list(lines)}, so the "
        "column was not used. Days are written 2026-02-13, times 2026-02-13T09:30, codes as in their list; a "
        "spreadsheet rewrites days unless their cells are text."
    )
