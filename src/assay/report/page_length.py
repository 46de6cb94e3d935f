"""Collapse the lower sections of a long page, so that no page is longer than eight screens.

The height of a page is estimated from its text, its tables and its drawings, because pages are written without a
browser; the tests measure the pages in one. Folded parts are `details` elements: they open without scripts, by a link
to an anchor inside them too, and are printed open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assay.report.page_blocks import Block, Tag, main_block

MAX_HEIGHT = 7200
"""Eight screens of 900 pixels, on a window 1280 pixels wide."""
TARGET_HEIGHT = 6700
"""A page that is estimated above this is folded, since an estimate may be some hundred pixels too low."""
FRAME_HEIGHT = 850
"""Banner, navigation, breadcrumb and footer, its list of all pages folded."""
CONTENT_WIDTH, TEXT_WIDTH = 1040, 650
CHARACTER, LINE, SMALL_LINE, MIN_FOLDED = 8.6, 27.0, 23.0, 150.0
SUMMARY_HEIGHT = 50.0
CHART_WIDTH = 920
LONG_TABLE, ROWS_SHOWN = 24, 15
"""Of a table with more rows on a long page, the first rows are shown, and the others folded."""
MIN_ROW_HEAD_WIDTH = 144.0
KEPT_OPEN = ("sure", "message")
PRINT_ONLY = "paper"
"""Class of what is only printed: it takes no height on a screen."""
MARGINS = {"section": 64.0, "article": 28.0, "h1": 70.0, "h2": 62.0, "h3": 48.0, "h4": 36.0, "figure": 40.0, "dl": 32.0}
MARGINS |= {"p": 16.0, "li": 6.5, "blockquote": 40.0, "ul": 16.0, "ol": 16.0, "main": 68.0, "aside": 56.0, "form": 24.0}
GRID_CLASSES = {"figures": (3, 0), "asked": (3, 115), "columns": (4, 20), "key": (4, 0), "legend": (4, 0)}
GRID_CLASSES |= {"find-force": (5, 0), "multiples": (4, 0)}
"""Lists that are set in columns: the number of columns, and the height that an entry takes beside its words."""


def fold_long_page(page: str) -> str:
    """Return the page; if it is long, collapse its long tables and lower sections."""
    main = main_block(page)
    if main is None:
        return page
    excess = estimated_height(main) - TARGET_HEIGHT
    if excess <= 0:
        return page
    folds: list[_Fold] = []
    for candidate in _candidates(main):
        if excess <= 0:
            break
        if any(candidate.lies_inside(fold) for fold in folds):
            continue
        saving = candidate.saving - sum(fold.saving for fold in folds if fold.lies_inside(candidate))
        if saving > 0:
            folds.append(candidate)
            excess -= saving
    for start, end, text in sorted((edit for fold in folds for edit in fold.edits), reverse=True):
        page = page[:start] + text + page[end:]
    return page


def estimated_height(main: Block) -> float:
    """Return the estimated height of a page in pixels, with its collapsed parts closed."""
    return FRAME_HEIGHT + _height(main, CONTENT_WIDTH)


@dataclass(frozen=True)
class _Fold:
    """A part that can be folded: the edits of the page that fold it, and the height that this saves."""

    block: Block
    edits: tuple[tuple[int, int, str], ...]
    saving: float

    def lies_inside(self, other: _Fold) -> bool:
        """Return True if the part is inside another, or is the same."""
        return other.block.start <= self.block.start and self.block.end <= other.block.end


def _candidates(main: Block) -> Iterator[_Fold]:
    """Yield what can be folded, in order: rows of long tables, lower parts of the page, then parts of the first."""
    tables = [fold for block in _open_blocks(main) if block.tag == "table" and (fold := _table_fold(block))]
    yield from sorted(tables, key=lambda fold: -fold.saving)
    sections = [block for block in _sections(main) if not set(block.classes) & set(KEPT_OPEN)]
    for section in reversed(sections[1:]):
        yield from _section_folds(section)
    if sections:
        yield from reversed([fold for part in sections[0].children for fold in _part_folds(part)])
        yield from _section_folds(sections[0])
    yield from (fold for section in reversed(sections) if (fold := _body_fold(section)))


def _sections(main: Block) -> list[Block]:
    return [block for block in main.children if block.tag == "section"]


def _section_folds(section: Block) -> Iterator[_Fold]:
    """Yield the folds of a section: of each article in a section that is longer than a page, otherwise of all of it."""
    articles = [block for block in section.children if block.tag == "article"]
    if len(articles) > 2 and _height(section, CONTENT_WIDTH) > MAX_HEIGHT / 2:
        yield from (fold for article in reversed(articles) for fold in _part_folds(article))
    elif fold := _body_fold(section):
        yield fold


def _part_folds(part: Block) -> Iterator[_Fold]:
    if part.tag in {"article", "section", "figure", "div"} and (fold := _body_fold(part)):
        yield fold


def _body_fold(block: Block) -> _Fold | None:
    """Return the fold of all that follows the heading of a block; None if it has no heading or is short."""
    heading = next((child for child in block.children if child.tag in {"h2", "h3", "h4"}), None)
    if heading is None:
        return None
    saving = sum(_height(c, CONTENT_WIDTH) for c in block.children if c.start > heading.start) - SUMMARY_HEIGHT
    if block.tag == "section" and saving < MIN_FOLDED:
        return None
    opening = f'<details class="folded"><summary>Show this part{_unseen_name(heading)}</summary>'
    edits = ((heading.end, heading.end, opening), (block.inner_end, block.inner_end, "</details>"))
    return _Fold(block, edits, saving)


def _table_fold(table: Block) -> _Fold | None:
    """Return the fold of the later rows of a long table, as a second table under the same heads."""
    table_rows = next((child for child in table.children if child.tag == "tbody"), None)
    head = next((child for child in table.children if child.tag == "thead"), None)
    caption = next((child for child in table.children if child.tag == "caption"), None)
    scroll = table.parent
    if (
        table_rows is None
        or head is None
        or caption is None
        or scroll is None
        or len(table_rows.children) <= LONG_TABLE
    ):
        return None
    first = table_rows.children[ROWS_SHOWN]
    heights = _row_heights(table, CONTENT_WIDTH)
    label = f"{caption.identifier}-rest"
    opening = (
        f"{table_rows.closing}{table.closing}</div>"
        f'<details class="folded"><summary>Show the other rows{_unseen_name(caption)}</summary>'
        f'<div class="scroll" role="region" aria-labelledby="{label}" tabindex="0">'
        f'{table.opening}<caption id="{label}">{caption.inner}: the other rows</caption>'
        f"{head.outer}{table_rows.opening}"
    )
    edits = ((first.start, first.start, opening), (scroll.end, scroll.end, "</details>"))
    return _Fold(scroll, edits, sum(heights[-len(table_rows.children) + ROWS_SHOWN :]) - SUMMARY_HEIGHT)


def _unseen_name(block: Block) -> str:
    """Return what a summary opens, for screen readers."""
    return f'<span class="sr">: {block.marked_text}</span>'


def _open_blocks(block: Block) -> Iterator[Block]:
    """Yield all blocks that are not inside a folded part."""
    for child in block.children:
        if child.tag != "details":
            yield child
            yield from _open_blocks(child)


def _height(block: Block, width: float) -> float:
    """Return the estimated height of a block in a column of this width; each is estimated once."""
    if block.heights is None:
        block.heights = {}
    if width not in block.heights:
        block.heights[width] = _estimated_block_height(block, width)
    return block.heights[width]


def _estimated_block_height(block: Block, width: float) -> float:
    margin = MARGINS.get(block.tag, 0.0)
    if PRINT_ONLY in block.classes:
        return 0.0
    if block.tag == "details":
        return SUMMARY_HEIGHT * 0.8
    if block.tag == "table":
        return sum(_row_heights(block, width)) + 70
    if block.tag == "img":
        tag = Tag(block.opening)
        return float(tag.number("height")) * min(1, CHART_WIDTH / max(1.0, tag.number("width")))
    if block.tag == "svg":
        return _drawing_height(block, width)
    if block.tag in {"p", "li", "dd", "dt", "h1", "h2", "h3", "h4", "summary", "code", "span"} and not block.children:
        text_width = min(width, TEXT_WIDTH) if block.tag == "p" else width
        return margin + LINE * _lines(block.characters, text_width)
    if block.tag == "div" and [child.tag for child in block.children] == ["dt", "dd"]:
        return max(_height(block.children[0], 240), _height(block.children[1], 640)) + 24
    columns, space = next((grid for name, grid in GRID_CLASSES.items() if name in block.classes), (1, 0))
    inner = sum(_height(child, width / columns) + space for child in block.children)
    if block.tag in {"p", "li", "dd", "dt"}:
        inner = max(inner, LINE * _lines(block.characters, width))
    return margin + inner / columns


def _drawing_height(drawing: Block, width: float) -> float:
    """Return the height of a drawing that stands in the page itself, from its view box."""
    *_, box_width, box_height = map(float, Tag(drawing.opening).attribute("viewBox").split() or ("1", "0"))
    return box_height * min(1, width / max(1.0, box_width))


def _lines(characters: int, width: float) -> int:
    return max(1, -int(-characters * CHARACTER // max(40.0, width))) if characters else 0


def _row_heights(table: Block, width: float) -> list[float]:
    """Return the estimated height of each row of a table; each is estimated once."""
    if table.row_heights is None:
        table.row_heights = {}
    if width not in table.row_heights:
        table.row_heights[width] = _estimated_row_heights(table, width)
    return table.row_heights[width]


def _estimated_row_heights(table: Block, width: float) -> list[float]:
    rows = [row for part in table.children for row in part.children if row.tag == "tr"]
    cells = [[cell.characters for cell in row.children] for row in rows]
    if not any(cells):
        return [0.0] * len(rows)
    widths = _column_widths(table, rows, width)
    return [
        18 + SMALL_LINE * max((_lines(length, widths[n] - 20) for n, length in enumerate(row)), default=1)
        for row in cells
    ]


def _column_widths(table: Block, rows: Sequence[Block], width: float) -> list[float]:
    """Return the width of each column, as a browser lays a table out: none is narrower than what cannot be wrapped, and
    what is left is shared by how much wider each could be."""
    columns = range(max(len(row.children) for row in rows))
    by_column = [[row.children[n] for row in rows if n < len(row.children)] for n in columns]
    widest = [max(_cell_width(cell, cell.characters) for cell in column) for column in by_column]
    if sum(widest) <= width or "matrix" in table.classes:
        scale = min(1.0, width / max(1.0, sum(widest)))
        return [item * scale for item in widest]
    is_dense = "dense" in table.classes
    narrowest = [max(_cell_width(cell, _unwrapped(cell, is_dense=is_dense)) for cell in column) for column in by_column]
    spare, wanted_width = width - sum(narrowest), sum(widest) - sum(narrowest)
    share = max(0.0, spare / wanted_width) if wanted_width else 0.0
    return [low + share * (high - low) for low, high in zip(narrowest, widest, strict=True)]


def _cell_width(cell: Block, characters: int) -> float:
    """Return the width of a cell in which so many characters stand side by side; a head has a button to sort by it."""
    scope = Tag(cell.opening).attribute("scope")
    width = characters * CHARACTER + 20 + 12 * ("n" in cell.classes) + 20 * (scope == "col")
    return max(width, MIN_ROW_HEAD_WIDTH) if scope == "row" else width


def _unwrapped(cell: Block, *, is_dense: bool) -> int:
    """Return how many characters of a cell cannot be wrapped: all of a number, otherwise the longest word."""
    if cell.tag == "td" and "n" in cell.classes and not is_dense:
        return cell.characters
    return max(map(len, cell.text.split()), default=0)
