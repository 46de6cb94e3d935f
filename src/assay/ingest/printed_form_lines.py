"""Read the text printed on a force's forms, so that it is not mistaken for what people wrote on them.

They are declared in the sections `[[forms]]` of `return.toml` (return contract, section 2.8). A malformed section is
reported to the sender and not used. A line of one or two words is refused, because it could hide text that people
wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MIN_WORDS, MAX_CHARACTERS, MAX_LINES = 3, 300, 1000


@dataclass(frozen=True)
class PrintedForm:
    """One form: its title, and its printed lines."""

    title: str
    lines: tuple[str, ...]


def read_printed_forms(sections: Any, file: str) -> tuple[tuple[PrintedForm, ...], tuple[str, ...]]:
    """Return the printed forms in these sections, and a sentence to the sender for each form that cannot be used."""
    if not isinstance(sections, list):
        return (), () if sections is None else (f"{file}: write each form as a section [[forms]]. None is used.",)
    forms, remarks = [], []
    for number, section in enumerate(sections, start=1):
        errors = list(_form_errors(section))
        if errors:
            remarks.append(f"{file}, [[forms]] number {number}: {' '.join(errors)} The form is not used.")
        else:
            forms.append(PrintedForm(section["title"].strip(), tuple(line.strip() for line in section["lines"])))
    return tuple(forms), tuple(remarks)


def _form_errors(section: Any) -> Iterator[str]:
    if not isinstance(section, dict):
        yield "it is not a section with title and lines."
        return
    title, lines = section.get("title"), section.get("lines")
    if not isinstance(title, str) or not title.strip():
        yield "title is missing."
    if not isinstance(lines, list) or not lines or not all(isinstance(line, str) for line in lines):
        yield "lines must be a list of texts, one for each printed line."
        return
    if len(lines) > MAX_LINES:
        yield f"it has more than {MAX_LINES:,} lines."
    for number, line in enumerate(lines, start=1):
        if sum(any(sign.isalnum() for sign in word) for word in line.split()) < MIN_WORDS:
            yield f"line {number} has fewer than {MIN_WORDS} words, which could hide text that people wrote."
        elif len(line) > MAX_CHARACTERS:
            yield f"line {number} is longer than {MAX_CHARACTERS} characters; a form's line is short."
