"""Which figures of a re-issued report were corrected, and is a new name of a table or column a correction?"""

import pytest

from assay.report.edition_corrections import correction_rows, corrections
from assay.sdc import declared_tables

pytestmark = pytest.mark.quick


def register(**printed_by_id):
    figures = [
        {"id": key.replace("__", "/", 1).replace("__", "#"), "printed": [text]} for key, text in printed_by_id.items()
    ]
    return {"edition": "2026-01", "figures": figures}


def changes(prior, now):
    return correction_rows(corrections(prior, now, "A force sent its return again."))


def test_a_figure_of_a_table_that_was_renamed_is_neither_withdrawn_nor_new():
    """86% stands in `standing` of the earlier edition and in `force_estimates` of this one."""
    assert declared_tables()["force_estimates"].formerly == "standing"
    prior = register(standing__told_INV01__share="86%", standing__told_INV02__share="40%")
    now = register(force_estimates__told_INV01__share="86%", force_estimates__told_INV02__share="41%")
    assert changes(prior, now) == [("changed", "force_estimates/told_INV02#share", "40%", "41%")]


def test_a_figure_of_a_column_that_was_renamed_is_neither_withdrawn_nor_new():
    assert declared_tables()["scale_claims"].former_names["said_on"] == "statement_date"
    prior, now = register(scale_claims__S1__said_on="1 May"), register(scale_claims__S1__statement_date="1 May")
    assert changes(prior, now) == []


def test_an_id_without_a_table_stays_as_it_is():
    now = {"edition": "2026-02", "figures": [{"id": "share of counts/index.html/86%", "printed": ["86%"]}]}
    assert changes(register(), now) == [("new", "share of counts/index.html/86%", "", "86%")]
