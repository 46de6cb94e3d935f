"""The PDF documents of a report, and the pages in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.report.page_elements import Page
from assay.report.pdf.typst_source import Charts, page_source, typst_string
from assay.report.support_contacts import support

NATIONAL_REPORT = "report.pdf"
LEFT_OUT_FOLDERS = (
    "indicators/",
    "waits/",
    "questions/q",
    "offences/",
    "comparison/",
    "forces/",
    "figures/",
    "receipts/",
    "recommendations/",
    "added/",
)
"""Folders that the national PDF omits: their pages are in the HTML report, and force pages have PDFs of their own."""
WITHHELD = "held"
LEFT_OUT_PAGES = (
    "search.html",
    "compare.html",
    "corrections.html",
    "questions/index.html",
    "laws.html",
    "published-tables.html",
)


@dataclass(frozen=True)
class Volume:
    """One PDF: its path in the report, its title and its source."""

    path: str
    title: str
    source: str


def pdf_path(page: Page) -> str:
    """Return the path of the PDF that a page links to; '' if there is none."""
    if page.path == "index.html":
        return NATIONAL_REPORT
    is_a_force = page.path.startswith("forces/") and page.path.count("/") == 1 and page.path != "forces/index.html"
    return page.path.removesuffix(".html") + ".pdf" if is_a_force and WITHHELD not in page.template else ""


def volumes(
    pages: Sequence[Page], rendered: Mapping[str, str], charts: Charts, closing_notes: Sequence[str] = ()
) -> Iterator[Volume]:
    """Yield the national report, and one volume for each force whose page is not withheld; each ends with
    `closing_notes`."""
    national_pages = [
        page for page in pages if not page.path.startswith(LEFT_OUT_FOLDERS) and page.path not in LEFT_OUT_PAGES
    ]
    if national_pages:
        source = "".join(page_source(rendered[page.path], charts) for page in national_pages)
        yield Volume(NATIONAL_REPORT, national_pages[0].title, source + _contacts(closing_notes))
    for page in pages:
        if (path := pdf_path(page)) and path != NATIONAL_REPORT:
            yield Volume(path, page.title, page_source(rendered[page.path], charts) + _contacts(closing_notes))


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
