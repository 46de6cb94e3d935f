"""Which official table is this, and which of its columns holds what we ask?

The layouts are data (`layouts.toml`): the wording of headers differs from edition to edition, so a sheet is
known by synonyms of its headers, wherever on the sheet the header row stands.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from assay.errors import SourceError, UnknownLayout


@dataclass(frozen=True)
class Containing:
    """A column that is also known by words in its header: any of `words`, and none of `but_not`."""

    field: str
    words: tuple[str, ...]
    but_not: tuple[str, ...]

    def fits(self, header: str) -> bool:
        """True if the plain header holds one of the words and none that says it is something else."""
        spaced = f" {header} "
        held = (f" {word} " in spaced for word in self.words)
        return any(held) and not any(f" {word} " in spaced for word in self.but_not)


@dataclass(frozen=True)
class Layout:
    """One return as its publisher lays it out; `synonyms` maps a plain header to the field it holds."""

    kind: str
    title: str
    publisher: str
    signature: tuple[str, ...]
    without: tuple[str, ...]
    required: tuple[str, ...]
    synonyms: dict[str, str]
    wording: dict[str, tuple[str, ...]]
    containing: tuple[Containing, ...]
    unread: frozenset[str]
    alternate_marks: tuple[str, ...]
    inferred_marks: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """A header row that was understood: which column (from 0) holds which field, and how the file names
    it."""

    layout: Layout
    columns: dict[str, int]
    names: dict[str, str]
    width: int

    def name(self, field: str) -> str:
        """The file's own name of a field's column."""
        return self.names.get(field, field)


def plain(text: str) -> str:
    """A header without the differences that mean nothing: case, spaces, underscores, punctuation."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


@lru_cache
def layouts() -> tuple[Layout, ...]:
    """Every return that can be read, in the order in which they are tried."""
    data = tomllib.loads((files(__package__) / "layouts.toml").read_text("utf-8"))
    tried = ("outcomes", "recorded", "children_in_need", "flagged", "population")
    return tuple(_layout(kind, data[kind]) for kind in tried)


def layout(kind: str) -> Layout:
    """The layout of one return."""
    return next(one for one in layouts() if one.kind == kind)


def find_header(rows: Sequence[Sequence[str]], where: str) -> tuple[int, Header] | None:
    """The first row that holds a return's signature, and what its columns are; None when no row does.

    Refuses, naming `where`, a header that has one column twice or lacks a column that the return needs.
    """
    for number, row in enumerate(rows):
        for candidate in layouts():
            columns = _columns(candidate, row)
            if columns.keys() >= set(candidate.signature) and not columns.keys() & set(candidate.without):
                return number, _checked(candidate, columns, row, where)
    return None


def field_of(candidate: Layout, header: str) -> str | None:
    """Which field of this layout a plain header holds; None where it is not known."""
    if header in candidate.synonyms:
        return candidate.synonyms[header]
    return next((one.field for one in candidate.containing if one.fits(header)), None)


def _columns(candidate: Layout, row: Sequence[str]) -> dict[str, list[int]]:
    columns: dict[str, list[int]] = {}
    for place, text in enumerate(row):
        field = field_of(candidate, plain(text or ""))
        if field:
            columns.setdefault(field, []).append(place)
    return columns


def _checked(found: Layout, columns: dict[str, list[int]], row: Sequence[str], where: str) -> Header:
    for places in columns.values():
        if len(places) > 1:
            names = " and ".join(f"{row[place]!r} (column {place + 1})" for place in places)
            raise SourceError(
                f"{where}: two columns hold the same thing, {names}. We cannot tell which to believe. "
                "Take one of them out, or give it another name."
            )
    missing = [field for field in found.required if field not in columns]
    if missing:
        known = "; ".join(f"{field}: {' or '.join(map(repr, found.wording[field]))}" for field in missing)
        raise UnknownLayout(
            f"{where}: this looks like {found.title!r}, but it lacks {len(missing)} of the columns we need."
            f"{_did_you_mean(near_headers(found, row, missing))} "
            f"Headers we know for them are: {known}. Send the table as published, or add the header to "
            f"layouts.toml."
        )
    at = {field: places[0] for field, places in columns.items()}
    return Header(found, at, {field: row[place] for field, place in at.items()}, len(row))


NEAR = 0.6
"""How alike a header and one that is known must be, of 1, to be asked about. Nothing is read on likeness alone."""


def near_headers(found: Layout, row: Sequence[str], missing: Iterable[str]) -> dict[str, str]:
    """For each missing field, the known header that one of this row is nearest to: {'Fource Name': 'Force Name'}."""
    unknown = {plain(text): text for text in row if text and not field_of(found, plain(text))}
    near: dict[str, str] = {}
    for field in missing:
        headers = [header for header in unknown if header not in found.unread]
        wordings = found.wording[field]
        pairs = [(likeness(one, known), known[0].isupper(), one, known) for one in headers for known in wordings]
        best = max(pairs, default=(0.0, False, "", ""))
        if best[0] >= NEAR:
            near[unknown[best[2]].strip()] = best[3]
    return near


def likeness(header: str, known: str) -> float:
    """How alike two headers are, 0 to 1: by their letters, or by the words that one of them holds of the other."""
    other = plain(known)
    words, others = set(header.split()), set(other.split())
    held = len(words & others) / max(len(words), len(others))
    return max(difflib.SequenceMatcher(None, header, other).ratio(), held)


def suggestion(rows: Sequence[Sequence[str]]) -> str:
    """Where no row is a header that is known, which table one is nearest to, and which header was meant; '' if none."""
    best: tuple[int, str] = (0, "")
    for row in rows:
        for candidate in layouts():
            known = _columns(candidate, row)
            missing = [field for field in candidate.required if field not in known]
            near = near_headers(candidate, row, missing)
            if len(known) >= 2 and near and len(known) + len(near) > best[0]:
                best = (len(known) + len(near), f" It is nearest to {candidate.title!r}.{_did_you_mean(near)}")
    return best[1]


def _did_you_mean(near: dict[str, str]) -> str:
    """' The header 'Fource Name' is not known: did you mean 'Force Name'?'; '' where no header is near."""
    return "".join(f" The header {header!r} is not known: did you mean {known!r}?" for header, known in near.items())


def _layout(kind: str, data: dict[str, Any]) -> Layout:
    wording = {one["field"]: (*one["seen"], *one["recalled"]) for one in data["column"]}
    return Layout(
        kind=kind,
        title=data["title"],
        publisher=data["publisher"],
        signature=tuple(data["signature"]),
        without=tuple(data["without"]),
        required=tuple(data["required"]),
        synonyms={plain(name): field for field, names in wording.items() for name in names},
        wording=wording,
        containing=tuple(_containing(one) for one in data["column"] if "contains" in one),
        unread=frozenset(map(plain, data.get("unread", ()))),
        alternate_marks=tuple(data.get("alternate_marks", ())),
        inferred_marks=tuple(data.get("inferred_marks", ())),
    )


def _containing(column: dict[str, Any]) -> Containing:
    return Containing(column["field"], tuple(column["contains"]), tuple(column["but_not"]))
