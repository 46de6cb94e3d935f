"""How much is there: the parts side by side, whom each definition takes in, what becomes of flags and records?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assay.report.charts import part_bars as drawn_parts
from assay.report.charts import upset_chart as drawn_upset
from assay.report.derived_numbers import worked_out
from assay.report.number_words import slug, whole
from assay.report.page_elements import Cell, Chart, Figure, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import (
    HIDDEN_NOTE,
    count_words,
    path_of,
    place_cell,
    share_words,
    span,
)
from assay.report.pages.inspection.indicator_charts import chart, charts_of
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.quotable_figures import found_figure
from assay.report.report_tables import Row

SURE = (
    "What was counted is exact for the records that came, and hangs on who is the same person; what was estimated has "
    "two ends and no middle. The parts are counted in different ways, overlap at their edges, and are not to be added "
    "to one figure of the problem."
)
PATH = "scale.html"
NAMES = {
    "marked": "Known to the police and marked",
    "unmarked": "Known to the police and not marked",
    "others only": "On partners\u2019 lists only",
    "hidden": "On no list",
}
"""The parts in the order in which they are always said."""
DEFINITION = "flagged_or_titled_cse"
COUNTED = {"children": "Children", "suspects": "Suspects who are named", "crimes": "Crimes"}
SPLITS = {"year": "by financial year of recording", "band": "by age at the offence", "sex": "by sex"}
SEXES = {"F": "female", "M": "male", "O": "other"}
MOST_PATTERNS = 14
RECORDS = ("report_became_crime", "n100_on_record", "crime_cancelled")
"""What became of reports and of crime records."""
NO_SAMPLE = (
    "No marked files tell how many of the crimes that should be recorded were recorded. Draw a sample of records, have "
    "it read with the question set recording_case, and run again."
)

PART_BEGINS = re.compile(
    "(?<=[.;]) "
    "(?=Known to the police|[Kk]nown and not marked|Known to others only|What the lists allow|How far methods)"
)
"""Where the finding on how much there is goes from one part to the next."""


def scale_page(site: Inspection) -> Page:
    """All bodies together, and every body beside them."""
    whole_parts, of_children, of_crimes = parts_chart(site, ALL), _upset(site, "children"), _upset(site, "crimes")
    told: dict[str, Any] = {
        "said": finding(site, "scale_parts", ALL),
        "chart": whole_parts,
        "why_not": why_not(site, ALL),
        "places": _places(site),
        "counted": [_counted(site, what) for what in COUNTED if site.by("distinct", counted=what)],
        "upsets": [one for one in (of_children, of_crimes) if one],
        "split": [one for what in COUNTED for split in SPLITS if (one := _split(site, what, split))],
        "removed": [one for split in ("removed_by", "removed_why") if (one := _flags(site, split))],
        "episodes": _flags(site, "episodes_before"),
        "accuracy": _accuracy(site),
        "no_sample": NO_SAMPLE,
        "note": HIDDEN_NOTE,
        "forms": _forms(site),
    }
    return Page(
        PATH, "inspected/scale.html", "How much there is", SURE, (), told, charts_of([whole_parts, *told["upsets"]])
    )


def _forms(site: Inspection) -> list[Cell]:
    """The indicators and the wait that say more, each with its page."""
    asked = [site.one("waits", wait="first_sign_to_flag")]
    asked += [site.one("indicators", indicator=key) for key in ("flag_removed", *RECORDS)]
    return [Cell(form["title"], path_of(form)) for form in asked if form]


def finding(site: Inspection, measure: str, place: str) -> Figure | None:
    """What may be said of the parts, or of the series, in one place; the parts one by one, in their order."""
    row = site.finding(measure, place)
    if row is None:
        return None
    made = found_figure(site, row)
    anchor = slug(f"{measure} {place}" if place != ALL else measure)
    return replace(made, anchor=anchor, points=_points(made.label))


def _points(said: str) -> tuple[str, ...]:
    """The sentence cut where each part begins; nothing where none does."""
    points = [f"{one[:1].upper()}{one[1:].rstrip(';.')}." for one in PART_BEGINS.split(said)]
    return tuple(points) if len(points) > 1 else ()


def known(site: Inspection, place: str) -> Row | None:
    """The children in crimes that are marked, of one place: of the year of which the parts are told, or the period."""
    asked = {"counted": "children", "definition": DEFINITION, "place_code": place}
    year = span_of(site, place)
    return site.one("distinct_parts", **asked, split="year", value=year) if year else site.one("distinct", **asked)


def span_of(site: Inspection, place: str) -> str:
    """The financial year of which the parts of a place are told; '' where they are of the whole period."""
    rows = site.by("scale_parts", place_code=place)
    return str(rows[0]["span"] or "") if rows else ""


def parts_chart(site: Inspection, place: str) -> Chart | None:
    """The four parts of one place in one picture."""
    rows = {row["part"]: row for row in site.by("scale_parts", place_code=place)}
    if not rows:
        return None
    shown = [_part(site, place, part, rows[part]) for part in NAMES if part in rows]
    lacking = [NAMES[part].lower() for part in NAMES if part in rows and rows[part]["why_not"]]
    name = site.name(place)
    year = span_of(site, place)
    finding_words = f"{name}{', ' + year if year else ''}: " + (
        f"{len(NAMES) - len(lacking)} of {len(NAMES)} parts can be said" if lacking else "every part can be said"
    )
    reads = (
        "Bars: children who were counted, rounded to 5. Open ranges: estimates, from one end to the other, with no "
        "middle. Where a part cannot be said the reason stands below."
    )
    alt = f"Bar chart. {'; '.join(f'{one.name}: {one.said}' for one in shown)}."
    return chart(
        f"parts {place}", finding_words, reads, alt, lambda w: drawn_parts.parts(shown, w, finding_words, "Children")
    )


def _part(site: Inspection, place: str, part: str, row: Row) -> drawn_parts.Part:
    name = NAMES[part]
    if part == "marked":
        held = known(site, place)
        return drawn_parts.Part(name, _number(held), held["number"] if held else None)
    if row["why_not"]:
        return drawn_parts.Part(name, "cannot be said", css="")
    if part == "others only":
        return drawn_parts.Part(name, count_words(row, "number"), row["number"], css="fc")
    unit = "" if row["unit"] == "children" else f" {row['unit']}"
    said = f"{count_words(row, 'low')} to {count_words(row, 'high')}{unit}"
    return drawn_parts.Part(name, said, None, row["low"], row["high"])


def _number(row: Row | None) -> str:
    """A count, with how far it moves with who is the same person."""
    if row is None:
        return "none"
    low, high = row["number_low"], row["number_high"]
    moves = f" ({whole(low)} to {whole(high)})" if None not in (low, high) and low != high else ""
    return count_words(row, "number") + moves


def part_words(site: Inspection, place: str, part: str) -> str:
    """One part of one place, as it stands in a table."""
    row = site.one("scale_parts", place_code=place, part=part)
    if row is None:
        return "none"
    if part == "marked":
        return _number(known(site, place))
    if row["why_not"]:
        return "cannot be said"
    if part in ("others only", "police only"):
        return count_words(row, "number")
    unit = "" if row["unit"] == "children" else f" {row['unit']}"
    return f"{count_words(row, 'low')} to {count_words(row, 'high')}{unit}"


def why_not(site: Inspection, place: str) -> list[tuple[str, str]]:
    """Which parts cannot be said of a place, and what to ask for."""
    rows = {row["part"]: row for row in site.by("scale_parts", place_code=place)}
    return [(NAMES[part], rows[part]["why_not"]) for part in NAMES if part in rows and rows[part]["why_not"]]


def _places(site: Inspection) -> Grid:
    heads = ("Body", *(f"#{name}" for name in NAMES.values()), "#Marked, and on no partner\u2019s list")
    rows: list[tuple[Cell | str, ...]] = [
        (place_cell(site, place), *(part_words(site, place, part) for part in (*NAMES, "police only")))
        for place in _held(site)
    ]
    return grid("The parts, every body", heads, rows, note=f"{_MOVES} {HIDDEN_NOTE}", dense=True)


_MOVES = "In brackets: the lowest and the highest count over the ways to decide who is the same person."


def _held(site: Inspection) -> list[str]:
    return [
        place
        for place in (ALL, *(row["place_code"] for row in site.forces))
        if site.by("scale_parts", place_code=place)
    ]


def _titles(site: Inspection) -> dict[str, str]:
    """The definitions of a crime, in their own order."""
    return {
        row["definition"]: row["title"] for key in ("cse_crimes", "group_crimes") for row in site.counts.get(key, [])
    }


def _counted(site: Inspection, what: str) -> Grid:
    titles = _titles(site)
    rows: list[tuple[Cell | str, ...]] = []
    for place in _held(site):
        held = [site.one("distinct", counted=what, definition=key, place_code=place) for key in titles]
        rows.append((place_cell(site, place), *(_number(row) for row in held)))
    note = f"{_MOVES} {HIDDEN_NOTE}" if what != "crimes" else HIDDEN_NOTE
    caption = f"{COUNTED[what]}, under each definition"
    return grid(caption, ("Body", *(f"#{title}" for title in titles.values())), rows, note=note, dense=True)


def _split(site: Inspection, what: str, split: str) -> Grid | None:
    titles = _titles(site)
    held = site.by("distinct_parts", counted=what, split=split, place_code=ALL)
    values = list(dict.fromkeys(sorted((row["value"] for row in held), key=_in_order)))
    rows: list[tuple[Cell | str, ...]] = []
    for value in values:
        cells = [
            site.one("distinct_parts", counted=what, definition=key, place_code=ALL, split=split, value=value)
            for key in titles
        ]
        said = (count_words(row, "number") if row else "none" for row in cells)
        rows.append((SEXES.get(str(value), str(value)), *said))
    heads = ("Of whom", *(f"#{title}" for title in titles.values()))
    caption = f"{COUNTED[what]} of all bodies together, {SPLITS[split]}"
    return grid(caption, heads, rows, dense=True) if rows else None


def _in_order(value: str) -> tuple[bool, int, str]:
    """Bands by their first number, years as they come, what is not known last."""
    numbers = [int(word) for word in value.replace("/", " ").split() if word.isdigit()]
    first = numbers[0] if numbers else 0
    return value == "not known", -1 if value.startswith("under") else first, value


def _upset(site: Inspection, what: str) -> Chart | None:
    rows = sorted(site.by("definition_overlaps", counted=what), key=lambda row: -(row["number"] or 0))
    named = [row for row in rows if "other" not in row["pattern"]]
    if not named:
        return None
    titles = {key: title for key, title in _titles(site).items() if any(key in _keys(row) for row in named)}
    shown, rest = named[:MOST_PATTERNS], named[MOST_PATTERNS:] + [row for row in rows if "other" in row["pattern"]]
    drawn = [(_keys(row), row["number"], count_words(row, "number")) for row in shown]
    if rest:
        numbers = [row["number"] for row in rest]
        left = None if None in numbers else sum(numbers)
        drawn.append(((), left, "some" if left is None else whole(left)))
    alone = sum(row["number"] or 0 for row in named if len(_keys(row)) == 1)
    noun = COUNTED[what].lower()
    words = f"{worked_out(whole(alone), 'sum of patterns')} {noun} are caught by one definition alone"
    reads = (
        "One row a pattern: the definitions with a dark dot take them in, and no other does. The bar says how many, "
        "rounded to 5. Patterns that hold few are counted together."
    )
    largest = " and ".join(titles[key] for key in drawn[0][0])
    alt = f"Table of dots and bars. {words}. Largest pattern: {largest}, {drawn[0][2]}."
    names = list(titles.items())
    return chart(
        f"upset {what}", words, reads, alt, lambda w: drawn_upset.upset(names, drawn, w, words, "all other patterns")
    )


def _keys(row: Row) -> tuple[str, ...]:
    return tuple(row["pattern"].split("+"))


_FLAG_TITLES = {
    "removed_by": "Flags of exploitation taken away, by whom",
    "removed_why": "Flags of exploitation taken away, the reason entered",
    "episodes_before": "Children who were flagged: missing episodes that began before the first flag",
}


def _flags(site: Inspection, split: str) -> Grid | None:
    held = site.by("flag_counts", split=split)
    values = sorted({row["value"] for row in held}, key=_bands if split == "episodes_before" else _in_order)
    rows: list[tuple[Cell | str, ...]] = []
    for place in _held(site):
        cells = [
            next((row for row in held if row["place_code"] == place and row["value"] == value), None)
            for value in values
        ]
        if any(cells):
            rows.append((place_cell(site, place), *(count_words(row, "number") if row else "0" for row in cells)))
    heads = ("Body", *(f"#{value.replace('_', ' ')}" for value in values))
    return grid(_FLAG_TITLES[split], heads, rows, dense=True) if rows else None


def _bands(value: str) -> int:
    order = ("none", "1 or 2", "3 to 9", "10 or more")
    return order.index(value) if value in order else len(order)


def _with_interval(row: Row) -> str:
    """'73% (59% to 83%)', or why it is not shown."""
    said = share_words(row)
    return said if row["share"] is None else f"{said} ({span(row, 'share_low', 'share_high')})"


def _accuracy(site: Inspection) -> Grid | None:
    rows: Sequence[Row] = site.rows("recording_accuracy")
    told = [
        (
            place_cell(site, row["place_code"]),
            row["sample"],
            row["why_not"] or _with_interval(row),
            count_words(row, "correctly"),
            count_words(row, "should_be"),
            count_words(row, "files"),
        )
        for row in rows
    ]
    heads = ("Body", "Sample", "#Recorded correctly, of those that should be", "#Correctly", "#Should be", "#Files")
    return grid("Recording accuracy, from files that were read", heads, told, note=HIDDEN_NOTE) if told else None
