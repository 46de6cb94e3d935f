"""Does a panel change a grade only with a reason, and is the plan sealed before results?"""

import csv
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pyarrow as pa
import pytest

from assay import indicators
from assay.compare.comparison_tables import as_table
from assay.compare.failure_mode_tests import FAILURE_MODE_TESTS, TOWARDS_FAILURE
from assay.compare.indicator_comparison import FORCE_ESTIMATES
from assay.compare.previous_alerts import Alert
from assay.contract import question_sets
from assay.engine.provenance import Ledger, read_stage, verify
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import SourceError, UsageError
from assay.grading.concerns import TABLE as CONCERNS
from assay.grading.force_proposals import GRADE_PROBABILITIES, GRADES, LEVELS
from assay.grading.panel_decisions import COLUMNS
from assay.grading.proposal_sensitivity import TABLE as MOVED
from assay.ingest.inspection_folder import create_inspection, open_inspection
from assay.reference import real_organisations
from assay.reference.data_requests import DataRequest
from assay.reference.inspection_assumptions import assumptions
from assay.report import Reissue
from assay.sdc import declared_tables
from assay.workflows.judge import inspection_plan
from assay.workflows.judge.grade_provenance import adverse_evidence
from assay.workflows.judge.grading_stage import (
    SEALED_SCHEMA,
    decision_lock,
    grading_tables,
    read_decisions,
    record_decision,
)
from assay.workflows.judge.inspection_plan import (
    CHANGES_TABLE_SCHEMA,
    EDITIONS_TABLE_SCHEMA,
    plan_tables,
    read_editions,
    seal_plan,
    sealed_rules,
)
from assay.workflows.judge.recommendation_follow_up import REVISIT_SCHEMA as REVISITED
from assay.workflows.judge.recommendation_follow_up import (
    Deadlines,
    read_recommendations,
    record_recommendation,
    record_reply,
    reply_status,
    revisit,
    revisited_table,
)
from assay.workflows.release.accuracy_points import (
    SUMMARY_SCHEMA,
    accuracy_table,
    read_answers,
    take_answers,
    write_points,
)
from assay.workflows.release.assurance_log import ASSUMPTIONS, LOG, log_table
from assay.workflows.retire.retirement import retire
from assay.workflows.run.inspection_pipeline import run_inspection
from assay.workflows.run.previous_inspections import import_previous_alerts, previous_alerts

KENT, TODAY, LATER = "E23000032", date(2026, 6, 1), date(2026, 10, 1)
REASON = "Files read on the visit show it in every one."
DAYS = Deadlines(TODAY, date(2026, 8, 1), date(2027, 6, 1))


@pytest.fixture
def folder(tmp_path):
    """An inspection of which nothing came yet."""
    organisations = {organisation.code: organisation for organisation in real_organisations()}
    days = (date(2025, 4, 1), date(2026, 4, 1), date(2023, 4, 1))
    return create_inspection(
        tmp_path / "trial", DataRequest("TRIAL-2026", "A trial", *days, False, "real", organisations), {}
    ).folder


def stage(folder, name, tables):
    StageRunner(folder).run_stage(
        name, lambda: StageOutput(tables, 0, 0), packages=(indicators, question_sets), inputs={}
    )


def judged(folder, proposed="adequate"):
    """One proposal, as a run would leave it."""
    row = dict.fromkeys(GRADES.names) | {"place_code": KENT, "line": "attitudes", "proposed": proposed,
                                                   "why_none": "", "certainty": "Under these rules.", "known": 2,
                                                   "characteristics": 3}  # fmt: skip
    tables_by_stage = {
        "grade_chances": GRADE_PROBABILITIES,
        "characteristic_states": LEVELS,
        "concerns": CONCERNS,
        "grade_sensitivity": MOVED,
        "sealed_grades": SEALED_SCHEMA,
    }
    empty = {name: form.empty_table() for name, form in tables_by_stage.items()}
    stage(folder, "judgement", {"grades": pa.Table.from_pylist([row], GRADES), **empty})


