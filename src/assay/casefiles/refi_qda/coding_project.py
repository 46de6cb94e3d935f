"""A project of coded texts: codes, sources and codings."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

NAMESPACE = "urn:QDA-XML:project:1.0"
INTERNAL, SOURCES, PROJECT = "internal://", "sources/", "project.qde"
GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")
GUID_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
Path = tuple[str, ...]


@dataclass(frozen=True, order=True)
class Code:
    """A code, identified by its name and those of its parent codes: ("Questions", "Q3")."""

    path: Path
    description: str = ""


@dataclass(frozen=True, order=True)
class Coding:
    """A code that is applied to a range of text.

    Parameters
    ----------
    first, after
        Position of the first character (from 0) and of the one after the last; -1 and -1 for the whole text.
    coder
        Code or role of the coder.
    """

    code: Path
    coder: str
    first: int = -1
    after: int = -1

    @property
    def whole(self) -> bool:
        """True if the coding covers the whole text."""
        return self.first < 0


@dataclass(frozen=True)
class Source:
    """A text, its variables by name, and its codings."""

    name: str
    text: str
    values: tuple[tuple[str, str], ...] = ()
    codings: frozenset[Coding] = frozenset()


@dataclass(frozen=True)
class Project:
    """A project: codes, each after its parents, and sources with distinct names."""

    name: str
    codes: tuple[Code, ...]
    sources: tuple[Source, ...]

    @property
    def coders(self) -> tuple[str, ...]:
        """All coders, in order."""
        return tuple(sorted({coding.coder for source in self.sources for coding in source.codings}))

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables of all sources, in order of first appearance."""
        return tuple(dict.fromkeys(name for source in self.sources for name, _ in source.values))


def guid(kind: str, *parts: str) -> str:
    """Return the GUID of an element, derived from its content, so that equal projects give equal files."""
    return str(uuid.uuid5(GUID_NAMESPACE, "\n".join((kind, *(f"{len(part)} {part}" for part in parts)))))
