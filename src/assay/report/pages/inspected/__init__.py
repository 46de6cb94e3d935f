"""Which pages does a report have whose figures were counted from forces' returns, and in which order?"""

from __future__ import annotations

from collections.abc import Iterator

from assay.report.page import Page
from assay.report.pages.inspected.answerable import answerable_page
from assay.report.pages.inspected.book import Inspection
from assay.report.pages.inspected.burden import burden_page
from assay.report.pages.inspected.casefiles import casefiles_page
from assay.report.pages.inspected.definitions import definitions_page
from assay.report.pages.inspected.failings import failings_page
from assay.report.pages.inspected.forces import force_pages
from assay.report.pages.inspected.front import front_page
from assay.report.pages.inspected.hidden import hidden_page
from assay.report.pages.inspected.indicators import indicator_pages
from assay.report.pages.inspected.judged import judged, judged_pages
from assay.report.pages.inspected.lessons import lessons_pages
from assay.report.pages.inspected.lines import line_pages
from assay.report.pages.inspected.method import figures_page, method_page, receipts_page
from assay.report.pages.inspected.people import people_pages
from assay.report.pages.inspected.profiles import profiles_page
from assay.report.pages.inspected.recommended import recommendation_pages
from assay.report.pages.inspected.returns import returns_page
from assay.report.pages.inspected.scale import scale_page
from assay.report.pages.inspected.strands import behind
from assay.report.pages.inspected.texts import texts_page
from assay.report.pages.inspected.waits import wait_pages
from assay.report.pages.inspected.wane import wane_page

__all__ = ["Inspection", "inspected_pages"]


def inspected_pages(site: Inspection) -> Iterator[Page]:
    """Every page of a report at record level, in the order in which a reader would meet them, each with the strands of
    evidence behind what it speaks of, and the grades that rest on it."""
    yield from (judged(site, behind(site, page)) for page in _pages(site))


def _pages(site: Inspection) -> Iterator[Page]:
    yield front_page(site)
    yield from judged_pages(site)
    yield from lessons_pages(site)
    yield from recommendation_pages(site)
    yield from line_pages(site)
    yield from indicator_pages(site)
    yield from wait_pages(site)
    yield scale_page(site)
    yield wane_page(site)
    yield definitions_page(site)
    yield from people_pages(site)
    if site.rows("profiles_seen"):
        yield profiles_page(site)
    yield hidden_page(site)
    if site.rows("failure_modes"):
        yield failings_page(site)
    yield from force_pages(site)
    yield answerable_page(site)
    yield returns_page(site)
    yield burden_page(site)
    if "texts_read" in site.released.tables:
        yield texts_page(site)
    if "case_files" in site.released.tables:
        yield casefiles_page(site)
    yield method_page(site)
    yield figures_page(site)
    yield receipts_page(site)
