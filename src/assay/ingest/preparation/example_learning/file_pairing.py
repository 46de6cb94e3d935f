"""Which file of theirs belongs to which of ours, and what does each pair of files teach?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from assay import contract
from assay.errors import SourceError
from assay.ingest.preparation.example_learning.column_lessons import Lesson, lesson
from assay.ingest.preparation.example_learning.example_folder import OURS, THEIRS, Example, Rows
from assay.ingest.preparation.example_learning.record_pairing import LEAST_ROWS, paired

NO_ROWS = (
    "Rows are matched by a reference that both sides have, with the same values; without one, by their order, and then "
    f"both sides must hold the same records, {LEAST_ROWS} at least, in the same order."
)


def learn(example: Example, folder: Path) -> list[Lesson]:
    """One lesson for each table of ours; SourceError for the tables whose file of theirs cannot be told."""
    tried = {name: _lessons(name, ours, example.theirs) for name, ours in example.ours.items()}
    found: dict[str, Lesson] = {}
    several: dict[str, list[Lesson]] = {}
    # The clearest first, so that a file goes to the table that it teaches most of.
    for name in sorted(tried, key=lambda name: -max((len(one.sure) for one in tried[name]), default=0)):
        taken = {one.file for one in found.values()}
        best = _best([one for one in tried[name] if one.file not in taken and _fits(name, one)])
        if len(best) == 1:
            found[name] = best[0]
        else:
            several[name] = best
    if several:
        raise SourceError(f"{folder}: {' '.join(_faults(example, several, tried))}")
    return [found[name] for name in contract.tables() if name in found]


def _lessons(name: str, ours: Rows, theirs: Sequence[Rows]) -> list[Lesson]:
    """What each file of theirs teaches of a table; a file that is called as the table is tried alone."""
    named = [one for one in theirs if _called(one.export.file, name)]
    table = contract.table(name)
    tried = [(one, paired(table, ours, one)) for one in named or theirs]
    return [lesson(table, ours, one, rows) for one, rows in tried if rows]


def _called(file: str, name: str) -> bool:
    return file.rpartition(".")[0].casefold() == name


def _fits(name: str, one: Lesson) -> bool:
    return one.explains or (_called(one.file, name) and bool(one.sure or one.guesses))


def _best(tried: Sequence[Lesson]) -> list[Lesson]:
    """The file that teaches most; several, if they teach as much; none, if nothing does."""
    most = max(((len(one.sure), len(one.guesses)) for one in tried), default=(0, 0))
    return [one for one in tried if (len(one.sure), len(one.guesses)) == most]


def _faults(
    example: Example, several: Mapping[str, Sequence[Lesson]], tried: Mapping[str, Sequence[Lesson]]
) -> Iterator[str]:
    files = {name: f"{OURS}/{example.ours[name].export.file}" for name in several}
    alone = [files[name] for name, best in several.items() if not best]
    if alone:
        yield f"No file of {THEIRS} shares rows with {', '.join(alone)}. {NO_ROWS}"
    for name, best in several.items():
        if best:
            held = ", ".join(sorted(one.file for one in best))
            yield f"It cannot be told which of {held} holds the records of {files[name]}. Call it {name} too."
        yield from dict.fromkeys(line for one in tried[name] for line in one.unread)
