"""Is a data file of the commission refused when it is not whole?"""

import pytest

from assay import reference
from assay.errors import DefinitionError
from assay.reference.reference_data import EVIDENCE_GRADES, Register, parse_answer, parse_rows

pytestmark = pytest.mark.quick

COLUMNS = ("key", "evidence", "source")
GOOD = "key,evidence,source\na,seen,a page\n"


def test_a_whole_file_is_read():
    assert parse_rows(GOOD, "x.csv", COLUMNS) == [{"key": "a", "evidence": "seen", "source": "a page"}]


def test_a_missing_column_is_named_with_the_file():
    with pytest.raises(DefinitionError, match=r"x\.csv, row 1.*missing: source"):
        parse_rows("key,evidence\na,seen\n", "x.csv", COLUMNS)


def test_an_unknown_column_is_named():
    with pytest.raises(DefinitionError, match="unknown: colour"):
        parse_rows("key,evidence,source,colour\na,seen,a page,red\n", "x.csv", COLUMNS)


def test_a_repeated_column_is_refused():
    with pytest.raises(DefinitionError, match="row 1"):
        parse_rows("key,key,evidence,source\na,a,seen,a page\n", "x.csv", COLUMNS)


def test_a_row_with_a_cell_too_many_is_named_by_its_row():
    with pytest.raises(DefinitionError, match=r"x\.csv, row 3"):
        parse_rows(GOOD + "b,seen,one, two\n", "x.csv", COLUMNS)


def test_a_row_without_a_source_is_refused():
    with pytest.raises(DefinitionError, match="row 2: no source"):
        parse_rows("key,evidence,source\na,seen,\n", "x.csv", COLUMNS)


def test_an_unknown_grade_of_evidence_is_refused():
    with pytest.raises(DefinitionError, match="row 2: the evidence"):
        parse_rows("key,evidence,source\na,sure,a page\n", "x.csv", COLUMNS)


def test_two_rows_with_one_key_are_refused():
    force = reference.forces().all[0]
    with pytest.raises(DefinitionError, match=f"holds twice: {force.code}"):
        Register([force, force])


def test_unknown_stays_unknown_and_is_not_read_as_no():
    assert parse_answer({"charged": "unknown"}, "charged") is None


def test_a_word_that_is_neither_yes_no_nor_unknown_is_refused():
    with pytest.raises(DefinitionError, match="maybe"):
        parse_answer({"charged": "maybe"}, "charged")


@pytest.mark.parametrize("name", sorted(reference.code_lists()))
def test_every_row_of_every_file_has_a_source_and_a_grade_of_evidence(name):
    rows = reference.code_lists()[name]
    assert rows
    assert all(row["source"] and row["evidence"] in EVIDENCE_GRADES for row in rows)
