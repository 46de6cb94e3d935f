"""Tables of expected steps that closed cases lack, and of transitions between steps with their median times."""

from __future__ import annotations

from assay import reference
from assay.report.number_words import whole, whole_percent
from assay.report.page_elements import Cell, Grid, grid
from assay.report.pages.inspection.figure_sentences import (
    SUPPRESSION_NOTE,
    count_text,
    interval_text,
    place_cell,
    share_text,
)
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row
from assay.sdc.cell_status import is_primary_suppressed

MISSING, NEXT, TRANSFERS = "course_missing", "course_next", "crimes_handed_on"
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
            row["title"], _share(row), count_text(row, "lacking"), count_text(row, "there"),
            "does not apply" if row["step"] == ANY else count_text(row, "not_owed"), count_text(row, "not_known"),
        )
        for row in sorted(rows, key=_step_position)
    ]  # fmt: skip
    return grid(
        "Steps that closed cases lack, all bodies together",
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
            rows.append((place_cell(site, place), *(_share(row) if row else "none" for row in force_rows)))
    if not rows:
        return None
    return grid(
        "Closed cases that lack a step, body by body", ("Body", *(f"#{step['title']}" for step in steps)), rows,
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
        "Which step followed which, all bodies together",
        ("Step", "What came next", "As the course has it", "#Cases", "#Days by which half had gone on so"),
        cells,
        note="Of those who went on so, cases that stand at the step counted as far as they are seen; where many stand "
        f"there, what comes late is not seen yet. Days are given of 20 cases or more. {SUPPRESSION_NOTE}",
    )


def transfers_table(site: Inspection) -> Grid | None:
    """Return how many crimes were transferred to another team or force, refused there, or are unassigned."""
    rows: list[tuple[Cell | str, ...]] = []
    for form in site.counts.get(TRANSFERS, ()):
        row = site.find_row("counts", count=TRANSFERS, definition=form["definition"], place_code=ALL)
        if row:
            counts = count_text(row, "records"), count_text(row, "not_known")
            words = form["words"].partition(" (As a condition")[0]
            rows.append((Cell(form["title"], "definitions.html"), words, *counts))
    if not rows:
        return None
    return grid(
        "Crimes that were handed on, all bodies together",
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


def _share(row: Row) -> str:
    if row["share"] is None:
        counts = {"met": row["lacking"], "not_met": row["there"]}
        return share_text(row | counts) if is_primary_suppressed(row, "share") else "none"
    return f"{whole_percent(row['share'])} ({interval_text(row, 'share_low', 'share_high')})"


def _days(row: Row) -> str:
    if row["median_days"] is not None:
        return whole(row["median_days"])
    return "does not apply" if not row["next_step"] or row["next_step"] == OTHER else "too few to say"
