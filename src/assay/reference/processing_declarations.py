"""Declarations of processing: scope, purposes, legal basis, data holder and last permitted day of each table.

The sections `[declared.TABLE]` of inspection.toml (and of the request that forces get). A table without a declaration
is not requested, and is rejected if sent. The legal basis is decided by the inspectorate and recorded here in its own
words; the software only enforces the declaration. `identities` and `texts` are declared like tables: they are
separated, and may be destroyed sooner.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assay.errors import SourceError
from assay.reference.toml_files import toml_text

SECTION = "declared"
PURPOSES = MappingProxyType(
    {
        "linkage": "record linkage: finding the records of the same person, and deriving ages",
        "facts": "deriving facts, and evaluating indicators",
        "texts": "searching texts, and people confirming what was found",
        "samples": "drawing case files, and inspectors reading and marking them",
    }
)
WINDOWS = MappingProxyType(
    {
        "period": "dated in the period",
        "history": "dated in the history, in the period, or after it up to extraction",
        "whenever": "whenever dated, if it belongs to what is in scope",
    }
)


@dataclass(frozen=True)
class Declaration:
    """What was declared about the processing of one table: purposes, legal basis, holder and retention.

    `used_until` is the last day for reading it, `destroy_by` the last day of its retention; `window` is a key of
    `WINDOWS`, `purposes` are keys of `PURPOSES`.
    """

    table: str
    in_scope: str
    window: str
    purposes: tuple[str, ...]
    legal_basis: str
    holder: str
    used_until: date
    destroy_by: date

    def errors(self) -> list[str]:
        """Return the errors of the declaration as sentences; empty if it is complete."""
        empty = [name for name in ("in_scope", "legal_basis", "holder") if not getattr(self, name).strip()]
        sentences = [f"{name} is empty; the inspecting organisation must fill it in." for name in empty]
        if self.window not in WINDOWS:
            sentences.append(f"window is one of {', '.join(WINDOWS)}.")
        if not self.purposes or set(self.purposes) - set(PURPOSES):
            sentences.append(f"purposes is a list of some of {', '.join(PURPOSES)}.")
        if self.used_until > self.destroy_by:
            sentences.append("used_until is after destroy_by. Data cannot be used after they were destroyed.")
        return sentences

    def expiry_sentence(self, today: date) -> str:
        """Return a sentence on the last permitted day if it has passed; otherwise ''."""
        if today > self.destroy_by:
            return f"{self.table} was to be destroyed by {self.destroy_by}."
        if today > self.used_until:
            return f"{self.table} might be used until {self.used_until}, and that day has passed."
        return ""


Declarations = Mapping[str, Declaration]


def read_declarations(path: Path) -> Declarations:
    """Return the declarations in a TOML file by table; SourceError for a malformed section.

    A well-formed but incomplete section is read; see `Declaration.errors`.
    """
    try:
        sections = tomllib.loads(path.read_text(encoding="utf-8-sig")).get(SECTION, {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise SourceError(f"{path.name} cannot be read as TOML. Correct or replace the file.") from None
    if not isinstance(sections, dict):
        raise SourceError(f"{path.name}: write one section [{SECTION}.TABLE] for each table.")
    return MappingProxyType({name: _declaration(path.name, name, section) for name, section in sections.items()})


def declarations_text(declarations: Declarations) -> str:
    """Return the declarations as TOML; `read_declarations` reads this text back as equal declarations."""
    return "\n".join(line for declaration in declarations.values() for line in _lines(declaration))


def _lines(declaration: Declaration) -> Iterator[str]:
    yield f"[{SECTION}.{declaration.table}]"
    yield from (f"{field.name} = {toml_text(getattr(declaration, field.name))}" for field in fields(declaration)[1:])
    yield ""


def _declaration(file: str, name: str, section: Any) -> Declaration:
    place = f"{file}, [{SECTION}.{name}]"
    known = [field.name for field in fields(Declaration)][1:]
    if not isinstance(section, dict):
        raise SourceError(f"{place}: this is no section. Its keys are {', '.join(known)}.")
    unknown_keys = sorted(set(section) - set(known))
    if unknown_keys:
        raise SourceError(f"{place}: not known: {', '.join(unknown_keys)}. The keys are {', '.join(known)}.")
    words = {key: _text(place, section, key) for key in ("in_scope", "window", "legal_basis", "holder")}
    days = {key: _day(place, section, key) for key in ("used_until", "destroy_by")}
    purposes = section.get("purposes", [])
    if not isinstance(purposes, list) or not all(isinstance(word, str) for word in purposes):
        raise SourceError(f'{place}: purposes is a list of words, such as ["facts"].')
    return Declaration(
        table=name,
        in_scope=words["in_scope"],
        window=words["window"],
        purposes=tuple(purposes),
        legal_basis=words["legal_basis"],
        holder=words["holder"],
        used_until=days["used_until"],
        destroy_by=days["destroy_by"],
    )


def _text(place: str, section: Mapping[str, Any], key: str) -> str:
    value = section.get(key, "")
    if not isinstance(value, str):
        raise SourceError(f"{place}: {key} must be text.")
    return value


def _day(place: str, section: Mapping[str, Any], key: str) -> date:
    value = section.get(key)
    if type(value) is not date:
        raise SourceError(f"{place}: {key} must be a day without quotes, such as 2028-03-31.")
    return value
