"""What do the case files say that inspectors read: question by question, of all records and force by force?

Each sample stands by itself, since each was drawn from other records. A force of which too few files told is named with
the reason, and never with a figure.
"""

from __future__ import annotations

from typing import Any

from assay.report.number_words import NOT_GIVEN, interval, listed, whole, whole_percent
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import count_words, place_cell
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row

PATH, TITLE = "casefiles.html", "What the case files say"
SURE = (
    "Each share is of all records that the sample was drawn from, worked out from the files that told, each weighed by "
    "the chance at which it was drawn. The interval speaks of that chance alone: that two inspectors may read one file "
    "differently lies outside it, and stands beside it as agreement. A file holds what was written down."
)
TOO_SMALL = "not shown: fewer than 20 files told, or one count is too small to be shown"
SMALL_SIDE = "of the files that told, by a count too small to be shown; no figure of all records"
HEADS = ("Question", "#Files that tell", "#Of these", "#Share of all records", "#95% interval", "Do two readers agree?")
BY_FORCE = ("Force", "#Files that tell", "#Share of its records", "#95% interval")
NOTE = (
    "The share counts \u2018met\u2019, or \u2018good\u2019 where a grade is given, among all records in which the "
    "question arises. Agreement is Gwet\u2019s AC2 by the order of the answers, in hundredths with its 95% interval: "
    "100 is full agreement, 0 what chance alone would give."
)


def casefiles_page(site: Inspection) -> Page:
    """Every sample of which marks are sealed."""
    samples = [_sample(site, row) for row in site.rows("case_samples")]
    return Page(PATH, "inspected/casefiles.html", TITLE, SURE, (), {"samples": samples})


def _sample(site: Inspection, row: Row) -> dict[str, Any]:
    which = {"sample": row["sample"], "question_set": row["question_set"]}
    questions = sorted(site.by("case_questions", **which), key=lambda one: one["place"])
    each = [(one, _by_force(site, one)) for one in questions]
    told = [one for _, one in each if one]
    silent = sorted({site.name(one["place_code"]) for one in site.by("case_files", **which)
                     if one["place_code"] != ALL} - {cells[0].text for one in told for cells in one.rows})  # fmt: skip
    return {
        "row": row,
        "marked": count_words(row, "marked"),
        "drawn": count_words(row, "drawn"),
        "records": count_words(row, "records"),
        "not_found": count_words(row, "not_found"),
        "whole": grid(f"{row['title']} ({row['sample']}): all forces together", HEADS,
                      [_row(site, one) for one in questions], note=NOTE, dense=True),
        "forces": told,
        "silent": listed(silent) if silent else "",
    }  # fmt: skip


def _key(one: Row) -> dict[str, Any]:
    return {name: one[name] for name in ("sample", "question_set", "question")}


def _row(site: Inspection, one: Row) -> tuple[str, ...]:
    told = site.one("case_files", place_code=ALL, **_key(one))
    if told is None:
        return (one["text"], NOT_GIVEN, NOT_GIVEN, "nobody answered", "", "")
    return (one["text"], count_words(told, "told"), _parts(told), *_figure(told), _agreement(one))


def _parts(told: Row) -> str:
    """The two parts of the files that told, as far as they are shown."""
    return f"{count_words(told, 'met')} met, {count_words(told, 'unmet')} less"


def _figure(told: Row) -> tuple[str, str]:
    """The share and its interval; or why there is none, and what the files alone allow."""
    if told["share"] is not None:
        return whole_percent(told["share"]), interval(told["low"], told["high"], whole_percent)
    if told["why"]:
        return told["why"].rstrip("."), "none"
    if told["of_files_lowest"] is not None:
        between = interval(told["of_files_lowest"], told["of_files_highest"], whole_percent)
        return f"{between} {SMALL_SIDE}", "none"
    return TOO_SMALL, "none"


def _agreement(one: Row) -> str:
    if one["read_twice"] == 0:
        return "no file was read twice"
    if one["agreement"] is None:
        return f"not shown: {count_words(one, 'read_twice')} read twice"
    ends = interval(one["agreement_low"], one["agreement_high"], whole)
    return f"{whole(one['agreement'])} ({ends}), {whole(one['read_twice'])} read twice"


def _by_force(site: Inspection, one: Row) -> Grid | None:
    """The forces of which there is a figure; None where there is none."""
    rows = [row for row in site.by("case_files", **_key(one)) if row["place_code"] != ALL and row["share"] is not None]
    told = sorted(rows, key=lambda row: site.name(row["place_code"]))
    cells: list[tuple[Cell | str, ...]] = [
        (place_cell(site, row["place_code"]), count_words(row, "told"), *_figure(row)) for row in told
    ]
    return grid(one["text"], BY_FORCE, cells) if cells else None
