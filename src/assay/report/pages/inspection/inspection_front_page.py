"""What was asked of forces, what was found in their records, and how sure is it?"""

from __future__ import annotations

from typing import Any

from assay.report.number_words import whole
from assay.report.page_elements import Figure, Page
from assay.report.pages.inspection.figure_sentences import SURE, path_of, said_of, status, unheaded
from assay.report.pages.inspection.indicator_charts import charts_of, graded
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.pages.inspection.wait_pages import headline_words
from assay.report.pages.published_front_page import ASKED
from assay.report.report_tables import Row


def front_page(site: Inspection) -> Page:
    """The first page: the request, what was found by line of enquiry, how to read."""
    chart = graded(site)
    about = site.about
    told = {
        "about": about,
        "period": site.period,
        "asked": whole(about.get("bodies_asked")),
        "received": whole(about.get("returns_received")),
        "refused": about.get("returns_refused") or 0,
        "chart": chart,
        "lines": [_line(site, line) for line in site.lines],
        "kinds": _kinds(site),
        "judged": bool(site.rows("grades")),
    }
    return Page(
        "index.html", "inspected/front.html", about["title"] or "Inspection", SURE, (), told, charts_of([chart])
    )


def _line(site: Inspection, line: dict[str, Any]) -> dict[str, Any]:
    forms = [form for form in site.indicators if form["line"] == line["line"]]
    waits = [form for form in site.waits if form["line"] == line["line"]]
    found = [(form, status(form), path_of(form), _said(site, form)) for form in _lowest_first(site, forms)]
    return {
        **line,
        "asked": ASKED.get(line["line"], ""),
        "found": [one for one in found if one[1].key == "graded" and one[3] and _has_share(site, one[0])],
        "briefly": [(form, path, said.label) for form, stands, path, said in found
                    if stands.key != "graded" and said and _has_share(site, form)],
        "silent": [(form, path, said.label if said else "No share can be shown.")
                   for form, _, path, said in found if not (said and _has_share(site, form))],
        "waits": [(form, path_of(form), headline_words(site, form)) for form in waits],
    }  # fmt: skip


def _has_share(site: Inspection, form: Row) -> bool:
    row = site.ladder(form["indicator"], ALL)
    return row is not None and row["share"] is not None


def _said(site: Inspection, form: Row) -> Figure | None:
    said = said_of(site, form)
    return unheaded(site, form, said) if said else None


def _lowest_first(site: Inspection, forms: list[Row]) -> list[Row]:
    """Those that grade first, and of each kind the lowest share of all bodies first; no share comes last."""
    order = {"graded": 0, "shown": 1, "system": 2}

    def place(form: Row) -> tuple[int, bool, float]:
        row = site.ladder(form["indicator"], ALL)
        share = row["share"] if row else None
        return order[status(form).key], share is None, share or 0.0

    return sorted(forms, key=place)


def _kinds(site: Inspection) -> list[tuple[str, str, int]]:
    """The three standings an indicator may have, with their meaning and how many have it."""
    held = [status(form) for form in site.indicators]
    keys = list(dict.fromkeys(one.key for one in held))
    order = [key for key in ("graded", "shown", "system") if key in keys]
    first = {key: next(one for one in held if one.key == key) for key in order}
    return [(key, first[key].tag, sum(one.key == key for one in held)) for key in order]
