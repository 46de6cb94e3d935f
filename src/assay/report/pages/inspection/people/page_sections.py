"""Sections of the pages about people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from assay.report.number_words import slug
from assay.report.page_elements import Grid, Page
from assay.report.page_frame import PEOPLE
from assay.report.pages.inspection.figure_sentences import SUPPRESSION_NOTE


@dataclass(frozen=True)
class Section:
    """A section of a page: paragraphs, tables, and tables collapsed under a one-line summary."""

    title: str
    paragraphs: Sequence[str] = ()
    grids: Sequence[Grid] = ()
    folded: Sequence[tuple[str, Grid]] = ()
    id: str = field(default="")


def people_page(
    path: str, title: str, lead: str, certainty_note: str, intro: Sequence[str], parts: Iterable[Section]
) -> Page:
    """Return a page with these sections."""
    sections = list(parts)
    section_contexts = [
        {
            "id": slug(section.title),
            "title": section.title,
            "paragraphs": section.paragraphs,
            "grids": [_without_suppression_note(table) for table in section.grids],
            "folded": [(words, _without_suppression_note(table)) for words, table in section.folded],
        }
        for section in sections
    ]
    all_tables = [table for section in sections for table in (*section.grids, *(table for _, table in section.folded))]
    other_pages = [
        (name, f"{page_title[:1].lower()}{page_title[1:]}") for name, page_title in PEOPLE.items() if name != path
    ]
    context = {"others": other_pages, "lead": lead, "intro": intro, "parts_shown": section_contexts}
    context["note"] = SUPPRESSION_NOTE if any(SUPPRESSION_NOTE in table.note for table in all_tables) else ""
    return Page(f"people/{path}.html", "inspected/people.html", title, certainty_note, (), context)


def _without_suppression_note(table: Grid) -> Grid:
    """Return a table without the suppression note, which the page gives once for all tables."""
    return replace(table, note=table.note.replace(SUPPRESSION_NOTE, "").strip())
