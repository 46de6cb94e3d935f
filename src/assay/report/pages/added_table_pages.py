"""Pages of published tables that a user added through a mapping file, and of the register of such tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.report.derived_numbers import derived_number, row_count
from assay.report.number_words import MINUS, NOT_GIVEN, decimal, join_list, percent, whole
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.period_words import periods_by_kind
from assay.report.quotable_figures import MIN_OFFENCES
from assay.report.report_tables import ReleasedTables, Row
from assay.sdc.released_rows.added_table_rows import (
    AddedMarkersRow,
    AddedMeasuresRow,
    AddedTablesRow,
    AddedValuesRow,
    PublishedTablesRow,
)
from assay.sdc.released_rows.published_rows import QuestionsRow

ALL = "all"
INDEX = "added/index.html"
SHARE_OR_RATE = re.compile(r"%|\bper\b|\bpercent|\brates?\b", re.IGNORECASE)
"""A unit of which no relative change is given: a change in per cent of per cent is misread."""
REGISTER = "published-tables.html"
LEVELS = ("country", "region", "police force", "local authority")
LEVEL_TITLES = {
    "country": "Countries",
    "region": "Regions",
    "police force": "Police forces",
    "local authority": "Local authorities",
}
ADDED_NOTE = (
    "Whoever made this report added these tables with a mapping file. Every figure is as its publisher printed it. "
    "A sign that stands for a figure is shown as it is, and never read as zero. No interval is given, because "
    "it is not known how a figure came about. A small count may change by chance alone."
)
REGISTER_NOTE = (
    "Each row says where it is known from. That is a page of the publisher, a copy or another text, or general "
    "knowledge that was not looked up. It can also be that it was looked for and not found. No grade rests on it."
)


def added_pages(site: ReleasedTables) -> list[Page]:
    """Return the index of added tables and one page for each; none if no table was added."""
    tables = site.rows(AddedTablesRow)
    if not tables:
        return []
    return [_index(site, tables), *(_table_page(site, table) for table in tables)]


def added_href(source: str) -> str:
    """Return the path of the page of an added table."""
    return f"added/{source}.html"


def _index(site: ReleasedTables, tables: Sequence[Row]) -> Page:
    rows = []
    for table in tables:
        values = site.find_rows(AddedValuesRow, source=table["source"])
        areas = row_count(len({row["area_code"] for row in values}))
        rows.append(
            (
                Cell(table["title"], added_href(table["source"])),
                table["publisher"],
                table["edition"],
                _period_range(values),
                areas,
                table["questions"] or NOT_GIVEN,
            )
        )
    heads = ("Table", "Publisher", "Edition", "Periods", "#Areas", "Questions")
    context = {"table": grid("Tables that were added to this report", heads, rows), "register": REGISTER}
    return Page(INDEX, "added_index.html", "Added tables", ADDED_NOTE, (), context)


def _period_range(values: Iterable[Row]) -> str:
    spans = [
        " to ".join(dict.fromkeys((periods[0], periods[-1])))
        for _, periods in periods_by_kind(row["period"] for row in values)
    ]
    return "; ".join(spans) or NOT_GIVEN


def _table_page(site: ReleasedTables, table: Row) -> Page:
    source = table["source"]
    measures = [_measure_part(site, row) for row in site.find_rows(AddedMeasuresRow, source=source)]
    context = {
        "table": table,
        "measures": [part for part in measures if part["main"] or part["more"]],
        "markers": [(row["marker"], row["meaning"]) for row in site.find_rows(AddedMarkersRow, source=source)],
        "asked": [_question_cell(number) for number in table["questions"].split()],
    }
    crumbs = (("Added tables", INDEX),)
    return Page(added_href(source), "added_table.html", table["title"], ADDED_NOTE, crumbs, context)


def _question_cell(number: str) -> Cell:
    return Cell(number, f"questions/{number.lower()}.html")


def _measure_part(site: ReleasedTables, measure: Row) -> dict[str, object]:
    """Return the tables of one measure: of everybody by kind of area, then of each group."""
    rows = site.find_rows(AddedValuesRow, source=measure["source"], measure=measure["measure"])
    breakdowns = sorted({row["breakdown"] for row in rows}, key=lambda text: (text != ALL, text))
    grids = [
        (breakdown, f"{LEVEL_TITLES[level]}{words}", found)
        for breakdown in breakdowns
        for level in LEVELS
        for words, found in _area_grids(site, measure, rows, breakdown, level)
    ]
    main = [(title, found) for breakdown, title, found in grids if breakdown == ALL]
    more = [
        (f"{breakdown[:1].upper()}{breakdown[1:]}: {title[:1].lower()}{title[1:]}", found)
        for breakdown, title, found in grids
        if breakdown != ALL
    ]
    return {"title": measure["title"], "key": measure["measure"], "main": main, "more": more}


def _area_grids(
    site: ReleasedTables, measure: Row, rows: Sequence[Row], breakdown: str, level: str
) -> Iterator[tuple[str, Grid]]:
    """Yield a table for each kind of period: a year is never set beside a quarter, nor hidden by one."""
    area_rows = [row for row in rows if row["breakdown"] == breakdown and row["area_level"] == level]
    kinds = periods_by_kind(row["period"] for row in area_rows)
    for kind, periods in kinds:
        words = f", {kind}s" if len(kinds) > 1 else ""
        kind_rows = [row for row in area_rows if row["period"] in periods]
        yield words, _area_grid(site, measure, kind_rows, f"{LEVEL_TITLES[level].lower()}{words}", periods)


def _area_grid(
    site: ReleasedTables, measure: Row, area_rows: Sequence[Row], areas: str, periods: Sequence[str]
) -> Grid:
    """Return the latest figure of each area and its change; the periods are of one kind, the latest last."""
    breakdown = area_rows[0]["breakdown"]
    latest, before = periods[-1], periods[-2] if len(periods) > 1 else ""
    figures = {(row["area_code"], row["period"]): row for row in area_rows}
    names = sorted({(row["area_name"], row["area_code"]) for row in area_rows})
    cells: list[tuple[Cell | str, ...]] = []
    for name, code in names:
        newest, prior = figures.get((code, latest)), figures.get((code, before))
        change = (figure_text(prior), _change_text(newest, prior, measure["unit"])) if before else ()
        cells.append((_area_cell(site, code, name), figure_text(newest), *change))
    heads = ("Area", f"#{latest}", *((f"#{before}", "#Change") if before else ()))
    group = "" if breakdown == ALL else f", {breakdown}"
    return grid(f"{measure['title']}{group}, {areas} ({measure['unit']})", heads, cells)


def _area_cell(site: ReleasedTables, code: str, name: str) -> Cell:
    place = site.places.get(code)
    href = f"forces/{place['slug']}.html" if place and site.has_page(code) else ""
    return Cell(name, href)


def figure_text(row: Row | None) -> str:
    """Return a figure as published: the word of a grade, the number, or the marker; 'not given' without a row."""
    if row is None:
        return NOT_GIVEN
    if row["value"] is None:
        return str(row["marker"])
    if row["grade"]:
        return str(row["grade"])
    return whole(row["value"]) if float(row["value"]).is_integer() else decimal(row["value"])


def _change_text(newest: Row | None, prior: Row | None, unit: str) -> str:
    """Return the change between two figures: 'not known' unless both are figures; of grades whether they differ.

    A relative change needs 20 in the period before: from 1 to 2 is '+1', because 'up 100%' misleads.
    """
    if newest is None or prior is None or newest["value"] is None or prior["value"] is None:
        return "not known"
    if newest["grade"] or prior["grade"]:
        return "the same" if newest["value"] == prior["value"] else "changed"
    difference = newest["value"] - prior["value"]
    if not difference:
        return "none"
    number = whole(abs(difference)) if difference.is_integer() else decimal(abs(difference))
    share = (
        f" ({percent(abs(difference) / prior['value'])})"
        if prior["value"] >= MIN_OFFENCES and not SHARE_OR_RATE.search(unit)
        else ""
    )
    return derived_number(f"{'+' if difference > 0 else MINUS}{number}{share}", "change between two published figures")


def added_on_force(site: ReleasedTables, force_code: str) -> list[tuple[str, str, list[str]]]:
    """Return, for each added table, its figures for the area of a force: title, page, and one line for each measure."""
    found = []
    for table in site.rows(AddedTablesRow):
        lines = [
            line
            for measure in site.find_rows(AddedMeasuresRow, source=table["source"])
            if (line := _force_line(site, measure, force_code))
        ]
        if lines:
            found.append((table["title"], added_href(table["source"]), lines))
    return found


def _force_line(site: ReleasedTables, measure: Row, force_code: str) -> str:
    """Return the latest figure of a force, or which of its local authorities have one."""
    rows = site.find_rows(AddedValuesRow, source=measure["source"], measure=measure["measure"], force_code=force_code)
    by_period = {row["period"]: row for row in rows if row["area_code"] == force_code and row["breakdown"] == ALL}
    if by_period:
        figures = [_latest_figure(by_period, periods, measure["unit"]) for _, periods in periods_by_kind(by_period)]
        return f"{measure['title']}: {'; '.join(figures)}."
    if names := sorted({row["area_name"] for row in rows if row["area_level"] == "local authority"}):
        return f"{measure['title']}: for {join_list(names)}, which lie in the area of this force."
    if rows:
        return f"{measure['title']}: by group only."
    return ""


def _latest_figure(by_period: Mapping[str, Row], periods: Sequence[str], unit: str) -> str:
    """Return the latest figure of one kind of period, and the one before it in brackets."""
    before = f" ({_dated_figure(by_period[periods[-2]], '')})" if len(periods) > 1 else ""
    return f"{_dated_figure(by_period[periods[-1]], unit)}{before}"


def _dated_figure(row: Row, unit: str) -> str:
    """Return a figure with its unit and period; a marker is said to be no figure."""
    if row["value"] is None:
        return f"no figure in {row['period']}, the publisher printed {row['marker']}"
    return (
        f"{' '.join(text for text in (figure_text(row), unit if not row['grade'] else '') if text)} in {row['period']}"
    )


@dataclass(frozen=True)
class QuestionTables:
    """Published tables for one question: added by the user, used in this report, and others that would help."""

    added: list[Cell]
    used: list[Cell]
    would_help: list[Cell]


def tables_of_question(site: ReleasedTables, number: str) -> QuestionTables:
    """Return the published tables that help to answer a question, as lists of used and unused tables."""
    added = [
        Cell(table["title"], added_href(table["source"]))
        for table in site.rows(AddedTablesRow)
        if number in (table["questions"] or "").split()
    ]
    added_keys = {table["source"] for table in site.rows(AddedTablesRow)}
    listed = [
        row
        for row in site.rows(PublishedTablesRow)
        if number in (row["questions"] or "").split() and row["key"] not in added_keys
    ]
    used = [_register_cell(row, " (a part of it)" if row["used"] == "in part" else "")
            for row in listed if row["used"] != "no"]  # fmt: skip
    would_help = [_register_cell(row) for row in listed if row["used"] == "no" and row["read_by"] != "no"]
    return QuestionTables(added, used, would_help)


def _register_cell(row: Row, part: str = "") -> Cell:
    return Cell(f"{row['publisher']}: {row['title']}{part}", f"{REGISTER}#table-{row['key']}")


def register_pages(site: ReleasedTables) -> list[Page]:
    """Return the page of the register of published tables; none if it was not released."""
    tables = site.rows(PublishedTablesRow)
    if not tables:
        return []
    helped = _helped_questions(site)
    context = {
        "publishers": _by_publisher(tables),
        "count": row_count(len(tables)),
        "readers": row_count(sum(row["read_by"] == "reader" for row in tables)),
        "by_mapping": row_count(sum(row["read_by"] == "long form" for row in tables)),
        "helped": row_count(len(helped)),
        "would_help": grid(
            "Questions that nothing published here answers, and the tables that would help",
            ("Question", "What is asked", "Tables to add"),
            [
                (_question_cell(row["number"]), row["text"], "; ".join(cell.text for cell in cells))
                for row, cells in helped
            ],
        ),
    }
    return [Page(REGISTER, "published_tables.html", "Tables that others publish", REGISTER_NOTE, (), context)]


def _helped_questions(site: ReleasedTables) -> list[tuple[Row, list[Cell]]]:
    """Return the questions that this report leaves open, each with the tables that would help if they were added."""
    unanswered = [row for row in site.rows(QuestionsRow) if row["answered"].startswith("not")]
    with_tables = [(row, tables_of_question(site, row["number"]).would_help) for row in unanswered]
    return sorted(
        ((row, cells) for row, cells in with_tables if cells), key=lambda pair: int(pair[0]["number"].lstrip("Q"))
    )


def _by_publisher(tables: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    names = sorted({row["publisher"] for row in tables})
    return [(name, sorted((row for row in tables if row["publisher"] == name), key=lambda row: row["title"]))
            for name in names]  # fmt: skip


def added_links(site: ReleasedTables) -> list[tuple[str, str]]:
    """Return the links to the pages of added tables for the footer of the report."""
    links = [(INDEX, "Added tables")] if site.rows(AddedTablesRow) else []
    return links + ([(REGISTER, "Tables that others publish")] if site.rows(PublishedTablesRow) else [])
