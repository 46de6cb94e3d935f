"""The page on scale: children flagged by police, known but unflagged, on partners' lists only, and hidden; definitions
and flags.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assay.indicators.catalogue.scale.scale_parts import HIDDEN, has_wide_range
from assay.report.chart_rows import number_cell
from assay.report.charts import bar_charts as drawn_parts
from assay.report.charts import bar_charts as drawn_upset
from assay.report.derived_numbers import derived_number
from assay.report.number_words import join_list, slug, whole
from assay.report.page_elements import Cell, Chart, Figure, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import (
    SUPPRESSION_NOTE,
    count_text,
    interval_text,
    page_path,
    place_cell,
    share_text,
)
from assay.report.pages.inspection.indicator_charts import existing_charts, responsive_chart
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.quotable_figures import finding_figure
from assay.report.report_tables import Row
from assay.sdc.released_rows.indicator_rows import (
    DefinitionOverlapsRow,
    DistinctCountsByGroupRow,
    DistinctCountsRow,
    FlagCountsRow,
    IndicatorsRow,
    RecordingAccuracyRow,
    ScalePartsRow,
    WaitsRow,
)

CERTAINTY_NOTE = (
    "Counts are exact for the records that were sent, and depend on which records are linked to the same person. "
    "Estimates are ranges without a middle. The parts are counted in different ways, overlap at "
    "their edges, and are not to be added to one figure of the problem."
)
PATH = "scale.html"
NAMES = {
    "marked": "Known to the police and marked",
    "unmarked": "Known to the police and not marked",
    "others only": "On partners\u2019 lists only",
    "hidden": "Hidden victims",
}
"""The parts of the problem, in fixed order."""
DEFINITION = "flagged_or_titled_cse"
COUNT_TITLES = {"children": "Children", "suspects": "Suspects who are named", "crimes": "Crimes"}
SPLITS = {"year": "by financial year of recording", "band": "by age at the offence", "sex": "by sex"}
SEXES = {"F": "female", "M": "male", "O": "other"}
MAX_PATTERNS = 14
UNKNOWN = "cannot be said"
REST = "all other patterns"
RECORDS = ("report_became_crime", "n100_on_record", "crime_cancelled")
"""Counts of the outcomes of reports and of crime records."""
NO_SAMPLE = (
    "No marked files tell how many of the crimes that should be recorded were recorded. Draw a sample of records, have "
    "it read with the question set recording_case, and run again."
)

PART_BEGINS = re.compile(
    "(?<=[.;]) "
    "(?=Known to the police|[Kk]nown and not marked|Known to others only|What the lists allow|How far methods)"
)
"""Matches the beginning of each part in the finding on scale."""


def scale_page(site: Inspection) -> Page:
    """Return the page on scale, for all forces and each force."""
    whole_parts, children_upset, crimes_upset = parts_chart(site, ALL), _upset(site, "children"), _upset(site, "crimes")
    context: dict[str, Any] = {
        "finding": scale_figure(site, "scale_parts", ALL),
        "chart": whole_parts,
        "why_not": missing_parts(site, ALL),
        "places": _places(site),
        "counted": [
            _count_table(site, count_name)
            for count_name in COUNT_TITLES
            if site.find_rows(DistinctCountsRow, counting_unit=count_name)
        ],
        "upsets": [item for item in (children_upset, crimes_upset) if item],
        "split": [
            item for count_name in COUNT_TITLES for split in SPLITS if (item := _split_table(site, count_name, split))
        ],
        "removed": [item for split in ("removed_by", "removed_why") if (item := _flag_table(site, split))],
        "episodes": _flag_table(site, "episodes_before"),
        "accuracy": _accuracy_table(site),
        "no_sample": NO_SAMPLE,
        "note": SUPPRESSION_NOTE,
        "forms": _forms(site),
    }
    return Page(
        PATH,
        "inspected/scale.html",
        "Scale",
        CERTAINTY_NOTE,
        (),
        context,
        existing_charts([whole_parts, *context["upsets"]]),
    )


def _forms(site: Inspection) -> list[Cell]:
    """Return related indicators and the related wait, with links."""
    rows: list[Row | None] = [site.find_row(WaitsRow, wait="first_sign_to_flag")]
    rows += [site.find_row(IndicatorsRow, indicator=key) for key in ("flag_removed", *RECORDS)]
    return [Cell(form["title"], page_path(form)) for form in rows if form]


def scale_figure(site: Inspection, measure: str, place: str) -> Figure | None:
    """Return the quotable figure, split into points, on one place: on the four groups of children or on one series."""
    row = site.finding(measure, place)
    if row is None:
        return None
    figure = finding_figure(site, row)
    anchor = slug(f"{measure} {place}" if place != ALL else measure)
    return replace(figure, anchor=anchor, points=_points(figure.label))


def _points(sentence: str) -> tuple[str, ...]:
    """Split a finding where each part begins; empty if none does."""
    points = [f"{text[:1].upper()}{text[1:].rstrip(';.')}." for text in PART_BEGINS.split(sentence)]
    return tuple(points) if len(points) > 1 else ()


def marked_children(site: Inspection, place: str) -> Row | None:
    """Return the number of children in flagged crimes in one place, in the year of the four groups of children."""
    filters = {"counting_unit": "children", "definition": DEFINITION, "place_code": place}
    year = parts_year(site, place)
    return (
        site.find_row(DistinctCountsByGroupRow, **filters, split="year", value=year)
        if year
        else site.find_row(DistinctCountsRow, **filters)
    )


def parts_year(site: Inspection, place: str) -> str:
    """Return the financial year of a place's four groups of children; '' if they cover the whole period."""
    rows = site.find_rows(ScalePartsRow, place_code=place)
    return str(rows[0]["span"] or "") if rows else ""


