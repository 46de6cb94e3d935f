"""Does a grade of a force rest on any row of a register that was read only in a copy or report?"""

import csv
import io
from dataclasses import replace

import pytest

from assay import reference
from assay.errors import DefinitionError
from assay.grading.hypothesis_register import modes_by_characteristic
from assay.reference.force_succession import ForceSuccession
from assay.reference.reference_data import UNREAD_GRADES, register_text, replaced_registers
from assay.reference.register_updates import FACTS
from assay.reference.risk_tools import lowest_scores

pytestmark = pytest.mark.quick

REACH_A_GRADE = {
    "standards",
    "recommendations",
    "failure_modes",
    "breaks",
    "force_succession",
    "outcomes",
    "risk_tools",
}
"""Registers whose rows can reach a grade, and that the tests below downgrade row by row."""
REACH_NO_GRADE = {
    "definitions": "the terms are listed; the patterns that count children are our own, in predicates.csv",
    "later_questions": "a text on a page",
    "laws": "a text on a page; duties that grade are in standards.csv",
    "orders": "the list of codes that a return may use",
    "published_counts": "answers of the published report, which grades nobody",
    "published_tables": "a list of tables",
    "recommendation_events": "a history on a page",
    "source_addresses": "links",
    "statistical_areas": "areas of added tables",
}
READERS = (
    reference.standards, reference.recommendations, reference.failure_modes, reference.breaks, reference.outcomes,
    reference.return_outcomes, reference.risk_tools, modes_by_characteristic,
)  # fmt: skip


def in_a_copy(name):
    """The register with every row that was read in its source downgraded to a copy of it."""
    rows = list(csv.DictReader(io.StringIO(register_text(name))))
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    copy = {"evidence": "seen-secondary", "publisher": "A publisher"}
    writer.writerows(row | copy for row in rows if row["evidence"] in ("seen", "derived"))
    return text.getvalue()


def clear_readers():
    for reader in READERS:
        reader.cache_clear()


@pytest.fixture
def read_in_copies():
    """Standards, recommendations' texts, failure modes, breaks, outcomes and risk tools, all read only in a copy."""
    names = REACH_A_GRADE - {"recommendations", "failure_modes", "force_succession"}
    modes = register_text("failure_modes").replace(",,seen,", ",A publisher,seen-secondary,")
    with replaced_registers({name: in_a_copy(name) for name in names} | {"failure_modes": modes}):
        clear_readers()
        yield
    clear_readers()


def test_every_register_of_facts_with_a_row_that_was_not_read_is_known_to_reach_a_grade_or_not():
    lists = reference.code_lists()
    facts = {file.file for file in reference.register_files() if file.content == FACTS}
    found = {name for name in facts if any(row["evidence"] in UNREAD_GRADES for row in lists[name])}
    copies = {name for name, rows in lists.items() if any(row["evidence"] == "seen-secondary" for row in rows)}
    assert (found | copies) - REACH_A_GRADE == set(REACH_NO_GRADE)
    assert facts >= REACH_A_GRADE


def test_some_standards_and_failure_modes_grade_while_they_are_read_in_their_source():
    assert sum(standard.grades for standard in reference.standards()) > 10
    assert len({mode for modes in modes_by_characteristic().values() for mode in modes}) == 18  # F3 was read in a copy
    assert any(series_break.is_step for series_break in reference.breaks())


@pytest.mark.usefixtures("read_in_copies")
def test_nothing_that_was_read_only_in_a_copy_grades():
    assert not any(standard.grades for standard in reference.standards())
    assert modes_by_characteristic() == {}
    assert not any(series_break.is_step for series_break in reference.breaks())
    answers = ("family", "suspect_identified", "charged", "closed")
    assert {row[name] for row in reference.return_outcomes_table().to_pylist() for name in answers} == {None}
    with pytest.raises(DefinitionError, match="SERAF"):
        lowest_scores()


def test_no_recommendation_and_no_merger_that_was_read_only_in_a_copy_grades():
    assert {item.evidence for item in reference.recommendations() if item.grades} == {"seen"}
    change = next(change for change in reference.force_succession() if change.evidence == "seen-secondary")
    merger = replace(change, kind="merger", predecessor_code="E23000032", successor_code="E23000033")
    assert ForceSuccession([merger])._changes_of_code() == ()
    assert ForceSuccession([replace(merger, evidence="seen")])._changes_of_code() != ()
