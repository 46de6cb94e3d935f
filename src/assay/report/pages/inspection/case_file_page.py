"""The page of case-file results: each question for all records and for each force.

Samples are not combined, because each was drawn from other records. A force with too few answerable files is listed
with the reason, never with a figure.
"""

from __future__ import annotations

from typing import Any

from assay.report.number_words import NOT_GIVEN, interval, join_list, whole, whole_percent
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import count_text, place_cell
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.grading_rows import CaseFilesRow, CaseQuestionsRow, CaseSamplesRow

PATH, TITLE = "casefiles.html", "What the case files say"
CERTAINTY_NOTE = (
    "Each share is of all records that the sample was drawn from, worked out from the files that told, each weighed by "
    "the chance at which it was drawn. The interval speaks of that chance alone: that two inspectors may read one file "
    "differently lies outside it, and stands beside it as agreement. A file holds what was written down."
)
TOO_SMALL = "not shown: fewer than 20 files told, or one count is too small to be shown"
SMALL_SIDE = "of the files that told, by a count too small to be shown; no figure of all records"
HEADS = ("Question", "#Files that tell", "#Of these", "#Share of all records", "#95% interval", "Do two readers agree?")
FORCE_HEADS = ("Force", "#Files that tell", "#Share of its records", "#95% interval")
NOTE = (
    "The share counts \u2018met\u2019, or \u2018good\u2019 where a grade is given, among all records in which the "
    "question arises. Agreement is Gwet\u2019s AC2 by the order of the answers, in hundredths with its 95% interval: "
    "100 is full agreement, 0 what chance alone would give."
)


def case_file_page(site: Inspection) -> Page:
    """Return the page of case-file results, for every sample with sealed ratings."""
    samples = [_sample(site, row) for row in site.rows(CaseSamplesRow)]
    return Page(PATH, "inspected/casefiles.html", TITLE, CERTAINTY_NOTE, (), {"samples": samples})


def _sample(site: Inspection, row: Row) -> dict[str, Any]:
    filters = {"sample": row["sample"], "question_set": row["question_set"]}
    questions = sorted(site.find_rows(CaseQuestionsRow, **filters), key=lambda question: question["place"])
    question_tables = [(question, _force_table(site, question)) for question in questions]
    force_tables = [question for _, question in question_tables if question]
    forces_without_figure = sorted(
        {
            site.name(question["place_code"])
            for question in site.find_rows(CaseFilesRow, **filters)
            if question["place_code"] != ALL
        }
        - {cells[0].text for question in force_tables for cells in question.rows}
    )
    return {
        "row": row,
        "marked": count_text(row, "marked"),
        "drawn": count_text(row, "sampled_files"),
        "records": count_text(row, "records"),
        "not_found": count_text(row, "not_found"),
        "whole": grid(f"{row['title']} ({row['sample']}): all forces together", HEADS,
                      [_row(site, question) for question in questions], note=NOTE, dense=True),
        "forces": force_tables,
        "silent": join_list(forces_without_figure) if forces_without_figure else "",
    }  # fmt: skip


def _key(question: Row) -> dict[str, Any]:
    return {name: question[name] for name in ("sample", "question_set", "question")}


def _row(site: Inspection, question: Row) -> tuple[str, ...]:
    answers = site.find_row(CaseFilesRow, place_code=ALL, **_key(question))
    if answers is None:
        return (question["text"], NOT_GIVEN, NOT_GIVEN, "nobody answered", "", "")
    return (
        question["text"],
        count_text(answers, "answered"),
        _rating_counts_text(answers),
        *_figure(answers),
        _agreement(question),
    )


def _rating_counts_text(answers: Row) -> str:
    """Format the numbers of files with and without the finding, as far as they are shown."""
    return f"{count_text(answers, 'met')} met, {count_text(answers, 'unmet')} less"


def _figure(answers: Row) -> tuple[str, str]:
    """Format the share and its interval; or why there is none, with the bounds that the files allow."""
    if answers["share"] is not None:
        return whole_percent(answers["share"]), interval(answers["low"], answers["high"], whole_percent)
    if answers["why"]:
        return answers["why"].rstrip("."), "none"
    if answers["unweighted_share_lowest"] is not None:
        range_text = interval(answers["unweighted_share_lowest"], answers["unweighted_share_highest"], whole_percent)
        return f"{range_text} {SMALL_SIDE}", "none"
    return TOO_SMALL, "none"


def _agreement(question: Row) -> str:
    if question["read_twice"] == 0:
        return "no file was read twice"
    if question["agreement"] is None:
        return f"not shown: {count_text(question, 'read_twice')} read twice"
    ends = interval(question["agreement_low"], question["agreement_high"], whole)
    return f"{whole(question['agreement'])} ({ends}), {whole(question['read_twice'])} read twice"


def _force_table(site: Inspection, question: Row) -> Grid | None:
    """Return the table of forces with a figure; None if there are none."""
    rows = [
        row
        for row in site.find_rows(CaseFilesRow, **_key(question))
        if row["place_code"] != ALL and row["share"] is not None
    ]
    sorted_rows = sorted(rows, key=lambda row: site.name(row["place_code"]))
    cells: list[tuple[Cell | str, ...]] = [
        (place_cell(site, row["place_code"]), count_text(row, "answered"), *_figure(row)) for row in sorted_rows
    ]
    return grid(question["text"], FORCE_HEADS, cells) if cells else None
