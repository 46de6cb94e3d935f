"""Is each of the fifty questions answered by something that is there, and is a gap said to be one?"""

import dataclasses

import pytest
import typer.main

from assay.cli import app
from assay.disclosure import declared_tables
from assay.enquiries import answering as room
from assay.enquiries.answering import OF_SUBJECTS, answering
from assay.errors import DefinitionError

ASSESSMENTS_AND_RESPONSES = [f"Q{n}" for n in (*range(8, 19), *range(27, 49))]
OPEN = {"Q4", "Q25", "Q31", "Q42", "Q46", "Q49"}
"""Questions that nothing answers yet. One that is answered leaves this list, and none may join it."""


@pytest.mark.parametrize("number", [one for one in ASSESSMENTS_AND_RESPONSES if one not in OPEN])
def test_every_question_on_assessments_and_responses_is_answered(number):
    assert answering()[number]


def test_what_is_open_is_known_to_be_open():
    assert {number for number, found in answering().items() if not found} <= OPEN


def test_every_question_from_1_to_50_is_there_once():
    assert list(answering()) == [f"Q{number}" for number in range(1, 51)]


def test_every_table_and_command_that_is_said_to_answer_is_there():
    commands = typer.main.get_command(app).commands
    there = {"table": declared_tables(), "command": commands}
    for found in answering().values():
        for one in found:
            assert one.name in there.get(one.kind, {one.name}), f"{one.question}: {one.kind} {one.name}"


def test_every_answer_is_of_a_known_kind():
    kinds = {"indicator", "wait", "count", "published", "table", "command", "page", *OF_SUBJECTS.values()}
    assert {one.kind for found in answering().values() for one in found} <= kinds


def test_an_answer_to_no_question_is_refused(monkeypatch):
    wrong = dataclasses.replace(answering()["Q8"][0], question="Q51")
    monkeypatch.setattr(room, "_forms", lambda: iter([wrong]))
    with pytest.raises(DefinitionError, match="Q51, which is no question"):
        answering.__wrapped__()
