"""What is a section of a page about people, and how does such a page stand?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from assay.report.number_words import slug
from assay.report.page_elements import Grid, Page
from assay.report.page_frame import PEOPLE
from assay.report.pages.inspection.figure_sentences import HIDDEN_NOTE


@dataclass(frozen=True)
class Part:
    """A section of a page: words, tables, and tables that are folded away under a line."""

    title: str
    said: Sequence[str] = ()
    grids: Sequence[Grid] = ()
    folded: Sequence[tuple[str, Grid]] = ()
    id: str = field(default="")


def page_of(path: str, title: str, lead: str, sure: str, intro: Sequence[str], parts: Iterable[Part]) -> Page:
    """The page, from its parts in their order."""
    held = list(parts)
    shown = [
        {
            "id": slug(one.title),
            "title": one.title,
            "said": one.said,
            "grids": [_once(table) for table in one.grids],
            "folded": [(words, _once(table)) for words, table in one.folded],
        }
        for one in held
    ]
    every = [table for one in held for table in (*one.grids, *(table for _, table in one.folded))]
    others = [(name, f"{said[:1].lower()}{said[1:]}") for name, said in PEOPLE.items() if name != path]
    told = {"others": others, "lead": lead, "intro": intro, "parts_shown": shown}
    told["note"] = HIDDEN_NOTE if any(HIDDEN_NOTE in table.note for table in every) else ""
    return Page(f"people/{path}.html", "inspected/people.html", title, sure, (), told)


def _once(table: Grid) -> Grid:
    """The table without the note on hidden counts, which the page says once for all its tables."""
    return replace(table, note=table.note.replace(HIDDEN_NOTE, "").strip())