def test_a_grade_is_moved_only_with_a_reason_and_confirmed_without_one(folder):
    judged(folder)
    for reason in ("", "agreed"):
        with pytest.raises(UsageError, match="only with a reason"):
            record_decision(folder, KENT, "attitudes", "good", reason, TODAY)
    assert read_decisions(folder) == []
    record_decision(folder, KENT, "attitudes", "adequate", "", TODAY)
    assert [decision.decided for decision in read_decisions(folder)] == ["adequate"]


NAMING = "The visit showed it, says Det Supt Secretword."
"""A reason that is long enough, and names somebody."""


def test_a_reason_that_names_somebody_is_sealed_by_no_command(folder, monkeypatch):
    judged(folder)
    set_counts(folder, 60, 40)
    seal_plan(folder, day=TODAY)
    monkeypatch.setattr(inspection_plan, "rules_text", lambda: "changed")
    lines = len(list(Ledger(folder / "ledger.jsonl").entries()))
    for command in (
        lambda: record_decision(folder, KENT, "attitudes", "good", NAMING, TODAY),
        lambda: seal_plan(folder, day=TODAY, reason=NAMING),
        lambda: enter(folder, owner="Det Supt Secretword"),
        lambda: run_inspection(folder, reissue=Reissue(folder / "figures.json", NAMING)),
    ):
        with pytest.raises(UsageError, match="seems to contain a name after a title or rank") as caught:
            command()
        assert "Secretword" not in str(caught.value)
    assert len(list(Ledger(folder / "ledger.jsonl").entries())) == lines


def test_proposal_and_decision_are_both_kept_and_a_later_decision_counts(folder):
    judged(folder)
    record_decision(folder, KENT, "Attitudes towards victims", "Good", REASON, TODAY)
    record_decision(
        folder,
        KENT,
        "attitudes",
        "requires improvement",
        "The visit was repeated, and the files do not show it.",
        TODAY,
    )
    [row] = grading_tables(folder)["grades"].to_pylist()
    assert (row["proposed"], row["decided"], row["decided_upon"]) == ("adequate", "requires improvement", "adequate")
    assert len(read_decisions(folder)) == 2
    assert [e.about["decided"] for e in Ledger(folder / "ledger.jsonl").entries() if e.kind == "decided"] == [
        "good", "requires improvement"]  # fmt: skip


def test_decisions_that_are_made_at_the_same_moment_are_all_kept(folder):
    judged(folder)
    grades = ["good", "adequate", "inadequate", "requires improvement"] * 2
    with ThreadPoolExecutor(len(grades)) as panel:
        list(panel.map(lambda grade: record_decision(folder, KENT, "attitudes", grade, REASON, TODAY), grades))
    assert sorted(decision.decided for decision in read_decisions(folder)) == sorted(grades)
    assert verify(folder) == []


def test_whoever_holds_the_decisions_may_decide_and_everyone_else_waits(folder):
    judged(folder)
    with ThreadPoolExecutor(1) as other:
        with decision_lock(folder):
            waiting = other.submit(record_decision, folder, KENT, "attitudes", "good", REASON, TODAY)
            record_decision(folder, KENT, "attitudes", "inadequate", REASON, TODAY)
            assert not waiting.done()
        waiting.result()
    assert [decision.decided for decision in read_decisions(folder)] == ["inadequate", "good"]


def test_a_decision_stands_when_the_proposal_changes_and_the_folder_still_verifies(folder):
    judged(folder)
    record_decision(folder, KENT, "attitudes", "good", REASON, TODAY)
    judged(folder, proposed="inadequate")
    shutil.rmtree(folder / "judgement")
    judged(folder, proposed="inadequate")
    [row] = grading_tables(folder)["grades"].to_pylist()
    assert (row["proposed"], row["decided"], row["decided_upon"]) == ("inadequate", "good", "adequate")
    assert [str(difference) for difference in verify(folder) if "panel" in str(difference)] == []


