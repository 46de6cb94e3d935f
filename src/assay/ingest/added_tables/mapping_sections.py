"""Read the sections of a mapping file, and check that keys are known, typed as declared, and present where required."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from assay.errors import SourceError


class Section:
    """One section of a mapping file, which records the keys that are read; `end` refuses all other keys.

    Parameters
    ----------
    place
        File and section for error messages, such as "flags.toml, [areas]".
    content
        The section as read from TOML.
    """

    def __init__(self, place: str, content: object) -> None:
        if not isinstance(content, Mapping):
            raise SourceError(f"{place}: this must be a section with keys. See the template of `assay look long-form`.")
        self.place = place
        self._content: Mapping[str, Any] = content
        self._read: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def _value(self, key: str) -> Any:
        self._read.add(key)
        return self._content.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without a default the key is required and must not be empty."""
        value = self._value(key)
        if value is None and default is not None:
            return default
        if isinstance(value, date):
            return value.isoformat()
        if not isinstance(value, str) or not value.strip():
            raise SourceError(f"{self.place}: write {key} as a text that is not empty.")
        return " ".join(value.split())

    def number(self, key: str, default: int) -> int:
        """Return the whole number under a key, at least 1; raise SourceError for any other value."""
        value = self._value(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise SourceError(f"{self.place}: write {key} as a whole number from 1 on.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty if the key is missing."""
        value = self._value(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise SourceError(f"{self.place}: write {key} as a list of texts.")
        return tuple(value)

    def words(self, key: str) -> dict[str, str]:
        """Return a TOML table of texts by text; empty if the key is missing."""
        value = self._value(key)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(item, str) and item for item in value.values()):
            raise SourceError(f'{self.place}.{key}: write each line as "words in the file" = "what they mean".')
        return {word.strip(): meaning for word, meaning in value.items()}

    def numbers(self, key: str) -> dict[str, float]:
        """Return a TOML table of numbers by text; empty if the key is missing."""
        value = self._value(key)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(_is_number(item) for item in value.values()):
            raise SourceError(f'{self.place}.{key}: write each line as "words in the file" = a number.')
        return {word.strip(): float(item) for word, item in value.items()}

    def section(self, key: str) -> Section:
        """Return a section within this section; an empty one if the key is missing."""
        value = self._value(key)
        return Section(f"{self.place}[{key}]", {} if value is None else value)

    def sections(self, key: str) -> list[Section]:
        """Return the sections of a TOML array of tables, written [[key]] in the file; empty if the key is missing."""
        value = self._value(key)
        if value is not None and not isinstance(value, list):
            raise SourceError(f"{self.place}[{key}]: write it with two brackets, [[{key}]].")
        return [Section(f"{self.place}[[{key}]] {number}", item) for number, item in enumerate(value or (), start=1)]

    def named_sections(self, key: str) -> dict[str, Section]:
        """Return the named sections within a section, written [key.NAME] in the file."""
        inner = self.section(key)
        return {name: inner.section(name) for name in inner._content}

    def end(self) -> None:
        """Raise SourceError for any key that was not read; otherwise a misspelt key would be ignored silently."""
        unknown = sorted(set(self._content) - self._read)
        if unknown:
            known = ", ".join(sorted(self._read))
            place = self.place.rstrip(": ")
            raise SourceError(
                f"{place}: the key {unknown[0]!r} is not known. Keys are: {known}. Correct it, or delete it."
            )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
