"""The PDF documents of a report: a summary of all forces, and one for each force, made from the written pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lxml import html

from assay.report.pdf.page_excerpts import LINES_A_PAGE, excerpt
from assay.report.pdf.typst_source import page_source, typst_string
from assay.report.release_approvals import AWAITING_APPROVAL_MARK
from assay.report.support_contacts import support

SUMMARY_REPORT = "report.pdf"
SUMMARY_PARTS = (
    ("index.html", 3),
    ("findings.html", 3),
    ("grades.html", 5),
    ("concerns.html", 4),
    ("lines/", 1),
    ("answerable.html", 2),
    ("cannot-be-answered.html", 2),
    ("method.html", 2),
)
"""The pages of the summary edition, each with how many sheets of A4 it may take; a folder stands for its pages."""
MAX_SUMMARY_SHEETS, MAX_FORCE_SHEETS = 40, 6
MAX_THEMES = 18
"""More pages of themes than these would make the summary edition too long."""
FORCE_LINES = (MAX_FORCE_SHEETS - 2) * LINES_A_PAGE
"""One sheet is left for the contacts, and one for what the estimate of lines may miss."""
LONGER = "The report itself has more on this: {}."
SUMMARY_LINK, FORCE_LINK = LINK_TEXTS = "Summary of this report as PDF", "This page as PDF"
ReadFile = Callable[[str], str]


class Pdfs(StrEnum):
    """Choice of the PDFs to make."""

    NONE = "none"
    SUMMARY = "summary"
    ALL = "summary and forces"


@dataclass(frozen=True)
class Volume:
    """One PDF document: the page that links to it, its path in the report, title and source, footer and banner."""

    page: str
    path: str
    title: str
    source: str
    foot: str
    banner: str


def volumes(paths: Sequence[str], read: ReadFile, pdfs: Pdfs) -> Iterator[Volume]:
    """Yield the summary document and, if requested, one document for each force whose page is not withheld.

    `paths` are those of the pages; `read` returns the text of a page or a drawing by its path.
    """
    if pdfs is Pdfs.NONE:
        return
    parts = "".join(_page_part(path, read, sheets * LINES_A_PAGE) for path, sheets in _summary_pages(paths))
    yield _volume("index.html", SUMMARY_REPORT, parts, read)
    if pdfs is Pdfs.ALL:
        for path in (path for path in paths if is_force_page(path)):
            if AWAITING_APPROVAL_MARK not in read(path):
                yield _volume(path, path.removesuffix(".html") + ".pdf", _page_part(path, read, FORCE_LINES), read)


def is_force_page(path: str) -> bool:
    """Return True for the main page of a force, and False for its linked pages."""
    return path.startswith("forces/") and path.count("/") == 1 and path != "forces/index.html"


def _summary_pages(paths: Sequence[str]) -> Iterator[tuple[str, int]]:
    for begin, sheets in SUMMARY_PARTS:
        found = [path for path in paths if path == begin or (begin.endswith("/") and path.startswith(begin))]
        yield from ((path, sheets) for path in found[:MAX_THEMES])


def _page_part(path: str, read: ReadFile, max_lines: int) -> str:
    return page_source(excerpt(read(path), max_lines, LONGER.format(path)), lambda name: read(f"charts/{name}.svg"))


def _volume(page: str, path: str, source: str, read: ReadFile) -> Volume:
    document = html.fromstring(read(page))
    footer = [" ".join(part.text_content().split()) for part in document.iterfind(".//footer/div/p")]
    notes = [text for text in footer if not text.startswith("Seal ") and text not in LINK_TEXTS]
    edition = notes[0].partition(". Released under")[0] if notes else ""
    banners = document.find_class("banner")
    banner = " ".join(banners[0].text_content().split()) if banners else ""
    title = " ".join(document.findtext(".//title", "").split()).removesuffix(" - assay")
    return Volume(page, path, title, source + _contacts(notes), edition, banner)


def _contacts(closing_notes: Sequence[str]) -> str:
    contacts = support()
    terms = ", ".join(
        f"([#{typst_string(c.name)}], [#{typst_string(f'{c.reach}. {c.for_whom}')}])" for c in contacts.contacts
    )
    return (
        f'#heading(level: 1, "Whom you can turn to")\n\n#par({typst_string(contacts.note)})\n\n#terms({terms})\n\n'
        f"#par({typst_string(f'England and Wales. Checked on {contacts.checked_on}: {contacts.checked_how}.')})\n\n"
        + "".join(f"#par({typst_string(words)})\n\n" for words in closing_notes)
    )