@pytest.mark.parametrize(("line", "grade"), [("attitudes", "fair"), ("weather", "good"), ("scale", "good")])
def test_a_line_or_grade_that_is_not_there_is_refused(folder, line, grade):
    judged(folder)
    with pytest.raises(UsageError):
        record_decision(folder, KENT, line, grade, REASON, TODAY)


def test_the_plan_is_sealed_before_the_first_return_and_the_ledger_holds_its_hash(folder):
    seal_plan(folder, day=TODAY, notice=date(2026, 1, 15))
    [edition] = read_editions(folder)
    assert (edition.returns_before, edition.notice_on) == (0, date(2026, 1, 15))
    kinds = [e for e in Ledger(folder / "ledger.jsonl").entries() if e.kind == "plan sealed"]
    assert kinds[0].about["hash"] == edition.hash
    items = read_stage(folder, "plan/edition_1", "items").to_pylist()
    parts = {row["part"] for row in items}
    assert parts == {"question", "definition", "standard", "characteristic", "measure", "lesson test", "threshold",
                     "grade rules", "request"}  # fmt: skip
    assert verify(folder) == []


def test_a_measure_is_planned_under_the_key_that_earlier_plans_have():
    """Otherwise the hash of every measure would change with the name of the key."""
    measures = [card for part, _, card in inspection_plan._registered_items() if part == "measure"]
    assert all("leans on" in card and "assumptions" not in card for card in measures)
    assert len(measures) > 100


def test_a_plan_that_nobody_changed_is_not_sealed_again(folder):
    seal_plan(folder, day=TODAY)
    assert "Nothing has changed" in seal_plan(folder, day=TODAY).lines[0]
    assert len(read_editions(folder)) == 1


def test_a_changed_plan_is_sealed_again_only_with_a_reason_and_says_what_moved(folder, monkeypatch):
    seal_plan(folder, day=TODAY)
    judged(folder)
    monkeypatch.setattr(inspection_plan, "rules_text", lambda: "changed")
    inspection_plan._program_items.cache_clear()
    try:
        unsealed = plan_tables(open_inspection(folder))["plan_changes"].to_pylist()
        with pytest.raises(UsageError, match="grade rules"):
            seal_plan(folder, day=TODAY)
        seal_plan(folder, day=TODAY, reason="The panel asked for a stricter line in June.")
        shutil.rmtree(folder / "judgement")
        judged(folder, proposed="good")
        tables = plan_tables(open_inspection(folder))
    finally:
        inspection_plan._program_items.cache_clear()
    assert [(row["edition"], row["item"]) for row in unsealed] == [("not sealed", "rules.toml")]
    [row] = tables["plan_changes"].to_pylist()
    assert (row["edition"], row["part"], row["change"]) == ("2", "grade rules", "changed")
    assert row["moved"] == "1 of 1 proposal since"
    assert read_stage(folder, "plan/edition_2", "grades_before").to_pylist()[0]["proposed"] == "adequate"


def test_the_rules_of_the_first_edition_stay_available(folder):
    assert sealed_rules(folder) is None
    seal_plan(folder, day=TODAY)
    assert sealed_rules(folder) is None  # as they are in use
    path = folder / "plan" / "edition_1" / "rules.toml"
    path.write_text(path.read_text().replace("line = 0.75", "line = 0.70", 1))
    assert sealed_rules(folder).line == 0.70


def released(folder):
    """What disclosure would have let out of one force."""
    form = declared_tables()["findings"].schema
    row = {name: "" for name in form.names if form.field(name).type == pa.string()}
    rows = [
        row | {"key": key, "place_code": KENT, "sentence": sentence} for key, sentence in (("a", "One."), ("b", "Two."))
    ]
    stage(folder, "disclosure", {"findings": pa.Table.from_pylist(rows, form)})


