"""Which PDFs are there, and which pages stand in each?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.report.page_elements import Page
from assay.report.pdf.typst_source import Charts, said, source_of
from assay.report.support_contacts import support

FIRST = "report.pdf"
OF_EACH = ("indicators/", "waits/", "questions/q", "offences/", "comparison/", "forces/", "figures/", "receipts/",
           "recommendations/")  # fmt: skip
"""Pages of which there is one for each: they stand in the HTML report, and those on forces in PDFs of their own."""
HELD = "held"
ALSO_LEFT_OUT = ("search.html", "compare.html", "corrections.html", "questions/index.html")


@dataclass(frozen=True)
class Volume:
    """One PDF: its path in the report, its title and its source."""

    path: str
    title: str
    source: str


def path_of(page: Page) -> str:
    """The PDF that a page leads to: that of a force from its page, the national report from the first; '' else."""
    if page.path == "index.html":
        return FIRST
    is_a_force = page.path.startswith("forces/") and page.path != "forces/index.html"
    return page.path.removesuffix(".html") + ".pdf" if is_a_force and HELD not in page.template else ""


def volumes(
    written: Sequence[Page], rendered: Mapping[str, str], charts: Charts, before: Sequence[str] = ()
) -> Iterator[Volume]:
    """The national report, and one a force whose page is not held back; `before` is said at the end of each."""
    whole = [page for page in written if not page.path.startswith(OF_EACH) and page.path not in ALSO_LEFT_OUT]
    if whole:
        source = "".join(source_of(rendered[page.path], charts) for page in whole)
        yield Volume(FIRST, whole[0].title, source + _contacts(before))
    for page in written:
        if (path := path_of(page)) and path != FIRST:
            yield Volume(path, page.title, source_of(rendered[page.path], charts) + _contacts(before))


def _contacts(before: Sequence[str]) -> str:
    told = support()
    terms = ", ".join(f"([#{said(c.name)}], [#{said(f'{c.reach}. {c.for_whom}')}])" for c in told.contacts)
    return (
        f'#heading(level: 1, "Whom you can turn to")\n\n#par({said(told.note)})\n\n#terms({terms})\n\n'
        f"#par({said(f'England and Wales. Checked on {told.checked_on}: {told.checked_how}.')})\n\n"
        + "".join(f"#par({said(words)})\n\n" for words in before)
    )
