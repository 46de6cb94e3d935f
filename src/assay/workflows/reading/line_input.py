"""Read texts from a file with one JSON object per line, and write one answer per line.

An input line holds `id` and `text`, and may hold `author_role` and `entry_type` as in the data return. An error in a
line is reported in its own answer, which is null; all other lines are answered. No text is written anywhere except in
answers about it; `said` is a sentence of the program.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.errors import UsageError
from assay.progress import Progress, no_progress
from assay.text import Answer, Entry, Reader

BATCH_SIZE = 2_000
MAX_LINE_BYTES = 64_000_000
NOT_JSON = "This line is not a JSON object, so it cannot be read."
NOT_TEXT = "There is no text in this line: write it as a string under the key `text`."
NOT_UTF8 = "This line is not UTF-8, so it cannot be read."
TOO_LONG = f"This line is longer than {MAX_LINE_BYTES:,} bytes: it is not read."


@dataclass(frozen=True)
class ReadingResult:
    """The number of lines answered, how many of the answers are null, and the models that read the texts."""

    out: Path
    lines: int
    not_judged: int
    model_text: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {"out": str(self.out), "lines": self.lines, "not_judged": self.not_judged, "by": self.model_text}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        summary = f"{self.lines:,} lines answered in {self.out}."
        not_judged_text = (
            [f"{self.not_judged:,} could not be judged; the reason is under `said`."] if self.not_judged else []
        )
        return [summary, *not_judged_text, *([f"Read by {self.model_text}."] if self.model_text else [])]


@dataclass(frozen=True)
class _Line:
    """A line as read; `error` says why it cannot be used."""

    id: Any = None
    text: str | None = None
    entry: Entry = field(default_factory=Entry)
    error: str = ""


def read_lines(source_path: Path, out: Path, reader: Reader, progress: Progress = no_progress) -> ReadingResult:
    """Write a result to one file for every line of another; raise UsageError if a file cannot be opened."""
    if out.resolve() == source_path.resolve():
        raise UsageError(f"{out} is also the input file. Name another file for the results.")
    lines = not_judged = 0
    try:
        with source_path.open("rb") as source, out.open("w", encoding="utf-8", newline="\n") as answers:
            for batch in _batches(source):
                for line, answer in zip(batch, _answers(batch, reader), strict=True):
                    lines, not_judged = lines + 1, not_judged + (answer.blaming is None)
                    answers.write(json.dumps({"id": line.id, **answer.as_dict()}) + "\n")
                progress("Reading texts", lines, 0)
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be opened: {error.strerror}.") from None
    return ReadingResult(out, lines, not_judged, reader.description)


def _batches(source: Any) -> Iterator[list[_Line]]:
    batch: list[_Line] = []
    for number, line in enumerate(source):
        if line.strip():
            batch.append(_parse_line(line[3:] if number == 0 and line.startswith(b"\xef\xbb\xbf") else line))
        if len(batch) == BATCH_SIZE:
            yield batch
            batch = []
    if batch:
        yield batch


def _parse_line(line: bytes) -> _Line:
    if len(line) > MAX_LINE_BYTES:
        return _Line(error=TOO_LONG)
    try:
        content = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return _Line(error=NOT_UTF8)
    except (ValueError, RecursionError):
        return _Line(error=NOT_JSON)
    if not isinstance(content, dict):
        return _Line(error=NOT_JSON)
    text = content.get("text")
    if not isinstance(text, str):
        return _Line(content.get("id"), error=NOT_TEXT)
    valid_text = text.encode("utf-8", "replace").decode("utf-8")  # half a pair of surrogates is no character
    return _Line(
        content.get("id"),
        valid_text,
        Entry(_string_value(content, "author_role"), _string_value(content, "entry_type")),
    )


def _string_value(content: dict[str, Any], key: str) -> str:
    value = content.get(key)
    return value if isinstance(value, str) else ""


def _answers(batch: list[_Line], reader: Reader) -> Iterator[Answer]:
    reader_answers = iter(
        reader.read(
            [entry_line.text for entry_line in batch if not entry_line.error],
            [entry_line.entry for entry_line in batch if not entry_line.error],
        )
    )
    for line in batch:
        yield Answer(note=line.error) if line.error else next(reader_answers)