def filled(path, *answers):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, (answer, why) in zip(rows, answers, strict=True):
        row |= {"answer": answer, "why": why}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_force_answers_point_by_point_and_what_it_leaves_empty_is_not_accepted(folder, tmp_path):
    released(folder)
    write_points(folder, KENT, tmp_path / "points.csv")
    take_answers(folder, KENT, filled(tmp_path / "points.csv", ("disputed", "The unit moved in May."), ("", "")))
    assert accuracy_table(folder).to_pylist() == [
        {"place_code": KENT, "points": 2, "accepted": 0, "disputed": 1, "not_answered": 1}]  # fmt: skip
    take_answers(folder, KENT, filled(tmp_path / "points.csv", ("accepted", ""), ("accepted", "")))
    assert accuracy_table(folder).to_pylist()[0]["accepted"] == 2  # the later edition counts
    assert (folder / "accuracy" / KENT / "edition_1" / "answers.parquet").is_file()  # and the earlier is kept
    assert [row["answer"] for row in read_answers(folder)[KENT]] == ["accepted", "accepted"]


@pytest.mark.parametrize(
    "answers",
    [(("disputed", ""), ("", "")), (("perhaps", ""), ("", "")), (("disputed", "DI Secretword knows."), ("", ""))],
)
def test_a_dispute_without_a_reason_or_with_a_name_or_another_word_is_refused(folder, tmp_path, answers):
    released(folder)
    write_points(folder, KENT, tmp_path / "points.csv")
    with pytest.raises(SourceError, match="row 2"):
        take_answers(folder, KENT, filled(tmp_path / "points.csv", *answers))


def test_a_sentence_that_was_changed_on_the_way_is_refused(folder, tmp_path):
    released(folder)
    write_points(folder, KENT, tmp_path / "points.csv")
    path = tmp_path / "points.csv"
    path.write_text(path.read_text().replace("Two.", "Three."))
    with pytest.raises(SourceError, match="not as it was sent"):
        take_answers(folder, KENT, path)


def set_counts(folder, met, not_met, unknown=0):
    """The ladders of one indicator in one force, as a run would leave them."""
    row = {"place_code": KENT, "indicator": "told_of_arrest", "when_reported": "all", "not_askable": "", "met": met,
           "not_met": not_met, "not_known": unknown, "not_known_if_counted": 0, "suppressed_cells": ""}  # fmt: skip
    shutil.rmtree(folder / "disclosure", ignore_errors=True)
    stage(folder, "disclosure", {"ladders": pa.Table.from_pylist([row])})


def enter(folder, test="told_of_arrest", owner="The chief constable", days=DAYS):
    return record_recommendation(folder, KENT, "kept_informed", test=test, owner=owner, text="", days=days)


@pytest.mark.parametrize(("now", "verdict"), [((90, 10), "better"), ((40, 60), "worse"), ((62, 38), "no change is shown"),
                                             ((5, 0), "cannot be compared")])  # fmt: skip
def test_a_revisit_is_held_against_the_baseline(folder, tmp_path, now, verdict):
    set_counts(folder, 60, 40)
    enter(folder)
    later = tmp_path / "later"
    shutil.copytree(folder, later)
    set_counts(later, *now)
    revisit(later, folder, TODAY)
    assert [row["verdict"] for row in revisited_table(later).to_pylist()] == [verdict]


def test_a_measure_whose_definition_changed_is_not_compared(folder, monkeypatch):
    set_counts(folder, 60, 40)
    enter(folder)
    monkeypatch.setattr("assay.workflows.judge.recommendation_follow_up.definition_hash", lambda _record: "another")
    assert revisit(folder, folder, TODAY).data["revisited"][0]["verdict"] == "cannot be compared"


def test_a_recommendation_has_an_owner_a_test_that_was_asked_and_days_in_order(folder):
    set_counts(folder, 60, 40)
    for more in (
        {"owner": " "},
        {"test": "told_of_bail"},
        {"days": Deadlines(TODAY, date(2026, 5, 1), date(2027, 6, 1))},
    ):
        with pytest.raises(UsageError):
            enter(folder, **more)
    assert enter(folder).data["met"] == 60


