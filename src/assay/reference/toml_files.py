"""How is a value written so that TOML reads it back as it was, and what does a TOML file say that somebody sent?"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

LARGEST = 2_000_000
"""Bytes of a TOML file that is sent: a cover of every table and form has a few thousand."""


class NotToml(ValueError):
    """A file that was sent cannot be read as TOML; `line` is where, or 0. It never holds what the file says."""

    def __init__(self, line: int = 0) -> None:
        super().__init__("This cannot be read as TOML in UTF-8.")
        self.line = line


def sent_toml(path: Path) -> dict[str, Any]:
    """What a TOML file says that somebody sent; NotToml for whatever keeps it from being read, FileNotFoundError where
    it is not there. A link may lead anywhere and is not followed."""
    try:
        if path.is_symlink() or path.stat().st_size > LARGEST:
            raise NotToml
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RecursionError) as error:  # a number of thousands of digits is a ValueError too
        raise NotToml(getattr(error, "lineno", 0)) from None


def toml_text(value: Any) -> str:
    """A text, truth, number, day, or list of such, as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(_escaped(letter) for letter in value) + '"'
    if isinstance(value, tuple | list):
        return f"[{', '.join(toml_text(one) for one in value)}]"
    return str(value)


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    return letter if letter.isprintable() else f"\\U{ord(letter):08X}"
