"""Who is asked stands on a list of roles; their marks are sealed like all others, and are counted, never a rate."""

from datetime import date

import fastexcel
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from assay.casefiles.fieldwork_counts import count_answers, write_counts
from assay.casefiles.fieldwork_plan import NOT_RANDOM, accept_plan, planned_of
from assay.casefiles.file_allocation import assigned_of, issue_sheets, sample_ratings
from assay.casefiles.rating_intake import accept_ratings
from assay.casefiles.ratio_estimates import ratios
from assay.casefiles.sample_page import write_page
from assay.casefiles.sample_results import results
from assay.cli import app
from assay.engine.provenance import verify
from assay.errors import UsageError
from assay.indicators import EVERYWHERE
from assay.indicators.fieldwork_question_sets import interview
from assay.indicators.voice_counts import RespondentCount
from assay.ingest.inspection_folder import create_inspection
from ingest.other_sent import ESSEX, KENT, REQUEST
from report.browsing import OPEN, OVERFLOW, WIDE, barriers

HEAD = "fieldwork_ref,subject_kind,force_code,role,held_on\n"
TWO = f"I1,interview,{KENT},supervisor,2026-02-01\nI2,interview,{ESSEX},health,\n"
OTHER_ROWS = f"G1,focus_group,{KENT},investigator,2026-02-02\nO1,observation,ALL,analyst,2026-02-03\n"
KEY, SET = "visits", "interview_fieldwork"


@pytest.fixture
def folder(tmp_path):
    return create_inspection(tmp_path / "trial", REQUEST, {}).folder


def planned(folder, tmp_path, rows=TWO + OTHER_ROWS):
    (tmp_path / f"{KEY}.csv").write_text(HEAD + rows)
    return accept_plan(folder, tmp_path / f"{KEY}.csv")


def issue_plan_sheets(folder, tmp_path, questions=SET, missing=()):
    (tmp_path / "markers.csv").write_text(f"marker_code,away_from,part\nM1,{KENT},\nM2,,\n")
    return issue_sheets(folder, KEY, questions, tmp_path / "markers.csv", tmp_path / "out", missing=missing)


def test_a_list_tells_how_many_of_each_kind_are_planned(folder, tmp_path):
    done = planned(folder, tmp_path)
    assert done.errors == ()
    assert done.summary_lines() == ["visits: 2 interviews, 1 focus group, 1 observation."]
    assert [planned_fieldwork.held_on for planned_fieldwork in planned_of(folder, KEY, "interview")] == [
        date(2026, 2, 1),
        None,
    ]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (f"I9,interview,{KENT},Sergeant Secretword,", "role"),
        (f"I9,interview,{KENT},,", "role"),
        (f"Jo Secretword,interview,{KENT},supervisor,", "fieldwork_ref"),
        ("I9,interview,Secretword,supervisor,", "force_code"),
        (f"I9,Secretword,{KENT},supervisor,", "subject_kind"),
        (f"I9,interview,{KENT},supervisor,Secretword", "held_on"),
        (f"I1,interview,{ESSEX},supervisor,", "fieldwork_ref"),
    ],
)
def test_a_row_that_names_somebody_or_cannot_be_used_is_told_by_its_column_and_its_content_is_kept_nowhere(
    folder, tmp_path, row, column
):
    done = planned(folder, tmp_path, f"{OTHER_ROWS}I1,interview,{KENT},supervisor,\n{row}\n")
    assert {column_name for _, column_name, _ in done.errors} == {column}
    assert 5 in {line for line, _, _ in done.errors}
    assert "Secretword" not in "\n".join(done.summary_lines())
    assert b"Secretword" not in b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert len(done.planned) == (2 if row.startswith("I1") else 3)


def test_a_sheet_has_the_questions_of_its_kind_and_says_the_role_and_the_day(folder, tmp_path):
    planned(folder, tmp_path)
    sheets = issue_plan_sheets(folder, tmp_path).sheets
    assert {
        assignment.marker for assignment in assigned_of(folder, KEY, SET) if assignment.file.force_code == KENT
    } == {"M2"}
    rows = [
        list(fastexcel.read_excel(path).load_sheet("Steps").to_polars().iter_rows(named=True))
        for path in sheets.values()
    ]
    assert {(row["subject_ref"], row["when"], row["what"], row["by_role"]) for sheet in rows for row in sheet} == {
        ("I1", "2026-02-01", "interview", "supervisor"), ("I2", "no day set", "interview", "health")
    }  # fmt: skip


@pytest.mark.parametrize("questions", ["focus_group_fieldwork", "observation_fieldwork"])
def test_each_kind_has_its_own_sheet(folder, tmp_path, questions):
    planned(folder, tmp_path)
    assert sum(issue_plan_sheets(folder, tmp_path, questions).loads.values()) == 1


