"""The front page of an inspection report: key findings, grades, a list of forces, and what cannot be answered."""

from __future__ import annotations

from assay.report.derived_numbers import row_count
from assay.report.easy_read import EasyLine
from assay.report.number_words import NOT_GIVEN, plural, whole
from assay.report.page_elements import Cell, Page
from assay.report.pages.easy_read_page import easy_read_page
from assay.report.pages.inspection.figure_sentences import indicator_path, page_path, place_cell, share_text
from assay.report.pages.inspection.finding_candidates import force_name, key_findings, no_outlier_sentence
from assay.report.pages.inspection.grade_pages import (
    GRADE_LETTERS,
    NOT_ENOUGH,
    OVERALL,
    current_grade,
    forces_of_concern,
    grade_counts,
    gravest_concern,
)
from assay.report.pages.inspection.outliers_page import outlier_alerts, outliers_link
from assay.report.pages.inspection.released_tables import ALL, NEVER_RANKED, Inspection
from assay.report.pages.search_pages import compare_page
from assay.report.report_tables import Row
from assay.sdc.released_rows.grading_rows import ClaimTestsRow, GradesRow, LessonsRegisterRow
from assay.sdc.released_rows.indicator_rows import AnswerabilityRow, IndicatorsRow

CERTAINTY_NOTE = (
    "Every figure was counted from records that forces sent. What a return does not hold is not known here, and it is "
    "never counted as a no. A key finding names a force only by an outlier alert or a missed standard."
)
AWAITING = "awaits approval"
"""In place of the grade of a force whose page is withheld."""
NOT_ANSWERABLE = "none"
OUTLIER_ALERT = "outlier alert"
ARREST = "told_of_arrest"


def front_page(site: Inspection) -> Page:
    """Return the front page of an inspection report, with the key findings first."""
    inspection, found = site.request, key_findings(site)
    context = {
        "period": site.period,
        "came": _returns_sentence(inspection),
        "findings": found,
        "no_outlier": no_outlier_sentence(site),
        "all_findings": outliers_link(site),
        "grades": _grade_rows(site),
        "concerns": forces_of_concern(site),
        "forces": _force_entries(site),
        "answers": _answer_links(site),
        "unanswered": _unanswered_sentence(site),
        "themes": [(line["name"], _indicator_lines(site, line["line"])) for line in site.themes],
        "links": _links(site),
    }
    return Page("index.html", "inspected/front.html", inspection["title"] or "Inspection", CERTAINTY_NOTE, (), context)


def _answer_links(site: Inspection) -> list[tuple[str, str]]:
    """Return the questions that readers ask first, each with the address of its answer."""
    has_arrest = site.find_row(IndicatorsRow, indicator=ARREST) is not None
    links = [(indicator_path(ARREST), "Which forces tell victims of an arrest least?")] if has_arrest else []
    links += [("falling.html", "Is it falling?")]
    links += [("#find-force", "What is my force\u2019s grade, and why?")] if site.rows(GradesRow) else []
    links += [("concerns.html", "What is wrong, and what is asked for?")] if site.rows(GradesRow) else []
    return [*links, ("receipts/index.html#limits", "Can I trust a number?")]


def inspection_easy_read(site: Inspection) -> Page:
    """Return the Easy Read page: the key findings of the front page, its grades and its gaps in short lines."""
    received, found = site.request.get("returns_received"), key_findings(site)
    sources = [EasyLine(f"{whole(received)} forces sent us their records.", "Papers on their way")] if received else []
    sources += [
        EasyLine(f"{plural(count, 'force has', 'forces have')} this grade: {grade}.", "A mark on a report card")
        for grade, count in grade_counts(site, OVERALL).items()
        if grade != NOT_ENOUGH
    ]
    none = (
        [EasyLine("No force stands out from the others.", "Bars of the same size")] if no_outlier_sentence(site) else []
    )
    gaps = [EasyLine("Some questions have no answer yet.", "A question mark")] if _unanswered_sentence(site) else []
    return easy_read_page(sources, found, [*none, *gaps], certainty_note=CERTAINTY_NOTE, is_synthetic=site.is_synthetic)


def _returns_sentence(inspection: Row) -> str:
    requested, received, refused = (
        inspection.get(name) for name in ("bodies_asked", "returns_received", "returns_refused")
    )
    if requested and requested == received:
        return f"All {whole(requested)} forces and units sent a return, and all were accepted."
    rejected = f" {plural(refused, 'return was', 'returns were')} rejected." if refused else ""
    return f"{whole(received)} of {whole(requested)} forces and units sent a return that was accepted.{rejected}"


