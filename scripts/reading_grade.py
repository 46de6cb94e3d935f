"""Compute the reading grade of each page of a report, and list its sentences that are too long.

    python scripts/reading_grade.py REPORT              the grade, the longest sentence and the limits of every page
    python scripts/reading_grade.py REPORT PAGE ...     the sentences of these pages, the hardest first

The formula is the automated readability index (Smith and Senter 1967, AMRL-TR-66-220): 4.71 times the letters and
digits in a word, plus 0.5 times the words in a sentence, less 21.43. It gives a US school grade; grade 6 is read at
the age of 11. It needs no list of syllables, so that anybody can check it. The limits for each kind of page, and the
terms that count as one word of average length, are in `scripts/reading_grades.toml`.

What counts is the prose that a reader sees first: the sentences of the page itself, without its tables, lists of links,
folded parts, quotations, navigation and footer.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import Any

import lxml.html

ROOT = Path(__file__).resolve().parent.parent
LIMITS = ROOT / "scripts" / "reading_grades.toml"
GLOSSARY = ROOT / "src" / "assay" / "report" / "glossary.toml"
LETTERS_WEIGHT, WORDS_WEIGHT, CONSTANT = 4.71, 0.5, 21.43
AVERAGE_WORD = "words"
"""Replaces each exempt term: five letters, about the average length of an English word in running text."""
FEWEST_WORDS_OF_A_FRAGMENT = 9
"""Minimum number of words of a text without a full stop that counts as a sentence; a shorter one is a label."""
MOST_LINKED = 0.6
"""Maximum share of linked words; a block with more is a list of links and not a sentence."""
PART = "\0"
FEWEST_SEMICOLONS_OF_A_LIST = 2
"""Minimum number of semicolons of a text without a full stop that counts as a list of names, not a sentence."""
BLOCKS = ("p", "li", "dd", "h1", "h2", "h3", "h4", "figcaption")
EXCLUDED_ELEMENTS = (
    "//table | //details | //nav | //footer | //header | //blockquote | //aside | //code | //script | //style | //svg"
    " | //*[contains(concat(' ', @class, ' '), ' sr ')] | //*[contains(concat(' ', @class, ' '), ' tools ')]"
    " | //*[contains(concat(' ', @class, ' '), ' skip ')] | //*[contains(concat(' ', @class, ' '), ' map ')]"
    " | //*[contains(concat(' ', @class, ' '), ' key ')] | //*[contains(concat(' ', @class, ' '), ' links ')]"
)
SENTENCE_END = re.compile(r"(?<=[.!?])[\u2019\u201d)]*\s+(?=[\u2018\u201c(]*[A-Z0-9])")
WORD = re.compile(r"[^\W_]+(?:[\u2019'.,/-][^\W_]+)*%?")


@dataclass(frozen=True)
class Kind:
    """A kind of page: its paths, maximum reading grade and sentence length, and the reason if these exceed 7 and 25."""

    name: str
    pages: tuple[str, ...]
    grade: float
    words: int
    reason: str = ""


@dataclass(frozen=True)
class Limits:
    """The kinds of pages, in the order in which their path patterns are tried, and the exempt terms."""

    kinds: tuple[Kind, ...]
    terms: tuple[str, ...]

    def kind_of(self, path: str) -> Kind:
        """Return the first kind of page whose pattern matches the path; the last kind matches every path."""
        return next(kind for kind in self.kinds if any(fnmatch(path, pattern) for pattern in kind.pages))

    def exempting(self, names: Iterable[str]) -> Limits:
        """Return the same limits with further exempt terms, such as the names of the forces of a report."""
        return Limits(self.kinds, (*self.terms, *names))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return the regular expression that matches the exempt terms as whole words, also in the plural."""
        words = "|".join(re.escape(term) for term in sorted(self.terms, key=lambda term: (-len(term), term)))
        return re.compile(rf"\b(?:{words})(?:s|es)?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Prose:
    """The sentences of one page, as shown and as counted (with each exempt term as one word of average length)."""

    path: str
    sentences: tuple[str, ...]
    pattern: re.Pattern[str]

    @cached_property
    def counted_words(self) -> tuple[tuple[str, ...], ...]:
        """Words of each sentence, as counted."""
        return tuple(words_of(self.pattern.sub(AVERAGE_WORD, sentence)) for sentence in self.sentences)

    @property
    def grade(self) -> float:
        """Reading grade of the page; 0 for a page without a sentence."""
        return reading_grade(self.counted_words)

    def is_over(self, limits: Limits) -> bool:
        """Return True if the reading grade or a sentence exceeds the limits for its kind of page."""
        kind = limits.kind_of(self.path)
        return self.grade > kind.grade or bool(self.too_long(kind.words))

    def too_long(self, limit: int) -> list[str]:
        """Return the sentences with more words than the limit; here an exempt term counts with all its words."""
        return [sentence for sentence in self.sentences if len(words_of(sentence)) > limit]


def read_limits(path: Path = LIMITS) -> Limits:
    """Read the limits and the exempt terms."""
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    kinds = tuple(Kind(**{**row, "pages": tuple(row["pages"])}) for row in data["kind"])
    return Limits(kinds, (*glossary_terms(), *(term for group in data["exempt"].values() for term in group)))


def glossary_terms(path: Path = GLOSSARY) -> tuple[str, ...]:
    """Return the terms that the glossary of the report defines, without the remarks in brackets."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["word"]
    return tuple(term.strip() for row in rows for term in row["word"].partition(" (")[0].split(", "))


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text; a number, a date with full stops and a hyphenated word each count as one word."""
    return tuple(WORD.findall(text))


def reading_grade(sentences: Sequence[Sequence[str]]) -> float:
    """Return the automated readability index of sentences, each a list of words; 0 if there are no sentences."""
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    letters = sum(sum(letter.isalnum() for letter in word) for word in words)
    grade = LETTERS_WEIGHT * letters / len(words) + WORDS_WEIGHT * len(words) / len(sentences) - CONSTANT
    return round(grade, 1)


def sentences_of(html: str) -> tuple[str, ...]:
    """Return the sentences of the main part of a page that a reader sees before unfolding or downloading anything."""
    document = lxml.html.fromstring(html)
    for element in document.xpath(EXCLUDED_ELEMENTS):
        element.drop_tree()
    main = document.xpath("//main") or [document]
    blocks = [block for block in main[0].iter(*BLOCKS) if not any(True for _ in block.iterdescendants(*BLOCKS))]
    parts = (part for block in blocks if not _is_list_of_links(block) for part in _parts(block))
    return tuple(sentence for part in parts for sentence in _split(part))


def _is_list_of_links(block: lxml.html.HtmlElement) -> bool:
    """Return True for a block that holds little besides links, such as a list of measures."""
    links = sum(len(words_of(link.text_content())) for link in block.iter("a"))
    return links > MOST_LINKED * len(words_of(block.text_content()))


def _parts(block: lxml.html.HtmlElement) -> list[str]:
    """Return the texts of a block; what has a class of its own, such as a label, is a part of its own."""
    pieces: list[str] = [block.text or ""]
    for element in block:
        is_part = element.get("class") is not None and element.tag in ("span", "strong")
        pieces += [PART, element.text_content(), PART] if is_part else [element.text_content()]
        pieces.append(element.tail or "")
    return [" ".join(part.split()) for part in "".join(pieces).split(PART)]


def _split(text: str) -> Iterator[str]:
    for part in SENTENCE_END.split(text):
        if part.count(";") >= FEWEST_SEMICOLONS_OF_A_LIST and not part.endswith("."):
            continue
        if part.rstrip("\u2019\u201d) ").endswith((".", "!", "?")) or len(words_of(part)) >= FEWEST_WORDS_OF_A_FRAGMENT:
            yield part


def prose(report: Path, path: str, limits: Limits) -> Prose:
    """Return the sentences of one HTML page of a report, ready for grading."""
    return Prose(path, sentences_of((report / path).read_text(encoding="utf-8")), limits.pattern)


def force_names(report: Path) -> list[str]:
    """Return the names of the forces of a report, taken from the titles of their pages."""
    pages = sorted((report / "forces").glob("*.html"))
    titles = (lxml.html.fromstring(page.read_text(encoding="utf-8")).findtext(".//h1") or "" for page in pages)
    return [title.strip() for page, title in zip(pages, titles, strict=True) if page.name != "index.html"]


def read_report(report: Path, limits: Limits) -> Iterator[Prose]:
    """Yield the prose of every page of a report, by path."""
    with_names = limits.exempting(force_names(report))
    for page in sorted(report.rglob("*.html")):
        yield prose(report, page.relative_to(report).as_posix(), with_names)


def main() -> int:
    """Print the reading grades or long sentences asked for; the exit status is 1 if a page exceeds its limits."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("pages", nargs="*")
    arguments = parser.parse_args()
    limits = read_limits()
    pages = list(read_report(arguments.report, limits))
    selected_pages = [page for page in pages if page.path in arguments.pages]
    lines = [line for page in selected_pages for line in _sentence_lines(page)] or [
        _page_line(page, limits) for page in pages
    ]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return int(any(page.is_over(limits) for page in selected_pages or pages))


def _page_line(page: Prose, limits: Limits) -> str:
    kind = limits.kind_of(page.path)
    longest = max((len(words_of(sentence)) for sentence in page.sentences), default=0)
    status = "over" if page.is_over(limits) else "ok  "
    return f"{status} grade {page.grade:4.1f} of {kind.grade:<4} longest {longest:3} of {kind.words} words  {page.path}"


def _sentence_lines(page: Prose) -> list[str]:
    graded = sorted(zip(page.counted_words, page.sentences, strict=True), key=lambda pair: -reading_grade([pair[0]]))
    lines = [f"{reading_grade([words]):5.1f} {len(words_of(text)):3}  {text}" for words, text in graded]
    return [*lines, f"{page.grade:5.1f}  {page.path}"]


if __name__ == "__main__":
    sys.exit(main())
