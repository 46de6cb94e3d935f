"""Shorten a page for a PDF to its summary and first tables, up to a number of lines; collapsed sections are left out.

Lines are estimated from the text, because a page is set only once.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import html
from lxml.html import HtmlElement

from assay.report.pdf.typst_source import (
    CONVERTERS,
    EXCLUDED_TAGS,
    WIDE_TABLE_COLUMNS,
    element_text,
    is_browser_only,
)

LINES_A_PAGE = 40
CHARACTERS_A_LINE, CHARACTERS_OF_A_TABLE = 92, 105
CHART_LINES, LEAST_ROWS = 26, 3
HEADINGS = ("h1", "h2", "h3", "h4")
HEADING_LINES = {"h1": 4, "h2": 3, "h3": 3, "h4": 2}


def excerpt(page: str, max_lines: int, longer_at: str) -> str:
    """Shorten a page to about `max_lines` lines; if it was cut, the text `longer_at` is added at the end."""
    document = html.fromstring(page)
    main = document.find(".//main")
    if main is None:
        return page
    _unfold(main)
    left: float = max_lines
    is_cut = False
    for element in list(_parts(main)):
        lines = _lines(element)
        if not is_cut and lines <= left:
            left -= lines
            continue
        if not is_cut and element.tag == "table" and _cut_rows(element, left):
            is_cut = True
            continue
        is_cut = True
        _remove(element)
    _drop_empty_headings(main)
    if is_cut:
        note = html.Element("p")
        note.text = longer_at
        main.append(note)
    return str(html.tostring(document, encoding="unicode"))


def _unfold(main: HtmlElement) -> None:
    """Take out what a reader must open; what was folded only for the length of the page stays."""
    for details in list(main.iter("details")):
        if "folded" in (details.get("class") or "").split():
            for summary in details.findall("summary"):
                _remove(summary)
            details.drop_tag()
        else:
            _remove(details)


def _parts(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the headings, paragraphs, lists, figures and tables of a page that a PDF can hold, in order."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag in EXCLUDED_TAGS or is_browser_only(child):
            continue
        if child.tag in CONVERTERS or child.tag == "table":
            yield child
        else:
            yield from _parts(child)


def _lines(element: HtmlElement) -> float:
    """Return about how many lines of an A4 page an element takes."""
    if element.tag in HEADING_LINES:
        return HEADING_LINES[element.tag]
    if element.tag == "figure":
        return CHART_LINES + _text_lines(element_text(element))
    if element.tag == "table":
        return 4 + sum(_row_lines(row) for row in element.iter("tr")) + _landscape_lines(element)
    if element.tag in {"ul", "ol", "dl"}:
        return 1 + sum(_text_lines(element_text(item)) for item in element.iter("li", "dd"))
    return 1 + _text_lines(element_text(element))


def _text_lines(text: str) -> int:
    return -(-len(text) // CHARACTERS_A_LINE)


def _row_lines(row: HtmlElement) -> float:
    cells = [len(element_text(cell)) for cell in row]
    width = CHARACTERS_OF_A_TABLE / max(1, len(cells))
    return 0.35 + max((-(-length // width) for length in cells), default=0)


def _landscape_lines(table: HtmlElement) -> int:
    """A wide table is set on pages of its own, and leaves the rest of the page before it empty."""
    return LINES_A_PAGE if len(table.findall("thead/tr/th")) > WIDE_TABLE_COLUMNS else 0


def _cut_rows(table: HtmlElement, lines: float) -> bool:
    """Keep the rows of a table that fit into some lines; return False, and leave it, if hardly any would."""
    lines -= 4 + _landscape_lines(table) + sum(_row_lines(row) for row in table.iterfind("thead/tr"))
    rows, row_count = table.findall("tbody/tr"), 0
    for row in rows:
        lines -= _row_lines(row)
        row_count += lines >= 0
    if row_count < LEAST_ROWS:
        return False
    for row in rows[row_count:]:
        _remove(row)
    return True


def _drop_empty_headings(main: HtmlElement) -> None:
    """Remove the headings that nothing follows before the next heading of the same level or above."""
    parts = list(_parts(main))
    for number in reversed(range(1, len(parts))):
        follows = parts[number + 1] if number + 1 < len(parts) else None
        if parts[number].tag in HEADINGS and (
            follows is None or (follows.tag in HEADINGS and follows.tag <= parts[number].tag)
        ):
            _remove(parts[number])
            del parts[number]


def _remove(element: HtmlElement) -> None:
    element.drop_tree()
