"""What does each indicator say: of all bodies, of each, of whom it leaves out, and of what it cannot tell?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assay.report.page_elements import Cell, Figure, Grid, Page, grid
from assay.report.pages.inspection.closure_section import before_closing
from assay.report.pages.inspection.figure_sentences import (
    HIDDEN_NOTE,
    NOT_HERE,
    OUTSIDE_NOTE,
    SURE,
    beside,
    brief,
    count_words,
    estimate,
    holder_words,
    is_all_outside,
    own,
    path_of,
    place_cell,
    rank_words,
    said_of,
    share_words,
    span,
    status,
    unheaded,
)
from assay.report.pages.inspection.indicator_charts import (
    answers_by_force,
    answers_of_all,
    charts_of,
    funnel,
    one_each,
    overview,
    sorted_forces,
)
from assay.report.pages.inspection.released_tables import ALL, APART, Inspection
from assay.report.report_tables import Row

CRUMBS = (("Indicators", "indicators/index.html"),)
COUNTS = ("records", "outside", "left_out", "not_known_if_counted", "met", "not_met", "not_known")
HEADS = ("#Records", "#Outside", "#Left out", "#Not known if counted", "#Met", "#Not met", "#Not known")
ESTIMATES = (
    "Estimates are drawn towards the other forces by as much as chance could explain; ranks are printed only with "
    "their 95% interval, 1st is the highest share."
)


def indicator_pages(site: Inspection) -> list[Page]:
    """The index of indicators, and one page for each."""
    return [_index(site), *(_page(site, form) for form in site.indicators)]


def _index(site: Inspection) -> Page:
    chart = overview(site)
    groups = [
        {"line": line, "forms": [(form, status(form), path_of(form), brief(site, form)) for form in forms]}
        for line in site.lines
        if (forms := [form for form in site.indicators if form["line"] == line["line"]])
    ]
    told = {"groups": groups, "chart": chart, "crumb": "Indicators"}
    return Page("indicators/index.html", "inspected/indicators.html", "Indicators", SURE, (), told, charts_of([chart]))


def _page(site: Inspection, form: Row) -> Page:
    charts = {
        "whole": answers_of_all(site, form),
        "sorted": sorted_forces(site, form),
        "funnel": funnel(site, form),
        "answers": answers_by_force(site, form),
    }
    told: dict[str, Any] = {
        "form": form,
        "status": status(form),
        "holder": holder_words(form),
        "headline": _headline(site, form),
        "all_table": _all_table(site, form),
        "forces_table": _forces_table(site, form),
        "answers_table": _answers_table(site, form),
        "apart_table": _apart_table(site, form),
        "reasons": _reasons(site, form["indicator"]),
        "reasons_by_force": _reasons_by_force(site, form["indicator"]),
        "not_compared": _not_compared(site, form),
        "cannot": cannot_be_asked(site, "ladders", "indicator", form["indicator"]),
        "examples": _examples(site, form),
        "asks": _asks(site, form),
        "before_closing": before_closing(site, form),
        **charts,
    }
    drawn = charts_of(list(charts.values()))
    return Page(path_of(form), "inspected/indicator.html", form["title"], SURE, CRUMBS, told, drawn)


def _headline(site: Inspection, form: Row) -> Figure | None:
    said = said_of(site, form)
    return replace(unheaded(site, form, said), anchor="headline") if said else None


def _all_table(site: Inspection, form: Row) -> Grid:
    rows: list[tuple[str, ...]] = []
    for when in ("all", *APART):
        row = site.ladder(form["indicator"], ALL, when)
        if row is not None:
            name = {"all": "Everyone", "not known": "Not known when"}.get(when, when.capitalize())
            of_base = site.standing(form["indicator"], ALL) if when == "all" else None
            rows.append((name, *_counts(row), own(row, of_base), span(row, "share_lowest", "share_highest")))
    return grid(
        "All bodies together, and apart by whether the victim was a child when the matter was reported",
        ("Reported", *HEADS, "#Share that meets it", "#Could be"),
        rows,
        note=HIDDEN_NOTE,
        dense=True,
    )


def _counts(row: Row) -> tuple[str, ...]:
    return tuple(count_words(row, column) for column in COUNTS)


def _ladders(site: Inspection, form: Row, when: str = "all") -> list[Row]:
    rows = site.by("ladders", indicator=form["indicator"], when_reported=when)
    held = [row for row in rows if row["place_code"] != ALL]
    return sorted(held, key=lambda row: site.name(row["place_code"]))


def _one_each_table(site: Inspection, form: Row) -> Grid:
    return grid(
        f"{form['title']}: the answer of every body",
        ("Body", "Answer"),
        [
            (place_cell(site, row["place_code"]), own(row, None))
            for row in _ladders(site, form)
            if not row["not_askable"]
        ],
        note="Each body is one record, so there is nothing to rank.",
    )


def _forces_table(site: Inspection, form: Row) -> Grid:
    if one_each(site, form):
        return _one_each_table(site, form)
    rows = sorted(
        site.standings(form["indicator"]),
        key=lambda r: (bool(r["not_comparable"]), -(r["share"] or -1), r["place_code"]),
    )
    return grid(
        f"{form['title']}: every body",
        (
            "Body",
            "#Own share",
            "#Estimate, 95% interval",
            "#Rank",
            "#Do not tell",
            "#Others predict",
            "Higher or lower?",
        ),
        [
            (
                place_cell(site, row["place_code"]),
                own(site.ladder(form["indicator"], row["place_code"]), row),
                estimate(row),
                rank_words(site, row),
                share_words(row, "not_known_share"),
                *beside(row, site.ladder(form["indicator"], row["place_code"])),
            )
            for row in rows
        ],
        dense=True,
        note=f"{ESTIMATES} {OUTSIDE_NOTE} {HIDDEN_NOTE}",
    )


def _answers_table(site: Inspection, form: Row) -> Grid:
    return grid(
        f"{form['title']}: outside and the five answers, every body",
        ("Body", *HEADS, "#Could be"),
        [
            (place_cell(site, row["place_code"]), *_counts(row), span(row, "share_lowest", "share_highest"))
            for row in _ladders(site, form)
            if not row["not_askable"]
        ],
        note=HIDDEN_NOTE,
        dense=True,
    )


def _apart_table(site: Inspection, form: Row) -> Grid | None:
    """Children and adults when reported, body by body; None where the indicator is not split."""
    rows = []
    for row in _ladders(site, form):
        apart = [site.ladder(form["indicator"], row["place_code"], when) for when in APART]
        if any(apart) and not row["not_askable"]:
            said = [(share_words(one), _of(one)) for one in apart[:2]]
            rows.append((place_cell(site, row["place_code"]), *said[0], *said[1], _of(apart[2])))
    if not rows:
        return None
    return grid(
        "Share that meets it, apart by whether the victim was a child when the matter was reported",
        (
            "Body",
            "#Child when reported",
            "#Met and not met",
            "#Adult when reported",
            "#Met and not met",
            "#Not known when: met and not met",
        ),
        rows,
        note=HIDDEN_NOTE,
        dense=True,
    )


def _of(row: Row | None) -> str:
    """The two counts a share rests on: '120 and 35'."""
    if row is None:
        return "none"
    return f"{count_words(row, 'met')} and {count_words(row, 'not_met')}"


def reason_words(reason: str) -> str:
    """The key of a reason in words: 'not yet due'."""
    return reason.replace("_", " ").capitalize()


def _reasons(site: Inspection, key: str) -> Grid | None:
    rows = site.by("left_out", indicator=key, place_code=ALL)
    if not rows:
        return None
    order = sorted(rows, key=lambda row: (-(row["records"] or 0), row["reason"]))
    return grid(
        "Left out, by the first reason that holds, all bodies together",
        ("Reason", "#Records"),
        [(reason_words(row["reason"]), count_words(row, "records")) for row in order],
    )


def _reasons_by_force(site: Inspection, key: str) -> Grid | None:
    rows = [row for row in site.by("left_out", indicator=key) if row["place_code"] != ALL]
    if not rows:
        return None
    reasons = list(dict.fromkeys(sorted(row["reason"] for row in rows)))
    held = {(row["place_code"], row["reason"]): count_words(row, "records") for row in rows}
    places = sorted({row["place_code"] for row in rows}, key=site.name)
    return grid(
        "Left out, by body and reason",
        ("Body", *(f"#{reason_words(reason)}" for reason in reasons)),
        [(place_cell(site, place), *(held.get((place, reason), "0") for reason in reasons)) for place in places],
        dense=True,
    )


def _not_compared(site: Inspection, form: Row) -> list[tuple[Cell, str]]:
    rows = [row for row in site.standings(form["indicator"]) if row["not_comparable"] and not one_each(site, form)]
    return [
        (place_cell(site, row["place_code"]), _why_not(site, row))
        for row in sorted(rows, key=lambda r: site.name(r["place_code"]))
    ]


def _why_not(site: Inspection, row: Row) -> str:
    """Why a body is not compared; of one that has no record within the question, that."""
    is_out = is_all_outside(site.ladder(row["indicator"], row["place_code"]))
    return f"{NOT_HERE}." if is_out else str(row["not_comparable"])


def cannot_be_asked(site: Inspection, table: str, column: str, key: str) -> list[tuple[Cell, str]]:
    """The bodies of which it cannot be asked, each with the reason, of an indicator, a wait or a count."""
    held: dict[str, str] = {}
    for row in site.by(table, **{column: key}):
        if row["not_askable"] and row["place_code"] != ALL:
            held.setdefault(row["place_code"], row["not_askable"])
    return [(place_cell(site, place), held[place]) for place in sorted(held, key=site.name)]


def _examples(site: Inspection, form: Row) -> Grid | None:
    rows = site.by("indicator_examples", indicator=form["indicator"])
    if not rows:
        return None
    return grid(
        "Examples: what is known of a record, and the answer that follows",
        ("What is known", "Answer"),
        [
            (
                row["facts"],
                f"{row['answer']}: {reason_words(row['reason']).lower()}" if row["reason"] else row["answer"],
            )
            for row in rows
        ],
    )


def _asks(site: Inspection, form: Row) -> list[tuple[str, str]]:
    """The questions of the inspection that it bears on, as (number, text)."""
    numbers = (form["asks"] or "").split()
    found = [(number, site.one("questions", number=number)) for number in numbers]
    return [(number, row["text"] if row else "") for number, row in found]
