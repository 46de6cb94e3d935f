"""Which steps do closed cases lack that were expected of them, and which step followed which, how soon?"""

from __future__ import annotations

from assay import reference
from assay.report.number_words import whole, whole_percent
from assay.report.page_elements import Cell, Grid, grid
from assay.report.pages.inspection.figure_sentences import (
    HIDDEN_NOTE,
    count_words,
    is_hidden,
    place_cell,
    share_words,
    span,
)
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row

MISSING, NEXT, HANDED_ON = "course_missing", "course_next", "crimes_handed_on"
ANY, OTHER = "any", "other"
COUNTED = (
    "Of closed cases that were neither cancelled nor transferred. Every case is expected to be given to an "
    "investigator and to have an account taken; where a suspect is known by name, an arrest or interview and a "
    "decision; where somebody was charged, a file. Shares are of the cases of which it was expected, with the 95% "
    "interval. "
)


def steps_lacking(site: Inspection) -> Grid | None:
    """Step by step, all bodies together: of how many it was expected, how many lack it, and of how many it is not
    known."""
    rows = [row for row in site.rows(MISSING) if row["place_code"] == ALL]
    if not rows:
        return None
    told = [
        (
            row["title"], _share(row), count_words(row, "lacking"), count_words(row, "there"),
            "does not apply" if row["step"] == ANY else count_words(row, "not_owed"), count_words(row, "not_known"),
        )
        for row in sorted(rows, key=_in_order)
    ]  # fmt: skip
    return grid(
        "Steps that closed cases lack, all bodies together",
        ("Step", "#Lack it", "#Cases that lack it", "#Cases that have it", "#Not expected", "#Not known"),
        told,
        note=COUNTED + HIDDEN_NOTE,
    )


def lacking_by_body(site: Inspection) -> Grid | None:
    """Body by body, of the cases of which each step was expected, how many in 100 lack it."""
    held = {(row["step"], row["place_code"]): row for row in site.rows(MISSING)}
    steps = sorted((row for row in held.values() if row["place_code"] == ALL), key=_in_order)
    rows: list[tuple[Cell | str, ...]] = []
    for force in site.forces:
        place = force["place_code"]
        own = [held.get((step["step"], place)) for step in steps]
        if any(own):
            rows.append((place_cell(site, place), *(_share(row) if row else "none" for row in own)))
    if not rows:
        return None
    return grid(
        "Closed cases that lack a step, body by body", ("Body", *(f"#{step['title']}" for step in steps)), rows,
        note="As above: of the cases of which the step was expected, with the 95% interval.",
    )  # fmt: skip


def what_followed(site: Inspection) -> Grid | None:
    """Which step followed which, in how many cases and after how many days."""
    rows = [row for row in site.rows(NEXT) if row["next_step"] or row["cases"] is not None]
    if not rows:
        return None
    told = [
        (row["step_title"], row["next_title"], row["next_is"], count_words(row, "cases"), _days(row))
        for row in sorted(rows, key=_by_step)
    ]
    return grid(
        "Which step followed which, all bodies together",
        ("Step", "What came next", "As the course has it", "#Cases", "#Days by which half had gone on so"),
        told,
        note="Of those who went on so, cases that stand at the step counted as far as they are seen; where many stand "
        f"there, what comes late is not seen yet. Days are given of 20 cases or more. {HIDDEN_NOTE}",
    )


def handed_on(site: Inspection) -> Grid | None:
    """How many crimes went to another team or force, were refused there, or are with nobody, all bodies together."""
    rows: list[tuple[Cell | str, ...]] = []
    for form in site.counts.get(HANDED_ON, ()):
        row = site.one("counts", count=HANDED_ON, definition=form["definition"], place_code=ALL)
        if row:
            told = count_words(row, "records"), count_words(row, "not_known")
            words = form["words"].partition(" (As a condition")[0]
            rows.append((Cell(form["title"], "definitions.html"), words, *told))
    if not rows:
        return None
    return grid(
        "Crimes that were handed on, all bodies together",
        ("What became of it", "What it means", "#Crimes", "#Not known"),
        rows,
        note=HIDDEN_NOTE,
    )


def _in_order(row: Row) -> int:
    """The steps as the course has them, the steps together last."""
    keys = [step.key for step in reference.course().all]
    return keys.index(row["step"]) if row["step"] in keys else len(keys)


def _by_step(row: Row) -> tuple[str, int, str]:
    """The name of a line begins with the place of its step; the most frequent next step first."""
    return row["definition"].rpartition("_")[0], -(row["cases"] or 0), row["next_step"]


def _share(row: Row) -> str:
    if row["share"] is None:
        counts = {"met": row["lacking"], "not_met": row["there"]}
        return share_words(row | counts) if is_hidden(row, "share") else "none"
    return f"{whole_percent(row['share'])} ({span(row, 'share_low', 'share_high')})"


def _days(row: Row) -> str:
    if row["median_days"] is not None:
        return whole(row["median_days"])
    return "does not apply" if not row["next_step"] or row["next_step"] == OTHER else "too few to say"
