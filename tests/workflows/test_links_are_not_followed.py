"""Is a symbolic link never followed by any reader?"""

import hashlib
import shutil

import pytest

from assay.casefiles.document_register import check_register
from assay.ingest.inspection_folder import create_inspection, new_inspection
from assay.ingest.other_sender_tables import accepted_rows
from assay.workflows.receive.other_sender_intake import receive_evidence
from assay.workflows.receive.return_intake import receive_returns
from ingest.other_sent import DOCUMENT, REQUEST, VOICE, write_sent
from mutated_returns import FORCE_CODE, base, write_sound


@pytest.fixture
def folder(tmp_path):
    return create_inspection(tmp_path / "trial", REQUEST, {}).folder


def put_elsewhere(path, tmp_path):
    """The file or folder lies elsewhere now, and a link to it where it was."""
    elsewhere = tmp_path / "elsewhere" / path.name
    elsewhere.parent.mkdir(exist_ok=True)
    shutil.move(path, elsewhere)
    path.symlink_to(elsewhere)


def test_a_link_in_the_place_of_a_table_of_voices_is_not_followed(folder, tmp_path):
    path = write_sent(tmp_path / "a", voices=[VOICE])
    put_elsewhere(path / "voices.csv", tmp_path)
    (sender_result,) = receive_evidence(folder, [path]).senders
    assert (sender_result.accepted, sender_result.refused) == (0, ("voices",))
    assert accepted_rows(folder)["voices"] == []
    assert "voices.csv" not in (folder / "others" / "SURVIVORS" / "edition_1" / "receipt.json").read_text()


def test_a_link_in_the_place_of_a_cover_of_voices_refuses_the_folder(folder, tmp_path):
    path = write_sent(tmp_path / "a", voices=[VOICE])
    put_elsewhere(path / "sent.toml", tmp_path)
    assert receive_evidence(folder, [path]).senders[0].refusal.startswith("V01")


def test_a_link_in_the_place_of_a_sender_s_folder_is_refused_and_the_one_beside_it_is_heard(folder, tmp_path):
    for name in ("A1", "B1"):
        write_sent(tmp_path / "sent" / name, sender=name, voices=[VOICE])
    put_elsewhere(tmp_path / "sent" / "A1", tmp_path)
    done = {sender.name: sender.refusal for sender in receive_evidence(folder, [tmp_path / "sent"]).senders}
    assert "link" in done["A1"]
    assert done["B1"] == ""


def test_a_folder_that_the_inspector_names_is_heard_though_it_is_a_link(folder, tmp_path):
    path = write_sent(tmp_path / "a", voices=[VOICE])
    put_elsewhere(path, tmp_path)
    assert receive_evidence(folder, [path]).senders[0].accepted == 1


def test_links_that_lead_back_up_are_followed_by_nobody(folder, tmp_path):
    write_sent(tmp_path / "sent" / "a", voices=[VOICE])
    for name in ("x", "y"):
        (tmp_path / "sent" / name).symlink_to(tmp_path / "sent")
    assert [sender.accepted for sender in receive_evidence(folder, [tmp_path / "sent"]).senders] == [0, 0, 1]


@pytest.mark.parametrize("file_name", ["folder", "return.toml"])
def test_a_link_in_the_place_of_a_return_or_of_its_cover_refuses_it(tmp_path, file_name):
    sound = base(tmp_path / "country")
    path = write_sound(sound, tmp_path / "sent" / FORCE_CODE)
    put_elsewhere(path if file_name == "folder" else path / file_name, tmp_path)
    new_inspection(tmp_path / "inspection", sound.request_path)
    (return_result,) = receive_returns(tmp_path / "inspection", [tmp_path / "sent"], scan=False).returns
    assert "R01" in return_result.refusal


def test_a_copy_that_is_a_link_out_of_its_folder_is_not_opened(folder, tmp_path):
    kept_folder, elsewhere = tmp_path / "kept", tmp_path / "elsewhere.txt"
    kept_folder.mkdir()
    elsewhere.write_text("elsewhere")
    (kept_folder / "policy.txt").symlink_to(elsewhere)
    document_fields = DOCUMENT | {"sha256": hashlib.sha256(b"elsewhere").hexdigest()}
    receive_evidence(
        folder, [write_sent(tmp_path / "a", sender="INSPECTION", kind="inspection", documents=[document_fields])]
    )
    assert [document.copy for document in check_register(folder, kept_folder).documents] == ["missing"]
