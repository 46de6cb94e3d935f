"""Learn a layout from the mapping file of one force, and read layout files that other forces shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assay.errors import DefinitionError, SourceError, UsageError, storage_error
from assay.ingest.column_mapping import TableMapping, read_mapping_file
from assay.ingest.extracts.extract_model import ColumnMeaning, SplitPart, SplitPlan
from assay.ingest.extracts.layout_learning import (
    count_private_headings,
    count_private_words,
    learn_layout,
    load_layout,
)
from assay.ingest.extracts.split_sections import SPLIT, SURE, read_split_sections
from assay.ingest.system_layouts import SystemLayout
from assay.reference.toml_files import MAX_BYTES, InvalidTomlError, read_sent_toml
from assay.wording import count_phrase

NO_LAYOUT = "Ask for a new file, or check without --layout."


@dataclass(frozen=True)
class LearnedLayout:
    """A layout that was written from a force's mapping, with the counts of its headings and words.

    `private_words` is the number of coded words that were left out, because they may be free text about a person, and
    `private_headings` that of the headings.
    """

    path: Path
    layout: SystemLayout
    private_words: int
    private_headings: int = 0

    @property
    def heading_count(self) -> int:
        """Return the number of headings in the layout."""
        return _count(self.layout.certain_headings)

    @property
    def word_count(self) -> int:
        """Return the number of coded words in the layout."""
        return _count(self.layout.values)

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as a dictionary for JSON output."""
        return {
            "layout": str(self.path),
            "headings": self.heading_count,
            "words": self.word_count,
            "words_left_out": self.private_words,
            "headings_left_out": self.private_headings,
        }

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        lines = [
            f"Written: {self.path}, with {count_phrase(self.heading_count, 'heading')} and "
            f"{count_phrase(self.word_count, 'coded word')}. It holds no other cell of your records, and no file name.",
            "Read it before you give it to another force, which uses it with: assay check EXTRACT --layout "
            f"{self.path.name}",
        ]
        if self.private_words:
            lines.insert(
                1,
                f"{count_phrase(self.private_words, 'word was', 'words were')} left out, because they may be free "
                "text. Write a word into the layout by hand if it is a code of the record system.",
            )
        if self.private_headings:
            lines.insert(
                1,
                f"{count_phrase(self.private_headings, 'heading was', 'headings were')} left out: a heading of a "
                "layout has at most 80 letters and no long number. Shorten the heading in the record system.",
            )
        return lines


def _count(tables: Mapping[str, Mapping[str, Sequence[str]]]) -> int:
    return sum(len(texts) for lists in tables.values() for texts in lists.values())


def learn_layout_file(mapping: Path, out: Path, name: str, today: date) -> LearnedLayout:
    """Write a layout file from a mapping file, and return the counts of its headings and words.

    Parameters
    ----------
    mapping
        A mapping.toml that a person has accepted: of a check, or of a return.
    out
        The file to write; it must not be there yet.
    name
        The name of the record system.

    Raises
    ------
    UsageError
        If the mapping is not there, `out` is there, or the name cannot be written.
    SourceError
        If the mapping cannot be read, or names no column.
    """
    if not name.strip() or not name.isprintable():
        raise UsageError("Name the record system on one line, for example: --name 'Example records'")
    if out.exists():
        raise UsageError(f"{out} is there already. Name a new file with --out.")
    plan = _accepted_plan(mapping)
    text = learn_layout(plan, name.strip(), f"learned from an accepted mapping, {today:%B %Y}")
    learned = LearnedLayout(out, load_layout(text), count_private_words(plan), count_private_headings(plan))
    if not learned.heading_count:
        raise SourceError(
            f"{mapping} names no column, so there is nothing to learn. Take '# guess: ' or '# ' away from the lines "
            "that are right, and learn again."
        )
    try:
        out.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise storage_error(error) or UsageError(f"{out} cannot be written. Name another file with --out.") from None
    return learned


def _accepted_plan(path: Path) -> SplitPlan:
    """Return all that a mapping accepts: its `[[split]]` sections, and its sections of tables."""
    try:
        content = read_sent_toml(path)
    except FileNotFoundError:
        raise UsageError(f"{path} is not there. Name the mapping.toml of a check or a return.") from None
    except InvalidTomlError as error:
        place = f", line {error.line}" if error.line else ""
        raise SourceError(f"{path}{place}: this is not TOML in UTF-8. Correct it, and learn again.") from None
    plan, errors = read_split_sections(content.get(SPLIT, []))
    mapped = read_mapping_file(path)
    if problems := [*errors, *mapped.remarks, *mapped.refusals.values()]:
        raise SourceError(f"{' '.join(problems)} Correct {path.name}, and learn again.")
    return SplitPlan((*plan.parts, *(_part(name, table) for name, table in mapped.tables.items())))


def _part(name: str, table: TableMapping) -> SplitPart:
    columns = {
        column: ColumnMeaning(heading, name, column, SURE, values=table.values.get(column, {}))
        for column, heading in table.columns.items()
    }
    return SplitPart(table.file, "", name, columns)


def read_layout_files(paths: Sequence[Path]) -> tuple[SystemLayout, ...]:
    """Return the layouts in files that other forces shared.

    Raises
    ------
    UsageError
        If a file is not there.
    SourceError
        If a file is damaged, or is no layout.
    """
    return tuple(_read_layout_file(path) for path in paths)


def _read_layout_file(path: Path) -> SystemLayout:
    if not path.is_file():
        raise UsageError(f"{path} is not there. Name the layout that another force gave, such as layout.toml.")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(f"{path} is too large for a layout. {NO_LAYOUT}")
        return load_layout(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise SourceError(f"{path} cannot be used as a layout: it is not text in UTF-8. {NO_LAYOUT}") from None
    except OSError:
        raise SourceError(f"{path} cannot be opened. Close it elsewhere, and ask for access.") from None
    except DefinitionError as error:
        raise SourceError(f"{path} cannot be used as a layout: {error} {NO_LAYOUT}") from None
