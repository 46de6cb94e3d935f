"""A report that is older than a decision, a mark, a reply or a return is not packed, and `verify` says that it is older."""

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
from assay.engine.stage_runner import Book, Made
from assay.errors import UsageError
from assay.grading.concerns import TABLE as CONCERNS
from assay.grading.force_proposals import CHANCES, GRADES, SHOWN
from assay.grading.proposal_sensitivity import TABLE as MOVED
from assay.ingest.inspection_folder import make_inspection
from assay.reference import bodies
from assay.reference.data_requests import Request
from assay.workflows.judge.grading_stage import SEALED, decide
from assay.workflows.judge.inspection_plan import seal_plan
from assay.workflows.judge.recommendation_follow_up import Days, recommend, replied
from assay.workflows.release.accuracy_points import take_answers, write_points
from assay.workflows.release.printed_hashes import verify_printed
from assay.workflows.release.release_clearance import wording_reviewed
from assay.workflows.release.report_pack import make_pack
from assay.workflows.retire.retirement import retire

KENT, TODAY = "E23000032", date(2026, 6, 1)
REASON = "Files read on the visit show it in every one."
OLDER = "The report is older than"


@pytest.fixture
def folder(tmp_path):
    """An inspection that was run once: one proposal, one finding, one indicator, and a report of them."""
    held = {body.code: body for body in bodies()}
    days = (date(2025, 4, 1), date(2026, 4, 1), date(2023, 4, 1))
    made = make_inspection(tmp_path / "trial", Request("TRIAL-2026", "A trial", *days, False, "real", held), {}).folder
    run(made)
    return made


def run(folder):
    """What a run leaves, as far as a pack and these commands read it."""
    book = Book(folder)
    book.begin()
    grade = dict.fromkeys(GRADES.names) | {
        "place_code": KENT,
        "line": "attitudes",
        "proposed": "adequate",
        "why_none": "",
    }
    others = {"grade_chances": CHANCES, "shown": SHOWN, "concerns": CONCERNS, "moved": MOVED, "grades_sealed": SEALED}
    judged = {
        "grades": pa.Table.from_pylist([grade], GRADES),
        **{name: form.empty_table() for name, form in others.items()},
    }
    book.stage("judgement", lambda: Made(judged, 0, 0), rooms=(indicators, question_sets), inputs={})
    ladder = {"place_code": KENT, "indicator": "told_of_arrest", "when_reported": "all", "not_askable": "", "met": 60,
              "not_met": 40, "not_known": 0, "not_known_if_counted": 0, "hidden": ""}  # fmt: skip
    finding = {"place_code": KENT, "key": "told_of_arrest", "sentence": "Sixty."}
    let_out = {"ladders": pa.Table.from_pylist([ladder]), "findings": pa.Table.from_pylist([finding])}
    book.stage("disclosure", lambda: Made(let_out, 0, 0), rooms=(indicators, question_sets), inputs={})
    book.stage(
        "counted", lambda: Made({"ladders": let_out["ladders"]}, 0, 0), rooms=(indicators, question_sets), inputs={}
    )
    files = {"index.html": "<h1>A trial</h1>", "figures/public-receipt.json": "{}"}
    book.stage("report", lambda: Made({}, 0, 0, files=files), rooms=(indicators, question_sets), inputs={})
    book.close()


def event(kind, **about):
    return lambda folder, _: Ledger(folder / "ledger.jsonl").append(kind, **about)


def stage(name):
    made = Made({"rows": pa.table({"key": ["a"]})}, 1, 1)
    return lambda folder, _: Book(folder).stage(name, lambda: made, rooms=(indicators, question_sets), inputs={})


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
    days = Days(TODAY, date(2026, 8, 1), date(2027, 6, 1))
    recommend(folder, KENT, "kept_informed", test="told_of_arrest", owner="The chief constable", text="", days=days)


def ask_run_and_reply(folder, _):
    ask(folder)
    run(folder)
    assert older(folder) == []
    replied(folder, f"{KENT}-1", date(2026, 7, 1), date(2026, 7, 2))


LATER = {
    "a decision that moves a grade": lambda folder, _: decide(folder, KENT, "attitudes", "inadequate", REASON, TODAY),
    "a decision that confirms a grade": lambda folder, _: decide(folder, KENT, "attitudes", "adequate", "", TODAY),
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
    "a plan": lambda folder, _: seal_plan(folder, on=TODAY),
    "a review of the wording": lambda folder, _: wording_reviewed(folder, "Survivors' panel", TODAY),
}


