"""If two persons are required, does a grade count only after a second person's confirmation?"""

import re
import shutil
from datetime import timedelta

import pyarrow as pa
import pytest
from test_panel_and_plan import KENT, REASON, TODAY, folder, judged, stage  # noqa: F401

from assay.engine.provenance import Ledger, read_stage, verify
from assay.errors import UsageError
from assay.grading.panel_decisions import DECISIONS
from assay.ingest.inspection_folder import open_inspection, record_declarations
from assay.workflows.judge.grading_stage import (
    grading_tables,
    pending_decision,
    read_decisions,
    record_decision,
    show_grades,
)


@pytest.fixture
def two_persons(folder):  # noqa: F811
    """An inspection with a proposal of adequate, in which a second person confirms."""
    settings = folder / "inspection.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\n[panel]\npersons = 2\n", encoding="utf-8")
    record_declarations(open_inspection(folder))
    judged(folder)
    return folder


def decided(inspection):
    return [row["decided"] for row in grading_tables(inspection)["grades"].to_pylist()]


def kinds(inspection):
    return [entry.kind for entry in Ledger(inspection / "ledger.jsonl").entries()]


def test_a_decision_of_one_person_waits_and_is_in_no_report(two_persons):
    result = record_decision(two_persons, KENT, "attitudes", "good", REASON, TODAY, decider="P01")
    assert result.data["awaits"] is True
    assert decided(two_persons) == [None]
    assert read_decisions(two_persons) == []
    assert pending_decision(two_persons, KENT, "attitudes").decided_by == "P01"
    assert "decision awaits" in kinds(two_persons)
    assert "decided" not in kinds(two_persons)
    assert verify(two_persons) == []


def test_the_same_person_does_not_confirm_their_own_decision(two_persons):
    record_decision(two_persons, KENT, "attitudes", "good", REASON, TODAY, decider="P01")
    for code in ("P01", " p01 "):
        with pytest.raises(UsageError, match="second person"):
            record_decision(two_persons, KENT, "attitudes", "good", "", TODAY, decider=code)
    assert decided(two_persons) == [None]


def test_a_second_person_confirms_the_same_grade_and_both_are_named(two_persons):
    record_decision(two_persons, KENT, "attitudes", "good", REASON, TODAY, decider="P01")
    record_decision(two_persons, KENT, "attitudes", "good", "", TODAY, decider="P02")
    [item] = read_decisions(two_persons)
    assert (item.decided, item.reason, item.decided_by, item.confirmed_by) == ("good", REASON, "P01", "P02")
    assert decided(two_persons) == ["good"]
    assert pending_decision(two_persons, KENT, "attitudes") is None
    assert "decided by P01, confirmed by P02" in " ".join(show_grades(two_persons, KENT).lines)


def test_a_second_person_who_decides_another_grade_needs_a_reason_and_starts_again(two_persons):
    record_decision(two_persons, KENT, "attitudes", "good", REASON, TODAY, decider="P01")
    with pytest.raises(UsageError, match="only with a reason"):
        record_decision(two_persons, KENT, "attitudes", "inadequate", "", TODAY, decider="P02")
    record_decision(two_persons, KENT, "attitudes", "inadequate", REASON, TODAY, decider="P02")
    assert decided(two_persons) == [None]
    record_decision(two_persons, KENT, "attitudes", "inadequate", "", TODAY, decider="P01")
    assert decided(two_persons) == ["inadequate"]


def test_a_confirmed_decision_is_not_confirmed_a_second_time(two_persons):
    record_decision(two_persons, KENT, "attitudes", "good", REASON, TODAY, decider="P01")
    record_decision(two_persons, KENT, "attitudes", "good", "", TODAY, decider="P02")
    record_decision(two_persons, KENT, "attitudes", "good", REASON, TODAY, decider="P03")
    assert len(read_decisions(two_persons)) == 1
    assert pending_decision(two_persons, KENT, "attitudes").decided_by == "P03"


def test_a_proposal_that_changed_after_the_first_decision_is_decided_anew(two_persons):
    record_decision(two_persons, KENT, "attitudes", "good", REASON, TODAY, decider="P01")
    judged(two_persons, proposed="inadequate")
    shutil.rmtree(two_persons / "judgement")
    judged(two_persons, proposed="inadequate")
    record_decision(two_persons, KENT, "attitudes", "good", REASON, TODAY, decider="P02")
    assert decided(two_persons) == [None]
    assert pending_decision(two_persons, KENT, "attitudes").proposed == "inadequate"


