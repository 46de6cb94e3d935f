"""Which tables, columns and kinds of event does each inspection question need?

A need is written as "table", "table.column" or "events.kind"; of needs separated by a bar, one is enough.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from assay import reference
from assay.contract.table_spec import event_kinds, table
from assay.errors import DefinitionError

ALTERNATIVE_SEPARATOR = "|"
QUESTIONS_FILE = "questions.toml"


@dataclass(frozen=True)
class QuestionNeeds:
    """The tables, columns and kinds of event that are needed to answer one question.

    `is_audited`: case files answer it too, and their answers are in the table `marks`.
    """

    question: str
    needs: tuple[str, ...]
    optional_needs: tuple[str, ...]
    is_audited: bool

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the tables that the question reads, without the table of ratings."""
        atoms = (atom for need in (*self.needs, *self.optional_needs) for atom in need.split(ALTERNATIVE_SEPARATOR))
        return tuple(dict.fromkeys(atom.partition(".")[0] for atom in atoms))


@lru_cache
def needs_by_question() -> Mapping[str, QuestionNeeds]:
    """Return the data needs of each question, Q1 to Q50; raise DefinitionError for an unknown table, column or kind."""
    entries = tomllib.loads(files("assay.contract").joinpath(QUESTIONS_FILE).read_text(encoding="utf-8"))
    questions = {question.number: question for question in reference.questions()}
    unknown = sorted(set(entries) - set(questions))
    if unknown:
        raise DefinitionError(f"{QUESTIONS_FILE}: the inspection asks no question {', '.join(unknown)}.")
    return MappingProxyType(
        {key: _question_needs(key, entries.get(key, {}), question.modes) for key, question in questions.items()}
    )


def is_event_kind(need: str) -> bool:
    """Return True if a need is a kind of event that is sent in the table `events`."""
    name, _, kind = need.partition(".")
    return name == "events" and kind in _event_kind_keys()


@lru_cache
def _event_kind_keys() -> tuple[str, ...]:
    return tuple(key for key, kind in event_kinds().items() if kind.sent_in_events)


def _question_needs(key: str, entry: Mapping[str, list[str]], modes: tuple[str, ...]) -> QuestionNeeds:
    if not set(entry) <= {"needs", "also"}:
        raise DefinitionError(f"{QUESTIONS_FILE}, {key}: write only needs and also.")
    needs = tuple(need for words in entry.get("needs", ()) for need in _parse_needs(key, words))
    also = tuple(need for words in entry.get("also", ()) for need in _parse_needs(key, words))
    return QuestionNeeds(key, needs, tuple(dict.fromkeys(also)), "case audit" in modes)


def _parse_needs(key: str, words: str) -> Iterator[str]:
    """Parse 'crimes: closed_at outcome_code' as two needs, and 'registers | assessments: band' as one."""
    parts = [tuple(_parse_atoms(key, part.strip())) for part in words.split(ALTERNATIVE_SEPARATOR)]
    if len(parts) == 1:
        yield from parts[0]
    elif any(len(part) != 1 for part in parts):
        raise DefinitionError(f"{QUESTIONS_FILE}, {key}: on each side of a bar stands one thing alone.")
    else:
        yield ALTERNATIVE_SEPARATOR.join(part[0] for part in parts)


def _parse_atoms(key: str, words: str) -> Iterator[str]:
    name, _, columns = words.partition(":")
    known = {*table(name.strip()).column_names, *(_event_kind_keys() if name == "events" else ())}
    if not columns:
        yield name
    for pattern in columns.split():
        found = [f"{name}.{column_name}" for column_name in sorted(known) if fnmatchcase(column_name, pattern)]
        if not found:
            raise DefinitionError(f"{QUESTIONS_FILE}, {key}: {name} has no column and no kind of event {pattern}.")
        yield from found
