"""The search page and the page that compares forces, with their data files.

Both pages work without JavaScript, as lists of links; with it they read a data file beside them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import html

from assay.report.page_blocks import MAIN
from assay.report.page_elements import Page
from assay.report.pages.inspection.figure_sentences import estimate_text, is_all_out_of_scope, own_share_text, page_path
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.quotable_figures import estimate_cells, published_share
from assay.report.report_tables import ReleasedTables, Row
from assay.sdc.released_rows.published_rows import SharesRow

CERTAINTY_NOTE = "This page only leads to others: each of them says how sure it is."
COMPARISON_NOTE = (
    "Every figure here is that of a page of its own, with the interval in which it lies. Two intervals that overlap "
    "can belong to forces that do not differ at all."
)
KINDS = (
    ("lines/", "Inspection themes"), ("indicators/", "Indicators"), ("waits/", "Timeliness"), ("forces/", "Forces"),
    ("people/", "Disparities"), ("recommendations/", "Recommendations"), ("questions/", "Questions"),
    ("offences/", "Offences"), ("comparison/", "Compare forces"), ("", "The report as a whole"),
)  # fmt: skip
SENTENCES = ".//p[@class='lead' or @class='sentence'] | .//figcaption/*[1] | .//section/p[not(@class)]"
HEADINGS = ".//h1 | .//h2 | .//h3 | .//caption"
OTHER_TEXT = (
    ".//*[self::p or self::li or self::dt or self::dd][not(ancestor::aside or ancestor::nav or ancestor::blockquote)]"
    "[not(ancestor::section[contains(@class, 'sure')] or contains(@class, 'paper') or contains(@class, 'address'))]"
)
TABLE_ROWS = re.compile(r"<tbody\b.*?</tbody>", re.S)
SEARCHED = re.compile(r"<(?:p|h1|h2|h3|caption|figcaption|li|dt|dd)\b")
MAX_CHARACTERS = 2000
"""The most text of one page in the search index: an index of 400 pages stays under 1 MB."""


def search_page(pages: Sequence[Page], areas: Mapping[str, str]) -> Page:
    """Return the search page, with a link to every other page; `areas`: the area names of a force by its page."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for page in pages:
        heading = next(title for begin, title in KINDS if page.path.startswith(begin))
        groups.setdefault(heading, []).append((page.path, page.title, areas.get(page.path, "")))
    ordered = [(title, groups[title]) for _, title in KINDS if title in groups]
    return Page("search.html", "search.html", "Search", CERTAINTY_NOTE, (), {"groups": ordered})


def search_index(pages: Sequence[Page], words: Mapping[str, str], areas: Mapping[str, str]) -> str:
    """Return the search index as a script: the title of each page, its `search_words`, and the areas of a force."""
    index = [
        {"path": page.path, "title": page.title, "words": words[page.path]}
        | ({"areas": areas[page.path]} if page.path in areas else {})
        for page in pages
    ]
    return "window.assaySearch = " + _script_json(index) + ";\n"


def search_words(page: str) -> str:
    """Return the headings and first words of a rendered page."""
    main_text = MAIN.search(page)
    if main_text is None:
        return ""
    main = html.fromstring(TABLE_ROWS.sub(_without_plain_rows, main_text[0]))
    texts: dict[str, None] = {}
    for path in (SENTENCES, HEADINGS, OTHER_TEXT):
        if sum(map(len, texts)) <= MAX_CHARACTERS:
            texts |= dict.fromkeys(" ".join(part.text_content().split()) for part in main.xpath(path))
    text = " \u00b7 ".join(text for text in texts if text)
    return text if len(text) <= MAX_CHARACTERS else text[:MAX_CHARACTERS].rsplit(" ", 1)[0]


def _without_plain_rows(rows: re.Match[str]) -> str:
    """Return the rows of a table, or '' if no element in them is searched: most of a page is such rows."""
    return rows[0] if SEARCHED.search(rows[0]) else ""


def _script_json(content: Any) -> str:
    """Return JSON that is safe inside a script element: nothing in it can end the element."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def compare_page(site: ReleasedTables) -> Page | None:
    """Return the page that compares forces; None where fewer than two have figures."""
    data = comparison_data(site)
    if len(data["places"]) < 2 or not data["rows"]:
        return None
    links = [(row["href"], row["title"]) for row in data["rows"]]
    return Page("compare.html", "compare.html", "Compare forces side by side", COMPARISON_NOTE, (), {"links": links})


def comparison_script(site: ReleasedTables) -> str:
    """Return the figures that the comparison page compares, as a JavaScript file."""
    return "window.assayCompare = " + _script_json(comparison_data(site)) + ";\n"


def comparison_data(site: ReleasedTables) -> dict[str, Any]:
    """Return every force with figures, and its figures as text."""
    rows = _indicator_rows(site) if isinstance(site, Inspection) else _measure_rows(site)
    codes = {code for row in rows for code in row["figures"]}
    places = [
        {"code": row["place_code"], "name": row["name"], "href": f"forces/{row['slug']}.html"}
        for row in site.forces
        if row["place_code"] in codes
    ]
    description = "Indicator: own share, then the estimate, shrunk towards the other forces, with its interval"
    return {"places": places, "rows": rows, "what": description, "none": "not given"}


def _indicator_rows(site: Inspection) -> list[dict[str, Any]]:
    rows = []
    for form in site.indicators:
        texts = {}
        for force in site.forces:
            ladder = site.ladder(form["indicator"], force["place_code"])
            if ladder is not None and not ladder["not_askable"] and not is_all_out_of_scope(ladder):
                force_estimate = site.estimate(form["indicator"], force["place_code"])
                parts = (own_share_text(ladder, force_estimate), estimate_text(force_estimate))
                texts[force["place_code"]] = "; ".join(part for part in parts if part != "none")
        rows.append({"title": form["title"], "href": page_path(form), "figures": texts})
    return rows


def _measure_rows(site: ReleasedTables) -> list[dict[str, Any]]:
    rows = []
    for measure in dict.fromkeys(row["measure"] for row in site.rows(SharesRow)):
        found = [
            row
            for row in site.find_rows(SharesRow, measure=measure, financial_year=site.compared_year)
            if row["offence_key"] == site.default and site.has_page(row["place_code"])
        ]
        texts = {row["place_code"]: _measure_text(row) for row in found}
        title = str(site.measure(measure)["title"])
        rows.append({"title": title, "href": f"comparison/{measure}.html", "figures": texts})
    return rows


def _measure_text(row: Row) -> str:
    value, interval_text = estimate_cells(row)
    return (
        f"{published_share(row)}; not compared"
        if value == "none"
        else f"{published_share(row)}; {value} ({interval_text})"
    )
