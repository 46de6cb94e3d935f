"""Can a reader trust this number? A verdict on the share of one indicator in one place, with what it rests on."""

from __future__ import annotations

from dataclasses import replace

from assay.report.number_words import whole_percent
from assay.report.page_elements import Figure, Trust
from assay.report.pages.inspection.measure_findings import basis_parts
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.quotable_figures import row_key
from assay.report.report_tables import Row

CLOSE_SPAN, ROUGH_SPAN = 0.10, 0.25
"""Widest range of possible shares (interval and missing-data bounds together) of a close and of a rough figure."""
CLOSE = "Yes. The true share is probably close to this figure."
ROUGH = "Yes, as a rough figure. The true share may be several percentage points away."
HINT = "Only as a first hint. The true share may be far from this figure."
NO_VERDICT = "Not by itself. How sure it is cannot be shown."
NO_INTERVAL = "No interval is shown."
NO_BASE = "The number of records is not shown."
COMPLETE = "No answer is missing. Later corrections of records could still change it."
FEW_UNKNOWN = "The answer is not known for less than 1%."
UNKNOWN_SUPPRESSED = "How many answers are not known is not shown."


def with_trust(site: Inspection, form: Row, place: str, figure: Figure) -> Figure:
    """Return the figure of an indicator with the verdict on it; unchanged if the place has no share."""
    return replace(figure, trust=trust(site, form, place))


def trust(site: Inspection, form: Row, place: str) -> Trust | None:
    """Return the verdict on a share: how sure it is, its base, and what could change it; None without a share."""
    row = site.ladder(form["indicator"], place)
    if row is None or row["share"] is None:
        return None
    interval_text, base, unknown = basis_parts(site, form, place)
    probable = f"The true share probably lies in the range {interval_text} (95% interval)." if interval_text else ""
    reasons = (
        ("How sure", probable or NO_INTERVAL),
        ("Base", f"It rests on {base}." if base else NO_BASE),
        ("What could change it", _missing_sentence(row, unknown)),
    )
    verdict = _verdict(site, form, row) if interval_text else NO_VERDICT
    return Trust(verdict, reasons, "ladders", row_key("ladders", row))


def _verdict(site: Inspection, form: Row, row: Row) -> str:
    """Return the verdict by the range that the interval and the missing-data bounds cover together."""
    finding: Row = site.finding(form["indicator"], row["place_code"]) or {}
    ends = [finding["low"], finding["high"], row["share_lowest"], row["share_highest"]]
    known = [end for end in ends if end is not None]
    span = round(max(known) - min(known), 6)
    return CLOSE if span <= CLOSE_SPAN else ROUGH if span <= ROUGH_SPAN else HINT


def _missing_sentence(row: Row, unknown: str) -> str:
    """Return the records whose answer is not known, and the range of the share that they leave open."""
    low, high = row["share_lowest"], row["share_highest"]
    count = f"The answer is not known for {unknown}." if unknown else "Some answers are not known."
    if None not in (low, high) and low != high:
        return f"{count} If all were known, the share could be {whole_percent(low)} to {whole_percent(high)}."
    if unknown:
        return count
    counts = row["not_known"], row["not_known_if_counted"]
    if None in counts:
        return UNKNOWN_SUPPRESSED
    return FEW_UNKNOWN if any(counts) else COMPLETE
