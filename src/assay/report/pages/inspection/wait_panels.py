"""How did a wait go in each force beside all together: which forces can be told apart from all, and which cannot?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assay.report.charts.small_multiples import Panel, multiples
from assay.report.charts.wait_curves import Ending
from assay.report.derived_numbers import tallied
from assay.report.number_words import interval, listed, whole, whole_percent
from assay.report.page_elements import Chart, grid
from assay.report.pages.inspection.figure_sentences import place_cell
from assay.report.pages.inspection.indicator_charts import chart
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row

FEWEST = 2
"""One panel alone is no comparison."""


@dataclass(frozen=True)
class Course:
    """The ending that a wait asks for, in one place."""

    place: str
    ending: Ending


def panels_chart(site: Inspection, form: Row, everyone: Ending | None, courses: Sequence[Course], day: int
                 ) -> Chart | None:  # fmt: skip
    """One small panel a body, the highest share by `day` first; None where too few can be drawn."""
    if everyone is None or day not in everyone.days or len(courses) < FEWEST:
        return None
    known = [one for one in courses if day in one.ending.days]
    known.sort(key=lambda one: (-_on(one.ending, day)[0], site.name(one.place)))
    overall = _on(everyone, day)[0]
    finding = _finding(everyone.name, day, overall, [_on(one.ending, day) for one in known])
    reads = (
        "One panel a body, all on one scale; the blue line is the share that had ended as asked by each day, the band "
        "its 95% interval, the thin line all bodies together. Where the band holds the thin line, the two may not "
        "differ."
    )
    alt = f"Small multiples of {tallied(len(known))} bodies. {finding}. The table that follows has every figure."
    drawn, whole_panel = [_panel(site, one.place, one.ending, day) for one in known], _panel(site, ALL, everyone, day)

    def draw(width: int) -> str:
        return multiples(drawn, whole_panel, width, finding)

    return _with_table(site, chart(f"panels {form['wait']}", finding, reads, alt, draw), known, day)


def _with_table(site: Inspection, drawn: Chart, known: Sequence[Course], day: int) -> Chart:
    rows = []
    for one in known:
        share, low, high = _on(one.ending, day)
        rows.append((place_cell(site, one.place), whole_percent(share), interval(low, high, whole_percent)))
    heads = ("Body", f"#Ended as asked by day {whole(day)}", "#95% interval")
    return replace(drawn, table=grid(f"{known[0].ending.name} by day {whole(day)} in each body", heads, rows))


def _on(end: Ending, day: int) -> tuple[float, float, float]:
    at = end.days.index(day)
    return end.shares[at], end.lows[at], end.highs[at]


def _panel(site: Inspection, place: str, end: Ending, day: int) -> Panel:
    said = whole_percent(_on(end, day)[0])
    return Panel(site.name(place), f"{said} by day {whole(day)}" if place == ALL else said, end.days, end.shares,
                 end.lows, end.highs)  # fmt: skip


def _finding(name: str, day: int, overall: float, known: Sequence[tuple[float, float, float]]) -> str:
    above = sum(low > overall for _, low, _ in known)
    below = sum(high < overall for *_, high in known)
    apart = len(known) - above - below
    told = [(above, "lies higher", "lie higher"), (below, "lies lower", "lie lower"),
            (apart, "may not differ", "may not differ")]  # fmt: skip
    parts = [f"{tallied(number)} {one if number == 1 else many}" for number, one, many in told if number]
    return f"{name} by day {whole(day)} beside all together: of {tallied(len(known))} bodies {listed(parts)}"
