"""The reference page of facts holds every column that a condition may compare."""

import re
from pathlib import Path

from assay.indicators import columns_read
from assay.indicators.indicator_catalogue import forms
from assay.workflows.request.fact_columns import fact_columns

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "facts.md"


def on_the_page():
    """(table, column) of every row of the page, and its type."""
    found = {}
    for part in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        name = part.partition("\n")[0]
        found |= {(name, column): kind for column, kind in re.findall(r"^\| `(\w+)` \| ([a-z ]+) \|", part, re.M)}
    return found


def test_every_column_that_an_indicator_compares_stands_on_the_page_of_facts():
    compared = {(form.record, column) for form in forms() for column in columns_read(form)}
    assert len(compared) > 100
    assert compared - set(on_the_page()) == set()


def test_the_page_of_facts_holds_every_column_once_with_its_type():
    assert on_the_page() == {(column.table, column.name): column.kind for column in fact_columns()}


def test_a_column_that_is_carried_from_the_return_is_named_as_it_is_sent_and_another_by_its_tables():
    found = {(column.table, column.name): column for column in fact_columns()}
    assert found["crime", "outcome_code"].sent_as == "crimes.outcome_code"
    assert found["crime", "charged"].sent_as == ""
    assert {"events", "involvements"} <= set(found["crime", "charged"].tables)
