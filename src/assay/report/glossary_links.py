"""Link the first use of each glossary term on a page to its meaning.

Only running text is linked: not headings, tables, links, summaries or quotations. Without scripts a link leads to the
term on the glossary page; with them its meaning opens where it stands (`scripts/glossary.js`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from markupsafe import escape

from assay.report.page_blocks import MAIN, VOID, Tag
from assay.report.pages.evidence_pages import GlossaryTerm, glossary_terms

PROSE = frozenset({"p", "li", "dd"})
"""Elements whose text is linked."""
EXCLUDED = (
    "a", "h1", "h2", "h3", "h4", "table", "summary", "blockquote", "button", "label", "nav", "svg", "code", "form",
)  # fmt: skip
TAG_OR_EXCLUDED = re.compile(
    rf"<(?P<excluded>{'|'.join(EXCLUDED)})\b[^>]*>.*?</(?P=excluded)>"
    r"|<!--.*?-->|<(?P<closes>/?)(?P<tag>[a-z][a-z0-9]*)\b[^>]*>",
    re.S,
)
"""Matches a tag, or all of an excluded element: most tags of a report are in tables. No such element is in its like."""
EXCLUDED_CLASSES = frozenset(("paper", "sr", "tag", "grade", "key", "links", "crumbs"))
PAGES_WITHOUT_LINKS = ("glossary.html", "easy-read.html")
"""The glossary itself, and Easy Read, which explains its own words."""


def link_terms(page: str, path: str) -> str:
    """Return the page with the first use of each glossary term linked; `path` is that of the page in the report."""
    main = MAIN.search(page)
    if main is None or path in PAGES_WITHOUT_LINKS:
        return page
    glossary = f"{'../' * path.count('/')}glossary.html"
    linked: set[str] = set()
    parts, position = [], 0
    for start, end in _prose_spans(page, main.start(), main.end()):
        # Joined once at the end: to rebuild the page at each of hundreds of spans took a tenth of the report's time.
        parts += [page[position:start], _link_first_uses(page[start:end], glossary, linked)]
        position = end
    return "".join([*parts, page[position:]])


def _prose_spans(page: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of running text in the main part of a page, in order."""
    # For each open element: how many elements of prose, and how many excluded ones, are open with it.
    open_elements = [(0, 0)]
    position = start
    for match in TAG_OR_EXCLUDED.finditer(page, start, end):
        prose, excluded = open_elements[-1]
        tag_start, tag_end = match.span()
        if tag_start > position and prose and not excluded:
            yield position, tag_start
        position = tag_end
        closes, tag = match.group("closes", "tag")
        if tag is None or tag in VOID or page[tag_end - 2] == "/":
            continue
        if closes:
            open_elements.pop()
        else:
            open_elements.append((prose + (tag in PROSE), excluded + _has_excluded_class(match[0])))


def _has_excluded_class(tag: str) -> bool:
    return not EXCLUDED_CLASSES.isdisjoint(Tag(tag).attribute("class").split())


def _link_first_uses(text: str, glossary: str, linked: set[str]) -> str:
    """Return a run of text with its terms linked, as far as they are not in `linked`, to which they are added."""
    if not _has_term(text):
        return text
    pattern, terms = _patterns()

    def link(match: re.Match[str]) -> str:
        term = terms[match[0].lower()]
        if term.word in linked:
            return match[0]
        linked.add(term.word)
        return (
            f'<a class="term" href="{glossary}#{term.anchor}" data-term="{escape(term.word)}" '
            f'data-meaning="{escape(term.means)}">{match[0]}</a>'
        )

    return pattern.sub(link, text)


@lru_cache(maxsize=20_000)
def _has_term(text: str) -> bool:
    """Return True if a text has a term; many texts stand on the page of each force."""
    return _patterns()[0].search(text) is not None


@lru_cache
def _patterns() -> tuple[re.Pattern[str], dict[str, GlossaryTerm]]:
    """Return a pattern for every form of a term, the longest first, and the term of each form."""
    terms = {form.lower(): term for term in glossary_terms() for form in term.forms}
    words = "|".join(re.escape(form) for form in sorted(terms, key=lambda form: (-len(form), form)))
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE), terms
