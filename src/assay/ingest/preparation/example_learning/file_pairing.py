"""Pair the source and target files of an example, and learn the column mapping of each pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from assay import contract
from assay.errors import SourceError
from assay.ingest.preparation.example_learning.column_lessons import TableLesson, derive_lesson
from assay.ingest.preparation.example_learning.example_folder import SOURCE_FOLDER, TARGET_FOLDER, Example, ExampleFile
from assay.ingest.preparation.example_learning.record_pairing import MIN_ROWS, pair_records

PAIRING_RULE = (
    "Rows are matched by a reference that both sides have, with the same values; without one, by their order, and then "
    f"both sides must hold the same records, {MIN_ROWS} at least, in the same order."
)


def learn_lessons(example: Example, folder: Path) -> list[TableLesson]:
    """Return what the example shows about each table; raise SourceError for tables without a clear source file."""
    lessons_by_table = {
        name: _candidate_lessons(name, target, example.sources) for name, target in example.targets.items()
    }
    found: dict[str, TableLesson] = {}
    ambiguous: dict[str, list[TableLesson]] = {}
    # The clearest first, so that a file is assigned to the table about which it shows most.
    for name in sorted(
        lessons_by_table,
        key=lambda name: -max((len(lesson.sure_matches) for lesson in lessons_by_table[name]), default=0),
    ):
        used_files = {lesson.file for lesson in found.values()}
        best = _best_lessons(
            [lesson for lesson in lessons_by_table[name] if lesson.file not in used_files and _is_usable(name, lesson)]
        )
        if len(best) == 1:
            found[name] = best[0]
        else:
            ambiguous[name] = best
    if ambiguous:
        raise SourceError(f"{folder}: {' '.join(_pairing_errors(example, ambiguous, lessons_by_table))}")
    return [found[name] for name in contract.tables() if name in found]


def _candidate_lessons(name: str, target: ExampleFile, sources: Sequence[ExampleFile]) -> list[TableLesson]:
    """Return what each exported file shows about a table; a file with the table's name is tried alone."""
    namesakes = [source for source in sources if _is_named_after(source.export.file, name)]
    table = contract.table(name)
    pairings = [(source, pair_records(table, target, source)) for source in namesakes or sources]
    return [derive_lesson(table, target, source, rows) for source, rows in pairings if rows]


def _is_named_after(file: str, name: str) -> bool:
    return file.rpartition(".")[0].casefold() == name


def _is_usable(name: str, candidate: TableLesson) -> bool:
    return candidate.explains_table or (
        _is_named_after(candidate.file, name) and bool(candidate.sure_matches or candidate.guesses)
    )


def _best_lessons(candidates: Sequence[TableLesson]) -> list[TableLesson]:
    """Return the best lesson; several if they tie; none if no file teaches anything."""
    best_score = max(
        ((len(candidate.sure_matches), len(candidate.guesses)) for candidate in candidates), default=(0, 0)
    )
    return [
        candidate for candidate in candidates if (len(candidate.sure_matches), len(candidate.guesses)) == best_score
    ]


def _pairing_errors(
    example: Example,
    ambiguous: Mapping[str, Sequence[TableLesson]],
    lessons_by_table: Mapping[str, Sequence[TableLesson]],
) -> Iterator[str]:
    files = {name: f"{TARGET_FOLDER}/{example.targets[name].export.file}" for name in ambiguous}
    unpaired = [files[name] for name, best in ambiguous.items() if not best]
    if unpaired:
        yield f"No file of {SOURCE_FOLDER} shares rows with {', '.join(unpaired)}. {PAIRING_RULE}"
    for name, best in ambiguous.items():
        if best:
            file_names = ", ".join(sorted(candidate.file for candidate in best))
            yield f"It is not clear which of {file_names} holds the records of {files[name]}. Call it {name} too."
        yield from dict.fromkeys(line for candidate in lessons_by_table[name] for line in candidate.unread_remarks)
