"""What does each line of enquiry come to: what was asked, what the records say, what victims and survivors say?"""

from __future__ import annotations

from assay.report.page import Cell, Page, grid
from assay.report.pages.front import ASKED, number
from assay.report.pages.inspected import voices
from assay.report.pages.inspected.book import Inspection
from assay.report.pages.inspected.told import SURE, path_of
from assay.report.pages.inspected.waits import headline_words
from assay.report.site import Row


def line_pages(site: Inspection) -> list[Page]:
    """One page for each line of enquiry."""
    return [_page(site, line) for line in site.lines]


def _page(site: Inspection, line: Row) -> Page:
    key = line["line"]
    asked = sorted(site.by("questions", line=key), key=number)
    forms = [(Cell(form["title"], path_of(form)), form["question"]) for form in site.by("indicators", line=key)]
    waits = [(Cell(form["title"], path_of(form)), headline_words(site, form)) for form in site.by("waits", line=key)]
    if key == "scale":
        waits.append((Cell("Children on no list", "hidden.html"), "Who is known to police, to others, and to nobody?"))
    told = {
        "line": line,
        "asked": ASKED.get(key, ""),
        "found": grid("What is asked of the records", ("Indicator or wait", "What it asks, or says"), [*forms, *waits])
        if forms or waits
        else None,
        "questions": grid(
            f"{line['name']}: the questions", ("Question", "What is asked"), [(r["number"], r["text"]) for r in asked]
        ),
        "voices": voices.of_line(site, key),
    }
    return Page(f"lines/{line['slug']}.html", "inspected/line.html", line["name"], SURE, (), told)
