"""The elements of a rendered page with their positions in its text, so that parts of the text can be moved.

Pages are rendered from our own templates, in which every element is closed; to parse and write them again with a
library would change text that nothing else changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import unescape

TAG = re.compile(r"<!--.*?-->|<(/?)([a-z][a-z0-9]*)\b[^>]*>", re.S)
ANY_TAG = re.compile(r"<[^>]*>")
ANY_TAG_BUT_MARKS = re.compile(r"(<span data-not-[a-z-]+=[^>]*>[^<]*</span>)|<[^>]*>")
VOID = frozenset({"img", "br", "hr", "input", "source", "meta", "link", "wbr", "col"})
MAIN = re.compile(r"<main\b.*?</main>", re.S)
UNSEEN = re.compile(r'<span class="sr">.*?</span>', re.S)


@cache
def _attribute_pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf'\s{name}="([^"]*)"')


@dataclass(frozen=True)
class Tag:
    """The opening tag of an HTML element."""

    text: str

    def attribute(self, name: str) -> str:
        """Return the value of an attribute; '' if it has none."""
        if name not in self.text:  # most of the 400,000 tags of a report lack the attribute
            return ""
        found = _attribute_pattern(name).search(self.text)
        return found[1] if found else ""

    def number(self, name: str) -> float:
        """Return the value of an attribute as a number; 0 if it has none."""
        found = re.match(r"\d+(\.\d+)?", self.attribute(name))
        return float(found[0]) if found else 0.0


@dataclass(eq=False, slots=True)
class Block:
    """An HTML element of a page: its tag, and the positions of the element and its content in the page."""

    page: str = field(repr=False)
    tag: str
    start: int
    inner_start: int
    parent: Block | None = field(default=None, repr=False)
    inner_end: int = 0
    end: int = 0
    children: list[Block] = field(default_factory=list, repr=False)
    heights: dict[float, float] | None = field(default=None, repr=False)
    """Estimated heights in columns of each width that was asked for."""
    row_heights: dict[float, list[float]] | None = field(default=None, repr=False)
    """Of a table: the estimated heights of its rows, in columns of each width that was asked for."""

    @property
    def opening(self) -> str:
        """The opening tag."""
        return self.page[self.start : self.inner_start]

    @property
    def closing(self) -> str:
        """The closing tag."""
        return self.page[self.inner_end : self.end]

    @property
    def inner(self) -> str:
        """The content, as HTML."""
        return self.page[self.inner_start : self.inner_end]

    @property
    def outer(self) -> str:
        """The element with its content, as HTML."""
        return self.page[self.start : self.end]

    @property
    def text(self) -> str:
        """The words of the content, as HTML without elements."""
        return " ".join(ANY_TAG.sub("", self.inner).split())

    @property
    def marked_text(self) -> str:
        """The text of the element without HTML tags, except those that mark numbers that are not statistics."""
        return " ".join(ANY_TAG_BUT_MARKS.sub(lambda match: match[1] or "", self.inner).split())

    @property
    def characters(self) -> int:
        """Number of characters of the content that a reader sees."""
        return _seen_characters(self.inner)

    @property
    def classes(self) -> list[str]:
        """The classes of the element."""
        return Tag(self.opening).attribute("class").split()

    @property
    def identifier(self) -> str:
        """The id of the element; '' if it has none."""
        return Tag(self.opening).attribute("id")


@lru_cache(maxsize=20_000)
def _seen_characters(inner: str) -> int:
    """Return how many characters a reader sees of the content of an element; many cells of a report are the same."""
    seen = ANY_TAG.sub("", UNSEEN.sub("", inner)) if "<" in inner else inner
    return len(unescape(" ".join(seen.split())))


def main_block(page: str) -> Block | None:
    """Return the main part of a page; None if there is none."""
    main = MAIN.search(page)
    if main is None:
        return None
    root = Block(page, "", main.start(), main.start())
    current = root
    for match in TAG.finditer(page, main.start(), main.end()):
        closes, tag = match[1], match[2]
        if tag is None:
            continue
        if not closes:
            block = Block(page, tag, match.start(), match.end(), current, match.end(), match.end())
            current.children.append(block)
            current = current if tag in VOID or match[0].endswith("/>") else block
        elif current.tag == tag and current.parent is not None:
            current.inner_end, current.end = match.start(), match.end()
            current = current.parent
        else:
            raise ValueError(f"The element {tag} of a page is not closed where it should be.")
    return root.children[0]
