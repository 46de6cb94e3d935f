"""The figures behind each chart as CSV: a file beside the drawing, and a link under it.

The figures of a chart stand in a table of its own, or in the table that follows it on the page, as its text alternative
says. The file holds the cells of that table as the page shows them, so it reveals nothing that the page does not.
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
        if start < 0 or (chart.table is None and FOLLOWING_TABLE not in chart.alt):
            continue
        table_start = page.find("<table", start)
        if table_start < 0:
            continue
        csv_files[chart.name] = _table_csv(page[table_start : page.find("</table>", table_start) + len("</table>")])
        link = (
            f'<p class="tools"><a href="{root}charts/{chart.name}.csv">Figures of this chart (CSV)'
            f'<span class="sr">: {escape(chart.finding)}</span></a></p>\n'
        )
        page = page[:end] + link + page[end:]
    return page, csv_files


def _table_csv(table: str) -> str:
    """Return a table of a page as CSV: its heads, and the words of its cells."""
    element = html.fromstring(table)
    lines = [[" ".join(cell.text_content().split()) for cell in row] for row in element.iter("tr")]
    return csv_text(lines[0], lines[1:])
