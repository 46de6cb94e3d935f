"""Pages on people: disparities between groups, suspects, recorded fields, and ways of working."""

from __future__ import annotations

from assay.report.page_elements import Page
from assay.report.pages.inspection.people.approaches_page import approaches_page
from assay.report.pages.inspection.people.disparities_page import pursuit_page, victim_disparities_page
from assay.report.pages.inspection.people.recorded_page import recorded_page
from assay.report.pages.inspection.people.risk_tiers_page import risk_tiers_page
from assay.report.pages.inspection.people.suspects_page import suspects_page
from assay.report.pages.inspection.released_tables import Inspection


def people_pages(site: Inspection) -> list[Page]:
    """Yield the six pages on people; each says so if nothing was found or no data were sent."""
    return [page(site) for page in (
        victim_disparities_page, pursuit_page, suspects_page, recorded_page, risk_tiers_page, approaches_page,
    )]  # fmt: skip
