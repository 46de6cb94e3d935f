"""For whom: who was served worse, who the suspects are, what is recorded of people, and what went with what?"""

from __future__ import annotations

from assay.report.page_elements import Page
from assay.report.pages.inspection.people.approaches_page import approaches_page
from assay.report.pages.inspection.people.disparities_page import pursuit_page, served_page
from assay.report.pages.inspection.people.recorded_page import recorded_page
from assay.report.pages.inspection.people.suspects_page import suspects_page
from assay.report.pages.inspection.people.tiers_page import tiers_page
from assay.report.pages.inspection.released_tables import Inspection


def people_pages(site: Inspection) -> list[Page]:
    """Six pages; each says so where nothing was found or sent."""
    return [page(site) for page in (
        served_page, pursuit_page, suspects_page, recorded_page, tiers_page, approaches_page,
    )]  # fmt: skip
