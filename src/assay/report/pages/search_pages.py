"""How does a reader find a page by words, and set two forces side by side, from files on their own machine?

Both pages work without a script, as lists of links; with one they read a file of data that lies beside them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import html

from assay.report.page_elements import Page
from assay.report.pages.inspection.figure_sentences import estimate, is_all_outside, own, path_of
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.quotable_figures import estimated, published
from assay.report.report_tables import Row, Site

SURE = "This page only leads to others: each of them says how sure it is."
BESIDE = (
    "Every figure here is that of a page of its own, with the interval in which it lies. Two intervals that overlap "
    "can belong to forces that do not differ at all."
)
KINDS = (
    ("lines/", "Lines of enquiry"), ("indicators/", "Indicators"), ("waits/", "Waits"), ("forces/", "Forces"),
    ("people/", "For whom"), ("recommendations/", "Recommendations"), ("questions/", "Questions"),
    ("offences/", "Offences"), ("comparison/", "Side by side"), ("", "The report as a whole"),
)  # fmt: skip
MOST_CHARACTERS = 700


def search_page(made: Sequence[Page]) -> Page:
    """The page of search, with a link to every other page."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for page in made:
        heading = next(said for begin, said in KINDS if page.path.startswith(begin))
        groups.setdefault(heading, []).append((page.path, page.title))
    ordered = [(said, groups[said]) for _, said in KINDS if said in groups]
    return Page("search.html", "search.html", "Search", SURE, (), {"groups": ordered})


def search_index(made: Sequence[Page], rendered: Mapping[str, str]) -> str:
    """The words by which each page is found: its title, its headings and its first words."""
    index = [{"path": page.path, "title": page.title, "words": _words(rendered[page.path])} for page in made]
    return "window.assaySearch = " + _as_script(index) + ";\n"


def _words(page: str) -> str:
    main = html.fromstring(page).find(".//main")
    if main is None:
        return ""
    found = main.xpath(".//h1 | .//h2 | .//h3 | .//caption | .//p[@class='lead']")
    return " ".join(" ".join(part.text_content() for part in found).split())[:MOST_CHARACTERS]


def _as_script(told: Any) -> str:
    """As JSON that may stand in a script: nothing in it can end it."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def compare_page(site: Site) -> Page | None:
    """The page that sets two forces side by side; None where fewer than two have figures."""
    told = comparable(site)
    if len(told["places"]) < 2 or not told["rows"]:
        return None
    links = [(row["href"], row["title"]) for row in told["rows"]]
    return Page("compare.html", "compare.html", "Two forces side by side", BESIDE, (), {"links": links})


def compare_figures(site: Site) -> str:
    """The figures of that page, as they are printed elsewhere."""
    return "window.assayCompare = " + _as_script(comparable(site)) + ";\n"


def comparable(site: Site) -> dict[str, Any]:
    """Every force that has figures, and every figure of each, in words."""
    rows = _of_indicators(site) if isinstance(site, Inspection) else _of_measures(site)
    told = {code for row in rows for code in row["said"]}
    places = [
        {"code": row["place_code"], "name": row["name"], "href": f"forces/{row['slug']}.html"}
        for row in site.forces
        if row["place_code"] in told
    ]
    what = "Indicator: own share, then the estimate with its interval"
    return {"places": places, "rows": rows, "what": what, "none": "not given"}


def _of_indicators(site: Inspection) -> list[dict[str, Any]]:
    rows = []
    for form in site.indicators:
        said = {}
        for force in site.forces:
            ladder = site.ladder(form["indicator"], force["place_code"])
            if ladder is not None and not ladder["not_askable"] and not is_all_outside(ladder):
                standing = site.standing(form["indicator"], force["place_code"])
                parts = (own(ladder, standing), estimate(standing))
                said[force["place_code"]] = "; ".join(part for part in parts if part != "none")
        rows.append({"title": form["title"], "href": path_of(form), "said": said})
    return rows


def _of_measures(site: Site) -> list[dict[str, Any]]:
    rows = []
    for measure in dict.fromkeys(row["measure"] for row in site.rows("shares")):
        found = [
            row
            for row in site.by("shares", measure=measure, financial_year=site.compared_year)
            if row["offence_key"] == site.default and site.has_page(row["place_code"])
        ]
        said = {row["place_code"]: _in_words(row) for row in found}
        title = str(site.measure(measure)["title"])
        rows.append({"title": title, "href": f"comparison/{measure}.html", "said": said})
    return rows


def _in_words(row: Row) -> str:
    value, between = estimated(row)
    return f"{published(row)}; not compared" if value == "none" else f"{published(row)}; {value} ({between})"