@pytest.mark.parametrize(
    ("replied_on", "today", "state"),
    [(None, date(2026, 8, 1), "due"), (None, date(2026, 8, 2), "overdue"), (date(2026, 8, 1), TODAY, "replied in time"),
     (date(2026, 8, 2), TODAY, "replied late")],
)  # fmt: skip
def test_the_reply_of_the_local_policing_body_is_a_clock(replied_on, today, state):
    assert reply_status({"reply_by": date(2026, 8, 1), "replied_on": replied_on}, today) == state


def test_a_reply_is_noted_on_its_recommendation_and_on_no_other(folder):
    set_counts(folder, 60, 40)
    enter(folder)
    record_reply(folder, f"{KENT}-1", date(2026, 7, 1), LATER)
    with pytest.raises(UsageError, match=f"{KENT}-1"):
        record_reply(folder, f"{KENT}-2", date(2026, 7, 1), LATER)
    assert revisit(folder, folder, TODAY).data["revisited"][0]["reply"] == "replied in time"


def replies(folder):
    """The day that counts, and what the ledger says of replies."""
    [row] = read_recommendations(folder)
    entries = [entry.about for entry in Ledger(folder / "ledger.jsonl").entries() if entry.kind == "replied"]
    return row["replied_on"], [dict(entry_details) for entry_details in entries]


@pytest.mark.parametrize(
    ("day", "refused"), [(date(2026, 5, 31), "before 1 June 2026"), (LATER + timedelta(1), "not come yet")]
)
def test_no_reply_is_noted_of_a_day_before_the_recommendation_or_of_one_to_come(folder, day, refused):
    set_counts(folder, 60, 40)
    enter(folder)
    with pytest.raises(UsageError, match=refused):
        record_reply(folder, f"{KENT}-1", day, LATER)
    with pytest.raises(UsageError, match=refused):
        record_reply(folder, f"{KENT}-1", day, LATER, reason="A day was typed wrongly.")
    assert replies(folder) == (None, [])


@pytest.mark.parametrize("day", [TODAY, date(2026, 8, 2), LATER])
def test_a_reply_on_any_day_from_the_recommendation_to_today_is_noted_in_the_table_and_in_the_ledger(folder, day):
    set_counts(folder, 60, 40)
    enter(folder)
    record_reply(folder, f"{KENT}-1", day, LATER)
    assert replies(folder) == (day, [{"recommendation": f"{KENT}-1", "on": day.isoformat()}])


def test_an_earlier_reply_is_not_overwritten(folder):
    set_counts(folder, 60, 40)
    enter(folder)
    record_reply(folder, f"{KENT}-1", date(2026, 7, 1), LATER)
    for reply_day in (date(2026, 6, 20), date(2026, 9, 1)):
        with pytest.raises(UsageError, match=r"reply of 1 July 2026 is noted.*--reason"):
            record_reply(folder, f"{KENT}-1", reply_day, LATER)
    assert replies(folder)[0] == date(2026, 7, 1)


def test_a_reason_that_seems_to_name_somebody_is_not_written_into_the_ledger(folder):
    set_counts(folder, 60, 40)
    enter(folder)
    record_reply(folder, f"{KENT}-1", date(2026, 7, 1), LATER)
    with pytest.raises(UsageError, match=r"^--reason: This seems to contain a name after a title or rank"):
        record_reply(folder, f"{KENT}-1", date(2026, 6, 20), LATER, reason="Sgt Secretword typed a wrong day.")
    assert replies(folder)[0] == date(2026, 7, 1)
    assert len(replies(folder)[1]) == 1


def test_the_same_reply_noted_twice_changes_nothing(folder):
    set_counts(folder, 60, 40)
    enter(folder)
    for _ in range(2):
        record_reply(folder, f"{KENT}-1", date(2026, 7, 1), LATER)
    assert len(replies(folder)[1]) == 1


