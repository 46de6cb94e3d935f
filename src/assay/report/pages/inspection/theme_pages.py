"""What does each line of enquiry come to: what was asked, what the records say, what victims and survivors say?"""

from __future__ import annotations

from assay.report.page_elements import Cell, Page, grid
from assay.report.pages.inspection import voices_section
from assay.report.pages.inspection.failure_mode_page import PATH, TITLE
from assay.report.pages.inspection.figure_sentences import SURE, brief, path_of, status
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.pages.inspection.wait_pages import headline_words
from assay.report.pages.published_front_page import ASKED, number
from assay.report.report_tables import Row

CAPTION = "What is asked of the records, and what they say of all bodies together"
HEADS = ("Indicator or wait", "Does it grade?", "What it asks", "All bodies together")
BESIDE = {
    "scale": (
        ("scale.html", "How much there is"),
        ("falling.html", "Is any of it falling?"),
        ("hidden.html", "Children on no list"),
        ("definitions.html", "Counts under each definition"),
    ),
    "attitudes": (("people/served.html", "Who was served worse"),),
    "assessments": (
        ("people/tiers.html", "What the tiers came to"),
        ("profiles.html", "What problem profiles rest on"),
    ),
    "responses": (("people/pursuit.html", "Equal pursuit, equal protection"),),
    "lessons": (
        ("lessons.html", "Lessons applied"),
        ("claims.html", "What forces say of themselves"),
        ("people/approaches.html", "What went with better results"),
    ),
}
"""Pages that speak to a line of enquiry beside its indicators and waits."""
NEEDS = {"lessons.html": "lessons_register", "claims.html": "claims_tested", "profiles.html": "profiles_seen"}
"""Pages that are there only if a table was released."""


def line_pages(site: Inspection) -> list[Page]:
    """One page for each line of enquiry."""
    return [_page(site, line) for line in site.lines]


def _page(site: Inspection, line: Row) -> Page:
    key = line["line"]
    asked = sorted(site.by("questions", line=key), key=number)
    forms = [(Cell(form["title"], path_of(form)), status(form).tag, form["question"], brief(site, form))
             for form in site.by("indicators", line=key)]  # fmt: skip
    waits = [(Cell(form["title"], path_of(form)), status(form).tag, form["question"], headline_words(site, form))
             for form in site.by("waits", line=key)]  # fmt: skip
    told = {
        "line": line,
        "asked": ASKED.get(key, ""),
        "found": grid(CAPTION, HEADS, [*forms, *waits]) if forms or waits else None,
        "beside": _beside(site, key),
        "questions": grid(
            f"{line['name']}: the questions", ("Question", "What is asked"), [(r["number"], r["text"]) for r in asked]
        ),
        "voices": voices_section.of_line(site, key),
    }
    return Page(f"lines/{line['slug']}.html", "inspected/line.html", line["name"], SURE, (), told)


def _beside(site: Inspection, key: str) -> list[tuple[str, str]]:
    """The pages that are there; that of past failures where the inquiry found one in this line."""
    held = [one for one in BESIDE.get(key, ()) if not NEEDS.get(one[0]) or site.rows(NEEDS[one[0]])]
    return [*held, (PATH, TITLE)] if site.by("failure_modes", line=key) else held