def parts_chart(site: Inspection, place: str) -> Chart | None:
    """Chart four groups of children in one place: flagged, known but not flagged, on partners' lists only, hidden."""
    rows = {row["part"]: row for row in site.find_rows(ScalePartsRow, place_code=place)}
    if not rows:
        return None
    drawable_parts = [_part(site, place, part, rows[part]) for part in NAMES if part in rows]
    lacking = [NAMES[part].lower() for part in NAMES if part in rows and rows[part]["why_not"]]
    name = site.name(place)
    year = parts_year(site, place)
    part_texts = [_finding_text(part, rows) for part in drawable_parts if part.text != UNKNOWN]
    finding_words = f"{name}{', ' + year if year else ''}: {'; '.join(part_texts) or 'no part can be said'}"
    finding_words += f". {UNKNOWN.capitalize()}: {join_list(lacking)}" if part_texts and lacking else ""
    reads = (
        "Bars: children who were counted, rounded to 5. Open ranges: estimates, from one end to the other, with no "
        "middle. Where a part cannot be said the reason stands below."
    )
    alt = f"Bar chart. {'; '.join(f'{drawable_part.name}: {drawable_part.text}' for drawable_part in drawable_parts)}."
    return responsive_chart(
        f"parts {place}",
        finding_words,
        reads,
        alt,
        lambda w: drawn_parts.part_bars(drawable_parts, w, finding_words, "Children"),
        (
            ("Part", "Children", "Lower end", "Upper end", "As text"),
            *((p.name, number_cell(p.number), number_cell(p.low), number_cell(p.high), p.text) for p in drawable_parts),
        ),
    )


def _finding_text(part: drawn_parts.Part, rows: Mapping[str, Row]) -> str:
    """Return one part for the title of the chart; a range of hidden victims that is too wide without its numbers."""
    is_wide = part.name == NAMES[HIDDEN] and has_wide_range(rows[HIDDEN])
    return f"{part.name.lower()}: range too wide to be of use" if is_wide else f"{part.name.lower()} {part.text}"


def _part(site: Inspection, place: str, part: str, row: Row) -> drawn_parts.Part:
    name = NAMES[part]
    if part == "marked":
        count_row = marked_children(site, place)
        return drawn_parts.Part(name, _number(count_row), count_row["number"] if count_row else None)
    if row["why_not"]:
        return drawn_parts.Part(name, UNKNOWN, css="")
    if part == "others only":
        return drawn_parts.Part(name, count_text(row, "number"), row["number"], css="fc")
    unit = "" if row["unit"] == "children" else f" {row['unit']}"
    text = f"{count_text(row, 'low')} to {count_text(row, 'high')}{unit}"
    return drawn_parts.Part(name, text, None, row["low"], row["high"])


