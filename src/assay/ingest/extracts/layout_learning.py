"""Write the headings and code words of an accepted mapping as a layout file that other forces can use.

A layout holds headings, and words of closed lists with their values. It holds no reference, name, date or text: a word
is written only for a column of a closed list, and only if it is short and holds no number of a person.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assay import contract
from assay.contract import FORCE_CODE
from assay.errors import DefinitionError
from assay.ingest.extracts.extract_model import ColumnMeaning, SplitPlan
from assay.ingest.extracts.value_kinds_coded import plain_words
from assay.ingest.extracts.written_words import consists_of_listed_words, is_code_word
from assay.ingest.system_layouts import SystemLayout, read_layout
from assay.ingest.yes_no_words import is_empty_word, is_no_word, is_yes_word

SPLIT = "split"
"""The key by which a mapping is distinguished from a layout."""
STATUS = "by example"
MAX_CODE_LETTERS = 4
"""A longer word without a digit may be a surname, unless a closed list has it."""


def learn_layout(plan: SplitPlan, name: str, source: str) -> str:
    """Return a layout as TOML, from a plan that a person has accepted.

    Parameters
    ----------
    plan
        The accepted plan: every meaning in its parts counts as correct.
    name
        The name of the layout, such as that of the record system.
    source
        Who accepted the mapping, and when; no name of a person.
    """
    headings: dict[str, dict[str, set[str]]] = {}
    words: dict[str, dict[str, set[str]]] = {}
    for meaning in _meanings(plan):
        if is_code_word(meaning.heading):
            headings.setdefault(meaning.table, {}).setdefault(meaning.column, set()).add(meaning.heading)
        for value, word in filter(_is_shared, _code_words(meaning)):
            words.setdefault(_list_name(meaning), {}).setdefault(value, set()).add(word)
    lines = [f"name = {_quoted(name)}", f'status = "{STATUS}"', f"source = {_quoted(source)}"]
    for table in sorted(headings):
        lines += ["", f"[same.{table}]", *_entries(headings[table])]
    for list_name in sorted(words):
        lines += ["", f"[values.{list_name}]", *_entries(_unambiguous(words[list_name]))]
    text = "\n".join(lines) + "\n"
    read_layout("learned layout", text)
    return text


def count_private_words(plan: SplitPlan) -> int:
    """Return the number of coded words that a layout leaves out, because they may be free text."""
    return sum(not _is_shared(pair) for meaning in _meanings(plan) for pair in _code_words(meaning))


def count_private_headings(plan: SplitPlan) -> int:
    """Return the number of headings that a layout leaves out, because they are too long or hold a number."""
    return len({meaning.heading for meaning in _meanings(plan) if not is_code_word(meaning.heading)})


def load_layout(text: str) -> SystemLayout:
    """Return a layout that another force wrote; raise DefinitionError with a sentence if the text is not a layout."""
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError):  # a number of thousands of digits is a ValueError too
        raise DefinitionError("it is not TOML.") from None
    for problem in _shape_problems(content):
        raise DefinitionError(problem)
    try:
        return read_layout("layout", text)
    except DefinitionError as error:
        raise DefinitionError(str(error).removeprefix("layouts/layout: ")) from None


def _shape_problems(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is not of the form of a layout, so that no text is taken for a list of letters."""
    if SPLIT in content or "tables" in content:
        yield "it is a mapping of one force and not a layout. Make a layout from it with: assay layout learn"
    for key in ("name", "status", "source"):
        if not isinstance(content.get(key), str):
            yield f"it has no {key}, or one that is not text."
    for key in ("files", "empty"):
        if not _is_lists_of_texts(content.get(key, {})):
            yield f"[{key}] is a table of lists of text."
    for key in ("same", "may", "values", "may_values"):
        tables = content.get(key, {})
        if not isinstance(tables, dict) or not all(_is_lists_of_texts(lists) for lists in tables.values()):
            yield f'[{key}.NAME] is a table of lists of text, such as crime_ref = ["Crime No"].'


def _is_lists_of_texts(lists: Any) -> bool:
    return isinstance(lists, dict) and all(
        isinstance(texts, list) and all(isinstance(text, str) and text for text in texts) for texts in lists.values()
    )


def _is_shared(value_and_word: tuple[str, str]) -> bool:
    return is_shared_word(value_and_word[1])


def _meanings(plan: SplitPlan) -> Iterable[ColumnMeaning]:
    return (meaning for part in plan.parts for meaning in part.columns.values() if _is_in_contract(meaning))


def _is_in_contract(meaning: ColumnMeaning) -> bool:
    return meaning.column in (FORCE_CODE, *contract.table(meaning.table).column_names)


def _list_name(meaning: ColumnMeaning) -> str:
    if meaning.column == FORCE_CODE:
        return ""
    return contract.table(meaning.table).column(meaning.column).values


def _code_words(meaning: ColumnMeaning) -> Iterable[tuple[str, str]]:
    """Yield the values and words of a column of a closed list; a yes or no speaks of its own column only."""
    name = _list_name(meaning)
    if not name:
        return
    known = contract.list_values(name)
    for word, value in meaning.values.items():
        is_answer = is_yes_word(word) or is_no_word(word) or is_empty_word(word)
        if value in known and not is_answer and plain_words(word) != plain_words(value):
            yield value, word


def is_shared_word(word: str) -> bool:
    """Return True if a word may be shared with other forces: a short code, or only words of closed lists.

    Any other phrase may come from a note about a person, and any other word may be a name.
    """
    return is_code_word(word) and (_is_short_code(plain_words(word)) or consists_of_listed_words(word))


def _is_short_code(text: str) -> bool:
    """Return True for one word that has a digit or at most `MAX_CODE_LETTERS` letters."""
    return len(text.split()) == 1 and (len(text) <= MAX_CODE_LETTERS or any(map(str.isdigit, text)))


def _unambiguous(words: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the words without those that two columns of the plan read as different values."""
    uses: dict[str, int] = {}
    for found in words.values():
        for word in found:
            uses[plain_words(word)] = uses.get(plain_words(word), 0) + 1
    return {value: {word for word in found if uses[plain_words(word)] == 1} for value, found in words.items()}


def _entries(columns: Mapping[str, set[str]]) -> list[str]:
    return [
        f"{_key(name)} = [{', '.join(map(_quoted, sorted(words)))}]" for name, words in sorted(columns.items()) if words
    ]


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _quoted(text: str) -> str:
    if not text.isprintable():
        raise DefinitionError("A heading or name holds a character that cannot be written; export it in plain text.")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
