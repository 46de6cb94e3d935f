"""The published counts of the two years that a trend compares."""

from __future__ import annotations

from assay.indicators.catalogue.scale.published_trend_findings import FACTORS
from assay.report.derived_numbers import derived_number
from assay.report.number_words import whole
from assay.report.report_tables import ReleasedTables, Row
from assay.sdc.released_rows.published_rows import ChildrenInNeedRow, RecordedQuarterlyRow
from assay.wording import QUARTER_MONTHS, calendar_year

QUARTERS_PER_YEAR = len(QUARTER_MONTHS)


def count_text(site: ReleasedTables, trend: Row, period: str) -> str:
    """Return the count of the `latest` or the `earlier` year of a trend: '61,188'; '' where a part is missing."""
    if not trend[f"{period}_to"]:
        return ""
    if trend["offence_key"]:
        return _offences(site, trend, period)
    return _assessments(site, trend, period)


def _offences(site: ReleasedTables, trend: Row, period: str) -> str:
    """Return the offences of four quarters added up."""
    first, last = trend[f"{period}_from"], trend[f"{period}_to"]
    rows = site.find_rows(RecordedQuarterlyRow, place_code=trend["place_code"], offence_key=trend["offence_key"])
    counts = [row["offences"] for row in rows if first <= f"{row['financial_year']} Q{row['quarter']}" <= last]
    known = [count for count in counts if count is not None]
    if len(known) < QUARTERS_PER_YEAR or len(known) < len(counts):
        return ""
    return derived_number(whole(sum(known)), "offences of four quarters added up")


def _assessments(site: ReleasedTables, trend: Row, period: str) -> str:
    """Return the assessments that name a factor, in the year that ends in March."""
    factor = next((key for key, series in FACTORS.items() if series == trend["series"]), "")
    year = calendar_year(trend[f"{period}_to"])
    row = site.find_row(ChildrenInNeedRow, area_code=trend["place_code"], factor=factor, year=year)
    return whole(row["episodes"]) if row and row["episodes"] is not None else ""
