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
class HeaderWords:
    """Words by which the header of a column is recognised, in addition to its synonyms."""

    field: str
    any_of: tuple[str, ...]
    """The header must contain at least one of these words."""
    none_of: tuple[str, ...]
    """The header must contain none of these words."""

    def matches(self, header: str) -> bool:
        """Return True if a plain header contains one of `any_of` and none of `none_of`."""
        padded = f" {header} "
        contains_word = any(f" {word} " in padded for word in self.any_of)
        return contains_word and not any(f" {word} " in padded for word in self.none_of)


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
    header_words: tuple[HeaderWords, ...]
    ignored_headers: frozenset[str]
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
    """Return the field of a layout that a plain header names; None if it is unknown."""
    if header in candidate.synonyms:
        return candidate.synonyms[header]
    return next((words.field for words in candidate.header_words if words.matches(header)), None)


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
            f"{_did_you_mean(similar_headers(found, row, missing))} "
            f"Headers we know for them are: {known}. Send the table as published, or add the header to "
            f"layouts.toml."
        )
    at = {field: places[0] for field, places in columns.items()}
    return Header(found, at, {field: row[place] for field, place in at.items()}, len(row))


MIN_SIMILARITY = 0.6
"""Similarity (0 to 1) from which a known header is suggested for an unknown one. Similarity alone reads no column."""


def similar_headers(found: Layout, row: Sequence[str], missing: Iterable[str]) -> dict[str, str]:
    """Suggest known headers for unknown ones.

    Parameters
    ----------
    found
        The layout.
    row
        The header row.
    missing
        Fields for which the row has no header.

    Returns
    -------
    dict of str to str
        Unknown header -> the known header that is most similar, such as {'Fource Name': 'Force Name'}.
    """
    unknown = {plain(text): text for text in row if text and not field_of(found, plain(text))}
    suggestions: dict[str, str] = {}
    for field in missing:
        headers = [header for header in unknown if header not in found.ignored_headers]
        pairs = [
            (similarity(header, known), known[0].isupper(), header, known)
            for header in headers
            for known in found.wording[field]
        ]
        score, _, header, known = max(pairs, default=(0.0, False, "", ""))
        if score >= MIN_SIMILARITY:
            suggestions[unknown[header].strip()] = known
    return suggestions


def similarity(header: str, known: str) -> float:
    """Return the similarity of two headers (0 to 1): of their letters, or the share of common words if that is more."""
    known = plain(known)
    words, known_words = set(header.split()), set(known.split())
    common_share = len(words & known_words) / max(len(words), len(known_words))
    return max(difflib.SequenceMatcher(None, header, known).ratio(), common_share)


def nearest_layout_hint(rows: Sequence[Sequence[str]]) -> str:
    """Return a hint on the most similar table for a file without a known header row; '' if no table is similar."""
    best: tuple[int, str] = (0, "")
    for row in rows:
        for candidate in layouts():
            known = _columns(candidate, row)
            missing = [field for field in candidate.required if field not in known]
            similar = similar_headers(candidate, row, missing)
            score = len(known) + len(similar)
            if len(known) >= 2 and similar and score > best[0]:
                best = (score, f" It is nearest to {candidate.title!r}.{_did_you_mean(similar)}")
    return best[1]


def _did_you_mean(suggestions: dict[str, str]) -> str:
    """Return one question for each suggestion, such as " The header 'Fource Name' is not known: did you mean ...?"."""
    return "".join(
        f" The header {header!r} is not known: did you mean {known!r}?" for header, known in suggestions.items()
    )


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
        header_words=tuple(_header_words(column) for column in data["column"] if "contains" in column),
        ignored_headers=frozenset(map(plain, data.get("unread", ()))),
        alternate_marks=tuple(data.get("alternate_marks", ())),
        inferred_marks=tuple(data.get("inferred_marks", ())),
    )


def _header_words(column: dict[str, Any]) -> HeaderWords:
    return HeaderWords(column["field"], tuple(column["contains"]), tuple(column["but_not"]))
