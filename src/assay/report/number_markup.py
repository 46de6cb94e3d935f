"""Mark the numbers on a page that are not statistics: dates, names, codes and fixed text.

A number is no figure if it is part of a date, of a name or code in a register, or of text that is the same whatever the
results: the text of our own pages, and register text that is the same for every force. Pages are marked automatically
when they are written; every number that these rules do not mark is a figure.
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

from assay.indicators.evidence_sources import KINDS
from assay.indicators.finding_phrases import finding_phrases
from assay.report.figure_register import NUMBER, PLACE_TABLES
from assay.report.pages.register_pages import register_texts
from assay.report.support_contacts import support
from assay.sdc import Released, declared_tables

WELSH_MONTHS = "Ionawr|Chwefror|Mawrth|Ebrill|Mai|Mehefin|Gorffennaf|Awst|Medi|Hydref|Tachwedd|Rhagfyr"
MONTHS = f"{WELSH_MONTHS}|January|February|March|April|May|June|July|August|September|October|November|December"
YEAR = r"(?:19|20)\d\d"
DATE = re.compile(
    rf"\b{YEAR}-\d\d(?:-\d\d)?(?:T[\d:.]+Z?)?\b|\b(?:\d\d? )?(?:{MONTHS})(?: {YEAR})\b|\b\d\d? (?:{MONTHS})\b"
    rf"|\b{YEAR}/\d\d(?: Q[1-4])?\b|\bmid-{YEAR}\b|(?<![\d,.]){YEAR}(?![\d,.%]*\d|%)"
)
"""Matches a day, a month, a financial year with or without its quarter, or a year."""
SLOT = re.compile(r"\{\w+\}")
"""Matches a slot in a text of a catalogue of translations."""
DIGITS = re.compile(r"\d+")
SEAL = re.compile(r"\b[0-9a-f]{64}\b")
TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.S)
OPEN_TAG, REST_OF_TAG = re.compile(r"<[^<>]*$"), re.compile(r"^[^<>]*>")
COMPOSED_NAMES = {"lessons_register": "{report}, {number}", "offences": "{offence_key}: {name}"}
"""Formats of the names of register rows that need more than one column, by table."""
UNMARKED_ELEMENTS = ("script", "style", "title", "svg", "code")
"""Elements whose text is not marked; `code` holds only addresses, keys and hashes."""
TEXT_WITH_DIGITS = re.compile(
    r"(?P<before>(?:<!--.*?-->"
    + "".join(rf"|<{element}\b[^>]*(?<!/)>.*?</{element}>" for element in UNMARKED_ELEMENTS)
    + r"|<[^>]*>|[^<\d]++(?=<))*+)(?P<text>[^<]*)",
    re.S,
)
"""Matches the next text with a digit, and before it all tags, unmarked elements and texts without a digit at once: to
look at each of the hundreds of thousands of tags of a report took longer than to mark its numbers."""
MIN_CHARACTERS = 8
"""Shorter fixed texts are not used, because they may occur in a sentence about a figure."""


@dataclass(frozen=True)
class Marker:
    """Texts of one release whose numbers are not statistics, each with its kind, indexed by their first digits."""

    texts: Mapping[str, Sequence[tuple[str, str]]]
    _cache: dict[str, str] = field(default_factory=dict, repr=False)

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """Return the parts of a text whose numbers are not statistics, as (start, end, kind), in order and without
        overlap.

        Kinds are 'date', 'name', 'method' and 'seal' (a hash).
        """
        candidates: list[tuple[int, int, str]] = []
        for kind, start, end in self._candidates(text):
            parts = _number_spans(text, start, end) if kind == "method" else [(start, end)]
            candidates += [(first, last, kind) for first, last in parts]
        found: list[tuple[int, int, str]] = []
        for start, end, kind in sorted(candidates, key=lambda span: span[0] - span[1]):
            if not any(start < after and before < end for before, after, _ in found):
                found.append((start, end, kind))
        return sorted(found)

    def _candidates(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Yield kind, start and end of each fixed text that occurs in the text, then of each hash and date."""
        plain = " ".join(text.split())
        for digits in dict.fromkeys(DIGITS.findall(text)):
            for kind, words in self.texts.get(digits, ()):
                if words in plain:
                    yield from ((kind, start, end) for start, end in find_words(words, text))
        for kind, pattern in (("seal", SEAL), ("date", DATE)):
            yield from ((kind, *match.span()) for match in pattern.finditer(text))

    def mark_page(self, page: str) -> str:
        """Return a page with every number that is not a statistic marked, as in `<span data-not-figure="date">`."""
        return TEXT_WITH_DIGITS.sub(lambda found: found["before"] + self._mark_text(found["text"]), page)

    def _mark_text(self, escaped: str) -> str:
        """Mark the text between two tags; cached, because the same text occurs on many pages."""
        if escaped not in self._cache:
            self._cache[escaped] = self._mark_new_text(escaped)
        return self._cache[escaped]

    def _mark_new_text(self, escaped: str) -> str:
        text, parts, position = unescape(escaped), [], 0
        for start, end, kind in self.spans(text):
            parts.append(str(escape(text[position:start])))
            parts.append(f'<span data-not-figure="{kind}">{escape(text[start:end])}</span>')
            position = end
        return "".join([*parts, str(escape(text[position:]))]) if parts else escaped


