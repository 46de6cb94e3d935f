"""Is an entry shown without names, and with names only after a recorded reason?"""

import csv
import json
from datetime import date

import pytest
from typer.testing import CliRunner

from assay.casefiles.text_entries import read_command
from assay.cli import app
from assay.engine.provenance import EventKind, Ledger
from assay.errors import AssayError, PurposeRefused, UsageError
from assay.ingest.inspection_folder import new_inspection
from assay.synthetic import read_world
from assay.synthetic.demo import generate_returns
from assay.workflows.reading.entry_reading import NOTES, read_entry, unlock_entry, unlock_log
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.retire.ledger_entry_codes import entry_code

FORCE_CODE, TODAY = "INV01", date(2026, 7, 1)


@pytest.fixture(scope="module")
def inspection(tmp_path_factory):
    """An inspection that took in one synthetic return, one of whose entries names its child and suspect: (folder,
    the reference of the entry, what it says)."""
    folder = tmp_path_factory.mktemp("unlock")
    generate_returns(folder / "sent", world=read_world("plain").sized(forces=2, crimes=30), seed=7)
    sent_folder = folder / "sent" / "returns" / FORCE_CODE
    notes, involved = rows(sent_folder / "notes.csv"), rows(sent_folder / "involvements.csv")
    named_victims = [row for row in involved if row["role"] == "victim" and row["surname"] and row["forenames"]]
    child = next(row for row in named_victims if any(note["crime_ref"] == row["crime_ref"] for note in notes))
    entry = next(row for row in notes if row["crime_ref"] == child["crime_ref"])
    entry |= {
        "form": "text",
        "text": f"{child['forenames'].upper()} {child['surname']}'s carer rang. She is streetwise.",
        "author_role": "investigator",
        "entry_type": "log",
    }
    with (sent_folder / "notes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(notes[0]), extrasaction="ignore", restval="")
        writer.writeheader()
        writer.writerows(notes)
    new_inspection(folder / "trial", folder / "sent" / "request.toml")
    receive_returns(folder / "trial", [folder / "sent" / "returns"])
    return folder / "trial", entry["note_ref"], entry["text"]


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def events(folder):
    return [entry for entry in Ledger(folder / "ledger.jsonl").entries() if entry.kind == EventKind.TEXT_UNLOCKED.key]


def test_an_entry_is_shown_with_what_its_people_are_in_the_case(inspection):
    folder, reference, _ = inspection
    entry_shown = read_entry(folder, FORCE_CODE, reference)
    assert entry_shown.text == "[VICTIM 1]'s carer rang. She is streetwise."
    assert (entry_shown.entry.author_role, entry_shown.entry.entry_type) == ("investigator", "log")
    assert events(folder) == []


def test_as_it_was_sent_it_is_shown_once_the_ledger_says_who_which_and_why(inspection):
    folder, reference, text = inspection
    assert (
        unlock_entry(folder, FORCE_CODE, reference, reader_code="insp-07", reason="To check who is meant by 'she'.")
        == text
    )
    (event,) = events(folder)
    code = entry_code(folder, FORCE_CODE, NOTES, reference)
    assert event.about == {
        "who": "insp-07",
        "body": FORCE_CODE,
        "entry": code,
        "why": "To check who is meant by 'she'.",
    }
    assert reference not in (folder / "ledger.jsonl").read_text()
    assert [event["entry"] for event in unlock_log(folder).events] == [reference]
    assert Ledger(folder / "ledger.jsonl").chain_errors() == []


@pytest.mark.parametrize(
    ("staff_code", "reason", "message"),
    [
        ("Jo Fern", "To check who is meant.", "code"),
        ("", "To check who is meant.", "code"),
        ("insp-07", " short ", "sentence"),
        ("insp-07", "DS Secretword asked for it.", "seems to contain a name"),
    ],
)
def test_without_a_code_and_a_reason_nothing_is_shown_or_written(inspection, staff_code, reason, message):
    folder, reference, _ = inspection
    before = events(folder)
    with pytest.raises(UsageError, match=message):
        unlock_entry(folder, FORCE_CODE, reference, reader_code=staff_code, reason=reason)
    assert events(folder) == before


def test_a_reason_that_holds_the_reference_of_the_entry_is_not_written(inspection):
    folder, *_ = inspection
    with pytest.raises(UsageError, match="contains the reference of the entry"):
        unlock_entry(folder, FORCE_CODE, "N-0000417", reader_code="insp-07", reason="To see who N-0000417 is about.")


def test_an_entry_or_a_return_that_is_not_there_is_told(inspection):
    folder, reference, _ = inspection
    with pytest.raises(UsageError, match="holds no entry"):
        read_entry(folder, FORCE_CODE, "none")
    with pytest.raises(UsageError, match="holds no return of"):
        read_entry(folder, "none", reference)


def test_after_the_last_day_nothing_is_shown(inspection):
    folder, reference, _ = inspection
    with pytest.raises(PurposeRefused):
        read_entry(folder, FORCE_CODE, reference, today=date(2199, 1, 1))


def read(*words):
    """(exit code, what was said) of `assay text read`."""
    done = CliRunner().invoke(app, ["text", "read", *(str(word) for word in words)])
    return (
        (done.exception.exit_code, str(done.exception))
        if isinstance(done.exception, AssayError)
        else (done.exit_code, done.output)
    )


def verdicts(folder):
    return [
        entry.about for entry in Ledger(folder / "ledger.jsonl").entries() if entry.kind == EventKind.VERDICT_SHOWN.key
    ]


def test_the_command_of_a_sheet_shows_the_text_and_nothing_that_the_machine_finds_in_it(inspection):
    folder, reference, _ = inspection
    command = read_command("note", reference, FORCE_CODE).split()[3:]
    assert read(folder, *command) == (0, "[VICTIM 1]'s carer rang. She is streetwise.\n")
    data = json.loads(read(folder, *command, "--json")[1])
    assert data == {
        "text": "[VICTIM 1]'s carer rang. She is streetwise.",
        "author_role": "investigator",
        "entry_type": "log",
    }
    assert verdicts(folder) == []


def test_the_page_of_an_entry_is_not_written_without_asking_for_the_verdict(inspection, tmp_path):
    folder, reference, _ = inspection
    code, output = read(folder, "--note", reference, "--force", FORCE_CODE, "--html", tmp_path / "page.html")
    assert (code, "--verdict" in output, (tmp_path / "page.html").exists()) == (2, True, False)


def test_the_verdict_is_shown_on_request_once_the_ledger_says_who_asked_of_which_and_why(inspection):
    folder, reference, _ = inspection
    options = ("--note", reference, "--force", FORCE_CODE, "--verdict", "--rules-only")
    for staff_code, reason in (
        ("", "To look at a rule."),
        ("insp-07", "short"),
        ("insp-07", f"To look at {reference}."),
        ("insp-07", "DS Secretword asked."),
    ):
        code, output = read(folder, *options, "--who", staff_code, "--reason", reason)
        assert (code, "streetwise" in output) == (2, False)
    assert verdicts(folder) == []
    code, output = read(folder, *options, "--who", "insp-07", "--reason", "To look at a rule.")
    assert (code, 'COUNTS     "streetwise"' in output) == (0, True)
    assert verdicts(folder) == [
        {
            "who": "insp-07",
            "body": FORCE_CODE,
            "entry": entry_code(folder, FORCE_CODE, NOTES, reference),
            "why": "To look at a rule.",
        }
    ]


def test_a_verdict_is_asked_for_only_of_an_entry_of_an_inspection(tmp_path):
    (tmp_path / "note.txt").write_text("Seen at school.")
    code, output = read(tmp_path / "note.txt", "--verdict")
    assert (code, "--note or --summary" in output) == (2, True)
