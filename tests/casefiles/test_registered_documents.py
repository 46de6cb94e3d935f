"""Documents of a register are read by their checklists: marks are sealed, superseded, read twice, and counted."""

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from assay.casefiles.fieldwork_counts import count_answers, write_counts
from assay.casefiles.fieldwork_plan import accept_plan
from assay.casefiles.file_allocation import assigned_of, issue_sheets, sample_ratings
from assay.casefiles.rating_intake import accept_ratings
from assay.casefiles.registered_documents import NOT_RANDOM_DOCUMENTS, combine_checks
from assay.casefiles.sample_results import results
from assay.cli import app
from assay.engine.provenance import verify
from assay.errors import UsageError
from assay.grading import document_evidence
from assay.grading.inspection_evidence import _document_ratings
from assay.indicators import EVERYWHERE
from assay.indicators.document_checklists import policy
from assay.indicators.voice_counts import RespondentCount
from assay.ingest.inspection_folder import create_inspection
from assay.ingest.other_sender_tables import accepted_rows
from assay.workflows.receive.other_sender_intake import receive_evidence, withdraw_sender
from ingest.other_sent import DOCUMENT, ESSEX, KENT, REQUEST, write_sent

KEY, SET = "TEAM-ONE", "policy_document"
TWO = [DOCUMENT, DOCUMENT | {"document_ref": "D2", "body_code": ESSEX, "sha256": "1" * 64}]
PROFILE = DOCUMENT | {"document_ref": "D3", "document_kind": "problem_profile"}
STAFF = f"marker_code,away_from,part,auditor_of,adjudicator\nM1,{KENT},,,\nM2,,,,\nM3,,,,\nJ1,,,,yes\n"


@pytest.fixture
def folder(tmp_path):
    folder = create_inspection(tmp_path / "trial", REQUEST, {}).folder
    accept_documents(folder, tmp_path, 1, [*TWO, PROFILE])
    return folder


def accept_documents(folder, tmp_path, edition, documents):
    path = write_sent(tmp_path / f"e{edition}", sender=KEY, kind="inspection", edition=edition, documents=documents)
    assert receive_evidence(folder, [path]).all_usable


def issue_document_sheets(folder, tmp_path, questions=SET, **more):
    (tmp_path / "markers.csv").write_text(STAFF)
    return issue_sheets(folder, KEY, questions, tmp_path / "markers.csv", tmp_path / "out", **more)


def filled(path, answer):
    """The sheet with every question answered so, the overall one `good`, each with a reason."""
    workbook = load_workbook(path)
    page = workbook["Marks"]
    for row in range(2, page.max_row + 1):
        graded = page.cell(row, 5).value.endswith("overall")
        page.cell(row, 7).value, page.cell(row, 8).value = "good" if graded else answer, "It says so."
    workbook.save(path)
    return path


def marked(folder, tmp_path, answer="met", **more):
    done = accept_ratings(
        folder, [filled(path, answer) for path in issue_document_sheets(folder, tmp_path, **more).sheets.values()]
    )
    assert done.errors == ()
    return done


def test_each_checklist_is_asked_of_its_kind_of_document_away_from_the_markers_own_force(folder, tmp_path):
    assert sum(issue_document_sheets(folder, tmp_path).loads.values()) == 2
    assignments = assigned_of(folder, KEY, SET)
    assert {(assignment.file.force_code, assignment.file.subject_ref) for assignment in assignments} == {
        (KENT, "D1"),
        (ESSEX, "D2"),
    }
    assert not [
        assignment for assignment in assignments if assignment.marker == "M1" and assignment.file.force_code == KENT
    ]
    assert sum(issue_document_sheets(folder, tmp_path, "problem_profile_document").loads.values()) == 1
    with pytest.raises(UsageError, match="holds none that is read by minutes_document"):
        issue_document_sheets(folder, tmp_path, "minutes_document")
    with pytest.raises(UsageError, match="holds none that is read by responses_case"):
        issue_document_sheets(folder, tmp_path, "responses_case")


def test_the_sheet_says_which_copy_is_to_be_read_and_no_title(folder, tmp_path):
    sheets = issue_document_sheets(folder, tmp_path).sheets.values()
    pages = [list(load_workbook(path)["Steps"].iter_rows(values_only=True)) for path in sheets]
    steps = [dict(zip(head, row, strict=True)) for head, *rows in pages for row in rows]
    timeline_row = next(row for row in steps if row["subject_ref"] == "D1")
    copy = f"kept as policy.txt, SHA-256 {'0' * 64}"
    assert (timeline_row["when"], timeline_row["detail"], timeline_row["by_role"]) == (
        "2025-01-01",
        copy,
        "head of unit",
    )
    assert "A procedure" not in str(steps)


def test_marks_of_a_document_are_sealed_in_a_chain_and_another_answer_supersedes(folder, tmp_path):
    assert marked(folder, tmp_path).new == 2 * len(policy.questions)
    assert {mark["subject_kind"] for mark in sample_ratings(folder, KEY, SET)} == {"document"}
    assert marked(folder, tmp_path, "not_met").changed == 2 * (len(policy.questions) - 1)
    assert verify(folder) == []


def test_a_share_is_read_twice_and_where_two_differ_an_adjudicator_reads_on(folder, tmp_path):
    sheets = issue_document_sheets(folder, tmp_path, double=1).sheets
    assert {assignment.round for assignment in assigned_of(folder, KEY, SET)} == {"first", "second"}
    for code, path in sheets.items():
        accept_ratings(folder, [filled(path, "met" if code == "M2" else "partly_met")])
    assert issue_document_sheets(folder, tmp_path).adjudicated > 0


