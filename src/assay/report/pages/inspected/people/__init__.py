"""For whom: who was served worse, who the suspects are, what is recorded of people, and what went with what?"""

from __future__ import annotations

from assay.report.page import Page
from assay.report.pages.inspected.book import Inspection
from assay.report.pages.inspected.people.approaches import approaches_page
from assay.report.pages.inspected.people.recorded import recorded_page
from assay.report.pages.inspected.people.served import pursuit_page, served_page
from assay.report.pages.inspected.people.suspects import suspects_page
from assay.report.pages.inspected.people.tiers import tiers_page


def people_pages(site: Inspection) -> list[Page]:
    """Six pages; each says so where nothing was found or sent."""
    return [page(site) for page in (
        served_page, pursuit_page, suspects_page, recorded_page, tiers_page, approaches_page,
    )]  # fmt: skip
