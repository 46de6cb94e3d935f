"""Notes go to a coding tool and come back with what it added, and no name, and no text but in the file itself."""

import zipfile
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from assay.casefiles.field_notes import code_counts, export_project, import_codings, project_of
from assay.casefiles.refi_qda import Code, Coding, read_project, write_project
from assay.cli import app
from assay.engine.provenance import Ledger, verify
from assay.errors import SourceError, UsageError
from assay.ingest.inspection_folder import create_inspection
from assay.workflows.receive.other_sender_intake import receive_evidence, withdraw_sender
from ingest.other_sent import KENT, NOTE, REQUEST, write_sent

TEXT = NOTE["text"]
FIRST, OTHER = "INSPECTION N1", "INSPECTION N2"
NEW = Code(("Challenge", "by a supervisor"), "Somebody puts words right.")
ADDED = (Code(("Challenge",)), NEW)
FOUND = Coding(NEW.path, "M02", 4, 14)


def accept_notes(folder, tmp_path, edition=1, **more):
    notes = [NOTE | more, NOTE | {"note_ref": "N2", "fieldwork_ref": "F2", "question": "partners_answered"}]
    receive_evidence(folder, [write_sent(tmp_path / f"sent{edition}", sender="INSPECTION", kind="inspection", edition=edition,
                             fieldwork_notes=notes)])  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    folder = create_inspection(tmp_path / "trial", REQUEST, {}).folder
    accept_notes(folder, tmp_path)
    return folder


def from_a_tool(folder, path, *codings, codes=ADDED, **first_fields):
    """What a tool would write: the project as it was exported, with codings of the first note."""
    project = project_of(folder)
    first, *rest = project.sources
    first = replace(first, codings=first.codings | set(codings), **first_fields)
    write_project(path, replace(project, codes=(*project.codes, *codes), sources=(first, *rest)))
    return path


def test_a_note_is_a_source_with_its_question_as_code_and_all_that_was_sent_of_it(folder, tmp_path):
    export_project(folder, tmp_path / "a.qdpx")
    first, second = read_project(tmp_path / "a.qdpx").project.sources
    assert (first.name, first.text) == (FIRST, TEXT)
    assert first.codings == {Coding(("Questions", "Q3"), "assay")}
    assert second.codings == {Coding(("Questions", "partners_answered"), "assay")}
    fields = {key: NOTE[key] for key in NOTE if key not in ("note_ref", "text")}
    assert dict(first.values) == fields


def test_what_a_tool_added_comes_back_and_goes_out_with_the_next_export(folder, tmp_path):
    done = import_codings(folder, from_a_tool(folder, tmp_path / "a.qdpx", FOUND))
    assert (done.codings, done.codes, done.renamed, done.errors) == (1, 2, 0, ())
    export_project(folder, tmp_path / "b.qdpx")
    assert read_project(tmp_path / "b.qdpx").project == project_of(folder)
    assert FOUND in read_project(tmp_path / "b.qdpx").project.sources[0].codings
    assert NEW in project_of(folder).codes


def test_what_is_there_already_adds_nothing_and_what_a_tool_left_out_stays(folder, tmp_path):
    export_project(folder, tmp_path / "bare.qdpx")
    path = from_a_tool(folder, tmp_path / "a.qdpx", FOUND)
    import_codings(folder, path)
    for project_path in (path, tmp_path / "bare.qdpx"):
        assert (import_codings(folder, project_path).codings, import_codings(folder, project_path).codes) == (0, 0)
    assert FOUND in project_of(folder).sources[0].codings


def test_a_coder_who_stands_there_by_name_comes_back_as_a_number_and_the_name_is_kept_nowhere(folder, tmp_path):
    path = from_a_tool(
        folder, tmp_path / "a.qdpx", replace(FOUND, coder="Jo Secretword"), replace(FOUND, coder="analyst")
    )
    done = import_codings(folder, path)
    assert (done.codings, done.renamed) == (2, 1)
    coders = project_of(folder).coders
    assert {"assay", "analyst"} < set(coders)
    assert any(coder.startswith("coder-") for coder in coders)
    assert "Secretword" not in repr(done) + "\n".join(done.summary_lines())
    assert b"Secretword" not in b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert import_codings(folder, path).codings == 0


