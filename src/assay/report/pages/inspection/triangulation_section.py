"""The section on triangulation: which sources of evidence support a page, and do they agree?

`add_evidence_series` adds them to every page about an indicator, a wait or an inspection theme, and to the pages
listed in `PAGE_QUESTIONS`. The statement of certainty is derived here from the series that the page shows, so
that it changes if one is removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assay.indicators.evidence_sources import (
    BY_KEY,
    KINDS,
    NOT_ASKED,
    EvidenceSource,
    certainty_statement,
    sources_disagree,
)
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import count_text, page_path, place_cell
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row
from assay.sdc.cell_status import has_suppressed_cell
from assay.sdc.released_rows.grading_rows import CaseFilesRow, CharacteristicsRow, SourceVerdictsRow
from assay.sdc.released_rows.indicator_rows import IndicatorsRow

NOTE = (
    "A strand agrees that the characteristic is there, disagrees, cannot tell, or was not asked. Data are out of scope "
    "where no measure tests the characteristic. No verdict outweighs "
    "another, and none is counted into a mark. The verdicts rest on the figures as they are released, and on no fewer "
    "than 10 files or people."
)
NUMBER_LABELS = {"files": "The largest number of files read on one part of it", "documents": "",
        "staff": "The largest number of people or visits heard on one part of it",
        "partners": "The largest number of people or visits heard on one part of it"}  # fmt: skip
PAGE_QUESTIONS = {
    "scale.html": "Q18 Q20 Q21 Q22 Q24 Q25 Q28",
    "falling.html": "Q23 Q26",
    "hidden.html": "Q24 Q25",
    "definitions.html": "Q4 Q6 Q12 Q22 Q35 Q41 Q46",
    "texts.html": "Q1 Q2 Q3 Q20",
    "waits/course.html": "Q30 Q33 Q46",
    "people/disparities.html": "Q6 Q27",
    "people/pursuit.html": "Q27 Q35 Q39",
    "people/suspects.html": "Q22 Q27",
    "people/recorded.html": "Q27",
    "people/tiers.html": "Q14 Q15",
    "people/approaches.html": "Q32 Q47 Q48",
    "profiles.html": "Q10 Q11",
    "lessons.html": "Q47 Q48 Q49 Q50",
    "claims.html": "Q23 Q26 Q49 Q50",
}
"""The questions of each page that reports findings without being about one indicator."""
ALL_CHARACTERISTIC_PAGES = ("outliers.html", "grades.html", "concerns.html", "casefiles.html", "failures.html")
"""Pages that concern every characteristic."""
SERIES = Cell("Trends", "falling.html")
"""Names of evidence that is a time series and no indicator."""
FILES = Cell("What the case files say", "casefiles.html")
OUT_OF_SCOPE = "out of scope"
TOO_FEW = "Too few answered, so what they said is not shown."


@dataclass(frozen=True)
class SeriesVerdict:
    """The verdict of one source of evidence as a page shows it, with the pages of its indicators."""

    name: str
    verdict: str
    text: str
    evidence: tuple[Cell, ...] = ()

    @property
    def label(self) -> str:
        """The verdict in words for readers; data records without a verdict are 'out of scope', not 'not asked'."""
        return OUT_OF_SCOPE if self.name == BY_KEY["data"].name and self.verdict == NOT_ASKED else self.verdict

    @property
    def css(self) -> str:
        """The CSS class of the verdict."""
        return self.verdict.replace(" ", "-")


@dataclass(frozen=True)
class Characteristic:
    """A characteristic of a good response with its evidence in one place; `forces` is the same evidence by force."""

    key: str
    text: str
    questions: str
    place: str
    series: tuple[SeriesVerdict, ...]
    certainty: str
    at_odds: bool
    forces: Grid | None = None


def add_evidence_series(site: Inspection, page: Page) -> Page:
    """Add to a page the sources of evidence on its subject; other pages are returned unchanged."""
    if not site.rows(SourceVerdictsRow):
        return page
    context = page.context
    if isinstance(context.get("form"), dict) and "asks" in context["form"]:
        return _add_context(
            page, "evidence_sources", _section(_characteristics_of_questions(site, context["form"]["asks"] or ""))
        )
    if isinstance(context.get("line"), dict):
        rows = [row for row in _sorted_characteristics(site) if row["line"] == context["line"]["line"]]
        return _add_context(
            page, "evidence_sources", _section([_characteristic(site, row, ALL, forces=True) for row in rows])
        )
    if "recommended" in context:  # '' where the recommendation is not ours
        rows = [row for row in _sorted_characteristics(site) if row["characteristic"] == context["recommended"]]
        characteristics = [_characteristic(site, row, ALL) for row in rows] or _characteristics_of_questions(
            site, PAGE_QUESTIONS["lessons.html"]
        )
        return _add_context(page, "evidence_sources", _section(characteristics))
    if page.path in PAGE_QUESTIONS:
        return _add_context(
            page, "evidence_sources", _section(_characteristics_of_questions(site, PAGE_QUESTIONS[page.path]))
        )
    if page.path in ALL_CHARACTERISTIC_PAGES:
        return _add_context(
            page,
            "evidence_sources",
            _section([_characteristic(site, row, ALL) for row in _sorted_characteristics(site)]),
        )
    if page.path == "findings.html":
        return _add_context(page, "at_odds", _disagreements(site))
    return page


def force_evidence(site: Inspection, place: str) -> dict[str, Any] | None:
    """Return the verdicts on every characteristic in one force; None for a force without sources of evidence."""
    if not site.find_rows(SourceVerdictsRow, place_code=place):
        return None
    characteristics = [_characteristic(site, row, place) for row in _sorted_characteristics(site)]
    certainty_rows = [
        (Cell(characteristic.text, _theme_path(site, characteristic.key)), characteristic.certainty)
        for characteristic in characteristics
    ]
    return {
        "odds": [characteristic for characteristic in characteristics if characteristic.at_odds],
        "verdicts": _verdict_table(
            "What each strand says",
            "Characteristic of good",
            [(Cell(characteristic.text), characteristic.series) for characteristic in characteristics],
        ),
        "sure": grid("How sure that is", ("Characteristic of good", "On what it rests"), certainty_rows),
        "note": NOTE,
    }


def series_rules() -> Grid:
    """Return, for each source of evidence, the rule by which it gives a verdict."""
    return grid("By which rule a strand speaks", ("Strand", "Rule"), [(kind.name, kind.rule) for kind in KINDS])


def _add_context(page: Page, name: str, content: Any) -> Page:
    return replace(page, context={**page.context, name: content}) if content else page


def _section(characteristics: list[Characteristic]) -> dict[str, Any]:
    return {"characteristics": characteristics, "note": NOTE} if characteristics else {}


def _characteristics_of_questions(site: Inspection, questions: str) -> list[Characteristic]:
    """Return the characteristics that depend on one of these questions."""
    question_numbers = set(questions.replace("|", " ").split())
    rows = [row for row in _sorted_characteristics(site) if question_numbers & set(row["questions"].split())]
    return [_characteristic(site, row, ALL, forces=True) for row in rows]


def _disagreements(site: Inspection) -> list[tuple[str, list[Cell]]]:
    """Return the disagreements between evidence series over all forces: each pattern once, with its characteristics."""
    found: dict[str, list[Cell]] = {}
    for characteristic in (_characteristic(site, row, ALL) for row in _sorted_characteristics(site)):
        if characteristic.at_odds:
            found.setdefault(characteristic.certainty, []).append(
                Cell(characteristic.text, _theme_path(site, characteristic.key))
            )
    return list(found.items())


def _sorted_characteristics(site: Inspection) -> list[Row]:
    return sorted(site.rows(CharacteristicsRow), key=lambda row: row["place"])


def _theme_path(site: Inspection, key: str) -> str:
    row = site.find_row(CharacteristicsRow, characteristic=key)
    line = next((theme for theme in site.themes if row and theme["line"] == row["line"]), None)
    return f"lines/{line['slug']}.html#{key}" if line else ""


def _characteristic(site: Inspection, row: Row, place: str, *, forces: bool = False) -> Characteristic:
    key = row["characteristic"]
    rows = _series_rows(site, key, place)
    series = [EvidenceSource(series_row["evidence_source"], series_row["verdict"], "") for series_row in rows]
    verdicts = tuple(_series_verdict(site, series_row, place) for series_row in rows)
    force_table = _force_table(site, key) if forces else None
    words = row["questions"].replace(" ", ", ")
    return Characteristic(
        key, row["text"], words, place, verdicts, certainty_statement(series), sources_disagree(series), force_table
    )


def _series_rows(site: Inspection, key: str, place: str) -> list[Row]:
    """Return the evidence series of one characteristic in one place, in order; a missing series was not assessed."""
    row_by_series = {
        row["evidence_source"]: row for row in site.find_rows(SourceVerdictsRow, characteristic=key, place_code=place)
    }
    empty_row = {"verdict": NOT_ASKED, "evidence_keys": "", "answered": None, "too_few": False, "suppressed_cells": ""}
    return [row_by_series.get(kind.key, {"evidence_source": kind.key, **empty_row}) for kind in KINDS]


def _series_verdict(site: Inspection, row: Row, place: str) -> SeriesVerdict:
    kind = BY_KEY[row["evidence_source"]]
    cells = [site.find_row(IndicatorsRow, indicator=key) for key in (row["evidence_keys"] or "").split()]
    evidence_keys = tuple(Cell(form["title"], page_path(form)) for form in cells if form)
    if kind.key == "data" and row["verdict"] != NOT_ASKED and not evidence_keys:
        evidence_keys = (SERIES,)
    if kind.key == "files" and row["verdict"] != NOT_ASKED and site.rows(CaseFilesRow):
        evidence_keys = (FILES,)
    return SeriesVerdict(kind.name, row["verdict"], _verdict_text(row, place), evidence_keys)


def _verdict_text(row: Row, place: str) -> str:
    kind = BY_KEY[row["evidence_source"]]
    if row["verdict"] == NOT_ASKED:
        return f"{kind.not_asked[:1].upper()}{kind.not_asked[1:]}."
    if row["too_few"]:
        return TOO_FEW
    if place == ALL and NUMBER_LABELS.get(kind.key) and (row["answered"] is not None or has_suppressed_cell(row)):
        return f"{NUMBER_LABELS[kind.key]}: {count_text(row, 'answered')}."
    return "What they say stands under \u2018What victims and survivors say\u2019." if kind.key == "victims" else ""


def _force_table(site: Inspection, key: str) -> Grid | None:
    codes = [
        item["place_code"] for item in site.forces if site.find_rows(SourceVerdictsRow, place_code=item["place_code"])
    ]
    rows = [
        (place_cell(site, code), [_series_verdict(site, item, code) for item in _series_rows(site, key, code)])
        for code in codes
    ]
    has_verdict = any(item.verdict != NOT_ASKED for _, verdicts in rows for item in verdicts)
    return _verdict_table("Force by force", "Force", rows) if has_verdict else None


def _verdict_table(caption: str, first: str, rows: Iterable[tuple[Cell, Sequence[SeriesVerdict]]]) -> Grid:
    cells = [(cell, *(Cell(verdict.label, css=verdict.css) for verdict in verdicts)) for cell, verdicts in rows]
    return grid(caption, (first, *(kind.name for kind in KINDS)), cells, dense=True)
