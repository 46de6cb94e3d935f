"""What is found in many texts, one JSON object a line in, and one answer a line out?

A line in holds `id` and `text`, and may hold `author_role` and `entry_type` as in the data return. Whatever is wrong
with a line is said in its own answer, which is null, and every other line is answered all the same. Nothing of a text
is written anywhere but in answers about it: `said` is a sentence of ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.errors import UsageError
from assay.progress import Progress, silent
from assay.text import Answer, Entry, Reader

AT_ONCE = 2_000
MOST_BYTES = 64_000_000
NOT_JSON = "This line is not a JSON object: it cannot be read."
NOT_TEXT = "There is no text in this line: write it as a string under the key `text`."
NOT_UTF8 = "This line is not UTF-8: it cannot be read."
TOO_LONG = f"This line is longer than {MOST_BYTES:,} bytes: it is not read."


@dataclass(frozen=True)
class LinesRead:
    """How many lines were answered, how many of them with null, and by which models."""

    out: Path
    lines: int
    not_judged: int
    by: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For another program."""
        return {"out": str(self.out), "lines": self.lines, "not_judged": self.not_judged, "by": self.by}

    def in_words(self) -> list[str]:
        """For a person."""
        said = f"{self.lines:,} lines answered in {self.out}."
        left = [f"{self.not_judged:,} could not be judged; each says why under `said`."] if self.not_judged else []
        return [said, *left, *([f"Read by {self.by}."] if self.by else [])]


@dataclass(frozen=True)
class _Line:
    """A line as read; `said` is why it cannot be."""

    id: Any = None
    text: str | None = None
    entry: Entry = field(default_factory=Entry)
    said: str = ""


def read_lines(into: Path, out: Path, reader: Reader, progress: Progress = silent) -> LinesRead:
    """Answer every line of one file in another; UsageError where a file cannot be opened."""
    if out.resolve() == into.resolve():
        raise UsageError(f"{out} is the file that is read. Name another for the answers.")
    lines = not_judged = 0
    try:
        with into.open("rb") as source, out.open("w", encoding="utf-8", newline="\n") as answers:
            for batch in _batches(source):
                for line, answer in zip(batch, _answers(batch, reader), strict=True):
                    lines, not_judged = lines + 1, not_judged + (answer.blaming is None)
                    answers.write(json.dumps({"id": line.id, **answer.as_dict()}) + "\n")
                progress("reading texts", lines, 0)
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be opened: {error.strerror}.") from None
    return LinesRead(out, lines, not_judged, reader.told)


def _batches(source: Any) -> Iterator[list[_Line]]:
    batch: list[_Line] = []
    for number, line in enumerate(source):
        if line.strip():
            batch.append(_line(line[3:] if number == 0 and line.startswith(b"\xef\xbb\xbf") else line))
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _line(line: bytes) -> _Line:
    if len(line) > MOST_BYTES:
        return _Line(said=TOO_LONG)
    try:
        told = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return _Line(said=NOT_UTF8)
    except (ValueError, RecursionError):
        return _Line(said=NOT_JSON)
    if not isinstance(told, dict):
        return _Line(said=NOT_JSON)
    text = told.get("text")
    if not isinstance(text, str):
        return _Line(told.get("id"), said=NOT_TEXT)
    whole = text.encode("utf-8", "replace").decode("utf-8")  # half a pair of surrogates is no character
    return _Line(told.get("id"), whole, Entry(_word(told, "author_role"), _word(told, "entry_type")))


def _word(told: dict[str, Any], key: str) -> str:
    value = told.get(key)
    return value if isinstance(value, str) else ""


def _answers(batch: list[_Line], reader: Reader) -> Iterator[Answer]:
    read = iter(reader.read([one.text for one in batch if not one.said], [one.entry for one in batch if not one.said]))
    for line in batch:
        yield Answer(said=line.said) if line.said else next(read)