def older(folder):
    return [one for one in map(str, verify(folder)) if one.startswith(OLDER)]


@pytest.mark.parametrize("later", LATER.values(), ids=LATER)
def test_a_report_that_is_older_than_this_is_not_packed_until_it_was_run_again(folder, tmp_path, later):
    make_pack(folder, tmp_path / "first.zip")
    assert older(folder) == []
    later(folder, tmp_path)
    [said] = older(folder)
    assert said.endswith("run it again.")
    with pytest.raises(UsageError, match=f"{OLDER}.*assay run {folder}"):
        make_pack(folder, tmp_path / "second.zip")
    with pytest.raises(UsageError, match=OLDER):
        make_pack(folder, tmp_path / "second.zip", although_waiting=True)
    assert not (tmp_path / "second.zip").exists()
    run(folder)
    assert older(folder) == []
    make_pack(folder, tmp_path / "second.zip")


def test_a_decision_before_a_run_that_was_killed_before_its_report_still_makes_the_report_older(folder, tmp_path):
    decide(folder, KENT, "attitudes", "inadequate", REASON, TODAY)
    Book(folder).begin()
    assert len(older(folder)) == 1
    with pytest.raises(UsageError, match=OLDER):
        make_pack(folder, tmp_path / "pack.zip")


def test_the_command_verify_ends_with_a_difference_that_names_the_line_of_the_ledger(folder):
    decide(folder, KENT, "attitudes", "inadequate", REASON, TODAY)
    [number] = [one.number for one in Ledger(folder / "ledger.jsonl").entries() if one.kind == "decided"]
    done = CliRunner().invoke(app, ["verify", str(folder), "--json"])
    assert done.exit_code == 5
    [said] = json.loads(done.stdout)["differences"]
    assert said.startswith(f"{OLDER} a decision of the panel (ledger.jsonl, line {number}")
    assert [one.where for one in verify_printed(folder)] == ["report"]


def test_what_changes_no_report_makes_none_older(folder, tmp_path):
    stage("casefiles/samples/closed")(folder, tmp_path)
    stage("casefiles/given/closed/responses_case")(folder, tmp_path)
    event(EventKind.TEXT_UNLOCKED, who="insp-07", body=KENT, entry="x", why="To check.")(folder, tmp_path)
    make_pack(folder, tmp_path / "first.zip")
    make_pack(folder, tmp_path / "second.zip")
    assert older(folder) == []


def test_a_run_of_published_figures_that_writes_its_own_returns_leaves_no_older_report(folder):
    book = Book(folder)
    book.begin()
    stage("returns")(folder, None)
    made = Made({}, 0, 0, files={"index.html": "<h1>Published</h1>", "figures/public-receipt.json": "{}"})
    book.stage("report", lambda: made, rooms=(indicators, question_sets), inputs={})
    book.close()
    assert older(folder) == []


def test_before_the_first_report_nothing_is_older(folder):
    shutil.rmtree(folder / "report")
    entries = [
        one for one in (folder / "ledger.jsonl").read_bytes().splitlines(keepends=True) if b'"report"' not in one
    ]
    (folder / "ledger.jsonl").write_bytes(b"".join(entries))
    decide(folder, KENT, "attitudes", "inadequate", REASON, TODAY)
    assert older(folder) == []


def test_a_return_that_was_taken_back_leaves_the_report_as_it_was_made_and_is_packed_no_more(folder, tmp_path):
    event(EventKind.RETURN_WITHDRAWN, body=KENT, edition=1)(folder, tmp_path)
    assert older(folder) == []
    with pytest.raises(UsageError, match=f"{OLDER} the withdrawal of a return"):
        make_pack(folder, tmp_path / "pack.zip")


def test_of_a_retired_inspection_nobody_is_told_to_run_it_again(folder, tmp_path):
    decide(folder, KENT, "attitudes", "inadequate", REASON, TODAY)
    retire(folder)
    [said] = older(folder)
    assert "run it again" not in said
    assert "retired" in said
    with pytest.raises(UsageError, match="is retired") as refused:
        make_pack(folder, tmp_path / "pack.zip")
    assert "assay run" not in str(refused.value)


def test_a_reply_that_comes_after_an_inspection_was_retired_is_noted_and_makes_no_difference(folder):
    ask(folder)
    run(folder)
    retire(folder)
    replied(folder, f"{KENT}-1", date(2026, 7, 1), date(2026, 7, 2))
    assert older(folder) == []
