"""Recognise an official table and its columns by the wording of its headers.

The layouts are data (`layouts.toml`). The wording of headers differs between editions, so a sheet is recognised by
synonyms of its headers, wherever on the sheet the header row is.
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
from assay.ingest.official_statistics.local_tables import LOCAL_TABLES


@dataclass(frozen=True)
class Layout:
    """The layout of one statistic as published; `synonyms` maps a plain header to its field."""

    kind: str
    title: str
    publisher: str
    signature: tuple[str, ...]
    excluded_fields: tuple[str, ...]
    required: tuple[str, ...]
    synonyms: dict[str, str]
    wording: dict[str, tuple[str, ...]]
    ignored_headers: frozenset[str]
    alternate_marks: tuple[str, ...]
    inferred_marks: tuple[str, ...]
    counted_words: tuple[str, ...]
    """Words of which the description of a counted offence holds at least one."""
    recalled_headers: frozenset[str] = frozenset()
    """Normalised headers known from the publisher's guidance alone: no file with them was read."""


@dataclass(frozen=True)
class Header:
    """A recognised header row: the column of each field (from 0) and its name in the file."""

    layout: Layout
    columns: dict[str, int]
    names: dict[str, str]
    width: int

    def name(self, field: str) -> str:
        """Return the name that the file gives to the column of a field."""
        return self.names.get(field, field)

    @property
    def recalled_names(self) -> tuple[str, ...]:
        """The headers of the file that are known from the publisher's guidance alone."""
        return tuple(name for name in self.names.values() if normalise_header(name) in self.layout.recalled_headers)


def normalise_header(text: str) -> str:
    """Return a header without differences in case, spaces, underscores and punctuation."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


@lru_cache
def layouts() -> tuple[Layout, ...]:
    """Return the layout of every known statistic, in the order in which they are tried."""
    data = tomllib.loads((files(__package__) / "layouts.toml").read_text("utf-8"))
    # Tables about an area come before populations, because some of them hold a population beside their counts.
    kinds = ("outcomes", "recorded", "children_in_need", *LOCAL_TABLES, "population")
    return tuple(_read_layout(kind, data[kind]) for kind in kinds)


def find_layout(kind: str) -> Layout:
    """Return the layout of one statistic."""
    return next(candidate for candidate in layouts() if candidate.kind == kind)


def find_header(rows: Sequence[Sequence[str]], place_text: str) -> tuple[int, Header] | None:
    """Return the first row with the signature of a statistic, and its columns; None if no row has one.

    A header that has one column twice or lacks a required column is refused; the error names `place_text`.
    """
    for number, row in enumerate(rows):
        for candidate in layouts():
            columns = _column_positions(candidate, row)
            if columns.keys() >= set(candidate.signature) and not columns.keys() & set(candidate.excluded_fields):
                return number, _check_header(candidate, columns, row, place_text)
    return None


def _column_positions(candidate: Layout, row: Sequence[str]) -> dict[str, list[int]]:
    columns: dict[str, list[int]] = {}
    for position, text in enumerate(row):
        field = candidate.synonyms.get(normalise_header(text or ""))
        if field:
            columns.setdefault(field, []).append(position)
    return columns


def _check_header(layout_found: Layout, columns: dict[str, list[int]], row: Sequence[str], place_text: str) -> Header:
    for positions in columns.values():
        if len(positions) > 1:
            names = " and ".join(f"{row[position]!r} (column {position + 1})" for position in positions)
            raise SourceError(
                f"{place_text}: two columns hold the same content, {names}, so it is not clear which to use. "
                "Delete one, or give it another name."
            )
    missing = [field for field in layout_found.required if field not in columns]
    if missing:
        known = "; ".join(f"{field}: {' or '.join(map(repr, layout_found.wording[field]))}" for field in missing)
        raise UnknownLayout(
            f"{place_text}: this looks like {layout_found.title!r}, but it lacks {len(missing)} of the columns we "
            f"need.{_did_you_mean(similar_headers(layout_found, row, missing))} Known headers for them are: {known}. "
            "Send the table as published, or add the header to layouts.toml."
        )
    positions_by_field = {field: positions[0] for field, positions in columns.items()}
    return Header(
        layout_found,
        positions_by_field,
        {field: row[position] for field, position in positions_by_field.items()},
        len(row),
    )


MIN_SIMILARITY = 0.6
"""Similarity (0 to 1) from which a known header is suggested for an unknown one. Similarity alone reads no column."""


def similar_headers(found: Layout, row: Sequence[str], missing: Iterable[str]) -> dict[str, str]:
    """Return the known headers that are most similar to unknown ones, as suggestions.

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
    unknown = {normalise_header(text): text for text in row if text and normalise_header(text) not in found.synonyms}
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
    """Return the similarity of two headers (0 to 1), of their letters or, if higher, their share of common words."""
    known = normalise_header(known)
    words, known_words = set(header.split()), set(known.split())
    common_share = len(words & known_words) / max(len(words), len(known_words))
    return max(difflib.SequenceMatcher(None, header, known).ratio(), common_share)


def nearest_layout_hint(rows: Sequence[Sequence[str]]) -> str:
    """Return a hint on the most similar table for a file without a known header row; '' if no table is similar."""
    best: tuple[int, str] = (0, "")
    for row in rows:
        for candidate in layouts():
            known = _column_positions(candidate, row)
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


def _read_layout(kind: str, data: dict[str, Any]) -> Layout:
    wording = {entry["field"]: (*entry["seen"], *entry["recalled"]) for entry in data["column"]}
    seen = {normalise_header(name) for entry in data["column"] for name in entry["seen"]}
    recalled = {normalise_header(name) for entry in data["column"] for name in entry["recalled"]}
    return Layout(
        kind=kind,
        title=data["title"],
        publisher=data["publisher"],
        signature=tuple(data["signature"]),
        excluded_fields=tuple(data["without"]),
        required=tuple(data["required"]),
        synonyms={normalise_header(name): field for field, names in wording.items() for name in names},
        wording=wording,
        ignored_headers=frozenset(map(normalise_header, data.get("unread", ()))),
        alternate_marks=tuple(data.get("alternate_marks", ())),
        inferred_marks=tuple(data.get("inferred_marks", ())),
        counted_words=tuple(data.get("counted_words", ())),
        recalled_headers=frozenset(recalled - seen),
    )
