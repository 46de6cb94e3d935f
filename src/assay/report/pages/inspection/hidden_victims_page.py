"""The page on hidden victims: children known to police, known to partners only, and the capture-recapture bounds.

The sentences are released in a fixed order. The page shows no midpoint of the bounds, because none is released.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from assay.indicators.catalogue.scale.hidden.hidden_sentences import lowest_total
from assay.report.charts.comparison_charts import Range, ranges
from assay.report.number_words import interval, plural, whole
from assay.report.page_elements import Cell, Chart, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import CERTAINTY_NOTE, SUPPRESSION_NOTE, count_text, place_cell
from assay.report.pages.inspection.indicator_charts import responsive_chart
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row
from assay.sdc.cell_status import is_suppressed
from assay.sdc.released_rows.grading_rows import (
    HiddenVictimsChangesRow,
    HiddenVictimsListsRow,
    HiddenVictimsPairsRow,
    HiddenVictimsRow,
)
from assay.sdc.released_rows.published_rows import FindingsRow

ALL_FORCES = "ACROSS"
ALL_FORCES_NAME = "Across forces, as a table of overlaps says"
SIGNS = {
    "positive": "one feeds the other: the hidden are underestimated",
    "negative": "one keeps from the other: the hidden are overestimated",
    "none": "independent",
    "not_known": "not known",
}
METHOD_NOTE = (
    "The children on a list of the police or of a partner, and a range for all children, on a list or on none. The "
    "range is inferred from how the lists overlap. Methods that fit equally well can differ twofold, so there is no "
    "single number."
)


def hidden_victims_page(site: Inspection) -> Page:
    """Return the page of hidden victims; it says so where no lists were received."""
    years = sorted({row["window_from"] for row in site.rows(HiddenVictimsRow) if row["year"]}, reverse=True)
    national = [_estimate_section(site, row) for row in _estimate_rows(site, ALL) + _estimate_rows(site, ALL_FORCES)]
    range_chart = _chart(site, years[0]) if years else None
    context: dict[str, Any] = {
        "how": METHOD_NOTE,
        "national": national,
        "chart": range_chart,
        "table": _table(site, years[0]) if years else None,
        "places": [
            {
                "cell": place_cell(site, force["place_code"]),
                "blocks": [_estimate_section(site, r) for r in _estimate_rows(site, force["place_code"])],
            }
            for force in site.forces
            if _estimate_rows(site, force["place_code"])
        ],
        "changes": _changes(site),
    }
    charts = (range_chart,) if range_chart else ()
    return Page(
        "hidden.html", "inspected/hidden.html", "Hidden victims (estimate)", CERTAINTY_NOTE, (), context, charts
    )


def force_estimates(site: Inspection, place: str) -> list[dict[str, Any]]:
    """Return the sections of one force, one for each year, the latest first."""
    return [_estimate_section(site, row) for row in _estimate_rows(site, place)]


def _estimate_rows(site: Inspection, place: str) -> list[Row]:
    return sorted(site.find_rows(HiddenVictimsRow, place_code=place), key=lambda row: row["window_from"], reverse=True)


def _estimate_section(site: Inspection, row: Row) -> dict[str, Any]:
    """Return the section of one place and year: its sentences, counts, and the lists used."""
    place, first = row["place_code"], row["window_from"]
    found = site.find_row(FindingsRow, key=f"hidden/{place.lower()}/{first}")
    rest = found["sentence"].partition("). ")[2] if found else ""
    title = f"{ALL_FORCES_NAME if place == ALL_FORCES else site.name(place)}, {_window(row)}"
    return {
        "id": f"hidden-{place.lower()}-{first}",
        "title": title,
        "window": _window(row),
        "sentences": _split_sentences(rest),
        "made_of": _basis_sentence(row),
        "cannot_tell": found["cannot_tell"] if found else "",
        "assumptions": found["assumptions"] if found else "",
        "quote": found["quote"] if found else "",
        "lists": _lists(site, row, title),
        "pairs": _pairs(site, row, title),
    }


OPENINGS = ("Known to police: ", "Known to others only: ", "What the lists allow: ", "How far methods disagree: ")


def _split_sentences(text: str) -> list[tuple[str, str]]:
    """Split a finding into its four sentences, each with its opening words."""
    found = []
    for opening, next_opening in zip(OPENINGS, (*OPENINGS[1:], ""), strict=True):
        _, _, rest = text.partition(opening)
        sentence = (rest.partition(next_opening)[0] if next_opening else rest).strip()
        found.append((opening.rstrip(": "), sentence[:1].upper() + sentence[1:]))
    return found


def _basis_sentence(row: Row) -> str:
    if row["place_code"] == ALL:
        return "Worked out force by force and added up; a child whom two forces know is counted in each."
    if not row["made_of"]:
        return ""
    source = "names" if row["made_of"] == "names" else "a table of overlaps, and from no names"
    tail = f" {row['linkage_share']}" if row["linkage_share"] else ""
    population = f"Counted: {row['definition_text'].lower()}. "
    return f"{population}Worked out from {source}: {plural(row['lists'], 'list')}, {row['linkage']}.{tail}"


def _window(row: Row) -> str:
    first, last = date.fromisoformat(row["window_from"]), date.fromisoformat(row["window_to"]) - timedelta(days=1)
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def _range_text(row: HiddenVictimsRow) -> str:
    return interval(lowest_total(row), row["high"], whole) if row["low"] is not None else "not estimated"


NOT_KNOWN = "not known"


def _has_list(row: Row, column: str) -> bool:
    """Return True if a list of the police, or of partners, was received; otherwise the count is unknown, not zero."""
    return row[column] is not None or is_suppressed(row, column)


def _police_count(row: Row) -> str:
    return count_text(row, "known_to_police") if _has_list(row, "known_to_police") else NOT_KNOWN


def _police_only_count(row: Row) -> str:
    """Format the count of children only on police lists; not known if no partner list was received."""
    has_both_lists = _has_list(row, "known_to_police") and _has_list(row, "known_to_partners")
    return count_text(row, "police_only") if has_both_lists else NOT_KNOWN


def _partners_only_count(row: Row) -> str:
    """Format the count of children only on partner lists; not known if no police list was received."""
    has_both_lists = _has_list(row, "known_to_police") and _has_list(row, "known_to_partners")
    return count_text(row, "partners_only") if has_both_lists else NOT_KNOWN


def _chart(site: Inspection, first: str) -> Chart | None:
    rows = [
        row
        for row in site.find_rows(HiddenVictimsRow, window_from=first)
        if row["place_code"] not in (ALL, ALL_FORCES) and row["lists"]
    ]
    if not rows:
        return None
    rows = sorted(rows, key=lambda row: -(row["on_any"] or 0))
    bars = [
        Range(
            site.name(row["place_code"]), row["known_to_police"],
            row["partners_only"] if _has_list(row, "known_to_police") else None, lowest_total(row), row["high"],
            "not estimated",
        )
        for row in rows
    ]  # fmt: skip
    estimated_count = sum(row["low"] is not None for row in rows)
    finding = (
        f"In {estimated_count} of {plural(len(rows), 'force')} the lists allow a range; in the others "
        f"nothing is estimated"
    )
    description = "; ".join(
        f"{site.name(row['place_code'])}: {_police_count(row)} known to police, "
        f"{_partners_only_count(row)} known to others only, {_range_text(row)} in all"
        for row in rows
    )
    reads = (
        f"Children who came to notice from {_window(rows[0])}. The grey band is a range: no place in it is likelier."
    )
    return responsive_chart(
        "hidden children",
        finding,
        reads,
        f"Bars and bands. {description}.",
        lambda w: ranges(bars, w, finding),
        (
            ("Force", "Known to police", "Known to others only", "What the lists allow"),
            *((site.name(r["place_code"]), _police_count(r), _partners_only_count(r), _range_text(r)) for r in rows),
        ),
    )


def _table(site: Inspection, first: str) -> Grid:
    heads = (
        "Force",
        "#Known to police",
        "#Of them on no partner\u2019s list",
        "#Known to others only",
        "#What the lists allow",
        "Worked out from",
    )
    rows = []
    for force in site.forces:
        row = site.find_row(HiddenVictimsRow, place_code=force["place_code"], window_from=first)
        if row:
            counts = (_police_count(row), _police_only_count(row), _partners_only_count(row))
            rows.append((place_cell(site, force["place_code"]), *counts, _range_text(row), row["made_of"] or "nothing"))
    return grid("Every force, the latest year", heads, rows, note=SUPPRESSION_NOTE, dense=True)


def _lists(site: Inspection, row: Row, title: str) -> Grid | None:
    list_rows = site.find_rows(HiddenVictimsListsRow, place_code=row["place_code"], window_from=row["window_from"])
    cells = [
        (
            list_row["name"][:1].upper() + list_row["name"][1:],
            list_row["holder"].capitalize(),
            count_text(list_row, "children"),
        )
        for list_row in list_rows
    ]
    return grid(f"{title}: list by list", ("List", "Whose", "#Children"), cells) if cells else None


def _pairs(site: Inspection, row: Row, title: str) -> Grid | None:
    key = {"place_code": row["place_code"], "window_from": row["window_from"]}
    names = {list_row["list_key"]: list_row["name"] for list_row in site.find_rows(HiddenVictimsListsRow, **key)}
    cells = [
        (
            f"{names[pair['first']]} / {names[pair['second']]}",
            count_text(pair, "both_lists"),
            SIGNS[pair["sign"]],
            pair["reason"],
        )
        for pair in site.find_rows(HiddenVictimsPairsRow, **key)
    ]
    heads = ("Two lists", "#Children on both", "How they depend on one another", "Why")
    return grid(f"{title}: pair by pair", heads, cells) if cells else None


def _changes(site: Inspection) -> Grid | None:
    rows: list[tuple[str | Cell, ...]] = []
    for row in site.rows(HiddenVictimsChangesRow):
        likely = "none" if row["probability_fewer"] is None else f"{round(100 * row['probability_fewer'])}%"
        times = "none" if row["low"] is None else f"{row['low']:.2f} to {row['high']:.2f} times"
        name = place_cell(site, row["place_code"]) if row["place_code"] in site.places else ALL_FORCES_NAME
        rows.append((name, row["earlier_from"], row["later_from"], _direction(row), likely, times))
    heads = (
        "Force",
        "Year from",
        "Beside the year from",
        "Children, on a list or on none",
        "#Probability of fewer",
        "#The later over the earlier",
    )
    note = (
        "Both years are estimated together, so that lists which find fewer children are not taken for fewer children. "
        "A direction is named only where both years together, and each alone, say the same."
    )
    return grid("More or fewer than before", heads, rows, note=note, dense=True) if rows else None


def _direction(row: Row) -> str:
    if row["refusal"]:
        return f"cannot be said: {row['refusal']}"
    return str(row["direction"]) if row["direction"] in ("more", "fewer") else "cannot be said"