def _number(row: Row | None) -> str:
    """Format a count, with its range under record linkage uncertainty."""
    if row is None:
        return "none"
    low, high = row["number_low"], row["number_high"]
    moves = f" ({whole(low)} to {whole(high)})" if None not in (low, high) and low != high else ""
    return count_text(row, "number") + moves


def part_text(site: Inspection, place: str, part: str) -> str:
    """Return the number of children in one of the four groups in one place, as a table cell."""
    row = site.find_row(ScalePartsRow, place_code=place, part=part)
    if row is None:
        return "none"
    if part == "marked":
        return _number(marked_children(site, place))
    if row["why_not"]:
        return "cannot be said"
    if part in ("others only", "police only"):
        return count_text(row, "number")
    unit = "" if row["unit"] == "children" else f" {row['unit']}"
    return f"{count_text(row, 'low')} to {count_text(row, 'high')}{unit}"


def missing_parts(site: Inspection, place: str) -> list[tuple[str, str]]:
    """Return the groups of children whose number is not known for a place, each with the data that are needed."""
    rows = {row["part"]: row for row in site.find_rows(ScalePartsRow, place_code=place)}
    return [(NAMES[part], why) for part in NAMES if part in rows and (why := rows[part]["why_not"])]


def _places(site: Inspection) -> Grid:
    heads = ("Force", *(f"#{name}" for name in NAMES.values()), "#Marked, and on no partner\u2019s list")
    rows: list[tuple[Cell | str, ...]] = [
        (place_cell(site, place), *(part_text(site, place, part) for part in (*NAMES, "police only")))
        for place in _places_with_parts(site)
    ]
    return grid("The parts, every force", heads, rows, note=f"{_LINKAGE_NOTE} {SUPPRESSION_NOTE}", dense=True)


_LINKAGE_NOTE = "In brackets: the lowest and the highest count over the ways to link records to a person."


def _places_with_parts(site: Inspection) -> list[str]:
    return [
        place
        for place in (ALL, *(row["place_code"] for row in site.forces))
        if site.find_rows(ScalePartsRow, place_code=place)
    ]


def _titles(site: Inspection) -> dict[str, str]:
    """Return the titles of the definitions of a crime, in register order."""
    return {
        row["definition"]: row["title"] for key in ("cse_crimes", "group_crimes") for row in site.counts.get(key, [])
    }


def _count_table(site: Inspection, count_name: str) -> Grid:
    titles = _titles(site)
    rows: list[tuple[Cell | str, ...]] = []
    for place in _places_with_parts(site):
        definition_rows = [
            site.find_row(DistinctCountsRow, counting_unit=count_name, definition=key, place_code=place)
            for key in titles
        ]
        rows.append((place_cell(site, place), *(_number(row) for row in definition_rows)))
    note = f"{_LINKAGE_NOTE} {SUPPRESSION_NOTE}" if count_name != "crimes" else SUPPRESSION_NOTE
    caption = f"{COUNT_TITLES[count_name]}, under each definition"
    return grid(caption, ("Force", *(f"#{title}" for title in titles.values())), rows, note=note, dense=True)


def _split_table(site: Inspection, count_name: str, split: str) -> Grid | None:
    titles = _titles(site)
    split_rows = site.find_rows(DistinctCountsByGroupRow, counting_unit=count_name, split=split, place_code=ALL)
    values = list(dict.fromkeys(sorted((row["value"] for row in split_rows), key=_value_sort_key)))
    rows: list[tuple[Cell | str, ...]] = []
    for value in values:
        cells = [
            site.find_row(
                DistinctCountsByGroupRow,
                counting_unit=count_name,
                definition=key,
                place_code=ALL,
                split=split,
                value=value,
            )
            for key in titles
        ]
        counts = (count_text(row, "number") if row else "none" for row in cells)
        rows.append((SEXES.get(str(value), str(value)), *counts))
    heads = ("Of whom", *(f"#{title}" for title in titles.values()))
    caption = f"{COUNT_TITLES[count_name]} of all forces together, {SPLITS[split]}"
    return grid(caption, heads, rows, dense=True) if rows else None


def _value_sort_key(value: str) -> tuple[bool, int, str]:
    """Sort key: bands by their first number, then years, not known last."""
    numbers = [int(word) for word in value.replace("/", " ").split() if word.isdigit()]
    first = numbers[0] if numbers else 0
    return value == "not known", -1 if value.startswith("under") else first, value