def test_what_is_read_twice_of_a_sample_or_a_list_is_not_said_with_the_sheets(folder, tmp_path):
    (tmp_path / "markers.csv").write_text(STAFF)
    (tmp_path / "visits.csv").write_text("fieldwork_ref,subject_kind,force_code,role,held_on\n")
    accept_plan(folder, tmp_path / "visits.csv")
    with pytest.raises(UsageError, match="is not a register"):
        issue_sheets(folder, "visits", SET, tmp_path / "markers.csv", tmp_path / "out", double=0.5)


def test_answers_are_counted_and_there_is_no_share(folder, tmp_path):
    marked(folder, tmp_path, "not_met")
    first = count_answers(folder, KEY, SET)[0]
    assert (first.place, first.answers["not_met"], first.share.words) == (
        EVERYWHERE,
        RespondentCount(2),
        NOT_RANDOM_DOCUMENTS,
    )
    counts_page = write_counts(folder, KEY, SET, tmp_path / "page.html")
    page_body = counts_page.path.read_text().partition("<main")[2]
    assert NOT_RANDOM_DOCUMENTS in page_body
    assert "%" not in page_body
    with pytest.raises(UsageError, match="not randomly sampled"):
        results(folder, KEY, SET)


def test_a_document_that_cannot_be_found_is_replaced_by_nothing_and_the_page_says_so(folder, tmp_path):
    issue_document_sheets(folder, tmp_path, missing=[(ESSEX, "D2")])
    assert [assignment.file.subject_ref for assignment in assigned_of(folder, KEY, SET)] == ["D1"]
    page = write_counts(folder, KEY, SET, tmp_path / "page.html").path.read_text()
    assert "they are not replaced" in page


def test_what_came_with_a_later_edition_is_given_out_beside_and_another_copy_needs_another_reference(folder, tmp_path):
    issue_document_sheets(folder, tmp_path)
    accept_documents(folder, tmp_path, 2, [*TWO, DOCUMENT | {"document_ref": "D4"}])
    assert sum(issue_document_sheets(folder, tmp_path).loads.values()) == 3
    accept_documents(folder, tmp_path, 3, [DOCUMENT | {"sha256": "2" * 64}])
    with pytest.raises(UsageError, match="D1 was given out as another copy"):
        issue_document_sheets(folder, tmp_path)


def test_a_document_that_is_no_longer_in_the_register_is_no_longer_given_out(folder, tmp_path):
    before = [path.rename(tmp_path / path.name) for path in issue_document_sheets(folder, tmp_path).sheets.values()]
    accept_documents(folder, tmp_path, 2, [DOCUMENT])
    issue_document_sheets(folder, tmp_path)
    assert [assignment.file.subject_ref for assignment in assigned_of(folder, KEY, SET)] == ["D1"]
    done = accept_ratings(folder, [filled(path, "met") for path in before])
    assert done.errors
    assert {mark["subject_ref"] for mark in sample_ratings(folder, KEY, SET)} == {"D1"}


def test_marks_go_with_the_register_that_is_taken_back_and_stay_while_an_edition_is_left(folder, tmp_path):
    accept_documents(folder, tmp_path, 2, TWO)
    marked(folder, tmp_path)
    withdraw_sender(folder, KEY, 2)
    assert sample_ratings(folder, KEY, SET)
    withdraw_sender(folder, KEY)
    assert not sample_ratings(folder, KEY, SET)
    assert b"It says so" not in b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert verify(folder) == []


def test_a_sealed_mark_stands_in_the_place_of_a_check_that_was_sent_and_each_item_counts_once():
    document = {"sender": KEY, "document_ref": "D1", "body_code": KENT}
    place = {"sender": KEY, "document_ref": "D1", "checklist": SET}
    checked_items = [
        place | {"item": "roles_named", "answer": "not_met"},
        place | {"item": "definition_given", "answer": "met"},
    ]
    sealed = {(KEY, SET): {(KENT, "D1", "roles_named"): "met", (ESSEX, "D1", "definition_given"): "not_met"}}
    found = {row["item"]: row["answer"] for row in combine_checks(checked_items, [document], sealed)}
    assert found == {"roles_named": "met", "definition_given": "met"}
    assert len(combine_checks(checked_items, [document], sealed)) == 2


def test_what_is_sealed_of_a_document_is_what_strands_read(folder, tmp_path):
    marked(folder, tmp_path, "partly_met")
    documents = accepted_rows(folder)
    ratings = _document_ratings(folder, documents["documents"])
    rows = combine_checks(documents["document_checks"], documents["documents"], ratings)
    assert len(rows) == 2 * len(policy.questions)
    parts = document_evidence.document_parts(["Q47"], documents["documents"], rows, KENT)
    assert [(part.statement, part.evidence_keys) for part in parts] == [
        ("Of 5 items checked, 0 met, 5 partly met, 0 not met.", ("D1", "D3"))
    ]


def test_no_list_bears_the_name_of_a_sender(folder, tmp_path):
    (tmp_path / f"{KEY}.csv").write_text("fieldwork_ref,subject_kind,force_code,role,held_on\n")
    with pytest.raises(UsageError, match="the name of a sender"):
        accept_plan(folder, tmp_path / f"{KEY}.csv")


def test_the_commands_give_documents_out_and_count(folder, tmp_path):
    (tmp_path / "markers.csv").write_text(STAFF)
    run = CliRunner()
    arguments = [str(folder), KEY, "--questions", SET]
    out = ["--markers", str(tmp_path / "markers.csv"), "--out", str(tmp_path / "out"), "--twice", "1"]
    assert run.invoke(app, ["casefile", "sheets", *arguments, *out]).exit_code == 0
    command_result = run.invoke(app, ["casefile", "estimate", *arguments])
    assert command_result.exit_code == 0
    assert "nobody has answered yet" in command_result.output
