"""Read TOML files from other senders, and write values as TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

MAX_BYTES = 2_000_000
"""Maximum bytes of a received TOML file; a manifest of every table and form has a few thousand."""


class InvalidTomlError(ValueError):
    """A received file is not valid TOML; `line` is the position or 0. The error never contains file content."""

    def __init__(self, line: int = 0) -> None:
        super().__init__("This cannot be read as TOML in UTF-8.")
        self.line = line


def read_sent_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file from another sender; InvalidTomlError if it is invalid, FileNotFoundError if it is missing."""
    try:
        if path.is_symlink() or path.stat().st_size > MAX_BYTES:
            raise InvalidTomlError
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RecursionError) as error:  # a number of thousands of digits is a ValueError too
        raise InvalidTomlError(getattr(error, "lineno", 0)) from None


def toml_text(value: Any) -> str:
    """Return a text, boolean, number, day or list as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(_escape_letter(letter) for letter in value) + '"'
    if isinstance(value, tuple | list):
        return f"[{', '.join(toml_text(item) for item in value)}]"
    return str(value)


def _escape_letter(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    return letter if letter.isprintable() else f"\\U{ord(letter):08X}"