def _upset(site: Inspection, count_name: str) -> Chart | None:
    rows = sorted(
        site.find_rows(DefinitionOverlapsRow, counting_unit=count_name), key=lambda row: -(row["number"] or 0)
    )
    single_patterns = [row for row in rows if "other" not in row["pattern"]]
    if not single_patterns:
        return None
    titles = {key: title for key, title in _titles(site).items() if any(key in _keys(row) for row in single_patterns)}
    shown_patterns, rest = (
        single_patterns[:MAX_PATTERNS],
        single_patterns[MAX_PATTERNS:] + [row for row in rows if "other" in row["pattern"]],
    )
    chart_patterns = [(_keys(row), row["number"], count_text(row, "number")) for row in shown_patterns]
    if rest:
        numbers = [row["number"] for row in rest]
        known = [number for number in numbers if number is not None]
        rest_total = sum(known) if len(known) == len(numbers) else None
        chart_patterns.append(((), rest_total, "some" if rest_total is None else whole(rest_total)))
    single_definition_total = sum(row["number"] or 0 for row in single_patterns if len(_keys(row)) == 1)
    noun = COUNT_TITLES[count_name].lower()
    words = (
        f"{derived_number(whole(single_definition_total), 'sum of patterns')} {noun} are caught by one definition alone"
    )
    reads = (
        "One row a pattern: the definitions with a dark dot take them in, and no other does. The bar says how many, "
        "rounded to 5. Patterns that hold few are counted together."
    )
    largest = " and ".join(titles[key] for key in chart_patterns[0][0])
    alt = f"Table of dots and bars. {words}. Largest pattern: {largest}, {chart_patterns[0][2]}."
    names = list(titles.items())
    return responsive_chart(
        f"upset {count_name}",
        words,
        reads,
        alt,
        lambda w: drawn_upset.upset_plot(names, chart_patterns, w, words, REST),
        (
            ("Definitions that take them in", COUNT_TITLES[count_name]),
            *((" and ".join(titles[key] for key in keys) or REST, text) for keys, _, text in chart_patterns),
        ),
    )


def _keys(row: Row) -> tuple[str, ...]:
    return tuple(row["pattern"].split("+"))


_FLAG_TITLES = {
    "removed_by": "Exploitation flags that were removed, by whom",
    "removed_why": "Exploitation flags that were removed, the reason entered",
    "episodes_before": "Children who were flagged: missing episodes that began before the first flag",
}


def _flag_table(site: Inspection, split: str) -> Grid | None:
    flag_rows = site.find_rows(FlagCountsRow, split=split)
    values = sorted(
        {row["value"] for row in flag_rows},
        key=_episode_band_position if split == "episodes_before" else _value_sort_key,
    )
    rows: list[tuple[Cell | str, ...]] = []
    for place in _places_with_parts(site):
        cells = [
            next((row for row in flag_rows if row["place_code"] == place and row["value"] == value), None)
            for value in values
        ]
        if any(cells):
            rows.append((place_cell(site, place), *(count_text(row, "number") if row else "0" for row in cells)))
    heads = ("Force", *(f"#{value.replace('_', ' ')}" for value in values))
    return grid(_FLAG_TITLES[split], heads, rows, dense=True) if rows else None


def _episode_band_position(value: str) -> int:
    order = ("none", "1 or 2", "3 to 9", "10 or more")
    return order.index(value) if value in order else len(order)


def _with_interval(row: Row) -> str:
    """Format a share with its interval, '73% (59% to 83%)', or say why it is not shown."""
    share = share_text(row)
    return share if row["share"] is None else f"{share} ({interval_text(row, 'share_low', 'share_high')})"


def _accuracy_table(site: Inspection) -> Grid | None:
    rows: Sequence[Row] = site.rows(RecordingAccuracyRow)
    cells = [
        (
            place_cell(site, row["place_code"]),
            row["sample"],
            row["why_not"] or _with_interval(row),
            count_text(row, "correctly"),
            count_text(row, "should_be"),
            count_text(row, "files"),
        )
        for row in rows
    ]
    heads = ("Force", "Sample", "#Recorded correctly, of those that should be", "#Correctly", "#Should be", "#Files")
    return grid("Recording accuracy, from files that were read", heads, cells, note=SUPPRESSION_NOTE) if cells else None
