"""What is a table, a column or a step of a case in plain words? The words are in `plain_needs.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from assay.contract.question_needs import ALTERNATIVE_SEPARATOR

TABLES = "tables"
PERSON = "the person"


@lru_cache
def plain_phrases() -> Mapping[str, str]:
    """Return the plain words for each table, column ('table.column') and step of a case ('events.kind')."""
    content = tomllib.loads(files("assay.workflows.check").joinpath("plain_needs.toml").read_text(encoding="utf-8"))
    names: dict[str, str] = content.pop(TABLES)
    return names | {f"{table}.{name}": phrase for table, phrases in content.items() for name, phrase in phrases.items()}


def plain_need(need: str, role: str = "") -> str:
    """Return a need in plain words; of needs of which one is enough, all with "or" between them.

    Parameters
    ----------
    need
        'crimes.closed_at', 'events', 'events.suspect_arrested', or several with bars between them.
    role
        The role that replaces "the person"; '' if it is not known.
    """
    alternatives = need.split(ALTERNATIVE_SEPARATOR)
    if len(alternatives) > 1:
        return " or ".join(plain_need(alternative, role) for alternative in alternatives)
    phrase = plain_phrases().get(need) or _named_phrase(need)
    return phrase.replace(PERSON, f"the {role}") if role else phrase


def plain_needs(needs: Iterable[str]) -> tuple[str, ...]:
    """Return needs in plain words, each once."""
    return tuple(dict.fromkeys(plain_need(need) for need in needs))


def _named_phrase(need: str) -> str:
    """Return a need that has no phrase, such as a column that a mapping alone names, with its name in words."""
    table, _, name = need.partition(".")
    return f"the {name.replace('_', ' ')} of {plain_phrases().get(table, table)}"
