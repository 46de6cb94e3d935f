"""Which series of one place clearly fell or rose, and what follows: one answer for every page that speaks of trends."""

from __future__ import annotations

from dataclasses import dataclass

from assay.indicators.catalogue.scale.hidden.narrowing_lists import is_too_wide
from assay.report.derived_numbers import row_count
from assay.report.number_words import direction, whole_percent, years
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.grading_rows import HiddenVictimsRow
from assay.sdc.released_rows.indicator_rows import ScaleStatementsRow, ScaleTrendsRow

KINDS = ("recorded", "unrecorded", "marked", "unflagged", "hidden", "partners", "published")
HIDDEN = "hidden"
LEVEL_TOO_WIDE = "How many children there are is too uncertain to say."
"""The lists of both years together can show a change where each year's range is too wide to be of use."""
HEADLINE_YEARS = 3
CLEAR = 0.9
"""Smallest probability of a clear direction."""
LIST_HEADS = ("Each set beside", "Very probably ", "No clear direction:", "Cannot be said:", "Whether any series")
"""Openings of the sentences of a released statement that list its series; the others say what follows."""


@dataclass(frozen=True)
class TrendSummary:
    """The series of one place: all of them, those that can be followed, and those with a clear direction.

    `conclusion` is the sentence of the released statement that says what follows from all series together.
    """

    rows: tuple[Row, ...]
    answered: tuple[Row, ...]
    clear: tuple[Row, ...]
    conclusion: str
    has_wide_level: bool = False

    @property
    def headline(self) -> str:
        """The series that clearly fell or rose, or that none did, without a full stop."""
        followed = f"{row_count(len(self.answered))} of {row_count(len(self.rows))} series can be followed"
        if not self.clear:
            return f"No series clearly fell or rose: {followed}"
        return "; ".join(_series_text(row) for row in self.clear)

    @property
    def caution(self) -> str:
        """What a clear change in hidden victims does not say, where the range of their number is too wide."""
        return LEVEL_TOO_WIDE if self.has_wide_level and any(row["kind"] == HIDDEN for row in self.clear) else ""

    @property
    def answer(self) -> str:
        """The headline, what the other series show, and what follows from all of them."""
        unclear = len(self.answered) - len(self.clear)
        noun = "series shows" if unclear == 1 else "series show"
        rest = f"{row_count(unclear)} other {noun} no clear direction." if self.clear and unclear else ""
        return " ".join(filter(None, (f"{self.headline}.", self.caution, rest, self.conclusion)))


def trend_summary(site: Inspection, place: str) -> TrendSummary | None:
    """Return the summary of the series of one place; None if it has none."""
    rows = tuple(headline_rows(site, place).values())
    answered = tuple(row for row in rows if row["probability_fell"] is not None)
    clear = tuple(row for row in answered if not 1 - CLEAR <= row["probability_fell"] <= CLEAR)
    if not rows:
        return None
    return TrendSummary(rows, answered, clear, _conclusion(site, place), level_is_too_wide(site, place))


def level_is_too_wide(site: Inspection, place: str) -> bool:
    """Return True if the latest range of all children, on a list or on none, is too wide to be of use."""
    rows = sorted(site.find_rows(HiddenVictimsRow, place_code=place), key=lambda row: row["window_from"])
    low, high = (rows[-1]["low"], rows[-1]["high"]) if rows else (None, None)
    return low is not None and high is not None and is_too_wide(low, high)


def headline_rows(site: Inspection, place: str) -> dict[str, Row]:
    """Return one row for each series of a place: over three years, else the longest answered span, else the first."""
    found: dict[str, Row] = {}
    for kind in KINDS:
        rows = sorted(site.find_rows(ScaleTrendsRow, place_code=place, kind=kind), key=lambda row: row["years_apart"])
        answered = [row for row in rows if not row["refusal"] and row["years_apart"] <= HEADLINE_YEARS]
        if rows:
            found[kind] = answered[-1] if answered else rows[0]
    return found


def _series_text(row: Row) -> str:
    probability = row["probability_fell"]
    side = whole_percent(max(probability, 1 - probability))
    return f"{row['series']}: {direction(probability)} over {years(row['years_apart'])} (probability {side})"


def _conclusion(site: Inspection, place: str) -> str:
    """Return what the released statement says follows from all series of one place."""
    row = site.find_row(ScaleStatementsRow, place_code=place)
    sentences = (row["statement"] if row else "").split(". ")
    conclusions = [sentence for sentence in sentences if sentence and not sentence.startswith(LIST_HEADS)]
    return f"{'. '.join(conclusions).rstrip('.')}." if conclusions else ""
