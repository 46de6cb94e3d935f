"""Which numbers on a page are no figures, and how does the page say so?

A number is no figure where it stands in a date, in a name or code of a register, or in words that are the same whatever
was found: those of our own pages, and those of registers that say the same of every force. Nobody marks by hand: the
page is marked when it is written, by these rules alone, and everything else is a figure.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import jinja2
from markupsafe import escape

from assay.indicators.evidence_strands import KINDS
from assay.report.figure_register import HELD_BY_A_PLACE, NUMBER
from assay.report.support_contacts import support
from assay.sdc import Released, declared_tables

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
YEAR = r"(?:19|20)\d\d"
DATE = re.compile(
    rf"\b{YEAR}-\d\d(?:-\d\d)?(?:T[\d:.]+Z?)?\b|\b(?:\d\d? )?(?:{MONTHS})(?: {YEAR})\b|\b\d\d? (?:{MONTHS})\b"
    rf"|\b{YEAR}/\d\d(?: Q[1-4])?\b|\bmid-{YEAR}\b|(?<![\d,.]){YEAR}(?![\d,.%]*\d|%)"
)
"""A day, a month of a year, a financial year with or without its quarter, or a year."""
DIGITS = re.compile(r"\d+")
SEAL = re.compile(r"\b[0-9a-f]{64}\b")
TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.S)
OPEN_TAG, REST_OF_TAG = re.compile(r"<[^<>]*$"), re.compile(r"^[^<>]*>")
COMPOSED = {"lessons_register": "{report}, {number}", "offences": "{offence_key}: {name}"}
"""How pages name a row of a register whose name alone does not name it, by table."""
CLOSED = ("script", "style", "title", "svg", "code")
"""Elements whose text is not marked: `code` holds addresses, keys and hashes alone."""
OPENS = re.compile(rf"<({'|'.join(CLOSED)})\b")
SHORTEST = 8
"""Words of ours with fewer characters may stand in a sentence about a figure."""


@dataclass(frozen=True)
class Marker:
    """The texts that are no figures of one release: each with its kind, under the first run of digits in it."""

    texts: Mapping[str, Sequence[tuple[str, str]]]
    _known: dict[str, str] = field(default_factory=dict, repr=False)

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """Where a text is no figure, in order, and why: 'date', 'name', 'method' or 'seal'; none lies in another."""
        there: list[tuple[int, int, str]] = []
        for kind, pattern in self._may_stand_in(text):
            for match in pattern.finditer(text):
                parts = _tokens(text, *match.span()) if kind == "method" else [match.span()]
                there += [(start, end, kind) for start, end in parts]
        found: list[tuple[int, int, str]] = []
        for start, end, kind in sorted(there, key=lambda span: span[0] - span[1]):
            if not any(start < after and before < end for before, after, _ in found):
                found.append((start, end, kind))
        return sorted(found)

    def _may_stand_in(self, text: str) -> Iterator[tuple[str, re.Pattern[str]]]:
        """The patterns worth trying, those of the closed forms last: looking for a text as it stands is quick."""
        plain = " ".join(text.split())
        for digits in dict.fromkeys(DIGITS.findall(text)):
            for kind, words in self.texts.get(digits, ()):
                if words in plain:
                    yield kind, _pattern(words)
        yield "seal", SEAL
        yield "date", DATE

    def marked(self, page: str) -> str:
        """A page with everything that holds a number and is no figure marked: `<span data-not-figure="date">`."""
        made, at, closed = [], 0, ""
        for tag in TAG.finditer(page):
            text = page[at : tag.start()]
            made.append(text if closed or not _has_digit(text) else self._text(text))
            made.append(tag.group())
            at, closed = tag.end(), _after(tag.group(), closed)
        return "".join([*made, page[at:]])

    def _text(self, escaped: str) -> str:
        """One stretch between two tags; the same stands on many pages."""
        if escaped not in self._known:
            self._known[escaped] = self._text_anew(escaped)
        return self._known[escaped]

    def _text_anew(self, escaped: str) -> str:
        text, made, at = unescape(escaped), [], 0
        for start, end, kind in self.spans(text):
            made.append(str(escape(text[at:start])))
            made.append(f'<span data-not-figure="{kind}">{escape(text[start:end])}</span>')
            at = end
        return "".join([*made, str(escape(text[at:]))]) if made else escaped


def _tokens(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the numbers of a stretch stand: of words of ours, only their numbers are marked."""
    return [(start + m.start(), start + m.end()) for m in NUMBER.finditer(text[start:end])]


