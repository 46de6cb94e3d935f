"""Is a report older than a decision, rating, reply or return not packed, and reported by `verify`?"""

import csv
import json
import shutil
from datetime import date

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from assay import indicators
from assay.cli import app
from assay.contract import question_sets
from assay.engine.provenance import EventKind, Ledger, verify
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import UsageError
from assay.grading.concerns import TABLE as CONCERNS
from assay.grading.force_proposals import GRADE_PROBABILITIES, GRADES, LEVELS
from assay.grading.proposal_sensitivity import TABLE as MOVED
from assay.ingest.inspection_folder import create_inspection
from assay.reference import real_organisations
from assay.reference.data_requests import DataRequest
from assay.workflows.judge.grading_stage import SEALED_SCHEMA, record_decision
from assay.workflows.judge.inspection_plan import seal_plan
from assay.workflows.judge.recommendation_follow_up import Deadlines, record_recommendation, record_reply
from assay.workflows.release.accuracy_points import take_answers, write_points
from assay.workflows.release.release_clearance import record_wording_review
from assay.workflows.release.report_pack import make_pack
from assay.workflows.release.reproduction import verify_printed
from assay.workflows.retire.retirement import retire
from made_once import without_pdfs

KENT, TODAY = "E23000032", date(2026, 6, 1)
REASON = "Files read on the visit show it in every one."
OLDER = "The report is older than"


@pytest.fixture(autouse=True)
def no_pdfs_are_set():
    """The report of this inspection is a line of text, and no pages from which a PDF could be set."""
    with without_pdfs():
        yield


@pytest.fixture
def folder(tmp_path):
    """An inspection that was run once: one proposal, one finding, one indicator, and a report of them."""
    organisations = {organisation.code: organisation for organisation in real_organisations()}
    days = (date(2025, 4, 1), date(2026, 4, 1), date(2023, 4, 1))
    inspection_folder = create_inspection(
        tmp_path / "trial", DataRequest("TRIAL-2026", "A trial", *days, False, "real", organisations), {}
    ).folder
    run(inspection_folder)
    return inspection_folder


def run(folder):
    """What a run leaves, as far as a pack and these commands read it."""
    runner = StageRunner(folder)
    runner.begin_run()
    grade = dict.fromkeys(GRADES.names) | {
        "place_code": KENT,
        "line": "attitudes",
        "proposed": "adequate",
        "why_none": "",
    }
    tables_by_stage = {
        "grade_chances": GRADE_PROBABILITIES,
        "characteristic_states": LEVELS,
        "concerns": CONCERNS,
        "grade_sensitivity": MOVED,
        "sealed_grades": SEALED_SCHEMA,
    }
    judged = {
        "grades": pa.Table.from_pylist([grade], GRADES),
        **{name: form.empty_table() for name, form in tables_by_stage.items()},
    }
    runner.run_stage("judgement", lambda: StageOutput(judged, 0, 0), packages=(indicators, question_sets), inputs={})
    ladder = {"place_code": KENT, "indicator": "told_of_arrest", "when_reported": "all", "not_askable": "", "met": 60,
              "not_met": 40, "not_known": 0, "not_known_if_counted": 0, "suppressed_cells": ""}  # fmt: skip
    finding = {"place_code": KENT, "key": "told_of_arrest", "sentence": "Sixty."}
    let_out = {"ladders": pa.Table.from_pylist([ladder]), "findings": pa.Table.from_pylist([finding])}
    runner.run_stage("disclosure", lambda: StageOutput(let_out, 0, 0), packages=(indicators, question_sets), inputs={})
    runner.run_stage(
        "counted",
        lambda: StageOutput({"ladders": let_out["ladders"]}, 0, 0),
        packages=(indicators, question_sets),
        inputs={},
    )
    files = {"index.html": "<h1>A trial</h1>", "figures/public-receipt.json": "{}"}
    runner.run_stage(
        "report", lambda: StageOutput({}, 0, 0, files=files), packages=(indicators, question_sets), inputs={}
    )
    runner.end_run()


