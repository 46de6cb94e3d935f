"""Does the head hash that a report prints identify what was made, and nothing else?"""

import pyarrow as pa
import pytest

from assay import indicators
from assay.contract import question_sets
from assay.engine.provenance import EventKind, verify
from assay.engine.stage_runner import StageOutput, StageRunner


def sealed(folder, number=1, words="select a, b"):
    """The seal of a book of one stage that made one number, by a statement in these words."""
    runner = StageRunner(folder)
    table = pa.table({"number": [number]})
    runner.run_stage(
        "records",
        lambda: StageOutput({"t": table}, 1, 1, sql=(words,)),
        packages=(indicators, question_sets),
        inputs={},
    )
    return runner.seal


def test_the_seal_stays_when_a_library_words_a_statement_otherwise(tmp_path):
    assert sealed(tmp_path / "one") == sealed(tmp_path / "two", words="select b, a")


def test_another_number_gives_another_seal(tmp_path):
    assert sealed(tmp_path / "one") != sealed(tmp_path / "two", number=2)


@pytest.fixture
def runner_with_stage(tmp_path):
    """A book that made one number."""
    runner = StageRunner(tmp_path)
    table = pa.table({"number": [1]})
    runner.run_stage(
        "records", lambda: StageOutput({"t": table}, 1, 1), packages=(indicators, question_sets), inputs={}
    )
    return runner


def released(runner) -> list[dict]:
    return [dict(entry.about) for entry in runner.ledger.entries() if entry.kind == EventKind.RELEASED.key]


def test_a_release_is_noted_once_with_the_stages_that_its_seal_covers(runner_with_stage):
    for _ in range(2):
        runner_with_stage.record_release("record level", 1, runner_with_stage.seal, "records")
    assert released(runner_with_stage) == [
        {"policy": "record level", "tables": 1, "seal": runner_with_stage.seal, "sealed": "records"}
    ]
    assert verify(runner_with_stage.folder, head=runner_with_stage.seal) == []


def test_a_release_under_another_seal_is_noted_although_its_tables_are_the_same(runner_with_stage):
    runner_with_stage.record_release("record level", 1, "a" * 64, "records")
    runner_with_stage.record_release("record level", 1, runner_with_stage.seal, "records")
    assert [details["seal"] for details in released(runner_with_stage)] == ["a" * 64, runner_with_stage.seal]