def test_a_first_decision_on_another_proposal_is_said_to_lapse_and_not_to_await(two_persons):
    record_decision(two_persons, KENT, "attitudes", "good", REASON, TODAY, decider="P01")
    shutil.rmtree(two_persons / "judgement")
    judged(two_persons, proposed="inadequate")
    text = " ".join(show_grades(two_persons, KENT).lines)
    assert "good by P01 cannot be confirmed: the proposal was adequate then" in text
    assert "awaits a second person" not in text


def persons(inspection, number):
    """Change how many persons decide."""
    settings = inspection / "inspection.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r"persons = \d", f"persons = {number}", text), encoding="utf-8")


def test_where_one_person_decides_again_nothing_awaits_a_second(two_persons):
    record_decision(two_persons, KENT, "attitudes", "good", REASON, TODAY, decider="P01")
    persons(two_persons, 1)
    assert pending_decision(two_persons, KENT, "attitudes") is None
    assert "awaits" not in " ".join(show_grades(two_persons, KENT).lines)


def test_a_first_decision_lapses_when_a_later_one_of_the_same_day_counted(two_persons):
    record_decision(two_persons, KENT, "attitudes", "good", REASON, TODAY, decider="P01")
    persons(two_persons, 1)
    record_decision(two_persons, KENT, "attitudes", "adequate", "", TODAY, decider="P03")
    persons(two_persons, 2)
    assert pending_decision(two_persons, KENT, "attitudes") is None
    assert record_decision(two_persons, KENT, "attitudes", "good", REASON, TODAY, decider="P02").data["awaits"]
    assert decided(two_persons) == ["adequate"]


def test_the_day_of_a_confirmed_decision_is_said_to_be_that_of_the_second_person(two_persons):
    record_decision(two_persons, KENT, "attitudes", "good", REASON, TODAY, decider="P01")
    record_decision(two_persons, KENT, "attitudes", "good", "", TODAY + timedelta(days=3), decider="P02")
    assert f"good, confirmed on {TODAY + timedelta(days=3)}" in " ".join(show_grades(two_persons, KENT).lines)


def test_reasons_are_for_or_against_the_force(two_persons):
    text = " ".join(show_grades(two_persons, KENT).lines)
    assert "for the force" in text
    assert "against the force" in text


def test_two_persons_are_named_by_code_or_post(two_persons):
    with pytest.raises(UsageError, match="--by"):
        record_decision(two_persons, KENT, "attitudes", "good", REASON, TODAY)
    with pytest.raises(UsageError, match="seems to contain a name"):
        record_decision(two_persons, KENT, "attitudes", "good", REASON, TODAY, decider="Det Supt Secretword")


def test_with_one_person_a_decision_counts_at_once_and_says_who_if_that_was_said(folder):  # noqa: F811
    judged(folder)
    record_decision(folder, KENT, "attitudes", "good", REASON, TODAY, decider="P01")
    assert decided(folder) == ["good"]
    assert "decided by P01" in " ".join(show_grades(folder, KENT).lines)
    record_decision(folder, KENT, "attitudes", "adequate", "", TODAY)
    assert "who decided is not recorded: adequate" in " ".join(show_grades(folder, KENT).lines)


def test_decisions_of_an_older_folder_are_read_as_of_one_person_who_is_not_recorded(folder):  # noqa: F811
    older = pa.schema([field for field in DECISIONS if field.name not in ("decided_by", "confirmed_by", "awaited")])
    row = {"place_code": KENT, "line": "attitudes", "proposed": "adequate", "decided": "good", "reason": REASON,
           "decided_on": TODAY}  # fmt: skip
    judged(folder)
    stage(folder, "panel", {"decisions": pa.Table.from_pylist([row], older)})
    assert decided(folder) == ["good"]
    record_decision(folder, KENT, "attitudes", "adequate", "", TODAY)
    assert read_stage(folder, "panel", "decisions").num_rows == 2


@pytest.mark.parametrize("text", ["[panel]\npersons = 3\n", '[panel]\npersons = "two"\n', "[panel]\npeople = 2\n"])
def test_a_number_of_persons_that_makes_no_sense_is_refused(folder, text):  # noqa: F811
    settings = folder / "inspection.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + f"\n{text}", encoding="utf-8")
    with pytest.raises(UsageError, match="persons = 2"):
        open_inspection(folder)
