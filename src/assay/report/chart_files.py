"""The figures behind each chart as CSV: a file beside the drawing, and a link under it.

The file holds the rows that the chart draws. A chart without them has its figures in a table of its own, or in the
table that follows it on the page, as its text alternative says; the file then holds the cells of that table.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from lxml import html

from assay.engine.safe_files.spreadsheet_cells import csv_text
from assay.report.page_elements import Chart

FOLLOWING_TABLE = "table that follows"
"""Words of a text alternative: the figures stand in the next table of the page."""


def with_chart_files(page: str, charts: Sequence[Chart], root: str) -> tuple[str, dict[str, str]]:
    """Return the page with a link under each chart to its figures, and the CSV files by the name of the chart."""
    csv_files: dict[str, str] = {}
    for chart in charts:
        start = page.find(f'<figure class="chart" id="chart-{chart.name}">')
        end = page.find("</figure>", start)
        figures = _figures(chart, page[start:]) if start >= 0 else ""
        if not figures:
            continue
        csv_files[chart.name] = figures
        link = (
            f'<p class="tools"><a href="{root}charts/{chart.name}.csv">Figures of this chart (CSV)'
            f'<span class="sr">: {escape(chart.finding)}</span></a></p>\n'
        )
        page = page[:end] + link + page[end:]
    return page, csv_files


def _figures(chart: Chart, page: str) -> str:
    """Return the figures of a chart as CSV; '' if there are none. `page`: from the chart on."""
    if chart.rows:
        return csv_text(chart.rows[0], chart.rows[1:])
    start = page.find("<table")
    if start < 0 or (chart.table is None and FOLLOWING_TABLE not in chart.alt):
        return ""
    return _table_csv(page[start : page.find("</table>", start) + len("</table>")])


def _table_csv(table: str) -> str:
    """Return a table of a page as CSV: its heads, and the words of its cells."""
    element = html.fromstring(table)
    lines = [[" ".join(cell.text_content().split()) for cell in row] for row in element.iter("tr")]
    return csv_text(lines[0], lines[1:])