def test_a_code_that_names_somebody_is_set_aside_with_its_codings_and_those_that_lie_in_it(folder, tmp_path):
    codes = (Code(("DC Secretword",)), Code(("DC Secretword", "late")), Code(("Plain",)))
    codings = [Coding(code.path, "M02", 0, 3) for code in codes]
    done = import_codings(folder, from_a_tool(folder, tmp_path / "a.qdpx", *codings, codes=codes))
    assert (done.codings, done.codes) == (1, 1)
    assert "code 4" in done.errors[0]
    assert "Secretword" not in repr(done) + repr(project_of(folder))


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"text": "Other words."}, "its text differs from the note"), ({"name": "N9"}, "no note has its name")],
)
def test_a_source_that_is_not_the_note_is_told_by_place_and_its_codings_are_set_aside(
    folder, tmp_path, changed, message
):
    done = import_codings(folder, from_a_tool(folder, tmp_path / "a.qdpx", Coding(NEW.path, "M02"), **changed))
    assert done.codings == 0
    assert f"source 1: {message}" in done.errors[0]


def test_a_note_that_is_sent_anew_with_other_words_loses_codings_whose_places_would_be_wrong(folder, tmp_path):
    import_codings(folder, from_a_tool(folder, tmp_path / "a.qdpx", FOUND))
    accept_notes(folder, tmp_path, edition=2, text="It takes a week.")
    assert export_project(folder, tmp_path / "b.qdpx").stale == 1
    assert FOUND not in project_of(folder).sources[0].codings


def test_codes_are_by_notes_and_by_those_who_were_heard(folder, tmp_path):
    import_codings(folder, from_a_tool(folder, tmp_path / "a.qdpx", FOUND, Coding(NEW.path, "M03")))
    rows = {path: (notes.value, respondents.value) for path, notes, respondents in code_counts(folder).rows}
    assert rows == {("Questions", "Q3"): (1, 1), ("Questions", "partners_answered"): (1, 1), NEW.path: (1, 1)}


def test_no_text_of_a_note_stands_in_the_ledger_a_receipt_a_letter_or_what_a_command_says(folder, tmp_path):
    import_codings(folder, from_a_tool(folder, tmp_path / "a.qdpx", FOUND))
    run = CliRunner()
    text = "".join(
        run.invoke(app, command).output
        for command in (
            ["fieldwork", "export-notes", str(folder), "--out", str(tmp_path / "b.qdpx")],
            ["fieldwork", "import-notes", str(folder), str(tmp_path / "b.qdpx")],
            ["fieldwork", "note-codes", str(folder), "--json"],
        )
    )
    assert "2 notes" in text
    text += repr(list(Ledger(folder / "ledger.jsonl").entries()))
    files = [path for path in folder.rglob("*") if path.suffix in (".json", ".jsonl", ".html", ".csv", ".toml")]
    assert any(path.name == "receipt.json" for path in files)
    assert "put right" not in text + "".join(path.read_text() for path in files)
    assert verify(folder) == []


def test_codings_go_with_the_notes_when_these_are_taken_back(folder, tmp_path):
    import_codings(folder, from_a_tool(folder, tmp_path / "a.qdpx", FOUND))
    withdraw_sender(folder, "INSPECTION")
    assert not (folder / "casefiles/codings/codings.parquet").is_file()
    with pytest.raises(UsageError, match="holds no fieldwork notes"):
        export_project(folder, tmp_path / "b.qdpx")


def test_a_file_that_is_no_project_changes_nothing(folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.qdpx", "w") as file:
        file.writestr("other.txt", "x")
    with pytest.raises(SourceError, match="holds no project"):
        import_codings(folder, tmp_path / "a.qdpx")
    assert not (folder / "casefiles").exists()
    assert project_of(folder).sources[0].values[2] == ("place_code", KENT)
