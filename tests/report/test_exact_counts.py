"""Counts of tables and of forces are exact, and their pages do not say that they are rounded or hidden."""

import pytest

from assay.report.page_frame import INSPECTION_NOTICE
from assay.report.pages.inspection.figure_sentences import (
    SUPPRESSION_NOTE,
    counts_no_people,
    own_share_text,
    suppression_note,
)
from assay.sdc import policy

pytestmark = pytest.mark.quick

TABLES, VICTIMS = {"indicator": "tables_searchable"}, {"indicator": "told_of_arrest"}
ANSWERS = {"not_askable": "", "not_known": 0, "not_known_if_counted": 0, "excluded": 0, "outside": 0}
TABLE_ROW = {**TABLES, **ANSWERS, "records": 21, "met": 20, "not_met": 1, "share": 0.95}


def test_a_share_of_tables_says_that_it_is_of_tables():
    assert own_share_text(TABLE_ROW, {"base": 21, "not_comparable": ""}) == "95% of 21 tables"


def test_a_share_of_victims_is_as_before():
    victims = {**TABLE_ROW, **VICTIMS, "records": 120, "met": 80, "not_met": 40, "share": 0.67}
    assert own_share_text(victims, {"base": 120, "not_comparable": ""}) == "67% of 120"


def test_the_note_on_rounding_stands_only_where_people_or_crimes_are_counted():
    assert suppression_note(VICTIMS) == SUPPRESSION_NOTE
    note = suppression_note(TABLES)
    assert (
        note == "Counts here are of tables, not of people or crimes. They are exact: not rounded, and none is left out."
    )
    assert "rounded to 5" not in note


def test_only_what_the_disclosure_policy_lists_is_called_exact():
    listed = policy("record level").organisation_counts
    assert all(counts_no_people({"indicator": key}) for key in listed)
    assert not counts_no_people(VICTIMS)
    assert not counts_no_people({"wait": "report_to_arrest"})


def test_the_notice_of_a_page_speaks_of_people_and_crimes_alone():
    assert "Each of these counts is rounded to 5" in INSPECTION_NOTICE