def _number_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of the numbers in a fixed text: only its numbers are marked, not its words."""
    return [(start + m.start(), start + m.end()) for m in NUMBER.finditer(text[start:end])]


def _has_digit(text: str) -> bool:
    return DIGITS.search(text) is not None


def marker(released: Released) -> Marker:
    """Return the marker for one release: fixed texts, register texts and names."""
    names, method_texts = set(), set(fixed_texts())
    for table in released.tables:
        form = declared_tables()[table]
        is_place_table = "place_code" in released.tables[table].column_names or table in PLACE_TABLES
        for column in (item for item in form.columns if item.is_text):
            texts = {text for text in released.tables[table][column.name].unique().to_pylist() if text}
            if column.kind != "sentence":
                names |= texts
            elif not is_place_table:
                method_texts |= texts
        if table in COMPOSED_NAMES:
            names |= {COMPOSED_NAMES[table].format(**row) for row in released.rows(table)}
        method_texts |= {form.title, *(column.meaning for column in form.columns), *(c.unit for c in form.columns)}
    names_with_digits = {text for text in names if _has_digit(text) and any(letter.isalpha() for letter in text)}
    method_texts |= {released.policy.reason, f"Counts of {released.policy.suppression}", *(kind.rule for kind in KINDS)}
    method_texts |= {*finding_phrases().values(), *register_texts()}
    method_texts |= {f"{item.reach}. {item.for_whom}" for item in support().contacts}
    return Marker(
        _by_digits({"name": {*names_with_digits, released.edition}, "method": _long_texts_with_digits(method_texts)})
    )


def _long_texts_with_digits(texts: Iterable[str]) -> set[str]:
    return {text for text in texts if _has_digit(text) and len(text) >= MIN_CHARACTERS and re.search(r"[a-z]{3}", text)}


def _by_digits(texts: Mapping[str, Iterable[str]]) -> dict[str, list[tuple[str, str]]]:
    """Index the texts by their first run of digits; the same text may have two kinds."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, kind_texts in texts.items():
        for words in sorted({" ".join(text.split()) for text in kind_texts}):
            if digits := DIGITS.search(words):
                found.setdefault(digits[0], []).append((kind, words))
    return found


def find_words(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where some words occur in a text, as (start, end); any white space may separate them.

    To compile a pattern takes longer than all searches for it, so one is compiled only for uneven white space.
    """
    if text.strip() != " ".join(text.split()):
        yield from (match.span() for match in _pattern(words).finditer(text))
        return
    is_bounded, start = words[:1].isalnum(), text.find(words)
    while start >= 0:
        end = start + len(words)
        is_found = not is_bounded or not (_is_word(text[start - 1 : start]) or _is_word(text[end : end + 1]))
        if is_found:
            yield start, end
        start = text.find(words, end if is_found else start + 1)


def _is_word(sign: str) -> bool:
    """Return True for what `\\w` matches; False for ''."""
    return sign.isalnum() or sign == "_"


@lru_cache(maxsize=4096)
def _pattern(words: str) -> re.Pattern[str]:
    """Return a pattern for a text with any white space between its words, at word boundaries."""
    part = r"\s+".join(re.escape(word) for word in words.split())
    return re.compile(rf"(?<!\w){part}(?!\w)" if part[:1].isalnum() else part)


@lru_cache
def fixed_texts() -> frozenset[str]:
    """Return the texts with a number that pages always contain: text of templates and constants of the code."""
    found: set[str] = set()
    for path in _all_files(files("assay.report")):
        text = path.read_text(encoding="utf-8")
        read_texts = {"html": _template_texts, "py": _code_texts, "toml": _toml_texts}[path.name.rpartition(".")[2]]
        found |= set(read_texts(text))
    return frozenset(" ".join(text.split()) for text in found if _has_digit(text))


def _all_files(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            yield from _all_files(entry)
        elif entry.name.endswith((".html", ".py", ".toml")):
            yield entry


def _template_texts(text: str) -> Iterator[str]:
    for _, kind, value in jinja2.Environment().lex(text):
        if kind == "data":  # a tag that contains an expression begins in one data token and ends in another
            whole = OPEN_TAG.sub("", REST_OF_TAG.sub("", value))
            yield from (unescape(part) for part in TAG.split(whole))


def _toml_texts(text: str) -> Iterator[str]:
    pending: list[Any] = [tomllib.loads(text)]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield from SLOT.split(value)
        elif isinstance(value, dict | list):
            pending += value.values() if isinstance(value, dict) else value


def _code_texts(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
