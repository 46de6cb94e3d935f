"""What is a section of a page about people, and how does such a page stand?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assay.report.page import Grid, Page
from assay.report.words import slug

PAGES = {
    "served": "who was served worse",
    "pursuit": "equal pursuit, equal protection",
    "suspects": "who the suspects are",
    "recorded": "what is recorded",
    "tiers": "what the tiers came to",
    "approaches": "what went with better results",
}
"""The pages about people, in their order."""


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
    shown = [
        {"id": slug(one.title), "title": one.title, "said": one.said, "grids": one.grids, "folded": one.folded}
        for one in parts
    ]
    others = [(name, said) for name, said in PAGES.items() if name != path]
    told = {"others": others, "lead": lead, "intro": intro, "parts_shown": shown}
    return Page(f"people/{path}.html", "inspected/people.html", title, sure, (), told)
