"""The page on the course of a case: which steps occur, what follows each, and which steps closed cases lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay import reference
from assay.report.chart_rows import number_cell
from assay.report.charts.chart_canvas import Canvas, wrap_text
from assay.report.number_words import whole, whole_percent
from assay.report.page_elements import Cell, Chart, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import (
    SUPPRESSION_NOTE,
    count_text,
    interval_text,
    place_cell,
    share_text,
)
from assay.report.pages.inspection.indicator_charts import existing_charts, responsive_chart
from assay.report.pages.inspection.indicator_pages import not_answerable
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row
from assay.sdc.cell_status import is_primary_suppressed
from assay.sdc.released_rows.indicator_rows import CountsByDefinitionRow
from assay.sdc.released_rows.people_rows import CaseStepSequencesRow

# Tables of expected steps that closed cases lack, and of transitions between steps with their median times.

MISSING, NEXT, TRANSFERS = "missing_case_steps", "next_case_steps", "crimes_handed_on"
ANY, OTHER = "any", "other"
BASE_NOTE = (
    "Of closed cases that were neither cancelled nor transferred. Every case is expected to be given to an "
    "investigator and to have an account taken; where a suspect is known by name, an arrest or interview and a "
    "decision; where somebody was charged, a file. Shares are of the cases of which it was expected, with the 95% "
    "interval. "
)


def missing_steps_table(site: Inspection) -> Grid | None:
    """Return, for each step and all forces, how many cases lack it, have it, or are not known."""
    rows = [row for row in site.rows(MISSING) if row["place_code"] == ALL]
    if not rows:
        return None
    cells = [
        (
            row["title"], _median_share(row), count_text(row, "lacking"), count_text(row, "recorded"),
            "does not apply" if row["step"] == ANY else count_text(row, "not_owed"), count_text(row, "not_known"),
        )
        for row in sorted(rows, key=_step_position)
    ]  # fmt: skip
    return grid(
        "Steps that closed cases lack, all forces together",
        ("Step", "#Lack it", "#Cases that lack it", "#Cases that have it", "#Not expected", "#Not known"),
        cells,
        note=BASE_NOTE + SUPPRESSION_NOTE,
    )


def missing_steps_by_force(site: Inspection) -> Grid | None:
    """Return, for each force, the share of cases that lack each expected step."""
    row_by_step_and_place = {(row["step"], row["place_code"]): row for row in site.rows(MISSING)}
    steps = sorted((row for row in row_by_step_and_place.values() if row["place_code"] == ALL), key=_step_position)
    rows: list[tuple[Cell | str, ...]] = []
    for force in site.forces:
        place = force["place_code"]
        force_rows = [row_by_step_and_place.get((step["step"], place)) for step in steps]
        if any(force_rows):
            rows.append((place_cell(site, place), *(_median_share(row) if row else "none" for row in force_rows)))
    if not rows:
        return None
    return grid(
        "Closed cases that lack a step, force by force", ("Force", *(f"#{step['title']}" for step in steps)), rows,
        note="As above: of the cases of which the step was expected, with the 95% interval.",
    )  # fmt: skip


def next_steps_table(site: Inspection) -> Grid | None:
    """Return which step followed which, in how many cases, and after how many days."""
    rows = [row for row in site.rows(NEXT) if row["next_step"] or row["cases"] is not None]
    if not rows:
        return None
    cells = [
        (row["step_title"], row["next_title"], row["next_is"], count_text(row, "cases"), _days(row))
        for row in sorted(rows, key=_transition_sort_key)
    ]
    return grid(
        "Which step followed which, all forces together",
        ("Step", "What came next", "As the course has it", "#Cases", "#Days by which half had gone on so"),
        cells,
        note="Of those who went on so, cases that stand at the step counted as far as they are seen; where many stand "
        f"there, what comes late is not seen yet. Days are given of 20 cases or more. {SUPPRESSION_NOTE}",
    )


def transfers_table(site: Inspection) -> Grid | None:
    """Return how many crimes were transferred to another team or force, refused by it, or assigned to nobody."""
    rows: list[tuple[Cell | str, ...]] = []
    for form in site.counts.get(TRANSFERS, ()):
        row = site.find_row(CountsByDefinitionRow, count=TRANSFERS, definition=form["definition"], place_code=ALL)
        if row:
            counts = count_text(row, "records"), count_text(row, "not_known")
            words = form["words"].partition(" (As a condition")[0]
            rows.append((Cell(form["title"], "definitions.html"), words, *counts))
    if not rows:
        return None
    return grid(
        "Crimes that were handed on, all forces together",
        ("What became of it", "What it means", "#Crimes", "#Not known"),
        rows,
        note=SUPPRESSION_NOTE,
    )


def _step_position(row: Row) -> int:
    """Sort key: steps in the order of the course, their total last."""
    keys = [step.key for step in reference.course().all]
    return keys.index(row["step"]) if row["step"] in keys else len(keys)


def _transition_sort_key(row: Row) -> tuple[str, int, str]:
    """Sort key: by step (the prefix of the count name), then most frequent next step first."""
    return row["definition"].rpartition("_")[0], -(row["cases"] or 0), row["next_step"]


def _median_share(row: Row) -> str:
    if row["share"] is None:
        counts = {"met": row["lacking"], "not_met": row["recorded"]}
        return share_text({**row, **counts}) if is_primary_suppressed(row, "share") else "none"
    return f"{whole_percent(row['share'])} ({interval_text(row, 'share_low', 'share_high')})"


def _days(row: Row) -> str:
    if row["median_days"] is not None:
        return whole(row["median_days"])
    return "does not apply" if not row["next_step"] or row["next_step"] == OTHER else "too few to say"


# Chart of the course of cases: which steps do cases pass through, and where do they leave or stop?

ROW, TRACK, BAR = 62.0, 26.0, 16.0
PARTS = (
    ("expected", "fa", "the expected next step"),
    ("unsure", "fd", "a later step, perhaps the expected one"),
    ("ahead", "fc", "a later step"),
    ("back", "fb", "an earlier step"),
    ("nothing", "fn", "nothing more yet, or the end"),
)


@dataclass(frozen=True)
class Step:
    """One step of a case: its name, and the number of cases by what followed, keyed by `PARTS` (None: not shown)."""

    name: str
    followed: dict[str, int | None]

    @property
    def cases(self) -> int:
        """The number of cases that went through the step, from the counts that are shown."""
        return sum(number or 0 for number in self.followed.values())


def case_course(steps: Sequence[Step], width: int, title: str) -> str:
    """Draw a line from the first step to the last, with a bar beside each step that shows what came next.

    The width of the track stands for the number of cases that went on as expected.
    """
    is_narrow = width < 500
    names = 60.0 if is_narrow else 300.0
    start, max_cases = names + 16, max([*(step.cases for step in steps), 1])
    full = width - start - (56 if is_narrow else 64)
    canvas = Canvas(width, 0, title)
    row_top = _legend(canvas, is_narrow)
    rail = 22.0
    for place, step in enumerate(steps):
        middle = row_top + ROW / 2
        if place + 1 < len(steps):
            thick = max(TRACK * (step.followed.get("expected") or 0) / max_cases, 1)
            canvas.rect(rail - thick / 2, middle, thick, ROW, "soft")
        canvas.circle(rail, middle, 6, "fa")
        lines = wrap_text(step.name, width - 60 if is_narrow else names - 50)
        top = middle - 14 if is_narrow else middle + 5 - 8.5 * (len(lines) - 1)
        for number, line in enumerate(lines):
            canvas.text(44, top + 17 * number, line, "strong")
        _bar(canvas, step, start if not is_narrow else 44.0, middle - (0 if is_narrow else BAR / 2), full, max_cases)
        row_top += ROW
    canvas.height = row_top + 6
    return canvas.svg()


def _legend(canvas: Canvas, is_narrow: bool) -> float:
    """Draw the colour legend; return the first free y position."""
    y, x = 4.0, 4.0
    for _, css, words in PARTS:
        wide = 42 + 6.4 * len(words)
        if x > 4 and x + wide > canvas.width:
            x, y = 4.0, y + 20
        canvas.rect(x, y, 14, 14, css, 1)
        canvas.text(x + 20, y + 12, words, "name")
        if is_narrow:
            y += 20
        else:
            x += wide
    return y + (6 if is_narrow else 26)


def _bar(canvas: Canvas, step: Step, x: float, y: float, full: float, max_cases: int) -> None:
    for key, css, _ in PARTS:
        wide = full * (step.followed.get(key) or 0) / max_cases
        if wide:
            canvas.rect(x, y, max(wide - 1, 1), BAR, css, 1)
            x += wide
    hidden = not step.cases and None in step.followed.values()
    canvas.text(x + 8, y + 13, "not shown" if hidden else whole(step.cases), "strong")


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
        "cannot": not_answerable(site, "counts_by_definition", "count", KEY),
    }
    return Page(
        PATH,
        "inspected/course.html",
        "The course of a case",
        CERTAINTY_NOTE,
        (("Timeliness", "waits/index.html"),),
        context,
        existing_charts([course_chart]),
    )


def _names(used: Sequence[Row]) -> dict[str, str]:
    """Return the title of each step, by the prefix of its count names ('step_2_recorded')."""
    lines = sorted(used, key=lambda row: row["definition"])
    return {row["definition"].rpartition("_")[0]: row["title"].partition(":")[0] for row in lines}


def _row(site: Inspection, step: str, part: str, place: str) -> Row | None:
    return site.find_row(CountsByDefinitionRow, count=KEY, definition=f"{step}_{part}", place_code=place)


def _steps(site: Inspection, used: Sequence[Row], place: str) -> list[Step]:
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
        "course",
        finding,
        reads,
        f"Track of steps. {description}.",
        lambda width: case_course(steps, width, finding),
        (
            ("Step", *(words.capitalize() for _, _, words in PARTS)),
            *((step.name, *(number_cell(step.followed[key]) for key, _, _ in PARTS)) for step in steps),
        ),
    )


def _share(step: Step, *parts: str) -> float:
    return sum(step.followed[part] or 0 for part in parts) / step.cases


def _table(site: Inspection, used: Sequence[Row]) -> Grid:
    rows = []
    for key, title in _names(used).items():
        part_rows = [_row(site, key, part, ALL) for part, _, _ in PARTS]
        rows.append((title, *(count_text(row, "records") if row else "none" for row in part_rows)))
    return grid(
        "What came after each step, all forces together", ("Step", *(f"#{head}" for head in HEADS)), rows,
        note=SUPPRESSION_NOTE,
    )  # fmt: skip


def _variant_table(site: Inspection) -> Grid | None:
    """Return the most frequent variants, and for all cases how many had ended in that way in time."""
    rows = site.rows(CaseStepSequencesRow)
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
        "The most frequent ways, all forces together",
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


def _force_table(site: Inspection, used: Sequence[Row]) -> Grid:
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
        "Went on to the expected next step, force by force",
        ("Force", *(f"#{title}" for title in names.values())), rows,
        note=f"Of the cases that are shown, from rounded counts; too few: under {MIN_CASES}.",
    )  # fmt: skip


MIN_CASES = 20
