"""The pages of an inspection report, whose figures are computed from forces' returns."""

from __future__ import annotations

from collections.abc import Iterator

from assay.report.page_elements import Page
from assay.report.pages.inspection.answerability_page import answerability_page
from assay.report.pages.inspection.case_file_page import case_file_page
from assay.report.pages.inspection.concerns_page import concern_pages
from assay.report.pages.inspection.definitions_page import definitions_page
from assay.report.pages.inspection.failure_mode_page import failure_mode_page
from assay.report.pages.inspection.force_pages import force_pages
from assay.report.pages.inspection.grade_pages import add_grades, grade_pages
from assay.report.pages.inspection.hidden_victims_page import hidden_victims_page
from assay.report.pages.inspection.indicator_pages import indicator_pages
from assay.report.pages.inspection.inspection_front_page import front_page, inspection_easy_read
from assay.report.pages.inspection.lesson_pages import lessons_pages
from assay.report.pages.inspection.method_pages import burden_page, figures_page, method_page, receipts_page
from assay.report.pages.inspection.outliers_page import outliers_page
from assay.report.pages.inspection.people import people_pages
from assay.report.pages.inspection.profiles_page import profiles_page
from assay.report.pages.inspection.recommendation_pages import recommendation_pages
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.pages.inspection.returns_page import returns_page
from assay.report.pages.inspection.scale_page import scale_page
from assay.report.pages.inspection.texts_page import texts_page
from assay.report.pages.inspection.theme_pages import findings_page, theme_pages
from assay.report.pages.inspection.trends_page import trends_page
from assay.report.pages.inspection.triangulation_section import add_evidence_series
from assay.report.pages.inspection.voices_page import voices_page
from assay.report.pages.inspection.wait_pages import wait_pages
from assay.report.pages.register_pages import law_page
from assay.sdc.released_rows.indicator_rows import FailureModesRow
from assay.sdc.released_rows.people_rows import ProblemProfileChecksRow

__all__ = ["Inspection", "inspection_pages"]


def inspection_pages(site: Inspection) -> Iterator[Page]:
    """Yield every page of an inspection report in reading order, with the sections on evidence and on grades added."""
    yield from (add_grades(site, add_evidence_series(site, page)) for page in _pages(site))


def _pages(site: Inspection) -> Iterator[Page]:
    yield front_page(site)
    yield inspection_easy_read(site)
    yield outliers_page(site)
    yield findings_page(site)
    yield from grade_pages(site)
    yield from concern_pages(site)
    yield voices_page(site)
    yield from lessons_pages(site)
    yield from recommendation_pages(site)
    yield from theme_pages(site)
    yield from indicator_pages(site)
    yield from wait_pages(site)
    yield scale_page(site)
    yield trends_page(site)
    yield definitions_page(site)
    yield from people_pages(site)
    if site.rows(ProblemProfileChecksRow):
        yield profiles_page(site)
    yield hidden_victims_page(site)
    if site.rows(FailureModesRow):
        yield failure_mode_page(site)
    yield from force_pages(site)
    yield answerability_page(site)
    yield returns_page(site)
    yield burden_page(site)
    if "text_coverage" in site.released.tables:
        yield texts_page(site)
    if "case_files" in site.released.tables:
        yield case_file_page(site)
    yield method_page(site)
    yield law_page()
    yield figures_page(site)
    yield receipts_page(site)
