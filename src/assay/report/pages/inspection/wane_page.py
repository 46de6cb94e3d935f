"""Is any of it falling: every series side by side, forces' own claims beside them, and no verdict on exploitation?"""

from __future__ import annotations

from typing import Any

from assay.report.charts.force_profile_chart import Group, Mark, standing
from assay.report.derived_numbers import tallied
from assay.report.number_words import change, interval, plural
from assay.report.page_elements import Cell, Chart, Figure, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import place_cell
from assay.report.pages.inspection.indicator_charts import chart, charts_of
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.pages.inspection.scale_page import finding
from assay.report.quotable_figures import found_figure
from assay.report.report_tables import Row

SURE = (
    "Each probability is of the level of one series, from a model that takes out the season and chance. None is of "
    "exploitation: a count also moves with reporting, recording and marking, and an estimate with the lists that it "
    "rests on."
)
PATH = "falling.html"
KINDS = ("recorded", "unrecorded", "marked", "unflagged", "hidden", "partners", "published")
SHORT = {
    "recorded": "Recorded", "unrecorded": "Corrected for recording", "marked": "Marked",
    "unflagged": "Corrected for the unmarked", "hidden": "On no list",
    "partners": "New on partners\u2019 lists", "published": "As published",
}  # fmt: skip
SAID = {
    "no groups": "There are no groups", "none": "There is none", "falling": "It is falling", "rising": "It is rising",
    "unchanged": "It has not changed",
}  # fmt: skip
HEADLINE = 3
SCALE = "Probability that the level of the series fell"


def wane_page(site: Inspection) -> Page:
    """Every series of all bodies together, then body by body, then what forces say of themselves."""
    drawn = _chart(site)
    told: dict[str, Any] = {
        "said": finding(site, "scale_series", ALL),
        "chart": drawn,
        "table": series_table(site, ALL),
        "places": _places(site),
        "claims": claims_table(site, [row["place_code"] for row in site.forces]),
        "against": _against(site),
    }
    return Page(PATH, "inspected/wane.html", "Is any of it falling?", SURE, (), told, charts_of([drawn]))


def headlines(site: Inspection, place: str) -> dict[str, Row]:
    """Of each series of a place, the row over three years, else over the longest answered within them, else the
    shortest."""
    found: dict[str, Row] = {}
    for kind in KINDS:
        rows = sorted(site.by("scale_trends", place_code=place, kind=kind), key=lambda row: row["years_apart"])
        answered = [row for row in rows if not row["refusal"] and row["years_apart"] <= HEADLINE]
        if rows:
            found[kind] = answered[-1] if answered else rows[0]
    return found


def _chart(site: Inspection) -> Chart | None:
    rows = headlines(site, ALL)
    if all(row["probability_fell"] is None for row in rows.values()):
        return None
    marks = tuple(
        Mark(row["series"], row["probability_fell"], None, None, absent="cannot be said: see the table")
        for row in rows.values()
    )
    told = sum(row["probability_fell"] is not None for row in rows.values())
    tallied(len(rows))
    words = f"Of {plural(len(rows), 'series', 'series')}, {tallied(told) if told else 'none'} can be followed"
    reads = (
        "Dot: the probability that the level of the series is lower than it was. Near 50%: it cannot be said. A series "
        "that cannot be followed is named all the same."
    )
    alt = "Dot chart. " + "; ".join(f"{row['series']}: {chance_words(row)}" for row in rows.values()) + "."
    groups = (Group("All bodies together", marks),)
    return chart("falling all", words, reads, alt, lambda w: standing(groups, w, words, SCALE))


def chance_words(row: Row | None) -> str:
    """'82 in 100', or that it cannot be said."""
    if row is None or row["probability_fell"] is None:
        return "cannot be said"
    return f"{round(100 * row['probability_fell'])} in 100"


def series_table(site: Inspection, place: str) -> Grid | None:
    """Every series of one place, with what else moves it or why it cannot be said."""
    rows: list[tuple[Cell | str, ...]] = []
    for row in headlines(site, place).values():
        between = interval(row["change_low"], row["change_high"], change) if row["change_low"] is not None else "none"
        years = plural(row["years_apart"], "year") if not row["refusal"] else "none"
        rows.append((row["series"], chance_words(row), between, years, row["refusal"] or row["explanation"]))
    heads = ("Series", "#It fell", "#Change, 95% interval", "#Over", "What else moves it, or why it cannot be said")
    return (
        grid(
            "Every series of all bodies together" if place == ALL else f"Every series of {site.name(place)}",
            heads,
            rows,
        )
        if rows
        else None
    )


def _places(site: Inspection) -> Grid | None:
    shown = [kind for kind in SHORT if site.by("scale_trends", kind=kind)]
    rows: list[tuple[Cell | str, ...]] = []
    for force in site.forces:
        held = headlines(site, force["place_code"])
        if held:
            rows.append((place_cell(site, force["place_code"]), *(chance_words(held.get(kind)) for kind in shown)))
    heads = ("Body", *(f"#{SHORT[kind]}" for kind in shown))
    note = (
        "Probability that the level of each series fell, over three years, or over the longest span within them that "
        "could be answered."
    )
    return grid("Every body", heads, rows, note=note, dense=True) if rows else None


def claims_table(site: Inspection, places: list[str]) -> Grid | None:
    """What forces say of themselves, and what their own records say of that."""
    rows: list[tuple[Cell | str, ...]] = []
    for place in places:
        for row in site.by("scale_claims", place_code=place):
            against = "Groups in its records" if row["held_against"] == "groups" else SHORT[row["held_against"]]
            told = (row["said_on"], against, _sure(row), row["verdict"].capitalize(), row["why"])
            rows.append((Cell(site.name(place), place_cell(site, place).href), SAID[row["said"]], *told))
    heads = ("Body", "It says", "When", "Held against", "How sure", "Its records", "Why")
    return grid("What forces say of themselves, held against their own records", heads, rows) if rows else None


def _sure(row: Row) -> str:
    if row["held_against"] == "groups":
        return f"{row['readings_held']} of {row['readings']} ways to decide who is the same person"
    return "cannot be said" if row["probability_fell"] is None else f"fell: {chance_words(row)}"


def _against(site: Inspection) -> list[Figure]:
    """The findings on claims that records contradict, force by force."""
    rows = site.by("findings", measure="scale_claim")
    bad = {
        (row["place_code"], row["claim"], row["said"], row["held_against"])
        for row in site.rows("scale_claims")
        if row["verdict"] == "contradicted"
    }
    names = {f"{claim} {said} {against}".replace(" ", "-").lower() for _, claim, said, against in bad}
    return [found_figure(site, row) for row in rows if row["key"].rpartition("/")[2] in names]
