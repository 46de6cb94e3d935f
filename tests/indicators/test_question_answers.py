"""Is each of the fifty questions answered by something that is there, and does the manual say by what?"""

import dataclasses
import re
from pathlib import Path

import pytest

from assay import reference
from assay.cli.command_table import command_paths
from assay.errors import DefinitionError
from assay.indicators import question_answers as answers_module
from assay.indicators.question_answers import SUBJECT_LABELS, answer_sources
from assay.sdc import declared_tables

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "questions.md"


@pytest.mark.parametrize("number", [f"Q{number}" for number in range(1, 51)])
def test_every_question_is_answered_by_something_that_is_there(number):
    assert answer_sources()[number]


ASKED_OF_DATA = [question.number for question in reference.questions() if "data" in question.modes]


@pytest.mark.parametrize("number", ASKED_OF_DATA)
def test_a_question_that_is_asked_of_the_data_is_answered_by_the_data_and_not_by_case_files_alone(number):
    measured = {"indicator", "wait", "count", "table", "command"}
    assert measured & {answer_source.kind for answer_source in answer_sources()[number]}


def test_the_table_in_the_manual_maps_all_fifty_to_what_the_program_says_answers_them():
    parts = PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
    sources_by_question = {
        part.split("\n", 1)[0]: re.findall(r"^\| ([a-z' ]+) \| `([^`]+)` \|", part, re.M) for part in parts
    }
    assert sources_by_question.pop("Questions of 2026") == []  # beside the fifty: test_later_questions
    assert sources_by_question == {
        number: [(answer_source.kind, answer_source.name) for answer_source in found]
        for number, found in answer_sources().items()
    }


def test_every_page_that_is_said_to_answer_is_there():
    pages = [
        answer_source.name
        for found in answer_sources().values()
        for answer_source in found
        if answer_source.kind == "page"
    ]
    assert pages
    assert [name for name in pages if not (ROOT / "docs" / name).is_file()] == []


def test_every_question_from_1_to_50_is_there_once():
    assert list(answer_sources()) == [f"Q{number}" for number in range(1, 51)]


def test_every_table_and_command_that_is_said_to_answer_is_there():
    names_by_kind = {"table": declared_tables(), "command": set(command_paths())}
    for found in answer_sources().values():
        for answer_source in found:
            assert answer_source.name in names_by_kind.get(answer_source.kind, {answer_source.name}), (
                f"{answer_source.question}: {answer_source.kind} {answer_source.name}"
            )


def test_every_answer_is_of_a_known_kind():
    kinds = {"indicator", "wait", "count", "published", "table", "command", "page", *SUBJECT_LABELS.values()}
    assert {answer_source.kind for found in answer_sources().values() for answer_source in found} <= kinds


def test_an_answer_to_no_question_is_refused(monkeypatch):
    wrong = dataclasses.replace(answer_sources()["Q8"][0], question="Q51")
    monkeypatch.setattr(answers_module, "_forms", lambda: iter([wrong]))
    with pytest.raises(DefinitionError, match="Q51, which is no question"):
        answer_sources.__wrapped__()
