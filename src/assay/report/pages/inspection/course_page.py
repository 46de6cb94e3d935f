"""The page on the course of a case: which steps occur, and what follows each of them?"""

from __future__ import annotations

from assay.report.charts.course_chart import PARTS, Step, case_course
from assay.report.number_words import whole, whole_percent
from assay.report.page_elements import Cell, Chart, Grid, Page, grid
from assay.report.pages.inspection.course_step_tables import (
    missing_steps_by_force,
    missing_steps_table,
    next_steps_table,
    transfers_table,
)
from assay.report.pages.inspection.figure_sentences import SUPPRESSION_NOTE, count_text, place_cell
from assay.report.pages.inspection.indicator_charts import existing_charts, responsive_chart
from assay.report.pages.inspection.indicator_pages import not_answerable
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row

KEY = "course_followed"
CERTAINTY_NOTE = (
    "The expected course is a model to hold cases against, and no standard: a case may have good reason to go another "
    "way. Steps that a force does not send are not seen, and an open case that stands at a step may still go on."
)
PATH = "waits/course.html"
HEADS = ("As expected", "To a later step, perhaps as expected", "To a later step", "To an earlier step", "Nothing more")


def course_page(site: Inspection) -> Page | None:
    """Return the page on the course of cases; None where it was not counted."""
    used = site.counts.get(KEY)
    if not used:
        return None
    steps = _steps(site, used, ALL)
    course_chart = _chart(steps)
    context = {
        "course": course_chart,
        "table": _table(site, used),
        "forces": _force_table(site, used),
        "ways": _variant_table(site),
        "lacking": missing_steps_table(site),
        "lacking_forces": missing_steps_by_force(site),
        "following": next_steps_table(site),
        "handed_on": transfers_table(site),
        "cannot": not_answerable(site, "counts", "count", KEY),
    }
    return Page(
        PATH,
        "inspected/course.html",
        "The course of a case",
        CERTAINTY_NOTE,
        (("Waits", "waits/index.html"),),
        context,
        existing_charts([course_chart]),
    )


def _names(used: list[Row]) -> dict[str, str]:
    """Return the title of each step, by the prefix of its count names ('step_2_recorded')."""
    lines = sorted(used, key=lambda row: row["definition"])
    return {row["definition"].rpartition("_")[0]: row["title"].partition(":")[0] for row in lines}


def _row(site: Inspection, step: str, part: str, place: str) -> Row | None:
    return site.find_row("counts", count=KEY, definition=f"{step}_{part}", place_code=place)


def _steps(site: Inspection, used: list[Row], place: str) -> list[Step]:
    steps = []
    for key, title in _names(used).items():
        rows = {part: _row(site, key, part, place) for part, _, _ in PARTS}
        steps.append(Step(title, {part: row["records"] if row else None for part, row in rows.items()}))
    return steps


def _chart(steps: list[Step]) -> Chart | None:
    if not any(step.cases for step in steps):
        return None
    strays = [(_share(step, "ahead", "back"), step) for step in steps if step.cases]
    highest_share, step_with_most = max(strays, key=lambda pair: pair[0])
    name = step_with_most.name.lower()
    finding = f"Cases leave the expected course most often after \u201c{name}\u201d: {whole_percent(highest_share)}"
    reads = (
        "Each dot is a step. The track below it is as wide as many cases went on to the next step that was expected of "
        "them (an arrest and a decision where a suspect is known, a file where somebody was charged); the bar shows "
        "what came next, and the number how many cases went through the step, rounded. Counts from 1 to 7 are not "
        "drawn."
    )
    description = "; ".join(
        f"{step.name}: {', '.join(f'{whole(step.followed[key] or 0)} {words}' for key, _, words in PARTS)}"
        for step in steps
    )
    return responsive_chart(
        "course", finding, reads, f"Track of steps. {description}.", lambda width: case_course(steps, width, finding)
    )


def _share(step: Step, *parts: str) -> float:
    return sum(step.followed[part] or 0 for part in parts) / step.cases


def _table(site: Inspection, used: list[Row]) -> Grid:
    rows = []
    for key, title in _names(used).items():
        part_rows = [_row(site, key, part, ALL) for part, _, _ in PARTS]
        rows.append((title, *(count_text(row, "records") if row else "none" for row in part_rows)))
    return grid(
        "What came after each step, all bodies together", ("Step", *(f"#{head}" for head in HEADS)), rows,
        note=SUPPRESSION_NOTE,
    )  # fmt: skip


def _variant_table(site: Inspection) -> Grid | None:
    """Return the most frequent variants, and for all cases how many had ended in that way in time."""
    rows = site.rows("course_variants")
    if not rows:
        return None
    cells = [
        (
            row["steps"],
            count_text(row, "records"),
            _completion_share_text(row, "half_year"),
            _completion_share_text(row, "year"),
        )
        for row in rows
    ]
    return grid(
        "The most frequent ways, all bodies together",
        ("Steps, in order", "#Cases", "#Ended so in half a year", "#Ended so in a year"),
        cells,
        note=(
            f"Of all cases, with the 95% interval; open cases are counted as far as they were seen. {SUPPRESSION_NOTE}"
        ),
    )


def _completion_share_text(row: Row, name: str) -> str:
    if row[name] is None:
        return "does not apply" if row["way"] in ("open", "not known") else "not shown"
    low, high = (whole_percent(row[f"{name}_{end}"]) for end in ("low", "high"))
    return f"{whole_percent(row[name])} ({low} to {high})"


def _force_table(site: Inspection, used: list[Row]) -> Grid:
    """Return the percentage of cases that went on as expected after each step, by force."""
    names = _names(used)
    rows: list[tuple[Cell | str, ...]] = []
    for row in site.forces:
        steps = _steps(site, used, row["place_code"])
        if any(step.cases for step in steps):
            shares = [
                whole_percent(_share(step, "expected")) if step.cases >= MIN_CASES else "too few" for step in steps
            ]
            rows.append((place_cell(site, row["place_code"]), *shares))
    return grid(
        "Went on to the expected next step, body by body", ("Body", *(f"#{title}" for title in names.values())), rows,
        note=f"Of the cases that are shown, from rounded counts; too few: under {MIN_CASES}.",
    )  # fmt: skip


MIN_CASES = 20
