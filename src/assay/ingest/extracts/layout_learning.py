"""Write the headings and code words of an accepted mapping as a layout, so that forces can give one another theirs.

A layout holds headings, and words of closed lists with their values. It holds no reference, name, date or text: a word
is written only for a column of a closed list, and only if it is short and holds no number of a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from assay import contract
from assay.contract import FORCE_CODE
from assay.errors import DefinitionError
from assay.ingest.extracts.extract_model import ColumnMeaning, SplitPlan
from assay.ingest.extracts.value_kinds_coded import plain_words
from assay.ingest.system_layouts import SystemLayout, read_layout
from assay.ingest.yes_no_words import is_empty_word, is_no_word, is_yes_word

MAX_WORD_LENGTH = 80
MAX_DIGITS = 4
"""A word with more digits in sequence may be a number of a person."""
STATUS = "by example"


def learn_layout(plan: SplitPlan, name: str, source: str) -> str:
    """Return a layout as TOML, from a plan that a person has accepted.

    Parameters
    ----------
    plan
        The accepted plan: every meaning in its parts is taken as right.
    name
        The name of the layout, such as that of the record system.
    source
        Who accepted the mapping, and when; no name of a person.
    """
    headings: dict[str, dict[str, set[str]]] = {}
    words: dict[str, dict[str, set[str]]] = {}
    for meaning in _meanings(plan):
        headings.setdefault(meaning.table, {}).setdefault(meaning.column, set()).add(meaning.heading)
        for value, word in _code_words(meaning):
            words.setdefault(_list_name(meaning), {}).setdefault(value, set()).add(word)
    lines = [f"name = {_quoted(name)}", f'status = "{STATUS}"', f"source = {_quoted(source)}"]
    for table in sorted(headings):
        lines += ["", f"[same.{table}]", *_entries(headings[table])]
    for list_name in sorted(words):
        lines += ["", f"[values.{list_name}]", *_entries(_unambiguous(words[list_name]))]
    text = "\n".join(lines) + "\n"
    read_layout("learned layout", text)
    return text


def load_layout(text: str) -> SystemLayout:
    """Return a layout that another force wrote; raise DefinitionError if it is none."""
    return read_layout("layout", text)


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
        if value in known and not is_answer and is_code_word(word) and plain_words(word) != plain_words(value):
            yield value, word


def is_code_word(word: str) -> bool:
    """Return True if a word is as short as a code or label, and holds no number of a person."""
    return len(word) <= MAX_WORD_LENGTH and not re.search(rf"\d{{{MAX_DIGITS + 1}}}", word) and word.isprintable()


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
