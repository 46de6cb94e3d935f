"""Does the page of the course show missing steps, what followed each step, and whose case it is?"""

from types import SimpleNamespace

from assay.report.pages.inspection.course_page import (
    Step,
    case_course,
    missing_steps_by_force,
    missing_steps_table,
    next_steps_table,
    transfers_table,
)
from assay.sdc.released_rows import table_name


class Site(SimpleNamespace):
    """What these grids ask of a site of pages."""

    def rows(self, table):
        return self.tables.get(table_name(table), [])

    def find_row(self, table, **key):
        return next((row for row in self.rows(table) if key.items() <= row.items()), None)

    def name(self, place):
        return place

    def has_page(self, _):
        return False

    @property
    def forces(self):
        return [{"place_code": place} for place in self.places]


def site(used=(), **tables):
    return Site(
        tables=tables, places={"INV01": {"slug": "fernshire"}, "INV02": {"slug": "glanford"}}, counts=dict(used)
    )


def lack(step, place, lacking, steps_done, share=None, **more):
    low = (
        {"share_low": share - 0.05, "share_high": share + 0.05}
        if share is not None
        else dict.fromkeys(("share_low", "share_high"))
    )
    return {"step": step, "place_code": place, "title": step.capitalize(), "cases": 100, "lacking": lacking, "recorded": steps_done,
            "not_owed": 40, "not_known": 0, "share": share, "suppressed_cells": "", **low, **more}  # fmt: skip


MISSING = [
    lack("any", "ALL", 30, 70, 0.3), lack("file", "ALL", 15, 45, 0.25), lack("account", "ALL", 20, 80, 0.2),
    lack("file", "INV01", None, 45, suppressed_cells="lacking share share_low share_high"), lack("file", "INV02", 10, 30, 0.25),
]  # fmt: skip


def cells(grid):
    return [tuple(getattr(cell, "text", cell) for cell in row) for row in grid.rows]


def test_steps_stand_in_the_order_of_the_course_with_the_share_its_interval_and_the_counts():
    assert cells(missing_steps_table(site(missing_case_steps=MISSING))) == [
        ("Account", "20% (15% to 25%)", "20", "80", "40", "0"),
        ("File", "25% (20% to 30%)", "15", "45", "40", "0"),
        ("Any", "30% (25% to 35%)", "30", "70", "does not apply", "0"),
    ]


def test_a_body_of_which_few_cases_lack_a_step_is_said_to_be_so_and_none_is_made_up():
    assert cells(missing_steps_by_force(site(missing_case_steps=MISSING))) == [
        ("INV01", "none", "suppressed: few on one side", "none"),
        ("INV02", "none", "25% (20% to 30%)", "none"),
    ]


def follows(definition, following, cases, days, hidden=""):
    return {"count": "course_followed", "definition": definition, "next_step": following, "step_title": "Account taken",
            "next_title": following or "nothing more", "next_is": "as it is", "cases": cases, "median_days": days,
            "suppressed_cells": hidden}  # fmt: skip


def test_the_most_frequent_next_step_stands_first_and_days_are_not_said_of_few_or_of_none():
    rows = [
        follows("step_4_account_ahead", "decided", 25, 51), follows("step_4_account_expected", "file", None, None, "cases median_days"),
        follows("step_4_account_expected", "suspect_met", 550, 9), follows("step_4_account_expected", "other", 15, None),
        follows("step_4_account_nothing", "", 450, None), follows("step_2_recorded_expected", "opened", 15, None, "median_days"),
    ]  # fmt: skip
    step_rows = [(row[1], *row[3:]) for row in cells(next_steps_table(site(next_case_steps=rows)))]
    assert step_rows == [
        ("opened", "15", "too few to say"),
        ("suspect_met", "550", "9"),
        ("nothing more", "450", "does not apply"),
        ("decided", "25", "51"),
        ("other", "15", "does not apply"),
        ("file", "fewer than 8", "too few to say"),
    ]


def test_what_is_not_known_of_crimes_that_were_handed_on_stands_beside_what_is():
    form = {
        "count": "crimes_handed_on",
        "definition": "offered",
        "title": "Offered",
        "words": "It was offered. (As a condition: offered.)",
    }
    values = {"count": "crimes_handed_on", "definition": "offered", "place_code": "ALL", "records": 45, "not_known": 280,
               "suppressed_cells": "", "not_askable": ""}  # fmt: skip
    step_rows = transfers_table(site({"crimes_handed_on": [form]}, counts_by_definition=[values]))
    assert cells(step_rows) == [("Offered", "It was offered.", "45", "280")]


def test_a_step_whose_counts_are_hidden_is_not_drawn_as_nobodys():
    hidden, none = Step("Reported", {"expected": None, "ahead": 0}), Step("Closed", {"expected": 0, "ahead": 0})
    course = case_course([hidden, none], 900, "The course")
    assert (course.count("not shown"), course.count(">0<")) == (1, 1)


def test_where_nothing_was_counted_there_is_no_table():
    empty = site()
    assert [
        missing_steps_table(empty),
        missing_steps_by_force(empty),
        next_steps_table(empty),
        transfers_table(empty),
    ] == [None] * 4
