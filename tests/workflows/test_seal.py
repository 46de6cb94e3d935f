"""Does the seal that a report prints stand for what was made, and for nothing else?"""

import pyarrow as pa
import pytest

from assay import indicators
from assay.contract import question_sets
from assay.engine.provenance import EventKind, verify
from assay.engine.stage_runner import StageOutput, StageRunner


def sealed(folder, number=1, words="select a, b"):
    """The seal of a book of one stage that made one number, by a statement in these words."""
    book = StageRunner(folder)
    table = pa.table({"number": [number]})
    book.run_stage(
        "records",
        lambda: StageOutput({"t": table}, 1, 1, sql=(words,)),
        packages=(indicators, question_sets),
        inputs={},
    )
    return book.seal


def test_the_seal_stays_when_a_library_words_a_statement_otherwise(tmp_path):
    assert sealed(tmp_path / "one") == sealed(tmp_path / "two", words="select b, a")


def test_another_number_gives_another_seal(tmp_path):
    assert sealed(tmp_path / "one") != sealed(tmp_path / "two", number=2)


@pytest.fixture
def book(tmp_path):
    """A book that made one number."""
    made = StageRunner(tmp_path)
    table = pa.table({"number": [1]})
    made.run_stage("records", lambda: StageOutput({"t": table}, 1, 1), packages=(indicators, question_sets), inputs={})
    return made


def released(book) -> list[dict]:
    return [dict(one.about) for one in book.ledger.entries() if one.kind == EventKind.RELEASED.key]


def test_a_release_is_noted_once_with_the_stages_that_its_seal_covers(book):
    for _ in range(2):
        book.record_release("record level", 1, book.seal, "records")
    assert released(book) == [{"policy": "record level", "tables": 1, "seal": book.seal, "sealed": "records"}]
    assert verify(book.folder, head=book.seal) == []


def test_a_release_under_another_seal_is_noted_although_its_tables_are_the_same(book):
    book.record_release("record level", 1, "a" * 64, "records")
    book.record_release("record level", 1, book.seal, "records")
    assert [one["seal"] for one in released(book)] == ["a" * 64, book.seal]
