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
    """One code, by its name under those of the codes that it lies in: ("Questions", "Q3")."""

    path: Path
    description: str = ""


@dataclass(frozen=True, order=True)
class Coding:
    """A stretch of a text, from `first` up to, not including, `after` (characters, from 0), that bears a code; of the
    whole text where both are -1. `coder`: who said so, as a code or a role."""

    code: Path
    coder: str
    first: int = -1
    after: int = -1

    @property
    def whole(self) -> bool:
        """Whether the text bears it as a whole."""
        return self.first < 0


@dataclass(frozen=True)
class Source:
    """One text, what is known of it by name, and its codings."""

    name: str
    text: str
    values: tuple[tuple[str, str], ...] = ()
    codings: frozenset[Coding] = frozenset()


@dataclass(frozen=True)
class Project:
    """A project: its codes, each after those it lies in, and its sources, no two of one name."""

    name: str
    codes: tuple[Code, ...]
    sources: tuple[Source, ...]

    @property
    def coders(self) -> tuple[str, ...]:
        """Everybody who coded anything, in order."""
        return tuple(sorted({coding.coder for source in self.sources for coding in source.codings}))

    @property
    def variables(self) -> tuple[str, ...]:
        """The names under which anything is known of a source, in the order in which they first stand."""
        return tuple(dict.fromkeys(name for source in self.sources for name, _ in source.values))


def guid(kind: str, *parts: str) -> str:
    """The number of a thing in a file, the same in every file: two exports of one content are one."""
    return str(uuid.uuid5(GUID_NAMESPACE, "\n".join((kind, *(f"{len(part)} {part}" for part in parts)))))