def test_what_is_planned_later_is_given_out_beside_what_was_and_nothing_given_out_may_vanish(folder, tmp_path):
    planned(folder, tmp_path)
    before = {
        (assignment.file.subject_ref, assignment.marker)
        for assignment in (issue_plan_sheets(folder, tmp_path), assigned_of(folder, KEY, SET))[1]
    }
    planned(folder, tmp_path, f"{TWO}I3,interview,{KENT},analyst,\n")
    issue_plan_sheets(folder, tmp_path)
    assert before < {(assignment.file.subject_ref, assignment.marker) for assignment in assigned_of(folder, KEY, SET)}
    with pytest.raises(UsageError, match="given out already"):
        planned(folder, tmp_path, f"I3,interview,{KENT},analyst,\n")


def test_what_did_not_happen_is_replaced_by_nothing(folder, tmp_path):
    planned(folder, tmp_path)
    issue_plan_sheets(folder, tmp_path)
    assert sum(issue_plan_sheets(folder, tmp_path, missing=[(ESSEX, "I2")]).loads.values()) == 1


def test_a_question_set_of_another_kind_and_a_list_without_its_kind_are_refused(folder, tmp_path):
    planned(folder, tmp_path, TWO)
    for questions in ("responses_case", "observation_fieldwork"):
        with pytest.raises(UsageError, match="holds none"):
            issue_plan_sheets(folder, tmp_path, questions)


def marked(folder, tmp_path, answer="met"):
    """Every sheet answered so, the overall question `good`, each with a reason; taken in."""
    planned(folder, tmp_path)
    paths = list(issue_plan_sheets(folder, tmp_path).sheets.values())
    for path in paths:
        workbook = load_workbook(path)
        page = workbook["Marks"]
        for row in range(2, page.max_row + 1):
            page.cell(row, 7).value = "good" if page.cell(row, 5).value.endswith("overall") else answer
            page.cell(row, 8).value = "Said so."
        workbook.save(path)
    done = accept_ratings(folder, paths)
    assert done.errors == ()
    return done


def test_marks_of_an_interview_are_sealed_in_the_chain_like_all_others(folder, tmp_path):
    assert marked(folder, tmp_path).new == 2 * len(interview.questions)
    marks = sample_ratings(folder, KEY, SET)  # refuses a chain that is broken
    assert {(mark["subject_kind"], mark["subject_ref"]) for mark in marks} == {("interview", "I1"), ("interview", "I2")}
    assert verify(folder) == []


def test_answers_are_counted_and_every_share_is_refused_with_the_reason(folder, tmp_path):
    marked(folder, tmp_path, "not_met")
    first = count_answers(folder, KEY, SET)[0]
    assert (first.place, first.answers["not_met"], first.answers["met"]) == (
        EVERYWHERE,
        RespondentCount(2),
        RespondentCount(0),
    )
    assert (first.share.value, first.share.low, first.share.words) == (None, None, NOT_RANDOM)
    for estimate in (results, ratios):
        with pytest.raises(UsageError, match="not randomly sampled"):
            estimate(folder, KEY, SET)
    with pytest.raises(UsageError, match="not randomly sampled"):
        write_page(folder, KEY, SET, tmp_path / "page.html")


def test_the_page_says_that_no_rate_can_be_given_and_holds_no_per_cent(folder, tmp_path):
    marked(folder, tmp_path)
    counts_page = write_counts(folder, KEY, SET, tmp_path / "page.html")
    page_body = counts_page.path.read_text().partition("<main")[2]
    assert NOT_RANDOM in page_body
    assert "%" not in page_body
    assert NOT_RANDOM in counts_page.summary_lines()


def test_the_commands_plan_give_out_and_count(folder, tmp_path):
    (tmp_path / f"{KEY}.csv").write_text(HEAD + TWO)
    (tmp_path / "markers.csv").write_text("marker_code,away_from,part\nM1,,\n")
    run = CliRunner()
    assert run.invoke(app, ["fieldwork", "plan", str(folder), str(tmp_path / f"{KEY}.csv")]).exit_code == 0
    arguments = ["casefile", "sheets", str(folder), KEY, "--questions", SET, "--markers", str(tmp_path / "markers.csv")]
    assert run.invoke(app, [*arguments, "--out", str(tmp_path / "out")]).exit_code == 0
    command_result = run.invoke(app, ["casefile", "estimate", str(folder), KEY, "--questions", SET])
    assert command_result.exit_code == 0
    assert "nobody has answered yet" in command_result.output
    (tmp_path / f"{KEY}.csv").write_text(f"{HEAD}{TWO}I3,interview,{KENT},Secretword,\n")
    refused = run.invoke(app, ["fieldwork", "plan", str(folder), str(tmp_path / f"{KEY}.csv")])
    assert refused.exit_code == 3
    assert "Secretword" not in refused.output


@pytest.mark.browser
def test_the_page_of_a_list_has_no_barrier_and_nothing_wider_than_the_screen(window, axe, folder, tmp_path):
    marked(folder, tmp_path)
    page = write_counts(folder, KEY, SET, tmp_path / "page.html").path
    window.messages.clear()
    window.goto(page.as_uri())
    window.evaluate(OPEN)
    assert window.messages == []
    assert barriers(window, axe) == []
    assert window.evaluate(OVERFLOW) == 0
    assert window.evaluate(WIDE) == []