def event(kind, **details):
    return lambda folder, _: Ledger(folder / "ledger.jsonl").append(kind, **details)


def stage(name):
    stage_output = StageOutput({"rows": pa.table({"key": ["a"]})}, 1, 1)
    return lambda folder, _: StageRunner(folder).run_stage(
        name, lambda: stage_output, packages=(indicators, question_sets), inputs={}
    )


def answer(folder, work):
    write_points(folder, KENT, work / "points.csv")
    with (work / "points.csv").open(newline="") as lines:
        rows = [row | {"answer": "accepted"} for row in csv.DictReader(lines)]
    with (work / "points.csv").open("w", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    take_answers(folder, KENT, work / "points.csv")


def ask(folder, _=None):
    days = Deadlines(TODAY, date(2026, 8, 1), date(2027, 6, 1))
    record_recommendation(
        folder, KENT, "kept_informed", test="told_of_arrest", owner="The chief constable", text="", days=days
    )


def ask_run_and_reply(folder, _):
    ask(folder)
    run(folder)
    assert older(folder) == []
    record_reply(folder, f"{KENT}-1", date(2026, 7, 1), date(2026, 7, 2))


LATER = {
    "a decision that moves a grade": lambda folder, _: record_decision(
        folder, KENT, "attitudes", "inadequate", REASON, TODAY
    ),
    "a decision that confirms a grade": lambda folder, _: record_decision(
        folder, KENT, "attitudes", "adequate", "", TODAY
    ),
    "a force's answers to the points on it": answer,
    "a recommendation": ask,
    "a reply to a recommendation": ask_run_and_reply,
    "sealed marks of case files": stage("casefiles/marks/closed/responses_case"),
    "sealed marks of texts": stage("casefiles/marks/blame/attitudes_entry"),
    "a return": event(EventKind.RETURN_ACCEPTED, body=KENT, edition=2),
    "voices, documents or lessons": event(EventKind.OTHER_ACCEPTED, sender="NGO", edition=1),
    "answers of staff to a survey": stage("surveys/staff"),
    "a revisit": stage("revisited"),
    "verdicts on pairs of records": stage("reviewed"),
    "an earlier inspection": stage("earlier"),
    "a return of which the command was killed before its line": stage("returns/INV01/edition_1"),
    "a plan": lambda folder, _: seal_plan(folder, day=TODAY),
    "a review of the wording": lambda folder, _: record_wording_review(folder, "Survivors' panel", TODAY),
}


def older(folder):
    return [sentence for sentence in map(str, verify(folder)) if sentence.startswith(OLDER)]


@pytest.mark.parametrize("later", LATER.values(), ids=LATER)
def test_a_report_that_is_older_than_this_is_not_packed_until_it_was_run_again(folder, tmp_path, later):
    make_pack(folder, tmp_path / "first.zip")
    assert older(folder) == []
    later(folder, tmp_path)
    [sentence] = older(folder)
    assert sentence.endswith("run it again.")
    with pytest.raises(UsageError, match=f"{OLDER}.*assay inspect run {folder}"):
        make_pack(folder, tmp_path / "second.zip")
    with pytest.raises(UsageError, match=OLDER):
        make_pack(folder, tmp_path / "second.zip", although_waiting=True)
    assert not (tmp_path / "second.zip").exists()
    run(folder)
    assert older(folder) == []
    make_pack(folder, tmp_path / "second.zip")


def test_a_decision_before_a_run_that_was_killed_before_its_report_still_makes_the_report_older(folder, tmp_path):
    record_decision(folder, KENT, "attitudes", "inadequate", REASON, TODAY)
    StageRunner(folder).begin_run()
    assert len(older(folder)) == 1
    with pytest.raises(UsageError, match=OLDER):
        make_pack(folder, tmp_path / "pack.zip")


def test_the_command_verify_ends_with_a_difference_that_names_the_line_of_the_ledger(folder):
    record_decision(folder, KENT, "attitudes", "inadequate", REASON, TODAY)
    [number] = [entry.number for entry in Ledger(folder / "ledger.jsonl").entries() if entry.kind == "decided"]
    done = CliRunner().invoke(app, ["inspect", "verify", str(folder), "--json"])
    assert done.exit_code == 5
    [sentence] = json.loads(done.stdout)["differences"]
    assert sentence.startswith(f"{OLDER} a decision of the panel (ledger.jsonl, line {number}")
    assert [difference.where for difference in verify_printed(folder)] == ["report"]


def test_the_command_verify_names_the_next_command_for_an_inspection_and_for_published_statistics(folder):
    (folder / "report" / "extra.csv").write_text("1", encoding="utf-8")
    (folder / "inspection.toml").write_text("", encoding="utf-8")
    assert f"again: assay inspect run {folder}\n" in CliRunner().invoke(app, ["inspect", "verify", str(folder)]).stdout
    (folder / "inspection.toml").unlink()
    printed = CliRunner().invoke(app, ["inspect", "verify", str(folder)]).stdout
    assert f"again: assay look report --out {folder}\n" in printed


def test_what_changes_no_report_makes_none_older(folder, tmp_path):
    stage("casefiles/samples/closed")(folder, tmp_path)
    stage("casefiles/given/closed/responses_case")(folder, tmp_path)
    event(EventKind.TEXT_UNLOCKED, who="insp-07", body=KENT, entry="x", why="To check.")(folder, tmp_path)
    make_pack(folder, tmp_path / "first.zip")
    make_pack(folder, tmp_path / "second.zip")
    assert older(folder) == []


def test_a_run_of_published_figures_that_writes_its_own_returns_leaves_no_older_report(folder):
    runner = StageRunner(folder)
    runner.begin_run()
    stage("returns")(folder, None)
    inspection_folder = StageOutput(
        {}, 0, 0, files={"index.html": "<h1>Published</h1>", "figures/public-receipt.json": "{}"}
    )
    runner.run_stage("report", lambda: inspection_folder, packages=(indicators, question_sets), inputs={})
    runner.end_run()
    assert older(folder) == []


def test_before_the_first_report_nothing_is_older(folder):
    shutil.rmtree(folder / "report")
    entries = [
        line for line in (folder / "ledger.jsonl").read_bytes().splitlines(keepends=True) if b'"report"' not in line
    ]
    (folder / "ledger.jsonl").write_bytes(b"".join(entries))
    record_decision(folder, KENT, "attitudes", "inadequate", REASON, TODAY)
    assert older(folder) == []


def test_a_return_that_was_taken_back_leaves_the_report_as_it_was_made_and_is_packed_no_more(folder, tmp_path):
    event(EventKind.RETURN_WITHDRAWN, body=KENT, edition=1)(folder, tmp_path)
    assert older(folder) == []
    with pytest.raises(UsageError, match=f"{OLDER} the withdrawal of a return"):
        make_pack(folder, tmp_path / "pack.zip")


def test_of_a_retired_inspection_nobody_is_told_to_run_it_again(folder, tmp_path):
    record_decision(folder, KENT, "attitudes", "inadequate", REASON, TODAY)
    retire(folder)
    [sentence] = older(folder)
    assert "run it again" not in sentence
    assert "retired" in sentence
    with pytest.raises(UsageError, match="is retired") as refused:
        make_pack(folder, tmp_path / "pack.zip")
    assert "assay inspect run" not in str(refused.value)


def test_a_reply_that_comes_after_an_inspection_was_retired_is_noted_and_makes_no_difference(folder):
    ask(folder)
    run(folder)
    retire(folder)
    record_reply(folder, f"{KENT}-1", date(2026, 7, 1), date(2026, 7, 2))
    assert older(folder) == []
