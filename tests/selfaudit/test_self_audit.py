"""Can a force run the pipeline on its own return, in whole or in part, repeatedly and offline?"""

import contextlib
import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assay.cli import main
from assay.engine.provenance import read_receipt, read_stage, verify
from assay.errors import ReturnRefused, UnknownForce, UsageError
from assay.ingest.inspection_folder import create_inspection
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.selfaudit import audit_return
from assay.workflows.selfaudit.self_audit import infer_request
from ingest.worked_example import write_request, write_worked_example

SRC = Path(__file__).parents[2] / "src"


def page_of(folder):
    return (folder / "self-audit" / "index.html").read_text(encoding="utf-8")


def listed(folder, name):
    with (folder / "self-audit" / "lists" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def with_words(folder, name, old, new):
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_it_lies_beside_what_is_sent_and_verifies(worked):
    assert worked.folder == worked.sent.with_name("sent-self-audit")
    assert sorted(path.name for path in worked.sent.iterdir()) == [
        "crimes.csv", "events.csv", "involvements.csv", "return.toml",
    ]  # fmt: skip
    assert verify(worked.folder) == []


def test_the_stages_are_those_of_an_inspection_without_comparison_and_release(worked):
    stages = {path.parent.name for path in worked.folder.glob("*/receipt.json")}
    assert stages == {"answerability", "persons", "groups", "narratives", "records", "enquiries", "self-audit"}


def test_a_person_who_waits_is_told_how_far_it_is(worked):
    assert "Evaluating indicators" in worked.said
    assert "Writing the lists" in worked.said


def test_what_the_page_counts_is_what_the_records_answer(worked):
    # Crime 0001 was recorded in three hours; 0002 is known by the day of its report alone.
    text = page_of(worked.folder)
    assert "Met: 1 of the 1 record that tells; of all 2, 1 to 2, since 1 does not tell." in text
    assert worked.done.answerable == 25
    assert worked.done.not_answerable == 85


def test_the_record_that_does_not_tell_is_listed_with_where_to_look_and_its_zeros(worked):
    (row,) = listed(worked.folder, "recorded_in_24_hours_not_known")
    assert row["crime"] == "0002"
    assert row["began"] == "2026-05-12"
    assert row["done"] == "2026-05-13 09:00"
    assert "by its day alone" in row["why"]
    assert "crimes.reported_at" in row["what to do"]


def test_a_notice_of_bail_that_is_not_there_is_urgent(worked):
    (row,) = listed(worked.folder, "urgent")
    assert (row["crime"], row["person entry"], row["record"]) == ("0001", "V1", "E5")
    assert row["allowed"] == "1 working day"


def test_what_cannot_be_asked_has_no_list_and_a_reason(worked):
    assert not list((worked.folder / "self-audit" / "lists").glob("problem_profile_current*"))
    assert re.search(
        r"You did not send the table profiles, so this cannot be asked here\.<br><strong>Problem profile",
        page_of(worked.folder),
    )


def test_every_page_and_every_line_of_a_list_says_whose_it_is(worked):
    mark = "For INV01 (synthetic) only"
    assert page_of(worked.folder).count(mark) >= 3  # on top, below, and in the margin of every printed sheet
    for path in (worked.folder / "self-audit" / "lists").glob("*.csv"):
        assert {row["only for"] for row in listed(worked.folder, path.stem)} == {mark}, path.name


def test_the_page_needs_nothing_from_elsewhere_and_every_link_leads_somewhere(worked):
    text = page_of(worked.folder)
    assert "<script" not in text
    assert re.findall(r"""(?:src|href)=["']https?:""", text) == []
    links = re.findall(r'href="([^"]+)"', text)
    ids = set(re.findall(r'id="([^"]+)"', text))
    place = worked.folder / "self-audit"
    assert [link for link in links if link.startswith("#") and link[1:] not in ids] == []
    assert [link for link in links if not link.startswith(("#", "data:")) and not (place / link).exists()] == []


def test_no_name_or_birthday_of_a_record_stands_on_the_page_or_in_a_list(worked):
    audit_folder = worked.folder / "self-audit"
    text = page_of(worked.folder) + "".join(
        path.read_text(encoding="utf-8-sig") for path in audit_folder.rglob("*.csv")
    )
    assert [word for word in ("Birch", "Cedar", "ZZ99", "2011-02-03", "1990-11-30") if word in text] == []


@pytest.fixture
def copy(worked, tmp_path):
    """The return and its audit, to be changed."""
    shutil.copytree(worked.sent, tmp_path / "sent")
    shutil.copytree(worked.folder, tmp_path / "sent-self-audit")
    return tmp_path / "sent"


def test_run_again_unchanged_everything_is_kept(worked, copy):
    done = audit_return(copy)
    assert done.changed == 0
    before = read_receipt(worked.folder, "self-audit").outputs
    assert read_receipt(done.folder, "self-audit").outputs == before
    assert "Since last time" not in page_of(done.folder)


def test_corrected_and_run_again_in_the_same_edition_the_page_says_what_changed(copy):
    with_words(copy, "crimes.csv", "2026-05-12,2026-05-13T09:00", "2026-05-12T10:00,2026-05-13T09:00")
    done = audit_return(copy)
    # The report of 0002 now has its hour: 23 hours to the record, so it was in time.
    assert done.changed == 1
    text = page_of(done.folder)
    assert "Since last time" in text
    assert "1 \u2192 2" in text  # met
    assert "1 \u2192 0" in text  # not known
    assert not (done.folder / "self-audit" / "lists" / "recorded_in_24_hours_not_known.csv").exists()
    assert verify(done.folder) == []
    assert "1 \u2192 2" in page_of(
        audit_return(copy).folder
    )  # the same again: last time is still the time before the change
    assert read_stage(done.folder, "self-audit", "last_time").num_rows == 25


def example_of_force(folder, code):
    """The worked example as the return of another force."""
    sent_folder = write_worked_example(folder)
    for path in sent_folder.iterdir():
        path.write_text(path.read_text().replace("INV01", code))
    return sent_folder


@pytest.fixture(scope="module")
def kents(tmp_path_factory):
    """The audit of a return of Kent with a table that is refused, in a folder that lay there empty."""
    folder = tmp_path_factory.mktemp("kent")
    sent_folder = example_of_force(folder / "sent", "E23000032")
    with_words(sent_folder, "events.csv", "happened_at", "when_it_was")
    (folder / "out").mkdir()
    return audit_return(sent_folder, folder / "out")


def test_a_return_with_a_refused_table_says_so_and_answers_what_it_can(worked, kents):
    assert kents.tables_refused == ("events (R03)",)
    assert kents.usable
    assert kents.answerable < worked.done.answerable
    assert "table refused (R03)" in page_of(kents.folder)
    assert verify(kents.folder) == []


@pytest.mark.parametrize(
    ("old", "new", "letter"),
    [
        ("[return]", "[returned]", "there is no section"),
        ("edition      = 1", "", "edition is missing"),
        ('request      = "TRIAL-2026"', "", "request is missing"),
        ("period_to    = 2026-07-01", "period_to = 2026-04-01", "period of the request is empty"),
        ("period_from  = 2026-04-01", 'period_from = "soon"', "period_from is missing, or is not a day"),
    ],
)
def test_a_return_that_is_refused_as_a_whole_gets_a_letter_and_leaves_nothing(tmp_path, old, new, letter):
    sent_folder = write_worked_example(tmp_path / "sent")
    with_words(sent_folder, "return.toml", old, new)
    with pytest.raises(ReturnRefused, match=letter):
        audit_return(sent_folder)
    assert not (tmp_path / "sent-self-audit").exists()


def test_a_code_that_nobody_bears_is_never_guessed(tmp_path):
    sent_folder = write_worked_example(tmp_path / "sent")
    with_words(sent_folder, "return.toml", "INV01", "E23000099")
    with pytest.raises(UnknownForce, match="No body has the code"):
        audit_return(sent_folder)


def test_the_request_follows_from_the_cover(tmp_path):
    sent_folder = write_worked_example(tmp_path / "sent")
    inferred_request = infer_request(sent_folder)
    assert (inferred_request.key, str(inferred_request.period_from), str(inferred_request.period_to)) == (
        "TRIAL-2026",
        "2026-04-01",
        "2026-07-01",
    )
    assert list(inferred_request.organisations) == ["INV01"]
    with_words(sent_folder, "return.toml", "INV01", "E23000032")
    assert infer_request(sent_folder).organisation("E23000032").name == "Kent"


def test_a_request_that_was_sent_is_held_to(tmp_path):
    sent_folder = write_worked_example(tmp_path / "sent")
    request = write_request(tmp_path / "request.toml")
    assert infer_request(sent_folder, request).organisation("INV01").name == "Example (invented)"
    with_words(tmp_path, "request.toml", "TRIAL-2026", "ANOTHER-2026")
    with pytest.raises(ReturnRefused, match="request is not the key of the data request"):
        audit_return(sent_folder, request=request)


@pytest.mark.parametrize("inside", [".", "audit"])
def test_it_is_never_written_into_what_is_sent(tmp_path, inside):
    sent_folder = write_worked_example(tmp_path / "sent")
    with pytest.raises(UsageError, match="lies inside the return"):
        audit_return(sent_folder, sent_folder / inside)


def test_a_folder_that_holds_another_forces_return_is_refused(kents, tmp_path):
    with pytest.raises(UsageError, match="holds edition 1 of E23000032"):
        audit_return(example_of_force(tmp_path / "essex", "E23000028"), kents.folder)
    assert list((kents.folder / "returns").iterdir()) == [kents.folder / "returns" / "E23000032"]
    assert verify(kents.folder) == []


def test_a_self_audit_that_lies_beside_the_returns_is_not_taken_for_one(copy, tmp_path):
    assert (tmp_path / "sent-self-audit" / "inspection.toml").is_file()
    create_inspection(tmp_path.with_name(f"{tmp_path.name}-trial"), infer_request(copy), {})
    intake_result = receive_returns(tmp_path.with_name(f"{tmp_path.name}-trial"), [tmp_path])
    assert [return_result.name for return_result in intake_result.returns] == ["sent"]


def test_it_needs_no_home_no_rights_and_no_write_access_to_the_return(worked):
    assert worked.left == []
    assert {path.name: path.read_bytes() for path in worked.sent.iterdir()} == worked.content


def test_the_command_says_whose_return_it_was_and_where_the_page_lies(copy, capsys):
    with contextlib.suppress(SystemExit):
        main(["self-audit", str(copy), "--json"])
    data = json.loads(capsys.readouterr().out)
    assert data["force_code"] == "INV01"
    assert Path(data["index"]) == copy.with_name("sent-self-audit") / "self-audit" / "index.html"
    assert Path(data["index"]).is_file()


def test_a_refused_return_ends_the_command_with_three_and_a_sentence(account, tmp_path):
    (tmp_path / "empty").mkdir()
    command = [sys.executable, "-m", "assay.cli", "self-audit", str(tmp_path / "empty")]
    env = os.environ | account.environment | {"PYTHONPATH": str(SRC)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=account.here, env=env)
    assert done.returncode == 3
    assert done.stderr.startswith("assay: return.toml is missing (R01)")
    assert "Traceback" not in done.stderr
    assert account.left() == []