def test_a_reply_is_corrected_with_a_reason_and_the_ledger_keeps_the_earlier_day(folder):
    set_counts(folder, 60, 40)
    enter(folder)
    record_reply(folder, f"{KENT}-1", date(2026, 7, 1), LATER)
    record_reply(folder, f"{KENT}-1", date(2026, 7, 11), LATER, reason="The letter bears the 11th.")
    replied_on, entries = replies(folder)
    assert (replied_on, entries[1]["was"], entries[1]["why"]) == (
        date(2026, 7, 11),
        "2026-07-01",
        "The letter bears the 11th.",
    )


def test_the_log_says_what_was_checked_and_the_register_grades_every_assumption(folder):
    seal_plan(folder, day=TODAY)
    found = {row["check"]: row["found"] for row in log_table(open_inspection(folder)).to_pylist()}
    assert (
        found["Was the plan sealed before the first return?"]
        == "It was sealed before the first return; 0 later editions."
    )
    assert found["Is the ledger's chain whole?"] == "It is."
    assert all(assumption.checked_by for assumption in assumptions())


def test_a_baseline_stays_when_the_inspection_is_retired_and_what_a_force_wrote_does_not(folder, tmp_path):
    set_counts(folder, 60, 40)
    enter(folder)
    later = tmp_path / "later"
    shutil.copytree(folder, later)
    shutil.rmtree(folder / "disclosure")
    released(folder)
    write_points(folder, KENT, tmp_path / "points.csv")
    take_answers(folder, KENT, filled(tmp_path / "points.csv", ("disputed", "The unit moved in May."), ("", "")))
    retire(folder)
    assert not list((folder / "accuracy").rglob("answers.parquet"))
    revisit(later, folder, TODAY)
    assert revisited_table(later).to_pylist()[0]["verdict"] == "no change is shown"


def test_every_table_that_leaves_has_the_columns_that_are_declared():
    """A table with another column would stop the whole release."""
    forms = {"grades": (*GRADES.names, *COLUMNS), "grade_chances": GRADE_PROBABILITIES.names, "characteristic_states": LEVELS.names,
             "concerns": CONCERNS.names, "grade_sensitivity": MOVED.names, "sealed_grades": SEALED_SCHEMA.names,
             "plan_editions": EDITIONS_TABLE_SCHEMA.names, "plan_changes": CHANGES_TABLE_SCHEMA.names, "accuracy": SUMMARY_SCHEMA.names,
             "revisits": REVISITED.names, "assumptions": ASSUMPTIONS.names, "quality_log": LOG.names}  # fmt: skip
    for name, columns in forms.items():
        assert {column.name for column in declared_tables()[name].columns} == set(columns), name


def test_what_is_not_counted_from_records_is_followed_to_recommendations_and_statements_and_not_to_files(folder):
    lessons = [{"place_code": KENT, "recommendation": key, "status": status}
               for key, status in (("hmicfrs-2023-2", "not applied"), ("hmicfrs-2023-4", "applied"))]  # fmt: skip
    claims = [{"place_code": KENT, "key": "told_of_arrest", "verdict": "contradicted"},
              {"place_code": "E23000001", "key": "told_of_arrest", "verdict": "contradicted"}]  # fmt: skip
    stage(
        folder,
        "lessons",
        {"lessons_applied": pa.Table.from_pylist(lessons), "claim_tests": pa.Table.from_pylist(claims)},
    )
    found = {key: adverse_evidence(folder, {}, key, KENT) for key in ("past_recommendations", "claims", "documents")}
    assert found == {"past_recommendations": ["hmicfrs-2023-2"], "claims": ["told_of_arrest"], "documents": []}


