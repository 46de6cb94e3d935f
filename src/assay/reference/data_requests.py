"""Read and write a data request: period, organisations and sample.

A request is the `[request]` section of a TOML file, which may hold other sections. A request to real organisations
names none: they are in the register. An inspection of synthetic forces lists its own, one `[[bodies]]` section each,
with codes INV01 to INV99, so that synthetic forces cannot be taken for real ones.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assay.errors import DefinitionError, SourceError
from assay.reference.organisations import KINDS, Organisation, Organisations, real_organisations
from assay.reference.toml_files import toml_text

REAL, SYNTHETIC = "real", "invented"
REGISTERS = (REAL, SYNTHETIC)
SECTION = "bodies"
"""Key of the sections with synthetic organisations, one section each."""
_DATE_KEYS = ("period_from", "period_to", "history_from")
_SYNTHETIC_CODE = re.compile(r"INV[0-9]{2}")
_KEYS = ("key", "title", *_DATE_KEYS, "group_history", "register", "sample_files", "sample_seed")


@dataclass(frozen=True)
class DataRequest:
    """One request for data; the period is half-open: `period_to` is the first day after it.

    `group_history` asks for closed group cases since 2010 (return contract, section 4.1). `organisations` is by code.
    A bundle holds the texts of `sample_files` crimes, drawn by a hash of each crime's code and `sample_seed`.
    """

    key: str
    title: str
    period_from: date
    period_to: date
    history_from: date
    group_history: bool
    register: str
    organisations: Mapping[str, Organisation]
    sample_files: int = 0
    sample_seed: str = ""

    def __post_init__(self) -> None:
        if not self.key.strip():
            raise DefinitionError("The request needs a key: the word by which returns refer to it.")
        if not self.period_from < self.period_to:
            raise DefinitionError("The period of the request is empty: period_to must be the first day after it.")
        if self.history_from > self.period_from:
            raise DefinitionError("The history of a request starts after its period: history_from is too late.")
        if self.register not in REGISTERS:
            raise DefinitionError(f"The register of a request must be '{REAL}' or '{SYNTHETIC}'.")
        if self.sample_files < 0 or (self.sample_files and not self.sample_seed.strip()):
            raise DefinitionError("A request with sample_files needs a sample_seed: any word, chosen in advance.")
        self._check_organisations()

    def _check_organisations(self) -> None:
        is_synthetic = self.register == SYNTHETIC
        kinds = ", ".join(KINDS)
        for code, organisation in self.organisations.items():
            if code != organisation.code or organisation.kind not in KINDS:
                raise DefinitionError(f"Organisation {code}: its code or kind is wrong. The kinds are {kinds}.")
            if bool(_SYNTHETIC_CODE.fullmatch(code)) != is_synthetic:
                raise DefinitionError(f"Organisation {code}: only synthetic organisations have codes INV01 to INV99.")
        if not self.organisations:
            raise DefinitionError(
                f"The request names no organisation. With the register '{SYNTHETIC}', add sections [[{SECTION}]]."
            )

    def organisation(self, code: str) -> Organisation:
        """Return the organisation with this code; raise UnknownForce with similar names otherwise."""
        return Organisations(self.organisations.values()).get(code)

    def to_toml(self) -> str:
        """Return the request as TOML that `read_request` reads back as an equal request."""
        lines = ["[request]", *(f"{name} = {toml_text(getattr(self, name))}" for name in _KEYS)]
        if self.register == SYNTHETIC:
            for organisation in self.organisations.values():
                lines += ["", f"[[{SECTION}]]"]
                lines += [
                    f"{name} = {toml_text(value)}" for name, value in _field_values(organisation) if value is not None
                ]
        return "\n".join(lines) + "\n"


def read_request(path: Path) -> DataRequest:
    """Read the request in a TOML file; raise SourceError if it is invalid."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SourceError(f"The file {path} does not exist. Give the path of the request.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError(
            f"{path.name} cannot be read as TOML: {_error_position(error)}. Correct or replace the file."
        ) from None
    section = content.get("request")
    if not isinstance(section, dict):
        raise SourceError(f"{path.name} has no section [request]. Write one with {', '.join(_KEYS)}.")
    try:
        return _read_sections(section, content.get(SECTION, []))
    except DefinitionError as error:
        raise SourceError(f"{path.name}: {error}") from None


def _read_sections(section: Mapping[str, Any], entries: Any) -> DataRequest:
    unknown_keys = sorted(set(section) - set(_KEYS))
    if unknown_keys:
        raise DefinitionError(f"[request] does not know: {', '.join(unknown_keys)}. Its keys are {', '.join(_KEYS)}.")
    register = section.get("register", REAL)
    if register == REAL and entries:
        raise DefinitionError(f"Remove the sections [[{SECTION}]]: real organisations are in the code lists.")
    organisations = (
        real_organisations().all
        if register == REAL
        else tuple(_read_organisation(item) for item in _check_list(entries))
    )
    if len({item.code for item in organisations}) != len(organisations):
        raise DefinitionError(f"Two sections [[{SECTION}]] have the same code. Give each organisation its own code.")
    period_from = _day(section, "period_from")
    return DataRequest(
        key=_text(section, "key"),
        title=_text(section, "title") if "title" in section else _text(section, "key"),
        period_from=period_from,
        period_to=_day(section, "period_to"),
        history_from=_day(section, "history_from") if "history_from" in section else period_from,
        group_history=_yes_or_no(section, "group_history"),
        register=register,
        organisations=MappingProxyType({item.code: item for item in organisations}),
        sample_files=_whole_number(section, "sample_files"),
        sample_seed=_text(section, "sample_seed") if "sample_seed" in section else "",
    )


def _read_organisation(entry: Any) -> Organisation:
    known = {field.name: "int" if "int" in str(field.type) else "str" for field in fields(Organisation)}
    if not isinstance(entry, dict) or set(entry) - set(known):
        raise DefinitionError(f"A section [[{SECTION}]] has an unknown key. Its keys are {', '.join(known)}.")
    for name, kind in known.items():
        is_required = kind == "str"
        has_right_type = type(entry.get(name)).__name__ == kind
        if not has_right_type and (is_required or name in entry):
            raise DefinitionError(f"[[{SECTION}]]: {name} must be {'text' if is_required else 'a whole number'}.")
    return Organisation(**entry)


def _check_list(entries: Any) -> list[Any]:
    if not isinstance(entries, list):
        raise DefinitionError(f"Write [[{SECTION}]] with two brackets, one section for each organisation.")
    return entries


def _text(section: Mapping[str, Any], name: str) -> str:
    if not isinstance(section.get(name), str):
        raise DefinitionError(f"[request]: {name} must be there, and be text.")
    return str(section[name])


def _whole_number(section: Mapping[str, Any], name: str) -> int:
    value = section.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int):
        raise DefinitionError(f"[request]: {name} must be a whole number.")
    return value


def _day(section: Mapping[str, Any], name: str) -> date:
    value = section.get(name)
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        raise DefinitionError(f"[request]: {name} must be a day such as 2025-04-01.") from None


def _yes_or_no(section: Mapping[str, Any], name: str) -> bool:
    if not isinstance(section.get(name, False), bool):
        raise DefinitionError(f"[request]: {name} must be true or false.")
    return bool(section.get(name, False))


def _field_values(organisation: Organisation) -> list[tuple[str, Any]]:
    return [(field.name, getattr(organisation, field.name)) for field in fields(organisation)]


def _error_position(error: Exception) -> str:
    line = getattr(error, "lineno", None)
    return f"line {line}" if line else type(error).__name__