def _grade_rows(site: Inspection) -> list[tuple[Cell, list[tuple[str, str]]]]:
    """Return, overall and for each theme, how many forces have which grade: (text, CSS class)."""
    names = {OVERALL: Cell("Overall", "grades.html")}
    names |= {line["line"]: Cell(line["name"], f"lines/{line['slug']}.html") for line in site.themes}
    rows = []
    for key, cell in names.items():
        if found := grade_counts(site, key):
            rows.append((cell, [(f"{row_count(count)} {grade}", grade_css(grade)) for grade, count in found.items()]))
    return rows


def grade_css(grade: str) -> str:
    """Return the CSS class of a grade: a shade for each of the five grades, none for 'not enough evidence'."""
    return "none" if grade == NOT_ENOUGH else f"s{list(GRADE_LETTERS).index(grade)}"


def _graded_first(site: Inspection) -> list[Row]:
    """Return the organisations by name; those that are never ranked come last."""
    return sorted(site.forces, key=lambda force: (force["kind"] in NEVER_RANKED, force["name"]))


def _force_entries(site: Inspection) -> list[tuple[Cell, str, str, str]]:
    """Return the entry of each force, with what sets it apart in words: a cause of concern, an outlier alert."""
    alerted_places = {alert.place for alert in outlier_alerts(site) if alert.is_adverse}
    entries = []
    for force in _graded_first(site):
        code = force["place_code"]
        concern = "" if site.is_withheld(code) else gravest_concern(site, code)
        alert = OUTLIER_ALERT if code in alerted_places else ""
        entries.append((*_force_entry(site, force), ", ".join(filter(None, (concern, alert)))))
    return entries


def _force_entry(site: Inspection, force: Row) -> tuple[Cell, str, str]:
    """Return the link to the page of a force, its overall grade as text, and the CSS class of the grade.

    The grade of a force whose page awaits approval is not given.
    """
    row = site.find_row(GradesRow, place_code=force["place_code"], line=OVERALL)
    cell = Cell(force_name(site, force["place_code"]), place_cell(site, force["place_code"]).href)
    if row is None:
        return cell, "", "none"
    if site.is_withheld(force["place_code"]):
        return cell, AWAITING, "none"
    return cell, current_grade(row), grade_css(current_grade(row))


def _unanswered_sentence(site: Inspection) -> str:
    """Return how many questions cannot be answered, even in part, for any force or some; '' if not assessed."""
    answers: dict[str, set[str]] = {}
    for row in site.rows(AnswerabilityRow):
        answers.setdefault(row["question"], set()).add(row["answer"])
    if not answers:
        return ""
    nowhere = sum(found == {NOT_ANSWERABLE} for found in answers.values())
    somewhere = sum(NOT_ANSWERABLE in found for found in answers.values()) - nowhere
    total = row_count(len(answers))
    if not nowhere and not somewhere:
        return f"All {total} questions can be answered for every force, at least in part."
    if not nowhere:
        return f"Of {total} questions, {row_count(somewhere)} can be answered only for some forces."
    partly = f", and {row_count(somewhere)} only for some" if somewhere else ""
    return f"Of {total} questions, {row_count(nowhere)} cannot be answered for any force{partly}."


def _indicator_lines(site: Inspection, theme: str) -> list[tuple[Cell, str]]:
    """Return the indicators of a theme, each with the share of all forces."""
    lines = []
    for form in site.find_rows(IndicatorsRow, line=theme):
        row = site.ladder(form["indicator"], ALL)
        text = share_text(row) if row is not None else NOT_GIVEN
        lines.append((Cell(form["title"], page_path(form)), text))
    return lines


def _links(site: Inspection) -> list[tuple[str, str]]:
    """Return the links to the rest of the report, with the words of each."""
    links = [("easy-read.html", "Easy Read (draft)"), ("findings.html", "Findings by theme, with quotations")]
    if site.rows(GradesRow):
        links += [("concerns.html", "Causes of concern and areas for improvement")]
    if site.rows(LessonsRegisterRow):
        links += [("recommendations/index.html", "Recommendations")]
    links += [("claims.html", "What forces say of themselves")] if site.rows(ClaimTestsRow) else []
    links += [("voices.html", "What people say")]
    links += [("compare.html", "Compare forces side by side")] if compare_page(site) else []
    return [*links, ("method.html", "Method and limits")]