def _has_digit(text: str) -> bool:
    return DIGITS.search(text) is not None


def _after(tag: str, closed: str) -> str:
    """The element, if any, whose text is not marked once this tag is read."""
    if closed:
        return "" if tag == f"</{closed}>" else closed
    name = OPENS.match(tag)
    return name[1] if name and not tag.endswith("/>") else ""


def marker(released: Released) -> Marker:
    """The rules for one release: words of our own, registers, and names."""
    names, told = set(), set(own_words())
    for table in released.tables:
        form = declared_tables()[table]
        of_a_place = "place_code" in released.tables[table].column_names or table in HELD_BY_A_PLACE
        for column in (one for one in form.columns if one.is_text):
            held = {text for text in released.tables[table][column.name].unique().to_pylist() if text}
            if column.kind != "sentence":
                names |= held
            elif not of_a_place:
                told |= held
        if table in COMPOSED:
            names |= {COMPOSED[table].format(**row) for row in released.rows(table)}
        told |= {form.title, *(column.meaning for column in form.columns), *(c.unit for c in form.columns)}
    named = {text for text in names if _has_digit(text) and any(letter.isalpha() for letter in text)}
    told |= {released.policy.reason, f"Counts of {released.policy.suppression}", *(kind.rule for kind in KINDS)}
    told |= {f"{one.reach}. {one.for_whom}" for one in support().contacts}
    return Marker(_by_digits({"name": {*named, released.edition}, "method": _pieces(told)}))


def _pieces(texts: Iterable[str]) -> set[str]:
    return {text for text in texts if _has_digit(text) and len(text) >= SHORTEST and re.search(r"[a-z]{3}", text)}


def _by_digits(texts: Mapping[str, Iterable[str]]) -> dict[str, list[tuple[str, str]]]:
    """Each text with its kind, under its first run of digits; the same text may be of two kinds."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, held in texts.items():
        for words in sorted({" ".join(text.split()) for text in held}):
            if digits := DIGITS.search(words):
                found.setdefault(digits[0], []).append((kind, words))
    return found


@lru_cache(maxsize=4096)
def _pattern(words: str) -> re.Pattern[str]:
    """A text, whatever white space stands between its words; never the middle of a word."""
    part = r"\s+".join(re.escape(word) for word in words.split())
    return re.compile(rf"(?<!\w){part}(?!\w)" if part[:1].isalnum() else part)


@lru_cache
def own_words() -> frozenset[str]:
    """Texts with a number in them that our own pages always say: those of templates, and constants of the code."""
    found: set[str] = set()
    for path in _all_files(files("assay.report")):
        text = path.read_text(encoding="utf-8")
        read = {"html": _of_template, "py": _of_code, "toml": _of_words}[path.name.rpartition(".")[2]]
        found |= set(read(text))
    return frozenset(" ".join(text.split()) for text in found if _has_digit(text))


def _all_files(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from _all_files(entry)
        elif entry.name.endswith((".html", ".py", ".toml")):
            yield entry


def _of_template(text: str) -> Iterator[str]:
    for _, kind, value in jinja2.Environment().lex(text):
        if kind == "data":  # a tag that holds a value begins in one stretch and ends in another
            whole = OPEN_TAG.sub("", REST_OF_TAG.sub("", value))
            yield from (unescape(part) for part in TAG.split(whole))


def _of_words(text: str) -> Iterator[str]:
    waiting: list[Any] = [tomllib.loads(text)]
    while waiting:
        held = waiting.pop()
        if isinstance(held, str):
            yield held
        elif isinstance(held, dict | list):
            waiting += held.values() if isinstance(held, dict) else held


def _of_code(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
