"""Small multiples of a waiting time: how does each force compare with all forces together?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assay.report.charts.wait_curves import Ending, Panel, small_multiples
from assay.report.derived_numbers import row_count
from assay.report.number_words import interval, join_list, whole, whole_percent
from assay.report.page_elements import Chart, grid
from assay.report.pages.inspection.figure_sentences import place_cell
from assay.report.pages.inspection.indicator_charts import responsive_chart
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row

MIN_PANELS = 2
"""Fewest panels to show; one panel is no comparison."""


@dataclass(frozen=True)
class ForceIncidence:
    """Cumulative incidence, in one force, of the event for which people wait (such as a charge)."""

    place: str
    ending: Ending


def panels_chart(site: Inspection, form: Row, overall_ending: Ending | None, courses: Sequence[ForceIncidence], day: int
                 ) -> Chart | None:  # fmt: skip
    """Chart one small panel for each force, highest share by `day` first; None if too few forces have a curve."""
    if overall_ending is None or day not in overall_ending.days or len(courses) < MIN_PANELS:
        return None
    known = [course for course in courses if day in course.ending.days]
    known.sort(key=lambda course: (-_share_by_day(course.ending, day)[0], site.name(course.place)))
    overall = _share_by_day(overall_ending, day)[0]
    finding = _finding(overall_ending.name, day, overall, [_share_by_day(course.ending, day) for course in known])
    reads = (
        "One panel a force, all on one scale; the blue line is the share that had ended as asked by each day, the band "
        "its 95% interval, the thin line all forces together. Where the band holds the thin line, the two may not "
        "differ."
    )
    alt = f"Small multiples of {row_count(len(known))} forces. {finding}. The table that follows has every figure."
    panels, whole_panel = (
        [_panel(site, course.place, course.ending, day) for course in known],
        _panel(site, ALL, overall_ending, day),
    )

    def draw(width: int) -> str:
        return small_multiples(panels, whole_panel, width, finding)

    return _with_table(site, responsive_chart(f"panels {form['wait']}", finding, reads, alt, draw), known, day)


def _with_table(site: Inspection, panel_chart: Chart, known: Sequence[ForceIncidence], day: int) -> Chart:
    rows = []
    for course in known:
        share, low, high = _share_by_day(course.ending, day)
        rows.append((place_cell(site, course.place), whole_percent(share), interval(low, high, whole_percent)))
    heads = ("Force", f"#Ended as asked by day {whole(day)}", "#95% interval")
    return replace(panel_chart, table=grid(f"{known[0].ending.name} by day {whole(day)} in each force", heads, rows))


def _share_by_day(end: Ending, day: int) -> tuple[float, float, float]:
    index = end.days.index(day)
    return end.shares[index], end.lows[index], end.highs[index]


def _panel(site: Inspection, place: str, end: Ending, day: int) -> Panel:
    share_text = whole_percent(_share_by_day(end, day)[0])
    return Panel(
        site.name(place),
        f"{share_text} by day {whole(day)}" if place == ALL else share_text,
        end.days,
        end.shares,
        end.lows,
        end.highs,
    )


def _finding(name: str, day: int, overall: float, known: Sequence[tuple[float, float, float]]) -> str:
    above = sum(low > overall for _, low, _ in known)
    below = sum(high < overall for *_, high in known)
    unclear = len(known) - above - below
    counts = [(above, "lies higher", "lie higher"), (below, "lies lower", "lie lower"),
            (unclear, "may not differ", "may not differ")]  # fmt: skip
    parts = [
        f"{row_count(number)} {singular if number == 1 else plural_form}"
        for number, singular, plural_form in counts
        if number
    ]
    return f"{name} by day {whole(day)} beside all together: of {row_count(len(known))} forces {join_list(parts)}"
