"""What happened before cases were closed as "victim not supporting": waits, support and contact.

The label describes only the victim. The section adds, for each force and as far as recorded, how long victims had
waited, whether support was offered, and whether the police were in contact.
"""

from __future__ import annotations

from assay.report.number_words import NOT_GIVEN, whole
from assay.report.page_elements import Cell, Grid, grid
from assay.report.pages.inspection.figure_sentences import place_cell, share_text
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row

CLOSED = "closed_without_support"
CLOSURE_WAIT, CONTACT_WAIT = "report_to_closure", "report_to_first_contact"
SUPPORT_REFERRAL, CONTACT_AGREEMENT = "support_referred", "contact_agreed"
NOTE = (
    "Medians and shares of all cases of the body that they are asked of, not only of those closed under this label. "
    "A wait to closing is of crimes closed without a charge. \u2018Not held\u2019: no such figure was released."
)
NOT_AVAILABLE = "not held"


def closure_table(site: Inspection, form: Row) -> Grid | None:
    """Return waits, support and contact by force, beside the share closed under the label; None on other pages."""
    if form.get("indicator") != CLOSED:
        return None
    rows: list[tuple[Cell | str, ...]] = []
    for place in (ALL, *(row["place_code"] for row in site.forces)):
        ladder = site.ladder(CLOSED, place)
        if ladder is not None and not ladder["not_askable"]:
            waits = (_median(site, wait, place) for wait in (CLOSURE_WAIT, CONTACT_WAIT))
            shares = (_share(site, key, place) for key in (SUPPORT_REFERRAL, CONTACT_AGREEMENT))
            rows.append((place_cell(site, place), share_text(ladder), *waits, *shares))
    heads = (
        "Body",
        "#Closed under this label",
        "#Median days waited, report to closing",
        "#Median days to first contact",
        "#Referred to support in time",
        "#How often to be in touch was agreed",
    )
    return grid("Time waited, support offered and contact before it", heads, rows, note=NOTE, dense=True)


def _median(site: Inspection, wait: str, place: str) -> str:
    row = site.find_row("wait_medians", wait=wait, place_code=place)
    return NOT_AVAILABLE if row is None else NOT_GIVEN if row["median_days"] is None else whole(row["median_days"])


def _share(site: Inspection, indicator: str, place: str) -> str:
    row = site.ladder(indicator, place)
    return NOT_AVAILABLE if row is None else share_text(row)