def test_an_earlier_inspection_is_one_whose_period_begins_before_and_its_calls_are_kept_with_it(folder, tmp_path):
    days = (date(2024, 4, 1), date(2025, 4, 1), date(2022, 4, 1))
    organisations = {organisation.code: organisation for organisation in real_organisations()}
    before = create_inspection(
        tmp_path / "before", DataRequest("TRIAL-2025", "A trial", *days, False, "real", organisations), {}
    ).folder
    row = dict.fromkeys(FORCE_ESTIMATES.names) | {
        "indicator": "told_of_arrest",
        "place_code": KENT,
        "outlier_alert": True,
        "direction": "lower",
        "alert_status": "new",
        "alerted_since": "",
        "q_value": 0.01,
    }
    with pytest.raises(UsageError, match="Run it first"):
        import_previous_alerts(folder, before)
    table = as_table([row, row | {"indicator": "told_of_bail", "outlier_alert": False}], FORCE_ESTIMATES)
    stage(before, "disclosure", {"force_estimates": table})
    with pytest.raises(UsageError, match="not an earlier one"):
        import_previous_alerts(before, folder)
    import_previous_alerts(folder, before)
    known = previous_alerts(folder)
    assert (known.inspections, known.q_threshold(0.02)) == (1, 0.01)
    assert known.alerts == {("told_of_arrest", KENT): Alert("lower", 0.01, "1 April 2024 to 31 March 2025")}
    assert verify(folder) == []
    mode = dict.fromkeys(FAILURE_MODE_TESTS.names) | {"failure_mode": "F8", "place_code": KENT, "outlier_alert": True, "alert_status": "new",
                                            "alerted_since": ""}  # fmt: skip
    quiet = mode | {"failure_mode": "F9", "outlier_alert": False}
    stage_output = StageOutput(
        {"force_estimates": table, "combined_tests": as_table([mode, quiet], FAILURE_MODE_TESTS)}, 0, 0
    )
    StageRunner(before).run_stage(
        "disclosure",
        lambda: stage_output,
        packages=(indicators, question_sets),
        inputs={},
        settings={"released": "again"},
    )
    import_previous_alerts(folder, before)
    assert previous_alerts(folder).alerts[("F8", KENT)] == Alert(TOWARDS_FAILURE, 0.05, "1 April 2024 to 31 March 2025")
    assert len(previous_alerts(folder).alerts) == 2


def test_a_call_of_whom_it_could_not_be_looked_at_is_kept_for_the_next_inspection_and_one_that_is_gone_is_not(tmp_path):
    organisations, folders = {organisation.code: organisation for organisation in real_organisations()}, []
    for year in (2024, 2025, 2026):
        days = (date(year, 4, 1), date(year + 1, 4, 1), date(year - 2, 4, 1))
        folders.append(
            create_inspection(
                tmp_path / f"{year}", DataRequest("TRIAL", "A trial", *days, False, "real", organisations), {}
            ).folder
        )
    outlier_row = dict.fromkeys(FORCE_ESTIMATES.names) | {"place_code": KENT, "outlier_alert": True, "direction": "lower", "alert_status": "new",
                                              "alerted_since": "", "q_value": 0.01}  # fmt: skip
    first = [outlier_row | {"indicator": key} for key in ("told_of_arrest", "told_of_bail")]
    unseen = first[0] | {"outlier_alert": None, "direction": "", "alert_status": ""}
    changed_estimate = first[1] | {
        "outlier_alert": False,
        "direction": "",
        "alert_status": "no longer shown",
        "alerted_since": "1 April 2024 to 31 March 2025",
    }
    stage(folders[0], "disclosure", {"force_estimates": as_table(first, FORCE_ESTIMATES)})
    import_previous_alerts(folders[1], folders[0])
    stage(folders[1], "disclosure", {"force_estimates": as_table([unseen, changed_estimate], FORCE_ESTIMATES)})
    import_previous_alerts(folders[2], folders[1])
    known = previous_alerts(folders[2])
    assert (known.inspections, known.alerts) == (
        2,
        {("told_of_arrest", KENT): Alert("lower", 0.01, "1 April 2024 to 31 March 2025")},
    )
