"""Are other senders' folders received as stages with a letter, and is withdrawn content destroyed?"""

import hashlib
from dataclasses import replace

import pytest

from assay.casefiles.document_register import check_register
from assay.engine.provenance import Ledger, verify
from assay.errors import UsageError
from assay.ingest.inspection_folder import create_inspection, is_retired, open_inspection
from assay.ingest.other_sender_tables import accepted_rows, current_stages
from assay.workflows.receive.other_sender_intake import receive_evidence, withdraw_sender
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.retire.retirement import retire
from assay.workflows.run.register_tables import place_names
from assay.workflows.urgent import urgent_register as lists
from ingest.other_sent import DOCUMENT, KENT, QUOTE, REQUEST, VOICE, answers, write_sent


@pytest.fixture
def folder(tmp_path):
    return create_inspection(tmp_path / "trial", REQUEST, {}).folder


def test_each_sender_has_a_stage_and_a_letter_and_the_ledger_says_so(folder, tmp_path):
    write_sent(tmp_path / "sent" / "a", voices=[VOICE], voice_answers=answers(30))
    write_sent(tmp_path / "sent" / "b", sender="INSPECTION", kind="inspection", documents=[DOCUMENT])
    done = receive_evidence(folder, [tmp_path / "sent"])
    assert done.all_usable
    assert current_stages(folder) == {
        "SURVIVORS": "others/SURVIVORS/edition_1", "INSPECTION": "others/INSPECTION/edition_1"
    }  # fmt: skip
    assert all(sender.letter.is_file() for sender in done.senders)
    assert verify(folder) == []
    kinds = [entry.kind for entry in Ledger(folder / "ledger.jsonl").entries()]
    assert kinds.count("other evidence accepted") == 2


def test_the_same_folder_heard_again_is_kept_and_other_content_needs_the_next_edition(folder, tmp_path):
    document_fields = write_sent(tmp_path / "a", voices=[VOICE])
    receive_evidence(folder, [document_fields])
    assert not receive_evidence(folder, [document_fields]).senders[0].refusal
    write_sent(document_fields, voices=[VOICE | {"answered": 31}])
    assert receive_evidence(folder, [document_fields]).senders[0].refusal.startswith("V02")
    write_sent(document_fields, edition=2, voices=[VOICE | {"answered": 31}])
    receive_evidence(folder, [document_fields])
    assert [row["answered"] for row in accepted_rows(folder)["voices"]] == [31]


def test_one_folder_that_is_refused_stops_no_other_and_its_content_is_in_no_file(folder, tmp_path):
    bad = write_sent(tmp_path / "sent" / "bad", kind="whoever", voices=[VOICE | {"not_reached": "Secretword"}])
    good = write_sent(tmp_path / "sent" / "good", voices=[VOICE], voice_quotations=[QUOTE | {"consent_by": ""}])
    done = receive_evidence(folder, [bad, good])
    assert [bool(sender.refusal) for sender in done.senders] == [True, False]
    assert not done.all_usable
    stored_content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"Secretword" not in stored_content
    assert b"She rang" not in stored_content


def test_what_is_taken_back_is_destroyed_and_the_earlier_edition_counts_again(folder, tmp_path):
    for edition in (1, 2):
        document_fields = write_sent(
            tmp_path / str(edition), edition=edition, voices=[VOICE | {"answered": 20 + edition}]
        )
        receive_evidence(folder, [document_fields])
    withdraw_sender(folder, "survivors", 2)
    assert [row["answered"] for row in accepted_rows(folder)["voices"]] == [21]
    assert verify(folder) == []
    with pytest.raises(UsageError, match="holds nothing"):
        withdraw_sender(folder, "SURVIVORS", 2)


def test_an_inspection_that_is_retired_holds_no_voice_and_hears_none(folder, tmp_path):
    document_fields = write_sent(tmp_path / "a", voices=[VOICE], voice_quotations=[QUOTE])
    receive_evidence(folder, [document_fields])
    retire(folder)
    assert not list(folder.rglob("voice_quotations.parquet"))
    assert verify(folder) == []
    with pytest.raises(UsageError, match="retired"):
        receive_evidence(folder, [document_fields])


def test_an_inspection_is_not_retired_while_an_urgent_entry_is_open_and_its_closed_lists_go_with_it(folder):
    waiting = lists.Entry(
        "missing-and-known-1", "missing-and-known", ("missing M1",), "2026-08-01", state=lists.SENT_STATE
    )
    path = lists.write_register(folder, lists.Register("INV01", 1, "2026-08-03", (waiting,)))
    with pytest.raises(UsageError, match="urgent list of INV01 is still open: 1 sent"):
        retire(folder)
    assert not is_retired(open_inspection(folder))
    lists.write_register(
        folder, lists.Register("INV01", 1, "2026-08-03", (replace(waiting, state=lists.ANSWERED, answer="known"),))
    )
    (path.parent / "letter-2026-08-04T1200.html").write_text("M1")
    retire(folder)
    assert not lists.list_folder(folder, "INV01").exists()
    closing_entries = [
        entry.about for entry in Ledger(folder / "ledger.jsonl").entries() if entry.kind == "urgent list closed"
    ]
    assert [(details["why"], details["missing-and-known: right"]) for details in closing_entries] == [
        ("The inspection was retired.", 1)
    ]


def test_a_kept_copy_that_was_changed_differs_and_one_that_is_gone_is_missing(folder, tmp_path):
    copies = tmp_path / "kept"
    copies.mkdir()
    rows = []
    for name in ("same", "changed", "gone"):
        (copies / f"{name}.txt").write_text(name)
        sha256 = hashlib.sha256(name.encode()).hexdigest().upper()
        rows.append(DOCUMENT | {"document_ref": name, "kept_as": f"{name}.txt", "sha256": sha256})
    (copies / "changed.txt").write_text("another")
    (copies / "gone.txt").unlink()
    tie = [{"document_ref": "same", "question": "Q47"}]
    document_fields = {"sender": "INSPECTION", "kind": "inspection", "documents": rows, "document_questions": tie}
    receive_evidence(folder, [write_sent(tmp_path / "a", **document_fields)])
    found = check_register(folder, copies, tmp_path / "checks.csv")
    assert {document.ref: document.copy for document in found.documents} == {
        "same": "the same",
        "changed": "differs",
        "gone": "missing",
    }
    assert not found.whole
    assert check_register(folder).whole
    assert next(document for document in found.documents if document.ref == "same").questions == ("Q47",)
    assert len((tmp_path / "checks.csv").read_text().splitlines()) == 1 + 3 * 6  # a header; a policy has six items
    assert "differs" in "\n".join(found.summary_lines())


def test_a_register_names_the_body_by_its_code(folder, tmp_path):
    receive_evidence(folder, [write_sent(tmp_path / "a", sender="INSPECTION", kind="inspection", documents=[DOCUMENT])])
    assert check_register(folder).documents[0].organisation == KENT
    assert KENT in place_names()


def test_voices_beside_returns_are_passed_over_by_receive_which_says_who_takes_them_in(folder, tmp_path):
    write_sent(tmp_path / "sent" / "others" / "a", voices=[VOICE])
    assert receive_returns(folder, [tmp_path / "sent"]).returns == ()
    with pytest.raises(UsageError, match="assay inspect receive-evidence"):
        receive_returns(folder, [tmp_path / "sent" / "others" / "a"])
