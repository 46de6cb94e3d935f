"""The page on problem profiles: their age, months of data, and agreement of their counts with the records."""

from __future__ import annotations

from assay.report.number_words import NOT_GIVEN, whole
from assay.report.page_elements import Cell, Page, grid
from assay.report.pages.inspection.figure_sentences import SUPPRESSION_NOTE, count_text, place_cell
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row
from assay.sdc.cell_status import is_primary_suppressed
from assay.sdc.released_rows.people_rows import ProblemProfileChecksRow

PATH, TITLE = "profiles.html", "What problem profiles rest on"
CERTAINTY_NOTE = (
    "The days, months and counts of a profile are as its force entered them; the profile itself is read by inspectors. "
    "That a count lies within the range of the records does not show that it was counted well: the range over all "
    "definitions is wide. Records may have been corrected since."
)
COUNT_NAMES = ("crimes", "children", "suspects")
HEADS = ("Force", "#Age in days", "#Months of data", *(f"#{count_name.capitalize()}" for count_name in COUNT_NAMES))
NOTE = (
    "Of crimes, children and suspects: what the profile counts, beside the fewest and the most that the records of the "
    "same days hold under any definition. A difference is told in steps of five per cent. Where the return does not "
    f"cover the days of the profile, there is nothing to hold it against. {SUPPRESSION_NOTE}"
)


def profiles_page(site: Inspection) -> Page:
    """Return the page on problem profiles: one table, one row for each force."""
    rows = sorted(site.rows(ProblemProfileChecksRow), key=lambda row: site.name(row["place_code"]))
    cells: list[tuple[Cell | str, ...]] = [
        (place_cell(site, row["place_code"]), _number(row["age_days"]), _number(row["months_of_data"]),
         *(_comparison_text(row, count_name) for count_name in COUNT_NAMES))
        for row in rows
    ]  # fmt: skip
    table = grid("The latest problem profile of each force", HEADS, cells, note=NOTE, dense=True)
    return Page(PATH, "inspected/profiles.html", TITLE, CERTAINTY_NOTE, (), {"table": table})


def _number(value: float | None) -> str:
    return NOT_GIVEN if value is None else f"{value:,g}"


def _comparison_text(row: Row, count_name: str) -> str:
    """Format a count of a profile and its comparison with the records: '120 beside 95 to 140: within'."""
    claimed = count_text(row, f"{count_name}_claimed")
    low, high = row[f"{count_name}_lowest"], row[f"{count_name}_highest"]
    if row[f"{count_name}_claimed"] is None and not is_primary_suppressed(row, f"{count_name}_claimed"):
        return claimed
    if low is None and high is None and not is_primary_suppressed(row, f"{count_name}_highest"):
        return f"{claimed}; the records cannot tell"
    fewest, highest = count_text(row, f"{count_name}_lowest"), count_text(row, f"{count_name}_highest")
    ends = f"{fewest} to {highest}" if fewest != highest else fewest
    return f"{claimed} beside {ends}{_difference_text(row[f'{count_name}_outside'])}"


def _difference_text(per_cent: float | None) -> str:
    if per_cent is None:
        return ""
    if not per_cent:
        return ": within"
    return f": {whole(abs(per_cent))}% {'more' if per_cent > 0 else 'fewer'}"
