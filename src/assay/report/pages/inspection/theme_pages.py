"""Theme pages: questions, indicators and voices for each inspection theme."""

from __future__ import annotations

from assay.report.page_elements import Cell, Page, grid
from assay.report.pages.inspection import voices_section
from assay.report.pages.inspection.failure_mode_page import PATH, TITLE
from assay.report.pages.inspection.figure_sentences import CERTAINTY_NOTE, grading_status, page_path, share_phrase
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.pages.inspection.wait_pages import headline_sentence
from assay.report.pages.published_front_page import THEME_QUESTIONS, question_number
from assay.report.report_tables import Row

CAPTION = "What is asked of the records, and what they say of all bodies together"
HEADS = ("Indicator or wait", "Does it grade?", "What it asks", "All bodies together")
RELATED_PAGES = {
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
"""Related pages of each inspection theme, beside its indicators and waits."""
REQUIRED_TABLES = {"lessons.html": "lessons_register", "claims.html": "claims_tested", "profiles.html": "profiles_seen"}
"""Pages that exist only if a table was released."""


def theme_pages(site: Inspection) -> list[Page]:
    """Yield one page for each inspection theme."""
    return [_page(site, line) for line in site.themes]


def _page(site: Inspection, line: Row) -> Page:
    key = line["line"]
    questions = sorted(site.find_rows("questions", line=key), key=question_number)
    forms = [
        (Cell(form["title"], page_path(form)), grading_status(form).tag, form["question"], share_phrase(site, form))
        for form in site.find_rows("indicators", line=key)
    ]
    waits = [
        (
            Cell(form["title"], page_path(form)),
            grading_status(form).tag,
            form["question"],
            headline_sentence(site, form),
        )
        for form in site.find_rows("waits", line=key)
    ]
    context = {
        "line": line,
        "asked": THEME_QUESTIONS.get(key, ""),
        "found": grid(CAPTION, HEADS, [*forms, *waits]) if forms or waits else None,
        "beside": _related_pages(site, key),
        "questions": grid(
            f"{line['name']}: the questions",
            ("Question", "What is asked"),
            [(r["number"], r["text"]) for r in questions],
        ),
        "voices": voices_section.theme_voices(site, key),
    }
    return Page(f"lines/{line['slug']}.html", "inspected/line.html", line["name"], CERTAINTY_NOTE, (), context)


def _related_pages(site: Inspection, key: str) -> list[tuple[str, str]]:
    """Return the related pages that exist; the failure modes page if one belongs to this theme."""
    existing_pages = [
        page
        for page in RELATED_PAGES.get(key, ())
        if not REQUIRED_TABLES.get(page[0]) or site.rows(REQUIRED_TABLES[page[0]])
    ]
    return [*existing_pages, (PATH, TITLE)] if site.find_rows("failure_modes", line=key) else existing_pages
